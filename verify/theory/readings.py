r"""What was read once need not be read again.

A function is read for its obligation, for each of its variants, and again wherever it is a lemma; a claim with seventy
lemmas and ten mutants reads the same texts a thousand times.  Reading is a dialogue: the text asks what its names mean,
and is told numbers, functions, powers and counts.  What is read depends on the text and on the answers alone, and so does
the next question.  Therefore a reading is remembered together with its dialogue.  The next one asks the same questions,
by which whatever the text mentions is collected as if it was read; as long as the answers are the same, so is the
result, and where a mutant has changed something, one of them is another.

The kernel's yes to a definition or a statement depends, in the same way, on its text and on what is declared for the words
in it.  This memory saves time while statements are made; what they are worth is decided by a kernel that remembers
nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

from verify.errors import Place
from verify.kernel.theory import Definition, Fact, Theory
from verify.theory.powers import check_exponents
from verify.theory.reading import Names

Json = Any
Question = tuple[str, tuple[Any, ...]]  # a method of ``Names``, and what it is asked about
WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Dialogue:
    """One reading: the questions in their order, the answers, and what was read."""

    questions: tuple[Question, ...]
    answers: tuple[Hashable, ...]
    result: Any


@dataclass
class Minutes:
    """Names that write down what they are asked and what they answer."""

    names: Names
    questions: list[Question] = field(default_factory=list)
    answers: list[Hashable] = field(default_factory=list)

    def ask(self, *question: Any) -> Any:
        answer = put(self.names, question)
        self.questions.append(question)
        self.answers.append(comparable(answer))
        return answer

    def resolve(self, name: str, place: Place) -> ast.expr:
        return self.ask("resolve", name, place)  # type: ignore[no-any-return]

    def word(self, name: str, place: Place) -> None:
        self.ask("word", name, place)

    def power(self, base: Fraction) -> str:
        return self.ask("power", base)  # type: ignore[no-any-return]

    def count(self, function: str, count: str) -> str:
        return self.ask("count", function, count)  # type: ignore[no-any-return]


def put(names: Names, question: Question) -> Any:
    method, *arguments = question
    return getattr(names, method)(*arguments)


def comparable(answer: Any) -> Hashable:
    return ast.dump(answer) if isinstance(answer, ast.AST) else answer


@lru_cache(maxsize=20_000)
def readings(text: Hashable) -> list[Dialogue]:
    """The readings of one text so far; variants of a claim add theirs."""
    return []


def read_once(text: Hashable, names: Names, read: Callable[[Names], Any]) -> Any:
    """What ``read(names)`` returns, by a known dialogue if one fits.  ``text`` says what is read: the author's function
    itself, and as what; its value must not be changed by anybody."""
    fitting, number = readings(text), 0
    while fitting:
        known = fitting[0]
        if number == len(known.questions):
            return known.result
        answer = comparable(put(names, known.questions[number]))
        fitting = [dialogue for dialogue in fitting if dialogue.answers[number] == answer]
        number += 1
    minutes = Minutes(names)
    result = read(minutes)
    readings(text).append(Dialogue(tuple(minutes.questions), tuple(minutes.answers), result))
    return result


# --------------------------------------------------------------------------------------------- the kernel's yes


@lru_cache(maxsize=20_000)
def answers(what: str, text: str, declared: Hashable) -> list[Any]:
    """What the kernel made of a text where its words are declared so, if it was asked."""
    return []


def ask_once(what: str, theory: Theory, entry: Json, ask: Callable[[], Any]) -> Any:
    text = repr(entry)
    words = sorted(set(WORD.findall(text)) & theory.signature.keys())
    known = answers(what, text, tuple((word, theory.signature[word]) for word in words))
    if not known:
        known.append(ask())
    return known[0]


def define(theory: Theory, entry: Json) -> None:
    """``theory.define(entry)``."""

    def ask() -> Definition:
        theory.define(entry)
        return theory.definitions[entry["name"]]

    definition = ask_once("definition", theory, entry, ask)
    if entry["name"] not in theory.signature:
        theory.declare(entry["name"], [sort for _, sort in entry["variables"]], entry["sort"])
        theory.definitions[entry["name"]] = definition


def state(theory: Theory, entry: Json) -> Fact:
    """``theory.statement(entry)``, if the exponents in it are natural numbers, too."""

    def ask() -> Fact:
        fact = theory.statement(entry)
        check_exponents(theory, entry)
        return fact

    return ask_once("statement", theory, entry, ask)  # type: ignore[no-any-return]
