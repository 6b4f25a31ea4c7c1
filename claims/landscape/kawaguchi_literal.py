r"""“Is every local minimum also a global minimum? The answer is yes for linear activation functions” (Grohs 2017).

Not for every loss: the smallest linear network with a bottleneck has a local minimum of 48 beside points with 3, if errors at
one of the two labels count three times as much as at the other one.
"""

from __future__ import annotations

from claims.optimization.roots_and_quotients import divided
from verify import Claim, assume, cite, define, lemma, prop, real

claim = Claim(
    "kawaguchi-literal",
    title="Linear activations and local minima, as printed",
    statement=r"For networks with linear activation functions, every local minimum of the empirical risk is a global minimum: for "
    r"every loss that is convex in the output of the network.",
    source=cite(
        "grohs2017",
        "Theorem [Kawaguchi (2016)]",
        quote="Is every local minimum of the neural network ERM problem also a global minimum? Theorem [Kawaguchi (2016)]: The "
        "answer is 'yes' for linear activation functions.",
    ),
    expect="refuted",
    remarks="The sentence names no loss. An earlier slide has the squared error, and Kawaguchi's theorem is about it; see "
    "kawaguchi-linear-nets and kawaguchi-scalar-networks. Here the loss is squared error with weights that depend on the label, "
    "as for classes of different importance. All else is as in the theorem: the inputs are the identity, and the labels form a "
    "matrix of full rank whose singular values, 8 and 2, are distinct. The bottleneck matters: by a theorem of Laurent and von Brecht "
    "(2018), as recalled, no convex differentiable loss has bad local minima if no hidden layer is narrower than both ends.",
    symbols={
        r"\mathrm{risk}(u_1, u_2, v_1, v_2)": "the empirical risk of the network $x \\mapsto u \\langle v, x \\rangle$, with two inputs, "
        "one hidden unit and two outputs, for the labels (-3, 5) at the first unit vector, and (5, -3) at the second one",
    },
)
near = claim.parameter(
    "near", "6", "the neighbourhood of the local minimum is $(u_1 + u_2)(v_1 + v_2) \\ge$ this number"
)


@define
def weight(y: real) -> real:
    """1 at the label -3, and 3 at the label 5."""
    return (y + 7) / 4


@define
def error(f: real, y: real) -> real:
    return weight(y) * (f - y) ** 2 / 2


@define
def risk(u1: real, u2: real, v1: real, v2: real) -> real:
    return error(u1 * v1, -3) + error(u2 * v1, 5) + error(u1 * v2, 5) + error(u2 * v2, -3)


# With s = (u1 + u2)(v1 + v2), a = u1 v1 - u2 v2 and b = u1 v2 - u2 v1, the risk is 48 plus a sum of squares over s^2.


@lemma()
def around_the_point(u1: real, u2: real, v1: real, v2: real) -> prop:
    s = (u1 + u2) * (v1 + v2)
    a = u1 * v1 - u2 * v2
    b = u1 * v2 - u2 * v1
    d = (u1 - u2) * (v1 - v2)
    far = s * ((s - 12) ** 2 + d**2) / 4 + 9 * a**2 + (s - 9) * b**2
    close = (b**2 - a**2 + 2 * s * (s - 9)) ** 2 / 4 + s**2 * a**2 + 3 / 4 * s**2 * (s - 6) * (10 - s)
    return s * (risk(u1, u2, v1, v2) - 48) == far and s**2 * (risk(u1, u2, v1, v2) - 48) == close


@lemma(
    have=[
        "b**2 >= 0",
        "(s - 9) * b**2 >= 0",
        "(s - 12)**2 + d**2 >= 0",
        "s * ((s - 12)**2 + d**2) >= 0",
        "9 * a**2 >= 0",
    ]
)
def far(s: real, a: real, b: real, d: real) -> prop:
    assume(s >= 9)
    return s * ((s - 12) ** 2 + d**2) / 4 + 9 * a**2 + (s - 9) * b**2 >= 0


