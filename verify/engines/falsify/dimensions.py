r"""Sizes of the dimensions, and values that have them.

A theorem about matrices speaks of all dimensions, and a point needs a number for each: one for the space of the vectors,
one for every name in ``mat(p, n)``.  The sizes 1 and 2 are enough for most of what is false: at 1 a matrix is a number,
at 2 products do not commute, and a 1 beside a 2 is a row or a column.  A statement that fails only from rank three on is
not refuted here; then the search for a proof fails too, and nothing is said of it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import islice, product
from typing import Any

from verify.kernel.formulas import syntax
from verify.kernel.terms import ONE, VECTORS, shape

Json = Any
Sizes = Mapping[str, int]

SIZES = (1, 2)
CHOICES = 8


def dimensions(sorts: Iterable[str]) -> tuple[str, ...]:
    """The dimensions that some sorts mention, in order of appearance; ``vec`` is that of the space of the vectors.

    >>> dimensions(["real", "mat(p, n)", "mat(n, 1)"])
    ('p', 'n')
    """
    return tuple(dict.fromkeys(name for sort in sorts for name in shape(sort) or () if name != ONE))


def choices(names: Iterable[str], sizes: tuple[int, ...] = SIZES, count: int = CHOICES) -> list[dict[str, int]]:
    """Sizes for the dimensions: equal ones first, the smallest before them all, then those that differ.

    >>> choices(["p", "n"])
    [{'p': 1, 'n': 1}, {'p': 2, 'n': 2}, {'p': 1, 'n': 2}, {'p': 2, 'n': 1}]
    """
    names = tuple(names)
    equal = [(size,) * len(names) for size in sizes] if names else [()]
    mixed = (choice for choice in product(sizes, repeat=len(names)) if choice not in equal)
    return [dict(zip(names, choice, strict=True)) for choice in islice((*equal, *mixed), count)]


def lengths(sort: str, sizes: Sizes) -> tuple[int, int]:
    """Rows and columns of a value of a sort of matrices or vectors."""
    rows, columns = shape(sort) or (ONE, ONE)
    known = {ONE: 1, **sizes}
    return known[rows], known[columns]


def filled(sort: str, sizes: Sizes, entry: Callable[[], Any]) -> Any:
    """A value of this sort, entry by entry: a tuple for a vector, a tuple of rows for a matrix, else one entry."""
    if shape(sort) is None:
        return entry()
    rows, columns = lengths(sort, sizes)
    if sort == VECTORS:
        return tuple(entry() for _ in range(rows))
    return tuple(tuple(entry() for _ in range(columns)) for _ in range(rows))


def zero(sort: str, sizes: Sizes) -> Any:
    """0 of this sort, or false."""
    return False if sort == "prop" else filled(sort, sizes, Fraction)


def without(value: Any, sort: str, dimension: str, index: int) -> Any:
    """A value whose rows and columns along one dimension have lost one of them."""
    found = shape(sort)
    if found is None or dimension not in found:
        return value
    if found[0] == dimension:
        value = value[:index] + value[index + 1 :]
    return tuple(row[:index] + row[index + 1 :] for row in value) if found[1] == dimension else value


def size_along(dimension: str, valued: Iterable[tuple[Any, str]]) -> int:
    """The size that a dimension has in some values with their sorts."""
    for value, sort in valued:
        found = shape(sort)
        if found is not None and dimension in found:
            return len(value) if found[0] == dimension else len(value[0])
    return 1


def has_pseudoinverse(statement: Json) -> bool:
    """Whether pseudoinverses occur in a theorem or in what it uses; they have no value at a point."""
    fact = statement["theorem"]
    texts = [*fact["hypotheses"], fact["conclusion"], *(d["body"] for d in statement["definitions"])]
    return any(calls_pseudoinverse(text) for body in texts for text in leaves(body))


def leaves(body: Json) -> Iterator[str]:
    """The texts of the body of a definition."""
    if isinstance(body, str):
        yield body
    else:
        for part in (part for key, part in body.items() if key != "on"):
            yield from leaves(part)


def calls_pseudoinverse(text: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "pinv" for node in ast.walk(syntax(text)))
