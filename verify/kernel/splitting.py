r"""The cells of ReLU networks on a polyhedron, by a tree of splits that the witness describes.

Where a point $x$ lies in the tree depends on the signs of the units at $x$ and on nothing else.  A node is the
polyhedron $P$ of the points that satisfy its *rows*, affine forms that are $\ge 0$: those of the domain, and those of
the splits on the way.  On all of $P$ the earlier layers have one activation pattern, so that the units of the present
layer are known affine forms there; a unit is *active* where its form is $> 0$.  A step of the witness decides a unit $u$ at
a node:

* it **splits** $P$ into the part where $u \ge 0$ (active) and the part where $u \le 0$ (inactive), each with a new row;
* or it says that one sign is **forced**: the kernel itself solves $\pm u = \sum_i \lambda_i r_i + c$ for some rows $r_i$
  of $P$, and requires $\lambda_i \ge 0$ and $c \ge 0$.  Then $\pm u \ge 0$ on $P$.

A form without a linear part is decided by its constant.  When all units of all layers are decided, a leaf is reached.

*The leaves cover*: a point of the domain is in one of the two parts of each split, hence in some leaf.  *They are what
they say*: in the interior of a leaf, each form that is not constant is $\ne 0$ (an affine form that is $\ge 0$ on an open
set and vanishes at one of its points vanishes identically), so that all its units have the signs of its pattern.  Hence
the interiors of leaves are disjoint, two leaves with interior points have different patterns (those of the split where
their ways part), and a full-dimensional set of points with one pattern is, up to a set without interior, one leaf.

Everything is computed in integers: with $D_l$ the common denominator of layer $l$, the forms of layer $l$ are multiplied
by $D_1 \cdots D_l$, which changes no sign.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress
from math import lcm
from operator import mul
from typing import Any

from verify.kernel.network import Affine, Layer
from verify.kernel.terms import MAX_BITS, need

Json = Any
Form = tuple[int, ...]  # the coefficients of an affine form, and then its constant
Stage = tuple[tuple[Form, ...], bool, bool]  # a layer, and whether it is the first and the last one of its network

MAX_STEPS = 20_000_000


def integral(network: tuple[Layer, ...]) -> tuple[list[Stage], int]:
    """The layers with integer entries, and the factor by which the outputs are too large."""
    stages: list[Stage] = []
    scale = 1
    for position, layer in enumerate(network):
        common = lcm(*(number.denominator for row in layer for number in row))
        rows = tuple((*(int(w * common) for w in row[:-1]), int(row[-1] * common * scale)) for row in layer)
        stages.append((rows, position == 0, position == len(network) - 1))
        scale *= common
    bits = sum(max(sum(map(abs, row)) for row in rows).bit_length() for rows, _, _ in stages)
    need(bits <= MAX_BITS, "the numbers of the network are too long")
    return stages, scale


def integral_rows(rows: tuple[Affine, ...]) -> tuple[Form, ...]:
    """Positive multiples of affine forms, with integer coefficients."""
    factors = [lcm(*(number.denominator for number in row)) for row in rows]
    return tuple(tuple(int(n * factor) for n in row) for row, factor in zip(rows, factors, strict=True))


def negative(form: Form) -> Form:
    return tuple(-entry for entry in form)


def passed(forms: list[Form], active: int) -> list[Form]:
    """What the units of a layer pass on: their forms, or zero."""
    return [form if active >> u & 1 else (0,) * len(form) for u, form in enumerate(forms)]


def pulled_back(layer: tuple[Form, ...], inputs: list[Form]) -> list[Form]:
    """The forms of the argument that a layer makes of the forms of its inputs."""
    live = [any(form) for form in inputs]
    *columns, constants = zip(*compress(inputs, live), strict=True) if any(live) else ((),) * len(inputs[0])
    return [
        (*(sum(map(mul, weights, column)) for column in columns), sum(map(mul, weights, constants)) + row[-1])
        for row in layer
        for weights in [tuple(compress(row, live))]
    ]


def require_nonnegative(form: Form, rows: list[Form]) -> None:
    r"""Reject unless the form is $\sum_i \lambda_i r_i + c$ with $\lambda, c \ge 0$, the rows being independent.

    One equation for each coordinate is solved for $\lambda$ by elimination; the equation of the constants is carried
    along and never solved, so that its right-hand side ends as $c$.  Equations are only multiplied by positive numbers.
    """
    count, dimension = len(rows), len(form) - 1
    system = [[*column, value] for *column, value in zip(*rows, form, strict=True)]
    for k in range(count):
        pivot = next((e for e in range(k, dimension) if system[e][k]), None)
        if pivot is None:
            need(False, "the rows of a combination depend on each other")
            continue
        system[k], system[pivot] = system[pivot], system[k]
        head = system[k] if system[k][k] > 0 else [-entry for entry in system[k]]
        system[k] = head
        for e, equation in enumerate(system):
            if e != k and equation[k]:
                factor, positive = equation[k], head[k]
                system[e] = [positive * x - factor * y for x, y in zip(equation, head, strict=True)]
    need(
        all(equation[count] >= 0 for equation in system[:count])
        and not any(equation[count] for equation in system[count:dimension])
        and system[dimension][count] >= 0,
        "a form is not the nonnegative combination of rows that the witness claims",
    )


@dataclass(frozen=True)
class Leaf:
    """A polyhedron on which every unit of every layer is decided."""

    rows: tuple[Form, ...]
    layers: tuple[
        tuple[list[Form], int], ...
    ]  # of each hidden layer the forms of the units, and the set of active ones
    outputs: tuple[list[Form], ...]  # of each network


def onward(stages: list[Stage], number: int, values: list[Form]) -> tuple[int, list[Form], tuple[list[Form], ...]]:
    """The number and the forms of the next hidden layer (none at the end), and the outputs of networks on the way."""
    outputs: tuple[list[Form], ...] = ()
    while number < len(stages):
        layer, first, last = stages[number]
        if first:
            size = len(layer[0])
            values = [tuple(int(i == k) for k in range(size)) for i in range(size - 1)]
        forms = pulled_back(layer, values)
        number += 1
        if not last:
            return number, forms, outputs
        outputs = (*outputs, forms)
    return -1, [], outputs


def constants(forms: list[Form]) -> tuple[int, int]:
    """The units, as sets of bits, whose forms have no linear part, and the active ones among them."""
    fixed = [u for u, form in enumerate(forms) if not any(form[:-1])]
    return sum(1 << u for u in fixed), sum(1 << u for u in fixed if forms[u][-1] > 0)


def leaves(stages: list[Stage], domain: tuple[Form, ...], steps: Json) -> Iterator[Leaf]:
    """The leaves in the order of the witness: at a split, the active part comes first.

    A step is ``[u]``, a split by the unit u of the present layer, or ``[u, sign, i, ...]``: a forced sign, 1 or -1, and
    the positions of the rows that force it.
    """
    need(isinstance(steps, list) and len(steps) <= MAX_STEPS, "a list of at most", MAX_STEPS, "steps is needed")
    rest: Iterator[Any] = iter(steps)
    number, forms, outputs = onward(stages, 0, [])
    nothing: tuple[tuple[list[Form], int], ...] = ()
    stack = [(domain, number, forms, *constants(forms), nothing, outputs)]
    while stack:
        rows, number, forms, decided, active, layers, outputs = stack.pop()
        while number >= 0:
            if decided == (1 << len(forms)) - 1:
                layers = (*layers, (forms, active))
                number, forms, further = onward(stages, number, passed(forms, active))
                decided, active = constants(forms)
                outputs += further
                continue
            step: list[Any] = next(rest, [None])
            unit, *reason = step
            need(type(unit) is int and 0 <= unit < len(forms), "a step decides a unit of the present layer, not", unit)
            need(not decided >> unit & 1, "unit", unit, "is decided twice")
            decided |= 1 << unit
            form = forms[unit]
            if not reason:
                stack.append(((*rows, negative(form)), number, forms, decided, active, layers, outputs))
                rows = (*rows, form)
                active |= 1 << unit
                continue
            sign, *support = reason
            need(all(type(i) is int for i in reason) and sign in (1, -1), "a forced sign is 1 or -1, and then rows")
            need(all(0 <= i < len(rows) for i in support), "a row that is not there is said to force a sign")
            require_nonnegative(form if sign == 1 else negative(form), [rows[i] for i in support])
            active |= (sign == 1) << unit
        yield Leaf(rows, layers, outputs)
    need(next(rest, None) is None, "steps are left over")
