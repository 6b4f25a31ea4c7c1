r"""Critical points of a loss from thousands of starts, batched in torch: search, classification, distinct ones.

**Search.**  Descent finds minima; saddles are as interesting here.  So $\frac12 |\nabla L|^2$ is minimized, whose zeros are all
the critical points.  The step of Levenberg and Marquardt solves $(H^2 + \mu I) s = -H g$ with the gradient g and the Hessian H;
$\mu$, relative to the mean of the diagonal of $H^2$, falls after a step that makes |g| smaller and rises after one that does
not, which is then not taken.  Newton's own step $H^{-1} g$ would fail: weights of networks can be rescaled, so that H is
singular at *every* critical point of a network but 0.  With $\mu$ the convergence is as fast as Newton's across these
directions (Yamashita and Fukushima 2001), and linear at points where H has a larger kernel, such as 0 for three layers.

A start ends as *converged*, $|g| \le \text{tolerance} \cdot (1 + |L|)$, as *stopped*: after the last step, or at a minimum of |g|
that is no zero, or as *not finite*.  All three are counted; nothing is dropped.  The default tolerance 1e-11 is a hundred
times the rounding of such gradients, and leaves a distance of 1e-8 or less to a point whose Hessian has no eigenvalue
between 0 and 1e-3.

**Classification.**  An eigenvalue below -1e-6 of the largest absolute one is negative, since an error of 1e-8 of the point moves
eigenvalues by about as much: *strict saddle*.  Where there is none, ``ways_down`` looks for lower values along directions in
the numerical kernel of the Hessian, where terms of higher order decide: *degenerate saddle* if there are some at each of
several distances.  What is left is a *minimum*, as far as these tests can see; only this word is not a fact about nearby
values.  A loss that is piecewise smooth, as of ReLU networks, needs a look at the distance from the kinks besides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from verify.errors import NetworkError

Tensor = Any  # torch.Tensor, of which the type checker knows nothing

CONVERGED, STOPPED, NOT_FINITE = "converged", "stopped", "not finite"
STRICT, DEGENERATE, MINIMUM = "strict saddle", "degenerate saddle", "minimum"
OUTCOMES = (CONVERGED, STOPPED, NOT_FINITE)
KINDS = (STRICT, DEGENERATE, MINIMUM)

NEGATIVE = 1e-6  # of the largest absolute eigenvalue
KERNEL = 1e-4  # of the largest absolute eigenvalue: directions along which higher order may decide
RADII = (0.1, 0.03, 0.01)
LEAST_DAMPING, MOST_DAMPING = 1e-10, 1e8
COPIES = 8  # of a Hessian that a step holds at a time


class Landscape(Protocol):
    """A loss for points (b, dimension) float64; ``rows`` (b,) int64 says which data set each of them belongs to."""

    @property
    def dimension(self) -> int: ...

    def losses(self, points: Tensor, rows: Tensor) -> Tensor:
        """Shape (b,)."""

    def gradients(self, points: Tensor, rows: Tensor) -> Tensor:
        """Shape (b, dimension)."""

    def hessians(self, points: Tensor, rows: Tensor) -> Tensor:
        """Shape (b, dimension, dimension)."""


@dataclass(frozen=True)
class Differentiated:
    """A landscape by automatic differentiation: ``function(point, *data)``, a differentiable scalar of torch for a point
    (dimension,) and one data set; ``data`` are tensors whose first index is the number of the data set."""

    function: Callable[..., Tensor]
    dimension: int
    data: tuple[Tensor, ...] = ()

    def mapped(self, function: Callable[..., Tensor], points: Tensor, rows: Tensor) -> Tensor:
        from torch.func import vmap

        return vmap(function)(points, *(part[rows] for part in self.data))

    def losses(self, points: Tensor, rows: Tensor) -> Tensor:
        return self.mapped(self.function, points, rows)

    def gradients(self, points: Tensor, rows: Tensor) -> Tensor:
        from torch.func import grad

        return self.mapped(grad(self.function), points, rows)

    def hessians(self, points: Tensor, rows: Tensor) -> Tensor:
        from torch.func import hessian

        return self.mapped(hessian(self.function), points, rows)


@dataclass(frozen=True)
class Search:
    r"""What became of b starts: points (b, dimension), losses and lengths of gradients (b,), ``outcome`` (b,), a number of
    ``OUTCOMES``."""

    points: Tensor
    rows: Tensor
    losses: Tensor
    slopes: Tensor
    outcome: Tensor

    @property
    def converged(self) -> Tensor:
        """Truth values (b,)."""
        return self.outcome == 0

    def counts(self) -> dict[str, int]:
        return {name: int((self.outcome == i).sum()) for i, name in enumerate(OUTCOMES)}


def search(
    landscape: Landscape,
    starts: Tensor,
    rows: Tensor | None = None,
    *,
    steps: int = 200,
    tolerance: float = 1e-11,
    memory: int = 1 << 26,
) -> Search:
    r"""Minimize |gradient| from each start (b, dimension), of data set ``rows`` (b,), by default the first one.

    At most ``memory`` bytes of Hessians are held at a time; no start depends on the others.  Raises ``NetworkError`` if the
    starts do not fit the landscape.
    """
    import torch

    points, rows = checked(landscape, starts, rows)
    chunk = max(1, memory // (8 * COPIES * landscape.dimension**2))
    for place in range(0, len(points), chunk):
        part = slice(place, place + chunk)
        points[part] = minimized(landscape, points[part], rows[part], steps, tolerance)
    losses, slopes = landscape.losses(points, rows), landscape.gradients(points, rows).norm(dim=1)
    outcome = torch.where(slopes <= tolerance * (1 + losses.abs()), 0, 1)
    finite = losses.isfinite() & slopes.isfinite() & points.isfinite().all(1)
    return Search(points, rows, losses, slopes, torch.where(finite, outcome, 2))


def checked(landscape: Landscape, starts: Any, rows: Tensor | None) -> tuple[Tensor, Tensor]:
    """A copy of the starts, and the number of the data set of each."""
    import torch

    points = torch.as_tensor(starts).to(torch.float64).clone()
    if points.ndim != 2 or points.shape[1] != landscape.dimension:
        raise NetworkError(f"the starts have the shape {tuple(points.shape)}; it must be (b, {landscape.dimension})")
    if rows is None:
        rows = torch.zeros(len(points), dtype=torch.int64, device=points.device)
    if tuple(rows.shape) != (len(points),) or rows.dtype != torch.int64:
        raise NetworkError(f"rows must give an int64 number of a data set for each of the {len(points)} starts")
    return points, rows


def minimized(landscape: Landscape, points: Tensor, rows: Tensor, steps: int, tolerance: float) -> Tensor:
    """Steps of Levenberg and Marquardt for one chunk; starts that have ended are not computed any more."""
    import torch

    points = points.clone()
    active = torch.arange(len(points), device=points.device)
    damping = torch.full((len(points),), 0.1, dtype=torch.float64, device=points.device)
    gradients = landscape.gradients(points, rows)
    for _ in range(steps):
        slopes = gradients.norm(dim=1)
        going = (
            slopes > tolerance / 4 * (1 + landscape.losses(points[active], rows[active]).abs())
        ) & slopes.isfinite()
        going &= damping < MOST_DAMPING
        active, damping, gradients, slopes = active[going], damping[going], gradients[going], slopes[going]
        if not len(active):
            break
        step = steps_of(landscape.hessians(points[active], rows[active]), gradients, damping)
        trial = points[active] - step
        slope = landscape.gradients(trial, rows[active])
        better = slope.norm(dim=1) < slopes  # false for nan
        points[active] = torch.where(better[:, None], trial, points[active])
        gradients = torch.where(better[:, None], slope, gradients)
        damping = torch.where(better, damping / 8, damping * 6).clamp(min=LEAST_DAMPING)
    return points


def steps_of(hessians: Tensor, gradients: Tensor, damping: Tensor) -> Tensor:
    """(H^2 + mu I)^-1 H g by Cholesky's factorization; nan where there is none."""
    import torch

    squares = hessians @ hessians
    diagonal = squares.diagonal(dim1=1, dim2=2)
    diagonal += (damping * diagonal.mean(1)).clamp(min=1e-300)[:, None]
    factor, failed = torch.linalg.cholesky_ex(squares)
    steps = torch.cholesky_solve(hessians @ gradients[:, :, None], factor)[:, :, 0]
    return torch.where(failed[:, None] == 0, steps, torch.nan)


