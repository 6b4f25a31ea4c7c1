r"""A ReLU gate is learnt from its values by steps that are not gradient steps (Karmakar and Mukherjee 2022).

Where the label is positive the gate is linear, so that the step is one of linear regression: the error e = w - w* loses its
part along the input.  In the mean over the inputs the loss is a quadratic form in e, which two moments bound from both
sides; and the mean over all sequences of inputs is a recursion, whose bound is an induction.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from claims.training.gated_regression import (
    CLOSED_GATE,
    ONE_INPUT,
    after,
    certain,
    closed_gate,
    decrease,
    eta,
    fourth,
    gate,
    high,
    isotropic,
    label,
    low,
    moments,
    moments_of_one_input,
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
from verify import Claim, assume, cite, define, dot, induction, nat, prop, real, relu, sq, vec
from verify.statistics import Experiment, Rate

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
step = claim.parameter("step", "1/7", "the step size of the experiment")
gain = claim.parameter("gain", "2", "the factor of $\\eta \\lambda$ in the rate of one step")


claim.model(ONE_INPUT, using=[moments_of_one_input])
claim.model(CLOSED_GATE, using=[closed_gate])


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
def one_step_contracts(w: vec, a: real, b: real) -> prop:
    """The hypotheses for this w alone."""
    e = w - star()
    assume(total(n()) == 1, eta() >= 0, second(n(), e) >= a * sq(e), fourth(n(), e) <= b * sq(e))
    return after(n(), w) <= (1 - gain * eta() * a + eta() ** 2 * b) * sq(e)


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


# ------------------------------------------------------------------------------------------- gaussian inputs


@claim.experiment(Rate(at=(5, 10, 20, 40), exponent="-741/10000", margin="1/250", law="exponential"), runs=1 << 15)
def gaussian_inputs(draws: Experiment, step: Fraction):
    """|w_t - w*|^2 from w_0 = 0 in dimension 5, where lambda = 1/2 and Lambda = 7/2: E decays like (13/14)^t."""
    return trajectories(draws, float(step), lambda w, x, y: (y > 0) * (y - (w * x).sum(1)))


def trajectories(draws: Experiment, step: float, push: Callable):
    """Squared distances after 5, 10, 20 and 40 steps, w* being a unit vector: shape (runs, 4)."""
    import torch

    inputs = draws.normal(40, 5)
    w, distances = torch.zeros_like(inputs[:, 0]), []
    for t in range(40):
        x = inputs[:, t]
        w = w + step * push(w, x, x[:, 0].relu())[:, None] * x
        if t + 1 in (5, 10, 20, 40):
            distances.append((w[:, 0] - 1).square() + w[:, 1:].square().sum(1))
    return torch.stack(distances, 1)


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(gain, refuted="2001/1000", proved="2")


@claim.mutant(replaces=one_step_contracts)
def second_moments_alone(w: vec, a: real, b: real) -> prop:
    """The rate 1 - 2 eta lambda, whatever the fourth moments are"""
    e = w - star()
    assume(total(n()) == 1, eta() >= 0, second(n(), e) >= a * sq(e), fourth(n(), e) <= b * sq(e))
    return after(n(), w) <= (1 - 2 * eta() * a) * sq(e)


@claim.mutant(replaces=one_step_contracts)
def inputs_off_the_gate(w: vec, a: real, b: real) -> prop:
    """No lower bound on the second moments: the gate may be closed at all inputs"""
    e = w - star()
    assume(total(n()) == 1, eta() > 0, eta() * b < 2 * a, fourth(n(), e) <= b * sq(e), sq(e) > 0)
    return after(n(), w) < sq(e)


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


@claim.mutant(replaces=probability)
def distances_in_place_of_squares(t: nat, w: vec, r: real) -> prop:
    """The probability that the square of the distance is more than r falls like 1/r^2"""
    assume(eta() >= 0, sq(w - star()) > 0, r >= 0)
    return r**2 * chance(t, n(), w, r) <= power(t) * sq(w - star())


claim.mutant("twice-the-step", {step: "2/7"})


@claim.mutant(replaces=gaussian_inputs)
def gradient_descent_on_gaussian_inputs(draws: Experiment, step: Fraction):
    """Gradient descent is as fast; it starts where the gate is closed, and stays there"""
    return trajectories(draws, float(step), lambda w, x, y: ((w * x).sum(1) > 0) * (y - (w * x).sum(1)))
