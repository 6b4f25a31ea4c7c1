r"""Mistakes of authors and users: one sentence with file, line, what is wrong and what to do; everything else runs."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests import samples
from verify.cli import main

GOOD = samples.text("good")
FIRST = len(samples.HEADER.splitlines()) + 2  # line of the first statement after the header

MODELLED = """
from verify import assumption


@arbitrary
def f(x: real) -> real: ...


claim.model({model})


@assumption()
def positive(x: real) -> prop:
    return f(x) >= 0


@claim.proof(using=[positive], assuming=[positive])
def t(x: real) -> prop:
    return f(x) >= 0
"""

MISTAKES = {
    "syntax": (
        "from verify import Claim\nclaim = Claim('x'\n",
        2,
        "syntax error: '(' was never closed; correct this line",
    ),
    "crash": ("from verify import Claim\n\nraise OSError('no')\n", 3, "importing this module failed: OSError: no"),
    "leave": ("import sys\nsys.exit('bye')\n", 2, "importing this module failed: SystemExit: bye"),
    "unknown_name": (samples.text("a", samples.BROKEN), FIRST + 2, "reluu is unknown here; define it with @define"),
    "recursion": (
        samples.text(
            "b",
            """
@define
def f(n: nat) -> real:
    return 0 if n == 0 else f(n) + 1


@claim.proof()
def t(n: nat) -> prop:
    return f(n) >= 0
