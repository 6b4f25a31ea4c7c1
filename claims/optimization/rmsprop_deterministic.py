r"""RMSProp with full gradients finds an almost critical point of any smooth function (De, Mukherjee and Ullah 2018).

The second moments stay between (1 - b) xi and sigma^2 + xi, so that every coordinate of the gradient is multiplied by a
factor r with 1/(sigma^2 + xi) <= r^2 <= 1/((1 - b) xi).  For the step length alpha below, each coordinate g then pays for
at least (1 - b) xi g^2 / (2 L (sigma^2 + xi)) of the decrease of f, whatever the other coordinates do; and what all steps
take away cannot exceed f(x_0) - inf f.
"""

from __future__ import annotations

from claims.optimization.adaptive_runs import bound_of_rmsprop
from claims.optimization.orthonormal_vectors import orthonormal
from claims.optimization.preconditioned_steps import (
    coordinate,  # noqa: F401  (the hints mention it)
    descent_of_a_step,
    dimension,
    from_two,
    iterate,
    move,
    products,
    squared_moves,
    squares,
    steep,
    steps,
)
from claims.optimization.roots_and_quotients import root_is_monotone
from claims.optimization.second_moments import (
    alpha,
    beta,
    bounded,
    coordinates_are_small,
    factor,
    moment,
    run,
    setting,
    sigma,
    small_until,
    stepped,
    xi,
)
from claims.optimization.smooth_functions import PARABOLA, L, below_parabolas, bounded_below, f, infimum, product
from verify import Claim, arbitrary, assume, assumption, cite, induction, lemma, nat, prop, real
from verify.statistics import Probability

claim = Claim(
    "rmsprop-deterministic",
    title="RMSProp and almost critical points",
    statement=r"Let $f : \mathbb{R}^d \to \mathbb{R}$ with $f(y) \le f(x) + \langle \nabla f(x), y - x \rangle + \frac L2 |y - "
    r"x|^2$ for all $x, y$, and $f(x_0) - f \le \Delta$. Let $0 \le b < 1$, $\xi > 0$, $v_{-1} = 0$, and in each coordinate "
    r"$v_t = b \, v_{t-1} + (1 - b)(g_t^2 + \xi)$ and $x_{t+1} = x_t - \alpha \, g_t / \sqrt{v_t}$, where $g_t = \nabla f(x_t)$ "
    r"and $\alpha = (1 - b) \xi / (L \sqrt{\sigma^2 + \xi})$. If $|g_t| \le \sigma$ for all t, then $\min_{t < T} |\nabla "
    r"f(x_t)|^2 \le \frac{2 L (\sigma^2 + \xi) \Delta}{(1 - b) \, \xi \, T}$ for all $T \ge 1$.",
    source=cite("de2018", "Theorem on deterministic RMSProp (3.2), as recalled; the constants are derived anew"),
    remarks="The hypotheses hold for f(x) = L x^2 / 2 and sigma = L |x_0|, for example. With a step four times as long the bound "
    "on one coordinate fails; without the floor xi the step is not defined.",
    symbols={
        r"\mathrm{coordinate}(t, i)": "the i-th coordinate of the gradient at the iterate iterate(t)",
        r"\mathrm{move}(t, i)": "by how much the step from x(t) lowers this coordinate of x",
        r"\mathrm{moment}(t, i)": r"$v_t$ in this coordinate",
        r"\mathrm{squares}(d, t)": "the sum of their squares for i < d",
        r"\mathrm{root}()": r"$\sqrt{\sigma^2 + \xi}$",
        r"\mathrm{bounded}(T), \; \mathrm{run}(T)": r"$|g_t| \le \sigma$ for $t < T$; the first T steps are those of RMSProp",
        r"\mathrm{steep}(T, m)": r"$m \le |\nabla f(x_t)|^2$ for all $t < T$",
    },
)
length = claim.parameter("length", "1", "how many times the step $(1 - b) \\xi / (L \\sqrt{\\sigma^2 + \\xi})$")
constant = claim.parameter("constant", "2", "the constant $c$ in $c \\, L (\\sigma^2 + \\xi) \\Delta$")


@arbitrary
def root() -> real: ...


# ------------------------------------------------------------------------------------------- hypotheses


@assumption()
def constants() -> prop:
    """root() is the root of sigma^2 + xi, and alpha() the step length."""
    return (
        setting()
        and L() > 0
        and root() > 0
        and root() ** 2 == sigma() ** 2 + xi()
        and alpha() * (L() * root()) == length * ((1 - beta()) * xi())
    )


# one step on a parabola, along e(0)
claim.model(
    {**PARABOLA, dimension: "1", iterate: from_two, move: "10/9", factor: "1/3"}
    | {alpha: "5/3", beta: "0", xi: "5", sigma: "2", root: "3"}
)


# ------------------------------------------------------------------------------------------- one coordinate


