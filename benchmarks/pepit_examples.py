r"""Published examples of PEPit 0.5.1, stated with ``verify.optimization``.

Each function states the worst case of PEPit's example of the same module and name (``PEPit.examples``), with rational parameters.
Where PEPit's tests have irrational ones, a nearby case is taken in which all roots are rational, such as N + 1 = 9 steps or
L/mu = 9.  The bound of "quantity <= 1" in PEPit is our rate with that quantity as the initial one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verify.optimization import (
    Blocks,
    Cocoercive,
    Convex,
    ConvexIndicator,
    Expression,
    Function,
    Lipschitz,
    LipschitzConvex,
    Monotone,
    Nonexpansive,
    Problem,
    Quadratic,
    Smooth,
    SmoothConvex,
    SmoothStronglyConvex,
    StronglyConvex,
    StronglyMonotone,
    Vector,
    WorstCase,
    douglas_rachford,
    frank_wolfe,
    gradient_descent,
    halpern,
    heavy_ball,
    in_space,
    inexact_gradient,
    krasnoselskii_mann,
    line_search,
    nesterov,
    on_line,
    proximal_gradient,
    proximal_point,
    quadratic,
    sq,
)
from verify.optimization.classes import Operator

F = Fraction
MODULES = {
    "unconstrained": "unconstrained_convex_minimization",
    "composite": "composite_convex_minimization",
    "nonconvex": "nonconvex_optimization",
    "stochastic": "stochastic_and_randomized_convex_minimization",
    "monotone": "monotone_inclusions_variational_inequalities",
    "fixed-point": "fixed_point_problems",
    "potential": "potential_functions",
    "adaptive": "adaptive_methods",
    "inexact": "inexact_proximal_methods",
    "flow": "continuous_time_models",
    "projections": "low_dimensional_worst_cases_scenarios",
    "tutorial": "tutorials",
}


@dataclass(frozen=True)
class Example:
    """PEPit's module and function, the published rate where it is a rational number that is exact, the parameters (numbers of
    steps are integers), and our statement of it."""

    part: str
    name: str
    published: Fraction | None
    parameters: dict[str, Any]
    state: Callable[..., WorstCase]

    @property
    def module(self) -> str:
        return f"PEPit.examples.{MODULES[self.part]}.{self.name}"

    def numbers(self) -> dict[str, Any]:
        return {name: F(v) if isinstance(v, str) else v for name, v in self.parameters.items()}


EXAMPLES: list[Example] = []


def example(
    part: str, name: str, published: Any = None, **parameters: Any
) -> Callable[[Callable[..., WorstCase]], Callable[..., WorstCase]]:
    def note(state: Callable[..., WorstCase]) -> Callable[..., WorstCase]:
        exact = None if published is None else F(published)
        EXAMPLES.append(Example(part, name, exact, parameters, state))
        return state

    return note


def bound(problem: Problem, performance: Any, initial: Any = 1, worst: Any = None) -> WorstCase:
    """The question whose rate is looked for, with the worst function where a published one is rational."""
    return WorstCase(problem, performance=performance, initial=initial, rate=0, worst_function=worst)


def minimized(which: Any) -> tuple[Problem, Function, Vector, Vector]:
    """A problem, its function, a minimizer, and a starting point."""
    problem = Problem()
    f = problem.function(which)
    return problem, f, problem.minimizer(f), problem.point("x0")


# ------------------------------------------------------------------------------------ unconstrained convex minimization


@example("unconstrained", "gradient_descent", F(1, 6), L="3", gamma="1/3", n=4)
def descent(L: F, gamma: F, n: int) -> WorstCase:
    problem, f, xs, x0 = minimized(SmoothConvex(L))
    x = gradient_descent(f, x0, [gamma] * n)[-1]
    return bound(problem, f(x) - f(xs), sq(x0 - xs))


@example("unconstrained", "gradient_descent_quadratics", F(8, 9) ** 8 / 6, mu="3/10", L="3", gamma="1/3", n=4)
def quadratics(mu: F, L: F, gamma: F, n: int) -> WorstCase:
    problem, f, xs, x0 = minimized(Quadratic(mu, L))
    x = gradient_descent(f, x0, [gamma] * n)[-1]
    return bound(problem, f(x) - f(xs), sq(x0 - xs), on_line(quadratic(1 / (gamma * (2 * n + 1))), x0=1))


@example("unconstrained", "gradient_exact_line_search", F(29, 31) ** 2, L="3", mu="1/10", n=1)
def exact_line_search(L: F, mu: F, n: int) -> WorstCase:
    problem, f, xs, x0 = minimized(SmoothStronglyConvex(mu, L))
    x, ratio = x0, (L - mu) / (L + mu)
    for _ in range(n):
        x = line_search(f, x, f.gradient(x), "x1")
    worst = in_space([quadratic(mu), quadratic(L)], x0=(1 / mu, 1 / L), x1=(ratio / mu, -ratio / L))
    return bound(problem, f(x) - f(xs), f(x0) - f(xs), worst)


@example("unconstrained", "subgradient_method", F(2, 3), M="2", n=8, gamma="1/6")
def subgradients(M: F, n: int, gamma: F) -> WorstCase:
    problem, f, xs, x0 = minimized(LipschitzConvex(M))
    problem.assume(sq(x0 - xs) <= 1)
    return bound(problem, [f(x) - f(xs) for x in gradient_descent(f, x0, [gamma] * n)])


@example("unconstrained", "conjugate_gradient", F(3, 8), L="3", n=1)
def conjugate_gradient(L: F, n: int) -> WorstCase:
    problem, f, xs, x0 = minimized(SmoothConvex(L))
    x = line_search(f, x0, f.gradient(x0))
    return bound(problem, f(x) - f(xs), sq(x0 - xs))


@example("unconstrained", "inexact_gradient_exact_line_search", F(107, 113) ** 2, L="3", mu="1/10", epsilon="1/10", n=1)
@example("unconstrained", "inexact_gradient_exact_line_search", F(107, 113) ** 4, L="3", mu="1/10", epsilon="1/10", n=2)
def inexact_line_search(L: F, mu: F, epsilon: F, n: int) -> WorstCase:
    problem, f, xs, x0 = minimized(SmoothStronglyConvex(mu, L))
    x = x0
    for _ in range(n):
        x = line_search(f, x, inexact_gradient(f, x, epsilon))
    return bound(problem, f(x) - f(xs), f(x0) - f(xs))


@example("unconstrained", "inexact_gradient_descent", F(107, 113) ** 4, L="3", mu="1/10", epsilon="1/10", n=2)
def inexact_descent(L: F, mu: F, epsilon: F, n: int) -> WorstCase:
    problem, f, xs, x0 = minimized(SmoothStronglyConvex(mu, L))
    x, gamma = x0, 2 / ((1 + epsilon) * L + (1 - epsilon) * mu)
    short, names = (1 - epsilon) * mu, [f"d{k}" for k in range(n)]
    for name in names:
        x = x - gamma * inexact_gradient(f, x, epsilon, name)
    directions = {name: short * (1 - gamma * short) ** k for k, name in enumerate(names)}
    return bound(problem, f(x) - f(xs), f(x0) - f(xs), on_line(quadratic(mu), x0=1, **directions))


@example("unconstrained", "proximal_point", F(5, 6), gamma="1/10", n=3)
def proximal_points(gamma: F, n: int) -> WorstCase:
    problem, f, xs, x0 = minimized(Convex())
    x = proximal_point(f, x0, [gamma] * n)[-1]
    return bound(problem, f(x) - f(xs), sq(x0 - xs))


@example("unconstrained", "inexact_accelerated_gradient", L="2", epsilon="1/10", n=5)
def inexact_acceleration(L: F, epsilon: F, n: int) -> WorstCase:
    problem, f, xs, x0 = minimized(SmoothConvex(L))
    x = y = x0
    for i in range(n):
        before, x = x, y - inexact_gradient(f, y, epsilon) / L
        y = x + F(i, i + 3) * (x - before)
    return bound(problem, f(x) - f(xs), sq(x0 - xs))


@example("unconstrained", "heavy_ball_momentum", mu="2/9", L="1", alpha="1/2", beta="2/3", n=3)
def heavy_balls(mu: F, L: F, alpha: F, beta: F, n: int) -> WorstCase:
    problem, f, xs, x0 = minimized(SmoothStronglyConvex(mu, L))
    x = heavy_ball(f, x0, [alpha] * n, beta)[-1]
    return bound(problem, f(x) - f(xs), f(x0) - f(xs))


@example("unconstrained", "accelerated_proximal_point", A0="1", gammas=["1/2", "1", "2"], n=3)
def accelerated_proximal_points(A0: F, gammas: list[str], n: int) -> WorstCase:
    """With A gamma = 1/2 in every step, alpha = 1/2."""
    problem, f, xs, x0 = minimized(Convex())
    x, v = x0, x0
    for gamma in gammas:
        y = (x + v) / 2
        x = f.prox(y, gamma)
        v = v + 2 * (x - y)
    return bound(problem, f(x) - f(xs), f(x0) - f(xs) + A0 / 2 * sq(x0 - xs))


@example("unconstrained", "triple_momentum", F(2, 3) ** 8 * F(9, 2), mu="1/9", L="1", n=4)
def triple_momentum(mu: F, L: F, n: int) -> WorstCase:
    problem, f, xs, x0 = minimized(SmoothStronglyConvex(mu, L))
    rho = F(2, 3)
    alpha, beta = (1 + rho) / L, rho**2 / (2 - rho)
    gamma, delta = rho**2 / (1 + rho) / (2 - rho), rho**2 / (1 - rho**2)
    before, now, y, x = x0, x0, x0, x0
    for _ in range(n):
        following = (1 + beta) * now - beta * before - alpha * f.gradient(y)
        y = (1 + gamma) * following - gamma * now
        x = (1 + delta) * following - delta * now
        before, now = now, following
    return bound(problem, f(x) - f(xs), sq(x0 - xs))


@example("unconstrained", "robust_momentum", F(7, 9) ** 2, mu="1/9", L="1", lam="1/2")
def robust_momentum(mu: F, L: F, lam: F) -> WorstCase:
    problem, f, xs, x0 = minimized(SmoothStronglyConvex(mu, L))
    x1, kappa = problem.point("x1"), L / mu
    rho = lam * (1 - 1 / kappa) + (1 - lam) * F(2, 3)
    alpha, beta = kappa * (1 - rho) ** 2 * (1 + rho) / L, kappa * rho**3 / (kappa - 1)
    gamma = rho**3 / ((kappa - 1) * (1 - rho) ** 2 * (1 + rho))
    weight = mu**2 * (kappa - kappa * rho**2 - 1) / (2 * rho * (1 - rho))

    def energy(y: Vector, old: Vector, new: Vector) -> Expression:
        z = (new - rho**2 * old) / (1 - rho**2)
        gap = (L - mu) * (f(y) - f(xs) - mu / 2 * sq(y - xs)) - sq(f.gradient(y) - mu * (y - xs)) / 2
        return weight * sq(z - xs) + gap

    points = [x0, x1]
    steps = []
    for _ in range(2):
        moved = points[-1] - points[-2]
        steps.append(points[-1] + gamma * moved)
        points.append(points[-1] + beta * moved - alpha * f.gradient(steps[-1]))
    return bound(problem, energy(steps[1], points[2], points[3]), energy(steps[0], points[1], points[2]))


@example("unconstrained", "accelerated_gradient_convex_simplified", F(1, 15), mu="0", L="1", n=3)
@example("unconstrained", "accelerated_gradient_convex_simplified", F(1, 36), mu="0", L="1", n=6)
def simplified_acceleration(mu: F, L: F, n: int) -> WorstCase:
    problem, f, xs, x0 = minimized(SmoothConvex(L))
    x = nesterov(f, x0, 1 / L, [F(i, i + 3) for i in range(n)])[0][-1]
    return bound(problem, f(x) - f(xs), sq(x0 - xs))


@example("unconstrained", "accelerated_gradient_strongly_convex", mu="1/9", L="1", n=3)
def strongly_convex_acceleration(mu: F, L: F, n: int) -> WorstCase:
    problem, f, xs, x0 = minimized(SmoothStronglyConvex(mu, L))
    x = nesterov(f, x0, 1 / L, [F(1, 2)] * n)[0][-1]
    return bound(problem, f(x) - f(xs), f(x0) - f(xs) + mu / 2 * sq(x0 - xs))


# --------------------------------------------------------------------------------------- composite convex minimization


def composed(*classes: Any) -> tuple[Problem, list[Function], Vector]:
    problem = Problem()
    functions = [problem.function(which) for which in classes]
    return problem, functions, problem.minimizer(sum(functions[1:], functions[0]))


@example("composite", "accelerated_douglas_rachford_splitting", mu="1/10", L="1", alpha="9/10", n=2)
def accelerated_splitting(mu: F, L: F, alpha: F, n: int) -> WorstCase:
    problem, (h, f), xs = composed(Convex(), SmoothStronglyConvex(mu, L))
    x0, theta = problem.point("x0"), (1 - alpha * L) / (1 + alpha * L)
    initial = sq(xs + alpha * f.gradient(xs) - x0)
    u = w = y = x0
    for i in range(n):
        x = f.prox(u, alpha)
        y = h.prox(2 * x - u, alpha)
        before, w = w, u + theta * (y - x)
        u = w + F(i - 1, i + 2) * (w - before) if i else w
    return bound(problem, (f + h)(y) - (f + h)(xs), initial)


@example("composite", "accelerated_proximal_gradient_simplified", F(1, 19), mu="0", L="1", n=4)
def accelerated_proximal_gradient(mu: F, L: F, n: int) -> WorstCase:
    problem, (f, h), xs = composed(SmoothConvex(L), Convex())
    x0 = problem.point("x0")
    x = y = x0
    for i in range(n):
        before, x = x, h.prox(y - f.gradient(y) / L, 1 / L)
        y = x + F(i, i + 3) * (x - before)
    return bound(problem, (f + h)(x) - (f + h)(xs), sq(x0 - xs))


@example("composite", "bregman_proximal_point", F(1, 15), gamma="3", n=5)
def bregman_proximal_point(gamma: F, n: int) -> WorstCase:
    problem = Problem()
    f, h = problem.function(Convex()), problem.function(Convex())
    xs, x0 = problem.minimizer(f), problem.point("x0")
    mirror = h.gradient(x0)
    initial, x = h(xs) - h(x0) - mirror * (xs - x0), x0
    for _ in range(n):
        x = problem.point()
        mirror = mirror - gamma * f.gradient(x)
        h.has_gradient(x, mirror)
    return bound(problem, f(x) - f(xs), initial)


@example("composite", "douglas_rachford_splitting", L="1", alpha="1", theta="1", n=4)
def splitting(L: F, alpha: F, theta: F, n: int) -> WorstCase:
    problem, (h, f), xs = composed(Convex(), SmoothConvex(L))
    _, x, y = douglas_rachford(h, f, problem.point("w0"), alpha, theta, steps=n)
    return bound(problem, (f + h)(y[-1]) - (f + h)(xs), sq(x[0] - xs))


@example(
    "composite", "douglas_rachford_splitting_contraction", F(10, 13) ** 2, mu="1/10", L="1", alpha="3", theta="1", n=1
)
def splitting_contraction(mu: F, L: F, alpha: F, theta: F, n: int) -> WorstCase:
    problem = Problem()
    f, h = problem.function(SmoothStronglyConvex(mu, L)), problem.function(Convex())
    ends = [douglas_rachford(f, h, problem.point(name), alpha, theta, steps=n)[0] for name in ("w0", "z0")]
    return bound(problem, sq(ends[0][-1] - ends[1][-1]), sq(ends[0][0] - ends[1][0]))


@example("composite", "frank_wolfe", L="1", D="1", R=float("inf"), center=None, n=3)
def frank_wolfe_steps(L: F, D: F, R: Any, center: Any, n: int) -> WorstCase:
    problem, (f, region), xs = composed(SmoothConvex(L), ConvexIndicator(D))
    x = frank_wolfe(f, region, problem.point("x0"), n)[-1]
    return bound(problem, f(x) - f(xs))


@example("composite", "no_lips_in_function_value", F(2, 3), L="1", gamma="1/2", n=3)
def no_lips(L: F, gamma: F, n: int) -> WorstCase:
    """The mirror map is h = (d + f)/L with convex d; the region is all of the convex set of an indicator."""
    problem = Problem()
    d, f, region = problem.function(Convex(), "d"), problem.function(Convex()), problem.function(ConvexIndicator(), "K")
    h, xs, x0 = (d + f) / L, problem.minimizer(f + region), problem.point("x0")
    initial, x = h(xs) - h(x0) - h.gradient(x0) * (xs - x0), x0
    for _ in range(n):
        target, x = h.gradient(x) - gamma * f.gradient(x), problem.point()
        region.has_gradient(x, target - h.gradient(x))
    return bound(problem, f(x) - f(xs), initial)


@example("composite", "no_lips_in_bregman_divergence", F(1, 3), L="1/10", gamma="10", n=3)
def no_lips_divergence(L: F, gamma: F, n: int) -> WorstCase:
    problem = Problem()
    d, f, region = problem.function(Convex(), "d"), problem.function(Convex()), problem.function(ConvexIndicator(), "K")
    h, xs, x0 = (d + f) / L, problem.minimizer(f + region), problem.point("x0")
    initial, x, divergences = h(xs) - h(x0) - h.gradient(x0) * (xs - x0), x0, []
    for _ in range(n):
        before, target, x = x, h.gradient(x) - gamma * f.gradient(x), problem.point()
        region.has_gradient(x, target - h.gradient(x))
        divergences.append(h(before) - h(x) - h.gradient(x) * (before - x))
    return bound(problem, divergences, initial)


@example("composite", "proximal_gradient", F(9, 10) ** 4, L="1", mu="1/10", gamma="1", n=2)
def proximal_gradients(L: F, mu: F, gamma: F, n: int) -> WorstCase:
    problem, (f, h), xs = composed(SmoothStronglyConvex(mu, L), Convex())
    x = proximal_gradient(f, h, problem.point("x0"), [gamma] * n)
    return bound(problem, sq(x[-1] - xs), sq(x[0] - xs))


@example("composite", "proximal_gradient_quadratics", F(9, 10) ** 4, L="1", mu="1/10", gamma="1", n=2)
def proximal_gradient_of_quadratics(L: F, mu: F, gamma: F, n: int) -> WorstCase:
    problem, (f, h), xs = composed(Quadratic(mu, L), Convex())
    x = proximal_gradient(f, h, problem.point("x0"), [gamma] * n)
    return bound(problem, sq(x[-1] - xs), sq(x[0] - xs))


@example("composite", "three_operator_splitting", mu1="1/10", L1="10", L3="1", alpha="1", theta="1", n=1)
def three_functions(mu1: F, L1: F, L3: F, alpha: F, theta: F, n: int) -> WorstCase:
    problem = Problem()
    f, h = problem.function(SmoothStronglyConvex(mu1, L1)), problem.function(Convex())
    p = problem.function(SmoothConvex(L3))

    def step(w: Vector) -> Vector:
        x = h.prox(w, alpha)
        return w + theta * (f.prox(2 * x - w - alpha * p.gradient(x), alpha) - x)

    w, z = problem.point("w0"), problem.point("z0")
    initial = sq(w - z)
    for _ in range(n):
        w, z = step(w), step(z)
    return bound(problem, sq(w - z), initial)


# ----------------------------------------------------------------------------------------------------------- nonconvex


@example("nonconvex", "gradient_descent", F(4, 15), L="1", gamma="1", n=5)
def nonconvex_descent(L: F, gamma: F, n: int) -> WorstCase:
    problem = Problem()
    f = problem.function(Smooth(L))
    x = gradient_descent(f, problem.point("x0"), [gamma] * n)
    return bound(problem, [sq(f.gradient(y)) for y in x], f(x[0]) - f(x[-1]))


@example("nonconvex", "no_lips_1", F(1, 3), L="1", gamma="1/2", n=3)
def no_lips_nonconvex(L: F, gamma: F, n: int) -> WorstCase:
    problem = Problem()
    d, e, region = (
        problem.function(Convex(), "d"),
        problem.function(Convex(), "e"),
        problem.function(ConvexIndicator(), "K"),
    )
    f, h, x0 = (e - d) / 2, (d + e) / (2 * L), problem.point("x0")
    region(x0)
    x, divergences = x0, []
    for _ in range(n):
        before, target, x = x, h.gradient(x) - gamma * f.gradient(x), problem.point()
        region.has_gradient(x, target - h.gradient(x))
        divergences.append(h(x) - h(before) - h.gradient(before) * (x - before))
    return bound(problem, divergences, f(x0) - f(x))


@example("nonconvex", "no_lips_2", F(1, 3), L="1", gamma="1", n=3)
def no_lips_backward(L: F, gamma: F, n: int) -> WorstCase:
    problem = Problem()
    d, e, region = (
        problem.function(Convex(), "d"),
        problem.function(Convex(), "e"),
        problem.function(ConvexIndicator(), "K"),
    )
    f, h, x0 = (e - d) / 2, (d + e) / (2 * L), problem.point("x0")
    region(x0)
    x, divergences = x0, []
    for _ in range(n):
        before, target, x = x, h.gradient(x) - gamma * f.gradient(x), problem.point()
        region.has_gradient(x, target - h.gradient(x))
        divergences.append(h(before) - h(x) - h.gradient(x) * (before - x))
    return bound(problem, divergences, f(x0) - f(x))


# ---------------------------------------------------------------------------------------------------------- stochastic


def mean(terms: list[Any]) -> Any:
    return sum(terms[1:], terms[0]) / len(terms)


@example("stochastic", "sgd", F(144, 25), L="1", mu="1/10", gamma="1", v="6/5", R="2", n=2)
@example("stochastic", "sgd", F(144, 25), L="1", mu="1/10", gamma="1", v="6/5", R="2", n=5)
def stochastic_descent(L: F, mu: F, gamma: F, v: F, R: F, n: int) -> WorstCase:
    problem, functions, xs = composed(*[SmoothStronglyConvex(mu, L)] * n)
    x0 = problem.point("x0")
    problem.assume(mean([sq(f.gradient(xs)) for f in functions]) <= v**2, sq(x0 - xs) <= R**2)
    return bound(problem, mean([sq(x0 - gamma * f.gradient(x0) - xs) for f in functions]))


@example("stochastic", "sgd_overparametrized", F(9, 10) ** 2, L="1", mu="1/10", gamma="1", n=5)
def interpolating_descent(L: F, mu: F, gamma: F, n: int) -> WorstCase:
    problem = Problem()
    functions = [problem.function(SmoothStronglyConvex(mu, L)) for _ in range(n)]
    xs, x0 = problem.point("xs"), problem.point("x0")
    for f in functions:
        f.has_gradient(xs, problem.zero_vector())
    return bound(problem, mean([sq(x0 - gamma * f.gradient(x0) - xs) for f in functions]), sq(x0 - xs))


@example("stochastic", "saga", F(23, 24), L="1", mu="1/10", n=2)
def saga(L: F, mu: F, n: int) -> WorstCase:
    problem = Problem()
    h = problem.function(Convex(), "h")
    fs = [problem.function(SmoothStronglyConvex(mu, L)) for _ in range(n)]
    xs = problem.minimizer(h + mean(fs))
    table, x0 = [problem.point(f"y{i}") for i in range(n)], problem.point("x0")
    gamma = 1 / (2 * (mu * n + L))
    weight = 1 / (2 * gamma * (1 - mu * gamma) * n)

    def energy(x: Vector, memory: list[Vector]) -> Expression:
        gaps = [f(y) - f(xs) - f.gradient(xs) * (y - xs) for f, y in zip(fs, memory, strict=True)]
        return weight * sq(x - xs) + mean(gaps)

    average, ends = mean([f.gradient(y) for f, y in zip(fs, table, strict=True)]), []
    for i, f in enumerate(fs):
        x1 = h.prox(x0 - gamma * (f.gradient(x0) - f.gradient(table[i]) + average), gamma)
        ends.append(energy(x1, [x0 if j == i else y for j, y in enumerate(table)]))
    return bound(problem, mean(ends), energy(x0, table))


@example("stochastic", "point_saga", L="1", mu="1/10", n=2)
def point_saga(L: F, mu: F, n: int) -> WorstCase:
    """For n = 2 and L = 10 mu the step is 2."""
    problem, fs, xs = composed(*[SmoothStronglyConvex(mu, L)] * n)
    table, x0, gamma, weight = [problem.point(f"y{i}") for i in range(n)], problem.point("x0"), F(2), 1 / (mu * L)

    def energy(x: Vector, memory: list[Vector]) -> Expression:
        return sq(x - xs) + weight * mean([sq(f.gradient(xs) - g) for f, g in zip(fs, memory, strict=True)])

    ends = []
    for i, f in enumerate(fs):
        x1 = f.prox(x0 + gamma * table[i] - gamma * mean(table), gamma)
        ends.append(energy(x1, [f.gradient(x1) if j == i else g for j, g in enumerate(table)]))
    return bound(problem, mean(ends), energy(x0, table))


@example("stochastic", "randomized_coordinate_descent_smooth_convex", 1, L="1", gamma="1", d=3, t=10)
def coordinate_descent(L: F, gamma: F, d: int, t: int) -> WorstCase:
    problem, f, xs, x0 = minimized(SmoothConvex(L))

    def potential(k: int, x: Vector) -> Expression:
        return (k * gamma * L / d + 1) * (f(x) - f(xs)) + L / 2 * sq(x - xs)

    ends = [x0 - gamma * part for part in Blocks(problem, d)(f.gradient(x0))]
    return bound(problem, mean([potential(t, x) for x in ends]), potential(t - 1, x0))


@example(
    "stochastic",
    "randomized_coordinate_descent_smooth_strongly_convex",
    F(323, 363),
    L="1",
    mu="1/10",
    gamma="20/11",
    d=3,
)
def strongly_convex_coordinate_descent(L: F, mu: F, gamma: F, d: int) -> WorstCase:
    problem, f, xs, x0 = minimized(SmoothStronglyConvex(mu, L))
    ends = [x0 - gamma * part for part in Blocks(problem, d)(f.gradient(x0))]
    return bound(problem, mean([sq(x - xs) for x in ends]), sq(x0 - xs))


# --------------------------------------------------------------------------------- monotone inclusions and fixed points


@example("monotone", "accelerated_proximal_point", F(1, 16), alpha="2", n=4)
def accelerated_resolvents(alpha: F, n: int) -> WorstCase:
    problem = Problem()
    A = problem.operator(Monotone())
    xs, x0 = problem.zero(A), problem.point("x0")
    x, y = [x0], [x0, x0]
    for i in range(n - 1):
        x.append(A.resolvent(y[i + 1], alpha))
        y.append(x[i + 1] + F(i, i + 2) * (x[i + 1] - x[i]) - F(i, i + 2) * (x[i] - y[i]))
    return bound(problem, sq(A.resolvent(y[n], alpha) - y[n]), sq(x0 - xs))


def contraction(A: Any, B: Any, alpha: F, theta: F) -> WorstCase:
    problem = Problem()
    first, second = problem.operator(A), problem.operator(B)
    ends = [douglas_rachford(first, second, problem.point(name), alpha, theta)[0] for name in ("w0", "z0")]
    return bound(problem, sq(ends[0][-1] - ends[1][-1]), sq(ends[0][0] - ends[1][0]))


@example("monotone", "douglas_rachford_splitting", L="1", mu="1/10", alpha="13/10", theta="9/10")
def splitting_of_lipschitz(L: F, mu: F, alpha: F, theta: F) -> WorstCase:
    return contraction(Operator(mu=0, L=L), StronglyMonotone(mu), alpha, theta)


@example("monotone", "douglas_rachford_splitting_2", beta="6/5", mu="1/10", alpha="3/10", theta="3/2")
def splitting_of_cocoercive(beta: F, mu: F, alpha: F, theta: F) -> WorstCase:
    return contraction(Cocoercive(beta), StronglyMonotone(mu), alpha, theta)


@example(
    "monotone", "optimal_strongly_monotone_proximal_point", (F(46, 100) / (F(146, 100) ** 3 - 1)) ** 2, n=3, mu="23/100"
)
def strongly_monotone_resolvents(n: int, mu: F) -> WorstCase:
    def phi(k: int) -> F:
        return ((1 + 2 * mu) ** (2 * k + 2) - 1) / ((1 + 2 * mu) ** 2 - 1)

    problem = Problem()
    A = problem.operator(StronglyMonotone(mu))
    xs, x0 = problem.zero(A), problem.point("x0")
    x, y, before = x0, x0, x0
    for i in range(n):
        following = A.resolvent(y)
        pulled = (
            (phi(i) - 1) * (following - x)
            - 2 * mu * phi(i) * (y - following)
            + (1 + 2 * mu) * phi(i - 1) * (before - x)
        )
        x, before, y = following, y, following + pulled / phi(i + 1)
    return bound(problem, sq(before - x), sq(x0 - xs))


@example("monotone", "proximal_point", F(4, 27), alpha="21/10", n=3)
def resolvents(alpha: F, n: int) -> WorstCase:
    problem = Problem()
    A = problem.operator(Monotone())
    xs, x = problem.zero(A), [problem.point("x0")]
    for _ in range(n):
        x.append(A.resolvent(x[-1], alpha))
    return bound(problem, sq(x[-1] - x[-2]), sq(x[0] - xs))


def inequality(n: int, gamma: F, L: F, past: bool) -> WorstCase:
    problem = Problem()
    region, A = problem.function(ConvexIndicator(), "K"), problem.operator(Operator(mu=0, L=L), "A")
    xs, x0 = problem.point("xs"), problem.point("x0")
    region.has_gradient(xs, -A(xs))
    x = y = previous = region.prox(x0, gamma)
    for _ in range(n):
        old, previous = A(y), x if past else y
        y = region.prox(x - gamma * old, gamma)
        x = region.prox(x - gamma * A(y), gamma) if past else y + gamma * (old - A(y))
    return bound(problem, sq((x if past else y) - previous), sq(x0 - xs))


@example("monotone", "optimistic_gradient", n=2, gamma="1/4", L="1")
def optimistic_gradient(n: int, gamma: F, L: F) -> WorstCase:
    return inequality(n, gamma, L, past=False)


@example("monotone", "past_extragradient", n=2, gamma="1/4", L="1")
def past_extragradient(n: int, gamma: F, L: F) -> WorstCase:
    return inequality(n, gamma, L, past=True)


@example("monotone", "three_operator_splitting", L="1", mu="1/10", beta="1", alpha="13/10", theta="9/10")
def three_operators(L: F, mu: F, beta: F, alpha: F, theta: F) -> WorstCase:
    problem = Problem()
    A, B = problem.operator(Monotone()), problem.operator(Cocoercive(beta))
    f = problem.function(SmoothStronglyConvex(mu, L))

    def step(w: Vector) -> Vector:
        x = B.resolvent(w, alpha)
        return w - theta * (x - A.resolvent(2 * x - w - alpha * f.gradient(x), alpha))

    w, z = problem.point("w0"), problem.point("z0")
    return bound(problem, sq(step(w) - step(z)), sq(w - z))


def fixed(which: Any) -> tuple[Problem, Any, Vector, Vector]:
    problem = Problem()
    T = problem.operator(which, "T")
    return problem, T, problem.fixed_point(T), problem.point("x0")


@example("fixed-point", "halpern_iteration", F(1, 9), n=5)
def halpern_steps(n: int) -> WorstCase:
    problem, T, xs, x0 = fixed(Nonexpansive())
    x = halpern(T, x0, n)[-1]
    return bound(problem, sq(x - T(x)), sq(x0 - xs))


@example("fixed-point", "krasnoselskii_mann_constant_step_sizes", F(9, 64), n=3, gamma="3/4")
def constant_averages(n: int, gamma: F) -> WorstCase:
    problem, T, xs, x0 = fixed(Nonexpansive())
    x = krasnoselskii_mann(T, x0, [gamma] * n)[-1]
    return bound(problem, sq(x - T(x)) / 4, sq(x0 - xs))


@example("fixed-point", "krasnoselskii_mann_increasing_step_sizes", n=3)
def increasing_averages(n: int) -> WorstCase:
    problem, T, xs, x0 = fixed(Nonexpansive())
    x = krasnoselskii_mann(T, x0, [F(i + 1, i + 2) for i in range(n)])[-1]
    return bound(problem, sq(x - T(x)) / 4, sq(x0 - xs))


@example(
    "fixed-point",
    "optimal_contractive_halpern_iteration",
    (1 + F(100, 113)) ** 2 * (F(13, 100) / (F(113, 100) ** 4 - 1)) ** 2,
    n=3,
    gamma="113/100",
)
def contractive_halpern(n: int, gamma: F) -> WorstCase:
    problem, T, xs, x0 = fixed(Lipschitz(1 / gamma))
    x = x0
    for i in range(n):
        phi = (gamma ** (2 * i + 4) - 1) / (gamma**2 - 1)
        x = x0 / phi + (1 - 1 / phi) * T(x)
    return bound(problem, sq(x - T(x)), sq(x0 - xs))


# ------------------------------------------------------------------------- potentials, adaptive steps, inexact, flows


@example("potential", "gradient_descent_lyapunov_1", 0, L="1", gamma="1", n=10)
def first_potential(L: F, gamma: F, n: int) -> WorstCase:
    problem, f, xs, x0 = minimized(SmoothConvex(L))
    x1 = gradient_descent(f, x0, gamma)[-1]
    before = n * (f(x0) - f(xs)) + L / 2 * sq(x0 - xs)
    return bound(problem, (n + 1) * (f(x1) - f(xs)) + L / 2 * sq(x1 - xs) - before)


@example("potential", "gradient_descent_lyapunov_2", 0, L="1", gamma="1", n=10)
def second_potential(L: F, gamma: F, n: int) -> WorstCase:
    problem, f, xs, x0 = minimized(SmoothConvex(L))

    def potential(k: int, x: Vector) -> Expression:
        return (2 * k + 1) * L * (f(x) - f(xs)) + k * (k + 2) * sq(f.gradient(x)) + L**2 * sq(x - xs)

    return bound(problem, potential(n + 1, gradient_descent(f, x0, gamma)[-1]) - potential(n, x0))


@example("potential", "accelerated_gradient_method", 0, L="1", gamma="1", lam="2/3")
def accelerated_potential(L: F, gamma: F, lam: F) -> WorstCase:
    """After 2/3 comes 4/3 = (1 + sqrt(1 + 4 (2/3)^2)) / 2."""
    problem, f, xs, x = minimized(SmoothConvex(L))
    z, following = problem.point("z0"), F(4, 3)
    y = (1 - 1 / following) * x + z / following
    moved = z - (following**2 - lam**2) / L * f.gradient(y)
    after = following**2 * (f(y - gamma * f.gradient(y)) - f(xs)) + L / 2 * sq(moved - xs)
    return bound(problem, after - lam**2 * (f(x) - f(xs)) - L / 2 * sq(z - xs))


@example("adaptive", "polyak_steps_in_distance_to_optimum", L="1", mu="1/10", gamma="2")
@example("adaptive", "polyak_steps_in_distance_to_optimum", L="1", mu="1/10", gamma="3/2")
def polyak_distance(L: F, mu: F, gamma: F) -> WorstCase:
    problem, f, xs, x0 = minimized(SmoothStronglyConvex(mu, L))
    problem.assume_equal(gamma * sq(f.gradient(x0)), 2 * (f(x0) - f(xs)))
    return bound(problem, sq(x0 - gamma * f.gradient(x0) - xs), sq(x0 - xs))


@example("adaptive", "polyak_steps_in_function_value", F(41, 80), L="1", mu="1/10", gamma="3/2")
def polyak_value(L: F, mu: F, gamma: F) -> WorstCase:
    problem, f, xs, x0 = minimized(SmoothStronglyConvex(mu, L))
    problem.assume_equal(sq(f.gradient(x0)), 2 * L * (2 - L * gamma) * (f(x0) - f(xs)))
    return bound(problem, f(x0 - gamma * f.gradient(x0)) - f(xs), f(x0) - f(xs))


@example(
    "inexact",
    "partially_inexact_douglas_rachford_splitting",
    F(29, 33) ** 2,
    mu="1",
    L="5",
    n=1,
    gamma="7/5",
    sigma="1/5",
)
def partially_inexact(mu: F, L: F, n: int, gamma: F, sigma: F) -> WorstCase:
    problem, (f, h), xs = composed(SmoothStronglyConvex(mu, L), Convex())
    z = problem.point("z0")
    goal = xs + gamma * f.gradient(xs)
    initial = sq(z - goal)
    for _ in range(n):
        x = problem.point()
        y = h.prox(x - gamma * f.gradient(x), gamma)
        problem.assume(sq(x - z + gamma * f.gradient(x)) <= sigma**2 * sq(y - z + gamma * f.gradient(x)))
        z = z + y - x
    return bound(problem, sq(z - goal), initial)


@example("inexact", "relatively_inexact_proximal_point_algorithm", n=2, gamma="2", sigma="3/10")
def relatively_inexact(n: int, gamma: F, sigma: F) -> WorstCase:
    problem, f, xs, x0 = minimized(Convex())
    x = x0
    for _ in range(n):
        before, x = x, problem.point()
        problem.assume(sq(x - before + gamma * f.gradient(x)) <= sigma**2 * sq(x - before))
    return bound(problem, f(x) - f(xs), sq(x0 - xs))


@example("flow", "gradient_flow_convex", 0, t="17/5")
def convex_flow(t: F) -> WorstCase:
    problem, f, xs, x = minimized(Convex())
    g = f.gradient(x)
    return bound(problem, f(x) - f(xs) - t * sq(g) - (x - xs) * g)


@example("flow", "accelerated_gradient_flow_convex", 0, t="17/5")
def accelerated_flow(t: F) -> WorstCase:
    problem, f, xs, x = minimized(Convex())
    speed, g = problem.point("v"), f.gradient(x)
    change = F(3, 2) * speed + t / 2 * (-3 / t * speed - g)
    return bound(problem, 2 * t * (f(x) - f(xs)) + t**2 * (speed * g) + 4 * ((x - xs + t / 2 * speed) * change))


@example("flow", "gradient_flow_strongly_convex", F(-8, 5), mu="4/5")
def strongly_convex_flow(mu: F) -> WorstCase:
    problem, f, xs, x = minimized(StronglyConvex(mu))
    return bound(problem, -1 * sq(f.gradient(x)), f(x) - f(xs))


def projections() -> tuple[Problem, Function, Function, Vector, Vector]:
    problem = Problem()
    first, second = problem.function(ConvexIndicator(), "K"), problem.function(ConvexIndicator(), "Q")
    return problem, first, second, problem.minimizer(first + second), problem.point("x0")


@example("projections", "alternate_projections", n=3)
def alternate_projections(n: int) -> WorstCase:
    problem, first, second, xs, x0 = projections()
    x = x0
    for _ in range(n):
        x = second.prox(first.prox(x))
    return bound(problem, sq(x - first.prox(x)), sq(x0 - xs))


@example("projections", "averaged_projections", n=2)
def averaged_projections(n: int) -> WorstCase:
    problem, first, second, xs, x0 = projections()
    x = x0
    for _ in range(n):
        x = (first.prox(x) + second.prox(x)) / 2
    return bound(problem, sq(second.prox(x) - first.prox(x)), sq(x0 - xs))


@example("projections", "dykstra", n=2)
def dykstra(n: int) -> WorstCase:
    problem, first, second, xs, x0 = projections()
    x, p, q = x0, problem.zero_vector(), problem.zero_vector()
    for _ in range(n):
        y = first.prox(x + p)
        p = x + p - y
        x = second.prox(y + q)
        q = y + q - x
    return bound(problem, sq(x - first.prox(x)), sq(x0 - xs))


@example("tutorial", "gradient_descent_contraction", F(9, 10) ** 2, L="1", mu="1/10", gamma="1", n=1)
@example("tutorial", "gradient_descent_contraction", F(9, 10) ** 8, L="1", mu="1/10", gamma="1", n=4)
def descent_contraction(L: F, mu: F, gamma: F, n: int) -> WorstCase:
    problem = Problem()
    f = problem.function(SmoothStronglyConvex(mu, L))
    x, y = (gradient_descent(f, problem.point(name), [gamma] * n) for name in ("x0", "y0"))
    return bound(problem, sq(x[-1] - y[-1]), sq(x[0] - y[0]), on_line(quadratic(mu), x0=1, y0=0))
