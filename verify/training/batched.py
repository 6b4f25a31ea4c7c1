r"""The branch and bound of ``verify.training.search`` in large batches, for a GPU; it runs on any device of torch with float64.

Nodes are those of ``verify.training.search``: each neuron is restricted to a set of cells and has a sign.  What a device
bounds or branches is a batch of them, the last ones of a stack, so that memory stays within the depth of the tree times
a batch; the order matters little, since the incumbent of a multi-start is nearly always the optimum already.

* Distinct *states* (sets of cells) are few: a search of a hundred thousand nodes meets some thousand, each node being a
  combination of w.  So states live in a table, and nodes hold indices.  A state's masks are computed once, on the CPU, when
  a node first asks for it; the halves of a state at a point are looked up on the device.
* Signs are branched first, then one point at a time: the point at which the relaxation errs most at its own optimum (the
  loss of the network minus the relaxed loss); where its weights are not determined, the point whose halves have the fewest
  undecided points on average.
* Children inherit the rows and multipliers of their parent, so that a bound starts where the parent's ended.
* A *leaf*, in which no point is undecided, goes to the search on the CPU: leaves are few, and need an exact active set
  with care for their rank.

The bounds stand in ``verify.training.batched_bounds``.  Values agree with ``search`` within the tolerance, whatever the
batch; the order of visits does not, so certificates are made by the CPU search, given the optimum.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from verify.training.batched_bounds import Bounded, lower_bounds
from verify.training.batched_rows import Rows, Tables, relaxed
from verify.training.batched_states import StateTable
from verify.training.problem import Problem, evaluate
from verify.training.search import Nodes, search

Tensor = Any  # torch.Tensor, of which the type checker knows nothing

SLOTS = 20  # rows of a node
UNDETERMINED = 1  # null vectors up to which the relaxation's optimum chooses the point of a division
LEAVES = 256  # leaves are handed over when there are so many, and at the end


@dataclass(frozen=True)
class Batch:
    """Nodes on the device: states (n, w) int64, signs (n, w) int8 (0: not yet chosen), bound (n,) float64, rows to start from."""

    states: Tensor
    signs: Tensor
    bound: Tensor
    rows: Rows

    def __len__(self) -> int:
        return len(self.bound)

    def of(self, nodes: Tensor | slice) -> Batch:
        rows = Rows(*(x[:, nodes] for x in (self.rows.point, self.rows.tau, self.rows.mask, self.rows.multiplier)))
        return Batch(self.states[nodes], self.signs[nodes], self.bound[nodes], rows)

    @staticmethod
    def join(parts: list[Batch]) -> Batch:
        if len(parts) == 1:
            return parts[0]
        states, signs, bound = (torch.cat([getattr(b, name) for b in parts]) for name in ("states", "signs", "bound"))
        return Batch(states, signs, bound, Rows.join([b.rows for b in parts]))


@dataclass(frozen=True)
class Outcome:
    """The answer of ``batched_search``: upper, the best loss known; weights (w d + f,) and signs (w,) if they improve the
    given one; remaining nodes, in no particular order; how many nodes were visited, leaves handed over, bounds computed,
    nodes branched; distinct states."""

    upper: float
    weights: NDArray[np.float64] | None
    signs: NDArray[np.int8] | None
    remaining: Nodes
    nodes: int
    leaves: int
    bounds: int
    branchings: int
    states: int


class BatchedSearch:
    """Bounds and branches batches of nodes of one problem on one device.

    problem: with squared loss.  device: of torch.  rounds: how many rows a bound may add to those it starts from.
    """

    def __init__(self, problem: Problem, *, device: str = "cpu", rounds: int = 4) -> None:
        if problem.loss != "squared":
            raise ValueError(f"the loss is {problem.loss!r}, but batched bounds exist for 'squared' alone; use search")
        self.problem = problem
        self.device = torch.device(device)
        self.rounds = rounds
        self.tables = Tables.of(problem, self.device)
        self.states = StateTable(problem.cells, problem.points, self.device)

    def entered(self, nodes: Nodes) -> Batch:
        """Nodes of the CPU search on the device."""
        n, w = nodes.signs.shape
        flat = (m.reshape(n * w, -1) for m in (nodes.positive, nodes.negative))
        signs = torch.as_tensor(nodes.signs, dtype=torch.int8, device=self.device)
        bound = torch.as_tensor(nodes.bound, dtype=torch.float64, device=self.device)
        return Batch(self.states.indices(*flat).view(n, w), signs, bound, Rows.empty(SLOTS, n, self.device))

    def handed(self, batch: Batch) -> Nodes:
        """Nodes on the device as the CPU search takes them."""
        indices, words = batch.states.cpu().numpy(), self.problem.words
        shape = (*indices.shape, words)
        positive, negative = (
            np.array([masks[s] for s in indices.ravel()], np.uint64).reshape(shape)
            for masks in (self.states.positive, self.states.negative)
        )
        return Nodes(batch.signs.cpu().numpy(), positive, negative, batch.bound.cpu().numpy())

    def bounded(self, batch: Batch, target: float) -> tuple[Batch, Bounded]:
        """The batch with the bounds and rows that ``lower_bounds`` finds; all signs must be chosen."""
        code, signs = self.states.code[batch.states], batch.signs.T.contiguous()
        found = lower_bounds(self.tables, code, signs, batch.rows, target, self.rounds)
        return Batch(batch.states, batch.signs, torch.maximum(batch.bound, found.bound), found.rows), found

    def incumbent(self, batch: Batch, weights: Tensor, upper: float) -> tuple[float, Any, Any]:
        """The least loss of the networks with weights (p, n) and the signs of the batch, if below ``upper``."""
        p, w, d = self.tables.parameters, self.tables.width, self.tables.dimension
        v = weights.T
        inner = (v[:, : w * d].reshape(-1, d) @ self.tables.points.T).view(len(v), w, -1)
        output = torch.where(inner * batch.signs[:, :, None] > 0, inner, 0.0).sum(1)
        if p > w * d:
            output = output + v[:, w * d :] @ self.tables.points[:, : p - w * d].T
        loss = ((output - self.tables.labels) ** 2) @ self.tables.multiplicities
        best, at = (float(x) for x in loss.min(0))
        if not best < upper:
            return upper, None, None
        found = v[int(at)].cpu().numpy(), batch.signs[int(at)].cpu().numpy()
        return min(upper, evaluate(self.problem, *found)), *found

    def branched(self, batch: Batch, found: Bounded | None) -> Batch:
        """The children of all nodes.  ``found``: their bounds; None: of each node the first unknown sign is chosen."""
        neuron, point = self._places(batch, found)
        nodes = torch.arange(len(batch), device=self.device)
        state, sign = batch.states[nodes, neuron], batch.signs[nodes, neuron]
        group = (batch.states == state[:, None]) & (batch.signs == sign[:, None])
        halves = None if found is None else self.states.split(state, point)
        size, rank = group.sum(1), group.cumsum(1) - 1
        children = []
        for m in range(1, self.tables.width + 1):
            part = (size == m).nonzero()[:, 0]
            if not len(part):
                continue
            parent, inside, at = batch.of(part), group[part], rank[part]
            for j in range(m + 1):
                first = at < m - j
                if halves is None:
                    signs = torch.where(inside, torch.where(first, 1, -1).to(torch.int8), parent.signs)
                    children.append(Batch(parent.states, signs, parent.bound, parent.rows))
                else:
                    half = torch.where(first, halves[part, :1], halves[part, 1:])
                    states = torch.where(inside, half, parent.states)
                    children.append(Batch(states, parent.signs, parent.bound, parent.rows))
        return Batch.join(children)

    def _places(self, batch: Batch, found: Bounded | None) -> tuple[Tensor, Tensor]:
        """The neuron and the point (n,) by which to branch each node."""
        if found is None:
            neuron = (batch.signs == 0).to(torch.int8).argmax(1)
            return neuron, neuron
        code = self.states.code[batch.states]
        undecided = code == 0
        inner, output, tau = relaxed(self.tables, code, batch.signs.T, found.weights)
        error = output - self.tables.labels.float()
        loose = torch.where(tau != 0, (tau * error).clamp(min=0), 0.0)
        gap = (error**2 - loose**2) * self.tables.multiplicities.float()
        share = gap / undecided.sum(1).clamp(min=1)
        score = torch.where(undecided, share[:, None] + 1e-6 * inner.abs(), -torch.inf)
        best = score.flatten(1).argmax(1)
        neuron, point = best // code.shape[2], best % code.shape[2]
        wide = undecided.sum(2).argmax(1)
        middle = self.states.middle[batch.states.gather(1, wide[:, None])[:, 0]]
        vague = (found.nullity > UNDETERMINED) | ~score.flatten(1).amax(1).isfinite()
        return torch.where(vague, wide, neuron), torch.where(vague, middle, point)


def batched_search(
    problem: Problem,
    nodes: Nodes,
    upper: float,
    *,
    device: str = "cpu",
    batch: int | None = None,
    node_limit: int = 10**12,
    tolerance: float = 1e-9,
    rounds: int = 4,
) -> Outcome:
    r"""Branch and bound from ``nodes`` with the incumbent ``upper`` (a loss in the problem's scale), to the end or to the limit.

    batch: how many nodes are bounded at once; None: as many as suit the device.  node_limit: no batch is begun after so
    many nodes.  tolerance: nodes whose bound exceeds (1 - tolerance) upper are closed.

    >>> problem = Problem.of([[1, 0], [1, 1], [1, 2]], [0, 1, 0], [1, 1, 1], width=1)
    >>> round(batched_search(problem, Nodes.root(problem), 2.0).upper, 9)
    0.666666667
    """
    work = BatchedSearch(problem, device=device, rounds=rounds)
    tree = Tree(work, tolerance, upper, [work.entered(nodes)])
    size = batch or batch_size(problem, work.device)
    while tree.stack and tree.nodes < node_limit:
        tree.visit(*tree.taken(size))
    tree.finish_leaves()
    left = [b.of((b.bound < tree.target).nonzero()[:, 0]) for b in tree.stack]
    remaining = Nodes.join([work.handed(b) for b in left]) if left else Nodes.root(problem)[:0]
    counts = tree.nodes, tree.leaves, tree.bounds, tree.branchings, len(work.states.members)
    return Outcome(tree.upper, tree.weights, tree.signs, remaining, *counts)


@dataclass
class Tree:
    """A search under way: the incumbent, open nodes (the next ones last), leaves that wait, and what was done so far."""

    work: BatchedSearch
    tolerance: float
    upper: float
    stack: list[Batch]
    weights: NDArray[np.float64] | None = None
    signs: NDArray[np.int8] | None = None
    waiting: list[Batch] = field(default_factory=list)
    nodes: int = 0
    leaves: int = 0
    bounds: int = 0
    branchings: int = 0

    @property
    def target(self) -> float:
        """Nodes with such a bound are closed."""
        return self.upper * (1 - self.tolerance) - 1e-13

    def taken(self, size: int) -> tuple[Batch, bool]:
        """Up to ``size`` nodes off the top of the stack, all with signs chosen, or (False) none."""
        parts = [self.stack.pop()]
        while self.stack and sum(map(len, parts)) + len(self.stack[-1]) <= size:
            parts.append(self.stack.pop())
        top = Batch.join(parts)
        if len(top) > size:
            self.stack.append(top.of(slice(size, None)))
            top = top.of(slice(0, size))
        signed = (top.signs != 0).all(1)
        if bool(signed.all()):
            return top, True
        if bool(signed.any()):
            self.stack.append(top.of(signed.nonzero()[:, 0]))
        return top.of((~signed).nonzero()[:, 0]), False

    def visit(self, batch: Batch, signed: bool) -> None:
        """Bound and branch a batch; its leaves wait until there are enough to be handed over."""
        work = self.work
        self.nodes += len(batch)
        if not signed:
            self.branchings += len(batch)
            self.stack.append(work.branched(batch, None))
            return
        self.bounds += len(batch)
        batch, found = work.bounded(batch, self.target)
        self.improve(*work.incumbent(batch, found.weights, self.upper))
        undecided = (work.states.code[batch.states] == 0).flatten(1).any(1)
        open_ = batch.bound < self.target
        leaves, rest = (open_ & ~undecided).nonzero()[:, 0], (open_ & undecided).nonzero()[:, 0]
        if len(leaves):
            self.waiting.append(batch.of(leaves))
        if sum(map(len, self.waiting)) >= LEAVES:
            self.finish_leaves()
        if len(rest):
            self.branchings += len(rest)
            self.stack.append(work.branched(batch.of(rest), found.of(rest)))

    def improve(self, upper: float, weights: Any, signs: Any) -> None:
        if weights is not None and upper < self.upper:
            self.upper, self.weights, self.signs = upper, weights, signs

    def finish_leaves(self) -> None:
        """The search on the CPU goes through the leaves."""
        if self.waiting:
            nodes, self.waiting = self.work.handed(Batch.join(self.waiting)), []
            self.leaves += len(nodes)
            found = search(self.work.problem, nodes, self.upper, node_limit=10**12, tolerance=self.tolerance)
            self.improve(found.upper, found.weights, found.signs)


def batch_size(problem: Problem, device: torch.device) -> int:
    """How many nodes to bound at once: on a CPU up to about 256 MB of them, on a GPU what takes about a third of its free memory."""
    w, p, points = problem.width, problem.parameters, problem.points
    pairs = (w + 1) * (w + 2) // 2
    node = 8 * points * (pairs + 3 * w + 6) + 8 * (4 * p * p + 6 * SLOTS * p + 3 * SLOTS * SLOTS)
    if device.type != "cuda":
        return max(64, min(16384, 2**28 // node))
    free = int(torch.cuda.mem_get_info(device)[0])
    return max(1024, min(2**20, free // (3 * node)))
