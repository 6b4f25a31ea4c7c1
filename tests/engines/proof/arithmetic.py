r"""Linear arithmetic decided by elimination (Fourier 1827, Motzkin 1936): an oracle that shares nothing with the search.

A constraint is sum of c_i x_i + d >= 0 (or > 0), as a pair of the coefficients with the constant last, and strictness.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

Row = tuple[tuple[Fraction, ...], bool]


def is_satisfiable(rows: Iterable[Row]) -> bool:
    """Whether some real point satisfies all constraints."""
    system = set(rows)
    count = len(next(iter(system))[0]) - 1 if system else 0
    for variable in range(count):
        above = [(c, strict) for c, strict in system if c[variable] < 0]
        below = [(c, strict) for c, strict in system if c[variable] > 0]
        system = {(c, strict) for c, strict in system if c[variable] == 0}
        for low, strictly in below:
            for high, also in above:
                row = tuple(a / low[variable] - b / high[variable] for a, b in zip(low, high, strict=True))
                system.add((row, strictly or also))
    return all(c[-1] > 0 or (c[-1] == 0 and not strict) for c, strict in system)


def negated(row: Row) -> Row:
    return tuple(-c for c in row[0]), not row[1]


def implied(hypotheses: list[Row], goal: Row) -> bool:
    """Whether the goal holds wherever the hypotheses do."""
    return not is_satisfiable([*hypotheses, negated(goal)])


def text(row: Row, names: str) -> str:
    parts = [f"{c}*{name}" for c, name in zip(row[0], names, strict=False) if c]
    return f"{' + '.join([*parts, str(row[0][-1])])} {'>' if row[1] else '>='} 0".replace("+ -", "- ")
