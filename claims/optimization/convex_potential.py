r"""A potential that gives the exact worst case of gradient descent on smooth convex functions, for every number of steps.

Drori and Teboulle (2014) found the multipliers of the inequalities between N + 1 iterates that prove the bound 1/(4N + 2): with
M = 2N + 1 and lambda_k = k / (M - k), the inequality of x_k and x_{k+1} is taken lambda_{k+1} times, and that of x_k and the
minimizer lambda_{k+1} - lambda_k times.  What is left is a quadratic form of the gradients, a sum of w_j |g_i - g_j|^2 with w_j >= 0
(all gradients are equal in the worst case), and a square.  Written as a potential, this is an induction.  With L = 1, the point
z_k = x_0 - M sum_{j<k} (lambda_{j+1} - lambda_j) g_j and the number q_k = sum_{j<k} w_j |g_j|^2,

    2 M lambda_k (f(x_k) - f_* + |g_k|^2 / 2) + |z_k - x_*|^2 + M (1 - lambda_k) q_k

does not grow, as long as |x_k - z_k|^2 <= W_k q_k, W_k = k lambda_k, which is the inequality of Cauchy and Schwarz and goes on to hold.

Here a and b are the gaps at an iterate and the next one, g and h the gradients, d and e what x and z differ from the minimizer
by; s and t stand for 1/(M - k) and 1/(M - k - 1).
"""

from __future__ import annotations

from claims.optimization.smooth_functions import (
    below_parabolas,
    convex,
    convex_interpolation,
    f,
    gradient,
    inverse,
    minimal,
    minimizer,
    orthogonal_to_all,
    positive,
    positive_factor,
    product,
    square_of_a_vector,
    stationary,
)
from verify import arbitrary, assume, assumption, define, dot, hypothesis, induction, lemma, nat, prop, real, sq, vec


@define
def potential(M: real, k: real, s: real, a: real, g: vec, e: vec, q: real) -> real:
    return 2 * M * (k * s) * (a + sq(g) / 2) + sq(e) + M * (1 - k * s) * q


@lemma(
    using=[
        square_of_a_vector.at(v="w * g - p"),
        positive_factor.at(x="w", y="w * sq(g) - 2 * dot(g, p) + q"),
        orthogonal_to_all.at(g="p", v="g"),
    ],
    cases=["w > 0"],
)
def against_any_gradient(w: real, q: real, p: vec, g: vec) -> prop:
    assume(w >= 0, q >= 0, sq(p) <= w * q)
    return w * sq(g) - 2 * dot(g, p) + q >= 0


@lemma(
    using=[
        against_any_gradient.at(w="w", q="q", p="p", g="g"),
        product.at(x="v", y="w * sq(g) - 2 * dot(g, p) + q"),
        product.at(x="v", y="sq(g)"),
        square_of_a_vector.at(v="g"),
    ]
)
def one_more_gradient(w: real, q: real, p: vec, g: vec, v: real) -> prop:
    assume(w >= 0, q >= 0, v >= 0, sq(p) <= w * q)
    return sq(p + v * g) <= (w + v) * (q + v * sq(g)) and q + v * sq(g) >= 0


@lemma(
    using=[
        product.at(x="M", y="t"),
        product.at(x="k", y="M * t"),
        product.at(x="M", y="M"),
        product.at(x="s", y="t"),
        product.at(x="M**2", y="s * t"),
        product.at(x="2 * M * (k + 1) * t", y="a - b - sq(g) / 2 - sq(h) / 2"),
        product.at(x="2 * M**2 * s * t", y="dot(g, d) - a - sq(g) / 2"),
        product.at(x="M**2 * s * t", y="k**2 * s * sq(g) - 2 * dot(g, d - e) + q"),
    ]
)
def step_of_the_potential(
    M: real, k: real, s: real, t: real, a: real, b: real, d: vec, e: vec, g: vec, h: vec, q: real
) -> prop:
    assume(
        M >= 0,
        k >= 0,
        s >= 0,
        t >= 0,
        s * (M - k) == 1,
        t * (M - k - 1) == 1,
        a - b >= sq(g) / 2 + sq(h) / 2,
        dot(g, d) - a >= sq(g) / 2,
        k**2 * s * sq(g) - 2 * dot(g, d - e) + q >= 0,
    )
    return potential(M, k + 1, t, b, h, e - M**2 * s * t * g, q + (M**2 * s * t - 1) * sq(g)) <= potential(
        M, k, s, a, g, e, q
    )


@lemma(
    using=[
        product.at(x="2 * (2 * k + 1) * s", y="dot(g, d) - a - sq(g) / 2"),
        product.at(x="(2 * k + 1) * s", y="k**2 * s * sq(g) - 2 * dot(g, d - e) + q"),
        square_of_a_vector.at(v="e - (2 * k + 1) * s * g"),
    ]
)
def end_of_the_potential(k: real, s: real, a: real, d: vec, e: vec, g: vec, q: real) -> prop:
    assume(
        k >= 0,
        s >= 0,
        s * (k + 1) == 1,
        dot(g, d) - a >= sq(g) / 2,
        k**2 * s * sq(g) - 2 * dot(g, d - e) + q >= 0,
    )
    return 2 * (2 * k + 1) * a <= potential(2 * k + 1, k, s, a, g, e, q)


# ------------------------------------------------------------------------------------------- runs of gradient descent


