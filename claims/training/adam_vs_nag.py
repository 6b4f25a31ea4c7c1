r"""Adam with a large momentum against tuned Nesterov acceleration, on small autoencoders (De, Mukherjee, Ullah 2018).

A comparison of methods is about data, networks, steps and tuning.  Here all of them are small and written down: each run draws
its own data and initial weights, every method starts from the same ones, and each gets the best of its settings in hindsight.
"""

from __future__ import annotations

from fractions import Fraction

from verify import Claim, cite
from verify.statistics import Experiment, MeanNear, Probability

DATA, WIDTH, HIDDEN, STEPS = 48, 12, 6, 400
ADAM = (0.01, 0.02, 0.05, 0.1)
NESTEROV = tuple((rate, momentum) for rate in (0.02, 0.03, 0.05) for momentum in (0.8, 0.9, 0.95))

claim = Claim(
    "adam-vs-nag-empirical",
    title="Adam against Nesterov acceleration on small autoencoders",
    statement=r"Train $x \mapsto B \, \mathrm{ReLU}(A x + a) + b$ with 6 hidden units on 48 points of $\mathbb{R}^{12}$ (of rank 3, "
    r"with sparse outliers), 400 steps with full gradients. Let $r$ be the logarithm of the final training loss of Adam over "
    r"that of Nesterov's method, from the same start, each with the best in hindsight of its settings: four step sizes for "
    r"Adam, nine pairs of step size and momentum for Nesterov. For $\beta_1 = 0.99$ Nesterov's method ends lower in at least "
    r"$2/3$ of the runs, and $\mathrm{E} \, r = 2/5 \pm 1/4$. For $\beta_1 = 0.9$ Adam ends lower in the mean: $-1/4 < \mathrm{E} \, "
    r"r < 0$.",
    source=cite(
        "de2018",
        "abstract",
        quote="We show that at very high values of the momentum parameter (β1 = 0.99) ADAM outperforms a carefully tuned NAG on "
        "most of our experiments, in terms of getting lower training and test losses. On the other hand, NAG can sometimes do "
        "better when ADAM's β1 is set to the most commonly used value: β1 = 0.9",
    ),
    remarks="The experiments of the source, on larger autoencoders and VGG-9 with CIFAR-10, are not repeated here, and nothing is "
    "said about them. In this small problem and with so few steps the order is the opposite one: what the source observed is "
    "no property of the two methods alone. Test losses are not measured. The distribution of r is that of the data and initial "
    "weights that the program draws; margins and numbers of runs were fixed after a pilot with other random numbers.",
)
large = claim.parameter("large", "99/100", r"$\beta_1$ of Adam in the first two experiments")
usual = claim.parameter("usual", "9/10", r"$\beta_1$ of Adam in the third")


def start(draws: Experiment):
    """Data of rank 3 with sparse outliers (runs, DATA, WIDTH), and the weights and biases of an autoencoder."""
    import torch

    low_rank = draws.normal(DATA, 3) @ draws.normal(3, WIDTH) / 3**0.5
    outliers = torch.where(draws.uniform(DATA, WIDTH) < 0.05, 2 * draws.normal(DATA, WIDTH), 0.0)
    encoder, decoder = draws.normal(WIDTH, HIDDEN) / WIDTH**0.5, draws.normal(HIDDEN, WIDTH) / HIDDEN**0.5
    biases = torch.zeros_like(encoder[:, :1]), torch.zeros_like(decoder[:, :1])
    return low_rank + outliers, [encoder, biases[0], decoder, biases[1]]


def loss_and_gradient(x, weights):
    """Half the mean squared error of x -> ReLU(x A + a) B + b, shape (runs, settings), and its gradient."""
    encoder, a, decoder, b = weights
    before = x @ encoder + a
    hidden = before.relu()
    error = hidden @ decoder + b - x
    outer = error / DATA
    inner = (outer @ decoder.mT) * (before > 0)
    gradient = [x.mT @ inner, inner.sum(-2, keepdim=True), hidden.mT @ outer, outer.sum(-2, keepdim=True)]
    return error.square().sum((-2, -1)) / (2 * DATA), gradient


