r"""First-order methods: each takes oracles and a starting vector, and gives its iterates x_0, ..., x_N.

They only combine vectors, so that they run on the names of a problem (``verify.optimization.problem``).  A list of N steps
says how many iterations there are; one step size stands for a single iteration.  All steps are rational: of a method whose
usual parameters are not, such as Nesterov's sequence t_{k+1} = (1 + sqrt(1 + 4 t_k^2))/2, take a rational one like k/(k + 3).

Sources: Y. Nesterov, Lectures on convex optimization (2018), chapters 2 and 3; H. Bauschke, P. Combettes, Convex analysis and
monotone operator theory in Hilbert spaces (2017), chapters 23, 26 and 30.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from verify.errors import ProblemError
from verify.optimization.blocks import Blocks
from verify.optimization.classes import Number, exact, positive
from verify.optimization.problem import Function, Operator
from verify.optimization.terms import Vector, dot, sq

Steps = Number | Sequence[Number]


def gradient_descent(f: Function, x0: Vector, steps: Steps) -> list[Vector]:
    """x_{k+1} = x_k - h_k g_k, g_k a gradient (or a subgradient) of f at x_k.

    gradient_descent(f, x0, [Fraction(1, k + 1) for k in range(5)])
    """
    iterates = [x0]
    for step in listed(steps):
        iterates.append(iterates[-1] - step * f.gradient(iterates[-1]))
    return iterates


def heavy_ball(f: Function, x0: Vector, steps: Steps, momentum: Number) -> list[Vector]:
    """Polyak: x_{k+1} = x_k - h_k g_k + b (x_k - x_{k-1}), x_{-1} = x_0."""
    factor, iterates, before = exact(momentum, "the momentum"), [x0], x0
    for step in listed(steps):
        x = iterates[-1]
        iterates.append(x - step * f.gradient(x) + factor * (x - before))
        before = x
    return iterates


def nesterov(f: Function, x0: Vector, step: Number, momenta: Sequence[Number]) -> tuple[list[Vector], list[Vector]]:
    """x_{k+1} = y_k - h f'(y_k), y_{k+1} = x_{k+1} + b_k (x_{k+1} - x_k), y_0 = x_0: the x and the extrapolated y."""
    size, iterates, extrapolated = positive(step, "the step size", POSITIVE), [x0], [x0]
    for momentum in listed(momenta, "momenta", signed=True):
        y = extrapolated[-1]
        iterates.append(y - size * f.gradient(y))
        extrapolated.append(iterates[-1] + momentum * (iterates[-1] - iterates[-2]))
    return iterates, extrapolated


def proximal_point(f: Function, x0: Vector, steps: Steps) -> list[Vector]:
    """x_{k+1} = x_k - h_k g with a subgradient g of f at x_{k+1}."""
    iterates = [x0]
    for step in listed(steps):
        iterates.append(f.prox(iterates[-1], step))
    return iterates


def proximal_gradient(f: Function, h: Function, x0: Vector, steps: Steps) -> list[Vector]:
    """x_{k+1} = prox of h at x_k - h_k f'(x_k); if h is an indicator, the projected gradient method."""
    iterates = [x0]
    for step in listed(steps):
        x = iterates[-1]
        iterates.append(h.prox(x - step * f.gradient(x), step))
    return iterates


def preconditioned_gradient(
    f: Function, x0: Vector, scales: Sequence[Sequence[Number]], blocks: Blocks
) -> list[Vector]:
    """x_{k+1} = x_k - sum_i h_{k,i} (block i of f'(x_k)): a diagonal metric that changes from step to step.

    preconditioned_gradient(f, x0, [["1/2", 1], [1, "1/4"]], Blocks(problem, 2))
    """
    if not scales:
        raise ProblemError("there are no scales, hence no iterations; give a list of scales for each")
    iterates = [x0]
    for row in scales:
        sizes = listed(row, "scales")
        if len(sizes) != blocks.count:
            raise ProblemError(f"{len(sizes)} scales are given for {blocks.count} blocks; give one for each block")
        parts = zip(sizes, blocks(f.gradient(iterates[-1])), strict=True)
        iterates.append(iterates[-1] - sum((size * part for size, part in parts), x0.problem.zero_vector()))
    return iterates


