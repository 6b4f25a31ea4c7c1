r"""ReLU networks of one real variable with any depth, widths and weights, and how often their units change phase.

Where no unit changes its phase the network is affine, with a slope and an offset that are found by the same recursion as
its value.  Walk along increasing points.  While no unit of the layers 1, ..., k changes, the input of a unit of layer
k + 1 is affine, so that it changes sign at most once; each unit of layer k + 1 adds at most one change to every piece of
the layers before, and w units turn P pieces into at most (w + 1) P (one-dimensional case of Serra, Tjandraatmadja and
Ramalingam 2018).  Shared by the claims about numbers of pieces.
"""

from __future__ import annotations

from verify import arbitrary, assume, define, iff, induction, lemma, nat, prop, real, relu


@arbitrary
def width(k: nat) -> nat: ...


@arbitrary
def weight(k: nat, u: nat, v: nat) -> real: ...


@arbitrary
def bias(k: nat, u: nat) -> real: ...


@arbitrary
def point(i: nat) -> real: ...


@define
def affine(k: nat, n: nat, u: nat, t: real) -> real:
    """The affine function number u of the first n units of hidden layer k; of the input t, for k = 0."""
    if k == 0:
        return weight(0, u, 1) * t + bias(0, u)
    if n == 0:
        return bias(k, u)
    return affine(k, n - 1, u, t) + weight(k, u, n) * relu(affine(k - 1, width(k - 1), n, t))


@define
def network(k: nat, t: real) -> real:
    """The network with hidden layers of widths width(1), ..., width(k)."""
    return affine(k, width(k), 0, t)


@define
def same_phase(k: nat, n: nat, s: real, t: real) -> prop:
    """Unit n of layer k + 1 is in the same phase at s and t."""
    return iff(affine(k, width(k), n, s) >= 0, affine(k, width(k), n, t) >= 0)


@define
def same(k: nat, n: nat, s: real, t: real) -> prop:
    """At s and t the units of layers 1, ..., k and the first n units of layer k + 1 are in the same phase."""
    if k == 0:
        return True if n == 0 else same(0, n - 1, s, t) and same_phase(0, n, s, t)
    if n == 0:
        return same(k - 1, width(k), s, t)
    return same(k, n - 1, s, t) and same_phase(k, n, s, t)


@define
def switches(k: nat, n: nat, i: nat) -> nat:
    """How often one of these units changes its phase from one to the next of the points 0, ..., i."""
    if i == 0:
        return 0
    return switches(k, n, i - 1) if same(k, n, point(i - 1), point(i)) else switches(k, n, i - 1) + 1


@define
def increasing(i: nat) -> prop:
    return True if i == 0 else increasing(i - 1) and point(i - 1) < point(i)


@define
def slope(k: nat, n: nat, u: nat, t: real) -> real:
    if k == 0:
        return weight(0, u, 1)
    if n == 0:
        return 0
    if affine(k - 1, width(k - 1), n, t) >= 0:
        return slope(k, n - 1, u, t) + weight(k, u, n) * slope(k - 1, width(k - 1), n, t)
    return slope(k, n - 1, u, t)


@define
def offset(k: nat, n: nat, u: nat, t: real) -> real:
    if k == 0:
        return bias(0, u)
    if n == 0:
        return bias(k, u)
    if affine(k - 1, width(k - 1), n, t) >= 0:
        return offset(k, n - 1, u, t) + weight(k, u, n) * offset(k - 1, width(k - 1), n, t)
    return offset(k, n - 1, u, t)


@define
def settled(k: nat, u: nat, t: real) -> nat:
    """1 if unit u of layer k + 1 keeps its phase from t on as far as the layers before do, else 0."""
    if affine(k, width(k), u, t) >= 0:
        return 1 if slope(k, width(k), u, t) >= 0 else 0
    return 1 if slope(k, width(k), u, t) <= 0 else 0


