r"""A small question with a checker of its own, for tests of everything that handles questions.

"d divides n" is decided by quotient and remainder.  The checker is registered by ``known_to_the_kernel``, and for
processes of their own by ``CONFTEST``; the claims that ask are texts, as authors write them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from verify.kernel.finding import Finding
from verify.kernel.questions import CHECKERS, Checker
from verify.kernel.terms import need, rational
from verify.kernel.theory import fields

Json = Any


def decide(statement: Json, witness: Json) -> Finding:
    """n = d q + r with 0 <= r < d: then d divides n if and only if r = 0."""
    _, number, divisor, *_ = fields(statement, "question", "number", "divisor", "padding")
    quotient, remainder = fields(witness, "quotient", "remainder")
    n, d, q, r = map(rational, (number, divisor, quotient, remainder))
    need(
        all(value.denominator == 1 for value in (n, d, q, r)) and d > 0, "these are integers, and the divisor positive"
    )
    need(n == d * q + r and 0 <= r < d, "this is not the quotient and the remainder")
    return Finding(r == 0, 1, (("quotient", str(q)), ("remainder", str(r))))


def text(statement: Json) -> list[str]:
    padding = [f"nothing depends on {line}" for line in statement["padding"]]
    return [f"{statement['divisor']} divides {statement['number']}", *padding]


DIVISION = Checker("divisibility", decide, text)


def remember(_: None) -> None:
    """A preparation that leaves a trace."""
    with Path(os.environ["PREPARED"]).open("a") as file:
        file.write("prepared\n")


CONFTEST = """
from tests.questions import DIVISION
from verify.kernel.questions import CHECKERS

CHECKERS["division"] = DIVISION
"""

DIVIDES = '''
from dataclasses import dataclass

from verify.errors import NetworkError, Unanswered


@dataclass(frozen=True)
class Divides:
    """Whether ``divisor`` divides ``number``."""

    number: int
    divisor: int
    padding: tuple = ()

    def statement(self):
        if self.divisor < 1:
            raise NetworkError(f"the divisor {self.divisor} is not positive")
        numbers = {"number": str(self.number), "divisor": str(self.divisor)}
        return {"question": "divisibility", **numbers, "padding": list(self.padding)}

    def answer(self):
        quotient, remainder = divmod(self.number, self.divisor)
        return "division", {"quotient": str(quotient), "remainder": str(remainder)}
'''

TRUE = (
    DIVIDES
    + '''

seven = claim.parameter("seven", "7", "the divisor")


@claim.exact(naturals={"n": range(1, 5)})
def multiples(n, seven):
    """Multiples of $7$"""
    return Divides(7 * n, int(seven))


claim.mutant("by eight", {seven: "8"})


@claim.mutant(replaces=multiples)
def one_more(n):
    """One more than a multiple"""
    return Divides(7 * n + 1, 7)
'''
)


def asking(body: str, *, naturals: str = "", role: str = "") -> str:
    """A claim with one function ``asked`` of this body that may use ``Divides``."""
    arguments = ", ".join(part for part in (f"naturals={naturals}" if naturals else "", role) if part)
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"{DIVIDES}\n\n@claim.exact({arguments})\ndef asked({'n' if naturals else ''}):\n{lines}"


def answering(body: str) -> str:
    """A claim whose engine has this body; its question is whether 7 divides 7 n, for n = 1, 2, 3."""
    lines = "".join(f"        {line}\n" for line in body.splitlines())
    engine = f"class Answered(Divides):\n    def answer(self):\n{lines}\n\n"
    function = '@claim.exact(naturals={"n": (1, 2, 3)})\ndef asked(n):\n    return Answered(7 * n, 7)\n'
    return f"{DIVIDES}\n\n{engine}{function}"


@pytest.fixture
def known_to_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CHECKERS, "division", DIVISION)
