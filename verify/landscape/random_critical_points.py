r"""Random critical points of random deep linear networks, exactly: every kind of rank deficiency, no special bases.

By the normal form of ``verify.landscape.normal_form`` every critical point is given by a set of kept singular values, a
type of its dead part, bases y and x of what the ends of the network do not use, and bases of the hidden layers.  All of them
are drawn here.  The data are Y = B X + N with

    X = C Q,    B = U S V^T C^{-1},    N = R Q',

where U, V and (Q; Q') are orthogonal by Cayley's formula, C is invertible, S holds distinct positive numbers, and R is any
matrix: so X X^T = C C^T is not the identity, and Y is not what linear functions of X can explain.
"""

from __future__ import annotations

from fractions import Fraction
from random import Random

from verify.landscape.normal_form import Part, Strings, assemble, pair_parts
from verify.landscape.deep_linear import DeepLinear, Weights
from verify.landscape.rational import (
    Matrix,
    beside,
    fractions,
    matrix,
    random_integers,
    random_invertible,
    random_orthogonal,
    select,
)

TRIALS = 20  # of sets and types for the same widths
SINGULAR_VALUES = tuple(Fraction(k, 2) for k in range(1, 9))


def random_saddle(seed: int, *, depth: int | None = None, largest: int = 4) -> tuple[DeepLinear, Weights]:
    """A network of 2 to 4 layers, or of this depth, with widths of at most ``largest``, and a critical point of it that is
    no global minimum.  The same for the same seed."""
    source = Random(seed)
    layers = source.randint(2, 4) if depth is None else depth
    while True:
        widths = [max(source.randint(1, largest), source.randint(1, largest)) for _ in range(layers + 1)]
        count, least = min(widths[0], widths[-1]), min(widths)
        for _ in range(TRIALS):
            kept = sorted(source.sample(range(count), source.randint(0, min(least, count))))
            strings = random_strings(source, widths, len(kept), count - len(kept))
            if kept != list(range(least)) and strings is not None:
                return random_point(source, widths, kept, strings)


def random_strings(source: Random, widths: list[int], kept: int, pairs: int) -> Strings | None:
    """A random type; None if those of the pairs that were drawn do not fit."""
    depth = len(widths) - 1
    room = [0, *(width - kept for width in widths[1:-1])]
    chosen = tuple(source.choice(pair_parts(depth)) for _ in range(pairs))
    ends = tuple(source.randint(1, depth) for _ in range(widths[-1] - kept - pairs))
    starts = tuple(source.randrange(depth) for _ in range(widths[0] - kept - pairs))
    outer = Strings(chosen, ends, starts)
    free = [space - len(outer.units(layer)) for layer, space in enumerate(room)]
    if min(free[1:]) < 0:
        return None
    inner = list[Part]()
    for layer in range(1, depth):
        while free[layer]:
            end = layer
            while end + 1 < depth and free[end + 1] and source.random() < 0.5:
                end += 1
            inner.append((layer, end))
            for k in range(layer, end + 1):
                free[k] -= 1
    return Strings(chosen, ends, starts, tuple(inner))


def random_point(source: Random, widths: list[int], kept: list[int], strings: Strings) -> tuple[DeepLinear, Weights]:
    """Data and a critical point with these kept singular values, numbered from the largest, and of this type."""
    network, u, count = random_data(source, widths)
    rest = [k for k in range(count) if k not in kept]
    chosen, y = select(u, kept), select(u, [*rest, *range(count, widths[-1])])
    y = random_basis(source, y, len(rest))
    weights = list(map(matrix, assemble(network, chosen, y, len(rest), strings)))
    for layer, width in enumerate(widths[1:-1]):
        change = random_invertible(source, width)
        weights[layer], weights[layer + 1] = change * weights[layer], weights[layer + 1] * change.inv()
    return network, tuple(map(fractions, weights))


def random_data(source: Random, widths: list[int]) -> tuple[DeepLinear, Matrix, int]:
    """A network, the left singular vectors of its regression, and the number of positive singular values."""
    inputs, outputs = widths[0], widths[-1]
    count = min(inputs, outputs)
    rows = random_orthogonal(source, inputs + source.randint(0, 1)).transpose()
    q, rest = (select(rows, part).transpose() for part in (range(inputs), range(inputs, rows.ncols())))
    change = random_invertible(source, inputs)
    singular = sorted(source.sample(SINGULAR_VALUES, count), reverse=True)
    u, v = random_orthogonal(source, outputs), random_orthogonal(source, inputs)
    diagonal = matrix([[singular[i] if i == j else Fraction(0) for j in range(inputs)] for i in range(outputs)])
    x = change * q
    y = u * diagonal * v.transpose() * q
    if rest.nrows():
        y += random_integers(source, outputs, rest.nrows()) * rest
    hidden = tuple(widths[1:-1])
    return DeepLinear(fractions(x), fractions(y), (inputs, *hidden, outputs)), u, count


def random_basis(source: Random, y: Matrix, pairs: int) -> Matrix:
    """Another basis of the same space, whose columns after the first ``pairs`` span the same as before."""
    inside, outside = select(y, range(pairs)), select(y, range(pairs, y.ncols()))
    if pairs:
        inside = inside * random_invertible(source, pairs)
    if outside.ncols():
        outside = outside * random_invertible(source, outside.ncols())
        inside += outside * random_integers(source, outside.ncols(), pairs, largest=1)
    return beside(inside, outside)
