r"""A network of logistic units with one input has only one set of parameters, up to order and signs.

This is the theorem of Sussmann (1992) for the networks whose slopes have different absolute values: almost all of them.
The proof, in ``sigmoid_units``, ``sigmoid_ends`` and ``sigmoid_networks``, uses of e^t only e^(s + t) = e^s e^t and e^t
>= 1 + t: at both ends of the line the units of the smallest slope are larger than all others, and there they must
cancel.
"""

from __future__ import annotations

from claims.landscape.exponential import addition, exp, reciprocal, tangent, times
from claims.landscape.sigmoid_ends import quotients, zero_factor
from claims.landscape.sigmoid_networks import (
    constant,
    different_slopes,
    last_units,
    number,
    same_constant,
    same_function,
)
from claims.landscape.sigmoid_units import bias, logistic, outer, reflected, sigma
from verify import Claim, assume, cite, nat, prop, real, relu

claim = Claim(
    "fefferman-identifiability",
    title="Networks of logistic units and their parameters",
    statement=r"Let $\sigma(t) = 1/(1 + e^{-t})$, and let $f(x) = c_0 + \sum_k c_k \sigma(w_k x + b_k)$ and $g$ be two networks with one "
    r"input, one hidden layer, and nonzero slopes $w_k$ whose absolute values differ within each network, and outer "
    r"weights $c_k \ne 0$. "
    r"If $f(x) = g(x)$ for all real $x$, then $f$ and $g$ have the same number of units, and the same parameters up to "
    r"the order of "
    r"the units and the symmetry $c \, \sigma(w x + b) = c - c \, \sigma(-w x - b)$. The same holds for $\tanh$, since "
    r"$\tanh t = "
    r"2 \sigma(2t) - 1$. The conditions are needed: a unit with $c = 0$ may have any bias, two equal units may be one, "
    r"and ReLU units have the further symmetry $a \, \mathrm{ReLU}(t) = \mathrm{ReLU}(at)$, $a > 0$.",
    source=cite("sussmann1992", "for the slopes stated here; Fefferman (1994) for several layers; both as recalled"),
    repairs="fefferman-identifiability-literal",
    remarks="The proof is about networks in normal form: slopes positive by the symmetry, units in the order of the slopes, and one list "
    "of slopes for both networks, where a network has c = 0 if it has no unit of that slope. Then the number of units, "
    "the slopes, "
    "the biases and the outer weights are the same. Not proved here: Sussmann's theorem when two slopes are equal and the "
    "biases "
    "differ; more inputs, where one restricts f to lines; several layers, which is Fefferman's theorem, for almost all "
    "networks.",
    symbols={
        r"\mathrm{exp}, \; \mathrm{sigma}, \; \mathrm{quotient}(k, p)": "the functions of these names; k/p for p > 0",
        r"\mathrm{constant}(i), \; \mathrm{outer}(i, k), \; \mathrm{bias}(i, k)": "the parameters of the network i, which "
        r"is 0 or 1",
        r"\mathrm{slope}(k)": "the slopes of both, from the largest to the smallest, k < number; all are positive",
        r"\mathrm{separated}(n)": "each of the first n slopes is smaller than the one before it by at least distance > 0, "
        r"and the last is at "
        "least distance",
        r"\mathrm{network}(i, n, x)": "the sum of the first n units of the network i",
    },
)


@claim.proof(
    using=[last_units.at(j="j + 1", n="n"), same_constant],
    assuming=[addition, tangent, logistic, quotients, same_function, different_slopes],
)
def same_parameters(j: nat, n: nat) -> prop:
    """For each unit n, where a unit of outer weight 0 is none."""
    assume(n + j + 1 == number())
    return constant(0) == constant(1) and outer(0, n) == outer(1, n) and (outer(0, n) == 0 or bias(0, n) == bias(1, n))


# ------------------------------------------------------------------------------------------- symmetries


@claim.proof(using=[reflected.at(t="w * x + b")], assuming=[addition, tangent, logistic])
def sign_of_a_unit(c: real, w: real, b: real, x: real) -> prop:
    return c * sigma(w * x + b) == c - c * sigma(-w * x - b)


@claim.proof(
    using=[logistic.at(t="2 * t"), addition.at(s="t", t="t"), addition.at(s="-t", t="-t"), reciprocal.at(t="t")],
    assuming=[addition, tangent, logistic],
)
def hyperbolic_tangent(t: real) -> prop:
    """tanh t is (e^t - e^(-t)) / (e^t + e^(-t))."""
    return (2 * sigma(2 * t) - 1) * (exp(t) + exp(-t)) == exp(t) - exp(-t)


@claim.proof(using=[times.at(p="a", a="0", b="t"), times.at(p="a", a="t", b="0")], cases=["t >= 0"])
def scale_of_a_rectifier(a: real, t: real) -> prop:
    assume(a > 0)
    return a * relu(t) == relu(a * t)


# ------------------------------------------------------------------------------------------- what is needed


@claim.proof()
def equal_and_silent_units(c: real, d: real, t: real, s: real) -> prop:
    """Two equal units are one; a unit of outer weight 0 may have any slope and bias."""
    return c * sigma(t) + d * sigma(t) == (c + d) * sigma(t) and 0 * sigma(t) == 0 * sigma(s)


@claim.proof(using=[zero_factor.at(p="p + q", t="c - d")], have=["(p + q) * (c - d) == 0"])
def from_both_ends(c: real, d: real, p: real, q: real) -> prop:
    """p = e^b and q = e^e for the biases b and e of two units of one slope: the conditions at the left end and at the right."""
    assume(p > 0, q > 0, c * p == d * q, c * q == d * p)
    return c == d


# ------------------------------------------------------------------------------------------- what must fail


@claim.mutant(replaces=from_both_ends)
def from_one_end(c: real, d: real, p: real, q: real) -> prop:
    """The left end is enough"""
    assume(p > 0, q > 0, c * p == d * q)
    return c == d


@claim.mutant(replaces=scale_of_a_rectifier)
def negative_scales(a: real, t: real) -> prop:
    """For a < 0 as well"""
    return a * relu(t) == relu(a * t)


@claim.mutant(replaces=equal_and_silent_units)
def opposite_units_merge(c: real, d: real, t: real, s: real) -> prop:
    """Units at t and -t merge as well"""
    return c * sigma(t) + d * sigma(-t) == (c + d) * sigma(t)
