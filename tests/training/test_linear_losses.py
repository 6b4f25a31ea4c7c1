r"""Absolute and hinge loss: against linear programs by HiGHS over all tuples of cells, and proved to the kernel."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations_with_replacement, product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_array

from verify.kernel import FORMAT, check
from verify.kernel.training import walk
from verify.kernel.training_bounds import LinearBounds
from verify.kernel.training_data import State
from verify.training import Minimum, exact_erm
from verify.training.certify_linear import LinearExactness, LinearRewriting
from verify.training.data import TrainingData
from verify.training.exact_programs import ExactPrograms
from verify.training.exactness import Improved
from verify.training.linear_bounds import OPTIMAL, climb, resume, restart, value
from verify.training.linear_heuristic import heuristic
from verify.training.linear_losses import search
from verify.training.linear_terms import classify, tableau, terms
from verify.training.nodes import Nodes, Record
from verify.training.problem import Problem, evaluate

Floats = NDArray[np.float64]
Rows = Sequence[Sequence[int]]


# ------------------------------------------------------------------------------------------------- the oracle: HiGHS


def dichotomies(z: Floats) -> list[tuple[int, ...]]:
    """The sign vectors that a linear program separates strictly, one after the other point."""
    found: list[tuple[int, ...]] = [()]
    for i in range(len(z)):
        longer = [(*signs, side) for signs in found for side in (1, -1)]
        found = [signs for signs in longer if separable(z[: i + 1], signs)]
    return found


def separable(z: Floats, signs: tuple[int, ...]) -> bool:
    sides = -np.array(signs)[:, None] * z
    return bool(linprog(np.zeros(z.shape[1]), sides, -np.ones(len(z)), bounds=(None, None)).status == 0)


def exhausted(points: Rows, labels: Sequence[int], width: int, loss: str, affine: str, weights: Sequence[int]) -> float:
    """The minimum over all tuples of cells with signs: one linear program each, all of them in one block-diagonal one."""
    z = np.array([[1.0, *point] for point in points])
    z = z[:, [c for c in range(z.shape[1]) if np.linalg.matrix_rank(z[:, : c + 1]) > np.linalg.matrix_rank(z[:, :c])]]
    free = z[:, : {"none": 0, "bias": 1, "all": z.shape[1]}[affine]]
    units = list(product(dichotomies(z), (1, -1)))
    blocks = [block(z, free, np.array(labels), loss, chosen) for chosen in combinations_with_replacement(units, width)]
    count, size = len(labels), blocks[0][0].shape[1]
    cost = np.concatenate([np.zeros(size - count), np.array(weights, float)])
    ends = [(None, None)] * (size - count) + [(0, None)] * count
    program = linprog(
        np.tile(cost, len(blocks)),
        block_diag([left for left, _ in blocks], format="csr"),
        np.concatenate([right for _, right in blocks]),
        bounds=ends * len(blocks),
        method="highs",
    )
    assert program.status == 0
    return float((program.x.reshape(len(blocks), size) @ cost).min())


def block(
    z: Floats, free: Floats, y: Floats, loss: str, chosen: Sequence[tuple[tuple[int, ...], int]]
) -> tuple[csr_array, Floats]:
    """Rows A (v, c, r) <= b: residuals r above the loss, and v_k = s_k u_k in the closed cells."""
    output = np.concatenate([*(z * (np.array(cell) > 0)[:, None] for cell, _ in chosen), free], axis=1)
    cones = [-sign * np.array(cell)[:, None] * z for cell, sign in chosen]
    padded = [
        np.concatenate(
            [np.zeros((len(z), k * z.shape[1])), rows, np.zeros((len(z), output.shape[1] - (k + 1) * z.shape[1]))], 1
        )
        for k, rows in enumerate(cones)
    ]
    losses = [(-y[:, None] * output, -np.ones(len(y)))] if loss == "hinge" else [(output, y), (-output, -y)]
    rows = [np.concatenate([left, -np.eye(len(y))], axis=1) for left, _ in losses]
    rows += [np.concatenate([cone, np.zeros((len(z), len(y)))], axis=1) for cone in padded]
    return csr_array(np.concatenate(rows)), np.concatenate(
        [*(right for _, right in losses), np.zeros(len(z) * len(chosen))]
    )


# ------------------------------------------------------------------------------------------------- minima, certified


def instance(seed: int, count: int, inputs: int, kind: str) -> tuple[list[list[int]], list[int], list[int]]:
    """Points, labels and weights: general, on a grid with duplicates, or on a line."""
    random = np.random.default_rng(seed)
    if kind == "grid":
        points = random.integers(0, 3, size=(count, inputs))
    elif kind == "line":
        points = np.repeat(random.integers(-9, 9, size=(count, 1)), inputs, axis=1)
    else:
        points = random.integers(-99, 99, size=(count, inputs))
    weights = random.integers(1, 4, size=count) if seed % 3 == 0 else np.ones(count, int)
    return points.tolist(), random.integers(-9, 10, size=count).tolist(), weights.tolist()


CASES = [
    *((1, 1, count, kind) for count in (3, 8, 20) for kind in ("general", "grid")),
    *((1, 2, count, kind) for count in (4, 7, 10) for kind in ("general", "grid")),
    *((2, 1, count, kind) for count in (4, 7) for kind in ("general", "grid", "line")),
    *((2, 2, 4, kind) for kind in ("general", "grid", "line")),
    (2, 2, 6, "grid"),
    (3, 1, 5, "general"),
    (1, 3, 4, "general"),
]


@pytest.mark.parametrize("loss", ["absolute", "hinge"])
@pytest.mark.parametrize("case", range(len(CASES)))
def test_the_certified_minimum_is_the_least_of_all_tuples_of_cells(case: int, loss: str) -> None:
    inputs, width, count, kind = CASES[case]
    points, labels, weights = instance(case, count, inputs, kind)
    labels = [1 if y > 0 else -1 for y in labels] if loss == "hinge" else labels
    affine = ("none", "none", "bias", "all")[case % 4]
    found = exact_erm(points, labels, width, loss=loss, affine=affine, weights=weights, starts=20)
    assert found.certified
    assert check(found.certificate).holds
    expected = exhausted(points, labels, width, loss, affine, weights)
    assert float(exactly(found)) == pytest.approx(expected, abs=1e-7 * max(1, sum(map(abs, labels))))


def exactly(found: Minimum) -> Fraction:
    assert isinstance(found.value, Fraction)
    return found.value


def test_the_certificate_of_a_minimum_refutes_other_values() -> None:
    found = exact_erm([[0], [1], [2], [3], [3], [5]], [0, 1, 0, 2, 5, 1], 1, loss="absolute")
    for delta in (Fraction(1, 10**12), Fraction(-1, 10**12)):
        certificate = {
            **found.certificate,
            "statement": {**found.certificate["statement"], "value": str(exactly(found) + delta)},
        }
        assert certificate["format"] == FORMAT
        assert not check(certificate).holds


def test_exclusive_or_with_one_and_with_two_units() -> None:
    corners, labels = [[0, 0], [1, 0], [0, 1], [1, 1]], [-1, 1, 1, -1]
    for width in (1, 2):
        found = exact_erm(corners, labels, width, loss="hinge")
        assert found.certified
        assert exactly(found) == {1: 3, 2: 1}[width]
        assert float(exactly(found)) == pytest.approx(exhausted(corners, labels, width, "hinge", "none", [1] * 4))


# ------------------------------------------------------------------------------------------------------- the bounds


def problem_of(
    seed: int, count: int, inputs: int, width: int, loss: str = "absolute", affine: str = "none"
) -> tuple[TrainingData, Problem]:
    points, labels, weights = instance(seed, count, inputs, "general")
    labels = [1 if y > 0 else -1 for y in labels] if loss == "hinge" else labels
    data = TrainingData.of(points, labels, weights=weights, loss=loss, affine=affine)
    return data, data.problem(width)


def bits(problem: Problem) -> NDArray[np.int8]:
    unpacked = np.unpackbits(problem.cells.view(np.uint8), axis=1, bitorder="little")[:, : problem.points]
    return unpacked.astype(np.int8) * 2 - 1


@pytest.mark.parametrize("seed", range(6))
def test_the_bound_of_a_tuple_of_cells_is_its_linear_program(seed: int) -> None:
    loss = ("absolute", "hinge")[seed % 2]
    _, problem = problem_of(seed, 9, 2, 2, loss, ("none", "bias", "all")[seed % 3])
    random, cells, data = np.random.default_rng(seed), bits(problem), terms(problem)
    work, z, y = tableau(data), problem.features, problem.labels
    for _ in range(10):
        work.code[:], work.signs[:] = cells[random.integers(len(cells), size=2)], random.choice([1, -1], size=2)
        classify(data, work)
        restart(data, work)
        found, how = climb(data, work, np.inf, 1000, np.zeros(1, np.int64))
        chosen = [(tuple(code), int(sign)) for code, sign in zip(work.code.tolist(), work.signs, strict=True)]
        left, right = block(z, z[:, : problem.free], y, loss, chosen)
        cost = np.concatenate([np.zeros(problem.parameters), problem.multiplicities])
        ends = [(None, None)] * problem.parameters + [(0, None)] * len(y)
        assert how == OPTIMAL
        assert found == pytest.approx(linprog(cost, left, right, bounds=ends).fun, abs=1e-7)
        assert found == pytest.approx(evaluate(problem, work.v, work.signs.astype(np.int8)), abs=1e-7)


@pytest.mark.parametrize("seed", range(6))
def test_a_child_begins_at_the_bound_of_its_parent(seed: int) -> None:
    """Also where points become decided that the parent had estimated by 0 or by the linear form."""
    _, problem = problem_of(seed, 12, 2, 3, ("absolute", "hinge")[seed % 2], "bias")
    random, cells, data = np.random.default_rng(seed), bits(problem), terms(problem)
    work, resumed = tableau(data), 0
    for _ in range(30):
        full = cells[random.integers(len(cells), size=3)]
        order = random.permutation(full.size)
        work.signs[:] = random.choice([1, -1], size=3)
        bound = -np.inf
        for known in (6, 14, 22, 30, 36):
            work.code[:] = 0
            work.code.flat[order[:known]] = full.flat[order[:known]]
            basis, values = work.basis.copy(), work.x[work.basis].copy()
            x, blocks = work.x[: len(data.o)].copy(), work.blocks.copy()
            classify(data, work)
            if bound == -np.inf:
                restart(data, work)
            else:
                resumed += resume(data, work, x, blocks, basis, values)
                assert value(data, work) >= bound - 1e-7 or (work.x == 0).all()
            bound, _ = climb(data, work, np.inf, 1000, np.zeros(1, np.int64))
    assert resumed > 100  # of 120


def test_the_heuristic_is_deterministic_and_reports_the_loss_of_its_network() -> None:
    _, problem = problem_of(1, 15, 2, 2)
    found, weights, signs = heuristic(problem, starts=30, seed=3)
    again = heuristic(problem, starts=30, seed=3)
    assert found == again[0]
    assert (weights == again[1]).all()
    assert found == pytest.approx(evaluate(problem, weights, signs), rel=1e-9)


# ------------------------------------------------------------------------------------------------ search and records


def finished(problem: Problem, upper: float, limit: int, **options: Any) -> tuple[float, Record, int]:
    """The value and the record of a search in slices of so many nodes."""
    nodes, records, slices = Nodes.root(problem), [], 0
    while len(nodes):
        found = search(problem, nodes, upper, node_limit=limit, record=True, **options)
        assert found.record is not None
        upper, nodes = found.upper, found.remaining
        records.append(found.record)
        slices += 1
    return upper, Record.join(records), slices


def test_slices_write_the_tree_of_one_search() -> None:
    data, problem = problem_of(4, 14, 2, 2)
    exact = LinearExactness(data, problem)
    start, weights, signs = heuristic(problem, starts=5)
    upper, _, _ = finished(problem, start, 10**6)
    best = exact.best(weights, signs)
    power = Fraction(problem.scale) / data.reduced.scale
    if float(best.value) > upper * float(power) * (1 + 1e-9):
        best = exact_best(exact, problem, upper)
    for limit in (10**6, 37):
        _, record, slices = finished(problem, float(best.value / power), limit, tolerance=-1e-9)
        tokens = exact.tree(record, best.value)
        walk(data.reduced, 2, iter(tokens), LinearBounds(data.reduced, 2, best.value))
        assert (slices > 2) == (limit == 37)


def exact_best(exact: LinearExactness, problem: Problem, upper: float) -> Any:
    found = search(problem, Nodes.root(problem), upper * (1 + 1e-6), node_limit=10**6)
    assert found.weights is not None
    assert found.signs is not None
    return exact.best(found.weights, found.signs)


def test_a_record_that_proves_nothing_is_replaced_by_exact_programs() -> None:
    least = exactly(exact_erm([[0], [2], [3], [5], [7]], [3, 0, 2, 4, 1], 1, loss="absolute"))
    data = TrainingData.of([[0], [2], [3], [5], [7]], [3, 0, 2, 4, 1], loss="absolute")
    exact = LinearExactness(data, data.problem(1))
    empty = Record(np.array([0, 0], np.int32), np.zeros((0, 3), np.int32), np.zeros(0))
    rewriting = LinearRewriting(data.reduced, 1, empty, least, exact.network)
    walk(data.reduced, 1, rewriting.codes(), rewriting.bound)
    assert rewriting.again > 0
    walk(data.reduced, 1, iter(rewriting.tokens), LinearBounds(data.reduced, 1, least))
    with pytest.raises(Improved) as better:
        exact.tree(empty, least + Fraction(1, 10**9))
    assert better.value.best.value == least


def test_an_estimate_from_the_other_side_than_the_signs_allow_is_no_proof() -> None:
    """Rounding can leave a multiplier with the wrong sign; the kernel would read majorants where there are none."""
    data = TrainingData.of([[0], [1], [2]], [1, 5, 2], loss="absolute").reduced
    programs = ExactPrograms(data, 1, Fraction(-100))
    nowhere_known = ((State([], 0, 0), 1),)
    assert programs.from_basis(nowhere_known, [], [(1, 1, 1)]) == {}
    assert programs.from_basis(nowhere_known, [], [(1, -1, 1)]) is None
