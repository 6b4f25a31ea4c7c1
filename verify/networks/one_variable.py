r"""Questions about networks of one variable that the kernel decides (``verify.kernel.piecewise``).

    PieceCount(network, (0, 1), exactly=2**m)
    Supremum(network, (0, 1), minus=[0, 0, 1], at_most="1/64")      # of f(x) - x^2
    SupDistance(network, [0, 0, 1], (0, 1), exactly="1/64")        # of f from x^2

Each compares one number with a value: ``exactly``, ``at_most`` or ``at_least``.  ``None`` is an infinite end of the
interval.  The kernel walks along the network by itself, so that up to degree two there is nothing to find.  Beyond, a
bound that the error touches inside a piece is proved only if the place is known: ``contacts`` proposes rational ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verify.errors import NetworkError
from verify.kernel.piecewise import MAX_DEGREE, SIDES
from verify.networks.distance import trimmed
from verify.networks.network import Network, Number, Vector, number
from verify.networks.piecewise import LINE, Interval, PiecewiseAffine, one_variable, read_interval

Json = Any
NEAR = 1e-6  # floating point only says which contacts are worth an exact look
DENOMINATORS = (1_000, 1_000_000, 1_000_000_000)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A number about a network, compared with a value; exactly one of the three is given."""

    exactly: Number | None = None
    at_most: Number | None = None
    at_least: Number | None = None

    @property
    def relation(self) -> tuple[str, Fraction]:
        names = ("exactly", "at_most", "at_least")
        given = [(name, getattr(self, name)) for name in names if getattr(self, name) is not None]
        if len(given) != 1:
            raise NetworkError(f"{type(self).__name__} needs exactly one of exactly=, at_most= and at_least=")
        return given[0][0], number(given[0][1], f"{given[0][0]}=")

    def asked(self, quantity: str, network: Network, interval: Interval, polynomial: Sequence[Number]) -> Json:
        one_variable(network)
        coefficients, (relation, value) = trimmed(polynomial), self.relation
        if len(coefficients) > MAX_DEGREE + 1:
            raise NetworkError(f"the polynomial has degree {len(coefficients) - 1}; at most {MAX_DEGREE} is possible")
        return {
            "question": "piecewise",
            "network": network.json(),
            "interval": [None if end is None else str(end) for end in read_interval(interval)],
            "quantity": quantity,
            "polynomial": [str(c) for c in coefficients],
            "relation": relation,
            "value": str(value),
        }

    def answered(self, statement: Json, network: Network, interval: Interval) -> tuple[str, Json]:
        coefficients = tuple(map(Fraction, statement["polynomial"]))
        cuts: list[Fraction] = []
        if len(coefficients) > 3:
            factor = -1 if statement["quantity"] == "minimum" else 1
            f, bound = PiecewiseAffine.of(network, interval), factor * Fraction(statement["value"])
            cuts = sorted(
                {at for side in SIDES[statement["quantity"]] for at in contacts(f, coefficients, side, bound)}
            )
        return "piecewise", {"cuts": [str(at) for at in cuts]}


@dataclass(frozen=True)
class PieceCount(Comparison):
    """The number of affine pieces: of maximal intervals on which the network is affine."""

    network: Network
    interval: Interval = LINE

    def statement(self) -> Json:
        return self.asked("pieces", self.network, self.interval, ())

    def answer(self) -> tuple[str, Json]:
        return self.answered(self.statement(), self.network, self.interval)


@dataclass(frozen=True)
class Supremum(Comparison):
    """The supremum of f(x), or of f(x) minus a polynomial given by its coefficients, that of 1 first."""

    network: Network
    interval: Interval = LINE
    minus: Sequence[Number] = ()

    def statement(self) -> Json:
        return self.asked("maximum", self.network, self.interval, self.minus)

    def answer(self) -> tuple[str, Json]:
        return self.answered(self.statement(), self.network, self.interval)


@dataclass(frozen=True)
class Infimum(Comparison):
    """The infimum of f(x), or of f(x) minus a polynomial given by its coefficients, that of 1 first."""

    network: Network
    interval: Interval = LINE
    minus: Sequence[Number] = ()

    def statement(self) -> Json:
        return self.asked("minimum", self.network, self.interval, self.minus)

    def answer(self) -> tuple[str, Json]:
        return self.answered(self.statement(), self.network, self.interval)


@dataclass(frozen=True)
class SupDistance(Comparison):
    """The supremum of |f(x) - P(x)|, the polynomial P given by its coefficients, that of 1 first."""

    network: Network
    polynomial: Sequence[Number]
    interval: Interval

    def statement(self) -> Json:
        return self.asked("distance", self.network, self.interval, self.polynomial)

    def answer(self) -> tuple[str, Json]:
        return self.answered(self.statement(), self.network, self.interval)


def contacts(f: PiecewiseAffine, coefficients: Vector, side: int, bound: Fraction) -> Iterator[Fraction]:
    """Rational places, not all perhaps, where side (f - P) is equal to the bound and the slopes of f and P agree."""
    import numpy

    polynomial = numpy.polynomial.Polynomial([float(c) for c in coefficients])
    derivative, places = polynomial.deriv(), f.breakpoints
    for piece, slope in enumerate(f.slopes):
        x, y = f.knots[min(piece, len(f.knots) - 1)]
        low = places[piece - 1] if piece else None
        high = places[piece] if piece < len(places) else None
        for root in (derivative - float(slope)).roots():
            at = float(root.real)
            error = side * (float(y) + float(slope) * (at - float(x)) - polynomial(at)) - float(bound)
            if abs(root.imag) > NEAR * (1 + abs(at)) or abs(error) > NEAR * (1 + abs(float(bound))):
                continue
            for near in (Fraction(at).limit_denominator(d) for d in DENOMINATORS):
                inside = (low is None or low < near) and (high is None or near < high)
                exact = side * (y + slope * (near - x) - sum(c * near**k for k, c in enumerate(coefficients)))
                if inside and exact == bound:
                    yield near
