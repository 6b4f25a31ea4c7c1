r"""Global minima of the training problem of networks with one hidden layer of ReLU units.

The statement ``training_minimum`` holds the data: points x_i, labels y_i, weights m_i > 0, the ``loss``, the ``width`` w,
and which ``affine`` part the networks have.  It is about the minimum of sum_i m_i loss(f(x_i), y_i) over

    f(x) = sum_{k <= w} s_k ReLU(<a_k, x> + b_k) + c_0 + <c, x>,    s_k = 1 or -1,

where c_0 and c are 0 unless ``affine`` is "bias" (c is 0) or "all".  (An output weight is its sign times a factor that
moves into the unit.)  It says that the minimum ``is``, is ``at least`` or is ``at most`` the ``value``.

**An upper bound** is the loss of the network of the witness, computed exactly.

**A lower bound** is a tree.  Write z_i = (1, x_i) and u_k for the parameters of unit k.  Every u_k lies in the closure of
a cell of the arrangement of the z_i (``dichotomies``); the cell where all are negative may be left out, because there
the unit is 0 at all points, as it is for u_k = 0, which lies in the closure of every cell.  A *state* of a unit is a set
of cells and a sign, which may be unknown (0).  A node of the tree is one state for each unit, and stands for all networks whose
units lie in closures of cells of their states and have their signs; the root is all networks.  A node is either

* *bounded*: what follows it proves that the loss is at least the lower bound there (``training_bounds``), or
* *split*: for a unit k, the states of all units in the same state as k are divided in two, by the sign, or by the side of
  a point i on which the cells lie.  One child for each j has the last j of these units in the second half, the others
  in the first.  Units are interchangeable, and so every network of the node is, up to their order, in a child.

A bound may use what holds in the closure of all cells of a state: where all cells are positive, the unit is linear, and
where all are negative it is 0.

**Tokens.**  The tree is a list of integers in preorder: 0 and a proof of the bound, or 1 + k (D + 1) for a split of unit
k by the sign, or 2 + i + k (D + 1) by point i, where D is the number of different points, in the order of their first appearance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from operator import and_, or_
from typing import Any

from verify.kernel.dichotomies import SHOWN, cells, read_points
from verify.kernel.finding import Finding
from verify.kernel.terms import need, rational
from verify.kernel.theory import fields, listed
from verify.kernel.training_bounds import LinearBounds, SquaredBounds
from verify.kernel.training_data import LOSSES, Data, State, loss_of
from verify.kernel.training_rows import Node

Json = Any

MAX_WIDTH = 64


@dataclass
class Arrangement:
    """The states that occur, each one once; two states with the same cells are the same object."""

    count: int  # of points
    known: dict[tuple[int, int], State] = field(default_factory=dict)
    halves: dict[tuple[State, int], tuple[State, State]] = field(default_factory=dict)

    def state(self, members: list[int]) -> State:
        positive = reduce(and_, members)
        negative = ~reduce(or_, members) & ((1 << self.count) - 1)
        return self.known.setdefault((positive, negative), State(members, positive, negative))

    def split(self, state: State, point: int) -> tuple[State, State]:
        """The cells on the positive and on the negative side of an undecided point."""
        if (state, point) not in self.halves:
            need(not (state.positive | state.negative) >> point & 1, "the side of point", point, "is known already")
            sides: tuple[list[int], list[int]] = [], []
            for cell in state.cells:
                sides[not cell >> point & 1].append(cell)
            self.halves[state, point] = self.state(sides[0]), self.state(sides[1])
        return self.halves[state, point]


def walk(
    data: Data, width: int, tokens: Iterator[int], bounded: Callable[[Node, Iterator[int]], None]
) -> tuple[int, int]:
    """Follow the tree from the root; the numbers of nodes and of bounds."""
    arrangement = Arrangement(len(data.rows))
    root = arrangement.state([cell for cell in cells(data.rows) if cell])
    stack: list[Node] = [((root, 0),) * width]
    nodes, bounds = 0, 0
    while stack:
        node, code, nodes = stack.pop(), next(tokens), nodes + 1
        if not code:
            bounded(node, tokens)
            bounds += 1
            continue
        k, by = divmod(code - 1, len(data.rows) + 1)
        need(0 <= k < width, "there is no unit", k)
        state, sign = node[k]
        if by:
            first, second = ((half, sign) for half in arrangement.split(state, by - 1))
        else:
            need(not sign, "the sign of unit", k, "is known already")
            first, second = (state, 1), (state, -1)
        group = [place for place in range(width) if node[place] == node[k]]
        for j in reversed(range(len(group) + 1)):
            child = list(node)
            for e, place in enumerate(group):
                child[place] = second if e >= len(group) - j else first
            stack.append(tuple(child))
    need(next(tokens, None) is None, "the tree ends before its tokens")
    return nodes, bounds


def integers(tokens: Json) -> Iterator[int]:
    """The tokens one after the other; there must be one whenever one is read."""
    for token in listed(tokens):
        need(type(token) is int, "a token is an integer")
        yield token


def lower_bound(data: Data, width: int, value: Fraction, tree: Json) -> tuple[int, int]:
    bounds = SquaredBounds if data.loss == "squared" else LinearBounds
    try:
        return walk(data, width, integers(tree), bounds(data, width, value))
    except StopIteration:
        need(False, "the tree is not complete")
        raise


def decide(statement: Json, witness: Json) -> Finding:
    _, points, labels, weights, loss, width, affine, relation, value = fields(
        statement, "question", "points", "labels", "weights", "loss", "width", "affine", "relation", "value"
    )
    numbers = [[rational(v) for v in listed(column, len(points))] for column in (labels, weights)]
    raw = read_points(points), numbers[0], numbers[1]
    size, claimed = rational(width), rational(value)
    need(size.denominator == 1 and 0 < size <= MAX_WIDTH, "the width is between 1 and", MAX_WIDTH)
    data = Data.of(raw, loss, affine)
    network, lower, tree = fields(witness, "network", "lower", "tree")
    above = None if network is None else loss_of(raw, loss, affine, int(size), network)
    below = None if lower is None else rational(lower)
    nodes, bounds = (0, 0) if below is None else lower_bound(data, int(size), below, tree)
    facts = (
        *([] if above is None else [("attained", str(above))]),
        *([] if below is None else [("lower bound", str(below)), ("nodes", str(nodes)), ("bounds", str(bounds))]),
    )
    return Finding(decided(relation, claimed, above, below), nodes + len(points), facts)


def decided(relation: Json, value: Fraction, above: Fraction | None, below: Fraction | None) -> bool:
    """Whether the minimum, which is between these bounds, has the relation to the value."""
    need(above is None or below is None or below <= above, "the lower bound is above the upper bound")
    less, greater = above is not None and above < value, below is not None and below > value
    at_most, at_least = above is not None and above <= value, below is not None and below >= value
    cases = {
        "is": (at_most and at_least, less or greater),
        "at least": (at_least, less),
        "at most": (at_most, greater),
    }
    need(isinstance(relation, str) and relation in cases, "no such relation:", relation)
    holds, fails = cases[relation]
    need(holds or fails, "the bounds do not decide whether the minimum", relation, value)
    return holds


def text(statement: Json) -> list[str]:
    """What was decided, and the first data."""
    points = read_points(statement["points"])
    parts = {"none": "", "bias": " and an output bias", "all": " and an affine part"}
    shown = [[rational(v) for v in statement[name][:SHOWN]] for name in ("labels", "weights")]
    title = (
        f"The minimum of the {LOSSES[statement['loss']]} at {len(points)} data, over all networks on Q^{len(points[0])} with "
        f"one hidden layer of width {statement['width']}{parts[statement['affine']]}, {statement['relation']} "
        f"{rational(statement['value'])}"
    )
    lines = [
        f"({', '.join(map(str, point))}) -> {label}" + (f", weight {weight}" if weight != 1 else "")
        for point, label, weight in zip(points, *shown, strict=False)
    ]
    return [title, *lines, *([f"and {len(points) - SHOWN} more"] if len(points) > SHOWN else [])]
