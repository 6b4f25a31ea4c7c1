r"""Empirical risk minimization and stochastic gradient descent go together when the sum over m samples is divided by m.

The index of a step of stochastic gradient descent is drawn uniformly from the m samples, so that its mean step is a gradient
step for the mean of the m squared errors.  Dividing by another number n moves no minimizer, and scales the gradient by m/n.
"""

from __future__ import annotations

from verify import Claim, arbitrary, assume, cite, define, dot, iff, induction, lemma, nat, prop, real, sq, vec

claim = Claim(
    "erm-normalisation",
    title="The mean step of stochastic gradient descent is a step down the empirical risk",
    statement=r"Let $f_\theta$ be any network with gradient $\nabla f_\theta$ in $\theta$, and $R(\theta) = \frac1m \sum_{i<m} "
    r"(f_\theta(x_i) - y_i)^2$, $m \ge 1$. If $i$ is uniform, the mean of $\theta - \nu \nabla (f_\theta(x_i) - y_i)^2$ is "
    r"$\theta - \nu \nabla R(\theta)$. With $\frac1n$ in the place of $\frac1m$ the minimizers are the same, and the gradient is "
    r"the same if and only if $n = m$ or it is zero.",
    source=cite(
        "grohs2017",
        "slides on stochastic gradient descent",
        quote="the indices i_n are chosen uniformly and independently",
    ),
    repairs="erm-normalisation-literal",
    remarks="That a network has a gradient means that it is linear up to a small error; how far the sum of the squared errors "
    "is then from linear is proved (the_risk_has_this_gradient), so that nothing depends on a calculus of derivatives.",
    symbols={
        r"\mathrm{network}(\theta, z), \; \mathrm{gradient}(\theta, z)": "the network and its gradient in the parameters",
        r"\mathrm{risk}(m, \theta), \; \mathrm{slope}(m, \theta)": "the sum of m squared errors and of their gradients",
        r"\mathrm{mean\_step}(m, w, \theta, \nu)": "the mean of a step of length nu, each index having the probability w",
        r"\mathrm{close}(m, \theta, h, e, d, c)": "at the first m samples the error is at most e, and from theta to theta + h "
        "the network changes by at most c and is linear up to d",
    },
)
factor = claim.parameter("factor", "2", "of the gradient of a squared error")


@arbitrary
def network(theta: vec, z: vec) -> real: ...


@arbitrary
def gradient(theta: vec, z: vec) -> vec: ...


@arbitrary
def x(i: nat) -> vec: ...


@arbitrary
def y(i: nat) -> real: ...


@define
def error(i: nat, theta: vec) -> real:
    return network(theta, x(i)) - y(i)


@define
def risk(m: nat, theta: vec) -> real:
    return 0 if m == 0 else risk(m - 1, theta) + error(m - 1, theta) ** 2


@define
def sample_slope(i: nat, theta: vec) -> vec:
    return factor * error(i, theta) * gradient(theta, x(i))


@define
def slope(m: nat, theta: vec) -> vec:
    return 0 * theta if m == 0 else slope(m - 1, theta) + sample_slope(m - 1, theta)


@define
def mean_step(m: nat, w: real, theta: vec, nu: real) -> vec:
    return 0 * theta if m == 0 else mean_step(m - 1, w, theta, nu) + w * (theta - nu * sample_slope(m - 1, theta))


@define
def close(m: nat, theta: vec, h: vec, e: real, d: real, c: real) -> prop:
    if m == 0:
        return True
    change = network(theta + h, x(m - 1)) - network(theta, x(m - 1))
    return (
        close(m - 1, theta, h, e, d, c)
        and -e <= error(m - 1, theta) <= e
        and -c <= change <= c
        and -d <= change - dot(gradient(theta, x(m - 1)), h) <= d
    )


A, S = "(network(theta, x(m)) - y(m))", "(network(theta + h, x(m)) - network(theta, x(m)))"


# ------------------------------------------------------------------------------------------- the gradient


@lemma()
def product(a: real, b: real) -> prop:
    assume(a >= 0, b >= 0)
    return a * b >= 0


@lemma(using=[product.at(a="e - a", b="d + b"), product.at(a="e + a", b="d - b")])
def product_is_bounded(a: real, b: real, e: real, d: real) -> prop:
    assume(-e <= a <= e, -d <= b <= d)
    return a * b <= e * d


