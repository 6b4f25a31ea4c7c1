r"""What a module of claims says, as one digest: its own text, what it imports, the data beside it.

Results are found again by this digest, and what was judged under it is shown again without reading a statement
(``verify.store.seals``).  Hence it has to change whenever a statement may have changed:

* the module and everything that it imports from projects that are edited in place, its own first of all, without comments
  and docstrings;
* other projects, those that are installed for good, by their version (the standard library by the interpreter's, the
  harness by its own digest: both stand beside this one);
* data: a module in a package may read any file of the package's folder, and of the folders of data inside it; for one
  outside of packages, whose folder may be somebody's home, it is the files that its text names.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import importlib.util
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

HARNESS = "verify"
NOT_DATA = {".py", ".pyc", ".pyi", ".bib", ".md", ".rst", ".tmp"}
"""Programs have digests of their own; the bibliography and notes are read by people alone."""
LONGEST = 255  # characters of a text that may be the name of a file


@dataclass(frozen=True)
class Parsed:
    """A module: the digest of its program, what it imports, the texts in it that may name files."""

    digest: str
    imported: tuple[str, ...]
    texts: tuple[str, ...]


KNOWN: dict[str, Parsed] = {}
"""What files with some bytes say, by ``name_of`` them: parsed in this process, or remembered by whoever has kept it."""


@dataclass(frozen=True)
class Closure:
    """A module with all that it depends on, but the harness and Python itself: what it says, and its texts to the letter."""

    digest: str
    letters: str


def module_name(file: Path) -> tuple[str, Path | None]:
    """The dotted name of a file inside its package and the folder to import it from; a name of its own otherwise."""
    parts, folder = [file.stem], str(file.parent)
    while os.path.basename(folder) and os.path.isfile(os.path.join(folder, "__init__.py")):
        folder, inner = os.path.split(folder)
        parts.insert(0, inner)
    if len(parts) > 1:
        return ".".join(parts), Path(folder)
    return f"claims_of_{file.stem}_{hashlib.sha256(str(file).encode()).hexdigest()[:8]}", None


def closure_digest(file: Path) -> str:
    """A digest of a module and of all it depends on, but the harness and Python itself."""
    return closure(file).digest


def closure(file: Path) -> Closure:
    """A module with all it depends on; docstrings and comments count among the letters alone."""
    name, root = module_name(file)
    seen: dict[str, str] = {}
    data: dict[str, str] = {}
    letters: dict[str, str] = {}
    pending = [(name, file, root)]
    while pending:
        module, path, base = pending.pop()
        if module in seen:
            continue
        letters[module], found = parsed(path, path.stat().st_mtime_ns, module)
        seen[module] = found.digest
        data |= {f"{module}: {file}": digest for file, digest in data_of(path, base is not None, found.texts)}
        for imported in (module, *found.imported):
            pending += located(imported, module, base, seen)
    digest = hashlib.sha256(repr((sorted(seen.items()), sorted(data.items()))).encode()).hexdigest()
    return Closure(digest, hashlib.sha256(repr(sorted(letters.items())).encode()).hexdigest())


@lru_cache(maxsize=1000)
def parsed(path: Path, changed: int, module: str) -> tuple[str, Parsed]:
    """The sha256 of one file, and what is to know of it (``changed`` separates versions of it)."""
    text, is_package = path.read_bytes(), path.name == "__init__.py"
    letters = hashlib.sha256(text).hexdigest()
    name = name_of(letters, module, is_package=is_package)
    if name not in KNOWN:
        KNOWN[name] = parse(text, module, is_package=is_package)
    return letters, KNOWN[name]


def name_of(letters: str, module: str, *, is_package: bool) -> str:
    """What ``parse`` depends on, in one text."""
    return f"{letters} {module} {is_package}"


def parse(text: bytes, module: str, *, is_package: bool) -> Parsed:
    tree = ast.parse(text)
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    imported = tuple(dict.fromkeys(imports(tree, module, is_package=is_package)))
    digest = hashlib.sha256(ast.dump(without_docstrings(tree)).encode()).hexdigest()
    return Parsed(digest, imported, tuple(sorted(text for text in texts if may_name_a_file(text))))


def without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
            and ast.get_docstring(node, clean=False) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def imports(tree: ast.Module, module: str, *, is_package: bool) -> Iterator[str]:
    """The dotted names that a module imports; the last part may be a name inside of a module."""
    package = module if is_package else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = importlib.util.resolve_name("." * node.level + base, package) if package else ""
            yield from filter(None, (base, *(f"{base}.{alias.name}" for alias in node.names if base)))


# ------------------------------------------------------------------------------------------------ where modules are


def located(
    name: str, importer: str, base: Path | None, seen: dict[str, str]
) -> Iterator[tuple[str, Path, Path | None]]:
    """The files of an imported module and of the packages around it, which are imported before it, if they are edited in
    place; otherwise their version is noted."""
    top = name.partition(".")[0]
    own = base is not None and top == importer.partition(".")[0]
    root = base if own else project(top)
    if root is None:
        version = installed_version(top)
        if version:
            seen[top] = version
        return
    parts = name.split(".")
    for depth in range(1, len(parts) + 1):
        path = root.joinpath(*parts[:depth])
        for candidate in (path.with_suffix(".py"), path / "__init__.py"):
            if candidate.is_file():
                yield ".".join(parts[:depth]), candidate, root


@lru_cache(maxsize=1000)
def project(top: str) -> Path | None:
    """The folder from which another project is imported, if it is edited in place; None, if it is installed for good."""
    if top == HARNESS or top in sys.stdlib_module_names:
        return None
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError, AttributeError):
        return None
    if spec is None:
        return None
    places = [*(spec.submodule_search_locations or ()), *([spec.origin] if spec.has_location and spec.origin else ())]
    if not places or {"site-packages", "dist-packages"} & set(Path(places[0]).parts):
        return None
    return Path(places[0]).parent


@lru_cache(maxsize=1000)
def installed_version(top: str) -> str:
    """The versions of the distributions that provide an installed package; empty for what Python or the harness has."""
    if top == HARNESS or top in sys.stdlib_module_names:
        return ""
    try:
        return f"{top} {importlib.metadata.version(top)}"
    except importlib.metadata.PackageNotFoundError:
        found = importlib.metadata.packages_distributions().get(top, ())
        return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in sorted(set(found)))


# ------------------------------------------------------------------------------------------------------------ data


def may_name_a_file(text: str) -> bool:
    return 0 < len(text) <= LONGEST and "\n" not in text and "\0" not in text and "." in text


def data_of(path: Path, in_package: bool, texts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The data that a module may read, by name, with the digest of each file."""
    folder = path.parent
    if in_package:
        for file in beside(folder):
            yield file.relative_to(folder).as_posix(), digest_of(file)
    for text in texts:
        if in_package and not text.startswith((os.sep, os.pardir)):
            continue  # inside the folder, and there already
        file = folder / text
        if file.suffix not in NOT_DATA and os.path.isfile(file):
            yield text, digest_of(file)


def beside(folder: Path) -> Iterator[Path]:
    """The files of data in the folder of a package; folders inside belong to it unless they are packages themselves."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name.startswith((".", "__pycache__")):
                continue
            if entry.is_dir():
                if not os.path.isfile(os.path.join(entry.path, "__init__.py")):
                    yield from beside(Path(entry.path))
            elif Path(entry.name).suffix not in NOT_DATA:
                yield Path(entry.path)


def digest_of(file: Path) -> str:
    status = file.stat()
    return digest_of_content(file, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=10_000)
def digest_of_content(file: Path, changed: int, size: int) -> str:
    """The sha256 of a file (``changed`` and ``size`` separate versions of it)."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