@arbitrary
def fraction(j: nat) -> real: ...


@assumption()
def fractions(j: nat) -> prop:
    """fraction(j) is 1 / (j + 1)."""
    return (j + 1) * fraction(j) == 1 and fraction(j) > 0


@lemma(using=[product.at(x="j + 1", y="-fraction(j)")], cases=["fraction(j) > 0"])
def positive_fraction(j: nat) -> prop:
    """For a model of ``fractions``."""
    assume((j + 1) * fraction(j) == 1)
    return fraction(j) > 0


@define
def value(n: nat, eta: real, x: vec) -> real:
    """f at the n-th iterate from x."""
    return f(x) if n == 0 else value(n - 1, eta, x - eta * gradient(x))


@lemma(
    using=[
        positive,
        convex_interpolation.at(x="x - inverse() * gradient(x)", y="x"),
        product.at(
            x="inverse()",
            y="f(x) - f(x - inverse() * gradient(x)) - inverse() / 2 * sq(gradient(x)) "
            "- inverse() / 2 * sq(gradient(x - inverse() * gradient(x)))",
        ),
    ],
    assuming=[positive, below_parabolas, convex],
)
def neighbours(x: vec) -> prop:
    r = inverse()
    return r * (f(x) - f(x - r * gradient(x))) >= sq(r * gradient(x)) / 2 + sq(r * gradient(x - r * gradient(x))) / 2


@lemma(
    using=[
        positive,
        convex_interpolation.at(x="x", y="minimizer()"),
        stationary.at(v="gradient(x)"),
        stationary.at(v="gradient(minimizer())"),
        product.at(
            x="inverse()",
            y="f(minimizer()) - f(x) - dot(gradient(x), minimizer() - x) - inverse() / 2 * sq(gradient(x))",
        ),
    ],
    assuming=[positive, below_parabolas, convex, minimal],
)
def iterate_and_minimizer(x: vec) -> prop:
    g = inverse() * gradient(x)
    return dot(g, x - minimizer()) - inverse() * (f(x) - f(minimizer())) >= sq(g) / 2


@lemma(
    using=[
        product.at(x="k", y="s"),
        product.at(x="k + 1", y="t"),
        product.at(x="k * s", y="(k + 1) * t"),
    ],
)
def next_weights(M: real, k: real, s: real, t: real) -> prop:
    assume(k >= 0, s >= 0, t >= 0, s * (M - k) == 1, t * (M - k - 1) == 1)
    return M**2 * s * t - 1 >= 0 and k**2 * s + (M**2 * s * t - 1) == (k + 1) ** 2 * t


M, S, T = "(2 * (n + 1 + k) + 1)", "fraction(2 * n + k + 2)", "fraction(2 * n + k + 1)"
V = f"({M}**2 * {S} * {T} - 1)"
G, X = "inverse() * gradient(x)", "x - inverse() * gradient(x)"
H, NEXT = f"inverse() * gradient({X})", f"z - {M}**2 * {S} * {T} * ({G})"


@lemma(
    by=induction("n"),
    using=[
        positive,
        fractions.at(j="k"),
        fractions.at(j="2 * n + k + 2"),
        fractions.at(j="2 * n + k + 1"),
        neighbours.at(x="x"),
        iterate_and_minimizer.at(x="x"),
        next_weights.at(M=M, k="k", s=S, t=T),
        product.at(x="k**2", y=S),
        product.at(x="k**2", y="fraction(k)"),
        against_any_gradient.at(w="k**2 * fraction(k)", q="q", p="x - z", g=G),
        end_of_the_potential.at(
            k="k",
            s="fraction(k)",
            a="inverse() * (f(x) - f(minimizer()))",
            d="x - minimizer()",
            e="z - minimizer()",
            g=G,
            q="q",
        ),
        against_any_gradient.at(w=f"k**2 * {S}", q="q", p="x - z", g=G),
        one_more_gradient.at(w=f"k**2 * {S}", q="q", p="x - z", g=G, v=V),
        step_of_the_potential.at(
            M=M,
            k="k",
            s=S,
            t=T,
            a="inverse() * (f(x) - f(minimizer()))",
            b=f"inverse() * (f({X}) - f(minimizer()))",
            d="x - minimizer()",
            e="z - minimizer()",
            g=G,
            h=H,
            q="q",
        ),
        hypothesis(k="k + 1", x=X, z=NEXT, q=f"q + {V} * sq({G})"),
    ],
    assuming=[positive, below_parabolas, convex, minimal, fractions],
)
def potential_of_a_run(n: nat, k: nat, x: vec, z: vec, q: real) -> prop:
    M = 2 * (n + k) + 1
    s = fraction(2 * n + k)
    r = inverse()
    assume(q >= 0, sq(x - z) <= k**2 * s * q)
    return 2 * M * r * (value(n, r, x) - f(minimizer())) <= potential(
        M, k, s, r * (f(x) - f(minimizer())), r * gradient(x), z - minimizer(), q
    )


@lemma(
    using=[positive, potential_of_a_run.at(n="n", k="0", x="x", z="x", q="0")],
    assuming=[positive, below_parabolas, convex, minimal, fractions],
)
def exact_rate(n: nat, x: vec) -> prop:
    return (4 * n + 2) * inverse() * (value(n, inverse(), x) - f(minimizer())) <= sq(x - minimizer())
