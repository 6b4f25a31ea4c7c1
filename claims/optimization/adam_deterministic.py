r"""Adam with full gradients finds an almost critical point of a smooth function (De, Mukherjee and Ullah 2018).

Let G be the norm of the gradient, at least e as long as the point is not found.  The momentum before it is at most sigma, so
that in the step the gradient itself pays (1 - b) G^2/(sigma + xi) at least, and the momentum costs at most b sigma G/xi: what
is left is q G^2, if b is small.  A step length proportional to G^2 makes the most of it, and f falls by q^2 xi^2 G^4 / (2 L
sigma^2) at least.
"""

from __future__ import annotations

from claims.optimization.adam_descent import ADAM, whole_step
from claims.optimization.adam_runs import ONE_STEP, accuracy, allowed, constants, floor, gain, norm, not_found, run
from claims.optimization.adam_runs import alpha, beta1, crossed, squares_before, weighted  # noqa: F401  (in the hints)
from claims.optimization.adaptive_runs import bound_of_adam
from claims.optimization.orthonormal_vectors import orthonormal
from claims.optimization.preconditioned_steps import best_step, dimension, iterate, squared_moves  # noqa: F401  (in the hints)
from claims.optimization.roots_and_quotients import divided, fourth_power, positive_quotient
from claims.optimization.second_moments import bounded, sigma
from claims.optimization.smooth_functions import L, bounded_below, f, infimum, product
from verify import Claim, assume, cite, induction, lemma, nat, prop, real
from verify.statistics import Probability

claim = Claim(
    "adam-deterministic",
    title="Adam and almost critical points",
    statement=r"Let $f : \mathbb{R}^d \to \mathbb{R}$ with $f(y) \le f(x) + \langle \nabla f(x), y - x \rangle + \frac L2 |y - "
    r"x|^2$ for all $x, y$, and $f(x_0) - f \le \Delta$. Let $g_t = \nabla f(x_t)$, and in each coordinate $m_t = \beta_1 "
    r"m_{t-1} + (1 - \beta_1) g_t$, $v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2$ and $x_{t+1} = x_t - \alpha_t m_t / (\sqrt{v_t} "
    r"+ \xi)$, where $m$ and $v$ begin with 0 and $0 \le \beta_2 < 1$. Let $|g_t| \le \sigma$ for all t and $0 < \varepsilon$. "
    r"If $0 \le \beta_1 < \varepsilon / (\varepsilon + \sigma)$ and $\xi > \sigma^2 \beta_1 / (\varepsilon (1 - \beta_1) - "
    r"\beta_1 \sigma)$, there are step lengths, $\alpha_t = q |g_t|^2 \xi^2 / (L \sigma^2)$ with $q = \frac{1 - \beta_1}{\sigma "
    r"+ \xi} - \frac{\beta_1 \sigma}{\xi \varepsilon} > 0$, such that $|g_t| \ge \varepsilon$ for all $t < T$ only if $T \le 2 L "
    r"\sigma^2 \Delta / (q^2 \xi^2 \varepsilon^4)$. For $\beta_1 = \varepsilon / (\varepsilon + 2 \sigma)$ and $\xi = 2 \sigma$, $T "
    r"\le 18 L (\varepsilon + 2 \sigma)^2 \Delta / \varepsilon^4$.",
    source=cite("de2018", "Theorem on deterministic Adam (3.3), as recalled; the constants are derived anew"),
    remarks="The iterates and these numbers of steps do not change when f, epsilon, sigma and xi are multiplied by one number. "
    "The number recalled from the paper, 9 L sigma^2 Delta / epsilon^6, would; its text was not at hand. As recalled, the "
    "step lengths also have a factor 1/(1 - beta_1^t)^2, which the bound does not need.",
    symbols={
        r"\mathrm{norm}(t), \; \mathrm{accuracy}(), \; \mathrm{floor}(), \; \mathrm{gain}()": r"$|g_t|$, $\varepsilon$, $\xi$ and q",
        r"\mathrm{before}(t, i), \; \mathrm{second}(t, i)": r"$m_{t-1}$ and $v_{t-1}$ in a coordinate",
        r"\mathrm{factor}(t, i)": r"$1/(\sqrt{v_t} + \xi)$",
        r"\mathrm{bounded}(T), \; \mathrm{run}(T)": r"$|g_t| \le \sigma$ for $t < T$; the first T steps are those of Adam",
        r"\mathrm{not\_found}(T)": r"$|g_t| \ge \varepsilon$ for all $t < T$",
    },
)
constant = claim.parameter(
    "constant", "18", "the constant $c$ in $c \\, L (\\varepsilon + 2 \\sigma)^2 \\Delta / \\varepsilon^4$"
)
length = claim.parameter("length", "1", r"how many times $\alpha_t$, in the runs")
claim.model(ONE_STEP)


