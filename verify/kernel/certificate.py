r"""Certificates: strict JSON documents that state a theorem and carry the witness that decides it.

``statement`` says what is claimed: the arithmetic, parameters, definitions, assumptions and the theorem.  ``witness``
is what an untrusted search found.  The kinds are

* ``theorem``: a proof, possibly with auxiliary definitions and lemmas; accepted, the theorem holds for all values;
* ``counterexample``: a point where all hypotheses hold and the conclusion does not; accepted, the theorem is false;
* ``instance``: a point where all hypotheses hold; accepted, the theorem is not vacuous;
  for a statement with assumptions, both are points of a model: what some parameters are, and why the assumptions hold;
* the kinds of ``questions``: explicit finite objects, each with a statement and a checker of its own.

The statement is known by the sha256 of its canonical JSON.  Whoever has a claim of his own compares the two.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verify.kernel.evaluation import ARITHMETIC, decide, read_point
from verify.kernel.logic import prove
from verify.kernel.questions import CHECKERS
from verify.kernel.terms import Rejected, need, symbol
from verify.kernel.theory import Fact, Json, Theory, fields, listed

FORMAT = "deepclaims certificate 1"
MAX_BYTES = 256_000_000  # a million points in ten dimensions, of double precision, are 150 MB
MALFORMED = (TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError)


class Unsupported(Exception):
    """The file cannot be read, or is not a certificate of a kind and format known here."""


@dataclass(frozen=True)
class Accepted:
    """The kernel's yes: what it accepted, and what it took for granted."""

    kind: str
    theorem: str
    statement_sha256: str
    assumptions: tuple[tuple[str, str | None], ...]  # name, and the source if it is cited and not a hypothesis
    steps: int
    holds: bool | None  # the statement is true, or false; of an instance, neither
    facts: tuple[tuple[str, str], ...] = ()  # what a checker of questions computed on the way


def canonical(value: Json) -> bytes:
    """Canonical JSON: sorted keys, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode("ascii")


def digest(statement: Json) -> str:
    return hashlib.sha256(canonical(statement)).hexdigest()


def parse(text: str) -> Json:
    """Strict JSON: no duplicate keys, no floating-point numbers, no NaN."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        need(len({key for key, _ in pairs}) == len(pairs), "duplicate key in", sorted(key for key, _ in pairs))
        return dict(pairs)

    def forbidden(number: str) -> None:
        raise Rejected(f"not an exact number: {number[:80]}")

    try:
        return json.loads(text, object_pairs_hook=unique, parse_float=forbidden, parse_constant=forbidden)
    except (ValueError, RecursionError) as problem:
        raise Unsupported(f"not JSON: {problem}") from None


def read(path: Path) -> Json:
    """The document in a file."""
    try:
        with path.open("rb") as file:  # which may be a pipe, of unknown size
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise Unsupported(f"larger than {MAX_BYTES} bytes")
        return parse(content.decode("ascii"))
    except (OSError, ValueError) as problem:
        raise Unsupported(f"cannot be read: {problem}") from None


def check(document: Json, *, statement_sha256: str | None = None) -> Accepted:
    """Decide a certificate; raise ``Rejected`` or ``Unsupported`` unless it is accepted.

    ``statement_sha256`` binds it to a statement known from elsewhere.
    """
    kind = document.get("kind") if isinstance(document, dict) and document.get("format") == FORMAT else None
    if not isinstance(kind, str) or kind not in (KINDS.keys() | CHECKERS.keys()):
        raise Unsupported(f"not a certificate of format {FORMAT!r} and kind {', '.join((*KINDS, *CHECKERS))}")
    try:
        _, _, statement, witness = fields(document, "format", "kind", "statement", "witness")
        sha256 = digest(statement)
        need(statement_sha256 in (None, sha256), "the statement is not the expected one, its sha256 being", sha256)
        if kind in CHECKERS:
            return check_question(kind, statement, sha256, witness)
        theory, fact, parameters, assumptions = read_statement(statement)
        steps = KINDS[kind](theory, fact, parameters, statement, witness)
    except RecursionError:
        raise Rejected("nested too deeply") from None
    except MALFORMED as problem:  # fail closed on any other shape
        raise Rejected(f"malformed: {type(problem).__name__}: {problem}") from None
    taken = assumptions if kind == "theorem" else ()  # at a point they were proved
    return Accepted(kind, statement["theorem"]["name"], sha256, taken, steps, HOLDS[kind])


def check_question(kind: str, statement: Json, sha256: str, witness: Json) -> Accepted:
    checker = CHECKERS[kind]
    asked = statement.get("question") if isinstance(statement, dict) else None
    need(asked == checker.question, "a certificate of kind", kind, "answers the question", checker.question, "only")
    finding = checker.decide(statement, witness)
    given = tuple(("an interpolation theorem", source) for source in finding.given)
    return Accepted(kind, checker.text(statement)[0], sha256, given, finding.steps, finding.holds, finding.facts)


