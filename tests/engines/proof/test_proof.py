r"""The proof search: what it proves the kernel accepts, what it cannot prove it says, and it never lies.

For linear arithmetic and for ReLUs of linear terms the truth is known by elimination (``arithmetic``), and the search
must prove exactly what is true.
"""

from __future__ import annotations

import hashlib
import itertools
import subprocess
import sys
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.proof.arithmetic import Row, implied, is_satisfiable, negated, text
from tests.theory import shipped
from tests.theory.authoring import defect, read, theorem
from verify.engines import proof
from verify.engines.proof import Unproved, find_proof, linear
from verify.engines.proof.workbench import Limits
from verify.kernel import canonical, check, digest
from verify.theory.environment import problem

Json = Any
F = Fraction
ROOT = Path(__file__).resolve().parents[3]


def proved(author_text: str, seconds: float = 20) -> Json | Unproved:
    """What the search finds; a proof is checked for the statement."""
    asked = read(author_text)
    found = find_proof(asked, Limits(seconds=seconds))
    if not isinstance(found, Unproved):
        assert check(found, statement_sha256=digest(asked.statement)).kind == "theorem"
    return found


def rules_of(document: Json) -> set[str]:
    """The rules that a proof uses anywhere."""
    if isinstance(document, dict):
        own = {document["rule"]} if "rule" in document else set()
        return own.union(*map(rules_of, document.values()))
    return set().union(*map(rules_of, document)) if isinstance(document, list) else set()


# ------------------------------------------------------------------------------------------------- small theorems

ANY = "@arbitrary\ndef f(x: real) -> real: ...\n"
PREDICATES = "@arbitrary\ndef p(n: nat) -> prop: ...\n@arbitrary\ndef q(n: nat) -> prop: ...\n"
SUM = "@define\ndef s(n: nat) -> nat:\n    return 0 if n == 0 else s(n - 1) + n\n"
EVEN = "@define\ndef even(n: nat) -> prop:\n    return True if n == 0 else not even(n - 1)\n"
BERNOULLI = "@define\ndef b(n: nat, x: real) -> real:\n    return 1 if n == 0 else (1 + x)*b(n - 1, x)\n"
COUNT = "@define\ndef c(n: nat, x: real) -> real:\n    return x if n == 0 else c(n - 1, x + 1)\n"
ACKERMANN = """
@define
def a(m: nat, n: nat) -> nat:
    if m == 0:
        return n + 1
    if n == 0:
        return a(m - 1, 1)
    return a(m - 1, a(m, n - 1))
"""
SQUARE = (
    "@define\ndef g(x: real) -> real:\n    return x + 1\n@lemma()\ndef square(y: real) -> prop:\n    return y**2 >= 0\n"
)
POSITIVE = "@define\ndef g(x: real) -> real:\n    return x**2 + 1\n@lemma()\ndef positive(x: real) -> prop:\n    return g(x) >= 1\n"
STEP = "@define\ndef g(x: real) -> real:\n    return 1 if x >= 1 else 0 if x <= 0 else x\n"

