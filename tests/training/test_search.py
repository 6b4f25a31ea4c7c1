r"""The search in floating point against exhaustion, its slices against one run, its record against the kernel's walk."""

from __future__ import annotations

import dataclasses
import pickle
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from tests.training.brute_force import minimum
from tests.training.recorded_search import exact_data
from verify.kernel.training import walk
from verify.training.heuristic import heuristic, improved
from verify.training.problem import Problem, evaluate
from verify.training.search import Nodes, Record, search

ENOUGH = 10**7


def problem_of(points: object, labels: object, width: int, affine: str = "none", weights: object = None) -> tuple:
    _, data = exact_data(points, labels, weights, affine=affine)
    return Problem.of(data.rows, data.labels, data.above, width=width, affine=affine), data


def raw(problem: Problem, data: object, value: float) -> float:
    """A value of the float problem as a loss of the raw data."""
    return float(data.constant) + value * problem.scale**2 / float(data.scale)


def sample(kind: str, seed: int, count: int, inputs: int) -> tuple[list[list[int]], list[int]]:
    generator = np.random.default_rng(seed)
    size = 2 if kind == "grid" else 40
    points = generator.integers(-size, size + 1, (count, inputs))
    if kind == "line":
        points = np.outer(generator.integers(-6, 7, count), range(1, inputs + 1))
    if kind == "equal":
        points[:] = 3
    labels = generator.integers(-9, 10, count)
    if kind == "constant":
        labels[:] = 4
    return points.tolist(), labels.tolist()


CASES = [
    *(
        ("random", 8, 1, 1, "none"),
        ("random", 7, 1, 2, "none"),
        ("random", 5, 1, 3, "none"),
        ("random", 7, 2, 1, "bias"),
    ),
    *(
        ("random", 5, 2, 2, "none"),
        ("random", 7, 3, 1, "none"),
        ("random", 7, 1, 1, "all"),
        ("random", 6, 1, 2, "bias"),
    ),
    *(("grid", 9, 1, 2, "none"), ("grid", 8, 2, 1, "none"), ("grid", 6, 2, 2, "none"), ("grid", 8, 2, 1, "all")),
    *(("line", 8, 2, 2, "none"), ("line", 8, 3, 1, "bias"), ("equal", 5, 2, 2, "none"), ("constant", 7, 2, 1, "none")),
    *(("random", 2, 3, 1, "none"), ("random", 3, 3, 2, "none"), ("random", 1, 2, 1, "none")),
]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("kind", "count", "inputs", "width", "affine"), CASES)
def test_the_minimum_is_that_of_exhaustion(
    kind: str, count: int, inputs: int, width: int, affine: str, seed: int
) -> None:
    points, labels = sample(kind, seed, count, inputs)
    problem, data = problem_of(points, labels, width, affine)
    found = search(problem, Nodes.root(problem), 2.0, node_limit=ENOUGH)
    expected = minimum(points, labels, width, affine=affine)
    scale = float(np.sum(np.square(labels)))
    assert raw(problem, data, found.upper) == pytest.approx(expected, rel=1e-7, abs=1e-9 * scale)
    assert found.weights is not None and found.signs is not None and len(found.remaining) == 0
    assert evaluate(problem, found.weights, found.signs) == pytest.approx(found.upper, abs=1e-9)


def test_weights_count_as_repeated_data() -> None:
    points, labels = [[0, 1], [2, 0], [3, 3], [1, 4], [5, 1]], [1, -2, 3, 0, 2]
    problem, data = problem_of(points, labels, 1, weights=[2, 1, 3, 1, 1])
    twice, other = problem_of([*points, points[0], points[2], points[2]], [*labels, 1, 3, 3], 1)
    values = [
        raw(p, d, search(p, Nodes.root(p), 2.0, node_limit=ENOUGH).upper) for p, d in ((problem, data), (twice, other))
    ]
    assert values[0] == pytest.approx(values[1], rel=1e-9)
    assert values[0] == pytest.approx(minimum(points, labels, 1, weights=[2, 1, 3, 1, 1]), rel=1e-7)


@pytest.mark.parametrize(("width", "value"), [(1, 1.0), (2, 0.0)])
def test_exclusive_or_needs_two_units(width: int, value: float) -> None:
    points = [list(corner) for corner in product((0, 1), repeat=2)]
    problem, data = problem_of(points, [0, 1, 1, 0], width)
    assert raw(problem, data, search(problem, Nodes.root(problem), 2.0, node_limit=ENOUGH).upper) == pytest.approx(
        value, abs=1e-9
    )


def noise(count: int, inputs: int, width: int, affine: str = "none") -> tuple:
    generator = np.random.default_rng(5)
    points = generator.integers(-1000, 1000, (count, inputs)).tolist()
    return problem_of(points, generator.integers(-1000, 1000, count).tolist(), width, affine)


