r"""Lemma 10.3 of Kingma and Ba, repaired: gradients weighted by 1/sqrt(t) sum up to at most 2 G sqrt(T).

The first bound is a telescoping sum: if r = sqrt(T), the number r - w/2 with w = 1/sqrt(T) is at least sqrt(T - 1).  The
second is the inequality of Cauchy and Schwarz, and the sum of 1/t up to 2^k is at most k + 1, as each block from 2^k to
2^(k + 1) adds 1 at most.
"""

from __future__ import annotations

from claims.optimization.roots_and_quotients import divided, root_is_monotone, square_is_nonnegative
from claims.optimization.weighted_gradients import (
    alike,
    g,
    gradients_are_weights,
    gradients_at_most,
    reciprocals,
    squares,
    w,
    weighted,
    weights_at_most,
    weights_equal,
)
from verify import Claim, arbitrary, assume, cite, define, hypothesis, induction, lemma, nat, prop, real

claim = Claim(
    "kingma-ba-lemma-10-3",
    title="Gradients weighted by one over the root of time",
    statement=r"If $|g_t| \le G$ for $t = 1, \dots, T$, then $\sum_{t=1}^T |g_t| / \sqrt t \le 2 G \sqrt T$, where 2 cannot be "
    r"improved: for $g_t = G$ the sum is at least $2 G (\sqrt{T + 1} - 1)$. For all real $g_t$, bounded or not, "
    r"$(\sum_{t=1}^{T} |g_t| / \sqrt t)^2 \le \sum_{t=1}^{T} \frac1t \cdot \sum_{t=1}^{T} g_t^2$, with equality for "
    r"$g_t = 1/\sqrt t$, and for $T = 2^k$ the first factor is at most $k + 1$.",
    source=cite("kingma2015", "Lemma 10.3, as recalled; Theorem 10.5 uses it"),
    repairs="kingma-ba-lemma-10-3-literal",
    remarks="Either bound keeps the average of this term of the regret in O(1/sqrt T), up to a logarithm for the second. "
    "The rest of the proof of Theorem 10.5 is not repaired by it; see adam-counterexample. Here time begins at 0.",
    symbols={
        r"\mathrm{w}(t)": r"any number between 0 and $1/\sqrt{t + 1}$",
        r"\mathrm{weighted}(T), \; \mathrm{squares}(T)": r"the sums of $w(t) |g(t)|$ and of $g(t)^2$ over $t < T$",
        r"\mathrm{reciprocals}(T)": r"the sum of $w(t)^2$ over $t < T$",
        r"\mathrm{root}(t)": r"$\sqrt t$",
    },
)
factor = claim.parameter("factor", "2", "the constant $c$ in $c \\, G \\sqrt T$")


# ------------------------------------------------------------------------------------------- bounded gradients


@lemma(
    using=[
        root_is_monotone.at(a="(T + 1) * u", b="root"),
        root_is_monotone.at(a="u", b="root"),
        divided.at(a="T + 1", t="root**2 - u * root - T"),
    ],
    have=["((T + 1) * u)**2 <= root**2", "u**2 <= root**2", "(T + 1) * (root**2 - u * root - T) >= 0"],
)
def one_root_back(T: nat, u: real, root: real) -> prop:
    assume(u >= 0, root >= 0, (T + 1) * u**2 <= 1, root**2 >= T + 1)
    return root - u / 2 >= 0 and (root - u / 2) ** 2 >= T


@claim.proof(
    by=induction("T"),
    using=[hypothesis(G="G", root="root - w(T) / 2"), one_root_back.at(T="T", u="w(T)", root="root")],
)
def at_most_twice_the_root(T: nat, G: real, root: real) -> prop:
    assume(weights_at_most(T), gradients_at_most(T, G), G >= 0, root >= 0, root**2 >= T)
    return weighted(T) <= factor * G * root


# ------------------------------------------------------------------------------------------- any gradients


@lemma()
def two_squares(a: real, b: real) -> prop:
    return 2 * a * abs(b) <= a**2 + b**2


@lemma(
    by=induction("T"), using=[two_squares.at(a="p * w(T)", b="q * g(T)"), two_squares.at(a="-p * w(T)", b="q * g(T)")]
)
def young(T: nat, p: real, q: real) -> prop:
    return 2 * p * q * weighted(T) <= p**2 * reciprocals(T) + q**2 * squares(T)


@lemma(by=induction("T"), have=["w(T)**2 >= 0", "g(T)**2 >= 0"])
def sums_of_squares(T: nat) -> prop:
    return reciprocals(T) >= 0 and squares(T) >= 0


