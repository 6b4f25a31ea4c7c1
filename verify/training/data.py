r"""The data of a training problem: points, labels and weights as the exact rational numbers that they are.

A float is the rational number m 2^e, a text like "-7/2" or "0.1" the number that it writes; nothing is rounded.  So no
data are degenerate here: points may coincide, lie on a line or differ in scale by hundreds of orders of magnitude, and
equal points may have different labels.

**What it would cost.**  The search enumerates all dichotomies of the points (``cells``).  D points that span n dimensions
have at most $2 \sum_{k \le n} \binom{D - 1}{k}$ of them (Cover 1965), nearly all data attain it, and a network of w units
chooses one for each unit: this is known before any work is done.  ``require_few`` refuses sizes that nobody can mean, in
one sentence with the number and what it would take.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import comb
from typing import TYPE_CHECKING, Any

from verify.errors import NetworkError

if TYPE_CHECKING:
    from verify.kernel.training_data import Data, Raw
    from verify.training.problem import Problem

Json = Any
Vector = tuple[Fraction, ...]

LOSSES = ("squared", "absolute", "hinge")
AFFINE = ("none", "bias", "all")
RELATIONS = ("is", "at least", "at most")
MAX_CELLS = 200_000
MAX_TUPLES = 10**18  # of cells, one for each unit, that are searched without a budget
MAX_WIDTH = 30  # rows of bounds name sets of units by bits
LABEL_BITS = (
    900  # of integral labels for a float problem; labels that are smaller by more than that are 0 beside others
)
CELL_BYTES, CELL_SECONDS = 600, 5e-5  # measured, with the tables of the search and the kernel's own enumeration


@dataclass(frozen=True)
class TrainingData:
    r"""Points (D, n), labels (D,) and weights m_i > 0 (D,) of min $\sum_i m_i \ell(f(x_i), y_i)$, exact.

    ``loss`` is "squared", "absolute" or "hinge"; ``affine`` is the part that networks may have besides their units:
    "none", "bias" for a constant, "all" for a constant and a linear function.
    """

    points: tuple[Vector, ...]
    labels: Vector
    weights: Vector
    loss: str = "squared"
    affine: str = "none"

    @staticmethod
    def of(
        points: Any, labels: Any, *, weights: Any = None, loss: str = "squared", affine: str = "none"
    ) -> TrainingData:
        """From rows of integers, fractions, decimals, floats or texts, or from arrays or tensors of shape (D, n) and (D,).

        Raises ``NetworkError`` with one sentence about the first thing that is wrong.

        >>> TrainingData.of([[0], [0.5]], [1, "1/3"]).labels
        (Fraction(1, 1), Fraction(1, 3))
        """
        from verify.networks.columns import read_labels
        from verify.training.counting import exact_points

        one_of(loss, LOSSES, "loss")
        one_of(affine, AFFINE, "affine part")
        rows = exact_points(points)
        read = [read_labels(labels, len(rows))]
        masses = (Fraction(1),) * len(rows)
        if weights is not None:
            read.append(named(weights, len(rows)))
            masses = tuple(read[1].at(i) for i in range(len(rows)))
        values = tuple(read[0].at(i) for i in range(len(rows)))
        bad = next((i for i, weight in enumerate(masses) if weight <= 0), None)
        if bad is not None:
            raise NetworkError(f"weights[{bad}] is {brief(masses[bad])}; weights are positive, so leave such data out")
        odd = next((i for i, y in enumerate(values) if y not in (1, -1)), None) if loss == "hinge" else None
        if odd is not None:
            raise NetworkError(f"labels[{odd}] is {brief(values[odd])}; the labels of the hinge loss are 1 and -1")
        return TrainingData(tuple(rows), values, masses, loss, affine)

    @property
    def raw(self) -> Raw:
        """As the kernel reads them from a statement."""
        return list(self.points), list(self.labels), list(self.weights)

    @cached_property
    def reduced(self) -> Data:
        """The kernel's own reduction to integers; all indices of points refer to it."""
        from verify.kernel.training_data import Data

        return Data.of(self.raw, self.loss, self.affine)

    @cached_property
    def span(self) -> tuple[int, int]:
        """The number of different points, and of dimensions that they span (at most, for data that are too many to tell)."""
        from verify.kernel.dichotomies import homogeneous

        different = list(dict.fromkeys(self.points))
        most = min(len(self.points[0]), len(different) - 1)
        if len(different) * (most + 1) ** 2 > 10**7:
            return len(different), most
        return len(different), len(homogeneous(different)[0]) - 1

    def statement(self, width: int, relation: str, value: Fraction) -> Json:
        """What the kernel decides: the minimum over networks of this width has the relation to the value."""
        return {
            "question": "training_minimum",
            "points": [[str(x) for x in point] for point in self.points],
            "labels": [str(y) for y in self.labels],
            "weights": [str(m) for m in self.weights],
            "loss": self.loss,
            "width": str(width),
            "affine": self.affine,
            "relation": relation,
            "value": str(value),
        }

    def require_few(self, width: int, most: int, *, budget: bool) -> None:
        """Raise ``NetworkError`` if there may be too many cells, or, without a ``budget``, too many tuples of them."""
        from verify.training.counting import cover

        different, dimension = self.span
        cells = cover(different, min(dimension, 100))  # at least 2^100, if the dimension is larger
        tuples = comb(cells + width - 1, width)
        what = f"the {different} different points, which span {dimension} dimensions, may have {about(cells)} cells"
        if cells > most:
            raise NetworkError(
                f"{what}, more than the {most} that are enumerated: that alone would take about "
                f"{about(cells * CELL_BYTES // 10**6)} megabytes and {about(int(cells * CELL_SECONDS))} seconds; "
                f"take fewer points or inputs, or allow more cells with max_cells="
            )
        if tuples > MAX_TUPLES and not budget and width < different:
            raise NetworkError(
                f"{what}, and {width} units can choose them in {about(tuples)} ways, of which a search may have to visit "
                f"every thousandth, some ten thousand a second; say how long it may take with seconds= or nodes="
            )

    def problem(self, width: int) -> Problem:
        """The float problem of the reduced data, with all cells."""
        from verify.training.problem import Problem

        data = self.reduced
        slopes = [max(pair) for pair in zip(data.above, data.below, strict=True)]
        shift = max(0, max(map(abs, data.labels)).bit_length() - LABEL_BITS)
        labels = [y >> shift for y in data.labels]
        options = {"width": width, "affine": self.affine, "loss": self.loss, "places": data.points}
        problem = Problem.of(data.rows, labels, slopes, **options)  # type: ignore[arg-type]
        return replace(problem, scale=Fraction(problem.scale) * 2**shift) if shift else problem

    def loss_of(self, width: int, network: Json) -> Fraction:
        """The exact loss of a network as certificates hold it."""
        from verify.kernel.training_data import loss_of

        return loss_of(self.raw, self.loss, self.affine, width, network)


