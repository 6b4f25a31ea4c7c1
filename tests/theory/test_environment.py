r"""From functions to statements: what a statement holds, what a mutant changes, and which hints make no sense."""

from __future__ import annotations

import itertools
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from tests.theory import shipped
from tests.theory.authoring import author, changed, line_of, mistake, read, stated, theorem
from verify.claim import Claim
from verify.engines.proof import Unproved, find_proof
from verify.errors import ClaimError
from verify.kernel import digest
from verify.kernel.certificate import read_statement
from verify.kernel.theory import Theory
from verify.theory.environment import bounded_term, evaluate, lemmas_of, mentioned, problem
from verify.theory.objects import Changes, Theorem

BASE = """
claim = Claim("a", title="", statement="", source=cite("grohs2017"))
c = claim.parameter("c", "1/2")
unused = claim.parameter("unused", "7")
@define
def f(x: real) -> real:
    return c*x + 1
@define
def g(k: nat, x: real) -> real:
    return x if k == 0 else f(g(k - 1, x))
@define
def only_for_the_proof(x: real) -> real:
    return x**2
@lemma()
def helper(x: real) -> prop:
    return only_for_the_proof(x) >= 0
@lemma(by=induction("k"), using=[helper])
def t(k: nat, x: real) -> prop:
    assume(x >= 0)
    return g(k, x) >= 0
def f2(x: real) -> real:
    return c*x + 2
def f_again(y: real) -> real:
    # the same in other words
    return c * y + 1
def g2(k: nat, x: real) -> real:
    return x if k == 0 else f(g2(k - 1, x)) + 1
def t2(k: nat, x: real) -> prop:
    return g(k, x) >= 0
def helper2(x: real) -> prop:
    return only_for_the_proof(x) >= -1
"""


def definitions(statement: Any) -> dict[str, Any]:
    return {entry["name"]: entry["body"] for entry in statement["definitions"]}


def test_a_statement_holds_what_its_theorem_mentions_and_the_rest_is_kept_apart() -> None:
    found = read(BASE)
    assert list(definitions(found.statement)) == ["f", "g"]
    assert [entry["name"] for entry in found.definitions] == ["only_for_the_proof"]
    assert [lemma["name"] for lemma, _ in found.lemmas] == ["helper"]
    assert found.hints.induction == ("k",)
    assert found.hints.facts == ("helper",)


def test_definitions_come_before_those_that_use_them() -> None:
    for problem_ in shipped.problems().values():
        theory = Theory()
        for name, arguments, sort in problem_.statement["parameters"]:
            theory.declare(name, arguments, sort)
        for entry in (*problem_.statement["definitions"], *problem_.definitions):
            theory.define(entry)


def test_a_shipped_statement_holds_no_more_definitions_than_are_mentioned() -> None:
    def holds_what_is_mentioned(name: str) -> None:
        statement = shipped.statements()[name]
        facts = [statement["theorem"], *statement["assumptions"]]
        pending, used = [text for fact in facts for text in (fact["conclusion"], *fact["hypotheses"])], set()
        bodies = definitions(statement)
        while pending:
            text = str(pending.pop())
            new = {d for d in bodies if f"{d}(" in text} - used
            used |= new
            pending += [bodies[d] for d in new]
        assert used == set(bodies)

    shipped.every(shipped.statements(), holds_what_is_mentioned)


# ----------------------------------------------------------------------------------------------------- mutants

