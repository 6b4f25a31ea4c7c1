r"""For every rule, every shape of a definition and every kind of certificate, a small document that is accepted.

``ACCEPTED`` is also the stock of good documents for the other tests: what is deleted from them or replaced in them
(``test_adversarial``) must be missed, and a mutant of the kernel that rejects one of them is dead (``mutate_kernel``).
"""

from __future__ import annotations

import pytest

from tests.kernel.documents import (
    Json,
    absurd,
    antisymmetry,
    arithmetic,
    assume,
    at,
    by_condition,
    by_shape,
    cases,
    columns,
    congruence,
    contradiction,
    counterexample,
    define,
    exact,
    have,
    induction,
    instance,
    integer,
    lemma,
    matrices,
    natural,
    parameter,
    parts,
    phases,
    places,
    satisfied,
    split,
    summed,
    suppose,
    table,
    theorem,
    unfold,
    unpack,
    without,
)
from tests.kernel.models import IN_MODELS
from tests.kernel.reciprocals import RECIPROCALS
from verify.kernel import Rejected, check
from verify.kernel.logic import RULES

# ------------------------------------------------------------------------------------------- definitions used below

DOUBLE = define("double(x: real) -> real", "2*x")
POWER = define("pow2(k: nat) -> nat", by_shape("k", "1", "2*pow2(k)"))
SAW = define("saw(k: nat, x: real) -> real", by_shape("k", "x", "saw(k, abs(2*x - 1))"))
SIZE = define("size(k: nat) -> nat", by_condition("k >= 3", "k", "3"))
SUMMED = define("summed(k: nat) -> nat", by_shape("k", "1", "summed(k) + 2*summed(0)"))
ACKERMANN = define(
    "ackermann(m: nat, n: nat) -> nat",
    by_shape("m", "n + 1", by_shape("n", "ackermann(m, 1)", "ackermann(m, ackermann(m + 1, n))")),
)
DIAGONAL = define(
    "diagonal(m: nat, n: nat) -> real",
    by_shape("m", by_shape("n", "0", "diagonal(0, n) + 1"), "diagonal(m, n + 7) + 1"),
)
EVEN = define("even(k: nat) -> prop", by_shape("k", "true", "not even(k)"))
SMALL = define("small(x: real) -> prop", "-1 <= x and x <= 1")
MIDPOINT = define("midpoint(u: vec, v: vec) -> vec", "(u + v)/2")
CLAMP = define("clamp(x: real) -> real", by_condition("x >= 1", "1", by_condition("x <= 0 or x == 1/2", "0", "x")))
CUT = define("cut(x: real) -> real", by_condition("x >= 0", by_condition("x <= 1", "x", "1"), "0"))
F_REAL = parameter("f(real) -> real")
P_REAL = parameter("p(real) -> prop")
P_NAT = parameter("p(nat) -> prop")
N_REAL = parameter("n(real) -> nat")

# ----------------------------------------------------------------------------------------------------- the rules

