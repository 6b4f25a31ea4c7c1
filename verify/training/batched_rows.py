r"""The rows of batched bounds: which hold in a node, which are violated at given weights, which miss the null space.

Row A of neuron k at a point that it has decided: sign * side * <z_i, v_k> >= 0.  Row B at a point that some neurons have
not decided, all of them of one sign tau: the residual r_i >= tau (L(v) - y_i), where L adds the forms of the neurons that are
positive there, of those undecided ones that the row's mask names, and of the affine part.  See ``verify.training.bounds``.

All tensors with a point index have the node first, all others have it last: ``verify.training.batched_bounds`` says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from verify.training.problem import Problem

Tensor = Any  # torch.Tensor, of which the type checker knows nothing

NULL = 1e-6  # a row's component in the null space, relative to both norms, above which the row is not used


@dataclass(frozen=True)
class Tables:
    """The numbers of a problem on a device.

    points (D, d) and labels, multiplicities, inverse_norms (D,) float64; moments (D, F) float64: for each point the
    d(d+1)/2 products m z_a z_c, the d products m z_a y, and m y^2; lower (2, d(d+1)/2) int64: the pairs (a, c); diagonal (p,):
    the largest entries the Gram's diagonal can have.
    """

    points: Tensor
    labels: Tensor
    multiplicities: Tensor
    inverse_norms: Tensor
    moments: Tensor
    lower: Tensor
    diagonal: Tensor
    width: int
    free: int

    @property
    def dimension(self) -> int:
        return int(self.points.shape[1])

    @property
    def parameters(self) -> int:
        return self.width * self.dimension + self.free

    @staticmethod
    def of(problem: Problem, device: str | torch.device) -> Tables:
        def tensor(array: Any) -> Tensor:
            return torch.as_tensor(array, dtype=torch.float64).to(device)

        z, y, m = tensor(problem.features), tensor(problem.labels), tensor(problem.multiplicities)
        lower = torch.tril_indices(z.shape[1], z.shape[1], device=device)
        weighted = m[:, None] * z
        moments = torch.cat([weighted[:, lower[0]] * z[:, lower[1]], weighted * y[:, None], (m * y * y)[:, None]], 1)
        squares = (weighted * z).sum(0)
        diagonal = torch.cat([squares.repeat(problem.width), squares[: problem.free]])
        return Tables(z, y, m, 1 / z.norm(dim=1), moments, lower, diagonal, problem.width, problem.free)


@dataclass(frozen=True)
class Rows:
    """R slots for each of n nodes.  point (R, n) int64; tau (R, n) int8 in {+1, -1} for rows B, 0 for rows A; mask (R, n)
    int64; multiplier (R, n) float64.  An empty slot has mask 0, tau 0 and multiplier 0, which makes its row 0 >= 0."""

    point: Tensor
    tau: Tensor
    mask: Tensor
    multiplier: Tensor

    @staticmethod
    def empty(slots: int, nodes: int, device: torch.device) -> Rows:
        zeros = torch.zeros(slots, nodes, dtype=torch.int64, device=device)
        return Rows(zeros, zeros.to(torch.int8), zeros.clone(), zeros.double())

    def of(self, nodes: Tensor) -> Rows:
        return Rows(*(x[:, nodes] for x in (self.point, self.tau, self.mask, self.multiplier)))

    @staticmethod
    def join(parts: list[Rows]) -> Rows:
        return Rows(*(torch.cat([getattr(r, x) for r in parts], 1) for x in ("point", "tau", "mask", "multiplier")))


def coefficients(tables: Tables, code: Tensor, signs: Tensor, rows: Rows) -> tuple[Tensor, Tensor]:
    """C (R, p, n) and o (R, n).  code (n, w, D), signs (w, n).  Row A of neuron k: sign * code * z_i; row B: -tau times the
    linear forms of the positive neurons and of the undecided ones in the mask, and of the affine part."""
    w, d, f = tables.width, tables.dimension, tables.free
    z = tables.points[rows.point]  # (R, n, d)
    bits = torch.arange(w, device=code.device)[None, :, None]
    chosen = (rows.mask[:, None] >> bits & 1).to(torch.int8)
    here = code.gather(2, rows.point.T[:, None].expand(-1, w, -1)).permute(2, 1, 0)  # (R, w, n)
    tau = rows.tau[:, None]
    linear = (here > 0) | ((here == 0) & (chosen > 0))
    factor = torch.where(tau == 0, chosen * signs[None] * here, -tau * linear).double()
    blocks = (factor[:, :, None] * z.permute(0, 2, 1)[:, None]).flatten(1, 2)
    if f:
        blocks = torch.cat([blocks, (-rows.tau.double()[..., None] * z[..., :f]).permute(0, 2, 1)], 1)
    assert blocks.shape[1] == w * d + f
    return blocks, -rows.tau * tables.labels[rows.point]


def still_valid(code: Tensor, rows: Rows) -> Rows:
    """Inherited rows B lose the neurons that are decided by now; a row without any that is undecided becomes empty."""
    bits = torch.arange(code.shape[1], device=code.device)[None, :, None]
    here = code.gather(2, rows.point.T[:, None].expand(-1, code.shape[1], -1)).permute(2, 1, 0)
    undecided = ((here == 0).long() << bits).sum(1)
    gone = (rows.tau != 0) & (undecided == 0)
    mask = torch.where(rows.tau != 0, rows.mask & undecided, rows.mask)
    return blanked(Rows(rows.point, rows.tau, mask, rows.multiplier), gone)


def blanked(rows: Rows, gone: Tensor) -> Rows:
    """The slots where ``gone`` (R, n) are made empty."""
    return Rows(
        rows.point, *(torch.where(gone, torch.zeros_like(x), x) for x in (rows.tau, rows.mask, rows.multiplier))
    )


def null_components(tables: Tables, null: Tensor) -> Tensor:
    """|<z_i, N_k>| / (|z_i| |N|) for each null vector N, (n, J, w + 1, D) float32, the last for the affine part."""
    p, n = len(null), null.shape[2]
    d, w, f = tables.dimension, tables.width, tables.free
    count = (null != 0).any(0).sum(0).max()
    order = (null != 0).any(0).long().sort(dim=0, descending=True, stable=True)[1][: int(count)]
    vectors = null.gather(1, order[None].expand(p, -1, -1))
    vectors = vectors / vectors.norm(dim=0).clamp(min=1e-300)
    blocks = torch.zeros(n, len(order), w + 1, d, dtype=torch.float64, device=null.device)
    blocks[:, :, :w] = vectors[: w * d].reshape(w, d, len(order), n).permute(3, 2, 0, 1)
    blocks[:, :, w, :f] = vectors[w * d :].permute(2, 1, 0)
    return (blocks @ (tables.points * tables.inverse_norms[:, None]).T).abs().float()


def without_null_component(tables: Tables, code: Tensor, signs: Tensor, rows: Rows, null: Tensor) -> Rows:
    """The rows, those with a component in the null space made empty."""
    forms, _ = coefficients(tables, code, signs, rows)
    size = forms.norm(dim=1)[:, None] * null.norm(dim=0)[None]  # (R, p, n)
    component = torch.einsum("rpn,pjn->rjn", forms, null).abs()
    return blanked(rows, (component > NULL * size).any(1))


@dataclass(frozen=True)
class Screen:
    """What finds violated rows, in float32: the violation of row A of neuron k at point i is ``decided`` times <z_i, v_k>; that of
    row B is the sum over k of max(``reach`` <z_i, v_k>, ``floor``), plus ``affine`` times the affine part, less ``offset``.

    decided, reach, floor (n, w, D); affine, offset (n, D).  Rows with a component in the null space have factors 0.
    """

    decided: Tensor
    reach: Tensor
    floor: Tensor
    affine: Tensor
    offset: Tensor

    def of(self, nodes: Tensor) -> Screen:
        return Screen(*(x[nodes] for x in (self.decided, self.reach, self.floor, self.affine, self.offset)))


def screened(tables: Tables, code: Tensor, signs: Tensor, forbidden: Tensor | None) -> Screen:
    """The screen of nodes; forbidden (n, w + 1, D) bool: the forms with a component in the null space, and the affine part."""
    w, small = tables.width, tables.inverse_norms.float()
    sign = signs.T[:, :, None]
    undecided, tau = code == 0, common_sign(code, sign)
    usable = tau != 0
    decided = -(sign * code) * small
    reach = torch.where(undecided, sign, (code > 0) * tau[:, None]) * usable[:, None] * small
    if forbidden is not None:
        usable = usable & ~(forbidden[:, :w] & (code > 0)).any(1) & ~forbidden[:, w]
        decided = torch.where(forbidden[:, :w], 0.0, decided)
        reach = torch.where(forbidden[:, :w] | ~usable[:, None], 0.0, reach)
    floor = torch.where(undecided, 0.0, -torch.inf).float()
    affine = tau * usable * small
    return Screen(decided, reach, floor, affine, torch.where(usable, affine * tables.labels.float(), 1.0))


def common_sign(code: Tensor, sign: Tensor) -> Tensor:
    """+-1 (n, D) int8 where a point is undecided for some neurons and all these have that sign (n, w, 1), else 0."""
    undecided = code == 0
    plus, minus = (undecided & (sign > 0)).any(1), (undecided & (sign < 0)).any(1)
    return torch.where(plus & minus, 0, plus.to(torch.int8) - minus.to(torch.int8))


def linear_forms(tables: Tables, weights: Tensor) -> tuple[Tensor, Tensor | None]:
    """At weights (p, n), in float32: <z_i, v_k> (n, w, D) and the affine part (n, D), None if there is none."""
    w, d, f = tables.width, tables.dimension, tables.free
    v, z = weights.T.float(), tables.points.T.float()
    inner = (v[:, : w * d].reshape(-1, d) @ z).view(len(v), w, -1)
    return inner, v[:, w * d :] @ z[:f] if f else None


def relaxed(tables: Tables, code: Tensor, signs: Tensor, weights: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """At weights (p, n), in float32: the forms <z_i, v_k> (n, w, D); outputs (n, D), an undecided neuron adding its form where
    that has its sign and else 0; ``common_sign``."""
    inner, affine = linear_forms(tables, weights)
    sign = signs.T[:, :, None]
    output = torch.where((code > 0) | ((code == 0) & (inner * sign > 0)), inner, 0.0).sum(1)
    return inner, output if affine is None else output + affine, common_sign(code, sign)
