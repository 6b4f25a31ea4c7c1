r"""The second moments of stochastic RMSProp at the nodes of the tree of samples, and their range."""

from __future__ import annotations

from claims.optimization.preconditioned_steps import dimension
from claims.optimization.smooth_functions import L, product
from claims.optimization.stochastic_coordinates import child, sample, sample_squares, samples, small_sample, w
from verify import arbitrary, assume, assumption, define, hypothesis, induction, lemma, nat, prop, real


@arbitrary
def parent(h: nat) -> nat: ...


@arbitrary
def label(h: nat) -> nat: ...


@assumption()
def tree(h: nat) -> prop:
    """Every node but 0 is a child of a node with a smaller number, as for child(h, p) = k h + p + 1."""
    assume(h >= 1)
    return parent(h) + 1 <= h and label(h) + 1 <= samples() and child(parent(h), label(h)) == h


@arbitrary
def beta() -> real: ...


@arbitrary
def xi() -> real: ...


@arbitrary
def sigma() -> real: ...


@arbitrary
def root() -> real: ...


@arbitrary
def alpha() -> real: ...


@arbitrary
def moment(h: nat, i: nat) -> real: ...


@define
def floor() -> real:
    return (1 - beta()) * xi()


@assumption()
def constants() -> prop:
    return (
        (beta() >= 0 and beta() < 1 and xi() > 0 and L() > 0 and alpha() > 0)
        and (root() > 0 and root() ** 2 == sigma() ** 2 + xi())
        and (w() >= 0 and w() * samples() == 1)
    )


@assumption()
def bounded_gradients(h: nat, p: nat) -> prop:
    assume(p + 1 <= samples())
    return sample_squares(dimension(), h, p) <= sigma() ** 2


@assumption()
def second_moments(h: nat, p: nat, i: nat) -> prop:
    after = beta() * moment(h, i) + (1 - beta()) * (sample(h, p, i) ** 2 + xi())
    return moment(0, i) == 0 and moment(child(h, p), i) == after


# ------------------------------------------------------------------------------------------- the second moments


@lemma(
    using=[
        product.at(x="1 - b", y="g**2"),
        product.at(x="1 - b", y="S - g**2"),
        product.at(x="1 - b", y="n"),
        product.at(x="b", y="v"),
        product.at(x="b", y="S + n - v"),
    ],
)
def next_moment(v: real, g: real, b: real, n: real, S: real) -> prop:
    """S is sigma^2, n is xi."""
    assume(b >= 0, b < 1, n > 0, v >= 0, v <= S + n, g**2 <= S)
    after = b * v + (1 - b) * (g**2 + n)
    return (1 - b) * n <= after and after <= S + n and after > 0


@lemma(
    using=[
        constants,
        tree.at(h="h"),
        second_moments.at(h="parent(h)", p="label(h)", i="i"),
        bounded_gradients.at(h="parent(h)", p="label(h)"),
        small_sample.at(d="dimension()", h="parent(h)", p="label(h)", i="i"),
        next_moment.at(
            v="moment(parent(h), i)", g="sample(parent(h), label(h), i)", b="beta()", n="xi()", S="sigma()**2"
        ),
    ],
    assuming=[constants, tree, second_moments, bounded_gradients],
)
def moment_after_the_parent(h: nat, i: nat) -> prop:
    assume(h >= 1, i + 1 <= dimension(), moment(parent(h), i) >= 0, moment(parent(h), i) <= sigma() ** 2 + xi())
    return moment(h, i) >= 0 and moment(h, i) <= sigma() ** 2 + xi()


@lemma(using=[constants, second_moments.at(h="0", p="0", i="i")], assuming=[constants, second_moments])
def moment_at_the_root(i: nat) -> prop:
    return moment(0, i) == 0 and sigma() ** 2 + xi() >= 0


@lemma(using=[tree.at(h="h")], assuming=[tree])
def parent_is_smaller(h: nat) -> prop:
    assume(h >= 1)
    return parent(h) + 1 <= h


@lemma(
    by=induction("n"),
    using=[
        parent_is_smaller.at(h="h"),
        moment_at_the_root.at(i="i"),
        hypothesis(h="h", i="i"),
        hypothesis(h="parent(h)", i="i"),
        moment_after_the_parent.at(h="h", i="i"),
    ],
    cases=["h >= 1"],
    assuming=[constants, tree, second_moments, bounded_gradients],
)
def moments_of_all_nodes(n: nat, h: nat, i: nat) -> prop:
    assume(h <= n, i + 1 <= dimension())
    return moment(h, i) >= 0 and moment(h, i) <= sigma() ** 2 + xi()


@lemma(using=[constants, product.at(x="1 - beta()", y="xi()")], assuming=[constants])
def floor_is_positive() -> prop:
    return floor() > 0


@lemma(
    using=[
        constants,
        second_moments.at(h="h", p="p", i="i"),
        bounded_gradients.at(h="h", p="p"),
        small_sample.at(d="dimension()", h="h", p="p", i="i"),
        moments_of_all_nodes.at(n="h", h="h", i="i"),
        next_moment.at(v="moment(h, i)", g="sample(h, p, i)", b="beta()", n="xi()", S="sigma()**2"),
        floor_is_positive,
    ],
    assuming=[constants, tree, second_moments, bounded_gradients],
)
def moment_of_an_edge(h: nat, p: nat, i: nat) -> prop:
    assume(i + 1 <= dimension(), p + 1 <= samples())
    return floor() > 0 and floor() <= moment(child(h, p), i) and moment(child(h, p), i) <= root() ** 2
