r"""The interpreter over every algebra gives the values of the kernel's evaluator, for all shipped functions.

The kernel's evaluator shares no code with the interpreter.  Over Z3 a term is built symbolically and then evaluated at
the point; over torch the exact value must lie within the error bound.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import torch
import z3
from hypothesis import given, settings

from tests.theory import shipped
from tests.theory.authoring import author, stated
from tests.theory.test_reading import formulas, terms
from verify.engines.batched import Approximate, TorchAlgebra
from verify.engines.falsify.smt import Z3Algebra
from verify.kernel.certificate import read_statement
from verify.kernel.evaluation import Evaluator
from verify.theory.environment import Collector, evaluate
from verify.theory.interpret import Interpreter, TooLarge

Json = Any


class Plain:
    """Real numbers that the interpreter does not know to be numbers, so that every operation reaches the algebra."""

    def __init__(self, value: Any) -> None:
        self.value = value


class PlainAlgebra:
    def number(self, value: Fraction) -> Plain:
        assert isinstance(value, Fraction)
        return Plain(value)

    def add(self, a: Plain, b: Plain) -> Plain:
        return Plain(a.value + b.value)

    def multiply(self, a: Plain, b: Plain) -> Plain:
        return Plain(a.value * b.value)

    def compare(self, relation: str, a: Plain, b: Plain) -> Plain:
        x, y = a.value, b.value
        return Plain({">=": x >= y, "<=": x <= y, ">": x > y, "<": x < y, "==": x == y}[relation])

    def both(self, a: Plain, b: Plain) -> Plain:
        return Plain(a.value and b.value)

    def either(self, a: Plain, b: Plain) -> Plain:
        return Plain(a.value or b.value)

    def negate(self, a: Plain) -> Plain:
        return Plain(not a.value)

    def choose(self, condition: Plain, then: Plain, otherwise: Plain) -> Plain:
        return then if condition.value else otherwise


# Each arithmetic: the algebra, how a real enters, and whether a result agrees with the exact one.


def plainly(result: Any, expected: Any) -> bool:
    return bool((result.value if isinstance(result, Plain) else result) == expected)


def symbolically(result: Any, expected: Any) -> bool:
    if isinstance(result, bool | int | Fraction):
        return result == expected
    value = z3.simplify(result)
    return z3.is_true(value) == expected if z3.is_bool(value) else bool(z3.is_true(z3.simplify(value == str(expected))))


def approximately(result: Any, expected: Any) -> bool:
    if isinstance(result, bool | int | Fraction):
        return result == expected
    if isinstance(result, Approximate):
        return abs(Fraction(float(result.value)) - expected) <= Fraction(float(result.error))
    return not bool(result.no if expected else result.yes)


ARITHMETICS: dict[str, tuple[Callable[[], Any], Callable[[Fraction], Any], Callable[[Any, Any], bool]]] = {
    "plain": (PlainAlgebra, Plain, plainly),
    "exact": (PlainAlgebra, lambda value: value, plainly),
    "z3": (Z3Algebra, lambda value: z3.RealVal(str(value)), symbolically),
    "torch": (TorchAlgebra, TorchAlgebra().number, approximately),
}
REALS = [Fraction(n, d) for n, d in ((-3, 2), (-1, 3), (0, 1), (1, 4), (1, 2), (2, 3), (1, 1), (5, 4), (7, 1))]


def value(arithmetic: str, definitions: Json, name: str, arguments: tuple[Any, ...], tables: Any = None) -> Any:
    """The value of a function in one arithmetic; reals are given to it in the arithmetic's own form."""
    algebra, enter, _ = ARITHMETICS[arithmetic]
    parameters = {
        parameter: lambda *at, values=values: enter(values[at]) for parameter, values in (tables or {}).items()
    }
    interpreter = Interpreter.of({"definitions": definitions}, algebra(), parameters, 1_000_000)
    return interpreter.call(name, [a if isinstance(a, int) else enter(a) for a in arguments])


def sampled(sorts: list[str], count: int, source: random.Random) -> list[tuple[Any, ...]]:
    return [tuple(source.randrange(5) if s == "nat" else source.choice(REALS) for s in sorts) for _ in range(count)]