@claim.proof(
    using=[
        sums_of_squares,
        young.at(T="T", p="weighted(T)", q="reciprocals(T)"),
        young.at(T="T", p="squares(T)", q="weighted(T)"),
        young.at(T="T", p="weighted(T)", q="1"),
        divided.at(a="reciprocals(T)", t="reciprocals(T) * squares(T) - weighted(T)**2"),
        divided.at(a="squares(T)", t="reciprocals(T) * squares(T) - weighted(T)**2"),
    ],
    cases=["reciprocals(T) > 0", "squares(T) > 0"],
)
def cauchy_schwarz(T: nat) -> prop:
    return weighted(T) ** 2 <= reciprocals(T) * squares(T)


@claim.proof(using=[alike])
def attained(T: nat) -> prop:
    assume(weights_at_most(T), gradients_are_weights(T))
    return weighted(T) ** 2 == reciprocals(T) * squares(T)


@lemma(by=induction("p"))
def a_block(n: nat, p: nat) -> prop:
    assume(weights_at_most(n + p))
    return n * (reciprocals(n + p) - reciprocals(n)) <= p


@lemma(by=induction("p"))
def earlier_weights(n: nat, p: nat) -> prop:
    assume(weights_at_most(n + p))
    return weights_at_most(n)


@claim.proof(
    by=induction("k"),
    using=[
        a_block.at(n="2**k", p="2**k"),
        earlier_weights.at(n="2**k", p="2**k"),
        divided.at(a="2**k", t="1 + reciprocals(2**k) - reciprocals(2 * 2**k)"),
    ],
)
def logarithm(k: nat) -> prop:
    assume(weights_at_most(2**k))
    return reciprocals(2**k) <= k + 1


# ------------------------------------------------------------------------------------------- sharpness of 2


@arbitrary
def root(t: nat) -> real: ...


@define
def exact_roots(T: nat) -> prop:
    """root(t) = sqrt(t) for t <= T."""
    if T == 0:
        return root(0) == 0
    return exact_roots(T - 1) and root(T) > 0 and root(T) ** 2 == T


@define
def constant_gradients(T: nat, G: real) -> prop:
    return True if T == 0 else constant_gradients(T - 1, G) and g(T - 1) == G


@lemma(
    using=[
        root_is_monotone.at(a="q * u", b="1"),
        root_is_monotone.at(a="1", b="q * u"),
        square_is_nonnegative.at(t="r - q"),
        divided.at(a="q", t="u - 2 * (r - q)"),
    ],
    have=["q * u == 1"],
)
def one_root_on(u: real, q: real, r: real) -> prop:
    """1 / q >= 2 (r - q) for r^2 = q^2 + 1, since (r - q) (r + q) = 1."""
    assume(q > 0, r > 0, u >= 0, q**2 * u**2 == 1, r**2 == q**2 + 1)
    return u >= 2 * (r - q)


@claim.proof(by=induction("T"), using=[one_root_on.at(u="w(T)", q="root(T + 1)", r="root(T + 2)")])
def no_smaller_factor(T: nat, G: real) -> prop:
    assume(weights_equal(T), constant_gradients(T, G), exact_roots(T + 1), G >= 0)
    return weighted(T) >= 2 * G * (root(T + 1) - 1)


claim.sampling(
    cauchy_schwarz, samples=1 << 12, naturals={"T": range(17)}, tables={"g": (17, (-1, 1)), "w": (17, (0, 1))}
)


# ------------------------------------------------------------------------------------------- what must fail


claim.mutant("half-the-factor", {factor: "1"})


@claim.mutant(replaces=weights_at_most)
def constant_weights(T: nat) -> prop:
    """Without the decay of the weights"""
    return True if T == 0 else constant_weights(T - 1) and 0 <= w(T - 1) <= 1


@claim.mutant(replaces=gradients_at_most)
def any_gradients(T: nat, G: real) -> prop:
    """Without a bound of the gradients"""
    return True


@claim.mutant(replaces=cauchy_schwarz)
def last_one_forgotten(T: nat) -> prop:
    """The sum of 1/t without its last term"""
    return weighted(T + 1) ** 2 <= reciprocals(T) * squares(T + 1)


@claim.mutant(replaces=no_smaller_factor)
def equal_to_the_bound(T: nat, G: real) -> prop:
    """The bound is attained, for T + 1"""
    assume(weights_equal(T), constant_gradients(T, G), exact_roots(T + 1), G >= 0)
    return weighted(T) >= 2 * G * root(T + 1)
