r"""All critical values of a deep linear network: one for each small set of singular values of the regression.

A network $x \mapsto W_H \cdots W_1 x$ with squared error has the loss $\frac12 |P X - Y|^2$, $P = W_H \cdots W_1$.  Let X have
full rank and $X^T = Q R$ with orthonormal columns of Q.  With $A = R^T$ (the *root* of $X X^T$) and the *target* $T = Y Q$,

$$\tfrac12 |P X - Y|^2 = \tfrac12 |P A - T|^2 + \tfrac12 |Y - T Q^T|^2,$$

so that everything about the landscape is in A, T and the last number, the *floor*, which no network can get below.

**The formula** (Baldi and Hornik 1989 for H = 2; Trager, Kohn and Bruna 2020 for every depth).  Let T have distinct positive
singular values $\sigma_1 > \dots > \sigma_r$, $r = \min(d_x, d_y)$, left singular vectors $u_i$, and let p be the smallest
width.  At a critical point the columns of the last factors span a space that $T T^T$ maps to itself, so that
$P A = U_S U_S^T T$ for a set S of at most p indices, and the loss is $\text{floor} + \frac12 \sum_{i \notin S} \sigma_i^2$; every
such S occurs.  The least value, at the p largest singular values, is the global minimum.  The two hypotheses are needed:
with repeated singular values the products form continua, and without full rank of X the minimizers do not determine P.  Both
are decided here up to a relative 1e-8 and not exactly, and an error names the one that fails.

``Subsets`` is therefore an oracle for any search for critical points, and independent of how they were found.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Any

from verify.errors import NetworkError

Tensor = Any  # torch.Tensor, of which the type checker knows nothing

SEPARATED = 1e-8  # relative; binary64 resolves singular values of small matrices to about 1e-15
MOST = 100_000  # subsets


@dataclass(frozen=True)
class Regression:
    r"""k data sets, reduced: root A (k, d_x, d_x), target T (k, d_y, d_x) and floor (k,), float64, on one device."""

    root: Tensor
    target: Tensor
    floor: Tensor

    def __len__(self) -> int:
        return len(self.floor)

    @staticmethod
    def of(inputs: Any, outputs: Any) -> Regression:
        r"""From X (k, d_x, n) and Y (k, d_y, n), or one data set (d_x, n) and (d_y, n).

        Raises ``NetworkError`` if shapes do not fit, a number is not finite, or X has no full rank.

        >>> float(Regression.of([[1.0, 1.0]], [[0.0, 2.0]]).floor)  # the best multiple of (1, 1) is (1, 1)
        1.0
        """
        import torch

        x, y = batch(inputs, "inputs"), batch(outputs, "outputs")
        if x.shape[0] != y.shape[0] or x.shape[2] != y.shape[2]:
            raise NetworkError(
                f"inputs {tuple(x.shape)} and outputs {tuple(y.shape)} must be (k, d_x, n) and (k, d_y, n) with the same k and n"
            )
        few = x.shape[2] < x.shape[1]
        spread = torch.linalg.svdvals(x)
        deficient = torch.ones(len(x), dtype=torch.bool) if few else spread[:, -1] <= SEPARATED * spread[:, 0]
        if bool(deficient.any()):
            raise NetworkError(
                f"the inputs of data set {first(deficient)} have no full rank: {x.shape[2]} points must span all {x.shape[1]} "
                "dimensions; add points or remove dependent coordinates"
            )
        q, r = torch.linalg.qr(x.mT)
        target = y @ q
        return Regression(r.mT.contiguous(), target, (y - target @ q.mT).square().sum((1, 2)) / 2)


def batch(numbers: Any, name: str) -> Tensor:
    """As a tensor (k, d, n) of float64 with finite numbers."""
    import torch

    try:
        found = torch.as_tensor(numbers).to(torch.float64)
    except (TypeError, ValueError, RuntimeError) as problem:
        raise NetworkError(f"the {name} are no array of numbers: {problem}") from None
    found = found[None] if found.ndim == 2 else found
    if found.ndim != 3 or not found.numel():
        raise NetworkError(
            f"the {name} have the shape {tuple(found.shape)}; it must be (d, n), or (k, d, n), without 0"
        )
    if not bool(found.isfinite().all()):
        raise NetworkError(
            f"the {name} of data set {first(~found.isfinite().all((1, 2)))} are not all finite; remove them"
        )
    return found


def first(found: Tensor) -> int:
    return int(found.nonzero()[0, 0])


@dataclass(frozen=True)
class Subsets:
    r"""The critical values of k data sets: for each of m sets S of at most ``width`` indices, counted from 0, values (k, m)
    and fits $P A = U_S U_S^T T$ (k, m, d_y, d_x)."""

    members: tuple[tuple[int, ...], ...]
    values: Tensor
    fits: Tensor

    @property
    def least(self) -> Tensor:
        """The global minima (k,)."""
        return self.values.amin(1)

    @staticmethod
    def of(regression: Regression, width: int) -> Subsets:
        r"""All of them; raises ``NetworkError`` if the singular values of a target are not positive and distinct.

        >>> Subsets.of(Regression.of([[1.0, 0], [0, 1]], [[2.0, 0], [0, 1]]), 1).values.tolist()
        [[2.5, 0.5, 2.0]]
        """
        import torch

        if type(width) is not int or width < 1:
            raise NetworkError(f"the smallest width is {width!r}; it must be a positive integer")
        left, sizes, right = torch.linalg.svd(regression.target, full_matrices=False)
        require_separated(sizes)
        r = sizes.shape[1]
        number = sum(comb(r, size) for size in range(min(width, r) + 1))
        if number > MOST:
            raise NetworkError(
                f"{number} subsets of {r} singular values are too many (at most {MOST}); use smaller widths"
            )
        members = tuple(s for size in range(min(width, r) + 1) for s in combinations(range(r), size))
        chosen = torch.tensor(
            [[float(i in s) for i in range(r)] for s in members], dtype=torch.float64, device=sizes.device
        )
        values = regression.floor[:, None] + (sizes.square() @ (1 - chosen).T) / 2
        return Subsets(members, values, torch.einsum("kdi,ki,mi,kix->kmdx", left, sizes, chosen, right))

    def match(self, fits: Tensor, rows: Tensor, losses: Tensor) -> tuple[Tensor, Tensor]:
        r"""For points with fits (b, d_y, d_x) of data sets ``rows`` (b,): the nearest subset (b,), and the larger of the errors of
        the fit, entrywise, and of the loss (b,)."""
        distance = (self.fits[rows] - fits[:, None]).abs().amax((2, 3))
        nearest = distance.argmin(1)
        error = (self.values[rows].gather(1, nearest[:, None])[:, 0] - losses).abs()
        return nearest, error.maximum(distance.gather(1, nearest[:, None])[:, 0])


def require_separated(sizes: Tensor) -> None:
    """The second hypothesis of the formula, for singular values (k, r) in descending order."""
    scale = sizes[:, :1]
    close = (sizes[:, :-1] - sizes[:, 1:] <= SEPARATED * scale).any(1)
    zero = sizes[:, -1] <= SEPARATED * scale[:, 0]
    if bool(zero.any()):
        raise NetworkError(
            f"the regression of data set {first(zero)} has no full rank (a singular value is 0); the formula needs X Y^T of full rank"
        )
    if bool(close.any()):
        shown = ", ".join(f"{float(s):.6g}" for s in sizes[first(close)])
        raise NetworkError(
            f"the regression of data set {first(close)} has repeated singular values ({shown}); the formula needs distinct ones"
        )
