r"""“SGD tends to find flat minima and may avoid poor local minima”, read as a theorem about every run: three functions.

A ReLU unit that is dead for all samples is a flat and poor minimum, which no step leaves.  Gradient descent with short
steps stays in the sharper of two equally deep wells.  And how sharp a minimum is depends on the scale of the weights:
the same network can be made as sharp as one likes.
"""

from __future__ import annotations

from claims.landscape.linear_stability import square
from claims.optimization.stochastic_gradient import scaled
from claims.optimization.two_wells import power, power_of_a_proper_fraction
from verify import Claim, arbitrary, assume, cite, define, dot, induction, lemma, nat, prop, real, relu, vec

claim = Claim(
    "sgd-flat-minima-literal",
    title="Stochastic gradient descent finds flat minima and avoids poor ones, as a theorem about every run",
    statement=r"Every run of stochastic gradient descent, for every step size below some positive number and every start, ends in a "
    r"flat minimum and not in a poor one; and flatness, the trace of the Hessian, belongs to the function that the "
    r"network is.",
    source=cite(
        "vidal2017",
        "on the optimization landscape, as reviewed",
        quote="SGD in non-convex, high-dimensional landscapes tends to find flat minima and may avoid poor local minima, with "
        "connections to PDE-based interpretations.",
    ),
    expect="refuted",
    remarks="The printed sentence has “tends” and “may”; it is read here without them. What is true for each minimum is in "
    "sgd-flat-minima.",
    symbols={
        r"\mathrm{run}(n, u)": "the weight u of one ReLU unit after n steps, with the samples and step sizes of any "
        r"sequence",
        r"\mathrm{wells}": "a polynomial with the minima 0 and 1, both of value 0, where its second derivatives are 2 and "
        r"8",
        r"\mathrm{descent}(n, h)": "1 less than the n-th point of gradient descent on it, from 1 + h",
        r"\mathrm{form}(a, b, u, v)": r"half of the Hessian of $(w_1 w_2 - 1)^2$ at $(a, b)$, as a quadratic form",
    },
)
steepest = claim.parameter("steepest", "1/14", "the largest step size for the well")


@arbitrary
def step(n: nat) -> real: ...


@arbitrary
def root(n: nat) -> real: ...


@arbitrary
def label(n: nat) -> real: ...


@define
def loss(u: real, x: real, y: real) -> real:
    return (relu(u * x) - y) ** 2


@define
def gradient(u: real, x: real, y: real) -> real:
    """The derivative of the loss by u, wherever u x is not 0."""
    return 2 * (u * x - y) * x if u * x > 0 else 0


@define
def run(n: nat, u: real) -> real:
    """The n-th sample has the input root(n)^2, any number that is not negative."""
    return u if n == 0 else run(n - 1, u) - step(n - 1) * gradient(run(n - 1, u), root(n - 1) ** 2, label(n - 1))


@claim.disproof(
    "if the inputs are not negative, a ReLU unit with a negative weight is never changed, by no samples and no step sizes",
    by=induction("n"),
    using=[scaled.at(p="-u", a="0", b="root(n)**2")],
    have=["root(n)**2 >= 0"],
)
def a_dead_unit(n: nat, u: real) -> prop:
    assume(u < 0)
    return run(n, u) == u


@claim.disproof(
    "it is a local minimum, as flat as can be, and a poor one: the loss is $y^2$ in a whole neighbourhood, and 0 for $u x "
    "= y$",
    using=[scaled.at(p="x", a="u + h", b="0"), scaled.at(p="x", a="u", b="0")],
)
def which_is_poor(u: real, h: real, x: real, y: real, best: real) -> prop:
    assume(u < 0, abs(h) <= -u, x > 0, y > 0, best * x == y)
    return loss(u + h, x, y) == y**2 and loss(best, x, y) == 0


# ------------------------------------------------------------------------------------------- a sharp well


@arbitrary
def eta() -> real: ...


@define
def wells(x: real) -> real:
    return x**2 * (x - 1) ** 2 * (1 + 3 * x**2)


@define
def slope(h: real) -> real:
    """The derivative of the wells at 1 + h."""
    return h * bend(h)


@define
def bend(h: real) -> real:
    return 8 + 42 * h + 76 * h**2 + 60 * h**3 + 18 * h**4


@define
def descent(n: nat, h: real) -> real:
    return h if n == 0 else descent(n - 1, h) - eta() * slope(descent(n - 1, h))


