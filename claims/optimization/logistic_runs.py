r"""Stochastic gradient descent on a logistic regression with one parameter, many runs at once, with a control variate.

The inputs are 1 and 2 with equal probability, a label is 1 with the probability s(x), where s is the logistic function, and
theta^2/20 is added to the loss.  Beside the error theta_n - theta_* runs its linearization, the same recursion with the
second derivative at theta_* in place of the gradient and with the same noise as at theta_*.  Its expectation is known, so
that it may be subtracted from an estimate of E psi(theta_n) and its expectation added: without it, the noise of size
n^(-1/2) hides a bias of size 1/n.
"""

from __future__ import annotations

from math import exp

PENALTY = 0.1


def minimizer() -> tuple[float, float]:
    """The minimizer of the expected loss and the second derivative there, by Newton's method in binary64."""

    def logistic(t: float) -> float:
        return 1 / (1 + exp(-t))

    theta, curvature = 0.5, 1.0
    for _ in range(50):
        slope = sum(x * (logistic(x * theta) - logistic(x)) for x in (1, 2)) / 2 + PENALTY * theta
        curvature = sum(x**2 * logistic(x * theta) * (1 - logistic(x * theta)) for x in (1, 2)) / 2 + PENALTY
        theta -= slope / curvature
    return theta, curvature


def runs(draws, factor: float, at: tuple[int, ...]):
    """Errors, and their linearizations minus the expectations of these, after ``at`` steps: two tensors (runs, len(at)).

    The runs begin at 1; the step sizes are factor/(h (n + 4)), h being the second derivative at the minimizer.
    """
    import torch

    best, curvature = minimizer()
    inputs = 1 + (draws.uniform(max(at)) < 0.5).double()
    labels = (draws.uniform(max(at)) < torch.sigmoid(inputs)).double()
    noise = inputs * (torch.sigmoid(inputs * best) - labels) + PENALTY * best
    error = torch.full((draws.runs,), 1.0 - best, dtype=torch.float64, device=draws.device)
    linear, errors, deviations = torch.zeros_like(error), [], []
    for n in range(max(at)):
        step = factor / (curvature * (n + 5))
        theta, x = error + best, inputs[:, n]
        error = error - step * (x * (torch.sigmoid(x * theta) - labels[:, n]) + PENALTY * theta)
        linear = (1 - step * curvature) * linear - step * noise[:, n]
        if n + 1 in at:
            errors.append(error)
            deviations.append(linear)
    return torch.stack(errors, 1), torch.stack(deviations, 1)
