r"""One hidden layer cannot compute max(0, x_1, x_2), whatever its width: the repair of “Depth is Necessary!” (Grohs 2017).

ReLU(t) - ReLU(-t) = t: the odd part of a network with one hidden layer is linear, up to what its biases contribute.
The odd part of max(0, x_1, x_2) is 1/2 at (1, 0), at (0, 1) and at (1, 1), and no linear form comes closer to that than
1/6.  Nor can the 1/6 be improved: the even part of max(0, x_1, x_2) is a network with one hidden layer.
"""

from __future__ import annotations

from verify import (
    Claim,
    arbitrary,
    assume,
    cite,
    define,
    dot,
    induction,
    layered,
    lemma,
    nat,
    prop,
    real,
    relu,
    units,
    vec,
)

claim = Claim(
    "depth-necessity-max",
    title="One hidden layer misses the maximum by R/6",
    statement=r"Let $f(x) = \langle l, x \rangle + c_0 + \sum_{i=1}^n c_i \operatorname{ReLU}(\langle a_i, x \rangle + b_i)$ "
    r"be a ReLU network with one hidden layer of any width $n$ on $\mathbb{R}^d$, $d \ge 2$, or any inner product space; let "
    r"$u, w$ and $p, q$ be vectors with $\langle u, p \rangle = \langle w, q \rangle = R \ge 0$ and "
    r"$\langle u, q \rangle = \langle w, p \rangle = 0$. At one of the six points $\pm p, \pm q, \pm (p + q)$, $f$ differs "
    r"from $\max(0, \langle u, x \rangle, \langle w, x \rangle)$ by at least $\frac{R}{6} - \frac12 \sum_i |c_i b_i|$. With "
    r"$u = e_1$, $w = e_2$ and $R \to \infty$: $\limsup \frac1R \sup_{|x|_\infty \le R} |f(x) - \max(0, x_1, x_2)| \ge "
    r"\frac16$. The network $\frac{x_1 + x_2}{3} + \frac{|x_1| + |x_2| + |x_1 - x_2|}{4}$, with six units, has an error of at "
    r"most $\frac16 |x|_\infty$ everywhere.",
    source=cite("grohs2017", "slide “Depth is Necessary!”"),
    repairs="depth-necessity-literal",
    remarks="An exact representation would have to be right at every R, so there is none: max(0, x_1, x_2), the maximum of "
    "three numbers and every call option on two or more assets need a second hidden layer. That networks of polynomial "
    "size cannot come close on a bounded domain either is another theorem, which is not checked here.",
    symbols={
        r"\mathrm{net}(n, x)": "the network; its affine part has the weights a(0) and bias(0)",
        r"\mathrm{slope}(n, x)": "twice its odd part, were all biases 0: a linear form in x",
        r"\mathrm{biases}(n)": r"$\sum_{i=1}^n |c_i b_i|$",
    },
)
sixth = claim.parameter("sixth", "1/6", "the constant $c$ in the lower bound $c R$")


@arbitrary
def a(i: nat) -> vec: ...


@arbitrary
def bias(i: nat) -> real: ...


@arbitrary
def outer(i: nat) -> real: ...


@define
def net(n: nat, x: vec) -> real:
    return dot(a(0), x) + bias(0) if n == 0 else net(n - 1, x) + outer(n) * relu(dot(a(n), x) + bias(n))


@define
def slope(n: nat, x: vec) -> real:
    return 2 * dot(a(0), x) if n == 0 else slope(n - 1, x) + outer(n) * dot(a(n), x)


@define
def biases(n: nat) -> real:
    return 0 if n == 0 else biases(n - 1) + abs(outer(n) * bias(n))


@define
def target(u: vec, w: vec, x: vec) -> real:
    return max(0, max(dot(u, x), dot(w, x)))


@lemma(cases=["c >= 0", "b >= 0"])
def product_of_moduli(c: real, b: real, r: real) -> prop:
    assume(-abs(b) <= r <= abs(b))
    return -abs(c * b) <= c * r <= abs(c * b)


@lemma()
def odd_part_of_a_unit(t: real, b: real) -> prop:
    return -abs(b) <= relu(t + b) - relu(-t + b) - t <= abs(b)


@lemma(
    using=[
        odd_part_of_a_unit.at(t="t", b="b"),
        product_of_moduli.at(c="c", b="b", r="relu(t + b) - relu(-t + b) - t"),
    ]
)
def odd_part_of_a_weighted_unit(c: real, t: real, b: real) -> prop:
    return -abs(c * b) <= c * relu(t + b) - c * relu(-t + b) - c * t <= abs(c * b)


@claim.proof(
    by=induction("n"),
    using=[odd_part_of_a_weighted_unit.at(c="outer(n + 1)", t="dot(a(n + 1), x)", b="bias(n + 1)")],
)
def odd_part_is_almost_linear(n: nat, x: vec) -> prop:
    return -biases(n) <= net(n, x) - net(n, -x) - slope(n, x) <= biases(n)


@lemma(by=induction("n"))
def slope_is_linear(n: nat, p: vec, q: vec) -> prop:
    return slope(n, p + q) == slope(n, p) + slope(n, q)


@claim.proof()
def three_points(s: real, t: real, e: real) -> prop:
    """No linear form is close to 1 at (1, 0), (0, 1) and (1, 1)."""
    assume(abs(s - 1) <= e, abs(t - 1) <= e, abs(s + t - 1) <= e)
    return e >= 2 * sixth


