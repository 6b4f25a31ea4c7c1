r"""Points of theorems under assumptions, each in a model: small documents for ``test_rules`` and ``test_models``.

``SQUARE`` says that f(x) = x^2 + c(), where c() is any number, and ``ABOVE`` assumes that f is nowhere below c().
"""

from __future__ import annotations

from typing import Any

from tests.kernel.documents import (
    Json,
    Proof,
    antisymmetry,
    arithmetic,
    assume,
    by_condition,
    by_shape,
    columns,
    counterexample,
    define,
    edited,
    induction,
    instance,
    lemma,
    parameter,
    phases,
    satisfied,
    table,
    unfold,
)

F, C = parameter("f(real) -> real"), parameter("c() -> real")
ABOVE = assume("above", "f(x) >= c()", "x: real")
SQUARE = define("f(x: real) -> real", "x**2 + c()")
SQUARES: Proof = [unfold("f(x)", "d"), arithmetic(equations={"d": "1"}, squares={"x": "1"})]
FORWARD: Json = {"parameters": [F, C], "assumptions": [ABOVE], "tables": {"c": table("7")}}


def by(proof: Proof, *, lemmas: list[Json] | None = None, auxiliary: list[Json] | None = None) -> Json:
    """Why an assumption is a theorem of a model: what the witness of a theorem holds."""
    return {"definitions": auxiliary or [], "lemmas": lemmas or [], "proof": proof}


def placed(document: Json, definitions: list[Json], *proofs: Json) -> Json:
    """A point as one of a model."""
    return edited(document, ("witness", "model"), {"definitions": definitions, "proofs": list(proofs)})


def at_one(document: Any = satisfied, conclusion: str = "f(x) > c()", value: str = "1", **more: Any) -> Json:
    """The point x = 1 where f is the square plus c(), unless told otherwise."""
    return placed(document(conclusion, {"x": value}, "x: real", **{**FORWARD, **more}), [SQUARE], by(SQUARES))


LINE = define("twice(x: real) -> real", "f(x) + f(x)")
COUNT, STEPS = parameter("s(nat) -> real"), assume("steps", "s(k + 1) >= s(k) + 1", "k: nat")
COUNTED = define("s(k: nat) -> real", by_shape("k", "0", "s(k) + 2"))
GROWING: Proof = [unfold("s(k + 1)", "d"), arithmetic(equations={"d": "1"})]
POSITIVE = assume("positive", "s(k) >= 0", "k: nat")
ALWAYS: Proof = induction(
    "k",
    [unfold("s(0)", "d"), arithmetic(equations={"d": "1"})],
    [
        unfold("s(k + 1)", "d"),
        instance("induction on k", {}, "i"),
        arithmetic("1 i", equations={"d": "1"}),
    ],
)
GRADIENT = parameter("g(vec) -> vec")
CONVEX = assume("convex", "F(y) >= F(x) + dot(g(x), y - x)", "x: vec, y: vec")
BOWL = [define("F(x: vec) -> real", "sq(x)/2"), define("g(x: vec) -> vec", "x")]
BOWLS: Proof = [
    unfold("F(y)", "a"),
    unfold("F(x)", "b"),
    unfold("g(x)", "c"),
    arithmetic(equations={"a": "1", "b": "-1", "c": "x - y"}, squares={"x - y": "1/2"}),
]

