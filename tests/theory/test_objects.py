r"""What decorators make of functions, and what names mean."""

from __future__ import annotations

import ast
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import verify
from tests.theory.authoring import author
from verify.errors import UsageError
from verify.theory.objects import Function, Induction, Instance, Source, Theorem, meaning, number_syntax, place_of


def test_a_definition_is_a_function_that_can_be_called_with_exact_numbers() -> None:
    module = author("@define\ndef tent(x: real) -> real:\n    return 2*relu(x) - 4*relu(x - 1/2)\n")
    assert isinstance(module.tent, Function)
    assert module.tent(Fraction(3, 4)) == Fraction(1, 2)
    assert module.tent(1) == 0


def test_a_decorator_reads_nothing() -> None:
    module = author("@define\ndef f(x):\n    while nothing: return [x]\n@lemma(cases=['<<'])\ndef t(): pass\n")
    assert (module.f.name, module.t.name) == ("f", "t")


def test_a_lemma_keeps_its_hints() -> None:
    module = author("""
    @lemma()
    def l(x: real) -> prop: return x == x
    @lemma(by=induction("k", "j"), using=[l, l.at(x="k")], cases=["k > j"], have=["k >= 0"])
    def t(k: nat, j: nat) -> prop: return k == k
    """)
    assert module.t.by == Induction(("k", "j"))
    assert module.t.using == (module.l, Instance(module.l, {"x": "k"}))
    assert (module.t.cases, module.t.have) == (("k > j",), ("k >= 0",))
    assert isinstance(module.t, Theorem)


def test_the_place_of_an_object_is_where_it_begins() -> None:
    module = author("x = 1\n\n@define\ndef f(x: real) -> real:\n    return x\n")
    assert module.f.place.line == 4
    assert str(module.f.place) == str(place_of(module.f.python))
    assert str(module.f.place).endswith(".py:4")


@pytest.mark.parametrize(
    "call",
    [
        lambda: verify.relu(1),
        lambda: verify.sq(1),
        lambda: verify.dot(1, 2),
        lambda: verify.implies(True, False),
        lambda: verify.iff(True, True),
        lambda: verify.assume(True),
        lambda: verify.units(1),
        lambda: verify.weights(1),
        lambda: verify.layered(1, 2),
        lambda: verify.vec() + verify.vec(),
        lambda: -verify.vec(),
    ],
)
def test_a_word_of_the_language_that_is_run_says_that_it_is_to_be_read(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UsageError, match="only inside a definition or theorem, which is read and never run"):
        call()


def test_every_word_that_an_author_may_import_exists() -> None:
    for name in verify.__all__:
        assert getattr(verify, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        verify.nothing  # noqa: B018


@given(st.fractions())
def test_a_number_is_written_such_that_python_reads_it_again(value: Fraction) -> None:
    text = ast.unparse(number_syntax(value))
    assert Fraction(eval(text.replace("/", "* Fraction(1) /"), {"Fraction": Fraction})) == value


def test_a_name_means_what_the_closest_scope_says() -> None:
    module = author("""
    y, z = 1, 2
    def around():
        y = 10
        def f(x: real) -> real:
            return x + y + z + later + nothing
        return f
        later = 3
    f = around()
    """)
    found = [meaning(module.f, name) for name in ("y", "z", "later", "nothing", "x")]
    assert found == [10, 2, None, None, None]


def test_a_source_is_shown_with_its_place() -> None:
    assert str(Source("key", "Theorem 2")) == "key, Theorem 2"
    assert str(Source("key")) == "key"
