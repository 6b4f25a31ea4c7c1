r"""A ReLU gate is learnt from its values by steps that are not gradient steps (Karmakar and Mukherjee 2022).

Where the label is positive the gate is linear, so that the step is one of linear regression: the error e = w - w* loses its
part along the input.  In the mean over the inputs the loss is a quadratic form in e, which two moments bound from both
sides; and the mean over all sequences of inputs is a recursion, whose bound is an induction.
"""

from __future__ import annotations

from claims.training.gated_regression import (
    after,
    certain,
    decrease,
    eta,
    fourth,
    gate,
    high,
    isotropic,
    label,
    low,
    moments,
    n,
    probabilities,
    push,
    rate,
    rate_is_not_negative,
    second,
    star,
    total,
    x,
)
from claims.training.gated_runs import (
    bound_contracts,
    chance,
    chances,
    isotropic_bound,
    mean,
    means,
    means_are_equal,
    power,
)
from verify import (
    Claim,
    assume,
    cite,
    define,
    dot,
    induction,
    nat,
    prop,
    real,
    relu,
    sq,
    vec,
)

claim = Claim(
    "relu-gate-training",
    title="A ReLU gate is learnt at a linear rate",
    statement=r"Let $x_0, \dots, x_{n-1}$ be inputs with probabilities $p_i$, in any dimension, $y = \mathrm{ReLU}(\langle w_*, "
    r"x \rangle)$, $G = 1_{y > 0}$, and $\mathrm{E}\, G \langle x, e \rangle^2 \ge \lambda |e|^2$, $\mathrm{E}\, G |x|^2 \langle "
    r"x, e \rangle^2 \le \Lambda |e|^2$ for all $e$. For $w_{t+1} = w_t + \eta \, G \, (y - \langle w_t, x \rangle) \, x$ with "
    r"independent inputs, $\eta \ge 0$, $w_0 \ne w_*$ and $\rho = 1 - 2 \eta \lambda + \eta^2 \Lambda$, all $t$ and $r$: "
    r"$\mathrm{E} |w_t - w_*|^2 \le \rho^t |w_0 - w_*|^2$ and $r \, \mathrm{P}(|w_t - w_*|^2 > r) \le \rho^t |w_0 - w_*|^2$. "
    r"If $\Lambda > 0$, $\rho$ is least for $\eta = \lambda / \Lambda$, where it is $1 - \lambda^2 / \Lambda$. "
    r"If both moment bounds are equations, so is the first bound.",
    source=cite(
        "karmakar2022",
        "abstract",
        quote="We give a simple iterative stochastic algorithm that can train a ReLU gate in the realizable setting in linear "
        "time while using significantly milder conditions on the data distribution than previous such results.",
    ),
    remarks="The abstract was read; the moment conditions are ours, as recalled. The distribution of the inputs has finitely "
    "many values, so that means and probabilities are finite sums. The mean is over all sequences of t inputs. The second bound "
    "says that the probability is at most δ as soon as ρ^t |w_0 - w*|² <= δ r. For inputs 1 and -1 with equal probabilities "
    "the moment bounds are equations. Of gradient descent for (ReLU(w) - 1)²/2, the case x = w* = 1, it is proved that it "
    "never leaves a point w <= 0, if the derivative of ReLU at 0 is taken to be 0.",
    symbols={
        r"\mathrm{star}()": "the weights w* that made the labels",
        r"\mathrm{low}(), \; \mathrm{high}()": "the moment bounds λ and Λ",
        r"\mathrm{push}(w, i)": "how far the step at the input x_i goes along x_i",
        r"\mathrm{after}(k, w)": "the part of E |w_1 - w*|² that comes from the first k inputs",
        r"\mathrm{mean}(t, k, w), \; \mathrm{chance}(t, k, w, r)": "E |w_t - w*|² and P(|w_t - w*|² > r) for w_0 = w, as far "
        "as they come from sequences whose first input is among the first k; all of them for k = n",
        r"\mathrm{bound}(t, k, w)": "what the induction shows about mean(t, k, w)",
    },
)
gain = claim.parameter("gain", "2", "the factor of $\\eta \\lambda$ in the rate of one step")