@dataclass(frozen=True)
class Kinds:
    """The smallest and the largest eigenvalue (b,) of the Hessians, and ``kind`` (b,), a number of ``KINDS``."""

    smallest: Tensor
    largest: Tensor
    kind: Tensor

    def counts(self) -> dict[str, int]:
        return {name: int((self.kind == i).sum()) for i, name in enumerate(KINDS)}


def classify(landscape: Landscape, points: Tensor, rows: Tensor, directions: Tensor, *, memory: int = 1 << 26) -> Kinds:
    r"""The kinds of critical points (b, dimension); ``directions`` (m, dimension) or (b, m, dimension) are random ones, of any
    length, for ``ways_down``."""
    import torch

    chunk = max(1, memory // (8 * COPIES * landscape.dimension**2))
    parts = []
    for place in range(0, len(points), chunk):
        here = slice(place, place + chunk)
        tried = directions if directions.ndim == 2 else directions[here]
        parts.append(classified(landscape, points[here], rows[here], tried))
    empty = torch.empty(0, dtype=torch.float64, device=points.device)
    columns = zip(*parts, strict=True) if parts else (((empty,),) * 2 + ((empty.long(),),))
    return Kinds(*(torch.cat(column) for column in columns))


def classified(landscape: Landscape, points: Tensor, rows: Tensor, directions: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    import torch

    values, vectors = torch.linalg.eigh(landscape.hessians(points, rows))
    scale = values.abs().amax(1)
    kind = torch.where(values[:, 0] < -NEGATIVE * scale, 0, 2)
    open_ones = (kind == 2).nonzero()[:, 0]
    if len(open_ones):
        flat = (values[open_ones].abs() <= KERNEL * scale[open_ones, None]).to(torch.float64)
        basis = vectors[open_ones] * flat[:, None, :]
        tried = directions if directions.ndim == 2 else directions[open_ones]
        down = ways_down(landscape, points[open_ones], rows[open_ones], tried @ basis @ basis.mT)
        kind[open_ones] = torch.where(down, 1, 2)
    return values[:, 0], values[:, -1], kind


def ways_down(landscape: Landscape, points: Tensor, rows: Tensor, directions: Tensor) -> Tensor:
    """Whether there are lower values at each of the distances ``RADII``, along or against directions (b, m, dimension); by
    more than rounding."""
    import torch

    b, m, dimension = directions.shape
    units = directions / directions.norm(dim=2, keepdim=True).clamp(min=1e-300)
    units = torch.cat((units, -units), 1)
    here = landscape.losses(points, rows)
    many = rows.repeat_interleave(2 * m)
    found = torch.ones(b, dtype=torch.bool, device=points.device)
    for radius in RADII:
        near = (points[:, None] + radius * units).reshape(-1, dimension)
        least = landscape.losses(near, many).view(b, 2 * m).amin(1)
        found &= least < here - 1e-13 * (1 + here.abs())
    return found


def distinct(keys: Tensor, rows: Tensor, *, tolerance: float = 1e-5) -> Tensor:
    r"""Numbers (b,) of the classes of points: equal numbers for points of the same data set whose keys (b, m), such as the loss
    and the product matrix, differ by at most ``tolerance``, entrywise and relative to 1 + |key|, from the first of the class."""
    import torch

    b = len(keys)
    classes = torch.full((b,), -1, dtype=torch.int64, device=keys.device)
    places = torch.arange(b, device=keys.device)
    sets = int(rows.max()) + 1 if b else 0
    number = 0
    while bool((classes < 0).any()):
        waiting = classes < 0
        leader = torch.full((sets,), b, dtype=torch.int64, device=keys.device)
        leader.scatter_reduce_(0, rows[waiting], places[waiting], "amin")
        mine = leader[rows].clamp(max=b - 1)
        close = ((keys - keys[mine]).abs() <= tolerance * (1 + keys[mine].abs())).all(1) | (places == mine)
        classes = torch.where(waiting & close, number * sets + rows, classes)
        number += 1
    return classes.unique(return_inverse=True)[1]