RULE: dict[str, dict[str, Json]] = {
    "pseudoinverse": {
        "a projection has the length of its image": matrices(
            "dot(A @ pinv(A), A @ pinv(A)) == trace(A @ pinv(A))",
            [
                {"rule": "pseudoinverse", "of": "A", "as": ["p1", "p2", "p3", "p4"]},
                arithmetic(equations={"p3": "-A @ pinv(A)", "p1": "pinv(A).T"}),
            ],
            {"A": "mat(p, n)"},
        ),
    },
    "summed": {
        "a quadratic form that is nonnegative has a trace that is": matrices(
            "trace(S()) >= 0",
            [summed("form", ["u"], {}, "s"), exact("s")],
            {},
            parameters=[["S", [], "mat(p, p)"]],
            assumptions=[columns("form", "dot(u, S() @ u) >= 0", {"u": "mat(p, 1)"})],
        ),
    },
    "definite": {
        "a matrix of length zero is zero": matrices(
            "A == 0", [{"rule": "definite"}, exact("h1")], {"A": "mat(p, n)"}, ["sq(A) == 0"]
        ),
    },
    "extensional": {
        "a matrix is determined by its products": matrices(
            "A == B",
            [{"rule": "extensional", "variable": "C"}, arithmetic(equations={"h1": "C"})],
            {"A": "mat(p, n)", "B": "mat(p, n)"},
            ["A == B"],
        ),
    },
    "instance": {
        "a fact holds at every value of its variable": theorem(
            "f(x + 1) >= 0",
            [instance("positive", {"y": "x + 1"}, "i"), exact("i")],
            "x: real",
            parameters=[F_REAL],
            assumptions=[assume("positive", "f(y) >= 0", "y: real", source="a book")],
        ),
        "a fact holds where its hypotheses have been shown": theorem(
            "f(x) >= 0",
            [instance("beyond", {"y": "x"}, "i", [[arithmetic("1 h1")]]), exact("i")],
            "x: real",
            ["x >= 2"],
            parameters=[F_REAL],
            assumptions=[assume("beyond", "f(y) >= 0", "y: real", ["y >= 1"])],
        ),
        "a natural may be a difference that has been shown nonnegative": theorem(
            "p(k - 2)",
            [instance("all", {"j": "k - 2"}, "i", [[arithmetic("1 h1")]]), exact("i")],
            "k: nat",
            ["k >= 2"],
            parameters=[P_NAT],
            assumptions=[assume("all", "p(j)", "j: nat")],
        ),
        "a fact holds at vectors": theorem(
            "g(2*u) >= 0",
            [instance("all", {"v": "2*u"}, "i"), exact("i")],
            "u: vec",
            parameters=[parameter("g(vec) -> real")],
            assumptions=[assume("all", "g(v) >= 0", "v: vec")],
        ),
        "a lemma may have the variables of the theorem with another meaning": theorem(
            "f(y, x) >= 0",
            [instance("all", {"x": "y", "y": "x"}, "i"), exact("i")],
            "x: real, y: real",
            parameters=[parameter("f(real, real) -> real")],
            assumptions=[assume("all", "f(x, y) >= 0", "x: real, y: real")],
        ),
        "a lemma is shown first and used then": theorem(
            "x**2 + y**2 >= 0",
            [instance("square", {"y": "x"}, "a"), instance("square", {"y": "y"}, "b"), arithmetic("1 a", "1 b")],
            "x: real, y: real",
            lemmas=[lemma("square", "y**2 >= 0", [arithmetic(squares={"y": "1"})], "y: real")],
        ),
    },
    "unfold": {
        "a definition holds by definition": theorem(
            "double(x) == 2*x", [unfold("double(x)", "d"), exact("d")], "x: real", definitions=[DOUBLE]
        ),
        "a recursion begins at 0": theorem("pow2(0) == 1", [unfold("pow2(0)", "d"), exact("d")], definitions=[POWER]),
        "a recursion goes from k to k + 1": theorem(
            "pow2(k + 1) == 2*pow2(k)", [unfold("pow2(k + 1)", "d"), exact("d")], "k: nat", definitions=[POWER]
        ),
        "a recursion may be unfolded at k where k is positive": theorem(
            "pow2(k) == 2*pow2(k - 1)",
            [unfold("pow2(k)", "d", [[arithmetic("1 h1")]]), exact("d")],
            "k: nat",
            ["k >= 1"],
            definitions=[POWER],
        ),
        "a predicate is equivalent to its definition": theorem(
            "iff(small(x), -1 <= x and x <= 1)",
            [unfold("small(x)", "d"), exact("d")],
            "x: real",
            definitions=[SMALL],
        ),
        "a vector is equal to its definition": theorem(
            "midpoint(u, v) == u/2 + v/2",
            [unfold("midpoint(u, v)", "d"), exact("d")],
            "u: vec, v: vec",
            definitions=[MIDPOINT],
        ),
        "a recursion at a difference has two duties": theorem(
            "pow2(k - 1) == 2*pow2(k - 2)",
            [unfold("pow2(k - 1)", "d", [[arithmetic("1 h1")], [arithmetic("1 h1")]]), exact("d")],
            "k: nat",
            ["k >= 2"],
            definitions=[POWER],
        ),
    },
    "phases": {
        "a rectifier is active or not": theorem(
            "relu(x) >= 0",
            [phases("relu(x)", "r", [arithmetic("1 r.1", equations={"r": "1"})], [arithmetic(equations={"r": "1"})])],
            "x: real",
        ),
        "conditions within conditions have one phase for each way": theorem(
            "clamp(x) <= 1",
            [
                phases(
                    "clamp(x)",
                    "c",
                    [arithmetic(equations={"c": "-1"})],
                    [arithmetic(equations={"c": "-1"})],
                    [arithmetic("1 c.1", equations={"c": "-1"})],
                )
            ],
            "x: real",
            definitions=[CLAMP],
        ),
        "a condition within a condition adds to it": theorem(
            "cut(x)*(1 - cut(x)) >= 0",
            [
                phases(
                    "cut(x)",
                    "c",
                    [arithmetic("1 c.1 c.2", equations={"c": "1 - cut(x) - x"})],
                    [arithmetic(equations={"c": "-cut(x)"})],
                    [arithmetic(equations={"c": "1 - cut(x)"})],
                )
            ],
            "x: real",
            definitions=[CUT],
        ),
        "a definition on naturals has duties before it has phases": theorem(
            "size(k - 3) >= 3",
            [
                phases(
                    "size(k - 3)",
                    "s",
                    [arithmetic("1 s.1", equations={"s": "1"})],
                    [arithmetic(equations={"s": "1"})],
                    because=[[exact("h1")]],
                )
            ],
            "k: nat",
            ["k - 3 >= 0"],
            definitions=[SIZE],
        ),
    },
    "have": {
        "what has been shown may be used": theorem(
            "x**4 + x**2 >= 0",
            [have("x**2 >= 0", [arithmetic(squares={"x": "1"})], "a"), arithmetic("1 a a", "1 a")],
            "x: real",
        )
    },
    "natural": {
        "a natural number is nonnegative": theorem(
            "2*j*k + 1 >= 0", [natural("2*j*k + 1", "n"), exact("n")], "j: nat, k: nat"
        ),
        "a function of sort nat is nonnegative everywhere": theorem(
            "n(x) >= 0", [natural("n(x)", "n"), exact("n")], "x: real", parameters=[N_REAL]
        ),
    },
    "integer": {
        "a positive integer is at least 1": theorem(
            "j - k >= 1", [integer("h1", "i"), exact("i")], "j: nat, k: nat", ["j > k"]
        ),
        "a positive value of sort nat is at least 1": theorem(
            "n(x) >= 1", [integer("h1", "i"), exact("i")], "x: real", ["n(x) > 0"], parameters=[N_REAL]
        ),
    },
    "congruence": {
        "a function has equal values at equal numbers": theorem(
            "f(x) == f(y)",
            [congruence("f(x)", "f(y)", "c", [exact("h1")]), exact("c")],
            "x: real, y: real",
            ["x == y"],
            parameters=[F_REAL],
        ),
        "a predicate has equal values at equal numbers": theorem(
            "iff(p(x), p(y))",
            [congruence("p(x)", "p(y)", "c", [exact("h1")]), exact("c")],
            "x: real, y: real",
            ["x == y"],
            parameters=[P_REAL],
        ),
        "a map of vectors has equal values at equal vectors": theorem(
            "g(u, 1) == g(v, 1)",
            [congruence("g(u, 1)", "g(v, 1)", "c", [exact("h1")]), exact("c")],
            "u: vec, v: vec",
            ["u == v"],
            parameters=[parameter("g(vec, real) -> vec")],
        ),
    },
    "unpack": {
        "a conjunction yields its parts": theorem(
            "y >= 0", [unpack("h1", "a", "b"), exact("b")], "x: real, y: real", ["x >= 0 and y >= 0"]
        )
    },
    "suppose": {
        "a disjunction is shown from the negations of the other parts": theorem(
            "x > 1 or x >= 0 and x <= 1 or x < 0",
            [
                suppose(1, "a", "b"),
                parts([exact("b")], [exact("a")]),
            ],
            "x: real",
        )
    },
    "contradiction": {
        "a goal whose negation is absurd holds": theorem(
            "p(x)",
            [contradiction("n"), cases("h1", "c", [absurd("c", "n")], [arithmetic("1 h2", "1 c")])],
            "x: real",
            ["p(x) or x < 0", "x >= 0"],
            parameters=[P_REAL],
        )
    },
    "split": {
        "a formula holds or does not": theorem(
            "f(x) >= 0",
            [
                split(
                    "x >= 1",
                    "s",
                    [instance("right", {"y": "x"}, "i", [[exact("s")]]), exact("i")],
                    [instance("left", {"y": "x"}, "i", [[exact("s")]]), exact("i")],
                )
            ],
            "x: real",
            parameters=[F_REAL],
            assumptions=[
                assume("right", "f(y) >= 0", "y: real", ["y >= 1"]),
                assume("left", "f(y) >= 0", "y: real", ["y < 1"]),
            ],
        )
    },
    "cases": {
        "each part of a disjunction yields the goal": theorem(
            "x**2 == x",
            [cases("h1", "c", [arithmetic(equations={"c": "x - 1"})], [arithmetic(equations={"c": "x"})])],
            "x: real",
            ["x == 0 or x == 1"],
        )
    },
    "parts": {
        "a conjunction is shown by its parts": theorem(
            "x**2 >= 0 and 1 > 0", [parts([arithmetic(squares={"x": "1"})], [arithmetic()])], "x: real"
        )
    },
    "antisymmetry": {
        "two inequalities make an equation": theorem(
            "x == 1", [antisymmetry([arithmetic("1 h1")], [arithmetic("1 h2")])], "x: real", ["x >= 1", "x <= 1"]
        )
    },
    "exact": {
        "a hypothesis holds": theorem("x >= y", [exact("h1")], "x: real, y: real", ["0 <= x - y"]),
        "the falsehood holds when it is a hypothesis": theorem("false", [exact("h1")], hypotheses=["0 > 0"]),
    },
    "absurd": {
        "from a formula and its negation everything follows": theorem(
            "f(x) == 7",
            [absurd("h1", "h2")],
            "x: real",
            ["x >= 0 and f(x) >= 0", "x < 0 or f(x) < 0"],
            parameters=[F_REAL],
        )
    },
    "arithmetic": {
        "a combination of inequalities": theorem(
            "2*x + y/3 >= 1", [arithmetic("2 h1", "1/3 h2")], "x: real, y: real", ["x >= 0", "y >= 3"]
        ),
        "a product of strict inequalities is strict": theorem(
            "x*y > 0", [arithmetic("1 h1 h2")], "x: real, y: real", ["x > 0", "y > 0"]
        ),
        "one strict summand makes a sum strict": theorem(
            "x + y > 0", [arithmetic("1 h1", "1 h2")], "x: real, y: real", ["x >= 0", "y > 0"]
        ),
        "a positive remainder makes a sum strict": theorem("x + 1 > 0", [arithmetic("1 h1")], "x: real", ["x >= 0"]),
        "a sum of squares": theorem("x**2 + y**2 >= 2*x*y", [arithmetic(squares={"x - y": "1"})], "x: real, y: real"),
        "a square of a vector": theorem(
            "sq(u) + sq(v) >= 2*dot(u, v)", [arithmetic(squares={"u - v": "1"})], "u: vec, v: vec"
        ),
        "a multiple of an equation": theorem(
            "x**3 == x", [arithmetic(equations={"h1": "x"})], "x: real", ["x**2 == 1"]
        ),
        "a vector equation times a vector": theorem(
            "dot(u, w) == 2*dot(v, w)", [arithmetic(equations={"h1": "w"})], "u: vec, v: vec, w: vec", ["u == 2*v"]
        ),
        "equations in an inequality": theorem(
            "x >= y", [arithmetic("1 h1", equations={"h2": "-1"})], "x: real, y: real, z: real", ["x >= z", "y == z"]
        ),
    },
    "induction": {
        "from k to k + 1": theorem(
            "pow2(k) >= 1",
            induction(
                "k",
                [unfold("pow2(0)", "d"), arithmetic(equations={"d": "1"})],
                [
                    unfold("pow2(k + 1)", "d"),
                    instance("induction on k", {}, "i"),
                    arithmetic("2 i", equations={"d": "1"}),
                ],
            ),
            "k: nat",
            definitions=[POWER],
        ),
        "the other variables are arbitrary in the hypothesis": theorem(
            "saw(k, x) >= 0",
            induction(
                "k",
                [unfold("saw(0, x)", "d"), arithmetic("1 h1", equations={"d": "1"})],
                [
                    unfold("saw(k + 1, x)", "d"),
                    have(
                        "abs(2*x - 1) >= 0",
                        [
                            phases(
                                "abs(2*x - 1)",
                                "a",
                                [arithmetic("1 a.1", equations={"a": "1"})],
                                [arithmetic("1 a.1", equations={"a": "1"})],
                            )
                        ],
                        "a",
                    ),
                    instance("induction on k", {"x": "abs(2*x - 1)"}, "i", [[exact("a")]]),
                    arithmetic("1 i", equations={"d": "1"}),
                ],
            ),
            "k: nat, x: real",
            ["x >= 0"],
            definitions=[SAW],
        ),
        "an induction within an induction": theorem(
            "ackermann(m, n) >= n + 1",
            induction(
                "m",
                [unfold("ackermann(0, n)", "d"), arithmetic(equations={"d": "1"})],
                induction(
                    "n",
                    [
                        unfold("ackermann(m + 1, 0)", "d"),
                        instance("induction on m", {"n": "1"}, "i"),
                        arithmetic("1 i", equations={"d": "1"}),
                    ],
                    [
                        unfold("ackermann(m + 1, n + 1)", "d"),
                        instance("induction on m", {"n": "ackermann(m + 1, n)"}, "i"),
                        instance("induction on n", {}, "j"),
                        arithmetic("1 i", "1 j", equations={"d": "1"}),
                    ],
                ),
            ),
            "m: nat, n: nat",
            definitions=[ACKERMANN],
        ),
        "an induction in the zero case of another": theorem(
            "diagonal(m, n) >= 0",
            induction(
                "m",
                induction(
                    "n",
                    [unfold("diagonal(0, 0)", "d"), arithmetic(equations={"d": "1"})],
                    [
                        unfold("diagonal(0, n + 1)", "d"),
                        instance("induction on n", {}, "i"),
                        arithmetic("1 i", equations={"d": "1"}),
                    ],
                ),
                [
                    unfold("diagonal(m + 1, n)", "d"),
                    instance("induction on m", {"n": "n + 7"}, "i"),
                    arithmetic("1 i", equations={"d": "1"}),
                ],
            ),
            "m: nat, n: nat",
            definitions=[DIAGONAL],
        ),
        "a lemma is shown by induction": theorem(
            "pow2(k) > 0",
            [instance("positive", {"j": "k"}, "i"), exact("i")],
            "k: nat",
            definitions=[POWER],
            lemmas=[
                lemma(
                    "positive",
                    "pow2(j) > 0",
                    induction(
                        "j",
                        [unfold("pow2(0)", "d"), arithmetic(equations={"d": "1"})],
                        [
                            unfold("pow2(j + 1)", "d"),
                            instance("induction on j", {}, "i"),
                            arithmetic("2 i", equations={"d": "1"}),
                        ],
                    ),
                    "j: nat",
                )
            ],
        ),
    },
}

