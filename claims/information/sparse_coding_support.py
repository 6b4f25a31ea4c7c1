r"""A layer of ReLU gates finds the support of a sparse code (Rangamani et al. 2018): how large the bias may be.

The data are y = sum_j c_j A_j, over at most k atoms of unit norm.  The gate of the row W_i sees <A_i, y> + <W_i - A_i, y>: the
first is 0 or c_i, up to the coherence of the dictionary, and the second is small by Cauchy and Schwarz, as |y| is.
"""

from __future__ import annotations

from fractions import Fraction

from claims.information.dictionaries import (
    atom,
    code,
    codes,
    data,
    dictionary,
    incoherent,
    interference,
    seen_by_the_row,
)
from claims.information.tight_dictionary import equal_products, others
from claims.optimization.orthonormal_vectors import e, orthogonal, orthonormal, unit_vectors
from verify import Claim, arbitrary, assume, cite, dot, nat, prop, real, relu, sq, vec
from verify.statistics import Experiment, Probability

claim = Claim(
    "sparse-coding-support-recovery",
    title="A layer of ReLU gates finds the support of a sparse code",
    statement=r"Let $y = \sum_{j \in S} c_j A_j$, $|S| = k$, $0 \le a \le c_j \le b$, with $|A_j| = 1$ and $|\langle A_i, A_j "
    r"\rangle| \le M$ for $j \in S$, $i \ne j$, and $r \ge 0$, $r^2 \ge b^2 k (1 + (k - 1) M) \, |W_i - A_i|^2$ for all "
    r"$i$. If $k b M + r \le \varepsilon < a - (k - 1) b M - r$, then $\mathrm{ReLU}(\langle W_i, y \rangle "
    r"- \varepsilon)$ is positive for $i \in S$ and $0$ for all other $i$. For $W = A$ both ends are sharp, for every $k$ and "
    r"every $M \in [0, 1]$: there are such dictionaries where the gate of some $i \notin S$ is positive for all $\varepsilon < "
    r"k b M$, and where that of some $i \in S$ is $0$ for all $\varepsilon \ge a - (k - 1) b M$.",
    source=cite(
        "rangamani2018",
        "abstract",
        quote="Along the way we prove that a layer of ReLU gates can be set up to automatically recover the support of the "
        "sparse codes. This property holds independent of the loss function.",
    ),
    remarks="The abstract was read. There, as recalled, the support has h^p elements, M is of order n^(-1/2), and recovery has "
    "high probability; here nothing is random. For M <= 1 and |W_i - A_i| <= δ one can take r = δ k b. The "
    "sharp dictionaries are made of orthonormal vectors, for which the space has to be large enough.",
    symbols={
        r"\mathrm{atom}(j), \; \mathrm{code}(j)": "A_j and c_j; the atoms are numbered so that S has the first ones",
        r"\mathrm{size}()": "how many atoms of S there are, where the gate is outside of it",
        r"\mathrm{data}(k)": "y, where S has k elements",
        r"e(i), \; \mathrm{orthonormal}(k)": "vectors, of which the first k are orthonormal; the sharp dictionaries consist of "
        "s e(0) + c e(i + 1), M = s²",
    },
)
bias = claim.parameter("bias", "27/50", "the bias of the experiment")
share = claim.parameter("share", "1", "the factor of $k b M$ at the lower end of the window")


@arbitrary
def size() -> nat: ...


@claim.proof(
    using=[
        seen_by_the_row.at(k="size()", v="v", w="w", a="0", b="b", m="m", r="r"),
        interference.at(k="size()", v="v", a="0", b="b", m="m"),
    ]
)
def outside_of_the_support(v: vec, w: vec, b: real, m: real, r: real, eps: real) -> prop:
    """Of the row w of an atom v that is none of the first size()."""
    assume(codes(size(), 0, b), dictionary(size(), m), incoherent(size(), v, m), r >= 0)
    assume(sq(w - v) * b**2 * size() * (1 + (size() - 1) * m) <= r**2, share * size() * b * m + r <= eps)
    return relu(dot(w, data(size())) - eps) == 0


@claim.proof(
    using=[
        seen_by_the_row.at(k="k + 1", v="atom(k)", w="w", a="a", b="b", m="m", r="r"),
        interference.at(k="k", v="atom(k)", a="a", b="b", m="m"),
    ]
)
def on_the_support(k: nat, w: vec, a: real, b: real, m: real, r: real, eps: real) -> prop:
    """Of the row w of the last of k + 1 atoms, which may be any of them."""
    assume(a >= 0, codes(k + 1, a, b), dictionary(k + 1, m), r >= 0)
    assume(sq(w - atom(k)) * b**2 * (k + 1) * (1 + k * m) <= r**2, eps < a - k * b * m - r)
    return relu(dot(w, data(k + 1)) - eps) > 0


# ----------------------------------------------------------------------------------------------- both ends


