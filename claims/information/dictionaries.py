r"""Data y that are a few atoms of a dictionary, the first k of them, and what vectors see of them: sums, and the inequality of Cauchy and Schwarz.

y = sum_{j < k} c_j A_j is not written down as a vector; it is what its inner products are:

    inner(k, v) = <v, y>,    energy(k) = |y|^2,    |z - t y|^2 = |z|^2 - 2 t <z, y> + t^2 |y|^2 >= 0.

The last line is an induction on k in which z moves to z - t c_k A_k; with z = |y|^2 u and t = <u, y> it is the inequality
of Cauchy and Schwarz.  If all inner products of the atoms are at most M in absolute value, <A_i, y> is at most k b M outside of
the support, and |y|^2 is at most b^2 k (1 + (k - 1) M).
"""

from __future__ import annotations

from verify import arbitrary, assume, define, dot, hypothesis, induction, lemma, nat, prop, real, sq, vec


@arbitrary
def atom(i: nat) -> vec: ...


@arbitrary
def code(j: nat) -> real: ...


@define
def inner(k: nat, v: vec) -> real:
    """<v, y>"""
    return 0 if k == 0 else inner(k - 1, v) + code(k - 1) * dot(v, atom(k - 1))


@define
def energy(k: nat) -> real:
    """|y|^2"""
    if k == 0:
        return 0
    return energy(k - 1) + 2 * code(k - 1) * inner(k - 1, atom(k - 1)) + code(k - 1) ** 2 * sq(atom(k - 1))


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
    return -k * b * m <= inner(k, v) <= k * b * m


@lemma(
    by=induction("k"),
    using=[
        interference.at(k="k", v="atom(k)", a="a", b="b", m="m"),
        product_bound.at(c="code(k)", t="inner(k, atom(k))", b="b", m="k * b * m"),
        product_bound.at(c="code(k)", t="code(k)", b="b", m="b"),
    ],
)
def energy_bound(k: nat, a: real, b: real, m: real) -> prop:
    assume(a >= 0, codes(k, a, b), dictionary(k, m))
    return energy(k) <= b**2 * k * (1 + (k - 1) * m)


@lemma(by=induction("k"))
def linear(k: nat, s: real, u: vec, t: real, v: vec) -> prop:
    return inner(k, s * u + t * v) == s * inner(k, u) + t * inner(k, v)


@lemma(
    by=induction("k"),
    using=[
        hypothesis(z="z - t * code(k) * atom(k)", t="t"),
        linear.at(k="k", s="1", u="z", t="-t * code(k)", v="atom(k)"),
    ],
)
def a_square(k: nat, z: vec, t: real) -> prop:
    """|z - t y|^2"""
    return sq(z) - 2 * t * inner(k, z) + t**2 * energy(k) >= 0


@lemma(using=[a_square.at(k="k", z="s * u", t="t"), linear.at(k="k", s="s", u="u", t="0", v="u")])
def a_scaled_square(k: nat, u: vec, s: real, t: real) -> prop:
    return s**2 * sq(u) - 2 * s * t * inner(k, u) + t**2 * energy(k) >= 0


@lemma(cases=["t >= 0"])
def divided(c: real, t: real) -> prop:
    assume(c > 0, c * t >= 0)
    return t >= 0


@lemma()
def nothing_there(u: real, i: real, e: real) -> prop:
    assume(u >= 0, e <= 0, i**2 * u - 2 * i * (u + 1) * i + (u + 1) ** 2 * e >= 0)
    return i**2 <= 0


@lemma(
    using=[
        a_scaled_square.at(k="k", u="u", s="energy(k)", t="inner(k, u)"),
        a_scaled_square.at(k="k", u="u", s="inner(k, u)", t="sq(u) + 1"),
        a_scaled_square.at(k="k", u="u", s="0", t="1"),
        divided.at(c="energy(k)", t="sq(u) * energy(k) - inner(k, u)**2"),
        nothing_there.at(u="sq(u)", i="inner(k, u)", e="energy(k)"),
    ],
    cases=["energy(k) > 0"],
    have=["sq(u) >= 0", "energy(k) >= 0"],
)
def cauchy_schwarz(k: nat, u: vec) -> prop:
    return inner(k, u) ** 2 <= sq(u) * energy(k)


@lemma(cases=["s <= t", "-t <= s"])
def root(s: real, t: real) -> prop:
    assume(t >= 0, s**2 <= t**2)
    return -t <= s <= t


@lemma()
def product_is_larger(s: real, t: real, q: real) -> prop:
    assume(s >= 0, t <= q)
    return s * t <= s * q


@lemma(
    using=[
        cauchy_schwarz.at(k="k", u="w - v"),
        energy_bound,
        product_is_larger.at(s="sq(w - v)", t="energy(k)", q="b**2 * k * (1 + (k - 1) * m)"),
        root.at(s="inner(k, w - v)", t="r"),
        linear.at(k="k", s="1", u="v", t="1", v="w - v"),
    ],
    have=["sq(w - v) >= 0", "inner(k, w - v)**2 <= r**2"],
)
def seen_by_the_row(k: nat, v: vec, w: vec, a: real, b: real, m: real, r: real) -> prop:
    assume(a >= 0, codes(k, a, b), dictionary(k, m), r >= 0)
    assume(sq(w - v) * b**2 * k * (1 + (k - 1) * m) <= r**2)
    return inner(k, v) - r <= inner(k, w) <= inner(k, v) + r
