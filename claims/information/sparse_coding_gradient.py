r"""The dictionary that made the data is almost a critical point of an autoencoder, and not one (Rangamani et al. 2018).

The toy where everything has a closed form: an orthonormal dictionary A, and W = A.  The reconstruction W^T ReLU(W y - eps)
falls short of y by eps on the support of the code, and the gradient of half its square is what eps leaves.
"""

from __future__ import annotations

from fractions import Fraction

from claims.information.sparse_codes import (
    CODES,
    atoms,
    bias,
    blind,
    data,
    double,
    expansion,
    gradient,
    halves,
    m,
    n,
    norm,
    one_atom,
    positive_square,
    q,
    q2,
    reconstruction,
    remainder,
    short,
    single,
    slope,
    smaller,
    sparse,
    support,
    symmetric,
    two_atoms,
    zero_or_two,
)
from verify import Claim, assume, cite, dot, induction, lemma, nat, prop, real, sq, vec
from verify.statistics import Experiment, MeanNear

claim = Claim(
    "sparse-coding-gradient",
    title="The true dictionary is almost a critical point of an autoencoder",
    statement=r"Let $A_1, \dots, A_h$ be orthonormal and $y = \sum_j c_j A_j$ with random coefficients, finitely many values, each "
    r"$0$ or $> \varepsilon > 0$; on the support $S$ of $c$ let $\mathrm{P}(i \in S) = q$, $\mathrm{P}(i, j \in S) = q_2$, and "
    r"let $c_i$ have the mean $m$ given $i \in S$, and given $i, j \in S$. At $W = A$ the gradient of $\mathrm{E} \, |W^T "
    r"\mathrm{ReLU}(W y - \varepsilon) - y|^2 / 2$ in the row $W_i$ is $-\varepsilon (2 m - \varepsilon) (q A_i + q_2 \sum_{j "
    r"\ne i} A_j)$. Its square is $\varepsilon^2 (2 m - \varepsilon)^2 (q^2 + (h - 1) q_2^2)$, which is positive for $q > 0$, $0 < "
    r"\varepsilon < 2 m$; if supports of $k$ atoms are equally likely, $(k - 1)^2 \le h - 1$ and $\varepsilon \le 2 m$, it is at "
    r"most $8 (\varepsilon m q)^2$.",
    source=cite(
        "rangamani2018",
        "abstract",
        quote="Under very mild distributional assumptions on x*, we prove that the norm of the expected gradient of the standard "
        "squared loss function is asymptotically (in sparse code dimension) negligible for all points in a small neighborhood "
        "of A*.",
    ),
    remarks="The abstract was read. There, as recalled, the dictionary is overcomplete and incoherent, and negligible means "
    "small beside max(m², E c²) q; so it is here if ε is small beside m. Here the dictionary is orthonormal and the point is "
    "W = A itself. For larger supports, k - 1 > sqrt(h - 1), the factor is 4 (1 + (k - 1)²/(h - 1)) in place of 8. The "
    "derivative is that of one datum, in a row of its support and in a row outside of it, where it is 0; the other theorems "
    "are about its mean. Means of the gradient are those of its components along the atoms.",
    symbols={
        r"\mathrm{short}(t, v, z, \mathrm{one}, y, \varepsilon)": "half the squared error if the row z = A_i, i in S, is z + t v; "
        "one is the sum of the atoms in S. The other gates contribute y - ε one - (c_i - ε) z, by short_on_the_support",
        r"\mathrm{blind}": "the same for a row i outside of S",
        r"\mathrm{slope}(c, \varepsilon, s, u)": "the derivative in the direction v, for c = c_i, s = ⟨v, one⟩, u = ⟨v, y⟩",
        r"\mathrm{atoms}(), \; \mathrm{p}(s), \; \mathrm{code}(s, j)": "h, the probability of the code s < n, and its coefficients",
        r"\mathrm{pair}(k, i, j), \; \mathrm{value}(k, i, j)": "P(i, j in S) and E 1[i, j in S] c_i, from the first k codes",
        r"\mathrm{gradient}(k, i, j)": "the component along A_j of the mean gradient in the row i, from the first k codes",
        r"\mathrm{norm}(h, i)": "the square of that gradient",
    },
)
factor = claim.parameter("factor", "8", "the factor in the bound for equally likely supports")
bias_of_the_runs = claim.parameter("bias_of_the_runs", "1/10", "the bias in the experiments")

claim.model(CODES, using=[zero_or_two, one_atom, two_atoms])


# ------------------------------------------------------------------------------------- the gradient of one datum


@claim.proof()
def derivative(t: real, v: vec, z: vec, one: vec, y: vec, eps: real) -> prop:
    assume(sq(z) == 1, dot(z, one) == 1, dot(z, y) >= eps, dot(z, y) + t * dot(v, y) >= eps)
    return short(t, v, z, one, y, eps) == short(0, v, z, one, y, eps) + t * slope(
        dot(z, y), eps, dot(v, one), dot(v, y)
    ) + t**2 * remainder(t, v, z, one, y, eps)


@claim.proof()
def no_derivative(t: real, v: vec, z: vec, one: vec, y: vec, eps: real) -> prop:
    assume(dot(z, y) == 0, eps >= 0, t * dot(v, y) <= eps)
    return blind(t, v, z, one, y, eps) == blind(0, v, z, one, y, eps)


# ------------------------------------------------------------------------------------------- the mean over codes


@claim.proof(by=induction("k"), using=[sparse.at(s="s", j="k")], assuming=[sparse])
def short_on_the_support(k: nat, s: nat) -> prop:
    """With a(j) = <v, A_j> for any vector v."""
    return reconstruction(k, s) == data(k, s) - bias() * support(k, s)


