r"""The search for exact rates, against closed forms of the literature; what it finds is decided by the kernel."""

from __future__ import annotations

from fractions import Fraction as F
from typing import Any

import pytest

from tests.optimization.families import FAMILIES, descent, heavy_ball, nesterov, statement
from verify.errors import Unanswered
from verify.kernel import FORMAT, canonical, check
from verify.optimization.rates import Hints, prove, refute, worst_case_rate

Json = Any


def decided(kind: str, stated: Json, witness: Json) -> bool | None:
    return check({"format": FORMAT, "kind": f"worst-case-{kind}", "statement": stated, "witness": witness}).holds


def scaled(stated: Json, factor: F) -> Json:
    return {**stated, "rate": str(F(stated["rate"]) * factor)}


@pytest.mark.parametrize("steps", [1, 2, 5])
@pytest.mark.parametrize("name", FAMILIES)
def test_the_published_rate_is_certified_without_slack(name: str, steps: int) -> None:
    stated = FAMILIES[name](steps)
    witness = prove(stated)
    assert witness is not None and decided("multipliers", stated, witness)
    assert len(canonical(witness)) < 8000


@pytest.mark.parametrize("name", FAMILIES)
def test_a_smaller_rate_is_not_certified_but_refuted(name: str) -> None:
    """Where the published rate is the worst case, as it is for all of these families."""
    stated = scaled(FAMILIES[name](2), F(19, 20))
    assert prove(stated) is None
    witness = refute(stated)
    assert witness is not None and decided("gram", stated, witness) is False


@pytest.mark.parametrize("name", FAMILIES)
def test_a_larger_rate_is_certified_and_not_attained(name: str) -> None:
    stated = scaled(FAMILIES[name](3), F(11, 10))
    witness = prove(stated)
    assert witness is not None and decided("multipliers", stated, witness)
    assert refute(stated) is None
    larger = {**stated, "relation": "attained"}
    below = prove(larger)
    assert below is not None and decided("multipliers", larger, below) is False


@pytest.mark.parametrize("name", FAMILIES)
def test_the_rate_is_found_and_attained(name: str) -> None:
    stated = FAMILIES[name](2)
    found = worst_case_rate({**stated, "rate": "0"})
    assert found.value == F(stated["rate"]) and found.slack is None
    assert decided("multipliers", stated, found.witness)
    assert found.attained is not None and found.in_words() == stated["rate"]
    assert decided("gram", {**stated, "relation": "attained"}, found.attained)


def test_powers_with_long_denominators_are_found_from_floats() -> None:
    found = worst_case_rate(FAMILIES["strongly convex, distance"](8))
    assert found.value == F(9, 10) ** 16 and found.slack is None


@pytest.mark.parametrize("steps", [1, 2, 4, 6])
def test_rates_of_nesterov_at_the_points_of_gradients(steps: int) -> None:
    """2/(N^2 + 7 N + 4), a pattern of the floats of others; each is certified here on its own."""
    found = worst_case_rate(statement(nesterov(steps), "distance", "values"))
    assert found.value == F(2, steps**2 + 7 * steps + 4)


def test_a_bound_that_is_not_tight_is_certified_too() -> None:
    """Nesterov's 2/(N + 1)^2."""
    stated = statement(nesterov(3), "distance", "values", rate=F(2, 16))
    witness = prove(stated)
    assert witness is not None and decided("multipliers", stated, witness)


def test_an_irrational_rate_is_certified_with_a_slack_that_is_said() -> None:
    stated = statement(heavy_ball(2, F(1), F(1, 2)), "distance", "values")
    found = worst_case_rate(stated)
    assert found.slack is not None and found.slack >= 16
    assert found.in_words() == f"{found.value}, with slack 2^-{found.slack}"
    assert found.solver_value < found.value <= found.solver_value * (1 + 2.0 ** (1 - found.slack))
    assert decided("multipliers", {**stated, "rate": str(found.value)}, found.witness)
    below = {**stated, "rate": str(F(found.value) * (1 - F(1, 10**4)))}
    witness = refute(below)
    assert witness is not None and decided("gram", below, witness) is False


def test_a_worst_case_without_bound_is_a_direction_and_no_number() -> None:
    stated = statement(descent(2), "distance", "values", L="inf")
    with pytest.raises(Unanswered, match=r"unbounded: the performance grows along g1 = 1, g2 = -1") as caught:
        worst_case_rate(stated)
    assert "rate" not in str(caught.value)
    assert prove({**stated, "rate": "100"}) is None
    witness = refute({**stated, "rate": "100"})
    assert witness is not None and decided("gram", {**stated, "rate": "100"}, witness) is False


