r"""Functions between their parabolas: what smoothness and convexity say about two points, for any f and any gradient.

Shared by the claims about gradient methods.  f is any real function on any inner product space, ``gradient`` any map of
the space to itself, and a hypothesis of the claims is that f lies below (``below_parabolas``), above (``above_parabolas``),
above the planes (``convex``), or above other parabolas (``strongly_convex``) that these gradients give.  For a
differentiable f, the first two together say that the gradient is L-Lipschitz.  As the language divides by numbers only,
``inverse()`` stands for 1/L.

The proofs put one well-chosen point z between the two bounds, as in Nesterov (2018, Theorem 2.1.5); the point of
``interpolation`` is that of Taylor, Hendrickx and Glineur (2017, Theorem 4), whose inequalities leave nothing out.
"""

from __future__ import annotations

from verify import arbitrary, assume, assumption, dot, lemma, prop, real, sq, vec


@arbitrary
def f(x: vec) -> real: ...


@arbitrary
def gradient(x: vec) -> vec: ...


@arbitrary
def L() -> real: ...


@arbitrary
def inverse() -> real: ...


@arbitrary
def mu() -> real: ...


@arbitrary
def infimum() -> real: ...


@arbitrary
def minimizer() -> vec: ...


PARABOLA = {f: "sq(x) / 2", gradient: "x", L: "1", inverse: "1", infimum: "0"}
AROUND_ITS_MINIMIZER = {**PARABOLA, f: "sq(x - minimizer()) / 2", gradient: "x - minimizer()"}  # using=[least_there]
FLATTER = {L: "2", inverse: "1 / 2", mu: "1"}  # with L twice the curvature of the parabolas

# ------------------------------------------------------------------------------------------- hypotheses on f


@assumption()
def positive() -> prop:
    """1/L is called inverse()."""
    return L() > 0 and inverse() > 0 and L() * inverse() == 1


@assumption()
def below_parabolas(x: vec, y: vec) -> prop:
    return f(y) <= f(x) + dot(gradient(x), y - x) + L() / 2 * sq(y - x)


@assumption()
def above_parabolas(x: vec, y: vec) -> prop:
    return f(y) >= f(x) + dot(gradient(x), y - x) - L() / 2 * sq(y - x)


@assumption()
def convex(x: vec, y: vec) -> prop:
    return f(y) >= f(x) + dot(gradient(x), y - x)


@assumption()
def strongly_convex(x: vec, y: vec) -> prop:
    return f(y) >= f(x) + dot(gradient(x), y - x) + mu() / 2 * sq(y - x)


@assumption()
def bounded_below(x: vec) -> prop:
    return f(x) >= infimum()


@assumption()
def minimal(x: vec) -> prop:
    return f(x) >= f(minimizer())


# ------------------------------------------------------------------------------------------- numbers and vectors


@lemma()
def square_of_a_vector(v: vec) -> prop:
    return sq(v) >= 0


@lemma(using=[square_of_a_vector.at(v="x - minimizer()")])
def least_there(x: vec) -> prop:
    return sq(x - minimizer()) >= 0


@lemma(cases=["y >= 0"])
def positive_factor(x: real, y: real) -> prop:
    assume(x > 0, x * y >= 0)
    return y >= 0


@lemma()
def product(x: real, y: real) -> prop:
    assume(x >= 0, y >= 0)
    return x * y >= 0


@lemma()
def positive_product(x: real, y: real) -> prop:
    assume(x > 0, y > 0)
    return x * y > 0


@lemma(using=[product.at(x="eta * a", y="p - m"), product.at(x="eta", y="q - m"), product.at(x="eta", y="a")])
def both_terms_pay(eta: real, a: real, p: real, q: real, m: real) -> prop:
    assume(eta > 0, a >= 0, p >= m, q >= m)
    return eta * (a * p + q) >= eta * (a + 1) * m


@lemma(cases=["d > 0", "d < 0"])
def square_that_is_zero(d: real) -> prop:
    assume(d**2 <= 0)
    return d == 0


@lemma(
    using=[
        square_of_a_vector.at(v="g"),
        square_of_a_vector.at(v="v"),
        square_of_a_vector.at(v="g + v"),
        square_of_a_vector.at(v="g - v"),
        square_of_a_vector.at(v="sq(v) * g - dot(g, v) * v"),
        positive_factor.at(x="sq(v)", y="-dot(g, v)**2"),
        square_that_is_zero.at(d="dot(g, v)"),
    ],
    cases=["sq(v) > 0"],
    have=["sq(g) == 0"],
)
def orthogonal_to_all(g: vec, v: vec) -> prop:
    assume(sq(g) <= 0)
    return dot(g, v) == 0


