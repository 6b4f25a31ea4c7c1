r"""Matrices in an author's text: their sorts, and one clear sentence for each mistake."""

from __future__ import annotations

import pytest

from tests.theory.authoring import mistake, stated, theorem

NAMES = 'p, n = dimensions("p n")\n'
FORM = "@lemma()\ndef form(u: mat[p, 1], A: mat[p, n], x: real) -> prop:\n    return sq(A.T @ u) >= 0\n"


def test_an_annotation_is_read_as_a_sort() -> None:
    found = stated("A: mat[p, n], u: mat[n, 1], r: mat[1, p]", "sq(A @ u) == sq(u.T @ A.T)", before=NAMES)
    assert found["theorem"]["variables"] == [["A", "mat(p, n)"], ["u", "mat(n, 1)"], ["r", "mat(1, p)"]]
    assert found["theorem"]["conclusion"] == "sq(A @ u) == sq(u.T @ A.T)"


ANNOTATIONS = {
    "mat[p, 2]": "a dimension of argument A of t must be a name of your own or 1, not 2",
    "mat[p, n * 2]": "a dimension of argument A of t must be a name of your own or 1, not n * 2",
    "mat[p]": "needs one of the sorts",
    "mat[p, n, p]": "needs one of the sorts",
    "mat": "needs one of the sorts",
    "mat[1, 1]": "argument A of t has one entry: it is a number; write real instead of mat[1, 1]",
    "mat[vec, 1]": "a dimension of argument A of t must be a name of your own or 1, not vec",
    "mat[p, True]": "a dimension of argument A of t must be a name of your own or 1, not True",
}


@pytest.mark.parametrize("annotation", ANNOTATIONS)
def test_a_wrong_annotation_is_reported(annotation: str) -> None:
    found = mistake(theorem(f"A: {annotation}", "1 >= 0", before=NAMES))
    assert ANNOTATIONS[annotation] in found.message
    assert "\n" not in str(found)


MEANING = {
    "A @ A == 0": "a matrix with n columns times one with p rows",
    "A == A.T": "matrices of different shapes",
    "A == 1": "a vector or matrix is needed",
    "A.X == 0": "has no meaning here",
    "trace(A) == 0": "the trace of a matrix that is not square",
    "u.T @ u == 0": "a product with one entry is a number; write dot(u, v)",
}


@pytest.mark.parametrize("conclusion", MEANING)
def test_a_product_without_meaning_is_reported(conclusion: str) -> None:
    found = mistake(theorem("A: mat[p, n], u: mat[p, 1]", conclusion, before=NAMES))
    assert MEANING[conclusion] in found.message
    assert "\n" not in str(found)


HINTS = {
    'form.summed("v", A="A", x="0")': "it has no such columns",
    'form.summed("u", A="A")': "it has to say what is put for A, x",
    'form.summed("u", A="A.T", x="0")': "is not of sort mat(p, n)",
    'form.summed("u", A="A", x="A")': "is not of sort real",
    'form.summed("u", "u", A="A", x="0")': "it has no such columns",
}


@pytest.mark.parametrize("hint", HINTS)
def test_a_sum_that_makes_no_sense_is_reported(hint: str) -> None:
    found = mistake(theorem("A: mat[p, n]", "sq(A) >= 0", before=NAMES + FORM, hints=f"using=[{hint}]"))
    assert HINTS[hint] in found.message
    assert "\n" not in str(found)
