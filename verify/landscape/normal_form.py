r"""All critical points of a deep linear network with exact data: products by the subset formula, weights by strings.

Let X X^T be invertible, B = Y X^T (X X^T)^{-1} the regression, $M = B X X^T B^T$, and let M have distinct positive eigenvalues
$\lambda_1 > \dots > \lambda_n$, the squared singular values of B X, with eigenvectors $u_1, \dots, u_n$.

**Products** (Baldi and Hornik 1989; Kawaguchi 2016).  At critical weights let $A = W_H \cdots W_1$, G = (A X - Y) X^T, and P the
projection onto the range of A.  The derivatives by W_1 and W_H give $A^T G = 0$ and $G A^T = 0$; the first says A = P B, and
then the second that P commutes with M.  As A = P B has the rank of P, P is the projection onto some $u_i$, i in T.  So
A = A_T for a set T of at most p indices, p the least width.

**Weights.**  In each hidden layer l there are the image $E_l$ of the orthogonal complement of ker A, and
$F_l = \ker P W_H \cdots W_{l+1}$; the layer is their direct sum, and the weights respect it.  On the $E_l$ they are the
identity, in suitable bases.  On the $F_l$, from $F_0 = \ker A$ to $F_H = \operatorname{im}(I - P)$, they are matrices J_l, and W is
critical exactly when

    J_H ... J_1 = 0    and    J_{l-1} ... J_1 G^T J_H ... J_{l+1} = 0    for all l:

in the cycle F_0 -> F_1 -> ... -> F_H -> F_0, closed by G^T, all paths of H arrows vanish.  Such representations of a cycle are
direct sums of *strings*, bases that each arrow maps to the next element or, at the end, to 0, of at most H elements (the
algebra of the cycle with these relations is a Nakayama algebra).  So up to bases there are finitely many **types** for
each T: how many strings there are from where to where,

* *pairs*, y in F_H and x = G^T y in F_0, with a part a, ..., H - 1 before and a part 1, ..., b after them, b <= a - 2;
* *ends* a, ..., H - 1, y with G^T y = 0, and *starts* x, 1, ..., b with x not in the range of G^T;
* *inner* strings a, ..., b in hidden layers only.

The bases of hidden layers may be changed without changing the loss, and so T says everything for two layers with
d_0 = d_H = n, where the dead part is 0.  Otherwise the spaces spanned by the y and x of each kind are further parameters; here
they are spanned by eigenvectors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, combinations_with_replacement

from verify.errors import NetworkError
from verify.landscape.deep_linear import DeepLinear, Weights
from verify.landscape.rational import (
    Matrix,
    beside,
    column,
    complement,
    fractions,
    identity,
    kernel,
    left_inverse,
    matrix,
    projection,
    select,
)

Part = tuple[int, int]  # the hidden layers a, ..., b; none, if b < a


@dataclass(frozen=True)
class Strings:
    """The type of the dead part: a pair (a, b) for each y and x, a for each end, b for each start, (a, b) for the others."""

    pairs: tuple[Part, ...] = ()
    ends: tuple[int, ...] = ()
    starts: tuple[int, ...] = ()
    inner: tuple[Part, ...] = ()

    def units(self, layer: int) -> list[tuple[str, int]]:
        """The strings that pass through a hidden layer, each by a name; a pair may do so before y or after x."""
        found = [("up", k) for k, (a, _) in enumerate(self.pairs) if a <= layer]
        found += [("end", k) for k, a in enumerate(self.ends) if a <= layer]
        found += [("down", k) for k, (_, b) in enumerate(self.pairs) if layer <= b]
        found += [("start", k) for k, b in enumerate(self.starts) if layer <= b]
        return found + [("inner", k) for k, (a, b) in enumerate(self.inner) if a <= layer <= b]


@dataclass(frozen=True)
class Spectrum:
    """The positive eigenvalues of M, decreasing, their eigenvectors as columns, and a basis of its kernel."""

    values: tuple[Fraction, ...]
    vectors: Matrix
    null: Matrix


@dataclass(frozen=True)
class Critical:
    """Critical weights: the singular values that they keep, by their numbers from 0, the type, and the weights."""

    kept: tuple[int, ...]
    strings: Strings
    weights: Weights


def critical_points(network: DeepLinear) -> Iterator[Critical]:
    """One critical point of each type; raises ``NetworkError`` naming the hypothesis that the data do not satisfy.

    >>> network = DeepLinear.of([[1, 0], [0, 1]], [[2, 0], [0, 1]], hidden=(1,))
    >>> [point.kept for point in critical_points(network)]
    [(), (0,), (1,)]
    """
    found = spectrum(network)
    count = len(found.values)
    for size in range(min(*network.widths, count) + 1):
        for kept in combinations(range(count), size):
            rest = [k for k in range(count) if k not in kept]
            chosen, y = select(found.vectors, kept), beside(select(found.vectors, rest), found.null)
            for strings in patterns(network.widths, size, len(rest)):
                yield Critical(kept, strings, assemble(network, chosen, y, len(rest), strings))


def spectrum(network: DeepLinear) -> Spectrum:
    """The exact singular value decomposition; raises ``NetworkError`` where the subset formula does not apply."""
    if network.masses is not None:
        raise NetworkError("the subset formula is about masses 1; for other masses there is no formula")
    gram = network.x * network.x.transpose()
    rank = gram.rank()
    if rank < gram.nrows():
        raise NetworkError(
            f"the inputs have rank {rank} and {gram.nrows()} rows; the subset formula assumes that X X^T is invertible"
        )
    explained = network.fit * network.x
    moments = explained * explained.transpose()
    roots = list[Fraction]()
    for factor, multiplicity in moments.charpoly().factor()[1]:
        if factor.degree() > 1:
            raise NetworkError(
                f"the squared singular values of the regression are roots of {factor}, which are irrational; the exact "
                "subset formula assumes rational ones"
            )
        root = Fraction(int(factor[0].p), int(factor[0].q)) / Fraction(int(factor[1].p), int(factor[1].q)) * -1
        if root and multiplicity > 1:
            raise NetworkError(
                f"the squared singular value {root} of the regression is repeated; the subset formula assumes that "
                "they are distinct"
            )
        roots += [root] if root else []
    values = sorted(roots, reverse=True)
    one = identity(moments.nrows())
    vectors = [primitive(kernel(moments - matrix([[value]])[0, 0] * one)) for value in values]
    return Spectrum(tuple(values), beside(matrix([[]] * len(one.tolist()), 0), *vectors), kernel(moments))


def primitive(values: Matrix) -> Matrix:
    """A column times a number that makes its entries integers without a common factor."""
    from math import gcd

    numerators, _ = values.numer_denom()
    entries = [int(x) for x in numerators.entries()]
    return matrix([[Fraction(x, gcd(*entries))] for x in entries])


# --------------------------------------------------------------------------------------------------------- types


def patterns(widths: Sequence[int], kept: int, pairs: int) -> Iterator[Strings]:
    """All types of the dead part, if ``kept`` singular values are kept and ``pairs`` positive ones are not."""
    depth = len(widths) - 1
    room = [0, *(width - kept for width in widths[1:-1])]
    ends, starts = widths[-1] - kept - pairs, widths[0] - kept - pairs
    for chosen in combinations_with_replacement(pair_parts(depth), pairs):
        for high in combinations_with_replacement(range(1, depth + 1), ends):
            for low in combinations_with_replacement(range(depth), starts):
                outer = Strings(chosen, high, low)
                free = [space - len(outer.units(layer)) for layer, space in enumerate(room)]
                if all(space >= 0 for space in free[1:]):
                    for inner in fillings(free, 1):
                        yield Strings(chosen, high, low, inner)


def pair_parts(depth: int) -> list[Part]:
    return [(a, b) for a in range(2, depth + 1) for b in range(a - 1)]


def fillings(free: Sequence[int], layer: int) -> Iterator[tuple[Part, ...]]:
    """All multisets of intervals that cover each layer, from this one on, as often as it is free."""
    while layer < len(free) and not free[layer]:
        layer += 1
    if layer >= len(free):
        yield ()
        return
    for ends in combinations_with_replacement(range(layer, len(free)), free[layer]):
        left = [space - sum(layer <= k <= end for end in ends) for k, space in enumerate(free)]
        if min(left[layer:]) >= 0:
            for others in fillings(left, layer + 1):
                yield (*((layer, end) for end in ends), *others)


# ------------------------------------------------------------------------------------------------------- weights


def assemble(network: DeepLinear, kept: Matrix, y: Matrix, pairs: int, strings: Strings) -> Weights:
    """The weights of a type.

    kept: eigenvectors as columns (d_H, r); y: a basis (d_H, d_H - r) of their complement, in which those after the first
    ``pairs`` are in the kernel of G^T.
    """
    product = projection(kept) * network.fit
    gradient = (product * network.x - network.y) * network.x.transpose()
    x = gradient.transpose() * select(y, range(pairs))
    dual = left_inverse(beside(x, complement(x, kernel(product))))
    signal = left_inverse(kept) * network.fit
    rank, depth = kept.ncols(), network.depth
    if depth == 1:
        return (fractions(product),)
    units = {layer: strings.units(layer) for layer in range(1, depth)}
    first = {("down", k): k for k in range(pairs)} | {("start", k): pairs + k for k in range(dual.nrows() - pairs)}
    last = {("up", k): k for k in range(pairs)} | {("end", k): pairs + k for k in range(y.ncols() - pairs)}
    zero, rows = [Fraction(0)] * network.widths[0], fractions(dual)
    layers = [matrix([*fractions(signal), *(rows[first[u]] if u in first else zero for u in units[1])], len(zero))]
    for layer in range(2, depth):
        dead = [[Fraction(u == v) for v in units[layer - 1]] for u in units[layer]]
        head = [[Fraction(i == j) for j in range(rank + len(units[layer - 1]))] for i in range(rank)]
        layers.append(matrix([*head, *([Fraction(0)] * rank + row for row in dead)], rank + len(units[layer - 1])))
    silent = matrix([[0]] * y.nrows())
    columns = [column(y, last[u]) if u in last else silent for u in units[depth - 1]]
    return (*map(fractions, layers), fractions(beside(kept, *columns)))
