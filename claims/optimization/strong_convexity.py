r"""Smooth and strongly convex functions: what two points, or one and the minimizer, say about a step of gradient descent.

``width()`` stands for 1/(L - mu).  The inequality of two points is that of ``smooth_functions.strong_interpolation``, for the
gaps to the minimum and without fractions.
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
    strong_interpolation,
    strongly_convex,
)
from verify import arbitrary, assume, assumption, define, dot, induction, lemma, nat, prop, real, sq, vec


@define
def interpolated(a: real, b: real, d: vec, g: vec, h: vec, c: real, m: real) -> prop:
    """The function is a and b above another, and d, g and h what the gradients and points differ by."""
    return 2 * (c - m) * (a - b - dot(h, d)) >= sq(g - h) + m * c * sq(d) - 2 * m * dot(g - h, d)


@define
def above_minimum(a: real, d: vec, g: vec, c: real, m: real) -> prop:
    """The same for a point and the minimizer."""
    return 2 * (c - m) * (dot(g, d) - a) >= sq(g) + m * c * sq(d) - 2 * m * dot(g, d)


@arbitrary
def width() -> real: ...


@assumption()
def widths() -> prop:
    return 0 < mu() < L() and width() > 0 and (L() - mu()) * width() == 1


@lemma(
    using=[
        widths,
        strong_interpolation.at(x="y", y="x", s="width()"),
        product.at(
            x="L() - mu()",
            y="2 * (f(x) - f(y) - dot(gradient(y), x - y)) - width() * (sq(gradient(x) - gradient(y)) "
            "+ mu() * L() * sq(x - y) - 2 * mu() * dot(gradient(x) - gradient(y), x - y))",
        ),
    ],
    assuming=[widths, below_parabolas, strongly_convex],
)
def two_points(x: vec, y: vec) -> prop:
    gap = f(minimizer())
    return interpolated(f(x) - gap, f(y) - gap, x - y, gradient(x), gradient(y), L(), mu())


@lemma(
    using=[
        two_points.at(x="minimizer()", y="x"),
        stationary.at(v="gradient(minimizer())"),
        stationary.at(v="gradient(x)"),
        stationary.at(v="x - minimizer()"),
    ],
    assuming=[widths, positive, below_parabolas, strongly_convex, minimal],
)
def point_and_minimizer(x: vec) -> prop:
    return above_minimum(f(x) - f(minimizer()), x - minimizer(), gradient(x), L(), mu())


@lemma(
    using=[
        widths,
        two_points.at(x="x", y="minimizer()"),
        point_and_minimizer.at(x="x"),
        stationary.at(v="gradient(minimizer())"),
        stationary.at(v="gradient(x)"),
        stationary.at(v="x - minimizer()"),
        strongly_convex.at(x="x", y="minimizer()"),
        strongly_convex.at(x="minimizer()", y="x"),
        square_of_a_vector.at(v="gradient(x) - mu() * (x - minimizer())"),
        product.at(x="mu()", y="dot(gradient(x), x - minimizer()) - mu() * sq(x - minimizer())"),
    ],
    assuming=[widths, positive, below_parabolas, strongly_convex, minimal],
)
def gradient_and_distance(x: vec) -> prop:
    d = x - minimizer()
    return (L() + mu()) * dot(gradient(x), d) >= sq(gradient(x)) + mu() * L() * sq(d) and sq(
        gradient(x)
    ) >= mu() ** 2 * sq(d)


@lemma(
    using=[
        widths,
        two_points.at(x="x", y="x - eta * gradient(x)"),
        two_points.at(x="x - eta * gradient(x)", y="x"),
        strongly_convex.at(x="x", y="x - eta * gradient(x)"),
        strongly_convex.at(x="x - eta * gradient(x)", y="x"),
        positive_factor.at(
            x="eta",
            y="dot(gradient(x) - gradient(x - eta * gradient(x)), gradient(x)) - mu() * eta * sq(gradient(x))",
        ),
    ],
    assuming=[widths, below_parabolas, strongly_convex],
)
def gradients_of_a_step(x: vec, eta: real) -> prop:
    assume(eta > 0)
    lost = gradient(x) - gradient(x - eta * gradient(x))
    return eta * (L() + mu()) * dot(lost, gradient(x)) >= sq(lost) + mu() * L() * eta**2 * sq(gradient(x)) and dot(
        lost, gradient(x)
    ) >= mu() * eta * sq(gradient(x))


# ------------------------------------------------------------------------------------------- one step


@lemma(
    using=[
        product.at(x="e", y="(c + m) * dot(g, d) - sq(g) - m * c * sq(d)"),
        product.at(x="e", y="2 - e * (c + m)"),
        product.at(x="e * (2 - e * (c + m))", y="sq(g) - m**2 * sq(d)"),
        positive_factor.at(x="c + m", y="(1 - m * e)**2 * sq(d) - sq(d - e * g)"),
    ]
)
def step_of_distances(d: vec, g: vec, e: real, c: real, m: real) -> prop:
    assume(
        0 <= m <= c,
        c > 0,
        e >= 0,
        e * (c + m) <= 2,
        (c + m) * dot(g, d) >= sq(g) + m * c * sq(d),
        sq(g) >= m**2 * sq(d),
    )
    return sq(d - e * g) <= (1 - m * e) ** 2 * sq(d)


@lemma(
    using=[
        product.at(x="2 - e * (c + m)", y="dot(g - h, g) - m * e * sq(g)"),
    ]
)
def step_of_gradients(g: vec, h: vec, e: real, c: real, m: real) -> prop:
    assume(
        e * (c + m) <= 2,
        e * (c + m) * dot(g - h, g) >= sq(g - h) + m * c * e**2 * sq(g),
        dot(g - h, g) >= m * e * sq(g),
    )
    return sq(h) <= (1 - m * e) ** 2 * sq(g)


@lemma(
    using=[
        product.at(
            x="1 - m * e",
            y="2 * (c - m) * (a - b - dot(h, e * g)) - sq(g - h) - m * c * sq(e * g) + 2 * m * dot(g - h, e * g)",
        ),
        product.at(
            x="m * e * (1 - m * e)", y="2 * (c - m) * (dot(g, d) - a) - sq(g) - m * c * sq(d) + 2 * m * dot(g, d)"
        ),
        product.at(
            x="m * e",
            y="2 * (c - m) * (dot(h, d - e * g) - b) - sq(h) - m * c * sq(d - e * g) + 2 * m * dot(h, d - e * g)",
        ),
        product.at(x="m", y="e"),
        product.at(x="m * e", y="1 - m * e"),
        product.at(x="c", y="e"),
        product.at(x="e", y="c - m"),
        product.at(x="c * e", y="2 - e * (c + m)"),
        square_of_a_vector.at(v="h + (c * e + m * e - 1) * g - c * m * e * d"),
        square_of_a_vector.at(v="g - m * d"),
        product.at(x="c * e * (2 - e * (c + m))", y="sq(g - m * d)"),
        positive_factor.at(x="2 * (c - m)", y="(1 - m * e)**2 * a - b"),
    ]
)
def step_of_gaps(a: real, b: real, d: vec, g: vec, h: vec, e: real, c: real, m: real) -> prop:
    assume(
        0 <= m < c,
        e >= 0,
        e * (c + m) <= 2,
        interpolated(a, b, e * g, g, h, c, m),
        above_minimum(a, d, g, c, m),
        above_minimum(b, d - e * g, h, c, m),
    )
    return b <= (1 - m * e) ** 2 * a


@lemma(
    using=[
        widths,
        positive,
        point_and_minimizer.at(x="x"),
        point_and_minimizer.at(x="x - eta * gradient(x)"),
        two_points.at(x="x", y="x - eta * gradient(x)"),
        step_of_gaps.at(
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
def gap_shrinks(x: vec, eta: real) -> prop:
    assume(eta > 0, eta * (L() + mu()) <= 2)
    return f(x - eta * gradient(x)) - f(minimizer()) <= (1 - mu() * eta) ** 2 * (f(x) - f(minimizer()))


@lemma(
    using=[
        widths,
        gradient_and_distance.at(x="x"),
        step_of_distances.at(d="x - minimizer()", g="gradient(x)", e="eta", c="L()", m="mu()"),
    ],
    assuming=[widths, positive, below_parabolas, strongly_convex, minimal],
)
def distance_shrinks(x: vec, eta: real) -> prop:
    assume(eta > 0, eta * (L() + mu()) <= 2)
    return sq(x - eta * gradient(x) - minimizer()) <= (1 - mu() * eta) ** 2 * sq(x - minimizer())


@lemma(
    using=[
        gradients_of_a_step.at(x="x", eta="eta"),
        step_of_gradients.at(g="gradient(x)", h="gradient(x - eta * gradient(x))", e="eta", c="L()", m="mu()"),
    ],
    assuming=[widths, below_parabolas, strongly_convex],
)
def gradient_shrinks(x: vec, eta: real) -> prop:
    assume(eta > 0, eta * (L() + mu()) <= 2)
    return sq(gradient(x - eta * gradient(x))) <= (1 - mu() * eta) ** 2 * sq(gradient(x))


# ------------------------------------------------------------------------------------------- powers


@define
def power(n: nat, q: real) -> real:
    return 1 if n == 0 else q * power(n - 1, q)


@lemma(by=induction("n"), using=[product.at(x="q", y="power(n, q)")])
def powers_are_not_negative(n: nat, q: real) -> prop:
    assume(q >= 0)
    return power(n, q) >= 0


@lemma(using=[product.at(x="p", y="q * a - b")])
def one_more_factor(c: real, p: real, q: real, a: real, b: real) -> prop:
    assume(p >= 0, c <= p * b, b <= q * a)
    return c <= q * p * a


@lemma()
def square(a: real) -> prop:
    return a**2 >= 0