def stochastic_steps(functions: Sequence[Function], x0: Vector, step: Number) -> list[Vector]:
    """What x_0 - h f_i'(x_0) may be, for each i: the mean of expressions of these is an expectation for uniform i."""
    if not functions:
        raise ProblemError("a stochastic step needs at least one function to choose from")
    return [gradient_descent(f, x0, step)[-1] for f in functions]


def line_search(f: Function, x: Vector, direction: Vector, name: str | None = None) -> Vector:
    """An exact line search: a point y where f'(y) is orthogonal to y - x and to the direction.

    That y lies on the line is not noted, as the length of the step is unknown: a bound of this worst case is one of the
    line search, and an instance need not be one.
    """
    y = x.problem.point(name)
    x.problem.assume_equal(dot(f.gradient(y), y - x))
    x.problem.assume_equal(dot(f.gradient(y), direction))
    return y


def inexact_gradient(f: Function, x: Vector, error: Number, name: str | None = None) -> Vector:
    """A vector d with |d - f'(x)| <= error |f'(x)|."""
    size, gradient = exact(error, "the relative error"), f.gradient(x)
    if size < 0:
        raise ProblemError(f"the relative error {size} of a gradient is negative; give a number that is at least 0")
    direction = x.problem.point(name)
    x.problem.assume(sq(direction - gradient) <= size**2 * sq(gradient))
    return direction


def halpern(T: Operator, x0: Vector, steps: int) -> list[Vector]:
    """x_{k+1} = x_0 / (k + 2) + (1 - 1/(k + 2)) T(x_k)."""
    iterates = [x0]
    for k in range(natural(steps)):
        iterates.append(Fraction(1, k + 2) * x0 + Fraction(k + 1, k + 2) * T(iterates[-1]))
    return iterates


def krasnoselskii_mann(T: Operator, x0: Vector, weights: Steps) -> list[Vector]:
    """x_{k+1} = (1 - c_k) x_k + c_k T(x_k)."""
    iterates = [x0]
    for c in listed(weights, "weights"):
        iterates.append((1 - c) * iterates[-1] + c * T(iterates[-1]))
    return iterates


def douglas_rachford(
    A: Function | Operator, B: Function | Operator, w0: Vector, step: Number, relaxation: Number = 1, *, steps: int = 1
) -> tuple[list[Vector], list[Vector], list[Vector]]:
    """x = J_B w, y = J_A (2 x - w), w + relaxation (y - x): the sequences w_0, ..., w_N, x_0, ..., x_{N-1} and y."""
    factor = exact(relaxation, "the relaxation")
    w, x, y = [w0], [], []
    for _ in range(natural(steps)):
        x.append(backward(B, w[-1], step))
        y.append(backward(A, 2 * x[-1] - w[-1], step))
        w.append(w[-1] + factor * (y[-1] - x[-1]))
    return w, x, y


def backward(which: Function | Operator, point: Vector, step: Number) -> Vector:
    return which.prox(point, step) if isinstance(which, Function) else which.resolvent(point, step)


def frank_wolfe(f: Function, region: Function, x0: Vector, steps: int) -> list[Vector]:
    """x_{k+1} = x_k + 2/(k + 2) (v_k - x_k), v_k the point of the region where <f'(x_k), v> is least."""
    region(x0)  # the starting point is in it
    iterates = [x0]
    for k in range(natural(steps)):
        x = iterates[-1]
        v = region.linear_minimizer(f.gradient(x))
        iterates.append(Fraction(k, k + 2) * x + Fraction(2, k + 2) * v)
    return iterates


POSITIVE = "give a positive one"


def listed(steps: Steps, what: str = "step sizes", *, signed: bool = False) -> list[Fraction]:
    """The step sizes of all iterations, positive unless they may have any sign."""
    single = isinstance(steps, str | int | float | Fraction) or not isinstance(steps, Sequence)
    found = [exact(step, f"one of the {what}") for step in ([steps] if single else steps)]  # type: ignore[union-attr]
    if not found:
        raise ProblemError(f"there are no {what}, hence no iterations; give at least one")
    if not signed and min(found) <= 0:
        raise ProblemError(f"{min(found)} is among the {what}, which are positive; leave it out or change it")
    return found


def natural(steps: int) -> int:
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
        raise ProblemError(f"the number of steps is {steps!r}; give a natural number, 1 or more")
    return steps
