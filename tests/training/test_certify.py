r"""The certificate pass: what a search recorded becomes a tree that the kernel accepts, or news of a better network.

The oracles are the kernel's own verdict on the finished certificate, and the minimum over all tuples of cells by nonnegative
least squares (``brute_force``).  Records come from a search that belongs to the tests, and from the engine.
"""

from __future__ import annotations

import json
import random
import zlib
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import nnls

from tests.training.brute_force import minimum
from tests.training.exact_minimum import exact_minimum
from tests.training.recorded_search import Recorded, RecordedSearch, exact_data
from verify.kernel.dichotomies import cells
from verify.kernel.terms import Rejected
from verify.kernel.training import lower_bound
from verify.kernel.training_data import loss_of
from verify.training.cell_optimum import CellPrograms, network
from verify.training.certify import BetterMinimum, Unprovable, tree
from verify.training.exact_algebra import nonnegative_least_squares, solution

Json = Any


def noise(count: int, inputs: int, seed: int = 0) -> tuple[list[list[int]], list[int]]:
    generator = random.Random(seed)
    points = [[generator.randint(-99, 99) for _ in range(inputs)] for _ in range(count)]
    return points, [generator.randint(-99, 99) for _ in points]


def certified(data: Any, width: int, record: Recorded, value: float, scale: float) -> tuple[Fraction, list[int]]:
    """The exact minimum and its tree, from a little above what a search found (a loss of its own data)."""
    lower = data.constant + Fraction(value) * Fraction(scale) ** 2 * (1 + Fraction(1, 10**10)) / data.scale
    while True:
        try:
            return lower, tree(data, width, record, lower, scale=scale)
        except BetterMinimum as better:
            assert better.optimum.value < lower
            lower = better.optimum.value


# ------------------------------------------------------------------------------------------------------- records


@pytest.mark.parametrize("careless", [False, True])
@pytest.mark.parametrize(
    ("count", "inputs", "width", "affine"),
    [(8, 1, 2, "none"), (7, 2, 1, "bias"), (7, 1, 2, "all"), (6, 2, 2, "none"), (5, 1, 3, "none")],
)
def test_records_become_certificates(count: int, inputs: int, width: int, affine: str, careless: bool) -> None:
    """Also those with multipliers that are a little or very wrong, and with nodes that were bounded for no reason."""
    points, labels = noise(count, inputs)
    _, data = exact_data(points, labels, affine=affine)
    search = RecordedSearch(data, width, careless=random.Random(3) if careless else None)
    value, tokens = certified(data, width, search.record(), search.best, search.scale)
    nodes, bounds = lower_bound(data, width, value, tokens)
    assert nodes >= bounds > 1
    assert float(value) == pytest.approx(minimum(points, labels, width, affine=affine), rel=1e-9)
    with pytest.raises(Rejected):
        lower_bound(data, width, value + Fraction(1, 10**6), tokens)


DEGENERATE: dict[str, tuple[list[list[int]], list[int]]] = {
    "a grid": ([[i, j] for i in range(3) for j in range(2)], [1, 0, -1, 2, 1, 0]),
    "exclusive or": ([[0, 0], [1, 0], [0, 1], [1, 1]], [0, 1, 1, 0]),
    "on a circle": ([[5, 0], [3, 4], [0, 5], [-3, 4], [-5, 0]], [1, -1, 1, -1, 1]),
    "collinear": ([[0, 0], [1, 2], [2, 4], [3, 6], [5, 10]], [1, -1, 1, 0, 1]),
    "duplicates": ([[0], [1], [0], [2], [1], [3]], [0, 1, 1, -1, 2, 1]),
    "interpolation": ([[0], [1], [2]], [1, 0, 2]),
    "all points equal": ([[1, 1]] * 4, [0, 1, 2, 4]),
}


