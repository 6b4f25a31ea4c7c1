r"""What every kind of certificate has to reject."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from verify.kernel import Rejected, check

Json = Any


def assert_fields_are_exact(example: Callable[[], Any]) -> None:
    """The kernel rejects a certificate with a further field in its statement or its witness, or without one of them."""
    for part in ("statement", "witness"):
        more = example()
        more[part]["comment"] = "0"
        with pytest.raises(Rejected, match="expected the fields"):
            check(more)
        for field in example()[part]:
            less = example()
            del less[part][field]
            with pytest.raises(Rejected):
                check(less)


def edited(document: Json, path: str, value: Json) -> Json:
    """A copy with one entry replaced; ``path`` is separated by dots."""
    changed = copy.deepcopy(document)
    *parents, last = path.split(".")
    node = changed
    for step in parents:
        node = node[int(step) if isinstance(node, list) else step]
    node[int(last) if isinstance(node, list) else last] = value
    return changed


def assert_own_statement_only(
    examples: Iterable[Callable[[], Json]], is_true: Callable[[Json, bool | None], bool]
) -> None:
    """A witness is accepted for another statement only if that one, ``is_true`` says, is decided rightly."""
    documents = [example() for example in examples]
    for stated in documents:
        for other in documents:
            crossed = {**other, "statement": stated["statement"]}
            try:
                holds = check(crossed).holds
            except Rejected:
                continue
            assert is_true(crossed, holds), "a witness of one statement shows another one, which is true"