MUTANTS = {
    "nothing": (lambda m: Changes(), False),
    "a number": (lambda m: changed({"c": "1/3"}), True),
    "the same number": (lambda m: changed({"c": "2/4"}), False),
    "a number that is not mentioned": (lambda m: changed({"unused": "8"}), False),
    "a number of another claim": (lambda m: changed({"d": "8"}), False),
    "a definition": (lambda m: changed(f=m.f2), True),
    "a definition by recursion": (lambda m: changed(g=m.g2), True),
    "a definition that is not mentioned": (lambda m: changed(h=m.f2), False),
    "the theorem": (lambda m: changed(t=m.t2), True),
    "a lemma": (lambda m: changed(helper=m.helper2), False),
    "a definition of the proof": (lambda m: changed(only_for_the_proof=m.f2), False),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_the_digest_changes_if_and_only_if_the_statement_does(name: str) -> None:
    module = author(BASE)
    changes, expected = MUTANTS[name]
    before, after = problem(module.t).statement, problem(module.t, changes(module)).statement
    assert (digest(before) != digest(after)) == expected
    assert (before != after) == expected


def test_a_variable_with_another_name_is_another_statement_with_the_same_meaning() -> None:
    module = author(BASE)
    found = problem(module.t, changed(f=module.f_again)).statement
    assert definitions(found)["f"] == "1 / 2 * y + 1"
    assert digest(found) != digest(problem(module.t).statement)


def test_a_replaced_function_calls_itself_by_its_own_name_or_by_the_original_one() -> None:
    module = author(BASE + "def g3(k: nat, x: real) -> real:\n    return x if k == 0 else f(g(k - 1, x)) + 1\n")
    found = [definitions(problem(module.t, changed(g=g)).statement)["g"] for g in (module.g2, module.g3)]
    assert found[0] == found[1] == {"on": "k", "zero": "x", "successor": "f(g(k, x)) + 1"}


def test_a_changed_number_reaches_every_place_where_it_is_used() -> None:
    text = """
    claim = Claim("a", title="", statement="", source=cite("grohs2017"))
    c = claim.parameter("c", "1/2")
    @lemma(cases=["x >= c"], have=["c*x >= -1"])
    def t(x: real, k: nat) -> prop:
        assume(x <= c, c**k <= 1)
        return c*x <= c**2
    """
    found = problem(author(text).t, changed({"c": "-3"}))
    assert found.statement["theorem"]["hypotheses"] == ["x <= -3", "power_m3(k) <= 1"]
    assert found.statement["theorem"]["conclusion"] == "-3 * x <= (-3) ** 2"
    assert (found.hints.cases, found.hints.have) == (("x >= -3",), ("-3 * x >= -1",))


def test_every_shipped_mutant_changes_some_statement() -> None:
    """But those of questions and of experiments, and of numbers that those get."""
    unchanged = cache(lambda theorem: problem(theorem).statement)

    def is_changed(name: str) -> None:
        claim = shipped.objects(Claim)[name]
        theorems = [
            o.goal for o in claim.obligations.values() if isinstance(o.goal, Theorem) and o.role.value != "relaxation"
        ]
        for mutant in claim.mutants.values():
            changed = any(unchanged(t) != problem(t, mutant.changes).statement for t in theorems)
            assert changed or shipped.changes_a_question(claim, mutant.changes), mutant.name

    shipped.every(shipped.objects(Claim), is_changed)


def test_a_mutant_changes_the_parameters_of_its_own_claim_only() -> None:
    text = """
    mine = Claim("mine", title="", statement="", source=cite("grohs2017"))
    other = Claim("other", title="", statement="", source=cite("grohs2017"))
    c = mine.parameter("c", "1/2")
    d = other.parameter("c", "3")
    mine.mutant("bolder", {c: "1/3"})
    @lemma()
    def t(x: real) -> prop:
        return c*x <= d
    """
    module = author(text)
    found = problem(module.t, module.mine.mutants["bolder"].changes).statement
    assert found["theorem"]["conclusion"] == "1 / 3 * x <= 3"


def test_arithmetic_is_part_of_the_statement() -> None:
    assert digest(stated("x: real", "x >= x")) != digest(stated("x: real", "x >= x", arithmetic="binary64"))


# ------------------------------------------------------------------------------------------------------- lemmas


def test_lemmas_come_before_those_whose_proofs_use_them() -> None:
    for name, fact in shipped.theorems().items():
        seen: list[str] = []
        for lemma in lemmas_of(fact):
            needed = {
                u.theorem.name if hasattr(u, "theorem") else u.name for u in lemma.using if not hasattr(u, "variable")
            } - {assumed.name for assumed in lemma.assuming}
            assert needed <= set(seen), (name, lemma.name)
            seen.append(lemma.name)


def with_lemmas(*uses: tuple[int, ...]) -> list[Theorem]:
    """Lemmas l0, l1, ... that use each other as told (by a back door: the language cannot write a cycle)."""
    module = author("".join(f"@lemma()\ndef l{i}(x: real) -> prop:\n    return x == x\n" for i in range(len(uses))))
    found = [getattr(module, f"l{i}") for i in range(len(uses))]
    for fact, numbers in zip(found, uses, strict=True):
        object.__setattr__(fact, "using", tuple(found[i] for i in numbers))
    return found


@pytest.mark.parametrize("uses", [((0,),), ((1,), (0,)), ((1,), (2,), (1,)), ((1, 2), (3,), (3,), (2,))])
def test_a_lemma_used_in_its_own_proof_is_reported(uses: tuple[tuple[int, ...], ...]) -> None:
    with pytest.raises(ClaimError, match=r"l\d is used in its own proof") as found:
        problem(with_lemmas(*uses)[0])
    assert found.value.place is not None


@pytest.mark.parametrize("word", ["arbitrary", "define"])
def test_a_variable_called_like_a_function_of_a_lemma_is_reported(word: str) -> None:
    """The theorem's variable y is no function; a lemma of its proof speaks of a function y."""
    body = "..." if word == "arbitrary" else "return i"
    text = f"@{word}\ndef y(i: real) -> real: {body}\n@lemma()\ndef l(i: real) -> prop:\n    return y(i) == y(i)\n"
    try:
        found = read(text + theorem("y: real", "y == y", hints="using=[l]"))
    except ClaimError:
        return
    assert not isinstance(find_proof(found), Unproved)


CLASHES = {
    "an assumption with the name of a lemma": (
        "@assumption()\ndef helper(k: nat) -> prop:\n    return k >= 0\nassumed = helper\n"
        "@lemma()\ndef helper(k: nat) -> prop:\n    return k >= 0\n",
        "two facts have the name helper",
    ),
    "a count in the place of a lemma's function": (
        "@define\ndef y(i: real) -> real:\n    return i\n@lemma()\ndef helper(i: real) -> prop:\n    return y(i) == i\n",
        "name already in use: y",
    ),
}


@pytest.mark.parametrize("name", CLASHES)
def test_a_name_with_two_meanings_is_reported_at_the_theorem(name: str) -> None:
    before, message = CLASHES[name]
    assuming = ", assuming=[assumed]" if "assumed" in before else ""
    text = theorem("k: nat, y: real", "2**k >= 1", before=before, hints=f"using=[helper]{assuming}")
    found = mistake(text)
    assert message in found.message
    assert found.place is not None


def test_a_lemma_used_in_two_ways_is_proved_once() -> None:
    found = problem(with_lemmas((1, 2), (3,), (3,), ())[0])
    assert [lemma["name"] for lemma, _ in found.lemmas] == ["l3", "l1", "l2"]


def test_two_lemmas_with_one_name_are_reported() -> None:
    text = """
    def another():
        @lemma()
        def helper(x: real) -> prop:
            return x >= x
        return helper
    first = another()
    second = another()
    @lemma(using=[first, second])
    def t(x: real) -> prop:
        return x == x
    """
    assert "two different lemmas are called helper" in mistake(text).message


# -------------------------------------------------------------------------------------------------------- hints

LEMMA = "@lemma()\ndef positive(y: real) -> prop:\n    return y**2 >= 0\n"

HINTS = {
    "no expression": ('cases=["x >="]', "'x >=' is not an expression"),
    "two expressions": ('have=["x >= 0; y"]', "is not an expression"),
    "an unknown name": ('cases=["z >= 0"]', "z is unknown here"),
    "an unknown function": ('have=["nothing(x) >= 0"]', "nothing is unknown here"),
    "a float": ('cases=["x >= 0.5"]', "write an exact one, such as 1/2"),
    "no language": ('have=["[x] == 0"]', "has no meaning here"),
    "a hypothesis without induction": (
        'using=[hypothesis(x="x + 1")]',
        "has no induction hypothesis; add by=induction",
    ),
    "a term of an instance": ('using=[positive.at(y="z")]', "z is unknown here"),
}


@pytest.mark.parametrize("name", HINTS)
def test_a_hint_that_cannot_be_read_is_reported_at_its_theorem(name: str) -> None:
    hints, message = HINTS[name]
    found = mistake(theorem("x: real, k: nat", "x >= x", before=LEMMA, hints=hints))
    assert message in found.message
    assert found.place is not None
    assert found.place.line >= 5


SENSELESS = {
    "induction along a real": 'by=induction("x")',
    "induction along nothing": 'by=induction("q")',
    "induction twice along the same": 'by=induction("k", "k")',
    "a case that is a term": 'cases=["x + 1"]',
    "an intermediate result that is a term": 'have=["x + 1"]',
    "an instance at a variable that the lemma has not": 'using=[positive.at(z="x")]',
    "an instance without a variable": "using=[positive.at()]",
    "an instance at a formula": 'using=[positive.at(y="x >= 0")]',
    "a hypothesis of another induction": 'by=induction("k"), using=[hypothesis("j", x="x")]',
    "a hypothesis at a variable that is not there": 'by=induction("k"), using=[hypothesis(z="x")]',
}


@pytest.mark.parametrize("name", SENSELESS)
def test_a_hint_without_sense_is_reported(name: str) -> None:
    mistake(theorem("x: real, k: nat", "x >= x", before=LEMMA, hints=SENSELESS[name]))


def test_hints_are_read_in_the_language_of_the_theorem() -> None:
    text = """
    n = 3
    @define
    def f(x: real) -> real:
        return relu(x)
    @lemma()
    def l(y: real, k: nat) -> prop:
        return y >= y
    @lemma(by=induction("k"), using=[l.at(y="f(x)**2", k="k + n"), hypothesis(x="x - 2**k")],
           cases=["0 <= x <= n"], have=["units(f(x)) == 1"])
    def t(k: nat, x: real) -> prop:
        return x == x
    """
    found = read(text)
    assert found.hints.instances == (
        ("l", {"y": "f(x) ** 2", "k": "k + 3"}),
        ("induction on k", {"x": "x - power_2(k)"}),
    )
    assert found.hints.cases == ("0 <= x and x <= 3",)
    assert found.hints.have == ("f_units() == 1",)
    assert {entry["name"] for entry in found.definitions} >= {"f", "f_units", "power_2"}
    assert found.hints.facts == ("power_2_bound",)


# -------------------------------------------------------------------------------------------------- assumptions

ASSUMED = """
@arbitrary
def f(x: real) -> real: ...
@assumption()
def convex(x: real, y: real) -> prop:
    return f(x/2 + y/2) <= f(x)/2 + f(y)/2
@assumption(source=cite("grohs2017"))
def known(x: real) -> prop:
    assume(x > 0)
    return f(x) > 0
"""


def test_assumptions_stand_in_the_statement_with_their_sources() -> None:
    found = read(theorem("x: real", "f(1) > 0", before=ASSUMED, hints="assuming=[convex, known]")).statement
    assert [(a["name"], a["source"]) for a in found["assumptions"]] == [("convex", None), ("known", "grohs2017")]
    assert found["assumptions"][1]["hypotheses"] == ["x > 0"]
    assert [a for _, a in read_statement(found)[3]] == [None, "grohs2017"]


@pytest.mark.parametrize("used", ["known", 'known.at(x="1")'])
def test_an_assumption_may_be_used_by_the_proof(used: str) -> None:
    found = read(theorem("x: real", "f(1) > 0", before=ASSUMED, hints=f"assuming=[known], using=[{used}]"))
    assert not isinstance(find_proof(found), Unproved)


def test_an_assumption_that_nobody_makes_cannot_be_used() -> None:
    found = mistake(theorem("x: real", "f(1) > 0", before=ASSUMED, hints="using=[known]"))
    assert "add assuming=[known]" in found.message


# ------------------------------------------------------------------------------------------- terms and functions


def test_a_bounded_term_stands_where_the_conclusion_would() -> None:
    module = author("@lemma()\ndef b(m: nat, x: real) -> real:\n    assume(0 <= x <= 1)\n    return 2**m * relu(x)\n")
    found = bounded_term(module.b)
    assert found["theorem"]["conclusion"] == "power_2(m) * relu(x)"
    assert list(definitions(found)) == ["power_2"]
    with pytest.raises(ClaimError, match="must be real here, not prop"):
        bounded_term(author(LEMMA).positive)


def test_a_function_of_vectors_has_exact_values() -> None:
    module = author("@define\ndef f(u: vec, v: vec, a: real) -> real:\n    return dot(a*u - v, u) / 2\n")
    assert evaluate(module.f, ([1, 2], (3, Fraction(1, 2)), 4)) == Fraction((4 - 3) * 1 + (8 - Fraction(1, 2)) * 2, 2)


def test_a_function_of_arbitrary_functions_has_no_value() -> None:
    with pytest.raises(ClaimError, match="depends on arbitrary functions and has no value"):
        evaluate(shipped.function("max_d_log_depth.greatest"), (0, 1))


CALLS = {
    "too few": (),
    "too many": (1, 2, 3),
    "no natural number": (-1, 0),
    "a fraction for a natural": (Fraction(1, 2), 0),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_with_wrong_arguments_is_reported(name: str) -> None:
    with pytest.raises(ClaimError):
        shipped.function("sawtooth.sawtooth")(*CALLS[name])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: m.f(0), r"f\(0\) is not evaluated: .*not a natural number"),
        (lambda m: m.g(10**6), "calls itself too often"),
        (lambda m: m.h(1, 2), r"takes \(v: vec, k: nat\) and was given \(1, 2\)"),
        (lambda m: m.h((1, "a"), 2), "was given"),
    ],
)
def test_a_call_without_a_value_is_reported(call: Any, message: str) -> None:
    module = author("""
    @define
    def g(k: nat) -> nat:
        return 0 if k == 0 else 1 + g(k - 1)
    @define
    def f(k: nat) -> real:
        return g(k - 1)
    @define
    def h(v: vec, k: nat) -> real:
        return sq(v)*k
    """)
    with pytest.raises(ClaimError, match=message):
        call(module)


