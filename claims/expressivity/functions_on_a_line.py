r"""Piecewise affine functions on the line, and networks with one hidden layer that agree with them at two points of each piece."""

from __future__ import annotations

from claims.expressivity.units_on_a_line import net
from verify import arbitrary, assume, define, hypothesis, induction, lemma, nat, prop, real, relu


@arbitrary
def t(i: nat) -> real: ...


@arbitrary
def jump(i: nat) -> real: ...


@arbitrary
def start(i: nat) -> real: ...


@arbitrary
def first(i: nat) -> real: ...


@arbitrary
def second(i: nat) -> real: ...


@define
def cpwl(m: nat, x: real) -> real:
    return start(0) + start(1) * x if m == 0 else cpwl(m - 1, x) + jump(m) * relu(x - t(m))


@define
def slope(m: nat) -> real:
    """On the last piece."""
    return start(1) if m == 0 else slope(m - 1) + jump(m)


@define
def arranged(m: nat) -> prop:
    """Two points on each piece: first(0) < second(0) < t(1) < first(1) < second(1) < ... < t(m) < first(m) < second(m)."""
    if m == 0:
        return first(0) < second(0)
    return arranged(m - 1) and second(m - 1) < t(m) < first(m) < second(m) and jump(m) != 0


@define
def agree(n: nat, p: nat, m: nat) -> prop:
    """The network is right at the two points of the pieces 0, ..., m."""
    if m == 0:
        return net(n, first(0)) == cpwl(p, first(0)) and net(n, second(0)) == cpwl(p, second(0))
    return agree(n, p, m - 1) and net(n, first(m)) == cpwl(p, first(m)) and net(n, second(m)) == cpwl(p, second(m))


# ----------------------------------------------------------------------------- the function on its pieces


@lemma(by=induction("m"))
def agree_at_the_end(m: nat, n: nat, p: nat) -> prop:
    assume(agree(n, p, m))
    return net(n, first(m)) == cpwl(p, first(m)) and net(n, second(m)) == cpwl(p, second(m))


@lemma(by=induction("m"))
def in_order(m: nat) -> prop:
    assume(arranged(m))
    return first(m) < second(m)


@lemma(by=induction("m"), using=[in_order.at(m="m"), hypothesis(x="x"), hypothesis(x="first(m + 1)")])
def on_the_last_piece(m: nat, x: real) -> prop:
    assume(arranged(m), x >= first(m))
    return cpwl(m, x) == cpwl(m, first(m)) + slope(m) * (x - first(m))


@lemma(by=induction("q"))
def arranged_before(q: nat, i: nat) -> prop:
    assume(arranged(i + q))
    return arranged(i) and second(i) <= second(i + q)


@lemma(by=induction("q"), using=[arranged_before.at(q="q", i="i")])
def later_kinks_do_not_matter(q: nat, i: nat, x: real) -> prop:
    assume(arranged(i + q), x <= second(i))
    return cpwl(i + q, x) == cpwl(i, x)


@lemma(by=induction("q"), using=[agree_at_the_end])
def agree_before(q: nat, n: nat, p: nat, i: nat) -> prop:
    assume(agree(n, p, i + q))
    return net(n, first(i)) == cpwl(p, first(i)) and net(n, second(i)) == cpwl(p, second(i))


@lemma(
    using=[
        arranged_before.at(q="q", i="i"),
        in_order.at(m="i"),
        agree_before.at(q="q", n="n", p="i + q", i="i"),
        later_kinks_do_not_matter.at(q="q", i="i", x="first(i)"),
        later_kinks_do_not_matter.at(q="q", i="i", x="second(i)"),
        on_the_last_piece.at(m="i", x="second(i)"),
        on_the_last_piece.at(m="i", x="first(i)"),
    ]
)
def net_on_a_piece(q: nat, n: nat, i: nat) -> prop:
    assume(arranged(i + q), agree(n, i + q, i + q))
    right = net(n, first(i)) == cpwl(i, first(i)) and net(n, second(i)) == cpwl(i, second(i))
    return right and first(i) < second(i) and net(n, second(i)) - net(n, first(i)) == slope(i) * (second(i) - first(i))
