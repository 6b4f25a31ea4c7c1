r"""Verdicts in notebooks: the committed notebook is what a run gives; outputs stand alone; what cannot be done is said."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests import run_notebook, samples
from tests.report import results as benches
from tests.run_notebook import NOTEBOOK
from verify import notebook
from verify.cli import main
from verify.errors import UsageError
from verify.notebook import Checked, check
from verify.verdict import Outcome, Scope, Strength, Verdict

Json = Any


# ----------------------------------------------------------------------------------------- the committed notebook


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Json, Json]:
    """The notebook as it is committed, and as it is after a run in an empty folder."""
    import nbformat

    return nbformat.read(NOTEBOOK, as_version=4), run_notebook.executed(tmp_path_factory.mktemp("notebook"))


def outputs(document: Json) -> list[tuple[str, Json]]:
    """What the cells gave; streams in one piece, front ends cut them anywhere."""
    return [
        (cell.id, [output.get("data") or (output.name, output.text) for output in cell.outputs])
        for cell in document.cells
        if cell.cell_type == "code"
    ]


def test_the_committed_outputs_are_those_of_a_run(executed: tuple[Json, Json]) -> None:
    committed, again = executed
    assert outputs(committed) == outputs(again), "python -m tests.run_notebook writes them again"


def test_the_notebook_tells_what_it_should(executed: tuple[Json, Json]) -> None:
    text = repr(outputs(executed[1]))
    assert "ok relu-contraction: certified for all values" in text
    assert "relu-contraction: refuted, certified" in text and "false at x = 1, y = 0" in text
    assert "in-a-cell is defined in a notebook or a prompt, where worker processes cannot load it" in text
    assert "relu-contraction: 2 tasks" in text, "progress ends with the number of tasks"
    assert not re.search(r"\d\.\d+ ?s\b|\d\d:\d\d|/tmp/", text), "no times and no places of one machine"


# ------------------------------------------------------------------------------------------------------- outputs


@pytest.fixture(scope="module", params=["everything", "refuted", "unchecked"])
def checked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Checked:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "unchecked":
        return Checked(benches.Bench.of(folder, one=samples.text("one")).found().claims[0])
    found: benches.Bench = getattr(benches, request.param)(folder)
    return Checked(found.found().claims[0])


def test_html_brings_its_own_style_and_touches_nothing_else(checked: Checked) -> None:
    import html5lib

    html = checked._repr_html_()
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(html)
    assert not re.search(r"<script|https?://(?!www\.w3\.org)|\son\w+=|<link|@import|url\(", html)
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    flat = re.sub(r"@media[^{]*\{(.*?\})\s*\}", r"\1", style)
    selectors = [part.strip() for group in re.findall(r"([^{}]+)\{", flat) for part in group.split(",")]
    assert len(selectors) > 20 and all(re.match(r"(body\S+ )?\.deepclaims\b", selector) for selector in selectors)
    assert html.count('id="') == 0, "several outputs stand on one page"


def test_html_says_the_verdict_the_obligations_the_variants_and_what_is_open(checked: Checked) -> None:
    html = checked._repr_html_()
    assert checked.name in html and "<math>" in html and "What is not established" in html
    for name in checked.evidence:
        assert f'<th scope="row">{name}</th>' in html
    for mutant in checked.result.mutants:
        assert f'<th scope="row">{mutant.name}</th>' in html
    if checked.name == "whole":
        assert "no rule applies" in html and "survives" in html and "slope = 1/2 is refuted" in html
        assert "&lt; 1 &amp; more" not in html.replace("For $x$", ""), "no text of authors is taken for HTML"
        assert "<b>" not in html


def test_colours_follow_the_theme_of_the_front_end(checked: Checked) -> None:
    html = checked._repr_html_()
    for theme in ('body[data-jp-theme-light="false"]', "body.vscode-dark", "@media (prefers-color-scheme: dark)"):
        assert theme in html


def test_text_and_markdown_say_the_same(checked: Checked) -> None:
    text, markdown = repr(checked), checked._repr_markdown_()
    first, *rest = text.splitlines()
    assert first.startswith("!! " if checked.name != "right-one" else "ok ")
    words = first.partition(": ")[2]
    assert words in markdown and words in checked._repr_html_()
    for name, evidence in checked.evidence.items():
        assert any(line.strip().startswith(f"{name}: ") for line in rest)
        assert evidence.outcome is Outcome.HOLDS or evidence.reason in text
        assert f"| `{name}` |" in markdown
    assert "<" not in re.sub(r"\$[^$]*\$", "", markdown)


def test_what_was_checked_is_data(checked: Checked) -> None:
    assert checked.evidence.keys() == checked.result.results.keys()
    assert checked.as_expected == (checked.is_complete and checked.result.as_expected)


def test_a_part_of_a_claim_is_not_said_to_be_certified(tmp_path: Path) -> None:
    two = samples.TRUE + samples.TRUE.replace("nonnegative", "again").replace("positive", "other")
    bench = benches.Bench.of(tmp_path, one=samples.text("one", two))
    bench.typed("one::nonnegative", Outcome.HOLDS, strength=Strength.CERTIFIED, scope=Scope.ALL)
    part = Checked(bench.found().claims[0])
    assert (part.verdict, part.as_expected, part.is_complete) == (Verdict(Outcome.UNDECIDED), False, False)
    for told in (repr(part), part._repr_markdown_(), part._repr_html_()):
        assert "incomplete, 1 of 2 obligations checked" in told
    assert repr(part).startswith("!! ")


# ------------------------------------------------------------------------------------------------- what is asked


@pytest.fixture
def claims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return samples.folder(tmp_path, one=samples.text("one"), loads="1 / 0\n", empty="x = 1\n")


def test_a_file_holds_the_claim_that_it_holds_now(claims: Path) -> None:
    _, first = notebook.found("one.py")
    _, again = notebook.found(first.claim)
    assert again.claim is first.claim
    (claims / "one.py").write_text(samples.text("other", samples.SHARP))
    _, edited = notebook.found(Path("one.py"))
    assert (first.claim.name, edited.claim.name) == ("one", "other")
    with pytest.raises(UsageError, match="holds no claim"):
        notebook.found(first.claim)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("nothing", "there is no claim 'nothing'; the claims here are: "),
        ("empty.py", "'empty.py' holds no claim; a file of claims has a line such as claim = Claim"),
        ("loads.py", "loads.py:1: importing this module failed: ZeroDivisionError"),
        ("two", "'two' holds 2 claims; check one of them by its name: three, two"),
    ],
)
def test_what_is_not_one_claim_is_refused_in_one_sentence(claims: Path, asked: str, told: str) -> None:
    samples.folder(claims / "two", a=samples.text("two"), b=samples.text("three"))
    with pytest.raises(UsageError, match=re.escape(told)):
        check(asked)


@pytest.mark.parametrize("options", [{"seconds": 0}, {"seconds": -1}, {"jobs": -1}])
def test_impossible_options_are_refused(claims: Path, options: Json) -> None:
    with pytest.raises(UsageError, match="give a positive time, and 0 or more jobs"):
        check("one.py", **options)


def test_a_claim_of_a_cell_is_refused_with_what_to_do() -> None:
    names: Json = {"__name__": "__main__"}
    text = samples.text("in-a-cell")
    exec(compile(text, "<ipython-input-1>", "exec"), names)
    with pytest.raises(UsageError, match=r'^in-a-cell is defined in a notebook .* "%%writefile my_claim.py"'):
        check(names["claim"])


def test_results_are_those_of_the_command_and_nothing_is_run(claims: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["run", "one.py", "--jobs", "1"]) == 0
    monkeypatch.setattr("verify.execution.Supervisor.submit", lambda *_: pytest.fail("something was run"))
    found = notebook.results("one.py")
    assert found.verdict.in_words() == "certified for all values" and found.as_expected
    with pytest.raises(UsageError, match="there is no evidence store 'nowhere'"):
        notebook.results("one.py", store="nowhere")


# ------------------------------------------------------------------------------------------------ progress, magic


class Cell:
    """An output that can be replaced."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def update(self, data: dict[str, str], raw: bool) -> None:
        assert raw
        self.lines.append(data["text/plain"])


