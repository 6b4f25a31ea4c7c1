r"""The linear programs of ``linear_bounds`` in exact arithmetic: proofs of bounds for losses with one corner.

A search in floating point names the data that count with their whole slope, and the rows of a basis.  The equations of the
dual program then have one solution in rationals.  If it lies in its boxes and its value reaches the target, it is a proof,
and no number of the search has entered it (``from_basis``).

If not, the program is solved here, by the same climb from 0 as in floating point: the column with the largest reduced cost
enters; after many steps the first one that improves, and the first one that blocks, as R. G. Bland (1977) showed to
end always.  It is slow, and seldom needed.  Its last v is a network that is optimal in its closed cells, which the search
must have missed if its loss is below the target.

Rows are named as in the record of the search: (t, tau, mask) for estimates, (i, 0, 1 << k) for cone rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from operator import mul

from verify.kernel.training_data import Data
from verify.kernel.training_rows import Node
from verify.training.exact_algebra import solution

GREEDY = 60  # steps by the largest reduced cost, times the number of parameters

Row = tuple[int, int, int]
Numbers = dict[Row, Fraction]  # multipliers > 0


@dataclass
class Column:
    """A variable of the dual program: its row, vector in the equations, box (no upper end for a cone row), label, value."""

    row: Row
    vector: list[int]
    low: int
    high: int | None
    label: int
    value: Fraction = field(default_factory=Fraction)
    place: int | None = None  # in the basis

    def improves(self, cost: Fraction) -> bool:
        """Whether the value grows if the variable does (or falls, for a negative cost)."""
        return self.high is None or self.value < self.high if cost > 0 else cost < 0 and self.value > self.low


class ExactPrograms:
    """The programs of the nodes of one training problem.  ``target``: of the loss of the integral data."""

    def __init__(self, data: Data, width: int, target: Fraction) -> None:
        self.data, self.width, self.target = data, width, target
        self.depth = len(data.rows[0])
        self.size = width * self.depth + data.free

    def vector(self, node: Node, row: Row) -> list[int]:
        """A row as a linear form; that of a cone row is the form which is >= 0, with the opposite sign."""
        index, tau, mask = row
        if tau:
            z = self.data.rows[self.data.points[index]]
            blocks = mask | self.active(node, self.data.points[index])
            parts = [z if blocks >> k & 1 else (0,) * self.depth for k in range(self.width)]
            return [x for part in (*parts, z[: self.data.free]) for x in part]
        z = self.data.rows[index]
        vector, k = [0] * self.size, mask.bit_length() - 1
        state, sign = node[k]
        side = -sign if state.positive >> index & 1 else sign
        vector[k * self.depth : (k + 1) * self.depth] = [side * x for x in z]
        return vector

    def active(self, node: Node, point: int) -> int:
        return sum((state.positive >> point & 1) << k for k, (state, _) in enumerate(node))

    def slope(self, row: Row) -> int:
        return (self.data.above if row[1] > 0 else self.data.below)[row[0]]

    def from_basis(self, node: Node, whole: Sequence[Row], basis: Sequence[Row]) -> Numbers | None:
        """The dual solution with whole slopes in the first rows and multipliers of the others from the equations."""
        total = [0] * self.size
        for row in whole:
            factor = row[1] * self.slope(row)
            total = [a + factor * x for a, x in zip(total, self.vector(node, row), strict=True)]
        columns = [[(row[1] or 1) * x for x in self.vector(node, row)] for row in basis]
        found = solution([[*entries, -a] for *entries, a in zip(*columns, total, strict=True)])
        if found is None:
            return None
        numbers = {row: Fraction(self.slope(row)) for row in whole}
        for row, number in zip(basis, found, strict=True):
            index, tau, mask = row
            if number < 0 and tau and not self.undecided(node, index):
                row, number = (index, -tau, mask), -number
            if number < 0 or (tau and (number > self.slope(row) or not self.one_sided(node, row))):
                return None
            if number:
                numbers[row] = number
        return numbers if self.value(numbers) >= self.target else None

    def one_sided(self, node: Node, row: Row) -> bool:
        """Whether all units of which no side is known have the sign of an estimate."""
        units = self.undecided(node, row[0])
        return all(sign == row[1] for k, (_, sign) in enumerate(node) if units >> k & 1)

    def undecided(self, node: Node, datum: int) -> int:
        """The units of which no side is known at the point of a datum, as a mask."""
        point = self.data.points[datum]
        return sum(1 << k for k, (s, _) in enumerate(node) if not (s.positive | s.negative) >> point & 1)

    def value(self, numbers: Numbers) -> Fraction:
        return -sum((tau * q * self.data.labels[t] for (t, tau, _), q in numbers.items() if tau), Fraction(0))

    def tokens(self, node: Node, numbers: Numbers) -> list[int]:
        """The proof as the kernel reads it: denominator, masks of whole slopes, number of rows, rows."""
        q = lcm(*(number.denominator for number in numbers.values()))
        masks, rows = {1: 0, -1: 0}, list[int]()
        count = 0
        for row, number in numbers.items():
            index, tau, mask = row
            if tau and not mask and number == self.slope(row):
                masks[tau] |= 1 << index
                continue
            open_units = self.undecided(node, index) if tau else 0
            choices = [mask >> k & 1 for k in range(self.width) if open_units >> k & 1]
            code = self.width + (tau < 0) if tau else mask.bit_length() - 1
            rows += [code, index, *choices, int(number * q)]
            count += 1
        return [q, masks[1], masks[-1], count, *rows]

    def columns(self, node: Node) -> Iterator[Column]:
        """All that may be used at a node whose signs are known."""
        data = self.data
        for t, label in enumerate(data.labels):
            signs = {sign for k, (_, sign) in enumerate(node) if self.undecided(node, t) >> k & 1}
            if len(signs) < 2:
                row = (t, max(signs, default=1), 0)
                low, high = -data.below[t] * (-1 in signs or not signs), data.above[t] * (1 in signs or not signs)
                yield Column(row, self.vector(node, row), low, high, label)
        for k, (state, _) in enumerate(node):
            for i in range(len(data.rows)):
                if (state.positive | state.negative) >> i & 1:
                    row = (i, 0, 1 << k)
                    yield Column(row, self.vector(node, row), 0, None, 0)

    def optimum(self, node: Node) -> tuple[Numbers, list[Fraction]]:
        """The best multipliers, and v, an optimal solution of the program itself."""
        climb = Climb(self, node, list(self.columns(node)))
        while climb.step():
            pass
        numbers: Numbers = {}
        for column in climb.columns:
            index, tau, mask = column.row
            if column.value:
                side = tau if not tau or column.value > 0 else -1
                numbers[index, side if tau else 0, mask] = abs(column.value)
        return numbers, climb.v


class Climb:
    """The simplex method for one program, from 0 and an artificial basis."""

    def __init__(self, programs: ExactPrograms, node: Node, columns: list[Column]) -> None:
        size = programs.size
        self.programs, self.node, self.columns = programs, node, columns
        self.inverse = [[Fraction(int(a == c)) for c in range(size)] for a in range(size)]
        self.basis: list[Column | None] = [None] * size  # None: artificial
        self.v = [Fraction(0)] * size
        self.steps = 0

    def step(self) -> bool:
        """One exchange, or a move from one end of a box to the other; False at the optimum."""
        found = self.entering()
        if found is None:
            return False
        self.steps += 1
        column, cost = found
        y = [sum(map(mul, row, column.vector), Fraction(0)) for row in self.inverse]
        up = 1 if cost > 0 else -1
        place, length, end = self.leaving(y, up)
        own = (
            None
            if column.high is None and up > 0
            else (column.high or 0) - column.value
            if up > 0
            else column.value - column.low
        )
        if own is not None and (length is None or own <= length):
            place, length = None, own
        assert length is not None, "the loss is bounded below, so its dual is bounded"
        for basic, entry in zip(self.basis, y, strict=True):
            if basic is not None:
                basic.value -= up * length * entry
        column.value += up * length
        if place is not None:
            self.exchange(column, cost, y, place, end)
        return True

    def entering(self) -> tuple[Column, Fraction] | None:
        greedy = self.steps < GREEDY * len(self.v)
        best: tuple[Column, Fraction] | None = None
        for column in self.columns:
            if column.place is not None:
                continue
            if not column.value:
                self.choose(column)
            cost = sum(map(mul, column.vector, self.v), Fraction(0)) - column.label
            if column.improves(cost) and (best is None or abs(cost) > abs(best[1])):
                best = column, cost
                if not greedy:
                    break
        return best

    def choose(self, column: Column) -> None:
        """The estimate of a datum that is largest at v, while its multiplier is 0."""
        index, tau, mask = column.row
        units = self.programs.undecided(self.node, index) if tau else 0
        if units:
            z, d = self.programs.data.rows[self.programs.data.points[index]], self.programs.depth
            chosen = sum(
                1 << k
                for k in range(self.programs.width)
                if units >> k & 1 and tau * sum(map(mul, z, self.v[k * d : k * d + d])) > 0
            )
            if chosen != mask:
                column.row = index, tau, chosen
                column.vector = self.programs.vector(self.node, column.row)

    def leaving(self, y: Sequence[Fraction], up: int) -> tuple[int | None, Fraction | None, Fraction]:
        """The first place of the basis that blocks, after which length, and at which end of its box."""
        found: tuple[int | None, Fraction | None, Fraction] = None, None, Fraction(0)
        for place, (basic, entry) in enumerate(zip(self.basis, y, strict=True)):
            rate = -up * entry
            if not rate:
                continue
            end = 0 if basic is None else basic.high if rate > 0 else basic.low
            if end is not None:
                length = (end - (basic.value if basic else 0)) / rate
                if found[1] is None or length < found[1] or (length == found[1] and self.earlier(place, found[0])):
                    found = place, length, Fraction(end)
        return found

    def earlier(self, place: int, other: int | None) -> bool:
        """Artificial ones first, then by the order of the columns."""
        first, second = self.basis[place], None if other is None else self.basis[other]
        return first is None or (second is not None and self.columns.index(first) < self.columns.index(second))

    def exchange(self, column: Column, cost: Fraction, y: Sequence[Fraction], place: int, end: Fraction) -> None:
        gone, pivot = self.basis[place], y[place]
        if gone is not None:
            gone.place, gone.value = None, end
        self.v = [a - cost / pivot * b for a, b in zip(self.v, self.inverse[place], strict=True)]
        top = [a / pivot for a in self.inverse[place]]
        self.inverse = [
            top if e == place else [a - factor * b for a, b in zip(row, top, strict=True)]
            for e, (row, factor) in enumerate(zip(self.inverse, y, strict=True))
        ]
        self.basis[place], column.place = column, place
