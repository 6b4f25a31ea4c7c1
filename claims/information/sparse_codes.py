r"""Sparse codes with finitely many values, and the mean gradient of an autoencoder whose rows are the atoms of the dictionary.

The code number s has the probability p(s) and the coefficients code(s, j), each 0 or larger than the bias.  For one code c and
one row i of its support, the component of the gradient along the atom j is -eps ((c_i - eps) 1[j in S] + c_j); the mean
of that needs P(i in S, j in S) and the means of c_i and c_j there.  ``short`` and ``blind`` are the loss of which this is the derivative.
"""

from __future__ import annotations

from verify import arbitrary, assume, assumption, define, dot, induction, lemma, nat, prop, real, relu, sq, vec


@arbitrary
def n() -> nat: ...


@arbitrary
def atoms() -> nat: ...


@arbitrary
def p(s: nat) -> real: ...


@arbitrary
def code(s: nat, j: nat) -> real: ...


@arbitrary
def a(j: nat) -> real: ...


@arbitrary
def bias() -> real: ...


@arbitrary
def q() -> real: ...


@arbitrary
def q2() -> real: ...


@arbitrary
def m() -> real: ...


@define
def slope(c: real, eps: real, v_one: real, v_y: real) -> real:
    return -eps * ((c - eps) * v_one + v_y)


@define
def short(t: real, v: vec, z: vec, one: vec, y: vec, eps: real) -> real:
    """Half the square of the error, where row z of the dictionary is moved by t v; one is the sum of the atoms in S."""
    return sq(relu(dot(z + t * v, y) - eps) * (z + t * v) - (dot(z, y) - eps) * z - eps * one) / 2


@define
def remainder(t: real, v: vec, z: vec, one: vec, y: vec, eps: real) -> real:
    """Of second order in t."""
    return (
        sq((dot(z, y) - eps) * v + dot(v, y) * z)
        - 2 * eps * dot(v, y) * dot(one, v)
        + 2 * t * dot(v, y) * dot((dot(z, y) - eps) * v + dot(v, y) * z, v)
        + t**2 * dot(v, y) ** 2 * sq(v)
    ) / 2


@define
def blind(t: real, v: vec, z: vec, one: vec, y: vec, eps: real) -> real:
    """The same where z does not belong to S."""
    return sq(relu(dot(z + t * v, y) - eps) * (z + t * v) - eps * one) / 2


@define
def member(c: real) -> real:
    return 1 if c > 0 else 0


@define
def pair(k: nat, i: nat, j: nat) -> real:
    return 0 if k == 0 else pair(k - 1, i, j) + p(k - 1) * member(code(k - 1, i)) * member(code(k - 1, j))


@define
def value(k: nat, i: nat, j: nat) -> real:
    if k == 0:
        return 0
    return value(k - 1, i, j) + p(k - 1) * member(code(k - 1, i)) * member(code(k - 1, j)) * code(k - 1, i)


@define
def gradient(k: nat, i: nat, j: nat) -> real:
    if k == 0:
        return 0
    return gradient(k - 1, i, j) + p(k - 1) * member(code(k - 1, i)) * slope(
        code(k - 1, i), bias(), member(code(k - 1, j)), code(k - 1, j)
    )


@assumption()
def sparse(s: nat, j: nat) -> prop:
    return bias() >= 0 and (code(s, j) == 0 or code(s, j) > bias())


@assumption()
def single(i: nat) -> prop:
    assume(i + 1 <= atoms())
    return pair(n(), i, i) == q() and value(n(), i, i) == q() * m()


@assumption()
def double(i: nat, j: nat) -> prop:
    assume(i < j, j + 1 <= atoms())
    return pair(n(), i, j) == q2() and value(n(), i, j) == q2() * m() and value(n(), j, i) == q2() * m()


@define
def reconstruction(k: nat, s: nat) -> real:
    return 0 if k == 0 else reconstruction(k - 1, s) + relu(code(s, k - 1) - bias()) * a(k - 1)


@define
def data(k: nat, s: nat) -> real:
    return 0 if k == 0 else data(k - 1, s) + code(s, k - 1) * a(k - 1)


@define
def support(k: nat, s: nat) -> real:
    return 0 if k == 0 else support(k - 1, s) + member(code(s, k - 1)) * a(k - 1)