def test_mentioned_follows_definitions_but_not_parts_of_names() -> None:
    bodies = {
        "f": {"body": "g(x) + 1"},
        "g": {"body": {"if": "h(x)", "then": "1", "else": "0"}},
        "h": {"body": "x"},
        "ff": {"body": "x"},
    }
    assert mentioned(["f(x) + fff(y)"], bodies) == {"f", "g", "h"}
    assert mentioned([{"a": ["ff(1)", ("h(2)",)]}], bodies) == {"ff", "h"}


def test_the_order_in_which_theorems_are_read_does_not_matter() -> None:
    names = list(shipped.theorems())
    for name, other in itertools.islice(zip(names, reversed(names), strict=True), 0, None, 7):
        problem(shipped.theorems()[other])
        assert digest(problem(shipped.theorems()[name]).statement) == digest(shipped.problems()[name].statement)


MATRICES = """
p, n = dimensions("p n")

@define
def image(A: mat[p, n], x: mat[n, 1]) -> mat[p, 1]:
    return 2*(A @ x)

@define
def gram(A: mat[p, n]) -> mat[n, n]:
    return A.T @ A

@define
def projection(A: mat[p, n]) -> mat[p, p]:
    return A @ pinv(A)

@define
def equal(A: mat[p, n], x: mat[n, 1], y: mat[p, 1]) -> prop:
    return A @ x == y
"""


