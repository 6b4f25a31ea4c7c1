r"""The words that definitions and theorems are written in.

They are names to be read in source, not functions to be called: a definition is a Python function that is parsed and
never run.  Calling one of these words says so.
"""

from __future__ import annotations

from typing import Any, NoReturn

from verify.errors import UsageError

nat = int
"""Sort of natural numbers 0, 1, 2, ..."""

real = float
"""Sort of real numbers; every number in a definition is exact, ``1/3`` is one third."""

prop = bool
"""Sort of propositions."""


class vec:
    """Sort of vectors of an arbitrary inner product space."""

    def __add__(self, other: Any) -> vec:
        _read_only("+")

    __sub__ = __mul__ = __rmul__ = __truediv__ = __add__

    def __neg__(self) -> vec:
        _read_only("-")


def _read_only(word: str) -> NoReturn:
    raise UsageError(f"{word} has a meaning only inside a definition or theorem, which is read and never run")


def relu(t: float) -> float:
    """t where t >= 0, and 0 elsewhere."""
    _read_only("relu")


def dot(u: vec, v: vec) -> float:
    """Inner product."""
    _read_only("dot")


def sq(v: vec) -> float:
    """Squared norm, ``dot(v, v)``."""
    _read_only("sq")


def implies(hypothesis: bool, conclusion: bool) -> bool:
    """Implication."""
    _read_only("implies")


def iff(left: bool, right: bool) -> bool:
    """Equivalence."""
    _read_only("iff")


def assume(*hypotheses: bool) -> None:
    """The hypotheses of a theorem, stated before its conclusion is returned."""
    _read_only("assume")


def units(network: float) -> int:
    """Number of ReLU units of a network term, equal units counted once (``verify.theory.architecture``)."""
    _read_only("units")


def weights(network: float) -> int:
    """Number of edges and nonzero biases of a network term (``verify.theory.architecture``)."""
    _read_only("weights")


def layered(network: float, hidden_layers: int) -> bool:
    """Every path from an input to the output passes exactly this many ReLU units: no skip connections."""
    _read_only("layered")


SORTS = ("nat", "real", "vec", "prop")
PRELUDE = ("relu", "abs", "max", "min", "dot", "sq")
CONNECTIVES = ("implies", "iff")
MEASURES = ("units", "weights", "layered")
WORDS = (*PRELUDE, *CONNECTIVES, *MEASURES, *SORTS, "assume", "induction", "true", "false")
"""What nothing of an author's may be called."""

COUNTS = ("units", "fan", "weights", "layer", "layered")