# ------------------------------------------------------------------------------------- definitions and statements

DEFINED: dict[str, Json] = {
    "a constant": theorem(
        "three() == 3", [unfold("three()", "d"), exact("d")], definitions=[define("three() -> nat", "3")]
    ),
    "a definition by cases with a conjunction": theorem(
        "inside(x) >= 0",
        [
            phases(
                "inside(x)",
                "r",
                [unpack("r.1", "a", "b"), arithmetic("1 a", equations={"r": "1"})],
                [arithmetic(equations={"r": "1"})],
            )
        ],
        "x: real",
        definitions=[define("inside(x: real) -> real", by_condition("0 <= x and x <= 1", "x", "0"))],
    ),
    "a recursion that uses the value at 0 and the previous one": theorem(
        "summed(k + 1) == summed(k) + 2",
        [unfold("summed(k + 1)", "d"), unfold("summed(0)", "e"), arithmetic(equations={"d": "1", "e": "2"})],
        "k: nat",
        definitions=[SUMMED],
    ),
    "a recursion over two variables, the second growing": theorem(
        "diagonal(1, 0) == diagonal(0, 7) + 1",
        [unfold("diagonal(1, 0)", "d"), exact("d")],
        definitions=[DIAGONAL],
    ),
    "a recursion over two variables, nested": theorem(
        "ackermann(1, 1) == ackermann(0, ackermann(1, 0))",
        [unfold("ackermann(1, 1)", "d"), exact("d")],
        definitions=[ACKERMANN],
    ),
    "a recursive predicate that negates itself": theorem(
        "not even(1)",
        [
            unfold("even(1)", "d"),
            unfold("even(0)", "e"),
            unpack("d", "a", "b"),
            unpack("e", "c", "g"),
            contradiction("n"),
            cases("a", "s", [absurd("n", "s")], [cases("g", "u", [arithmetic("1 u")], [absurd("u", "s")])]),
        ],
        definitions=[EVEN],
    ),
    "a condition may call the function at the predecessor": theorem(
        "log2up(0) == 0",
        [unfold("log2up(0)", "d"), exact("d")],
        definitions=[
            POWER,
            define(
                "log2up(n: nat) -> nat",
                by_shape("n", "0", by_condition("n + 1 <= pow2(log2up(n))", "log2up(n)", "log2up(n) + 1")),
            ),
        ],
    ),
    "a definition may have a variable with its own name": theorem(
        "d(x) == x + 1",
        [unfold("d(x)", "e"), exact("e")],
        "x: real",
        definitions=[define("d(d: real) -> real", "d + 1")],
    ),
    "an auxiliary definition of the witness": theorem(
        "x**2 + 2*x + 1 >= 0",
        [
            unfold("shifted(x)", "d"),
            have("shifted(x)**2 >= 0", [arithmetic(squares={"shifted(x)": "1"})], "s"),
            arithmetic("1 s", equations={"d": "-x - 1 - shifted(x)"}),
        ],
        "x: real",
        auxiliary=[define("shifted(y: real) -> real", "y + 1")],
    ),
    "a constant that is a parameter": theorem(
        "L()*x**2 >= 0",
        [instance("positive", {}, "p"), have("x**2 >= 0", [arithmetic(squares={"x": "1"})], "s"), arithmetic("1 p s")],
        "x: real",
        parameters=[parameter("L() -> real")],
        assumptions=[assume("positive", "L() >= 0", source="the definition of a Lipschitz constant")],
    ),
    "vectors are scaled from both sides and divided by numbers": theorem(
        "sq(u*2 - 2*u) == 0 and sq(-u/2) == sq(u)/4 and dot(u, v) == dot(v, u)",
        [parts([arithmetic()], [arithmetic()], [arithmetic()])],
        "u: vec, v: vec",
    ),
    "there is one zero vector": theorem(
        "g(u - u) == g(v - v) and g(0*u) == g(0*v) and g(u - u) == g((x - x)*v)",
        [parts([arithmetic()], [arithmetic()], [arithmetic()])],
        "x: real, u: vec, v: vec",
        parameters=[parameter("g(vec) -> real")],
    ),
    "equal vectors are equal arguments": theorem(
        "g(u + v) == g(v + u)", [arithmetic()], "u: vec, v: vec", parameters=[parameter("g(vec) -> real")]
    ),
}

