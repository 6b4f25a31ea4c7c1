r"""Long formulas in pieces, between which a browser may begin a new line.

Browsers do not break inside a formula.  So a long one is written as several, cut where a mathematician would break it: at an
arrow, else at a conjunction or a comma, else before a relation, else before a plus or minus; and only outside of all brackets,
fractions and matrices, except that the arguments of a function may be parted.  A piece that begins with an operator gets an
empty group before it, so that the operator keeps two sides and the space that belongs to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

NARROW = 26  # letters; a formula up to this width stays in one piece
WIDE = 40  # a row of an alignment wider than this is taken out of it
ALIGNED = (r"\begin{aligned}", r"\end{aligned}")
DELIMITER = r"(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\[^A-Za-z]|\S)"
TOKEN = re.compile(rf"\\left{DELIMITER}|\\right{DELIMITER}|\\(?:begin|end)\{{[a-z]+\}}|\\[A-Za-z]+|\\.|\s+|.")
OPENS, CLOSES = re.compile(r"\\left(?![A-Za-z])|\\begin\{"), re.compile(r"\\right(?![A-Za-z])|\\end\{")
OPENING = frozenset(("{", "(", "[", r"\{", r"\langle", r"\lVert", r"\lvert", r"\lfloor", r"\lceil"))
CLOSING = frozenset(("}", ")", "]", r"\}", r"\rangle", r"\rVert", r"\rvert", r"\rfloor", r"\rceil"))
BARS = frozenset(("|", r"\|"))
SEPARATORS = frozenset((",", r"\quad"))  # they stay at the end of a line, all others begin one
ARROWS = frozenset((r"\Longrightarrow", r"\Longleftrightarrow", r"\implies", r"\iff", r"\Rightarrow", r"\quad"))
CONNECTIVES = frozenset((r"\land", r"\lor", ","))
RELATIONS = frozenset(
    (r"\le", r"\ge", r"\leq", r"\geq", "=", "<", ">", r"\ne", r"\neq", r"\approx", r"\equiv", r"\sim", r"\subseteq")
)
SIGNS = frozenset("+-")
LEVELS = (ARROWS, CONNECTIVES, RELATIONS, SIGNS)
ONE_SIDED = frozenset((",", ":", r"\cdot", r"\forall", r"\not", r"\quad", *ARROWS, *CONNECTIVES, *RELATIONS, *SIGNS))
SPACES = frozenset((r"\;", r"\,", r"\!", r"\:"))
INVISIBLE = SPACES | {"&", r"\mathrm", r"\mathbb", r"\mathcal", r"\operatorname", r"\text", r"\displaystyle"}
SCRIPT = 0.7  # the size of exponents and indices


def pieces(latex: str) -> list[str]:
    r"""A formula cut into pieces that together are the formula.

    >>> pieces("x + y")
    ['x + y']
    >>> pieces(r"f(x_{1} + x_{2}) + g(x_{3} + x_{4}) - h(y) \le \left(a + b\right) c + \frac{d + e}{f + g}")
    ['f(x_{1} + x_{2}) + g(x_{3} + x_{4}) - h(y)', '{}\\le \\left(a + b\\right) c + \\frac{d + e}{f + g}']
    """
    first, *rest = divided(latex, LEVELS)
    return [first, *("{}" + part if begins_with(part, ONE_SIDED - SEPARATORS) else part for part in rest)]


def divided(latex: str, levels: Sequence[frozenset[str]]) -> list[str]:
    """The pieces, cut as high up as possible; neighbours that are narrow together stay together."""
    if width(latex) <= NARROW:
        return [latex]
    if not levels:
        return arguments(latex) if width(latex) > WIDE else [latex]
    found: list[str] = []
    for part in cut(latex, levels[0]):
        inner = divided(part, levels[1:])
        if found and len(inner) == 1 and width(found[-1]) + width(part) <= NARROW:
            found[-1] = f"{found[-1]} {part}"
        else:
            found += inner
    return found


def cut(latex: str, at: frozenset[str]) -> list[str]:
    """The parts between some operators that stand outside of all brackets and have something before them."""
    found, outside = [""], False
    for token, depth in nested(latex):
        if (depth == 0 and token in at - SEPARATORS and ends_a_term(found[-1])) or (
            outside and token not in SPACES and token.strip()
        ):
            found.append("")
        found[-1] += token
        outside = (depth == 0 and token in at & SEPARATORS) or (outside and not (token.strip() and token not in SPACES))
    return [part.strip() for part in found if part.strip()]


def arguments(latex: str) -> list[str]:
    """A long term cut behind the commas between the arguments of its functions; these parentheses do not stretch."""
    found, inside = [""], [False]
    for token, _ in nested(latex):
        found[-1] += token
        if token in OPENING or OPENS.match(token):
            inside.append(token == "(" and (len(inside) == 1 or inside[-1]))
        elif (token in CLOSING or CLOSES.match(token)) and len(inside) > 1:
            inside.pop()
        elif token == "," and inside[-1] and width(found[-1]) > NARROW / 2:
            found.append("")
    return [part.strip() for part in found if part.strip()]


def ends_a_term(text: str) -> bool:
    """Whether an operator that follows has two sides: it is not at the beginning, nor after another operator."""
    tokens = [token for token, _ in nested(text) if token.strip() and token not in SPACES]
    return bool(tokens) and tokens[-1] not in ONE_SIDED


def rows(latex: str) -> list[str]:
    r"""The rows of equations that are aligned, if one is too wide to stand in a table; else the formula itself.

    >>> rows(r"\begin{aligned}f(0) &= 1 \\ f(n + 1) &= 2 f(n)\end{aligned}")
    ['\\begin{aligned}f(0) &= 1 \\\\ f(n + 1) &= 2 f(n)\\end{aligned}']
    """
    if not (latex.startswith(ALIGNED[0]) and latex.endswith(ALIGNED[1])):
        return [latex]
    found = [""]
    for token, depth in nested(latex.removeprefix(ALIGNED[0]).removesuffix(ALIGNED[1])):
        if depth == 0 and token == r"\\":
            found.append("")
        elif depth or token != "&":
            found[-1] += token
    return [row.strip() for row in found] if max(map(width, found)) > WIDE else [latex]


def begins_with(text: str, operators: frozenset[str]) -> bool:
    return next((token in operators for token, _ in nested(text) if token.strip() and token not in SPACES), False)


def nested(latex: str) -> Iterator[tuple[str, int]]:
    """The tokens of a formula, each with the number of brackets around it."""
    depth, bars = 0, 0
    for match in TOKEN.finditer(latex):
        token = match[0]
        if token in BARS:
            bars = 1 - bars
        depth -= token in CLOSING or CLOSES.match(token) is not None
        yield token, depth + bars
        depth += token in OPENING or OPENS.match(token) is not None


def width(latex: str) -> float:
    r"""About how wide a formula is, in letters.

    >>> width("x + y"), width(r"\frac{a + b}{c}"), width("x^{2}")
    (3.0, 3.0, 1.7)
    """
    letters, _ = measured([match[0] for match in TOKEN.finditer(latex) if match[0].strip()], 0)
    return round(letters, 1)


def measured(tokens: list[str], start: int) -> tuple[float, int]:
    """The width of the tokens up to the end of their group, and where that is."""
    total, k = 0.0, start
    while k < len(tokens) and tokens[k] != "}":
        token = tokens[k]
        k += 1
        if token == "{":
            inner, k = measured(tokens, k)
            total += inner
        elif token in ("^", "_"):
            inner, k = argument(tokens, k)
            total += SCRIPT * inner
        elif token in (r"\frac", r"\tfrac", r"\dfrac"):
            top, k = argument(tokens, k)
            bottom, k = argument(tokens, k)
            total += max(top, bottom)
        elif token not in INVISIBLE:
            total += 1
    return total, k + 1


def argument(tokens: list[str], start: int) -> tuple[float, int]:
    """The width of the group or letter that begins here, and where it ends."""
    if start < len(tokens) and tokens[start] == "{":
        return measured(tokens, start + 1)
    return 1.0, start + 1
