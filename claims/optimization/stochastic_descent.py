r"""Stochastic RMSProp on the tree of samples: what one coordinate, one step and a whole run pay; see ``rmsprop_stochastic``.

Each edge has a second moment between (1 - b) xi and R^2 = sigma^2 + xi, so that its factor s satisfies R s >= 1 and
(1 - b) xi s^2 <= 1.  A sample whose gradient agrees in sign with that of f therefore pays in proportion to their product,
and the mean of these products is the square of the gradient of f.
"""

from __future__ import annotations

from claims.optimization.orthonormal_vectors import orthonormal
from claims.optimization.preconditioned_steps import (
    coordinate,  # noqa: F401  (the hints mention it)
    descent_of_a_step,
    dimension,
    iterate,
    move,
    products,
    squared_moves,
    squares,
    squares_are_nonnegative,
)
from claims.optimization.roots_and_quotients import root_is_monotone
from claims.optimization.smooth_functions import L, below_parabolas, bounded_below, f, infimum, product
from claims.optimization.stochastic_coordinates import (
    child,
    children,
    cross,
    gradients,
    mean_cross,
    mean_gradient,
    mean_has_the_sign,
    mean_of_the_products,
    same_signs,
    sample,
    sample_squares,
    samples,
    steps,
    value,
    w,
)
from claims.optimization.stochastic_moments import (
    alpha,
    bounded_gradients,
    constants,
    floor,
    floor_is_positive,
    moment,
    moment_of_an_edge,
    root,
    second_moments,
    sigma,
    tree,
)
from verify import arbitrary, assume, assumption, define, hypothesis, induction, lemma, nat, prop, real


@arbitrary
def factor(h: nat, i: nat) -> real: ...


@assumption()
def factors(h: nat, p: nat, i: nat) -> prop:
    """Each coordinate is multiplied by one over the root of its second moment."""
    assume(i + 1 <= dimension(), p + 1 <= samples())
    s = factor(child(h, p), i)
    return s > 0 and s**2 * moment(child(h, p), i) == 1 and move(child(h, p), i) == alpha() * s * sample(h, p, i)


STEP = [below_parabolas, constants, factors, second_moments, bounded_gradients, tree]
STEP += [mean_gradient, same_signs, steps]


# ------------------------------------------------------------------------------------------- one coordinate


@lemma(
    using=[
        product.at(x="s**2", y="R**2 - v"),
        product.at(x="s**2", y="v - n"),
        product.at(x="R", y="s"),
        root_is_monotone.at(a="1", b="R * s"),
        product.at(x="a", y="c * g"),
        product.at(x="a * (c * g)", y="R * s - 1"),
        product.at(x="a**2 * g**2", y="1 - n * s**2"),
    ],
)
def one_coordinate(c: real, g: real, v: real, s: real, n: real, R: real, a: real) -> prop:
    """s is the factor of the coordinate g of a sample, c the coordinate of the gradient, and n is m."""
    assume(n > 0, n <= v, v <= R**2, s > 0, s**2 * v == 1, R > 0, a > 0, c * g >= 0)
    return R * (c * (a * s * g)) >= a * (c * g) and n * (a * s * g) ** 2 <= a**2 * g**2


@lemma(
    by=induction("d"),
    using=[
        constants,
        factors.at(h="h", p="p", i="d"),
        moment_of_an_edge.at(h="h", p="p", i="d"),
        mean_gradient.at(h="h", i="d"),
        mean_has_the_sign.at(k="samples()", h="h", i="d", p="p"),
        one_coordinate.at(
            c="coordinate(h, d)",
            g="sample(h, p, d)",
            v="moment(child(h, p), d)",
            s="factor(child(h, p), d)",
            n="floor()",
            R="root()",
            a="alpha()",
        ),
    ],
    have=["floor() > 0"],
    assuming=[constants, factors, second_moments, bounded_gradients, tree, mean_gradient, same_signs],
)
def all_coordinates(d: nat, h: nat, p: nat) -> prop:
    assume(orthonormal(dimension()), d <= dimension(), p + 1 <= samples())
    return root() * products(d, h, child(h, p)) >= alpha() * cross(d, h, p) and floor() * squared_moves(
        d, child(h, p)
    ) <= alpha() ** 2 * sample_squares(d, h, p)


@define
def noise() -> real:
    return L() * root() * alpha() ** 2 * sigma() ** 2