# -------------------------------------------------------------------------------------------------------- points

REFUTED: dict[str, Json] = {
    "a number": counterexample("x**2 >= x", {"x": "1/2"}, "x: real"),
    "a number that satisfies the hypotheses": counterexample("x <= 1", {"x": "2"}, "x: real", ["x > 0", "x**2 > 1"]),
    "a number is not less than itself": counterexample("x < 1", {"x": "1"}, "x: real"),
    "a number is not greater than itself": counterexample("x > 1", {"x": "1"}, "x: real"),
    "a number is at most itself": counterexample("not x <= 1", {"x": "1"}, "x: real"),
    "a number is at least itself": counterexample("not x >= 1", {"x": "1"}, "x: real"),
    "a recursion is computed": counterexample("pow2(k) < 1000", {"k": "10"}, "k: nat", definitions=[POWER]),
    "a nested recursion is computed": counterexample(
        "ackermann(m, n) <= 8", {"m": "2", "n": "3"}, "m: nat, n: nat", definitions=[ACKERMANN]
    ),
    "a recursive predicate is computed": counterexample("even(k)", {"k": "7"}, "k: nat", definitions=[EVEN]),
    "conditions are decided in their order": counterexample(
        "clamp(x) == x", {"x": "1/2"}, "x: real", definitions=[CLAMP]
    ),
    "a parameter is a table": counterexample(
        "f(x) == f(y)",
        {"x": "1/2", "y": "-3"},
        "x: real, y: real",
        tables={"f": table("0", (["1/2"], "1"), (["2"], "5"))},
        parameters=[F_REAL],
    ),
    "a predicate is a table": counterexample(
        "implies(p(x), p(x + 1))", {"x": "0"}, "x: real", tables={"p": table(False, (["0"], True))}, parameters=[P_REAL]
    ),
    "a table with two arguments of sort nat": counterexample(
        "f(k, x) >= 0",
        {"k": "2", "x": "1/3"},
        "k: nat, x: real",
        tables={"f": table("7", (["2", "1/3"], "-1"))},
        parameters=[parameter("f(nat, real) -> real")],
    ),
    "vectors are lists": counterexample(
        "dot(u, v) >= 0 or sq(u - 2*v) <= 33", {"u": ["1", "2"], "v": ["2", "-3/2"]}, "u: vec, v: vec"
    ),
    "an equation of vectors": counterexample("u == 2*v", {"u": ["2", "4"], "v": ["1", "3"]}, "u: vec, v: vec"),
    "a table of vectors": counterexample(
        "g(u) == u",
        {"u": ["1", "0"]},
        "u: vec",
        tables={"g": table(["1", "0"], ([["1", "0"]], ["0", "1"]))},
        parameters=[parameter("g(vec) -> vec")],
    ),
    "the shape of the definition decides at zero": counterexample(
        "diagonal(m, n) >= 12", {"m": "1", "n": "3"}, "m: nat, n: nat", definitions=[DIAGONAL]
    ),
    "connectives": counterexample("iff(x >= 1, x > 1) or not (x == 1 and true) or false", {"x": "1"}, "x: real"),
    "an order that rounding breaks": counterexample(
        "max(x, y) == x + relu(y - x)",
        {"x": "-10000000000000000", "y": "1"},
        "x: real, y: real",
        arithmetic="binary64",
    ),
    "a third is not a double": counterexample(
        "3*(x/3) == x and x*(1/3) == x/3", {"x": "5"}, "x: real", arithmetic="binary64"
    ),
    "addition of doubles is not associative": counterexample(
        "(x + y) + z == x + (y + z)",
        {"x": "1", "y": "1/9007199254740992", "z": "1/9007199254740992"},
        "x: real, y: real, z: real",
        arithmetic="binary64",
    ),
}

