r"""The parts of the search: columns, supports, faces and exact equations, each against something that it does not use."""

from __future__ import annotations

import random
from fractions import Fraction as F
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from tests.optimization.families import FAMILIES
from verify.kernel.worst_case import Question, read
from verify.optimization.dual import dual
from verify.optimization.exact import solve
from verify.optimization.faces import candidates, completed, echelons, independent
from verify.optimization.sdp import Program, essential
from verify.optimization.templates import minimizers, supports
from verify.optimization.worst_instances import Constraints

Json = Any


def question(name: str = "convex, values", steps: int = 4) -> Question:
    return read(FAMILIES[name](steps))


def value(form: Any, q: Question, vectors: dict[str, list[F]], numbers: dict[str, F]) -> F:
    """A form at an instance, by inner products of the vectors themselves."""
    total = F(0)
    for key, c in form.items():
        if len(key) == 2:
            u, v = (np.sum([t * np.array(vectors[n]) for n, t in q.vectors[name].items()], axis=0) for name in key)
            total += c * F(sum(u * v)) if len(q.vectors[key[0]]) and len(q.vectors[key[1]]) else 0
        else:
            total += c * (numbers[key[0]] if key else 1)
    return total


@pytest.mark.parametrize("name", FAMILIES)
def test_columns_are_the_forms_of_the_kernel(name: str) -> None:
    """<S w, w> and the values of an instance on the line, where Gram = w w^T."""
    q, source = question(name, 2), random.Random(name)
    found = dual(q, [(f, label) for f, function in q.functions.items() for label in function.relations()])
    w = [F(source.randrange(-9, 10), source.randrange(1, 5)) for _ in q.basis]
    numbers = {v: F(source.randrange(-9, 10), 3) for v in q.values}
    constants, coefficients, matrices = found.floats([column.form for column in found.columns])
    for k, column in enumerate(found.columns):
        expected = value(column.form, q, {n: [x] for n, x in zip(q.basis, w, strict=True)}, numbers)
        applied = found.applied(column.form, w)
        quadratic = sum((w[i] * x for i, x in applied.items()), F(0))
        linear = sum((c * numbers[v] for c, v in zip(found.numbers(column.form), q.values, strict=True)), F(0))
        assert quadratic + linear + column.form.get((), 0) == expected
        floats = np.array([float(x) for x in w])
        total = constants[k] + coefficients[k] @ [float(numbers[v]) for v in q.values] + floats @ matrices[k] @ floats
        assert total == pytest.approx(float(expected), abs=1e-9)


def test_supports_grow_up_to_everything() -> None:
    q = question(steps=6)
    found = [set(support) for support in supports(q)]
    assert len(found) == 4 and all(a < b for a, b in pairwise(found))
    assert found[-1] == {("f", label) for label in q.functions["f"].relations()}
    chain = {("f", ("pair", str(k), str(k + 1))) for k in range(1, 7)}
    assert found[0] == chain | {("f", ("pair", "0", str(k))) for k in range(1, 8)}
    assert minimizers(q, q.functions["f"]) == {0}


def test_few_relations_are_taken_at_once() -> None:
    assert len([*supports(question(steps=1))]) == 1


def test_translations_are_divided_out() -> None:
    q = question()
    program = Program.of(dual(q, next(iter(supports(q)))))
    left = [name for name, row in zip(q.basis, program.frame, strict=True) if not row.any()]
    assert program.frame.shape[1] == len(q.basis) - 1 and left in (["x0"], ["xs"])
    assert essential(np.array([[[1.0, -1.0], [-1.0, 1.0]], [[2.0, -2.0], [-2.0, 2.0]]])) in ([0], [1])
    assert essential(np.array([[[1.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 1.0]]])) == [0, 1]


def test_the_equations_are_solved_exactly() -> None:
    source = random.Random(1)
    for _ in range(60):
        rows, columns = source.randrange(1, 5), source.randrange(1, 6)
        matrix = [[F(source.randrange(-4, 5), source.randrange(1, 4)) for _ in range(columns)] for _ in range(rows)]
        point = [F(source.randrange(-9, 10), 7) for _ in range(columns)]
        right = [sum((a * x for a, x in zip(row, point, strict=True)), F(0)) for row in matrix]
        found = solve(matrix, right)
        assert found is not None
        for solution in found.near([float(x) for x in point]):
            assert all(
                sum((a * x for a, x in zip(row, solution, strict=True)), F(0)) == b
                for row, b in zip(matrix, right, strict=True)
            )
        assert found.at({k: point[k] for k in found.free}) == point
        if rows > columns or len(found.pivots) < rows:
            continue
        assert solve([*matrix, matrix[0]], [*right, right[0] + 1]) is None


def test_the_range_of_a_gram_matrix_is_identified() -> None:
    rows = np.array([[1, 0.2, 0.2, -0.04, 1 / 7], [0, 1, -3 / 11, 2, 0.5]])
    noise = 1e-9 * np.random.default_rng(0).standard_normal((5, 5))
    gram = rows.T @ np.array([[2.0, 0.3], [0.3, 1.0]]) @ rows + noise + noise.T
    spans = list(echelons(gram, 1e-5))
    exact = [(F(1), F(1, 5), F(1, 5), F(-1, 25), F(1, 7)), (F(0), F(1), F(-3, 11), F(2), F(1, 2))]
    assert any(len(independent([*found, *exact])) == 2 for found in spans)
    known = [exact[0]]
    assert any(len(independent([*found, *exact])) == 2 for found in completed(known, gram, 1e-5))


def test_quadratics_on_the_line_are_candidates() -> None:
    """x_0 = 1 contracts by 9/10 for curvature 1/10, and is zero after one step for curvature 1."""
    q = question("strongly convex, distance", 3)
    found = {tuple(w) for w in candidates(q, {})}
    slow = {"x0": F(1), "xs": F(0), **{f"g{k}": F(1, 10) * F(9, 10) ** k for k in range(4)}}
    fast = {"x0": F(1), "xs": F(0), "g0": F(1), "g1": F(0), "g2": F(0), "g3": F(0)}
    assert tuple(slow[n] for n in q.basis) in found and tuple(fast[n] for n in q.basis) in found


def test_constraints_are_those_of_the_kernel() -> None:
    q = question("nonconvex", 2)
    found = Constraints.of(q)
    assert len(found.nonnegative) == 3 * 2 + 3 and not found.equal and found.homogeneous()
