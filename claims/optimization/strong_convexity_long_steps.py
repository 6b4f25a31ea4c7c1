r"""The same step of gradient descent as in ``strong_convexity``, when it is longer than 2 / (L + mu), and both cases in one.

Then the parabola of the greatest curvature is the worst, and what shrinks least shrinks by r = L eta - 1.  For the gaps the
multipliers are r, r (1 - r) and 1 - r as before; with L = c, mu = m and eta = e what is left of them is the sum of squares
|h + g + c (c e - 2) d|^2 + (2 - c e) (c e + m e - 2) |g - c d|^2.
"""

from __future__ import annotations

from claims.optimization.smooth_functions import (
    L,
    below_parabolas,
    f,
    gradient,
    minimal,
    minimizer,
    mu,
    positive,
    positive_factor,
    product,
    square_of_a_vector,
    stationary,
    strongly_convex,
)
from claims.optimization.strong_convexity import (
    above_minimum,
    distance_shrinks,
    gap_shrinks,
    gradient_and_distance,
    gradient_shrinks,
    gradients_of_a_step,
    interpolated,
    point_and_minimizer,
    two_points,
    widths,
)
from verify import assume, define, dot, lemma, prop, real, sq, vec


@lemma(
    using=[
        product.at(x="e", y="(c + m) * dot(g, d) - sq(g) - m * c * sq(d)"),
        product.at(x="e", y="e * (c + m) - 2"),
        product.at(x="e * (e * (c + m) - 2)", y="c**2 * sq(d) - sq(g)"),
        positive_factor.at(x="c + m", y="(c * e - 1)**2 * sq(d) - sq(d - e * g)"),
    ]
)
def long_step_of_distances(d: vec, g: vec, e: real, c: real, m: real) -> prop:
    assume(m >= 0, c > 0, e >= 0, e * (c + m) >= 2)
    assume((c + m) * dot(g, d) >= sq(g) + m * c * sq(d), sq(g) <= c**2 * sq(d))
    return sq(d - e * g) <= (c * e - 1) ** 2 * sq(d)


@lemma(using=[product.at(x="e * (c + m) - 2", y="c * e * sq(g) - dot(g - h, g)")])
def long_step_of_gradients(g: vec, h: vec, e: real, c: real, m: real) -> prop:
    assume(e * (c + m) >= 2, e * (c + m) * dot(g - h, g) >= sq(g - h) + m * c * e**2 * sq(g))
    assume(dot(g - h, g) <= c * e * sq(g))
    return sq(h) <= (c * e - 1) ** 2 * sq(g)


@lemma(
    using=[
        product.at(
            x="c * e - 1",
            y="2 * (c - m) * (a - b - dot(h, e * g)) - sq(g - h) - m * c * sq(e * g) + 2 * m * dot(g - h, e * g)",
        ),
        product.at(x="c * e - 1", y="2 - c * e"),
        product.at(
            x="(c * e - 1) * (2 - c * e)",
            y="2 * (c - m) * (dot(g, d) - a) - sq(g) - m * c * sq(d) + 2 * m * dot(g, d)",
        ),
        product.at(
            x="2 - c * e",
            y="2 * (c - m) * (dot(h, d - e * g) - b) - sq(h) - m * c * sq(d - e * g) + 2 * m * dot(h, d - e * g)",
        ),
        product.at(x="e", y="c - m"),
        square_of_a_vector.at(v="h + g + c * (c * e - 2) * d"),
        square_of_a_vector.at(v="g - c * d"),
        product.at(x="2 - c * e", y="c * e + m * e - 2"),
        product.at(x="(2 - c * e) * (c * e + m * e - 2)", y="sq(g - c * d)"),
        positive_factor.at(x="2 * (c - m)", y="(c * e - 1)**2 * a - b"),
    ]
)
def long_step_of_gaps(a: real, b: real, d: vec, g: vec, h: vec, e: real, c: real, m: real) -> prop:
    assume(0 <= m < c, e >= 0, e * (c + m) >= 2, c * e <= 2)
    assume(interpolated(a, b, e * g, g, h, c, m), above_minimum(a, d, g, c, m), above_minimum(b, d - e * g, h, c, m))
    return b <= (c * e - 1) ** 2 * a


# ------------------------------------------------------------------------------------------- steps of any length up to 2 / L


@define
def contraction(r: real, eta: real) -> prop:
    """r is the greater one of 1 - mu eta and L eta - 1."""
    return (eta * (L() + mu()) <= 2 and r == 1 - mu() * eta) or (
        eta * (L() + mu()) >= 2 and L() * eta <= 2 and r == L() * eta - 1
    )


@lemma(
    using=[
        widths,
        stationary.at(v="x - minimizer()"),
        below_parabolas.at(x="x", y="minimizer()"),
        below_parabolas.at(x="minimizer()", y="x"),
        gradient_and_distance.at(x="x"),
        product.at(x="L() + mu()", y="L() * sq(x - minimizer()) - dot(gradient(x), x - minimizer())"),
        distance_shrinks.at(x="x", eta="eta"),
        long_step_of_distances.at(d="x - minimizer()", g="gradient(x)", e="eta", c="L()", m="mu()"),
    ],
    assuming=[widths, positive, below_parabolas, strongly_convex, minimal],
)
def distance_contracts(x: vec, eta: real, r: real) -> prop:
    assume(eta > 0, contraction(r, eta))
    return sq(x - eta * gradient(x) - minimizer()) <= r**2 * sq(x - minimizer())


@lemma(
    using=[
        widths,
        below_parabolas.at(x="x", y="x - eta * gradient(x)"),
        below_parabolas.at(x="x - eta * gradient(x)", y="x"),
        positive_factor.at(
            x="eta",
            y="L() * eta * sq(gradient(x)) - dot(gradient(x) - gradient(x - eta * gradient(x)), gradient(x))",
        ),
        gradients_of_a_step.at(x="x", eta="eta"),
        gradient_shrinks.at(x="x", eta="eta"),
        long_step_of_gradients.at(g="gradient(x)", h="gradient(x - eta * gradient(x))", e="eta", c="L()", m="mu()"),
    ],
    assuming=[widths, below_parabolas, strongly_convex],
)
def gradient_contracts(x: vec, eta: real, r: real) -> prop:
    assume(eta > 0, contraction(r, eta))
    return sq(gradient(x - eta * gradient(x))) <= r**2 * sq(gradient(x))


@lemma(
    using=[
        widths,
        point_and_minimizer.at(x="x"),
        point_and_minimizer.at(x="x - eta * gradient(x)"),
        two_points.at(x="x", y="x - eta * gradient(x)"),
        gap_shrinks.at(x="x", eta="eta"),
        long_step_of_gaps.at(
            a="f(x) - f(minimizer())",
            b="f(x - eta * gradient(x)) - f(minimizer())",
            d="x - minimizer()",
            g="gradient(x)",
            h="gradient(x - eta * gradient(x))",
            e="eta",
            c="L()",
            m="mu()",
        ),
    ],
    assuming=[widths, positive, below_parabolas, strongly_convex, minimal],
)
def gap_contracts(x: vec, eta: real, r: real) -> prop:
    assume(eta > 0, contraction(r, eta))
    return f(x - eta * gradient(x)) - f(minimizer()) <= r**2 * (f(x) - f(minimizer()))