@pytest.mark.parametrize(("name", "width"), list(product(DEGENERATE, (1, 2))))
def test_ties_and_singular_systems_are_proved_exactly(name: str, width: int) -> None:
    points, labels = DEGENERATE[name]
    _, data = exact_data(points, labels)
    search = RecordedSearch(data, width)
    value, tokens = certified(data, width, search.record(), search.best, search.scale)
    lower_bound(data, width, value, tokens)
    assert float(value) == pytest.approx(minimum(points, labels, width), rel=1e-9, abs=1e-9)


def test_the_engine_s_record_becomes_a_small_certificate() -> None:
    from verify.training.problem import Problem
    from verify.training.search import Nodes, search

    points, labels = noise(14, 2)
    _, data = exact_data(points, labels)
    problem = Problem.of(data.rows, data.labels, data.above, width=2)
    found = search(problem, Nodes.root(problem), 1.0, node_limit=10**9)
    upper = found.upper
    part = search(problem, Nodes.root(problem), upper, node_limit=10**9, tolerance=-1e-9, record=True)
    assert part.record is not None
    value, tokens = certified(data, 2, part.record, upper, problem.scale)
    nodes, _ = lower_bound(data, 2, value, tokens)
    assert float(value) == pytest.approx(upper * problem.scale**2, rel=1e-7)
    assert len(zlib.compress(json.dumps(tokens, separators=(",", ":")).encode())) < 20 * nodes


def test_a_search_that_missed_the_minimum_is_told_the_better_network() -> None:
    points, labels = noise(8, 1)
    raw, data = exact_data(points, labels)
    search = RecordedSearch(data, 1)
    record = search.record()
    value, _ = certified(data, 1, record, search.best, search.scale)
    with pytest.raises(BetterMinimum, match="below the bound") as news:
        tree(data, 1, record, value * 2, scale=search.scale)
    optimum = news.value.optimum
    assert loss_of(raw, "squared", "none", 1, network(raw[0], data, optimum)) == optimum.value < 2 * value


def test_a_record_that_bounds_nothing_is_unprovable_within_a_limit() -> None:
    points, labels = noise(8, 1)
    _, data = exact_data(points, labels)
    least = exact_minimum(points, labels, 1).value
    assert len(tree(data, 1, Recorded([0, 0]), least)) > 10
    with pytest.raises(Unprovable, match="more than 3 nodes"):
        tree(data, 1, Recorded([0, 0]), least, limit=3)


@pytest.mark.parametrize("tokens", [[], [1, -1], [1, -1, 0, 0], [0, 0, 0, 0], [9, -1]])
def test_records_that_are_no_tree_are_rejected(tokens: list[int]) -> None:
    """By the kernel's own walk, as an incomplete tree is."""
    _, data = exact_data([[0], [1]], [0, 0])
    with pytest.raises((Rejected, StopIteration)):
        tree(data, 1, Recorded(tokens), Fraction(0))


