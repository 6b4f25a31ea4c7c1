r"""Worst cases that are solved by hand, as certificates, and an oracle that knows nothing of the kernel.

The multipliers of gradient descent are those of Drori and Teboulle (2014, convex) and of Abbaszadehpeivasti, de Klerk and Zamani
(2022, nonconvex); the others are identities of two or three lines.  The oracle is the primal semidefinite program over Gram
matrices, in floats, with the inequalities in the form in which the literature prints them.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from fractions import Fraction as F
from typing import Any

import cvxpy as cp
import numpy as np

from verify.kernel import FORMAT

Json = Any


def certificate(kind: str, stated: Json, **witness: Json) -> Json:
    return {"format": FORMAT, "kind": f"worst-case-{kind}", "statement": stated, "witness": witness}


def statement(functions: Json, program: Json, performance: Json, initial: Json, rate: F | str, **rest: Json) -> Json:
    stated = {"question": "worst_case", "relation": "at most", "functions": functions, "program": program}
    stated |= {"conditions": [], "equations": [], "performance": performance, "initial": initial, "rate": str(rate)}
    return {**stated, **rest}


def multipliers(stated: Json, found: dict[str, Any], **rest: Json) -> Json:
    witness = {"weights": ["1"], "multipliers": [[name, str(F(x))] for name, x in found.items()]}
    witness |= {"conditions": [], "equations": [], "matrices": []}
    return certificate("multipliers", stated, **{**witness, **rest})


def squared(x: str, y: str) -> Json:
    """|x - y|^2."""
    return [["1", x, x], ["-2", x, y], ["1", y, y]]


def descent(steps: int, mu: str, length: str = "1", *, minimizer: bool = True) -> tuple[Json, Json]:
    """Functions and program of gradient descent on a function of curvature in [mu, 1], with places 1, ..., N + 1 for x_0, ..."""
    known = [["vector", "xs"], ["let", "zero", []], ["at", "f", "xs", "zero", "fs"]]
    program = [["vector", "x0"], *(known if minimizer else [["lower", "f", "fs"]])]
    for i in range(steps + 1):
        program += [["vector", f"g{i}"], ["at", "f", f"x{i}", f"g{i}", f"f{i}"]]
        if i < steps:
            program += [["let", f"x{i + 1}", [["1", f"x{i}"], [f"-{length}", f"g{i}"]]]]
    return [["f", "curvature", {"mu": mu, "L": "1"}]], program


def convex(steps: int = 2) -> Json:
    """f(x_N) - f* <= |x_0 - x*|^2 / (4 N + 2)."""
    stated = statement(
        *descent(steps, "0"), [[["1", f"f{steps}"], ["-1", "fs"]]], squared("x0", "xs"), F(1, 4 * steps + 2)
    )
    size = [F(i, 2 * steps + 1 - i) for i in range(steps + 1)]
    found = {f"f pair {i} {i + 1}": size[i] for i in range(1, steps + 1)}
    found |= {f"f pair 0 {i + 1}": size[i + 1] - size[i] for i in range(steps)}
    return multipliers(stated, {**found, f"f pair 0 {steps + 1}": 1 - size[steps]})


def nonconvex(steps: int = 2) -> Json:
    """min |f'(x_i)|^2 <= 4 (f(x_0) - inf f) / (3 N + 2)."""
    rate, gradients = F(4, 3 * steps + 2), [[["1", f"g{i}", f"g{i}"]] for i in range(steps + 1)]
    stated = statement(*descent(steps, "-1", minimizer=False), gradients, [["1", "f0"], ["-1", "fs"]], rate)
    found = {f"f pair {i} {i + 1}": rate for i in range(steps)}
    weights = [str(rate * (F(1, 2) + (F(1, 4) if i else 0))) for i in range(steps + 1)]
    return multipliers(stated, {**found, f"f lower {steps} 0": rate}, weights=weights)


def quadratic() -> Json:
    """|x - h f'(x)|^2 <= ((L - mu)/(L + mu))^2 |x|^2 with h = 2/(L + mu), mu = 1/10 and L = 1: the matrix has the entry h^2."""
    program = [
        ["vector", "xs"],
        ["let", "zero", []],
        ["at", "q", "xs", "zero", "qs"],
        ["vector", "x0"],
        ["vector", "g0"],
    ]
    program += [["at", "q", "x0", "g0", "q0"], ["let", "x1", [["1", "x0"], ["-20/11", "g0"]]]]
    functions = [["q", "quadratic", {"mu": "1/10", "L": "1"}]]
    stated = statement(functions, program, [squared("x1", "xs")], squared("x0", "xs"), F(81, 121))
    return multipliers(stated, {}, matrices=[["q", [["0", "0"], ["0", "400/121"]]]])