THEOREMS = {
    "by induction": (theorem("n: nat", "2*s(n) == n*(n + 1)", before=SUM, hints='by=induction("n")'), set()),
    "growth by induction": (theorem("n: nat", "2**n >= n + 1", hints='by=induction("n")'), set()),
    "an inequality by induction": (
        theorem("n: nat, x: real", "b(n, x) >= 1 + n*x", "x >= 0", before=BERNOULLI,
                hints='by=induction("n"), have=["x**2 >= 0"]'),
        {"instance"},
    ),
    "induction with another argument": (
        theorem("n: nat, x: real", "c(n, x) == x + n", before=COUNT, hints='by=induction("n")'),
        {"instance"},
    ),
    "a hypothesis that the author asks for": (
        theorem("n: nat, x: real", "c(n, x) == c(0, x) + n", before=COUNT,
                hints='by=induction("n"), using=[hypothesis(x="x + 1")]'),
        {"instance"},
    ),
    "lexicographic induction": (
        theorem("m: nat, n: nat", "a(m, n) >= n + 1", before=ACKERMANN, hints='by=induction("m", "n")'),
        {"instance"},
    ),
    "a predicate by induction": (theorem("n: nat", "even(2*n)", before=EVEN, hints='by=induction("n")'), set()),
    "two phases of a ReLU": (theorem("x: real", "0 <= relu(x) - relu(x - 1) <= 1"), {"phases"}),
    "a ReLU is Lipschitz": (theorem("x: real, y: real", "abs(relu(x) - relu(y)) <= abs(x - y)"), {"phases"}),
    "a ReLU is subadditive": (theorem("x: real, y: real", "relu(x) + relu(y) >= relu(x + y)"), {"phases"}),
    "a maximum": (theorem("x: real", "max(x, -x) == abs(x)"), {"phases"}),
    "three maxima": (theorem("x: real, y: real, z: real", "max(max(x, y), z) == max(x, max(y, z))"), {"phases"}),
    "a maximum and a minimum": (theorem("x: real, y: real", "max(x, y) + min(x, y) == x + y"), {"phases"}),
    "nested conditions": (theorem("x: real", "0 <= g(x) <= 1", before=STEP), {"phases"}),
    "a case of the author": (
        theorem("x: real", "x*abs(x) >= -x**2", hints='cases=["x >= 0"]'),
        set(),
    ),
    "a lemma at a term": (
        theorem("x: real", "g(x)**2 >= 0", before=SQUARE, hints='using=[square.at(y="g(x)")]'),
        {"instance"},
    ),
    "a lemma by matching": (
        theorem("x: real", "g(x) + g(2*x) >= 2", before=POSITIVE, hints="using=[positive]"),
        {"instance"},
    ),
    "an intermediate result": (theorem("x: real, y: real", "x**2 + y**2 + 1 >= 2*x*y", hints='have=["(x - y)**2 >= 0"]'), set()),
    "rounding of naturals": (theorem("n: nat, m: nat", "n <= m", "2*n <= 2*m + 1"), {"integer"}),
    "rounding a number": (theorem("n: nat", "n >= 3", "5*n > 12"), {"integer"}),
    "parity": (theorem("n: nat, m: nat", "2*n != 2*m + 1"), {"integer"}),
    "congruence": (theorem("x: real, y: real", "f(x + 1) == f(y + 2)", "x == y + 1", before=ANY), {"congruence"}),
    "congruence inside": (theorem("x: real, y: real", "f(f(x)) == f(f(y))", "x == y", before=ANY), {"congruence"}),
    "a product of hypotheses": (theorem("x: real, y: real", "x*y <= 1", "0 <= x <= 1", "0 <= y <= 1"), {"arithmetic"}),
    "a product of differences": (
        theorem("x: real, y: real", "(1 - x)*(1 - y) >= 0 and x*y >= 0", "0 <= x <= 1", "0 <= y <= 1"),
        {"parts"},
    ),
    "a square": (theorem("x: real, y: real", "x**2 + y**2 >= 2*x*y"), {"arithmetic"}),
    "three squares": (theorem("x: real, y: real, z: real", "x**2 + y**2 + z**2 >= x*y + y*z + z*x"), {"arithmetic"}),
    "a square and a number": (theorem("x: real", "x**2 - 6*x + 10 >= 1"), {"arithmetic"}),
    "modus ponens": (theorem("n: nat", "implies(p(n) and implies(p(n), q(n)), q(n))", before=PREDICATES), set()),
    "a double negation": (theorem("n: nat", "iff(p(n), not not p(n))", before=PREDICATES), set()),
    "excluded middle": (theorem("n: nat", "p(n) or not p(n)", before=PREDICATES), set()),
    "the laws of De Morgan": (theorem("n: nat", "iff(not (p(n) and q(n)), not p(n) or not q(n))", before=PREDICATES), set()),
    "nested implications": (theorem("x: real", "implies(x > 1, implies(x < 2, x**2 < 4))"), set()),
    "absurd hypotheses": (theorem("x: real", "x == 17", "x > 1", "x < 1"), {"contradiction"}),
    "absurd naturals": (theorem("n: nat, m: nat", "n == 17", "2*n + 2*m == 1"), set()),
    "the law of the parallelogram": (
        theorem("u: vec, v: vec", "sq(u + v) + sq(u - v) == 2*sq(u) + 2*sq(v)"),
        {"arithmetic"},
    ),
    "a value": (theorem("", "s(6) == 21", before=SUM), {"unfold"}),
    "a hypothesis as the conclusion": (theorem("u: vec, v: vec", "u == v", "u == v"), {"exact"}),
    "an equation of naturals that has no solution": (
        theorem("n: nat", "n == 17", "2*n == 1"),
        set(),
    ),
    "a squared norm": (
        theorem("u: vec, v: vec", "sq(u - v) >= 0"),
        set(),
    ),
    "the first inequality of every norm": (
        theorem("u: vec, v: vec", "2*dot(u, v) <= sq(u) + sq(v)"),
        set(),
    ),
    "an assumption": (
        theorem("x: real", "f(x) + 1 > 0", before=ANY + "@assumption()\ndef above(x: real) -> prop:\n    return f(x) >= 0\n",
                hints="assuming=[above]"),
        set(),
    ),
    "a case on an equation of vectors": (
        theorem("u: vec, v: vec, x: real", "max(x, 1) >= 1", hints='cases=["u == v"]'),
        set(),
    ),
    "a case that mentions the variable of the induction": (
        theorem("k: nat, x: real", "abs(x) + k >= relu(x)", hints='by=induction("k"), cases=["x <= k"]'),
        set(),
    ),
    "an inner product where an application is looked for": (
        theorem(
            "u: vec",
            "g(dot(u, u)) >= 0",
            before="@define\ndef g(x: real) -> real:\n    return relu(x)\n@lemma()\ndef l(x: real) -> prop:\n    return g(g(x)) >= 0\n",
            hints="using=[l]",
        ),
        set(),
    ),
    "a fourth power": (
        theorem("x: real", "x**4 >= 0"),
        set(),
    ),
    "a third power": (
        theorem("x: real", "x**3 >= 0", "x >= 0"),
        set(),
    ),
    "an induction under twelve hypotheses": (
        theorem("n: nat, x: real", "c(n, x) >= 0", *(f"x >= {-i}" for i in range(12)), before=COUNT,
                hints='by=induction("n")'),
        set(),
    ),
    "a definition of sort vec": (
        theorem(
            "u: vec, v: vec",
            "2*dot(m(u, v), u - v) == sq(u) - sq(v)",
            before="@define\ndef m(u: vec, v: vec) -> vec:\n    return (u + v)/2\n",
        ),
        {"have"},
    ),
    "a step along a vector": (
        theorem("u: vec, v: vec, g: vec, t: real", "sq(u) == sq(v) - 2*t*dot(g, v) + t**2*sq(g)", "u == v - t*g"),
        {"have"},
    ),
}  # fmt: skip