@lemma(by=induction("k", "n"))
def value_from_slope(k: nat, n: nat, u: nat, t: real) -> prop:
    return affine(k, n, u, t) == slope(k, n, u, t) * t + offset(k, n, u, t)


@lemma(by=induction("k"))
def one_unit_more(k: nat, n: nat, s: real, t: real) -> prop:
    return iff(same(k, n + 1, s, t), same(k, n, s, t) and same_phase(k, n + 1, s, t))


@lemma(by=induction("n"), using=[one_unit_more.at(k="k", n="n", s="s", t="t")])
def same_in_the_layers_before(n: nat, k: nat, s: real, t: real) -> prop:
    assume(same(k, n, s, t))
    return same(k, 0, s, t)


@lemma(by=induction("n"), using=[one_unit_more.at(k="k", n="n", s="s", t="t")], cases=["v + 1 <= n"])
def same_unit(n: nat, k: nat, v: nat, s: real, t: real) -> prop:
    assume(same(k, n, s, t), v + 1 <= n)
    return same_phase(k, v + 1, s, t)


@lemma(
    by=induction("k", "n"),
    using=[
        same_in_the_layers_before.at(n="width(k + 1)", k="k", s="s", t="t"),
        same_unit.at(n="width(k + 1)", k="k", v="n", s="s", t="t"),
    ],
)
def same_slope(k: nat, n: nat, u: nat, s: real, t: real) -> prop:
    assume(same(k, 0, s, t), n <= width(k))
    return slope(k, n, u, s) == slope(k, n, u, t) and offset(k, n, u, s) == offset(k, n, u, t)


@lemma(
    using=[
        same_slope.at(k="k", n="width(k)", u="u", s="s", t="t"),
        value_from_slope.at(k="k", n="width(k)", u="u", t="s"),
        value_from_slope.at(k="k", n="width(k)", u="u", t="t"),
    ],
)
def a_unit_switches_once(k: nat, u: nat, s: real, t: real) -> prop:
    assume(s < t, same(k, 0, s, t))
    return settled(k, u, s) <= settled(k, u, t) and (same_phase(k, u, s, t) or settled(k, u, s) + 1 == settled(k, u, t))


@lemma()
def settled_is_a_bit(k: nat, u: nat, t: real) -> prop:
    return settled(k, u, t) <= 1


@lemma(
    using=[
        one_unit_more.at(k="k", n="n", s="s", t="t"),
        same_in_the_layers_before.at(n="n", k="k", s="s", t="t"),
        a_unit_switches_once,
        settled_is_a_bit,
    ],
    cases=["same(k, 0, s, t)", "same(k, n, s, t)", "same_phase(k, n + 1, s, t)"],
)
def one_step(k: nat, n: nat, s: real, t: real) -> prop:
    """What one more unit changes: nothing; it switches alone; units before it switch; the layers before it do."""
    assume(s < t)
    return (
        (
            same(k, n + 1, s, t)
            and same(k, n, s, t)
            and same(k, 0, s, t)
            and settled(k, n + 1, s) <= settled(k, n + 1, t)
        )
        or (not same(k, n + 1, s, t) and same(k, n, s, t) and settled(k, n + 1, s) + 1 == settled(k, n + 1, t))
        or (not same(k, n + 1, s, t) and not same(k, n, s, t) and settled(k, n + 1, s) <= settled(k, n + 1, t))
        or (not same(k, n + 1, s, t) and not same(k, n, s, t) and not same(k, 0, s, t))
    )


@lemma(
    by=induction("i"),
    using=[
        one_step.at(k="k", n="n", s="point(i)", t="point(i + 1)"),
        settled_is_a_bit.at(k="k", u="n + 1", t="point(i)"),
        settled_is_a_bit,
    ],
)
def switches_of_one_more_unit(i: nat, k: nat, n: nat) -> prop:
    assume(increasing(i))
    return switches(k, n + 1, i) <= switches(k, n, i) + switches(k, 0, i) + settled(k, n + 1, point(i))


