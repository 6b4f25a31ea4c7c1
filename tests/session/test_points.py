r"""Points in words, with the functions of the model in which they lie; and what the kernel decides there, decided again."""

from __future__ import annotations

import pytest

from tests.kernel.models import IN_MODELS
from tests.kernel.test_rules import REFUTED
from verify.kernel.certificate import read_statement
from verify.kernel.evaluation import decide, read_point
from verify.session.points import in_order, in_words, mentioned, placed

WORDS = {
    "a point where a parameter is a polynomial": "x = 1, c = 7, where f(x) = x**2 + c()",
    "a model with a definition of its own": "x = 1, c = 7, where f(x) = square(x) + c()",
    "a model by cases": "x = -2, where f(x) = x  if x >= 0; f(x) = 0 - x  if not (x >= 0)",
    "two assumptions about a recursion": "k = 3, where s(0) = 0; s(k + 1) = s(k) + 2",
    "vectors, and two parameters": "x = (1, 1), where F(x) = sq(x)/2; g(x) = x",
    "a predicate": "x = -1, where p(x) iff x >= 0",
    "a matrix": "A = ((1, 2), (0, 1)), where S() = A().T @ A()",
    "a model that is needed for nothing but the proof": "x = 1, f = 0",
}


@pytest.mark.parametrize("name", WORDS)
def test_a_point_is_said_with_the_functions_of_its_model(name: str) -> None:
    document = IN_MODELS[name]
    assert in_words(in_order(document["witness"], document["statement"])) == WORDS[name]


def test_the_order_is_that_of_the_statement_whoever_wrote_the_model() -> None:
    document = IN_MODELS["vectors, and two parameters"]
    model = document["witness"]["model"]
    backwards = {**document["witness"], "model": {**model, "definitions": model["definitions"][::-1]}}
    assert in_order(backwards, document["statement"]) == in_order(document["witness"], document["statement"])


def test_a_definition_that_only_the_model_has_is_told_beside_its_functions() -> None:
    own, stated = (
        IN_MODELS[name]
        for name in (
            "a model with a definition of its own",
            "a definition of the statement after the parameter that it uses",
        )
    )
    assert [entry["name"] for entry in mentioned(own["witness"], own["statement"])] == ["square"]
    assert mentioned(stated["witness"], stated["statement"]) == []


@pytest.mark.parametrize("name", IN_MODELS)
def test_a_point_is_evaluated_in_its_model(name: str) -> None:
    """Hypotheses hold at each of these, and the conclusion fails where the kernel takes it for a counterexample."""
    document = IN_MODELS[name]
    statement, values = placed(document["statement"], document["witness"])
    theory, fact, parameters, assumptions = read_statement(statement)
    assert assumptions == ()
    evaluator, names = read_point(theory, parameters, fact, statement["arithmetic"], values)
    hypotheses, conclusion = decide(evaluator, fact, names)
    assert hypotheses
    assert conclusion is (document["kind"] == "instance")


def test_a_point_outside_of_any_model_stays_where_it_is() -> None:
    document = REFUTED["a parameter is a table"]
    assert placed(document["statement"], document["witness"]) == (document["statement"], document["witness"])
    assert ", where " not in in_words(in_order(document["witness"], document["statement"]))


def test_a_constant_has_one_value_and_no_other() -> None:
    """A table has a default, which is that of a constant only where no value is given."""
    point = {
        "variables": {},
        "parameters": {"c": {"values": [[[], "3"]], "default": "0"}, "d": {"values": [], "default": "2"}},
    }
    assert in_words(point) == "c = 3, d = 2"
