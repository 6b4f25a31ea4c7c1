r"""Data that are sums of a few atoms of a dictionary, and what other vectors see of them.

The data are y = sum_{j < k} c_j A_j; ``data(k)`` is that vector.  If the inner products of different atoms are at most M in
absolute value, so that the atoms disturb each other little, <A_i, y> is at most k b M outside of the support, and |y|^2 is at
most b^2 k (1 + (k - 1) M).  What a perturbed row W_i sees in addition is <W_i - A_i, y>, which the inequality of Cauchy and
Schwarz bounds; that follows from the squares of |v|^2 u - <u, v> v and, where v = 0, of <u, v> u - (|u|^2 + 1) v.
"""

from __future__ import annotations

from verify import arbitrary, assume, define, dot, induction, lemma, nat, prop, real, sq, vec


@arbitrary
def atom(i: nat) -> vec: ...


@arbitrary
def code(j: nat) -> real: ...


@define
def data(k: nat) -> vec:
    return 0 * atom(0) if k == 0 else data(k - 1) + code(k - 1) * atom(k - 1)


@define
def codes(k: nat, a: real, b: real) -> prop:
    return True if k == 0 else codes(k - 1, a, b) and a <= code(k - 1) <= b


@define
def incoherent(k: nat, v: vec, m: real) -> prop:
    return True if k == 0 else incoherent(k - 1, v, m) and -m <= dot(v, atom(k - 1)) <= m


@define
def dictionary(k: nat, m: real) -> prop:
    if k == 0:
        return True
    return dictionary(k - 1, m) and sq(atom(k - 1)) == 1 and incoherent(k - 1, atom(k - 1), m)


@lemma()
def product_bound(c: real, t: real, b: real, m: real) -> prop:
    assume(0 <= c <= b, -m <= t <= m)
    return -b * m <= c * t <= b * m


@lemma(by=induction("k"), using=[product_bound.at(c="code(k)", t="dot(v, atom(k))", b="b", m="m")])
def interference(k: nat, v: vec, a: real, b: real, m: real) -> prop:
    assume(a >= 0, codes(k, a, b), incoherent(k, v, m))
    return -k * b * m <= dot(v, data(k)) <= k * b * m


@lemma(
    by=induction("k"),
    using=[
        interference.at(k="k", v="atom(k)", a="a", b="b", m="m"),
        product_bound.at(c="code(k)", t="dot(atom(k), data(k))", b="b", m="k * b * m"),
        product_bound.at(c="code(k)", t="code(k)", b="b", m="b"),
    ],
)
def energy_bound(k: nat, a: real, b: real, m: real) -> prop:
    assume(a >= 0, codes(k, a, b), dictionary(k, m))
    return sq(data(k)) <= b**2 * k * (1 + (k - 1) * m)


@lemma(cases=["t >= 0"])
def divided(c: real, t: real) -> prop:
    assume(c > 0, c * t >= 0)
    return t >= 0


@lemma()
def nothing_there(u: real, i: real, e: real) -> prop:
    assume(u >= 0, e <= 0, i**2 * u - 2 * i * (u + 1) * i + (u + 1) ** 2 * e >= 0)
    return i**2 <= 0


@lemma(cases=["s <= t", "-t <= s"])
def root(s: real, t: real) -> prop:
    assume(t >= 0, s**2 <= t**2)
    return -t <= s <= t


@lemma()
def product_is_larger(s: real, t: real, q: real) -> prop:
    assume(s >= 0, t <= q)
    return s * t <= s * q


@lemma()
def square(v: vec) -> prop:
    return sq(v) >= 0


@lemma(
    using=[
        square.at(v="u"),
        square.at(v="v"),
        square.at(v="sq(v) * u - dot(u, v) * v"),
        square.at(v="dot(u, v) * u - (sq(u) + 1) * v"),
        divided.at(c="sq(v)", t="sq(u) * sq(v) - dot(u, v)**2"),
        nothing_there.at(u="sq(u)", i="dot(u, v)", e="sq(v)"),
    ],
    cases=["sq(v) > 0"],
)
def cauchy_schwarz(u: vec, v: vec) -> prop:
    return dot(u, v) ** 2 <= sq(u) * sq(v)


@lemma(
    using=[
        cauchy_schwarz.at(u="w - v", v="data(k)"),
        energy_bound,
        square.at(v="w - v"),
        product_is_larger.at(s="sq(w - v)", t="sq(data(k))", q="b**2 * k * (1 + (k - 1) * m)"),
        root.at(s="dot(w - v, data(k))", t="r"),
    ],
    have=["dot(w - v, data(k))**2 <= r**2"],
)
def seen_by_the_row(k: nat, v: vec, w: vec, a: real, b: real, m: real, r: real) -> prop:
    assume(a >= 0, codes(k, a, b), dictionary(k, m), r >= 0)
    assume(sq(w - v) * b**2 * k * (1 + (k - 1) * m) <= r**2)
    return dot(v, data(k)) - r <= dot(w, data(k)) <= dot(v, data(k)) + r
