r"""Gradient descent does not stay near a strict saddle, except from few starts; one example completely.

Two trajectories around a strict saddle that differ along the unstable direction separate at a geometric rate, so that one
of them leaves.  For a function with two wells, everything is explicit: the starts that go to the saddle are those with y = 0.
"""

from __future__ import annotations

from claims.optimization.saddle_region import (
    SADDLE,
    bounded,
    cone,
    direction,
    factor,
    more_than_one,
    pairs_separate,
    remains,
    unstable,
    unstable_at_the_saddle,
    width,
)
from claims.optimization.stochastic_gradient import scaled
from claims.optimization.two_wells import (
    cubic,
    eta,
    nearer,
    next_x,
    next_y,
    not_stretched,
    one_cubic_step,
    orbit_x,
    orbit_y,
    power,
    power_of_a_proper_fraction,
    slope_x,
    slope_y,
    squares_in_order,
    stretched,
    value,
)
from verify import Claim, assume, cite, dot, hypothesis, induction, lemma, nat, prop, real, vec
from verify.statistics import Probability

claim = Claim(
    "saddle-escape-lee",
    title="Near a strict saddle, gradient descent stays from at most one start on a line",
    statement=r"Let $F(\theta) = \theta - \eta \nabla f(\theta)$ stretch a region along a unit vector $e$, as near a strict saddle: if "
    r"two points of the region differ by a vector of the cone around $e$, so do their images, and the component along $e$ grows "
    r"by a factor $a > 1$ at least; let the region be narrower than $w$ along $e$. If $z$ and $v$, $z - v$ in the cone, are starts "
    r"from which the first $n$ steps stay in the region, then $(1 + n(a - 1)) \langle z - v, e \rangle < w$; hence on each "
    r"line along $e$ there is at most one start from which all steps do. For $f = x^2/2 + y^4/4 - y^2/2$ and $|y| \le 1/2$ this holds "
    r"with $a = 1 + \eta/4$, $\eta \le 1$. For $\eta \le 1/2$, gradient descent on this $f$ converges from $(x, y)$, $0 < |y| \le "
    r"1$, geometrically to one of the minima $(0, \pm 1)$, and from $(x, 0)$ to the saddle. Without strictness this is false: on "
    r"$y^3$ it converges to the critical point $0$ from every $y > 0$ with $3 \eta y < 1$.",
    source=cite(
        "rajnotes",
        "Saddle Points, on Lee, Simchowitz, Jordan and Recht (2016)",
        quote="Several results show that gradient descent can be done by evading saddle points. The main ideas from these "
        "papers are that there are many saddle points but it is hard to converge to one",
    ),
    remarks="As printed the sentence leaves open what is needed: strict saddles, and a step size below 1/L. A set that meets "
    "each line along e in at most one point has measure zero, if it is measurable (Fubini), and so have its preimages under F "
    "for step sizes below 1/L; neither is proved here. Nothing is said about speed far from the saddle: Du et al. (2017) show "
    "that it may take exponential time. The comparison with perturbed gradient descent is in that paper, not in 1703.00887.",
    symbols={
        r"\mathrm{one\_step}": "the map F; it may be any map with the cone condition",
        r"\mathrm{cone}(u)": r"$\langle u, e \rangle > 0$ and $|u|^2 \le 2 \langle u, e \rangle^2$",
        r"\mathrm{growth}(n)": "the n-th power of the factor a",
        r"\mathrm{remains}(n, z)": "z and the n points after it are in the region",
        r"\mathrm{orbit\_x}, \; \mathrm{orbit\_y}": "the coordinates after n steps on the function with two wells",
    },
)
claim.model(SADDLE, using=[unstable_at_the_saddle])
largest = claim.parameter("largest", "1/2", "the largest step size with which no trajectory jumps over its minimum")


@claim.proof(using=[pairs_separate.at(n="n", z="z", v="v")], assuming=[bounded, unstable, more_than_one])
def at_most_one_start_on_a_line(n: nat, z: vec, v: vec) -> prop:
    """Of two such starts, one leaves after at most width / ((a - 1) <z - v, e>) steps."""
    assume(remains(n, z), remains(n, v), cone(z - v))
    return (1 + n * (factor() - 1)) * dot(z - v, direction()) < width()


@claim.proof()
def gradient_of_the_wells(x: real, y: real, u: real, v: real) -> prop:
    """The derivatives are what they are called: the value at a neighbouring point, up to second-order terms."""
    return (
        value(x + u, y + v)
        == value(x, y) + slope_x(x, y) * u + slope_y(x, y) * v + u**2 / 2 + v**2 * (6 * y**2 - 2 + 4 * y * v + v**2) / 4
    )


@claim.proof(
    using=[
        stretched.at(x="x", y="y", u="u", v="v"),
        not_stretched.at(x="x", y="y", u="u", v="v"),
        squares_in_order.at(a="y - v", b="next_y(x, y) - next_y(u, v)"),
    ],
    have=["eta() * (y - v) >= 0"],
)
def cone_condition_of_the_wells(x: real, y: real, u: real, v: real) -> prop:
    """For |y|, |v| <= 1/2, e = (0, 1) and the factor 1 + eta/4; (x - u)^2 + (y - v)^2 <= 2 (y - v)^2 is the cone."""
    assume(0 < eta() <= 1, -1 / 2 <= y <= 1 / 2, -1 / 2 <= v <= 1 / 2, y > v, (x - u) ** 2 <= (y - v) ** 2)
    return (
        next_y(x, y) - next_y(u, v) >= (1 + eta() / 4) * (y - v)
        and (next_x(x, y) - next_x(u, v)) ** 2 <= (next_y(x, y) - next_y(u, v)) ** 2
    )