# ------------------------------------------------------------------------------------------- one point


@lemma(using=[below_parabolas.at(x="x", y="x - eta * gradient(x)")], assuming=[below_parabolas])
def descent(x: vec, eta: real) -> prop:
    """The descent lemma: a gradient step of length eta."""
    return f(x - eta * gradient(x)) <= f(x) - eta * (1 - L() * eta / 2) * sq(gradient(x))


@lemma(
    using=[positive, descent.at(x="x", eta="inverse()"), bounded_below.at(x="x - inverse() * gradient(x)")],
    assuming=[positive, below_parabolas, bounded_below],
)
def gradient_and_infimum(x: vec) -> prop:
    return sq(gradient(x)) * inverse() <= 2 * (f(x) - infimum())


@lemma(
    using=[positive, descent.at(x="x", eta="inverse()"), minimal.at(x="x - inverse() * gradient(x)")],
    assuming=[positive, below_parabolas, minimal],
)
def gradient_and_minimum(x: vec) -> prop:
    return sq(gradient(x)) * inverse() <= 2 * (f(x) - f(minimizer()))


@lemma(
    using=[
        positive,
        gradient_and_minimum.at(x="minimizer()"),
        positive_factor.at(x="inverse()", y="-sq(gradient(minimizer()))"),
        orthogonal_to_all.at(g="gradient(minimizer())", v="v"),
    ],
    assuming=[positive, below_parabolas, minimal],
)
def stationary(v: vec) -> prop:
    """The gradient at a minimizer is zero."""
    return dot(gradient(minimizer()), v) == 0


# ------------------------------------------------------------------------------------------- two points


@lemma(
    using=[
        positive,
        below_parabolas.at(x="x", y="(x + y) / 2 + inverse() / 2 * (gradient(y) - gradient(x))"),
        above_parabolas.at(x="y", y="(x + y) / 2 + inverse() / 2 * (gradient(y) - gradient(x))"),
    ],
    assuming=[positive, below_parabolas, above_parabolas],
)
def interpolation(x: vec, y: vec) -> prop:
    """Two points of a smooth function, convex or not."""
    return f(x) - f(y) >= dot(gradient(x) + gradient(y), x - y) / 2 + inverse() / 4 * sq(
        gradient(x) - gradient(y)
    ) - L() / 4 * sq(x - y)


@lemma(
    using=[
        positive,
        interpolation.at(x="x", y="y"),
        interpolation.at(x="y", y="x"),
        positive_factor.at(x="inverse()", y="L()**2 * sq(x - y) - sq(gradient(x) - gradient(y))"),
    ],
    assuming=[positive, below_parabolas, above_parabolas],
)
def lipschitz_gradient(x: vec, y: vec) -> prop:
    return sq(gradient(x) - gradient(y)) <= L() ** 2 * sq(x - y)


@lemma(
    using=[
        positive,
        below_parabolas.at(x="y", y="y + inverse() * (gradient(x) - gradient(y))"),
        convex.at(x="x", y="y + inverse() * (gradient(x) - gradient(y))"),
    ],
    assuming=[positive, below_parabolas, convex],
)
def convex_interpolation(x: vec, y: vec) -> prop:
    return f(y) >= f(x) + dot(gradient(x), y - x) + inverse() / 2 * sq(gradient(x) - gradient(y))


@lemma(
    using=[
        below_parabolas.at(x="y", y="y + s * (gradient(x) - gradient(y) - mu() * (x - y))"),
        strongly_convex.at(x="x", y="y + s * (gradient(x) - gradient(y) - mu() * (x - y))"),
    ],
    assuming=[below_parabolas, strongly_convex],
)
def strong_interpolation(x: vec, y: vec, s: real) -> prop:
    """s is 1 / (L - mu)."""
    assume((L() - mu()) * s == 1)
    return 2 * (f(y) - f(x) - dot(gradient(x), y - x)) >= s * (
        sq(gradient(x) - gradient(y)) + mu() * L() * sq(x - y) - 2 * mu() * dot(gradient(x) - gradient(y), x - y)
    )