@claim.proof(
    using=[
        unit_vectors.at(k="i + j + 3", i="0"),
        unit_vectors.at(k="i + j + 3", i="i + 1"),
        orthogonal.at(k="i + j + 3", i="0", j="i + 1"),
        orthogonal.at(k="i + j + 3", i="0", j="i + j + 2"),
        orthogonal.at(k="i + j + 3", i="i + 1", j="i + j + 2"),
    ]
)
def sharp_dictionary(i: nat, j: nat, s: real, c: real) -> prop:
    """Unit vectors with inner products s^2, and -s^2 if s is replaced by -s in one of them."""
    assume(orthonormal(i + j + 3), s**2 + c**2 == 1)
    v = s * e(0) + c * e(i + 1)
    w = s * e(0) + c * e(i + 2 + j)
    u = c * e(i + 1) - s * e(0)
    return sq(v) == 1 and dot(v, w) == s**2 and sq(u) == 1 and dot(u, w) == -(s**2)


@claim.proof(using=[equal_products])
def false_alarm(k: nat, s: real, c: real, b: real, eps: real) -> prop:
    """e(1) does not belong to the support; k atoms do, all with the coefficient b."""
    assume(orthonormal(k + 2), eps < k * b * s**2)
    return relu(dot(s * e(0) + c * e(1), others(k, s, c, b)) - eps) > 0


@claim.proof(
    using=[
        equal_products,
        unit_vectors.at(k="k + 2", i="0"),
        unit_vectors.at(k="k + 2", i="1"),
        orthogonal.at(k="k + 2", i="0", j="1"),
    ]
)
def missed(k: nat, s: real, c: real, a: real, b: real, eps: real) -> prop:
    """e(1) belongs to the support, with the coefficient a, beside k atoms with the coefficient b."""
    assume(orthonormal(k + 2), s**2 + c**2 == 1, eps >= a - k * b * s**2)
    u = c * e(1) - s * e(0)
    return relu(dot(u, a * u + others(k, s, c, b)) - eps) == 0


# ------------------------------------------------------------------------------------------- random codes


@claim.experiment(Probability(at_least="99/100"), runs=2048)
def random_codes(draws: Experiment, bias: Fraction):
    """The identity and a Hadamard matrix, n = 256: M = 1/16, k = 5, a = 1, b = 6/5, |W_i - A_i| = 1/20 as bad as possible.

    The window is k b M + r = 0.525 <= eps < 0.55 = a - (k - 1) b M - r.
    """
    import torch

    hadamard = torch.ones(1, 1, dtype=torch.float64, device=draws.device)
    for _ in range(8):
        hadamard = torch.cat((torch.cat((hadamard, hadamard), 1), torch.cat((hadamard, -hadamard), 1)))
    atoms = torch.cat((torch.eye(256, dtype=torch.float64, device=draws.device), hadamard / 16))
    inside = draws.uniform(512).argsort(1).argsort(1) < 5
    code = torch.where(inside, draws.uniform(512, low=1.0, high=1.2), 0.0)
    y = code @ atoms
    seen = y @ atoms.T + torch.where(inside, -1, 1) * y.norm(dim=1, keepdim=True) / 20
    return ((seen > float(bias)) == inside).all(1)


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(share, refuted="99/100", proved="1")


@claim.mutant(replaces=codes)
def codes_of_both_signs(k: nat, a: real, b: real) -> prop:
    """Coefficients with a <= |c_j| <= b"""
    return True if k == 0 else codes(k - 1, a, b) and a <= abs(code(k - 1)) <= b


@claim.mutant(replaces=on_the_support)
def larger_bias(k: nat, w: vec, a: real, b: real, m: real, r: real, eps: real) -> prop:
    """The upper end without what the other atoms take away"""
    assume(a >= 0, codes(k + 1, a, b), dictionary(k + 1, m), eps < a)
    return relu(dot(atom(k), data(k + 1)) - eps) > 0


@claim.mutant(replaces=outside_of_the_support)
def no_bias(v: vec, w: vec, b: real, m: real, r: real, eps: real) -> prop:
    """Any bias that is not negative"""
    assume(codes(size(), 0, b), dictionary(size(), m), incoherent(size(), v, m), eps >= 0)
    return relu(dot(v, data(size())) - eps) == 0


@claim.mutant(replaces=outside_of_the_support)
def rows_are_anything(v: vec, w: vec, b: real, m: real, r: real, eps: real) -> prop:
    """The lower end without r: rows need not be near to their atoms"""
    assume(codes(size(), 0, b), dictionary(size(), m), incoherent(size(), v, m), size() * b * m <= eps)
    return relu(dot(w, data(size())) - eps) == 0


@claim.mutant(replaces=false_alarm)
def alarm_at_the_end(k: nat, s: real, c: real, b: real, eps: real) -> prop:
    """The lower end itself is too small a bias"""
    assume(orthonormal(k + 2), eps <= k * b * s**2)
    return relu(dot(s * e(0) + c * e(1), others(k, s, c, b)) - eps) > 0


claim.mutant("bias-below-the-window", {bias: "1/5"})
