r"""Certificates of critical points: what is accepted is true, and every forgery is refused with a sentence.

Oracles: the loss evaluated directly in fractions on the curves, at small t; automatic differentiation by torch for gradients
and Hessians; the singular values of numpy for the least loss of a given rank.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.kernel.strictness import assert_fields_are_exact, edited
from verify.kernel import FORMAT, Rejected, canonical, check, read, statement_text

Json = Any
Rows = list[list[Fraction]]
CERTIFICATES = Path(__file__).parent / "certificates"


def certificate(kind: str, stated: Json, **witness: Json) -> Json:
    document = {"format": FORMAT, "kind": f"critical-point-{kind}", "statement": stated, "witness": witness}
    return json.loads(json.dumps(document))  # so that no two parts are one object


def statement(says: str, inputs: Json, targets: Json, *weights: Json, masses: Json = None) -> Json:
    data = {"inputs": inputs, "targets": targets, "masses": masses, "weights": list(weights)}
    return {"question": "critical_point", **data, "says": says}


EYE = [["1", "0"], ["0", "1"]]
DIAGONAL = [["2", "0"], ["0", "1"]]
FLAT = [["0", "0"], ["0", "0"]]
X, Y = [["1", "1", "0"], ["0", "1", "1"]], [["2", "0", "1"], ["1/2", "1", "0"]]


def wrong_singular_value(says: str = "saddle") -> Json:
    """Width 1 keeps the singular value 1 instead of 2; W_2 turns from (0, 1) to (1, 0), W_1 follows."""
    stated = statement(says, EYE, DIAGONAL, [["0", "1"]], [["0"], ["1"]])
    descent = [[2, 1, 0, 0, "1"], [1, 1, 0, 0, "2"]]
    return certificate("curve", stated, descent=descent, ascent=[[1, 1, 0, 0, "1"]])


def wider_inputs() -> Json:
    """Layers that are not square; the third input is not used by the targets."""
    eye = [["1", "0", "0"], ["0", "1", "0"], ["0", "0", "1"]]
    stated = statement("saddle", eye, [["2", "0", "0"], ["0", "1", "0"]], [["0", "1", "0"]], [["0"], ["1"]])
    descent = [[2, 1, 0, 0, "1"], [1, 1, 0, 0, "2"]]
    return certificate("curve", stated, descent=descent, ascent=[[1, 2, 0, 2, "1"], [2, 1, 1, 0, "1"]])


def zero_of_two_layers() -> Json:
    descent, ascent = [[1, 1, 0, 0, "1"], [2, 1, 0, 0, "1"]], [[1, 1, 0, 0, "1"], [2, 1, 0, 0, "-1"]]
    return certificate("curve", statement("strict saddle", EYE, DIAGONAL, FLAT, FLAT), descent=descent, ascent=ascent)


def zero_of_three_layers() -> Json:
    descent = [[k, 1, 0, 0, "1"] for k in (1, 2, 3)]
    ascent = [*descent[:2], [3, 1, 0, 0, "-1"]]
    return certificate(
        "curve", statement("non-strict saddle", EYE, DIAGONAL, FLAT, FLAT, FLAT), descent=descent, ascent=ascent
    )


def not_strict() -> Json:
    document = zero_of_three_layers()
    document["statement"]["says"] = "strict saddle"
    return document


def along_a_bent_curve() -> Json:
    """With masses, and a term of t^2."""
    stated = statement("not a local minimum", EYE, DIAGONAL, FLAT, FLAT, masses=[["2", "1"], ["3", "1/2"]])
    return certificate("curve", stated, descent=[[1, 1, 0, 0, "3"], [2, 2, 0, 0, "1"]], ascent=None)


def not_global() -> Json:
    document = wrong_singular_value("global minimum")
    document["witness"]["ascent"] = None
    return document


def best_of_rank_one() -> Json:
    stated = statement("global minimum", EYE, DIAGONAL, [["2", "0"]], [["1"], ["0"]])
    return certificate("bound", stated, fit=DIAGONAL, kept=[["1", "0"], ["0", "0"]], threshold="2")


def no_saddle() -> Json:
    document = best_of_rank_one()
    document["statement"]["says"] = "saddle"
    return document


def interpolation() -> Json:
    return certificate(
        "bound", statement("global minimum", EYE, DIAGONAL, DIAGONAL, EYE, masses=[["2", "1"], ["1", "3"]])
    )


def steep(says: str = "saddle") -> Json:
    return certificate("slope", statement(says, X, Y, [["1", "0"]], [["1"], ["-1/2"]]), place=[2, 1, 0])


EXAMPLES: dict[str, Callable[[], Json]] = {
    "a wrong singular value": wrong_singular_value,
    "a wrong singular value is strict": lambda: wrong_singular_value("strict saddle"),
    "wider inputs": wider_inputs,
    "zero, two layers": zero_of_two_layers,
    "zero, three layers": zero_of_three_layers,
    "zero, three layers, is not strict": not_strict,
    "a bent curve": along_a_bent_curve,
    "no global minimum": not_global,
    "the best of rank one": best_of_rank_one,
    "the best is no saddle": no_saddle,
    "interpolation": interpolation,
    "a slope": steep,
    "a slope is no local minimum": lambda: steep("not a local minimum"),
}
FALSE = {"zero, three layers, is not strict", "no global minimum", "the best is no saddle", "a slope"}

# ------------------------------------------------------------------------------------------------------- oracles


def rows(value: Json) -> Rows:
    return [[Fraction(x) for x in row] for row in value]


def times(a: Rows, b: Rows) -> Rows:
    return [[sum((x * b[k][j] for k, x in enumerate(row)), Fraction(0)) for j in range(len(b[0]))] for row in a]


def loss_at(stated: Json, weights: Sequence[Rows]) -> Fraction:
    """By the definition."""
    output, targets = rows(stated["inputs"]), rows(stated["targets"])
    for layer in weights:
        output = times(layer, output)
    masses = rows(stated["masses"]) if stated["masses"] else [[Fraction(1)] * len(targets[0])] * len(targets)
    return sum(
        (masses[i][j] * (output[i][j] - target) ** 2 for i, row in enumerate(targets) for j, target in enumerate(row)),
        Fraction(0),
    ) / 2  # fmt: skip


def on_curve(stated: Json, curve: Json, t: Fraction) -> Fraction:
    weights = [rows(layer) for layer in stated["weights"]]
    for layer, power, i, j, coefficient in curve:
        weights[layer - 1][i][j] += Fraction(coefficient) * t**power
    return loss_at(stated, weights)


def differentiated(stated: Json) -> tuple[float, float]:
    """The largest absolute derivative, and the least eigenvalue of the Hessian, by torch."""
    x, y = (
        torch.tensor([[float(v) for v in row] for row in rows(stated[name])], dtype=torch.float64)
        for name in ("inputs", "targets")
    )
    c = torch.ones_like(y)
    if stated["masses"]:
        c = torch.tensor([[float(v) for v in row] for row in rows(stated["masses"])], dtype=torch.float64)
    flat = torch.tensor(
        [float(v) for layer in stated["weights"] for row in rows(layer) for v in row], dtype=torch.float64
    )
    shapes = [(len(layer), len(layer[0])) for layer in stated["weights"]]

    def loss(values: Any) -> Any:
        output = x
        for part, shape in zip(values.split([a * b for a, b in shapes]), shapes, strict=True):
            output = part.view(shape) @ output
        return (c * (output - y) ** 2).sum() / 2

    gradient = torch.autograd.functional.jacobian(loss, flat)
    hessian = torch.autograd.functional.hessian(loss, flat)
    return float(gradient.abs().max()), float(torch.linalg.eigvalsh(hessian)[0])


def least_loss(stated: Json) -> float:
    """Of any network of these widths, for masses 1: Eckart and Young, by numpy.  With masses: of any matrix, row by row."""
    x, y = (np.array([[float(v) for v in row] for row in rows(stated[name])]) for name in ("inputs", "targets"))
    if stated["masses"]:
        roots = np.sqrt(np.array([[float(v) for v in row] for row in rows(stated["masses"])]))
        fits = [np.linalg.lstsq((root * x).T, root * row, rcond=None)[0] for root, row in zip(roots, y, strict=True)]
        return float((roots**2 * (np.array(fits) @ x - y) ** 2).sum()) / 2
    fitted = y @ np.linalg.pinv(x) @ x
    rank = min(len(x), *(len(layer) for layer in stated["weights"]))
    return float((np.linalg.svd(fitted)[1][rank:] ** 2).sum() + ((y - fitted) ** 2).sum()) / 2


def is_true(document: Json, holds: bool | None) -> bool:
    """Whether the answer of a certificate with small numbers is right."""
    stated, witness = document["statement"], document["witness"]
    says, value = stated["says"], loss_at(stated, [rows(layer) for layer in stated["weights"]])
    slope, curvature = differentiated(stated)
    small = Fraction(1, 10**5)
    is_least = float(value) <= least_loss(stated) + 1e-9
    if document["kind"] == "critical-point-curve":
        assert not is_least and on_curve(stated, witness["descent"], small) < value
    critical = slope < 1e-9
    if says == "global minimum":
        return holds is is_least
    if says == "not a local minimum":
        return holds is not is_least
    if document["kind"] == "critical-point-curve":
        assert on_curve(stated, witness["ascent"], small) > value
    strict = curvature < -1e-9
    right = critical and not is_least and (says == "saddle" or strict == (says == "strict saddle"))
    return holds is right


# ------------------------------------------------------------------------------------------- what is accepted


@pytest.mark.parametrize("name", EXAMPLES)
def test_good_certificates_are_accepted_and_true(name: str) -> None:
    document = EXAMPLES[name]()
    accepted = check(document)
    assert accepted.holds is (name not in FALSE)
    assert is_true(document, accepted.holds)


def test_what_was_decided_is_said_in_words() -> None:
    title, *lines = statement_text(best_of_rank_one()["statement"])
    assert (
        title
        == "The given weights of a linear network of widths 2, 1, 2 are a global minimum of 1/2 |W_2 W_1 X - Y|^2, at 2 data"
    )
    assert lines == ["W_1 = [2, 0]", "W_2 = [1; 0]", "X = [1, 0; 0, 1]", "Y = [2, 0; 0, 1]"]
    assert "1/2 sum_ij c_ij (W_2 W_1 X - Y)_ij^2" in statement_text(along_a_bent_curve()["statement"])[0]


def test_the_orders_and_the_loss_are_told() -> None:
    assert check(zero_of_three_layers()).facts == (
        ("loss", "5/2"), ("order of descent", "3"), ("order of ascent", "3"), ("Hessian", "positive semidefinite"),
    )  # fmt: skip
    assert dict(check(along_a_bent_curve()).facts)["order of descent"] == "3"
    assert (check(zero_of_three_layers()).steps, check(zero_of_two_layers()).steps) == (6, 4)
    assert check(steep()).facts == (("loss", "25/8"), ("derivative", "-5/2"))


def test_the_order_of_the_entries_of_a_curve_does_not_matter_and_equal_places_add_up() -> None:
    document = wrong_singular_value()
    document["witness"]["descent"] = [[1, 1, 0, 0, "3/2"], [2, 1, 0, 0, "1"], [1, 1, 0, 0, "1/2"]]
    assert check(document).facts == check(wrong_singular_value()).facts


@pytest.mark.parametrize("seed", range(8))
def test_the_gradient_and_the_hessian_are_those_of_automatic_differentiation(seed: int) -> None:
    from verify.kernel.critical_point_loss import Loss

    source = random.Random(seed)
    widths = [source.randint(1, 3) for _ in range(source.randint(2, 5))]

    def drawn(height: int, width: int) -> Rows:
        return [[Fraction(source.randint(-6, 6), source.randint(1, 3)) for _ in range(width)] for _ in range(height)]

    masses = [[Fraction(source.randint(1, 5)) for _ in range(4)] for _ in range(widths[-1])] if seed % 2 else None
    loss = Loss(
        drawn(widths[0], 4),
        drawn(widths[-1], 4),
        masses,
        [drawn(b, a) for a, b in pairwise(widths)],
    )
    x, y, c = (
        torch.tensor([[float(v) for v in row] for row in part or [[1]]], dtype=torch.float64)
        for part in (loss.inputs, loss.targets, masses)
    )

    def value(*weights: Any) -> Any:
        output = x
        for layer in weights:
            output = layer @ output
        return (c * (output - y) ** 2).sum() / 2

    weights = tuple(
        torch.tensor([[float(v) for v in row] for row in layer], dtype=torch.float64) for layer in loss.weights
    )
    assert float(value(*weights)) == pytest.approx(float(loss.value()))
    for found, expected in zip(loss.gradient(), torch.autograd.functional.jacobian(value, weights), strict=True):
        assert np.allclose(np.array(found, dtype=float), expected.numpy())
    blocks = torch.autograd.functional.hessian(value, weights)
    sizes = [layer.numel() for layer in weights]
    hessian = np.block(
        [[block.reshape(sizes[i], sizes[j]).numpy() for j, block in enumerate(line)] for i, line in enumerate(blocks)]
    )
    assert np.allclose(np.array(loss.hessian(), dtype=float), hessian)


@pytest.mark.parametrize("seed", range(8))
def test_the_coefficients_along_a_curve_are_those_of_the_polynomial(seed: int) -> None:
    from verify.kernel.critical_point_loss import read as read_loss

    source = random.Random(seed)
    entries = [
        [k, source.randint(1, 3), source.randrange(2), source.randrange(2), str(source.randint(-4, 4))]
        for k in (1, 2, 3, 1, 2)
    ]
    layers = [[[str(source.randint(-2, 2)) for _ in range(2)] for _ in range(2)] for _ in range(3)]
    stated = statement("saddle", X, Y, *layers, masses=None if seed % 2 else [["1", "2", "3"], ["1/2", "1", "1"]])
    found = read_loss(stated)[0].changes(entries)
    for t in (Fraction(1, 7), Fraction(-2), Fraction(3)):
        change = on_curve(stated, entries, t) - on_curve(stated, entries, Fraction(0))
        assert sum(c * t**k for k, c in enumerate(found, start=1)) == change


@pytest.mark.parametrize(("name", "example", "digest"), [
    ("critical_point_curve", zero_of_three_layers, "4ccb425dfaf8aa0c44d81667989641e0dbdb0809a5043eb538ad54c670e6cd0b"),
    ("critical_point_bound", best_of_rank_one, "b2edd260f1c129d91e17086c9e49ef206ceed8d28b68f8707d2b9a8025988471"),
    ("critical_point_slope", steep, "31b6bc31e2a9a1c5ed4f3254ab79842841dbffb7f30434cfacad7174911515f4"),
])  # fmt: skip
def test_golden_bytes(name: str, example: Callable[[], Json], digest: str) -> None:
    path = CERTIFICATES / f"{name}.json"
    assert path.read_bytes() == canonical(example())
    assert check(read(path)).statement_sha256 == digest


# ----------------------------------------------------------------------------------------------- what is refused


UP = [[1, 1, 0, 0, "1"]]
FORGERIES = {
    "descent of ascent": (wrong_singular_value, "witness.descent", UP, "increases along the curve of descent"),
    "ascent of descent": (zero_of_two_layers, "witness.ascent", zero_of_two_layers()["witness"]["descent"], "decreases"),
    "a curve that does not move": (wrong_singular_value, "witness.descent", [], "does not change along a curve"),
    "a curve along which nothing changes": (zero_of_two_layers, "witness.descent", UP, "does not change"),
    "no curve": (wrong_singular_value, "witness.descent", None, "expected a list"),
    "no curve of ascent": (wrong_singular_value, "witness.ascent", None, "expected a list"),
    "a curve of ascent from no minimum": (not_global, "witness.ascent", UP, "says nothing of minima"),
    "too long a step": (wrong_singular_value, "witness.descent.1.4", "5", "increases along the curve of descent"),
    "weights that are not critical": (wrong_singular_value, "statement.weights.0.0.1", "11/10", "the gradient is not zero"),
    "other targets": (wrong_singular_value, "statement.targets.0.1", "1/10", "the gradient is not zero"),
    "no such layer": (zero_of_two_layers, "witness.descent.1.0", 3, "there is no layer 3"),
    "a layer before the first": (zero_of_two_layers, "witness.descent.1.0", 0, "there is no layer 0"),
    "a constant term": (zero_of_two_layers, "witness.descent.1.1", 0, "or power 0"),
    "a power of 1000": (zero_of_two_layers, "witness.descent.1.1", 1000, "or power 1000"),
    "no such row": (zero_of_two_layers, "witness.descent.1.2", 2, "layer 2 has no entry 2 0"),
    "a negative column": (zero_of_two_layers, "witness.descent.1.3", -1, "layer 2 has no entry 0 -1"),
    "a row of the other side": (wider_inputs, "witness.descent.1.2", 2, "layer 1 has no entry 2 0"),
    "a column of the other side": (wider_inputs, "witness.descent.0.3", 1, "layer 2 has no entry 0 1"),
    "a row that is a text": (zero_of_two_layers, "witness.descent.1.2", "0", "are integers"),
    "a row that is a truth value": (zero_of_two_layers, "witness.descent.1.2", True, "are integers"),
    "a coefficient that is a number": (zero_of_two_layers, "witness.descent.1.4", 1, "a number must be a string"),
    "an entry of four parts": (zero_of_two_layers, "witness.descent.1", [2, 1, 0, "1"], "expected a list of 5"),
    "a Hessian that has a negative eigenvalue": (
        zero_of_two_layers, "witness.descent", [[1, 2, 0, 0, "1"], [2, 1, 0, 0, "1"]], "which the curve of descent misses"),
    "another word": (wrong_singular_value, "statement.says", "nice", "weights are not said to be nice"),
    "no word": (wrong_singular_value, "statement.says", None, "weights are not said to be None"),
    "layers that do not fit": (wrong_singular_value, "statement.weights.1", [["0", "0"], ["1", "0"]], "expected a list of 1"),
    "no layers": (wrong_singular_value, "statement.weights", [], "between 1 and 12 layers"),
    "too few outputs": (wrong_singular_value, "statement.weights.1", [["0"]], "has 1 outputs, and the targets have 2"),
    "targets for other data": (wrong_singular_value, "statement.targets", [["2"], ["0"]], "expected a list of 2"),
    "no data": (wrong_singular_value, "statement.inputs", [[], []], "a matrix has no columns"),
    "no inputs": (wrong_singular_value, "statement.inputs", [], "a matrix has no rows"),
    "a mass that is zero": (along_a_bent_curve, "statement.masses.0.0", "0", "masses are positive"),
    "masses of another shape": (along_a_bent_curve, "statement.masses", [["1", "1"]], "expected a list of 2"),
    "a bare number": (wrong_singular_value, "statement.inputs.0.0", 1, "a number must be a string"),
    "another fit": (best_of_rank_one, "witness.fit.0.0", "3", "does not solve the normal equations"),
    "no projection": (best_of_rank_one, "witness.kept.0.1", "1", "no orthogonal projection"),
    "a projection that is not symmetric": (best_of_rank_one, "witness.kept", [["1", "1"], ["0", "0"]], "no orthogonal"),
    "a multiple of a projection": (best_of_rank_one, "witness.kept.0.0", "2", "no orthogonal projection"),
    "another projection": (best_of_rank_one, "witness.kept", [["0", "0"], ["0", "1"]], "is not the projection of the fit"),
    "a projection of rank 2": (best_of_rank_one, "witness.kept", EYE, "has rank 2 and the least width is 1"),
    "a projection of rank 0": (best_of_rank_one, "witness.kept", FLAT, "has rank 0 and the least width is 1"),
    "too large a threshold": (best_of_rank_one, "witness.threshold", "5", "does not keep the largest singular values"),
    "too small a threshold": (best_of_rank_one, "witness.threshold", "1/2", "does not keep the largest singular values"),
    "a negative threshold": (best_of_rank_one, "witness.threshold", "-1", "the threshold is negative"),
    "a projection with masses": (best_of_rank_one, "statement.masses", [["1", "1"], ["1", "1"]], "a projection proves nothing"),
    "smaller singular values": (best_of_rank_one, "statement.targets.1.1", "3", "normal equations"),
    "another weight": (best_of_rank_one, "statement.weights.0.0.0", "1", "is not the projection of the fit"),
    "a gradient that is not zero": (interpolation, "statement.weights.0.0.0", "1", "gradient by the product of the weights"),
    "no slope": (steep, "statement.targets", [["1", "1", "0"], ["-1/2", "-1/2", "0"]], "the gradient is zero at the weight"),
    "a place outside": (steep, "witness.place", [2, 2, 0], "malformed"),
    "a layer outside": (steep, "witness.place", [3, 0, 0], "malformed"),
    "a layer 0": (steep, "witness.place", [0, 0, 0], "no such weight"),
    "a place from the end": (steep, "witness.place", [2, -1, 0], "no such weight"),
    "a place that is a text": (steep, "witness.place", ["2", 0, 0], "no such weight"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_refused(name: str) -> None:
    example, path, value, sentence = FORGERIES[name]
    with pytest.raises(Rejected, match=sentence):
        check(edited(example(), path, value))


def test_a_projection_onto_smaller_singular_values_is_refused() -> None:
    """All conditions but the last one hold."""
    stated = statement("global minimum", EYE, DIAGONAL, [["0", "1"]], [["0"], ["1"]])
    for threshold in ("0", "1", "2", "4", "5"):
        with pytest.raises(Rejected, match="does not keep the largest singular values"):
            check(certificate("bound", stated, fit=DIAGONAL, kept=[["0", "0"], ["0", "1"]], threshold=threshold))


def test_a_projection_that_does_not_commute_is_refused() -> None:
    """Regression on one column of the right inverse: A X = P B X, but P is not spanned by singular vectors."""
    half = [["1/2", "1/2"], ["1/2", "1/2"]]
    stated = statement("global minimum", EYE, DIAGONAL, [["1", "1/2"]], [["1"], ["1"]])
    with pytest.raises(Rejected, match="does not commute"):
        check(certificate("bound", stated, fit=DIAGONAL, kept=half, threshold="1"))


def test_more_entries_than_allowed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.kernel.critical_point_loss.MAX_ENTRIES", 11)
    with pytest.raises(Rejected, match="more than 11 entries"):
        check(wrong_singular_value())
    monkeypatch.undo()
    monkeypatch.setattr("verify.kernel.critical_point_loss.MAX_WEIGHTS", 11)
    with pytest.raises(Rejected, match="at most 11 weights"):
        check(zero_of_three_layers())


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != "interpolation"])
def test_fields_are_exact(name: str) -> None:
    assert_fields_are_exact(EXAMPLES[name])


def test_a_certificate_is_accepted_for_its_own_statement_only() -> None:
    documents, crossings = [example() for example in EXAMPLES.values()], 0
    for stated in documents:
        for other in documents:
            crossed = {**other, "statement": stated["statement"]}
            try:
                holds = check(crossed).holds
            except Rejected:
                crossings += 1
                continue
            assert is_true(crossed, holds), "a witness of one statement shows another one, which is true"
    assert crossings > len(documents) ** 2 / 2


def numbers(node: Json, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The places of all numbers, as texts or integers."""
    if isinstance(node, str | int):
        return (
            [path]
            if isinstance(node, int) or (node and node[-1].isdigit() and path[0] in ("statement", "witness"))
            else []
        )
    items: Sequence[tuple[Any, Json]] = list(node.items() if isinstance(node, dict) else enumerate(node or ()))
    return [place for key, value in items for place in numbers(value, (*path, str(key)))]


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_number_changed_at_random_is_refused_or_leaves_a_true_statement(name: str) -> None:
    source = random.Random(name)
    document = EXAMPLES[name]()
    places = [place for place in numbers(document) if place[0] in ("statement", "witness")]
    assert len(places) > 6
    for place in places:
        before = at(document, place)
        whole = isinstance(before, int)
        for change in (
            1,
            -1,
            Fraction(source.randrange(1, 9), 4),
            -Fraction(before),
            2 * Fraction(before),
            Fraction(0),
        ):
            value: Json = (
                int(change) if whole else str(Fraction(before) + change if abs(change) == 1 else Fraction(change))
            )
            if value == before:
                continue
            forged = edited(document, ".".join(place), value)
            try:
                holds = check(forged).holds
            except Rejected:
                continue
            assert is_true(forged, holds), (place, value)


def at(document: Json, place: Sequence[str]) -> Json:
    for step in place:
        document = document[int(step) if isinstance(document, list) else step]
    return document
