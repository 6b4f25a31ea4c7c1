r"""The minimum of a training problem: what is known of it, and the question what it is.

What is known is an interval, the network at its upper end, and the proof of its lower end.

The upper end is the exact loss of a network that is there to be looked at.  The lower end is *certified* if the kernel
accepted a certificate that no network is below it; then it is a fraction.  Otherwise it is what floating point says, a
float, and nothing here calls it more.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from verify.training.data import MAX_CELLS, RELATIONS, TrainingData, brief, natural_width, one_of

if TYPE_CHECKING:
    from verify.networks.network import Network

Json = Any
Vector = tuple[Fraction, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Minimum:
    r"""The minimum over networks of ``width`` units lies in [lower, upper], and ``weights`` attain ``upper``.

    lower: a fraction if ``certified``, a float otherwise; finished: the search came to its end; cells, nodes, leaves,
    bounds: the dichotomies, and the nodes of the search by kind; seconds: of everything; tree: the proof of ``lower`` as
    the kernel reads it; note: why it is not certified, or not finished.
    """

    data: TrainingData
    width: int
    lower: Fraction | float
    upper: Fraction
    weights: Json
    finished: bool
    certified: bool
    cells: int
    nodes: int
    leaves: int
    bounds: int
    seconds: float
    tree: list[int] | None = None
    note: str = ""

    @property
    def value(self) -> Fraction | float | None:
        """The minimum: a fraction if certified, a float if only the search says so, None if it is not known."""
        if self.certified and self.lower == self.upper:
            return self.upper
        return nearest(self.upper) if self.finished and not self.certified else None

    @property
    def gap(self) -> float:
        """(upper - lower) / upper; 0 if they are equal."""
        return 0.0 if self.lower == self.upper else 1 - nearest(Fraction(self.lower) / self.upper)

    @property
    def units(self) -> list[tuple[int, Vector, Fraction]]:
        """Sign, slopes and bias of every unit."""
        rows = [[Fraction(v) for v in row] for row in self.weights["units"]]
        return [(int(row[0]), tuple(row[1:-1]), row[-1]) for row in rows]

    @property
    def affine(self) -> Vector:
        """c_0, c_1, ..., c_n of the affine part."""
        return tuple(Fraction(v) for v in self.weights["affine"])

    @property
    def network(self) -> Network:
        """The network that attains ``upper``; a linear part takes two more units, since x = ReLU(x) - ReLU(-x)."""
        from verify.networks.network import Network

        constant, *slope = self.affine
        units = [unit for unit in self.units if any(unit[1]) or unit[2]]
        if any(slope) or not units:
            signs = (1, -1)
            units += [(sign, tuple(sign * c for c in slope), Fraction(0)) for sign in signs]
        hidden = [list(slopes) for _, slopes, _ in units], [bias for *_, bias in units]
        return Network.of([hidden, ([[Fraction(sign) for sign, *_ in units]], [constant])])

    @property
    def witness(self) -> Json:
        """Of the kernel's question ``training_minimum``."""
        from verify.training.exactness import printable

        lower = str(self.lower) if self.tree is not None else None
        network = self.weights if printable(self.upper) else None
        return {"network": network, "lower": lower, "tree": self.tree or []}

    @property
    def certificate(self) -> Json:
        """The document that ``verify.kernel`` decides: that the minimum is this number, or at least, or at most."""
        from verify.kernel import FORMAT

        closed = self.lower == self.upper
        relation = "at most" if self.tree is None else "is" if closed else "at least"
        value = self.upper if self.tree is None or closed else Fraction(self.lower)
        statement = self.data.statement(self.width, relation, value)
        return {"format": FORMAT, "kind": "training-minimum", "statement": statement, "witness": self.witness}

    def __repr__(self) -> str:
        note = f"; {self.note}" if self.note else ""
        counts = f"{self.cells} cells, {self.nodes} nodes, {self.seconds:.2f} s"
        if self.certified and self.lower == self.upper:
            return f"Minimum({brief(self.upper)}, certified; {counts}{note})"
        if self.certified:
            return f"Minimum(between {nearest(Fraction(self.lower)):.9g} and {nearest(self.upper):.9g}, certified; {counts}{note})"
        if self.finished:
            return f"Minimum(about {nearest(self.upper):.9g}, by floating point, not certified; {counts}{note})"
        ends = f"between {self.lower:.9g}, by floating point, not certified, and {nearest(self.upper):.9g}"
        return f"Minimum({ends}; {counts}{note})"


@dataclass(frozen=True, eq=False)
class TrainingMinimum:
    r"""Is the minimum of a training problem equal to ``value``, or at least, or at most that?

    The problem is that of ``exact_erm``, with networks of ``width`` units.  ``relation`` is "is", "at least" or "at most".
    ``seconds`` and ``nodes`` limit the search, ``starts`` and ``seed`` are of its heuristic; they are no part of the
    question.  A false value is answered as well: what proves the minimum refutes it.

    >>> question = TrainingMinimum([[0], [1], [2], [3]], [0, 1, 0, 2], 1, value=2, relation="at most")
    >>> question.answer()[0]
    'training-minimum'
    """

    points: Any
    labels: Any
    width: int | Fraction
    _: KW_ONLY
    value: Any
    relation: str = "is"
    loss: str = "squared"
    affine: str = "none"
    weights: Any = None
    seconds: float | None = None
    nodes: int | None = None
    starts: int = 300
    seed: int = 0
    max_cells: int = MAX_CELLS

    preparation: ClassVar[str] = "verify.training.compiled:prepare"

    @cached_property
    def data(self) -> TrainingData:
        return TrainingData.of(self.points, self.labels, weights=self.weights, loss=self.loss, affine=self.affine)

    @cached_property
    def claimed(self) -> Fraction:
        from verify.networks.network import number

        one_of(self.relation, RELATIONS, "relation")
        return number(self.value, "the value")

    def statement(self) -> Json:
        return self.data.statement(natural_width(self.width), self.relation, self.claimed)

    def answer(self) -> tuple[str, Json]:
        """The witness that decides; raises ``Unanswered`` if the budget ends before."""
        from verify.training.erm import Options
        from verify.training.run import Run

        options = Options(
            seconds=self.seconds, nodes=self.nodes, starts=self.starts, seed=self.seed, max_cells=self.max_cells
        )
        run = Run.of(self.data, natural_width(self.width), options)
        try:
            return "training-minimum", run.decided(self.relation, self.claimed).witness
        finally:
            run.close()


def nearest(value: Fraction) -> float:
    """As a float, which may be infinite."""
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
