r"""RMSProp over finitely many samples, on the tree of all sequences of samples, coordinate by coordinate.

The nodes of the tree are numbers: from the node h, the sample p leads to the node ``child(h, p)``.  Each node has its own
iterate, and each edge its own second moments, which belong to the node that it leads to.  Expectations are averages with the
weight w = 1/k over the k children, and again over theirs.
"""

from __future__ import annotations

from claims.optimization.orthonormal_vectors import orthonormal
from claims.optimization.preconditioned_steps import (
    combination,
    coordinate,
    dimension,
    iterate,
    squares,
)
from claims.optimization.smooth_functions import f, product
from verify import arbitrary, assume, assumption, define, induction, lemma, nat, prop, real


@arbitrary
def samples() -> nat: ...


@arbitrary
def w() -> real: ...


@arbitrary
def child(h: nat, p: nat) -> nat: ...


@arbitrary
def sample(h: nat, p: nat, i: nat) -> real: ...


@define
def mean(k: nat, h: nat, i: nat) -> real:
    """Of a coordinate of the gradients of the first k samples at the node h, as a part of the mean of all."""
    return 0 if k == 0 else mean(k - 1, h, i) + w() * sample(h, k - 1, i)


@assumption()
def mean_gradient(h: nat, i: nat) -> prop:
    assume(orthonormal(dimension()), i + 1 <= dimension())
    return coordinate(h, i) == mean(samples(), h, i)


@assumption()
def same_signs(h: nat, i: nat, p: nat, q: nat) -> prop:
    assume(i + 1 <= dimension(), p + 1 <= samples(), q + 1 <= samples())
    return sample(h, p, i) * sample(h, q, i) >= 0


@assumption()
def steps(h: nat, p: nat) -> prop:
    assume(p + 1 <= samples())
    return iterate(child(h, p)) == iterate(h) - combination(dimension(), child(h, p))


@define
def sample_squares(d: nat, h: nat, p: nat) -> real:
    return 0 if d == 0 else sample_squares(d - 1, h, p) + sample(h, p, d - 1) ** 2


@define
def cross(d: nat, h: nat, p: nat) -> real:
    """The inner product of the gradient of f and that of a sample."""
    return 0 if d == 0 else cross(d - 1, h, p) + coordinate(h, d - 1) * sample(h, p, d - 1)


@define
def mean_cross(k: nat, h: nat) -> real:
    return 0 if k == 0 else mean_cross(k - 1, h) + w() * cross(dimension(), h, k - 1)


@define
def cross_mean(d: nat, k: nat, h: nat) -> real:
    return 0 if d == 0 else cross_mean(d - 1, k, h) + coordinate(h, d - 1) * mean(k, h, d - 1)


# ------------------------------------------------------------------------------------------- the order of the sums


@lemma(by=induction("d"), have=["sample(h, p, d)**2 >= 0"])
def sums_of_squares(d: nat, h: nat, p: nat) -> prop:
    return sample_squares(d, h, p) >= 0


@lemma(
    by=induction("d"),
    using=[sums_of_squares.at(d="d", h="h", p="p")],
    cases=["i + 1 <= d"],
    have=["sample(h, p, d)**2 >= 0", "implies(i >= d, i == d)"],
)
def small_sample(d: nat, h: nat, p: nat, i: nat) -> prop:
    assume(i + 1 <= d)
    return sample(h, p, i) ** 2 <= sample_squares(d, h, p)


@lemma(by=induction("d"))
def one_more_sample(d: nat, k: nat, h: nat) -> prop:
    return cross_mean(d, k + 1, h) == cross_mean(d, k, h) + w() * cross(d, h, k)


@lemma(by=induction("d"))
def no_sample(d: nat, h: nat) -> prop:
    return cross_mean(d, 0, h) == 0


@lemma(
    by=induction("k"), using=[one_more_sample.at(d="dimension()", k="k", h="h"), no_sample.at(d="dimension()", h="h")]
)
def interchanged(k: nat, h: nat) -> prop:
    return mean_cross(k, h) == cross_mean(dimension(), k, h)


@lemma(by=induction("d"), using=[mean_gradient.at(h="h", i="d")], assuming=[mean_gradient])
def all_samples(d: nat, h: nat) -> prop:
    assume(orthonormal(dimension()), d <= dimension())
    return cross_mean(d, samples(), h) == squares(d, h)


@lemma(
    using=[interchanged.at(k="samples()", h="h"), all_samples.at(d="dimension()", h="h")],
    assuming=[mean_gradient],
)
def mean_of_the_products(h: nat) -> prop:
    assume(orthonormal(dimension()))
    return mean_cross(samples(), h) == squares(dimension(), h)


# ------------------------------------------------------------------------------------------- signs


@lemma(
    by=induction("k"),
    using=[same_signs.at(h="h", i="i", p="p", q="k"), product.at(x="w()", y="sample(h, p, i) * sample(h, k, i)")],
    assuming=[same_signs],
)
def mean_has_the_sign(k: nat, h: nat, i: nat, p: nat) -> prop:
    assume(w() >= 0, i + 1 <= dimension(), p + 1 <= samples(), k <= samples())
    return mean(k, h, i) * sample(h, p, i) >= 0


# ------------------------------------------------------------------------------------------- the tree


@define
def children(i: nat, h: nat) -> real:
    """The sum of w f over the first i children."""
    return 0 if i == 0 else children(i - 1, h) + w() * f(iterate(child(h, i - 1)))


@define
def value(n: nat, i: nat, h: nat) -> real:
    """The expectation of f after n steps from the node h; the first i samples of the first step."""
    if n == 0:
        return f(iterate(h))
    if i == 0:
        return 0
    return value(n, i - 1, h) + w() * value(n - 1, samples(), child(h, i - 1))


@define
def gradients(n: nat, i: nat, h: nat) -> real:
    """The same for the sum of the squared gradients of f at the n iterates before the last."""
    if n == 0:
        return 0
    if i == 0:
        return squares(dimension(), h)
    return gradients(n, i - 1, h) + w() * gradients(n - 1, samples(), child(h, i - 1))