""",
        ),
        FIRST,
        "f calls itself at an argument that is not known to be smaller; in the case n != 0 call it at n - 1",
    ),
    "float": (
        samples.text("c", "\n@claim.proof()\ndef t(x: real) -> prop:\n    return relu(x) >= 0.1 * x\n"),
        FIRST + 2,
        "0.1 is a floating-point number; write an exact one, such as 1/10",
    ),
    "parameter": (
        samples.text("d", samples.TRUE + '\nclaim.mutant("other", {"scale": "1/5"})\n'),
        FIRST + 10,
        "'scale' is not a parameter of d (its parameters: none); declare it with claim.parameter",
    ),
    "number": (
        samples.text("e", '\nslope = claim.parameter("slope", 0.1)\n'),
        FIRST,
        '0.1 is not an exact number; write a text such as "1/4"',
    ),
    "source": (
        samples.text("f", source="nobody1900"),
        3,
        "the source 'nobody1900' is not in ",
    ),
    "twice": (samples.text("good", samples.SHARP), 3, "the claim 'good' ("),
    "name": (samples.text("Bad Name"), 3, "the name 'Bad Name' may only have small letters, digits and hyphens"),
    "no_return": (
        samples.text("h", "\n@claim.proof()\ndef t(x: real) -> prop:\n    relu(x) >= 0\n"),
        FIRST + 2,
        "t may only contain assignments, if, assume(...) and return; if relu(x) >= 0 is what it says, write return before it",
    ),
    "no_value": (
        samples.text("i", "\n@claim.proof()\ndef t(x: real) -> prop:\n    if x >= 0:\n        return relu(x) == x\n"),
        FIRST + 1,
        "t does not return anything; every way through it ends with return and a value",
    ),
    "loop": (
        samples.text(
            "j",
            "\n@define\ndef f(n: nat) -> real:\n    for i in range(n):\n        pass\n    return 0\n\n\n"
            "@claim.proof()\ndef t(n: nat) -> prop:\n    return f(n) >= 0\n",
        ),
        FIRST + 2,
        "f may only contain assignments, if, assume(...) and return; instead of a loop, let a definition call itself at n - 1",
    ),
    "misspelt": (
        samples.text("k", samples.SHARP.replace("<= slope", "<= slop")),
        FIRST + 6,
        "slop is unknown here; define it with @define or @arbitrary, or make it a parameter of the claim (is slope meant?)",
    ),
    "renamed": (
        samples.text(
            "l", samples.SHARP.replace("slope = claim", "s = claim").replace("(slope,", "(s,").replace("{slope:", "{s:")
        ),
        FIRST + 6,
        "slope is unknown here; define it with @define or @arbitrary, or make it a parameter of the claim (is s meant?)",
    ),
    "quoted": (
        samples.text("m", samples.SHARP.replace("{slope:", '{"slope":')),
        FIRST + 10,
        "'slope' is the name of a parameter; write the parameter itself, without quotes",
    ),
    "applied": (
        samples.text(
            "n",
            "\n@lemma()\ndef fact(x: real) -> prop:\n    return relu(x) >= 0\n\n\n"
            "@claim.proof()\ndef t(x: real) -> prop:\n    return fact(x)\n",
        ),
        FIRST + 7,
        "fact is a fact, not a function; name it in using=[fact] and state what it says",
    ),
    "undecorated": (
        samples.text(
            "o", "\ndef f(x):\n    return x\n\n\n@claim.proof()\ndef t(x: real) -> prop:\n    return f(x) >= 0\n"
        ),
        FIRST + 6,
        "f is unknown here; define it with @define above its def (at ",
    ),
    "not_imported": (
        samples.text("p", "\n@claim.proof(using=[one_layer])\ndef t(x: real) -> prop:\n    return relu(x) >= 0\n"),
        FIRST,
        "importing this module failed: NameError: name 'one_layer' is not defined; define it above this line, or import it",
    ),
    "no_module": (
        "from verify import Claim\nfrom my_lemmas import one_layer\n",
        2,
        "importing this module failed: ModuleNotFoundError: No module named 'my_lemmas'; install it, or correct its name",
    ),
    "no_word": (
        "from verify import cyte\n",
        1,
        "importing this module failed: ImportError: cannot import name 'cyte' from",
    ),
    "one_fact": (
        samples.text("q", samples.TRUE.replace("@claim.proof()", "@claim.proof(using=claim)")),
        FIRST,
        "using=q must be a list of facts: lemmas, theorems, assumptions, hypothesis(...); write using=[some_lemma]",
    ),
    "quoted_fact": (
        samples.text("r", samples.TRUE.replace("@claim.proof()", '@claim.proof(using=["one_layer"])')),
        FIRST,
        "using=['one_layer'] must be a list of facts",
    ),
    "letters": (
        samples.text("s", samples.TRUE.replace("@claim.proof()", '@claim.proof(cases="x >= 0")')),
        FIRST,
        "cases='x >= 0' must be a list of formulas, each one a text; write cases=[\"x >= 0\"]",
    ),
    "induction": (
        samples.text("t", samples.TRUE.replace("@claim.proof()", '@claim.proof(by="n")')),
        FIRST,
        "by='n' is no induction; write by=induction(\"n\") for an argument n of sort nat",
    ),
    "no_parentheses": (
        samples.text("u", samples.TRUE.replace("@claim.proof()", "@claim.proof")),
        FIRST,
        "importing this module failed: TypeError: Claim.proof() takes 1 positional argument but 2 were given; this decorator "
        "needs parentheses: write @claim.proof()",
    ),
    "parentheses": (
        samples.text("v", "\n@define()\ndef f(x: real) -> real:\n    return x\n"),
        FIRST,
        "importing this module failed: TypeError: define() missing 1 required positional argument: 'function'; this decorator "
        "has no parentheses: write @define",
    ),
    "bare_mutant": (
        samples.text("w", samples.TRUE.replace("(replaces=nonnegative)", "")),
        FIRST + 5,
        "a mutant says what it replaces: write @claim.mutant(replaces=...)",
    ),
    "bare_trials": (
        samples.text("x", "\n@claim.trials\ndef t(draws):\n    return draws\n"),
        FIRST,
        "count=t, level=0.001, runs=1: write how many trials there are, as in @claim.trials(16)",
    ),
    "same_obligation": (
        samples.text("y", samples.TRUE + samples.TRUE.partition("@claim.mutant")[0]),
        FIRST + 10,
        "y has two obligations called nonnegative; rename one of them",
    ),
    "anonymous": (
        'from verify import Claim, cite\n\n[Claim("z", title="", statement="", source=cite("euclid"))]\n',
        3,
        "this claim is not found without a name of its own; write claim = Claim(...)",
    ),
    "no_source": (
        'from verify import Claim\n\nclaim = Claim("aa", title="", statement="", source="Euclid")\n',
        3,
        'source=\'Euclid\' is no place in the literature; write cite("key", "Theorem 1")',
    ),
    "escape": (
        samples.text("bb").replace('r"A statement about $x$."', '"About $\\frac12$."'),
        3,
        'statement has a control character where LaTeX was meant; write a raw text, statement=r"..."',
    ),
    "keyword": (
        'from verify import Claim, cite\n\nclaim = Claim("cc", title="", sources=cite("euclid"))\n',
        3,
        "importing this module failed: TypeError: Claim.__init__() got an unexpected keyword argument 'sources'; correct the call",
    ),
    "quotient": (
        samples.text("dd", "\n@claim.proof()\ndef t(x: real) -> prop:\n    assume(x > 0)\n    return 1 / x > 0\n"),
        FIRST,
        "the statement of t is not accepted: division only by a nonzero number, not by x; multiply by it instead",
    ),
    "number_returned": (
        samples.text("ee", "\n@claim.proof()\ndef t(x: real) -> prop:\n    return relu(x)\n"),
        FIRST,
        "the statement of t is not accepted: a term is not a proposition: relu(x); return a comparison",
    ),
    "interval": (
        samples.text("ff", samples.TRUE + '\nclaim.sampling(nonnegative, samples=8, reals={"x": 1})\n'),
        FIRST + 10,
        'x=1 is no interval; write its two ends, such as {"x": (0, 1)}',
    ),
    "table": (
        samples.text("gg", samples.TRUE + '\nclaim.sampling(nonnegative, samples=8, tables={"x": (0, 1)})\n'),
        FIRST + 10,
        "x=(0, 1) is no table; write how many values it has and their interval",
    ),
    "no_samples": (
        samples.text("hh", samples.TRUE + '\nclaim.sampling(nonnegative, samples=0, reals={"x": (0, 1)})\n'),
        FIRST + 10,
        "samples=0, bits=20, level=0.001: samples and bits must be positive integers",
    ),
    "too_much": (
        samples.text(
            "ii", samples.TRUE + '\nclaim.sampling(nonnegative, samples=8, reals={"x": (0, 1), "y": (0, 1)})\n'
        ),
        FIRST,
        "the sampling of nonnegative says something about y, which the theorem does not have; take it out",
    ),
    "not_stated": (
        samples.text("jj", "\ndef t(x):\n    return x\n\n\nclaim.sampling(t, samples=8)\n"),
        FIRST + 4,
        "only a theorem can be sampled, and t is none; decorate it with @claim.proof()",
    ),
    "other_arguments": (
        samples.text(
            "kk",
            "\n@define\ndef f(x: real) -> real:\n    return relu(x)\n\n\n@claim.proof()\ndef t(x: real) -> prop:\n"
            "    return f(x) >= 0\n\n\n@claim.mutant(replaces=f)\ndef g(x: real, y: real) -> real:\n    return x\n",
        ),
        FIRST + 5,
        "the statement of t is not accepted: f takes 2 arguments, not 1",
    ),
    "latex": (
        samples.text("mm").replace("$x$", r"$\frac{x$"),
        3,
        r"the formula $\frac{x$ in the statement is not understood; write LaTeX that MathML can show",
    ),
    "one_dollar": (
        samples.text("nn").replace("$x$", "$x"),
        3,
        "the statement has a dollar sign without its partner; formulas stand between two of them",
    ),
    "own_failure": (
        samples.text("ll", "\n@claim.trials(2)\ndef t(draws):\n    return draws.uniform(3)\n"),
        FIRST,
        "raised: TypeError: trial 0 must return a nonempty tensor of truth values (torch.bool), not one of torch.float64",
    ),
    "model_no_dict": (
        samples.text("oo", MODELLED.replace("{model}", '"x"')),
        FIRST + 7,
        'a model is a dict of texts, which say what arbitrary functions are, such as {f: "sq(x) / 2", gradient: "x"}, not \'x\'',
    ),
    "model_quoted": (
        samples.text("pp", MODELLED.replace("{model}", '{"f": "x**2"}')),
        FIRST + 7,
        "a model says what arbitrary functions are, and 'f' is none",
    ),
    "model_number": (
        samples.text("qq", MODELLED.replace("{model}", "{f: 0}")),
        FIRST + 7,
        "the model puts 0 for f; put a text, or a defined function",
    ),
    "model_text": (
        samples.text("rr", MODELLED.replace("{model}", '{f: "x**2 +"}')),
        FIRST + 7,
        "the model puts 'x**2 +' for f, which is no expression: invalid syntax",
    ),
    "model_name": (
        samples.text("ss", MODELLED.replace("{model}", '{f: "y**2"}')),
        FIRST + 7,
        "y is unknown here; define it with @define or @arbitrary, or make it a parameter of the claim",
    ),
    "model_sort": (
        samples.text("tt", MODELLED.replace("{model}", '{f: "x >= 0"}')),
        FIRST + 7,
        "the model cannot put 'x >= 0' for f: not a term: x >= 0",
    ),
    "model_circle": (
        samples.text("uu", MODELLED.replace("{model}", '{f: "2*f(x)"}')),
        FIRST + 7,
        "this model goes round in a circle: f by f; only a function with @define may call itself",
    ),
    "untyped": (
        samples.text("g", "\n@claim.proof()\ndef t(x):\n    return relu(x) >= 0\n"),
        FIRST + 1,
        "argument x of t needs one of the sorts nat, real, vec, prop, mat[rows, columns] as its annotation, which is missing",
    ),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str, Path]:
    """What one run says about all mistakes at once, and a good claim among them."""
    import contextlib
    import io

    folder = samples.folder(tmp_path_factory.mktemp("bad"), good=GOOD, **{n: t for n, (t, _, _) in MISTAKES.items()})
    err = io.StringIO()
    with contextlib.redirect_stderr(err):
        status = main(["run", str(folder), "--no-store"])
    return status, err.getvalue(), folder


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_gets_one_sentence_at_its_line(said: tuple[int, str, Path], name: str) -> None:
    _, text, folder = said
    _, line, sentence = MISTAKES[name]
    files = ("good", "twice") if name == "twice" else (name,)
    found = [row for row in text.splitlines() if any(f"{folder / f'{f}.py'}:{line}: {sentence}" in row for f in files)]
    assert len(found) == 1, text


def test_everything_else_still_runs(said: tuple[int, str, Path]) -> None:
    status, text, _ = said
    assert status == 3
    assert "ok good: certified for all values" in text
    assert "Traceback" not in text


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    store = tmp_path / "store"
    assert main(["cache", "--store", str(store)]) == 0
    connection = sqlite3.connect(next(store.glob("*.sqlite")), isolation_level=None)
    connection.execute("UPDATE meta SET value = '99' WHERE name = 'schema_version'")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    return store


def test_a_store_from_the_future_is_left_alone_and_the_run_goes_on(
    newer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in newer.rglob("*.sqlite")}
    folder = samples.folder(tmp_path / "claims", good=GOOD)
    capsys.readouterr()
    status = main(["run", str(folder), "--store", str(newer)])
    err = capsys.readouterr().err
    assert status == 3
    assert "ok good: certified for all values" in err
    (sentence,) = [line for line in err.splitlines() if "schema 99" in line]
    assert str(newer) in sentence
    assert "update deepclaims" in sentence
    assert {path: path.read_bytes() for path in newer.rglob("*.sqlite")} == before


@pytest.mark.parametrize("command", [["report"], ["cache"]])
def test_commands_that_need_the_store_refuse_one_from_the_future(
    newer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    folder = samples.folder(tmp_path / "claims", good=GOOD)
    selection = [str(folder)] if command == ["report"] else []
    assert main([*command, *selection, "--store", str(newer)]) == 3
    assert "schema 99" in capsys.readouterr().err
