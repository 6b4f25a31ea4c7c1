r"""Long formulas in pieces: nothing is lost, no bracket is torn open, the pieces are what a browser can break between."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.catalog import collect
from verify.report.breaking import NARROW, pieces, rows, width
from verify.report.mathml import flowing, formulas_in, inline

LETTERS = st.sampled_from([r"\alpha", "x", "y_{1}", "12", r"\mathrm{state}(m, x)", r"\frac{a + b}{c - d}", "|x - y|"])
TERMS = st.recursive(
    LETTERS,
    lambda inner: st.one_of(
        st.builds(r"{} + {}".format, inner, inner),
        st.builds(r"{} - {}".format, inner, inner),
        st.builds(r"\left({}\right)".format, inner),
        st.builds(r"\left\lVert {}\right\rVert^{{2}}".format, inner),
        st.builds(r"f({}, {})".format, inner, inner),
        st.builds(r"\begin{{pmatrix}}{} & 1 \\ 0 & {}\end{{pmatrix}}".format, inner, inner),
    ),
    max_leaves=12,
)
FORMULAS = st.builds(
    r"{} {} {} \;\Longrightarrow\; {}".format, TERMS, st.sampled_from([r"\le", "=", "<"]), TERMS, TERMS
)


def without_spaces(latex: str) -> str:
    return "".join(latex.split())


@settings(deadline=None)
@given(FORMULAS)
def test_the_pieces_together_are_the_formula(formula: str) -> None:
    found = [part.removeprefix("{}") for part in pieces(formula)]
    assert without_spaces("".join(found)) == without_spaces(formula)


@settings(deadline=None)
@given(FORMULAS)
def test_no_bracket_that_grows_is_torn_open(formula: str) -> None:
    assert "<code" not in flowing(formula) and "<code" not in inline(formula)
    for part in pieces(formula):
        assert part.count(r"\left") == part.count(r"\right") and part.count("{") == part.count("}")
        assert part.count(r"\begin") == part.count(r"\end") and part.count("|") % 2 == 0


@pytest.mark.parametrize("formula", ["x", r"a \le b + c", r"\forall\, m \in \mathbb{N}:\quad m \ge 0", "-x + y"])
def test_a_narrow_formula_stays_whole(formula: str) -> None:
    assert width(formula) <= NARROW and pieces(formula) == [formula]


def test_a_chain_is_cut_before_its_relations_and_a_sum_before_its_signs() -> None:
    name = r"\mathrm{quite\_a\_long\_name}"
    assert pieces(rf"{name}(x) \le {name}(y) = {name}(z)") == [
        rf"{name}(x)", rf"{{}}\le {name}(y)", rf"{{}}= {name}(z)",
    ]  # fmt: skip
    assert pieces(rf"{name}(x) + {name}(y) - {name}(z)") == [
        rf"{name}(x)", rf"{{}}+ {name}(y)", rf"{{}}- {name}(z)",
    ]  # fmt: skip


def test_a_sign_with_one_side_is_no_place_to_break() -> None:
    long = r"\mathrm{a\_name\_of\_thirty\_letters\_or\_so}"
    assert pieces(rf"-{long}") == [rf"-{long}"]
    assert pieces(rf"{long} = -{long}") == [long, rf"{{}}= -{long}"]


def test_the_first_operator_of_a_piece_keeps_two_sides() -> None:
    long = r"\mathrm{a\_name\_of\_thirty\_letters\_or\_so}"
    shown = flowing(rf"{long} + {long}")
    assert shown.count("<math") == 2 and "<wbr>" in shown
    assert "<mrow></mrow><mo>+</mo>" in shown  # without the group, MathML takes the sign for that of a number


def test_rows_of_an_alignment_are_taken_apart_when_one_is_wide() -> None:
    narrow = r"\begin{aligned}f(0) &= 1 \\ f(n + 1) &= 2 f(n)\end{aligned}"
    assert rows(narrow) == [narrow]
    long = " + ".join(f"x_{{{k}}}" for k in range(30))
    cases = r"\begin{cases}0 & \text{if } x < 0 \\ 1 & \text{otherwise}\end{cases}"
    assert rows(rf"\begin{{aligned}}f(0) &= {cases} \\ f(n + 1) &= {long}\end{{aligned}}") == [
        f"f(0) = {cases}", f"f(n + 1) = {long}",
    ]  # fmt: skip


def test_every_formula_that_authors_wrote_can_be_broken() -> None:
    for listed in collect([Path(__file__).resolve().parents[2] / "claims"]).claims:
        claim = listed.claim
        texts = [claim.statement, claim.remarks, *claim.symbols.values(), *(step.statement for step in claim.cited)]
        for formula in (formula for text in texts for formula in formulas_in(text)):
            assert "<code" not in inline(formula), formula
