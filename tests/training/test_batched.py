r"""The batched branch and bound: the same minima as the search on the CPU, bounds that hold, and nodes that travel."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
import torch

from verify.training.batched import BatchedSearch, batch_size, batched_search
from verify.training.batched_bounds import ascend, insert, lower_bounds, prepared, pseudo_inverse
from verify.training.batched_rows import Rows, Tables, screened
from verify.training.data import TrainingData
from verify.training.problem import Problem, evaluate
from verify.training.search import Nodes, Slice, search


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def noise(points: int, dimension: int, seed: int) -> tuple[list[list[int]], list[int]]:
    source = np.random.default_rng(seed)
    x, y = source.integers(-50, 51, (points, dimension)), source.integers(-20, 21, points)
    return x.tolist(), y.tolist()


def problem(points: list[list[int]], labels: list[int], width: int, affine: str = "none") -> Problem:
    return TrainingData.of(points, labels, affine=affine).problem(width)


CUBE = [list(bits) for bits in itertools.product((0, 1), repeat=3)]
GRID = [[a, b] for a in range(3) for b in range(3)]
CASES = {
    "line": (*noise(12, 1, 0), 2, "none"),
    "line, three units": (*noise(8, 1, 1), 3, "none"),
    "plane": (*noise(12, 2, 2), 2, "none"),
    "plane, three units": (*noise(6, 2, 3), 3, "none"),
    "space, one unit": (*noise(10, 3, 4), 1, "none"),
    "bias": (*noise(10, 1, 5), 2, "bias"),
    "affine": (*noise(10, 2, 6), 2, "all"),
    "more than 64 points": (*noise(70, 1, 7), 1, "none"),
    "equal points with different labels": ([[0], [0], [1], [1], [3], [3], [4]], [0, 2, 5, 1, 0, 0, 7], 2, "none"),
    "all points equal": ([[2, 2]] * 3, [1, 2, 4], 2, "none"),
    "collinear in space": ([[t, 2 * t, -t] for t in range(9)], noise(9, 1, 8)[1], 2, "none"),
    "grid": (GRID, noise(9, 1, 9)[1], 2, "none"),
    "parity": (CUBE, [sum(v) % 2 for v in CUBE], 2, "none"),
    "constant label": (GRID, [3] * 9, 1, "none"),
    "negative constant, one unit": ([[0], [1], [5]], [-3] * 3, 1, "none"),
    "fewer points than dimensions": ([[1, 2, 3], [4, 5, 7]], [1, -1], 2, "none"),
    "two scales": ([[10**9 + t, t * t] for t in range(8)], noise(8, 1, 10)[1], 2, "none"),
}


@cache
def known(case: str) -> Slice:
    """What the search on the CPU finds."""
    task = problem(*CASES[case])
    return search(task, Nodes.root(task), 2.0, node_limit=10**7)


@pytest.mark.parametrize("case", CASES)
def test_every_batch_size_gives_the_minimum_of_the_search(case: str) -> None:
    task = problem(*CASES[case])
    expected = known(case)
    for size in (100, 4096) if expected.nodes < 2000 else (4096,):
        found = batched_search(task, Nodes.root(task), 2.0, batch=size)
        assert found.upper == pytest.approx(expected.upper, rel=1e-7, abs=1e-10)
        assert len(found.remaining) == 0
        assert found.weights is not None and found.signs is not None
        assert evaluate(task, found.weights, found.signs) == pytest.approx(found.upper, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("size", [1, 5, 64])
def test_small_batches_too(size: int) -> None:
    task = problem(*CASES["line"])
    assert batched_search(task, Nodes.root(task), 2.0, batch=size).upper == pytest.approx(known("line").upper, rel=1e-8)


@pytest.mark.parametrize("size", [20, 500])
def test_an_incumbent_that_is_the_minimum_is_confirmed_and_one_below_is_not_reached(size: int) -> None:
    task = problem(*CASES["plane"])
    value = known("plane").upper
    assert batched_search(task, Nodes.root(task), value * (1 - 1e-6), batch=size).weights is None
    assert batched_search(task, Nodes.root(task), value * (1 + 1e-6), batch=size).upper == pytest.approx(
        value, rel=1e-8
    )


def networks(case: str, count: int) -> Iterator[tuple[np.ndarray, np.ndarray, float]]:
    """Signs (w,), forms <z_i, u_k> (w, D) and losses of networks with random directions and the best lengths, and of the best."""
    from scipy.optimize import nnls

    task, best, source = problem(*CASES[case]), known(case), np.random.default_rng(0)
    z, d, root = task.features, task.dimension, np.sqrt(task.multiplicities)
    assert best.weights is not None and best.signs is not None
    units = best.signs[:, None] * best.weights[: task.width * d].reshape(-1, d)
    yield best.signs, units @ z.T, best.upper
    for _ in range(count):
        signs = source.choice([-1, 1], task.width)
        forms = source.standard_normal((task.width, d)) @ z.T
        columns = np.concatenate([signs[:, None] * forms.clip(0), z.T[: task.free], -z.T[: task.free]])
        yield signs, forms, nnls((columns * root).T, task.labels * root)[1] ** 2


@pytest.mark.parametrize(
    "case", ["line", "plane", "plane, three units", "affine", "equal points with different labels"]
)
def test_no_network_in_a_node_has_a_smaller_loss_than_its_bound(case: str) -> None:
    task = problem(*CASES[case])
    work, source, met = BatchedSearch(task, rounds=15), np.random.default_rng(0), 0
    samples = list(networks(case, 300 // task.width))
    now = work.branched(work.entered(Nodes.root(task)), None)
    for _ in range(6):
        now, found = work.bounded(now, np.inf)
        code, node_signs, bound = work.states.code[now.states].numpy(), now.signs.numpy(), now.bound.numpy()
        for signs, forms, loss in samples:
            for order in map(list, itertools.permutations(range(task.width))):
                inside = (node_signs == signs[order]).all(1) & (code * forms[order] >= -1e-9).all((1, 2))
                met += int(inside.sum())
                assert (bound[inside] <= loss + 1e-9).all()
        undecided = (work.states.code[now.states] == 0).flatten(1).any(1).numpy()
        keep = torch.as_tensor(source.permutation(np.nonzero(undecided)[0])[:40])
        now = work.branched(now.of(keep), found.of(keep))
    assert met > 500


def test_nodes_survive_the_way_to_the_device_and_back() -> None:
    task = problem(*CASES["more than 64 points"])
    nodes = search(task, Nodes.root(task), 2.0, node_limit=9).remaining
    assert len(nodes)
    work = BatchedSearch(task)
    back = work.handed(work.entered(nodes))
    np.testing.assert_array_equal(back.signs, nodes.signs)
    np.testing.assert_array_equal(back.bound, nodes.bound)
    for name in ("positive", "negative"):  # of a state, all points with equal signs in its cells
        assert not (getattr(nodes, name) & ~getattr(back, name)).any()
    again = work.handed(work.entered(back))
    np.testing.assert_array_equal(again.positive, back.positive)
    np.testing.assert_array_equal(again.negative, back.negative)


@pytest.mark.parametrize("limit", [1, 40, 300])
def test_what_a_limit_leaves_open_is_finished_by_the_other_search(limit: int) -> None:
    task = problem(*CASES["plane"])
    value = known("plane").upper
    first = batched_search(task, Nodes.root(task), 2.0, batch=64, node_limit=limit)
    assert len(first.remaining) and first.nodes < limit + 64
    rest = search(task, first.remaining, first.upper, node_limit=10**7).upper
    assert min(first.upper, rest) == pytest.approx(value, rel=1e-8)
    part = search(task, Nodes.root(task), 2.0, node_limit=limit)
    assert batched_search(task, part.remaining, part.upper, batch=256).upper == pytest.approx(value, rel=1e-8)


def test_children_divide_the_cells_of_their_parent_and_keep_groups_together() -> None:
    task = problem(*CASES["plane, three units"])
    work = BatchedSearch(task)
    signed = work.branched(work.entered(Nodes.root(task)), None)
    assert [tuple(s) for s in signed.signs.tolist()] == [(1, 1, 1), (1, 1, -1), (1, -1, -1), (-1, -1, -1)]
    now, found = work.bounded(signed, np.inf)
    children = work.branched(now, found)
    sizes = [len(m) for m in work.states.members]
    assert sizes[0] == len(task.cells) == sizes[1] + sizes[2]
    total = sum(
        multisets([sizes[s] for s in row], row, sign)
        for row, sign in zip(children.states.tolist(), children.signs.tolist(), strict=True)
    )
    whole = sum(multisets([sizes[0]] * 3, [0] * 3, sign) for sign in signed.signs.tolist())
    assert total == whole


def multisets(sizes: list[int], states: list[int], signs: list[int]) -> int:
    """In how many ways units can take cells of their states, order within a group of equal ones aside."""
    from math import comb, prod

    groups = {(s, g): size for size, s, g in zip(sizes, states, signs, strict=True)}
    pairs = list(zip(states, signs, strict=True))
    return prod(comb(size + pairs.count(key) - 1, pairs.count(key)) for key, size in groups.items())


def test_the_generalised_inverse_solves_singular_systems_and_finds_their_null_vectors() -> None:
    source = np.random.default_rng(0)
    task = problem(*CASES["plane"])
    tables = Tables.of(task, "cpu")
    grams = []
    for rank in (0, 1, 3, 5, 6):
        factor = source.standard_normal((6, rank)) * 10.0 ** source.integers(-2, 2, (6, 1))
        grams.append(factor @ factor.T)
    gram = torch.as_tensor(np.array(grams)).permute(1, 2, 0)
    inverse, dependent, null = pseudo_inverse(tables, gram.clone())
    assert dependent.sum(0).tolist() == [6, 5, 3, 1, 0]
    for e, g in enumerate(grams):
        h, size = inverse[..., e].numpy(), max(1e-300, np.abs(g).max())
        np.testing.assert_allclose(g @ h @ g, g, atol=1e-7 * size)
        np.testing.assert_allclose(g @ null[..., e].numpy(), 0, atol=1e-6 * size)


def test_ascent_reaches_the_optimum_of_the_dual_and_keeps_multipliers_nonnegative() -> None:
    from scipy.optimize import nnls

    source = np.random.default_rng(1)
    factor, right = source.standard_normal((9, 7)), source.standard_normal(9)
    curvature = torch.as_tensor(factor.T @ factor)[..., None]
    multiplier = torch.zeros(7, 1, dtype=torch.float64)
    value = ascend(curvature, torch.as_tensor(factor.T @ right)[:, None], multiplier, 3000)
    best, residual = nnls(factor, right)
    assert float(value[0]) == pytest.approx(right @ right - residual**2, rel=1e-9)
    np.testing.assert_allclose(multiplier[:, 0].numpy(), best, atol=1e-7)
    assert (multiplier >= 0).all()


def test_a_finished_node_gets_no_further_rows() -> None:
    """A node whose inherited rows are none and whose bound suffices at once leaves with multipliers 0."""
    task = problem(*CASES["plane"])
    work = BatchedSearch(task)
    now = work.branched(work.entered(Nodes.root(task)), None)
    for _ in range(8):
        now, found = work.bounded(now, np.inf)
        now = work.branched(now, found)
        now = now.of(slice(0, 200))
    code, signs = work.states.code[now.states], now.signs.T.contiguous()
    empty = Rows.empty(12, len(now), torch.device("cpu"))
    alone = lower_bounds(work.tables, code, signs, empty, np.inf, 0).bound
    target = float(alone.median())
    found = lower_bounds(work.tables, code, signs, empty, target, 6)
    finished = alone >= target
    assert finished.any() and not finished.all()
    assert (found.rows.multiplier[:, finished] == 0).all()
    assert torch.equal(found.bound[finished], alone[finished])
    assert (found.bound[~finished] > alone[~finished] + 1e-6).any()


def test_a_row_goes_to_active_nodes_alone_and_over_a_multiplier_that_is_0() -> None:
    task = problem(*CASES["plane"])
    work, cpu = BatchedSearch(task), torch.device("cpu")
    now = work.branched(work.entered(Nodes.root(task)), None)
    code, signs = work.states.code[now.states], now.signs.T.contiguous()
    code[:, :, 3] = 1
    index, p, count = torch.arange(3), work.tables.parameters, len(now)
    start = Rows.empty(2, count, cpu)
    start.multiplier[:] = torch.tensor([[0.5, 0.5, 0.5], [0.25, 0.0, 0.0]])
    system = (
        torch.eye(p).double()[..., None].expand(p, p, count).clone(),
        torch.zeros(p, count).double(),
        torch.zeros(count),
    )
    duals = prepared(work.tables, (index, code, signs), system, screened(work.tables, code, signs, None), start)
    row = Rows(*(torch.full((1, count), x) for x in (3, 0, 1)), torch.zeros(1, count).double())
    insert(
        work.tables,
        duals,
        Rows(row.point, row.tau.to(torch.int8), row.mask, row.multiplier),
        torch.tensor([True, True, False]),
    )
    assert duals.rows.mask.tolist() == [[0, 0, 0], [0, 1, 0]]
    z = work.tables.points[3]
    assert torch.equal(duals.forms[1, :3, 1], signs[0, 1] * z) and not duals.forms[..., [0, 2]].any()
    assert duals.curvature[:, :, 1].numpy() == pytest.approx(np.array([[0, 0], [0, float(z @ z)]]))
    assert duals.rows.multiplier.tolist() == [[0.5, 0.5, 0.5], [0.25, 0.0, 0.0]]


def test_other_losses_are_refused_in_one_sentence() -> None:
    task = TrainingData.of([[0], [1], [2]], [0, 1, 0], loss="absolute").problem(1)
    with pytest.raises(
        ValueError, match="the loss is 'absolute', but batched bounds exist for 'squared' alone; use search"
    ):
        BatchedSearch(task)


def test_the_size_of_a_batch_falls_with_the_size_of_a_node() -> None:
    small, large = problem(*noise(5, 1, 0), 1), problem(*noise(60, 2, 0), 3)
    assert batch_size(small, torch.device("cpu")) >= batch_size(large, torch.device("cpu")) >= 64
