r"""Lower bounds for many nodes of the branch and bound at once, as tensor programs that run on a CPU or a GPU.

A node restricts each of w neurons to a set of cells and gives each a sign.  Over the points that are decided for all
neurons the squared loss is a quadratic of the weights v with Gram matrix G, right-hand side b and constant yy, and every
multiplier $\lambda \ge 0$ on valid rows $c \cdot v + r \ge o$ (r a residual of cost $m r^2$) proves the lower bound

$$yy - b^\top G^+ b + 2 \lambda^\top t - \lambda^\top K \lambda, \quad t = o - C G^+ b, \quad K = C G^+ C^\top + \text{[same point]} / m.$$

Rows and bound are those of ``verify.training.bounds``.  What differs is the shape of the work:

* everything with a point index comes with the node first, so that masks are gathered as whole rows and the moments of
  all nodes are one matrix product, (nodes, D) times (D, moments); everything of the size of the weights comes with the
  node last, so that each step of an elimination is one operation on long contiguous vectors;
* the rank of G is decided by diagonal pivoting on the Gram with unit diagonal.  A ridge, or elimination in a fixed order,
  would make bounds of singular nodes too large.  Where columns depend on others, rows with a component in the null space
  are not used: they would need $G^+$ on the outside of its range;
* instead of an active set, multipliers are raised by coordinate ascent, which keeps them valid at every moment.  A row is
  written over one whose multiplier is 0, so that a node owns a fixed number of slots;
* a node that is finished, because its bound suffices or no row is violated, must get an *empty* row in later rounds: the
  row of a masked argmax is some row, and its multiplier would be fiction;
* rows are chosen in float32 (a wrong choice costs a little time, never validity), bounds are computed in float64.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from verify.training.batched_rows import (
    NULL,
    Rows,
    Screen,
    Tables,
    blanked,
    coefficients,
    linear_forms,
    null_components,
    screened,
    still_valid,
    without_null_component,
)

Tensor = Any  # torch.Tensor, of which the type checker knows nothing

DEPENDENT = 1e-11  # a pivot of the unit-diagonal Gram below this belongs to a dependent column
VIOLATED = 1e-7  # a row is worth a round if its violation, in units of the labels' norm, exceeds this


def normal_equations(tables: Tables, code: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """G (p, p, n), b (p, n), yy (n,) of the points decided for all neurons; code (n, w, D) int8 is +1, -1 or 0."""
    n, w, d, f, p = len(code), tables.width, tables.dimension, tables.free, tables.parameters
    settled = (code != 0).all(1)
    active = [(code[:, k] > 0) & settled for k in range(w)] + ([settled] if f else [])
    pairs = [(k, e) for k in range(len(active)) for e in range(k + 1)]
    masks = torch.stack([active[k] & active[e] for k, e in pairs] + ([] if f else [settled]))
    sums = masks.double() @ tables.moments
    a, c = tables.lower
    gram, right = code.new_zeros((p, p, n), dtype=torch.float64), code.new_zeros((p, n), dtype=torch.float64)
    for q, (k, e) in enumerate(pairs):
        block = code.new_zeros((tables.dimension, tables.dimension, n), dtype=torch.float64)
        block[a, c] = block[c, a] = sums[q, :, : len(a)].T
        rows, columns = d if k < w else f, d if e < w else f
        gram[k * d : k * d + rows, e * d : e * d + columns] = block[:rows, :columns]
        gram[e * d : e * d + columns, k * d : k * d + rows] = block[:columns, :rows]
        if k == e:
            right[k * d : k * d + rows] = sums[q, :, len(a) : len(a) + rows].T
    return gram, right, sums[-1, :, -1].contiguous()


def pseudo_inverse(tables: Tables, gram: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """A generalised inverse H (p, p, n), zero at the dependent columns; dependent (p, n) bool; null (p, p, n): where column
    j is dependent, null[:, j] is the null vector that has 1 there, elsewhere 0.  By sweeps with diagonal pivoting."""
    p = len(gram)
    diagonal = gram.diagonal(dim1=0, dim2=1).T
    scale = torch.where(diagonal > 1e-13 * tables.diagonal[:, None], diagonal.clamp(min=1e-300).rsqrt(), 0.0)
    swept = gram * scale[:, None] * scale[None]
    dependent = torch.ones_like(scale, dtype=torch.bool)
    for _ in range(p):
        left = torch.where(dependent, swept.diagonal(dim1=0, dim2=1).T, 0.0)
        pivot, q = left.max(0, keepdim=True)
        fine = pivot > DEPENDENT
        column = swept.gather(0, q[:, None].expand(1, p, -1))[0]
        inverse = torch.where(fine, 1 / pivot, 0.0)
        scaled = column * inverse
        swept = torch.addcmul(swept, column[:, None], scaled[None], value=-1)
        scaled = torch.where(fine, scaled.scatter(0, q, -inverse), column)
        swept.scatter_(0, q[None].expand(1, p, -1), scaled[None])
        swept.scatter_(1, q[:, None].expand(p, 1, -1), scaled[:, None])
        dependent.scatter_(0, q, dependent.gather(0, q) & ~fine)
    both = dependent[:, None] | dependent[None]
    inverse = torch.where(both, 0.0, -swept * scale[:, None] * scale[None])
    back = torch.where(scale > 0, 1 / scale.clamp(min=1e-300), 0.0)
    null = torch.where(dependent[None] & ~dependent[:, None], -swept * scale[:, None] * back[None], 0.0)
    null = null + torch.diag_embed(dependent.double().T).permute(1, 2, 0)
    return inverse, dependent, null


@dataclass(frozen=True)
class Bounded:
    """What a round of bounds says of n nodes: bound (n,), the weights v (p, n) at which the bound is the value of the
    relaxation (up to the multipliers' accuracy), the rows, and the number of null vectors of the Gram (n,)."""

    bound: Tensor
    weights: Tensor
    rows: Rows
    nullity: Tensor

    def of(self, nodes: Tensor) -> Bounded:
        return Bounded(self.bound[nodes], self.weights[:, nodes], self.rows.of(nodes), self.nullity[nodes])


@dataclass(frozen=True)
class Duals:
    """The dual programs of the nodes still at work, changed in place.  index (n,): their places in the whole batch; code
    (n, w, D), signs (w, n); inverse (p, p, n) = G^+, solution (p, n) = G^+ b, base (n,); forms C and lifted = C G^+ (R, p, n),
    right t (R, n), curvature K (R, R, n)."""

    index: Tensor
    code: Tensor
    signs: Tensor
    inverse: Tensor
    solution: Tensor
    base: Tensor
    screen: Screen
    rows: Rows
    forms: Tensor
    lifted: Tensor
    right: Tensor
    curvature: Tensor

    def of(self, nodes: Tensor) -> Duals:
        parts: dict[str, Any] = {"screen": self.screen.of(nodes), "rows": self.rows.of(nodes)}
        parts |= {name: getattr(self, name)[nodes] for name in ("index", "code")}
        last = ("signs", "inverse", "solution", "base", "forms", "lifted", "right", "curvature")
        return Duals(**parts, **{name: getattr(self, name)[..., nodes] for name in last})

    @property
    def weights(self) -> Tensor:
        return self.solution + (self.rows.multiplier[:, None] * self.lifted).sum(0)


def lower_bounds(tables: Tables, code: Tensor, signs: Tensor, rows: Rows, target: float, rounds: int) -> Bounded:
    """Bounds of n nodes, code (n, w, D) int8 and signs (w, n) int8 without 0, from the rows given and up to ``rounds`` more.

    A node is left alone when its bound reaches ``target``."""
    gram, right, yy = normal_equations(tables, code)
    inverse, dependent, null = pseudo_inverse(tables, gram)
    solution = (inverse * right[None]).sum(1)
    base = yy - (right * solution).sum(0)
    singular = dependent.any(0)
    everything = torch.arange(len(code), device=code.device)
    kept = Rows.empty(len(rows.point), len(code), code.device)
    bound, weights = base.clone(), solution.clone()
    open_ = base < target
    for part, rank_deficient in ((open_ & ~singular, False), (open_ & singular, True)):
        nodes = part.nonzero()[:, 0]
        if not len(nodes):
            continue
        inherited = still_valid(code[nodes], rows.of(nodes))
        forbidden = None
        if rank_deficient:
            reach = null_components(tables, null[..., nodes])
            forbidden = (reach > NULL).any(1)
            inherited = without_null_component(tables, code[nodes], signs[:, nodes], inherited, null[..., nodes])
        duals = prepared(
            tables,
            (everything[nodes], code[nodes], signs[:, nodes]),
            (inverse[..., nodes], solution[:, nodes], base[nodes]),
            screened(tables, code[nodes], signs[:, nodes], forbidden),
            inherited,
        )
        raise_bounds(tables, duals, (bound, weights, kept), target, rounds)
    return Bounded(bound, weights, kept, dependent.sum(0))


def prepared(
    tables: Tables,
    nodes: tuple[Tensor, Tensor, Tensor],
    system: tuple[Tensor, Tensor, Tensor],
    screen: Screen,
    rows: Rows,
) -> Duals:
    """The dual programs of nodes (index, code, signs) with systems (G^+, G^+ b, base) and the inherited rows."""
    inverse, solution, _ = system
    forms, offsets = coefficients(tables, *nodes[1:], rows)
    lifted = forms[:, 0, None] * inverse[0]
    for q in range(1, len(inverse)):
        lifted.addcmul_(forms[:, q, None], inverse[q])
    shared = (rows.point[:, None] == rows.point[None]) & (rows.tau != 0)[:, None] & (rows.tau != 0)[None]
    curvature = shared / tables.multiplicities[rows.point]
    for q in range(len(inverse)):
        curvature.addcmul_(forms[:, None, q], lifted[None, :, q])
    right = offsets - (forms * solution[None]).sum(1)
    return Duals(*nodes, *system, screen, rows, forms, lifted, right, curvature)


def raise_bounds(
    tables: Tables, duals: Duals, results: tuple[Tensor, Tensor, Rows], target: float, rounds: int, sweeps: int = 4
) -> None:
    """Raises the bounds of ``duals`` and writes bound, weights and rows into ``results`` at the places of the nodes."""
    bound, weights, kept = results
    for turn in range(rounds + 1):
        gain = ascend(duals.curvature, duals.right, duals.rows.multiplier, sweeps)
        v = duals.weights
        bound[duals.index] = reached = duals.base + gain
        weights[:, duals.index] = v
        for name in ("point", "tau", "mask", "multiplier"):
            getattr(kept, name)[:, duals.index] = getattr(duals.rows, name)
        if turn == rounds:
            return
        row, violated = most_violated(tables, duals, v)
        active = (reached < target) & violated
        count = int(active.sum())
        if not count:
            return
        if count < 0.8 * len(active):
            nodes = active.nonzero()[:, 0]
            duals, row, active = duals.of(nodes), row.of(nodes), active[nodes]
        insert(tables, duals, row, active)


def ascend(curvature: Tensor, right: Tensor, multiplier: Tensor, sweeps: int) -> Tensor:
    """Coordinate ascent on 2 l.t - l'Kl over l >= 0, in place; returns the value (n,)."""
    gradient = right - (curvature * multiplier[None]).sum(1)
    steps = curvature.diagonal(dim1=0, dim2=1).T.clamp(min=1e-300).reciprocal()
    coordinates = list(zip(gradient.unbind(0), steps.unbind(0), multiplier.unbind(0), curvature.unbind(1), strict=True))
    for _ in range(sweeps):
        for slope, step, value, column in coordinates:
            change = torch.maximum(slope * step, -value)
            value += change
            gradient.addcmul_(column, change, value=-1)
    return (multiplier * (right + gradient)).sum(0)


def most_violated(tables: Tables, duals: Duals, weights: Tensor) -> tuple[Rows, Tensor]:
    """The most violated row of each node, relative to |z_i|, as ``Rows`` with one slot, and whether there is one."""
    (n, w, _), screen, rows = duals.code.shape, duals.screen, duals.rows
    inner, affine = linear_forms(tables, weights)
    excess = torch.maximum(screen.reach * inner, screen.floor).sum(1)
    excess = excess - screen.offset if affine is None else torch.addcmul(excess - screen.offset, screen.affine, affine)
    share = (rows.multiplier * (rows.tau != 0) * (tables.inverse_norms / tables.multiplicities)[rows.point]).float()
    excess.scatter_add_(1, rows.point.T, -share.T)
    own, at = (screen.decided * inner).flatten(1).max(1)
    most, point = excess.max(1)
    upper = most > own
    point = torch.where(upper, point, at % excess.shape[1])
    here = point[:, None, None].expand(-1, w, 1)
    rising = (duals.code.gather(2, here) == 0) & (screen.reach.gather(2, here) * inner.gather(2, here) > 0)
    chosen = (rising[..., 0].long() << torch.arange(w, device=inner.device)).sum(1)
    tau = torch.where(upper, screen.affine.gather(1, point[:, None])[:, 0].sign(), 0.0).to(torch.int8)
    mask = torch.where(upper, chosen, 1 << at // excess.shape[1])
    row = Rows(point[None], tau[None], mask[None], duals.base.new_zeros(1, n))
    return row, torch.maximum(most, own) > VIOLATED


def insert(tables: Tables, duals: Duals, row: Rows, active: Tensor) -> None:
    """Writes a row of each active node over the one with the least multiplier, if that is 0; others are left as they are."""
    least, slot = duals.rows.multiplier.min(0, keepdim=True)
    row = blanked(row, ~(active & (least[0] <= 0))[None])
    p, count = duals.forms.shape[1], len(duals.curvature)
    keep = ~(active & (least[0] <= 0))
    forms, offsets = coefficients(tables, duals.code, duals.signs, row)
    lifted = (duals.inverse * forms).sum(1, keepdim=True).permute(1, 0, 2)
    at = slot[:, None].expand(1, p, -1)
    rows = duals.rows
    for old, new in ((rows.point, row.point), (rows.tau, row.tau), (rows.mask, row.mask)):
        old.scatter_(0, slot, torch.where(keep, old.gather(0, slot), new))
    duals.forms.scatter_(0, at, torch.where(keep, duals.forms.gather(0, at), forms))
    duals.lifted.scatter_(0, at, torch.where(keep, duals.lifted.gather(0, at), lifted))
    right = offsets - (forms * duals.solution[None]).sum(1)
    duals.right.scatter_(0, slot, torch.where(keep, duals.right.gather(0, slot), right))
    along = (duals.forms * duals.lifted.gather(0, at)).sum(1)
    upper = rows.tau != 0
    same = (rows.point == rows.point.gather(0, slot)) & upper & upper.gather(0, slot)
    along = along + same / tables.multiplicities[rows.point.gather(0, slot)]
    duals.curvature.scatter_(1, slot[:, None].expand(count, 1, -1), along[:, None])
    duals.curvature.scatter_(0, slot[None].expand(1, count, -1), along[None])
