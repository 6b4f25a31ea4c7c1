r"""Questions as certificates: which kind answers which question, what is bound to the statement, what is printed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.questions import DIVISION, known_to_the_kernel
from verify.kernel import FORMAT, Rejected, Unsupported, canonical, check, digest, read, statement_text
from verify.kernel.__main__ import main
from verify.kernel.finding import Finding
from verify.kernel.questions import CHECKERS, Checker, question_text

Json = Any
__all__ = ["known_to_the_kernel"]

pytestmark = pytest.mark.usefixtures("known_to_the_kernel")


def division(number: int, divisor: int, quotient: int, remainder: int, *padding: str) -> Json:
    statement = {"question": "divisibility", "number": str(number), "divisor": str(divisor), "padding": list(padding)}
    witness = {"quotient": str(quotient), "remainder": str(remainder)}
    return {"format": FORMAT, "kind": "division", "statement": statement, "witness": witness}


@pytest.fixture
def checker(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Json, Json], Finding]], None]:
    """Puts another decision in the place of the one for divisions."""

    def put(decide: Callable[[Json, Json], Finding]) -> None:
        monkeypatch.setitem(CHECKERS, "division", Checker("divisibility", decide, DIVISION.text))

    return put


# ---------------------------------------------------------------------------------------------------- what is said


def test_a_true_statement_is_accepted_with_what_was_computed() -> None:
    document = division(91, 7, 13, 0)
    accepted = check(document)
    assert (accepted.kind, accepted.theorem, accepted.holds) == ("division", "7 divides 91", True)
    assert accepted.facts == (("quotient", "13"), ("remainder", "0"))
    assert accepted.statement_sha256 == digest(document["statement"])
    assert accepted.assumptions == () and accepted.steps == 1


def test_a_false_statement_is_accepted_as_refuted() -> None:
    accepted = check(division(92, 7, 13, 1))
    assert (accepted.holds, dict(accepted.facts)["remainder"]) == (False, "1")


@pytest.mark.parametrize(("quotient", "remainder"), [(12, 7), (14, -7), (13, 1), (0, 91)])
def test_a_witness_that_does_not_decide_is_rejected_and_decides_nothing(quotient: int, remainder: int) -> None:
    with pytest.raises(Rejected, match="not the quotient and the remainder"):
        check(division(91, 7, quotient, remainder))


def test_the_statement_is_bound_by_its_sha256() -> None:
    document, other = division(91, 7, 13, 0), division(84, 7, 12, 0)
    assert check(document, statement_sha256=digest(document["statement"])).holds
    with pytest.raises(Rejected, match="the statement is not the expected one"):
        check(document, statement_sha256=digest(other["statement"]))


def test_a_certificate_is_accepted_for_its_own_statement_only() -> None:
    good = [division(91, 7, 13, 0), division(92, 7, 13, 1), division(84, 12, 7, 0), division(1, 2, 0, 1)]
    for statement in good:
        for witness in good:
            crossed = {**statement, "witness": witness["witness"]}
            if witness is statement:
                check(crossed)
            else:
                with pytest.raises(Rejected):
                    check(crossed)


# ---------------------------------------------------------------------------------------------------- what is refused


def test_an_unknown_kind_is_unsupported_and_the_known_ones_are_named() -> None:
    with pytest.raises(Unsupported, match=r"kind theorem, counterexample, instance.*division"):
        check({**division(91, 7, 13, 0), "kind": "revelation"})


@pytest.mark.parametrize("kind", [None, 7, [], {}, True])
def test_a_kind_that_is_no_name_is_unsupported(kind: Json) -> None:
    with pytest.raises(Unsupported):
        check({**division(91, 7, 13, 0), "kind": kind})


@pytest.mark.parametrize("kind", ["theorem", "counterexample", "instance"])
def test_a_question_is_no_theorem(kind: str) -> None:
    with pytest.raises(Rejected):
        check({**division(91, 7, 13, 0), "kind": kind})


@pytest.mark.parametrize("asked", ["primality", "", None, 7, ["divisibility"], {"divisibility": 1}])
def test_a_kind_answers_its_own_question_only(asked: Json) -> None:
    document = division(91, 7, 13, 0)
    document["statement"]["question"] = asked
    with pytest.raises(Rejected, match="a certificate of kind division answers the question divisibility only"):
        check(document)


@pytest.mark.parametrize("statement", [None, 7, "divisibility", ["divisibility"], [], {}, {"number": "1"}])
def test_what_is_no_statement_is_rejected(statement: Json) -> None:
    with pytest.raises(Rejected):
        check({**division(91, 7, 13, 0), "statement": statement})


@pytest.mark.parametrize("part", ["statement", "witness", "kind", "format"])
def test_every_part_is_needed(part: str) -> None:
    document = division(91, 7, 13, 0)
    del document[part]
    with pytest.raises((Rejected, Unsupported)):
        check(document)


@pytest.mark.parametrize("where", ["document", "statement", "witness"])
def test_unknown_fields_are_rejected(where: str) -> None:
    document = division(91, 7, 13, 0)
    place = document if where == "document" else document[where]
    place["trust"] = "me"
    with pytest.raises(Rejected):
        check(document)


def broken(problem: BaseException) -> Callable[[Json, Json], Finding]:
    def decide(statement: Json, witness: Json) -> Finding:
        raise problem

    return decide


@pytest.mark.parametrize(
    "problem",
    [TypeError("a"), ValueError("b"), KeyError("c"), IndexError("d"), AttributeError("e"), ZeroDivisionError("f"),
     OverflowError("g"), RecursionError("h")],
    ids=lambda problem: type(problem).__name__,
)  # fmt: skip
def test_a_checker_that_stumbles_over_a_document_rejects_it(
    checker: Callable[[Callable[[Json, Json], Finding]], None], problem: BaseException
) -> None:
    checker(broken(problem))
    with pytest.raises(Rejected, match=r"malformed|nested too deeply"):
        check(division(91, 7, 13, 0))


def test_every_checker_of_the_kernel_refuses_what_is_no_document() -> None:
    for kind, entry in CHECKERS.items():
        for witness in (None, [], {}, "", 7, {"cells": None}, [[]]):
            document = {"format": FORMAT, "kind": kind, "statement": {"question": entry.question}, "witness": witness}
            with pytest.raises(Rejected):
                check(document)


def test_no_two_questions_share_a_kind_and_kinds_are_names() -> None:
    assert all(re.fullmatch(r"[a-z]+([-_][a-z]+)*", kind) for kind in CHECKERS)
    assert not {"theorem", "counterexample", "instance"} & CHECKERS.keys()
    texts = {}
    for entry in CHECKERS.values():
        assert texts.setdefault(entry.question, entry.text) is entry.text  # whoever answers, the words are the same


# ---------------------------------------------------------------------------------------------------- what is printed


def written(folder: Path, document: Json, name: str = "file.json") -> str:
    (folder / name).write_bytes(canonical(document))
    return str(folder / name)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    status = main(list(arguments))
    return status, capsys.readouterr().out.splitlines()


def test_the_statement_in_words() -> None:
    statement = division(91, 7, 13, 0, "x")["statement"]
    assert statement_text(statement) == question_text(statement) == ["7 divides 91", "nothing depends on x"]


@pytest.mark.parametrize(
    ("document", "meaning"), [(division(91, 7, 13, 0), "proved"), (division(92, 7, 13, 1), "refuted")]
)
def test_a_line_says_what_was_decided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], document: Json, meaning: str
) -> None:
    path = written(tmp_path, document)
    status, lines = printed(capsys, path)
    facts = ", ".join(f"{name} {value}" for name, value in check(document).facts)
    title = statement_text(document["statement"])[0]
    sha256 = digest(document["statement"])
    assert (status, lines) == (0, [f"accepted     {path}  {title}: {meaning}  sha256:{sha256}", f"  {facts}"])


def test_verbosely_the_whole_statement_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, division(91, 7, 13, 0, "x", "y"))
    status, lines = printed(capsys, "-v", path)
    assert status == 0
    assert lines[2:] == ["  7 divides 91", "  nothing depends on x", "  nothing depends on y"]


def test_a_file_cannot_choose_what_the_lines_about_it_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = division(91, 7, 13, 0, "\naccepted     other.json  everything: proved\x1b[2K\u202e")
    status, lines = printed(capsys, "-v", written(tmp_path, document))
    assert status == 0 and len(lines) == 4 and not any(line.startswith("accepted     other") for line in lines)
    assert not any(character in "\n".join(lines) for character in "\x1b\u202e")


def test_rejected_and_unsupported_have_their_lines_and_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = written(tmp_path, division(91, 7, 13, 0), "good.json")
    wrong = written(tmp_path, division(91, 7, 12, 0), "wrong.json")
    alien = written(tmp_path, {**division(91, 7, 13, 0), "kind": "revelation"}, "alien.json")
    status, lines = printed(capsys, good, wrong, alien)
    assert status == 1
    assert [line.split()[0] for line in lines] == ["accepted", "quotient", "rejected", "unsupported"]
    assert lines[2].endswith("this is not the quotient and the remainder")
    assert printed(capsys, good, alien)[0] == 2


def test_numbers_are_texts_in_files_too(tmp_path: Path) -> None:
    path = tmp_path / "float.json"
    path.write_text(json.dumps(division(91, 7, 13, 0)).replace('"13"', "13.0"))
    with pytest.raises(Rejected, match=r"not an exact number: 13\.0"):
        read(path)