WEAK = {
    "a disjunction that begins with an equation of vectors": (
        theorem("u: vec, v: vec, x: real", "u == v or x**2 >= 0"),
        "an equation of vectors cannot be negated, so that only its own proof would show the disjunction",
    ),
    "a function of equal vectors": (
        theorem("u: vec, v: vec", "h(u) == h(v)", "u == v", before="@arbitrary\ndef h(u: vec) -> real: ...\n"),
        "equations of vectors are no ingredients of congruence",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", THEOREMS)
def test_a_true_theorem_is_proved_by_the_expected_rules(name: str) -> None:
    author_text, rules = THEOREMS[name]
    found = proved(author_text)
    assert not isinstance(found, Unproved), found
    assert rules <= rules_of(found["witness"])


@pytest.mark.parametrize("author_text", [pytest.param(t, marks=defect(r), id=n) for n, (t, r) in WEAK.items()])
def test_a_true_theorem_that_is_not_proved_yet(author_text: str) -> None:
    assert not isinstance(proved(author_text), Unproved)


UNPROVED = {
    "false": (theorem("x: real", "x >= 0"), "t", "", "x >= 0"),
    "false in a part": (theorem("x: real", "x == x and x**2 >= 1"), "t", "", "-1 + x**2 >= 0"),
    "a quartic": (theorem("x: real", "x**4 - 4*x + 3 >= 0"), "t", "", "3 + -4*x + x**4 >= 0"),
    "an arbitrary function": (theorem("x: real", "f(x) >= 0", before=ANY), "t", "", "f(x) >= 0"),
    "an arbitrary predicate": (theorem("n: nat", "p(n)", before=PREDICATES), "t", "", "0 > 0"),
    "without the induction": (theorem("n: nat", "2*s(n) == n*(n + 1)", before=SUM), "t", "", "2*s(n)"),
    "false at 0": (theorem("n: nat", "2**n >= 2*n + 1/2", "n != 1", hints='by=induction("n")'), "t", "n = 1 + n", ""),
    "false in the case 0": (theorem("n: nat", "n >= 1", hints='by=induction("n")'), "t", "n = 0", "-1 >= 0"),
    "a lemma that is false": (
        theorem("x: real", "x**2 >= 0", before="@lemma()\ndef l(y: real) -> prop:\n    return y >= 1\n", hints="using=[l]"),
        "l", "", "-1 + y >= 0",
    ),
    "the polynomial of Motzkin": (theorem("x: real, y: real", "x**2*y**2*(x**2 + y**2 - 3) + 1 >= 0"), "t", "", ""),
    "congruence the other way": (theorem("x: real, y: real", "x == y", "f(x) == f(y)", before=ANY), "t", "", "x + -1*y"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNPROVED)
def test_what_is_not_proved_comes_with_a_reason(name: str) -> None:
    author_text, which, part, wanted = UNPROVED[name]
    found = proved(author_text)
    assert isinstance(found, Unproved)
    assert (found.theorem, found.part) == (which, part)
    assert found.reason == "no rule applies"
    assert wanted in found.wanted


def test_what_was_known_where_the_search_stopped_is_told() -> None:
    found = proved(theorem("x: real, y: real", "x >= y", "x**2 >= y", "y >= 0"))
    assert isinstance(found, Unproved)
    assert set(found.known) <= {"h1: -1*y + x**2 >= 0", "h1: x**2 + -1*y >= 0", "h2: y >= 0"}
    assert len(found.known) == 2


def test_only_lemmas_that_are_used_go_into_the_certificate() -> None:
    found = proved(theorem("x: real", "x + 1 > x", before=SQUARE, hints="using=[square]"))
    assert not isinstance(found, Unproved)
    assert found["witness"]["lemmas"] == []


def test_a_hint_that_the_kernel_rejects_makes_nothing_true() -> None:
    """Reading refuses such hints; the search does not rely on that."""
    asked = read(theorem("x: real, k: nat", "x >= 0"))
    for along, at in (("x", ()), ("q", ()), ("k", (("induction on k", {"x": "y"}),))):
        hints = replace(asked.hints, induction=(along,), instances=at)
        assert isinstance(find_proof(replace(asked, hints=hints)), Unproved)


@pytest.mark.parametrize("name", ["count_in_closed_form", "power_2_bound"])
def test_a_lemma_may_have_the_name_of_a_generated_one(name: str) -> None:
    from verify.engines.algebra import with_closed_forms

    before = f"""
    @define
    def count(k: nat) -> nat:
        return 1 if k == 0 else count(k - 1) + 2
    @lemma(by=induction("k"))
    def {name}(k: nat) -> prop:
        return count(k) == 2*k + 1 and 2**k >= 1
    """
    asked = read(theorem("k: nat", "count(k) >= 1 and 2**k > 0", before=before, hints=f"using=[{name}]"))
    assert not isinstance(find_proof(with_closed_forms(asked)), Unproved)


def test_nothing_false_about_powers_is_proved_as_it_is_typeset() -> None:
    """For k = 1 the typeset sentence says: 1/2 < 1 implies 1/2 = 0."""
    try:
        found = proved(theorem("k: nat", "implies(2**(-k) < 1, 2**(-k) == 0)"))
    except Exception:
        return
    assert isinstance(found, Unproved)


# ------------------------------------------------------------------------------------------ against elimination

numbers = st.integers(-3, 3).map(Fraction)
rows = st.tuples(st.tuples(*[numbers] * 4), st.booleans())


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.lists(rows, max_size=4), rows)
def test_linear_arithmetic_is_proved_exactly_where_it_is_true(hypotheses: list[Row], goal: Row) -> None:
    found = proved(theorem("x: real, y: real, z: real", text(goal, "xyz"), *(text(h, "xyz") for h in hypotheses)))
    assert isinstance(found, dict) == implied(hypotheses, goal)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.lists(rows, max_size=3), rows, rows)
def test_disjunctions_of_linear_inequalities_are_proved_exactly_where_they_are_true(
    hypotheses: list[Row], first: Row, second: Row
) -> None:
    conclusion = f"{text(first, 'xyz')} or {text(second, 'xyz')}"
    found = proved(theorem("x: real, y: real, z: real", conclusion, *(text(h, "xyz") for h in hypotheses)))
    assert isinstance(found, dict) == (not is_satisfiable([*hypotheses, negated(first), negated(second)]))


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.lists(rows, max_size=2), rows, rows, rows)
def test_hypotheses_that_are_disjunctions_are_divided(hypotheses: list[Row], one: Row, other: Row, goal: Row) -> None:
    given_texts = [*(text(h, "xyz") for h in hypotheses), f"{text(one, 'xyz')} or {text(other, 'xyz')}"]
    found = proved(theorem("x: real, y: real, z: real", text(goal, "xyz"), *given_texts))
    assert isinstance(found, dict) == all(implied([*hypotheses, part], goal) for part in (one, other))


