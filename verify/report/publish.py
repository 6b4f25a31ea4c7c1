r"""Writing the pages: each file whole or not at all, and nothing lost that the report did not write.

A manifest lists the files of the report with their sha256.  It is written before and after the files themselves, so
that at every instant it names whatever the report has put into the folder; a later report removes what it no longer
has, if it still is as it was written.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from verify.errors import UsageError

MANIFEST = "report-manifest.json"
FORMAT = "deepclaims report 1"
MARK = b'<meta name="generator" content="deepclaims report">'
HEAD = 2_000  # bytes among which a page has its mark

Digests = dict[str, list[str]]


def publish(output: Path, files: Mapping[str, bytes]) -> None:
    """Make the folder hold these files (by their path inside it) and no others of an earlier report."""
    if output.exists() and not output.is_dir():
        raise UsageError(f"the report needs a folder, but {str(output)!r} is a file; name a folder")
    try:
        output.mkdir(parents=True, exist_ok=True)
        known = read_manifest(output)
        refuse_foreign(output, files, known)
        new = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
        both = {name: sorted({*known.get(name, ()), *([new[name]] if name in new else [])}) for name in {*known, *new}}
        write_manifest(output, both)
        for name, data in files.items():
            replace(output / name, data)
        for name in known.keys() - new.keys():
            remove(output, name, known[name])
        write_manifest(output, {name: [digest] for name, digest in new.items()})
    except OSError as problem:
        where = problem.filename or output
        raise UsageError(
            f"the report cannot be written to the folder {str(output)!r}: {problem.strerror} ({where}); "
            "name a folder that can be written to"
        ) from None


def publish_file(output: Path, data: bytes) -> None:
    """Write a report that is one file; a folder, and a file that no report wrote, are left alone."""
    try:
        if output.is_dir():
            raise UsageError(f"a report in one file needs the name of a file, but {str(output)!r} is a folder")
        if output.exists() and MARK not in output.read_bytes()[:HEAD]:
            raise UsageError(
                f"the report cannot be written to {str(output)!r}: this file was not written by a report; "
                "move it away, or name another file"
            )
        replace(output, data)
    except OSError as problem:
        raise UsageError(
            f"the report cannot be written to the file {str(output)!r}: {problem.strerror}; "
            "name a file that can be written to"
        ) from None


def refuse_foreign(output: Path, files: Mapping[str, bytes], known: Digests) -> None:
    """A file that the report did not write is not replaced either."""
    for name, data in files.items():
        path = output / name
        if name not in known and path.exists() and not (path.is_file() and path.read_bytes() == data):
            raise UsageError(
                f"the report cannot be written to the folder {str(output)!r}: its {name} was not written by a report; "
                "move it away, or name another folder"
            )


def replace(path: Path, data: bytes) -> None:
    """Put a file in place by renaming; one that has these bytes already is left alone."""
    with suppress(OSError):
        if path.read_bytes() == data:
            return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        temporary.write_bytes(data)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def remove(output: Path, name: str, digests: list[str]) -> None:
    """Remove a file of an earlier report, and the folders that become empty; not if somebody has changed it since."""
    path = output / name
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() not in digests:
        return
    path.unlink()
    for folder in path.relative_to(output).parents[:-1]:
        with suppress(OSError):
            (output / folder).rmdir()


def read_manifest(output: Path) -> Digests:
    """The files that an earlier report wrote; none, if there is no manifest that can be understood."""
    try:
        found = json.loads((output / MANIFEST).read_text(encoding="utf-8"))
        entries = found["files"] if found["format"] == FORMAT else {}
        return {str(name): [str(d) for d in digests] for name, digests in entries.items() if is_inside(str(name))}
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and bool(path.parts)


def write_manifest(output: Path, files: Digests) -> None:
    text = json.dumps({"format": FORMAT, "files": files}, indent=1, sort_keys=True)
    replace(output / MANIFEST, text.encode("ascii") + b"\n")
