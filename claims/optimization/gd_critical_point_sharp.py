r"""No better rate for almost critical points: for every number of steps of any length up to 1/beta, a function on the line.

Its derivative is 1 at all iterates and dips by tents between them (``tents``), so that gradient descent sees nothing but the
slope 1, and f falls by as little as it can.
"""

from __future__ import annotations

from fractions import Fraction

from claims.optimization.tents import (
    at_the_first_iterate,
    iterate,
    iterates,
    least_value,
    near,
    slope,
    slopes_at_the_iterates,
    tents,
    tents_are_smooth,
)
from verify import Claim, assume, cite, nat, prop, real
from verify.optimization import Problem, Smooth, Tight, on_line
from verify.optimization import tents as worst_function

claim = Claim(
    "gd-critical-point-sharp",
    title="The rate of gradient descent for critical points is sharp",
    statement=r"For every $N$ and $0 \le t \le 1$ there is a function $f$ on the line with $|f(y) - f(x) - f'(x) (y - x)| \le \frac12 (y "
    r"- x)^2$ for all $x, y$, for which $x_{i+1} = x_i - t f'(x_i)$ meets no derivative less than 1 for $i \le N$, although $f(x_0) - f "
    r"\le \frac14 (2 + N (4t - t^2))$ everywhere. So the bound of gd-critical-point-rate for $0 < t \le 1$ is attained.",
    source=cite("abbaszadehpeivasti2022", "Proposition 4, as recalled"),
    remarks="Here beta = 1 and the derivatives are 1; other values follow by scaling f and x.",
    symbols={
        r"\mathrm{tents}, \; \mathrm{slope}(n, t, x)": "the function for n steps and its derivative",
        r"\mathrm{near}(a, s, b, u, h)": "the values a, b and slopes s, u are h apart in place, and have this property from both sides",
        r"\mathrm{iterate}(i, n, t)": "the i-th iterate from 0",
    },
)
drop = claim.parameter("drop", "4", r"the constant in $\Delta = (2 + N (4t - t^2)) / c$")


@claim.proof(using=[tents_are_smooth.at(n="n", t="t", x="x", h="h")])
def these_are_smooth_functions(n: nat, t: real, x: real, h: real) -> prop:
    """For x and x + h, which are any two points."""
    assume(t >= 0, h >= 0)
    return near(tents(n, t, x), slope(n, t, x), tents(n, t, x + h), slope(n, t, x + h), h)


@claim.proof(
    using=[
        iterates.at(i="i", n="n", t="t"),
        slopes_at_the_iterates.at(n="n", i="i", t="t"),
    ]
)
def no_iterate_is_less_steep(i: nat, n: nat, t: real) -> prop:
    assume(t >= 0, i <= n)
    return slope(n, t, iterate(i, n, t)) == 1


@claim.proof(using=[at_the_first_iterate.at(n="n", t="t"), least_value.at(n="n", t="t", x="x")])
def there_is_little_to_gain(n: nat, t: real, x: real) -> prop:
    assume(0 <= t <= 1)
    return drop * (tents(n, t, 0) - tents(n, t, x)) <= 2 + n * (4 * t - t**2)


@claim.exact(naturals={"quarters": (1, 2, 3, 4), "N": (1, 2, 3, 5, 10)}, role="stress")
def attained(quarters: int, N: int, drop: Fraction) -> Tight:
    """The same functions by their knots, and the bound as a worst case."""
    t, problem = Fraction(quarters, 4), Problem()
    f = problem.function(Smooth(L=1))
    start = x = problem.point("x0")
    squares = [f.gradient(x) ** 2]
    for _ in range(N):
        x = x - t * f.gradient(x)
        squares.append(f.gradient(x) ** 2)
    gap, rate = f(start) - problem.infimum(f), drop / (2 + N * (4 * t - t**2))
    instance = on_line(worst_function(L=1, step=t, steps=N), x0=0)
    return Tight(problem, performance=squares, initial=gap, rate=rate, worst_function=instance)


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(drop, refuted="1025/256", proved="4")


@claim.mutant(replaces=slope)
def without_tents(n: nat, t: real, x: real) -> real:
    """The slope is 1 everywhere"""
    return 1 if n == 0 else slope(n - 1, t, x)


@claim.mutant(replaces=there_is_little_to_gain)
def steps_of_any_length(n: nat, t: real, x: real) -> prop:
    """For steps of any length"""
    assume(t >= 0)
    return drop * (tents(n, t, 0) - tents(n, t, x)) <= 2 + n * (4 * t - t**2)