def tabled(name: str) -> bool:
    """Whether a shipped function is defined, without reciprocals of what may be unknown, and by arbitrary functions of one
    natural only, for which there are tables."""
    function, collector = shipped.function(name), Collector()
    collector.function(function)
    if function.arbitrary or any(
        sort not in ("nat", "real") for _, sort in collector.definitions[function.name]["variables"]
    ):
        return False
    if any("reciprocal" in str(entry["body"]) for entry in collector.definitions.values()):
        return False
    return all(sorts == ["nat"] and sort in ("nat", "real") for _, sorts, sort in collector.parameters.values())


def test_most_defined_functions_have_tables() -> None:
    defined = [name for name, function in shipped.objects(shipped.Function).items() if not function.arbitrary]
    assert 2 * sum(map(tabled, defined)) > len(defined)


def agrees_everywhere(name: str) -> None:
    """A shipped function has the value that the kernel gives it, in each arithmetic and at each of twelve points."""
    function, collector, source = shipped.function(name), Collector(), random.Random(name)
    collector.function(function)
    definitions = list(collector.definitions.values())
    real_tables = [p for p, sorts, sort in collector.parameters.values() if sorts == ["nat"] and sort == "real"]
    naturals = [p for p, sorts, sort in collector.parameters.values() if sorts == ["nat"] and sort == "nat"]
    assert len(real_tables) + len(naturals) == len(collector.parameters)
    tables = {p: {(i,): source.choice(REALS) for i in range(80)} for p in real_tables}
    tables |= {p: {(i,): source.randrange(4) for i in range(80)} for p in naturals}
    kernel = {
        p: ({(Fraction(i),): Fraction(v) for (i,), v in values.items()}, Fraction(0)) for p, values in tables.items()
    }
    evaluator = Evaluator(collector.theory, "exact", kernel)
    sorts = [sort for _, sort in collector.definitions[function.name]["variables"]]
    for arguments in sampled(sorts, 12, source):
        try:
            expected = evaluator.call(function.name, tuple(map(Fraction, arguments)))
        except Exception as undefined:  # such as f(k - 1) at k = 0, which has no value
            assert "natural" in str(undefined)
            continue
        for arithmetic, (_, _, agrees) in ARITHMETICS.items():
            found = value(arithmetic, definitions, function.name, arguments, tables)
            assert agrees(found, expected), (arithmetic, arguments, expected, found)


def test_a_shipped_function_has_the_same_values_in_every_arithmetic() -> None:
    shipped.every(filter(tabled, shipped.objects(shipped.Function)), agrees_everywhere)


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@settings(max_examples=50, derandomize=True, deadline=None)
@given(term=terms(3), formula=formulas(1))
def test_a_random_function_has_the_same_values_in_every_arithmetic(arithmetic: str, term: str, formula: str) -> None:
    text = "@define\ndef f(k: nat, x: real, y: real) -> {}:\n    return {}\n"
    for sort, body in (("real", term), ("prop", formula)):
        collector = Collector()
        collector.function(author(text.format(sort, body)).f)
        for k, x, y in (
            (0, Fraction(1, 3), Fraction(-2)),
            (3, Fraction(-5, 2), Fraction(1, 3)),
            (1, Fraction(0), Fraction(0)),
        ):
            expected = Evaluator(collector.theory, "exact", {}).call("f", (Fraction(k), x, y))
            found = value(arithmetic, list(collector.definitions.values()), "f", (k, x, y))
            assert ARITHMETICS[arithmetic][2](found, expected)


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_definitions_by_cases_take_the_right_branch_in_every_arithmetic(arithmetic: str) -> None:
    before = """
    @define
    def f(k: nat, x: real) -> real:
        if k == 0:
            return -x
        if x > k or x == 0:
            return f(k - 1, x - 1) + 1
        return f(k - 1, 2*x) if implies(x > 0, x < 1/2) else x**3
    @define
    def p(k: nat, x: real) -> prop:
        if k == 0:
            return x > 0
        if x >= 1:
            return not p(k - 1, x - 1)
        return iff(p(k - 1, 2*x), x < 1/4)
    """
    definitions = stated("k: nat, x: real", "f(k, x) == 0 or p(k, x)", before=before)["definitions"]
    theory = read_statement(stated("k: nat, x: real", "f(k, x) == 0 or p(k, x)", before=before))[0]
    for name, k, x in itertools.product("fp", range(4), REALS):
        expected = Evaluator(theory, "exact", {}).call(name, (Fraction(k), x))
        assert ARITHMETICS[arithmetic][2](value(arithmetic, definitions, name, (k, x)), expected)


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_a_reciprocal_has_a_value_where_its_divisor_is_a_known_number(arithmetic: str) -> None:
    """And 0 where that is 0."""
    before = "@define\ndef less(k: nat) -> real:\n    return 1 / (k - 2)\n"
    definitions = stated("k: nat", "less(k) == 0", before=before)["definitions"]
    for k, expected in enumerate((Fraction(-1, 2), Fraction(-1), Fraction(0), Fraction(1), Fraction(1, 2))):
        assert ARITHMETICS[arithmetic][2](value(arithmetic, definitions, "less", (k,)), expected)