SATISFIED: dict[str, Json] = {
    "hypotheses hold at a point": satisfied("x >= 0", {"x": "3/2"}, "x: real", ["x > 1", "x**2 == 9/4"]),
    "no hypotheses hold everywhere": satisfied("false", {}),
    "hypotheses about a table": satisfied(
        "f(0) == 0",
        {"x": "0"},
        "x: real",
        ["f(x) == 1", "f(x + 1) == 2"],
        tables={"f": table("2", (["0"], "1"))},
        parameters=[F_REAL],
    ),
    "vectors are negated, scaled from both sides, divided, added and subtracted": satisfied(
        "false",
        {"u": ["1", "-2"], "v": ["-1", "2"], "w": ["2", "-4"]},
        "u: vec, v: vec, w: vec",
        ["-u == v", "u*2 == w", "2*u == w", "w/2 == u", "u + u == w", "v + w == u", "w - u == u", "u - w == v"],
    ),
    "hypotheses hold in binary64": satisfied(
        "false", {"x": "9007199254740992"}, "x: real", ["x + 1 == x", "x/3*3 == x"], arithmetic="binary64"
    ),
}

ACCEPTED: dict[str, Json] = {
    **{f"{rule}: {sentence}": document for rule, some in RULE.items() for sentence, document in some.items()},
    **{f"definition: {sentence}": document for sentence, document in DEFINED.items()},
    **{f"counterexample: {sentence}": document for sentence, document in REFUTED.items()},
    **{f"instance of hypotheses: {sentence}": document for sentence, document in SATISFIED.items()},
    **{f"in a model: {sentence}": document for sentence, document in IN_MODELS.items()},
    **RECIPROCALS,
}


