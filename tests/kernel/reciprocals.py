r"""Reciprocals in definitions: small documents for ``test_rules`` and ``test_reciprocals``."""

from __future__ import annotations

from tests.kernel.documents import (
    Json,
    absurd,
    antisymmetry,
    arithmetic,
    counterexample,
    define,
    phases,
    satisfied,
    theorem,
    unfold,
)


def reciprocal(of: str) -> Json:
    return {"reciprocal": of}


HALF = define("half(k: nat) -> real", reciprocal("k + 2"))  # whose divisor is visibly positive
OVER = define("over(x: real) -> real", reciprocal("x"))
EQUAL = antisymmetry([arithmetic(equations={"d": "1"})], [arithmetic(equations={"d": "-1"})])

RECIPROCALS: dict[str, Json] = {
    "unfold: a reciprocal of what is visibly positive": theorem(
        "(k + 2) * half(k) == 1", [unfold("half(k)", "d"), EQUAL], "k: nat", definitions=[HALF]
    ),
    "phases: a reciprocal is 0 where its divisor is": theorem(
        "over(x) == 0",
        [phases("over(x)", "d", [EQUAL], [absurd("h1", "d.1")])],
        "x: real",
        ["x == 0"],
        definitions=[OVER],
    ),
    "counterexample: a reciprocal is a number": counterexample(
        "over(x) >= x", {"x": "2"}, "x: real", ["x > 0"], definitions=[OVER]
    ),
    "instance: a reciprocal of 0": satisfied("true", {"x": "0"}, "x: real", ["over(x) == 0"], definitions=[OVER]),
}