def named(weights: Any, count: int) -> Any:
    """Weights are read like labels; what is wrong with them is said about weights."""
    from verify.networks.columns import read_labels

    try:
        return read_labels(weights, count)
    except NetworkError as problem:
        raise NetworkError(problem.message.replace("label", "weight")) from None


def one_of(value: Any, known: Iterable[str], what: str) -> None:
    if not isinstance(value, str) or value not in known:
        listed = ", ".join(f'"{name}"' for name in known)
        raise NetworkError(f"there is no {what} {str(value)[:80]!r}; take one of {listed}")


def natural_width(width: Any) -> int:
    """The width as a positive integer that the search can treat."""
    whole = isinstance(width, int | Fraction) or hasattr(width, "__index__")
    if isinstance(width, bool) or not whole or Fraction(width) % 1 or not 0 < width <= MAX_WIDTH:
        raise NetworkError(
            f"the width is {str(width)[:80]}; a network has a whole number of units from 1 to {MAX_WIDTH}"
        )
    return int(width)


def about(number: int) -> str:
    """A large number in words for people.

    >>> about(1234), about(5 * 10**20), about(10**5000)
    ('1234', '5.0e+20', 'more than 10^300')
    """
    if number < 10**6:
        return str(number)
    return f"{number:.1e}" if number < 10**300 else "more than 10^300"


def brief(value: Fraction) -> str:
    """A number for a message: in full if it is short."""
    return (
        str(value)
        if value.numerator.bit_length() + value.denominator.bit_length() < 120
        else f"about {float(value):.6g}"
    )
