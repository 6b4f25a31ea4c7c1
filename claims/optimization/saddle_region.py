r"""A region around a strict saddle, seen by pairs of points.

One step of a method maps z to F(z).  Near a strict saddle, F stretches along a direction e of negative curvature by a
factor a > 1 and keeps the cone around e: if two points of the region differ by a vector of this cone, so do their images,
and the difference grows by the factor a at least.  The region is bounded along e, so that two such points cannot both
remain in it for long.  This is the argument of Jin et al. that the part of the region from which a method does not leave
is thin; nothing is assumed of F itself, and the dimension does not matter.
"""

from __future__ import annotations

from claims.optimization.smooth_functions import positive_factor, square_of_a_vector
from claims.optimization.stochastic_gradient import scaled
from verify import arbitrary, assume, assumption, define, dot, hypothesis, induction, lemma, nat, prop, real, sq, vec


@arbitrary
def inside(z: vec) -> prop: ...


@arbitrary
def one_step(z: vec) -> vec: ...


@arbitrary
def direction() -> vec: ...


@arbitrary
def factor() -> real: ...


@arbitrary
def width() -> real: ...


@define
def cone(u: vec) -> prop:
    """The vectors that are ahead along the direction e, at an angle of at most 45 degrees if e is a unit vector."""
    return dot(u, direction()) > 0 and sq(u) <= 2 * dot(u, direction()) ** 2


@define
def growth(n: nat) -> real:
    """The n-th power of the factor."""
    return 1 if n == 0 else factor() * growth(n - 1)


@assumption()
def bounded(z: vec, v: vec) -> prop:
    """The region is narrower than ``width`` along the direction."""
    assume(inside(z), inside(v))
    return dot(z - v, direction()) < width()


@assumption()
def unstable(z: vec, v: vec) -> prop:
    """The cone condition."""
    assume(inside(z), inside(v), cone(z - v))
    return cone(one_step(z) - one_step(v)) and dot(one_step(z) - one_step(v), direction()) >= factor() * dot(
        z - v, direction()
    )


@assumption()
def more_than_one() -> prop:
    return factor() > 1


@lemma(by=induction("n"), using=[more_than_one], assuming=[more_than_one])
def growth_is_positive(n: nat) -> prop:
    return growth(n) >= 1


@lemma(
    by=induction("n"),
    using=[more_than_one, growth_is_positive.at(n="n")],
    have=["(factor() - 1) * (growth(n) - 1) >= 0"],
    assuming=[more_than_one],
)
def growth_is_unbounded(n: nat) -> prop:
    """Bernoulli's inequality"""
    return growth(n) >= 1 + n * (factor() - 1)


@define
def remains(n: nat, z: vec) -> prop:
    """Neither z nor any of the n points after it, made by the method without noise, is outside."""
    return inside(z) if n == 0 else inside(z) and remains(n - 1, one_step(z))


@lemma(
    by=induction("n"),
    using=[
        bounded.at(z="z", v="v"),
        unstable.at(z="z", v="v"),
        hypothesis(z="one_step(z)", v="one_step(v)"),
        growth_is_positive.at(n="n"),
        scaled.at(
            p="growth(n)", a="factor() * dot(z - v, direction())", b="dot(one_step(z) - one_step(v), direction())"
        ),
    ],
    assuming=[bounded, unstable, more_than_one],
)
def pairs_separate_geometrically(n: nat, z: vec, v: vec) -> prop:
    assume(remains(n, z), remains(n, v), cone(z - v))
    return growth(n) * dot(z - v, direction()) < width()


@lemma(
    using=[
        pairs_separate_geometrically.at(n="n", z="z", v="v"),
        growth_is_unbounded.at(n="n"),
        scaled.at(p="dot(z - v, direction())", a="1 + n * (factor() - 1)", b="growth(n)"),
    ],
    assuming=[bounded, unstable, more_than_one],
)
def pairs_separate(n: nat, z: vec, v: vec) -> prop:
    assume(remains(n, z), remains(n, v), cone(z - v))
    return (1 + n * (factor() - 1)) * dot(z - v, direction()) < width()


@arbitrary
def noise() -> vec: ...


@define
def staying(n: nat, z: vec) -> real:
    """The probability that neither z nor any of the n points after it is outside, if the noise is added or subtracted in
    each step, with probability 1/2 each and independently."""
    if n == 0:
        return 1 if inside(z) else 0
    if inside(z):
        return (staying(n - 1, one_step(z) + noise()) + staying(n - 1, one_step(z) - noise())) / 2
    return 0


