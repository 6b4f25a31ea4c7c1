r"""Students of several widths, trained by Adam on the outputs of a teacher with 4 ReLU units."""

from __future__ import annotations

from verify import Claim, cite
from verify.statistics import Experiment, Trend

claim = Claim(
    "overparam-students",
    title="Students that are wider than their teacher fit its outputs more often",
    statement=r"Let $y = \sum_{k<4} s_k \, \mathrm{ReLU}(\langle a_k, x \rangle)$ with normal $a_k$ and random signs $s_k$, at 24 normal samples "
    r"in $R^4$. The probability that a network with one hidden layer of h ReLU units fits, after 300 steps of Adam with the step size 1/20 "
    r"from a normal start, to within 1/1000 of the mean square of the labels, is higher for h = 8 than for h = 4, and higher for h = 16 than "
    r"for h = 8.",
    source=cite(
        "rajnotes",
        "1.2, Generalization, on Livni, Shalev-Shwartz and Shamir (2014)",
        quote="We then use these input/output pairs to train randomly initialized (2 layer) neural network. With only 2 layers, this "
        "would be quite difficult but it becomes easier when we increase the number of hidden nodes.",
    ),
    remarks="About the training error on few samples, which networks with 16 units may also fit without a teacher. The source leaves all "
    "sizes open. What is proved about wide networks is in overparam-folklore.",
)


def fits(draws: Experiment, widths: tuple[int, ...]):
    """Whether students of these widths fit, trained on the same data: (runs, len(widths)), 0 or 1."""
    import torch

    x = draws.normal(24, 4)
    y = torch.relu(x @ draws.normal(4, 4)) @ draws.sign(4, 1)
    columns = []
    for width in widths:
        weights = [draws.normal(4, width), draws.normal(width, 1) / width**0.5]
        first, second = ([torch.zeros_like(w) for w in weights] for _ in range(2))
        for t in range(1, 301):
            heights = x @ weights[0]
            error = torch.relu(heights) @ weights[1] - y
            slopes = [x.mT @ ((error @ weights[1].mT) * (heights > 0)) / 24, torch.relu(heights).mT @ error / 24]
            for w, g, m, v in zip(weights, slopes, first, second, strict=True):
                m.lerp_(g, 0.1)
                v.lerp_(g**2, 0.01)
                w -= 0.05 * (m / (1 - 0.9**t)) / ((v / (1 - 0.99**t)).sqrt() + 1e-8)
        error = torch.relu(x @ weights[0]) @ weights[1] - y
        columns.append(error.square().mean((1, 2)) < 1e-3 * y.square().mean((1, 2)))
    return torch.stack(columns, 1).double()


@claim.experiment(Trend(at=(4, 8, 16)), runs=512, role="proof")
def wider_students_fit_more_often(draws: Experiment):
    return fits(draws, (4, 8, 16))


@claim.mutant(replaces=wider_students_fit_more_often)
def narrower_students(draws: Experiment):
    """The same for narrower and narrower students"""
    return fits(draws, (16, 8, 4))
