r"""The search in traces of words: what it proves about matrices is accepted, and a changed coefficient is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.kernel.documents import at, edited, places
from tests.theory.authoring import read, theorem
from verify.engines.proof import Unproved, find_proof
from verify.engines.proof.workbench import Limits
from verify.kernel import Rejected, check, digest

Json = Any
NAMES = 'p, n = dimensions("p n")\n'
SQUARE = "@lemma()\ndef length(v: mat[n, 1]) -> prop:\n    return sq(v) >= 0\n"
FORM = "@lemma(using=[length.at(v='A.T @ u')])\ndef square(u: mat[p, 1], A: mat[p, n]) -> prop:\n    return sq(A.T @ u) >= 0\n"

TRUE = {
    "a trace is cyclic": theorem("A: mat[p, n], B: mat[n, p]", "trace(A @ B) == trace(B @ A)", before=NAMES),
    "Pythagoras": theorem(
        "A: mat[p, n], x: mat[p, 1]",
        "sq(x) == sq(A @ pinv(A) @ x) + sq(x - A @ pinv(A) @ x)",
        before=NAMES,
    ),
    "a projection twice": theorem("A: mat[p, n]", "A @ pinv(A) @ A @ pinv(A) == A @ pinv(A)", before=NAMES),
    "what is orthogonal to the columns is projected to zero": theorem(
        "A: mat[p, n], B: mat[p, n]", "A @ pinv(A) @ B == 0", "A.T @ B == 0", before=NAMES
    ),
    "a length of zero": theorem("A: mat[p, n]", "A == 0", "sq(A) == 0", before=NAMES),
    "a sum over unit vectors": theorem(
        "A: mat[p, n]", "sq(A) >= 0", before=NAMES + SQUARE + FORM, hints='using=[square.summed("u", A="A")]'
    ),
}

FALSE = {
    "products do not commute": theorem("A: mat[p, p], B: mat[p, p]", "A @ B == B @ A", before=NAMES),
    "three factors turned round": theorem(
        "A: mat[p, p], B: mat[p, p], C: mat[p, p]", "trace(A @ B @ C) == trace(A @ C @ B)", before=NAMES
    ),
    "a pseudoinverse is not an inverse": theorem("A: mat[p, n], x: mat[p, 1]", "A @ pinv(A) @ x == x", before=NAMES),
    "a projection does not lengthen": theorem(
        "A: mat[p, n], x: mat[p, 1]", "sq(A @ pinv(A) @ x) >= sq(x)", before=NAMES
    ),
}


def found_for(text: str, seconds: float) -> tuple[Json | Unproved, str]:
    asked = read(text)
    return find_proof(asked, Limits(seconds=seconds)), digest(asked.statement)


@pytest.mark.parametrize("name", TRUE)
def test_a_true_statement_about_matrices_is_proved(name: str) -> None:
    found, bound = found_for(TRUE[name], 20)
    assert not isinstance(found, Unproved), found
    assert check(found, statement_sha256=bound).kind == "theorem"


@pytest.mark.parametrize("name", FALSE)
def test_a_false_statement_about_matrices_is_not_proved(name: str) -> None:
    assert isinstance(found_for(FALSE[name], 3)[0], Unproved)


def multipliers(document: Json) -> Iterator[tuple[str | int, ...]]:
    """The places of the multipliers of equations in a certificate."""
    for path in places(document):
        if len(path) > 2 and path[-3:-1] and path[-3] == "equations" and path[-1] == 1:
            yield path


def test_a_changed_multiplier_is_rejected() -> None:
    found, _ = found_for(TRUE["Pythagoras"], 20)
    assert not isinstance(found, Unproved)
    changed = list(multipliers(found))
    assert changed
    for path in changed:
        for forged in (f"2*({at(found, path)})", f"-({at(found, path)})"):
            with pytest.raises(Rejected):
                check(edited(found, path, forged))
