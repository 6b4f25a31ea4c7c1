r"""What a model says of arbitrary functions, how it is read, and the sentence at the author's line where it cannot be."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from tests.theory.authoring import author, changed, line_of
from verify.errors import ClaimError
from verify.kernel.certificate import read_statement
from verify.theory.environment import Collector, problem
from verify.theory.objects import Changes, Model

Json = Any

AUTHOR = """
claim = Claim("a", title="", statement="", source=cite("grohs2017"))
c = claim.parameter("c", "2")
half = Fraction(1, 2)

@arbitrary
def f(x: real) -> real: ...
@arbitrary
def g(x: real) -> real: ...
@arbitrary
def s(k: nat) -> nat: ...
@arbitrary
def F(x: vec) -> real: ...
@arbitrary
def v() -> vec: ...
@arbitrary
def p(x: real) -> prop: ...
@arbitrary
def r(x: real) -> real: ...

@define
def doubled(x: real) -> real:
    return 2 * x
@define
def tripled(x: real) -> real:
    return 3 * x
@define
def power(k: nat) -> nat:
    return 1 if k == 0 else 2 * power(k - 1)
@define
def cut(x: real) -> real:
    return doubled(x) if x >= c else 0
@define
def around(x: real) -> real:
    return f(x) + 1
@define
def statement_has(x: real) -> real:
    return f(x) - g(x)
@define
def pair(x: real, y: real) -> real:
    return x

@assumption()
def above(x: real) -> prop:
    return f(x) >= g(x)
@lemma()
def fact(x: real) -> prop:
    return relu(x) >= 0
@lemma(assuming=[above])
def t(x: real, k: nat) -> prop:
    return statement_has(x) >= 0 and s(k) >= 0 and F(v()) >= 0 and iff(p(x), p(x))
"""


def modelled(model: str, before: str = "") -> tuple[SimpleNamespace, Model]:
    """An author's module with a model (at the line of ``# here``), and that model."""
    module = author(f"{AUTHOR}{before}claim.model({model})  # here\n")
    return module, module.claim.models[0]


def read(model: str, changes: Changes | None = None, before: str = "") -> Json:
    """The definitions of the theorem's statement in the model, by name."""
    module, found = modelled(model, before)
    statement = problem(module.t, changes, model=found).statement
    read_statement(statement)
    return {entry["name"]: entry for entry in statement["definitions"]}


def bodies(model: str, changes: Changes | None = None, before: str = "") -> dict[str, Json]:
    return {name: entry["body"] for name, entry in read(model, changes, before).items() if name != "statement_has"}


# ------------------------------------------------------------------------------------------------------ what is read


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ('{f: "x"}', {"f": "x"}),
        ('{f: "c*x + half"}', {"f": "2 * x + 1 / 2"}),
        ('{f: "x**2 - 1/3"}', {"f": "x ** 2 - 1 / 3"}),
        ('{f: "relu(x)", g: "0"}', {"f": "relu(x)", "g": "0"}),
        ('{f: "g(x) + 1"}', {"f": "g(x) + 1"}),
        ('{f: "dot(v(), v())"}', {"f": "dot(v(), v())"}),
        ('{F: "sq(x - v())/2"}', {"F": "sq(x - v()) / 2"}),
        ('{v: "2*v2()"}', {"v": "2 * v2()"}),
        ('{s: "k + 1"}', {"s": "k + 1"}),
        ('{p: "x >= 0 and x < c"}', {"p": "x >= 0 and x < 2"}),
        ('{f: "r(x)"}', {"f": "r(x)"}),
        ('{r: "x"}', {}),
        ('{f: "doubled(x)"}', {"doubled": "2 * x", "f": "doubled(x)"}),
        ("{f: doubled}", {"doubled": "2 * x", "f": "doubled(x)"}),
        ("{f: g}", {"f": "g(x)"}),
        ("{f: relu_}", {"relu_": "relu(x)", "f": "relu_(x)"}),
        ("{s: power}", {"power": {"on": "k", "zero": "1", "successor": "2 * power(k)"}, "s": "power(k)"}),
        (
            "{f: cut}",
            {
                "doubled": "2 * x",
                "cut": {"if": "x >= 2", "then": "doubled(x)", "else": "0"},
                "f": "cut(x)",
            },
        ),
        ('{f: "1 / x"}', {"f": {"reciprocal": "x"}}),
    ],
)
def test_a_model_is_read_like_the_body_of_a_definition(model: str, expected: dict[str, Json]) -> None:
    before = "@arbitrary\ndef v2() -> vec: ...\n@define\ndef relu_(x: real) -> real:\n    return relu(x)\n"
    assert bodies(model, before=before) == expected


