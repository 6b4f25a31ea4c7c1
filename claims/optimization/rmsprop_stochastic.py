r"""RMSProp with one sample at a time, if the gradients of all samples agree in sign (De, Mukherjee and Ullah 2018).

The second moments depend on the sample that is drawn, so that the mean step need not lead downhill.  Where in each coordinate
the gradients of all samples have the same sign, each of them leads downhill, by at least 1/R of its length, R^2 = sigma^2 +
xi, and the mean is what a gradient step would do.  The condition is strong: where the mean is 0, so is every one of them.
"""

from __future__ import annotations

from claims.optimization.adaptive_runs import mean_square_of_rmsprop
from claims.optimization.orthonormal_vectors import orthonormal
from claims.optimization.preconditioned_steps import dimension, iterate
from claims.optimization.roots_and_quotients import divided, root_is_strictly_monotone
from claims.optimization.smooth_functions import L, bounded_below, f, infimum, product, square_that_is_zero
from claims.optimization.stochastic_coordinates import gradients, samples
from claims.optimization.stochastic_descent import STEP, in_expectation, not_negative
from claims.optimization.stochastic_example import RUN, all_steps, next_node, one_coordinate, one_edge
from claims.optimization.stochastic_moments import alpha, constants, floor, floor_is_positive, root, sigma, xi
from verify import Claim, arbitrary, assume, cite, define, induction, lemma, nat, prop, real
from verify.statistics import Mean

claim = Claim(
    "rmsprop-stochastic",
    title="RMSProp with samples that agree",
    statement=r"Let $f : \mathbb{R}^d \to \mathbb{R}$ satisfy $f(y) \le f(x) + \langle \nabla f(x), y - x \rangle + \frac L2 "
    r"|y - x|^2$ for all $x, y$, and $f(x_0) - f \le \Delta$; let $\nabla f$ be the mean of $g_1, \dots, g_k$ with $|g_p| \le "
    r"\sigma$, and such that in each coordinate no two of them have opposite signs. Let $v = 0$ at first, and in each step, "
    r"for a $p$ drawn independently and uniformly and in each coordinate, $v \leftarrow b v + (1 - b)(g_p^2 + \xi)$ and $x "
    r"\leftarrow x - \alpha \, g_p / \sqrt v$, where $0 \le b < 1$, $\xi > 0$ and $\alpha = \sqrt{2 (1 - b) \xi \Delta / "
    r"(\sigma^2 L T)}$. Then $\frac1T \, \mathbb{E} \sum_{t < T} |\nabla f(x_t)|^2 \le \sigma \sqrt{\sigma^2 + \xi} \, "
    r"\sqrt{2 L \Delta / ((1 - b) \xi T)}$ for all $T \ge 1$. Where $\nabla f$ vanishes, so does every $g_p$. Without the "
    r"condition on signs this fails: for $g_1 = 3$ and $g_2 = g_3 = -1$, $b = 0$ and $\xi < 27/5$, the mean gradient is "
    r"$\frac13$ and the mean step leads uphill.",
    source=cite("de2018", "Theorem on stochastic RMSProp (3.1), as recalled; the constants are derived anew"),
    remarks="The bound holds for the mean over time, and so for the least expectation. The condition on signs, at the points "
    "that are reached, makes every critical point of f one of each sample: exact interpolation.",
    symbols={
        r"\mathrm{child}(h, p)": "the node of the tree of all sequences of samples that p leads to from the node h; "
        "each node but the first, 0, has a parent with a smaller number",
        r"\mathrm{gradients}(T, k, h)": r"the expectation of $\sum_{t < T} |\nabla f(x_t)|^2$ from the node h on",
        r"\mathrm{sample}(h, p, i)": "the i-th coordinate of the gradient of the sample p at the node h",
        r"\mathrm{floor}(), \; \mathrm{root}()": r"$(1 - b) \xi$ and $\sqrt{\sigma^2 + \xi}$",
        r"\mathrm{total}(k)": "the sum of the first k of any numbers",
    },
)
constant = claim.parameter(
    "constant", "2", "the constant $c$ in the bound $c \\, \\sigma^2 (\\sigma^2 + \\xi) L \\Delta / T$ of the square"
)
claim.model(RUN, using=[one_edge, next_node, one_coordinate, all_steps])


# ------------------------------------------------------------------------------------------- the rate


@claim.proof(
    using=[
        divided.at(a="m", t="2 * R * d - a * G"),
        product.at(x="a", y="G"),
        product.at(x="2 * R * d - a * G", y="2 * R * d + a * G"),
        product.at(x="k * s * N", y="4 * R**2 * d**2 - a**2 * G**2"),
        product.at(x="R", y="d"),
        product.at(x="k", y="s"),
        product.at(x="k * s", y="N"),
        divided.at(a="2 * d", t="constant * R**2 * d * s * k * N - m * G**2"),
    ],
    have=["m * (2 * R * d - a * G) >= 0", "a**2 * G**2 * (k * s * N) == 2 * m * d * G**2"],
)
def best_step(G: real, m: real, a: real, R: real, d: real, k: real, s: real, N: real) -> prop:
    """s is sigma^2, k is L, and N the number of steps."""
    assume(m > 0, a > 0, R > 0, d > 0, k > 0, s >= 0, N > 0, G >= 0, a**2 * (k * s * N) == 2 * m * d)
    assume(2 * m * a * G <= 2 * R * m * d + N * (k * R * a**2 * s))
    return m * G**2 <= constant * R**2 * d * s * k * N


