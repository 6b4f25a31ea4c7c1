r"""x^2/2 + y^4/4 - y^2/2: a saddle at (0, 0) between the minima (0, 1) and (0, -1), and gradient descent on it.

Beside it y^3, whose critical point 0 is degenerate.
"""

from __future__ import annotations

from claims.optimization.stochastic_gradient import scaled
from verify import arbitrary, assume, define, induction, lemma, nat, prop, real


@arbitrary
def eta() -> real: ...


@define
def value(x: real, y: real) -> real:
    return x**2 / 2 + y**4 / 4 - y**2 / 2


@define
def slope_x(x: real, y: real) -> real:
    """The derivative of the value by x."""
    return x


@define
def slope_y(x: real, y: real) -> real:
    """The derivative of the value by y."""
    return y**3 - y


@define
def next_x(x: real, y: real) -> real:
    return x - eta() * slope_x(x, y)


@define
def next_y(x: real, y: real) -> real:
    return y - eta() * slope_y(x, y)


@define
def power(n: nat, q: real) -> real:
    return 1 if n == 0 else q * power(n - 1, q)


@lemma(by=induction("n"))
def power_of_a_proper_fraction(n: nat, q: real) -> prop:
    assume(0 <= q <= 1)
    return 0 <= power(n, q) <= 1


@lemma(have=["y**2 <= 1 / 4", "v**2 <= 1 / 4", "y * v <= 1 / 4"])
def squares_of_halves(y: real, v: real) -> prop:
    assume(-1 / 2 <= y <= 1 / 2, -1 / 2 <= v <= 1 / 2)
    return y**2 + y * v + v**2 <= 3 / 4


@lemma(have=["b - a >= 0", "b + a >= 0"])
def squares_in_order(a: real, b: real) -> prop:
    assume(0 <= a <= b)
    return a**2 <= b**2


@lemma(
    using=[
        squares_of_halves.at(y="y", v="v"),
        scaled.at(p="eta() * (y - v)", a="y**2 + y * v + v**2", b="3 / 4"),
    ],
    have=["next_y(x, y) - next_y(u, v) == (y - v) + eta() * (y - v) - eta() * (y - v) * (y**2 + y * v + v**2)"],
)
def stretched(x: real, y: real, u: real, v: real) -> prop:
    assume(0 < eta() <= 1, -1 / 2 <= y <= 1 / 2, -1 / 2 <= v <= 1 / 2, y > v)
    return next_y(x, y) - next_y(u, v) >= (1 + eta() / 4) * (y - v)


@lemma(
    using=[scaled.at(p="(x - u)**2", a="(1 - eta())**2", b="1")],
    have=["(1 - eta())**2 <= 1", "next_x(x, y) - next_x(u, v) == (1 - eta()) * (x - u)"],
)
def not_stretched(x: real, y: real, u: real, v: real) -> prop:
    assume(0 < eta() <= 1)
    return (next_x(x, y) - next_x(u, v)) ** 2 <= (x - u) ** 2


@define
def orbit_x(n: nat, x: real, y: real) -> real:
    return x if n == 0 else orbit_x(n - 1, next_x(x, y), next_y(x, y))


@define
def orbit_y(n: nat, x: real, y: real) -> real:
    return y if n == 0 else orbit_y(n - 1, next_x(x, y), next_y(x, y))


@lemma(
    using=[scaled.at(p="(1 - y) * eta()", a="c", b="y * (1 + y)")],
    have=["next_y(x, y) == y + eta() * y * (1 - y) * (1 + y)", "(1 - y) * eta() >= 0", "y * (1 + y) >= c"],
)
def nearer(x: real, y: real, c: real) -> prop:
    assume(eta() > 0, 0 < c <= y, y <= 1)
    return 1 - next_y(x, y) <= (1 - eta() * c) * (1 - y)


@define
def cubic(n: nat, y: real) -> real:
    """Gradient descent on y^3, whose only critical point is 0, and no minimum."""
    return y if n == 0 else cubic(n - 1, y) - eta() * (3 * cubic(n - 1, y) ** 2)


@lemma(
    using=[scaled.at(p="3 * eta() * u * (3 * eta() * u)", a="0", b="y")],
    have=[
        "3 * eta() * u >= 0",
        "3 * eta() * u * (y - u * a) <= y - u * a",
        "3 * eta() * u * (3 * eta() * u) >= 0",
        "(3 * eta() * u)**2 * y >= 0",
    ],
)
def one_cubic_step(a: real, u: real, y: real) -> prop:
    assume(eta() > 0, u > 0, y > 0, 3 * eta() * u < 1, u * a <= y, a >= 0)
    return (u - eta() * (3 * u**2)) * (a + 3 * eta() * y) <= y
