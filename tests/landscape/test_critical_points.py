r"""Critical points of deep linear networks: the list of types is complete, and what is said of each point is true.

The oracle for the types is an enumeration: all weights with entries -1, 0, 1 at which the gradient, computed by numpy, is zero.
The ranks of all paths around the cycle of layers and the gradient say of which type they are.  The oracle for saddles and minima
is that of the kernel's tests: torch differentiates, and numpy has the least loss of a given rank.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from tests.kernel.test_critical_point import differentiated, is_true
from verify.errors import NetworkError, Unanswered
from verify.kernel import FORMAT, Accepted, check
from verify.landscape import Critical, CriticalPoint, DeepLinear, classify, critical_points, random_saddle

Json = Any
EYE = [[1, 0], [0, 1]]


def decided(question: CriticalPoint) -> Accepted:
    """What the kernel says, which has to be right."""
    kind, witness = question.answer()
    document = {"format": FORMAT, "kind": kind, "statement": question.statement(), "witness": witness}
    accepted = check(document)
    assert is_true(document, accepted.holds), question
    return accepted


# ----------------------------------------------------------------------------------------------------- all types


def invariants(weights: Sequence[np.ndarray], gradient: np.ndarray) -> np.ndarray:
    """The ranks of the products of layers, and of those that pass through the transposed gradient, for a batch, as rows."""
    depth, back = len(weights), np.swapaxes(gradient, -1, -2)

    def path(low: int, high: int) -> np.ndarray:
        found = np.eye(weights[low - 1].shape[-1] if low <= depth else weights[-1].shape[-2])[None]
        for layer in weights[low - 1 : high]:
            found = layer @ found
        return found

    inner = [path(low, high) for low in range(1, depth + 1) for high in range(low, depth + 1)]
    around = [path(1, high) @ back @ path(low, depth) for low in range(2, depth + 2) for high in range(low - 1)]
    return np.stack([np.linalg.matrix_rank(matrix, tol=1e-9) for matrix in (*inner, *around)], axis=1)


def keys(weights: Sequence[np.ndarray], targets: np.ndarray) -> list[tuple[tuple[float, ...], tuple[int, ...]]]:
    """The product and the invariants of a batch of weights, for X = I."""
    product = np.eye(targets.shape[1])[None]
    for layer in weights:
        product = layer @ product
    ranks = invariants(weights, product - targets)
    flat = product.reshape(len(product), -1).round(9) + 0.0
    return list(zip(map(tuple, flat.tolist()), map(tuple, ranks.tolist()), strict=True))


def enumerated(widths: Sequence[int], targets: np.ndarray) -> set[tuple[Any, ...]]:
    """The product and the invariants of all critical weights with entries -1, 0, 1, for X = I."""
    layers = [
        np.array(np.meshgrid(*[[-1.0, 0.0, 1.0]] * (a * b), indexing="ij")).reshape(a * b, -1).T.reshape(-1, b, a)
        for a, b in pairwise(widths)
    ]
    counts = [len(layer) for layer in layers]
    indices = np.unravel_index(np.arange(np.prod(counts)), counts)
    chosen = [layer[index] for layer, index in zip(layers, indices, strict=True)]
    below, above = [np.broadcast_to(np.eye(widths[0]), (len(indices[0]), widths[0], widths[0]))], [np.eye(widths[-1])]
    for layer in chosen:
        below.append(layer @ below[-1])
    for layer in chosen[::-1]:
        above.append(above[-1] @ layer)
    error = below[-1] - targets
    slopes = [
        np.swapaxes(a, -1, -2) @ error @ np.swapaxes(b, -1, -2) for a, b in zip(above[::-1][1:], below, strict=False)
    ]
    critical = np.flatnonzero(sum(abs(slope).max(axis=(1, 2)) for slope in slopes) < 1e-12)
    return set(keys([layer[critical] for layer in chosen], targets))


def listed(network: DeepLinear, kept: set[tuple[int, ...]]) -> Counter[tuple[Any, ...]]:
    """The same of the points that ``critical_points`` lists with these kept singular values."""
    points = [point.weights for point in critical_points(network) if point.kept in kept]
    layers = [np.array([weights[k] for weights in points], dtype=float) for k in range(network.depth)]
    return Counter(keys(layers, np.array(network.targets, dtype=float)))


@pytest.mark.parametrize(
    "widths",
    [
        (2, 2, 2, 2),
        (2, 2, 2),
        (3, 2, 2),
        (2, 2, 3),
        (1, 2, 2, 2),
        (2, 2, 2, 1),
        (2, 1, 2, 2),
        (1, 2, 1, 2),
        (1, 1, 1, 1, 1),
    ],
)
def test_the_types_are_those_of_all_small_critical_weights(widths: tuple[int, ...]) -> None:
    """With the targets diag(1, 1/2), integers reach the products that keep the 1 or nothing."""
    targets = np.zeros((widths[-1], widths[0]))
    for k in range(min(targets.shape)):
        targets[k, k] = 1 / (k + 1)
    network = DeepLinear.of(np.eye(widths[0]), targets, hidden=widths[1:-1])
    found = listed(network, {(), (0,)})
    assert set(found) == enumerated(widths, targets)
    assert set(found.values()) == {1}, "no type is listed twice"


@pytest.mark.parametrize(("widths", "types", "products"), [((3, 2, 3), 7, 7), ((2, 2, 2, 2), 20, 4), ((1, 1, 1), 2, 2)])
def test_the_number_of_types(widths: tuple[int, ...], types: int, products: int) -> None:
    targets = [[(i + 1) * (i == j) for j in range(widths[0])] for i in range(widths[-1])]
    points = list(critical_points(DeepLinear.of(np.eye(widths[0]), targets, hidden=widths[1:-1])))
    assert (len(points), len({point.kept for point in points})) == (types, products)


@pytest.mark.parametrize("hidden", [(1,), (2,), (3,), (1, 2)])
@pytest.mark.parametrize(
    ("inputs", "targets"),
    [
        ([[1, 2], [0, 1]], [[2, 1], [1, 2]]),
        ([[1, 0, 1], [0, 1, 1]], [[3, 0, 0], [0, 0, 0]]),
        ([[1, 0], [0, 1]], [["1/2", 0], [0, 3], [0, 0]]),
        ([[3, 4, 0], [-4, 3, 0], [0, 0, 1]], [[1, 2, 2]]),
    ],
)  # fmt: skip
def test_what_is_said_of_every_type_is_true(inputs: Json, targets: Json, hidden: tuple[int, ...]) -> None:
    network = DeepLinear.of(inputs, targets, hidden=hidden)
    least = list[Critical]()
    for point in critical_points(network):
        question = classify(network, point.weights)
        assert decided(question).holds
        if question.says == "global minimum":
            least.append(point)
    rank = len(max((point.kept for point in critical_points(network)), key=len))
    assert {point.kept for point in least} == {tuple(range(rank))}


# ------------------------------------------------------------------------------------------------ random saddles


@pytest.mark.parametrize("seed", range(0, 40, 2))
def test_random_saddles_are_certified(seed: int) -> None:
    network, weights = random_saddle(seed)
    assert decided(CriticalPoint(network, weights, "saddle")).holds
    question = classify(network, weights)
    assert question.says in ("strict saddle", "non-strict saddle") and decided(question).holds


@pytest.mark.parametrize("depth", [2, 3, 4, 5, 6])
def test_saddles_of_every_depth_are_certified(depth: int) -> None:
    for seed in range(3):
        network, weights = random_saddle(seed, depth=depth, largest=3)
        assert network.depth == depth
        assert decided(CriticalPoint(network, weights, "saddle")).holds


def test_random_saddles_are_of_many_kinds() -> None:
    """Depths, widths, correlated inputs, targets that are not linear, ranks below the widths in every place of the network."""
    drawn = [random_saddle(seed) for seed in range(150)]
    assert {network.depth for network, _ in drawn} == {2, 3, 4}
    assert {width for network, _ in drawn for width in network.widths} == {1, 2, 3, 4}
    grams = [np.array(network.inputs, dtype=float) @ np.array(network.inputs, dtype=float).T for network, _ in drawn]
    assert sum(not np.allclose(gram, np.diag(np.diag(gram))) for gram in grams) > 75
    assert (
        sum(bool(differentiated(network.statement(weights, "saddle"))[1] < -1e-9) for network, weights in drawn[:60])
        > 40
    )
    deficits = Counter[str]()
    for network, weights in drawn:
        layers = [np.array(layer, dtype=float) for layer in weights]
        product = np.linalg.multi_dot([*layers[::-1], np.eye(network.widths[0])])
        full = np.linalg.matrix_rank(product) == min(network.widths)
        deficits["full" if full else "deficient"] += 1
        deficits["zero layer"] += any(not layer.any() for layer in layers)
        deficits["larger layers"] += min(map(np.linalg.matrix_rank, layers)) > np.linalg.matrix_rank(product)
        deficits["dense"] += all(np.mean(layer != 0) > 0.5 for layer in layers)
    assert min(deficits[name] for name in ("full", "deficient", "zero layer", "larger layers", "dense")) >= 5, deficits


def test_the_same_seed_gives_the_same_saddle() -> None:
    assert random_saddle(3) == random_saddle(3) != random_saddle(4)


@pytest.mark.parametrize("seed", range(12))
def test_saddles_below_full_rank_are_saddles_for_all_masses(seed: int) -> None:
    network, weights = random_saddle(seed)
    masses = [[1 + (3 * i + j + seed) % 4 for j in range(len(row))] for i, row in enumerate(network.targets)]
    weighted = DeepLinear.of(network.inputs, network.targets, hidden=network.widths[1:-1], masses=masses)
    zero = [[[0] * len(row) for row in layer] for layer in weights]
    assert decided(CriticalPoint(weighted, zero, "saddle")).holds


# ------------------------------------------------------------------------------------------------------- answers


ONE = DeepLinear.of(EYE, [[2, 0], [0, 1]], hidden=(1,))
BEST, SADDLE, STEEP = ([[2, 0]], [[1], [0]]), ([[0, 1]], [[0], [1]]), ([[1, 1]], [[1], [1]])
WORDS = ("saddle", "strict saddle", "non-strict saddle", "not a local minimum", "global minimum")


@pytest.mark.parametrize(
    ("weights", "true"),
    [(BEST, {"global minimum"}), (SADDLE, {"saddle", "strict saddle", "not a local minimum"}), (STEEP, {"not a local minimum"})],
)  # fmt: skip
def test_every_word_is_decided_whether_it_is_true_or_not(weights: Json, true: set[str]) -> None:
    assert {says for says in WORDS if decided(CriticalPoint(ONE, weights, says)).holds} == true


@pytest.mark.parametrize(("depth", "order"), [(2, 2), (3, 3), (4, 4), (5, 5)])
def test_the_order_of_descent_at_zero_is_the_depth(depth: int, order: int) -> None:
    network = DeepLinear.of(EYE, [[2, 0], [0, 1]], hidden=(2,) * (depth - 1))
    question = classify(network, [[[0, 0], [0, 0]]] * depth)
    assert question.says == ("strict saddle" if depth == 2 else "non-strict saddle")
    assert dict(decided(question).facts)["order of descent"] == str(order)


def test_a_strict_saddle_that_chains_miss_is_found_by_its_hessian() -> None:
    """The product keeps the smaller singular value, and all else is zero: chains have order 3, a rotation order 2."""
    network = DeepLinear.of(EYE, [[2, 0], [0, 1]], hidden=(2, 2))
    weights = [[[0, 0], [0, 1]]] * 3
    assert dict(decided(CriticalPoint(network, weights, "saddle")).facts)["order of descent"] == "3"
    assert dict(decided(CriticalPoint(network, weights, "strict saddle")).facts)["order of descent"] == "2"
    assert classify(network, weights).says == "strict saddle"


@pytest.mark.parametrize("gap", ["1/4", "1e-3", "1e-9", "1e-12"])
def test_singular_values_that_nearly_agree_are_told_apart(gap: str) -> None:

    network = DeepLinear.of(EYE, [[1 + Fraction(gap), 0], [0, 1]], hidden=(1,))
    assert classify(network, ([[1 + Fraction(gap), 0]], [[1], [0]])).says == "global minimum"
    assert classify(network, ([[0, 1]], [[0], [1]])).says == "strict saddle"


def test_equal_singular_values_give_global_minima() -> None:
    network = DeepLinear.of(EYE, EYE, hidden=(1,))
    assert decided(CriticalPoint(network, ([[1, 1]], [["1/2"], ["1/2"]]), "global minimum")).holds


def test_inputs_of_less_than_full_rank_have_saddles_and_minima() -> None:
    network = DeepLinear.of([[1, 1], [2, 2]], [[1, 3], [0, 0]], hidden=(1, 2))
    zero = ([[0, 0]], [[0], [0]], [[0, 0], [0, 0]])
    assert decided(CriticalPoint(network, zero, "saddle")).holds
    best = ([[0, 1]], [[1], [0]], [[1, 0], [0, 0]])
    assert decided(CriticalPoint(network, best, "global minimum")).holds


def test_what_cannot_be_decided_is_said() -> None:
    """All masses 2 are as good as none, but this is not known here."""
    network = DeepLinear.of(EYE, [[2, 0], [0, 1]], hidden=(1,), masses=[[2, 2], [2, 2]])
    with pytest.raises(Unanswered, match="with masses there may be a local minimum"):
        CriticalPoint(network, BEST, "global minimum").answer()


# ----------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("inputs", "targets", "hidden", "masses", "sentence"),
    [
        ([[1, 0]], [[1, 0, 0]], (1,), None, "the inputs have 2 columns and the targets 3"),
        ([[1, 0], [1]], [[1, 0]], (1,), None, "row 1 of inputs has 1 entries, and row 0 has 2"),
        ([], [[1, 0]], (1,), None, "inputs is no matrix"),
        ([1, 0], [[1, 0]], (1,), None, "row 0 of inputs is no row of numbers"),
        ("10", [[1, 0]], (1,), None, "inputs is no matrix"),
        ([[1, float("nan")]], [[1, 0]], (1,), None, r"inputs\[0\]\[1\] is nan; .* finite numbers only"),
        ([[1, 0]], [[1, float("inf")]], (1,), None, r"targets\[0\]\[1\] is inf; .* finite numbers only"),
        ([[1, "x"]], [[1, 0]], (1,), None, r"inputs\[0\]\[1\] is 'x', which is no number"),
        ([[1, 0]], [[1, 0]], (0,), None, "a hidden width is 0; widths are positive integers"),
        ([[1, 0]], [[1, 0]], (1.5,), None, "a hidden width is 1.5"),
        ([[1, 0]], [[1, 0]], (1,), [[1, 0]], "a mass is not positive"),
        ([[1, 0]], [[1, 0]], (1,), [[1]], r"masses has the shape \(1, 1\), and \(1, 2\) is needed"),
    ],
)  # fmt: skip
def test_bad_data_get_one_sentence(inputs: Json, targets: Json, hidden: Any, masses: Json, sentence: str) -> None:
    with pytest.raises(NetworkError, match=sentence):
        DeepLinear.of(inputs, targets, hidden=hidden, masses=masses)


@pytest.mark.parametrize(
    ("weights", "says", "sentence"),
    [
        (([[2, 0]],), "saddle", "the weights are 1, and a network of depth 2"),
        (7, "saddle", "the weights are 7, and a network of depth 2"),
        (([[2, 0]], [[1, 0]]), "saddle", r"W_2 has the shape \(1, 2\), and \(2, 1\) is needed"),
        (([[2, 0]], [[1], [float("nan")]]), "saddle", r"W_2\[1\]\[0\] is nan"),
        (BEST, "minimum", "weights are not said to be 'minimum'; the words are saddle, "),
    ],
)  # fmt: skip
def test_bad_weights_get_one_sentence(weights: Json, says: str, sentence: str) -> None:
    with pytest.raises(NetworkError, match=sentence):
        CriticalPoint(ONE, weights, says).statement()


@pytest.mark.parametrize(
    ("inputs", "targets", "masses", "sentence"),
    [
        ([[1, 2], [2, 4]], [[1, 0]], None, "the inputs have rank 1 and 2 rows; .* X X\\^T is invertible"),
        (EYE, EYE, None, "the squared singular value 1 of the regression is repeated"),
        (EYE, [[1, 1], [0, 1]], None, r"are roots of x\^2 .*, which are irrational"),
        (EYE, [[2, 0], [0, 1]], [[1, 2], [1, 1]], "the subset formula is about masses 1"),
    ],
)  # fmt: skip
def test_the_subset_formula_names_the_hypothesis_that_fails(
    inputs: Json, targets: Json, masses: Json, sentence: str
) -> None:
    with pytest.raises(NetworkError, match=sentence):
        list(critical_points(DeepLinear.of(inputs, targets, hidden=(1,), masses=masses)))