def padded(coefficients: tuple[Fraction, ...], *positions: int) -> tuple[Fraction, ...]:
    """Coefficients at these positions of (x, y, r, s, constant)."""
    row = [F(0)] * 5
    for position, coefficient in zip(positions, coefficients, strict=True):
        row[position] = coefficient
    return tuple(row)


def phases(argument: tuple[Fraction, ...], unit: int) -> list[list[Row]]:
    """The two phases of r = relu(t): t >= 0 and r == t, or t < 0 and r == 0."""
    value = tuple(F(int(i == unit)) for i in range(5))
    difference = tuple(v - a for v, a in zip(value, argument, strict=True))
    active = [(argument, False), (difference, False), (tuple(-d for d in difference), False)]
    return [active, [(tuple(-a for a in argument), True), (value, False), (tuple(-v for v in value), False)]]


linear_terms = st.tuples(numbers, numbers, numbers)


@settings(max_examples=80, derandomize=True, deadline=None)
@given(linear_terms, linear_terms, st.tuples(*[numbers] * 5), st.booleans(), st.booleans())
def test_inequalities_of_two_units_are_proved_exactly_where_they_are_true(
    a: tuple[Fraction, ...], b: tuple[Fraction, ...], goal: tuple[Fraction, ...], strict: bool, boxed: bool
) -> None:
    box = [((F(1), F(0), F(0), F(0), F(1)), False), ((F(-1), F(0), F(0), F(0), F(1)), False)] if boxed else []
    arguments = [padded(t, 0, 1, 4) for t in (a, b)]
    true = all(
        implied([*box, *first, *second], (goal, strict))
        for first, second in itertools.product(phases(arguments[0], 2), phases(arguments[1], 3))
    )
    units = [f"relu({t[0]}*x + {t[1]}*y + {t[2]})" for t in (a, b)]
    sides = [f"{goal[0]}*x", f"{goal[1]}*y", f"{goal[2]}*{units[0]}", f"{goal[3]}*{units[1]}", str(goal[4])]
    conclusion = f"{' + '.join(sides)} {'>' if strict else '>='} 0"
    found = proved(theorem("x: real, y: real", conclusion, *(["-1 <= x <= 1"] if boxed else [])))
    assert isinstance(found, dict) == true


