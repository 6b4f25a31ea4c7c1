r"""Typesetting: what is shown is what was decided, brackets included, and a converter to MathML understands it.

Terms are parsed back: ``Parser`` reads the LaTeX of a term with the precedences of mathematics and computes its value,
which is compared with the value that Python gives to the text.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import math_core
import pytest
from hypothesis import given, settings

from tests.theory import shipped
from tests.theory.authoring import author, stated
from tests.theory.test_reading import terms
from verify.claim import Claim
from verify.kernel.formulas import syntax
from verify.theory import latex
from verify.theory.environment import Collector

Json = Any


def converted(text: str) -> str:
    return str(math_core.LatexToMathML().convert_with_local_state(text, displaystyle=True))


# ------------------------------------------------------------------------------------------------ shipped claims


def test_every_part_of_a_shipped_statement_becomes_mathml() -> None:
    def converts(name: str) -> None:
        statement = shipped.statements()[name]
        fact = statement["theorem"]
        texts = [latex.definition(entry) for entry in statement["definitions"]]
        texts += [latex.parameter(entry) for entry in statement["parameters"]]
        texts += [latex.sentence(entry) for entry in statement["assumptions"]]
        texts += [latex.term(syntax(fact["conclusion"]))] if name == "triangle_relaxation" else [latex.sentence(fact)]
        for text in texts:
            assert converted(text).startswith("<math")

    shipped.every(shipped.statements(), converts)


def test_every_lemma_and_hint_of_a_shipped_proof_becomes_mathml() -> None:
    def converts(name: str) -> None:
        problem = shipped.problems()[name]
        for lemma, _ in problem.lemmas:
            assert converted(latex.sentence(lemma)).startswith("<math")
        for text in (*problem.hints.cases, *problem.hints.have):
            assert converted(latex.formula(syntax(text))).startswith("<math")
        for entry in problem.definitions:
            assert converted(latex.definition(entry)).startswith("<math")

    shipped.every(shipped.problems(), converts)


def test_the_sentences_of_a_shipped_claim_become_mathml() -> None:
    def converts(name: str) -> None:
        claim = shipped.objects(Claim)[name]
        formulas = re.findall(r"\$([^$]+)\$", claim.statement) + list(claim.symbols)
        assert formulas
        for text in formulas:
            assert converted(text).startswith("<math")

    shipped.every(shipped.objects(Claim), converts)


# --------------------------------------------------------------------------------------------- terms, written out

TERMS = {
    "(a + b)*c": r"\left(a + b\right) \, c",
    "a*(b + c)": r"a \, \left(b + c\right)",
    "a + b*c": r"a + b \, c",
    "-x**2": r"-x^{2}",
    "-(x**2)": r"-x^{2}",
    "(-x)**2": r"\left(-x\right)^{2}",
    "a - (b - c)": r"a - \left(b - c\right)",
    "a - b - c": r"a - b - c",
    "a - (b + c)": r"a - \left(b + c\right)",
    "a - (-b)": r"a - \left(-b\right)",
    "a - b*c": r"a - b \, c",
    "-(a + b)": r"-\left(a + b\right)",
    "-(-a)": r"-\left(-a\right)",
    "a*-b": r"a \, \left(-b\right)",
    "(-a)*b": r"\left(-a\right) \, b",
    "a/(b*c)": r"\frac{a}{b \, c}",
    "a/b*c": r"\frac{a}{b} \, c",
    "a/b/c": r"\frac{\frac{a}{b}}{c}",
    "(a + b)/(c - 1)": r"\frac{a + b}{c - 1}",
    "(a/b)**2": r"\left(\frac{a}{b}\right)^{2}",
    "(a*b)**2": r"\left(a \, b\right)^{2}",
    "(a + b)**2": r"\left(a + b\right)^{2}",
    "(a**2)**3": r"\left(a^{2}\right)^{3}",
    "f(a)**2": r"f(a)^{2}",
    "2*3**2": r"2 \cdot 3^{2}",
    "a*2": r"a \cdot 2",
    "a*(1/2)": r"a \cdot \frac{1}{2}",
    "2*power_2(k)": r"2 \cdot 2^{k}",
    "power_2(k + 1)": r"2^{k + 1}",
    "power_1_2(k)": r"\left(\frac{1}{2}\right)^{k}",
    "power_m1(k)*a": r"\left(-1\right)^{k} \, a",
    "power_m2_3(k)": r"\left(-\frac{2}{3}\right)^{k}",
    "power_2(power_2(k))": r"2^{2^{k}}",
    "relu(a - b)": r"\operatorname{ReLU}(a - b)",
    "max(abs(a), relu(-b))": r"\max(\left|a\right|, \operatorname{ReLU}(-b))",
    "abs(abs(a) - 1)": r"\left|\left|a\right| - 1\right|",
    "min(max(a, b), c)": r"\min(\max(a, b), c)",
    "sq(u - v)": r"\left\lVert u - v\right\rVert^{2}",
    "dot(u, v + w)": r"\left\langle u, v + w\right\rangle",
    "dot(u, v)**2": r"\left\langle u, v\right\rangle^{2}",
    "tree_units(k)": r"\mathrm{tree\_units}(k)",
    "x_1 + x12": r"x_{1} + \mathrm{x12}",
    "alpha*eps_2": r"\alpha \, \varepsilon_{2}",
    "c()": r"c",
}


MATRICES = {
    "A @ B": r"A \, B",
    "A @ (B + C)": r"A \, \left(B + C\right)",
    "A @ (2*B) @ (B/2)": r"A \, \left(2 \, B\right) \, \frac{B}{2}",
    "(A @ B).T @ X().T": r"\left(A \, B\right)^{\top} \, X^{\top}",
    "A.T.T": r"\left(A^{\top}\right)^{\top}",
    "pinv(A)": r"A^{+}",
    "pinv(A @ B).T": r"\left(\left(A \, B\right)^{+}\right)^{\top}",
    "trace(A @ B)": r"\operatorname{tr}\left(A \, B\right)",
    "-A @ B": r"\left(-A\right) \, B",
    "dot(A, B @ C)": r"\left\langle A, B \, C\right\rangle",
    "sq(A @ x)": r"\left\lVert A \, x\right\rVert^{2}",
}


@pytest.mark.parametrize(("text", "expected"), {**TERMS, **MATRICES}.items())
def test_a_term_has_the_brackets_it_needs_and_no_others(text: str, expected: str) -> None:
    assert latex.term(syntax(text)) == expected
    assert converted(expected).startswith("<math")


@pytest.mark.parametrize("text", ["sq(u)**2", "power_2(k)**2", "power_1_2(k)**3", "power_m1(k)**2"])
def test_a_power_of_a_power_is_mathematics(text: str) -> None:
    assert converted(latex.term(syntax(text))).startswith("<math")


def test_two_names_are_two_symbols() -> None:
    names = ["x", "x1", "x_1", "x11", "x_11", "x_1_1", "eps", "epsilon", "mu", "mu1", "tree", "tree1", "_x", "X"]
    assert len({latex.name(name) for name in names}) == len(names)


@pytest.mark.parametrize("text", ["x", "x1", "x_11", "lam", "pi", "zeta_3", "layer_x", "a_b_c_2", "X9", "fan_t"])
def test_a_name_becomes_mathml(text: str) -> None:
    assert converted(latex.name(text)).startswith("<math")


# ------------------------------------------------------------------------------------------------- parsing back

TOKENS = re.compile(
    r"\\frac|\\left[(|]|\\right[)|]|\\operatorname\{ReLU\}|\\max|\\min|\\cdot|\\,|\\[a-z]+|[a-z]|\d+|\S"
)


class Parser:
    """The value of a term from its LaTeX, by the precedences of mathematics."""

    def __init__(self, text: str, values: dict[str, Fraction]) -> None:
        self.tokens, self.values = TOKENS.findall(text), values

    def next(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def take(self, *expected: str) -> str:
        token = self.tokens.pop(0)
        assert not expected or token in expected, (token, expected)
        return token

    def sum(self) -> Fraction:
        total = self.signed()
        while self.next() in ("+", "-"):
            total = total + self.signed() if self.take() == "+" else total - self.signed()
        return total

    def signed(self) -> Fraction:
        if self.next() == "-":
            self.take()
            return -self.product()
        return self.product()

    def product(self) -> Fraction:
        total = self.power()
        while self.next() in (r"\,", r"\cdot"):
            self.take()
            total *= self.power()
        return total

    def power(self) -> Fraction:
        base = self.atom()
        if self.next() == "^":
            self.take()
            base **= int(self.group())
        assert self.next() != "^"
        return base

    def group(self) -> Fraction:
        self.take("{")
        value = self.sum()
        self.take("}")
        return value

    def arguments(self) -> list[Fraction]:
        self.take("(")
        values = [self.sum()]
        while self.next() == ",":
            self.take()
            values.append(self.sum())
        self.take(")")
        return values

    def atom(self) -> Fraction:
        match self.take():
            case r"\frac":
                above = self.group()
                return above / self.group()
            case r"\left(":
                value = self.sum()
                self.take(r"\right)")
                return value
            case r"\left|":
                value = abs(self.sum())
                self.take(r"\right|")
                return value
            case r"\operatorname{ReLU}":
                return max(self.arguments()[0], Fraction(0))
            case r"\max":
                return max(self.arguments())
            case r"\min":
                return min(self.arguments())
            case token:
                return self.values[token] if token.isalpha() else Fraction(token)


VALUES = {"x": Fraction(-2, 3), "y": Fraction(7, 2), "k": Fraction(3)}


def value_of(text: str) -> Fraction:
    """The LaTeX of a term, parsed back."""
    parser = Parser(text, VALUES)
    value = parser.sum()
    assert not parser.tokens
    return value


@pytest.mark.parametrize("text", [t for t in TERMS if not re.search(r"sq|dot|[fc]\(|tree|x_1|alpha", t)])
def test_the_parser_of_this_test_understands_terms_as_they_are_meant(text: str) -> None:
    names = {**dict.fromkeys("abc", Fraction(0)), "a": Fraction(5), "b": Fraction(-7, 2), "c": Fraction(3), **VALUES}
    powers = {"power_2": lambda k: 2**k, "power_1_2": lambda k: Fraction(1, 2) ** k, "power_m1": lambda k: (-1) ** k}
    powers["power_m2_3"] = lambda k: Fraction(-2, 3) ** k
    python = re.sub(r"(?<![\w*])(\d+)", r"Fraction(\1)", text)
    expected = eval(python, {"Fraction": Fraction, "relu": lambda t: max(t, 0), "abs": abs, **powers}, dict(names))
    parser = Parser(TERMS[text], names)
    assert parser.sum() == expected


@settings(max_examples=200, derandomize=True, deadline=None)
@given(terms(3))
def test_a_random_term_parsed_back_has_its_value(text: str) -> None:
    module = author(f"@define\ndef f(x: real, y: real, k: nat) -> real:\n    return {text}\n")
    collector = Collector()
    collector.function(module.f)
    shown = latex.term(syntax(collector.definitions["f"]["body"]))
    if "}^" not in shown.replace(r"\right)^", ""):
        assert value_of(shown) == module.f(*VALUES.values())


# ------------------------------------------------------------------------------------------------------ formulas

FORMULAS = {
    "(a >= 1 or b >= 1) and c >= 1": r"\left(a \ge 1 \;\lor\; b \ge 1\right) \;\land\; c \ge 1",
    "a >= 1 or b >= 1 and c >= 1": r"a \ge 1 \;\lor\; \left(b \ge 1 \;\land\; c \ge 1\right)",
    "a <= b and b < c": r"a \le b < c",
    "a >= b and b > c and c >= 0": r"a \ge b > c \ge 0",
    "a <= b and b >= c": r"a \le b \;\land\; b \ge c",
    "a <= b and b == c": r"a \le b \;\land\; b = c",
    "a == b and b == c": r"a = b \;\land\; b = c",
    "a <= b and c <= d": r"a \le b \;\land\; c \le d",
    "a <= b and (b <= c and c <= d)": r"a \le b \le c \le d",
    "a <= b and p(c) and b <= d": r"a \le b \;\land\; p(c) \;\land\; b \le d",
    "a <= b or b <= c": r"a \le b \;\lor\; b \le c",
    "not a == b": r"a \ne b",
    "not a < b": r"a \ge b",
    "not a <= b": r"a > b",
    "not p(a)": r"\lnot p(a)",
    "not (p(a) and p(b))": r"\lnot \left(p(a) \;\land\; p(b)\right)",
    "not (p(a) or a < b)": r"\lnot \left(p(a) \;\lor\; a < b\right)",
    "not implies(p(a), p(b))": r"\lnot \left(p(a) \Longrightarrow p(b)\right)",
    "implies(p(a), implies(p(b), p(c)))": r"p(a) \Longrightarrow \left(p(b) \Longrightarrow p(c)\right)",
    "implies(implies(p(a), p(b)), p(c))": r"\left(p(a) \Longrightarrow p(b)\right) \Longrightarrow p(c)",
    "implies(p(a) and p(b), p(c) or p(d))": r"\left(p(a) \;\land\; p(b)\right) \Longrightarrow \left(p(c) \;\lor\; p(d)\right)",
    "iff(p(a), iff(p(b), p(c)))": r"p(a) \Longleftrightarrow \left(p(b) \Longleftrightarrow p(c)\right)",
    "implies(a < b, c < d) and p(a)": r"\left(a < b \Longrightarrow c < d\right) \;\land\; p(a)",
    "implies(0 <= a and a <= 1, p(a))": r"0 \le a \le 1 \Longrightarrow p(a)",
    "true or false": r"\top \;\lor\; \bot",
    "u == v + w": r"u = v + w",
}


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_has_the_brackets_it_needs_and_no_others(text: str) -> None:
    assert latex.formula(syntax(text)) == FORMULAS[text]
    assert converted(FORMULAS[text]).startswith("<math")


def test_a_negated_chain_keeps_its_brackets() -> None:
    assert latex.formula(syntax("not (a <= b and b <= c)")) == r"\lnot \left(a \le b \le c\right)"


SENTENCES = {
    "no hypothesis": (("x: real", "x**2 >= 0"), r"\forall\, x \in \mathbb{R}:\quad x^{2} \ge 0"),
    "no variable": (("", "1 <= 2"), r"1 \le 2"),
    "sorts": (
        ("k: nat, x: real, j: nat, u: vec", "x >= k + j + sq(u)"),
        r"\forall\, k, j \in \mathbb{N}, x \in \mathbb{R}, u \in V:\quad x \ge k + j + \left\lVert u\right\rVert^{2}",
    ),
    "hypotheses as a chain": (
        ("x: real", "x**2 <= x", "0 <= x <= 1"),
        r"\forall\, x \in \mathbb{R}:\quad 0 \le x \le 1 \;\Longrightarrow\; x^{2} \le x",
    ),
    "hypotheses side by side": (
        ("x: real, y: real", "x < 1 or y < 1", "x > 0 or y > 0", "x == y"),
        r"\forall\, x, y \in \mathbb{R}:\quad \left(x > 0 \;\lor\; y > 0\right),\; x = y \;\Longrightarrow\; "
        r"\left(x < 1 \;\lor\; y < 1\right)",
    ),
    "an implication as the conclusion": (
        ("x: real", "implies(x > 1, x > 0)", "x < 5"),
        r"\forall\, x \in \mathbb{R}:\quad x < 5 \;\Longrightarrow\; \left(x > 1 \Longrightarrow x > 0\right)",
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_a_statement_is_one_sentence(name: str) -> None:
    (variables, conclusion, *hypotheses), expected = SENTENCES[name]
    assert latex.sentence(stated(variables, conclusion, *hypotheses)["theorem"]) == expected


# --------------------------------------------------------------------------------------------------- definitions


def entry(body: Json, sort: str = "real", variables: str = "k: nat, x: real") -> Json:
    pairs = [part.split(": ") for part in variables.split(", ")]
    return {"name": "f", "variables": pairs, "sort": sort, "body": body}


def by_condition(condition: str, then: Json, otherwise: Json) -> Json:
    return {"if": condition, "then": then, "else": otherwise}


DEFINITIONS = {
    "explicit": (entry("x + k"), "f(k, x) = x + k"),
    "a predicate": (entry("x > k", "prop"), r"f(k, x) \;:\Longleftrightarrow\; x > k"),
    "recursive": (
        entry({"on": "k", "zero": "x", "successor": "2*f(k, x + 1)"}),
        r"\begin{aligned}f(0, x) &= x \\ f(k + 1, x) &= 2 \, f(k, x + 1)\end{aligned}",
    ),
    "by cases": (
        entry(by_condition("x >= 0", "x", "-x")),
        r"f(k, x) = \begin{cases}x & \text{if } x \ge 0 \\ -x & \text{otherwise}\end{cases}",
    ),
    "a reciprocal": (
        entry({"reciprocal": "x + 1"}),
        r"f(k, x) = \begin{cases}\frac{1}{x + 1} & \text{if } x + 1 \ne 0 \\ 0 & \text{otherwise}\end{cases}",
    ),
    "recursive by cases": (
        entry({"on": "k", "zero": "0", "successor": by_condition("x > k", "1", by_condition("x < 0", "2", "3"))}),
        r"\begin{aligned}f(0, x) &= 0 \\ f(k + 1, x) &= \begin{cases}1 & \text{if } x > k \\ 2 & \text{if } x \le k "
        r"\land x < 0 \\ 3 & \text{otherwise}\end{cases}\end{aligned}",
    ),
}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_definition_is_shown_by_its_equations(name: str) -> None:
    definition, expected = DEFINITIONS[name]
    assert latex.definition(definition) == expected
    assert converted(expected).startswith("<math")


def test_a_guard_that_is_a_disjunction_keeps_its_brackets() -> None:
    body = by_condition("x >= 1 or x <= 0", by_condition("k >= 1", "1", "2"), "3")
    assert r"\left(x \ge 1 \;\lor\; x \le 0\right) \land k \ge 1" in latex.definition(entry(body))


def test_an_arbitrary_function_is_shown_by_its_sorts() -> None:
    assert latex.parameter(["f", ["nat", "real"], "vec"]) == r"f \colon \mathbb{N} \times \mathbb{R} \to V"
    assert latex.parameter(["c", [], "prop"]) == r"c \in \{\top, \bot\}"


def test_matrices_are_shown_by_their_shapes() -> None:
    assert latex.parameter(["W", [], "mat(p, n)"]) == r"W \in \mathbb{R}^{p \times n}"
    shown = latex.parameter(["f", ["mat(p, 1)", "nat"], "mat(1, n_2)"])
    assert shown == r"f \colon \mathbb{R}^{p} \times \mathbb{N} \to \mathbb{R}^{1 \times n_{2}}"
    spaces = 'p, n = dimensions("p n")\n'
    statement = stated("A: mat[p, n], x: mat[n, 1], B: mat[p, n]", "A @ x == 0", "B @ x == 0", before=spaces)
    expected = r"\forall\, A, B \in \mathbb{R}^{p \times n}, x \in \mathbb{R}^{n}:\quad B \, x = 0 \;\Longrightarrow\; A \, x = 0"
    assert latex.sentence(statement["theorem"]) == expected
    assert latex.dimensions(statement) == r"n, p \in \{1, 2, \dots\}"
    assert latex.dimensions(stated("x: real", "x == x")) == ""
    for text in (shown, expected, latex.dimensions(statement)):
        assert converted(text).startswith("<math")
