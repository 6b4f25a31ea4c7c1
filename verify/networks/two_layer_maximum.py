r"""Questions about the maximum of n numbers and braid terms, which two hidden layers compute (see ``verify.kernel``).

``TwoLayerMaximum(n, weight)`` asks whether the maximum is a linear combination of terms max(R, B), R and B being sums
of ``weight`` maxima of two of the numbers; ``MaximumIdentity(n, terms)`` asks whether given multiples of the means of
such terms over all permutations add up to it.  The engines are in ``braid_terms``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verify.errors import NetworkError, Unanswered

Json = Any
Pairs = Sequence[tuple[int, int]]
MAX_INPUTS = 16
MAX_WEIGHT = 8
SEARCHED = 3  # the greatest weight at which an answer is searched within seconds


@dataclass(frozen=True)
class TwoLayerMaximum:
    """Is max(x_1, ..., x_n) a linear combination of braid terms of this weight?

    ``terms`` (``[coefficient, red, blue]``, an identity) or ``obstruction`` (``{"linear", "kinks"}``) is a witness known
    before; without one it is searched for, up to weight 3.

        TwoLayerMaximum(5, 2)   # yes, by an identity of three terms
        TwoLayerMaximum(5, 1)   # no, by a linear functional
    """

    n: int
    weight: int
    terms: Json = None
    obstruction: Json = None

    def __post_init__(self) -> None:
        whole("n", self.n, 2, MAX_INPUTS)
        whole("weight", self.weight, 1, MAX_WEIGHT)
        if self.terms is not None and self.obstruction is not None:
            raise NetworkError("terms and obstruction exclude each other; give one witness at most")

    def statement(self) -> Json:
        return {"question": "two_layer_maximum", "n": self.n, "weight": self.weight}

    def answer(self) -> tuple[str, Json]:
        from verify.networks.braid_terms import find_identity, find_obstruction

        if self.terms is not None:
            return "two-layer-maximum", {"terms": self.terms}
        if self.obstruction is not None:
            return "two-layer-maximum-obstruction", self.obstruction
        beyond = self.n > 2 * self.weight + 2
        if self.weight > SEARCHED - beyond:
            raise Unanswered(
                f"weight {self.weight} takes too long to search for n = {self.n}; give terms or obstruction"
            )
        if beyond:
            return "two-layer-maximum-obstruction", find_obstruction(self.n, self.weight)
        return "two-layer-maximum", {"terms": find_identity(self.n, self.weight)}


@dataclass(frozen=True)
class MaximumIdentity:
    """Do the multiples of means of braid terms add up to max(x_1, ..., x_n)?

    A term is (coefficient, red pairs, blue pairs), as many of one colour as of the other; its vertices 0, ..., n - 1 run
    through all choices of different inputs.

        MaximumIdentity(4, [(1, [(0, 1)], [(2, 3)])])
    """

    n: int
    terms: Sequence[tuple[int | Fraction | str, Pairs, Pairs]]

    def statement(self) -> Json:
        whole("n", self.n, 2, MAX_INPUTS)
        terms = [read_term(number, term, self.n) for number, term in enumerate(self.terms, 1)]
        return {"question": "maximum_identity", "n": self.n, "terms": terms}

    def answer(self) -> tuple[str, Json]:
        return "maximum-identity", {}


def whole(name: str, value: int, least: int, most: int) -> None:
    if type(value) is not int or not least <= value <= most:
        raise NetworkError(f"{name} = {value!r} must be an integer from {least} to {most}")


def read_term(number: int, term: Any, n: int) -> Json:
    try:
        coefficient, red, blue = term
        entry = [str(exact(coefficient)), *([[u, v] for u, v in pairs] for pairs in (red, blue))]
    except (TypeError, ValueError, ZeroDivisionError):
        raise NetworkError(
            f"term {number} must be (coefficient, red pairs, blue pairs), not {str(term)[:80]}"
        ) from None
    if len(entry[1]) != len(entry[2]) or not 1 <= len(entry[1]) <= MAX_WEIGHT:
        raise NetworkError(f"term {number} must have as many red as blue pairs, from 1 to {MAX_WEIGHT}")
    for vertex in (vertex for pairs in entry[1:] for pair in pairs for vertex in pair):
        whole(f"a vertex of term {number}", vertex, 0, n - 1)
    return entry


def exact(number: int | Fraction | str) -> Fraction:
    if not isinstance(number, int | Fraction | str):
        raise TypeError(number)
    return Fraction(number)