@settings(max_examples=80, derandomize=True, deadline=None)
@given(st.lists(rows, max_size=3), rows)
def test_what_is_proved_of_naturals_holds_at_small_naturals(hypotheses: list[Row], goal: Row) -> None:
    found = proved(theorem("x: nat, y: nat, z: nat", text(goal, "xyz"), *(text(h, "xyz") for h in hypotheses)))
    if isinstance(found, Unproved):
        assert not implied([*hypotheses, *((padded_natural(i), False) for i in range(3))], goal)
        return
    for point in itertools.product(range(5), repeat=3):
        values = [sum(c * v for c, v in zip(r[0], (*point, 1), strict=True)) for r in (*hypotheses, goal)]
        signs = [v > 0 or (v == 0 and not r[1]) for v, r in zip(values, (*hypotheses, goal), strict=True)]
        assert signs[-1] or not all(signs[:-1])


def padded_natural(index: int) -> tuple[Fraction, ...]:
    return tuple(F(int(i == index)) for i in range(4))


# -------------------------------------------------------------------------------------------- engines that lie


@pytest.mark.parametrize("name", ["true", "false"])
@pytest.mark.parametrize("lie", ["zeros", "ones", "negative", "random"])
def test_wrong_multipliers_never_get_past_the_kernel(name: str, lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "zeros": lambda i: F(0),
        "ones": lambda i: F(1),
        "negative": lambda i: F(-1),
        "random": lambda i: F(i * 7 % 5, 3),
    }
    monkeypatch.setattr(linear, "farkas", lambda columns, needed: [values[lie](i) for i in range(len(columns))])
    conclusion = "x + y >= 0" if name == "true" else "x + y >= 1"
    found = proved(theorem("x: real, y: real", conclusion, "x >= 0", "y >= 0"))
    if isinstance(found, dict):
        assert name == "true"
    else:
        assert "the kernel rejects the proof" in found.reason or found.reason == "no rule applies"


