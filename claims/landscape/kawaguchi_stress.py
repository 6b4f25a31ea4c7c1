r"""Deep linear networks have no bad local minima: a search for one from random starts, and ReLU networks, which have them.

Each run draws a data set of its own and a start, and goes to a critical point, whatever its kind, by minimizing the norm of
the gradient.  What is found is compared with the formula for all critical values, which the search does not know.
"""

from __future__ import annotations

from fractions import Fraction

from verify import Claim, assume, cite, define, prop, real, relu
from verify.statistics import Experiment, Probability

claim = Claim(
    "kawaguchi-stress",
    title="A search for bad local minima of deep linear networks finds none",
    statement=r"For a random regression with three inputs and three outputs, a network $W_3 W_2 W_1$ with widths 3, 3, 2, 3 and a "
    r"random start, the Levenberg-Marquardt method for $\nabla L = 0$ ends, with a probability of 4/5 at least, at a critical point; and "
    r"with a probability of 99/100 at least, a start does not end at a critical point that is either outside of the formula (loss "
    r"$\frac12 \sum_{i \notin S} \sigma_i^2$ for a set S of at most two singular values) or a bad local minimum as far as one can see: above the "
    r"global minimum, without a negative eigenvalue and without lower values nearby. For three ReLU units and eight "
    r"points in the plane with random labels, one of four starts ends, with a probability of 1/5 at least, at a local minimum whose "
    r"loss exceeds that of another one by 1/100. And $(\mathrm{ReLU}(w) - 1)^2$ has the local minimum 1 at every $w < 0$, beside 0.",
    source=cite("kawaguchi2016", "Theorem 2.3 (ii) and (iii), as recalled"),
    remarks="Floating point: critical means that the gradient is at most 1e-11, and the formula holds up to 1e-6. The ReLU units have the "
    "fixed output weights 1, 1, -1, so that inside of an activation cell the loss is convex, and a critical point a local minimum. The formula is "
    "by Baldi and Hornik for two layers, and by Trager, Kohn and Bruna for every depth, as recalled. The proofs are in "
    "kawaguchi-linear-nets, kawaguchi-saddles and kawaguchi-scalar-networks.",
    symbols={r"\mathrm{one\_unit}(w)": "the loss of one ReLU unit at the input 1, for the label 1"},
)


steps = claim.parameter("steps", "200", "the steps of a search, at most")
most = claim.parameter("most", "2", "the size of the sets in the formula, at most: the smallest width")


@define
def one_unit(w: real) -> real:
    return (relu(w) - 1) ** 2


@claim.proof()
def relu_has_bad_minima(w: real, v: real) -> prop:
    """The loss is constant on the negative numbers, and smaller at 1."""
    assume(w < 0, v < 0)
    return one_unit(v) == one_unit(w) == 1 and one_unit(1) == 0


def ends(draws: Experiment, most: int, steps: int):
    """Whether runs converge (runs,), and whether they end at a critical point that should not be there (runs,)."""
    import torch

    from verify.landscape.stationary import classify, search
    from verify.landscape.stationary_linear import DeepLinear
    from verify.landscape.subsets import Regression, Subsets

    rows = torch.arange(draws.runs, device=draws.device)
    network = DeepLinear((3, 3, 2, 3), Regression.of(draws.normal(3, 6), draws.normal(3, 6)))
    found = search(network, draws.normal(network.dimension), rows, steps=steps)
    kept = found.converged
    points, rows, losses = found.points[kept], rows[kept], found.losses[kept]
    formula = Subsets.of(network.data, most)
    _, error = formula.match(network.fits(points, rows), rows, losses)
    kinds = classify(network, points, rows, draws.normal(8, network.dimension)[kept])
    wrong = kept.clone()
    wrong[kept] = (error > 1e-6) | ((kinds.kind == 2) & (losses > formula.least[rows] + 1e-6))
    return kept, wrong


def bad_minima(draws: Experiment, activation):
    """Whether one of four starts ends at a local minimum that is not global (runs,)."""
    import torch

    from verify.landscape.stationary import Differentiated, search

    def loss(point, x, y):
        outputs = activation(point.view(3, 2) @ x)
        return (outputs[0] + outputs[1] - outputs[2] - y).square().sum() / 2

    x, y = draws.normal(2, 8), draws.sign(8)
    rows = torch.arange(draws.runs, device=draws.device).repeat_interleave(4)
    found = search(Differentiated(loss, 6, (x, y)), draws.normal(4, 6).flatten(0, 1), rows, steps=50)
    inside = (found.points.view(-1, 3, 2) @ x[rows]).flatten(1).abs().amin(1) > 1e-6
    losses = found.losses.view(-1, 4)
    minimum = (found.converged & inside).view(-1, 4)
    return (minimum & (losses > losses.nan_to_num(torch.inf).amin(1, keepdim=True) + 0.01)).any(1)


@claim.experiment(Probability(at_least="4/5"), runs=1024, role="proof")
def searches_converge(draws: Experiment, steps: Fraction):
    return ends(draws, 2, int(steps))[0]


@claim.experiment(Probability(at_least="99/100"), runs=2048, role="proof")
def no_bad_minimum_is_found(draws: Experiment, most: Fraction):
    return ~ends(draws, int(most), 200)[1]


@claim.experiment(Probability(at_least="1/5"), runs=512, role="proof")
def bad_minima_of_relu_are_found(draws: Experiment):
    import torch

    return bad_minima(draws, torch.relu)


# ------------------------------------------------------------------------------------------- what must fail


claim.mutant("one-step-of-the-search", {steps: "1"})
claim.mutant("sets-of-at-most-one", {most: "1"})


@claim.mutant(replaces=bad_minima_of_relu_are_found)
def without_relu(draws: Experiment):
    """Linear units"""
    return bad_minima(draws, lambda heights: heights)


@claim.mutant(replaces=no_bad_minimum_is_found)
def weights_that_depend_on_the_label(draws: Experiment):
    """The loss of kawaguchi-literal, whose bad local minimum is 48"""
    import torch

    from verify.landscape.stationary import Differentiated, search

    def risk(point):
        error = point[:2, None] * point[2:] - torch.tensor([[-3.0, 5], [5, -3]], dtype=torch.float64)
        return (torch.tensor([[1.0, 3], [3, 1]], dtype=torch.float64) * error**2).sum() / 2

    found = search(Differentiated(risk, 4), 3 * draws.normal(4))
    return ~(found.converged & ((found.losses - 48).abs() < 1e-6))


@claim.mutant(replaces=one_unit)
def squared_unit(w: real) -> real:
    """The unit has no flat part"""
    return (w - 1) ** 2