def settings(x, weights, count: int):
    """One copy for each setting: a new second axis."""
    return [v[:, None].expand(-1, count, -1, -1).contiguous() for v in (x, *weights)]


def nesterov(x, weights, pairs=NESTEROV):
    """The least training loss of Nesterov's method over pairs of step size and momentum, shape (runs,)."""
    import torch

    x, *weights = settings(x, weights, len(pairs))
    rate, mu = torch.tensor(pairs, dtype=x.dtype, device=x.device).T[:, :, None, None]
    velocity = [torch.zeros_like(w) for w in weights]
    for _ in range(STEPS):
        _, gradient = loss_and_gradient(x, [w + mu * v for w, v in zip(weights, velocity, strict=True)])
        velocity = [mu * v - rate * g for v, g in zip(velocity, gradient, strict=True)]
        weights = [w + v for w, v in zip(weights, velocity, strict=True)]
    return least(loss_and_gradient(x, weights)[0])


def adam(x, weights, beta: float, rates=ADAM):
    """The least training loss of Adam over step sizes, beta_2 = 0.999, shape (runs,)."""
    import torch

    x, *weights = settings(x, weights, len(rates))
    rate = torch.tensor(rates, dtype=x.dtype, device=x.device)[:, None, None]
    first, second = ([torch.zeros_like(w) for w in weights] for _ in range(2))
    for t in range(1, STEPS + 1):
        _, gradient = loss_and_gradient(x, weights)
        first = [beta * m + (1 - beta) * g for m, g in zip(first, gradient, strict=True)]
        second = [0.999 * v + 0.001 * g * g for v, g in zip(second, gradient, strict=True)]
        scale = rate * (1 - 0.999**t) ** 0.5 / (1 - beta**t)
        weights = [w - scale * m / (v.sqrt() + 1e-8) for w, m, v in zip(weights, first, second, strict=True)]
    return least(loss_and_gradient(x, weights)[0])


def least(losses):
    """Over the settings; a run that diverged has an infinite loss."""
    return losses.nan_to_num(nan=float("inf")).amin(1)


@claim.experiment(Probability(at_least="2/3"), runs=64, role="proof", floats_per_run=1 << 19)
def nesterov_ends_lower(draws: Experiment, large: Fraction):
    """Adam with the large beta_1"""
    x, weights = start(draws)
    return nesterov(x, weights) < adam(x, weights, float(large))


@claim.experiment(MeanNear(target="2/5", margin="1/4"), runs=64, role="proof", floats_per_run=1 << 19)
def large_momentum(draws: Experiment, large: Fraction):
    """r for the large beta_1"""
    x, weights = start(draws)
    return (adam(x, weights, float(large)) / nesterov(x, weights)).log()


@claim.experiment(MeanNear(target="-1/8", margin="1/8"), runs=192, role="proof", floats_per_run=1 << 19)
def usual_momentum(draws: Experiment, usual: Fraction):
    """r for the usual beta_1"""
    x, weights = start(draws)
    return (adam(x, weights, float(usual)) / nesterov(x, weights)).log()


# ------------------------------------------------------------------------------------------- what must fail


claim.mutant("the-usual-momentum-is-large", {large: "9/10"})
claim.mutant("the-large-momentum-is-usual", {usual: "99/100"})


@claim.mutant(replaces=large_momentum)
def names_exchanged(draws: Experiment, large: Fraction):
    """The results of the two methods are exchanged"""
    x, weights = start(draws)
    return (nesterov(x, weights) / adam(x, weights, float(large))).log()


@claim.mutant(replaces=large_momentum)
def nesterov_untuned(draws: Experiment, large: Fraction):
    """Nesterov's method has one setting, with a step size ten times too small"""
    x, weights = start(draws)
    return (adam(x, weights, float(large)) / nesterov(x, weights, ((0.003, 0.9),))).log()