def test_a_parameter_keeps_its_name_its_arguments_and_its_sorts() -> None:
    assert read('{f: "x"}')["f"] == {"name": "f", "variables": [["x", "real"]], "sort": "real", "body": "x"}
    assert read('{s: "k"}')["s"] == {"name": "s", "variables": [["k", "nat"]], "sort": "nat", "body": "k"}


def test_what_the_model_leaves_out_stays_arbitrary() -> None:
    module, model = modelled('{f: "x", s: "k"}')
    parameters = problem(module.t, model=model).statement["parameters"]
    assert sorted(name for name, *_ in parameters) == ["F", "g", "p", "v"]


def test_a_definition_of_the_statement_comes_after_the_function_that_it_uses() -> None:
    assert list(read('{f: "doubled(x)"}')) == ["doubled", "f", "statement_has"]


def test_the_statement_itself_does_not_depend_on_the_models() -> None:
    module, _ = modelled('{f: "x"}')
    assert problem(module.t).statement == problem(author(AUTHOR).t).statement


def test_names_are_those_of_the_module_where_the_function_is_declared() -> None:
    """The model of another module may have names of its own, which are not meant."""
    declared = author("a = 1\n@arbitrary\ndef f(x: real) -> real: ...\n")
    text = 'a = 7\nclaim = Claim("b", title="", statement="", source=cite("k"))\nclaim.model({f: "a*x"})\n'
    used = author(text + "@lemma()\ndef t(x: real) -> prop:\n    return f(x) >= a\n", f=declared.f)
    statement = problem(used.t, model=used.claim.models[0]).statement
    assert statement["definitions"][0]["body"] == "1 * x"
    assert statement["theorem"]["conclusion"] == "f(x) >= 7"


def test_the_second_of_two_models_is_read_by_itself() -> None:
    module = author(AUTHOR + 'claim.model({f: "x"})\nclaim.model({g: "c"})\n')
    first, second = (Collector(model=model) for model in module.claim.models)
    for collector in (first, second):
        collector.theorem(module.t)
    assert ("f" in first.definitions, "g" in first.definitions) == (True, False)
    assert ("f" in second.definitions, "g" in second.definitions) == (False, True)


# ------------------------------------------------------------------------------------------------------------ mutants


def test_a_parameter_that_a_mutant_changes_is_changed_in_a_model() -> None:
    assert bodies('{f: "c*x"}', changed({"c": "1/3"})) == {"f": "1 / 3 * x"}


def test_a_definition_that_a_mutant_replaces_is_replaced_in_a_model() -> None:
    module, model = modelled("{f: doubled}")
    changes = Changes(replaced={"doubled": module.tripled.python}, objects=(module.doubled,))
    definitions = {d["name"]: d["body"] for d in problem(module.t, changes, model=model).statement["definitions"]}
    assert definitions["doubled"] == "3 * x"
    unchanged = {d["name"]: d["body"] for d in problem(module.t, model=model).statement["definitions"]}
    assert unchanged["doubled"] == "2 * x"


def test_a_mutant_of_a_definition_that_only_the_model_uses_does_not_concern_the_theorem() -> None:
    module, _ = modelled("{f: doubled}")
    changes = Changes(replaced={"doubled": module.tripled.python}, objects=(module.doubled,))
    assert not problem(module.t).concerned_by(changes)


def test_a_number_of_a_mutant_is_exact_in_a_model() -> None:
    module, model = modelled('{f: "c"}')
    found = problem(module.t, Changes({"c": Fraction(-7, 3)}, objects=(module.c,)), model=model).statement
    assert found["definitions"][0]["body"] == "-(7 / 3)"


# ----------------------------------------------------------------------------------------------------------- mistakes

