r"""Whether two ReLU networks, or a network and a maximum of affine functions, agree at every point of a domain.

``identity-by-cells``: a tree of splits (see ``splitting``) by the units of the left network and then of the right one.  On
each leaf, including its boundary, both are affine maps, which the kernel computes and compares coefficient by
coefficient; the leaves cover the domain.  (Some leaf might be empty: comparing it asks more than needed.)  On the right
there may be a maximum of affine functions: on each leaf the left one must be one of them, and each other one must be
below it there, by a nonnegative combination of the rows of the leaf.

``identity-by-point``: a point of the domain where the two differ; the statement is false.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from verify.kernel.finding import Finding
from verify.kernel.network import Affine, domain_text, network_text, read_domain, read_network, shape_text
from verify.kernel.splitting import Leaf, integral, integral_rows, leaves, require_nonnegative
from verify.kernel.terms import need, rational
from verify.kernel.theory import fields, listed

Json = Any
Network = tuple[tuple[Affine, ...], ...]

MAX_FUNCTIONS = 10_000


def by_cells(statement: Json, witness: Json) -> Finding:
    left, right, functions, domain = read_identity(statement)
    steps, reasons = fields(witness, "steps", "below")
    stages, scale = integral(left)
    further, other_scale = integral(right) if right else ([], 1)
    count = 0
    for leaf in leaves(stages + further, integral_rows(domain), steps):
        if right:
            one, other = leaf.outputs
            same = all(
                a * other_scale == b * scale for x, y in zip(one, other, strict=True) for a, b in zip(x, y, strict=True)
            )
            need(same, "the networks have different affine maps on cell", count)
        else:
            need(count < len(listed(reasons)), "each cell needs the reasons why the other functions are below")
            require_maximum(leaf, scale, functions, listed(reasons[count], len(functions)))
        count += 1
    need(len(listed(reasons)) == (0 if right else count), "there are more reasons than cells")
    return Finding(True, len(steps), (("common cells", str(count)),))


def require_maximum(leaf: Leaf, scale: int, functions: tuple[Affine, ...], reasons: Json) -> None:
    """On a leaf the network is one of the functions, the one with the reason null; the others have rows as reasons."""
    form = [Fraction(entry, scale) for entry in leaf.outputs[0][0]]
    differences = [tuple(a - b for a, b in zip(form, function, strict=True)) for function in functions]
    need(any(reason is None for reason in reasons), "on each cell the network is one of the functions")
    for gap, reason in zip(integral_rows(tuple(differences)), reasons, strict=True):
        if reason is None:
            need(not any(gap), "on a cell the network is not the function that the witness names")
            continue
        need(all(type(k) is int and 0 <= k < len(leaf.rows) for k in listed(reason)), "a row that is not there")
        require_nonnegative(gap, [leaf.rows[k] for k in reason])


def by_point(statement: Json, witness: Json) -> Finding:
    left, right, functions, domain = read_identity(statement)
    (entries,) = fields(witness, "point")
    point = tuple(map(rational, listed(entries, len(left[0][0]) - 1)))
    need(all(at(row, point) >= 0 for row in domain), "the point is not in the domain")
    one = evaluated(left, point)
    other = evaluated(right, point) if right else (max(at(row, point) for row in functions),)
    need(one != other, "the two sides agree at the point")
    place = next(k for k in range(len(one)) if one[k] != other[k])
    return Finding(False, 1, (("left", str(one[place])), ("right", str(other[place]))))


def at(row: Affine, point: tuple[Fraction, ...]) -> Fraction:
    return sum((a * x for a, x in zip(row[:-1], point, strict=True)), row[-1])


def evaluated(network: Network, point: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    for position, layer in enumerate(network):
        values = point if position == 0 else tuple(max(v, Fraction(0)) for v in point)
        point = tuple(at(row, values) for row in layer)
    return point


def read_identity(statement: Json) -> tuple[Network, Network, tuple[Affine, ...], tuple[Affine, ...]]:
    """The left network, the right one (or no layers), the functions (or none), and the rows of the domain."""
    _, left, right, domain = fields(statement, "question", "left", "right", "domain")
    network = read_network(left)
    dimension = len(network[0][0]) - 1
    rows = read_domain(domain, dimension)
    if isinstance(right, dict) and "maximum" in right:
        (entries,) = fields(right, "maximum")
        need(0 < len(listed(entries)) <= MAX_FUNCTIONS, "a maximum is of between 1 and", MAX_FUNCTIONS, "functions")
        need(len(network[-1]) == 1, "a network that is a maximum has one output")
        return network, (), tuple(tuple(map(rational, listed(row, dimension + 1))) for row in entries), rows
    other = read_network(right)
    need(len(other[0][0]) - 1 == dimension, "the networks have different numbers of inputs")
    need(len(other[-1]) == len(network[-1]), "the networks have different numbers of outputs")
    return network, other, (), rows


def text(statement: Json) -> list[str]:
    """The statement in words, after it has been read."""
    left, right, functions, _ = read_identity(statement)
    dimension = len(left[0][0]) - 1
    where = domain_text(statement["domain"], dimension)
    one = f"The ReLU network with {shape_text(left)}"
    if right:
        title = f"{one} equals the one with {shape_text(right)} everywhere on {where}"
        return [title, "the first network:", *network_text(left), "the second network:", *network_text(right)]
    title = f"{one} equals the maximum of {len(functions)} affine function{'s' * (len(functions) > 1)} everywhere on {where}"
    rows = [
        f"function {k}: weights {' '.join(map(str, row[:-1]))} and constant {row[-1]}"
        for k, row in enumerate(functions, 1)
    ]
    return [title, *network_text(left), *rows]
