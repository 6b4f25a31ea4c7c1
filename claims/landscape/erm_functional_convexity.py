r"""The mean squared error is convex as a function of the network, and not as a function of its weights.

Along the segment from f to g, with d_i = f(x_i) - g(x_i), the squared error at x_i is a quadratic function of t with the
second derivative 2 d_i^2, so that it lies below the chord by exactly t(1 - t) d_i^2.  A product of two weights has a saddle.
"""

from __future__ import annotations

from claims.landscape.erm_normalisation import product, weights_are_positive
from verify import Claim, arbitrary, assume, cite, define, induction, lemma, nat, prop, real, vec

claim = Claim(
    "erm-functional-convexity",
    title="The empirical risk is convex in the function, not in the weights",
    statement=r"For all functions $f$, $g$, data $(x_i, y_i)$, $i < m$, and $0 \le t \le 1$, $F(f) = \frac1m \sum_i (f(x_i) - "
    r"y_i)^2$ satisfies $F((1 - t) f + t g) = (1 - t) F(f) + t F(g) - t (1 - t) \frac1m \sum_i (f(x_i) - g(x_i))^2$: it is convex, "
    r"strictly so between functions that differ at the data, and constant between functions that agree there. If $\sum_i x_i "
    r"y_i > 0$, $x_i$ real, then $(a, b) \mapsto F(x \mapsto a b x)$ is not convex.",
    source=cite(
        "grohs2017",
        "before the question about local minima",
        quote="Of course neural network ERM is highly non-convex! Non-convexity stems from the parameterization Π(θ) := f_θ. "
        "The function F(f) := (1/m) sum_{i=1}^m (f(x_i) − y_i)² is convex.",
    ),
    remarks="The proof for the weights compares (c, c) and (-c, -c), which are the same function, with their midpoint, the zero "
    "function. In the same way other networks have weights that are exchanged by a symmetry.",
    symbols={
        r"\mathrm{between}(t, z)": "the value of (1 - t) f + t g at z",
        r"\mathrm{risk}(m, t)": "the sum of the first m squared errors of this function",
        r"\mathrm{difference}(m)": "the sum of the first m squares of f - g",
        r"\mathrm{linear\_risk}(m, a, b)": "the sum of the first m squared errors of the network abx with one linear unit",
        r"\mathrm{xx}, \; \mathrm{xy}": "sums of products of the inputs and labels",
    },
)
modulus = claim.parameter("modulus", "1", "how far below the chord the risk is")


@arbitrary
def f(z: vec) -> real: ...


@arbitrary
def g(z: vec) -> real: ...


@arbitrary
def x(i: nat) -> vec: ...


@arbitrary
def y(i: nat) -> real: ...


@define
def between(t: real, z: vec) -> real:
    return (1 - t) * f(z) + t * g(z)


@define
def risk(m: nat, t: real) -> real:
    return 0 if m == 0 else risk(m - 1, t) + (between(t, x(m - 1)) - y(m - 1)) ** 2


@define
def difference(m: nat) -> real:
    return 0 if m == 0 else difference(m - 1) + (f(x(m - 1)) - g(x(m - 1))) ** 2


@define
def agree(m: nat) -> prop:
    return True if m == 0 else agree(m - 1) and f(x(m - 1)) == g(x(m - 1))


# ------------------------------------------------------------------------------------------- functions


@lemma(by=induction("m"))
def below_the_chord(m: nat, t: real) -> prop:
    """For every real t, also outside of the segment."""
    return risk(m, t) == (1 - t) * risk(m, 0) + t * risk(m, 1) - modulus * t * (1 - t) * difference(m)


@lemma(by=induction("m"), have=["(f(x(m)) - g(x(m)))**2 >= 0"])
def squares_are_not_negative(m: nat) -> prop:
    return difference(m) >= 0


@lemma()
def positive_product(a: real, b: real) -> prop:
    assume(a > 0, b > 0)
    return a * b > 0