@claim.proof(
    using=[
        product_is_bounded.at(a="a", b="s - p", e="e", d="d"),
        product_is_bounded.at(a="-a", b="s - p", e="e", d="d"),
        product_is_bounded.at(a="s", b="s", e="c", d="c"),
    ],
    have=["s**2 >= 0"],
)
def one_squared_error(a: real, s: real, p: real, e: real, d: real, c: real) -> prop:
    """An error a that changes by s, which is p up to d: the derivative of a^2 is 2a."""
    assume(-e <= a <= e, -c <= s <= c, -d <= s - p <= d)
    return -2 * e * d <= (a + s) ** 2 - a**2 - factor * a * p <= 2 * e * d + c**2


@claim.proof(
    by=induction("m"),
    using=[one_squared_error.at(a=A, s=S, p="dot(gradient(theta, x(m)), h)", e="e", d="d", c="c")],
)
def the_risk_has_this_gradient(m: nat, theta: vec, h: vec, e: real, d: real, c: real) -> prop:
    """d is small against |h| if the network is differentiable, c is at most a multiple of |h|."""
    assume(close(m, theta, h, e, d, c))
    rest = risk(m, theta + h) - risk(m, theta) - dot(slope(m, theta), h)
    return -m * (2 * e * d) <= rest <= m * (2 * e * d + c**2)


# ------------------------------------------------------------------------------------------- the mean step


@claim.proof(by=induction("m"))
def the_mean_step_is_a_gradient_step(m: nat, w: real, theta: vec, nu: real, v: vec) -> prop:
    """As vectors are equal whose inner products with every v are; m w is 1 if w is 1/m."""
    return dot(mean_step(m, w, theta, nu), v) == dot(m * w * theta - nu * (w * slope(m, theta)), v)


# ------------------------------------------------------------------------------------------- another number


@lemma(cases=["w > 0"], using=[product.at(a="m", b="-w")])
def weights_are_positive(m: nat, w: real) -> prop:
    assume(m * w == 1)
    return w > 0 and m > 0


@lemma(cases=["a <= b"])
def positive_multiples(w: real, a: real, b: real) -> prop:
    assume(w > 0)
    return iff(w * a <= w * b, a <= b)


@claim.proof(
    using=[
        weights_are_positive.at(m="m", w="w"),
        weights_are_positive.at(m="n", w="u"),
        positive_multiples.at(w="w", a="a", b="b"),
        positive_multiples.at(w="u", a="a", b="b"),
    ]
)
def same_minimizers(m: nat, n: nat, w: real, u: real, a: real, b: real) -> prop:
    """w is 1/m, u is 1/n; a and b are the sums of the squared errors of two networks, of which the same one is better."""
    assume(m * w == 1, n * u == 1)
    return iff(w * a <= w * b, u * a <= u * b)


@lemma(cases=["n > m", "n < m"], have=["m * n * (w - u) == n - m"])
def inverses(m: nat, n: nat, w: real, u: real) -> prop:
    assume(m * w == 1, n * u == 1)
    return iff(w == u, n == m)


@lemma(cases=["d > 0", "d < 0"], using=[positive_multiples.at(w="d * d", a="s", b="0")])
def zero_product(d: real, s: real) -> prop:
    assume(s >= 0)
    return iff(d**2 * s == 0, d == 0 or s == 0)


@lemma()
def square(v: vec) -> prop:
    return sq(v) >= 0


@claim.proof(using=[inverses.at(m="m", n="n", w="w", u="u"), zero_product.at(d="w - u", s="sq(g)"), square.at(v="g")])
def same_gradient(m: nat, n: nat, w: real, u: real, g: vec) -> prop:
    """w is 1/m, u is 1/n; g is the gradient of the sum."""
    assume(m * w == 1, n * u == 1)
    return iff(sq(w * g - u * g) == 0, n == m or sq(g) == 0)


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(factor, refuted="21/10", proved="2")


@claim.mutant(replaces=the_mean_step_is_a_gradient_step)
def divided_by_one_more(m: nat, w: real, theta: vec, nu: real, v: vec) -> prop:
    """The probabilities are 1/(m + 1)"""
    assume(m >= 1, (m + 1) * w == 1)
    return dot(mean_step(m, w, theta, nu), v) == dot(theta - nu * (w * slope(m, theta)), v)


@claim.mutant(replaces=same_gradient)
def never_the_same(m: nat, n: nat, w: real, u: real, g: vec) -> prop:
    """Also where the gradient is zero"""
    assume(m * w == 1, n * u == 1)
    return iff(sq(w * g - u * g) == 0, n == m)