@claim.proof(
    using=[
        constants,
        in_expectation.at(n="n", h="0", delta="delta"),
        not_negative.at(n="n + 1", i="samples()", h="0"),
        floor_is_positive,
        best_step.at(
            G="gradients(n + 1, samples(), 0)",
            m="floor()",
            a="alpha()",
            R="root()",
            d="delta",
            k="L()",
            s="sigma()**2",
            N="n + 1",
        ),
    ],
    assuming=[*STEP, bounded_below],
)
def rate(n: nat, delta: real) -> prop:
    """N = n + 1 steps; delta is at least f(x_0) - inf f."""
    assume(orthonormal(dimension()), f(iterate(0)) - infimum() <= delta, delta > 0)
    assume(alpha() ** 2 * (L() * sigma() ** 2 * (n + 1)) == 2 * floor() * delta)
    return floor() * gradients(n + 1, samples(), 0) ** 2 <= constant * (
        sigma() ** 2 + xi()
    ) * delta * sigma() ** 2 * L() * (n + 1)


# ------------------------------------------------------------------------------------------- interpolation


@arbitrary
def number(p: nat) -> real: ...


@define
def total(k: nat) -> real:
    return 0 if k == 0 else total(k - 1) + number(k - 1)


@define
def with_the_sign_of(k: nat, g: real) -> prop:
    """None of the first k numbers has the opposite sign of g."""
    return True if k == 0 else with_the_sign_of(k - 1, g) and number(k - 1) * g >= 0


@define
def agree(k: nat) -> prop:
    return True if k == 0 else agree(k - 1) and with_the_sign_of(k - 1, number(k - 1))


@lemma(by=induction("k"), cases=["p + 1 <= k"], have=["implies(p >= k, p == k)"])
def each_of_them(k: nat, g: real, p: nat) -> prop:
    assume(with_the_sign_of(k, g), p + 1 <= k)
    return number(p) * g >= 0


@lemma(
    by=induction("k"),
    using=[each_of_them.at(k="k", g="number(k)", p="p")],
    cases=["p + 1 <= k"],
    have=["implies(p >= k, p == k)", "number(k)**2 >= 0"],
)
def all_with_one(k: nat, p: nat) -> prop:
    assume(agree(k), p + 1 <= k)
    return with_the_sign_of(k, number(p))


@lemma(by=induction("k"))
def total_with_the_sign(k: nat, g: real) -> prop:
    assume(with_the_sign_of(k, g))
    return total(k) * g >= 0


@lemma(
    by=induction("k"),
    using=[total_with_the_sign.at(k="k", g="number(p)")],
    cases=["p + 1 <= k"],
    have=["implies(p >= k, p == k)"],
)
def at_least_its_square(k: nat, p: nat) -> prop:
    assume(with_the_sign_of(k, number(p)), p + 1 <= k)
    return total(k) * number(p) >= number(p) ** 2


@claim.proof(
    using=[
        all_with_one.at(k="k", p="p"),
        at_least_its_square.at(k="k", p="p"),
        square_that_is_zero.at(d="number(p)"),
    ]
)
def interpolation(k: nat, p: nat) -> prop:
    assume(agree(k), total(k) == 0, p + 1 <= k)
    return number(p) == 0


@claim.proof(using=[root_is_strictly_monotone.at(a="3 * s", b="2 * q")], have=["9 * s**2 < 4 * q**2"])
def uphill_without_the_condition(n: real, s: real, q: real) -> prop:
    """n is xi, and s and q are the factors of 3 and of -1."""
    assume(n >= 0, 5 * n < 27, s > 0, q > 0, s**2 * (9 + n) == 1, q**2 * (1 + n) == 1)
    return (3 - 1 - 1) / 3 > 0 and (3 * s - q - q) / 3 < 0


@claim.experiment(Mean(0, 8, at_most=1), runs=1 << 10)
def samples_that_agree(draws):
    """Mean squares divided by the bound, for x/2, x and 3x/2 and T = 4096."""
    return mean_square_of_rmsprop(draws, (0.5, 1.0, 1.5), (0.0, 0.0, 0.0))


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(constant, refuted="199/100", proved="2")


@claim.mutant(replaces=agree)
def signs_that_differ(k: nat) -> prop:
    """Without the condition on signs"""
    return True


@claim.mutant(replaces=rate)
def root_in_place_of_its_square(n: nat, delta: real) -> prop:
    """The bound of the square is proportional to the root of sigma^2 + xi"""
    assume(orthonormal(dimension()), f(iterate(0)) - infimum() <= delta, delta > 0)
    assume(alpha() ** 2 * (L() * sigma() ** 2 * (n + 1)) == 2 * floor() * delta)
    return floor() * gradients(n + 1, samples(), 0) ** 2 <= constant * root() * delta * sigma() ** 2 * L() * (n + 1)


@claim.mutant(replaces=uphill_without_the_condition)
def uphill_with_two_samples(n: real, s: real, q: real) -> prop:
    """The same for the samples 3 and -1 alone"""
    assume(n >= 0, 5 * n < 27, s > 0, q > 0, s**2 * (9 + n) == 1, q**2 * (1 + n) == 1)
    return (3 - 1) / 2 > 0 and (3 * s - q) / 2 < 0


@claim.mutant(replaces=samples_that_agree)
def samples_that_differ(draws):
    """Runs with x + 2, x - 1 and x - 1, whose signs differ near 0"""
    return mean_square_of_rmsprop(draws, (1.0, 1.0, 1.0), (2.0, -1.0, -1.0))
