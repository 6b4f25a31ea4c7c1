r"""“For sufficiently over-specified networks, global optima are ubiquitous and computationally easy to find”: what holds.

If the features of the last hidden layer span the space of the labels, a zero gradient in the output weights alone makes
the error zero, whatever the layers before are; polynomial units are the exception, whose features never span enough.
"""

from __future__ import annotations

from verify import Claim, arbitrary, assume, cite, define, dot, induction, lemma, nat, prop, real, sq, vec

claim = Claim(
    "overparam-folklore",
    title="Wide networks: where the features of the data span, every stationary point fits",
    statement=r"Let $\varphi_0, \dots, \varphi_{h-1}$ be the vectors of outputs of the h units of the last hidden layer at n samples, and "
    r"$c_k$ the output weights. If the gradient of the squared error by c is zero, and the residual $\sum_k c_k \varphi_k - y$ is in the "
    r"span of the $\varphi_k$, as it is for every y if they span $R^n$, which needs $h \ge n$, the residual is zero. Width alone is not "
    r"enough: for units $t \mapsto t^2$ on the line, of any number, the sum of the squared errors at four equally spaced points is at least "
    r"$\frac{1}{20}$ times the square of the third difference of the labels, where $\frac{1}{20}$ cannot be improved. Three such units fit any "
    r"labels at 0, 1 and 2.",
    source=cite(
        "rajnotes",
        "1.2, Generalization, on Livni, Shalev-Shwartz and Shamir (2014)",
        quote="for sufficiently over-specified networks, global optima are ubiquitous and in general computationally easy to find",
    ),
    repairs="overparam-folklore-literal",
    remarks="For an analytic activation that is no polynomial, and distinct samples, the features of h = n random units span with "
    "probability one, as recalled; this is not proved here. Nor is it proved that training keeps them so. See overparam-students for "
    "the experiment.",
    symbols={
        r"\varphi(k)": "the outputs of the unit k at all samples: a vector, for a hidden layer with any weights, after any layers",
        r"\mathrm{output}(h), \; \mathrm{pushed}(h, k, t)": "the outputs of the network; the same after $c_k$ has moved by t",
        r"\mathrm{stationary}(h, m, y)": "the derivatives by the first m output weights are zero",
        r"\mathrm{span}(h)": "any combination of the features",
    },
)

share = claim.parameter("share", "1/20", "the share of the squared third difference of the labels that is lost")


@arbitrary
def phi(k: nat) -> vec: ...


@arbitrary
def c(k: nat) -> real: ...


@arbitrary
def b(k: nat) -> real: ...


@define
def output(h: nat) -> vec:
    return 0 * phi(0) if h == 0 else output(h - 1) + c(h - 1) * phi(h - 1)


@define
def pushed(h: nat, k: nat, t: real) -> vec:
    if h == 0:
        return 0 * phi(0)
    if h - 1 == k:
        return pushed(h - 1, k, t) + (c(h - 1) + t) * phi(h - 1)
    return pushed(h - 1, k, t) + c(h - 1) * phi(h - 1)


@define
def span(h: nat) -> vec:
    return 0 * phi(0) if h == 0 else span(h - 1) + b(h - 1) * phi(h - 1)


@define
def slope(h: nat, k: nat, y: vec) -> real:
    return dot(phi(k), output(h) - y)


@define
def stationary(h: nat, m: nat, y: vec) -> prop:
    return True if m == 0 else stationary(h, m - 1, y) and slope(h, m - 1, y) == 0


@lemma(by=induction("h"))
def not_reached(h: nat, k: nat, t: real, v: vec) -> prop:
    assume(h <= k)
    return dot(pushed(h, k, t), v) == dot(output(h), v)


@lemma(by=induction("h"), using=[not_reached.at(h="h", k="k", t="t", v="v")], cases=["h == k"])
def one_weight(h: nat, k: nat, t: real, v: vec) -> prop:
    assume(k < h)
    return dot(pushed(h, k, t), v) == dot(output(h), v) + t * dot(phi(k), v)