def follow(data: object, width: int, record: Record) -> int:
    """Let the kernel derive the children of each division: it wants a token for each of them, and none more."""
    tokens, rows = [], 0
    for first, second in record.tokens.reshape(-1, 2).tolist():
        rows += second if first == 0 else 0
        tokens.append(0 if first == 0 else 2 + second + (first - 1) * (len(data.rows) + 1))
    assert rows == len(record.rows) == len(record.multipliers) and (record.multipliers >= 0).all()
    stream = iter(tokens)
    nodes, bounds = walk(data, width, stream, lambda node, rest: None)
    assert nodes == len(tokens) and bounds == tokens.count(0) and next(stream, None) is None
    return nodes


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_slices_make_one_tree(limit: int) -> None:
    """A slice does not know the rows of its nodes' parents, so that the tree may differ from that of one run."""
    problem, data = noise(12, 2, 2)
    optimum = search(problem, Nodes.root(problem), 2.0, node_limit=ENOUGH).upper
    nodes, parts, visited = Nodes.root(problem), [], 0
    while len(nodes):
        part = search(problem, nodes, optimum, node_limit=limit, tolerance=-1e-8, record=True)
        nodes = pickle.loads(pickle.dumps(part.remaining))
        assert len(nodes) == 0 or nodes.bound.min() <= optimum * (1 + 1e-8)
        parts.append(part.record)
        visited += part.nodes
    assert follow(data, 2, Record.join(parts)) == visited


@pytest.mark.parametrize(
    ("count", "inputs", "width", "affine"), [(12, 1, 3, "none"), (10, 2, 2, "bias"), (9, 3, 1, "all")]
)
def test_the_record_is_a_tree_that_covers_everything(count: int, inputs: int, width: int, affine: str) -> None:
    problem, data = noise(count, inputs, width, affine)
    optimum = search(problem, Nodes.root(problem), 2.0, node_limit=ENOUGH).upper
    record = search(problem, Nodes.root(problem), optimum, node_limit=ENOUGH, tolerance=-1e-8, record=True).record
    assert record is not None
    assert follow(data, width, record) > 10


def test_the_minimum_is_in_an_open_node_or_known() -> None:
    """The search of an open node alone may also meet networks that are not in it, so nothing more is asked."""
    problem, _ = noise(11, 2, 2)
    optimum = search(problem, Nodes.root(problem), 2.0, node_limit=ENOUGH).upper
    cut = search(problem, Nodes.root(problem), 2.0, node_limit=60)
    assert len(cut.remaining) > 5 and min(cut.upper, cut.remaining.bound.min()) <= optimum * (1 + 1e-9) < cut.upper
    alone = [search(problem, cut.remaining[k : k + 1], 2.0, node_limit=ENOUGH).upper for k in range(len(cut.remaining))]
    assert min(cut.upper, *alone) == pytest.approx(optimum, rel=1e-8)


def test_small_tables_grow() -> None:
    problem, _ = noise(14, 2, 2)
    generous = search(problem, Nodes.root(problem), 2.0, node_limit=ENOUGH, record=True)
    tight = search(problem, Nodes.root(problem), 2.0, node_limit=ENOUGH, record=True, capacity=4)
    assert tight.upper == pytest.approx(generous.upper, rel=1e-9)
    assert tight.record is not None and tight.record.tokens[-2] == 0
    open_ = search(problem, Nodes.root(problem), 2.0, node_limit=200).remaining
    values = [search(problem, open_, 2.0, node_limit=ENOUGH, capacity=size).upper for size in (1, 2**14)]
    assert values[0] == pytest.approx(values[1], rel=1e-9)


def test_a_search_with_a_cell_left_out_can_miss_the_minimum() -> None:
    """Mutants of the enumeration: what is left out can be missed, and is never made up."""
    problem, _ = noise(9, 1, 1)
    optimum = search(problem, Nodes.root(problem), 2.0, node_limit=ENOUGH).upper
    values = []
    for cell in range(len(problem.cells)):
        less = dataclasses.replace(problem, cells=np.delete(problem.cells, cell, axis=0))
        values.append(search(less, Nodes.root(less), 2.0, node_limit=ENOUGH).upper)
    assert max(values) > optimum * (1 + 1e-6) and min(values) >= optimum * (1 - 1e-9)


def test_labels_of_zero_and_a_minimum_of_zero() -> None:
    problem, data = problem_of([[0], [1], [2]], [0, 0, 0], 1)
    assert search(problem, Nodes.root(problem), 1.0, node_limit=ENOUGH).upper == pytest.approx(0, abs=1e-12)
    problem, data = problem_of([[0], [1], [2]], [0, 1, 2], 1)
    assert raw(problem, data, search(problem, Nodes.root(problem), 2.0, node_limit=ENOUGH).upper) == pytest.approx(
        0, abs=1e-9
    )
    assert isinstance(data.constant, Fraction | int)


@pytest.mark.parametrize(
    ("count", "inputs", "width", "affine"), [(14, 2, 2, "none"), (12, 1, 3, "bias"), (4, 3, 2, "all")]
)
def test_the_heuristic_ends_at_a_network_that_no_search_near_it_improves(
    count: int, inputs: int, width: int, affine: str
) -> None:
    problem, _ = noise(count, inputs, width, affine)
    value, weights, signs = heuristic(problem, starts=60, seed=3)
    assert evaluate(problem, weights, signs) == pytest.approx(value, rel=1e-6, abs=1e-9)
    optimum = search(problem, Nodes.root(problem), 2.0, node_limit=ENOUGH).upper
    assert optimum - 1e-9 <= value <= 1.05 * optimum + 1e-9
    again = heuristic(problem, starts=60, seed=3)
    assert again[0] == value and (again[1] == weights).all()


def test_a_bad_network_is_improved_within_its_surroundings() -> None:
    problem, _ = noise(12, 2, 1)
    weights, signs = np.array([0.3, 0.2, -0.1]), np.ones(1, np.int8)
    bad = evaluate(problem, weights, signs)
    value, better, new_signs = improved(problem, bad, weights, signs)
    assert value < 0.9 * bad and evaluate(problem, better, new_signs) == pytest.approx(value)
