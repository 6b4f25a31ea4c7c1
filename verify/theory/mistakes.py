r"""What authors are told about names and statements that have no meaning, with what they can do."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from verify.kernel.terms import Rejected
from verify.theory.objects import Assumption, Function, Parameter, Theorem, place_of
from verify.theory.symbols import WORDS

REMEDIES = {
    "division only by a nonzero number": "multiply by it instead, or define a function whose whole value is 1 / ... of it",
    "a term is not a proposition": "return a comparison",
    "a proposition is not a term": "return a number",
}  # by how the kernel's reason begins


def remedy(reason: Rejected) -> str:
    """What an author can do about a statement that the kernel does not read, if that is known."""
    return next((f"; {todo}" for beginning, todo in REMEDIES.items() if str(reason).startswith(beginning)), "")


def unaccepted(name: str, reason: Rejected) -> str:
    """What is wrong with a definition, in the author's terms: a pattern ``k + 1`` of the kernel is his ``k != 0``."""
    if str(reason).startswith("not a primitive recursion"):
        return (
            f"{name} calls itself at an argument that is not known to be smaller; in the case n != 0 call it at n - 1, or at "
            f"something of sort nat that is visibly at most n - 1"
        )
    return f"the definition of {name} is not accepted: {reason}{remedy(reason)}"


def not_a_term(python: Callable[..., Any], name: str, found: Any) -> str:
    """Why a name in an author's function has no value in a statement, and what may have been meant."""
    match found:
        case Theorem() | Assumption():
            return f"is a fact, not a function; name it in using=[{name}] and state what it says"
        case float():
            return f"is the floating-point number {found!r}; write a Fraction, or a parameter of the claim"
    if inspect.isfunction(found):
        return f"is unknown here; define it with @define above its def (at {place_of(found)})"
    known = {n: value for n, value in python.__globals__.items() if isinstance(value, Function | Parameter)}
    renamed = [n for n, value in known.items() if value.name == name]
    close = renamed or get_close_matches(name, [*known, *WORDS], 1)
    meant = f" (is {close[0]} meant?)" if close else ""
    return f"is unknown here; define it with @define or @arbitrary, or make it a parameter of the claim{meant}"
