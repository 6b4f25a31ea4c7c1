r"""A good network to start from: Levenberg-Marquardt from many random starts at once, for the squared loss.

Branch and bound prunes against the best network known, so that a start a tenth above the minimum costs several times the
nodes.  Each start puts the hyperplane of every unit through a random datum in a random direction, with random signs; the
steps are those of Levenberg and Marquardt on the kinked residuals, damped separately for every start, all starts in one
batch of small linear systems.

Descents end where no small change helps, within a hundredth of the minimum where labels are noise.  So the best of them
are improved by the branch and bound itself, on all networks near them: each unit keeps its sides of all points but the
``NEAR`` that are nearest to its hyperplane, and the search of that node is cut short.  When it finds something better,
it goes on from there.  Nothing is proved here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from verify.training.problem import Problem

if TYPE_CHECKING:
    from verify.training.nodes import Nodes

Floats = NDArray[np.float64]
Signs = NDArray[np.int8]

ROUNDS = 2  # the first one from random networks, the others from variations of the best
COPIES = 15  # variations of each
DISTURBED = 0.3  # relative
STEPS = 60
IMPROVED = 12  # descents
NEAR = 4  # points whose side is open, for all units together
NODES = 100  # of one search
CAPACITY = 2**10  # of its tables at first
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
    found = []
    for q in distinct(loss)[:IMPROVED]:
        weights = theta[q].copy()
        weights[: problem.width * problem.dimension] *= np.repeat(signs[q], problem.dimension)
        found.append(improved(problem, float(loss[q]), weights, signs[q].astype(np.int8)))
    return min(found, key=lambda network: network[0])


def distinct(loss: Floats) -> list[int]:
    """The first places of different values of an ascending list."""
    return [q for q in range(len(loss)) if q == 0 or loss[q] > loss[q - 1] * (1 + 1e-6)]


def improved(problem: Problem, loss: float, weights: Floats, signs: Signs) -> tuple[float, Floats, Signs]:
    """The network, or a better one that repeated searches near it meet."""
    from verify.training.search import search

    while True:
        node = surroundings(problem, weights, signs)
        if node is None:
            return loss, weights, signs
        part = search(problem, node, loss, node_limit=NODES, tolerance=1e-7, capacity=CAPACITY)
        if part.weights is None or part.signs is None or part.upper > loss * (1 - 1e-7):
            return loss, weights, signs
        loss, weights, signs = part.upper, part.weights.copy(), part.signs.copy()


def surroundings(problem: Problem, weights: Floats, signs: Signs) -> Nodes | None:
    """The networks whose units differ from the given ones at the nearest points only; None if a unit has no cell so."""
    from verify.training.nodes import Nodes

    w, d = problem.width, problem.dimension
    units = weights[: w * d].reshape(w, d) * signs[:, None]
    inner = units @ problem.features.T
    sizes = np.linalg.norm(units, axis=1)[:, None] * np.linalg.norm(problem.features, axis=1)
    distance = np.abs(inner) / np.maximum(sizes, 1e-300)
    count = min(problem.points, d + NEAR // w)
    far = distance > np.sort(distance, axis=1)[:, count - 1 : count]
    positive, negative = masks(far & (inner > 0), problem.words), masks(far & (inner < 0), problem.words)
    for k in range(w):
        cells = problem.cells
        if not (((cells & positive[k]) == positive[k]) & ((cells & negative[k]) == 0)).all(axis=1).any():
            return None
    return Nodes(signs[None], positive[None], negative[None], np.zeros(1))


def masks(sides: NDArray[np.bool_], words: int) -> NDArray[np.uint64]:
    """Rows of booleans (w, D) as bit masks (w, words)."""
    padded = np.zeros((len(sides), 64 * words), np.uint8)
    padded[:, : sides.shape[1]] = sides
    return np.packbits(padded, axis=1, bitorder="little").view("<u8").astype(np.uint64)


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