# ------------------------------------------------------------------------------------------- one step


@claim.proof(
    using=[
        product.at(x="G**2", y="S**2 - B"),
        divided.at(a="2 * S * G", t="n * C + S * G"),
        product.at(x="b * h * (S + n)", y="n * C + S * G"),
        product.at(x="(1 - b) * n * h", y="(S + n) * W - G**2"),
        product.at(x="b * S * (S + n) * G", y="G - h"),
        product.at(x="G**2", y="(1 - b) * n * h - b * S * (S + n) - q * ((S + n) * n * h)"),
        divided.at(a="(S + n) * n * h", t="(1 - b) * W + b * C - q * G**2"),
        product.at(x="b", y="S"),
        product.at(x="b * S", y="(S + n) * G"),
        product.at(x="b * h", y="S + n"),
        product.at(x="(1 - b) * n", y="h"),
        product.at(x="1 - b", y="n"),
        product.at(x="b", y="h"),
    ],
    have=[
        "(2 * S * G) * (n * C + S * G) >= 0",
        "S * G > 0",
        "n * h > 0",
        "((S + n) * n * h) * ((1 - b) * W + b * C - q * G**2) >= 0",
        "(S + n) * n * h > 0",
    ],
)
def gain_of_a_step(S: real, n: real, h: real, b: real, q: real, G: real, W: real, C: real, B: real) -> prop:
    """h is the accuracy, q the gain; W and C are the two sums, and B the squared momentum before the gradient."""
    assume(S > 0, n > 0, h > 0, b >= 0, b < 1, h <= G, B <= S**2, (S + n) * W >= G**2)
    assume(allowed(q, b, n, h, S), 2 * n * S * G * C >= -(S**2 * G**2 + G**2 * B))
    return (1 - b) * W + b * C >= q * G**2


# ------------------------------------------------------------------------------------------- all steps


@lemma(
    using=[
        constants,
        whole_step.at(t="t"),
        gain_of_a_step.at(
            S="sigma()",
            n="floor()",
            h="accuracy()",
            b="beta1()",
            q="gain()",
            G="norm(t)",
            W="weighted(dimension(), t)",
            C="crossed(dimension(), t)",
            B="squares_before(dimension(), t)",
        ),
        best_step.at(
            a="alpha(t)",
            k="L()",
            S="sigma()",
            n="floor()",
            q="gain()",
            G="norm(t)",
            P="(1 - beta1()) * weighted(dimension(), t) + beta1() * crossed(dimension(), t)",
            V="squared_moves(dimension(), t)",
            M="squares_before(dimension(), t + 1)",
            D="f(iterate(t)) - f(iterate(t + 1))",
        ),
    ],
    assuming=ADAM,
)
def one_step(t: nat) -> prop:
    assume(orthonormal(dimension()), bounded(t + 1), run(t + 1), norm(t) >= accuracy())
    decrease = f(iterate(t)) - f(iterate(t + 1))
    return 2 * L() * sigma() ** 2 * decrease >= gain() ** 2 * floor() ** 2 * norm(t) ** 4


@lemma(
    by=induction("T"),
    using=[
        one_step.at(t="T"),
        fourth_power.at(a="accuracy()", b="norm(T)"),
        product.at(x="gain()**2 * floor()**2", y="norm(T)**4 - accuracy()**4"),
        constants,
    ],
    have=["gain()**2 * floor()**2 >= 0"],
    assuming=ADAM,
)
def all_steps(T: nat) -> prop:
    assume(orthonormal(dimension()), bounded(T), run(T), not_found(T))
    decrease = f(iterate(0)) - f(iterate(T))
    return 2 * L() * sigma() ** 2 * decrease >= T * (gain() ** 2 * floor() ** 2 * accuracy() ** 4)


