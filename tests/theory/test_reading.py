r"""Reading: what an author may write means what Python would compute, and every mistake is one sentence with a place.

The oracle for meaning is Python itself: the same text is run with fractions in place of its integer literals
(``authoring.executed``) and compared with the kernel's exact evaluation of what was read.
"""

from __future__ import annotations

import itertools
import re
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.theory.authoring import author, executed, line_of, mistake, read, stated, theorem
from verify.errors import ClaimError
from verify.theory.environment import evaluate, problem
from verify.theory.reading import exact

# ---------------------------------------------------------------------------------- mistakes in an expression

SYNTAX = {
    "[a for a in (x, y)] == x": "has no meaning here",
    "abs(a for a in (x, y)) == x": "has no meaning here",
    "(z := x) == y": "has no meaning here",
    "(lambda z: z)(x) == x": "has no meaning here",
    "x == 'a'": "has no meaning here",
    "x == 1j": "has no meaning here",
    "x == None": "has no meaning here",
    "x == ...": "has no meaning here",
    "f'{x}' == x": "has no meaning here",
    "x // 2 == 0": "has no meaning here",
    "k % 2 == 0": "has no meaning here",
    "~k == 0": "has no meaning here",
    "x[0] == 0": "has no meaning here",
    "x.real == 0": "has no meaning here",
    "(x, y) == (y, x)": "has no meaning here",
    "{x} == {y}": "has no meaning here",
    "abs(*[x]) == x": "has no meaning here",
    "abs(t=x) == x": "has no meaning here",
    "x is y": "no comparison of numbers",
    "x in y": "no comparison of numbers",
    "x not in y": "no comparison of numbers",
    "0.1 * x == y": "write an exact one, such as 1/10",
    "x == 1e-3": "write an exact one, such as 1/1000",
    "x**0.5 == y": "write an exact one, such as 1/2",
    "x**k == y": "a power with a variable exponent needs a number as its base",
    "x**y == y": "a power with a variable exponent needs a number as its base",
    "2**(1/2) == x": "exponents are natural numbers; multiply or define instead",
    "x**-1 == y": "exponents are natural numbers; multiply or define instead",
    "x**(1/2) == y": "exponents are natural numbers; multiply or define instead",
    "nothing(x) == 0": "nothing is unknown here; define it",
    "nothing == x": "nothing is unknown here; define it",
    "sum(x, y) == 0": "sum is unknown here",
    "abs == x": "abs is unknown here",
    "x(y) == 0": "x is a real, not a function",
    "(x if y > 0 else y) == x": "a condition may only stand at the top of a definition",
    "1 == (2 if k == 0 else 3)": "a condition may only stand at the top of a definition",
}

TEMPLATE = """
@lemma()
def t(k: nat, j: nat, x: real, y: real, u: vec, v: vec) -> prop:
    return {}  # here
"""


@pytest.mark.parametrize("expression", SYNTAX)
def test_an_expression_outside_of_the_language_is_reported_at_its_line(expression: str) -> None:
    text = TEMPLATE.format(expression)
    found = mistake(text)
    assert SYNTAX[expression] in found.message
    assert found.place is not None
    assert found.place.line == line_of(text)
    assert re.fullmatch(r"/.*author_\d+\.py:\d+: [^\n]+", str(found))


MEANING = {
    "2**y == x": "power_2 must be of sort nat",
    "x**65 == y": "exponent must lie in 0 to 64",
    "x / y == 1": "division only by a nonzero number",
    "x / 0 == 1": "division only by a nonzero number",
    "x / (y - y) == 1": "division only by a nonzero number",
    "max(x) == 0": "max takes 2 arguments, not 1",
    "max(x, y, y) == 0": "max takes 2 arguments, not 3",
    "relu() == 0": "relu takes 1 arguments, not 0",
    "relu(u) == 0": "relu must be of sort real",
    "dot(x, y) == 0": "a vector or matrix is needed",
    "dot(u) == 0": "dot has the wrong number of arguments",
    "sq(u, v) == 0": "sq has the wrong number of arguments",
    "u + x == u": "a vector or matrix is needed",
    "x + u == u": "a number is needed",
    "u * v == u": "a number is needed",
    "u**2 == 1": "a number is needed",
    "u == x": "a vector or matrix is needed",
    "u >= v": "a number is needed",
    "not (u == v)": "an equation of vectors cannot be negated",
    "x and y > 0": "not a formula: x",
    "x": "not a formula: x",
    "max(x, y)": "a term is not a proposition",
    "x + (y > 0) == 1": "not a term: y > 0",
    "not x": "not a formula: x",
    "implies(x, y > 0)": "not a formula: x",
    "implies(x > 0)": "not a term: x > 0",
    "True == (x > 0)": "unknown name: true",
    "units() == 0": "units has the wrong number of arguments",
    "layered(x)": "layered has the wrong number of arguments",
    "weights(relu(x) * relu(y)) == 1": "multiplies two values that depend on the input",
    "units(relu(x)**2) == 1": "power of a value that depends on the input",
    "units(max(x, y)) == 1": "max is not part of a ReLU network; write it by relu",
}


