r"""`verify new`: names that are refused in one sentence, files that are never overwritten, sources that resolve.

That what it writes passes is shown where it is run: tests/testing and tests/plugins.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from verify.catalog import collect
from verify.cli import main
from verify.cli import new as command
from verify.errors import UsageError
from verify.scaffolding import KINDS, new_claim, new_plugin
from verify.testing import check_claim


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def texts(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


# ------------------------------------------------------------------------------------------------------------ claims


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_module_of_claims_with_texts_and_sources_in_order(folder: Path, kind: str) -> None:
    new_claim("my-lemma", kind=kind)
    catalog = collect([folder / "claims"])
    assert not catalog.broken
    assert catalog.claims[0].claim.name == "my-lemma"
    for listed in catalog.claims:
        assert listed.claim.mutants
        check_claim(listed.claim, running=False)


def test_what_is_written_is_in_the_style_of_the_house(folder: Path) -> None:
    for kind in KINDS:
        new_claim(f"my-{kind}", kind=kind)
    new_plugin("my-theorems")
    settings = Path(__file__).resolve().parents[2] / "pyproject.toml"
    for rule in (["check"], ["format", "--check"]):
        tool = [sys.executable, "-m", "ruff", *rule, "--config", str(settings), "--no-cache", "."]
        done = subprocess.run(tool, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_the_command_says_what_it_wrote_and_what_comes_next(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "claim", "my-lemma"]) == 0
    assert capsys.readouterr().err.splitlines() == [
        "wrote claims/my_lemma.py",
        "wrote claims/references.bib",
        "fill in the entry my-lemma-source of claims/references.bib: it stands for the work you cite",
        "now: verify run my-lemma",
    ]
    assert main(["new", "claim", "other", "--output", "there/it.py", "--kind", "refuted", "--source", "euclid"]) == 0
    assert capsys.readouterr().err.splitlines()[-1] == "now: verify run there/it.py"


def test_the_kinds_of_the_command_are_those_there_are() -> None:
    assert tuple(KINDS) == command.KINDS


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("My Lemma", "the claim cannot be called 'My Lemma': write small words with hyphens, such as my-lemma"),
        ("MyLemma_2", "such as my-lemma-2"),
        ("2-layers", "such as layers-2"),
        ("-", "such as my-lemma"),
        ("a--b", "such as a-b"),
        ("test-error", "no claims are looked for in files such as 'test_error.py'"),
        ("lambda", "'lambda.py' cannot be imported by other modules; name another file with --output"),
        ("square-net", "there is a claim 'square-net' already, at "),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_one_sentence(folder: Path, name: str, sentence: str) -> None:
    with pytest.raises(UsageError) as raised:
        new_claim(name)
    assert sentence in str(raised.value)
    assert "\n" not in str(raised.value)
    assert texts(folder) == {}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"kind": "proof"}, "there is no kind 'proof' of claims; the kinds are: theorem, exact, experiment, refuted"),
        ({"output": Path("lemma.txt")}, "'lemma.txt' is no Python file; --output names a file that ends in .py"),
        ({"output": Path("_lemma.py")}, "no claims are looked for in files such as '_lemma.py'"),
        ({"source": "a key"}, "'a key' is no key of a bibliography"),
    ],
)
def test_options_that_make_no_sense_are_refused(folder: Path, options: dict[str, object], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        new_claim("my-lemma", **options)  # type: ignore[arg-type]
    assert texts(folder) == {}


def test_a_file_that_exists_is_never_overwritten(folder: Path) -> None:
    (folder / "claims").mkdir()
    (folder / "claims" / "my_lemma.py").write_text("mine = 1\n")
    (folder / "claims" / "references.bib").write_text("")
    with pytest.raises(UsageError, match=r"'claims/my_lemma.py' exists and is not overwritten; choose another name"):
        new_claim("my-lemma")
    assert texts(folder) == {"claims/my_lemma.py": "mine = 1\n", "claims/references.bib": ""}


def test_a_folder_that_cannot_be_made_is_one_sentence(folder: Path) -> None:
    (folder / "claims").write_text("a file")
    with pytest.raises(UsageError, match=r"'claims\S*' cannot be written: .*; name another place"):
        new_claim("my-lemma")


BIBLIOGRAPHY = "@book{euclid, author = {Euclid}, title = {Elements}}"  # no newline at its end


def with_bibliography(place: Path) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(BIBLIOGRAPHY)
    return place


def test_a_key_that_the_bibliography_has_is_used_as_it_is(folder: Path) -> None:
    """The bibliography may lie above the module."""
    file = with_bibliography(folder / "references.bib")
    assert new_claim("my-lemma", source="euclid").remarks == ()
    assert file.read_text() == BIBLIOGRAPHY
    assert not (folder / "claims" / "references.bib").exists()
    assert 'cite("euclid", ' in (folder / "claims" / "my_lemma.py").read_text()


@pytest.mark.parametrize("options", [{}, {"source": "gauss1801"}])
def test_an_entry_to_be_filled_in_comes_after_what_the_author_has(folder: Path, options: dict[str, str]) -> None:
    file = with_bibliography(folder / "claims" / "references.bib")
    written = new_claim("my-lemma", **options)
    key = options.get("source", "my-lemma-source")
    assert file.read_text().startswith(f"{BIBLIOGRAPHY}\n\n@misc{{{key},\n")
    assert written.remarks == (f"fill in the entry {key} of {file}: it stands for the work you cite",)
    assert written.files == (Path("claims/my_lemma.py"),)
    (listed,) = collect([folder / "claims"]).claims
    check_claim(listed.claim, running=False)


# ------------------------------------------------------------------------------------------------------ distributions


def test_a_new_distribution_says_what_it_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "plugin", "my-theorems"]) == 0
    assert "now: cd my-theorems && pip install -e . && verify run my_theorems && pytest" in capsys.readouterr().err
    found = texts(folder / "my-theorems")
    assert found.keys() == {
        "pyproject.toml",
        "README.md",
        "my_theorems/__init__.py",
        "my_theorems/references.bib",
        "my_theorems/halving_layers.py",
        "my_theorems/additive_relu.py",
        "tests/test_claims.py",
    }
    assert 'my-theorems = "my_theorems"' in found["pyproject.toml"]
    assert not any("{{" in text for text in found.values())
    for file in ("my_theorems/halving_layers.py", "my_theorems/additive_relu.py"):
        assert file in found["README.md"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "My Theorems",
            "the distribution cannot be called 'My Theorems': write small words with hyphens, such as my-theorems",
        ),
        ("verify", "its package would be called verify, and there is another one; choose another name"),
        ("tests", "its package would be called tests, and there is another one"),
    ],
)
def test_a_distribution_that_cannot_be_is_refused_in_one_sentence(folder: Path, name: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        new_plugin(name)
    assert texts(folder) == {}


@pytest.mark.parametrize("make", [lambda path: path.write_text(""), lambda path: (path / "sub").mkdir(parents=True)])
def test_a_folder_with_something_in_it_is_left_alone(folder: Path, make: Callable[[Path], object]) -> None:
    make(folder / "my-theorems")
    before = texts(folder)
    with pytest.raises(UsageError, match="'my-theorems' exists and is not empty; name another place with --output"):
        new_plugin("my-theorems")
    assert texts(folder) == before