@claim.proof(
    using=[
        constants,
        all_steps.at(T="T"),
        bounded_below.at(x="iterate(T)"),
        product.at(x="L()", y="sigma()**2"),
        product.at(x="L() * sigma()**2", y="f(iterate(T)) - infimum()"),
    ],
    assuming=[*ADAM, bounded_below],
)
def number_of_steps(T: nat) -> prop:
    assume(orthonormal(dimension()), bounded(T), run(T), not_found(T))
    return T * (gain() ** 2 * floor() ** 2 * accuracy() ** 4) <= 2 * L() * sigma() ** 2 * (f(iterate(0)) - infimum())


# ------------------------------------------------------------------------------------------- the parameters


@claim.proof(using=[product.at(x="S", y="b"), product.at(x="n", y="h * (1 - b) - b * S")])
def conditions(b: real, n: real, h: real, S: real) -> prop:
    """The two conditions of the statement make q positive."""
    assume(S > 0, h > 0, b >= 0, b * (h + S) < h, n * (h * (1 - b) - b * S) > S**2 * b)
    return (1 - b) * n * h - b * S * (S + n) > 0


@claim.proof(
    using=[
        positive_quotient.at(a="h + 2 * S", t="b"),
        positive_quotient.at(a="6 * (h + 2 * S)", t="q"),
        product.at(x="b", y="S"),
        divided.at(a="h + 2 * S", t="(1 - b) * n * h - b * S * (S + n) - q * ((S + n) * n * h)"),
    ],
    have=[
        "b * S > 0",
        "b * S**2 > 0",
        "(h + 2 * S) * ((1 - b) * n * h - b * S * (S + n) - q * ((S + n) * n * h)) == 0",
    ],
)
def special_parameters(b: real, n: real, h: real, S: real, q: real) -> prop:
    """b = h / (h + 2 S) and n = 2 S."""
    assume(S > 0, h > 0, b * (h + 2 * S) == h, n == 2 * S, 6 * (h + 2 * S) * q == 1)
    return b * (h + S) < h and n * (h * (1 - b) - b * S) > S**2 * b and allowed(q, b, n, h, S)


@claim.proof(
    using=[
        product.at(x="36 * (h + 2 * S)**2", y="2 * k * S**2 * D - T * (q**2 * n**2 * h**4)"),
        divided.at(a="4 * S**2", t="constant * k * (h + 2 * S)**2 * D - T * h**4"),
    ],
    have=["S**2 > 0", "36 * (h + 2 * S)**2 * (q**2 * n**2) == 4 * S**2"],
)
def special_number_of_steps(T: real, n: real, h: real, S: real, q: real, k: real, D: real) -> prop:
    """k is L, and D is f(x_0) - inf f."""
    assume(S > 0, h > 0, n == 2 * S, 6 * (h + 2 * S) * q == 1, T * (q**2 * n**2 * h**4) <= 2 * k * S**2 * D)
    return T * h**4 <= constant * k * (h + 2 * S) ** 2 * D


@claim.experiment(Probability(at_least="99/100"), runs=1 << 10)
def on_parabolas(draws, length):
    return bound_of_adam(draws, float(length))


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(constant, refuted="179/10", proved="18")
claim.mutant("steps-a-hundred-times-shorter", {length: "1/100"})


@claim.mutant(replaces=allowed)
def any_momentum(q: real, b: real, n: real, h: real, S: real) -> prop:
    """beta_1 may be large"""
    return q > 0 and q * (S + n) <= 1 - b


@claim.mutant(replaces=number_of_steps)
def bound_without_sigma(T: nat) -> prop:
    """The number of steps does not depend on sigma but by the gain"""
    assume(orthonormal(dimension()), bounded(T), run(T), not_found(T))
    return T * (gain() ** 2 * floor() ** 2 * accuracy() ** 4) <= 2 * L() * (f(iterate(0)) - infimum())


@claim.mutant(replaces=conditions)
def smaller_floors(b: real, n: real, h: real, S: real) -> prop:
    """xi may be half as large"""
    assume(S > 0, h > 0, b >= 0, b * (h + S) < h, 2 * n * (h * (1 - b) - b * S) > S**2 * b)
    return (1 - b) * n * h - b * S * (S + n) > 0
