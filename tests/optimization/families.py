r"""Worst cases of gradient methods with known rates, as statements of the kernel.

The rates are closed forms of the literature: Drori and Teboulle 2014 (convex, values), Kim and Fessler 2021 (convex, gradients),
Abbaszadehpeivasti, de Klerk and Zamani 2022 (nonconvex), and the contraction by max(|1 - h mu|, |1 - h L|), Polyak 1963 and Taylor,
Hendrickx and Glineur 2018 (strongly convex).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction as F
from typing import Any

Json = Any
MU = F(1, 10)
Move = Callable[[int, list[dict[str, F]]], dict[str, F]]  # of the step and the iterates so far to the next one


def difference(x: str, y: str) -> Json:
    return [["1", x, x], ["-2", x, y], ["1", y, y]]


def statement(
    moves: Sequence[dict[str, F]], initial: str, performance: str, *, mu: F = F(0), L: str = "1", rate: F = F(0)
) -> Json:
    """A method whose iterate k + 1 is moves[k], in x_0 and the gradients; measured by "values", "distance" or "gradient"(s)."""
    n, free = len(moves), performance == "gradients"
    known = [["vector", "xs"], ["let", "zero", []], ["at", "f", "xs", "zero", "fs"]]
    program: Json = [["vector", "x0"], *([["lower", "f", "fs"]] if free else known)]
    for k in range(n + 1):
        program += [["vector", f"g{k}"], ["at", "f", f"x{k}", f"g{k}", f"f{k}"]]
        if k < n:
            program.append(["let", f"x{k + 1}", [[str(c), v] for v, c in moves[k].items() if c]])
    measures = {
        "values": lambda k: [["1", f"f{k}"], ["-1", "fs"]],
        "gradient": lambda k: [["1", f"g{k}", f"g{k}"]],
        "distance": lambda k: difference(f"x{k}", "xs"),
    }
    least = [measures["gradient"](k) for k in range(n + 1)] if free else [measures[performance](n)]
    return {
        "question": "worst_case",
        "relation": "at most",
        "functions": [["f", "curvature", {"mu": str(mu), "L": L}]],
        "program": program,
        "conditions": [],
        "equations": [],
        "performance": least,
        "initial": measures[initial](0),
        "rate": str(rate),
    }


def combined(*parts: tuple[F | int, dict[str, F]]) -> dict[str, F]:
    found: dict[str, F] = {}
    for factor, row in parts:
        for name, c in row.items():
            found[name] = found.get(name, F(0)) + factor * c
    return found


def moved(steps: int, move: Move) -> list[dict[str, F]]:
    iterates: list[dict[str, F]] = [{"x0": F(1)}]
    for k in range(steps):
        iterates.append(move(k, iterates))
    return iterates[1:]


def descent(steps: int, length: F = F(1)) -> list[dict[str, F]]:
    return moved(steps, lambda k, x: combined((1, x[-1]), (-length, {f"g{k}": F(1)})))


def nesterov(steps: int) -> list[dict[str, F]]:
    """The points where gradients are taken, with momentum k/(k + 3)."""
    primary: list[dict[str, F]] = [{"x0": F(1)}]

    def move(k: int, x: list[dict[str, F]]) -> dict[str, F]:
        new, b = combined((1, x[-1]), (-1, {f"g{k}": F(1)})), F(k, k + 3)
        old = primary[-1]
        primary.append(new)
        return combined((1 + b, new), (-b, old))

    return moved(steps, move)


def heavy_ball(steps: int, length: F, momentum: F) -> list[dict[str, F]]:
    def move(k: int, x: list[dict[str, F]]) -> dict[str, F]:
        before = x[-2] if k else x[-1]
        return combined((1 + momentum, x[-1]), (-momentum, before), (-length, {f"g{k}": F(1)}))

    return moved(steps, move)


def strongly(steps: int, length: F, measure: str, contraction: F) -> Json:
    return statement(descent(steps, length), measure, measure, mu=MU, rate=contraction ** (2 * steps))


FAMILIES: dict[str, Callable[[int], Json]] = {
    "convex, values": lambda n: statement(descent(n), "distance", "values", rate=F(1, 4 * n + 2)),
    "convex, gradient by values": lambda n: statement(descent(n), "values", "gradient", rate=F(2, 2 * n + 1)),
    "convex, gradient by distance": lambda n: statement(descent(n), "distance", "gradient", rate=F(1, (n + 1) ** 2)),
    "nonconvex": lambda n: statement(descent(n), "values", "gradients", mu=F(-1), rate=F(4, 3 * n + 2)),
    "strongly convex, distance": lambda n: strongly(n, F(1), "distance", F(9, 10)),
    "strongly convex, values": lambda n: strongly(n, F(1), "values", F(9, 10)),
    "strongly convex, gradient": lambda n: strongly(n, F(1), "gradient", F(9, 10)),
    "h = 2/(L + mu), values": lambda n: strongly(n, F(20, 11), "values", F(9, 11)),
    "h = 2/(L + mu), distance": lambda n: strongly(n, F(20, 11), "distance", F(9, 11)),
}
