r"""Proof search: from a theorem with hints to a certificate, or to the sequent where the search stopped."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

from verify.engines.proof.minimise import minimise
from verify.engines.proof.search import Search
from verify.engines.proof.workbench import Agenda, Limits, Stuck, Workbench
from verify.kernel import FORMAT, Rejected, canonical, check, formula_text
from verify.kernel.certificate import read_statement
from verify.kernel.logic import Case, opened
from verify.kernel.terms import atomic, constant
from verify.kernel.theory import Fact, Theory
from verify.theory.environment import Hints, Problem

Json = Any

EFFORTS: tuple[dict[str, Any], ...] = (
    {},
    {"frugal": False},
    {"frugal": False, "generations": 2},
    {"frugal": False, "generations": 2, "all_triggers": True},
)
MAX_KNOWN = 40  # facts shown where a search stopped


@dataclass(frozen=True)
class Unproved:
    """Where the search for a proof stopped: the theorem, the part of its induction, what was known, what was wanted."""

    theorem: str
    part: str
    reason: str
    known: tuple[str, ...]
    wanted: str


def find_proof(
    problem: Problem, limits: Limits | None = None, *, known: dict[bytes, Json | Unproved] | None = None
) -> Json | Unproved:
    """A certificate of kind ``theorem``, or why none was found.

    ``known`` keeps what became of lemmas, for other theorems with the same definitions."""
    limits, known = limits or Limits(), {} if known is None else known
    theory, fact, _, _ = read_statement(problem.statement)
    for definition in problem.definitions:
        theory.define(definition)
    lemmas = suggested(problem, theory, replace(limits, seconds=min(5.0, limits.seconds)))
    offered = (*(a["name"] for a in problem.statement["assumptions"]), *(lemma["name"] for lemma in lemmas))
    for statement, hints in problem.lemmas:
        text = canonical(statement)
        if text in known:
            theory.establish(statement["name"], theory.statement(statement))
        else:
            known[text] = establish(theory, statement, hints.offered(offered), limits)
        proof = known[text]
        if isinstance(proof, Unproved):
            return proof
        lemmas.append({**statement, "proof": proof})
    task = Task(theory, fact, problem.statement["theorem"]["name"], problem.hints.offered(offered), limits)
    proof = task.prove(Case(), problem.hints.induction)
    if isinstance(proof, Unproved):
        return proof
    lemmas = needed(lemmas, proof)
    witness = {"definitions": list(problem.definitions), "lemmas": lemmas, "proof": proof}
    document = {"format": FORMAT, "kind": "theorem", "statement": problem.statement, "witness": witness}
    try:
        check(document)
    except Rejected as reason:  # a defect of the search; the kernel has the last word
        return Unproved(problem.statement["theorem"]["name"], "", f"the kernel rejects the proof: {reason}", (), "")
    return document


def suggested(problem: Problem, theory: Theory, limits: Limits) -> list[Json]:
    """The lemmas that somebody guessed, as far as they are proved; they give way to the author's own names."""
    taken = {statement["name"] for statement, _ in problem.lemmas} | {problem.statement["theorem"]["name"]}
    lemmas: list[Json] = []
    for statement, hints in problem.suggestions:
        if statement["name"] in taken | theory.facts.keys():
            continue
        try:
            proof = establish(theory, statement, hints, limits)
        except Rejected:  # outside of the language
            continue
        if not isinstance(proof, Unproved):
            lemmas.append({**statement, "proof": proof})
    return lemmas


def establish(theory: Theory, statement: Json, hints: Hints, limits: Limits) -> Json | Unproved:
    """Prove a lemma and add it to the theory."""
    lemma = theory.statement(statement)
    known = replace(hints, facts=tuple(fact for fact in hints.facts if fact in theory.facts))
    proof = Task(theory, lemma, statement["name"], known, limits).prove(Case(), hints.induction)
    if not isinstance(proof, Unproved):
        theory.establish(statement["name"], lemma)
    return proof


def needed(lemmas: list[Json], proof: Json) -> list[Json]:
    """The lemmas that a proof uses, directly or through others."""
    used = instantiated(proof)
    kept: list[Json] = []
    for lemma in reversed(lemmas):
        if lemma["name"] in used:
            kept.insert(0, lemma)
            used |= instantiated(lemma["proof"])
    return kept


def instantiated(proof: Json) -> set[str]:
    """The names of the facts that a proof instantiates."""
    if isinstance(proof, dict):
        own = {proof["of"]} if proof.get("rule") in ("instance", "summed") else set()
        return own.union(*(instantiated(part) for part in proof.values()))
    return set().union(*(instantiated(part) for part in proof)) if isinstance(proof, list) else set()


@dataclass(frozen=True)
class Task:
    """One statement to prove in a theory."""

    theory: Theory
    fact: Fact
    name: str
    hints: Hints
    limits: Limits

    def prove(self, case: Case, along: tuple[str, ...]) -> Json | Unproved:
        """A proof of one case, by induction along these variables, without what it does not use."""
        if not along:
            return self.attempt(case)
        variable, *rest = along
        others = tuple(p for p in self.fact.variables if p[0] != variable and p[0] not in case.values)
        fixed = {**case.values, variable: atomic(variable)}
        hypothesis = Fact(others, self.fact.hypotheses, self.fact.conclusion, fixed)
        zero = self.prove(Case({**case.values, variable: constant(0)}, case.inductions), tuple(rest))
        if isinstance(zero, Unproved):
            return zero
        inductions = {**case.inductions, f"induction on {variable}": hypothesis}
        following = Case({**case.values, variable: atomic(variable) + constant(1)}, inductions)
        successor = self.prove(following, tuple(rest))
        if isinstance(successor, Unproved):
            return successor
        return {"induction": variable, "zero": zero, "successor": successor}

    def attempt(self, case: Case) -> Json | Unproved:
        sequent = opened(self.theory, self.fact, case)
        agenda = Agenda(self.hints.cases, self.hints.have, self.hints.facts, self.hints.instances, self.hints.summed)
        started, first = time.process_time(), None
        for effort in EFFORTS:
            bench = Workbench(self.theory, case.inductions, replace(self.limits, **effort))
            search = Search(bench, started=started)
            try:
                return minimise(search.start(sequent, agenda))
            except Stuck as stuck:
                first = first or stuck
        assert first is not None
        known = [f"{label}: {formula_text(formula)}" for label, formula in first.sequent.hypotheses.items()]
        part = ", ".join(f"{variable} = {value}" for variable, value in case.values.items())
        return Unproved(self.name, part, first.reason, tuple(known[:MAX_KNOWN]), formula_text(first.sequent.goal))