@pytest.mark.parametrize("expression", MEANING)
def test_an_expression_without_meaning_is_reported_at_its_theorem(expression: str) -> None:
    text = TEMPLATE.format(expression)
    found = mistake(text)
    assert MEANING[expression] in found.message
    assert found.place is not None
    assert line_of(text, "@lemma") <= found.place.line <= line_of(text)
    assert "\n" not in str(found)


# ---------------------------------------------------------------------------------- mistakes in a function

BODIES = {
    "for i in x: return x": "may only contain",
    "while x > 0: return x": "may only contain",
    "with x: return x": "may only contain",
    "import math": "may only contain",
    "def inner(y): return y": "may only contain",
    "y: real = x": "may only contain",
    "y = z = x": "may only contain",
    "y, z = x, x": "may only contain",
    "x += 1": "may only contain",
    "assert x > 0": "may only contain",
    "raise x": "may only contain",
    "global y": "may only contain",
    "print(x)": "may only contain",
    "return": "may only contain",
    "assume(x > 0, y=x)": "may only contain",
    "x = 2": "x is an argument of f and cannot be assigned",
    "assume(x > 0)": "is a definition and cannot assume anything",
    "yield x": "may only contain",
}


@pytest.mark.parametrize("statement", BODIES)
def test_a_statement_outside_of_the_language_is_reported(statement: str) -> None:
    text = f"@define  # here\ndef f(x: real) -> real:\n    {statement}\n    return x\n{theorem('x: real', 'f(x) == x')}"
    found = mistake(text)
    assert BODIES[statement] in found.message
    assert found.place is not None
    assert 0 <= found.place.line - line_of(text) <= 2