@pytest.mark.parametrize("arithmetic", sorted(ARITHMETICS.keys() - {"exact"}))
def test_a_reciprocal_of_an_unknown_number_has_no_value(arithmetic: str) -> None:
    definitions = stated("x: real", "f(x) == 0", before="@define\ndef f(x: real) -> real:\n    return 1 / x\n")
    with pytest.raises(TooLarge, match="reciprocals"):
        value(arithmetic, definitions["definitions"], "f", (Fraction(1, 3),))


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_vectors_are_tuples_in_every_arithmetic(arithmetic: str) -> None:
    before = """
    @define
    def g(k: nat, u: vec, v: vec) -> vec:
        if k == 0:
            return u - v/2
        return g(k - 1, v, u*dot(u, v)) if sq(u) > sq(v) else -g(k - 1, 2*u, v)
    """
    text = "sq(g(k, u, v)) <= dot(u, v)**2 and g(k, u, v) == g(k, v, u)"
    statement = stated("k: nat, u: vec, v: vec", text, before=before)
    theory, fact, _, _ = read_statement(statement)
    algebra, enter, agrees = ARITHMETICS[arithmetic]
    for k in range(3):
        u, v = (Fraction(1, 2), Fraction(-1)), (Fraction(2), Fraction(k))
        entered = {"k": k, "u": tuple(map(enter, u)), "v": tuple(map(enter, v))}
        interpreter = Interpreter.of(statement, algebra(), {}, 100_000)
        expected = Evaluator(theory, "exact", {}).holds(fact.conclusion, {"k": Fraction(k), "u": u, "v": v})
        assert agrees(interpreter.theorem(statement, entered)[1], expected)


def test_the_conclusion_is_not_asked_for_where_a_hypothesis_is_known_to_fail() -> None:
    before = "@define\ndef f(k: nat) -> nat:\n    return 1 if k == 0 else f(k - 1) + f(k - 1)\n"
    statement = stated("k: nat", "f(k) >= 1", "k <= 3", before=before)
    interpreter = Interpreter.of(statement, PlainAlgebra(), {}, 200)
    assert interpreter.theorem(statement, {"k": 10**6}) == (False, True)
    assert interpreter.theorem(statement, {"k": 3}) == (True, True)


def test_the_budget_bounds_the_operations() -> None:
    before = "@define\ndef f(k: nat, x: real) -> real:\n    return x if k == 0 else f(k - 1, 2*x) + f(k - 1, 2*x + 1)\n"
    statement = stated("k: nat, x: real", "f(k, x) >= 1", before=before)
    interpreter = Interpreter.of(statement, PlainAlgebra(), {}, 5000)
    with pytest.raises(TooLarge):
        interpreter.theorem(statement, {"k": 30, "x": Plain(Fraction(1))})