def test_progress_shows_in_the_cell_and_says_that_it_was_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    cell = Cell()
    monkeypatch.setattr(notebook, "in_notebook", lambda: True)
    monkeypatch.setattr(notebook, "display_line", lambda text: cell)
    result: Any = SimpleNamespace(task=SimpleNamespace(id="one::nonnegative"))
    with pytest.raises(KeyboardInterrupt), notebook.Following("one") as following:
        following.step(result, 3)
        raise KeyboardInterrupt
    assert cell.lines == [
        "one: 1 of 3 tasks: one::nonnegative",
        "one: 1 task; interrupted, and what was found so far is in the store",
    ]


def test_the_magic_takes_options_and_refuses_others(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(notebook, "check", lambda claim, **options: asked.append((claim, options)))
    notebook.magic("square-net --seconds 5 --refresh")
    assert asked == [("square-net", {"seconds": 5.0, "seed": 0, "refresh": True})]
    for wrong in ("", "square-net --fast", "square-net --seconds long"):
        with pytest.raises(UsageError, match=r"^%verify: .*; write %verify NAME"):
            notebook.magic(wrong)


def test_names_of_claims_and_files_complete(claims: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERIFY_NO_PLUGINS", "1")
    samples.folder(claims / "claims", a=samples.text("a-claim"))
    assert notebook.completions(None, None) == ["a-claim", "empty.py", "loads.py", "one.py"]


def test_importing_it_imports_nothing_heavy() -> None:
    import subprocess

    script = "import sys, verify.notebook; print({'IPython', 'torch', 'jinja2', 'numpy', 'z3'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