@claim.disproof(
    "the derivative is what it is called, and the second derivatives at 0 and 1 are 2 and 8: these are the terms of first "
    "and second "
    "order",
)
def two_minima(h: real, k: real) -> prop:
    """The error at 1 + h is k^2 times a polynomial."""
    rest = 4 + 42 * h + 114 * h**2 + 120 * h**3 + 45 * h**4 + k * (14 + 76 * h + 120 * h**2 + 60 * h**3)
    more = k**2 * (19 + 60 * h + 45 * h**2) + k**3 * (12 + 18 * h) + 3 * k**4
    return wells(1 + h + k) == wells(1 + h) + slope(h) * k + k**2 * (rest + more) and wells(k) == k**2 + k**3 * (
        -2 + 4 * k - 6 * k**2 + 3 * k**3
    )


@lemma(
    using=[
        scaled.at(p="h**2", a="h**2", b="1 / 100"),
        scaled.at(p="h**2", a="h", b="1 / 10"),
        scaled.at(p="h**2", a="-h", b="1 / 10"),
    ],
    have=["h**2 >= 0", "(1 / 10 - h) * (1 / 10 + h) >= 0", "h**2 <= 1 / 100", "h**4 >= 0"],
)
def bend_near_the_well(h: real) -> prop:
    assume(-1 / 10 <= h <= 1 / 10)
    return 3 <= bend(h) <= 14


@lemma(cases=["h >= 0"], have=["implies(h >= 0, f * h <= c * h)", "implies(h <= 0, f * (-h) <= c * (-h))"])
def factor_of_a_distance(f: real, c: real, h: real) -> prop:
    assume(0 <= f <= c)
    return abs(f * h) <= c * abs(h)


@lemma(
    using=[
        bend_near_the_well.at(h="h"),
        scaled.at(p="eta()", a="3", b="bend(h)"),
        scaled.at(p="eta()", a="bend(h)", b="14"),
        factor_of_a_distance.at(f="1 - eta() * bend(h)", c="1 - 3 * eta()", h="h"),
    ],
    have=["h - eta() * slope(h) == (1 - eta() * bend(h)) * h"],
)
def nearer(h: real) -> prop:
    assume(0 < eta() <= steepest, -1 / 10 <= h <= 1 / 10)
    return abs(h - eta() * slope(h)) <= (1 - 3 * eta()) * abs(h)


@claim.disproof(
    "with short steps, gradient descent converges geometrically to the sharper of two minima of equal value, from every "
    "start "
    "close to it",
    by=induction("n"),
    using=[
        nearer.at(h="descent(n, h)"),
        scaled.at(p="1 - 3 * eta()", a="abs(descent(n, h))", b="power(n, 1 - 3 * eta()) * abs(h)"),
        power_of_a_proper_fraction.at(n="n", q="1 - 3 * eta()"),
        scaled.at(p="abs(h)", a="power(n, 1 - 3 * eta())", b="1"),
    ],
)
def into_the_sharp_well(n: nat, h: real) -> prop:
    assume(0 < eta() <= steepest, -1 / 10 <= h <= 1 / 10)
    return abs(descent(n, h)) <= power(n, 1 - 3 * eta()) * abs(h)


@define
def form(a: real, b: real, u: real, v: real) -> real:
    return (b * u + a * v) ** 2


@claim.disproof(
    "a unit with weights $\\alpha w$ and $v / \\alpha$ is the same function for every $\\alpha > 0$; b is $1 / \\alpha$",
    using=[scaled.at(p="a", a="0", b="dot(z, x)"), scaled.at(p="a", a="dot(z, x)", b="0")],
    cases=["dot(z, x) >= 0"],
)
def the_same_function(a: real, b: real, v: real, z: vec, x: vec) -> prop:
    assume(a > 0, a * b == 1)
    return b * v * relu(dot(a * z, x)) == v * relu(dot(z, x))


@claim.disproof(
    "but at its minimum $(\\alpha, 1/\\alpha)$ the Hessian of $(w_1 w_2 - 1)^2$ has the trace $2 (\\alpha^2 + "
    "1/\\alpha^2)$, which is 4 for "
    "$\\alpha = 1$ and above every bound for others",
    using=[square.at(a="a - b"), square.at(a="b")],
)
def as_sharp_as_one_likes(a: real, b: real, u: real, v: real) -> prop:
    assume(a * b == 1)
    trace = 2 * (form(a, b, 1, 0) + form(a, b, 0, 1))
    cubic = u * v * (2 * (b * u + a * v) + u * v)
    return ((a + u) * (b + v) - 1) ** 2 == form(a, b, u, v) + cubic and trace >= 4 and trace >= 2 * a**2


# ------------------------------------------------------------------------------------------- what must fail


claim.mutant("long-steps", {steepest: "1/2"})


@claim.mutant(replaces=a_dead_unit)
def a_living_unit(n: nat, u: real) -> prop:
    """A unit with a positive weight"""
    assume(u > 0)
    return run(n, u) == u


@claim.mutant(replaces=form)
def of_the_function(a: real, b: real, u: real, v: real) -> real:
    """The Hessian does not depend on the scale"""
    return (u + v) ** 2
