r"""Local entropy solves a viscous Hamilton-Jacobi equation, and prefers flat wells (Chaudhari et al. 2018).

Let v = e^(-beta u).  By the chain rule and the product rule, grad v = -beta v grad u and lap v = -beta (<grad v, grad
u> + v lap u); hence v_t - lap v / (2 beta) = -beta v (u_t + |grad u|^2 / 2 - lap u / (2 beta)), so that u solves the
one equation where v solves the other, the heat equation (Cole and Hopf).  Gaussian kernels solve the heat equation, and
so do their sums.  For a quadratic f, a completed square shows everything.
"""

from __future__ import annotations

from claims.landscape.exponential import addition, difference, exp, ln, logarithm, logarithm_between, tangent, times
from claims.landscape.heat_kernels import beta, cancelled, heat, heat_equation, heat_t, heat_x, heat_xx
from verify import (
    Claim,
    assume,
    cite,
    dot,
    iff,
    nat,
    prop,
    real,
    sq,
    vec,
)

claim = Claim(
    "entropy-sgd-pde",
    title="Local entropy solves a viscous Hamilton-Jacobi equation",
    statement=r"Let $\beta, t > 0$, in any dimension $d$, and let $v = e^{-\beta u}$ have the derivatives that the chain rule and the "
    r"product rule give. Then $u_t = -\frac12 |\nabla u|^2 + \frac1{2\beta} \Delta u$ if and only if $v_t = "
    r"\frac1{2\beta} \Delta v$. "
    r"This holds for $u(x, t) = -\frac1\beta \ln \sum_{j<n} m_j \, t^{-d/2} e^{-\beta |x - y_j|^2 / (2t)}$, wherever this "
    r"sum is "
    r"positive, as for $-\frac1\beta \ln (G_{t/\beta} * e^{-\beta f})$ with a sum in the place of the integral. For "
    r"$f(x) = \frac c2 |x|^2$ a solution with these initial values is $u(x, t) = \frac c{2(1 + ct)} |x|^2 + \frac "
    r"d{2\beta} \ln(1 + ct)$: "
    r"the curvature falls from $c$ to $c / (1 + ct)$, and of two wells the sharper one is raised more. Here $\frac c{2(1 "
    r"+ ct)} |x|^2 "
    r"= \min_y \frac c2 |y|^2 + \frac1{2t} |x - y|^2$, the solution without viscosity ($\beta \to \infty$, Hopf and Lax).",
    source=cite(
        "vidal2017",
        "on the optimization landscape, after Chaudhari et al. (2018), Deep Relaxation; as reviewed",
        quote="SGD in non-convex, high-dimensional landscapes tends to find flat minima and may avoid poor local minima, with "
        "connections to PDE-based interpretations.",
    ),
    remarks="The equation and the formula are those of Chaudhari, Oberman, Osher, Soatto and Carlier (2018), as recalled. The "
    "derivatives of v enter as the equations that the two rules give; that difference quotients of exp and of products "
    "obey "
    "these rules up to the values at the two ends is proved, the limit is not taken. Not proved: that the integral over "
    "all y may be "
    "differentiated, that its limit for t to 0 is f, and that the solution is unique. That stochastic gradient descent "
    "follows "
    "this equation is not said.",
    symbols={
        r"r, \; p": r"$1/\beta$ and $1/t$",
        r"\mathrm{kernel}(j, x, p, s)": r"$s \, e^{-\beta p |x - y_j|^2 / 2}$, where s stands for $t^{-d/2}$",
        r"\mathrm{heat}, \; \mathrm{heat\_t}, \; \mathrm{heat\_x}, \; \mathrm{heat\_xx}": "the sum of n kernels with "
        r"weights, and its "
        "derivative in time, gradient and Laplacian",
    },
)
diffusion = claim.parameter("diffusion", "1/2", r"the factor of $\frac1\beta \Delta u$")


@claim.proof(using=[difference.at(s="-beta() * a", h="-beta() * (b - a)")], assuming=[addition, tangent])
def chain_rule(a: real, b: real) -> prop:
    """From a value a of u to a value b, v changes by -beta (b - a) times a number between its two values."""
    change = exp(-beta() * b) - exp(-beta() * a)
    return -beta() * (b - a) * exp(-beta() * a) <= change <= -beta() * (b - a) * exp(-beta() * b)


