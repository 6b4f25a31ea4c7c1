r"""``python -m verify.kernel``: what it prints, how it exits, and that it needs nothing but Python.

What it prints is all that most readers of a certificate will ever see of it, so no file may choose what the lines about
it (or about another file) say, and the text of a statement may not be read otherwise than the kernel has read it.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.kernel.documents import (
    Json,
    arithmetic,
    assume,
    by_condition,
    by_shape,
    counterexample,
    define,
    exact,
    parameter,
    satisfied,
    theorem,
)
from verify.kernel import Rejected, Unsupported, check, digest, read, statement_text
from verify.kernel.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
KERNEL = ROOT / "verify" / "kernel"

PROVED = theorem("1 > 0", [arithmetic()])
REFUTED = counterexample("x > 0", {"x": "0"}, "x: real")
SATISFIED = satisfied("x > 0", {"x": "1"}, "x: real", ["x >= 0"])
FALSE = theorem("0 > 1", [arithmetic()])
ALIEN = {**PROVED, "format": "deepclaims certificate 7"}


def written(directory: Path, name: str, document: Json) -> str:
    file = directory / f"{name}.json"
    file.write_text(json.dumps(document), encoding="ascii")
    return str(file)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    status = main(list(arguments))
    return status, capsys.readouterr().out.splitlines()


# ---------------------------------------------------------------------------------------------- status and lines


@pytest.mark.parametrize(
    ("document", "word", "meaning"),
    [
        (PROVED, "accepted", "proved"),
        (REFUTED, "accepted", "refuted by a counterexample"),
        (SATISFIED, "accepted", "hypotheses satisfied at a point"),
    ],
    ids=["theorem", "counterexample", "instance"],
)
def test_an_accepted_file_has_one_line_with_its_verdict_and_digest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], document: Json, word: str, meaning: str
) -> None:
    file = written(tmp_path, "a", document)
    status, lines = printed(capsys, file)
    assert status == 0
    assert lines == [f"{word}     {file}  t: {meaning}  sha256:{digest(document['statement'])}"]


def test_a_rejected_file_has_one_line_with_the_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, "a", FALSE)
    assert printed(capsys, file) == (1, [f"rejected     {file}  the remainder -1 is too small"])


def test_a_file_of_another_format_is_unsupported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, "a", ALIEN)
    status, (line,) = printed(capsys, file)
    assert status == 2
    assert line.startswith(f"unsupported  {file}  not a certificate of format 'deepclaims certificate 1'")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"a": "\xc3\xa9"}', b"[" * 100_000, b"\x00"])
def test_a_file_that_is_not_ascii_json_is_unsupported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(content)
    status, (line,) = printed(capsys, str(file))
    assert status == 2
    assert line.startswith(f"unsupported  {file}  ")


def test_a_file_that_is_not_there_is_unsupported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, (line,) = printed(capsys, str(tmp_path / "missing.json"))
    assert status == 2
    assert "cannot be read: [Errno 2]" in line


def test_a_directory_is_unsupported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, (line,) = printed(capsys, str(tmp_path))
    assert status == 2
    assert "cannot be read: [Errno 21]" in line


@pytest.mark.parametrize(
    ("documents", "status"),
    [
        ([PROVED, REFUTED, SATISFIED], 0),
        ([PROVED, FALSE], 1),
        ([FALSE, PROVED], 1),
        ([PROVED, ALIEN], 2),
        ([ALIEN, PROVED], 2),
        ([FALSE, ALIEN], 1),
        ([ALIEN, FALSE, PROVED], 1),
        ([ALIEN, ALIEN], 2),
    ],
)
def test_the_worst_file_decides_and_a_rejected_one_is_worse_than_an_unsupported_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], documents: list[Json], status: int
) -> None:
    files = [written(tmp_path, str(number), document) for number, document in enumerate(documents)]
    found, lines = printed(capsys, *files)
    assert found == status
    assert [line.split()[1] for line in lines] == files
    words = {id(ALIEN): "unsupported", id(FALSE): "rejected"}
    assert [line.split()[0] for line in lines] == [words.get(id(document), "accepted") for document in documents]


@pytest.mark.parametrize("arguments", [[], ["-v"]])
def test_without_a_file_there_is_a_usage_and_no_success(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "usage: python -m verify.kernel [-v] FILE...\n"


def test_assumptions_are_printed_with_the_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assumptions = [assume("cited", "1 > 0", source="Euclid, Elements, I.1"), assume("own", "2 > 0")]
    file = written(tmp_path, "a", theorem("1 > 0", [arithmetic()], assumptions=assumptions))
    status, lines = printed(capsys, file)
    assert status == 0
    assert lines[1:] == ["  assuming cited [cited: Euclid, Elements, I.1]", "  assuming own"]


def test_the_statement_is_printed_on_demand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = theorem(
        "f(x) >= 0",
        [exact("h2")],
        "x: real",
        ["x >= 0 or x <= -1", "f(x) >= 0"],
        parameters=[parameter("f(real) -> real"), parameter("c() -> nat")],
        definitions=[
            define("power(k: nat) -> nat", by_shape("k", "1", "2*power(k)")),
            define("step(x: real) -> real", by_condition("x >= 0", "1", "0")),
            define("small(x: real) -> prop", "x <= 1"),
        ],
        assumptions=[assume("a", "f(y) >= y", "y: real", ["y >= 0"], source="a book")],
    )
    status, lines = printed(capsys, "-v", written(tmp_path, "a", document))
    assert status == 0
    assert lines[2:] == [
        "  for every function f: real -> real",
        "  for every function c: () -> nat",
        "  define power(0) = 1",
        "  define power(k + 1) = 2*power(k)",
        "  define step(x) = 1  if x >= 0",
        "  define step(x) = 0  if not (x >= 0)",
        "  define small(x) iff x <= 1",
        "  assume a [cited: a book]: for all y: real, if y >= 0, then f(y) >= y",
        "  theorem t: for all x: real, if (x >= 0 or x <= -1) and f(x) >= 0, then f(x) >= 0",
    ]


def test_the_arithmetic_is_printed_if_it_is_not_exact(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = counterexample("x + 1 > x", {"x": str(2**53)}, "x: real", arithmetic="binary64")
    _, lines = printed(capsys, "-v", written(tmp_path, "a", document))
    assert lines[1] == "  arithmetic: every operation is rounded to binary64"


# -------------------------------------------------------------------------------------------- what a reader reads


@pytest.mark.parametrize(
    "hypothesis",
    ["x >= 0 or y >= 0", "(x >= 0)or(y >= 0)", "(x >= 0) or(y >= 0)", "(x >= 0)or (y >= 0)"],
)
def test_a_printed_disjunction_is_read_as_one_hypothesis(hypothesis: str) -> None:
    """``A or B and C`` would be read as A or (B and C), which is weaker than what the theorem asks for."""
    statement = theorem("z >= 0", [], "x: real, y: real, z: real", [hypothesis, "z >= 1"])["statement"]
    (line,) = statement_text(statement)
    printed_hypotheses = re.fullmatch(r"theorem t: .*?, if (.*), then z >= 0", line)
    assert printed_hypotheses
    meant = ast.parse(f"({hypothesis}) and (z >= 1)", mode="eval")
    assert ast.dump(ast.parse(printed_hypotheses.group(1), mode="eval")) == ast.dump(meant)


@pytest.mark.parametrize("place", ["conclusion", "hypothesis", "definition"])
def test_a_text_has_no_comment(place: str) -> None:
    """The kernel does not read what follows a number sign, and a reader of the printed statement does."""
    comment = " # and every even number above 2 is the sum of two primes"
    texts = {"conclusion": "1 > 0", "hypothesis": "x == x", "definition": "x"}
    texts[place] += comment
    document = theorem(
        texts["conclusion"],
        [arithmetic()],
        "x: real",
        [texts["hypothesis"]],
        definitions=[define("same(x: real) -> real", texts["definition"])],
    )
    with pytest.raises(Rejected):
        check(document)


@pytest.mark.parametrize("text", ["x >= 1or y >= 0", "x >= 1and y >= 0", "x >= (1if y >= 0 else 2)", "x >= 0xfor y"])
def test_a_numeral_does_not_run_into_a_word(text: str) -> None:
    with pytest.raises(Rejected, match="a numeral that runs into a word"):
        check(theorem(text, [arithmetic()], "x: real, y: real"))


FORGED = "accepted     other.json  riemann_hypothesis: proved  sha256:00"
HOSTILE = {"a line of its own": f"x\n{FORGED}", "a carriage return": f"x\r{FORGED}", "half a character": "\ud800"}


def hostile(text: str) -> dict[str, Json]:
    """A file may contain any character, written as an escape, where the kernel has no use for it."""
    return {
        "label": theorem("1 > 0", [exact(text)]),
        "rule": theorem("1 > 0", [{"rule": text}]),
        "fact": theorem("1 > 0", [{"rule": "instance", "of": text, "at": {}, "because": [], "as": "a"}]),
        "number": theorem("1 > 0", [arithmetic(f"{text!r} h1")]),
        "sort": theorem("1 > 0", [arithmetic()], f"x: {text}"),
        "field": {**PROVED, text: None},
        "arithmetic": theorem("1 > 0", [arithmetic()], arithmetic=text),
        "name": theorem("1 > 0", [arithmetic()], name=text),
        "conclusion": theorem(text, [arithmetic()]),
        "source": theorem("1 > 0", [arithmetic()], assumptions=[assume("a", "1 > 0", source=text)]),
    }


@pytest.mark.parametrize("where", hostile(""))
@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("verbose", [False, True], ids=["", "-v"])
def test_no_file_forges_a_line_of_output(tmp_path: Path, what: str, where: str, verbose: bool) -> None:
    bad = written(tmp_path, "bad", hostile(HOSTILE[what])[where])
    good = written(tmp_path, "good", PROVED)
    command = [sys.executable, "-m", "verify.kernel", *["-v"] * verbose, bad, good]
    run = subprocess.run(command, capture_output=True, cwd=ROOT, check=False)
    assert run.stderr == b""
    lines = run.stdout.decode("utf-8").split("\n")
    assert not any(line.lstrip().startswith(FORGED) for line in re.split(r"[\r\n]", run.stdout.decode("utf-8")))
    assert [line.split()[1] for line in lines if line and not line.startswith(" ")] == [bad, good]


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_a_source_is_printed_whatever_the_terminal_can_show(tmp_path: Path, encoding: str) -> None:
    document = theorem("1 > 0", [arithmetic()], assumptions=[assume("a", "1 > 0", source="Poincar\u00e9")])
    file = written(tmp_path, "a", document)
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    run = subprocess.run(
        [sys.executable, "-m", "verify.kernel", file], capture_output=True, cwd=ROOT, env=environment, check=False
    )
    assert (run.returncode, run.stderr) == (0, b"")
    assert b"Poincar" in run.stdout


# ------------------------------------------------------------------------------------------------------- reading


def test_a_path_that_is_none_cannot_be_read() -> None:
    with pytest.raises(Unsupported, match="cannot be read"):
        read(Path("a\0b"))


def test_a_pipe_has_a_limited_size_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``FILE`` may be a pipe, as in ``<(generate)``, which has no size before it has been read."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    monkeypatch.setattr("verify.kernel.certificate.MAX_BYTES", 100)
    writer = threading.Thread(target=lambda: pipe.write_text(json.dumps(PROVED)), daemon=True)
    writer.start()
    with pytest.raises(Unsupported, match="larger than 100 bytes"):
        read(pipe)


# ----------------------------------------------------------------------------------------------- nothing but Python


def isolated(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A Python that knows no site-packages, no environment and no current directory."""
    command = [sys.executable, "-I", "-S", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env={}, check=False)