@lemma(
    using=[
        constants,
        steps.at(h="h", p="p"),
        bounded_gradients.at(h="h", p="p"),
        all_coordinates.at(d="dimension()", h="h", p="p"),
        descent_of_a_step.at(t="h", s="child(h, p)", n="child(h, p)"),
        product.at(x="root()", y="floor()"),
        product.at(x="L()", y="root()"),
        product.at(
            x="root() * floor()",
            y="f(iterate(h)) - products(dimension(), h, child(h, p))"
            " + L() / 2 * squared_moves(dimension(), child(h, p)) - f(iterate(child(h, p)))",
        ),
        product.at(
            x="floor()", y="root() * products(dimension(), h, child(h, p)) - alpha() * cross(dimension(), h, p)"
        ),
        product.at(
            x="L() * root()",
            y="alpha()**2 * sample_squares(dimension(), h, p) - floor() * squared_moves(dimension(), child(h, p))",
        ),
        product.at(x="L() * root() * alpha()**2", y="sigma()**2 - sample_squares(dimension(), h, p)"),
        product.at(x="L() * root()", y="alpha()**2"),
    ],
    assuming=STEP,
)
def one_sample(h: nat, p: nat) -> prop:
    assume(orthonormal(dimension()), p + 1 <= samples())
    return 2 * root() * floor() * (f(iterate(child(h, p))) - f(iterate(h))) <= noise() - 2 * floor() * alpha() * cross(
        dimension(), h, p
    )


# ------------------------------------------------------------------------------------------- expectations


@lemma(
    by=induction("k"),
    using=[
        constants,
        one_sample.at(h="h", p="k"),
        product.at(
            x="w()",
            y="noise() - 2 * floor() * alpha() * cross(dimension(), h, k)"
            " - 2 * root() * floor() * (f(iterate(child(h, k))) - f(iterate(h)))",
        ),
    ],
    assuming=STEP,
)
def some_samples(k: nat, h: nat) -> prop:
    assume(orthonormal(dimension()), k <= samples())
    gain = children(k, h) - w() * k * f(iterate(h))
    return 2 * root() * floor() * gain <= noise() * w() * k - 2 * floor() * alpha() * mean_cross(k, h)


@lemma(
    using=[constants, some_samples.at(k="samples()", h="h"), mean_of_the_products.at(h="h")],
    assuming=STEP,
)
def one_step(h: nat) -> prop:
    assume(orthonormal(dimension()))
    gain = children(samples(), h) - f(iterate(h))
    return 2 * root() * floor() * gain <= noise() - 2 * floor() * alpha() * squares(dimension(), h)


@lemma(
    by=induction("n", "i"),
    using=[
        constants,
        one_step.at(h="child(h, i)"),
        hypothesis("n", i="samples()", h="child(h, i)"),
        product.at(
            x="w()",
            y="2 * root() * floor() * f(iterate(child(h, i))) + (n + 1) * noise()"
            " - 2 * root() * floor() * value(n + 1, samples(), child(h, i))"
            " - 2 * floor() * alpha() * gradients(n + 1, samples(), child(h, i))",
        ),
    ],
    assuming=STEP,
)
def more_steps(n: nat, i: nat, h: nat) -> prop:
    assume(orthonormal(dimension()), i <= samples())
    gain = value(n + 1, i, h) - children(i, h)
    sums = gradients(n + 1, i, h) - squares(dimension(), h)
    return 2 * root() * floor() * gain + 2 * floor() * alpha() * sums <= n * noise() * w() * i


@lemma(
    by=induction("n", "i"),
    using=[
        constants,
        bounded_below.at(x="iterate(child(h, i))"),
        hypothesis("n", i="samples()", h="child(h, i)"),
        product.at(x="w()", y="f(iterate(child(h, i))) - infimum()"),
        product.at(x="w()", y="value(n + 1, samples(), child(h, i)) - infimum()"),
    ],
    assuming=[constants, bounded_below],
)
def not_below_the_infimum(n: nat, i: nat, h: nat) -> prop:
    return value(n + 1, i, h) >= w() * i * infimum()


@lemma(
    by=induction("n", "i"),
    using=[
        constants,
        squares_are_nonnegative.at(d="dimension()", t="h"),
        hypothesis("n", i="samples()", h="child(h, i)"),
        product.at(x="w()", y="gradients(n, samples(), child(h, i))"),
    ],
    assuming=[constants],
)
def not_negative(n: nat, i: nat, h: nat) -> prop:
    return gradients(n, i, h) >= 0


# ------------------------------------------------------------------------------------------- the rate


@lemma(
    using=[
        constants,
        one_step.at(h="h"),
        more_steps.at(n="n", i="samples()", h="h"),
        not_below_the_infimum.at(n="n", i="samples()", h="h"),
        floor_is_positive,
        product.at(x="root()", y="floor()"),
        product.at(x="root() * floor()", y="value(n + 1, samples(), h) - infimum()"),
        product.at(x="root() * floor()", y="delta - (f(iterate(h)) - infimum())"),
    ],
    have=["w() * samples() * infimum() == infimum()", "n * noise() * w() * samples() == n * noise()"],
    assuming=[*STEP, bounded_below],
)
def in_expectation(n: nat, h: nat, delta: real) -> prop:
    assume(orthonormal(dimension()), f(iterate(h)) - infimum() <= delta)
    return 2 * floor() * alpha() * gradients(n + 1, samples(), h) <= 2 * root() * floor() * delta + (n + 1) * noise()