def test_wrong_squares_never_get_past_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear, "complete_squares", lambda polynomial: [("1", "x"), ("2", "y")])
    assert isinstance(proved(theorem("x: real, y: real", "x**2 + y**2 >= 1 + 2*x*y")), Unproved)
    assert isinstance(proved(theorem("x: real, y: real", "x**2 + 2*y**2 >= 0")), dict)


def test_a_proof_without_its_end_is_not_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "minimise", lambda steps: steps[:-1])
    found = find_proof(read(theorem("x: real", "x + 1 > x")))
    assert isinstance(found, Unproved)
    assert "the kernel rejects the proof" in found.reason


# --------------------------------------------------------------------------------------------- time and repetition

HARD = theorem(
    "a: real, b: real, c: real, d: real, e: real, f: real, g: real, h: real",
    "abs(a - b) + abs(b - c) + abs(c - d) + abs(d - e) + abs(e - f) + abs(f - g) + abs(g - h) >= abs(a - h)",
)


@pytest.mark.parametrize("seconds", [0.3, 1.5])
def test_the_time_limit_is_respected_within_a_factor(seconds: float) -> None:
    asked = read(HARD)
    started = time.process_time()
    found = find_proof(asked, Limits(seconds=seconds))
    assert time.process_time() - started < 3 * seconds + 3
    assert isinstance(found, Unproved)


def test_a_proof_that_takes_too_long_says_so() -> None:
    found = find_proof(read(HARD), Limits(seconds=0.2))
    assert isinstance(found, Unproved)
    assert "no proof within 0.2 s" in found.reason


def test_a_search_that_grows_too_large_says_so() -> None:
    found = find_proof(read(HARD), Limits(nodes=5))
    assert isinstance(found, Unproved)
    assert "too large" in found.reason


REPEATED = [
    "a maximum",
    "lexicographic induction",
    "congruence inside",
    "three squares",
    "parity",
    "a lemma by matching",
]
SCRIPT = """
import sys; sys.path.insert(0, {root!r})
from tests.engines.proof.test_proof import THEOREMS, REPEATED, certificate_sha256
print([certificate_sha256(THEOREMS[name][0]) for name in REPEATED])
"""


def certificate_sha256(author_text: str) -> str:
    return hashlib.sha256(canonical(find_proof(read(author_text)))).hexdigest()


def test_the_same_certificate_is_found_in_every_process() -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT.format(root=str(ROOT))],
            capture_output=True, check=True, text=True, env={"PYTHONHASHSEED": seed, "OMP_WAIT_POLICY": "PASSIVE"},
        ).stdout.strip()
        for seed in ("0", "12345")
    }  # fmt: skip
    assert found == {str([certificate_sha256(THEOREMS[name][0]) for name in REPEATED])}


SHIPPED = [
    "max_two_relu.maximum", "max_two_relu.feed_forward", "sawtooth.sawtooth_range", "max_d_log_depth.logarithm",
    "max_d_log_depth.units_for_powers_of_two", "square_net.depth_and_units", "square_net.error",
    "shallow_oscillation.size_of_teeth",
]  # fmt: skip


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_theorem_is_proved(name: str) -> None:
    asked = problem(shipped.theorems()[name])
    found = find_proof(asked)
    assert isinstance(found, dict), found
    assert check(found, statement_sha256=digest(asked.statement)).assumptions == ()
