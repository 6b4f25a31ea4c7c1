r"""Networks with as many pieces as piece-count-exact allows: three units in every layer, and one layer of any width.

fold has three units and the slopes 10, -10, 5, -5 with kinks at 0, 1 and 5.  It maps each of [-1, 0], [0, 1], [1, 3] and
[7, 9] onto [-1, 9], which contains the kinks, so that every layer more multiplies the pieces by 4.  Three units can make
four pieces of alternating slopes on the whole line only because these have different sizes: the slope at the left end is the
negative of the sum of the changes of slope at the kinks whose units are active there.
"""

from __future__ import annotations

from fractions import Fraction

from verify import Claim, assume, cite, define, induction, layered, lemma, nat, prop, real, relu, units
from verify.networks.construct import compose
from verify.networks.network import Network
from verify.networks.one_variable import PieceCount

claim = Claim(
    "piece-count-attained",
    title="As many pieces as there can be",
    statement=r"For the listed $L$ there is a ReLU network $\mathbb{R} \to \mathbb{R}$ with $L$ hidden layers of width $3$ and "
    r"exactly $4^L = \prod (w_l + 1)$ affine pieces, and for the listed $w$ one with one hidden layer of width $w$ and exactly "
    r"$w + 1$ pieces. With widths $(1, 1)$, three pieces occur.",
    source=cite("serra2018", "the upper bound, in dimension one"),
    remarks="The first network is defined, and its size and the four branches of its layers are proved, for every L; its "
    "pieces are counted for the listed L. For widths (1, 1) more than three pieces are impossible: piece-count-exact.",
    symbols={r"\mathrm{fold}(x)": "one hidden layer of three units", r"\mathrm{folded}(L, x)": "its L-th iterate"},
)
base = claim.parameter("base", "4", "pieces of one layer of width three")


@define
def fold(x: real) -> real:
    return 59 - 20 * relu(x) + 15 * relu(x - 1) - 10 * relu(5 - x)


@define
def folded(L: nat, x: real) -> real:
    return x if L == 0 else folded(L - 1, fold(x))


@claim.proof()
def four_branches(y: real) -> prop:
    """Every value between -1 and 9 is taken on each of [-1, 0], [0, 1], [1, 3] and [7, 9]."""
    assume(-1 <= y <= 9)
    return fold((y - 9) / 10) == y and fold((9 - y) / 10) == y and fold((6 + y) / 5) == y and fold((44 - y) / 5) == y


@lemma(by=induction("L"))
def size_of_folded(L: nat, below: nat) -> prop:
    return folded.layered(L, below) and folded.layer(L, below) == below + L and folded.units(L) == 3 * L


@claim.proof(using=[size_of_folded])
def depth_and_units(L: nat, x: real) -> prop:
    return layered(folded(L, x), L) and units(folded(L, x)) == 3 * L


def three_units() -> Network:
    return Network.of([([[1], [1], [-1]], [0, -1, 5]), ([[-20, 15, -10]], [59])])


@claim.exact(naturals={"L": range(1, 7)})
def three_units_in_every_layer(L: int, base: Fraction) -> PieceCount:
    return PieceCount(compose(*[three_units()] * L), exactly=base**L)


@claim.exact(naturals={"w": range(1, 9)})
def one_layer(w: int) -> PieceCount:
    """ReLU(x - 1) + ... + ReLU(x - w)"""
    return PieceCount(Network.of([([[1]] * w, [-i for i in range(1, w + 1)]), ([[1] * w], [0])]), exactly=w + 1)


@claim.exact()
def one_unit_in_each_of_two_layers() -> PieceCount:
    """ReLU(1 - ReLU(x)): 1 for x <= 0, 0 for x >= 1"""
    return PieceCount(Network.of([([[1]], [0]), ([[-1]], [1]), ([[1]], [0])]), exactly=3)


claim.mutant("five-pieces-a-layer", {base: "5"})
claim.mutant("as-many-pieces-as-units", {base: "3"})


@claim.mutant(replaces=one_unit_in_each_of_two_layers)
def attained_by_two_narrow_layers() -> PieceCount:
    """(1 + 1)(1 + 1) = 4 pieces with widths (1, 1)"""
    return PieceCount(Network.of([([[1]], [0]), ([[-1]], [1]), ([[1]], [0])]), exactly=4)


@claim.mutant(replaces=three_units_in_every_layer)
def kinks_out_of_range(L: int) -> PieceCount:
    """Without the scaling by 10 that brings the kinks of a layer into the range of the layer before"""
    small = Network.of([([[1], [1], [-1]], [0, -1, 5]), ([[-2, "3/2", -1]], [0])])
    return PieceCount(compose(*[small] * L), exactly=4**L)
