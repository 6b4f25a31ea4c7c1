r"""The exact commands that repeat what the page shows, as they are typed into a shell."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from verify.catalog import Listed

Json = Any
DEFAULTS = (("seed", 0), ("seconds", 60.0), ("device", "cpu"))


def changed(options: Json, names: tuple[str, ...]) -> list[str]:
    """The options that differ from the defaults."""
    found: list[str] = []
    for option, default in DEFAULTS:
        value = options.get(option, default)
        if option in names and value != default:
            found += [f"--{option}", f"{value:g}" if isinstance(value, float) else str(value)]
    return found


def by_verify(listed: Listed, options: Json) -> str:
    """The whole claim, without what the store knows."""
    named = listed.claim.name if is_found_by_name(listed) else shown(listed)
    return shlex.join(["verify", "run", named, "--refresh", *changed(options, ("seed", "seconds", "device"))])


def in_pytest(listed: Listed, item: str, options: Json) -> str:
    """One item alone; empty, if the results need a seed, which pytest is not told."""
    if changed(options, ("seed",)):
        return ""
    by_module = is_installed(listed)
    target = listed.reference.module if by_module else shown(listed)
    rest = ["--no-verify-store", *changed(options, ("seconds", "device"))]
    return shlex.join(["pytest", *(["--pyargs"] if by_module else []), f"{target}::{listed.claim.name}::{item}", *rest])


def is_found_by_name(listed: Listed) -> bool:
    """Whether the claim is in the folder ``claims`` or in an installed distribution, and not just where a user pointed."""
    return listed.origin == "claims" or not Path(listed.origin).exists()


def is_installed(listed: Listed) -> bool:
    """Whether the claim comes from an installed distribution, which lies outside of the reader's folder."""
    return is_found_by_name(listed) and not Path(listed.claim.place.file).is_relative_to(Path.cwd())


def shown(listed: Listed) -> str:
    """The file of a claim, from the reader's folder on if it lies inside."""
    file = Path(listed.claim.place.file)
    return (file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file).as_posix()
