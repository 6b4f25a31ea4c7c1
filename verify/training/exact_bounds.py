r"""Proofs of lower bounds at a node of the search, squared loss, as the kernel reads them.

A proof is a list of rows with multipliers (``kernel.training_bounds``).  Any multipliers >= 0 are allowed, and the bound is
concave in them and stationary at those that a search has found; so rounding them to a relative error e costs the bound
only about e^2, and three digits are nearly always enough.  Whether they are is asked of the kernel itself.

Where the bound is tight, as in the cells of a minimum, multipliers must be exact.  They come from the equations of Karush,
Kuhn and Tucker on a set of active rows, in rationals,

    G v - C'l = b,    C v + (sums of l at a point) / m = o,

starting from the rows of the search: a row with a negative multiplier leaves, the most violated row enters.  That usually
ends in a proof.  It gives up after ``ROUNDS``, as it may do where G is singular; then the node is split (``certify``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, lcm
from operator import mul

from verify.kernel.terms import Rejected
from verify.kernel.training_bounds import SquaredBounds
from verify.kernel.training_data import Data
from verify.kernel.training_rows import Node
from verify.training.exact_algebra import solution

DIGITS = (3, 6, 10, 15)  # decimal digits of the largest multiplier that are tried, one after the other
ROUNDS = 40

Row = tuple[int, ...]  # as the kernel reads it, without its numerator


class ExactBounds:
    """Proofs that the loss is at least ``lower`` (a loss of the raw data) at nodes; all are lists of tokens after the 0."""

    def __init__(self, data: Data, width: int, lower: Fraction) -> None:
        self.data, self.width, self.depth = data, width, len(data.rows[0])
        self.kernel = SquaredBounds(data, width, lower)

    def proves(self, node: Node, tokens: Sequence[int]) -> bool:
        try:
            self.kernel(node, iter(tokens))
        except Rejected:
            return False
        return True

    def least_squares(self, node: Node) -> list[int] | None:
        """The proof without rows, if it is one."""
        return [1, 0] if self.proves(node, [1, 0]) else None

    def rounded(self, node: Node, rows: Sequence[Row], numbers: Sequence[float], scale: Fraction) -> list[int] | None:
        """A proof by the multipliers ``numbers`` times ``scale``, rounded to as few digits as will do; None if none do."""
        largest = max(numbers, default=0.0)
        if not 0 < largest < float("inf"):
            return self.least_squares(node)
        magnitude = decimal_exponent(Fraction(largest) * scale)
        for digits in DIGITS:
            exponent = magnitude - digits
            power = Fraction(10) ** exponent
            factor = float(scale / power)
            step = max(1, power.numerator)
            rounded = [step * round(number * factor) for number in numbers]
            tokens = proof_tokens(power.denominator, rows, rounded)
            if self.proves(node, tokens):
                return tokens
        return None

    def exact(self, node: Node, rows: Sequence[Row]) -> list[int] | None:
        """A proof by exact multipliers of these rows, and of others instead; None if none is found."""
        present = list(rows)
        for _ in range(ROUNDS):
            found = self.stationary(node, present)
            if found is None:
                present.pop()
                continue
            v, numbers = found
            if numbers and min(numbers) < 0:
                present.pop(numbers.index(min(numbers)))
                continue
            if self.proves(node, tokens := exact_tokens(present, numbers)):
                return tokens
            entering = self.most_violated(node, v, dict(zip(present, numbers, strict=True)))
            if entering is None or entering in present:
                return None
            present.append(entering)
        return None

    def stationary(self, node: Node, rows: Sequence[Row]) -> tuple[list[Fraction], list[Fraction]] | None:
        """Weights and multipliers that solve the equations with these rows active; None if there are none."""
        *upper, _ = self.kernel.bordered(node)
        size = len(upper)
        read = [self.kernel.read(node, iter((*row, 0))) for row in rows]
        forms = [[(-tau or 1) * a for a in vector] for vector, tau, *_ in read]
        equations: list[list[Fraction | int]] = []
        for a in range(size):
            gram = [upper[min(a, c)][max(a, c)] for c in range(size)]
            equations.append([*gram, *(-form[a] for form in forms), upper[a][size]])
        for (_, tau, point, *_), form in zip(read, forms, strict=True):
            shared = [
                Fraction(1, self.data.above[point]) if tau and other and point == place else 0
                for _, other, place, *_ in read
            ]
            equations.append([*form, *shared, -tau * self.data.labels[point]])
        found = solution(equations)
        return None if found is None else (found[:size], found[size:])

    def most_violated(self, node: Node, v: Sequence[Fraction], numbers: dict[Row, Fraction]) -> Row | None:
        """The row that the weights violate most."""
        denominator = lcm(*(a.denominator for a in v))
        scaled = [int(a * denominator) for a in v]
        worst, found = 0, None
        for violation, row in self.violations(node, scaled, denominator, numbers):
            if violation > worst:
                worst, found = violation, row
        return found

    def violations(
        self, node: Node, v: Sequence[int], denominator: int, numbers: dict[Row, Fraction]
    ) -> Iterator[tuple[int, Row]]:
        """Rows and by how much they are violated, times the denominator of the weights, rounded up."""
        data, d, w = self.data, self.depth, self.width
        for i, z in enumerate(data.rows):
            heights = [sum(map(mul, z, v[k * d : (k + 1) * d])) for k in range(w)]
            sides = [(state.positive >> i & 1) - (state.negative >> i & 1) for state, _ in node]
            undecided = [k for k, side in enumerate(sides) if not side]
            for k, ((_, sign), side) in enumerate(zip(node, sides, strict=True)):
                yield -sign * side * heights[k], (k, i)
            taus = {node[k][1] for k in undecided}
            if len(taus) != 1 or 0 in taus:
                continue
            (tau,) = taus
            value = sum(h for h, side in zip(heights, sides, strict=True) if side > 0)
            value += sum(map(mul, z, v[w * d :])) + sum(heights[k] for k in undecided if tau * heights[k] > 0)
            residual = sum((a for row, a in numbers.items() if row[0] >= w and row[1] == i), Fraction(0))
            choices = (int(tau * heights[k] > 0) for k in undecided)
            excess = tau * (value - data.labels[i] * denominator) - residual * denominator / data.above[i]
            yield ceil(excess), (estimate_code(w, tau), i, *choices)


def estimate_code(width: int, tau: int) -> int:
    """The first token of an estimate from below (tau = 1) or from above (-1)."""
    return width if tau > 0 else width + 1


def decimal_exponent(value: Fraction) -> int:
    """About the number of digits before the decimal point; negative for small numbers."""
    return len(str(value.numerator)) - len(str(value.denominator))


def proof_tokens(denominator: int, rows: Sequence[Row], numbers: Sequence[int]) -> list[int]:
    """Denominator, number of rows, the rows with their numerators; those with 0 are left out."""
    used = [(row, number) for row, number in zip(rows, numbers, strict=True) if number > 0]
    return [denominator, len(used), *(token for row, number in used for token in (*row, number))]


def exact_tokens(rows: Sequence[Row], numbers: Sequence[Fraction]) -> list[int]:
    denominator = lcm(*(number.denominator for number in numbers))
    return proof_tokens(denominator, rows, [int(number * denominator) for number in numbers])
