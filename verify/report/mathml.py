r"""LaTeX as MathML, and the sentences of authors, in which ``$...$`` is mathematics and everything else is text.

MathML needs no script and no network, is read aloud, and is selected and searched like text.  The converter writes a few
``style`` attributes, which the pages' content security policy forbids; they become classes of the style sheet.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from verify.report.breaking import NARROW, pieces, width

BREAK = Markup("<wbr>")
STYLE = re.compile(r' style="([^"]*)"')
CLASSES = {
    "text-align:right": "m-right",
    "text-align:left": "m-left",
    "padding-left:0": "m-pl0",
    "padding-right:0": "m-pr0",
    "padding-left:1em": "m-pl1",
}


@lru_cache(maxsize=1)
def converter() -> Any:
    from math_core import LatexToMathML

    return LatexToMathML()


@lru_cache(maxsize=20_000)
def math(latex: str, display: bool = False) -> Markup:
    r"""A formula; one that the converter does not understand is shown as its LaTeX.

    >>> str(math("x"))
    '<math><mi>x</mi></math>'
    """
    from math_core import LatexError

    try:
        found = converter().convert_with_local_state(latex, displaystyle=display)
    except LatexError:
        return Markup('<code class="latex">%s</code>') % latex
    return Markup(STYLE.sub(classes, found))


def classes(found: re.Match[str]) -> str:
    declarations = (part.replace(" ", "") for part in found[1].split(";"))
    names = [CLASSES[part] for part in declarations if part in CLASSES]
    return f' class="{" ".join(names)}"' if names else ""


def broken(latex: str, display: bool = False) -> list[tuple[str, Markup]]:
    """The pieces of a formula, each converted; the formula itself, if the converter does not understand one of them."""
    found = [(piece, math(piece, display)) for piece in pieces(latex)]
    whole = any(shown.startswith("<code") for _, shown in found)
    return [(latex, math(latex, display))] if whole else found


def flowing(latex: str) -> Markup:
    r"""A formula on lines of its own, as many as it needs where it is shown.

    >>> str(flowing("x"))
    '<math displaystyle="true"><mi>x</mi></math>'
    """
    parts = [str(shown).replace('display="block"', 'displaystyle="true"', 1) for _, shown in broken(latex, True)]
    shown = BREAK.join(map(Markup, parts))
    return shown if len(parts) == 1 else Markup('<span class="flow">%s</span>') % shown


def is_converted(latex: str) -> bool:
    """Whether a formula is shown as mathematics."""
    return not math(latex).startswith("<code")


def formulas_in(text: str) -> list[str]:
    """The formulas of a sentence; none, if its dollar signs do not come in pairs."""
    parts = text.split("$")
    return parts[1::2] if len(parts) % 2 else []


def prose(text: str) -> Markup:
    r"""A sentence with ``$...$`` in it.

    >>> str(prose("a < b for $x$"))
    'a &lt; b for <math><mi>x</mi></math>'
    """
    parts = text.split("$")
    if len(parts) % 2 == 0:
        return escape(text)
    shown = [inline(part) if number % 2 else escape(part) for number, part in enumerate(parts)]
    return Markup("").join(shown)


def inline(latex: str) -> Markup:
    """A formula in a sentence.  A piece of it that is wide gets a box that may scroll where there is little room."""
    return BREAK.join(
        shown if width(piece) <= NARROW else Markup('<span class="long">%s</span>') % shown
        for piece, shown in broken(latex)
    )