@lemma()
def target_at_the_points(u: vec, w: vec, p: vec, q: vec, r: real) -> prop:
    assume(r >= 0, dot(u, p) == r, dot(w, q) == r, dot(u, q) == 0, dot(w, p) == 0)
    return (
        target(u, w, p) - target(u, w, -p) == r
        and target(u, w, q) - target(u, w, -q) == r
        and target(u, w, p + q) - target(u, w, -p - q) == r
    )


@claim.proof(
    using=[
        target_at_the_points.at(u="u", w="w", p="p", q="q", r="r"),
        odd_part_is_almost_linear.at(n="n", x="p"),
        odd_part_is_almost_linear.at(n="n", x="q"),
        odd_part_is_almost_linear.at(n="n", x="p + q"),
        slope_is_linear.at(n="n", p="p", q="q"),
    ]
)
def error_at_six_points(n: nat, u: vec, w: vec, p: vec, q: vec, r: real, e: real) -> prop:
    assume(r >= 0, dot(u, p) == r, dot(w, q) == r, dot(u, q) == 0, dot(w, p) == 0)
    assume(-e <= net(n, p) - target(u, w, p) <= e, -e <= net(n, -p) - target(u, w, -p) <= e)
    assume(-e <= net(n, q) - target(u, w, q) <= e, -e <= net(n, -q) - target(u, w, -q) <= e)
    assume(-e <= net(n, p + q) - target(u, w, p + q) <= e, -e <= net(n, -p - q) - target(u, w, -p - q) <= e)
    return e >= sixth * r - biases(n) / 2


@define
def best(x: real, y: real) -> real:
    return 7 / 12 * (relu(x) + relu(y)) - 1 / 12 * (relu(-x) + relu(-y)) + 1 / 4 * (relu(x - y) + relu(y - x))


@lemma()
def even_and_odd_part_of_relu(t: real) -> prop:
    return 2 * relu(t) == abs(t) + t and 2 * relu(-t) == abs(t) - t


@lemma(
    using=[
        even_and_odd_part_of_relu.at(t="x"),
        even_and_odd_part_of_relu.at(t="y"),
        even_and_odd_part_of_relu.at(t="x - y"),
        even_and_odd_part_of_relu,
    ]
)
def parts_of_the_best(x: real, y: real) -> prop:
    return best(x, y) == (x + y) / 3 + (abs(x) + abs(y) + abs(x - y)) / 4


@claim.proof(using=[parts_of_the_best], cases=["x >= 0", "y >= 0", "x >= y"])
def attained(x: real, y: real) -> prop:
    """By one hidden layer of six units."""
    small = abs(best(x, y) - max(0, max(x, y))) <= sixth * max(abs(x), abs(y))
    return small and layered(best(x, y), 1) and units(best(x, y)) == 6


claim.sampling(attained, samples=1 << 16, reals={"x": (-8, 8), "y": (-8, 8)})


@claim.trials(64)
def fitted_networks(draws):
    """64 units, the outer weights fitted by least squares to max(0, x_1, x_2) on a grid of 33 x 33 points in [-R, R]^2 for
    R = 16.  All weights are dyadic and small, so that the errors at the six points are computed exactly."""
    import torch

    radius = 16.0
    line = torch.linspace(-radius, radius, 33, dtype=torch.float64)
    six = radius * torch.tensor([[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [-1, -1]], dtype=torch.float64)
    points = torch.cat([six, torch.cartesian_prod(line, line)])
    inner = draws.uniform(2, 64, low=-1.0, high=1.0, bits=8)
    bias = draws.uniform(64, low=-0.5, high=0.5, bits=8) / 64
    affine = torch.cat([points, torch.ones(len(points), 1, dtype=torch.float64)], dim=1)
    features = torch.cat([affine, torch.relu(points @ inner + bias)], dim=1)
    target = points.amax(dim=1).clamp(min=0)
    fitted = torch.linalg.lstsq(features, target[:, None], driver="gelsd").solution[:, 0]
    outer = torch.round(fitted.clamp(-(2.0**8), 2.0**8) * 4096) / 4096
    error = (features[:6] @ outer - target[:6]).abs().amax()
    return 6 * error >= radius - 3 * (outer[3:] * bias).abs().sum()


claim.sharpness(sixth, refuted="11/64", proved="1/6")  # 2 (x_1 + x_2) / 3 is at a distance of 1/3 in three_points


@claim.mutant(replaces=target)
def one_input(u: vec, w: vec, x: vec) -> real:
    """max(0, x_1), which is one unit"""
    return relu(dot(u, x))


@claim.mutant(replaces=target)
def sum_of_moduli(u: vec, w: vec, x: vec) -> real:
    """|x_1| + |x_2|, which is even"""
    return abs(dot(u, x)) + abs(dot(w, x))


@claim.mutant(replaces=odd_part_is_almost_linear)
def odd_part_is_linear(n: nat, x: vec) -> prop:
    """Biases do not matter"""
    return net(n, x) - net(n, -x) == slope(n, x)


@claim.mutant(replaces=best)
def only_the_even_part(x: real, y: real) -> real:
    """(|x_1| + |x_2| + |x_1 - x_2|) / 4 without its linear part"""
    return 1 / 4 * (relu(x) + relu(y) + relu(-x) + relu(-y) + relu(x - y) + relu(y - x))
