r"""Finding claims: in files and folders, and in installed distributions (entry-point group ``verify.claims``).

A module that cannot be loaded is one broken entry with a sentence of its own; everything else is still found.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import linecache
import re
import os
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from types import ModuleType

import verify
from verify.claim import Claim
from verify.closure import Closure
from verify.closure import closure as closure_of
from verify.closure import module_name as module_name  # where whoever loads a module looks for it
from verify.errors import ClaimError, Place, UsageError
from verify.plugins import left_out, modules, plugins, understood

HARNESS = Path(__file__).resolve().parent


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

    @cached_property
    def read(self) -> Closure:
        """Its module with all that it depends on, as it is when this is first asked for."""
        return closure_of(Path(self.reference.file))

    @property
    def closure(self) -> str:
        """What its module says, with all that it depends on, as one digest."""
        return self.read.digest


@dataclass(frozen=True)
class Broken:
    """Something that should have been a module of claims, and what is wrong with it, in one sentence."""

    where: str
    sentence: str
    details: str = ""
    origin: str = ""


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


def load(file: Path, name: str) -> ModuleType:
    """The module of a file, imported once.  ``ClaimError`` if another file was loaded under its name."""
    dotted, root = module_name(file)
    refuse_namesake(file, dotted, root)
    if name in sys.modules:
        return sys.modules[name]
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


class PackageError(Exception):
    """The package of a module cannot be entered; the cause says why."""


def package_of(file: Path) -> Path | None:
    """The ``__init__.py`` of the outermost package that a file lies in; None for a file outside of packages."""
    name, root = module_name(file)
    return root / name.partition(".")[0] / "__init__.py" if root is not None else None


def enter(init: Path) -> None:
    """Import a package of claims, if its authoring interface is understood; raises ``PackageError``."""
    try:
        understood(init)
        load(init, init.parent.name)
    except (Exception, SystemExit) as problem:
        raise PackageError from problem


def refuse_namesake(file: Path, name: str, root: Path | None) -> None:
    """Python knows one package of a name: what is loaded as ``name`` must lie where this file lies."""
    top = name.partition(".")[0]
    loaded = getattr(sys.modules.get(top), "__file__", None)
    if root is None or loaded is None or os.path.dirname(loaded) == os.path.join(root, top):
        return
    if Path(loaded).resolve().parent == (root / top).resolve():
        return
    other = f"another package {top!r} is loaded already, from {Path(loaded).parent}"
    raise ClaimError(f"{other}; rename one of them, or run them apart", Place(str(file), 1))


def claims_in(module: ModuleType) -> list[Claim]:
    """The claims that a module defines itself."""
    return [value for value in vars(module).values() if isinstance(value, Claim) and value.module == module.__name__]


def need_names(file: Path) -> None:
    """Raise ``ClaimError`` where a module without claims makes one that nobody will find."""
    text = file.read_bytes()
    if b"Claim(" not in text:
        return
    for statement in ast.parse(text).body:
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef):
            for node in ast.walk(statement):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Claim":
                    sentence = "this claim is not found without a name of its own; write claim = Claim(...)"
                    raise ClaimError(sentence, Place(str(file), node.lineno))


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
    for plugin in () if left_out() else plugins():
        try:
            files = [file.resolve() for file in modules(plugin)]
        except (Exception, SystemExit) as problem:  # a plugin may fail in any way; it is one broken entry
            broken.append(broken_by(problem, plugin.where, plugin.origin))
            continue
        yield from ((file, plugin.origin) for file in files if not file.name.startswith("_"))


def collect(paths: Iterable[Path] | None = None) -> Catalog:
    """The claims at some paths or, without paths, of all installed distributions and the folder ``claims``."""
    broken: list[Broken] = []
    sources = list(files_of(paths)) if paths is not None else list(installed(broken))
    if paths is None and Path("claims").is_dir():
        sources += files_of([Path("claims")])
    listed: dict[str, Listed] = {}
    refused: set[str] = set()
    for file, origin in dict(reversed(sources)).items():
        package, name = package_of(file), module_name(file)[0]
        if str(package) in refused:
            continue
        try:
            if package is not None:
                enter(package)
            found = claims_in(load(file, name))
            if not found:
                need_names(file)
        except PackageError as problem:  # one entry for all of its modules
            refused.add(str(package))
            broken.append(broken_by(problem.__cause__ or problem, str(package), origin))
            continue
        except (Exception, SystemExit) as problem:  # whatever a module does wrong, the others are still checked
            broken.append(broken_by(problem, str(file), origin))
            continue
        for claim in found:
            entry = Listed(claim, Reference(str(file), name, claim.name), origin)
            if claim.name in listed:
                broken.append(Broken(str(file), twice(entry, listed[claim.name]), origin=origin))
            else:
                listed[claim.name] = entry
    return Catalog(tuple(sorted(listed.values(), key=lambda entry: entry.claim.name)), tuple(broken))


def select(selection: Sequence[str]) -> tuple[Catalog, list[Listed]]:
    """The claims that are named, or that lie in the named files and folders; all there are, if nothing is named."""
    paths = [Path(word) for word in selection if Path(word).exists()]
    names = [word for word in selection if not Path(word).exists()]
    if paths and not names:
        catalog = collect(paths)
        return catalog, list(catalog.claims)
    catalog = collect([*paths, Path("claims")] if paths and Path("claims").is_dir() else paths or None)
    if not names:
        return catalog, list(catalog.claims)
    listed = [catalog.get(name) for name in names]
    inside = {path.resolve() for path in paths}
    listed += [
        e
        for e in catalog.claims
        if inside & {Path(e.reference.file), *Path(e.reference.file).parents} and e not in listed
    ]
    return catalog, listed


def with_distribution(listed: Listed) -> Listed:
    """The same claim; if the package it lies in belongs to a plugin, with its distribution and version as origin."""
    for plugin in plugins():
        if f"{listed.reference.module}.".startswith(f"{plugin.package}."):
            return replace(listed, origin=plugin.origin)
    return listed


def twice(one: Listed, other: Listed) -> str:
    """What is wrong with two claims of one name."""
    where = f"{other.claim.place} ({other.origin})"
    return (
        f"{one.claim.place}: the claim {one.claim.name!r} ({one.origin}) is also defined at {where}; rename one of them"
    )


def broken_by(problem: BaseException, where: str, origin: str = "") -> Broken:
    """One sentence for a module that failed to load, at the author's line."""
    if isinstance(problem, SyntaxError):
        place = Place(problem.filename or where, problem.lineno or 1)
        return Broken(where, f"{place}: syntax error: {problem.msg}; correct this line", origin=origin)
    if isinstance(problem, ClaimError):
        return Broken(where, str(problem), origin=origin)
    details = "".join(traceback.format_exception(problem))
    place = where_raised(problem, where)
    sentence = f"{place}: importing this module failed: {type(problem).__name__}: {problem}{remedy(problem, place)}"
    return Broken(where, sentence, details, origin)


