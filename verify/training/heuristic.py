r"""A good network to start from: Levenberg-Marquardt from many random starts at once, for the squared loss.

Branch and bound prunes against the best network known, so that a start a tenth above the minimum costs several times the
nodes.  Each start puts the hyperplane of every unit through a random datum in a random direction, with random signs; the
steps are those of Levenberg and Marquardt on the kinked residuals, damped separately for every start, all starts in one
batch of small linear systems.  Nothing is proved here; a start that ends in a bad local minimum, as most of them do where
the labels are noise, costs its share of the batch and no more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from verify.training.problem import Problem

Floats = NDArray[np.float64]
Signs = NDArray[np.int8]

ROUNDS = 4  # the first one from random networks, the others from variations of the best
COPIES = 15  # variations of each
DISTURBED = 0.3  # relative
STEPS = 60
BATCH = 20_000_000  # entries of the Jacobians of one batch
LEAST, MOST = 1e-12, 1e12  # of the damping


def heuristic(problem: Problem, *, starts: int = 300, seed: int = 0) -> tuple[float, Floats, Signs]:
    r"""The best network found: its loss in the units of the problem, weights v (w d + f,), v_k = s_k u_k, and signs (w,).

    Deterministic by ``seed``.  Each of the ``ROUNDS`` makes about so many descents; those that fit into memory run together.
    """
    if problem.loss != "squared":
        from verify.training import linear_heuristic

        return linear_heuristic.heuristic(problem, starts=starts, seed=seed)
    generator = np.random.default_rng(seed)
    size = max(1, BATCH // (problem.points * problem.parameters))
    loss, theta, signs = np.empty(0), np.empty((0, problem.parameters)), np.empty((0, problem.width))
    for _ in range(ROUNDS):
        begin = (
            varied(problem, theta, signs, starts, generator) if len(loss) else random_starts(problem, starts, generator)
        )
        parts = [descend(problem, begin[0][k : k + size], begin[1][k : k + size]) for k in range(0, starts, size)]
        loss = np.concatenate([loss, *(part[0] for part in parts)])
        theta = np.concatenate([theta, *(part[1] for part in parts)])
        signs = np.concatenate([signs, begin[1]])
        kept = np.argsort(loss, kind="stable")[: max(1, starts // COPIES)]
        loss, theta, signs = loss[kept], theta[kept], signs[kept]
    weights = theta[0].copy()
    weights[: problem.width * problem.dimension] *= np.repeat(signs[0], problem.dimension)
    return float(loss[0]), weights, signs[0].astype(np.int8)


def varied(
    problem: Problem, theta: Floats, signs: Floats, count: int, generator: np.random.Generator
) -> tuple[Floats, Floats]:
    """Copies of good networks in which one unit is new, or all are disturbed."""
    w, d = problem.width, problem.dimension
    chosen = generator.integers(len(theta), size=count)
    copies, new_signs = theta[chosen], signs[chosen]
    fresh, fresh_signs = random_starts(problem, count, generator)
    disturbed = copies * (1 + DISTURBED * generator.standard_normal(copies.shape))
    copies = np.where((np.arange(count) % 2 == 0)[:, None], disturbed, copies)
    replaced = np.arange(1, count, 2)
    unit = generator.integers(w, size=count)[replaced]
    columns = unit[:, None] * d + np.arange(d)
    copies[replaced[:, None], columns] = fresh[replaced[:, None], columns]
    new_signs[replaced, unit] = fresh_signs[replaced, unit]
    return copies, new_signs


def random_starts(problem: Problem, count: int, generator: np.random.Generator) -> tuple[Floats, Floats]:
    """Parameters (count, p) of units whose hyperplanes go through a datum, and signs (count, w)."""
    w, d = problem.width, problem.dimension
    units = generator.standard_normal((count, w, d))
    through = problem.features[generator.integers(problem.points, size=(count, w))]
    units[:, :, 0] -= (units * through).sum(axis=2)
    units *= problem.labels.std() + 1e-3
    return np.concatenate([units.reshape(count, -1), np.zeros((count, problem.free))], axis=1), generator.choice(
        [-1.0, 1.0], size=(count, w)
    )


def residuals(problem: Problem, theta: Floats, signs: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Weighted residuals (count, D), and which units are active where, (count, w, D)."""
    w, d = problem.width, problem.dimension
    inner = theta[:, : w * d].reshape(-1, w, d) @ problem.features.T
    output = (signs[:, :, None] * np.maximum(inner, 0)).sum(axis=1) + theta[:, w * d :] @ problem.features[
        :, : problem.free
    ].T
    return np.sqrt(problem.multiplicities) * (output - problem.labels), inner > 0


def descend(problem: Problem, theta: Floats, signs: Floats) -> tuple[Floats, Floats]:
    """Losses (count,) and parameters (u_1, ..., u_w, c) (count, p) after the steps."""
    count, parameters = theta.shape
    roots = np.sqrt(problem.multiplicities)[:, None]
    residual, active = residuals(problem, theta, signs)
    loss, damping = (residual**2).sum(axis=1), np.full(count, 1e-2)
    diagonal = np.arange(parameters)
    squares = (roots**2 * problem.features**2).sum(axis=0)
    scales = np.concatenate([np.tile(squares, problem.width), squares[: problem.free]])
    for _ in range(STEPS):
        slopes = (signs[:, :, None] * active).transpose(0, 2, 1)[..., None] * (roots * problem.features)[
            None, :, None, :
        ]
        jacobian = slopes.reshape(count, problem.points, -1)
        if problem.free:
            affine = np.broadcast_to(roots * problem.features[:, : problem.free], (count, problem.points, problem.free))
            jacobian = np.concatenate([jacobian, affine], axis=2)
        gram = jacobian.transpose(0, 2, 1) @ jacobian
        gram[:, diagonal, diagonal] += damping[:, None] * scales
        step = np.linalg.solve(gram, (residual[:, None, :] @ jacobian).transpose(0, 2, 1))[..., 0]
        tried, tried_active = residuals(problem, theta - step, signs)
        value = (tried**2).sum(axis=1)
        better = value < loss
        theta = np.where(better[:, None], theta - step, theta)
        residual, loss = np.where(better[:, None], tried, residual), np.where(better, value, loss)
        active = np.where(better[:, None, None], tried_active, active)
        damping = np.clip(np.where(better, damping / 3, damping * 4), LEAST, MOST)
    return loss, theta