@claim.proof(by=induction("n"))
def first_coordinate(n: nat, x: real, y: real) -> prop:
    return orbit_x(n, x, y) == power(n, 1 - eta()) * x


@lemma(
    have=[
        "next_y(x, y) == y + eta() * y * (1 - y) * (1 + y)",
        "eta() * y >= 0",
        "eta() * y * (1 - y) >= 0",
        "eta() * y * (1 - y) * (1 + y) >= 0",
        "eta() * (1 + y) <= 1",
        "y * (eta() * (1 + y)) <= 1",
        "(1 - y) * (1 - y * (eta() * (1 + y))) >= 0",
    ],
)
def between(x: real, y: real) -> prop:
    assume(0 < eta() <= largest, 0 < y <= 1)
    return y <= next_y(x, y) <= 1


@claim.proof(
    by=induction("n"),
    using=[
        between.at(x="x", y="y"),
        nearer.at(x="x", y="y", c="c"),
        power_of_a_proper_fraction.at(n="n", q="1 - eta() * c"),
        hypothesis(x="next_x(x, y)", y="next_y(x, y)", c="c"),
        scaled.at(p="power(n, 1 - eta() * c)", a="1 - next_y(x, y)", b="(1 - eta() * c) * (1 - y)"),
    ],
    have=["0 <= eta() * c <= 1"],
)
def to_the_minimum(n: nat, x: real, y: real, c: real) -> prop:
    """Geometrically, from every start with y > 0; c is any number between 0 and y."""
    assume(0 < eta() <= largest, 0 < c <= y, y <= 1)
    return c <= orbit_y(n, x, y) <= 1 and 1 - orbit_y(n, x, y) <= power(n, 1 - eta() * c) * (1 - y)


@claim.proof(by=induction("n"))
def symmetry(n: nat, x: real, y: real) -> prop:
    """For the starts with y < 0."""
    return orbit_y(n, x, -y) == -orbit_y(n, x, y)


@claim.proof(by=induction("n"))
def to_the_saddle(n: nat, x: real) -> prop:
    """From the starts with y = 0."""
    return orbit_y(n, x, 0) == 0


@claim.proof(
    by=induction("n"),
    using=[
        one_cubic_step.at(a="1 + 3 * n * eta() * y", u="cubic(n, y)", y="y"),
        scaled.at(p="3 * eta()", a="cubic(n, y)", b="y"),
    ],
    have=[
        "eta() * y >= 0",
        "n * eta() * y >= 0",
        "eta() * cubic(n, y) * (1 - 3 * eta() * cubic(n, y)) > 0",
        "cubic(n + 1, y) == cubic(n, y) * (1 - 3 * eta() * cubic(n, y))",
    ],
)
def without_strictness(n: nat, y: real) -> prop:
    """From all starts in an interval to a critical point of y^3 that is no minimum: its second derivative is 0."""
    assume(eta() > 0, y > 0, 3 * eta() * y < 1)
    return 0 < cubic(n, y) <= y and cubic(n, y) * (1 + 3 * n * eta() * y) <= y


@claim.experiment(Probability(at_least="99/100"), runs=1 << 13)
def from_random_starts(draws):
    """Uniform in the square |x|, |y| <= 1, 100 steps of size 1/4: closer than 1/100 to a minimum."""
    x, y = draws.uniform(low=-1.0, high=1.0), draws.uniform(low=-1.0, high=1.0)
    for _ in range(100):
        x, y = 0.75 * x, y + 0.25 * (y - y**3)
    return x**2 + (y.abs() - 1) ** 2 < 1e-4


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(largest, refuted="11/20", proved="1/2")


@claim.mutant(replaces=at_most_one_start_on_a_line)
def faster(n: nat, z: vec, v: vec) -> prop:
    """With a in the place of a - 1"""
    assume(remains(n, z), remains(n, v), cone(z - v))
    return (1 + n * factor()) * dot(z - v, direction()) < width()


@claim.mutant(replaces=from_random_starts)
def from_the_axis(draws):
    """From starts with y = 0"""
    x, y = draws.uniform(low=-1.0, high=1.0), 0 * draws.uniform()
    for _ in range(100):
        x, y = 0.75 * x, y + 0.25 * (y - y**3)
    return x**2 + (y.abs() - 1) ** 2 < 1e-4


@claim.mutant(replaces=slope_y)
def degenerate(x: real, y: real) -> real:
    """The saddle of x^2 + y^3"""
    return 3 * y**2


@claim.mutant(replaces=cone_condition_of_the_wells)
def in_a_wider_region(x: real, y: real, u: real, v: real) -> prop:
    """For |y|, |v| <= 1"""
    assume(0 < eta() <= 1, -1 <= y <= 1, -1 <= v <= 1, y > v, (x - u) ** 2 <= (y - v) ** 2)
    return (
        next_y(x, y) - next_y(u, v) >= (1 + eta() / 4) * (y - v)
        and (next_x(x, y) - next_x(u, v)) ** 2 <= (next_y(x, y) - next_y(u, v)) ** 2
    )


@claim.mutant(replaces=to_the_minimum)
def at_the_same_rate(n: nat, x: real, y: real, c: real) -> prop:
    """At a rate that does not depend on the start"""
    assume(0 < eta() <= largest, 0 < c <= y, y <= 1)
    return c <= orbit_y(n, x, y) <= 1 and 1 - orbit_y(n, x, y) <= power(n, 1 - eta() / 2) * (1 - y)