@claim.proof(
    by=induction("t"),
    using=[
        product.at(x="1 - beta()", y="xi()"),
        product.at(x="1 - beta()", y="coordinate(0, i)**2"),
        product.at(x="1 - beta()", y="coordinate(t + 1, i)**2"),
        product.at(x="1 - beta()", y="sigma()**2 - coordinate(0, i)**2"),
        product.at(x="1 - beta()", y="sigma()**2 - coordinate(t + 1, i)**2"),
        product.at(x="beta()", y="moment(t, i)"),
        product.at(x="beta()", y="sigma()**2 + xi() - moment(t, i)"),
    ],
    have=["(1 - beta()) * xi() > 0"],
)
def range_of_moments(t: nat, i: nat) -> prop:
    """In particular the step is defined."""
    assume(setting(), small_until(t, i))
    return moment(t, i) > 0 and (1 - beta()) * xi() <= moment(t, i) and moment(t, i) <= sigma() ** 2 + xi()


@claim.proof(
    using=[
        product.at(x="s**2", y="R**2 - v"),
        product.at(x="s**2", y="v - m"),
        product.at(x="R", y="s"),
        root_is_monotone.at(a="1", b="R * s"),
        product.at(x="m", y="g**2"),
        product.at(x="m * g**2", y="R * s - 1"),
        product.at(x="m * g**2", y="1 - m * s**2"),
    ],
)
def one_coordinate_pays(g: real, v: real, s: real, m: real, R: real, k: real, a: real) -> prop:
    """s is the factor of the coordinate g, m is (1 - b) xi, R^2 is sigma^2 + xi, k is L, and a the step length."""
    assume(m > 0, m <= v, v <= R**2, s > 0, s**2 * v == 1, k > 0, R > 0, a * (k * R) == length * m)
    return constant * k * R**2 * (a * s * g**2 - k / 2 * (a * s * g) ** 2) >= m * g**2


# ------------------------------------------------------------------------------------------- the steps


@lemma(
    by=induction("d"),
    using=[
        constants,
        coordinates_are_small.at(t="t", i="d"),
        range_of_moments.at(t="t", i="d"),
        product.at(x="1 - beta()", y="xi()"),
        one_coordinate_pays.at(
            g="coordinate(t, d)",
            v="moment(t, d)",
            s="factor(t, d)",
            m="(1 - beta()) * xi()",
            R="root()",
            k="L()",
            a="alpha()",
        ),
    ],
    have=["(1 - beta()) * xi() > 0"],
    assuming=[constants],
)
def coordinates_pay(d: nat, t: nat) -> prop:
    assume(d <= dimension(), bounded(t + 1), stepped(d, t))
    gain = products(d, t, t) - L() / 2 * squared_moves(d, t)
    return constant * L() * root() ** 2 * gain >= (1 - beta()) * xi() * squares(d, t)


@lemma(
    by=induction("T"),
    using=[
        constants,
        steps,
        coordinates_pay.at(d="dimension()", t="T"),
        descent_of_a_step.at(t="T", s="T", n="T + 1"),
        product.at(x="1 - beta()", y="xi()"),
        product.at(x="(1 - beta()) * xi()", y="squares(dimension(), T) - m"),
        product.at(x="L()", y="root()**2"),
        product.at(
            x="L() * root()**2",
            y="f(iterate(T)) - products(dimension(), T, T) + L() / 2 * squared_moves(dimension(), T) - f(iterate(T + 1))",
        ),
    ],
    assuming=[below_parabolas, constants, steps],
)
def all_steps(T: nat, m: real) -> prop:
    assume(orthonormal(dimension()), bounded(T), run(T), steep(T, m))
    return (1 - beta()) * xi() * T * m <= constant * L() * root() ** 2 * (f(iterate(0)) - f(iterate(T)))


@claim.proof(
    using=[
        constants,
        all_steps.at(T="T", m="m"),
        bounded_below.at(x="iterate(T)"),
        product.at(x="L()", y="root()**2"),
        product.at(x="L() * root()**2", y="f(iterate(T)) - infimum()"),
    ],
    assuming=[below_parabolas, bounded_below, constants, steps],
)
def rate(T: nat, m: real) -> prop:
    """For any m that is at most |g_t|^2 for all t < T."""
    assume(orthonormal(dimension()), bounded(T), run(T), steep(T, m))
    return (1 - beta()) * xi() * T * m <= constant * L() * (sigma() ** 2 + xi()) * (f(iterate(0)) - infimum())


@claim.experiment(Probability(at_least="999/1000"), runs=1 << 13)
def on_parabolas(draws, length):
    return bound_of_rmsprop(draws, float(length))


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(constant, refuted="199/100", proved="2")
claim.mutant("steps-four-times-as-long", {length: "4"})


@claim.mutant(replaces=setting)
def without_a_floor() -> prop:
    """xi may be 0"""
    return beta() >= 0 and beta() < 1 and xi() >= 0


@claim.mutant(replaces=rate)
def root_in_place_of_its_square(T: nat, m: real) -> prop:
    """The number of steps is proportional to the root of sigma^2 + xi"""
    assume(orthonormal(dimension()), bounded(T), run(T), steep(T, m))
    return (1 - beta()) * xi() * T * m <= constant * L() * root() * (f(iterate(0)) - infimum())


@claim.mutant(replaces=small_until)
def gradients_without_a_bound(t: nat, i: nat) -> prop:
    """The gradients need not be bounded"""
    return True