@claim.proof()
def product_rule(v: real, w: real, g: vec, h: vec, e: vec) -> prop:
    """The change of v grad u from (v, g) to (w, h), in the direction e."""
    return dot(w * h - v * g, e) == (w - v) * dot(h, e) + v * dot(h - g, e)


@claim.proof(
    using=[cancelled.at(p="beta() * v", e="u_t + sq(u_x) / 2 - r * u_xx / 2")],
    have=["beta() * v > 0", "v_t - r * v_xx / 2 == -(beta() * v * (u_t + sq(u_x) / 2 - r * u_xx / 2))"],
)
def cole_hopf(v: real, r: real, u_t: real, u_x: vec, u_xx: real, v_t: real, v_x: vec, v_xx: real) -> prop:
    """At one point, in any dimension; u_x and v_x are the gradients, u_xx and v_xx the Laplacians."""
    assume(beta() > 0, beta() * r == 1, v > 0)
    assume(v_t == -beta() * v * u_t, v_x == -beta() * v * u_x, v_xx == -beta() * (dot(v_x, u_x) + v * u_xx))
    return iff(u_t == -sq(u_x) / 2 + diffusion * r * u_xx, v_t == r * v_xx / 2)


@claim.proof(using=[heat_equation.at(n="n", d="d", x="x", p="p", s="s", r="r")])
def local_entropy(n: nat, d: nat, x: vec, p: real, s: real, r: real, q: real) -> prop:
    """u is -ln(heat) / beta; its derivatives are those that the two rules give, q being 1 / heat."""
    assume(beta() > 0, beta() * r == 1, q > 0, q * heat(n, x, p, s) == 1)
    u_t = -r * q * heat_t(n, d, x, p, s)
    u_x = -r * q * heat_x(n, x, p, s)
    u_xx = -q * (r * heat_xx(n, d, x, p, s) + dot(heat_x(n, x, p, s), u_x))
    return u_t == -sq(u_x) / 2 + diffusion * r * u_xx


# ------------------------------------------------------------------------------------------- quadratic wells


@claim.proof()
def derivatives_of_a_well(c: real, k: real, m: real, t: real, s: real, x: vec, h: vec) -> prop:
    """k and m are the curvatures at the times t and s: k x is the gradient, the Hessian is k, and k' = -k^2."""
    assume(k * (1 + c * t) == c, m * (1 + c * s) == c)
    return k / 2 * sq(x + h) == k / 2 * sq(x) + k * dot(x, h) + k / 2 * sq(h) and m - k == -k * m * (s - t)


@claim.proof(
    using=[
        logarithm_between.at(a="1 + c * t", b="1 + c * s"),
        times.at(p="q", a="(1 + c * t) * (ln(1 + c * s) - ln(1 + c * t))", b="c * (s - t)"),
        times.at(p="w", a="c * (s - t)", b="(1 + c * s) * (ln(1 + c * s) - ln(1 + c * t))"),
    ],
    assuming=[addition, tangent, logarithm],
)
def derivative_of_the_offset(c: real, t: real, s: real, q: real, w: real) -> prop:
    """The derivative of ln(1 + ct) is the curvature: k = c q at t, c w at s."""
    assume(1 + c * t > 0, 1 + c * s > 0, q > 0, w > 0, q * (1 + c * t) == 1, w * (1 + c * s) == 1)
    return c * w * (s - t) <= ln(1 + c * s) - ln(1 + c * t) <= c * q * (s - t)


@claim.proof()
def quadratic_well(k: real, d: nat, x: vec, r: real) -> prop:
    """u_t = (k'/2) |x|^2 + (d r / 2) k, where k' = -k^2; the gradient is k x, the Laplacian k d."""
    return -(k**2) / 2 * sq(x) + d * r / 2 * k == -sq(k * x) / 2 + diffusion * r * (k * d)


@claim.proof(
    using=[
        logarithm.at(p="1 + a * t"),
        logarithm.at(p="1 + c * t"),
        logarithm_between.at(a="1 + a * t", b="1 + c * t"),
        times.at(p="1 + c * t", a="ln(1 + c * t) - ln(1 + a * t)", b="0"),
    ],
    have=["(c - a) * t > 0", "a * t >= 0", "c * t > 0"],
    cases=["ln(1 + c * t) > ln(1 + a * t)"],
    assuming=[addition, tangent, logarithm],
)
def the_sharper_well_is_raised_more(a: real, c: real, t: real) -> prop:
    """Of the curvatures a < c, at the bottom of the wells."""
    assume(a >= 0, a < c, t > 0)
    return ln(1 + c * t) > ln(1 + a * t)