def test_the_kernel_runs_by_its_path_in_an_isolated_interpreter(tmp_path: Path) -> None:
    good, bad = written(tmp_path, "good", PROVED), written(tmp_path, "bad", FALSE)
    run = isolated(str(KERNEL / "__main__.py"), good, cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith(f"accepted     {good}")
    assert isolated(str(KERNEL / "__main__.py"), bad, cwd=tmp_path).returncode == 1
    assert isolated(str(KERNEL / "__main__.py"), str(tmp_path / "none"), cwd=tmp_path).returncode == 2
    assert isolated(str(KERNEL / "__main__.py"), cwd=tmp_path).returncode == 2


def test_the_kernel_runs_as_a_module(tmp_path: Path) -> None:
    file = written(tmp_path, "a", REFUTED)
    run = subprocess.run(
        [sys.executable, "-m", "verify.kernel", file], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_the_kernel_runs_from_a_copy_of_its_directory_alone(tmp_path: Path) -> None:
    copy = tmp_path / "verify" / "kernel"
    copy.mkdir(parents=True)
    for file in KERNEL.glob("*.py"):
        (copy / file.name).write_bytes(file.read_bytes())
    run = isolated(str(copy / "__main__.py"), written(tmp_path, "a", PROVED), cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")


def test_optimised_python_accepts_and_rejects_the_same(tmp_path: Path) -> None:
    """No check of the kernel is an ``assert``, which -O would leave out."""
    good, bad = written(tmp_path, "good", PROVED), written(tmp_path, "bad", FALSE)
    assert isolated("-OO", str(KERNEL / "__main__.py"), good, cwd=tmp_path).returncode == 0
    assert isolated("-OO", str(KERNEL / "__main__.py"), bad, cwd=tmp_path).returncode == 1


def imported(file: Path) -> set[str]:
    """The modules that a file imports, anywhere in it."""
    modules = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"a relative import in {file.name}"
            modules.add(node.module or "")
    return modules


@pytest.mark.parametrize("file", sorted(KERNEL.glob("*.py")), ids=lambda file: file.name)
def test_the_kernel_imports_only_the_standard_library_and_itself(file: Path) -> None:
    for module in imported(file):
        assert module.partition(".")[0] in sys.stdlib_module_names or module.startswith("verify.kernel"), module


@pytest.mark.parametrize("file", sorted(KERNEL.glob("*.py")), ids=lambda file: file.name)
def test_the_kernel_imports_nothing_at_run_time_and_evaluates_no_code(file: Path) -> None:
    called = {
        node.func.id
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"__import__", "eval", "exec", "compile", "import_module", "open", "globals", "vars"}
    assert "float" not in called or file.name == "evaluation.py"


@pytest.mark.parametrize("file", sorted(KERNEL.glob("*.py")), ids=lambda file: file.name)
def test_no_check_of_the_kernel_is_an_assertion(file: Path) -> None:
    assert not [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Assert)]


def test_the_kernel_loads_no_other_module_of_the_project(tmp_path: Path) -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import verify.kernel.__main__;"
        "print(sorted(m for m in sys.modules if m.startswith('verify') and not m.startswith('verify.kernel')))"
    )
    assert isolated("-c", script, cwd=tmp_path).stdout == "['verify']\n"