@claim.proof(
    using=[
        one_weight.at(h="h", k="k", t="t", v="pushed(h, k, t)"),
        one_weight.at(h="h", k="k", t="t", v="output(h)"),
        one_weight.at(h="h", k="k", t="t", v="phi(k)"),
        one_weight.at(h="h", k="k", t="t", v="y"),
    ]
)
def derivatives(h: nat, k: nat, t: real, y: vec) -> prop:
    """The slope is the derivative of half the squared error by the output weight k."""
    assume(k < h)
    return sq(pushed(h, k, t) - y) / 2 == sq(output(h) - y) / 2 + t * slope(h, k, y) + t**2 / 2 * sq(phi(k))


@lemma(by=induction("m"))
def orthogonal(h: nat, m: nat, y: vec) -> prop:
    assume(stationary(h, m, y))
    return dot(span(m), output(h) - y) == 0


@claim.proof(using=[orthogonal.at(h="h", m="h", y="y")])
def a_stationary_point_fits(h: nat, y: vec) -> prop:
    assume(stationary(h, h, y), output(h) - y == span(h))
    return sq(output(h) - y) == 0


# ------------------------------------------------------------------------------------------- units that square


@arbitrary
def p(k: nat) -> real: ...


@arbitrary
def q(k: nat) -> real: ...


@define
def squares(h: nat, x: real) -> real:
    return 0 if h == 0 else squares(h - 1, x) + c(h - 1) * (p(h - 1) * x + q(h - 1)) ** 2


@define
def third_difference(i: real, j: real, k: real, l: real) -> real:  # noqa: E741
    return i - 3 * j + 3 * k - l


@lemma(by=induction("h"))
def no_third_difference(h: nat, x: real, s: real) -> prop:
    return third_difference(squares(h, x), squares(h, x + s), squares(h, x + 2 * s), squares(h, x + 3 * s)) == 0


@lemma(
    have=[
        "(3 * i + j)**2 >= 0",
        "(3 * i - k)**2 >= 0",
        "(i + l)**2 >= 0",
        "(j + k)**2 >= 0",
        "(j - 3 * l)**2 >= 0",
        "(k + 3 * l)**2 >= 0",
    ]
)
def cauchy_schwarz(i: real, j: real, k: real, l: real) -> prop:  # noqa: E741
    return third_difference(i, j, k, l) ** 2 <= 20 * (i**2 + j**2 + k**2 + l**2)


@claim.proof(
    using=[
        no_third_difference.at(h="h", x="x", s="s"),
        cauchy_schwarz.at(
            i="u - squares(h, x)",
            j="v - squares(h, x + s)",
            k="w - squares(h, x + 2 * s)",
            l="z - squares(h, x + 3 * s)",
        ),
    ],
    have=[
        "third_difference(u - squares(h, x), v - squares(h, x + s), w - squares(h, x + 2 * s), z - squares(h, x + 3 * s))"
        " == third_difference(u, v, w, z)"
    ],
)
def squares_do_not_fit(h: nat, x: real, s: real, u: real, v: real, w: real, z: real) -> prop:
    """However many there are; u, v, w, z are the labels."""
    first = (u - squares(h, x)) ** 2 + (v - squares(h, x + s)) ** 2
    second = (w - squares(h, x + 2 * s)) ** 2 + (z - squares(h, x + 3 * s)) ** 2
    return first + second >= share * third_difference(u, v, w, z) ** 2


@claim.proof()
def three_squares_fit(u: real, v: real, w: real) -> prop:
    """At 0, 1 and 2: a combination of x^2, (x + 1)^2 and 1."""
    assume(p(0) == 1, q(0) == 0, p(1) == 1, q(1) == 1, p(2) == 0, q(2) == 1)
    assume(c(1) == (4 * v - 3 * u - w) / 4, c(0) == (u - 2 * v + w) / 2 - c(1), c(2) == u - c(1))
    return squares(3, 0) == u and squares(3, 1) == v and squares(3, 2) == w


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(share, refuted="1/19", proved="1/20")


@claim.mutant(replaces=a_stationary_point_fits)
def without_a_span(h: nat, y: vec) -> prop:
    """Every stationary point fits"""
    assume(stationary(h, h, y))
    return sq(output(h) - y) == 0


@claim.mutant(replaces=stationary)
def all_but_the_first(h: nat, m: nat, y: vec) -> prop:
    """The derivative by the first output weight may be anything"""
    if m == 0:
        return True
    return m - 1 == 0 or (all_but_the_first(h, m - 1, y) and slope(h, m - 1, y) == 0)