@claim.proof(have=["p * q == (c + p) * q**2", "c * q + p * q == p"])
def completed_square(c: real, t: real, p: real, q: real, x: vec, y: vec) -> prop:
    """p = 1/t and q = 1/(1 + ct): the least value over y is at y = q x, and the rest is a Gaussian integral."""
    assume(p * t == 1, q * (1 + c * t) == 1)
    return c / 2 * sq(y) + p / 2 * sq(x - y) == c * q / 2 * sq(x) + (c + p) / 2 * sq(y - q * x)


@claim.computation()
def derivatives_by_sympy():
    """The two rules for the logarithm of any function v(x, t), and the Gaussian integral for the well, in one dimension."""
    import sympy

    x, y = sympy.symbols("x y", real=True)
    t, b, c = sympy.symbols("t beta c", positive=True)

    def residual(u):
        return u.diff(t) + u.diff(x) ** 2 / 2 - u.diff(x, 2) / (2 * b)

    v = sympy.Function("v")(x, t)
    any_v = residual(-sympy.log(v) / b) + (v.diff(t) - v.diff(x, 2) / (2 * b)) / (b * v)
    well = c * x**2 / (2 * (1 + c * t)) + sympy.log(1 + c * t) / (2 * b)
    gaussian = sympy.sqrt(b / (2 * sympy.pi * t)) * sympy.exp(-b * (x - y) ** 2 / (2 * t) - b * c * y**2 / 2)
    integral = sympy.integrate(sympy.expand(gaussian), (y, -sympy.oo, sympy.oo))
    exponent = sympy.log(sympy.expand(integral)).expand(force=True) + b * well
    return all(sympy.simplify(zero) == 0 for zero in (any_v, residual(well), exponent))


@claim.trials(8, runs=64)
def two_wells(draws):
    """f = y^2 (y - 1)^2 (1 + 3 y^2) has the minima 0 and 1, of curvature 2 and 8; the integral as a sum over 1401 points.

    The equation holds to 1e-8 of its terms, by automatic differentiation, and u is lower at 0 than at 1."""
    import torch

    y = torch.linspace(-3, 4, 1401, dtype=torch.float64)
    f = y**2 * (y - 1) ** 2 * (1 + 3 * y**2)

    def value(x, t, b):
        kernel = -b * (x - y) ** 2 / (2 * t) + torch.log(b / (2 * torch.pi * t)) / 2
        return -torch.logsumexp(kernel - b * f, 0) / b - torch.log(y[1] - y[0]) / b

    u_t, u_x = torch.func.grad(value, 1), torch.func.grad(value)
    x, t, b = (
        draws.uniform(64, low=-1.0, high=2.0),
        draws.uniform(64, low=0.05, high=0.3),
        draws.uniform(64, low=4.0, high=20.0),
    )
    left, slope, bend = (torch.func.vmap(g)(x, t, b) for g in (u_t, u_x, torch.func.grad(u_x)))
    residual = left + slope**2 / 2 - bend / (2 * b)
    flat, sharp = (torch.func.vmap(value)(torch.full_like(x, bottom), t, b) for bottom in (0.0, 1.0))
    return (residual.abs() <= 1e-8 * (1 + left.abs() + slope**2 + bend.abs())) & (flat < sharp)


# ------------------------------------------------------------------------------------------- what must fail


claim.mutant("twice-the-viscosity", {diffusion: "1"})


@claim.mutant(replaces=cole_hopf)
def the_other_sign(v: real, r: real, u_t: real, u_x: vec, u_xx: real, v_t: real, v_x: vec, v_xx: real) -> prop:
    """The viscosity has the other sign"""
    assume(beta() > 0, beta() * r == 1, v > 0)
    assume(v_t == -beta() * v * u_t, v_x == -beta() * v * u_x, v_xx == -beta() * (dot(v_x, u_x) + v * u_xx))
    return iff(u_t == -sq(u_x) / 2 - diffusion * r * u_xx, v_t == r * v_xx / 2)


@claim.mutant(replaces=completed_square)
def an_unchanged_curvature(c: real, t: real, p: real, q: real, x: vec, y: vec) -> prop:
    """The curvature remains c"""
    assume(p * t == 1, q * (1 + c * t) == 1)
    return c / 2 * sq(y) + p / 2 * sq(x - y) == c / 2 * sq(x) + (c + p) / 2 * sq(y - q * x)