def read_statement(
    statement: Json,
) -> tuple[Theory, Fact, dict[str, tuple[str, ...]], tuple[tuple[str, str | None], ...]]:
    """The theory of a statement, its theorem (not yet a fact), the sorts of the parameters, and the assumptions."""
    arithmetic, parameters, definitions, assumptions, theorem = fields(
        statement, "arithmetic", "parameters", "definitions", "assumptions", "theorem"
    )
    need(isinstance(arithmetic, str) and arithmetic in ARITHMETIC, "unknown arithmetic:", arithmetic)
    theory, sorts, taken = Theory(), {}, []
    for entry in listed(parameters):
        name, arguments, sort = listed(entry, 3)
        theory.declare(name, arguments, sort)
        sorts[name] = (*arguments, sort)
    for entry in listed(definitions):
        theory.define(entry)
    for entry in listed(assumptions):
        name, variables, hypotheses, conclusion, source = fields(
            entry, "name", "variables", "hypotheses", "conclusion", "source"
        )
        need(source is None or isinstance(source, str), "a source is a text or null, not", source)
        theory.establish(
            name,
            theory.statement(
                {"name": name, "variables": variables, "hypotheses": hypotheses, "conclusion": conclusion}
            ),
        )
        taken.append((name, source))
    fact = theory.statement(theorem)
    need(symbol(theorem["name"]) not in theory.facts, "an assumption has the name of the theorem:", theorem["name"])
    return theory, fact, sorts, tuple(taken)


def check_theorem(
    theory: Theory, fact: Fact, parameters: dict[str, tuple[str, ...]], statement: Json, witness: Json
) -> int:
    need(statement["arithmetic"] == "exact", "the logic speaks of real numbers, not of", statement["arithmetic"])
    definitions, lemmas, proof = fields(witness, "definitions", "lemmas", "proof")
    for entry in listed(definitions):
        theory.define(entry)
    steps = 0
    for entry in listed(lemmas):
        *parts, argument = fields(entry, "name", "variables", "hypotheses", "conclusion", "proof")
        lemma = theory.statement(dict(zip(("name", "variables", "hypotheses", "conclusion"), parts, strict=True)))
        steps += prove(theory, lemma, argument)
        theory.establish(entry["name"], lemma)
    return steps + prove(theory, fact, proof)


def check_counterexample(
    theory: Theory, fact: Fact, parameters: dict[str, tuple[str, ...]], statement: Json, witness: Json
) -> int:
    steps, hypotheses, conclusion = decided(theory, fact, parameters, statement, witness)
    need(hypotheses, "the hypotheses do not hold at this point")
    need(conclusion is False, "the conclusion holds at this point")
    return steps


def check_instance(
    theory: Theory, fact: Fact, parameters: dict[str, tuple[str, ...]], statement: Json, witness: Json
) -> int:
    steps, hypotheses, _ = decided(theory, fact, parameters, statement, witness)
    need(hypotheses, "the hypotheses do not hold at this point")
    return steps


def decided(
    theory: Theory, fact: Fact, parameters: dict[str, tuple[str, ...]], statement: Json, witness: Json
) -> tuple[int, bool, bool | None]:
    """The hypotheses and the conclusion at a point, which lies in a model if the statement has assumptions."""
    steps = 0
    if statement["assumptions"]:
        variables, tables, model = fields(witness, "variables", "parameters", "model")
        theory, fact, parameters, steps = in_model(statement, model)
        witness = {"variables": variables, "parameters": tables}
    evaluator, names = read_point(theory, parameters, fact, statement["arithmetic"], witness)
    hypotheses, conclusion = decide(evaluator, fact, names)
    return steps + evaluator.operations, hypotheses, conclusion


def in_model(statement: Json, model: Json) -> tuple[Theory, Fact, dict[str, tuple[str, ...]], int]:
    """The statement in a model, which defines some of the parameters such that every assumption is a theorem, whatever
    the parameters are that are left.  Assumptions hold for all values of their variables, which no point can show."""
    definitions, proofs = fields(model, "definitions", "proofs")
    need(all(entry in listed(definitions) for entry in statement["definitions"]), "a model keeps all definitions")
    defined = {entry["name"]: [*(sort for _, sort in entry["variables"]), entry["sort"]] for entry in definitions}
    for name, arguments, sort in statement["parameters"]:
        need(defined.get(name) in (None, [*arguments, sort]), "the model has other sorts for", name)
    left = [entry for entry in statement["parameters"] if entry[0] not in defined]
    inside, steps = {**statement, "parameters": left, "definitions": definitions, "assumptions": []}, 0
    for assumption, proof in zip(statement["assumptions"], listed(proofs, len(statement["assumptions"])), strict=True):
        theorem = {key: assumption[key] for key in ("name", "variables", "hypotheses", "conclusion")}
        steps += check_theorem(*read_statement({**inside, "theorem": theorem})[:3], inside, proof)
    return *read_statement(inside)[:3], steps


KINDS: dict[str, Callable[[Theory, Fact, dict[str, tuple[str, ...]], Json, Json], int]] = {
    "theorem": check_theorem,
    "counterexample": check_counterexample,
    "instance": check_instance,
}
HOLDS = {"theorem": True, "counterexample": False, "instance": None}