@claim.proof(using=[expansion.at(k="n()", i="i", j="i"), single], assuming=[sparse, single])
def own_component(i: nat) -> prop:
    assume(i + 1 <= atoms())
    return gradient(n(), i, i) == -bias() * (2 * m() - bias()) * q()


@claim.proof(
    using=[
        expansion.at(k="n()", i="i", j="j"),
        expansion.at(k="n()", i="j", j="i"),
        symmetric.at(k="n()", i="i", j="j"),
        double,
    ],
    assuming=[sparse, double],
)
def other_components(i: nat, j: nat) -> prop:
    assume(i < j, j + 1 <= atoms())
    common = -bias() * (2 * m() - bias()) * q2()
    return gradient(n(), i, j) == common and gradient(n(), j, i) == common


@lemma(by=induction("h"), using=[other_components.at(i="h", j="i")], assuming=[sparse, double])
def before(h: nat, i: nat) -> prop:
    assume(h <= i, i + 1 <= atoms())
    return norm(h, i) == h * (bias() * (2 * m() - bias()) * q2()) ** 2


@claim.proof(
    by=induction("r"),
    using=[before.at(h="i", i="i"), own_component.at(i="i"), other_components.at(i="i", j="i + 1 + r")],
    assuming=[sparse, single, double],
)
def norm_of_a_row(r: nat, i: nat) -> prop:
    """Of row i of h = i + 1 + r rows."""
    assume(i + 1 + r <= atoms())
    return norm(i + 1 + r, i) == (bias() * (2 * m() - bias())) ** 2 * (q() ** 2 + (i + r) * q2() ** 2)


@claim.proof(
    using=[norm_of_a_row, positive_square.at(c="bias()", d="2 * m() - bias()", u="q()", v="q2()", h="i + r")],
    assuming=[sparse, single, double],
)
def not_critical(r: nat, i: nat) -> prop:
    assume(i + 1 + r <= atoms(), 0 < bias() < 2 * m(), q() > 0)
    return norm(i + 1 + r, i) > 0


@claim.proof(
    cases=["h == 0"],
    using=[
        smaller.at(h="h", u="h * v**2", v="u**2"),
        halves.at(c="eps", d="2 * c - eps", e="2 * c", u="u**2 + h * v**2", v="2 * u**2"),
    ],
    have=["h * (h * v**2) == k**2 * u**2", "u**2 >= 0", "k**2 * u**2 <= h * u**2"],
)
def negligible(h: nat, k: nat, u: real, v: real, eps: real, c: real) -> prop:
    """Supports of k + 1 among h + 1 atoms, all with the same probability: u = (k + 1) / (h + 1) and v = u k / h."""
    assume(h * v == k * u, k**2 <= h, 0 <= eps <= 2 * c)
    return (eps * (2 * c - eps)) ** 2 * (u**2 + h * v**2) <= factor * (eps * c * u) ** 2


# --------------------------------------------------------------------------------------------- the mean, measured


def components(draws: Experiment, bias: float):
    """By automatic differentiation: the gradient at W = A in the basis A, where A is a Hadamard matrix, h = 32.

    Supports of 4 atoms, coefficients uniform on [1, 2]: shape (runs, 32, 32).
    """
    import torch

    atoms = torch.ones(1, 1, dtype=torch.float64, device=draws.device)
    for _ in range(5):
        atoms = torch.cat((torch.cat((atoms, atoms), 1), torch.cat((atoms, -atoms), 1)))
    atoms = atoms / 32**0.5
    order = draws.uniform(32).argsort(1)
    c = torch.where(order < 4, draws.uniform(32, low=1.0, high=2.0), 0.0)
    y = c @ atoms
    rows = atoms.expand(draws.runs, 32, 32).clone().requires_grad_()
    hidden = ((rows @ y[:, :, None])[:, :, 0] - bias).relu()
    ((hidden[:, None] @ rows)[:, 0] - y).square().sum().div(2).backward()
    return rows.grad @ atoms.T


@claim.experiment(MeanNear(target="-29/800", margin="1/1000"), runs=4096)
def own_components(draws: Experiment, bias_of_the_runs: Fraction):
    """-eps (2 m - eps) q = -(1/10) (29/10) (1/8)"""
    return components(draws, float(bias_of_the_runs)).diagonal(dim1=1, dim2=2).mean(1)


@claim.experiment(MeanNear(target="-87/24800", margin="1/8000"), runs=4096)
def components_along_other_atoms(draws: Experiment, bias_of_the_runs: Fraction):
    """-eps (2 m - eps) q_2 = -(1/10) (29/10) (3/248)"""
    g = components(draws, float(bias_of_the_runs))
    return (g.sum((1, 2)) - g.diagonal(dim1=1, dim2=2).sum(1)) / (32 * 31)


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(factor, refuted="7", proved="8")


@claim.mutant(replaces=slope)
def gradient_of_the_decoder(c: real, eps: real, v_one: real, v_y: real) -> real:
    """Only the rows that decode move, those that encode stay"""
    return -eps * (c - eps) * v_one


@claim.mutant(replaces=slope)
def critical_point(c: real, eps: real, v_one: real, v_y: real) -> real:
    """The gradient is 0"""
    return 0 * c


@claim.mutant(replaces=negligible)
def large_supports(h: nat, k: nat, u: real, v: real, eps: real, c: real) -> prop:
    """Supports of any size"""
    assume(h * v == k * u, 0 <= eps <= 2 * c)
    return (eps * (2 * c - eps)) ** 2 * (u**2 + h * v**2) <= factor * (eps * c * u) ** 2


claim.mutant("another-bias", {bias_of_the_runs: "1/9"})
