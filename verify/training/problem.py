r"""The float side of a training problem: whitened features, scaled labels, and all dichotomies as bit masks.

An invertible change of the columns of Z, z' = z T, changes weights (u = T u') but neither the signs nor the values of
<z, u>, hence neither cells, nor the network's outputs, nor any bound or multiplier.  So the columns are centred and
whitened (their weighted covariance is the identity), which makes the least-squares systems of the search as well
conditioned as the data allow, at no cost in rigour: what the search finds is repaired in exact arithmetic later.
Labels are divided by their weighted norm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from verify.training.dichotomies import dichotomies

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]


@dataclass(frozen=True)
class Problem:
    r"""min over v, s of $\sum_i m_i \ell(f(x_i), y_i)$, $f = \sum_{k \le w} s_k \mathrm{ReLU}(\langle z, u_k\rangle) +
    \langle z_{1..f}, c\rangle$ with $v_k = s_k u_k$, in floating point.

    features (D, d) float64, the first column all ones; transform (d, d) with features = Z transform; labels (D,) and
    multiplicities (D,) float64, the labels divided by ``scale``; cells (N, W) uint64, without the cell that has no
    positive point; width w; free: the number f of leading columns of the affine part (0, 1 or d); loss "squared",
    "absolute" or "hinge".  For the last two, several data may share a point: ``places`` (T,) int64 says which point
    each of the T labels and multiplicities belongs to; otherwise it is 0, ..., D - 1.
    """

    features: Floats
    transform: Floats
    labels: Floats
    multiplicities: Floats
    scale: float
    cells: Words
    width: int
    free: int
    loss: str = "squared"
    places: NDArray[np.int64] | None = None

    @property
    def points(self) -> int:
        return int(self.features.shape[0])

    @property
    def dimension(self) -> int:
        return int(self.features.shape[1])

    @property
    def words(self) -> int:
        return int(self.cells.shape[1])

    @property
    def parameters(self) -> int:
        return self.width * self.dimension + self.free

    @staticmethod
    def of(
        rows: Sequence[Sequence[int]],
        labels: Sequence[int],
        multiplicities: Sequence[int],
        *,
        width: int,
        affine: str = "none",
        loss: str = "squared",
        cells: Words | None = None,
        places: Sequence[int] | None = None,
    ) -> Problem:
        r"""The problem of reduced integer data: ``rows`` (D, d) of full column rank whose first column is 1.

        >>> Problem.of([[1, 0], [1, 1], [1, 2]], [0, 1, 0], [1, 1, 1], width=1).features.round(3).tolist()
        [[1.0, -1.225], [1.0, 0.0], [1.0, 1.225]]
        """
        weights = np.array([float(m) for m in multiplicities])
        own = np.arange(len(rows)) if places is None else np.array(places, np.int64)
        features, transform = whitened(rows, np.bincount(own, weights=weights, minlength=len(rows)).astype(np.float64))
        norm = scale_of(labels, multiplicities) if loss == "squared" else max(1, *map(abs, labels))
        scaled = np.array([y / norm for y in labels], np.float64)
        if loss == "squared" and (total := float((weights * scaled**2).sum())) > 0:
            scaled, norm_float = scaled / total**0.5, norm * total**0.5
        else:
            norm_float = float(norm)
        free = {"none": 0, "bias": 1, "all": features.shape[1]}[affine]
        found = dichotomies(rows) if cells is None else cells
        return Problem(features, transform, scaled, weights, norm_float, found, width, free, loss, own)


def scale_of(labels: Sequence[int], multiplicities: Sequence[int]) -> int:
    """About the weighted norm of integer labels of any size; 1 if all are 0."""
    return isqrt(sum(m * y * y for y, m in zip(labels, multiplicities, strict=True))) or 1


def whitened(rows: Sequence[Sequence[int]], weights: Floats) -> tuple[Floats, Floats]:
    """The features (D, d) and the transform (d, d): the first column stays, the others are centred and whitened."""
    d = len(rows[0])
    largest = [max(1, *(abs(row[c]) for row in rows)) for c in range(d)]
    z = np.array([[x / size for x, size in zip(row, largest, strict=True)] for row in rows], np.float64)
    transform = np.diag([1 / size if size.bit_length() < 1000 else 0.0 for size in largest])
    mean = (weights[:, None] * z).sum(axis=0) / weights.sum()
    change = np.eye(d)
    change[0, 1:] = -mean[1:]
    centred = z[:, 1:] - mean[1:]
    covariance = (centred * weights[:, None]).T @ centred / weights.sum()
    try:
        step = np.linalg.inv(np.linalg.cholesky(covariance)).T
    except np.linalg.LinAlgError:  # independent in exact arithmetic, but not in float64
        step = np.diag(1 / np.sqrt(np.maximum(np.diag(covariance), 1e-300)))
    change[:, 1:] = change[:, 1:] @ step
    features = np.concatenate([np.ones((len(z), 1)), centred @ step], axis=1)
    return features, transform @ change


def evaluate(problem: Problem, weights: Floats, signs: NDArray[np.int8]) -> float:
    r"""The loss of the network with weights v of shape (w d + f,), v_k = s_k u_k, and signs (w,)."""
    d, w = problem.dimension, problem.width
    inner = problem.features @ weights[: w * d].reshape(w, d).T
    active = np.where(inner * signs > 0, inner, 0.0)
    output = active.sum(axis=1) + problem.features[:, : problem.free] @ weights[w * d :]
    if problem.places is not None:
        output = output[problem.places]
    if problem.loss == "hinge":
        return float((problem.multiplicities * np.maximum(0, 1 - problem.labels * output)).sum())
    error = np.abs(output - problem.labels)
    return float((problem.multiplicities * (error**2 if problem.loss == "squared" else error)).sum())
