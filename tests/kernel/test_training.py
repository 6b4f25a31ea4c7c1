r"""Certificates of training minima: what is accepted is true, and every forgery is refused with a sentence.

Oracles that share nothing with the checker: one nonnegative least-squares problem for each tuple of cells
(``tests.training.brute_force``), and networks drawn at random, which no accepted bound of their node may exceed.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from operator import mul
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.brute_force import minimum
from tests.training.exact_minimum import Minimum, exact_minimum, statement
from tests.training.recorded_search import exact_data
from verify.kernel import FORMAT, Accepted, Rejected, check, statement_text
from verify.kernel.dichotomies import cells
from verify.kernel.training import Arrangement
from verify.kernel.training_bounds import LinearBounds, SquaredBounds, nonnegative
from verify.kernel.training_data import State, loss_of
from verify.kernel.training_rows import Node, Rows
from verify.training.exact_algebra import solution

Json = Any

# -------------------------------------------------------------------------------------------------- constructors


def document(stated: Json, network: Json = None, lower: object = None, tree: Json = None) -> Json:
    witness = {"network": network, "lower": None if lower is None else str(lower), "tree": tree}
    return {"format": FORMAT, "kind": "training-minimum", "statement": stated, "witness": witness}


def net(*units: Sequence[object], affine: Sequence[object]) -> Json:
    return {"units": [[str(a) for a in unit] for unit in units], "affine": [str(a) for a in affine]}


def decided(*arguments: Any) -> bool | None:
    return check(document(*arguments)).holds


def rejected(*arguments: Any) -> str:
    with pytest.raises(Rejected) as caught:
        check(document(*arguments))
    return str(caught.value)


# ------------------------------------------------------------------------------------------------ small, by hand

VALLEY = [[-1], [0], [1]], [1, 0, 1]  # one unit: the constant 2/3 is best, and the loss 2/3


def test_a_constant_is_best_for_a_valley_and_one_unit() -> None:
    found = exact_minimum(*VALLEY, 1)
    assert found.value == Fraction(2, 3)
    stated = statement(*VALLEY, 1, "2/3")
    accepted = check(document(stated, net((1, 0, "2/3"), affine=(0, 0)), "2/3", found.tree))
    assert accepted.holds and dict(accepted.facts)["attained"] == "2/3" == dict(accepted.facts)["lower bound"]
    assert "over all networks on Q^1 with one hidden layer of width 1, is 2/3" in statement_text(stated)[0]


def test_a_tree_by_hand_for_two_points() -> None:
    r"""Labels 1 at 0 and -1 at 1: a unit with sign 1 is at least 0 at the point 1, one with sign -1 at most 0 at the
    point 0, so the loss is at least 1, for the squared and for the absolute error."""
    points, labels, network = [[0], [1]], [1, -1], net((1, -1, 1), affine=(0, 0))
    squared = [1, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 2, 0, 0, 1]
    assert decided(statement(points, labels, 1, 1), network, 1, squared)
    absolute = [1, 0, 1, 0b10, 0, 0, 0, 1, 0, 0b01, 0]
    assert decided(statement(points, labels, 1, 1, loss="absolute"), network, 1, absolute)


INVALID = {
    "no known side": [1, 0, 1, 1, 0, 1, 1],
    "no known sign": [0, 1, 1, 0, 0, 1],
    "needs the signs": [0, 1, 1, 1, 1, 0, 1],
    "a decided point has no estimate": [1, 3, 0, 1, 1, 1, 1, 1],
    "a minorant is 0 or 1": [1, 0, 1, 1, 1, 1, 2, 1],
    "the side of point 1 is known already": [3, 3],
    "the sign of unit 0 is known already": [1, 1],
    "there is no unit 1": [4],
    "no such row": [1, 0, 1, 1, 3, 1, 0, 1],
    "a multiplier is negative": [1, 0, 1, 1, 1, 1, 0, -1],
    "below the target": [1, 0, 1, 1, 1, 0, 0, 1],
    "the tree is not complete": [1, 0, 1],
}


@pytest.mark.parametrize("reason", INVALID)
def test_steps_that_the_rules_forbid(reason: str) -> None:
    """At the points 0 and 1, units that are undecided at both, or at 0 alone."""
    assert reason in rejected(statement([[0], [1]], [1, -1], 1, 1), None, 1, INVALID[reason])


def test_multipliers_that_leave_a_weight_free_bound_nothing() -> None:
    r"""With labels -1 and an output bias the minimum is 0.  No point is decided at the root, so nothing bounds the bias c in
    f(0) >= c; if it were overlooked, r_0 >= c + 1 would prove the bound 1."""
    points, labels = [[0], [1]], [-1, -1]
    stated = statement(points, labels, 1, 1, relation="at least", affine="bias")
    assert "below the target" in rejected(stated, None, 1, [1, 0, 1, 1, 1, 0, 0, 1])
    assert exact_minimum(points, labels, 1, affine="bias").value == 0


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 3), st.integers(1, 4), st.randoms(use_true_random=False))
def test_the_sign_of_a_bound_is_that_of_the_rational_solution(m: int, n: int, generator: random.Random) -> None:
    """Gram matrices of any rank; borders in their range and outside it; corners at the value and next to it."""
    a = [[generator.randint(-2, 2) for _ in range(n)] for _ in range(m)]
    gram = [[sum(row[j] * row[k] for row in a) for k in range(n)] for j in range(n)]
    border: list[int | Fraction] = [Fraction(generator.randint(-3, 3), generator.choice((1, 2))) for _ in range(n)]
    if generator.random() < 0.7:
        t = [generator.randint(-3, 3) for _ in range(m)]
        border = [sum(row[j] * x for row, x in zip(a, t, strict=True)) for j in range(n)]
    x = solution([[*row, b] for row, b in zip(gram, border, strict=True)])
    value = None if x is None else sum((b * v for b, v in zip(border, x, strict=True)), Fraction(0))
    for corner in (-1000, 1000, *(() if value is None else (value, value - Fraction(1, 9), value + Fraction(1, 9)))):
        matrix = [[*row, 0] for row in gram] + [[0] * (n + 1)]
        assert nonnegative(matrix, list(border), Fraction(corner)) is (value is not None and corner >= value)


def test_cone_rows_of_the_absolute_error_by_hand() -> None:
    """As before, but the unit with sign 1 is divided at the point 1: where it is positive, f(1) >= 0 is a cone row."""
    points, labels, network = [[0], [1]], [1, -1], net((1, -1, 1), affine=(0, 0))
    cone = [0, 1, 0b10, 0, 1, 0, 1, 1]
    tree = [1, 3, *cone, 0, 1, 0b10, 0, 0, 0, 1, 0, 0b01, 0]
    stated = statement(points, labels, 1, 1, loss="absolute")
    assert decided(stated, network, 1, tree)
    for multiplier in (0, 2, 3):
        assert "add up" in rejected(stated, network, 1, [*tree[:9], multiplier, *tree[10:]])


@pytest.mark.parametrize(("loss", "labels", "value"), [("absolute", (0, 1), 1), ("hinge", (-1, 1), 2)])
def test_conflicting_labels_at_one_point(loss: str, labels: tuple[int, int], value: int) -> None:
    stated = statement([[5], [5]], labels, 1, value, loss=loss)
    network = net(affine=(0, 0))
    assert decided(stated, network, value, [0, 1, 0b01, 0b10, 0])
    assert decided(stated, network, value, [0, 2, 0, 0, 2, 1, 0, 2, 2, 1, 2])
    assert decided(stated, network, value, [0, 2, 0, 0b10, 1, 1, 0, 2])
    assert "a slope is too large" in rejected(stated, network, value, [0, 1, 0b01, 0b10, 2, 1, 0, 1, 2, 1, 1])
    assert "below the target" in rejected(stated, network, value, [0, 2, 0, 0, 2, 1, 0, 1, 2, 1, 1])
    assert rejected(stated, network, value, [0, 1, 0b100, 0b10, 0])
    assert rejected(stated, network, value, [0, 1, -1, 0b10, 0])
    assert rejected(stated, network, value, [0, 0, 0b01, 0b10, 0])


def test_the_hinge_loss_uses_only_the_slope_of_the_label() -> None:
    """max(0, 1 - f) bounds f from below only: there is no slope above it."""
    stated = statement([[5]], [1], 1, 0, loss="hinge")
    assert decided(stated, net((1, 0, 1), affine=(0, 0)), 0, [0, 1, 0, 0, 0])
    stated["value"] = "1"
    assert "slope is too large" in rejected(stated, None, 1, [0, 1, 0, 0, 2, 1, 0, 1, 2, 0, 1])


def test_a_majorant_bounds_two_units_of_different_signs() -> None:
    r"""At 0, 1, 2, a unit that is negative at 0 and positive at 2 has ReLU(u(1)) <= u(2), as z_1 = (z_0 + z_2) / 2 gives
    u(2) / 2.  So with y = (0, 1, 0) and the sign -1, f(1) >= v(2) / 2, where f(2) = v(2): no bound is above 1."""
    raw, data = exact_data([[0], [1], [2]], [0, 1, 0])
    state = State([0b100, 0b110], 0b100, 0b001)
    node: Node = ((state, -1),)
    rows = Rows(data, 1, Fraction(0))
    vector, decided_ = rows.estimate(node, 1, 1, iter([0, 2]))
    assert not decided_ and vector == [Fraction(1, 2) * a for a in data.rows[2]]
    with pytest.raises(Rejected, match="not independent"):
        rows.estimate(node, 1, 1, iter([2, 2]))
    with pytest.raises(Rejected, match="known sides"):
        rows.estimate(node, 1, 1, iter([1, 2]))
    with pytest.raises(Rejected, match="no such point"):
        rows.estimate(node, 1, 1, iter([0, 3]))
    assert loss_of(raw, "squared", "none", 1, net((-1, 1, -1), affine=(0, 0))) == 2


# ------------------------------------------------------------------------------------- relations and their outcomes

HOLDS = {"is": (False, True, False), "at least": (True, True, False), "at most": (False, True, True)}


@pytest.mark.parametrize("relation", HOLDS)
def test_relations_hold_and_fail(relation: str) -> None:
    found = exact_minimum(*VALLEY, 1)
    for value, expected in zip(("1/2", "2/3", "1"), HOLDS[relation], strict=True):
        stated = statement(*VALLEY, 1, value, relation=relation)
        assert decided(stated, found.network, found.value, found.tree) is expected


@pytest.mark.parametrize("relation", ["is", "at least", "at most"])
def test_bounds_that_decide_nothing_are_refused(relation: str) -> None:
    found = exact_minimum(*VALLEY, 1)
    assert "do not decide" in rejected(statement(*VALLEY, 1, "2/3", relation=relation))
    upper, lower = (found.network, None, None), (None, found.value, found.tree)
    one_sided = {"is": (), "at least": lower, "at most": upper}[relation]
    for part in (upper, lower):
        if part == one_sided:
            assert decided(statement(*VALLEY, 1, "2/3", relation=relation), *part)
        else:
            assert "do not decide" in rejected(statement(*VALLEY, 1, "2/3", relation=relation), *part)
    assert decided(statement(*VALLEY, 1, "3/4", relation="at least"), *upper) is False
    assert decided(statement(*VALLEY, 1, "1/2", relation="at most"), *lower) is False
    assert decided(statement(*VALLEY, 1, "3/4"), *upper) is False
    assert decided(statement(*VALLEY, 1, "1/2"), *lower) is False


# ----------------------------------------------------------------------------------------------- minima by exhaustion

PROBLEMS: dict[str, dict[str, Any]] = {
    "on a line": {"points": [[0], [1], [2], [3], [5]], "labels": [1, -1, 2, 0, 1]},
    "a hat": {"points": [[0], [1], [2], [3]], "labels": [0, 1, 1, 0], "width": 2},
    "two units on a line": {"points": [[0], [1], [2], [3], [5], [6]], "labels": [1, -1, 2, 0, 1, -1], "width": 2},
    "an output bias": {"points": [[0], [1], [2], [3], [5]], "labels": [1, -1, 2, 0, 1], "affine": "bias"},
    "an affine part": {"points": [[0], [1], [2], [3], [5]], "labels": [1, -1, 2, 0, 1], "affine": "all"},
    "an affine part in the plane": {
        "points": [[0, 0], [1, 0], [0, 1], [1, 1], [2, 1]],
        "labels": [0, 1, 1, 0, "3/2"],
        "affine": "all",
    },
    "exclusive or": {"points": [[0, 0], [1, 0], [0, 1], [1, 1]], "labels": [0, 1, 1, 0]},
    "exclusive or, two units": {"points": [[0, 0], [1, 0], [0, 1], [1, 1]], "labels": [0, 1, 1, 0], "width": 2},
    "weights": {"points": [[0], [1], [2], [3]], "labels": [1, 0, 1, 0], "weights": ["1/2", 3, "2/7", 1]},
    "duplicates": {"points": [[0], [1], [0], [2], [1]], "labels": [0, 1, 1, -1, "1/3"], "weights": [1, 2, 3, 1, 1]},
    "duplicates and a bias": {"points": [[0], [1], [0], [2]], "labels": [0, 1, 1, -1], "affine": "bias", "width": 2},
    "collinear in the plane": {"points": [[0, 0], [1, 2], [2, 4], [-1, -2]], "labels": [1, 0, 2, 1], "width": 2},
    "all points equal": {"points": [[3, 4]] * 3, "labels": [0, 1, 5]},
    "fewer points than inputs": {"points": [[1, 2, 3], [4, 5, 7]], "labels": [1, -1]},
    "constant labels": {"points": [[0], [1], [2]], "labels": [-2, -2, -2]},
    "zeros": {"points": [[0], [1], [2]], "labels": [0, 0, 0]},
    "scales": {"points": [["1e-30", 1], ["2e-30", 5], [0, 7], ["1e-30", 0]], "labels": ["1e20", 0, "1e20", "3e20"]},
}


def problem(name: str) -> tuple[list[Any], list[Any], int, dict[str, Any]]:
    options = dict(PROBLEMS[name])
    return options.pop("points"), options.pop("labels"), options.pop("width", 1), options


@pytest.mark.parametrize("name", PROBLEMS)
def test_certified_minima_are_those_of_all_tuples_of_cells(name: str) -> None:
    points, labels, width, options = problem(name)
    found = exact_minimum(points, labels, width, **options)
    exact = [[Fraction(x) for x in point] for point in points], [Fraction(y) for y in labels]
    assert decided(statement(*exact, width, found.value, **options), found.network, found.value, found.tree)
    if name != "scales":
        assert float(found.value) == pytest.approx(minimum(points, labels, width, **options), rel=1e-9, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(-3, 3)), min_size=1, max_size=5),
    st.sampled_from(["none", "bias", "all"]),
    st.booleans(),
)
def test_random_problems_on_a_grid(data: list[tuple[int, int, int]], affine: str, in_the_plane: bool) -> None:
    points, labels = [[a, b] if in_the_plane else [a] for a, b, _ in data], [y for *_, y in data]
    found = exact_minimum(points, labels, 1, affine=affine)
    assert decided(statement(points, labels, 1, found.value, affine=affine), found.network, found.value, found.tree)
    assert float(found.value) == pytest.approx(minimum(points, labels, 1, affine=affine), rel=1e-9, abs=1e-9)


# ------------------------------------------------------------------------------------------- rows at random networks


class Drawn:
    """Random data, networks, and nodes that contain them."""

    def __init__(self, seed: int, loss: str = "squared") -> None:
        self.random = random.Random(seed)
        n, count = self.random.choice((1, 2)), self.random.randint(2, 7)
        points = [[self.random.randint(-3, 3) for _ in range(n)] for _ in range(count)]
        labels = [self.random.choice((1, -1)) if loss == "hinge" else self.random.randint(-3, 3) for _ in points]
        weights = [self.random.choice((1, 1, 2, "1/2")) for _ in points]
        self.affine = self.random.choice(("none", "bias", "all"))
        self.raw, self.data = exact_data(points, labels, weights, loss, self.affine)
        self.width = self.random.choice((1, 2, 3))
        self.arrangement = Arrangement(len(self.data.rows))
        self.root = self.arrangement.state([cell for cell in cells(self.data.rows) if cell])
        self.units, self.signs = [self.unit() for _ in range(self.width)], self.random.choices((1, -1), k=self.width)
        self.free = [self.random.randint(-3, 3) for _ in range(self.data.free)]
        self.node = tuple(self.state(u, s) for u, s in zip(self.units, self.signs, strict=True))

    def unit(self) -> list[int]:
        return [self.random.randint(-4, 4) for _ in self.data.rows[0]]

    def state(self, unit: list[int], sign: int) -> tuple[State, int]:
        """Around a unit, whose zeros may lie on either side: closed cells contain them."""
        state = self.root
        for _ in range(self.random.randint(0, 5)):
            loose = [i for i in range(len(self.data.rows)) if not (state.positive | state.negative) >> i & 1]
            if not loose:
                break
            point = self.random.choice(loose)
            height = sum(map(mul, unit, self.data.rows[point]))
            side = height > 0 if height else self.random.random() < 0.5
            half = self.arrangement.split(state, point)[0 if side else 1]
            if not any(self.closure(cell, unit) for cell in half.cells):
                half = self.arrangement.split(state, point)[1 if side else 0]
            if not any(self.closure(cell, unit) for cell in half.cells):
                break
            state = half
        return state, sign

    def closure(self, cell: int, unit: list[int]) -> bool:
        heights = [sum(map(mul, unit, z)) for z in self.data.rows]
        return all(h >= 0 if cell >> i & 1 else h <= 0 for i, h in enumerate(heights)) or max(heights) <= 0

    @property
    def weights(self) -> list[int]:
        """v, the signs times the units, and c; a unit that is 0 everywhere stands for the vector 0."""
        alive = [u if any(sum(map(mul, u, z)) > 0 for z in self.data.rows) else [0] * len(u) for u in self.units]
        return [s * a for s, u in zip(self.signs, alive, strict=True) for a in u] + self.free

    def value(self, point: int) -> int:
        z = self.data.rows[point]
        units = (s * max(0, sum(map(mul, u, z))) for s, u in zip(self.signs, self.units, strict=True))
        return sum(units) + sum(map(mul, self.free, z))

    def loss(self) -> Fraction:
        """Of the raw data, from the integral ones."""
        total = Fraction(0)
        for point, label, above, below in zip(
            self.data.points, self.data.labels, self.data.above, self.data.below, strict=True
        ):
            rest = self.value(point) - label
            if self.data.loss == "squared":
                total += above * rest * rest
            else:
                total += above * max(rest, 0) + below * max(-rest, 0)
        return self.data.constant + total / self.data.scale

    def pair(self) -> list[int]:
        """Rows of two data at one point, from below and from above, whose forms cancel if the point is decided."""
        low, high = sorted(self.random.choices(range(len(self.data.points)), k=2), key=lambda t: self.data.labels[t])
        place, number = self.data.points[low], self.random.randint(1, 2)
        high = next((t for t in range(len(self.data.points)) if t != low and self.data.points[t] == place), high)
        low, high = sorted((low, high), key=lambda t: self.data.labels[t])
        return [self.width, low, number, self.width + 1, high, number]

    def row(self) -> list[int]:
        """A row that may or may not be valid."""
        code = self.random.randrange(self.width + 2)
        point = self.random.randrange(len(self.data.rows) if code < self.width else len(self.data.points))
        row = [code, point]
        if code >= self.width:
            tau, place = (1 if code == self.width else -1), self.data.points[point]
            for state, sign in self.node:
                if not (state.positive | state.negative) >> place & 1:
                    known = [i for i in range(len(self.data.rows)) if (state.positive | state.negative) >> i & 1]
                    depth = len(self.data.rows[0])
                    basis = self.random.sample(known, min(depth, len(known)))
                    row += [self.random.randrange(2)] if sign == tau else [*basis, *[0] * (depth - len(basis))]
        return row


def test_cone_rows_are_nonnegative_and_estimates_are_on_their_side() -> None:
    counts = {"cone": 0, "below": 0, "above": 0}
    for seed in range(800):
        drawn = Drawn(seed)
        rows, row = Rows(drawn.data, drawn.width, Fraction(0)), drawn.row()
        try:
            vector, tau, index, known, _ = rows.read(drawn.node, iter([*row, 1]))
        except Rejected:
            continue
        form = sum(a * v for a, v in zip(vector, drawn.weights, strict=True))
        if not tau:
            assert form >= 0
            counts["cone"] += 1
            continue
        value = drawn.value(drawn.data.points[index])
        assert tau * (value - form) >= 0
        assert not known or value == form
        counts["below" if tau > 0 else "above"] += 1
    assert min(counts.values()) > 50, counts


def test_majorants_are_above_relu_on_the_closures_of_cells() -> None:
    nontrivial = 0
    for seed in range(800):
        drawn = Drawn(seed)
        rows = Rows(drawn.data, drawn.width, Fraction(0))
        for k, (state, _) in enumerate(drawn.node):
            known, loose = (
                [i for i in range(len(drawn.data.rows)) if ((state.positive | state.negative) >> i & 1) == side]
                for side in (True, False)
            )
            if not loose or len(known) < rows.depth:
                continue
            point, basis = drawn.random.choice(loose), drawn.random.sample(known, rows.depth)
            try:
                majorant = rows.majorant(state, point, basis)
            except Rejected:
                continue
            alive = drawn.weights[k * rows.depth : (k + 1) * rows.depth]
            unit = [drawn.signs[k] * a for a in alive]
            height = sum(map(mul, unit, drawn.data.rows[point]))
            assert sum(a * u for a, u in zip(majorant, unit, strict=True)) >= max(0, height)
            nontrivial += any(unit) and any(majorant)
    assert nontrivial > 50, nontrivial


@pytest.mark.parametrize("loss", ["squared", "absolute", "hinge"])
def test_no_bound_of_a_node_is_above_the_loss_of_a_network_in_it(loss: str) -> None:
    """Whatever the rows and multipliers; and the loss of the integral data is that of the raw ones."""
    tight = 0
    for seed in range(800):
        drawn = Drawn(seed, loss)
        value, pick = drawn.loss(), drawn.random
        count = pick.randrange(5)
        rows = [token for _ in range(count) for token in (*drawn.row(), pick.randrange(12))]
        if loss == "squared":
            tokens = [pick.choice((1, 2, 5)), count, *rows]
        else:
            masks = [pick.randrange(1 << len(drawn.data.points)) for _ in range(2)]
            pair = drawn.pair() if pick.random() < 0.7 else []
            tokens = [1, *(masks if pick.random() < 0.2 else (0, 0)), 2 if pair else count, *(pair or rows)]
        bounds = SquaredBounds if loss == "squared" else LinearBounds
        with pytest.raises(Rejected):
            bounds(drawn.data, drawn.width, value + Fraction(1, 10**9))(drawn.node, iter([*tokens, *[0] * 99]))
        try:
            bounds(drawn.data, drawn.width, value / 100)(drawn.node, iter(tokens))
            tight += value > 0
        except (Rejected, StopIteration):
            pass
    assert tight > 10, tight


def test_the_loss_of_a_network_is_that_of_the_integral_data() -> None:
    from verify.training.cell_optimum import in_coordinates

    for seed in range(60):
        for loss in ("squared", "absolute", "hinge"):
            drawn = Drawn(seed, loss)
            different = list(dict.fromkeys(drawn.raw[0]))
            parts = [
                in_coordinates(different, drawn.data, [Fraction(a) for a in u]) for u in (*drawn.units, drawn.free)
            ]
            *units, affine = parts
            network = net(*((s, *u[1:], u[0]) for s, u in zip(drawn.signs, units, strict=True)), affine=affine)
            assert loss_of(drawn.raw, loss, drawn.affine, drawn.width, network) == drawn.loss()


# ------------------------------------------------------------------------------------------------------- forgeries


def example() -> tuple[Json, Minimum]:
    """Two units at six points of a line, with an output bias, weights and a duplicate."""
    points, labels, weights = [[0], [1], [2], [3], [5], [1]], [1, -1, 2, 0, 1, -2], [1, 2, 1, 1, "1/2", 1]
    found = exact_minimum(points, labels, 1, weights=weights, affine="bias")
    stated = statement(points, labels, 1, found.value, weights=weights, affine="bias")
    return document(stated, found.network, found.value, found.tree), found


@pytest.fixture(scope="module")
def sound() -> Json:
    made, _ = example()
    assert check(made).holds
    return made


def bounded_places(tree: list[int], width: int) -> list[int]:
    """Where proofs of bounds begin in the tree of an example whose estimates have at most one undecided unit."""
    place, found = 0, []
    while place < len(tree):
        if tree[place]:
            place += 1
            continue
        found.append(place)
        count, place = tree[place + 2], place + 3
        for _ in range(count):
            place += 3 if tree[place] < width else 4
    return found


def edit(*path: str | int, value: Any) -> Callable[[Json], None]:
    def change(document: Json) -> None:
        place = document
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return change


def on_tree(change: Callable[[list[int]], list[int]]) -> Callable[[Json], None]:
    def forged(document: Json) -> None:
        document["witness"]["tree"] = change(document["witness"]["tree"])

    return forged


FORGERIES: dict[str, Callable[[Json], object]] = {
    "a greater value and no network": lambda document: (
        edit("statement", "value", value="1000")(document),
        edit("witness", "network", value=None)(document),
    ),
    "a greater lower bound": edit("witness", "lower", value="1000"),
    "a lower bound as a number": edit("witness", "lower", value=0),
    "no tree": edit("witness", "tree", value=None),
    "an empty tree": edit("witness", "tree", value=[]),
    "no network": edit("witness", "network", value={}),
    "a tree of the root alone": edit("witness", "tree", value=[0, 1, 0]),
    "the last token is missing": on_tree(lambda tree: tree[:-1]),
    "the last node is missing": on_tree(lambda tree: tree[: bounded_places(tree, 1)[-1]]),
    "the first child is missing": on_tree(lambda tree: [tree[0], *tree[bounded_places(tree, 1)[1] :]]),
    "a token too many": on_tree(lambda tree: [*tree, 0]),
    "a node too many": on_tree(lambda tree: [*tree, 0, 1, 0]),
    "a unit that does not exist": on_tree(lambda tree: [7, *tree[1:]]),
    "a negative code": on_tree(lambda tree: [-1, *tree[1:]]),
    "a sign divided twice": on_tree(lambda tree: [1, *tree]),
    "a code that is a boolean": on_tree(lambda tree: [True, *tree[1:]]),
    "a token that is a text": on_tree(lambda tree: [str(tree[0]), *tree[1:]]),
    "a denominator 0": on_tree(
        lambda tree: [0 if i == bounded_places(tree, 1)[0] + 1 else t for i, t in enumerate(tree)]
    ),
    "a negative denominator": on_tree(
        lambda tree: [-t if i == bounded_places(tree, 1)[0] + 1 else t for i, t in enumerate(tree)]
    ),
    "rows are dropped": on_tree(lambda tree: without_rows(tree)),
    "multipliers are negative": on_tree(lambda tree: with_rows(tree, lambda row: [*row[:-1], -row[-1]])),
    "multipliers are doubled": on_tree(lambda tree: with_rows(tree, lambda row: [*row[:-1], 2 * row[-1]])),
    "rows are given twice": on_tree(lambda tree: doubled_rows(tree)),
    "rows of no unit": on_tree(lambda tree: with_rows(tree, lambda row: [5, *row[1:]])),
    "rows of no point": on_tree(lambda tree: with_rows(tree, lambda row: [row[0], 17, *row[2:]])),
    "rows of the point -1": on_tree(lambda tree: with_rows(tree, lambda row: [row[0], -1, *row[2:]])),
    "too many units": lambda document: document["witness"]["network"]["units"].append(["1", "0", "0"]),
    "a unit without a sign": lambda document: document["witness"]["network"]["units"][0].__setitem__(0, "2"),
    "a unit too short": lambda document: document["witness"]["network"]["units"][0].pop(),
    "an affine part that is not allowed": edit("witness", "network", "affine", value=["0", "1"]),
    "an affine part too long": edit("witness", "network", "affine", value=["0", "0", "0"]),
    "an unknown field": edit("witness", "more", value=1),
    "labels of another length": lambda document: document["statement"]["labels"].pop(),
    "weights of another length": lambda document: document["statement"]["weights"].pop(),
    "a weight 0": edit("statement", "weights", 0, value="0"),
    "a negative weight": edit("statement", "weights", 0, value="-1"),
    "points of different lengths": edit("statement", "points", 0, value=["0", "0"]),
    "points without coordinates": edit("statement", "points", value=[[]] * 6),
    "no points": edit("statement", "points", value=[]),
    "a loss that is unknown": edit("statement", "loss", value="cubic"),
    "the hinge loss for other labels": edit("statement", "loss", value="hinge"),
    "an affine part that is unknown": edit("statement", "affine", value="most"),
    "a relation that is unknown": edit("statement", "relation", value="exceeds"),
    "the width 0": edit("statement", "width", value="0"),
    "a width that is no integer": edit("statement", "width", value="3/2"),
    "an enormous width": edit("statement", "width", value="65"),
    "a label in floating point": edit("statement", "labels", 0, value=1.0),
    "another question": edit("statement", "question", value="dichotomies"),
}


def rows_of(tree: list[int]) -> list[tuple[int, int, list[list[int]]]]:
    """Begin and end of each proof of a bound, and its rows."""
    found = []
    for begin in bounded_places(tree, 1):
        place, rows = begin + 3, []
        for _ in range(tree[begin + 2]):
            length = 3 if tree[place] < 1 else 4
            rows.append(tree[place : place + length])
            place += length
        found.append((begin, place, rows))
    return found


def with_rows(tree: list[int], change: Callable[[list[int]], list[int]]) -> list[int]:
    """The rows of one bound are changed: of the last one that has any."""
    begin, end, rows = next(entry for entry in reversed(rows_of(tree)) if entry[2])
    return [*tree[: begin + 3], *(token for row in rows for token in change(row)), *tree[end:]]


def without_rows(tree: list[int]) -> list[int]:
    begin, end, _ = next(entry for entry in reversed(rows_of(tree)) if entry[2])
    return [*tree[: begin + 2], 0, *tree[end:]]


def doubled_rows(tree: list[int]) -> list[int]:
    begin, end, rows = next(entry for entry in reversed(rows_of(tree)) if entry[2])
    return [*tree[: begin + 2], 2 * len(rows), *(token for row in rows for token in (*row, *row)), *tree[end:]]


@pytest.mark.parametrize("name", FORGERIES)
def test_forgeries_are_rejected(name: str, sound: Json) -> None:
    forged = copy.deepcopy(sound)
    FORGERIES[name](forged)
    assert repr(forged) != repr(sound)
    with pytest.raises(Rejected) as caught:
        check(forged)
    assert str(caught.value)


def test_every_prefix_of_a_tree_is_rejected(sound: Json) -> None:
    forged = copy.deepcopy(sound)
    tree = sound["witness"]["tree"]
    for length in range(len(tree)):
        forged["witness"]["tree"] = tree[:length]
        with pytest.raises(Rejected):
            check(forged)


def test_each_token_changed_is_rejected_or_leaves_a_proof_of_the_same_true_statement(sound: Json) -> None:
    """With the bound raised by a thousandth, no change of a token makes it provable."""
    forged, generator, accepted = copy.deepcopy(sound), random.Random(1), 0
    value = Fraction(sound["witness"]["lower"])
    tree = sound["witness"]["tree"]
    for place, token in enumerate(tree):
        for other in {0, 1, 2, token + 1, token - 1, -token, 2 * token, generator.randint(-9, 99)} - {token}:
            forged["witness"]["tree"] = [*tree[:place], other, *tree[place + 1 :]]
            forged["statement"]["value"] = forged["witness"]["lower"] = str(value)
            accepted += accepts(forged)
            forged["statement"]["relation"] = "at least"
            forged["statement"]["value"] = forged["witness"]["lower"] = str(value + Fraction(1, 1000))
            forged["witness"]["network"] = None
            assert not accepts(forged)
            forged["statement"]["relation"], forged["witness"]["network"] = "is", sound["witness"]["network"]
    assert accepted < len(tree)


def accepts(document: Json) -> bool:
    try:
        found: Accepted = check(document)
    except Rejected:
        return False
    return found.holds is True


def test_random_changes_of_the_data_are_rejected_or_true() -> None:
    """Points, labels, weights, width, affine part and value: whatever is accepted agrees with exhaustion."""
    (made, _), generator, seen = example(), random.Random(2), 0
    for _ in range(300):
        forged = copy.deepcopy(made)
        stated = forged["statement"]
        for _ in range(generator.randint(1, 2)):
            name = generator.choice(["points", "labels", "weights", "width", "affine", "value", "relation"])
            if name in ("labels", "weights"):
                stated[name][generator.randrange(6)] = str(generator.randint(1, 3))
            elif name == "points":
                stated[name][generator.randrange(6)] = [str(generator.randint(0, 5))]
            elif name == "value":
                stated[name] = str(generator.choice([Fraction(made["witness"]["lower"]) / 2, 1, 3, 10]))
            else:
                choices = {"width": ["1", "2"], "affine": ["none", "bias", "all"], "relation": list(HOLDS)}
                stated[name] = generator.choice(choices[name])
        try:
            holds = check(forged).holds
        except Rejected:
            continue
        seen += stated != made["statement"]
        true = minimum(
            stated["points"], stated["labels"], int(stated["width"]), weights=stated["weights"], affine=stated["affine"]
        )
        value = float(Fraction(stated["value"]))
        close = abs(true - value) < 1e-9 * (1 + abs(value))
        assert (
            holds
            == {
                "is": close,
                "at least": close or true > value,
                "at most": close or true < value,
            }[stated["relation"]]
        )
    assert seen > 10