@claim.proof(
    using=[rate_is_not_negative.at(w="w"), means.at(t="t", k="n()", w="w"), bound_contracts.at(t="t", w="w")],
    assuming=[probabilities, certain, moments],
)
def linear_rate(t: nat, w: vec) -> prop:
    assume(eta() >= 0, sq(w - star()) > 0)
    return mean(t, n(), w) <= power(t) * sq(w - star())


@claim.proof(using=[linear_rate, chances.at(t="t", k="n()", w="w", r="r")], assuming=[probabilities, certain, moments])
def probability(t: nat, w: vec, r: real) -> prop:
    assume(eta() >= 0, sq(w - star()) > 0, r >= 0)
    return r * chance(t, n(), w, r) <= power(t) * sq(w - star())


@claim.proof()
def best_step() -> prop:
    return high() * rate() == high() - low() ** 2 + (eta() * high() - low()) ** 2


@claim.proof(using=[decrease])
def one_step(k: nat, w: vec, a: real, b: real) -> prop:
    """The hypotheses for this w alone."""
    e = w - star()
    assume(total(k) == 1, eta() >= 0, second(k, e) >= a * sq(e), fourth(k, e) <= b * sq(e))
    return after(k, w) <= (1 - gain * eta() * a + eta() ** 2 * b) * sq(e)


# ----------------------------------------------------------------------------------------------- equality


@claim.proof(using=[means_are_equal.at(t="t", k="n()", w="w"), isotropic_bound], assuming=[certain, isotropic])
def equality(t: nat, w: vec) -> prop:
    return mean(t, n(), w) == power(t) * sq(w - star())


# ---------------------------------------------------------------------------------------- gradient descent


@define
def descent(t: nat, w: real) -> real:
    """Gradient descent for (ReLU(w) - 1)^2 / 2."""
    return w if t == 0 else descent(t - 1, w - eta() * gate(w) * (relu(w) - 1))


@claim.proof(by=induction("t"))
def gradient_descent_stays(t: nat, w: real) -> prop:
    assume(w <= 0)
    return descent(t, w) == w


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(gain, refuted="2001/1000", proved="2")


@claim.mutant(replaces=one_step)
def second_moments_alone(k: nat, w: vec, a: real, b: real) -> prop:
    """The rate 1 - 2 eta lambda, whatever the fourth moments are"""
    e = w - star()
    assume(total(k) == 1, eta() >= 0, second(k, e) >= a * sq(e), fourth(k, e) <= b * sq(e))
    return after(k, w) <= (1 - 2 * eta() * a) * sq(e)


@claim.mutant(replaces=one_step)
def inputs_off_the_gate(k: nat, w: vec, a: real, b: real) -> prop:
    """No lower bound on the second moments: the gate may be closed at all inputs"""
    e = w - star()
    assume(total(k) == 1, eta() > 0, eta() * b < 2 * a, fourth(k, e) <= b * sq(e), sq(e) > 0)
    return after(k, w) < sq(e)


@claim.mutant(replaces=push)
def derivative_of_the_gate(w: vec, i: nat) -> real:
    """Gradient descent: the gate of w in place of that of the label"""
    return eta() * gate(dot(w, x(i))) * (label(i) - relu(dot(w, x(i))))


@claim.mutant(replaces=label)
def labels_with_noise(i: nat) -> real:
    """Labels that no gate has made, too large by 1"""
    return relu(dot(star(), x(i))) + 1


@claim.mutant(replaces=gradient_descent_stays)
def descent_stays_everywhere(t: nat, w: real) -> prop:
    """Gradient descent does not move from any point"""
    return descent(t, w) == w