def test_equal_calls_are_computed_once() -> None:
    before = "@define\ndef f(k: nat) -> nat:\n    return 1 if k == 0 else f(k - 1) + f(k - 1)\n"
    statement = stated("k: nat", "f(k) >= 1", before=before)
    assert Interpreter.of(statement, PlainAlgebra(), {}, 2000).call("f", [60]) == 2**60


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_a_divisor_may_have_variables_that_cancel(arithmetic: str) -> None:
    statement = stated("x: real, y: real", "x / (y - y + 2) == x/2")
    algebra, enter, agrees = ARITHMETICS[arithmetic]
    interpreter = Interpreter.of(statement, algebra(), {}, 1000)
    assert agrees(interpreter.theorem(statement, {"x": enter(Fraction(3)), "y": enter(Fraction(5))})[1], True)


def test_a_batch_is_evaluated_point_by_point() -> None:
    statement = shipped.statements()["square_net.error"]
    algebra, (theory, fact, _, _) = TorchAlgebra(), read_statement(statement)
    points = torch.linspace(-0.5, 1.5, 33, dtype=torch.float64)
    interpreter = Interpreter.of(statement, algebra, {}, 100_000)
    hypotheses, conclusion = interpreter.theorem(statement, {"m": 3, "x": algebra.exact(points)})
    for i, x in enumerate(points.tolist()):
        names = {"m": Fraction(3), "x": Fraction(x)}
        given_there = all(Evaluator(theory, "exact", {}).holds(text, names) for text in fact.hypotheses)
        holds = Evaluator(theory, "exact", {}).holds(fact.conclusion, names)
        assert bool(hypotheses.yes[i]) == given_there
        assert bool(hypotheses.no[i]) != given_there
        assert not (conclusion.no[i] if holds else conclusion.yes[i])


OF_MATRICES = """
p, n = dimensions("p n")

@define
def f(A: mat[p, n], x: mat[n, 1], u: vec, s: real) -> real:
    return s*trace(A.T @ A) + dot(A @ x @ x.T, -A/2) + sq((u @ u.T) @ u - u) + sq(x.T - s*x.T)

@define
def g(A: mat[p, n], x: mat[n, 1], u: vec, s: real) -> prop:
    return A @ x == s*(A @ x) or A - A == 0 and u @ u.T @ u == dot(u, u)*u
"""


@pytest.mark.parametrize("arithmetic", ["plain", "exact", "z3", "torch"])
def test_matrices_have_the_same_values_in_every_arithmetic(arithmetic: str) -> None:
    algebra, enter, agrees = ARITHMETICS[arithmetic]
    collector, names = Collector(), author(OF_MATRICES)
    collector.function(names.f)
    collector.function(names.g)
    source = random.Random(7)
    for p, n in itertools.product((1, 2), (1, 3)):
        for scale in (0, 1):
            draw = lambda: scale * source.choice(REALS)  # noqa: E731, B023
            matrix = tuple(tuple(draw() for _ in range(n)) for _ in range(p))
            column, vector, number = tuple((draw(),) for _ in range(n)), (draw(), draw()), source.choice(REALS)
            interpreter = Interpreter.of({"definitions": list(collector.definitions.values())}, algebra(), {}, 10_000)
            given = [entered(part, enter) for part in (matrix, column, vector, number)]
            for function in (names.f, names.g):
                expected = evaluate(function, (matrix, column, vector, number))
                assert agrees(interpreter.call(function.name, list(given)), expected)


def entered(value: Any, enter: Any) -> Any:
    return tuple(entered(entry, enter) for entry in value) if isinstance(value, tuple) else enter(value)


def test_a_pseudoinverse_has_no_value_in_any_arithmetic() -> None:
    names = author('p, n = dimensions("p n")\n@define\ndef P(A: mat[p, n]) -> mat[p, p]:\n    return A @ pinv(A)\n')
    collector = Collector()
    collector.function(names.P)
    interpreter = Interpreter.of({"definitions": list(collector.definitions.values())}, PlainAlgebra(), {}, 100)
    with pytest.raises(TooLarge, match="pseudoinverses"):
        interpreter.call("P", [((Fraction(1),),)])