# -------------------------------------------------------------------------------------------------- cell programs


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-2, 2), st.integers(-2, 2)), min_size=1, max_size=6),
    st.randoms(use_true_random=False),
    st.sampled_from(["none", "bias", "all"]),
)
def test_the_optimum_of_cells_is_attained_and_no_network_of_them_is_better(
    points: list[tuple[int, int]], generator: random.Random, affine: str
) -> None:
    labels, weights = [generator.randint(-3, 3) for _ in points], [generator.choice((1, 2, "1/3")) for _ in points]
    raw, data = exact_data(points, labels, weights, affine=affine)
    known = cells(data.rows)
    programs = CellPrograms(data, known)
    patterns, signs = generator.choices(sorted(known), k=2), generator.choices((1, -1), k=2)
    optimum = programs.optimum(patterns, signs)
    assert loss_of(raw, "squared", affine, 2, network(raw[0], data, optimum)) == optimum.value
    for unit, pattern in zip(optimum.units, patterns, strict=True):
        heights = [sum(a * z for a, z in zip(unit, row, strict=True)) for row in data.rows]
        assert all(h >= 0 if pattern >> i & 1 else h <= 0 for i, h in enumerate(heights))
    for _ in range(20):
        units = tuple(
            tuple(u + generator.choice((0, 0, 1)) * Fraction(r, 7) for u, r in zip(unit, ray, strict=True))
            for unit, pattern in zip(optimum.units, patterns, strict=True)
            for ray in [generator.choice(programs.rays(pattern))]
        )
        inside = all(
            all(
                (h >= 0) if pattern >> i & 1 else (h <= 0)
                for i, h in enumerate(sum(a * z for a, z in zip(unit, row, strict=True)) for row in data.rows)
            )
            for unit, pattern in zip(units, patterns, strict=True)
        )
        if inside:
            moved = type(optimum)(optimum.value, optimum.patterns, optimum.signs, units, optimum.affine, ())
            assert loss_of(raw, "squared", affine, 2, network(raw[0], data, moved)) >= optimum.value


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-2, 2), st.integers(-2, 2)), min_size=1, max_size=6), st.booleans())
def test_patterns_contain_the_unit_in_their_closure(points: list[tuple[int, int]], on_a_line: bool) -> None:
    _, data = exact_data([[a] if on_a_line else [a, b] for a, b in points], [0] * len(points))
    programs = CellPrograms(data, cells(data.rows))
    for unit in product((-1, 0, 1), repeat=len(data.rows[0])):
        pattern = programs.pattern([Fraction(a) for a in unit])
        assert pattern in programs.cells
        for i, row in enumerate(data.rows):
            height = sum(a * z for a, z in zip(unit, row, strict=True))
            assert height >= 0 if pattern >> i & 1 else height <= 0


def test_descent_ends_where_no_neighbour_is_better_and_never_rises() -> None:
    points, labels = noise(8, 2)
    _, data = exact_data(points, labels)
    programs = CellPrograms(data, cells(data.rows))
    patterns = sorted(programs.cells)[5:30:20]
    start, end = programs.optimum(patterns, (1, -1)), programs.descend(patterns, (1, -1))
    assert end.value <= start.value
    assert all(programs.optimum(moved, end.signs).value >= end.value for moved in programs.neighbours(end))


# -------------------------------------------------------------------------------------------------- exact algebra


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.randoms(use_true_random=False))
def test_solutions_solve_and_inconsistent_equations_have_none(m: int, n: int, generator: random.Random) -> None:
    matrix = [[Fraction(generator.randint(-2, 2), generator.choice((1, 2, 3))) for _ in range(n)] for _ in range(m)]
    x = [Fraction(generator.randint(-3, 3), 2) for _ in range(n)]
    right = [sum(a * b for a, b in zip(row, x, strict=True)) for row in matrix]
    found = solution([[*row, b] for row, b in zip(matrix, right, strict=True)])
    assert found is not None
    assert [sum(a * b for a, b in zip(row, found, strict=True)) for row in matrix] == right
    again = [*([*row, b] for row, b in zip(matrix, right, strict=True)), [*matrix[0], right[0] + 1]]
    assert solution(again) is None


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 5), st.integers(1, 6), st.randoms(use_true_random=False))
def test_nonnegative_least_squares_satisfy_the_conditions_and_agree_with_scipy(
    m: int, n: int, generator: random.Random
) -> None:
    """Also with dependent, equal and zero columns."""
    matrix = [[generator.randint(-2, 2) for _ in range(n)] for _ in range(m)]
    y = [generator.randint(-5, 5) for _ in range(m)]
    gram = [[sum(row[j] * row[k] for row in matrix) for k in range(n)] for j in range(n)]
    moments = [sum(row[j] * v for row, v in zip(matrix, y, strict=True)) for j in range(n)]
    t = nonnegative_least_squares(gram, moments)
    slopes = [moments[j] - sum(gram[j][k] * t[k] for k in range(n)) for j in range(n)]
    assert min(t) >= 0 and max(slopes) <= 0
    assert all(not a or not slope for a, slope in zip(t, slopes, strict=True))
    rest = [v - sum(a * b for a, b in zip(row, t, strict=True)) for row, v in zip(matrix, y, strict=True)]
    assert float(sum(r * r for r in rest)) == pytest.approx(nnls(matrix, y)[1] ** 2, abs=1e-9)
