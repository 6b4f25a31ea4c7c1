r"""The tree of splits of a polyhedron into the cells of ReLU networks, found by exact search.

Layer by layer, each node of the tree is a polyhedron on which all earlier layers have one activation pattern, so that the
next units are affine there (see ``verify.kernel.splitting`` for what a tree proves).  Units of which the sign is
forced on the node are decided at once and for all its descendants, which makes the tree short; among those that take
both signs the most balanced one splits.  For 100 generic lines in the plane the tree has about two forced signs a cell,
whereas deciding the units in their given order takes about a third of the number of lines.

Why a tree: that areas of cells add up to the area of a box proves completeness in the plane and on bounded domains only,
and that the list is closed under crossing facets needs, for each cell and each unit, a facet or a reason why there is
none.  In a tree one reason serves all cells below its node, unbounded domains are nothing special, and the argument that
nothing is missing is one line.  (The tests compare with areas all the same.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import compress
from math import lcm

from verify.errors import Unanswered
from verify.networks.cone import Cone, Vector, halves, product, support, values
from verify.networks.network import Network

Rows = tuple[Vector, ...]
Forms = tuple[Vector, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A cell: for each hidden layer the forms of its units and the set of active ones; the outputs of the networks."""

    cone: Cone
    layers: tuple[tuple[Forms, int], ...]
    outputs: tuple[Forms, ...]

    @property
    def pattern(self) -> tuple[int, ...]:
        return tuple(active for _, active in self.layers)


@dataclass(slots=True)
class Node:
    """A polyhedron of the tree and the units of the present layer: those left to decide, and the active ones."""

    cone: Cone
    stage: int
    forms: Forms
    open: tuple[int, ...]
    active: int
    layers: tuple[tuple[Forms, int], ...] = ()
    outputs: tuple[Forms, ...] = ()


@dataclass
class Tree:
    """The search; ``steps`` grows while the leaves are drawn."""

    networks: tuple[Network, ...]
    domain: Cone
    most: int
    steps: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        made = [integer_stages(network) for network in self.networks]
        self.stages = [stage for stages, _ in made for stage in stages]
        self.scales = [scale for _, scale in made]

    def leaves(self) -> Iterator[Leaf]:
        """Every cell; raises ``Unanswered`` if there are more than ``most``."""
        start = Node(self.domain, 0, (), (), 0)
        self.enter(start, ())
        stack, count = [start], 0
        while stack:
            node = stack.pop()
            while node.stage >= 0:
                split = self.decide(node)
                if split is None:
                    passed = tuple(f if node.active >> u & 1 else (0,) * len(f) for u, f in enumerate(node.forms))
                    node.layers = (*node.layers, (node.forms, node.active))
                    self.enter(node, passed)
                    continue
                self.steps.append([split])
                above, below = halves(node.forms[split], node.cone)
                left = tuple(u for u in node.open if u != split)
                stack.append(Node(below, node.stage, node.forms, left, node.active, node.layers, node.outputs))
                node.cone, node.open, node.active = above, left, node.active | 1 << split
            count += 1
            if count > self.most:
                raise Unanswered(f"the networks have more than {self.most} cells on the domain; allow more with most=")
            yield Leaf(node.cone, node.layers, node.outputs)

    def enter(self, node: Node, inputs: Forms) -> None:
        """Go on to the next hidden layer, or to the stage -1 at the end."""
        size = len(node.cone.rays[0][0])
        while node.stage < len(self.stages):
            rows, first, last = self.stages[node.stage]
            if first:
                inputs = tuple(tuple(int(i == k) for k in range(size)) for i in range(size - 1))
            forms = pulled_back(rows, inputs)
            node.stage += 1
            if last:
                node.outputs = (*node.outputs, forms)
                continue
            constant = {u for u, form in enumerate(forms) if not any(form[:-1])}
            node.forms = forms
            node.open = tuple(u for u in range(len(forms)) if u not in constant)
            node.active = sum(1 << u for u in constant if forms[u][-1] > 0)
            return
        node.stage = -1

    def decide(self, node: Node) -> int | None:
        """Record all forced signs; the unit to split by, if there is one."""
        cone, left = node.cone, []
        best, balance = None, -1
        for unit in node.open:
            heights = values(node.forms[unit], cone)
            if heights is None:
                left.append(unit)
                best = unit if best is None else best
                continue
            low, high = min(heights), max(heights)
            if low < 0 < high:
                left.append(unit)
                above = sum(1 for height in heights if height > 0)
                even = min(above, sum(1 for height in heights if height < 0))
                if even > balance:
                    best, balance = unit, even
                continue
            if low < 0:
                heights = [-height for height in heights]
            else:
                node.active |= 1 << unit
            self.steps.append([unit, -1 if low < 0 else 1, *support(heights, cone)])
        node.open = tuple(left)
        return best


def integer_stages(network: Network) -> tuple[list[tuple[Rows, bool, bool]], int]:
    """Each layer as integer rows (weights, bias), and the factor by which the outputs are too large.

    The rows of layer l are multiplied by its common denominator, and its biases by those of earlier layers as well.
    """
    stages, scale = [], 1
    for position, layer in enumerate(network.layers):
        common = lcm(*(n.denominator for row in (*layer.weights, layer.bias) for n in row))
        rows = tuple(
            (*(int(w * common) for w in row), int(b * common * scale))
            for row, b in zip(layer.weights, layer.bias, strict=True)
        )
        stages.append((rows, position == 0, position == len(network.layers) - 1))
        scale *= common
    return stages, scale


def pulled_back(rows: Rows, inputs: Forms) -> Forms:
    """The affine forms of the argument that a layer makes of the forms of its inputs."""
    live = [any(form) for form in inputs]
    columns = list(zip(*compress(inputs, live), strict=True)) or [()] * len(inputs[0])
    forms = []
    for row in rows:
        weights = tuple(compress(row, live))
        *linear, constant = (product(weights, column) for column in columns)
        forms.append((*linear, constant + row[-1]))
    return tuple(forms)
