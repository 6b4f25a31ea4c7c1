r"""Small claims that the tests of the session, the command line and the pytest plugin run."""

from __future__ import annotations

import sys
from pathlib import Path

BIBLIOGRAPHY = """@book{euclid, author = {Euclid}, title = {Elements}, year = {-300}, publisher = {Alexandria}}
"""

HEADER = """from verify import Claim, arbitrary, assume, cite, define, induction, lemma, nat, prop, real, relu

claim = Claim("{name}", title="A title", statement=r"A statement about $x$.", source=cite("{source}", "I.1"){more})

"""

TRUE = """
@claim.proof()
def nonnegative(x: real) -> prop:
    return relu(x) >= 0


@claim.mutant(replaces=nonnegative)
def positive(x: real) -> prop:
    \"\"\"Strictly\"\"\"
    return relu(x) > 0
"""

SHARP = """
slope = claim.parameter("slope", "1", "the slope")


@claim.proof()
def below(x: real) -> prop:
    assume(x >= 0)
    return relu(x) <= slope * x


claim.sharpness(slope, refuted="1/2", proved="1")
claim.mutant("flatter", {slope: "3/4"})
"""

FALSE = """
@claim.proof()
def identity(x: real) -> prop:
    return relu(x) == x


@claim.mutant(replaces=identity)
def negative(x: real) -> prop:
    return relu(x) == -x
"""

MODELLED = """
from verify import assumption


@arbitrary
def f(x: real) -> real: ...


@arbitrary
def offset() -> real: ...


@define
def ramp(x: real) -> real:
    return relu(x) + 1


@assumption()
def above(x: real) -> prop:
    return f(x) >= x


claim.model({f: "-x"})
claim.model({f: ramp})


@claim.proof(using=[above.at(x="x")], assuming=[above])
def large(x: real) -> prop:
    assume(x >= 2, offset() >= 0)
    return f(x) + offset() >= 2


@claim.mutant(replaces=large)
def larger(x: real) -> prop:
    \"\"\"More\"\"\"
    assume(x >= 2, offset() >= 0)
    return f(x) + offset() >= 4
"""

UNMODELLED = """
from verify import assumption


@arbitrary
def g(x: real) -> real: ...


@assumption()
def doubling(x: real) -> prop:
    return g(x + 1) == 2 * g(x)


@claim.proof(using=[doubling.at(x="x")], assuming=[doubling])
def doubled(x: real) -> prop:
    assume(g(x) >= 1)
    return g(x + 1) >= 2


@claim.mutant(replaces=doubled)
def tripled(x: real) -> prop:
    \"\"\"Three\"\"\"
    assume(g(x) >= 1)
    return g(x + 1) >= 3
"""

VACUOUS = """
@claim.proof()
def anything(x: real) -> prop:
    assume(x > 0, x < 0)
    return x == 1


@claim.mutant(replaces=anything)
def something(x: real) -> prop:
    return x == 1
"""

BROKEN = """
@claim.proof()
def misspelt(x: real) -> prop:
    return reluu(x) >= 0
"""


def text(name: str, body: str = TRUE, *, source: str = "euclid", more: str = "") -> str:
    return HEADER.format(name=name, source=source, more=more) + body


def folder(path: Path, **modules: str) -> Path:
    """A folder of claims with its bibliography."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "references.bib").write_text(BIBLIOGRAPHY)
    for name, content in modules.items():
        (path / f"{name}.py").write_text(content)
    return path


def forget(package: str) -> None:
    """Python keeps one package of a name; where tests load several, the one before has to go."""
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]
