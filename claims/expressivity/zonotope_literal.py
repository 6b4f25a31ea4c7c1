r"""The number of pieces of the zonotope functions, read as an equality (Arora, Basu, Mianjy and Mukherjee 2018)."""

from __future__ import annotations

from fractions import Fraction

from claims.expressivity.zonotope_pieces import number, zonotope
from verify import Claim, cite
from verify.networks.cells import Cells
from verify.networks.domain import whole_space

claim = Claim(
    "zonotope-pieces-literal",
    title="Pieces of zonotope functions, read as an equality",
    statement=r"For $m \ge n$ vectors in general position in $\mathbb{R}^n$ and a sawtooth $H$ of $k$ layers of $w$ units, the "
    r"function $H(\sum_i |\langle b_i, r \rangle|)$ has exactly $w^k \sum_{i<n} \binom{m-1}{i}$ affine pieces.",
    source=cite("arora2018", "Theorem 3.9 (i), where the number is stated; a lower bound is what is needed there"),
    expect="refuted",
    remarks="As a lower bound the number is right: there are twice as many, see zonotope-pieces.",
    symbols={},
)
factor = claim.parameter("factor", "2", "pieces over the printed number")


@claim.exact(
    naturals={"n": (2,), "m": (2, 3, 4), "w": (2, 3)},
    role="disproof",
    reason="there are twice as many, as b and -b bound different cones of linearity",
)
def twice_as_many(n: int, m: int, w: int, factor: Fraction) -> Cells:
    """One layer, k = 1: |r_1| + |r_2| under the hat of two units has 8 regions, and the formula says 4."""
    return Cells(zonotope(n, m, w, 1), whole_space(n), regions=factor * number(n, m, w, 1))


claim.mutant("as-printed", {factor: "1"})
