r"""A local minimum with a zero slice is a global one, if outputs and penalty are homogeneous of one degree (Haeffele and Vidal).

The penalty and the outputs then grow alike along every ray, so the objective, to first order in the size of a new slice, says the
same as a convex problem.  For matrix factorization this is a bound on the largest singular value of the residual.
"""

from __future__ import annotations

from fractions import Fraction

from claims.landscape.homogeneous_networks import SATURATED, SQUARES, D, along, convex, homogeneous, lam, losses_with
from claims.landscape.homogeneous_networks import near, near_the_ray, objective, other_losses, other_penalty, p
from claims.landscape.homogeneous_networks import penalties_scale, penalty, polar, power, powers_are_positive, pull
from claims.landscape.homogeneous_networks import scaled, scaled_losses, scaled_penalty, tangent
from claims.landscape.homogeneous_networks import the_penalty_outweighs, theta, width, with_a_small_slice
from claims.landscape.homogeneous_products import (
    above_the_parabola,
    at_the_root,
    cube,  # noqa: F401
    cubes_are_not_negative,
    means_of_cubes,
    negative_product,
    nowhere_less,
    product_of_three,
)
from verify import Claim, assume, cite, nat, prop, real, vec
from verify.landscape import FactorizedMinimum
from verify.statistics import Probability

claim = Claim(
    "homogeneous-global-optimality",
    title="A local minimum with a zero slice is a global minimum",
    statement=r"Let $f(W) = \sum_{i<D} \ell_i(\sum_{k<n} \phi_i(W_k)) + \lambda \sum_{k<n} \theta(W_k)$ with convex $\ell_i$. If "
    r"$\sum_i \ell_i' \phi_i(w) + \lambda \theta(w) \ge 0$ for all $w$, and $\sum_i \ell_i' \cdot \sum_k \phi_i(W_k) + \lambda \sum_k "
    r"\theta(W_k) = 0$, with the derivatives at $W$, no network of any width has a smaller objective. Let $\phi_i$ and $\theta$ be "
    r"positively homogeneous of one degree $p$. If the equation is false, scaling $W$ slightly up or down lowers $f$; if the inequality "
    r"is false for $w$, so does $tw$ for small $t > 0$ in the place of a slice that is zero: wherever the linear expansions of the "
    r"losses are accurate enough. For $\phi = u v^T$ the minima of the listed problems are as listed. For $(1 - uvw)^2 + "
    r"\frac{\lambda}{3} (|u|^3 + |v|^3 + |w|^3)$, 0 is a global minimum if $\lambda \ge 2$; if $0 \le \lambda < 2$, it is not even a "
    r"local one, and the minimum is $\lambda - \lambda^2/4$.",
    source=cite("haeffele2017", "Theorem 1, as recalled"),
    repairs="homogeneous-global-optimality-literal",
    remarks="For differentiable losses the expansions are accurate enough near W, so a local minimum with a slice that is zero "
    "satisfies the two conditions and is global. Nothing is said here about paths from other points, nor about how fast descent "
    "is. For matrices the inequality says that no singular value of the residual is more than lambda, and the certificates of the "
    "listed minima hold such matrices.",
    symbols={
        r"\mathrm{pull}(m, n, w)": r"$\sum_{i<m} \ell_i' \phi_i(w)$, the derivatives at the outputs of the first n slices of W",
        r"\mathrm{along}(m, n)": r"$\sum_{i<m} \ell_i' \cdot \mathrm{out}(n, i)$, where $\mathrm{out}(n, i) = \sum_{k<n} \phi_i(W_k)$",
        r"\mathrm{near}, \; \mathrm{near\_the\_ray}": "the linear expansion of each loss has an error of at most eps |tau|",
        r"\mathrm{losses\_with}(m, n, w)": "the losses with w as a further slice, or in the place of one that is zero",
        r"\mathrm{scaled\_losses}(m, n, c), \; \mathrm{scaled\_penalty}(n, c)": "the same for the slices c W(k)",
        r"\mathrm{power}(p, t)": "t to the power of p, the degree",
        r"V, \; \mathrm{other\_losses}, \; \mathrm{other\_penalty}": "any other network",
    },
)
threshold = claim.parameter("threshold", "2", "from which $\\lambda$ on 0 is a global minimum, for three factors")
added = claim.parameter("added", "0", "what is added to the listed minima")
claim.model(SQUARES)
claim.model(SATURATED)


# ------------------------------------------------------------------------------------------- every width


@claim.proof(
    using=[tangent.at(m="D()", n="width()", s="s"), the_penalty_outweighs.at(s="s")],
    assuming=[convex, polar],
)
def no_network_is_better(s: nat) -> prop:
    """The other network has s slices."""
    assume(along(D(), width()) + lam() * penalty(width()) == 0)
    return other_losses(D(), s) + lam() * other_penalty(s) >= objective(D(), width())


@claim.proof(
    using=[
        homogeneous.at(i="0", t="t", w="w"),
        powers_are_positive.at(k="p()", t="t"),
        with_a_small_slice.at(m="m", n="n", w="w", t="t", eps="eps"),
        negative_product.at(a="power(p(), t)", b="pull(m, n, w) + lam() * theta(w) + m * eps"),
    ],
    assuming=[homogeneous],
)
def a_slice_of_zeros_can_grow(m: nat, n: nat, w: vec, t: real, eps: real) -> prop:
    assume(t > 0, pull(m, n, w) + lam() * theta(w) + m * eps < 0, near(m, n, w, power(p(), t), eps))
    return losses_with(m, n, t * w) + lam() * (penalty(n) + theta(t * w)) < objective(m, n)