def where_raised(problem: BaseException, where: str) -> Place:
    """The author's line: the last one in the project of the module, or else outside of the harness and of Python's machinery."""
    frames = [frame for frame in traceback.extract_tb(problem.__traceback__) if "importlib" not in frame.filename]
    own = [frame for frame in frames if Path(where).parent in Path(frame.filename).parents]
    others = [frame for frame in frames if HARNESS not in Path(frame.filename).parents]
    last = next((found[-1] for found in (own, others, frames) if found), None)
    return Place(last.filename, last.lineno or 1) if last is not None else Place(where, 1)


def remedy(problem: BaseException, place: Place) -> str:
    """What an author can do about a mistake that Python has found, if that is known."""
    line = linecache.getline(place.file, place.line).strip()
    if isinstance(problem, TypeError) and line.startswith("@"):
        if "(" not in line:
            return f"; this decorator needs parentheses: write {line}()"
        if line.endswith("()"):
            return f"; this decorator has no parentheses: write {line[:-2]}"
    if isinstance(problem, NameError):
        return "; define it above this line, or import it"
    if isinstance(problem, ModuleNotFoundError):
        return "; install it, or correct its name"
    if isinstance(problem, ImportError) and problem.name == HARNESS.name:
        words = re.findall(r"'(\w+)'", str(problem))[:1]
        close = [word for name in words for word in get_close_matches(name, verify.__all__, 1)]
        return "".join(f"; is {word!r} meant?" for word in close)
    return "; correct the call on this line" if isinstance(problem, TypeError) else ""