@lemma()
def members(c: real) -> prop:
    assume(c >= 0)
    return member(c) * c == c


@lemma(
    by=induction("k"),
    using=[sparse.at(s="k", j="i"), sparse.at(s="k", j="j"), members.at(c="code(k, i)"), members.at(c="code(k, j)")],
    assuming=[sparse],
)
def expansion(k: nat, i: nat, j: nat) -> prop:
    return gradient(k, i, j) == -bias() * (value(k, i, j) + value(k, j, i) - bias() * pair(k, i, j))


@lemma(by=induction("k"))
def symmetric(k: nat, i: nat, j: nat) -> prop:
    return pair(k, i, j) == pair(k, j, i)


@define
def norm(h: nat, i: nat) -> real:
    return 0 if h == 0 else norm(h - 1, i) + gradient(n(), i, h - 1) ** 2


@lemma(have=["v**2 >= 0", "h * v**2 >= 0", "u**2 > 0", "c * d > 0", "(c * d) ** 2 > 0", "u**2 + h * v**2 > 0"])
def positive_square(c: real, d: real, u: real, v: real, h: nat) -> prop:
    assume(c > 0, d > 0, u > 0)
    return (c * d) ** 2 * (u**2 + h * v**2) > 0


@lemma(cases=["u <= v"])
def smaller(h: nat, u: real, v: real) -> prop:
    assume(h >= 1, h * u <= h * v)
    return u <= v


@lemma(
    have=[
        "c * d <= c * e",
        "c * d >= 0",
        "(c * d) ** 2 <= (c * e) ** 2",
        "(c * d) ** 2 >= 0",
        "(c * d) ** 2 * u <= (c * d) ** 2 * v",
        "(c * d) ** 2 * v <= (c * e) ** 2 * v",
    ]
)
def halves(c: real, d: real, e: real, u: real, v: real) -> prop:
    assume(c >= 0, 0 <= d <= e, u <= v, v >= 0)
    return (c * d) ** 2 * u <= (c * e) ** 2 * v


# ------------------------------------------------------------------------------------------- an example


@define
def one_or_both(s: nat, j: nat) -> real:
    """Two atoms: the code 0 has both, the code 1 the second, the code 2 the first, all with the coefficient 2."""
    return 0 if s == j + 1 else 2


@lemma(cases=["s == j + 1"])
def zero_or_two(s: nat, j: nat) -> prop:
    c = one_or_both(s, j)
    return (c == 0 or c > 1) and member(c) * c == 2 * member(c)


@lemma(by=induction("k"), using=[zero_or_two.at(s="k", j="i")])
def twice(k: nat, i: nat, j: nat) -> prop:
    return value(k, i, j) == 2 * pair(k, i, j)


@lemma()
def memberships() -> prop:
    return (
        (member(code(0, 0)) == 1 and member(code(1, 0)) == 0 and member(code(2, 0)) == 1)
        and (member(code(0, 1)) == 1 and member(code(1, 1)) == 1 and member(code(2, 1)) == 0)
    )  # fmt: skip


@lemma(using=[memberships])
def pairs() -> prop:
    return pair(3, 0, 0) == 2 / 3 and pair(3, 1, 1) == 2 / 3 and pair(3, 0, 1) == 1 / 3 and pair(3, 1, 0) == 1 / 3


@lemma(using=[pairs, twice.at(k="3", i="i", j="i")], cases=["i == 0"], have=["implies(i > 0, i == 1)"])
def one_atom(i: nat) -> prop:
    assume(i + 1 <= 2)
    return pair(3, i, i) == 2 / 3 and value(3, i, i) == 4 / 3


@lemma(using=[pairs, twice.at(k="3", i="i", j="j"), twice.at(k="3", i="j", j="i")], have=["i == 0", "j == 1"])
def two_atoms(i: nat, j: nat) -> prop:
    assume(i < j, j + 1 <= 2)
    return pair(3, i, j) == 1 / 3 and value(3, i, j) == 2 / 3 and value(3, j, i) == 2 / 3


CODES = {n: "3", atoms: "2", p: "1/3", code: one_or_both, bias: "1", q: "2/3", q2: "1/3", m: "2"}