@claim.proof(
    using=[
        below_the_chord.at(m="m", t="t"),
        squares_are_not_negative.at(m="m"),
        weights_are_positive.at(m="m", w="w"),
        product.at(a="t", b="1 - t"),
        product.at(a="w * (t * (1 - t))", b="difference(m)"),
        product.at(a="w", b="t * (1 - t)"),
    ]
)
def convex(m: nat, t: real, w: real) -> prop:
    """w is 1/m; F is w times the risk."""
    assume(0 <= t <= 1, m * w == 1)
    chord = (1 - t) * (w * risk(m, 0)) + t * (w * risk(m, 1))
    return w * risk(m, t) == chord - modulus * t * (1 - t) * (w * difference(m)) and w * risk(m, t) <= chord


@claim.proof(
    using=[
        below_the_chord.at(m="m", t="t"),
        positive_product.at(a="t", b="1 - t"),
        positive_product.at(a="t * (1 - t)", b="difference(m)"),
    ]
)
def strictly_convex_on_the_data(m: nat, t: real) -> prop:
    assume(0 < t < 1, difference(m) > 0)
    return risk(m, t) < (1 - t) * risk(m, 0) + t * risk(m, 1)


@claim.proof(by=induction("m"))
def constant_where_the_data_agree(m: nat, t: real) -> prop:
    """However much f and g differ elsewhere."""
    assume(agree(m))
    return risk(m, t) == risk(m, 0)


# ------------------------------------------------------------------------------------------- weights


@arbitrary
def input(i: nat) -> real: ...


@define
def linear_risk(m: nat, a: real, b: real) -> real:
    return 0 if m == 0 else linear_risk(m - 1, a, b) + (a * b * input(m - 1) - y(m - 1)) ** 2


@define
def xx(m: nat) -> real:
    return 0 if m == 0 else xx(m - 1) + input(m - 1) ** 2


@define
def xy(m: nat) -> real:
    return 0 if m == 0 else xy(m - 1) + input(m - 1) * y(m - 1)


@lemma(by=induction("m"))
def a_quadratic_function_of_the_product(m: nat, a: real, b: real) -> prop:
    return linear_risk(m, a, b) == linear_risk(m, 0, 0) - 2 * a * b * xy(m) + (a * b) ** 2 * xx(m)


@lemma(by=induction("m"), have=["input(m)**2 >= 0"])
def squares_of_inputs(m: nat) -> prop:
    return xx(m) >= 0


@claim.proof(
    using=[
        a_quadratic_function_of_the_product.at(m="m", a="c", b="c"),
        a_quadratic_function_of_the_product.at(m="m", a="-c", b="-c"),
        squares_of_inputs.at(m="m"),
        product.at(a="c", b="1 - c"),
        product.at(a="c * (1 - c)", b="xx(m)"),
        positive_product.at(a="c * c", b="2 * xy(m) - c**2 * xx(m)"),
        positive_product.at(a="c", b="c"),
    ]
)
def not_convex_in_the_weights(m: nat, c: real) -> prop:
    """Every small c > 0 will do."""
    assume(xy(m) > 0, 0 < c <= 1, c * xx(m) < 2 * xy(m))
    return linear_risk(m, 0, 0) > (linear_risk(m, c, c) + linear_risk(m, -c, -c)) / 2


claim.sampling(
    not_convex_in_the_weights,
    samples=1 << 10,
    naturals={"m": (1, 2, 8)},
    reals={"c": (0, 1)},
    tables={"input": (8, (-1, 1)), "y": (8, (-2, 2))},
)

# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(modulus, refuted="101/100", proved="1")


@claim.mutant(replaces=strictly_convex_on_the_data)
def strictly_convex_on_functions(m: nat, t: real, z: vec) -> prop:
    """Strictly convex between any two functions that differ somewhere"""
    assume(0 < t < 1, m >= 1, f(z) != g(z))
    return risk(m, t) < (1 - t) * risk(m, 0) + t * risk(m, 1)


@claim.mutant(replaces=risk)
def cubes(m: nat, t: real) -> real:
    """Third powers of the errors"""
    return 0 if m == 0 else risk(m - 1, t) + (between(t, x(m - 1)) - y(m - 1)) ** 3


@claim.mutant(replaces=linear_risk)
def one_weight(m: nat, a: real, b: real) -> real:
    """A network with one weight, a, in the place of the product"""
    return 0 if m == 0 else linear_risk(m - 1, a, b) + (a * input(m - 1) - y(m - 1)) ** 2