IN_MODELS: dict[str, Json] = {
    "a point where a parameter is a polynomial": at_one(),
    "a theorem is false in a model": at_one(counterexample, value="0"),
    "the point decides what the parameters are that the model leaves": at_one(
        counterexample, "f(x) <= 7", "1", hypotheses=["c() == 7"]
    ),
    "a model with a definition of its own": placed(
        satisfied("f(x) > c()", {"x": "1"}, "x: real", **FORWARD),
        [define("square(x: real) -> real", "x**2"), define("f(x: real) -> real", "square(x) + c()")],
        by(
            [
                unfold("f(x)", "d"),
                unfold("square(x)", "e"),
                arithmetic(equations={"d": "1", "e": "1"}, squares={"x": "1"}),
            ]
        ),
    ),
    "a definition of the statement after the parameter that it uses": placed(
        counterexample(
            "twice(x) >= 1", {"x": "0"}, "x: real", definitions=[LINE], **FORWARD | {"tables": {"c": table("0")}}
        ),
        [SQUARE, LINE],
        by(SQUARES),
    ),
    "an assumption by a lemma and a definition of its proof": placed(
        satisfied("f(x) > c()", {"x": "1"}, "x: real", **FORWARD),
        [SQUARE],
        by(
            [
                unfold("f(x)", "d"),
                unfold("root(x)", "r"),
                instance("squares", {"y": "root(x)"}, "i"),
                arithmetic("1 i", equations={"d": "1", "r": "-root(x) - x"}),
            ],
            lemmas=[lemma("squares", "y**2 >= 0", [arithmetic(squares={"y": "1"})], "y: real")],
            auxiliary=[define("root(x: real) -> real", "x")],
        ),
    ),
    "an assumption with hypotheses": placed(
        satisfied(
            "f(x) > 0",
            {"x": "3"},
            "x: real",
            parameters=[F],
            assumptions=[assume("later", "f(x) >= 1", "x: real", ["x >= 1"])],
        ),
        [define("f(x: real) -> real", "x")],
        by([unfold("f(x)", "d"), arithmetic("1 h1", equations={"d": "1"})]),
    ),
    "a model by cases": placed(
        counterexample(
            "f(x) == x", {"x": "-2"}, "x: real", parameters=[F], assumptions=[assume("a", "f(x) >= 0", "x: real")]
        ),
        [define("f(x: real) -> real", by_condition("x >= 0", "x", "0 - x"))],
        by(
            [
                phases(
                    "f(x)",
                    "d",
                    [arithmetic("1 d.1", equations={"d": "1"})],
                    [arithmetic("1 d.1", equations={"d": "1"})],
                )
            ]
        ),
    ),
    "two assumptions about a recursion": placed(
        counterexample("s(k) <= 5", {"k": "3"}, "k: nat", parameters=[COUNT], assumptions=[STEPS, POSITIVE]),
        [COUNTED],
        by(GROWING),
        by(ALWAYS),
    ),
    "vectors, and two parameters": placed(
        counterexample(
            "F(x) < 1",
            {"x": ["1", "1"]},
            "x: vec",
            parameters=[parameter("F(vec) -> real"), GRADIENT],
            assumptions=[CONVEX],
        ),
        BOWL,
        by(BOWLS),
    ),
    "a predicate": placed(
        counterexample(
            "p(x)",
            {"x": "-1"},
            "x: real",
            parameters=[parameter("p(real) -> prop")],
            assumptions=[assume("upwards", "implies(p(x) and y >= x, p(y))", "x: real, y: real")],
        ),
        [define("p(x: real) -> prop", "x >= 0")],
        by(
            [
                unfold("p(x)", "a"),
                unfold("p(y)", "b"),
                {"rule": "contradiction", "as": "n"},
                {"rule": "unpack", "of": "n", "as": ["u", "v"]},
                {"rule": "unpack", "of": "u", "as": ["px", "yx"]},
                {"rule": "unpack", "of": "a", "as": ["a1", "a2"]},
                {"rule": "unpack", "of": "b", "as": ["b1", "b2"]},
                {
                    "rule": "cases",
                    "of": "a1",
                    "as": "x",
                    "branches": [
                        [{"rule": "absurd", "by": ["x", "px"]}],
                        [
                            {
                                "rule": "cases",
                                "of": "b2",
                                "as": "y",
                                "branches": [
                                    [arithmetic("1 y", "1 yx", "1 x")],
                                    [{"rule": "absurd", "by": ["y", "v"]}],
                                ],
                            }
                        ],
                    ],
                },
            ]
        ),
    ),
    "a matrix": placed(
        satisfied(
            "trace(S()) >= 0",
            {},
            parameters=[["S", [], "mat(p, p)"], ["A", [], "mat(p, p)"]],
            assumptions=[columns("form", "dot(u, S() @ u) >= 0", {"u": "mat(p, 1)"})],
            tables={"A": table([["1", "2"], ["0", "1"]])},
        ),
        [{"name": "S", "variables": [], "sort": "mat(p, p)", "body": "A().T @ A()"}],
        by(
            [
                unfold("S()", "d"),
                arithmetic(equations={"d": "u @ u.T"}, squares={"A() @ u": "1"}),
            ]
        ),
    ),
    "a model that is needed for nothing but the proof": placed(
        satisfied(
            "x > 0",
            {"x": "1"},
            "x: real",
            ["x > 0"],
            parameters=[F],
            assumptions=[assume("a", "f(x) == f(x)", "x: real")],
            tables={"f": table("0")},
        ),
        [],
        by([antisymmetry([arithmetic()], [arithmetic()])]),
    ),
    "a cited assumption that is a theorem of the model": placed(
        satisfied("f(x) > c()", {"x": "1"}, "x: real", **FORWARD | {"assumptions": [{**ABOVE, "source": "a book"}]}),
        [SQUARE],
        by(SQUARES),
    ),
}