FUNCTIONS = {
    "nothing returned": ("def f(x: real) -> real:\n    y = x", "f does not return anything"),
    "one branch without return": (
        "def f(x: real) -> real:\n    if x > 0:\n        y = 1\n    else:\n        return x",
        "f does not return anything",
    ),
    "missing annotation": ("def f(x) -> real:\n    return x", "argument x of f needs one of the sorts"),
    "missing sort of the value": ("def f(x: real):\n    return x", "the value of f needs one of the sorts"),
    "a sort that is none": ("def f(x: int) -> real:\n    return x", "not int"),
    "a sort in quotes": ("def f(x: 'real') -> real:\n    return x", "not 'real'"),
    "a default": ("def f(x: real = 0) -> real:\n    return x", "only have plain arguments without defaults"),
    "many arguments": ("def f(*x: real) -> real:\n    return 1", "only have plain arguments"),
    "named arguments": ("def f(**x: real) -> real:\n    return 1", "only have plain arguments"),
    "arguments by name only": ("def f(*, x: real) -> real:\n    return x", "only have plain arguments"),
    "arguments by position only": ("def f(x: real, /) -> real:\n    return x", "only have plain arguments"),
    "an asynchronous function": ("async def f(x: real) -> real:\n    return x", "not an ordinary function"),
    "the wrong sort": ("def f(x: real) -> nat:\n    return x", "f must have sort nat"),
    "a difference of naturals": ("def f(x: nat) -> nat:\n    return x - 1", "f must have sort nat"),
    "a formula for a number": ("def f(x: real) -> real:\n    return x > 0", "not a term"),
    "a number for a formula": ("def f(x: real) -> prop:\n    return x", "not a formula"),
    "a proposition as argument": ("def f(x: prop) -> prop:\n    return x", "unknown sort of variable x"),
    "recursion at the same argument": (
        "def f(k: nat) -> nat:\n    return 0 if k == 0 else f(k)",
        "not a primitive recursion|at an argument that is not known to be smaller",
    ),
    "recursion at a larger argument": (
        "def f(k: nat) -> nat:\n    return 0 if k == 0 else f(k + 1)",
        "not a primitive recursion|at an argument that is not known to be smaller",
    ),
    "recursion at half of the argument": (
        "def f(k: nat) -> real:\n    return 0 if k == 0 else f(k / 2)",
        "argument of f must be of sort nat",
    ),
    "recursion in the case 0": (
        "def f(k: nat) -> nat:\n    return f(k) if k == 0 else 1",
        "not a primitive recursion|at an argument that is not known to be smaller",
    ),
    "recursion two steps back": (
        "def f(k: nat) -> nat:\n    return 0 if k == 0 else f(k - 2)",
        "not a primitive recursion|at an argument that is not known to be smaller",
    ),
    "recursion on a real": (
        "def f(x: real) -> real:\n    return 0 if x == 0 else f(x - 1)",
        "not a primitive recursion|at an argument that is not known to be smaller",
    ),
    "recursion without a case": (
        "def f(k: nat) -> nat:\n    return f(k)",
        "not a primitive recursion|at an argument that is not known to be smaller",
    ),
    "recursion in a condition": (
        "def f(k: nat) -> nat:\n    return 0 if k == 0 else 1 if f(k) == 0 else 2",
        "not a primitive recursion|at an argument that is not known to be smaller",
    ),
    "a shape below a condition": (
        "def f(k: nat, x: real) -> real:\n    return x if x > 0 else 0 if k == 0 else f(k - 1, x)",
        "the test of k for 0 must come before any other condition",
    ),
    "a reserved name": ("def f(dot: real) -> real:\n    return dot", "reserved name: dot"),
    "a reserved function": ("def sq(x: real) -> real:\n    return x", "reserved name: sq"),
    "a name that is kept": ("def power_2(k: nat) -> nat:\n    return k", "power_2 is kept for powers"),
    "an argument called like a function": ("def f(relu: real) -> real:\n    return relu", "already in use: relu"),
    "letters that are not ASCII": ("def f(ä: real) -> real:\n    return ä", "not a name"),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_definition_that_cannot_be_accepted_is_reported_at_its_function(name: str) -> None:
    text, message = FUNCTIONS[name]
    with pytest.raises(ClaimError, match=message) as found:
        evaluate(last(author(f"@define\n{text}\n")), (1,))
    assert found.value.place is not None
    assert 2 <= found.value.place.line <= 6
    assert "\n" not in str(found.value)


def last(module: Any) -> Any:
    return next(value for value in reversed(vars(module).values()) if type(value).__name__ == "Function")


TEXTS = {
    "assume under an if": (
        """
        @lemma()
        def t(x: real) -> prop:
            if x > 0:  # here
                assume(x > 1)
                return x > 0
            return True
        """,
        "must not stand under an if",
    ),
    "a theorem that returns a number": ("@lemma()\ndef t(x: real) -> real:  # here\n    return x\n", "must be prop"),
    "an arbitrary function with a body": (
        """
        @arbitrary
        def f(x: real) -> real:
            return x  # here
        @lemma()
        def t(x: real) -> prop:
            return f(x) == x
        """,
        "is arbitrary, so its body must be ...",
    ),
    "recursion through another function": (
        """
        @define  # here
        def odd(k: nat) -> prop:
            return False if k == 0 else even(k - 1)
        @define
        def even(k: nat) -> prop:
            return True if k == 0 else odd(k - 1)
        @lemma()
        def t(k: nat) -> prop:
            return even(k) or odd(k)
        """,
        "unknown function: even",
    ),
    "two functions with one name": (
        """
        def another():
            @define
            def f(x: real) -> real:
                return 2*x
            @define
            def g(x: real) -> real:
                return f(x)
            return g
        g = another()
        @define  # here
        def f(x: real) -> real:
            return x
        @lemma()
        def t(x: real) -> prop:
            return g(x) == 2*f(x)
        """,
        "two different functions are called f; the other is at .*py:3",
    ),
    "a number that is called": (
        """
        c = 2
        @lemma()
        def t(x: real) -> prop:
            return c(x) == 2*x  # here
        """,
        "c is a number, not a function",
    ),
    "a function that is not applied": (
        """
        @define
        def f(x: real) -> real:
            return x
        @lemma()
        def t(x: real) -> prop:
            return f == x  # here
        """,
        "f is a function; apply it to its arguments",
    ),
    "a floating-point constant": (
        "c = 0.5\n@lemma()\ndef t(x: real) -> prop:\n    return c * x == x  # here\n",
        "c is the floating-point number 0.5; write a Fraction, or a parameter of the claim",
    ),
    "a truth value as a constant": (
        "c = True\n@lemma()\ndef t(x: real) -> prop:\n    return c  # here\n",
        "c is unknown here",
    ),
    "an ordinary function": (
        """
        def f(x):
            return x
        @lemma()
        def t(x: real) -> prop:
            return f(x) == x  # here
        """,
        "f is unknown here; define it with @define",
    ),
    "a function that is defined later inside another one": (
        """
        def inside():
            @lemma()
            def t(x: real) -> prop:
                return late(x) == x  # here
            return t
            late = None
        t = inside()
        """,
        "late is unknown here",
    ),
    "a number too long for the kernel": (
        "@lemma()  # here\ndef t(x: real) -> prop:\n    return " + "*".join(["123456789**64"] * 9) + " == x\n",
        "a number is too long",
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_mistake_between_functions_is_reported(name: str) -> None:
    text, message = TEXTS[name]
    found = mistake(text)
    assert re.search(message, found.message)
    assert found.place is not None
    assert found.place.line == line_of(text)


# --------------------------------------------------------------------------------- mistakes that must not pass


def test_an_assumption_after_the_conclusion_is_reported() -> None:
    mistake("@lemma()\ndef t(x: real) -> prop:\n    return x >= 1\n    assume(x >= 1)\n")
    definition = (
        "@define\ndef f(x: real) -> real:\n    if x > 0:\n        return 1\n    else:\n        return 2\n    return x\n"
    )
    assert "has returned before" in mistake(definition + theorem("x: real", "f(x) == x")).message


@pytest.mark.parametrize(
    "decorators",
    [
        pytest.param("@define\n@arbitrary", id="define over arbitrary"),
        pytest.param("@lemma()\n@define", id="lemma over define"),
        pytest.param("@define\n@lemma()", id="define over lemma"),
        pytest.param("@assumption()\n@lemma()", id="assumption over lemma"),
    ],
)
def test_two_decorators_on_one_function_are_reported(decorators: str) -> None:
    with pytest.raises(ClaimError):
        author(f"{decorators}\ndef f(x: real) -> real: ...\n")


@pytest.mark.parametrize(
    ("definition", "conclusion"),
    [
        ("def power_2(k: nat) -> nat:\n    return 3*k", "power_2(k) == 3*k"),
        ("def max(x: real, y: real) -> real:\n    return x", "max(k, 1) == k"),
        ("def abs(x: real) -> real:\n    return x", "abs(-k) == -k"),
        ("def relu(x: real) -> real:\n    return x", "relu(-k) == -k"),
        ("def units(x: real) -> real:\n    return 0", "units(relu(k)) == 0"),
    ],
)
def test_a_function_with_the_name_of_a_word_of_the_language_is_reported(definition: str, conclusion: str) -> None:
    mistake(f"@define\n{definition}\n" + theorem("k: nat", conclusion))


@pytest.mark.parametrize("name", ["g", "max"])
def test_a_local_name_that_is_applied_is_reported(name: str) -> None:
    before = "@define\ndef g(x: real, y: real) -> real:\n    return x\n"
    mistake(f"{before}@lemma()\ndef t(x: real) -> prop:\n    {name} = x + 1\n    return {name}(x, x) == x\n")


@pytest.mark.parametrize("exponent", ["-k", "k - 1", "k - j", "j - k + 2**k - 1", "k*j - j"])
def test_a_power_whose_exponent_need_not_be_a_natural_is_reported(exponent: str) -> None:
    assert "need not be a natural number" in mistake(theorem("k: nat, j: nat", f"2**({exponent}) > 0")).message
    definition = f"@define\ndef f(k: nat, j: nat) -> real:\n    return 2**({exponent})\n"
    assert "such as 2**(-k) as (1/2)**k" in mistake(definition + theorem("k: nat", "f(k, k) > 0")).message


@pytest.mark.parametrize(
    ("exponent", "hypothesis"),
    [("k - 1", "k >= 1"), ("k - 1", "k != 0"), ("k - 1", "0 < k < 5"), ("k - j", "j <= k"), ("k + 3 - j", "j == k")],
)
def test_a_power_whose_exponent_is_a_natural_by_hypothesis_is_read(exponent: str, hypothesis: str) -> None:
    read(theorem("k: nat, j: nat", f"2**({exponent}) > 0", hypothesis))


def test_a_long_sum_is_read_or_reported() -> None:
    text = theorem("x: real", " + ".join(["x"] * 600) + " >= 0", "x >= 0")
    try:
        read(text)
    except ClaimError as found:
        assert found.place is not None


# ------------------------------------------------------------------------------------------------ legal texts

SMALL = [Fraction(0), Fraction(1), Fraction(2), Fraction(3), Fraction(5)]
REALS = [Fraction(-2), Fraction(-1, 3), Fraction(0), Fraction(1, 2), Fraction(1), Fraction(7, 2)]

LEGAL = {
    "unary minus binds less than a power": "def f(x: real) -> real:\n    return -x**2",
    "a power of a negative": "def f(x: real) -> real:\n    return (-x)**2 - (-x)**3",
    "powers of numbers": "def f(k: nat) -> real:\n    return 2**k - (1/3)**k + (-1)**k + (-1/2)**k + 0**k",
    "a minus before a power of a number": "def f(k: nat) -> real:\n    return -2**k",
    "towers of powers": "def f(k: nat) -> real:\n    return 2**(k + 1) + 2**2**1",
    "a literal exponent of a number": "def f(k: nat) -> real:\n    return 2**3 + k**0 + (1/2)**2",
    "division from the left": "def f(x: real) -> real:\n    return x / 2 / 3 * 4",
    "a reciprocal": "def f(x: real) -> real:\n    return 1 / (x**2 + 1)",
    "a reciprocal of a local name": "def f(k: nat) -> real:\n    y = k + 1\n    return 1 / y if k != 3 else 1 / 3",
    "a recursion through reciprocals": "def f(k: nat) -> real:\n    return 1 if k == 0 else 1 / (1 + f(k - 1))",
    "subtraction from the left": "def f(x: real, y: real) -> real:\n    return x - y - 1 - (2 - x)",
    "chained comparisons": "def f(x: real, y: real) -> prop:\n    return 0 <= x < y <= 3",
    "chains that turn": "def f(x: real, y: real) -> prop:\n    return 0 < x >= y != 1",
    "inequality": "def f(x: real, y: real) -> prop:\n    return x != y",
    "connectives": "def f(x: real, y: real) -> prop:\n    return not x > 0 and y > 0 or x == y",
    "implication and equivalence": "def f(x: real, y: real) -> prop:\n    return implies(x > 0, iff(y > 0, not x == y))",
    "truth values": "def f(x: real) -> prop:\n    return True and (False or x > 0)",
    "built-in functions": "def f(x: real, y: real) -> real:\n    return max(x, abs(y)) - min(x, relu(-y))",
    "local names": "def f(x: real) -> real:\n    y = x + 1\n    z = -y\n    return y*z - z**2",
    "a local name that changes": "def f(x: real) -> real:\n    y = x\n    y = y*y + 1\n    y = y - x\n    return y",
    "a local name that is a formula": "def f(x: real) -> prop:\n    positive = x > 0\n    return positive or x < -1",
    "an if statement": "def f(x: real) -> real:\n    if x > 1:\n        return 1\n    return x",
    "if, else": "def f(x: real) -> real:\n    if x > 1:\n        y = 2\n        return y\n    else:\n        return x",
    "if, elif, else": "def f(x: real) -> real:\n    if x > 1:\n        return 1\n    elif x > 0:\n        return 2\n    else:\n        return 3",
    "a conditional expression": "def f(x: real) -> real:\n    return 1 if x > 1 else 2 if x > 0 else x",
    "a local name with a condition": "def f(x: real) -> real:\n    y = 1 if x > 0 else -1\n    return y",
    "a docstring and pass": "def f(x: real) -> real:\n    '''This says 1/0.'''\n    pass\n    return x",
    "two lines": "def f(x: real) -> real:\n    return (\n        x\n        + 1\n    )",
    "recursion": "def f(k: nat, x: real) -> real:\n    return x if k == 0 else 2*f(k - 1, x/2 - k) + k",
    "recursion, the other way round": "def f(k: nat) -> real:\n    return 1 + f(k - 1) if k > 0 else k",
    "recursion after k >= 1": "def f(k: nat) -> real:\n    return k*f(k - 1) if k >= 1 else 1",
    "recursion after not k == 0": "def f(k: nat) -> real:\n    return k + f(k - 1) if not k == 0 else 0",
    "recursion after k != 0": "def f(k: nat) -> real:\n    return k + f(k - 1) if k != 0 else 0",
    "recursion by statements": "def f(k: nat) -> nat:\n    if k == 0:\n        return 1\n    before = f(k - 1)\n    return before + k*before",
    "recursion to a smaller number": "def f(k: nat, j: nat) -> nat:\n    return j if k == 0 else f(0, k + j) + f(k - 1, 7)",
    "recursion in two arguments": "def f(k: nat, j: nat) -> nat:\n    if k == 0:\n        return j + 1\n    if j == 0:\n        return f(k - 1, 1)\n    return f(k - 1, 2) + f(k, j - 1)",
    "a condition after the shape": "def f(k: nat, x: real) -> real:\n    if k == 0:\n        return x\n    return f(k - 1, x - 1) if x > k else f(k - 1, x + 1)",
    "a predicate by recursion": "def f(k: nat) -> prop:\n    return True if k == 0 else not f(k - 1)",
    "the shape of the other argument in the case 0": "def f(k: nat, j: nat) -> nat:\n    if k == 0:\n        return 0 if j == 0 else f(0, j - 1) + 2\n    return f(k - 1, j) + 1",
    "a test for 0 that is no shape": "def f(k: nat, x: real) -> real:\n    return x if 0 == k else k*x",
    "a natural compared with 1": "def f(k: nat) -> nat:\n    return 1 if k < 1 else 2*k",
    "a chain in the case of a successor": "def f(k: nat) -> prop:\n    if k == 0:\n        return True\n    return 4 <= 2*k <= 7",
    "a chain with the predecessor": "def f(k: nat) -> prop:\n    if k == 0:\n        return True\n    return 3 <= 2*(k - 1) <= 5",
    "a chain in a condition": "def f(k: nat) -> nat:\n    if k == 0:\n        return 5\n    return 1 if 2 <= k + 1 <= 3 else 2",
    "if, elif, and return after them": "def f(x: real) -> real:\n    if x > 1:\n        return 1\n    elif x > 0:\n        return 2\n    return 3",
    "a name assigned in both branches": "def f(x: real) -> real:\n    if x > 1:\n        y = 1\n    else:\n        y = 2\n    return y",
    "a test for 1 after a test for 0": "def f(k: nat) -> nat:\n    return 0 if k == 0 else 1 if k - 1 == 0 else f(k - 1) + k",
    "a name assigned in one branch": "def f(x: real) -> real:\n    y = x\n    if x > 0:\n        y = 1\n    return y",
    "one branch that does not return": "def f(x: real) -> real:\n    if x > 0:\n        y = 1\n    return x",
    "a test for 1 below a condition": "def f(k: nat, x: real) -> real:\n    if k == 0:\n        return x\n    if x > k:\n        return x if k - 1 == 0 else f(k - 1, x)\n    return k",
    "a power of the predecessor": "def f(k: nat) -> real:\n    return 0 if k == 0 else 2**(k - 1) - (1/3)**(k - 1)",
    "a power under a condition": "def f(k: nat, j: nat) -> real:\n    return 2**(k - j) if j <= k and k != 7 else 3",
    "a power under a condition that fails": "def f(k: nat, j: nat) -> real:\n    return 0 if k < j else 2**(k - j)",
}


def points(python: Any) -> list[tuple[Fraction, ...]]:
    return list(itertools.product(*(SMALL if a is int else REALS for n, a in sorts(python).items() if n != "return")))


def sorts(python: Any) -> dict[str, Any]:
    return dict(python.__annotations__)


def agrees_with_python(text: str) -> None:
    """The function ``f`` as it is read has the values that Python computes."""
    as_read, as_run = author(f"@define\n{text}\n").f, executed(text).f
    for point in points(as_run):
        assert as_read(*point) == as_run(*point), point


@pytest.mark.parametrize("name", LEGAL)
def test_a_legal_definition_means_what_python_computes(name: str) -> None:
    agrees_with_python(LEGAL[name])


# --------------------------------------------------------------------------------------------- random expressions


def joined(pattern: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda texts: pattern.format(*texts))


def terms(depth: int) -> st.SearchStrategy[str]:
    """Python texts with few parentheses, so that precedence matters."""
    leaf = st.sampled_from(["x", "y", "k", "0", "1", "3", "1/3", "7/2", "2**k", "-x**2", "(-3)**k", "-2**k", "k**2"])
    if not depth:
        return leaf
    less = terms(depth - 1)
    return st.one_of(
        leaf,
        joined("{} + {}", less, less),
        joined("{} - {}", less, less),
        joined("{} - ({})", less, less),
        joined("{} * {}", less, less),
        joined("({}) * ({})", less, less),
        joined("{} / 3", less),
        joined("({}) / (1/2 - 2)", less),
        joined("-{}", less),
        joined("-({})", less),
        joined("({})**2", less),
        joined("-({})**3", less),
        joined("({})**0", less),
        joined("relu({})", less),
        joined("abs({})", less),
        joined("max({}, {})", less, less),
        joined("min({}, {})", less, less),
    )


def formulas(depth: int) -> st.SearchStrategy[str]:
    relation = st.sampled_from(["<=", "<", ">=", ">", "==", "!="])
    leaf = st.one_of(
        joined("{} {} {}", terms(1), relation, terms(1)),
        joined("{} {} {} {} {}", terms(1), relation, terms(1), relation, terms(1)),
        st.sampled_from(["True", "False"]),
    )
    if not depth:
        return leaf
    less = formulas(depth - 1)
    return st.one_of(
        leaf,
        joined("{} and {}", less, less),
        joined("{} or {}", less, less),
        joined("({} or {}) and {}", less, less, less),
        joined("not ({})", less),
        joined("not {}", less),
        joined("implies({}, {})", less, less),
        joined("iff({}, {})", less, less),
    )


@settings(max_examples=120, derandomize=True, deadline=None)
@given(terms(3))
def test_a_random_term_has_the_value_that_python_gives_it(text: str) -> None:
    agrees_at_some_points(f"def f(x: real, y: real, k: nat) -> real:\n    return {text}")


@settings(max_examples=120, derandomize=True, deadline=None)
@given(formulas(2))
def test_a_random_formula_has_the_truth_value_that_python_gives_it(text: str) -> None:
    agrees_at_some_points(f"def f(x: real, y: real, k: nat) -> prop:\n    return {text}")


@settings(max_examples=60, derandomize=True, deadline=None)
@given(formulas(1), terms(1), terms(1), formulas(1))
def test_a_random_predicate_by_cases_means_what_python_computes(c: str, a: str, b: str, d: str) -> None:
    agrees_at_some_points(
        f"def f(x: real, y: real, k: nat) -> prop:\n    z = {a}\n    if {c}:\n        return z > {b}\n    return {d} and z <= 1"
    )


def agrees_at_some_points(text: str) -> None:
    as_read, as_run = author(f"@define\n{text}\n").f, executed(text).f
    for point in points(as_run)[::17]:
        assert as_read(*point) == as_run(*point), point


# ------------------------------------------------------------------------------------- names and where they point


def test_a_definition_inside_a_function_sees_what_stands_around_it() -> None:
    text = """
    def family(slope):
        offset = Fraction(1, 3)
        @define
        def line(x: real) -> real:
            return slope*x + offset
        @define
        def steep(k: nat, x: real) -> real:
            return x if k == 0 else line(steep(k - 1, x))
        return steep
    steep = family(2)
    """
    x = Fraction(5, 7)
    expected = x
    for _ in range(3):
        expected = 2 * expected + Fraction(1, 3)
    assert author(text).steep(3, x) == expected


def test_a_parameter_is_its_number() -> None:
    text = """
    claim = Claim("a", title="", statement="", source=cite("grohs2017"))
    c = claim.parameter("c", "-3/4")
    @define
    def f(k: nat, x: real) -> real:
        return c*x - c**2 + (c - 1)*2 + x/c + c**k
    """
    c, x = Fraction(-3, 4), Fraction(2, 5)
    assert author(text).f(3, x) == c * x - c**2 + (c - 1) * 2 + x / c + c**3


def test_an_integer_or_a_fraction_of_the_module_is_a_number() -> None:
    text = "n, q = -7, Fraction(2, 3)\n@define\ndef f(x: real) -> real:\n    return n*x + q**2 - n**2\n"
    assert author(text).f(2) == -14 + Fraction(4, 9) - 49


def test_a_variable_hides_a_constant_of_the_module() -> None:
    assert author("x = 5\n@define\ndef f(x: real) -> real:\n    return x + 1\n").f(1) == 2


def test_a_local_name_hides_a_function_of_the_module() -> None:
    text = "@define\ndef g(x: real) -> real:\n    return 2*x\n@define\ndef f(x: real) -> real:\n    g = x + 1\n    return g\n"
    assert author(text).f(1) == 2


def test_the_docstring_is_no_part_of_a_statement() -> None:
    with_words = "@lemma()\ndef t(x: real) -> prop:\n    '''All squares, even 0.1**2.'''\n    assume(x > 1)\n    return x**2 > 1\n"
    assert read(with_words).statement == stated("x: real", "x**2 > 1", "x > 1")


def test_hypotheses_are_divided_at_their_conjunctions() -> None:
    found = stated("x: real, y: real", "x < 5", "0 <= x <= 1 < y", "x != y and (x > 0 or y > 0)", "True")
    assert found["theorem"]["hypotheses"] == ["0 <= x", "x <= 1", "1 < y", "not x == y", "x > 0 or y > 0", "true"]


def test_hypotheses_may_stand_in_several_lines_and_use_local_names() -> None:
    text = "@lemma()\ndef t(x: real) -> prop:\n    assume(x > 1)\n    y = x - 1\n    assume(y < 2, y > 0)\n    return y > 0\n"
    found = read(text).statement["theorem"]
    assert found["hypotheses"] == ["x > 1", "x - 1 < 2", "x - 1 > 0"]
    assert found["conclusion"] == "x - 1 > 0"


def test_an_indented_function_with_text_at_the_margin_is_read() -> None:
    text = "def inside():\n    @define\n    def f(x: real) -> real:\n        return x + 1\n    return f\nf = inside()\n"
    assert author(text).f(1) == 2


@pytest.mark.parametrize("line", ["# a comment", '"""a string\nthat goes on"""'])
def test_an_indented_function_with_text_at_the_margin_is_read_all_the_same(line: str) -> None:
    where = line if line.startswith("#") else f"        {line}"
    text = f"def inside():\n    @define\n    def f(x: real) -> real:\n{where}\n        return x + 1\n    return f\nf = inside()\n"
    assert author(text).f(1) == 2


ANOTHER_NAME = """
@define
def f(x: real) -> real:
    return x + 1
g = f
@lemma()
def t(x: real) -> prop:
    return g(x) == x + 1
"""

CAPTURED = """
def elsewhere():
    @define
    def g(x: real) -> real:
        return 2*x
    @define
    def h(x: real) -> real:
        return g(x)
    return h
h = elsewhere()
@define
def f(x: real) -> real:
    return x
g = f
@lemma()
def t(x: real) -> prop:
    return h(x) == 2*g(x)
"""


def test_a_function_may_be_imported_under_another_name() -> None:
    assert problem(author(ANOTHER_NAME).t).statement["theorem"]["conclusion"] == "f(x) == x + 1"


def test_a_function_under_another_name_is_never_another_function() -> None:
    try:
        found = read(CAPTURED).statement
    except ClaimError:
        return
    assert "f(x)" in found["theorem"]["conclusion"]


@pytest.mark.parametrize(
    ("value", "text"), [(0.1, "1/10"), (0.5, "1/2"), (1e-3, "1/1000"), (2.0, "2"), (0.333, "333/1000")]
)
def test_the_exact_number_that_is_suggested_for_a_float_is_short(value: float, text: str) -> None:
    assert exact(value) == text
    assert float(Fraction(exact(0.1234567890123))) == 0.1234567890123