def resolvent() -> Json:
    """x -> x - c g, where g is the image of that point, is nonexpansive for a monotone operator."""
    program = []
    for i in "01":
        program += [["vector", f"x{i}"], ["vector", f"g{i}"], ["let", f"y{i}", [["1", f"x{i}"], ["-3/2", f"g{i}"]]]]
        program += [["at", "A", f"y{i}", f"g{i}"]]
    stated = statement([["A", "operator", {"mu": "0"}]], program, [squared("y0", "y1")], squared("x0", "x1"), "1")
    return multipliers(stated, {"A monotone 0 1": 3})


def projection() -> Json:
    """Projections onto a convex set of diameter 2 are at a distance of at most 2, and at most that of the points."""
    program = []
    for i in "01":
        program += [["vector", f"x{i}"], ["vector", f"g{i}"], ["let", f"y{i}", [["1", f"x{i}"], ["-1", f"g{i}"]]]]
        program += [["at", "C", f"y{i}", f"g{i}"]]
    stated = statement([["C", "indicator", {"D": "2"}]], program, [squared("y0", "y1")], squared("x0", "x1"), "1")
    both = [["1", "x0", "x0"], ["-2", "x0", "x1"], ["1", "x1", "x1"], ["4"]]
    stated |= {"initial": both, "rate": "1/2"}
    return multipliers(stated, {"C pair 0 1": 1, "C pair 1 0": 1, "C diameter 0 1": F(1, 2)})


def bounded() -> Json:
    """f(x_0) - f(x*) <= M for |x_0 - x*| <= 1 and subgradients of at most M = 3; the curvature is only bounded below."""
    program = [
        ["vector", "xs"],
        ["let", "zero", []],
        ["at", "f", "xs", "zero", "fs"],
        ["vector", "x0"],
        ["vector", "g0"],
    ]
    program += [["at", "f", "x0", "g0", "f0"], ["value", "s"]]
    distance = [["1"], ["-1", "x0", "x0"], ["2", "x0", "xs"], ["-1", "xs", "xs"]]
    performance, functions = [[["1", "s"], ["-1", "fs"]]], [["f", "curvature", {"mu": "0", "L": "inf", "M": "3"}]]
    stated = statement(functions, program, performance, [["1"]], "3")
    stated |= {"conditions": [distance], "equations": [[["1", "s"], ["-1", "f0"]]]}
    found = {"f pair 0 1": 1, "f bound 1": F(1, 6)}
    return multipliers(stated, found, conditions=["3/2"], equations=["-1"])


def not_attained() -> Json:
    """The rate 1/5 of one step of gradient descent is not attained, because 1/6 is a bound."""
    document = convex(1)
    document["statement"] |= {"relation": "attained", "rate": "1/5"}
    document["witness"]["rate"] = "1/6"
    return document


HUBER: Json = {  # f(x) = |x|/3 - 1/18 beyond 1/3, x^2/2 within; x_0 = 1, in the order x0, xs, g0, g1
    "gram": [["1", "0", "1/3", "1/3"], ["0", "0", "0", "0"], ["1/3", "0", "1/9", "1/9"], ["1/3", "0", "1/9", "1/9"]],
    "values": {"fs": "0", "f0": "5/18", "f1": "1/6"},
}


def attained() -> Json:
    document = convex(1)
    return certificate("gram", {**document["statement"], "relation": "attained"}, **HUBER)


def too_small() -> Json:
    document = convex(1)
    return certificate("gram", {**document["statement"], "rate": "1/7"}, **HUBER)


EXAMPLES: dict[str, Callable[[], Json]] = {
    "convex": convex,
    "nonconvex": nonconvex,
    "quadratic": quadratic,
    "resolvent": resolvent,
    "projection": projection,
    "bounded": bounded,
    "not attained": not_attained,
    "attained": attained,
    "too small": too_small,
}

# --------------------------------------------------------------------------------------------------------- the oracle


