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


class mat:
    """Sort of real matrices, ``mat[p, n]`` with p rows and n columns; p and n name arbitrary dimensions, or are 1."""

    T: mat

    def __class_getitem__(cls, dimensions: Any) -> type[mat]:
        return cls

    def __matmul__(self, other: mat) -> mat:
        _read_only("@")

    def __add__(self, other: Any) -> mat:
        _read_only("+")

    __sub__ = __mul__ = __rmul__ = __truediv__ = __add__

    def __neg__(self) -> mat:
        _read_only("-")


def dimensions(names: str) -> tuple[str, ...]:
    """Names of dimensions, to be written in ``mat[p, n]``; they stand for arbitrary positive numbers.

    >>> p, n = dimensions("p n")
    """
    return tuple(names.split())


def _read_only(word: str) -> NoReturn:
    raise UsageError(f"{word} has a meaning only inside a definition or theorem, which is read and never run")


def relu(t: float) -> float:
    """t where t >= 0, and 0 elsewhere."""
    _read_only("relu")


def dot(u: vec | mat, v: vec | mat) -> float:
    """Inner product; of matrices, the sum of the products of equal entries."""
    _read_only("dot")


def sq(v: vec | mat) -> float:
    """Squared norm, ``dot(v, v)``; of a matrix, the squared Frobenius norm."""
    _read_only("sq")


def trace(a: mat) -> float:
    """Sum of the diagonal of a square matrix."""
    _read_only("trace")


def pinv(a: mat) -> mat:
    """Pseudoinverse: the matrix X with A X A = A and X A X = X for which A X and X A are symmetric."""
    _read_only("pinv")


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
PRELUDE = ("relu", "abs", "max", "min", "dot", "sq", "trace", "pinv")
CONNECTIVES = ("implies", "iff")
MEASURES = ("units", "weights", "layered")
WORDS = (*PRELUDE, *CONNECTIVES, *MEASURES, *SORTS, "mat", "assume", "induction", "true", "false")
"""What nothing of an author's may be called."""

COUNTS = ("units", "fan", "weights", "layer", "layered")
