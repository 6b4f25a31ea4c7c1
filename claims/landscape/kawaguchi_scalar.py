r"""Linear networks with one unit in each layer, of every depth: all critical points, and what they are.

The loss of weights w(0), ..., w(n - 1) is (w(0) ... w(n - 1) - y)^2 / 2.  A product that is not y is critical exactly if
two factors are zero at least, and then moving the zeros makes the product positive or negative, whichever is wanted.
"""

from __future__ import annotations

from claims.landscape.kawaguchi_scalar_points import (
    below_and_above,
    between,
    both_factors,
    both_factors_moved,
    critical,
    expansion,
    flat_at_critical_points,
    loss,
    mixed,
    necessary,
    never_zero,
    other_sign,
    others,
    replaced,
    replaced_product,
    slope,
    small,
)
from claims.landscape.kawaguchi_scalar_products import (
    around_one,
    around_the_first,
    around_the_second,
    both_moved,
    exactly_two_zeros,
    moved,
    pair,
    product,
    three_zeros,
    two_zeros,
    w,
    without,
    zero_factor,
    zeros,
)
from verify import (
    Claim,
    assume,
    cite,
    hypothesis,
    induction,
    nat,
    prop,
    real,
)

claim = Claim(
    "kawaguchi-scalar-networks",
    title="Linear networks with one unit in each layer have no bad local minima, whatever their depth",
    statement=r"Let $L(w) = \frac12 (w_0 w_1 \cdots w_{n-1} - y)^2$, $n \ge 1$. A point is critical if and only if the product is $y$ "
    r"or at least two factors are zero. If $y \ne 0$, a point with a zero factor is neither a local minimum nor a local maximum: if "
    r"the zeros are moved to $\pm s$, for all small $s > 0$, one sign of the first zero gives a smaller loss, and the other one a larger "
    r"loss. So every local minimum has the loss 0. If exactly two factors are zero and are moved by $a$ and $b$, the loss is "
    r"$\frac12 (q a b - y)^2$, where $q \ne 0$ is the product of the others, with the curvatures $\mp q y$ along $(1, \pm 1)$: a "
    r"strict saddle. If at least three are zero, the Hessian is 0.",
    source=cite("kawaguchi2016", "Theorem 2.3 (ii), (iii), (iv) for width one, as recalled"),
    repairs="kawaguchi-literal",
    remarks="The theorem in the source is about matrices; here all widths are one, with one input and one output, and n is any number "
    "of layers. Small means: s is at most 1, and s times the product of the nonzero weights is less than 2 |y|. The gradient and the "
    "Hessian are the coefficients in the two expansions; that a local minimum is critical is used in the sentence on local minima.",
    symbols={
        r"\mathrm{product}(n)": "the product of the first n weights",
        r"\mathrm{without}(k, p), \; \mathrm{pair}(k, p, q)": "the product of k + 1 + p weights but for the one after the first k; of "
        "k + p + q + 2 weights but for two, with k before, p between and q behind them",
        r"\mathrm{slope}, \; \mathrm{mixed}": "the derivative by that weight, and the second derivative by these two",
        r"\mathrm{moved}, \; \mathrm{both\_moved}": "the product after that weight, or these two, have moved by a (and b)",
        r"\mathrm{critical}(k, p, y)": "of k + p weights, the derivatives by the first k are zero",
        r"\mathrm{zeros}(i, m)": "the number of zeros among m weights, from the weight i on",
        r"\mathrm{replaced}(k, t, s)": "the weight k; but if it is zero, t for the first zero and s for the others",
        r"\mathrm{others}(n)": "the product of the weights that are not zero",
    },
)


@claim.proof(using=[around_one.at(k="k", p="p")])
def first_derivatives(k: nat, p: nat, y: real, a: real) -> prop:
    """With k weights before, and p behind the one that moves."""
    return loss(moved(k, p, a), y) == loss(product(k + 1 + p), y) + a * slope(k, p, y) + a**2 / 2 * without(k, p) ** 2


@claim.proof(
    using=[
        both_factors.at(k="k", p="p", q="q"),
        around_the_first.at(k="k", p="p", q="q"),
        around_the_second.at(k="k", p="p", q="q"),
        both_factors_moved.at(k="k", p="p", q="q", a="a", b="b"),
        expansion.at(
            u="w(k)",
            v="w(k + p + 1)",
            r="pair(k, p, q)",
            y="y",
            a="a",
            b="b",
            e="product(k + p + q + 2)",
            f="without(k, p + 1 + q)",
            g="without(k + p + 1, q)",
            m="both_moved(k, p, q, a, b)",
        ),
    ],
)
def second_derivatives(k: nat, p: nat, q: nat, y: real, a: real, b: real) -> prop:
    """The coefficient of a b is the mixed derivative; the rest, of order three and four, is written out."""
    f = without(k, p + 1 + q)
    g = without(k + p + 1, q)
    linear = a * slope(k, p + 1 + q, y) + b * slope(k + p + 1, q, y)
    quadratic = (a * f) ** 2 / 2 + a * b * mixed(k, p, q, y) + (b * g) ** 2 / 2
    rest = a * b * pair(k, p, q) * (a * f + b * g + a * b * pair(k, p, q) / 2)
    return loss(both_moved(k, p, q, a, b), y) == loss(product(k + p + q + 2), y) + linear + quadratic + rest