class Relaxation:
    """The primal semidefinite program of a statement, with a variable for the Gram matrix and one for each number."""

    def __init__(self, stated: Json) -> None:
        free = [command[1] for command in stated["program"] if command[0] == "vector"]
        self.rows = {name: np.eye(len(free))[k] for k, name in enumerate(free)}
        self.gram = cp.Variable((len(free), len(free)), PSD=True)
        self.values: dict[str, Any] = {}
        self.points: dict[str, list[list[str]]] = {entry[0]: [] for entry in stated["functions"]}
        self.lower: dict[str, list[str]] = {entry[0]: [] for entry in stated["functions"]}
        self.rules: list[Any] = []
        for command in stated["program"]:
            self.run(command)
        for name, kind, parameters in stated["functions"]:
            self.relate(name, kind, {key: float("inf") if x == "inf" else float(F(x)) for key, x in parameters.items()})
        self.rules += [self.form(expression) >= 0 for expression in stated["conditions"]]
        self.rules += [self.form(expression) == 0 for expression in stated["equations"]]
        self.performance = [self.form(expression) for expression in stated["performance"]]
        self.initial, self.rate = self.form(stated["initial"]), float(F(stated["rate"]))

    def run(self, command: Json) -> None:
        if command[0] == "let":
            terms = [float(F(c)) * self.rows[name] for c, name in command[2]]
            self.rows[command[1]] = sum(terms, np.zeros(self.gram.shape[0]))
        if command[0] == "at":
            self.points[command[1]].append(command[2:])
        if command[0] == "lower":
            self.lower[command[1]].append(command[2])
        named = {"value": command[1:2], "lower": command[2:], "at": command[4:]}.get(command[0], [])
        self.values |= {name: cp.Variable() for name in named}

    def dot(self, u: Any, v: Any) -> Any:
        return u @ self.gram @ v

    def form(self, expression: Json) -> Any:
        total: Any = 0.0
        for c, *names in expression:
            atom = (
                self.dot(*(self.rows[n] for n in names)) if len(names) == 2 else self.values[names[0]] if names else 1
            )
            total = total + float(F(c)) * atom
        return total

    def relate(self, name: str, kind: str, p: dict[str, float]) -> None:
        points = [(self.rows[x], self.rows[g], self.values[v[0]] if v else 0.0) for x, g, *v in self.points[name]]
        for i, (x, g, v) in enumerate(points):
            for bound in self.lower[name]:
                self.rules.append(
                    v - self.values[bound] >= (self.dot(g, g) / (2 * p["L"]) if np.isfinite(p["L"]) else 0)
                )
            if "M" in p:
                self.rules.append(self.dot(g, g) <= p["M"] ** 2)
            for j, (y, h, w) in enumerate(points):
                if i != j:
                    self.pair(kind, p, (x, g, v), (y, h, w))
        if kind == "quadratic" and points:
            (x, g, v), rest = points[0], points[1:]
            u, t = np.array([y - x for y, _, _ in rest]), np.array([h - g for _, h, _ in rest])
            middle = (t - p["mu"] * u) @ self.gram @ (p["L"] * u - t).T
            self.rules += [u @ self.gram @ t.T == t @ self.gram @ u.T, (middle + middle.T) / 2 >> 0]
            self.rules += [w - v == self.dot(h + g, y - x) / 2 for y, h, w in rest]

    def pair(self, kind: str, p: dict[str, float], first: Any, second: Any) -> None:
        (x, g, v), (y, h, w) = first, second
        d, e = x - y, g - h
        if kind == "curvature":
            quadratic = self.dot(d, d) * p["mu"] / 2
            if np.isfinite(p["L"]):
                inner = self.dot(e, e) / p["L"] + p["mu"] * self.dot(d, d) - 2 * p["mu"] / p["L"] * self.dot(e, d)
                quadratic = inner / (2 * (1 - p["mu"] / p["L"]))
            self.rules.append(v - w - self.dot(h, d) >= quadratic)
        if kind == "indicator":
            self.rules += [self.dot(h, y - x) >= 0, *([self.dot(d, d) <= p["D"] ** 2] if "D" in p else [])]
        if kind == "operator":
            self.rules += [self.dot(e, d) >= p["mu"] * self.dot(d, d)] if "mu" in p else []
            self.rules += [self.dot(e, d) >= p["beta"] * self.dot(e, e)] if "beta" in p else []
            self.rules += [self.dot(e, e) <= p["L"] ** 2 * self.dot(d, d)] if "L" in p else []

    def excess(self, *more: Any) -> float:
        """The largest of min performance - rate * initial, on a bounded set; -inf if there is no instance."""
        goal = cp.minimum(*(p - self.rate * self.initial for p in self.performance), 1.0)
        problem = cp.Problem(cp.Maximize(goal), [*self.rules, *more, cp.trace(self.gram) <= 20])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of being inexact, which the accuracy below allows for
            problem.solve(solver=cp.CLARABEL)
        return float(problem.value) if problem.value is not None else float("-inf")


def is_true(stated: Json, *, accuracy: float = 1e-6) -> bool:
    """Whether a statement is true, up to the accuracy of the program, as far as the inequalities decide it."""
    relaxation = Relaxation(stated)
    if stated["relation"] == "at most":
        return relaxation.excess() <= accuracy
    return relaxation.excess(relaxation.initial == 1) >= -accuracy
