r"""Filling in templates and writing files: all of them or none, and never over one that exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from verify.errors import UsageError

TEMPLATES = "templates"


@dataclass(frozen=True)
class Written:
    """What was written, and what there is to say about it."""

    files: tuple[Path, ...]
    remarks: tuple[str, ...] = ()


def filled(template: str, **values: str) -> str:
    """The text of a template; a name that it does not define is an error."""
    from jinja2 import Environment, StrictUndefined

    text = files(__package__).joinpath(TEMPLATES, f"{template}.txt").read_text(encoding="utf-8")
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)
    return environment.from_string(text).render(values)


def write(texts: Mapping[Path, str]) -> None:
    """Write new files; raises ``UsageError`` before the first one if any of them exists or cannot be made."""
    for path in texts:
        if path.exists() or path.is_symlink():
            raise UsageError(f"{str(path)!r} exists and is not overwritten; choose another name or another place")
    done: list[Path] = []
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                done.append(path)
                file.write(text)
    except OSError as problem:
        for path in done:
            path.unlink(missing_ok=True)
        name = problem.filename or str(path)
        raise UsageError(f"{str(name)!r} cannot be written: {problem.strerror}; name another place") from None