@pytest.mark.parametrize("sentence", ACCEPTED)
def test_a_sound_document_is_accepted(sentence: str) -> None:
    document = ACCEPTED[sentence]
    accepted = check(document)
    assert (accepted.kind, accepted.theorem) == (document["kind"], "t")
    taken = document["statement"]["assumptions"] if document["kind"] == "theorem" else []
    assert [name for name, _ in accepted.assumptions] == [a["name"] for a in taken]


def test_every_rule_has_a_document_that_uses_it() -> None:
    assert set(RULE) == {*RULES, "induction"}
    for rule, some in RULE.items():
        for document in some.values():
            assert f"'{rule}'" in str(document["witness"]), rule


def steps_of(document: Json) -> list[tuple[str | int, ...]]:
    proofs = (path for path in places(document) if path[0] == "witness" and isinstance(at(document, path), dict))
    return [path for path in proofs if "rule" in at(document, path)]


@pytest.mark.parametrize("sentence", [name for name, document in ACCEPTED.items() if document["kind"] == "theorem"])
def test_no_step_of_a_small_proof_can_be_left_out(sentence: str) -> None:
    document = ACCEPTED[sentence]
    assert steps_of(document)
    for path in steps_of(document):
        with pytest.raises(Rejected):
            check(without(document, path))


def test_the_steps_of_lemmas_and_of_both_cases_of_an_induction_are_counted() -> None:
    assert check(ACCEPTED["induction: a lemma is shown by induction"]).steps == 7


def test_assumptions_are_reported_with_their_sources() -> None:
    accepted = check(ACCEPTED["instance: a fact holds at every value of its variable"])
    assert accepted.assumptions == (("positive", "a book"),)
