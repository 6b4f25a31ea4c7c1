r"""Finding claims: in files and folders, and in installed distributions (entry-point group ``verify.claims``).

A module that cannot be loaded is one broken entry with a sentence of its own; everything else is still found.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.metadata
import importlib.util
import os
import pkgutil
import sys
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from verify.claim import Claim
from verify.errors import ClaimError, Place, UsageError

GROUP = "verify.claims"
NO_PLUGINS = "VERIFY_NO_PLUGINS"


@dataclass(frozen=True)
class Reference:
    """How a worker process finds a claim again."""

    file: str
    module: str
    claim: str


@dataclass(frozen=True)
class Listed:
    """A claim and where it comes from: a path, or a distribution with its version."""

    claim: Claim
    reference: Reference
    origin: str


@dataclass(frozen=True)
class Broken:
    """Something that should have been a module of claims, and what is wrong with it, in one sentence."""

    where: str
    sentence: str
    details: str = ""


@dataclass(frozen=True)
class Catalog:
    """All claims that were found, by name, and all that was broken."""

    claims: tuple[Listed, ...]
    broken: tuple[Broken, ...]

    def get(self, name: str) -> Listed:
        for listed in self.claims:
            if listed.claim.name == name:
                return listed
        known = ", ".join(sorted(listed.claim.name for listed in self.claims)) or "none"
        raise UsageError(f"there is no claim {name!r}; the claims here are: {known}")


# ------------------------------------------------------------------------------------------------------ loading


def module_name(file: Path) -> tuple[str, Path | None]:
    """The dotted name of a file inside its package and the folder to import it from; a name of its own otherwise."""
    parts, folder = [file.stem], file.parent
    while (folder / "__init__.py").is_file():
        parts.insert(0, folder.name)
        folder = folder.parent
    if len(parts) > 1:
        return ".".join(parts), folder
    return f"claims_of_{file.stem}_{hashlib.sha256(str(file).encode()).hexdigest()[:8]}", None


def load(file: Path, name: str) -> ModuleType:
    """The module of a file, imported once."""
    if name in sys.modules:
        return sys.modules[name]
    dotted, root = module_name(file)
    if root is not None and dotted == name:
        if str(root) not in sys.path:
            sys.path.insert(0, str(root))
        return importlib.import_module(name)
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise UsageError(f"{file} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def claims_in(module: ModuleType) -> list[Claim]:
    """The claims that a module defines itself."""
    return [value for value in vars(module).values() if isinstance(value, Claim) and value.module == module.__name__]


def find(reference: Reference) -> Claim:
    """The claim that a reference names (in a worker process)."""
    for claim in claims_in(load(Path(reference.file), reference.module)):
        if claim.name == reference.claim:
            return claim
    raise UsageError(f"{reference.file} no longer defines the claim {reference.claim!r}")


# --------------------------------------------------------------------------------------------------- collecting


def files_of(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """The Python files at some paths, with the path as their origin."""
    for path in paths:
        if path.is_dir():
            for file in sorted(path.rglob("*.py")):
                if not file.name.startswith(("_", "conftest", "test_")):
                    yield file.resolve(), str(path)
        elif path.is_file():
            yield path.resolve(), str(path)
        else:
            raise UsageError(f"there is no file or folder {str(path)!r}")


def installed(broken: list[Broken]) -> Iterator[tuple[Path, str]]:
    """The files of all plugins, each with its distribution and version as origin."""
    if os.environ.get(NO_PLUGINS):
        return
    for point in sorted(importlib.metadata.entry_points(group=GROUP), key=lambda p: (p.name, p.value)):
        origin = f"{point.dist.name} {point.dist.version}" if point.dist else point.name
        try:
            package = importlib.import_module(point.module)
            files = [Path(package.__file__ or "")]
            for info in pkgutil.walk_packages(getattr(package, "__path__", []), point.module + "."):
                spec = importlib.util.find_spec(info.name)
                if spec is not None and spec.origin and not info.ispkg:
                    files.append(Path(spec.origin))
        except (Exception, SystemExit) as problem:  # a plugin may fail in any way; it is one broken entry
            broken.append(broken_by(problem, f"plugin {point.name} of {origin}"))
            continue
        for file in files:
            if not file.name.startswith("_"):
                yield file.resolve(), origin


def collect(paths: Iterable[Path] | None = None) -> Catalog:
    """The claims at some paths or, without paths, of all installed distributions and the folder ``claims``."""
    broken: list[Broken] = []
    sources = list(files_of(paths)) if paths is not None else list(installed(broken))
    if paths is None and Path("claims").is_dir():
        sources += files_of([Path("claims")])
    listed: dict[str, Listed] = {}
    for file, origin in dict(reversed(sources)).items():
        name, _ = module_name(file)
        try:
            found = claims_in(load(file, name))
        except (Exception, SystemExit) as problem:  # whatever a module does wrong, the others are still checked
            broken.append(broken_by(problem, str(file)))
            continue
        for claim in found:
            if claim.name in listed:
                other = listed[claim.name]
                sentence = f"{claim.place}: the claim {claim.name!r} ({origin}) is also defined at {other.claim.place} ({other.origin}); rename one of them"
                broken.append(Broken(str(file), sentence))
            else:
                listed[claim.name] = Listed(claim, Reference(str(file), name, claim.name), origin)
    return Catalog(tuple(sorted(listed.values(), key=lambda entry: entry.claim.name)), tuple(broken))


def broken_by(problem: BaseException, where: str) -> Broken:
    """One sentence for a module that failed to load, at the author's line."""
    if isinstance(problem, SyntaxError):
        place = Place(problem.filename or where, problem.lineno or 1)
        return Broken(where, f"{place}: syntax error: {problem.msg}; correct this line")
    if isinstance(problem, ClaimError):
        return Broken(where, str(problem))
    details = "".join(traceback.format_exception(problem))
    frames = [frame for frame in traceback.extract_tb(problem.__traceback__) if "importlib" not in frame.filename]
    place = Place(frames[-1].filename, frames[-1].lineno or 1) if frames else Place(where, 1)
    return Broken(where, f"{place}: importing this module failed: {type(problem).__name__}: {problem}", details)