def test_a_function_of_matrices_has_rows_as_values() -> None:
    names = author(MATRICES)
    assert names.image([[1, 2], [3, 4]], [[1], ["1/2"]]) == ((Fraction(4),), (Fraction(10),))
    assert names.gram([[1, 2]]) == ((1, 2), (2, 4))
    assert names.equal([[2]], [[3]], [[6]]) is True
    assert names.equal([[2, 0], [0, 1]], [[3], [1]], [[6], [2]]) is False


@pytest.mark.parametrize(
    "given", [([[1, 2]], [[1]]), ([[1, 2], [3]], [[1], [2]]), ([1], [[1]]), ([], [[1]]), ([[1]], 2)]
)
def test_matrices_that_do_not_fit_are_a_mistake_of_the_caller(given: Any) -> None:
    with pytest.raises(ClaimError, match=r"image takes \(A: mat\(p, n\), x: mat\(n, 1\)\) and was given"):
        author(MATRICES).image(*given)


def test_a_pseudoinverse_has_no_exact_value() -> None:
    with pytest.raises(ClaimError, match="is not evaluated: pseudoinverses are not evaluated"):
        author(MATRICES).projection([[1]])


def test_a_dimension_is_no_variable() -> None:
    text = theorem("A: mat[p, n], n: real", "sq(A) >= n", before=MATRICES)
    found = mistake(text)
    assert "n is a variable of t and a dimension of its matrices; rename one of them" in str(found)
    assert found.place is not None and found.place.line == line_of(text, "@lemma")


def test_a_name_may_be_a_dimension_in_another_definition() -> None:
    before = MATRICES + "@define\ndef f(n: real, x: real) -> real:\n    return n\n"
    assert stated("x: real", "f(x, x) >= x", before=before)["theorem"]["name"] == "t"
