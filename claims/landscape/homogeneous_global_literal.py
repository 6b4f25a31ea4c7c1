r"""“Certain critical points are global minima or saddles” (after Vidal et al. 2017): without the hypotheses, there are others.

Two are needed: the penalty has the same degree as the outputs, and a slice of the critical point is zero.  With a penalty of
another degree, 0 is a strict local minimum that is not global; without a slice that is zero, ReLU units that are dead on all data
are a local minimum at every width.
"""

from __future__ import annotations

from verify import Claim, arbitrary, assume, cite, define, induction, lemma, nat, prop, real, relu

claim = Claim(
    "homogeneous-global-optimality-literal",
    title="Homogeneous networks without bad minima, as printed",
    statement=r"If a network is large enough and its components, the outputs of a slice and the penalty, are positively homogeneous, "
    r"its critical points are global minima or saddles.",
    source=cite(
        "vidal2017",
        "as summarised in a review; the theorem is that of Haeffele and Vidal (2017)",
        quote="For large enough networks with positively homogeneous components, certain critical points are global minima or saddles",
    ),
    expect="refuted",
    remarks="The printed word certain leaves open which ones; it is read as all. Haeffele and Vidal ask for outputs and a penalty of "
    "one degree, and for a local minimum with a slice that is zero; see homogeneous-global-optimality.",
    symbols={
        r"\mathrm{mismatched}(u, v, w, \mu)": "a product of degree 3, with a penalty of degree 2",
        r"\mathrm{units\_out}(n)": "the output of n ReLU units with the weights x(k) at the input 1; the label is 1, and the penalty 0",
        r"\mathrm{dead}(n), \; \mathrm{dead\_after\_the\_first}(n)": "the weights of n units, or of n after the first one, are negative",
    },
)


@define
def mismatched(u: real, v: real, w: real, mu: real) -> real:
    return (1 - u * v * w) ** 2 + mu * (u**2 + v**2 + w**2)


@lemma(have=["(u - v)**2 >= 0", "(u + v)**2 >= 0"])
def product_and_squares(u: real, v: real) -> prop:
    return -(u**2 + v**2) <= 2 * u * v <= u**2 + v**2


@lemma(
    have=[
        "s >= 0",
        "(d - w) * (s - q) >= 0",
        "(d + w) * (s + q) >= 0",
        "(d - w) * (s + q) >= 0",
        "(d + w) * (s - q) >= 0",
    ]
)
def bounded_product(q: real, s: real, w: real, d: real) -> prop:
    assume(-s <= q <= s, -d <= w <= d)
    return q * w <= d * s


@claim.disproof(
    "$(1 - uvw)^2 + \\mu (u^2 + v^2 + w^2)$ has a strict local minimum at 0 for every $\\mu > 0$: it is more than 1 at all other "
    "points with $|w| \\le \\mu / 2$",
    using=[
        product_and_squares.at(u="u", v="v"),
        bounded_product.at(q="2 * u * v", s="u**2 + v**2", w="w", d="mu / 2"),
    ],
    have=["(u * v * w)**2 >= 0", "w**2 >= 0", "mu * w**2 >= 0", "mu * (u**2 + v**2 + w**2) > 0"],
)
def zero_is_a_local_minimum(u: real, v: real, w: real, mu: real) -> prop:
    assume(mu > 0, -mu / 2 <= w <= mu / 2, u**2 + v**2 + w**2 > 0)
    return mismatched(u, v, w, mu) > mismatched(0, 0, 0, mu)


@claim.disproof("and it is not global for $\\mu < 1/3$: all factors 1 are better, as $3 \\mu < 1$")
def zero_is_not_global(mu: real) -> prop:
    assume(mu < 1 / 3)
    return mismatched(1, 1, 1, mu) < mismatched(0, 0, 0, mu)


# ------------------------------------------------------------------------------------------- no slice is zero


@arbitrary
def x(k: nat) -> real: ...


@define
def units_out(n: nat) -> real:
    return 0 if n == 0 else units_out(n - 1) + relu(x(n - 1))


@define
def dead(n: nat) -> prop:
    """Negative weights at the input 1."""
    return True if n == 0 else dead(n - 1) and x(n - 1) < 0


@define
def dead_after_the_first(n: nat) -> prop:
    return True if n == 0 else dead_after_the_first(n - 1) and x(n) < 0


@define
def error(n: nat) -> real:
    return (units_out(n) - 1) ** 2


@lemma(by=induction("n"))
def dead_units_are_silent(n: nat) -> prop:
    assume(dead(n))
    return units_out(n) == 0


@claim.disproof(
    "$(\\sum_{k<n} \\mathrm{ReLU}(x_k) - 1)^2$ is 1 wherever all $x_k < 0$, an open set, so that all these points are local minima, "
    "and no saddles, for every number $n$ of units",
    using=[dead_units_are_silent],
)
def dead_units_are_a_plateau(n: nat) -> prop:
    assume(dead(n))
    return error(n) == 1


@lemma(by=induction("n"))
def only_the_first(n: nat) -> prop:
    assume(x(0) == 1, dead_after_the_first(n))
    return units_out(n + 1) == 1


@claim.disproof("while the error is 0 if one of them is 1", using=[only_the_first])
def one_unit_is_enough(n: nat) -> prop:
    assume(x(0) == 1, dead_after_the_first(n))
    return error(n + 1) == 0


# ------------------------------------------------------------------------------------------- what must fail


@claim.mutant(replaces=mismatched)
def of_one_degree(u: real, v: real, w: real, mu: real) -> real:
    """The penalty has degree 3"""
    return (1 - u * v * w) ** 2 + mu * (abs(u) ** 3 + abs(v) ** 3 + abs(w) ** 3)


@claim.mutant(replaces=zero_is_not_global)
def for_every_penalty(mu: real) -> prop:
    """And it is not global for mu < 1/2"""
    assume(mu < 1 / 2)
    return mismatched(1, 1, 1, mu) < mismatched(0, 0, 0, mu)


@claim.mutant(replaces=dead)
def half_dead(n: nat) -> prop:
    """The weights are less than 1"""
    return True if n == 0 else half_dead(n - 1) and x(n - 1) < 1
