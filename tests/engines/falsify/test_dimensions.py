r"""Theorems about matrices are attacked at small sizes, refuted by small matrices, and left alone where nothing has a value."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from tests.engines.falsify.examples import FALSE, SPACES, TRUE
from tests.theory.authoring import stated
from verify.engines.falsify import UNATTACKED, attack, batched, properties, smt
from verify.engines.falsify.arrays import Mat, Vec, inner, trace
from verify.engines.falsify.dimensions import choices, has_pseudoinverse, without
from verify.engines.falsify.points import Decider, Point, dimensions_of
from verify.engines.falsify.shrinking import shrink
from verify.kernel import check

F = Fraction
MATRICES = ["the trace of a product", "the norm of a product", "products in another order"]


def test_equal_sizes_come_first_and_there_are_few() -> None:
    assert choices([]) == [{}]
    assert choices(["p"]) == [{"p": 1}, {"p": 2}]
    many = choices("pqrstuv")
    assert [set(sizes.values()) for sizes in many[:3]] == [{1}, {2}, {1, 2}]
    assert len(many) == len({tuple(sizes.values()) for sizes in many}) == 8


@pytest.mark.parametrize("name", MATRICES)
def test_small_matrices_refute_what_is_true_of_numbers(name: str) -> None:
    found = attack(FALSE[name].statement).counterexample
    values = found["witness"]["variables"].values()
    assert check(found).kind == "counterexample"
    assert all(len(value) <= 2 and len(row) <= 2 for value in values for row in value)
    assert {entry for value in values for row in value for entry in row} <= {"0", "1"}


@pytest.mark.parametrize("name", MATRICES)
@pytest.mark.parametrize(
    "search", [lambda d: smt.run(d).counterexample, batched.run, properties.run], ids=["z3", "torch", "hypothesis"]
)
def test_every_falsifier_reads_matrices(name: str, search: Any) -> None:
    decider = Decider(FALSE[name].statement)
    point = search(decider)
    assert point is not None
    assert check(decider.certificate("counterexample", point)).kind == "counterexample"


@pytest.mark.parametrize("name", ["a trace of products", "norms are submultiplicative"])
def test_unsat_at_small_sizes_is_no_answer_for_all(name: str) -> None:
    answer = smt.run(Decider(TRUE[name].statement))
    assert (answer.unsatisfiable, answer.complete, answer.counterexample) == ((), False, None)


def test_a_counterexample_loses_rows_and_columns() -> None:
    decider = Decider(
        stated(
            "A: mat[p, n], x: mat[n, 1]",
            "sq(A @ x) <= sq(x) + sq(u())",
            before=SPACES + "@arbitrary\ndef u() -> mat[1, p]: ...\n",
        )
    )
    matrix = ((F(3), F(1, 2)), (F(0), F(2)))
    row = {(): ((F(1), F(1)),)}
    start = Point({"A": matrix, "x": ((F(1),), (F(1, 3),))}, {"u": (row, ((F(0), F(0)),))})
    assert decider.refuted_at(start)
    assert set(dimensions_of(decider)) == {"p", "n"}
    simple = shrink(decider, start)
    assert simple.variables == {"A": ((F(2),),), "x": ((F(1),),)}
    assert simple.parameters == {"u": ({}, ((F(0),),))}


def test_a_dimension_is_cut_wherever_it_stands() -> None:
    square = ((1, 2), (3, 4))
    assert without(square, "mat(n, n)", "n", 0) == ((4,),)
    assert without(square, "mat(p, n)", "n", 0) == ((2,), (4,))
    assert without(square, "mat(p, n)", "p", 1) == ((1, 2),)
    assert without((1, 2), "vec", "vec", 1) == (1,)
    assert without(square, "mat(p, n)", "q", 1) == square


PSEUDOINVERSE = SPACES + "@define\ndef P(A: mat[p, n]) -> mat[p, p]:\n    return A @ pinv(A)\n"


@pytest.mark.parametrize("conclusion", ["P(A) == 0", "pinv(A) == 0", "sq(A @ pinv(A)) <= 1 or sq(A) > 4"])
def test_pseudoinverses_are_not_attacked_and_the_attack_says_so(conclusion: str) -> None:
    statement = stated("A: mat[p, n]", conclusion, before=PSEUDOINVERSE)
    assert has_pseudoinverse(statement)
    found = attack(statement)
    assert (found.counterexample, found.instance, found.tried) == (None, None, {"unattacked": UNATTACKED})


def test_no_other_statement_goes_unattacked() -> None:
    assert not any(has_pseudoinverse(example.statement) for example in (*FALSE.values(), *TRUE.values()))


def test_arrays_multiply_like_matrices() -> None:
    source = random.Random(3)
    for _ in range(50):
        p, n, q = (source.randrange(1, 4) for _ in range(3))
        a, b = ([[F(source.randrange(-3, 4)) for _ in range(k)] for _ in range(m)] for m, k in ((p, n), (n, q)))
        left, right = Mat(map(Vec, a)), Mat(map(Vec, b))
        expected = [[sum(a[i][j] * b[j][k] for j in range(n)) for k in range(q)] for i in range(p)]
        assert [list(row) for row in left @ right] == expected
        assert (left @ right).T == right.T @ left.T
        assert trace(left @ left.T) == inner(left, left) == sum(x * x for row in a for x in row)
        assert (left - left == 0) and (left == 0) == (not any(x for row in a for x in row))


@pytest.mark.parametrize(
    "operation",
    [
        lambda m, v: m @ v,
        lambda m, v: m + v,
        lambda m, v: m == v,
        lambda m, v: m == 1,
        lambda m, v: m * m,
        lambda m, v: inner(m, v),
        lambda m, v: trace(m),
        lambda m, v: trace(v),
    ],
)
def test_arrays_have_no_other_operations(operation: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        operation(Mat((Vec((1, 2)),)), Vec((1, 2)))
