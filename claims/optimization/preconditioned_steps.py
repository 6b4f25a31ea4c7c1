r"""Steps that treat each coordinate by itself, as RMSProp and Adam do, in any dimension.

The first e(i), as many as the dimension, are an orthonormal basis, ``coordinate(t, i)`` the i-th coordinate of the gradient at the t-th iterate, and ``move(t, i)``
how far the t-th step goes in this coordinate.  A vector is the sum of its coordinates; what is needed of such sums is proved
here by induction on the dimension, and with it the descent lemma.
"""

from __future__ import annotations

from claims.optimization.orthonormal_vectors import e, orthogonal, orthonormal, unit_vectors
from claims.optimization.roots_and_quotients import divided
from claims.optimization.smooth_functions import L, below_parabolas, f, gradient, product
from verify import arbitrary, assume, assumption, define, dot, induction, lemma, nat, prop, real, sq, vec


@arbitrary
def dimension() -> nat: ...


@arbitrary
def iterate(t: nat) -> vec: ...


@arbitrary
def move(t: nat, i: nat) -> real: ...


@define
def combination(d: nat, t: nat) -> vec:
    """The first d coordinates of the t-th step."""
    return 0 * e(0) if d == 0 else combination(d - 1, t) + move(t, d - 1) * e(d - 1)


@assumption()
def steps(t: nat) -> prop:
    return iterate(t + 1) == iterate(t) - combination(dimension(), t)


@define
def coordinate(t: nat, i: nat) -> real:
    return dot(e(i), gradient(iterate(t)))


@define
def squares(d: nat, t: nat) -> real:
    """The sum of the first d squared coordinates of the gradient at the t-th iterate."""
    return 0 if d == 0 else squares(d - 1, t) + coordinate(t, d - 1) ** 2


@define
def products(d: nat, t: nat, s: nat) -> real:
    """Of the gradient at the t-th iterate and the s-th step."""
    return 0 if d == 0 else products(d - 1, t, s) + coordinate(t, d - 1) * move(s, d - 1)


@define
def squared_moves(d: nat, t: nat) -> real:
    return 0 if d == 0 else squared_moves(d - 1, t) + move(t, d - 1) ** 2


@define
def steep(T: nat, m: real) -> prop:
    """m <= |gradient|^2 at the first T iterates."""
    return True if T == 0 else steep(T - 1, m) and m <= squares(dimension(), T - 1)


@define
def from_two(t: nat) -> vec:
    """The iterates, by their steps, if the first one is 2 e(0)."""
    return 2 * e(0) if t == 0 else from_two(t - 1) - combination(dimension(), t - 1)


# ------------------------------------------------------------------------------------------- sums over coordinates


@lemma(by=induction("d"), using=[orthogonal.at(k="dimension()", i="d", j="j")])
def orthogonal_to_later_ones(d: nat, t: nat, j: nat) -> prop:
    assume(orthonormal(dimension()), d <= j, j + 1 <= dimension())
    return dot(combination(d, t), e(j)) == 0


@lemma(by=induction("d"))
def inner_product(d: nat, t: nat, s: nat) -> prop:
    return dot(gradient(iterate(t)), combination(d, s)) == products(d, t, s)


@lemma(
    by=induction("d"),
    using=[unit_vectors.at(k="dimension()", i="d"), orthogonal_to_later_ones.at(d="d", t="t", j="d")],
)
def squared_length(d: nat, t: nat) -> prop:
    assume(orthonormal(dimension()), d <= dimension())
    return sq(combination(d, t)) == squared_moves(d, t)


@lemma(by=induction("d"), have=["coordinate(t, d)**2 >= 0"])
def squares_are_nonnegative(d: nat, t: nat) -> prop:
    return squares(d, t) >= 0


@lemma(
    by=induction("d"),
    using=[squares_are_nonnegative.at(d="i", t="t")],
    have=["coordinate(t, i + d + 1)**2 >= 0"],
)
def and_later_ones(d: nat, t: nat, i: nat) -> prop:
    return coordinate(t, i) ** 2 <= squares(i + d + 1, t)


@lemma(using=[and_later_ones.at(d="d - i - 1", t="t", i="i")])
def one_of_them(d: nat, t: nat, i: nat) -> prop:
    assume(i + 1 <= d)
    return coordinate(t, i) ** 2 <= squares(d, t)


@lemma(
    using=[
        below_parabolas.at(x="iterate(t)", y="iterate(n)"),
        inner_product.at(d="dimension()", t="t", s="s"),
        squared_length.at(d="dimension()", t="s"),
    ],
    have=["sq(iterate(n) - iterate(t)) == squared_moves(dimension(), s)"],
    assuming=[below_parabolas],
)
def descent_of_a_step(t: nat, s: nat, n: nat) -> prop:
    """From the t-th iterate to the n-th by the s-th step."""
    assume(orthonormal(dimension()), iterate(n) == iterate(t) - combination(dimension(), s))
    return f(iterate(n)) <= f(iterate(t)) - products(dimension(), t, s) + L() / 2 * squared_moves(dimension(), s)


@lemma(
    using=[
        product.at(x="D - a * P + k / 2 * V", y="2 * k * S**2"),
        product.at(x="k", y="S**2"),
        product.at(x="k**2 * S**2", y="a**2 * M - n**2 * V"),
        product.at(x="k**2 * S**2 * a**2", y="S**2 - M"),
        divided.at(a="n**2", t="2 * k * S**2 * D - q**2 * G**4 * n**2"),
        product.at(x="k**2 * S**2", y="a**2"),
        product.at(x="q", y="G**2"),
        product.at(x="q * G**2", y="n**2"),
        product.at(x="2 * n**2 * (a * (k * S**2))", y="P - q * G**2"),
    ],
    have=[
        "n**2 > 0",
        "a * (k * S**2) >= 0",
        "2 * n**2 * (a * (k * S**2)) >= 0",
        "n**2 * (2 * k * S**2 * D) >= n**2 * (2 * (a * (k * S**2)) * P) - k**2 * S**2 * (n**2 * V)",
        "k**2 * S**2 * (n**2 * V) <= (a * (k * S**2))**2",
        "n**2 * (2 * k * S**2 * D - q**2 * G**4 * n**2) >= 0",
    ],
)
def best_step(a: real, k: real, S: real, n: real, q: real, G: real, P: real, V: real, M: real, D: real) -> prop:
    """D is the decrease, k is L; P, V and M are the sums of products, of squared moves and of the squared momentum."""
    assume(k > 0, S > 0, n > 0, q > 0, V >= 0, M <= S**2, n**2 * V <= a**2 * M, q * G**2 <= P, a * P - k / 2 * V <= D)
    assume(a * (k * S**2) == q * G**2 * n**2)
    return 2 * k * S**2 * D >= q**2 * n**2 * G**4
