r"""Noisy gradient descent leaves the region around a strict saddle after a logarithmic number of steps, in any dimension.

Two copies whose first steps differ in the sign of the noise receive the same noise afterwards.  They separate along the
unstable direction at a geometric rate, so that one of them leaves the region: half of all runs do, from every start, and
of those that remain half leave in the next round.
"""

from __future__ import annotations

from claims.optimization.saddle_region import (
    SADDLE,
    bounded,
    cone,
    direction,
    factor,
    few_runs_stay,
    growth,
    growth_is_unbounded,
    more_than_one,
    noise,
    staying,
    unstable,
    unstable_at_the_saddle,
    width,
)
from claims.optimization.two_wells import eta, next_x, next_y, not_stretched, slope_y, squares_in_order, stretched
from verify import Claim, assume, cite, dot, nat, prop, real, vec
from verify.statistics import Probability

claim = Claim(
    "saddle-escape-noisy",
    title="Noise makes gradient descent leave a strict saddle quickly",
    statement=r"Let $F$ and a region be as in saddle-escape-lee, with the factor $a > 1$ along $e$ and the width $w$, let $\xi$ lie in "
    r"the cone around $e$, and let $\theta_{n+1} = F(\theta_n) \pm \xi$ with independent signs of probability $\frac12$ each. If "
    r"$2 a^n \langle \xi, e \rangle \ge w$, then from every start in the region, with probability at least $1 - 2^{-k}$, some of the first "
    r"$k (n + 1)$ steps leads out of the region, whatever the dimension; and $a^n \ge 1 + n (a - 1)$. For $f = x^2/2 + y^4/4 - "
    r"y^2/2$, $|y| < 1/2$ and $0 < \eta \le 1$ this is so with $a = 1 + \eta/4$ and $w = 1$.",
    source=cite(
        "rajnotes",
        "Saddle Points, on Ge, Huang, Jin and Yuan (2015) and Jin et al. (2017)",
        quote="we do not actually have to because a noisy form of gradient descent converges to a local optimum in a "
        "polynomial number of steps.",
    ),
    remarks="What is proved is the escape from one region. The printed sentence needs strict saddles; what the papers prove "
    "are approximate second-order points, from a decrease of the function in each such escape, as recalled. In general it "
    "is NP-hard to decide whether a point is a local minimum. Without noise, a start on the saddle stays there.",
    symbols={
        r"\mathrm{one\_step}": "the map F; it may be any map with the cone condition",
        r"\mathrm{cone}(u)": r"$\langle u, e \rangle > 0$ and $|u|^2 \le 2 \langle u, e \rangle^2$",
        r"\mathrm{growth}(n)": "the n-th power of the factor a",
        r"\mathrm{staying}(n, z)": "the probability that z and the n points after it are in the region",
    },
)

claim.model({factor: "3 / 2"})
claim.model(SADDLE, using=[unstable_at_the_saddle])


@claim.proof(using=[few_runs_stay.at(k="k", n="n", z="z")], assuming=[bounded, unstable, more_than_one])
def few_runs_remain(k: nat, n: nat, z: vec) -> prop:
    assume(cone(2 * noise()), growth(n) * dot(2 * noise(), direction()) >= width())
    return staying(k * (n + 1), z) <= (1 / 2) ** k


@claim.proof(using=[growth_is_unbounded.at(n="n")], assuming=[more_than_one])
def escape_time_is_finite(n: nat) -> prop:
    """Bernoulli's inequality: n >= w / (2 (a - 1) <xi, e>) steps are enough."""
    return growth(n) >= 1 + n * (factor() - 1)


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


@claim.experiment(Probability(at_least="1023/1024"), runs=1 << 14)
def ten_rounds(draws):
    """The wells with eta = 1/4 and the noise (0, 1/100), from the saddle: 2 (17/16)^65 / 100 > 1, hence rounds of 66."""
    return outside_once(draws, draws.sign(660) / 100, lambda y: y + 0.25 * (y - y**3))


def outside_once(draws, noises, step):
    """Whether |y| >= 1/2 at some time, from y = 0, with this noise (a row for each run) after each step."""
    import torch

    y = torch.zeros(draws.runs, dtype=torch.float64, device=draws.device)
    left = y > 1
    for pushed in noises.unbind(1):
        y = torch.where(left, y, step(y) + pushed)
        left |= y.abs() >= 0.5
    return left


# ------------------------------------------------------------------------------------------- what must fail


@claim.mutant(replaces=few_runs_remain)
def half_the_noise(k: nat, n: nat, z: vec) -> prop:
    """With noise of half the size"""
    assume(cone(noise()), growth(n) * dot(4 * noise(), direction()) >= width())
    return staying(k * (n + 1), z) <= (1 / 2) ** k


@claim.mutant(replaces=ten_rounds)
def without_noise(draws):
    """No noise: the saddle is a fixed point"""
    return outside_once(draws, 0 * draws.sign(660), lambda y: y + 0.25 * (y - y**3))


@claim.mutant(replaces=ten_rounds)
def a_minimum(draws):
    """A minimum of y^2 / 2 in the place of the saddle"""
    return outside_once(draws, draws.sign(660) / 100, lambda y: 0.75 * y)


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