@claim.proof(by=induction("k"), using=[hypothesis(p="p + 1", y="y"), two_zeros.at(k="k", p="p")])
def these_are_critical(k: nat, p: nat, y: real) -> prop:
    """Of networks with k + p layers, here by the first k weights; p = 0 is the whole gradient."""
    assume(product(k + p) == y or zeros(0, k + p) >= 2)
    return critical(k, p, y)


@claim.proof(
    using=[flat_at_critical_points.at(k="n + 1", p="0", y="y"), necessary.at(n="n")],
    cases=["product(n + 1) == y"],
)
def critical_points_are_these(n: nat, y: real) -> prop:
    """Of networks with n + 1 layers."""
    assume(critical(n + 1, 0, y))
    return product(n + 1) == y or zeros(0, n + 1) >= 2


@claim.proof()
def replaced_weights_are_close(k: nat, t: real, s: real) -> prop:
    assume(s >= 0, -s <= t <= s)
    return abs(replaced(k, t, s) - w(k)) <= s


@claim.proof(
    using=[
        zero_factor.at(i="0", m="n"),
        never_zero.at(n="n", s="s"),
        small.at(n="n", s="s"),
        other_sign.at(n="n", t="s", s="s"),
        below_and_above.at(p="replaced_product(n, s, s)", y="y"),
    ],
)
def neither_minimum_nor_maximum(n: nat, y: real, s: real) -> prop:
    """This holds for every y but 0 and every small s."""
    assume(zeros(0, n) >= 1, 0 < s <= 1, (s * others(n)) ** 2 < (2 * y) ** 2)
    return between(loss(replaced_product(n, s, s), y), loss(product(n), y), loss(replaced_product(n, -s, s), y))


@claim.proof(
    using=[
        around_the_first.at(k="k", p="p", q="q"),
        around_the_second.at(k="k", p="p", q="q"),
        exactly_two_zeros.at(k="k", p="p", q="q"),
    ],
)
def strict_saddles(k: nat, p: nat, q: nat, y: real, a: real, b: real) -> prop:
    """With curvatures pair * y and -pair * y along (1, 1) and (1, -1), which are not zero."""
    assume(w(k) == 0, w(k + p + 1) == 0, zeros(0, k + p + q + 2) == 2)
    r = pair(k, p, q)
    return loss(both_moved(k, p, q, a, b), y) == (r * a * b - y) ** 2 / 2 and r != 0


@claim.proof(
    using=[
        two_zeros.at(k="k", p="p + 1 + q"),
        two_zeros.at(k="k + p + 1", p="q"),
        three_zeros.at(k="k", p="p", q="q"),
    ]
)
def the_hessian_vanishes(k: nat, p: nat, q: nat, y: real) -> prop:
    """Its entries off the diagonal, and those on the diagonal, which are squares."""
    assume(zeros(0, k + p + q + 2) >= 3)
    return mixed(k, p, q, y) == 0 and without(k, p + 1 + q) ** 2 == 0 and without(k + p + 1, q) ** 2 == 0


# ------------------------------------------------------------------------------------------- what must fail


@claim.mutant(replaces=these_are_critical)
def one_zero_is_enough(k: nat, p: nat, y: real) -> prop:
    """Points with one zero factor are critical"""
    assume(product(k + p) == y or zeros(0, k + p) >= 1)
    return critical(k, p, y)


@claim.mutant(replaces=neither_minimum_nor_maximum)
def whatever_the_label_is(n: nat, y: real, s: real) -> prop:
    """For y = 0 as well, where 0 is a global minimum"""
    assume(zeros(0, n) >= 1, 0 < s <= 1)
    return between(loss(replaced_product(n, s, s), y), loss(product(n), y), loss(replaced_product(n, -s, s), y))


@claim.mutant(replaces=strict_saddles)
def saddles_of_depth_three_are_strict(k: nat, p: nat, q: nat, y: real, a: real, b: real) -> prop:
    """So are those with three zeros"""
    assume(w(k) == 0, w(k + p + 1) == 0, zeros(0, k + p + q + 2) == 3)
    r = pair(k, p, q)
    return loss(both_moved(k, p, q, a, b), y) == (r * a * b - y) ** 2 / 2 and r != 0