def test_conditions_that_contradict_each_other_bound_nothing() -> None:
    stated = {**FAMILIES["convex, values"](1), "conditions": [[["-1"]]]}
    assert prove(stated) is None and refute(stated) is None
    with pytest.raises(Unanswered, match="no instance was found that satisfies the conditions"):
        worst_case_rate(stated)


def test_conditions_that_zero_does_not_satisfy_come_with_an_instance() -> None:
    """x* has length 1, which changes nothing."""
    stated = {**FAMILIES["convex, values"](2), "equations": [[["1", "xs", "xs"], ["-1"]]]}
    witness = prove(stated)
    assert witness is not None and "instance" in witness
    assert decided("multipliers", stated, witness)


def test_coefficients_beyond_floats_are_refused() -> None:
    stated = statement(descent(1, F(10) ** 400), "distance", "values", rate=F(1))
    with pytest.raises(Unanswered, match="too large for floats"):
        prove(stated)


def test_hints_are_not_trusted() -> None:
    """The right worst case, a wrong one, and vectors that are missing: the answer is the same."""
    stated = FAMILIES["convex, values"](2)
    right = {"x0": (F(1),), "xs": (F(0),), "g0": (F(1, 5),), "g1": (F(1, 5),), "g2": (F(1, 5),)}
    for vectors in (right, {**right, "g1": (F(1, 2),)}, {"x0": (F(1),)}, {name: (F(0), F(1)) for name in right}):
        witness = prove(stated, Hints(vectors))
        assert witness is not None and decided("multipliers", stated, witness)
        assert prove(scaled(stated, F(99, 100)), Hints(vectors)) is None


# --------------------------------------------------------------------------------------------- other classes


def one_step(functions: Json, image: Json, performance: Json, initial: Json, rate: str, **rest: Json) -> Json:
    program = [["vector", "x0"], ["vector", "g0"], ["vector", "x1"], ["vector", "g1"], *image]
    stated = {"question": "worst_case", "relation": "at most", "functions": functions, "program": program, "rate": rate}
    stated |= {"performance": [performance], "initial": initial, "conditions": [], "equations": []}
    return {**stated, **rest}


def between(u: str, v: str) -> Json:
    return [["1", u, u], ["-2", u, v], ["1", v, v]]


RESOLVENTS = [["let", f"y{k}", [["1", f"x{k}"], ["-2", f"g{k}"]]] for k in "01"]
IMAGES = [["at", "A", f"y{k}", f"g{k}"] for k in "01"]
STEPS = {
    "resolvent of a strongly monotone operator": one_step(
        [["A", "operator", {"mu": "1/4"}]], [*RESOLVENTS, *IMAGES], between("y0", "y1"), between("x0", "x1"), "4/9"
    ),
    "forward step of a cocoercive operator": one_step(
        [["A", "operator", {"beta": "1"}]],
        [*(["at", "A", f"x{k}", f"g{k}"] for k in "01"), *RESOLVENTS],
        between("y0", "y1"),
        between("x0", "x1"),
        "1",
    ),
    "gradient step on quadratics": one_step(
        [["A", "quadratic", {"mu": "1/4", "L": "1"}]],
        [
            *(["at", "A", f"x{k}", f"g{k}", f"v{k}"] for k in "01"),
            *([x, y, [*z[:1], ["-1", z[1][1]]]] for x, y, z in RESOLVENTS),
        ],
        between("y0", "y1"),
        between("x0", "x1"),
        "9/16",
    ),
    "projections of two points": one_step(
        [["A", "indicator", {"D": "1"}]], [*RESOLVENTS, *IMAGES], between("y0", "y1"), [["1"]], "1"
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_other_classes_have_exact_rates_too(name: str) -> None:
    """1/(1 + c mu)^2 for resolvents, nonexpansive steps, max |1 - h q|^2 for quadratics, the diameter."""
    stated = STEPS[name]
    found = worst_case_rate(stated)
    assert found.value == F(stated["rate"]) and found.slack is None
    assert decided("multipliers", stated, found.witness)
    witness = refute(scaled(stated, F(9, 10)))
    assert witness is not None and decided("gram", scaled(stated, F(9, 10)), witness) is False
