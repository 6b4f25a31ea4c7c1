r"""Installed distributions with claims: entry points of the group ``verify.claims``, each naming a package.

A package may say for which version of the authoring interface it was written, by a line in its ``__init__.py``:

    VERIFY_INTERFACE = 1

The line is read before anything of the package is imported: what was written for another interface may fail in any way
when it is imported, and one sentence about the versions helps more than the first of these failures.  Versions of the
distribution are the business of installers (``Requires-Dist``); they do not say whether the claims can be read.
"""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import importlib.util
import os
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from verify.errors import ClaimError, Place

GROUP = "verify.claims"
NO_PLUGINS = "VERIFY_NO_PLUGINS"
DECLARED = "VERIFY_INTERFACE"
INTERFACES = (1,)  # the versions of the authoring interface that this harness understands


@dataclass(frozen=True)
class Plugin:
    """A package of claims of an installed distribution."""

    name: str
    distribution: str
    version: str
    package: str

    @property
    def origin(self) -> str:
        """Distribution and version, as claims say where they come from."""
        return f"{self.distribution} {self.version}".strip()

    @property
    def where(self) -> str:
        return f"plugin {self.name} of {self.origin}"


def plugins() -> list[Plugin]:
    """All that are installed, by name; nothing of them is imported."""
    return [
        Plugin(
            point.name,
            point.dist.name if point.dist is not None else point.name,
            point.dist.version if point.dist is not None else "",
            point.module,
        )
        for point in sorted(importlib.metadata.entry_points(group=GROUP), key=lambda p: (p.name, p.value))
    ]


def left_out() -> bool:
    """Whether the user wants no plugin to be loaded."""
    return bool(os.environ.get(NO_PLUGINS))


def modules(plugin: Plugin) -> Iterator[Path]:
    """The files of its package; importing the package may fail in any way, and its interface raises ``ClaimError``."""
    init = located(plugin)
    if init is not None:
        understood(init)
    package = importlib.import_module(plugin.package)
    yield Path(package.__file__ or "")
    for info in pkgutil.walk_packages(getattr(package, "__path__", []), plugin.package + "."):
        found = importlib.util.find_spec(info.name)
        if found is not None and found.origin and not info.ispkg:
            yield Path(found.origin)


def located(plugin: Plugin) -> Path | None:
    """The file of its outermost package, which is not imported."""
    spec = importlib.util.find_spec(plugin.package.partition(".")[0])
    return Path(spec.origin) if spec is not None and spec.origin else None


def declared(plugin: Plugin) -> int | str | None:
    """The version of the authoring interface that it declares; None if it says nothing."""
    init = located(plugin)
    found = interface(init, init.stat().st_mtime_ns) if init is not None else None
    return found.version if found is not None else None


def understood(init: Path) -> None:
    """Raise ``ClaimError`` if a package was written for an authoring interface that this harness does not know."""
    found = interface(init, init.stat().st_mtime_ns)
    if found is None or (found.version in INTERFACES):
        return
    known, wanted = ", ".join(map(str, INTERFACES)), found.version
    remedy = "update deepclaims" if isinstance(wanted, int) and wanted > max(INTERFACES) else "update the claims"
    raise ClaimError(
        f"these claims are written for version {wanted} of the authoring interface, and deepclaims "
        f"{importlib.metadata.version('deepclaims')} understands {known}; {remedy}, or correct {DECLARED}",
        Place(str(init), found.line),
    )


@dataclass(frozen=True)
class Interface:
    """What a package declares: a version, as it is written, and the line."""

    version: int | str
    line: int


@lru_cache(maxsize=1000)
def interface(init: Path, changed: int) -> Interface | None:
    """The interface that a package declares (``changed`` separates versions of the file); None if it says nothing."""
    try:
        tree = ast.parse(init.read_bytes())
    except (SyntaxError, ValueError, OSError):
        return None  # importing it will say so
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name == DECLARED:
                number = value.value if isinstance(value, ast.Constant) and type(value.value) is int else None
                return Interface(number if number is not None else ast.unparse(value), node.lineno)
    return None
