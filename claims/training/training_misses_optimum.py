r"""Training with random restarts, measured against the certified optimum.

Nobody knows how far a trained network is from the best one, unless the best one is known.  Here it is: the certificate of
exact-erm-depth2 for one small data set, and thousands of runs of Adam on it.
"""

from __future__ import annotations

from fractions import Fraction

from claims.training.instances import noise
from verify import Claim, cite
from verify.training import TrainingMinimum

COUNT, WIDTH, STARTS = 20, 3, 512
OPTIMUM = Fraction(21493, 91)

claim = Claim(
    "training-misses-optimum",
    title="Training with restarts misses the optimum",
    statement=r"For the 20 listed data on a line, whose labels are noise, the least squared error of networks with one hidden "
    r"layer of 3 ReLU units is $21493/91$. A run of Adam (1000 steps, step size $1/20$, $\beta = (0.9, 0.999)$) from weights "
    r"and biases uniform on $[-1, 1]$, points scaled to $[-1, 1]$ and labels by $1/10$, ends more than one part in a million "
    r"above it, in almost all runs.",
    source=cite("safran2018", "on random data; the paper is about planted networks of width at least 6"),
    remarks="How often a run misses is a statement about this data set and this way of training, with the stated confidence. "
    "The minimum itself is certified.",
)


@claim.exact(role="stress")
def global_minimum() -> TrainingMinimum:
    """Over all weights, biases and signs."""
    return TrainingMinimum([[i] for i in range(COUNT)], noise(COUNT), WIDTH, relation="is", value=OPTIMUM)


@claim.trials(8, runs=STARTS)
def runs_of_adam(draws):
    """512 runs at once; the error at the end, in float64, is more than 1 + 1e-6 times the minimum."""
    import torch

    x = torch.linspace(-1, 1, COUNT, dtype=torch.float64)
    y = torch.tensor(noise(COUNT), dtype=torch.float64) / 10
    theta = draws.uniform(STARTS, 3, WIDTH, low=-1.0, high=1.0).requires_grad_()
    optimizer = torch.optim.Adam([theta], lr=0.05)
    for _ in range(1000):
        optimizer.zero_grad()
        loss = squared_error(theta, x, y)
        loss.sum().backward()
        optimizer.step()
    return 100 * squared_error(theta.detach(), x, y) > float(OPTIMUM) * (1 + 1e-6)


def squared_error(theta, x, y):
    """Of the networks sum_k c_k ReLU(a_k x + b_k) with parameters (a, b, c) of shape (runs, 3, units)."""
    a, b, c = theta.unbind(1)
    return ((c[:, :, None] * (a[:, :, None] * x + b[:, :, None]).relu()).sum(1) - y).square().sum(1)


@claim.mutant(replaces=global_minimum)
def one_thousandth_less() -> TrainingMinimum:
    """The minimum is one part in a thousand less"""
    return TrainingMinimum([[i] for i in range(COUNT)], noise(COUNT), WIDTH, relation="is", value=OPTIMUM * 999 / 1000)


@claim.mutant(replaces=global_minimum)
def one_unit_less() -> TrainingMinimum:
    """Two units are enough for it"""
    return TrainingMinimum([[i] for i in range(COUNT)], noise(COUNT), WIDTH - 1, relation="is", value=OPTIMUM)