MISTAKES: list[tuple[str, str]] = [
    # the words of the model
    (
        "{}",
        "a model is a dict of texts, which say what arbitrary functions are, such as .*gradient.*, not {}$",
    ),
    ("[f]", "a model is a dict of texts, which say what arbitrary functions are, such as .*, not \\[f\\]$"),
    ("f", "a model is a dict of texts, .*, not f$"),
    ("None", "a model is a dict of texts, .*, not None$"),
    ('{"f": "x"}', "a model says what arbitrary functions are, and 'f' is none$"),
    ('{doubled: "x"}', "a model says what arbitrary functions are, and doubled is none$"),
    ('{c: "3"}', "a model says what arbitrary functions are, and c is none$"),
    ('{above: "x"}', "a model says what arbitrary functions are, and above is none$"),
    ("{f: 0.5}", "the model puts 0.5 for f; put a text, or a defined function$"),
    ("{f: 1}", "the model puts 1 for f; put a text, or a defined function$"),
    ("{f: None}", "the model puts None for f; put a text, or a defined function$"),
    ("{f: c}", "the model puts c for f; put a text, or a defined function$"),
    ("{f: fact}", "the model puts fact for f; put a text, or a defined function$"),
    ("{f: lambda x: x}", "the model puts <lambda> for f; put a text, or a defined function$"),
    ('{f: "x"}, using=fact', "using=fact must be a list of lemmas; write using=\\[some_lemma\\]$"),
    ('{f: "x"}, using=["fact"]', "using=\\['fact'\\] must be a list of lemmas"),
    ('{f: "x"}, using=[above]', "using=\\[above\\] must be a list of lemmas"),
    # texts
    ('{f: "x +"}', "the model puts 'x \\+' for f, which is no expression: invalid syntax$"),
    ('{f: ""}', "the model puts '' for f, which is no expression"),
    ('{f: "(x"}', "the model puts '\\(x' for f, which is no expression: '\\(' was never closed$"),
    ('{f: "y = x"}', "the model puts 'y = x' for f, which is no expression"),
    ('{f: "x; x"}', "the model puts 'x; x' for f, which is no expression"),
    ('{f: "return x"}', "the model puts 'return x' for f, which is no expression"),
    ('{f: "[x]"}', "'\\[x\\]' has no meaning here"),
    ('{f: "lambda x: x"}', "'lambda x: x' has no meaning here"),
    ('{f: "0.5*x"}', "0.5 is a floating-point number; write an exact one, such as 1/2$"),
    ('{f: "x if x >= 0 else 0"}', "a condition may only stand at the top of a definition; define a function for it$"),
    ('{f: "x**(1/2)"}', "exponents are natural numbers"),
    # names
    ('{f: "y"}', "y is unknown here; define it with @define or @arbitrary, or make it a parameter of the claim"),
    ('{f: "doubld(x)"}', "doubld is unknown here; .* \\(is doubled meant\\?\\)$"),
    ('{f: "above(x)"}', "above is a fact, not a function"),
    ('{f: "t"}', "t is a fact, not a function"),
    ('{f: "g"}', "g is a function; apply it to its arguments"),
    # sorts
    ('{f: "x >= 0"}', "the model cannot put 'x >= 0' for f: not a term: x >= 0$"),
    ('{p: "x"}', "the model cannot put 'x' for p: not a formula: x$"),
    ('{F: "x"}', "the model cannot put 'x' for F: F must have sort real: x$"),
    ('{F: "sq(y)"}', "y is unknown here"),
    ('{v: "0"}', "the model cannot put '0' for v: v must have sort vec: 0$"),
    ('{s: "k/2"}', "the model cannot put 'k/2' for s: s must have sort nat: k / 2$"),
    ('{s: "k - 1"}', "the model cannot put 'k - 1' for s: s must have sort nat: k - 1$"),
    ('{f: "x/g(x)"}', "the model cannot put 'x/g\\(x\\)' for f: division only by a nonzero number"),
    ("{f: power}", "the model cannot put power for f: an argument of power must be of sort nat: x$"),
    ("{f: pair}", "the model cannot put pair for f: pair takes 2 arguments, not 1$"),
    ("{v: doubled}", "the model cannot put doubled for v: doubled takes 1 arguments?, not 0$"),
    ("{f: F}", "the model cannot put F for f: an argument of F must be of sort vec: x$"),
    # circles
    ('{f: "f(x)"}', "this model goes round in a circle: f by f; only a function with @define may call itself$"),
    ('{f: "2*f(x - 1)"}', "this model goes round in a circle: f by f"),
    ('{v: "v()"}', "this model goes round in a circle: v by v"),
    ('{f: "g(x)", g: "f(x)"}', "this model goes round in a circle: f by g, g by f"),
    ("{f: around}", "this model goes round in a circle: f by around, around by f"),
    ("{f: statement_has}", "this model goes round in a circle: f by statement_has, statement_has by f"),
    ('{f: "doubled(g(x))", g: "around(x)"}', "this model goes round in a circle: f by g, g by around, around by f"),
]


@pytest.mark.parametrize(("model", "sentence"), MISTAKES, ids=[model for model, _ in MISTAKES])
def test_a_mistake_in_a_model_is_said_at_its_line(model: str, sentence: str) -> None:
    with pytest.raises(ClaimError, match=sentence) as caught:
        read(model)
    assert caught.value.place is not None
    assert caught.value.place.line == line_of(f"{AUTHOR}claim.model()  # here\n")


def test_a_defined_function_may_be_recursive_in_a_model() -> None:
    """``power`` calls itself, and is no circle of the model."""
    assert "power" in read('{s: power, f: "x"}')


def test_a_mistake_in_a_defined_function_is_said_where_it_is_defined() -> None:
    before = "@define\ndef broken(x: real) -> real:\n    return nothing(x)  # broken\n"
    with pytest.raises(ClaimError, match="nothing is unknown here") as caught:
        read("{f: broken}", before=before)
    assert caught.value.place is not None
    assert caught.value.place.line == line_of(AUTHOR + before, "# broken")