@lemma(
    have=["(s - 6) * (10 - s) >= 0", "s**2 >= 0", "s**2 * ((s - 6) * (10 - s)) >= 0", "(s * a)**2 >= 0", "c**2 >= 0"]
)
def close(s: real, a: real, c: real) -> prop:
    assume(s >= 6, s <= 10)
    return c**2 / 4 + s**2 * a**2 + 3 / 4 * s**2 * (s - 6) * (10 - s) >= 0


@claim.disproof(
    "the point $u = (1, 1)$, $v = (3, 3)$, where $(u_1 + u_2)(v_1 + v_2) = 12$, is a local minimum: it has the risk 48, and no "
    "point with $(u_1 + u_2)(v_1 + v_2) \\ge 6$ has less",
    using=[
        around_the_point.at(u1="u1", u2="u2", v1="v1", v2="v2"),
        far.at(s="(u1 + u2) * (v1 + v2)", a="u1 * v1 - u2 * v2", b="u1 * v2 - u2 * v1", d="(u1 - u2) * (v1 - v2)"),
        close.at(
            s="(u1 + u2) * (v1 + v2)",
            a="u1 * v1 - u2 * v2",
            c="(u1 * v2 - u2 * v1)**2 - (u1 * v1 - u2 * v2)**2 + 2 * (u1 + u2) * (v1 + v2) * ((u1 + u2) * (v1 + v2) - 9)",
        ),
        divided.at(a="(u1 + u2) * (v1 + v2)", t="risk(u1, u2, v1, v2) - 48"),
        divided.at(a="((u1 + u2) * (v1 + v2))**2", t="risk(u1, u2, v1, v2) - 48"),
    ],
    cases=["(u1 + u2) * (v1 + v2) >= 9"],
)
def a_local_minimum(u1: real, u2: real, v1: real, v2: real) -> prop:
    assume((u1 + u2) * (v1 + v2) >= near)
    return risk(u1, u2, v1, v2) >= risk(1, 1, 3, 3) and risk(1, 1, 3, 3) == 48


@claim.disproof("it is not a global minimum: at $u = (1, -1)$ and $v = (-\\frac92, \\frac92)$ the risk is 3")
def a_better_point() -> prop:
    return risk(1, -1, -9 / 2, 9 / 2) == 3


@claim.disproof(
    "and the loss is convex in the output of the network, for both labels",
    have=[
        "t * (1 - t) >= 0",
        "(f - g)**2 >= 0",
        "t * (1 - t) * (f - g)**2 >= 0",
        "weight(-3) == 1",
        "weight(5) == 3",
        "error(t * f + (1 - t) * g, -3) == (t * f + (1 - t) * g + 3)**2 / 2",
        "error(t * f + (1 - t) * g, 5) == 3 * (t * f + (1 - t) * g - 5)**2 / 2",
        "error(f, -3) == (f + 3)**2 / 2",
        "error(f, 5) == 3 * (f - 5)**2 / 2",
        "error(g, -3) == (g + 3)**2 / 2",
        "error(g, 5) == 3 * (g - 5)**2 / 2",
    ],
)
def convex_loss(f: real, g: real, t: real) -> prop:
    assume(t >= 0, t <= 1)
    h = t * f + (1 - t) * g
    return error(h, -3) <= t * error(f, -3) + (1 - t) * error(g, -3) and error(h, 5) <= t * error(f, 5) + (
        1 - t
    ) * error(g, 5)


# ------------------------------------------------------------------------------------------- what must fail


claim.mutant("a-larger-neighbourhood", {near: "5"})


@claim.mutant(replaces=weight)
def unweighted(y: real) -> real:
    """The same weight for both labels"""
    return 1


@claim.mutant(replaces=a_local_minimum)
def everywhere(u1: real, u2: real, v1: real, v2: real) -> prop:
    """No point at all has less"""
    return risk(u1, u2, v1, v2) >= risk(1, 1, 3, 3) and risk(1, 1, 3, 3) == 48


@claim.mutant(replaces=convex_loss)
def strictly_convex_by_three(f: real, g: real, t: real) -> prop:
    """The loss is strongly convex, with a modulus of 2"""
    assume(t >= 0, t <= 1)
    h = t * f + (1 - t) * g
    return error(h, -3) <= t * error(f, -3) + (1 - t) * error(g, -3) - t * (1 - t) * (f - g) ** 2
