r"""Which relations are given a multiplier: sparse supports first.

Proofs of rates in the literature use few of the N (N + 1) inequalities between N + 1 points: those between successive points,
and those of a point with a minimizer.  Certificates with such supports are short, quickly found and checked, and their
multipliers have short fractions, because few of them are left free.  A support is tried when its bound is as good as asked
for, and widened when it is not:

1. (i, i + 1) and (*, i), where * are the points with gradient zero;
2. (i + 1, i) and (i, *) as well;
3. (i, last) and (last, i) as well;
4. all.

Relations of another kind (bounds of gradients, lower bounds, the values of quadratics) are always there.
"""

from __future__ import annotations

from collections.abc import Iterator

from verify.kernel.interpolation import KINDS, Function
from verify.kernel.worst_case import Question

Label = tuple[str, tuple[str, ...]]  # the function, and the relation as ``Function.relations`` names it

WIDEST = 4
FEW = 30  # relations, of which all are taken at once


def supports(question: Question) -> Iterator[list[Label]]:
    """Supports that grow; the last one has every relation."""
    everything = [(name, label) for name, f in question.functions.items() for label in f.relations()]
    if len(everything) > FEW:
        before = 0
        for width in range(1, WIDEST):
            found = [(name, label) for name, label in everything if within(question, name, label, width)]
            if len(found) > before and len(found) < len(everything):
                yield found
            before = len(found)
    yield everything


def within(question: Question, name: str, label: tuple[str, ...], width: int) -> bool:
    """Whether a relation belongs to the support of this width."""
    function = question.functions[name]
    relation = KINDS[function.kind].relations[label[0]]
    if relation.points == 1 or label[0] == "symmetric":
        return True
    i, j = int(label[1]), int(label[2])
    stars = minimizers(question, function)
    if not relation.ordered and j in stars:
        i, j = j, i
    if i in stars or j in stars:
        return width >= (1 if i in stars else 2)
    others = [k for k in range(len(function.points)) if k not in stars]
    a, b = others.index(i), others.index(j)
    return b == a + 1 or (width >= 2 and a == b + 1) or (width >= 3 and len(others) - 1 in (a, b))


def minimizers(question: Question, function: Function) -> set[int]:
    """The places of the points whose gradient is the zero vector."""
    return {k for k, point in enumerate(function.points) if not any(question.vectors[point.g].values())}