@lemma(
    by=induction("n"),
    using=[
        switches_of_one_more_unit.at(i="i", k="k", n="n"),
        settled_is_a_bit.at(k="k", u="n + 1", t="point(i)"),
    ],
)
def switches_of_a_layer(n: nat, k: nat, i: nat) -> prop:
    assume(increasing(i))
    return switches(k, n, i) + 1 <= (n + 1) * (switches(k, 0, i) + 1)


@lemma(by=induction("i"))
def layer_by_layer(i: nat, k: nat) -> prop:
    return switches(k + 1, 0, i) == switches(k, width(k + 1), i)


@lemma(by=induction("i"))
def no_units_no_switches(i: nat) -> prop:
    return switches(0, 0, i) == 0


@define
def product(k: nat) -> nat:
    """(width(1) + 1) ... (width(k) + 1)"""
    return 1 if k == 0 else product(k - 1) * (width(k) + 1)


@lemma(
    by=induction("k"),
    using=[
        no_units_no_switches.at(i="i"),
        layer_by_layer.at(i="i", k="k"),
        switches_of_a_layer.at(n="width(k + 1)", k="k", i="i"),
    ],
    have=["(width(k + 1) + 1) * (product(k) - switches(k, 0, i) - 1) >= 0"],
)
def switches_of_the_network(k: nat, i: nat) -> prop:
    assume(increasing(i))
    return switches(k, 0, i) + 1 <= product(k)


@define
def bend(k: nat, i: nat) -> real:
    """Zero if the network is on a line at the points i, i + 1, i + 2."""
    return (
        (point(i + 2) - point(i + 1)) * network(k, point(i))
        + (point(i + 1) - point(i)) * network(k, point(i + 2))
        - (point(i + 2) - point(i)) * network(k, point(i + 1))
    )


@define
def bends(k: nat, m: nat) -> nat:
    """At how many of the triples (0, 1, 2), (2, 3, 4), ..., (2m - 2, 2m - 1, 2m) the network is not on a line."""
    if m == 0:
        return 0
    return bends(k, m - 1) if bend(k, 2 * (m - 1)) == 0 else bends(k, m - 1) + 1


@lemma(
    using=[
        same_slope.at(k="k", n="width(k)", u="0", s="point(i)", t="point(i + 1)"),
        same_slope.at(k="k", n="width(k)", u="0", s="point(i + 1)", t="point(i + 2)"),
        value_from_slope.at(k="k", n="width(k)", u="0", t="point(i)"),
        value_from_slope.at(k="k", n="width(k)", u="0", t="point(i + 1)"),
        value_from_slope.at(k="k", n="width(k)", u="0", t="point(i + 2)"),
    ],
)
def on_a_line(k: nat, i: nat) -> prop:
    assume(same(k, 0, point(i), point(i + 1)), same(k, 0, point(i + 1), point(i + 2)))
    return bend(k, i) == 0


@lemma(
    using=[on_a_line.at(k="k", i="i")],
    cases=["same(k, 0, point(i), point(i + 1))", "same(k, 0, point(i + 1), point(i + 2))"],
)
def a_bend_needs_a_switch(k: nat, i: nat) -> prop:
    return switches(k, 0, i) <= switches(k, 0, i + 2) and (
        bend(k, i) == 0 or switches(k, 0, i) + 1 <= switches(k, 0, i + 2)
    )


@lemma(by=induction("m"), using=[a_bend_needs_a_switch.at(k="k", i="2 * m")])
def every_bend_needs_a_switch(m: nat, k: nat) -> prop:
    return bends(k, m) <= switches(k, 0, 2 * m)


@lemma(using=[every_bend_needs_a_switch.at(k="k", m="m"), switches_of_the_network.at(k="k", i="2 * m")])
def pieces(k: nat, m: nat) -> prop:
    assume(increasing(2 * m))
    return bends(k, m) + 1 <= product(k)
