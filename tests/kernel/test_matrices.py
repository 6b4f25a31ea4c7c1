r"""Matrices in the language of theorems, against matrices of rational numbers.

The oracle multiplies lists of fractions; it knows nothing of words, of traces of words or of their normal form.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product as pairs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.documents import (
    Json,
    arithmetic,
    columns,
    counterexample,
    edited,
    exact,
    matrices,
    parameter,
    summed,
    table,
)
from verify.kernel import Rejected, check
from verify.kernel.formulas import Scope
from verify.kernel.terms import Matrix, Polynomial

Entries = list[list[Fraction]]
Built = tuple[str, Entries]  # a text, and its value
SORTS = {"A": ("p", "n"), "B": ("p", "p"), "C": ("n", "p"), "u": ("p", "1"), "v": ("n", "1"), "w": ("1", "p")}


def times(a: Entries, b: Entries) -> Entries:
    return [[sum((x * y for x, y in zip(row, c, strict=True)), Fraction(0)) for c in zip(*b, strict=True)] for row in a]


def transposed(a: Entries) -> Entries:
    return [list(row) for row in zip(*a, strict=True)]


def scope() -> Scope:
    found = Scope({})
    for name, (rows, count) in SORTS.items():
        found = found.bind(name, f"mat({rows}, {count})")
    return found


@st.composite
def points(draw: st.DrawFn) -> dict[str, Entries]:
    """A matrix for each name, at dimensions of 1 to 3."""
    size = {"1": 1, "p": draw(st.integers(1, 3)), "n": draw(st.integers(1, 3))}
    entry = st.integers(-3, 3).map(Fraction)
    return {name: [[draw(entry) for _ in range(size[c])] for _ in range(size[r])] for name, (r, c) in SORTS.items()}


@st.composite
def built(draw: st.DrawFn, at: Mapping[str, Entries], rows: str, count: str, depth: int) -> Built:
    """A term of this shape with its value: a name, a sum, a transpose, a product over any inner dimension."""
    names = [name for name, sort in SORTS.items() if sort == (rows, count)]
    way = draw(st.sampled_from([*names, *(["sum", "transpose", "product"] if depth else [])] or ["product"]))
    if way in SORTS:
        return way, at[way]
    if way == "sum":
        (left, a), (right, b) = (draw(built(at, rows, count, depth - 1)) for _ in range(2))
        factor = draw(st.integers(-2, 2))
        return f"({left} + {factor}*{right})", [
            [x + factor * y for x, y in zip(r, s, strict=True)] for r, s in zip(a, b, strict=True)
        ]
    if way == "transpose" and (count, rows) in SORTS.values():
        text, a = draw(built(at, count, rows, depth - 1))
        return f"({text}).T", transposed(a)
    inner = draw(
        st.sampled_from([d for d in ("1", "p", "n") if (rows, d) in SORTS.values() and (d, count) in SORTS.values()])
    )
    (left, a), (right, b) = (
        draw(built(at, rows, inner, max(depth - 1, 0))),
        draw(built(at, inner, count, max(depth - 1, 0))),
    )
    return f"({left} @ {right})", times(a, b)


def value(polynomial: Polynomial, at: Mapping[str, Entries]) -> Fraction:
    """The value of a normal form, whose atoms are products of names within dot or trace."""
    total = Fraction(0)
    for monomial, coefficient in polynomial.terms.items():
        for atom, exponent in monomial:
            coefficient *= number(atom, at) ** exponent
        total += coefficient
    return total


def number(atom: str, at: Mapping[str, Entries]) -> Fraction:
    head, inside = atom.rstrip(")").split("(")
    sides = [chain(side, at) for side in inside.split(", ")]
    square = times(transposed(sides[0]), sides[1]) if head == "dot" else sides[0]
    return sum((row[i] for i, row in enumerate(square)), Fraction(0))


def chain(text: str, at: Mapping[str, Entries]) -> Entries:
    factors = [transposed(at[name[:-2]]) if name.endswith(".T") else at[name] for name in text.split(" @ ")]
    total = factors[0]
    for factor in factors[1:]:
        total = times(total, factor)
    return total


SHAPES = sorted(set(SORTS.values()))


@settings(deadline=None, max_examples=150)
@given(st.data(), points(), st.sampled_from(SHAPES))
def test_a_normal_form_has_the_value_of_the_term(
    data: st.DataObject, at: dict[str, Entries], shape: tuple[str, str]
) -> None:
    (left, a), (right, b) = (data.draw(built(at, *shape, 3)) for _ in range(2))
    found = scope().term(f"dot({left}, {right})")
    assert isinstance(found, Polynomial)
    assert value(found, at) == sum(
        (x * y for r, s in zip(a, b, strict=True) for x, y in zip(r, s, strict=True)), Fraction(0)
    )
    matrix = scope().term(left)
    assert isinstance(matrix, Matrix) and matrix.shape == shape
    for i, j in pairs(range(len(a)), range(len(a[0]))):
        assert sum((value(c, at) * chain(t, at)[i][j] for t, c in worded(matrix)), Fraction(0)) == a[i][j]


def worded(matrix: Matrix) -> list[tuple[str, Polynomial]]:
    return [(" @ ".join(x.atom + ".T" * x.transposed for x in word), c) for word, c in matrix.parts.items()]


@settings(deadline=None)
@given(st.lists(st.sampled_from(["B", "B.T", "D", "D.T"]), min_size=1, max_size=6), st.integers(0, 5))
def test_a_trace_is_that_of_its_rotations_and_transposes(word: list[str], turn: int) -> None:
    names = scope().bind("D", "mat(p, p)")
    turned = word[turn % len(word) :] + word[: turn % len(word)]
    flipped = [x[:-2] if x.endswith(".T") else x + ".T" for x in reversed(turned)]
    assert len({str(names.term(f"trace({' @ '.join(w)})")) for w in (word, turned, flipped)}) == 1


@pytest.mark.parametrize(
    ("left", "right"),
    [("B @ D @ D.T", "B @ D.T @ D"), ("B @ B @ D @ D", "B @ D @ B @ D"), ("B @ B", "B @ B.T"), ("B", "D")],
)
def test_products_of_other_orders_have_other_traces(left: str, right: str) -> None:
    names = scope().bind("D", "mat(p, p)")
    assert names.term(f"trace({left})") != names.term(f"trace({right})")


# ------------------------------------------------------------------------------------------------- what is refused

REFUSED = {
    "A @ B == 0": "columns times one with",
    "A + A.T == 0": "different shapes",
    "dot(A, C) == 0": "different shapes",
    "u.T @ u == 0": "a product with one entry is a number",
    "trace(A) == 0": "not square",
    "pinv(A - A) == 0": "no name for the pseudoinverse",
    "pinv(dot(u, u)) == 0": "a vector or matrix is needed",
    "A >= 0": "a number is needed, not the matrix",
    "A == 1": "a vector or matrix is needed, not the number",
    "A*A == 0": "a number is needed, not the matrix",
    "not A == 0": "an equation of vectors cannot be negated",
    "A.S == 0": "not a term",
    "trace(A, A) == 0": "wrong number of arguments",
    "sq(" + " @ ".join(["B"] * 300) + ") == 0": "too many factors",
    "trace(" + " @ ".join(["(B + 2*B.T)"] * 14) + ") == 0": "too many terms",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_text_without_meaning_is_refused(text: str) -> None:
    with pytest.raises(Rejected, match=REFUSED[text]):
        scope().formula(text)


@pytest.mark.parametrize(
    "sort",
    ["mat(1, 1)", "mat(vec, 1)", "mat(p, lambda)", "mat(dot, n)", "mat(2, n)", "mat(p,n)", "mat(p, n) ", "mat(p)"],
)
def test_a_dimension_is_a_name_or_one(sort: str) -> None:
    with pytest.raises(Rejected, match=r"unknown sort|reserved name|not a name|number, of sort real"):
        Scope({}).bind("A", sort)


# ----------------------------------------------------------------------------------------- forgeries of the rules

FORMS = {
    "linear": "dot(u, x) >= 0",
    "quartic": "sq(u)*sq(u) >= 0",
    "a square and a constant": "dot(u, x)**2 + 1 >= 0",
    "a length, whose sum would be the dimension": "sq(u) >= 0",
    "strict": "dot(u, S() @ u) > 0",
    "in an argument of a function": "f(u)*dot(u, x) >= 0",
    "a product of two forms": "dot(u, S() @ u)*dot(u, x) >= 0",
    "an equation of matrices": "u @ u.T == u @ u.T",
    "within a pseudoinverse": "dot(u, pinv(u @ u.T) @ u) >= 0",
    "quadratic": "dot(u, S() @ u) >= 0",
}


def summing(form: str, step: Json | None = None, **more: Json) -> Json:
    """A theorem shown by summing what is assumed of all columns u."""
    step = {**(step or summed("form", ["u"], {"x": "x"}, "s")), **more}
    given = [["S", [], "mat(p, p)"], ["f", ["mat(p, 1)"], "real"]]
    form_of = columns("form", form, {"u": "mat(p, 1)", "x": "mat(p, 1)"})
    return matrices("trace(S()) >= 0", [step, exact("s")], {"x": "mat(p, 1)"}, parameters=given, assumptions=[form_of])


@pytest.mark.parametrize("kind", FORMS)
def test_only_quadratic_forms_are_summed(kind: str) -> None:
    if kind == "quadratic":
        assert check(summing(FORMS[kind])).kind == "theorem"
        return
    with pytest.raises(Rejected, match=r"quadratic|is summed over unit vectors"):
        check(summing(FORMS[kind]))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"over": ["x", "u"], "at": {}}, "name already in use"),
        ({"over": ["y"]}, "not a column of the fact"),
        ({"over": [["u"]]}, "not a column of the fact"),
        ({"over": ["u", "u"]}, "name already in use"),
        ({"over": []}, "expected the fields"),
        ({"at": {"x": "S()"}}, "must be of sort"),
        ({"as": ""}, "label missing"),
    ],
)
def test_a_sum_is_over_columns_of_the_fact(changes: dict[str, Json], reason: str) -> None:
    with pytest.raises(Rejected, match=reason):
        check(summing(FORMS["quadratic"], **changes))


def test_a_column_does_not_capture_a_name_in_use() -> None:
    form = columns("form", "dot(x, S() @ x) >= 0", {"x": "mat(p, 1)"})
    given = [["S", [], "mat(p, p)"]]
    for over, accepted in ({"y": "mat(p, 1)"}, True), ({"x": "mat(p, 1)"}, False):
        proof = [summed("form", ["x"], {}, "s"), exact("s")]
        document = matrices("trace(S()) >= 0", proof, over, parameters=given, assumptions=[form])
        if accepted:
            assert check(document).kind == "theorem"
        else:
            with pytest.raises(Rejected, match="name already in use"):
                check(document)


def test_the_column_may_not_be_put_for_another_variable_of_a_length() -> None:
    form = columns("form", "dot(u, x) >= 0", {"u": "mat(p, 1)", "x": "mat(p, 1)"})
    proof = [summed("form", ["u"], {"x": "u"}, "s"), exact("s")]
    with pytest.raises(Rejected, match="which has no name"):
        check(matrices("1 >= 0", proof, {"A": "mat(p, n)"}, assumptions=[form]))


EQUAL = {"A": "mat(p, n)", "B": "mat(p, n)"}
EXTENSIONAL = matrices(
    "A == B", [{"rule": "extensional", "variable": "C"}, arithmetic(equations={"h1": "C"})], EQUAL, ["A == B"]
)
DEFINITE = matrices("A == 0", [{"rule": "definite"}, exact("h1")], EQUAL, ["sq(A) == 0"])
PROJECTED = matrices(
    "A @ pinv(A) @ A == A", [{"rule": "pseudoinverse", "of": "A", "as": ["a", "b", "c", "d"]}, exact("a")], EQUAL
)
STEP = ("witness", "proof", 0)


@pytest.mark.parametrize(
    "document", [EXTENSIONAL, DEFINITE, PROJECTED], ids=["extensional", "definite", "pseudoinverse"]
)
def test_the_documents_that_are_forged_are_good(document: Json) -> None:
    assert check(document).kind == "theorem"


@pytest.mark.parametrize(
    ("document", "place", "forged", "reason"),
    [
        (EXTENSIONAL, (*STEP, "variable"), "A", "name already in use"),
        (EXTENSIONAL, (*STEP, "variable"), "dot", "reserved name"),
        (
            EXTENSIONAL,
            ("statement", "theorem", "conclusion"),
            "sq(A - B) == 0",
            "not an equation of vectors or matrices",
        ),
        (EXTENSIONAL, ("witness", "proof", 1, "equations", 0, 1), "2*C", "the identity fails"),
        (EXTENSIONAL, ("witness", "proof", 1, "equations", 0, 1), "C.T", "different shapes"),
        (DEFINITE, ("statement", "theorem", "conclusion"), "sq(A) == 0", "not an equation of vectors or matrices"),
        (DEFINITE, ("statement", "theorem", "hypotheses", 0), "sq(A) >= 0", "is not the goal"),
        (PROJECTED, ("witness", "proof", 0, "as"), ["a", "b", "c"], "expected a list of 4"),
        (PROJECTED, (*STEP, "of"), "B", "is not the goal"),
        (PROJECTED, (*STEP, "of"), "A - A", "no name for the pseudoinverse"),
        (PROJECTED, (*STEP, "of"), "sq(A)", "a vector or matrix is needed"),
        (PROJECTED, ("statement", "theorem", "conclusion"), "A.T @ pinv(A).T @ A == A", "columns times one with"),
        (PROJECTED, ("statement", "theorem", "conclusion"), "A @ pinv(A) @ B == B", "is not the goal"),
    ],
)
def test_a_forged_step_is_refused(document: Json, place: tuple[str | int, ...], forged: Json, reason: str) -> None:
    with pytest.raises(Rejected, match=reason):
        check(edited(document, place, forged))


def test_a_fact_at_other_dimensions_is_refused() -> None:
    fact = columns("fact", "sq(M) >= 0", {"M": "mat(p, n)"})
    for term, accepted in ("A", True), ("A.T", False), ("A @ A.T", False):
        step = {"rule": "instance", "of": "fact", "at": {"M": term}, "because": [], "as": "i"}
        document = matrices("sq(A) >= 0", [step, exact("i")], EQUAL, assumptions=[fact])
        if accepted:
            assert check(document).kind == "theorem"
        else:
            with pytest.raises(Rejected, match="must be of sort"):
                check(document)


# -------------------------------------------------------------------------------------------------- counterexamples


@pytest.mark.parametrize(
    "text", ["u.T.T == u", "u @ v.T @ u == dot(u, v)*u", "f(u.T.T) == f(u)", "f(u @ v.T @ v) == f(sq(v)*u)"]
)
def test_a_column_is_one_value_however_it_is_computed(text: str) -> None:
    f = {
        "parameters": [parameter("f(vec) -> real")],
        "tables": {"f": table("0", ([["1", "2"]], "1"), ([["2", "4"]], "1"))},
    }
    with pytest.raises(Rejected, match="the conclusion holds"):
        check(counterexample(text, {"u": ["1", "2"], "v": ["1", "1"]}, "u: vec, v: vec", **f))


@settings(deadline=None, max_examples=80)
@given(st.data(), points(), st.sampled_from(SHAPES))
def test_a_matrix_is_refuted_exactly_where_it_is_not_zero(
    data: st.DataObject, at: dict[str, Entries], shape: tuple[str, str]
) -> None:
    text, entries = data.draw(built(at, *shape, 2))
    point = {name: [[str(x) for x in row] for row in rows] for name, rows in at.items()}
    document = counterexample(f"{text} == 0", point)
    over = [[name, f"mat({rows}, {count})"] for name, (rows, count) in SORTS.items()]
    document = edited(document, ("statement", "theorem", "variables"), over)
    if any(x for row in entries for x in row):
        assert check(document).kind == "counterexample"
    else:
        with pytest.raises(Rejected, match="the conclusion holds"):
            check(document)


def test_dimensions_of_a_point_are_one_number() -> None:
    document = counterexample("sq(A) < 0", {"A": [["1", "2"]], "B": [["1"]]})
    over = [["A", "mat(p, n)"], ["B", "mat(p, n)"]]
    with pytest.raises(Rejected, match="different values of the dimension n"):
        check(edited(document, ("statement", "theorem", "variables"), over))
