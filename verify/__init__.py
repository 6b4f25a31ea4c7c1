r"""What an author imports, and nothing else.

    from verify import Claim, cite, define, lemma, assume, induction, nat, prop, real, relu

Names are loaded when they are first used, so that ``python -m verify.kernel`` and ``verify list`` stay light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verify.bibliography import cite
    from verify.claim import Claim
    from verify.theory.objects import arbitrary, assumption, define, hypothesis, induction, lemma
    from verify.theory.symbols import (
        assume,
        dot,
        iff,
        implies,
        dimensions,
        layered,
        mat,
        nat,
        pinv,
        prop,
        real,
        relu,
        sq,
        trace,
        units,
        vec,
        weights,
    )

_WHERE = {
    "Claim": "verify.claim",
    "cite": "verify.bibliography",
    **dict.fromkeys(("arbitrary", "assumption", "define", "hypothesis", "induction", "lemma"), "verify.theory.objects"),
    **dict.fromkeys(
        ("assume", "dot", "iff", "implies", "layered", "nat", "prop", "real", "relu", "sq", "units", "vec", "weights"),
        "verify.theory.symbols",
    ),
    **dict.fromkeys(
        ("dimensions", "mat", "pinv", "trace"),
        "verify.theory.symbols",
    ),
}

__all__ = [
    "Claim",
    "arbitrary",
    "assume",
    "assumption",
    "cite",
    "define",
    "dimensions",
    "dot",
    "hypothesis",
    "iff",
    "implies",
    "induction",
    "layered",
    "lemma",
    "mat",
    "nat",
    "pinv",
    "prop",
    "real",
    "relu",
    "sq",
    "trace",
    "units",
    "vec",
    "weights",
]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'verify' has no attribute {name!r}")