@lemma(
    by=induction("n"),
    using=[hypothesis(z="one_step(z) + noise()"), hypothesis(z="one_step(z) - noise()")],
    cases=["inside(z)"],
)
def a_probability(n: nat, z: vec) -> prop:
    return 0 <= staying(n, z) <= 1


@lemma(
    by=induction("n"),
    using=[
        a_probability.at(n="n + 1", z="z"),
        a_probability.at(n="n + 1", z="v"),
        bounded.at(z="z", v="v"),
        unstable.at(z="z", v="v"),
        hypothesis(z="one_step(z) + noise()", v="one_step(v) + noise()"),
        hypothesis(z="one_step(z) - noise()", v="one_step(v) - noise()"),
        growth_is_positive.at(n="n"),
        scaled.at(
            p="growth(n)", a="factor() * dot(z - v, direction())", b="dot(one_step(z) - one_step(v), direction())"
        ),
    ],
    cases=["inside(z)", "inside(v)"],
    assuming=[bounded, unstable, more_than_one],
)
def one_of_two_leaves(n: nat, z: vec, v: vec) -> prop:
    """Coupling: the same noise is added to both."""
    assume(cone(z - v), growth(n) * dot(z - v, direction()) >= width())
    return staying(n, z) + staying(n, v) <= 1


@lemma(
    using=[one_of_two_leaves.at(n="n", z="one_step(z) + noise()", v="one_step(z) - noise()")],
    cases=["inside(z)"],
    assuming=[bounded, unstable, more_than_one],
)
def half_of_the_runs_leave(n: nat, z: vec) -> prop:
    assume(cone(2 * noise()), growth(n) * dot(2 * noise(), direction()) >= width())
    return staying(n + 1, z) <= 1 / 2


@lemma(
    by=induction("p"),
    using=[
        half_of_the_runs_leave.at(n="n", z="z"),
        hypothesis(n="n", z="one_step(z) + noise()"),
        hypothesis(n="n", z="one_step(z) - noise()"),
    ],
    cases=["inside(z)"],
    assuming=[bounded, unstable, more_than_one],
)
def again_half(p: nat, n: nat, z: vec) -> prop:
    assume(cone(2 * noise()), growth(n) * dot(2 * noise(), direction()) >= width())
    return staying(p + n + 1, z) <= staying(p, z) / 2


@lemma(
    by=induction("k"),
    using=[again_half.at(p="k * n + k", n="n", z="z"), a_probability.at(n="0", z="z")],
    assuming=[bounded, unstable, more_than_one],
)
def few_runs_stay(k: nat, n: nat, z: vec) -> prop:
    assume(cone(2 * noise()), growth(n) * dot(2 * noise(), direction()) >= width())
    return staying(k * (n + 1), z) <= (1 / 2) ** k


# ------------------------------------------------------------------------------------------- an example


@lemma(
    using=[
        square_of_a_vector.at(v="u - 2 * dot(u, direction()) * direction()"),
        positive_factor.at(x="dot(u, direction())**2", y="2 * sq(direction()) - 1"),
    ],
    have=["dot(u, direction())**2 > 0"],
)
def steep_enough(u: vec) -> prop:
    """Cauchy and Schwarz"""
    assume(cone(u))
    return 2 * sq(direction()) >= 1


@lemma(
    using=[
        steep_enough.at(u="z - v"),
        scaled.at(p="dot(z - v, direction())", a="3 / 2", b="1 / 2 + 2 * sq(direction())"),
        scaled.at(p="dot(z - v, direction())**2", a="2", b="4 * sq(direction()) * (2 * sq(direction()))"),
    ],
    have=["2 <= 4 * sq(direction()) * (2 * sq(direction()))"],
)
def unstable_at_the_saddle(z: vec, v: vec) -> prop:
    """A gradient step of length 1 for |z|^2 / 4 - <z, e>^2."""
    assume(cone(z - v))
    new = z / 2 + 2 * dot(z, direction()) * direction()
    other = v / 2 + 2 * dot(v, direction()) * direction()
    return cone(new - other) and dot(new - other, direction()) >= 3 / 2 * dot(z - v, direction())


SADDLE = {  # using=[unstable_at_the_saddle]
    one_step: "z / 2 + 2 * dot(z, direction()) * direction()",
    inside: "abs(dot(z, direction())) < 1 / 2",
    factor: "3 / 2",
    width: "1",
}
