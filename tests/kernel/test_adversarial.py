r"""Documents that must not be accepted, each with the reason for which the kernel has to refuse it.

An attack is a document that claims something false, or something true by an illegal step.  The regular expression says
why it is refused, so that no attack passes the test merely because it is malformed.  Wherever it makes sense the attack
has a sound twin, the smallest repair, which is accepted: what is refused is the one thing in which the two differ.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.documents import (
    Json,
    Proof,
    Texts,
    absurd,
    antisymmetry,
    arithmetic,
    assume,
    at,
    by_condition,
    by_shape,
    cases,
    congruence,
    contradiction,
    counterexample,
    define,
    edited,
    exact,
    have,
    induction,
    instance,
    integer,
    lemma,
    natural,
    parameter,
    parts,
    phases,
    places,
    satisfied,
    split,
    suppose,
    table,
    theorem,
    unfold,
    unpack,
    without,
)
from tests.kernel.test_rules import (
    ACCEPTED,
    ACKERMANN,
    CLAMP,
    DOUBLE,
    EVEN,
    F_REAL,
    P_NAT,
    P_REAL,
    POWER,
    SAW,
    SIZE,
)
from verify.kernel import Rejected, Unsupported, check, digest, parse, read


@dataclass(frozen=True)
class Attack:
    """``document`` is refused for ``reason``; ``twin``, which differs in one thing, is accepted."""

    sentence: str
    reason: str
    document: Json
    twin: Json | None = None
    refusal: type[Exception] = Rejected


# ----------------------------------------------------------------------------------------------------- arithmetic


def shown(
    conclusion: str, hypotheses: Texts, *products: str, over: str = "x: real, y: real", **more: dict[str, str]
) -> Json:
    """One arithmetic step shows the conclusion from the hypotheses h1, h2, ..."""
    return theorem(conclusion, [arithmetic(*products, **more)], over, hypotheses)


def with_coefficient(coefficient: Json, conclusion: str = "x >= 0") -> Json:
    """x >= 0 from itself, multiplied by this coefficient."""
    step = {**arithmetic(), "products": [[coefficient, ["h1"]]]}
    return theorem(conclusion, [step], "x: real", ["x >= 0"])


ARITHMETIC = [
    Attack(
        "a weak inequality does not give a strict one",
        "remainder 0 is too small",
        shown("x > 0", ["x >= 0"], "1 h1"),
        shown("x > 0", ["x > 0"], "1 h1"),
    ),
    Attack(
        "a product with one weak factor is not strict",
        "remainder 0 is too small",
        shown("x*y > 0", ["x >= 0", "y > 0"], "1 h1 h2"),
        shown("x*y > 0", ["x > 0", "y > 0"], "1 h1 h2"),
    ),
    Attack(
        "a product whose last factor is weak is not strict",
        "remainder 0 is too small",
        shown("x*y > 0", ["x > 0", "y >= 0"], "1 h1 h2"),
        shown("x*y >= 0", ["x > 0", "y >= 0"], "1 h1 h2"),
    ),
    Attack(
        "a strict inequality with multiplier 0 does not make a sum strict",
        "remainder 0 is too small",
        shown("x > 0", ["x >= 0", "y > 0"], "1 h1", "0 h2"),
        shown("x + y > 0", ["x >= 0", "y > 0"], "1 h1", "1 h2"),
    ),
    Attack(
        "an empty product with coefficient 0 does not make a sum strict",
        "remainder 0 is too small",
        shown("x > 0", ["x >= 0"], "1 h1", "0"),
        shown("x + 1 > 0", ["x >= 0"], "1 h1", "1"),
    ),
    Attack(
        "a negative multiplier turns an inequality round",
        "negative multiplier",
        shown("x >= 0", ["x <= 0"], "-1 h1"),
        shown("-x >= 0", ["x <= 0"], "1 h1"),
    ),
    Attack(
        "a negative multiplier of a product",
        "negative multiplier",
        shown("x*y <= 0", ["x >= 0", "y >= 0"], "-1 h1 h2"),
        shown("x*y >= 0", ["x >= 0", "y >= 0"], "1 h1 h2"),
    ),
    Attack(
        "a negative coefficient of a square",
        "negative multiplier",
        shown("x**2 <= 0", [], squares={"x": "-1"}),
        shown("x**2 >= 0", [], squares={"x": "1"}),
    ),
    Attack(
        "a negative coefficient of the square of a vector",
        "negative multiplier",
        shown("sq(u) <= 0", [], over="u: vec", squares={"u": "-1"}),
        shown("sq(u) >= 0", [], over="u: vec", squares={"u": "1"}),
    ),
    Attack(
        "a negative remainder",
        "remainder -1 is too small",
        shown("x >= 1", ["x >= 0"], "1 h1"),
        shown("x >= 1", ["x >= 1"], "1 h1"),
    ),
    Attack(
        "a negative remainder with a strict summand",
        "remainder -1 is too small",
        shown("x > 1", ["x > 0"], "1 h1"),
        shown("x > -1", ["x > 0"], "1 h1"),
    ),
    Attack(
        "an identity that fails by a multiple of the hypothesis",
        "the identity fails by x",
        shown("2*x >= 0", ["x >= 0"], "1 h1"),
        shown("2*x >= 0", ["x >= 0"], "2 h1"),
    ),
    Attack(
        "an identity that fails in a single high power",
        r"the identity fails by x\*\*64",
        shown("x**64 + x >= 0", ["x >= 0"], "1 h1"),
        shown("x**64 + x >= 0", ["x >= 0"], "1 h1", squares={"x**32": "1"}),
    ),
    Attack(
        "an equation does not follow from an inequality",
        "an equation needs equations alone",
        shown("x == 0", ["x >= 0"], "1 h1"),
        shown("x == 0", ["x == 0"], equations={"h1": "1"}),
    ),
    Attack(
        "an equation does not follow from a square",
        "an equation needs equations alone",
        shown("x**2 == 0", [], squares={"x": "1"}),
        shown("x**2 == 0", ["x == 0"], equations={"h1": "x"}),
    ),
    Attack(
        "an equation does not follow from a number",
        "an equation needs equations alone",
        shown("x == 1", ["x == 0"], "1", equations={"h1": "1"}),
        shown("x == 1", ["x == 1"], equations={"h1": "1"}),
    ),
    Attack(
        "an equation with a positive remainder",
        "an equation needs equations alone, and no remainder",
        shown("x + 1 == 0", ["x == 0"], equations={"h1": "1"}),
        shown("x + 1 >= 0", ["x == 0"], equations={"h1": "1"}),
    ),
    Attack(
        "an equation with a negative remainder",
        "an equation needs equations alone, and no remainder",
        shown("x == 1", ["x == 0"], equations={"h1": "1"}),
        shown("x - 1 == -1", ["x == 0"], equations={"h1": "1"}),
    ),
    Attack(
        "an inequality is not an equation",
        "not an equation: h1",
        shown("x <= 0", ["x >= 0"], equations={"h1": "-1"}),
        shown("x <= 0", ["x == 0"], equations={"h1": "-1"}),
    ),
    Attack(
        "a strict inequality is not an equation",
        "not an equation: h1",
        shown("x == 0", ["x > 0"], equations={"h1": "1"}),
    ),
    Attack(
        "an equation is not an inequality in a product",
        "not an inequality: h1",
        shown("x*y >= 0", ["x == 0", "y >= 0"], "1 h1 h2"),
        shown("x*y >= 0", ["x == 0", "y >= 0"], equations={"h1": "y"}),
    ),
    Attack(
        "an equation does not make a sum strict",
        "remainder 0 is too small",
        shown("x > 0", ["x == 0"], equations={"h1": "1"}),
        shown("x >= 0", ["x == 0"], equations={"h1": "1"}),
    ),
    Attack(
        "a square is not positive",
        "remainder 0 is too small",
        shown("x**2 > 0", [], squares={"x": "1"}),
        shown("x**2 > 0", ["x > 0"], "1 h1 h1"),
    ),
    Attack(
        "nothing is greater than itself",
        "remainder 0 is too small",
        shown("0 > 0", []),
        shown("0 >= 0", []),
    ),
    Attack(
        "a disjunction is not an equation",
        "not an equation: h1",
        shown("x == 0", ["x == 0 or x == 1"], equations={"h1": "1"}),
    ),
    Attack(
        "a disjunction is not an inequality",
        "not an inequality: h1",
        shown("x >= 0", ["x >= 0 or x >= 1"], "1 h1"),
    ),
    Attack(
        "a conjunction is not an inequality",
        "not an inequality: h1",
        shown("x >= 0", ["x >= 0 and x >= 1"], "1 h1"),
        theorem("x >= 0", [unpack("h1", "a", "b"), arithmetic("1 a")], "x: real", ["x >= 0 and x >= 1"]),
    ),
    Attack(
        "a predicate is not an inequality",
        "not an inequality: h1",
        theorem("0 > 0", [arithmetic("1 h1")], "x: real", ["p(x)"], parameters=[P_REAL]),
    ),
    Attack(
        "an equation of vectors is not an inequality",
        "not an inequality: h1",
        shown("0 > 0", ["u == v"], "1 h1", over="u: vec, v: vec"),
    ),
    Attack(
        "arithmetic shows no disjunction",
        "arithmetic shows only the sign",
        shown("1 >= 0 or 0 > 0", []),
        theorem("1 >= 0 or 0 > 0", [suppose(0, "n"), arithmetic()]),
    ),
    Attack(
        "arithmetic shows no conjunction",
        "arithmetic shows only the sign",
        shown("1 >= 0 and 0 > 0", []),
        theorem("1 >= 0 and 0 >= 0", [parts([arithmetic()], [arithmetic()])]),
    ),
    Attack(
        "arithmetic shows no predicate",
        "arithmetic shows only the sign",
        theorem("p(x)", [arithmetic()], "x: real", parameters=[P_REAL]),
    ),
    Attack(
        "arithmetic shows no equation of vectors",
        "arithmetic shows only the sign",
        shown("u == v", [], over="u: vec, v: vec"),
        theorem("u == v", [exact("h1")], "u: vec, v: vec", ["u == v"]),
    ),
    Attack(
        "a number does not multiply an equation of vectors",
        "a vector or matrix is needed, not the number",
        shown("sq(u) == 0", ["u == 0*u"], over="u: vec", equations={"h1": "1"}),
        shown("sq(u) == 0", ["u == 0*u"], over="u: vec", equations={"h1": "u"}),
    ),
    Attack(
        "a vector does not multiply an equation of numbers",
        "a number is needed, not the vector",
        shown("x*sq(u) == 0", ["x == 0"], over="x: real, u: vec", equations={"h1": "u"}),
        shown("x*sq(u) == 0", ["x == 0"], over="x: real, u: vec", equations={"h1": "sq(u)"}),
    ),
    Attack(
        "a scalar product of different vectors is not a square",
        "the identity fails by",
        shown("dot(u, v) >= 0", [], over="u: vec, v: vec", squares={"u": "1"}),
        shown("dot(u, u) >= 0", [], over="u: vec, v: vec", squares={"u": "1"}),
    ),
    Attack(
        "a scalar product of different vectors is not the square of the second",
        "the identity fails by",
        shown("dot(u, v) == sq(v)", [], over="u: vec, v: vec"),
        shown("dot(v, v) == sq(v)", [], over="u: vec, v: vec"),
    ),
    Attack(
        "a scalar product of different vectors is not the square of the first",
        "the identity fails by",
        shown("dot(u, v) == sq(u)", [], over="u: vec, v: vec"),
        shown("dot(u, u) == sq(u)", [], over="u: vec, v: vec"),
    ),
    Attack(
        "a square is not at least 1",
        "remainder -1 is too small",
        shown("x**2 >= 1", [], squares={"x": "1"}),
        shown("x**2 >= -1", [], squares={"x": "1"}),
    ),
    Attack(
        "an equation of vectors does not leave a negative remainder",
        "remainder -1 is too small",
        shown("dot(u, v) >= sq(v) + 1", ["u == v"], over="u: vec, v: vec", equations={"h1": "v"}),
        shown("dot(u, v) >= sq(v) - 1", ["u == v"], over="u: vec, v: vec", equations={"h1": "v"}),
    ),
    Attack(
        "an inequality is not an equation even if nothing depends on it",
        "not an equation: h1",
        shown("1 >= 0", ["x >= 0"], equations={"h1": "1"}),
        shown("1 >= 0", ["x == 0"], equations={"h1": "0"}),
    ),
    Attack(
        "scalar products with different vectors differ",
        "the identity fails by",
        shown("dot(u, v) == dot(u, w)", [], over="u: vec, v: vec, w: vec"),
        shown("dot(u, v) == dot(v, u)", [], over="u: vec, v: vec, w: vec"),
    ),
    Attack(
        "the square of a difference of vectors is not that of their sum",
        "the identity fails by",
        shown("sq(u - v) == sq(u + v)", [], over="u: vec, v: vec"),
        shown("sq(u - v) == sq(v - u)", [], over="u: vec, v: vec"),
    ),
    Attack(
        "a vector and its opposite differ",
        "the identity fails by",
        shown("dot(-u, u) == sq(u)", [], over="u: vec"),
        shown("dot(-u, u) == -sq(u)", [], over="u: vec"),
    ),
    Attack(
        "a number and its opposite differ",
        "the identity fails by",
        shown("-x == x", []),
        shown("-(-x) == x", []),
    ),
    Attack(
        "subtraction is not symmetric",
        "the identity fails by",
        shown("x - y == y - x", []),
        shown("x - y == -(y - x)", []),
    ),
    Attack(
        "applications with different arguments differ",
        "the identity fails by",
        theorem("f(0) == f(1)", [arithmetic()], parameters=[F_REAL]),
        theorem("f(0 + 1) == f(2/2)", [arithmetic()], parameters=[F_REAL]),
    ),
    Attack(
        "the arguments of an application have an order",
        "the identity fails by",
        theorem("f(0, 1) == f(1, 0)", [arithmetic()], parameters=[parameter("f(real, real) -> real")]),
        theorem("f(0, 1) == f(x - x, 1)", [arithmetic()], "x: real", parameters=[parameter("f(real, real) -> real")]),
    ),
    Attack(
        "a factor of a product must be a hypothesis",
        "no hypothesis h2",
        shown("x >= 0", ["x >= 0"], "1 h2"),
        shown("x >= 0", ["x >= 0"], "1 h1"),
    ),
    Attack(
        "an equation must be a hypothesis",
        "no hypothesis e",
        shown("x == 0", ["x == 0"], equations={"e": "1"}),
    ),
    Attack(
        "a multiplier has no other names than the proof",
        "unknown name: z",
        shown("x*y == 0", ["x == 0"], equations={"h1": "z"}),
        shown("x*y == 0", ["x == 0"], equations={"h1": "y"}),
    ),
    Attack(
        "the root of a square has no other names than the proof",
        "unknown name: z",
        shown("x**2 >= 0", [], squares={"z": "1"}),
    ),
    Attack(
        "the root of a square is a term",
        "not a term",
        shown("x**2 >= 0", [], squares={"x >= 0": "1"}),
    ),
    Attack(
        "a multiplier is not a JSON integer", "a number must be a string", with_coefficient(1), with_coefficient("1")
    ),
    Attack("a multiplier is not true", "a number must be a string", with_coefficient(True), with_coefficient("1")),
    Attack("a multiplier is not null", "a number must be a string", with_coefficient(None)),
    Attack("a multiplier is not a float", "a number must be a string", with_coefficient(1.0)),
    Attack("a multiplier is not a list", "a number must be a string", with_coefficient(["1"])),
    *(
        Attack(
            f"a multiplier is not written {text!r}",
            "not an exact number",
            with_coefficient(text),
            with_coefficient("0000/0001", "0 >= 0") if text == "" else with_coefficient("0" * 3999 + "1"),
        )
        for text in (
            "",
            "-",
            "/",
            "1/",
            "/1",
            "+1",
            " 1",
            "1 ",
            "1\n",
            "1.0",
            "1e0",
            "0x1",
            "1_0",
            "--1",
            "1/-2",
            "-1/-1",
            "1/+1",
            "1/ 1",
            "10/1_0",
            "-1/-2",
            "1/+2",
            "1/ 2",
            "1 /2",
            "1_0/2",
            "2/1_0",
            "1/2/3",
            "inf",
            "nan",
            "x",
            "\u0661",  # an Arabic one, for which str.isdigit is true
            "\u00b9",  # a superscript one, for which str.isdigit is true and int fails
            "\uff11",  # a fullwidth one
            "\u22121",  # a minus sign
            "\u00bd",  # one half
            "0" * 4000 + "1",
        )
    ),
    Attack("a multiplier is not divided by zero", "division by zero", with_coefficient("1/0"), with_coefficient("1/1")),
    Attack("a minus sign does not excuse a zero", "division by zero", with_coefficient("-1/00")),
    Attack(
        "a product is a coefficient with its labels",
        "expected a list of 2",
        theorem("x >= 0", [{**arithmetic(), "products": [["1", ["h1"], "1"]]}], "x: real", ["x >= 0"]),
    ),
    Attack(
        "the labels of a product are a list",
        "expected a list",
        theorem("x >= 0", [{**arithmetic(), "products": [["1", "h1"]]}], "x: real", ["x >= 0"]),
        theorem("x >= 0", [{**arithmetic(), "products": [["1", ["h1"]]]}], "x: real", ["x >= 0"]),
    ),
]

# ------------------------------------------------------------------------------------------ rectifiers and the like


def by_phases(conclusion: str, term: str, *branches: Json, hypotheses: Texts = (), **more: Any) -> Json:
    """Each branch is one arithmetic step; the equation of the phase is r, its conditions r.1, r.2, ..."""
    return theorem(conclusion, [phases(term, "r", *([b] for b in branches))], "x: real, y: real", hypotheses, **more)


def either(goal: str) -> Json:
    """At each phase of relu(x), its condition shows one part of the goal."""
    yes = [suppose(0, "n"), arithmetic("1 r.1")]
    no = [suppose(1, "n"), arithmetic("1 r.1")]
    return theorem(goal, [phases("relu(x)", "r", yes, no)], "x: real")


RECTIFIERS = [
    Attack(
        "the kink of a rectifier belongs to its active phase",
        "remainder 0 is too small",
        either("x > 0 or x < 0"),
        either("x >= 0 or x < 0"),
    ),
    Attack(
        "the condition of the active phase is weak",
        "remainder 0 is too small",
        by_phases(
            "relu(x) > 0",
            "relu(x)",
            arithmetic("1 r.1", equations={"r": "1"}),
            arithmetic("1 r.1", "1 h1"),
            hypotheses=["x >= 0"],
        ),
        by_phases(
            "relu(x) > 0",
            "relu(x)",
            arithmetic("1 h1", equations={"r": "1"}),
            arithmetic("1 r.1", "1 h1", equations={"r": "1"}),
            hypotheses=["x > 0"],
        ),
    ),
    Attack(
        "a rectifier that is 0 may have argument 0",
        "remainder 0 is too small",
        by_phases(
            "x < 0",
            "relu(x)",
            arithmetic(equations={"r": "1", "h1": "-1"}),
            arithmetic("1 r.1"),
            hypotheses=["relu(x) == 0"],
        ),
        by_phases(
            "x <= 0",
            "relu(x)",
            arithmetic(equations={"r": "1", "h1": "-1"}),
            arithmetic("1 r.1"),
            hypotheses=["relu(x) == 0"],
        ),
    ),
    Attack(
        "a rectifier is not the identity",
        "the identity fails by",
        by_phases("relu(x) == x", "relu(x)", arithmetic(equations={"r": "1"}), arithmetic(equations={"r": "1"})),
        by_phases(
            "relu(x) >= x", "relu(x)", arithmetic(equations={"r": "1"}), arithmetic("1 r.1", equations={"r": "1"})
        ),
    ),
    Attack(
        "a rectifier is not below the identity",
        "negative multiplier",
        by_phases(
            "relu(x) <= x", "relu(x)", arithmetic(equations={"r": "-1"}), arithmetic("-1 r.1", equations={"r": "-1"})
        ),
    ),
    Attack(
        "a rectifier is not constantly 0",
        "the identity fails by",
        by_phases("relu(x) == 0", "relu(x)", arithmetic(equations={"r": "1"}), arithmetic(equations={"r": "1"})),
    ),
    Attack(
        "the phases of a rectifier come in the order of its definition",
        "the identity fails by",
        by_phases(
            "relu(x) >= 0", "relu(x)", arithmetic(equations={"r": "1"}), arithmetic("1 r.1", equations={"r": "1"})
        ),
        by_phases(
            "relu(x) >= 0", "relu(x)", arithmetic("1 r.1", equations={"r": "1"}), arithmetic(equations={"r": "1"})
        ),
    ),
    Attack(
        "the condition of the inactive phase has the other sign",
        "the identity fails by",
        by_phases(
            "relu(x)*x >= 0",
            "relu(x)",
            arithmetic("1 r.1 r.1", equations={"r": "x"}),
            arithmetic("1 r.1", equations={"r": "x"}),
        ),
        by_phases(
            "relu(x)*x >= 0", "relu(x)", arithmetic("1 r.1 r.1", equations={"r": "x"}), arithmetic(equations={"r": "x"})
        ),
    ),
    Attack(
        "a maximum is not its second argument",
        "the identity fails by",
        by_phases("max(x, y) == y", "max(x, y)", arithmetic(equations={"r": "1"}), arithmetic(equations={"r": "1"})),
        by_phases(
            "max(x, y) >= y", "max(x, y)", arithmetic("1 r.1", equations={"r": "1"}), arithmetic(equations={"r": "1"})
        ),
    ),
    Attack(
        "a minimum is not above its first argument",
        "the identity fails by",
        by_phases(
            "min(x, y) >= x", "min(x, y)", arithmetic(equations={"r": "1"}), arithmetic("1 r.1", equations={"r": "1"})
        ),
        by_phases(
            "min(x, y) <= x", "min(x, y)", arithmetic(equations={"r": "-1"}), arithmetic("1 r.1", equations={"r": "-1"})
        ),
    ),
    Attack(
        "an absolute value is not the identity",
        "the identity fails by",
        by_phases("abs(x) == x", "abs(x)", arithmetic(equations={"r": "1"}), arithmetic(equations={"r": "1"})),
    ),
    Attack(
        "a definition with two phases is not unfolded",
        r"relu\(x\) has 2 phases",
        theorem("relu(x) == x", [unfold("relu(x)", "r"), exact("r")], "x: real"),
    ),
    Attack(
        "a missing phase",
        "expected a list of 2",
        by_phases("relu(x) == x", "relu(x)", arithmetic(equations={"r": "1"})),
    ),
    Attack(
        "a phase too many",
        "expected a list of 2",
        by_phases(
            "relu(x) >= x",
            "relu(x)",
            arithmetic(equations={"r": "1"}),
            *2 * [arithmetic("1 r.1", equations={"r": "1"})],
        ),
        by_phases(
            "relu(x) >= x", "relu(x)", arithmetic(equations={"r": "1"}), arithmetic("1 r.1", equations={"r": "1"})
        ),
    ),
    Attack(
        "the third of three phases lies beyond both conditions",
        "no hypothesis r.2",
        by_phases(
            "clamp(x) <= 1",
            "clamp(x)",
            arithmetic("1 r.2", equations={"r": "-1"}),
            arithmetic("1", equations={"r": "-1"}),
            arithmetic("1 r.1", equations={"r": "-1"}),
            definitions=[CLAMP],
        ),
    ),
    Attack(
        "the last phase denies the conditions before it, and does not affirm them",
        "the identity fails by",
        by_phases(
            "clamp(x) >= 1",
            "clamp(x)",
            arithmetic(equations={"r": "1"}),
            arithmetic("1 r.1", equations={"r": "1"}),
            arithmetic("1 r.1", equations={"r": "1"}),
            hypotheses=["x >= 1"],
            definitions=[CLAMP],
        ),
    ),
    Attack(
        "the denial of a disjunction is no disjunction",
        "not a disjunction: r.2",
        theorem(
            "clamp(x) >= 0",
            [
                phases(
                    "clamp(x)",
                    "r",
                    [arithmetic("1", equations={"r": "1"})],
                    [arithmetic(equations={"r": "1"})],
                    [
                        cases(
                            "r.2",
                            "c",
                            [arithmetic("1 c", equations={"r": "1"})],
                            [arithmetic("1 c", equations={"r": "1"})],
                        )
                    ],
                )
            ],
            "x: real",
            definitions=[CLAMP],
        ),
        theorem(
            "clamp(x) >= 0",
            [
                phases(
                    "clamp(x)",
                    "r",
                    [arithmetic("1", equations={"r": "1"})],
                    [arithmetic(equations={"r": "1"})],
                    [unpack("r.2", "a", "b"), arithmetic("1 a", equations={"r": "1"})],
                )
            ],
            "x: real",
            definitions=[CLAMP],
        ),
    ),
]

# ---------------------------------------------------------------------------------------------------------- sorts


def natural_fact_at(
    term: str, over: str, duty: Sequence[Proof] = (), *, conclusion: str | None = None, hypotheses: Texts = ()
) -> Json:
    """All p(j) with j natural are assumed, and used for this term.  (Where p of the term is no formula, the document
    has to conclude something else.)"""
    return theorem(
        conclusion or f"p({term})",
        [instance("all", {"j": term}, "i", duty), exact("i")],
        over,
        hypotheses,
        parameters=[P_NAT],
        assumptions=[assume("all", "p(j)", "j: nat")],
    )


def stated(conclusion: Json, over: str = "x: real, k: nat, u: vec", **more: Any) -> Json:
    """A conclusion that need not be proved: a hypothesis says the same."""
    return theorem(conclusion, [exact("h1")], over, [conclusion], **more)


def natural_of(term: str, **more: Any) -> Json:
    return theorem(f"{term} >= 0", [natural(term, "n"), exact("n")], "j: nat, k: nat, x: real, u: vec", **more)


def at_least_one(term: str, hypothesis: str, **more: Any) -> Json:
    return theorem(
        f"{term} >= 1", [integer("h1", "i"), exact("i")], "j: nat, k: nat, x: real, u: vec", [hypothesis], **more
    )


def defined(signature: str, body: Json, *before: Json) -> Json:
    """A document that is about nothing but this definition."""
    return theorem("1 > 0", [arithmetic()], definitions=[*before, define(signature, body)])


G_VEC = parameter("g(vec) -> vec")
F_NAT = parameter("f(nat) -> real")

SORTS = [
    Attack(
        "a fact about naturals is not used at a real variable",
        "j must be of sort nat: x",
        natural_fact_at("x", "x: real", conclusion="0 > 0"),
        natural_fact_at("k", "k: nat"),
    ),
    Attack(
        "a fact about naturals is not used at one half",
        "j must be of sort nat: 1/2",
        natural_fact_at("1/2", "", conclusion="0 > 0"),
    ),
    Attack(
        "a fact about naturals is not used at half a natural",
        "j must be of sort nat: k/2",
        natural_fact_at("k/2", "k: nat", conclusion="0 > 0"),
        natural_fact_at("2*k", "k: nat"),
    ),
    Attack(
        "a fact about naturals is not used at a multiple of a real",
        r"j must be of sort nat: k\*x",
        natural_fact_at("k*x", "k: nat, x: real", conclusion="0 > 0"),
    ),
    Attack(
        "a fact about naturals is not used at a value of a real function",
        r"j must be of sort nat: f\(0\)",
        theorem(
            "f(0) >= 0",
            [instance("all", {"j": "f(0)"}, "i"), exact("i")],
            parameters=[F_NAT],
            assumptions=[assume("all", "j >= 0", "j: nat")],
        ),
        theorem(
            "f(0) >= 0",
            [instance("all", {"j": "f(0)"}, "i"), exact("i")],
            parameters=[parameter("f(nat) -> nat")],
            assumptions=[assume("all", "j >= 0", "j: nat")],
        ),
    ),
    *(
        Attack(
            f"a fact about naturals is not used at {term}, which has been shown nonnegative",
            "j must be of sort nat",
            theorem(
                f"({term})**2 >= {term}",
                [instance("all", {"j": term}, "i", [[exact("h1")]]), exact("i")],
                "x: real, k: nat, l: nat",
                [f"{term} >= 0"],
                assumptions=[assume("all", "j**2 >= j", "j: nat")],
            ),
            theorem(
                f"({twin})**2 >= {twin}",
                [instance("all", {"j": twin}, "i", [[exact("h1")]]), exact("i")],
                "x: real, k: nat, l: nat",
                [f"{twin} >= 0"],
                assumptions=[assume("all", "j**2 >= j", "j: nat")],
            ),
        )
        for term, twin in (("x", "k - l"), ("k/2 - l", "2*k - l"), ("k - 1/2", "k - 1"), ("abs(k)", "k - 2"))
    ),
    Attack(
        "a fact about naturals is not used at a vector",
        "j must be of sort nat",
        natural_fact_at("u", "u: vec", conclusion="0 > 0"),
    ),
    Attack(
        "a scalar product of vectors is no natural",
        "j must be of sort nat",
        natural_fact_at("dot(u, u)", "u: vec", conclusion="0 > 0"),
    ),
    Attack(
        "a negative number is no natural without a proof",
        "expected a list of 1",
        natural_fact_at("-1", ""),
        natural_fact_at("1", ""),
    ),
    Attack(
        "there is no proof that a negative number is natural",
        "remainder -1 is too small",
        natural_fact_at("-1", "", [[arithmetic()]]),
        natural_fact_at("2 - 1", ""),
    ),
    Attack(
        "the predecessor of a natural is no natural without a proof",
        "expected a list of 1",
        natural_fact_at("k - 1", "k: nat"),
        natural_fact_at("k - 1", "k: nat", [[exact("h1")]], hypotheses=["k >= 1"]),
    ),
    Attack(
        "a bound that is too low does not make the predecessor natural",
        "h1 is not the goal",
        natural_fact_at("k - 2", "k: nat", [[exact("h1")]], hypotheses=["k >= 1"]),
        natural_fact_at("k - 2", "k: nat", [[exact("h1")]], hypotheses=["k >= 2"]),
    ),
    Attack(
        "a difference with a natural coefficient is no natural without a proof",
        "expected a list of 1",
        natural_fact_at("3 - 2*k", "k: nat"),
    ),
    Attack(
        "a fact about numbers is not used at a vector",
        "y must be of sort real: u",
        theorem(
            "0 > 0",
            [instance("all", {"y": "u"}, "i"), exact("i")],
            "u: vec",
            assumptions=[assume("all", "y**2 >= 0", "y: real")],
        ),
        theorem(
            "sq(u)**2 >= 0",
            [instance("all", {"y": "sq(u)"}, "i"), exact("i")],
            "u: vec",
            assumptions=[assume("all", "y**2 >= 0", "y: real")],
        ),
    ),
    Attack(
        "a fact about vectors is not used at a number",
        "v must be of sort vec: 0",
        theorem(
            "0 > 0",
            [instance("all", {"v": "0"}, "i"), exact("i")],
            assumptions=[assume("all", "sq(v) >= 0", "v: vec")],
        ),
    ),
    Attack(
        "a fact is not used at a proposition",
        "a proposition is not a term",
        theorem(
            "0 > 0",
            [instance("all", {"y": "p(0)"}, "i"), exact("i")],
            parameters=[P_REAL],
            assumptions=[assume("all", "y**2 >= 0", "y: real")],
        ),
    ),
    Attack(
        "a function of a natural is not applied to a real",
        "an argument of f must be of sort nat: x",
        stated("f(x) >= 0", parameters=[F_NAT]),
        stated("f(k) >= 0", parameters=[F_NAT]),
    ),
    Attack(
        "a function of a natural is not applied to a half",
        "an argument of f must be of sort nat: 1/2",
        stated("f(1/2) >= 0", parameters=[F_NAT]),
        stated("f(2/2) >= 0", parameters=[F_NAT]),
    ),
    Attack(
        "a function of a number is not applied to a vector",
        "an argument of f must be of sort real",
        stated("f(u) >= 0", parameters=[F_REAL]),
        stated("f(sq(u)) >= 0", parameters=[F_REAL]),
    ),
    Attack(
        "a function of a vector is not applied to a number",
        "an argument of g must be of sort vec: 0",
        stated("g(0) == u", parameters=[G_VEC]),
        stated("g(0*u) == u", parameters=[G_VEC]),
    ),
    Attack("a function has all its arguments", "f takes 1 arguments, not 0", stated("f() >= 0", parameters=[F_REAL])),
    Attack(
        "a function has no more than its arguments",
        "f takes 1 arguments, not 2",
        stated("f(x, x) >= 0", parameters=[F_REAL]),
        stated("f(x) >= 0", parameters=[F_REAL]),
    ),
    Attack("a function is declared before it is used", "unknown function: f", stated("f(x) >= 0")),
    Attack("a variable is no function", "unknown function: x", stated("x(1) >= 0")),
    Attack("a function is no variable", "unknown name: f", stated("f >= 0", parameters=[F_REAL])),
    Attack(
        "a constant is applied to nothing", "unknown name: c", stated("c >= 0", parameters=[parameter("c() -> real")])
    ),
    Attack(
        "propositions are not compared",
        "a proposition is not a term",
        stated("p(x) == p(x)", parameters=[P_REAL]),
        stated("iff(p(x), p(x))", parameters=[P_REAL]),
    ),
    Attack(
        "propositions are not added",
        "a proposition is not a term",
        stated("p(x) + 1 >= 0", parameters=[P_REAL]),
    ),
    Attack("a term is no formula", "a term is not a proposition", stated("f(x)", parameters=[F_REAL])),
    Attack("a variable is no formula", "not a formula: x", stated("x")),
    Attack("a number is no formula", "not a formula: 1", stated("1")),
    Attack("a formula is no term", "not a term: x >= 0", stated("(x >= 0) == (x >= 0)")),
    Attack("a conjunction is no term", "not a term: x and x", stated("(x and x) == 1")),
    Attack("truth is no number", "unknown name: true", stated("true >= 0")),
    Attack(
        "a vector and a number have no sum", "a vector or matrix is needed, not the number", stated("sq(u + 1) >= 0")
    ),
    Attack("a number and a vector have no sum", "a number is needed, not the vector", stated("sq(1 + u) >= 0")),
    Attack("a vector minus a number", "a vector or matrix is needed, not the number", stated("sq(u - x) >= 0")),
    Attack("vectors have no product", "a number is needed, not the vector", stated("u*u == u"), stated("x*u == u")),
    Attack("vectors have no powers", "a number is needed, not the vector", stated("u**2 == u"), stated("x**2 == x")),
    Attack(
        "nothing is divided by a vector", "a number is needed, not the vector", stated("x/u >= 0"), stated("u/2 == u")
    ),
    Attack("vectors have no order", "a number is needed, not the vector", stated("u >= u"), stated("u == u")),
    Attack("vectors have no strict order", "a number is needed, not the vector", stated("u < u")),
    Attack(
        "a vector is not equal to a number",
        "a vector or matrix is needed, not the number",
        stated("u == 1"),
        stated("u == 0"),
    ),
    Attack("a number is not equal to a vector", "a number is needed, not the vector", stated("0 == u")),
    Attack("a number is not squared as a vector", "a vector or matrix is needed, not the number", stated("sq(x) >= 0")),
    Attack("numbers have no scalar product", "a vector or matrix is needed, not the number", stated("dot(u, x) >= 0")),
    Attack(
        "a scalar product has two arguments",
        "dot has the wrong number",
        stated("dot(u) >= 0"),
        stated("dot(u, u) >= 0"),
    ),
    Attack("a scalar product has no third argument", "dot has the wrong number", stated("dot(u, u, u) >= 0")),
    Attack("a square has one argument", "sq has the wrong number", stated("sq(u, u) >= 0"), stated("sq(u) >= 0")),
    Attack("a variable has a sort that exists", "unknown sort of variable x", stated("1 > 0", "x: int")),
    Attack("no variable is a proposition", "unknown sort of variable x", stated("1 > 0", "x: prop")),
    Attack(
        "no argument is a proposition",
        "unknown sort in f",
        stated("1 > 0", parameters=[parameter("f(prop) -> real")]),
        stated("1 > 0", parameters=[parameter("f(vec) -> prop")]),
    ),
    Attack(
        "a parameter has a sort that exists", "unknown sort in f", stated("1 > 0", parameters=[parameter("f() -> int")])
    ),
    Attack(
        "a definition has a sort that exists",
        "unknown sort in f",
        defined("f() -> int", "1"),
        defined("f() -> nat", "1"),
    ),
    Attack(
        "a natural is not defined as -1", "must have sort nat", defined("n() -> nat", "-1"), defined("n() -> nat", "1")
    ),
    Attack("a natural is not defined as 1/2", "must have sort nat", defined("n() -> nat", "1/2")),
    Attack(
        "a natural is not defined as a predecessor",
        "must have sort nat",
        defined("n(k: nat) -> nat", "k - 1"),
        defined("n(k: nat) -> nat", "k + 1"),
    ),
    Attack(
        "a natural is not defined as a real variable",
        "must have sort nat",
        defined("n(x: real) -> nat", "x"),
        defined("n(x: real) -> nat", "2"),
    ),
    Attack(
        "a natural is not defined as the value of a real function",
        "must have sort nat",
        defined("n(k: nat) -> nat", "relu(k)"),
    ),
    Attack("a natural is not defined as a scalar product", "must have sort nat", defined("n(u: vec) -> nat", "sq(u)")),
    Attack(
        "a natural is not negative at 0",
        "must have sort nat",
        defined("n(k: nat) -> nat", by_shape("k", "-1", "n(k)")),
        defined("n(k: nat) -> nat", by_shape("k", "1", "n(k)")),
    ),
    Attack(
        "a natural does not decrease along a recursion",
        "must have sort nat",
        defined("n(k: nat) -> nat", by_shape("k", "0", "n(k) - 1")),
        defined("n(k: nat) -> nat", by_shape("k", "0", "n(k) + 1")),
    ),
    Attack(
        "a natural is natural under a condition as well",
        "must have sort nat",
        defined("n(k: nat) -> nat", by_condition("k >= 1", "k - 1", "0")),
        defined("n(k: nat) -> nat", by_condition("k >= 1", "k", "0")),
    ),
    Attack(
        "a natural is natural beside a condition as well",
        "must have sort nat",
        defined("n(k: nat) -> nat", by_condition("k >= 1", "k", "-1")),
        defined("n(k: nat) -> nat", by_condition("k >= 1", "k", "1")),
    ),
    Attack("a number is not defined as a vector", "must have sort real", defined("n(u: vec) -> real", "u")),
    Attack(
        "a vector is not defined as a number",
        "must have sort vec",
        defined("n(u: vec) -> vec", "0"),
        defined("n(u: vec) -> vec", "0*u"),
    ),
    Attack(
        "a number is not defined as a formula",
        "not a term",
        defined("n(x: real) -> real", "x >= 0"),
        defined("n(x: real) -> prop", "x >= 0"),
    ),
    Attack("a predicate is not defined as a number", "not a formula", defined("n(x: real) -> prop", "x")),
    Attack("a condition is a formula", "not a formula", defined("n(x: real) -> real", by_condition("x", "1", "2"))),
    Attack(
        "a difference is not visibly natural", "not visibly a natural number", natural_of("j - k"), natural_of("j + k")
    ),
    Attack("a real number is not natural", "not visibly a natural number", natural_of("x")),
    Attack("a half is not natural", "not visibly a natural number", natural_of("k/2"), natural_of("4*k/2")),
    Attack("a scalar product is not natural", "not visibly a natural number", natural_of("dot(u, u)")),
    Attack(
        "a value of a real function is not natural",
        "not visibly a natural number",
        natural_of("f(k)", parameters=[F_NAT]),
        natural_of("f(k)", parameters=[parameter("f(nat) -> nat")]),
    ),
    Attack("a rectified natural is not visibly natural", "not visibly a natural number", natural_of("relu(k)")),
    Attack(
        "a vector is not natural",
        "not visibly a natural number",
        theorem("0 >= 0", [natural("u", "n"), exact("n")], "u: vec"),
    ),
    Attack(
        "a positive real need not be at least 1",
        "not the positivity of an integer",
        at_least_one("x", "x > 0"),
        at_least_one("k", "k > 0"),
    ),
    Attack(
        "a positive half need not be at least 1",
        "not the positivity of an integer",
        at_least_one("k/2", "k/2 > 0"),
        at_least_one("k*j - 3*k", "k*j - 3*k > 0"),
    ),
    Attack(
        "a positive value of a real function need not be at least 1",
        "not the positivity of an integer",
        at_least_one("f(k)", "f(k) > 0", parameters=[F_NAT]),
        at_least_one("f(k)", "f(k) > 0", parameters=[parameter("f(nat) -> nat")]),
    ),
    Attack(
        "a positive scalar product need not be at least 1",
        "not the positivity of an integer",
        at_least_one("dot(u, u)", "dot(u, u) > 0"),
    ),
    Attack(
        "a nonnegative natural need not be at least 1",
        "not the positivity of an integer",
        at_least_one("k", "k >= 0"),
        at_least_one("k", "k > 0"),
    ),
    Attack("a natural that is 0 is not at least 1", "not the positivity of an integer", at_least_one("k", "k == 0")),
    Attack(
        "the positivity of a natural is not hidden in a conjunction",
        "not the positivity of an integer",
        at_least_one("k", "k > 0 and j > 0"),
    ),
    Attack(
        "a positive integer need not be at least 2",
        "i is not the goal",
        theorem("k >= 2", [integer("h1", "i"), exact("i")], "k: nat", ["k > 0"]),
        theorem("k >= 2", [integer("h1", "i"), exact("i")], "k: nat", ["k > 1"]),
    ),
]

# --------------------------------------------------------------------------------------------- names and their reach


def labelled(*steps: Json, conclusion: str = "x >= 0", hypotheses: Texts = ("x >= 0",), **more: Any) -> Json:
    return theorem(conclusion, list(steps), "x: real, y: real", hypotheses, **more)


def trivial(label: Json) -> Json:
    return have("1 > 0", [arithmetic()], label)


def named(name: str) -> Json:
    """A document with a variable of this name."""
    document = stated("1 > 0", "x: real")
    return edited(document, ("statement", "theorem", "variables", 0, 0), name)


def worded(text: Json) -> Json:
    """A document that concludes this from itself, over x and y."""
    return stated(text, "x: real, y: real")


NAMES = [
    Attack(
        "a label is not used twice",
        "label missing or in use: h1",
        labelled(trivial("h1"), exact("h1"), conclusion="y >= 0", hypotheses=["y >= 0"]),
        labelled(trivial("a"), exact("h1"), conclusion="y >= 0", hypotheses=["y >= 0"]),
    ),
    Attack(
        "a label is not overwritten by a stronger formula",
        "label missing or in use: h1",
        theorem("x >= 0", [split("x >= 0", "h1", [exact("h1")], [exact("h1")])], "x: real", ["x >= -1"]),
    ),
    Attack(
        "the label of an instance is new",
        "label missing or in use: a",
        labelled(trivial("a"), instance("all", {}, "a"), exact("h1"), assumptions=[assume("all", "1 > 0")]),
        labelled(trivial("a"), instance("all", {}, "b"), exact("h1"), assumptions=[assume("all", "1 > 0")]),
    ),
    Attack(
        "the label of a condition is new",
        r"label missing or in use: r\.1",
        labelled(trivial("r.1"), phases("relu(x)", "r", [exact("h1")], [exact("h1")])),
        labelled(trivial("r.2"), phases("relu(x)", "r", [exact("h1")], [exact("h1")])),
    ),
    Attack(
        "the parts of a conjunction have different labels",
        "label missing or in use: a",
        labelled(unpack("h1", "a", "a"), exact("a"), hypotheses=["x >= 0 and y >= 0"]),
        labelled(unpack("h1", "a", "b"), exact("a"), hypotheses=["x >= 0 and y >= 0"]),
    ),
    Attack(
        "the label of a negated part is new",
        "label missing or in use: h1",
        labelled(suppose(0, "h1"), exact("h1"), conclusion="x >= 0 or x >= 5"),
        labelled(suppose(0, "n"), exact("h1"), conclusion="x >= 0 or x >= 5"),
    ),
    Attack(
        "the label of a negated goal is new",
        "label missing or in use: h1",
        labelled(contradiction("h1"), absurd("h1", "h1")),
        labelled(contradiction("n"), absurd("h1", "n")),
    ),
    Attack(
        "the label of a case is new",
        "label missing or in use: h1",
        labelled(cases("h1", "h1", [exact("h1")], [exact("h1")]), hypotheses=["x >= 0 or x >= 1"]),
    ),
    Attack("a label is not empty", "label missing or in use", labelled(trivial(""), exact("h1"))),
    Attack("a label is not null", "label missing or in use", labelled(trivial(None), exact("h1"))),
    Attack("a label is not a number", "label missing or in use", labelled(trivial(1), exact("h1"))),
    Attack("a label is not a list", "label missing or in use", labelled(trivial(["a"]), exact("h1"))),
    Attack(
        "a label of one branch is not known in the next",
        "no hypothesis a",
        theorem(
            "x**2 >= 0 and x**2 + 1 >= 0",
            [
                parts(
                    [have("x**2 >= 0", [arithmetic(squares={"x": "1"})], "a"), exact("a")],
                    [arithmetic("1 a", "1")],
                )
            ],
            "x: real",
        ),
        theorem(
            "x**2 >= 0 and x**2 + 1 >= 0",
            [
                have("x**2 >= 0", [arithmetic(squares={"x": "1"})], "a"),
                parts([exact("a")], [arithmetic("1 a", "1")]),
            ],
            "x: real",
        ),
    ),
    Attack(
        "what is known in one branch is not known in the next",
        "s is not the goal",
        theorem("x >= 0", [split("x >= 0", "s", [exact("s")], [exact("s")])], "x: real"),
    ),
    Attack(
        "a label of a subproof is not known outside",
        "no hypothesis a",
        labelled(have("x >= -1", [trivial("a"), arithmetic("1 h1", "1")], "b"), arithmetic("1 h1", "0 a")),
        labelled(have("x >= -1", [trivial("a"), arithmetic("1 h1", "1")], "b"), arithmetic("1 h1", "0 b")),
    ),
    Attack(
        "what has been shown has its label only afterwards",
        "no hypothesis b",
        labelled(have("x >= 5", [exact("b")], "b"), exact("h1")),
        labelled(have("x >= 0", [exact("h1")], "b"), exact("b")),
    ),
    Attack(
        "the hypotheses of a lemma are not those of the theorem",
        "no hypothesis h1",
        labelled(
            instance("a", {"x": "x"}, "i"),
            exact("i"),
            lemmas=[lemma("a", "x >= 0", [exact("h1")], "x: real")],
        ),
        labelled(
            instance("a", {"x": "x"}, "i", [[exact("h1")]]),
            exact("i"),
            lemmas=[lemma("a", "x >= 0", [exact("h1")], "x: real", ["x >= 0"])],
        ),
    ),
    Attack("a variable is not declared twice", "name already in use: x", stated("x >= 0", "x: real, x: nat")),
    Attack(
        "a variable does not have the name of a parameter",
        "name already in use: f",
        stated("f >= f", "f: real", parameters=[F_REAL]),
        stated("e >= e", "e: real", parameters=[F_REAL]),
    ),
    Attack(
        "a variable does not have the name of a rectifier", "name already in use: relu", stated("1 > 0", "relu: real")
    ),
    *(
        Attack(f"no variable is called {name}", f"reserved name: {name}", named(name), named(name + "_"))
        for name in ("dot", "sq", "implies", "iff", "true", "false", "induction", "lambda", "None", "and")
    ),
    *(
        Attack(f"no variable is called {name!r}", "not a name", named(name))
        for name in (
            "",
            "1x",
            "x y",
            "x\n",
            "f(x)",
            "x.y",
            "\u0445",  # Cyrillic
            "\uff58",  # fullwidth
            "x\u0301",
            "\u210c",
            "x" * 201,
        )
    ),
    Attack("a name is not null", "not a name", named(None)),  # type: ignore[arg-type]
    Attack("a name is not a list", "not a name", named(["x"])),  # type: ignore[arg-type]
    Attack("a name may have 200 letters and no more", "not a name", named("y" * 201), named("y" * 200)),
    *(
        Attack(f"a text contains no {what}", "not a line of at most", worded(text), worded(twin))
        for what, text, twin in (
            ("Cyrillic letter", "\u0445 == x", "x == x"),
            ("fullwidth letter", "\uff58 == x", "x == x"),  # which Python would read as x
            ("mathematical letter", "\U0001d465 == x", "x == x"),  # likewise
            ("ligature", "\ufb01 == x", "x == x"),
            ("fullwidth digit", "x == x + \uff11", "x + 1 == x + 1"),
            ("Arabic digit", "x == x + \u0661", "x + 1 == x + 1"),
            ("minus sign but the ASCII one", "x \u2212 1 >= x", "x - 1 >= x"),
            ("sign for at least", "x \u2265 x", "x >= x"),
            ("no-break space", "x\u00a0== x", "x == x"),
            ("zero-width space", "x\u200b == x", "x == x"),
            ("mark that reverses the direction", "x \u202e== x", "x == x"),
            ("second line", "x ==\nx", "x == x"),
            ("tabulator", "x ==\tx", "x == x"),
            ("form feed", "x ==\fx", "x == x"),
            ("null character", "x == x\x00", "x == x"),
        )
    ),
    Attack("a text is not null", "not a line of at most", worded(None)),
    Attack("a text is not a number", "not a line of at most", worded(1)),
    Attack("a text is not true", "not a line of at most", worded(True)),
    Attack("a text is not a list", "not a line of at most", worded(["1 > 0"])),
    Attack(
        "a text has an end", "not a line of at most", worded("x == x" + " " * 20_000), worded("x == x" + " " * 19_994)
    ),
    Attack("a text is not empty", "syntax error", worded("")),
    Attack(
        "a function is not declared twice",
        "defined twice: f",
        stated("1 > 0", parameters=[F_REAL, F_REAL]),
        stated("1 > 0", parameters=[F_REAL, P_REAL]),
    ),
    Attack(
        "no parameter is called relu",
        "defined twice: relu",
        stated("1 > 0", parameters=[parameter("relu(real) -> real")]),
    ),
    Attack(
        "no parameter is called dot", "reserved name: dot", stated("1 > 0", parameters=[parameter("dot(real) -> real")])
    ),
    Attack("a parameter has a name", "not a name", stated("1 > 0", parameters=[["f(", [], "real"]])),
    Attack(
        "a parameter is not defined",
        "defined twice: c",
        theorem(
            "c() == 0",
            [unfold("c()", "d"), exact("d")],
            parameters=[parameter("c() -> real")],
            auxiliary=[define("c() -> real", "0")],
        ),
        theorem("c() == 0", [unfold("c()", "d"), exact("d")], definitions=[define("c() -> real", "0")]),
    ),
    Attack(
        "an absolute value is not defined again",
        "defined twice: abs",
        theorem(
            "abs(x) == x",
            [unfold("abs(x)", "d"), exact("d")],
            "x: real",
            auxiliary=[define("abs(x: real) -> real", "x")],
        ),
        theorem(
            "same(x) == x",
            [unfold("same(x)", "d"), exact("d")],
            "x: real",
            definitions=[define("same(x: real) -> real", "x")],
        ),
    ),
    Attack(
        "a definition of the statement is not replaced by the witness",
        "defined twice: c",
        theorem(
            "c() == 0",
            [unfold("c()", "d"), exact("d")],
            definitions=[define("c() -> real", "1")],
            auxiliary=[define("c() -> real", "0")],
        ),
        theorem(
            "c() == 1",
            [unfold("c()", "d"), exact("d")],
            definitions=[define("c() -> real", "1")],
            auxiliary=[define("b() -> real", "0")],
        ),
    ),
    Attack(
        "two definitions have different names",
        "defined twice: c",
        theorem("0 == 1", [unfold("c()", "d"), exact("d")], definitions=2 * [define("c() -> real", "0")]),
    ),
    Attack(
        "an auxiliary definition does not have the name of a variable of the theorem",
        "name already in use: x",
        theorem("x == 0", [unfold("x()", "d"), exact("d")], "x: real", auxiliary=[define("x() -> real", "0")]),
        theorem("y() == 0", [unfold("y()", "d"), exact("d")], "x: real", definitions=[define("y() -> real", "0")]),
    ),
    Attack(
        "an auxiliary definition does not have the name of a variable of a lemma",
        "name already in use: y",
        theorem(
            "1 > 0",
            [arithmetic()],
            auxiliary=[define("y() -> real", "0")],
            lemmas=[lemma("a", "y >= y", [arithmetic()], "y: real")],
        ),
    ),
    Attack(
        "the constant x() is not the variable x",
        "the identity fails by",
        theorem(
            "f(y) == y",
            [unfold("x()", "d"), instance("all", {"x": "y"}, "i"), arithmetic(equations={"i": "1", "d": "1"})],
            "y: real",
            parameters=[F_REAL],
            assumptions=[assume("all", "f(x) == x", "x: real")],
            auxiliary=[define("x() -> real", "0")],
        ),
        theorem(
            "f(y) == y",
            [unfold("x()", "d"), instance("all", {"x": "y"}, "i"), arithmetic(equations={"i": "1"})],
            "y: real",
            parameters=[F_REAL],
            assumptions=[assume("all", "f(x) == x", "x: real")],
            auxiliary=[define("x() -> real", "0")],
        ),
    ),
    Attack(
        "a definition speaks of its own variables only",
        "unknown name: x",
        theorem("1 > 0", [arithmetic()], "x: real", auxiliary=[define("c() -> real", "x")]),
        theorem("1 > 0", [arithmetic()], "x: real", auxiliary=[define("c(x: real) -> real", "x")]),
    ),
    Attack(
        "an assumption speaks of its own variables only",
        "unknown name: x",
        theorem("x >= 0", [instance("a", {}, "i"), exact("i")], "x: real", assumptions=[assume("a", "x >= 0")]),
    ),
    Attack(
        "a lemma speaks of its own variables only",
        "unknown name: x",
        theorem(
            "x >= x", [instance("a", {}, "i"), exact("i")], "x: real", lemmas=[lemma("a", "x >= x", [arithmetic()])]
        ),
        theorem(
            "x >= x",
            [instance("a", {"x": "x"}, "i"), exact("i")],
            "x: real",
            lemmas=[lemma("a", "x >= x", [arithmetic()], "x: real")],
        ),
    ),
    Attack(
        "a proof speaks of the variables of its theorem only",
        "unknown name: y",
        theorem("1 > 0", [have("y == y", [arithmetic()], "a"), arithmetic()], "x: real"),
        theorem("1 > 0", [have("x == x", [arithmetic()], "a"), arithmetic()], "x: real"),
    ),
    Attack(
        "two facts have different names",
        "two facts have the name a",
        theorem(
            "1 > 0",
            [arithmetic()],
            assumptions=[assume("a", "false")],
            lemmas=[lemma("a", "1 > 0", [arithmetic()])],
        ),
        theorem(
            "1 > 0",
            [arithmetic()],
            assumptions=[assume("a", "false")],
            lemmas=[lemma("b", "1 > 0", [arithmetic()])],
        ),
    ),
    Attack(
        "two assumptions have different names",
        "two facts have the name a",
        theorem("1 > 0", [arithmetic()], assumptions=2 * [assume("a", "1 > 0")]),
    ),
    Attack(
        "two lemmas have different names",
        "two facts have the name a",
        theorem("1 > 0", [arithmetic()], lemmas=2 * [lemma("a", "1 > 0", [arithmetic()])]),
    ),
    Attack(
        "an assumption does not have the name of the theorem",
        "an assumption has the name of the theorem: t",
        theorem("false", [instance("t", {}, "i"), exact("i")], assumptions=[assume("t", "false")]),
        theorem("false", [instance("u", {}, "i"), exact("i")], assumptions=[assume("u", "false")]),
    ),
    Attack("the name of a theorem is a name", "not a name", theorem("1 > 0", [arithmetic()], name="the theorem")),
    Attack("no theorem is called induction", "reserved name", theorem("1 > 0", [arithmetic()], name="induction")),
    Attack(
        "no lemma is called like an induction hypothesis",
        "not a name: 'induction on k'",
        theorem("1 > 0", [arithmetic()], lemmas=[lemma("induction on k", "1 > 0", [arithmetic()])]),
    ),
]

# ---------------------------------------------------------------------------------------- instantiation and capture


def exchanged(text: str, conclusion: str, at: dict[str, str]) -> Json:
    """A fact about x and y, used for other terms, is exactly the conclusion."""
    return theorem(
        conclusion,
        [instance("all", at, "i"), exact("i")],
        "x: real, y: real",
        parameters=[parameter("f(real, real) -> real"), parameter("g(real) -> real")],
        assumptions=[assume("all", text, "x: real, y: real")],
    )


SHIFT = define("shift(k: nat, x: real) -> real", by_shape("k", "x", "shift(k, x + k)"))
GAP = define("gap(s: real, t: real) -> real", "s - t")

CAPTURE = [
    Attack(
        "variables are exchanged at once and not one after the other",
        "i is not the goal",
        exchanged("f(x, y) >= x", "f(x, x) >= x", {"x": "y", "y": "x"}),
        exchanged("f(x, y) >= x", "f(y, x) >= y", {"x": "y", "y": "x"}),
    ),
    Attack(
        "nor one after the other in the opposite order",
        "i is not the goal",
        exchanged("f(x, y) >= x", "f(y, y) >= y", {"x": "y", "y": "x"}),
    ),
    Attack(
        "variables are exchanged at once within nested applications",
        "i is not the goal",
        exchanged("f(g(f(x, y)), y) >= 0", "f(g(f(g(x), x)), g(x)) >= 0", {"x": "g(y)", "y": "x"}),
        exchanged("f(g(f(x, y)), y) >= 0", "f(g(f(g(y), x)), x) >= 0", {"x": "g(y)", "y": "x"}),
    ),
    Attack(
        "a term that is put in is not read again",
        "i is not the goal",
        exchanged("g(x) >= y", "g(g(g(x))) >= y", {"x": "g(x)", "y": "y"}),
        exchanged("g(x) >= y", "g(g(x)) >= y", {"x": "g(x)", "y": "y"}),
    ),
    Attack(
        "a sum that is put in for a factor keeps together",
        "i is not the goal",
        exchanged("2*x >= y", "2*x + y >= y", {"x": "x + y", "y": "y"}),
        exchanged("2*x >= y", "2*x + 2*y >= y", {"x": "x + y", "y": "y"}),
    ),
    Attack(
        "a difference that is put in after a minus sign keeps together",
        "i is not the goal",
        exchanged("-x >= 0", "-x - y >= 0", {"x": "x - y", "y": "y"}),
        exchanged("-x >= 0", "-x + y >= 0", {"x": "x - y", "y": "y"}),
    ),
    Attack(
        "a definition is unfolded with all its arguments at once",
        "d is not the goal",
        theorem("gap(t, s) == 0", [unfold("gap(t, s)", "d"), exact("d")], "s: real, t: real", definitions=[GAP]),
        theorem("gap(t, s) == t - s", [unfold("gap(t, s)", "d"), exact("d")], "s: real, t: real", definitions=[GAP]),
    ),
    Attack(
        "the variables of a definition are not those of the theorem",
        "d is not the goal",
        theorem("gap(1, t) == s - t", [unfold("gap(1, t)", "d"), exact("d")], "s: real, t: real", definitions=[GAP]),
        theorem("gap(1, t) == 1 - t", [unfold("gap(1, t)", "d"), exact("d")], "s: real, t: real", definitions=[GAP]),
    ),
    Attack(
        "the predecessor in a definition is not the variable of that name in the theorem",
        "d is not the goal",
        theorem(
            "shift(2*k + 1, k) == shift(k, k + k)",
            [unfold("shift(2*k + 1, k)", "d"), exact("d")],
            "k: nat",
            definitions=[SHIFT],
        ),
        theorem(
            "shift(2*k + 1, k) == shift(2*k, k + 2*k)",
            [unfold("shift(2*k + 1, k)", "d"), exact("d")],
            "k: nat",
            definitions=[SHIFT],
        ),
    ),
    Attack(
        "the variables of a condition are those of the definition",
        "the identity fails by",
        by_phases(
            "max(y, x) >= y",
            "max(y, x)",
            arithmetic("1 r.1", equations={"r": "1"}),
            arithmetic("1 r.1", equations={"r": "1"}),
        ),
        by_phases(
            "max(y, x) >= y", "max(y, x)", arithmetic(equations={"r": "1"}), arithmetic("1 r.1", equations={"r": "1"})
        ),
    ),
    Attack(
        "a fact is used with a value for each of its variables",
        r"expected the fields \['x', 'y'\] and found \['x'\]",
        exchanged("f(x, y) >= x", "f(x, y) >= x", {"x": "x"}),
        exchanged("f(x, y) >= x", "f(x, y) >= x", {"x": "x", "y": "y"}),
    ),
    Attack(
        "a fact is used with no value for other variables",
        r"expected the fields \['x', 'y'\] and found \['x', 'y', 'z'\]",
        exchanged("f(x, y) >= x", "f(x, y) >= x", {"x": "x", "y": "y", "z": "0"}),
    ),
    Attack(
        "a value is a term over the variables of the theorem",
        "unknown name: z",
        exchanged("f(x, y) >= x", "f(x, y) >= x", {"x": "x", "y": "z"}),
    ),
    Attack(
        "a value is not a formula",
        "not a term",
        exchanged("f(x, y) >= x", "f(x, y) >= x", {"x": "x", "y": "y >= 0"}),
    ),
    Attack(
        "a value does not smuggle in another argument",
        "not a term",
        exchanged("f(x, y) >= x", "f(x, y) >= x", {"x": "x", "y": "y, x"}),
    ),
    Attack(
        "a value does not close a parenthesis",
        "syntax error",
        exchanged("f(x, y) >= x", "f(x, y) >= x", {"x": "x", "y": "y) + (x"}),
    ),
    Attack(
        "a fact with hypotheses is not used without proofs",
        "expected a list of 1",
        theorem(
            "x >= 0",
            [instance("a", {"y": "x"}, "i"), exact("i")],
            "x: real",
            lemmas=[lemma("a", "y >= 0", [arithmetic("1 h1", "1")], "y: real", ["y >= 1"])],
        ),
        theorem(
            "x >= 0",
            [instance("a", {"y": "x"}, "i", [[exact("h1")]]), exact("i")],
            "x: real",
            ["x >= 1"],
            lemmas=[lemma("a", "y >= 0", [arithmetic("1 h1", "1")], "y: real", ["y >= 1"])],
        ),
    ),
    Attack(
        "a hypothesis of a fact is shown at the value and not at the variable",
        "h1 is not the goal",
        theorem(
            "y >= 0",
            [instance("a", {"x": "y"}, "i", [[exact("h1")]]), exact("i")],
            "x: real, y: real",
            ["x >= 1"],
            lemmas=[lemma("a", "x >= 0", [arithmetic("1 h1", "1")], "x: real", ["x >= 1"])],
        ),
        theorem(
            "y >= 0",
            [instance("a", {"x": "y"}, "i", [[exact("h1")]]), exact("i")],
            "x: real, y: real",
            ["y >= 1"],
            lemmas=[lemma("a", "x >= 0", [arithmetic("1 h1", "1")], "x: real", ["x >= 1"])],
        ),
    ),
    Attack(
        "the hypotheses of a fact are shown in their order",
        "h1 is not the goal",
        theorem(
            "f(x) >= 0",
            [instance("a", {"y": "x"}, "i", [[exact("h1")], [exact("h2")]]), exact("i")],
            "x: real",
            ["x <= 2", "x >= 1"],
            parameters=[F_REAL],
            assumptions=[assume("a", "f(y) >= 0", "y: real", ["y >= 1", "y <= 2"])],
        ),
        theorem(
            "f(x) >= 0",
            [instance("a", {"y": "x"}, "i", [[exact("h2")], [exact("h1")]]), exact("i")],
            "x: real",
            ["x <= 2", "x >= 1"],
            parameters=[F_REAL],
            assumptions=[assume("a", "f(y) >= 0", "y: real", ["y >= 1", "y <= 2"])],
        ),
    ),
    Attack(
        "the duty of a natural comes before the hypotheses",
        "h1 is not the goal",
        theorem(
            "p(k - 1)",
            [instance("a", {"j": "k - 1"}, "i", [[exact("h1")], [exact("h2")]]), exact("i")],
            "k: nat",
            ["k <= 5", "k - 1 >= 0"],
            parameters=[P_NAT],
            assumptions=[assume("a", "p(j)", "j: nat", ["j + 1 <= 5"])],
        ),
        theorem(
            "p(k - 1)",
            [instance("a", {"j": "k - 1"}, "i", [[exact("h2")], [exact("h1")]]), exact("i")],
            "k: nat",
            ["k <= 5", "k - 1 >= 0"],
            parameters=[P_NAT],
            assumptions=[assume("a", "p(j)", "j: nat", ["j + 1 <= 5"])],
        ),
    ),
]

# ------------------------------------------------------------------------------------------------------- recursion


def recursive(call: str, otherwise: str = "f(k, x) + 1") -> Json:
    """f(0, x) = x, and f(k + 1, x) is this."""
    return defined("f(k: nat, x: real) -> real", by_shape("k", "x", call), F_NATURAL) if call else otherwise


F_NATURAL = define("two(k: nat) -> nat", "2*k")


def along_two(successor: str, zero: Json = "n") -> Json:
    """f(0, n) by ``zero``, f(m + 1, 0) = 1, and f(m + 1, n + 1) is this; f is natural."""
    return defined("f(m: nat, n: nat) -> nat", by_shape("m", zero, by_shape("n", "1", successor)))


def one_shape(body: Json, signature: str = "f(k: nat, x: real) -> real") -> Json:
    return defined(signature, body, F_NATURAL)


NOT_RECURSIVE = "not a primitive recursion"

RECURSION = [
    *(
        Attack(f"a recursion does not call itself {where}", reason, recursive(call), recursive(twin))
        for where, call, twin, reason in (
            ("at the same argument", "f(k + 1, x) + 1", "f(k, x) + 1", NOT_RECURSIVE),
            ("at the same argument, written otherwise", "f(1 + 2*k - k, x) + 1", "f(2*k - k, x) + 1", NOT_RECURSIVE),
            ("at a larger argument", "f(k + 2, x) + 1", "f(k, x + 2) + 1", NOT_RECURSIVE),
            ("at a multiple", "f(2*k, x) + 1", "f(2*k/2, x) + 1", NOT_RECURSIVE),
            ("at a power", "f(k**2, x)", "f(k**1, x)", NOT_RECURSIVE),
            ("at a value of another function", "f(two(k), x)", "f(k, two(k))", NOT_RECURSIVE),
            ("below the predecessor, where that need not be natural", "f(k - 1, x)", "f(0*k, x)", NOT_RECURSIVE),
            ("at a negative number", "f(-1, x)", "f(0, x)", NOT_RECURSIVE),
            ("at a number that may be too large", "f(1, x)", "f(0, x)", NOT_RECURSIVE),
            ("at half the predecessor", "f(k/2, x)", "f(k, x/2)", "an argument of f must be of sort nat"),
            ("at a real variable", "f(x, k)", "f(k, x)", "an argument of f must be of sort nat"),
            ("at the same argument inside a smaller call", "f(k, f(k + 1, x))", "f(k, f(k, x))", NOT_RECURSIVE),
            ("at the same argument around a smaller call", "f(k + 1, f(k, x))", "f(k, f(k, f(k, x)))", NOT_RECURSIVE),
            ("at the same argument in another function", "relu(f(k + 1, x))", "relu(f(k, x))", NOT_RECURSIVE),
            ("at the same argument behind a factor 0", "0*f(k + 1, x)", "0*f(k, x)", NOT_RECURSIVE),
            (
                "at the same argument in a difference that is 0",
                "f(k + 1, x) - f(k + 1, x)",
                "f(k, x) - f(k, x)",
                NOT_RECURSIVE,
            ),
            ("by keyword", "f(k=k + 1, x=x)", "f(k, x)", "not a term"),
            ("by star", "f(*k)", "f(k, x)", "not a term"),
            ("with too few arguments", "f(k)", "f(k, x)", "f takes 2 arguments"),
            ("through a method", "f.f(k + 1, x)", "f(k, x)", "not a term"),
        )
    ),
    Attack(
        "a recursion does not call itself at another natural",
        NOT_RECURSIVE,
        defined("f(k: nat, j: nat) -> real", by_shape("k", "0", "f(j, k)")),
        defined("f(k: nat, j: nat) -> real", by_shape("k", "0", "f(k, j)")),
    ),
    Attack(
        "the argument that is matched decreases, and not another one",
        NOT_RECURSIVE,
        defined("f(j: nat, k: nat) -> real", by_shape("k", "0", "f(k, k + 1)")),
        defined("f(j: nat, k: nat) -> real", by_shape("k", "0", "f(k + 1, k)")),
    ),
    Attack(
        "the zero case does not call the function at 0",
        NOT_RECURSIVE,
        one_shape(by_shape("k", "f(0, x) + 1", "f(k, x)")),
        one_shape(by_shape("k", "relu(0) + 1", "f(k, x)")),
    ),
    Attack(
        "the zero case does not call the function at a larger number",
        NOT_RECURSIVE,
        one_shape(by_shape("k", "f(1, x) + 1", "f(k, x)")),
    ),
    Attack(
        "the zero case does not mention the variable",
        "unknown name: k",
        one_shape(by_shape("k", "k", "f(k, x)")),
        one_shape(by_shape("k", "x", "f(k, x)")),
    ),
    Attack(
        "a condition in the zero case does not mention the variable",
        "unknown name: k",
        one_shape(by_shape("k", by_condition("k >= 0", "1", "2"), "f(k, x)")),
    ),
    Attack(
        "the zero case does not call the function at the variable",
        "unknown name: k",
        one_shape(by_shape("k", "f(k, x)", "x")),
    ),
    Attack(
        "a call under a condition decreases as well",
        NOT_RECURSIVE,
        one_shape(by_shape("k", "x", by_condition("x >= 0", "f(k + 1, x - 1)", "f(k, x)"))),
        one_shape(by_shape("k", "x", by_condition("x >= 0", "f(k, x - 1)", "f(k, x)"))),
    ),
    Attack(
        "a call beside a condition decreases as well",
        NOT_RECURSIVE,
        one_shape(by_shape("k", "x", by_condition("x >= 0", "f(k, x)", "f(k + 1, x - 1)"))),
    ),
    Attack(
        "a call in a condition decreases as well",
        NOT_RECURSIVE,
        one_shape(by_shape("k", "x", by_condition("f(k + 1, x) >= 0", "1", "-1"))),
        one_shape(by_shape("k", "x", by_condition("f(k, x) >= 0", "1", "-1"))),
    ),
    Attack(
        "a condition does not stand in for a shape",
        NOT_RECURSIVE,
        one_shape(by_condition("k >= 1", "f(k - 1, x)", "x")),
        one_shape(by_shape("k", "x", "f(k, x)")),
    ),
    Attack(
        "a shape is not matched under a condition",
        "the shape of an argument must be matched before any condition",
        one_shape(by_condition("x >= 0", by_shape("k", "x", "f(k, x)"), "0")),
        one_shape(by_shape("k", "x", by_condition("x >= 0", "f(k, x)", "0"))),
    ),
    Attack(
        "a shape is not matched beside a condition",
        "the shape of an argument must be matched before any condition",
        one_shape(by_condition("x >= 0", "0", by_shape("k", "x", "f(k, x)"))),
    ),
    Attack(
        "a shape is not matched under a condition under a shape",
        "the shape of an argument must be matched before any condition",
        defined(
            "f(m: nat, n: nat) -> real",
            by_shape("m", "0", by_condition("m >= 1", by_shape("n", "0", "f(m + 1, n)"), "f(m, n + 1)")),
        ),
        defined(
            "f(m: nat, n: nat) -> real",
            by_shape("m", "0", by_shape("n", "0", by_condition("m >= 1", "f(m + 1, n)", "f(m, n + 1)"))),
        ),
    ),
    Attack(
        "no shape of a real variable is matched",
        "recursion needs a fresh variable of sort nat, not x",
        one_shape(by_shape("x", "0", "1")),
        one_shape(by_shape("k", "0", "1")),
    ),
    Attack(
        "no shape of a vector is matched",
        "recursion needs a fresh variable of sort nat, not u",
        one_shape(by_shape("u", "0", "1"), "f(k: nat, u: vec) -> real"),
    ),
    Attack(
        "no shape of an unknown variable is matched",
        "recursion needs a fresh variable of sort nat, not j",
        one_shape(by_shape("j", "0", "1")),
    ),
    Attack(
        "the same shape is not matched again in the zero case",
        "recursion needs a fresh variable of sort nat, not k",
        one_shape(by_shape("k", by_shape("k", "0", "f(k, x)"), "0")),
    ),
    Attack(
        "the same shape is not matched again in the successor case",
        "recursion needs a fresh variable of sort nat, not k",
        one_shape(by_shape("k", "0", by_shape("k", "1", "f(k, x)"))),
    ),
    Attack(
        "nothing is defined by itself",
        NOT_RECURSIVE,
        theorem(
            "0 == 1",
            [unfold("c()", "d"), arithmetic(equations={"d": "-1"})],
            auxiliary=[define("c() -> real", "c() + 1")],
        ),
    ),
    Attack(
        "no recursion proves that 0 is 1",
        NOT_RECURSIVE,
        theorem(
            "0 == 1",
            [unfold("f(k + 1)", "d"), arithmetic(equations={"d": "-1"})],
            "k: nat",
            auxiliary=[define("f(k: nat) -> real", by_shape("k", "0", "f(k + 1) + 1"))],
        ),
    ),
    Attack(
        "no sentence denies itself",
        NOT_RECURSIVE,
        theorem("false", [arithmetic()], definitions=[define("liar() -> prop", "not liar()")]),
    ),
    Attack(
        "no sentence denies itself along a recursion",
        NOT_RECURSIVE,
        defined("liar(k: nat) -> prop", by_shape("k", "true", "not liar(k + 1)")),
        defined("liar(k: nat) -> prop", by_shape("k", "true", "not liar(k)")),
    ),
    Attack(
        "no sentence denies itself behind an implication",
        NOT_RECURSIVE,
        defined("curry(k: nat) -> prop", by_shape("k", "true", "implies(curry(k + 1), false)")),
        defined("curry(k: nat) -> prop", by_shape("k", "true", "implies(curry(k), false)")),
    ),
    Attack(
        "functions are not defined by each other",
        "unknown function: g",
        defined(
            "g(k: nat) -> real",
            by_shape("k", "0", "f(k + 1)"),
            define("f(k: nat) -> real", by_shape("k", "0", "g(k) + 1")),
        ),
        defined(
            "g(k: nat) -> real",
            by_shape("k", "0", "f(k + 1)"),
            define("f(k: nat) -> real", by_shape("k", "0", "f(k) + 1")),
        ),
    ),
    Attack(
        "a definition uses no symbol of the witness",
        "unknown function: g",
        theorem(
            "1 > 0",
            [arithmetic()],
            definitions=[define("f(k: nat) -> real", "g(k)")],
            auxiliary=[define("g(k: nat) -> real", "1")],
        ),
    ),
    *(
        Attack(
            f"a recursion along two variables does not call itself {where}", reason, along_two(call), along_two(twin)
        )
        for where, call, twin, reason in (
            ("at both the same", "f(m + 1, n + 1)", "f(m + 1, n)", NOT_RECURSIVE),
            ("at a larger second", "f(m + 1, n + 2)", "f(m, n + 2)", NOT_RECURSIVE),
            ("with the two exchanged", "f(n, m)", "f(m, n)", NOT_RECURSIVE),
            ("with the two exchanged and the first the same", "f(n, m + 1)", "f(m, n + 1)", NOT_RECURSIVE),
            ("at a larger first and a smaller second", "f(m + 2, n)", "f(m, n)", NOT_RECURSIVE),
            ("at the same inside a smaller call", "f(m, f(m + 1, n + 1))", "f(m, f(m + 1, n))", NOT_RECURSIVE),
            ("at a value of itself", "f(f(m, n), n)", "f(m, f(m, n))", NOT_RECURSIVE),
            ("at the sum", "f(m + n, n)", "f(m, m + n)", NOT_RECURSIVE),
        )
    ),
    Attack(
        "along two variables the zero case of the first does not raise the first",
        NOT_RECURSIVE,
        along_two("1", by_shape("n", "0", "f(1, n)")),
        along_two("1", by_shape("n", "0", "f(0, n)")),
    ),
    Attack(
        "along two variables the zero case of the first lowers the second",
        NOT_RECURSIVE,
        along_two("1", by_shape("n", "0", "f(0, n + 1)")),
        along_two("1", by_shape("n", "0", "f(0, 0)")),
    ),
    Attack(
        "along two variables the zero case of the second does not stay",
        NOT_RECURSIVE,
        defined("f(m: nat, n: nat) -> nat", by_shape("m", "n", by_shape("n", "f(m + 1, 0)", "f(m, n)"))),
        defined("f(m: nat, n: nat) -> nat", by_shape("m", "n", by_shape("n", "f(m, 0)", "f(m, n)"))),
    ),
    Attack(
        "the order of two variables is that in which they are matched",
        NOT_RECURSIVE,
        defined("f(m: nat, n: nat) -> nat", by_shape("n", "1", by_shape("m", "1", "f(m, n + 5)"))),
        defined("f(m: nat, n: nat) -> nat", by_shape("m", "1", by_shape("n", "1", "f(m, n + 5)"))),
    ),
    Attack(
        "a shape has a zero case",
        "expected the fields",
        one_shape({"on": "k", "successor": "x"}),
        one_shape({"on": "k", "zero": "x", "successor": "x"}),
    ),
    Attack("a shape has a successor case", "expected the fields", one_shape({"on": "k", "zero": "x"})),
    Attack(
        "a body is by shape or by condition",
        "expected the fields",
        one_shape({"on": "k", "zero": "x", "successor": "x", "if": "x >= 0"}),
    ),
    Attack(
        "a condition has both sides",
        "expected the fields",
        one_shape({"if": "x >= 0", "then": "x"}),
        one_shape({"if": "x >= 0", "then": "x", "else": "x"}),
    ),
    Attack("a body is not a list", "not a line of at most", one_shape(["x"])),
    Attack("a body is not null", "not a line of at most", one_shape(None)),
    Attack("a body is not a number", "not a line of at most", one_shape(1)),
    Attack("what is matched is a name", "malformed: TypeError: unhashable", one_shape(by_shape(["k"], "x", "x"))),  # type: ignore[arg-type]
    Attack(
        "a definition has no other fields",
        "expected the fields",
        theorem("1 > 0", [arithmetic()], definitions=[{**DOUBLE, "decreases": "x"}]),
        theorem("1 > 0", [arithmetic()], definitions=[DOUBLE]),
    ),
    Attack(
        "the equation at k + 1 is not one at k",
        "expected a list of 1",
        theorem("pow2(k) == 2*pow2(k - 1)", [unfold("pow2(k)", "d"), exact("d")], "k: nat", definitions=[POWER]),
        theorem(
            "pow2(k) == 2*pow2(k - 1)",
            [unfold("pow2(k)", "d", [[exact("h1")]]), exact("d")],
            "k: nat",
            ["k - 1 >= 0"],
            definitions=[POWER],
        ),
    ),
    Attack(
        "the equation at k + 1 does not hold at 0",
        "remainder -1 is too small",
        theorem(
            "pow2(0) == 2*pow2(-1)",
            [unfold("pow2(2*k - k)", "d", [[natural("k", "n"), arithmetic("1 n")]]), exact("d")],
            "k: nat",
            definitions=[POWER],
        ),
    ),
    Attack(
        "the equations of a recursion hold at naturals only",
        "expected a list of 2",
        theorem(
            "pow2(k - 1) == 2*pow2(k - 2)",
            [unfold("pow2(k - 1)", "d", [[exact("h1")]]), exact("d")],
            "k: nat",
            ["k - 1 >= 0"],
            definitions=[POWER],
        ),
        theorem(
            "pow2(k - 1) == 2*pow2(k - 2)",
            [unfold("pow2(k - 1)", "d", [[arithmetic("1 h1", "1")], [exact("h1")]]), exact("d")],
            "k: nat",
            ["k - 2 >= 0"],
            definitions=[POWER],
        ),
    ),
    Attack(
        "the equation of an explicit definition holds at naturals only",
        "expected a list of 1",
        theorem(
            "next(k - 1) == k",
            [unfold("next(k - 1)", "d"), exact("d")],
            "k: nat",
            definitions=[define("next(k: nat) -> nat", "k + 1")],
        ),
        theorem(
            "next(k) == k + 1",
            [unfold("next(k)", "d"), exact("d")],
            "k: nat",
            definitions=[define("next(k: nat) -> nat", "k + 1")],
        ),
    ),
    Attack(
        "the phases of a definition hold at naturals only",
        "expected a list of 1",
        theorem(
            "size(k - 3) >= 0",
            [
                phases(
                    "size(k - 3)",
                    "s",
                    [arithmetic("1 s.1", "3", equations={"s": "1"})],
                    [arithmetic("3", equations={"s": "1"})],
                )
            ],
            "k: nat",
            definitions=[SIZE],
        ),
        theorem(
            "size(k) >= 0",
            [
                phases(
                    "size(k)",
                    "s",
                    [arithmetic("1 s.1", "3", equations={"s": "1"})],
                    [arithmetic("3", equations={"s": "1"})],
                )
            ],
            "k: nat",
            definitions=[SIZE],
        ),
    ),
    Attack(
        "a parameter has no equation",
        "not a defined function: f",
        theorem("f(0) == 0", [unfold("f(0)", "d"), exact("d")], parameters=[F_REAL]),
    ),
    Attack(
        "a scalar product has no equation",
        "not a defined function: dot",
        theorem("dot(u, u) == 0", [unfold("dot(u, u)", "d"), exact("d")], "u: vec"),
    ),
    Attack(
        "a sum has no equation",
        "not the application of a function",
        theorem("x == 0", [unfold("x + 1", "d"), exact("d")], "x: real"),
    ),
    Attack(
        "what is unfolded has the arguments of its definition",
        "double takes 1 arguments, not 2",
        theorem("x == 0", [unfold("double(x, x)", "d"), exact("d")], "x: real", definitions=[DOUBLE]),
    ),
]

# ------------------------------------------------------------------------------------------- facts and inductions


def uses(*lemmas: Json, of: str = "a", **more: Any) -> Json:
    return theorem("0 > 0", [instance(of, {}, "i"), exact("i")], lemmas=lemmas, **more)


def false_lemma(name: str, of: str) -> Json:
    return lemma(name, "0 > 0", [instance(of, {}, "i"), exact("i")])


GROWING = [assume("first", "f(0) >= 0"), assume("next", "f(j + 1) >= 0", "j: nat", ["f(j) >= 0"])]


def growing(zero: Proof, successor: Proof, along: str = "k", over: str = "k: nat", **more: Any) -> Json:
    """f(0) >= 0 is assumed, and f(j + 1) >= 0 whenever f(j) >= 0."""
    return theorem(
        "f(k) >= 0",
        induction(along, zero, successor),
        over,
        parameters=[F_NAT],
        assumptions=GROWING,
        **more,
    )


FIRST: Proof = [instance("first", {}, "i"), exact("i")]
NEXT: Proof = [
    instance("induction on k", {}, "i"),
    instance("next", {"j": "k"}, "n", [[exact("i")]]),
    exact("n"),
]


def ackermann(zero: Proof, successor: Proof, first: Proof | None = None) -> Json:
    """The induction on n inside the successor case of that on m."""
    first = first or [unfold("ackermann(0, n)", "d"), arithmetic(equations={"d": "1"})]
    return theorem(
        "ackermann(m, n) >= n + 1",
        induction("m", first, induction("n", zero, successor)),
        "m: nat, n: nat",
        definitions=[ACKERMANN],
    )


ACKERMANN_ZERO: Proof = [
    unfold("ackermann(m + 1, 0)", "d"),
    instance("induction on m", {"n": "1"}, "i"),
    arithmetic("1 i", equations={"d": "1"}),
]
ACKERMANN_NEXT: Proof = [
    unfold("ackermann(m + 1, n + 1)", "d"),
    instance("induction on m", {"n": "ackermann(m + 1, n)"}, "i"),
    instance("induction on n", {}, "j"),
    arithmetic("1 i", "1 j", equations={"d": "1"}),
]


def bounded(duty: Proof) -> Json:
    """f(k) >= 0 for k <= 5, the hypothesis of which has to be shown for k from that for k + 1."""
    return theorem(
        "f(k) >= 0",
        induction(
            "k",
            FIRST,
            [
                instance("induction on k", {}, "i", [duty]),
                instance("next", {"j": "k"}, "n", [[exact("i")]]),
                exact("n"),
            ],
        ),
        "k: nat",
        ["k <= 5"],
        parameters=[F_NAT],
        assumptions=GROWING,
    )


def steady(at: str, **more: Any) -> Json:
    """q(k, x) for all x: the hypothesis is used at this value, where q(k + 1, x) needs q(k, x + 1)."""
    return theorem(
        "q(k, x)",
        induction(
            "k",
            [instance("first", {"y": "x"}, "i"), exact("i")],
            [
                instance("induction on k", {"x": at}, "i"),
                instance("next", {"j": "k", "y": "x"}, "n", [[exact("i")]]),
                exact("n"),
            ],
        ),
        "k: nat, x: real",
        parameters=[parameter("q(nat, real) -> prop")],
        assumptions=[
            assume("first", "q(0, y)", "y: real"),
            assume("next", "q(j + 1, y)", "j: nat, y: real", ["q(j, y + 1)"]),
        ],
        **more,
    )


FACTS = [
    Attack(
        "a theorem does not use itself",
        "no such fact: t",
        uses(of="t"),
    ),
    Attack("a lemma does not use itself", "no such fact: a", uses(false_lemma("a", "a"))),
    Attack("a lemma does not use a later one", "no such fact: b", uses(false_lemma("a", "b"), false_lemma("b", "a"))),
    Attack("a lemma does not use the theorem", "no such fact: t", uses(false_lemma("a", "t"))),
    Attack(
        "a theorem uses facts that there are",
        "no such fact: b",
        uses(of="b", assumptions=[assume("a", "0 > 0")]),
        uses(of="a", assumptions=[assume("a", "0 > 0")]),
    ),
    Attack("a definition is no fact", "no such fact: relu", uses(of="relu")),
    Attack(
        "a hypothesis is no fact",
        "no such fact: h1",
        theorem("0 > 0", [instance("h1", {}, "i"), exact("i")], hypotheses=["0 > 0"]),
    ),
    Attack("the name of a fact is a text", "no such fact", uses(of=None)),  # type: ignore[arg-type]
    Attack("the name of a fact is not a list", "no such fact", uses(of=["a"])),  # type: ignore[arg-type]
    Attack(
        "an induction hypothesis exists in inductions only",
        "no such fact: induction on k",
        theorem("0 > 0", [instance("induction on k", {}, "i"), exact("i")], "k: nat"),
    ),
    Attack(
        "there is no induction hypothesis in the zero case",
        "no such fact: induction on k",
        growing([instance("induction on k", {}, "i"), exact("i")], NEXT),
        growing(FIRST, NEXT),
    ),
    Attack(
        "an induction hypothesis is not chosen at k + 1",
        r"expected the fields \[\] and found \['k'\]",
        growing(FIRST, [instance("induction on k", {"k": "k + 1"}, "i"), exact("i")]),
    ),
    Attack(
        "an induction hypothesis holds at k and not at k + 1",
        "i is not the goal",
        growing(FIRST, [instance("induction on k", {}, "i"), exact("i")]),
    ),
    Attack(
        "the two cases of an induction are not exchanged",
        "no such fact: induction on k",
        growing(NEXT, FIRST),
    ),
    Attack(
        "the successor case is more than the zero case again",
        "i is not the goal",
        growing(FIRST, FIRST),
    ),
    Attack(
        "the zero case of an induction does not mention the variable",
        "unknown name: k",
        growing([have("k == k", [arithmetic()], "a"), *FIRST], NEXT),
        growing(FIRST, [have("k == k", [arithmetic()], "a"), *NEXT]),
    ),
    Attack(
        "what holds at 0 only is not shown by induction",
        "an equation needs equations alone, and no remainder",
        theorem(
            "k == 0",
            induction("k", [arithmetic()], [instance("induction on k", {}, "i"), arithmetic(equations={"i": "1"})]),
            "k: nat",
        ),
    ),
    Attack(
        "an induction runs along no real variable",
        "no free variable of sort nat called x",
        theorem(
            "x >= 0",
            induction("x", [arithmetic()], [instance("induction on x", {}, "i"), arithmetic("1 i", "1")]),
            "x: real",
        ),
        theorem(
            "x >= 0",
            induction("x", [arithmetic()], [instance("induction on x", {}, "i"), arithmetic("1 i", "1")]),
            "x: nat",
        ),
    ),
    Attack(
        "an induction runs along no vector",
        "no free variable of sort nat called u",
        theorem("sq(u) >= 0", induction("u", [arithmetic()], [arithmetic()]), "u: vec"),
    ),
    Attack(
        "an induction runs along a variable of the theorem",
        "no free variable of sort nat called j",
        growing(FIRST, NEXT, "j"),
    ),
    Attack("an induction runs along a name", "no free variable of sort nat called", growing(FIRST, NEXT, ["k"])),  # type: ignore[arg-type]
    Attack(
        "an induction does not run along the same variable again",
        "no free variable of sort nat called k",
        growing(FIRST, induction("k", FIRST, NEXT)),
    ),
    Attack(
        "an induction does not run along a variable that is 0",
        "no free variable of sort nat called k",
        growing(induction("k", FIRST, NEXT), NEXT),
    ),
    Attack(
        "an induction has a zero case",
        "expected the fields",
        without(growing(FIRST, NEXT), ("witness", "proof", "zero")),
        growing(FIRST, NEXT),
    ),
    Attack(
        "an induction has a successor case",
        "expected the fields",
        without(growing(FIRST, NEXT), ("witness", "proof", "successor")),
    ),
    Attack(
        "an induction has no other fields",
        "expected the fields",
        edited(growing(FIRST, NEXT), ("witness", "proof", "hypotheses"), []),
    ),
    Attack(
        "an induction is no subproof",
        "expected a list",
        theorem(
            "f(k) >= 0",
            [have("f(k) >= 0", induction("k", FIRST, NEXT), "a"), exact("a")],
            "k: nat",
            parameters=[F_NAT],
            assumptions=GROWING,
        ),
    ),
    Attack(
        "an induction hypothesis has the hypotheses of the theorem",
        "expected a list of 1",
        edited(bounded([]), ("witness", "proof", "successor", 0, "because"), []),
        bounded([arithmetic("1 h1", "1")]),
    ),
    Attack(
        "the hypothesis of the theorem at k + 1 is not that at k",
        "h1 is not the goal",
        bounded([exact("h1")]),
        bounded([arithmetic("1 h1", "1")]),
    ),
    Attack(
        "an induction hypothesis is used at the right value of the other variables",
        "i is not the goal",
        steady("x"),
        steady("x + 1"),
    ),
    Attack(
        "an induction hypothesis is used with a value for the other variables",
        r"expected the fields \['x'\] and found \[\]",
        edited(steady("x"), ("witness", "proof", "successor", 0, "at"), {}),
        steady("x + 1"),
    ),
    Attack(
        "an induction hypothesis does not leave the induction",
        "no such fact: induction on k",
        theorem(
            "0 > 0",
            [instance("induction on k", {}, "i"), exact("i")],
            "k: nat",
            parameters=[F_NAT],
            assumptions=GROWING,
            lemmas=[lemma("a", "f(k) >= 0", induction("k", FIRST, NEXT), "k: nat")],
        ),
    ),
    Attack(
        "in the inner zero case there is no inner hypothesis",
        "no such fact: induction on n",
        ackermann([instance("induction on n", {}, "j"), exact("j")], ACKERMANN_NEXT),
        ackermann(ACKERMANN_ZERO, ACKERMANN_NEXT),
    ),
    Attack(
        "in the outer zero case there is no outer hypothesis",
        "no such fact: induction on m",
        ackermann(ACKERMANN_ZERO, ACKERMANN_NEXT, [instance("induction on m", {"n": "n"}, "j"), exact("j")]),
    ),
    Attack(
        "in the outer zero case there is no inner hypothesis",
        "no such fact: induction on n",
        ackermann(ACKERMANN_ZERO, ACKERMANN_NEXT, [instance("induction on n", {}, "j"), exact("j")]),
    ),
    Attack(
        "the inner hypothesis does not let the outer variable vary",
        r"expected the fields \[\] and found \['m'\]",
        ackermann(ACKERMANN_ZERO, [instance("induction on n", {"m": "m + 5"}, "j"), exact("j")]),
    ),
    Attack(
        "the outer hypothesis does not let the outer variable vary",
        r"expected the fields \['n'\] and found \['m', 'n'\]",
        ackermann(ACKERMANN_ZERO, [instance("induction on m", {"m": "m + 1", "n": "n + 1"}, "j"), exact("j")]),
    ),
    Attack(
        "the inner hypothesis holds at n and not at n + 1",
        "j is not the goal",
        ackermann(ACKERMANN_ZERO, [instance("induction on n", {}, "j"), exact("j")]),
    ),
    Attack(
        "the outer hypothesis holds at m and not at m + 1",
        "i is not the goal",
        ackermann(ACKERMANN_ZERO, [instance("induction on m", {"n": "n + 1"}, "i"), exact("i")]),
    ),
    Attack(
        "the inner hypothesis is about the m + 1 of its case",
        "j is not the goal",
        ackermann(
            ACKERMANN_ZERO,
            [instance("induction on n", {}, "j"), have("ackermann(m, n) >= n + 1", [exact("j")], "k"), *ACKERMANN_NEXT],
        ),
        ackermann(
            ACKERMANN_ZERO,
            [
                instance("induction on n", {}, "l"),
                have("ackermann(m + 1, n) >= n + 1", [exact("l")], "k"),
                *ACKERMANN_NEXT,
            ],
        ),
    ),
    Attack(
        "in the zero case of the inner induction the outer variable is the predecessor",
        "the identity fails by",
        ackermann(
            [
                unfold("ackermann(m + 1, 0)", "d"),
                instance("induction on m", {"n": "0"}, "i"),
                arithmetic("1 i", equations={"d": "1"}),
            ],
            ACKERMANN_NEXT,
        ),
    ),
    Attack(
        "the outer hypothesis is used at naturals only",
        "expected a list of 1",
        ackermann(
            ACKERMANN_ZERO,
            [instance("induction on m", {"n": "n - 1"}, "i"), *ACKERMANN_NEXT],
        ),
        ackermann(
            ACKERMANN_ZERO,
            [instance("induction on m", {"n": "n + 1"}, "z"), *ACKERMANN_NEXT],
        ),
    ),
]

# --------------------------------------------------------------------------------------------- steps and branches


def stepped(step: Json, conclusion: str = "x >= 0", hypotheses: Texts = ("x >= 0",), **more: Any) -> Json:
    return theorem(conclusion, [step], "x: real, y: real", hypotheses, **more)


PROVED = [arithmetic()]  # of 1 > 0
ONE = theorem("1 > 0", PROVED)

STEPS = [
    Attack(
        "an empty proof shows nothing",
        "the proof ends before its goal is reached",
        theorem("0 > 0", []),
        theorem("0 >= 0", [arithmetic()]),
    ),
    Attack(
        "a proof that only gathers hypotheses shows nothing",
        "the proof ends before its goal is reached",
        theorem("k >= 0", [natural("k", "n")], "k: nat"),
        theorem("k >= 0", [natural("k", "n"), exact("n")], "k: nat"),
    ),
    Attack(
        "an empty branch shows nothing",
        "the proof ends before its goal is reached",
        stepped(split("x >= 0", "s", [exact("s")], []), hypotheses=[]),
    ),
    Attack(
        "an empty subproof shows nothing",
        "the proof ends before its goal is reached",
        labelled(have("x >= 5", [], "a"), exact("h1")),
    ),
    Attack(
        "no step follows the end of a proof",
        "steps after the end of a proof",
        theorem("1 > 0", [arithmetic(), arithmetic()]),
        ONE,
    ),
    Attack(
        "no step follows the branches of a proof",
        "steps after the end of a proof",
        labelled(split("x >= 1", "s", [exact("h1")], [exact("h1")]), exact("h1")),
        labelled(split("x >= 1", "s", [exact("h1")], [exact("h1")])),
    ),
    Attack("a rule exists", "unknown rule sorry", theorem("0 > 0", [{"rule": "sorry"}])),
    Attack("a rule has a name", "unknown rule None", theorem("0 > 0", [{"rule": None}])),
    Attack("the name of a rule is not a list", "unknown rule", theorem("0 > 0", [{"rule": ["exact"]}])),
    Attack("a step has a rule", "unknown rule None", theorem("0 > 0", [{}])),
    Attack("a step is an object", "unknown rule None", theorem("0 > 0", ["arithmetic"])),
    Attack("a proof is not null", "expected the fields", theorem("0 > 0", None)),
    Attack("a proof is not true", "expected the fields", theorem("0 > 0", True)),
    Attack("a proof is not a text", "expected the fields", theorem("0 > 0", "trivial")),
    Attack("a subproof is not null", "expected a list, found None", labelled(have("0 > 0", None, "a"), exact("h1"))),  # type: ignore[arg-type]
    Attack("a subproof is not one step", "expected a list", labelled(have("1 > 0", arithmetic(), "a"), exact("h1"))),
    Attack(
        "a step has no other fields",
        "expected the fields",
        theorem("1 > 0", [{**arithmetic(), "trust": "me"}]),
        ONE,
    ),
    Attack(
        "a step has all its fields",
        "expected the fields",
        theorem("1 > 0", [{"rule": "arithmetic", "products": [], "equations": []}]),
        ONE,
    ),
    Attack(
        "a step does not have the fields of another rule",
        "expected the fields",
        labelled({"rule": "exact", "by": "h1", "as": "a"}),
        labelled(exact("h1")),
    ),
    Attack(
        "one is not the other side of excluded middle",
        "expected a list of 2",
        stepped(split("x >= 0", "s", [exact("s")]), hypotheses=[]),
    ),
    Attack(
        "excluded middle has two sides",
        "expected a list of 2",
        stepped(split("x >= 0", "s", *3 * [[exact("h1")]])),
        stepped(split("x >= 0", "s", *2 * [[exact("h1")]])),
    ),
    Attack(
        "each part of a disjunction is a case",
        "expected a list of 2",
        stepped(cases("h1", "c", [exact("c")]), hypotheses=["x >= 0 or x <= -1"]),
        stepped(cases("h1", "c", [exact("c")], [arithmetic("1 c", "1")]), hypotheses=["x >= 0 or x >= 1"]),
    ),
    Attack(
        "a case is about its own part",
        "the identity fails by|remainder",
        stepped(cases("h1", "c", [exact("c")], [arithmetic("1 c")]), hypotheses=["x >= 0 or x >= -1"]),
        stepped(cases("h1", "c", [exact("c")], [arithmetic("1 c")]), hypotheses=["x >= 0 or x >= 0"]),
    ),
    Attack(
        "each part of a conjunction is shown",
        "expected a list of 2",
        stepped(parts([exact("h1")]), "x >= 0 and x >= 1"),
        stepped(parts([exact("h1")], [arithmetic("1 h1", "1")]), "x >= 0 and x >= -1"),
    ),
    Attack(
        "an equation has two sides",
        "expected a list of 2",
        stepped(antisymmetry([exact("h1")]), "x == 0"),
        stepped(antisymmetry([exact("h1")], [exact("h2")]), "x == 0", ["x >= 0", "-x >= 0"]),
    ),
    Attack(
        "an equation is not shown by the same side twice",
        "h1 is not the goal",
        stepped(antisymmetry([exact("h1")], [exact("h1")]), "x == 0"),
    ),
    Attack(
        "the two sides of an equation come in their order",
        "h2 is not the goal",
        stepped(antisymmetry([exact("h2")], [exact("h1")]), "x == 0", ["x >= 0", "-x >= 0"]),
        stepped(antisymmetry([exact("h1")], [exact("h2")]), "x == 0", ["x >= 0", "-x >= 0"]),
    ),
    Attack(
        "an inequality is not shown by antisymmetry",
        "the goal is not an equation of numbers",
        stepped(antisymmetry([exact("h1")], [exact("h2")]), "x > 0", ["x >= 0", "-x >= 0"]),
    ),
    Attack(
        "a weak inequality is not shown by antisymmetry",
        "the goal is not an equation of numbers",
        stepped(antisymmetry([exact("h1")], [exact("h2")]), "x >= 0", ["x >= 0", "-x >= 0"]),
    ),
    Attack(
        "an equation of vectors is not shown by antisymmetry",
        "the goal is not an equation of numbers",
        theorem("u == v", [antisymmetry([arithmetic()], [arithmetic()])], "u: vec, v: vec"),
    ),
    Attack(
        "a disjunction is not shown by parts",
        "the goal is not a conjunction",
        stepped(parts([exact("h1")], [exact("h1")]), "x >= 0 or x >= 1"),
    ),
    Attack(
        "a disjunction is not shown by parts even if both hold",
        "the goal is not a conjunction",
        stepped(parts([exact("h1")], [exact("h1")]), "x >= 0 or x >= 0"),
        stepped(parts([exact("h1")], [exact("h1")]), "x >= 0 and x >= 0"),
    ),
    Attack("an inequality is not shown by parts", "the goal is not a conjunction", stepped(parts(), "x >= 1")),
    Attack(
        "a disjunction is not taken apart",
        "not a conjunction: h1",
        labelled(unpack("h1", "a", "b"), exact("a"), hypotheses=["x >= 0 or x <= -1"]),
        labelled(unpack("h1", "a", "b"), exact("a"), hypotheses=["x >= 0 and x <= -1"]),
    ),
    Attack(
        "a conjunction has one label for each part",
        "expected a list of 2",
        labelled(unpack("h1", "a"), exact("a"), hypotheses=["x >= 0 and x >= 1"]),
    ),
    Attack(
        "a conjunction has not more labels than parts",
        "expected a list of 2",
        labelled(unpack("h1", "a", "b", "c"), exact("a"), hypotheses=["x >= 0 and x >= 1"]),
    ),
    Attack(
        "a negated conjunction is a disjunction",
        "not a conjunction: h1",
        labelled(unpack("h1", "a", "b"), exact("a"), hypotheses=["not (x < 0 and x < 5)"]),
        labelled(unpack("h1", "a", "b"), exact("a"), hypotheses=["not (x < 0 or x < 5)"]),
    ),
    Attack(
        "a conjunction has no cases",
        "not a disjunction: h1",
        stepped(cases("h1", "c", [exact("c")], [exact("c")]), hypotheses=["x >= 0 and x >= 0"]),
        stepped(cases("h1", "c", [exact("c")], [exact("c")]), hypotheses=["x >= 0 or x >= 0"]),
    ),
    Attack(
        "a number that is not 0 may have either sign",
        "c is not the goal",
        stepped(cases("h1", "c", [exact("c")], [exact("c")]), "x > 0", ["not x == 0"]),
        stepped(cases("h1", "c", [exact("c")], [arithmetic("1 c", "2 h2")]), "x > 0", ["not x == 0", "x >= 0"]),
    ),
    Attack(
        "a conjunction is not shown by supposing",
        "the goal is not a disjunction",
        labelled(suppose(0, "n"), exact("h1"), conclusion="x >= 0 and x >= 1"),
        labelled(suppose(0, "n"), exact("h1"), conclusion="x >= 0 or x >= 1"),
    ),
    Attack(
        "an inequality is not shown by supposing",
        "the goal is not a disjunction",
        labelled(suppose(0), exact("h1"), conclusion="x >= 1"),
    ),
    *(
        Attack(
            f"a part of a disjunction is not number {keep!r}",
            "the goal is not a disjunction with such a part",
            labelled(suppose(keep, "n"), exact("h1"), conclusion="x >= 1 or x >= 0"),
            labelled(suppose(1, "n"), exact("h1"), conclusion="x >= 1 or x >= 0"),
        )
        for keep in (-1, 2, True, "1", None, 1.0, [1])
    ),
    Attack(
        "the part that is kept is the one that is shown",
        "h1 is not the goal",
        labelled(suppose(0, "n"), exact("h1"), conclusion="x >= 1 or x >= 0"),
        labelled(suppose(1, "n"), exact("h1"), conclusion="x >= 1 or x >= 0"),
    ),
    Attack(
        "the other parts are denied and not affirmed",
        "n is not the goal",
        labelled(suppose(0, "n"), exact("n"), conclusion="x >= 0 or x >= 0", hypotheses=[]),
        labelled(suppose(0, "n"), exact("n"), conclusion="x >= 0 or x < 0", hypotheses=[]),
    ),
    Attack(
        "the part that is kept is not denied",
        "expected a list of 1",
        labelled(suppose(0, "a", "b"), absurd("a", "b"), conclusion="x >= 0 or x < 0", hypotheses=[]),
    ),
    Attack(
        "a goal is denied and not affirmed",
        "n is not the goal",
        labelled(contradiction("n"), exact("n"), conclusion="0 > 0", hypotheses=[]),
    ),
    Attack(
        "after its denial the goal is absurdity",
        "h1 is not the goal",
        labelled(contradiction("n"), exact("h1")),
        labelled(contradiction("n"), absurd("h1", "n")),
    ),
    Attack(
        "the denial of a weak inequality is strict the other way",
        "remainder 0 is too small",
        labelled(contradiction("n"), arithmetic("1 n", "1 h1"), conclusion="x > 0"),
        labelled(contradiction("n"), arithmetic("1 n", "1 h1"), conclusion="x >= 0"),
    ),
    Attack(
        "an equation of vectors is not denied",
        "an equation of vectors cannot be negated",
        theorem("u == v", [contradiction("n"), arithmetic()], "u: vec, v: vec"),
    ),
    Attack(
        "there is no excluded middle for vectors here",
        "an equation of vectors cannot be negated",
        theorem("1 > 0", [split("u == v", "s", PROVED, PROVED)], "u: vec, v: vec"),
        theorem("1 > 0", [split("sq(u) == sq(v)", "s", PROVED, PROVED)], "u: vec, v: vec"),
    ),
    Attack("a condition is no equation of vectors", "an equation of vectors cannot be negated", stated("not u == u")),
    Attack(
        "nor is what implies something",
        "an equation of vectors cannot be negated",
        stated("implies(u == u, 1 > 0)"),
        stated("implies(1 > 0, u == u)"),
    ),
    Attack(
        "a hypothesis is the goal itself and not something weaker",
        "h1 is not the goal",
        stepped(exact("h1"), "x >= 0", ["x >= -1"]),
        stepped(exact("h1"), "x >= -1", ["1 + x >= 0"]),
    ),
    Attack(
        "a weak inequality is not the strict one",
        "h1 is not the goal",
        stepped(exact("h1"), "x > 0"),
        stepped(exact("h1")),
    ),
    Attack("a strict inequality is not the equation", "h1 is not the goal", stepped(exact("h1"), "x == 0", ["x > 0"])),
    Attack("an inequality is not its reverse", "h1 is not the goal", stepped(exact("h1"), "x <= 0")),
    Attack(
        "a strict inequality is not its reverse",
        "h1 is not the goal",
        stepped(exact("h1"), "x < 1", ["x > 1"]),
        stepped(exact("h1"), "x < 1", ["1 > x"]),
    ),
    Attack(
        "a conjunction is not a disjunction",
        "h1 is not the goal",
        stepped(exact("h1"), "x >= 0 and y >= 0", ["x >= 0 or y >= 0"]),
    ),
    Attack(
        "a predicate is not its denial",
        "h1 is not the goal",
        stepped(exact("h1"), "p(x)", ["not p(x)"], parameters=[P_REAL]),
        stepped(exact("h1"), "p(x)", ["not not p(x)"], parameters=[P_REAL]),
    ),
    Attack(
        "a predicate at one number is not that at another",
        "h1 is not the goal",
        stepped(exact("h1"), "p(x)", ["p(y)"], parameters=[P_REAL]),
        stepped(exact("h1"), "p(x)", ["p(x + y - y)"], parameters=[P_REAL]),
    ),
    Attack("a hypothesis is one of those there are", "no hypothesis h2", stepped(exact("h2"))),
    Attack("a hypothesis is not null", "no hypothesis None", stepped(exact(None))),  # type: ignore[arg-type]
    Attack("a hypothesis is not a list of labels", "no hypothesis", stepped(exact(["h1"]))),  # type: ignore[arg-type]
    Attack(
        "two inequalities that both may hold are no contradiction",
        "do not contradict each other",
        stepped(absurd("h1", "h2"), "0 > 0", ["x >= 0", "x >= 1"]),
        stepped(absurd("h1", "h2"), "0 > 0", ["x >= 0", "x < 0"]),
    ),
    Attack(
        "weak inequalities in both directions are no contradiction",
        "do not contradict each other",
        stepped(absurd("h1", "h2"), "0 > 0", ["x >= 0", "x <= 0"]),
    ),
    Attack(
        "a formula does not contradict itself", "do not contradict each other", stepped(absurd("h1", "h1"), "0 > 0")
    ),
    Attack(
        "a predicate does not contradict itself",
        "do not contradict each other",
        stepped(absurd("h1", "h2"), "0 > 0", ["p(x)", "p(x)"], parameters=[P_REAL]),
        stepped(absurd("h1", "h2"), "0 > 0", ["p(x)", "not p(x)"], parameters=[P_REAL]),
    ),
    Attack(
        "an equation does not contradict positivity in one order",
        "do not contradict each other",
        stepped(absurd("h1", "h2"), "0 > 0", ["x == 0", "x >= 0"]),
    ),
    Attack("a contradiction has two sides", "expected a list of 2", stepped(absurd("h1"), "0 > 0")),
    Attack(
        "a contradiction has no third side",
        "expected a list of 2",
        stepped(absurd("h1", "h2", "h1"), "0 > 0", ["x >= 0", "x < 0"]),
    ),
    Attack(
        "an equivalence is not shown in one direction",
        "expected a list of 2",
        stepped(parts([suppose(1, "a"), arithmetic("1 a", "1")]), "iff(x >= 1, x >= 0)"),
    ),
    Attack(
        "an equivalence is shown in both directions",
        "a is not the goal|remainder",
        stepped(
            parts([suppose(1, "a"), arithmetic("1 a", "1")], [suppose(1, "a"), exact("a")]), "iff(x >= 1, x >= 0)", []
        ),
        stepped(parts([suppose(1, "a"), exact("a")], [suppose(1, "a"), exact("a")]), "iff(x >= 1, x - 1 >= 0)", []),
    ),
    Attack(
        "an implication goes from left to right",
        "remainder",
        labelled(suppose(1, "a"), arithmetic("1 a"), conclusion="implies(x >= 0, x >= 1)"),
        labelled(suppose(1, "a"), arithmetic("1 a", "1"), conclusion="implies(x >= 1, x >= 0)"),
    ),
    Attack(
        "different functions have different values at equal numbers",
        "not two applications of one function",
        theorem(
            "f(x) == g(x)",
            [congruence("f(x)", "g(x)", "c"), exact("c")],
            "x: real",
            parameters=[F_REAL, parameter("g(real) -> real")],
        ),
        theorem(
            "f(x) == f(x)",
            [congruence("f(x)", "f(x)", "c"), exact("c")],
            "x: real",
            parameters=[F_REAL, parameter("g(real) -> real")],
        ),
    ),
    Attack(
        "a function has equal values at numbers that have been shown equal",
        "expected a list of 1",
        theorem("f(x) == f(y)", [congruence("f(x)", "f(y)", "c"), exact("c")], "x: real, y: real", parameters=[F_REAL]),
        theorem(
            "f(x) == f(y)",
            [congruence("f(x)", "f(y)", "c", [exact("h1")]), exact("c")],
            "x: real, y: real",
            ["x == y"],
            parameters=[F_REAL],
        ),
    ),
    Attack(
        "each argument that differs has been shown equal",
        "expected a list of 2",
        theorem(
            "f(x, y) == f(y, x)",
            [congruence("f(x, y)", "f(y, x)", "c", [exact("h1")]), exact("c")],
            "x: real, y: real",
            ["x == y"],
            parameters=[parameter("f(real, real) -> real")],
        ),
        theorem(
            "f(x, y) == f(y, x)",
            [congruence("f(x, y)", "f(y, x)", "c", [exact("h1")], [arithmetic(equations={"h1": "-1"})]), exact("c")],
            "x: real, y: real",
            ["x == y"],
            parameters=[parameter("f(real, real) -> real")],
        ),
    ),
    Attack(
        "an order between numbers does not make values equal",
        "h1 is not the goal",
        theorem(
            "f(x) == f(y)",
            [congruence("f(x)", "f(y)", "c", [exact("h1")]), exact("c")],
            "x: real, y: real",
            ["x >= y"],
            parameters=[F_REAL],
        ),
    ),
    Attack(
        "equal squares do not make vectors equal",
        "h1 is not the goal",
        theorem(
            "g(u) == g(v)",
            [congruence("g(u)", "g(v)", "c", [exact("h1")]), exact("c")],
            "u: vec, v: vec",
            ["sq(u) == sq(v)"],
            parameters=[G_VEC],
        ),
        theorem(
            "g(u) == g(v)",
            [congruence("g(u)", "g(v)", "c", [exact("h1")]), exact("c")],
            "u: vec, v: vec",
            ["u == v"],
            parameters=[G_VEC],
        ),
    ),
    Attack(
        "a scalar product has no congruence",
        "not two applications of one function",
        theorem("1 > 0", [congruence("dot(u, u)", "dot(u, u)", "c"), arithmetic()], "u: vec"),
    ),
    Attack(
        "a sum has no congruence",
        "not the application of a function",
        theorem("1 > 0", [congruence("x + 1", "x + 1", "c"), arithmetic()], "x: real"),
    ),
    Attack(
        "values are compared at as many arguments as there are",
        "f takes 1 arguments",
        theorem("1 > 0", [congruence("f(x)", "f(x, x)", "c"), arithmetic()], "x: real", parameters=[F_REAL]),
    ),
    Attack(
        "a function of a natural is not compared at halves",
        "an argument of f must be of sort nat",
        theorem("1 > 0", [congruence("f(1/2)", "f(1/2)", "c"), arithmetic()], parameters=[F_NAT]),
        theorem("1 > 0", [congruence("f(1)", "f(1)", "c"), arithmetic()], parameters=[F_NAT]),
    ),
]

# ----------------------------------------------------------------------------------------------------------- texts

DEEP = 800  # levels of nesting that Python reads and the kernel does not follow


def abridged(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:28]} ... {text[-28:]} ({len(text)} letters)"


def nested(depth: int) -> Proof:
    """A proof in a proof in a proof."""
    proof: Proof = PROVED
    for level in range(depth):
        proof = [have("1 > 0", proof, f"a{level}"), exact(f"a{level}")]
    return proof


def nested_conditions(depth: int) -> Json:
    body: Json = "x"
    for level in range(depth):
        body = by_condition(f"x >= {level}", body, "0")
    return body


TEXTS = [
    *(
        Attack(f"{abridged(text)} is no term", reason, worded(f"{text} == x"), worded(f"{twin} == x") if twin else None)
        for text, twin, reason in (
            ("x/y", "x/2", "division only by a nonzero number"),
            ("x/x", "x/1", "division only by a nonzero number"),
            ("1/x", "x/1", "division only by a nonzero number"),
            ("x/0", "x/1", "division only by a nonzero number"),
            ("0/0", "0/1", "division only by a nonzero number"),
            ("x/(1 - 1)", "x/(1 + 1)", "division only by a nonzero number"),
            ("x/(y - y)", "x/(y - y + 1)", "division only by a nonzero number"),
            ("x**65", "x**64", "an exponent must lie in 0 to 64"),
            ("x**-1", "x**0", "unknown operation Pow"),
            ("x**y", "x**2", "unknown operation Pow"),
            ("2**x", "2**2", "unknown operation Pow"),
            ("x**(1/2)", "x**(1)", "unknown operation Pow"),
            ("x**True", "x**1", "an exponent must lie in 0 to 64"),
            ("x**1.0", "x**1", "unknown operation Pow|not a term"),
            ("2**64**64", "2**64", "unknown operation Pow"),
            ("x**999999999999", "x**9", "an exponent must lie in 0 to 64"),
            ("((2**64)**64)**4", "((2**64)**64)**3", "a number is too long"),
            ("((1/2**64)**64)**4", "((1/2**64)**64)**3", "a number is too long"),
            ("9" * 4301, "9" * 4300, "syntax error"),
            ("f(" * 300 + "x" + ")" * 300, None, "syntax error"),
            ("-" * 7000 + "x", None, "syntax error"),
            ("-" * 2 * DEEP + "x", "-" * 300 + "x", "nested too deeply"),
            ("0.5", "1/2", "not a term: 0.5"),
            ("1e3", "1000", "not a term: 1000.0"),
            (".5", "1/2", "not a term: 0.5"),
            ("1j", "1", "not a term: 1j"),
            ("True", "1", "not a term: True"),
            ("None", "0", "not a term: None"),
            ("'x'", "x", "not a term: 'x'"),
            ("...", "x", "not a term"),
            ("+x", "x", "not a term"),
            ("~x", "-x", "not a term"),
            ("x % 2", "x / 2", "unknown operation Mod"),
            ("(x % 2)**0", "(x / 2)**0", "unknown operation Mod"),
            ("(x if x >= 0 else y)**0", "max(x, y)**0", "not a term"),
            ("x // 2", "x / 2", "unknown operation FloorDiv"),
            ("x @ y", "x * y", "a vector or matrix is needed, not the number"),
            ("(x << 1)", "(x * 1)", "unknown operation LShift"),
            ("(x | y)", "(x + y)", "unknown operation BitOr"),
            ("(x ^ 2)", "(x ** 2)", "unknown operation BitXor"),
            ("(x if x >= 0 else y)", "max(x, y)", "not a term"),
            ("(lambda: x)", "(x)", "not a term"),
            ("(lambda: x)()", "(x)", "not a term"),
            ("(x := y)", "(y)", "not a term"),
            ("x.real", "x", "not a term"),
            ("x[0]", "x", "not a term"),
            ("[x]", "(x)", "not a term"),
            ("(x,)", "(x)", "not a term"),
            ("{x}", "(x)", "not a term"),
            ("[x for x in y]", "(x)", "not a term"),
            ("f'{x}'", "x", "not a term"),
            ("relu(t=x)", "relu(x)", "not a term"),
            ("relu(*x)", "relu(x)", "not a term"),
            ("relu(**x)", "relu(x)", "not a term"),
            ("relu", "relu(x)", "unknown name: relu"),
            ("relu(x)(x)", "relu(x)*(x)", "not a term"),
            ("relu()", "relu(0)", "relu takes 1 arguments, not 0"),
            ("__import__('os')", None, "not a term: 'os'"),
            ("open(x)", None, "unknown function: open"),
            ("z", "x", "unknown name: z"),
        )
    ),
    *(
        Attack(f"{abridged(text)} is no formula", reason, worded(text), worded(twin) if twin else None)
        for text, twin, reason in (
            ("0 <= x <= 1", "0 <= x and x <= 1", "not a formula"),
            ("x == x == x", "x == x and x == x", "not a formula"),
            ("x != y", "not x == y", "unknown comparison NotEq"),
            ("x is y", "x == y", "unknown comparison Is"),
            ("x in y", "x >= y", "unknown comparison In"),
            ("x >= 0 if y >= 0 else x >= 1", "implies(y >= 0, x >= 0)", "not a formula"),
            ("implies(x >= 0)", "implies(x >= 0, y >= 0)", "unknown function: implies|not a term"),
            ("implies(x >= 0, y >= 0, x >= y)", "implies(x >= 0, y >= 0)", "unknown function: implies|not a term"),
            ("iff(x >= 0)", "iff(x >= 0, y >= 0)", "unknown function: iff|not a term"),
            ("implies(x >= 0, then=y >= 0)", "implies(x >= 0, y >= 0)", "not a formula"),
            ("True", "true", "not a formula: True"),
            ("not x", "not x >= 0", "not a formula: x"),
            ("x >= 0, y >= 0", "x >= 0 and y >= 0", "not a formula"),
            ("x >= 0) or (0 == 0", "(x >= 0) or (0 == 0)", "syntax error"),
            ("x >= 0; 1 > 0", "x >= 0 or 1 > 0", "syntax error"),
            ("x = 0", "x == 0", "syntax error"),
            ("x >= ", "x >= 0", "syntax error"),
            ("x >= 0 and", "x >= 0", "syntax error"),
            ("x >= 0 # and y >= 0", "x >= 0 and y >= 0", "a comment, or a numeral that runs into a word"),
            ("x >= 0#", "x >= 0", "a comment, or a numeral that runs into a word"),
            ("x >= 1or y >= 0", "x >= 1 or y >= 0", "a numeral that runs into a word"),
            ("x >= 0xfor y >= 0", "x >= 0xf or y >= 0", "a numeral that runs into a word"),
            ("x >= 0 \\", "x >= 0", "syntax error"),
            ("import os", None, "syntax error"),
        )
    ),
    Attack(
        "two sums of a thousand terms are not multiplied",
        "a product has too many terms",
        worded("(x + y)**40*(x*y + 1)**40*((x + y)**40*(x*y + 1)**40) == 0"),
        worded("(x + y)**9*(x*y + 1)**9*((x + y)**9*(x*y + 1)**9) == 0"),
    ),
    Attack(
        "a product has no more than 20000 terms",
        "a polynomial has more than 20000 terms",
        worded("(x + 1)**64*(x + 1)**64*(x + 1)**12*((y + 1)**64*(y + 1)**64*(y + 1)**14) == 0"),
        worded("(x + 1)**20*(x + 1)**20*(x + 1)**12*((y + 1)**20*(y + 1)**20*(y + 1)**14) == 0"),
    ),
    Attack(
        "an application is not too long",
        "an application is too long",
        stated("f((x + y + z)**40) == 0", "x: real, y: real, z: real", parameters=[F_REAL]),
        stated("f((x + y + z)**30) == 0", "x: real, y: real, z: real", parameters=[F_REAL]),
    ),
    Attack(
        "a number in an argument is not too long to be written",
        "malformed: ValueError: Exceeds the limit",
        stated("f(0x" + "f" * 9000 + ") == 0", parameters=[F_REAL]),
        stated("f(0x" + "f" * 3000 + ") == 0", parameters=[F_REAL]),
    ),
    Attack(
        "a proof is not nested too deeply",
        "nested too deeply",
        theorem("1 > 0", nested(1200)),
        theorem("1 > 0", nested(100)),
    ),
    Attack(
        "a definition is not nested too deeply",
        "nested too deeply",
        defined("f(x: real) -> real", nested_conditions(1000)),
        defined("f(x: real) -> real", nested_conditions(100)),
    ),
]

# ------------------------------------------------------------------------------------------------------- documents

ASSUMING = theorem("1 > 0", PROVED, assumptions=[assume("a", "0 > 0", source="a book")])
WITH_LEMMA = theorem(
    "1 > 0", [instance("a", {}, "i"), exact("i")], lemmas=[lemma("a", "1 > 0", PROVED)], parameters=[F_REAL]
)
POINT = counterexample(
    "f(x) >= 0",
    {"x": "1"},
    "x: real",
    tables={"f": table("0", (["1"], "-1"))},
    parameters=[F_REAL],
)
NOWHERE = counterexample("false", {})
PREDICATE = define("q() -> prop", "false")


def changed(reason: str, sentence: str, document: Json, *path: str | int, to: Json) -> Attack:
    """The document itself is the sound twin."""
    return Attack(sentence, reason, edited(document, path, to), document)


def lacking(sentence: str, document: Json, *path: str | int) -> Attack:
    return Attack(sentence, "expected the fields", without(document, path), document)


DOCUMENTS = [
    *(
        Attack(f"a certificate is not {value!r}", "not a certificate", value, ONE, Unsupported)
        for value in (None, True, 1, "certificate", [], {}, [ONE])
    ),
    *(
        Attack(sentence, "not a certificate", edited(ONE, (key,), value), ONE, Unsupported)
        for sentence, key, value in (
            ("a certificate has the format of this kernel", "format", "deepclaims certificate 2"),
            ("the format is written as it is", "format", "deepclaims certificate 1 "),
            ("the format is not null", "format", None),
            ("the format is not a list", "format", ["deepclaims certificate 1"]),
            ("a kind exists", "kind", "axiom"),
            ("a kind is written as it is", "kind", "Theorem"),
            ("a kind is not null", "kind", None),
            ("a kind is not a list", "kind", ["theorem"]),
            ("a kind is not an object", "kind", {}),
        )
    ),
    Attack("a certificate has a format", "not a certificate", without(ONE, ("format",)), ONE, Unsupported),
    Attack("a certificate has a kind", "not a certificate", without(ONE, ("kind",)), ONE, Unsupported),
    lacking("a certificate has a statement", ONE, "statement"),
    lacking("a certificate has a witness", ONE, "witness"),
    lacking("a statement has an arithmetic", ONE, "statement", "arithmetic"),
    lacking("a statement has parameters", ONE, "statement", "parameters"),
    lacking("a statement has definitions", ONE, "statement", "definitions"),
    lacking("a statement has assumptions", ONE, "statement", "assumptions"),
    lacking("a statement has a theorem", ONE, "statement", "theorem"),
    lacking("a theorem has a name", ONE, "statement", "theorem", "name"),
    lacking("a theorem has variables", ONE, "statement", "theorem", "variables"),
    lacking("a theorem has hypotheses", ONE, "statement", "theorem", "hypotheses"),
    lacking("a theorem has a conclusion", ONE, "statement", "theorem", "conclusion"),
    lacking("an assumption has a source", ASSUMING, "statement", "assumptions", 0, "source"),
    lacking("a proof has definitions", ONE, "witness", "definitions"),
    lacking("a proof has lemmas", ONE, "witness", "lemmas"),
    lacking("a proof has a proof", ONE, "witness", "proof"),
    lacking("a lemma has a proof", WITH_LEMMA, "witness", "lemmas", 0, "proof"),
    lacking("a point has variables", POINT, "witness", "variables"),
    lacking("a point has parameters", POINT, "witness", "parameters"),
    lacking("a table has values", POINT, "witness", "parameters", "f", "values"),
    lacking("a table has a default", POINT, "witness", "parameters", "f", "default"),
    lacking("a point has a value for each variable", POINT, "witness", "variables", "x"),
    lacking("a point has a table for each parameter", POINT, "witness", "parameters", "f"),
    *(
        changed("expected the fields", sentence, document, *path, to=None)
        for sentence, document, path in (
            ("a certificate has no other fields", ONE, ("comment",)),
            ("a statement has no other fields", ONE, ("statement", "axioms")),
            ("a theorem has no other fields", ONE, ("statement", "theorem", "proof")),
            ("an assumption has no proof", ASSUMING, ("statement", "assumptions", 0, "proof")),
            ("a proof has no assumptions", ONE, ("witness", "assumptions")),
            ("a lemma has no source", WITH_LEMMA, ("witness", "lemmas", 0, "source")),
            ("a point has no other fields", POINT, ("witness", "definitions")),
            ("a point has no other variables", POINT, ("witness", "variables", "y")),
            ("a point has no other parameters", POINT, ("witness", "parameters", "g")),
            ("a table has no other fields", POINT, ("witness", "parameters", "f", "else")),
        )
    ),
    changed("unknown arithmetic", "an arithmetic exists", ONE, "statement", "arithmetic", to="float"),
    changed("unknown arithmetic", "an arithmetic is not null", ONE, "statement", "arithmetic", to=None),
    changed("unknown arithmetic", "an arithmetic is not a list", ONE, "statement", "arithmetic", to=["exact"]),
    changed(
        "the logic speaks of real numbers, not of binary64",
        "no proof is about doubles",
        ONE,
        "statement",
        "arithmetic",
        to="binary64",
    ),
    changed("expected a list", "parameters are a list", ONE, "statement", "parameters", to={}),
    changed(
        "expected a list of 3", "a parameter has a sort", WITH_LEMMA, "statement", "parameters", 0, to=["f", ["real"]]
    ),
    changed(
        "expected a list, found real", "arguments are a list", WITH_LEMMA, "statement", "parameters", 0, 1, to="real"
    ),
    changed("unknown sort in f", "a sort is not a list", WITH_LEMMA, "statement", "parameters", 0, 1, to=[["real"]]),
    changed("expected a list", "definitions are a list", ONE, "statement", "definitions", to={}),
    changed("expected a list", "assumptions are a list", ONE, "statement", "assumptions", to={}),
    changed("expected a list", "variables are a list", ONE, "statement", "theorem", "variables", to={"x": "real"}),
    changed("expected a list of 2", "a variable has a sort", ONE, "statement", "theorem", "variables", to=[["x"]]),
    changed(
        "expected a list of 2, found xy", "a variable is a list", ONE, "statement", "theorem", "variables", to=["xy"]
    ),
    changed(
        "unknown sort of variable x", "a sort is a text", ONE, "statement", "theorem", "variables", to=[["x", ["real"]]]
    ),
    changed("expected a list", "hypotheses are a list", ONE, "statement", "theorem", "hypotheses", to="1 > 0"),
    changed("not a line of at most", "a hypothesis is a text", ONE, "statement", "theorem", "hypotheses", to=[None]),
    changed("not a formula", "a hypothesis is a formula", ONE, "statement", "theorem", "hypotheses", to=["1"]),
    changed(
        "a source is a text or null",
        "a source is not a number",
        ASSUMING,
        "statement",
        "assumptions",
        0,
        "source",
        to=1,
    ),
    changed(
        "a source is a text or null",
        "a source is not false",
        ASSUMING,
        "statement",
        "assumptions",
        0,
        "source",
        to=False,
    ),
    changed("expected the fields", "a statement is an object", ONE, "statement", to=[]),
    changed("expected the fields", "no values of a fact are no list", WITH_LEMMA, "witness", "proof", 0, "at", to=[]),
    changed("expected the fields", "no values of a fact are no text", WITH_LEMMA, "witness", "proof", 0, "at", to=""),
    changed("expected the fields", "no variables of a point are no list", NOWHERE, "witness", "variables", to=[]),
    changed("expected the fields", "no parameters of a point are no list", NOWHERE, "witness", "parameters", to=[]),
    changed("expected the fields", "a theorem is an object", ONE, "statement", "theorem", to="1 > 0"),
    changed("expected the fields", "a witness is an object", ONE, "witness", to=[]),
    changed("expected a list", "lemmas are a list", ONE, "witness", "lemmas", to={}),
    changed("expected a list", "auxiliary definitions are a list", ONE, "witness", "definitions", to={}),
    changed("expected the fields", "a lemma is an object", ONE, "witness", "lemmas", to=["1 > 0"]),
    Attack(
        "an arithmetic exists even if nothing is computed",
        "unknown arithmetic: float",
        counterexample("false", {}, arithmetic="float"),
        counterexample("false", {}, arithmetic="binary64"),
    ),
    Attack(
        "a hypothesis of a point is a formula",
        "not a formula: ~false",
        satisfied("true", {}, hypotheses=["~false"]),
        satisfied("true", {}, hypotheses=["not false"]),
    ),
    Attack(
        "a hypothesis of an assumption is a formula, even if the assumption is not used",
        "not a formula: 1",
        theorem("1 > 0", PROVED, assumptions=[assume("a", "0 > 0", hypotheses=["1"])]),
        theorem("1 > 0", PROVED, assumptions=[assume("a", "0 > 0", hypotheses=["false"])]),
    ),
    Attack(
        "a lemma is not assumed",
        "the proof ends before its goal is reached",
        uses(lemma("a", "0 > 0", [])),
        theorem("0 > 0", [instance("a", {}, "i"), exact("i")], assumptions=[assume("a", "0 > 0")]),
    ),
    Attack(
        "a lemma has a proof that is not null",
        "expected the fields",
        uses(lemma("a", "0 > 0", None)),  # type: ignore[arg-type]
    ),
    Attack(
        "a lemma that is not used is proved nevertheless",
        "the proof ends before its goal is reached",
        theorem("1 > 0", PROVED, lemmas=[lemma("a", "0 > 0", [])]),
        theorem("1 > 0", PROVED, lemmas=[lemma("a", "1 > 0", PROVED)]),
    ),
    Attack(
        "a lemma that is used only after a false one is proved nevertheless",
        "remainder 0 is too small",
        uses(lemma("a", "0 > 0", PROVED)),
    ),
    Attack(
        "an assumption is stated in the statement and not in the witness",
        "expected the fields",
        edited(uses(lemma("a", "0 > 0", [])), ("witness", "assumptions"), [assume("a", "0 > 0")]),
    ),
    Attack(
        "a definition does not assume anything",
        "expected the fields",
        theorem("0 > 0", [exact("h1")], definitions=[{**PREDICATE, "hypotheses": ["0 > 0"]}]),
    ),
    Attack(
        "an assumption speaks of functions of the statement",
        "unknown function: q",
        theorem("1 > 0", PROVED, assumptions=[assume("a", "q()")], auxiliary=[PREDICATE]),
        theorem("1 > 0", PROVED, assumptions=[assume("a", "q()")], definitions=[PREDICATE]),
    ),
    Attack(
        "a theorem speaks of functions of the statement",
        "unknown function: q",
        theorem("not q()", [unfold("q()", "d"), absurd("d", "d")], auxiliary=[PREDICATE]),
        theorem(
            "not q()",
            [
                unfold("q()", "d"),
                unpack("d", "a", "b"),
                contradiction("n"),
                cases("a", "c", [absurd("c", "n")], [exact("c")]),
            ],
            definitions=[PREDICATE],
        ),
    ),
]

# ---------------------------------------------------------------------------------------------------------- points


def at_point(
    conclusion: str, point: dict[str, Json], over: str = "x: real, y: real, k: nat, u: vec", **more: Any
) -> Json:
    """A counterexample at this point; the variables that it does not mention are 0."""
    zero: dict[str, Json] = {"x": "0", "y": "0", "k": "0", "u": ["0", "0"]}
    names = [pair.split(":")[0].strip() for pair in over.split(",")] if over else []
    return counterexample(conclusion, {**{n: zero[n] for n in names if n in zero}, **point}, over, **more)


def doubles(conclusion: str, point: dict[str, Json], **more: Any) -> Json:
    return at_point(conclusion, point, arithmetic="binary64", **more)


def tabled(entry: Json, conclusion: str = "f(x) >= 0", signature: str = "f(real) -> real", **point: Json) -> Json:
    return at_point(conclusion, {"x": "1", **point}, tables={"f": entry}, parameters=[parameter(signature)])


BEFORE = define("before(k: nat) -> nat", by_shape("k", "0", "k"))
NOT_DOUBLE = "not a number of this arithmetic"
TWO_VECTORS = "u: vec, v: vec"

POINTS = [
    Attack(
        "a counterexample violates the conclusion",
        "the conclusion holds at this point",
        at_point("x >= 0", {"x": "0"}),
        at_point("x > 0", {"x": "0"}),
    ),
    Attack(
        "a counterexample satisfies the hypotheses",
        "the hypotheses do not hold at this point",
        at_point("x >= 0", {"x": "-1"}, hypotheses=["x >= -1/2"]),
        at_point("x >= 0", {"x": "-1"}, hypotheses=["x >= -1"]),
    ),
    Attack(
        "a counterexample satisfies each of the hypotheses",
        "the hypotheses do not hold at this point",
        at_point("x >= 0", {"x": "-1"}, hypotheses=["x >= -1", "x > -1"]),
        at_point("x >= 0", {"x": "-1"}, hypotheses=["x >= -1", "x > -2"]),
    ),
    Attack(
        "an instance satisfies each of the hypotheses",
        "the hypotheses do not hold at this point",
        satisfied("false", {"x": "1"}, "x: real", ["x >= 1", "x > 1"]),
        satisfied("false", {"x": "1"}, "x: real", ["x >= 1", "x > 1/2"]),
    ),
    Attack(
        "a contradiction has no instance",
        "the hypotheses do not hold at this point",
        satisfied("true", {}, hypotheses=["false"]),
        satisfied("false", {}, hypotheses=["true"]),
    ),
    Attack(
        "a counterexample takes nothing for granted",
        r"expected the fields \['model', 'parameters', 'variables'\]",
        at_point("x > 0", {"x": "0"}, assumptions=[assume("a", "1 > 0")]),
        at_point("x > 0", {"x": "0"}),
    ),
    Attack(
        "an instance takes nothing for granted",
        r"expected the fields \['model', 'parameters', 'variables'\]",
        satisfied("true", {}, assumptions=[assume("a", "1 > 0")]),
        satisfied("true", {}),
    ),
    Attack(
        "a natural is not negative",
        "not a natural number: -1",
        at_point("k >= 0", {"k": "-1"}),
        at_point("k > 0", {"k": "0"}),
    ),
    Attack(
        "a natural is not a half",
        "not a natural number: 1/2",
        at_point("not 2*k == 1", {"k": "1/2"}),
        at_point("not 2*k == 2", {"k": "2/2"}),
    ),
    *(
        Attack(f"a value is not {value!r}", reason, at_point("x == 1", {"x": value}), at_point("x == 1", {"x": "2"}))
        for value, reason in (
            (2, "a number must be a string"),
            (True, "a number must be a string"),
            (None, "a number must be a string"),
            (["2"], "a number must be a string"),
            ({}, "a number must be a string"),
            ("0.5", "not an exact number"),
            ("2e0", "not an exact number"),
            ("1/0", "division by zero"),
            ("y", "not an exact number"),
            ("", "not an exact number"),
        )
    ),
    Attack(
        "a vector is a list",
        "expected a list",
        at_point("sq(u) == 1", {"u": "1"}),
        at_point("sq(u) == 2", {"u": ["1"]}),
    ),
    Attack(
        "an entry of a vector is a number",
        "a number must be a string",
        at_point("sq(u) == 1", {"u": [2]}),
        at_point("sq(u) == 1", {"u": ["2"]}),
    ),
    Attack("an entry of a vector is not a vector", "a number must be a string", at_point("sq(u) == 1", {"u": [["2"]]})),
    Attack(
        "vectors that are multiplied have one dimension",
        "dimension",
        at_point("dot(u, v) == 1", {"u": ["0"], "v": ["0", "0"]}, TWO_VECTORS),
        at_point("dot(u, v) == 1", {"u": ["0", "0"], "v": ["0", "0"]}, TWO_VECTORS),
    ),
    Attack(
        "vectors that are added have one dimension",
        "dimension",
        at_point("sq(u + v) == 1", {"u": ["0"], "v": ["0", "0"]}, TWO_VECTORS),
        at_point("sq(u + v) == 1", {"u": ["0", "0"], "v": ["0", "0"]}, TWO_VECTORS),
    ),
    Attack(
        "vectors that are compared have one dimension",
        "dimension",
        at_point("u == v", {"u": ["0"], "v": ["0", "0"]}, TWO_VECTORS),
        at_point("u == v", {"u": ["0", "0"], "v": ["0", "1"]}, TWO_VECTORS),
    ),
    Attack(
        # Both sides are f(0), and the logic proves them equal; only the zeros of two different spaces differ.
        "all vectors lie in one space, even those that never meet",
        "dimension",
        at_point(
            "f(0*u) == f(0*v)",
            {"u": ["0"], "v": ["0", "0"]},
            TWO_VECTORS,
            tables={"f": table("0", ([["0"]], "1"))},
            parameters=[parameter("f(vec) -> real")],
        ),
        at_point(
            "f(0*u) == f(v)",
            {"u": ["0", "0"], "v": ["0", "1"]},
            TWO_VECTORS,
            tables={"f": table("0", ([["0", "0"]], "1"))},
            parameters=[parameter("f(vec) -> real")],
        ),
    ),
    Attack(
        "the hypotheses that vectors of different spaces satisfy are contradictory",
        "dimension",
        satisfied(
            "false",
            {"u": [], "v": ["0"]},
            TWO_VECTORS,
            ["f(0*u) == 1", "f(0*v) == 0"],
            tables={"f": table("0", ([[]], "1"))},
            parameters=[parameter("f(vec) -> real")],
        ),
    ),
    Attack(
        "a table of vectors lies in the space of the variables",
        "dimension",
        at_point(
            "f(0*u) == f(0*g(0))",
            {"u": ["0", "0"]},
            "u: vec",
            tables={"f": table("0", ([["0"]], "1")), "g": table(["0"])},
            parameters=[parameter("f(vec) -> real"), parameter("g(nat) -> vec")],
        ),
    ),
    *(
        Attack(
            f"the vectors of a table that is not looked up lie in the space of the variables: {what}",
            "dimension",
            at_point("sq(u) > 0", {}, "u: vec", tables={"g": entry}, parameters=[G_VEC]),
            at_point("sq(u) > 0", {}, "u: vec", tables={"g": table(["0", "0"], row)}, parameters=[G_VEC]),
        )
        for row in [([["0", "0"]], ["0", "0"])]
        for what, entry in (
            ("the default", table(["0"], row)),
            ("a value", table(["0", "0"], (row[0], ["0"]))),
            ("an argument", table(["0", "0"], ([["0"]], row[1]))),
        )
    ),
    Attack(
        "the value of one function is not that of another at the same place",
        "the conclusion holds at this point",
        at_point(
            "not f(x) == g(x)",
            {},
            "x: real",
            tables={"f": table("0"), "g": table("1")},
            parameters=[F_REAL, parameter("g(real) -> real")],
        ),
        at_point(
            "f(x) == g(x)",
            {},
            "x: real",
            tables={"f": table("0"), "g": table("1")},
            parameters=[F_REAL, parameter("g(real) -> real")],
        ),
    ),
    Attack(
        "the value of a predicate is not that of another at the same place",
        "the conclusion holds at this point",
        at_point(
            "not iff(p(x), q(x))",
            {},
            "x: real",
            tables={"p": table(True), "q": table(False)},
            parameters=[P_REAL, parameter("q(real) -> prop")],
        ),
        at_point(
            "iff(p(x), q(x))",
            {},
            "x: real",
            tables={"p": table(True), "q": table(False)},
            parameters=[P_REAL, parameter("q(real) -> prop")],
        ),
    ),
    Attack(
        "a table has one value at each place",
        "f has two values at",
        tabled(table("0", (["1"], "-1"), (["1"], "1"))),
        tabled(table("0", (["1"], "-1"), (["2"], "1"))),
    ),
    Attack(
        "a table has one value at each place, however it is written",
        "f has two values at",
        tabled(table("0", (["1"], "-1"), (["2/2"], "1"))),
    ),
    Attack(
        "a table has one value at each place, even if it is the same",
        "f has two values at",
        tabled(table("0", (["1"], "-1"), (["1"], "-1"))),
    ),
    Attack(
        "a row of a table is a pair",
        "expected a list of 2",
        tabled({"values": [[["1"]]], "default": "-1"}),
        tabled(table("-1")),
    ),
    Attack(
        "a row of a table has all arguments",
        "expected a list of 1",
        tabled(table("-1", (["1", "1"], "-1"))),
        tabled(table("0", (["1"], "-1"))),
    ),
    Attack(
        "the arguments of a row are a list", "expected a list of 1", tabled({"values": [["1", "-1"]], "default": "-1"})
    ),
    Attack("a table is an object", "expected the fields", tabled([])),
    Attack("the rows of a table are a list", "expected a list", tabled({"values": {}, "default": "-1"})),
    Attack(
        "the default of a table has the sort of its function",
        "not a natural number: -1",
        tabled(table("-1"), signature="f(real) -> nat"),
        tabled(table("-1"), signature="f(real) -> real"),
    ),
    Attack(
        "a value of a table has the sort of its function",
        "not a natural number: 1/2",
        tabled(table("0", (["1"], "1/2")), "f(x) == 0", "f(real) -> nat"),
        tabled(table("0", (["1"], "1")), "f(x) == 0", "f(real) -> nat"),
    ),
    Attack(
        "an argument in a table has the sort of its place",
        "not a natural number: 1/2",
        tabled(table("-1", (["1/2"], "1")), "f(k) >= 0", "f(nat) -> real"),
        tabled(table("-1", (["1"], "1")), "f(k) >= 0", "f(nat) -> real"),
    ),
    Attack(
        "a predicate has truth values",
        "a value of sort prop is true or false",
        tabled(table("false"), "f(x)", "f(real) -> prop"),
        tabled(table(False), "f(x)", "f(real) -> prop"),
    ),
    Attack(
        "a predicate is not 0", "a value of sort prop is true or false", tabled(table(0), "f(x)", "f(real) -> prop")
    ),
    Attack(
        "a predicate is not null",
        "a value of sort prop is true or false",
        tabled(table(None), "f(x)", "f(real) -> prop"),
    ),
    Attack("a number is no truth value", "a number must be a string", tabled(table(False), "f(x) >= 1")),
    Attack(
        "a function of naturals has no value at -1",
        "f is applied to -1 which is not a natural number",
        tabled(table("-1"), "f(k - 1) >= 0", "f(nat) -> real"),
        tabled(table("-1"), "f(k - 1) >= 0", "f(nat) -> real", k="1"),
    ),
    Attack(
        "a recursion has no value at -1",
        "pow2 is applied to -1 which is not a natural number",
        at_point("pow2(k - 1) == 0", {"k": "0"}, definitions=[POWER]),
        at_point("pow2(k - 1) == 0", {"k": "1"}, definitions=[POWER]),
    ),
    Attack(
        "a recursion has no value at -1 in a hypothesis",
        "pow2 is applied to -1 which is not a natural number",
        at_point("x > 0", {"k": "0"}, hypotheses=["pow2(k - 1) >= 0"], definitions=[POWER]),
        at_point("x > 0", {"k": "1"}, hypotheses=["pow2(k - 1) >= 0"], definitions=[POWER]),
    ),
    Attack(
        "the shape of a definition is that of its argument",
        "the conclusion holds at this point",
        at_point("saw(k, x) == x", {"k": "0", "x": "1/3"}, definitions=[SAW]),
        at_point("saw(k, x) == x", {"k": "1", "x": "1/2"}, definitions=[SAW]),
    ),
    Attack(
        "7 is odd",
        "the conclusion holds at this point",
        at_point("not even(k)", {"k": "7"}, definitions=[EVEN]),
        at_point("even(k)", {"k": "7"}, definitions=[EVEN]),
    ),
    Attack(
        "a recursion is not too deep",
        "nested too deeply",
        at_point("pow2(k) == 0", {"k": "100000"}, definitions=[POWER]),
        at_point("pow2(k) == 0", {"k": "50"}, definitions=[POWER]),
    ),
    Attack(
        "a number does not grow without bound",
        "a number is too long",
        at_point(
            "square(k, x) == 1",
            {"k": "30", "x": "3/2"},
            definitions=[define("square(k: nat, x: real) -> real", by_shape("k", "x", "square(k, x**2)"))],
        ),
        at_point(
            "square(k, x) == 1",
            {"k": "10", "x": "3/2"},
            definitions=[define("square(k: nat, x: real) -> real", by_shape("k", "x", "square(k, x**2)"))],
        ),
    ),
    Attack("a third is no double", NOT_DOUBLE, doubles("x > 1", {"x": "1/3"}), doubles("x > 1", {"x": "1/4"})),
    Attack(
        "a number between two doubles is no double",
        NOT_DOUBLE,
        doubles("x < 1", {"x": "9007199254740993"}),
        doubles("x < 1", {"x": "9007199254740992"}),
    ),
    Attack(
        "a number below all positive doubles is no double",
        NOT_DOUBLE,
        doubles("x <= 0", {"x": f"1/{2**1075}"}),
        doubles("x <= 0", {"x": f"1/{2**1074}"}),
    ),
    Attack(
        "a number above all doubles is no double",
        "overflow in binary64",
        doubles("x < 1", {"x": f"{2**1024}"}),
        doubles("x < 1", {"x": f"{2**1024 - 2**971}"}),
    ),
    Attack(
        "a number half-way beyond all doubles is no double",
        "overflow in binary64",
        doubles("x < 1", {"x": f"{2**1024 - 2**970}"}),
    ),
    Attack(
        "an entry of a vector of doubles is a double",
        NOT_DOUBLE,
        doubles("sq(u) > 1", {"u": ["1/3"]}),
        doubles("sq(u) > 1", {"u": ["1/4"]}),
    ),
    Attack(
        "a value of a table of doubles is a double",
        NOT_DOUBLE,
        edited(tabled(table("-1/3")), ("statement", "arithmetic"), "binary64"),
        edited(tabled(table("-1/4")), ("statement", "arithmetic"), "binary64"),
    ),
    Attack("a natural that is no double", NOT_DOUBLE, doubles("k < 1", {"k": "9007199254740993"})),
    Attack(
        "the predecessor of a double is a double",
        "no number of this arithmetic: 9007199254740993",
        doubles("before(k) + 1 > k", {"k": f"{2**53 + 2}"}, definitions=[BEFORE]),
        doubles("before(k) + 1 > k", {"k": f"{2**53}"}, definitions=[BEFORE]),
    ),
    Attack(
        "a product of doubles does not overflow",
        "overflow in binary64",
        doubles("x*x < 1", {"x": f"{2**512}"}),
        doubles("x*x < 1", {"x": f"{2**511}"}),
    ),
    Attack(
        "a literal among doubles does not overflow",
        "overflow in binary64",
        doubles(f"x > {2**1024}", {"x": "1"}),
        doubles(f"x > {2**1023}", {"x": "1"}),
    ),
    Attack(
        "a sum of doubles does not overflow",
        "overflow in binary64",
        doubles("x + x < 1", {"x": f"{2**1023}"}),
        doubles("x + x < 1", {"x": f"{2**1022}"}),
    ),
    Attack(
        "a sum of vectors of doubles does not overflow",
        "overflow in binary64",
        doubles("u + u == 3*u", {"u": [f"{2**1023}", "0"]}),
        doubles("u + u == 3*u", {"u": [f"{2**1022}", "0"]}),
    ),
    Attack(
        "an argument of a function of doubles does not overflow",
        "overflow in binary64",
        edited(tabled(table("-1"), "f(x + x) >= 0", x=f"{2**1023}"), ("statement", "arithmetic"), "binary64"),
        edited(tabled(table("-1"), "f(x + x) >= 0", x=f"{2**1022}"), ("statement", "arithmetic"), "binary64"),
    ),
    Attack(
        "a difference of doubles that vanishes divides nothing",
        "division by zero",
        doubles("1/((y + 1) - y) == 5", {"y": f"{2**60}"}),
        doubles("1/((y + 1) - y) == 5", {"y": "8"}),
    ),
    Attack(
        "what rounding breaks holds exactly",
        "the conclusion holds at this point",
        at_point("max(x, y) == x + relu(y - x)", {"x": f"-{10**16}", "y": "1"}),
        doubles("max(x, y) == x + relu(y - x)", {"x": f"-{10**16}", "y": "1"}),
    ),
    Attack(
        "what underflow breaks holds exactly",
        "the conclusion holds at this point",
        at_point("x*x > 0", {"x": f"1/{2**600}"}),
        doubles("x*x > 0", {"x": f"1/{2**600}"}),
    ),
    Attack(
        "what fails exactly may hold after rounding",
        "the conclusion holds at this point",
        doubles("x + 1 == x", {"x": f"{2**53}"}),
        at_point("x + 1 == x", {"x": f"{2**53}"}),
    ),
    Attack(
        "every literal is rounded",
        "the conclusion holds at this point",
        doubles("x == 9007199254740993", {"x": f"{2**53}"}),
        at_point("x == 9007199254740993", {"x": f"{2**53}"}),
    ),
    Attack(
        "each factor of a power is rounded",
        "the conclusion holds at this point",
        doubles("x**4 == x*x*x*x", {"x": "1000000007"}),
        doubles("x**4 == (x*x)*(x*x)", {"x": "1000000007"}),
    ),
    Attack(
        "each term of a scalar product is rounded",
        "the conclusion holds at this point",
        doubles("sq(u) == 1", {"u": ["1", f"1/{2**27}"]}),
        at_point("sq(u) == 1", {"u": ["1", f"1/{2**27}"]}),
    ),
    Attack(
        "a scalar product is added in its order",
        "the conclusion holds at this point",
        doubles("sq(u) == 1", {"u": ["1", *4 * [f"1/{2**27}"]]}),
        doubles("sq(u) == 1", {"u": [*4 * [f"1/{2**27}"], "1"]}),
    ),
]

# ----------------------------------------------------------------------------------------------------------- files

TEXT = json.dumps(theorem("1 > 0", PROVED))

FILES = [
    (
        "a key that stands twice",
        Rejected,
        "duplicate key",
        TEXT.replace('"kind": "theorem"', '"kind": "theorem", "kind": "theorem"'),
    ),
    (
        "a key that stands twice deep inside",
        Rejected,
        "duplicate key",
        TEXT.replace('"conclusion": "1 > 0"', '"conclusion": "0 > 0", "conclusion": "1 > 0"'),
    ),
    (
        "a key that stands twice in two spellings",
        Rejected,
        "duplicate key",
        TEXT.replace('"squares": []', '"squares": [], "square\\u0073": []'),
    ),
    ("a float", Rejected, "not an exact number: 1.0", TEXT.replace('"products": []', '"products": [1.0]')),
    (
        "a number with an exponent",
        Rejected,
        "not an exact number: 1e0",
        TEXT.replace('"products": []', '"products": [1e0]'),
    ),
    (
        "a number that is none",
        Rejected,
        "not an exact number: NaN",
        TEXT.replace('"products": []', '"products": [NaN]'),
    ),
    (
        "an infinite number",
        Rejected,
        "not an exact number: Infinity",
        TEXT.replace('"products": []', '"products": [Infinity]'),
    ),
    (
        "a negative infinite number",
        Rejected,
        "not an exact number: -Infinity",
        TEXT.replace('"products": []', '"products": [-Infinity]'),
    ),
    (
        "an integer too long to be read",
        Unsupported,
        "not JSON: Exceeds the limit",
        TEXT.replace('"products": []', f'"products": [{"1" * 4301}]'),
    ),
    ("nothing", Unsupported, "not JSON", ""),
    ("half a document", Unsupported, "not JSON", TEXT[:-1]),
    ("a document and something more", Unsupported, "not JSON: Extra data", TEXT + TEXT),
    (
        "a trailing comma",
        Unsupported,
        "not JSON",
        TEXT[:-1] + ",}",
    ),
    ("a byte order mark", Unsupported, "not JSON", "\ufeff" + TEXT),
    ("a comment", Unsupported, "not JSON", TEXT + "// true"),
    ("single quotes", Unsupported, "not JSON", TEXT.replace('"', "'")),
    ("lists in lists without end", Unsupported, "not JSON", "[" * 100_000),
    ("objects in objects without end", Unsupported, "not JSON", '{"a":' * 100_000),
]

ATTACKS = [
    *ARITHMETIC,
    *RECTIFIERS,
    *SORTS,
    *NAMES,
    *CAPTURE,
    *RECURSION,
    *FACTS,
    *STEPS,
    *TEXTS,
    *DOCUMENTS,
    *POINTS,
]


def refused(document: Json, refusal: type[Exception], reason: str) -> None:
    with pytest.raises((Rejected, Unsupported)) as caught:
        check(document)
    assert type(caught.value) is refusal
    assert re.search(reason, str(caught.value)), f"refused for another reason: {caught.value}"


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.sentence)
def test_an_attack_is_refused_for_its_reason_and_its_twin_is_accepted(attack: Attack) -> None:
    refused(attack.document, attack.refusal, attack.reason)
    if attack.twin is not None:
        assert check(attack.twin)


def test_the_attacks_are_many_and_have_different_names() -> None:
    assert len({attack.sentence for attack in ATTACKS}) == len(ATTACKS) >= 700
    assert sum(attack.twin is not None for attack in ATTACKS) >= 400


def test_no_attack_is_its_own_twin() -> None:
    equal = [attack for attack in ATTACKS if attack.document == attack.twin]  # to Python 1 is equal to true
    assert all(json.dumps(attack.document) != json.dumps(attack.twin) for attack in equal)


@pytest.mark.parametrize(("refusal", "reason", "text"), [file[1:] for file in FILES], ids=[file[0] for file in FILES])
def test_a_file_with_this_in_it_is_refused(refusal: type[Exception], reason: str, text: str) -> None:
    assert check(parse(TEXT))
    with pytest.raises((Rejected, Unsupported), match=reason) as caught:
        parse(text)
    assert type(caught.value) is refusal


# ---------------------------------------------------------------------------------------- statements are not changed

CERTIFICATES = {
    path.stem: parse(path.read_text()) for path in sorted((Path(__file__).parent / "certificates").glob("*"))
}


@pytest.mark.parametrize("name", CERTIFICATES)
def test_a_certificate_is_bound_to_its_statement(name: str) -> None:
    certificate = CERTIFICATES[name]
    known = digest(certificate["statement"])
    assert check(certificate, statement_sha256=known).statement_sha256 == known
    for other in {digest(c["statement"]) for c in CERTIFICATES.values()} - {known} | {"", known.upper(), known[:-1]}:
        with pytest.raises(Rejected, match="the statement is not the expected one"):
            check(certificate, statement_sha256=other)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("theorem", "name"), "maximum"),
        (("theorem", "variables", 0, 0), "z"),
        (("theorem", "variables", 0, 1), "nat"),
        (("theorem", "hypotheses"), ["true"]),
        (("theorem", "conclusion"), "max(x, y) == x + relu(y - x) "),
        (("arithmetic",), "binary64"),
        (("parameters",), [["f", [], "real"]]),
        (("definitions",), [DOUBLE]),
        (("assumptions",), [assume("a", "1 > 0")]),
    ],
    ids=str,
)
def test_every_part_of_a_statement_is_bound(path: tuple[str | int, ...], value: Json) -> None:
    certificate = CERTIFICATES["maximum"]
    changed = edited(certificate, ("statement", *path), value)
    with pytest.raises(Rejected, match="the statement is not the expected one"):
        check(changed, statement_sha256=digest(certificate["statement"]))


def test_the_digest_does_not_depend_on_the_order_of_keys() -> None:
    statement = CERTIFICATES["tree_maximum"]["statement"]
    backwards = json.loads(json.dumps(statement), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    assert list(backwards) != list(statement)
    assert digest(backwards) == digest(statement)


def test_no_certificate_proves_the_statement_of_another() -> None:
    accepted = [
        (proof, theorem_)
        for proof in CERTIFICATES
        for theorem_ in CERTIFICATES
        if proof != theorem_ and accepts(edited(CERTIFICATES[theorem_], ("witness",), CERTIFICATES[proof]["witness"]))
    ]
    assert accepted == []


# ------------------------------------------------------------------------------------ every field of every document


def accepts(document: Json) -> bool:
    """Whether the kernel accepts; any exception but a refusal is a failure of the test."""
    try:
        check(document)
    except (Rejected, Unsupported):
        return False
    return True


def harmless(document: Json, path: tuple[str | int, ...]) -> bool:
    """Where a change does not make an accepted document unacceptable: the source of an assumption, which is said to
    the reader and not to the kernel; the hypotheses at a point, which satisfies fewer hypotheses as well; and the
    entries of a table that are not looked up."""
    if path[:2] == ("statement", "assumptions") and path[-1] == "source":
        return True
    if document["kind"] == "theorem":
        return False
    return path[:3] == ("statement", "theorem", "hypotheses") or (
        path[:2] == ("witness", "parameters") and len(path) > 3
    )


THOROUGH = "DEEPCLAIMS_EDITS" in os.environ
EMPTY: tuple[Json, ...] = (None, True, 0, [], {}, "")


def variations(document: Json, paths: Sequence[tuple[str | int, ...]]) -> Iterator[tuple[tuple[str | int, ...], Json]]:
    """Each of these fields left out, and replaced by each of the empty values (if DEEPCLAIMS_EDITS is not set, by every
    third of them, which are others from one field to the next)."""
    for number, path in enumerate(paths):
        old = at(document, path)
        yield path, without(document, path)
        for value in EMPTY if THOROUGH else EMPTY[number % 3 :: 3]:
            if type(old) is not type(value) or old != value:
                yield path, edited(document, path, value)


@pytest.mark.parametrize("sentence", ACCEPTED)
def test_no_field_of_an_accepted_document_can_be_left_out_or_emptied(sentence: str) -> None:
    document = ACCEPTED[sentence]
    for path, variation in variations(document, list(places(document))):
        if accepts(variation):
            assert harmless(document, path), path


# A worst case with fewer conditions is another statement, and often a true one: tests/kernel/test_worst_case*.py.
FIELDS_MATTER = [name for name, known in CERTIFICATES.items() if known["statement"].get("question") != "worst_case"]


@pytest.mark.parametrize("name", FIELDS_MATTER)
def test_no_field_of_a_certificate_can_be_left_out_or_emptied(name: str) -> None:
    """All fields if DEEPCLAIMS_EDITS is set, else some of them.  A proof that was found by a search has steps that it
    does not need, so here it is allowed that the statement is proved without them; it is not allowed to change, except
    that a variable may be left out which the theorem does not mention."""
    certificate = CERTIFICATES[name]
    fields, theorem_ = list(places(certificate)), certificate["statement"].get("theorem")
    if not THOROUGH:
        fields = random.Random(name).sample(fields, 20)
    for path, variation in variations(certificate, fields):
        if accepts(variation) and not harmless(certificate, path) and not is_unmentioned_variable(theorem_, path[2:]):
            assert digest(variation["statement"]) == digest(certificate["statement"]), path


def is_unmentioned_variable(fact: Json, path: tuple[str | int, ...]) -> bool:
    if path[:1] != ("variables",) or len(path) != 2:
        return False
    name, _ = at(fact, path)
    return not any(re.search(rf"\b{name}\b", text) for text in (*fact["hypotheses"], fact["conclusion"]))


# ----------------------------------------------------------------------------------------------------------- limits


def limited(monkeypatch: pytest.MonkeyPatch, module: str, limit: str, document: Json, reason: str) -> None:
    """A document is accepted, and refused when the kernel allows for less than it needs."""
    assert check(document)
    monkeypatch.setattr(f"verify.kernel.{module}.{limit}", 3)
    with pytest.raises(Rejected, match=reason):
        check(document)


def test_a_proof_has_a_limited_number_of_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    document = theorem("1 > 0", [*(trivial(f"a{i}") for i in range(4)), arithmetic()])
    limited(monkeypatch, "logic", "MAX_STEPS", document, "more than 3 steps")


def test_a_proof_has_a_limited_number_of_steps_in_its_branches(monkeypatch: pytest.MonkeyPatch) -> None:
    document = theorem("true and true and true and true", [parts(*4 * [[arithmetic()]])])
    limited(monkeypatch, "logic", "MAX_STEPS", document, "more than 3 steps")


def test_a_computation_has_a_limited_number_of_operations(monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, "evaluation", "MAX_OPERATIONS", at_point("1 + 1 == 3", {}, ""), "more than 3 operations")


def test_a_computation_has_a_limited_number_of_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    document = at_point(
        "not (p(x) and q(x) and p(y) and q(y))",
        {"y": "1"},
        "x: real, y: real",
        parameters=[P_REAL, parameter("q(real) -> prop")],
        tables={"p": table(True), "q": table(True)},
    )
    limited(monkeypatch, "evaluation", "MAX_OPERATIONS", document, "more than 3 operations")


def test_a_value_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """f(x) is called twice and computed once: two operations at most, the call and the literal."""
    monkeypatch.setattr("verify.kernel.evaluation.MAX_OPERATIONS", 2)
    assert check(at_point("f(x) == 1", {}, "x: real", parameters=[F_REAL], tables={"f": table("0")})).steps == 2
    assert check(at_point("not f(x) == f(x)", {}, "x: real", parameters=[F_REAL], tables={"f": table("0")})).steps == 1


def test_a_file_has_a_limited_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "certificate.json"
    file.write_text(TEXT)
    assert check(read(file))
    monkeypatch.setattr("verify.kernel.certificate.MAX_BYTES", len(TEXT))
    assert check(read(file))
    monkeypatch.setattr("verify.kernel.certificate.MAX_BYTES", len(TEXT) - 1)
    with pytest.raises(Unsupported, match="larger than"):
        read(file)


# ----------------------------------------------------------------------------------------- consistency and garbage

VALUES: dict[str, list[Json]] = {
    "nat": ["0", "1", "2", "5"],
    "real": ["0", "1", "-1", "1/2", "-7/3", "1000"],
    "vec": [[], ["0"], ["0", "0"], ["1", "-2"], ["3"]],
    "prop": [True, False],
}


def values_of(sort: str) -> list[Json]:
    """Of matrices, two columns or one, and two rows."""
    if not sort.startswith("mat("):
        return VALUES[sort]
    columns = 1 if sort.endswith(", 1)") else 2
    return [[row[:columns] for row in rows] for rows in ([["1", "0"], ["2", "-1"]], [["0", "0"], ["1/2", "3"]])]


CLOSED = [name for name, d in ACCEPTED.items() if d["kind"] == "theorem" and not d["statement"]["assumptions"]]


@pytest.mark.parametrize("sentence", CLOSED)
def test_what_is_proved_is_not_refuted(sentence: str) -> None:
    """The logic and the evaluation share nothing but the text; no point may contradict a theorem."""
    statement, source = ACCEPTED[sentence]["statement"], random.Random(sentence)
    for _ in range(40):
        point = {name: source.choice(values_of(sort)) for name, sort in statement["theorem"]["variables"]}
        tables = {
            name: table(
                source.choice(values_of(sort)),
                *(
                    (list(key), source.choice(values_of(sort)))
                    for key in {tuple(str(source.choice(VALUES[a])) for a in arguments) for _ in range(3)}
                    if "vec" not in arguments
                ),
            )
            for name, arguments, sort in statement["parameters"]
        }
        witness = {"variables": point, "parameters": tables}
        refutation = {"format": ONE["format"], "kind": "counterexample", "statement": statement, "witness": witness}
        assert not accepts(refutation)


WORDS = ["x", "k", "u", "p", "f", "relu", "dot", "sq", "max", "implies", "iff", "true", "false", "and", "or", "not"]
WORDS += [
    "if",
    "else",
    "lambda",
    "is",
    "in",
    "None",
    "True",
    "for",
    "await",
    "0",
    "1",
    "7/2",
    "1.5",
    "1e9",
    "0x1f",
    "1j",
]
WORDS += [*list("+-*/%@&|^~<>()[]{},.:;='\"#\\$?!`"), "**", "//", ">=", "<=", "==", "!=", ":=", "->", "<<", "f'", "b'"]


@settings(max_examples=1500, derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=12), st.booleans())
@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
def test_no_text_breaks_the_kernel(words: list[str], spaced: bool) -> None:
    text = (" " if spaced else "").join(words)
    accepts(stated(text, "x: real, k: nat, u: vec", parameters=[F_REAL, P_NAT]))
    accepts(theorem("x >= 0", [arithmetic(equations={"h1": text})], "x: real, k: nat, u: vec", ["x == 0"]))


@settings(max_examples=500, derandomize=True, deadline=None)
@given(st.text(max_size=30))
@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
def test_no_string_breaks_the_kernel(text: str) -> None:
    accepts(worded(text))
    accepts(named(text))
    accepts(with_coefficient(text))
    accepts(labelled(trivial(text), exact(text)))


GARBAGE = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["x", "h1", "1", "real", "x >= 0", "", "t", "-1"]),
    lambda entries: (
        st.lists(entries, max_size=3) | st.dictionaries(st.sampled_from(["x", "on", "if"]), entries, max_size=3)
    ),
    max_leaves=6,
)
STOCK = sorted(ACCEPTED)


@settings(max_examples=1500, derandomize=True, deadline=None)
@given(st.sampled_from(STOCK), st.integers(0, 10**6), GARBAGE)
def test_no_garbage_breaks_the_kernel(sentence: str, number: int, garbage: Json) -> None:
    document = ACCEPTED[sentence]
    paths = list(places(document))
    accepts(edited(document, paths[number % len(paths)], garbage))
