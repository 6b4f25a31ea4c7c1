r"""Classes of functions and of operators, as an author names them and as a statement holds them.

Every class of functions that the kernel knows is one of bounded curvature, with optional bounds:

    f - mu/2 |x|^2 is convex, closed and proper;   L/2 |x|^2 - f is convex (L may be infinite);   |g| <= M.

The names of the literature are instances: convex is mu = 0, smooth is mu = -L.  Indicators of closed convex sets, quadratics
and operators come beside them.  What inequalities follow for finitely many points, and why, is said in
``verify.kernel.interpolation``; what else is used there is cited there.

Source: A. Taylor, J. Hendrickx, F. Glineur, Smooth strongly convex interpolation and exact worst-case performance of
first-order methods, Mathematical Programming 161 (2017); E. Ryu, A. Taylor, C. Bergeling, P. Giselsson, Operator splitting
performance estimation, SIAM Journal on Optimization 30 (2020).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from verify.errors import NetworkError, ProblemError
from verify.networks.network import number

Json = Any
Number = int | str | Fraction


def exact(value: Any, name: str) -> Fraction:
    """An integer, a fraction or a text such as "1/10"; raises ``ProblemError`` for anything else, floats included."""
    if isinstance(value, float):
        raise ProblemError(
            f'{name} is the float {value}, and certificates are exact; write Fraction(1, 10) or the text "1/10"'
        )
    try:
        return value if type(value) is Fraction else number(value, name)
    except NetworkError:
        shown = str(value)[:80]
        raise ProblemError(
            f"{name} is {shown!r}, which is no rational number; write an integer, Fraction(1, 10) or the text "
            '"1/10", and of an irrational number a rational one near it'
        ) from None


class Class(Protocol):
    """What a statement says of a function or an operator."""

    @property
    def kind(self) -> str:
        """The class as the kernel calls it: curvature, indicator, quadratic or operator."""

    def parameters(self) -> dict[str, Fraction | None]:
        """Its exact parameters; None is infinite, and a parameter that is not there is no restriction."""


@dataclass(frozen=True)
class Curvature:
    """f - mu/2 |x|^2 convex and L/2 |x|^2 - f convex; every subgradient of norm at most M.  None: no bound.

    Raises ``ProblemError`` unless mu < L, and if M is not positive.

        Curvature(mu="-1/2", L=1)
    """

    mu: Number = 0
    L: Number | None = None
    M: Number | None = None
    kind = "curvature"

    def __post_init__(self) -> None:
        self.parameters()

    def parameters(self) -> dict[str, Fraction | None]:
        return curvature(self.mu, self.L, self.M)


@dataclass(frozen=True)
class Convex:
    """Closed proper convex functions."""

    kind = "curvature"

    def parameters(self) -> dict[str, Fraction | None]:
        return curvature(0, None)


@dataclass(frozen=True)
class StronglyConvex:
    """f - mu/2 |x|^2 is convex, mu > 0; f need not be smooth."""

    mu: Number
    kind = "curvature"

    def __post_init__(self) -> None:
        positive(self.mu, "mu", "write Convex() for mu = 0")

    def parameters(self) -> dict[str, Fraction | None]:
        return curvature(self.mu, None)


@dataclass(frozen=True)
class LipschitzConvex:
    """Convex functions all of whose subgradients have a norm of at most M."""

    M: Number
    kind = "curvature"

    def __post_init__(self) -> None:
        self.parameters()

    def parameters(self) -> dict[str, Fraction | None]:
        return curvature(0, None, self.M)


@dataclass(frozen=True)
class SmoothConvex:
    """Convex functions with an L-Lipschitz gradient."""

    L: Number
    kind = "curvature"

    def __post_init__(self) -> None:
        self.parameters()

    def parameters(self) -> dict[str, Fraction | None]:
        return curvature(0, self.L)


@dataclass(frozen=True)
class SmoothStronglyConvex:
    """mu-strongly convex functions with an L-Lipschitz gradient, 0 < mu < L."""

    mu: Number
    L: Number
    kind = "curvature"

    def __post_init__(self) -> None:
        positive(self.mu, "mu", "write SmoothConvex(L) for mu = 0")
        self.parameters()

    def parameters(self) -> dict[str, Fraction | None]:
        return curvature(self.mu, self.L)


@dataclass(frozen=True)
class Smooth:
    """Functions with an L-Lipschitz gradient, which need not be convex."""

    L: Number
    kind = "curvature"

    def __post_init__(self) -> None:
        positive(self.L, "L", "the gradient of a constant needs no worst case")

    def parameters(self) -> dict[str, Fraction | None]:
        return curvature(-exact(self.L, "L"), self.L)


@dataclass(frozen=True)
class Quadratic:
    """f(x) = 1/2 <x, Qx> + <b, x> + c with a self-adjoint Q between mu and L."""

    mu: Number
    L: Number
    kind = "quadratic"

    def __post_init__(self) -> None:
        self.parameters()

    def parameters(self) -> dict[str, Fraction | None]:
        return dict(zip(("mu", "L"), between(self.mu, self.L), strict=True))


@dataclass(frozen=True)
class ConvexIndicator:
    """The indicator of a closed convex set, of diameter at most D if D is given."""

    D: Number | None = None
    kind = "indicator"

    def __post_init__(self) -> None:
        self.parameters()

    def parameters(self) -> dict[str, Fraction | None]:
        return {} if self.D is None else {"D": positive(self.D, "D", "a diameter is a positive number")}


@dataclass(frozen=True)
class Operator:
    """Set-valued operators with, for all pairs, those of these inequalities whose numbers are given:

    <dg, dx> >= mu |dx|^2,    <dg, dx> >= beta |dg|^2,    |dg| <= L |dx|.

        Operator(mu="1/10", L=1)
    """

    mu: Number | None = None
    beta: Number | None = None
    L: Number | None = None
    kind = "operator"

    def __post_init__(self) -> None:
        found = self.parameters()
        if not found:
            raise ProblemError("an operator with neither mu nor beta nor L is arbitrary; say at least mu=0 (monotone)")

    def parameters(self) -> dict[str, Fraction | None]:
        given = {"mu": self.mu, "beta": self.beta, "L": self.L}
        found: dict[str, Fraction | None] = {k: exact(v, k) for k, v in given.items() if v is not None}
        for name in ("beta", "L"):
            if name in found:
                positive(given[name], name, "its inequality says nothing otherwise")
        low, high, cocoercive = (found.get(name) for name in ("mu", "L", "beta"))
        if low is not None and high is not None and low > high:
            raise ProblemError(f"mu = {low} is more than L = {high}, and then only one point is left; give mu <= L")
        if low is not None and cocoercive is not None and low * cocoercive > 1:
            raise ProblemError(f"mu = {low} is more than 1/beta = {1 / cocoercive}; give mu <= 1/beta")
        return found


def Monotone() -> Operator:
    """<dg, dx> >= 0; where it says resolvent, the operator is maximal."""
    return Operator(mu=0)


def StronglyMonotone(mu: Number) -> Operator:
    """<dg, dx> >= mu |dx|^2."""
    return Operator(mu=positive(mu, "mu", "write Monotone() for mu = 0"))


def Cocoercive(beta: Number) -> Operator:
    """<dg, dx> >= beta |dg|^2."""
    return Operator(beta=beta)


def Lipschitz(L: Number) -> Operator:
    """|dg| <= L |dx|."""
    return Operator(L=L)


def Nonexpansive() -> Operator:
    """|dg| <= |dx|."""
    return Operator(L=1)


def curvature(mu: Any, L: Any, M: Any = None) -> dict[str, Fraction | None]:
    low, high = between(mu, L)
    bound = {} if M is None else {"M": positive(M, "M", "subgradients are bounded by a positive number")}
    return {"mu": low, "L": high, **bound}


def between(mu: Any, L: Any) -> tuple[Fraction, Fraction | None]:
    low, high = exact(mu, "mu"), None if L is None else positive(L, "L", "the gradient is Lipschitz with a positive L")
    if high is not None and low >= high:
        raise ProblemError(
            f"mu = {low} is not less than L = {high}; give mu < L, so that there is a function to ask of"
        )
    return low, high


def positive(value: Any, name: str, advice: str) -> Fraction:
    found = exact(value, name)
    if found <= 0:
        raise ProblemError(f"{name} = {found} is not positive; {advice}")
    return found


def json(which: Class) -> list[Json]:
    """The kind and the parameters, as a statement holds them."""
    texts = {name: "inf" if value is None else str(value) for name, value in which.parameters().items()}
    return [which.kind, texts]