@claim.proof(
    using=[
        penalties_scale.at(n="n", c="c"),
        scaled.at(m="m", n="n", c="c", eps="eps"),
    ],
    assuming=[homogeneous],
)
def the_slices_can_be_scaled(m: nat, n: nat, c: real, eps: real) -> prop:
    """c^p - 1 has the sign that is opposite to the left side of the equation."""
    tau = power(p(), c) - 1
    assume(c > 0, near_the_ray(m, n, tau, eps), tau * (along(m, n) + lam() * penalty(n)) + m * eps * abs(tau) < 0)
    return scaled_losses(m, n, c) + lam() * scaled_penalty(n, c) < objective(m, n)


# ------------------------------------------------------------------------------------------- three factors


@claim.proof(using=[nowhere_less.at(u="u", v="v", w="w", mu="mu")])
def zero_is_global(u: real, v: real, w: real, mu: real) -> prop:
    """The value at 0 is 1."""
    assume(mu >= threshold)
    return product_of_three(u, v, w, mu) >= 1 and product_of_three(0, 0, 0, mu) == 1


@claim.proof(using=[nowhere_less.at(u="t", v="t", w="t", mu="mu")])
def on_the_diagonal(t: real, mu: real) -> prop:
    assume(mu >= threshold)
    return product_of_three(t, t, t, mu) >= 1


@claim.proof(
    using=[
        cubes_are_not_negative.at(t="t"),
        negative_product.at(a="t**3", b="t**3 - 2 + mu"),
    ],
    have=["t**2 > 0", "t**3 > 0"],
)
def zero_is_no_local_minimum(t: real, mu: real) -> prop:
    """For all small t."""
    assume(t > 0, t**3 < 2 - mu)
    return product_of_three(t, t, t, mu) < 1


@claim.proof(
    using=[
        means_of_cubes.at(u="u", v="v", w="w"),
        above_the_parabola.at(q="u * v * w", s="cube(u) + cube(v) + cube(w)", mu="mu"),
        at_the_root.at(t="t", mu="mu"),
    ]
)
def the_minimum(u: real, v: real, w: real, t: real, mu: real) -> prop:
    """It is attained where all three are the cube root of 1 - mu/2."""
    assume(0 <= mu < 2, t >= 0, t**3 == 1 - mu / 2)
    return product_of_three(u, v, w, mu) >= mu - mu**2 / 4 and product_of_three(t, t, t, mu) == mu - mu**2 / 4


# ------------------------------------------------------------------------------------------- factorizations of matrices

ROTATED = [["9/5", "8/5"], ["-12/5", "6/5"]]
HOLES = [[3, 1, None, 2], [1, None, -2, 0], [None, 0, 1, 4], [2, -1, 0, None], [-1, 2, 3, 1]]
PROBLEMS = [  # targets, penalty, columns, the minimum; of the last, up to 1/10^6
    (ROTATED, 1, 2, "4"),
    (ROTATED, "5/2", 1, "51/8"),
    ([[1, 2], [2, None]], 1, 1, "3"),
    ([[4, 0, 0], [0, 2, 0], [0, 0, "1/2"]], 1, 3, "41/8"),
    (HOLES, 1, 3, "11.3015968"),
]
ZERO_COLUMN = [([3, 0, 0], [1, 0, 0]), ([0, 1, 0], [0, 1, 0]), ([0, 0, 0], [0, 0, 0])]


@claim.exact(naturals={"k": range(5)})
def factorizations(k: int, added: Fraction) -> FactorizedMinimum:
    """Singular values 3 and 2, all or one of which stay; a missing entry; three columns, one of which is zero; four missing."""
    targets, penalty, columns, value = PROBLEMS[k]
    bound, error = Fraction(value) + added, Fraction(k == 4, 10**6)
    hint = ZERO_COLUMN if k == 3 else None
    return FactorizedMinimum(targets, penalty, width=columns, lower=bound - error, upper=bound + error, columns=hint)


@claim.experiment(Probability(at_least="19/20"), runs=1 << 10)
def descent_completes_the_matrix(draws):
    """Gradient descent on factors of four columns, from random starts: within 1/1000 of the certified minimum."""
    return final_value(draws, columns=4) < 11.3026


def final_value(draws, *, columns: int):
    """After 400 steps of size 1/10."""
    import torch

    y = torch.tensor([[0 if x is None else x for x in row] for row in HOLES], device=draws.device).double()
    observed = torch.tensor([[x is not None for x in row] for row in HOLES], device=draws.device)
    u, v = (
        draws.uniform(5, columns, low=-1.0, high=1.0).double(),
        draws.uniform(4, columns, low=-1.0, high=1.0).double(),
    )
    for _ in range(400):
        residual = observed * (u @ v.mT - y)
        u, v = u - 0.1 * (residual @ v + u), v - 0.1 * (residual.mT @ u + v)
    misfit = observed * (u @ v.mT - y)
    return ((misfit**2).sum((1, 2)) + (u**2).sum((1, 2)) + (v**2).sum((1, 2))) / 2


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(threshold, refuted="199/100", proved="2")
claim.sharpness(added, refuted="1/100000", proved="0")


@claim.mutant(replaces=no_network_is_better)
def without_the_equation(s: nat) -> prop:
    """The inequality for all slices is enough"""
    return other_losses(D(), s) + lam() * other_penalty(s) >= objective(D(), width())


@claim.mutant(replaces=descent_completes_the_matrix)
def too_narrow(draws):
    """With two columns"""
    return final_value(draws, columns=2) < 11.3026


@claim.mutant(replaces=factorizations)
def penalty_of_the_product(k: int) -> FactorizedMinimum:
    """Only the largest singular value is reduced by lambda"""
    return FactorizedMinimum(ROTATED, 1, width=2, lower=0, upper="7/2")
