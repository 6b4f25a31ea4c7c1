r"""The work of one task, in a process of its own: find the claim, take its goal, ask the engines.

What comes back is what the engines say, with certificates; whether it is true is decided elsewhere (``verify.session.
judge``), where no engine runs.
"""

from __future__ import annotations

import sys
import time
from functools import cache
from typing import Any

from verify.catalog import Reference, find
from verify.claim import Claim, Obligation
from verify.execution.clock import on_interrupt
from verify.errors import Unanswered, VerifyError
from verify.goals import (
    Computation,
    Exact,
    Relaxation,
    Sampling,
    StatisticalTest,
    Trials,
    at,
    questions,
    registration,
    values,
)
from verify.kernel import FORMAT, digest
from verify.session.tasks import Variant
from verify.theory.environment import bounded_term, evaluate, problem
from verify.theory.objects import Theorem

Json = Any
DEPTH = 20_000  # recursive definitions are unfolded by recursion, which costs no C stack


def answer(request: Json) -> Json:
    """Answer one request (the JSON of ``Task.request``)."""
    started = time.process_time()
    sys.setrecursionlimit(DEPTH)
    claim = find(Reference(request["file"], request["module"], request["claim"]))
    obligation = claim.obligations[request["obligation"]]
    found = ask(claim, obligation, Variant(request["variant"]), request["options"])
    return {**found, "cpu_seconds": round(time.process_time() - started, 3)}


def ask(claim: Claim, obligation: Obligation, variant: Variant, options: Json) -> Json:
    match obligation.goal:
        case Theorem() as theorem:
            return decide(theorem, claim, variant, options)
        case Sampling() as goal:
            return sample(goal, claim, obligation, variant, options)
        case Trials() as goal:
            return trials(goal, claim, obligation, options)
        case Relaxation() as goal:
            return relax(goal, claim, variant)
        case Exact() as goal:
            return decide_questions(goal, claim, variant)
        case StatisticalTest() as goal:
            return experiment(goal, claim, obligation, variant, options)
        case Computation() as goal:
            return compute(goal)


def decide(theorem: Theorem, claim: Claim, variant: Variant, options: Json) -> Json:
    """Quick falsifiers first, then the search for a proof, then the slow ones; of a mutant, a proof is looked for last."""
    import z3

    from verify.engines.algebra import with_closed_forms
    from verify.engines.models import attack_in_models
    from verify.engines.proof import Unproved, find_proof
    from verify.engines.proof.workbench import Limits

    on_interrupt(z3.main_ctx().interrupt)
    changes = variant.changes(claim)
    asked = problem(theorem, changes, claim.arithmetic)
    patience = 3 if not variant.name else 12  # that a mutant is true is worth knowing, but not worth much time

    @cache
    def proof() -> Json | Unproved:
        return find_proof(with_closed_forms(asked), Limits(seconds=options["seconds"] / patience))

    likely = claim.arithmetic == "exact" and not variant.name
    proved = (lambda: not isinstance(proof(), Unproved)) if likely else None
    attacked = attack_in_models(
        theorem, claim.models, changes, asked.statement, seed=options["seed"], proved=proved, in_all=bool(variant.name)
    )
    certificates = [c for c in (attacked.counterexample, attacked.instance) if c is not None]
    found = {"certificates": certificates, "tried": attacked.tried, "engine": attacked.found_by}
    if attacked.counterexample is not None or claim.arithmetic != "exact":
        return found
    answer = proof()
    if isinstance(answer, Unproved):
        stuck = {"theorem": answer.theorem, "part": answer.part, "reason": answer.reason}
        return {**found, "unproved": {**stuck, "known": list(answer.known), "wanted": answer.wanted}}
    return {**found, "certificates": [answer, *certificates], "engine": "proof search"}


def sample(goal: Sampling, claim: Claim, obligation: Obligation, variant: Variant, options: Json) -> Json:
    from verify.engines.falsify.points import Decider
    from verify.engines.falsify.shrinking import shrink
    from verify.engines.sampling import sample as run
    from verify.statistics.streams import Stream

    statement = problem(goal.theorem, variant.changes(claim), claim.arithmetic).statement
    stream = Stream.of(options["seed"], claim.name, obligation.name, goal.plan())
    count = run(goal, statement, stream, options["device"])
    decider = Decider(statement)
    refuted = [decider.certificate("counterexample", shrink(decider, count.violation))] if count.violation else []
    counts = {name: getattr(count, name) for name in ("drawn", "effective", "certain", "replayed", "unreplayed")}
    return {"certificates": refuted, "engine": "torch", "counts": counts}


def trials(goal: Trials, claim: Claim, obligation: Obligation, options: Json) -> Json:
    from verify.engines.sampling import run_trials
    from verify.statistics.streams import Stream

    stream = Stream.of(options["seed"], claim.name, obligation.name, goal.plan())
    drawn, failed = run_trials(goal, stream, options["device"])
    counts = {"trials": goal.count * goal.runs, "drawn": drawn, "failed": failed[:20], "failures": len(failed)}
    return {"certificates": [], "engine": "torch", "counts": counts}


def experiment(goal: StatisticalTest, claim: Claim, obligation: Obligation, variant: Variant, options: Json) -> Json:
    """The plan stands before the first draw: its digest is in the key of the stream."""
    from verify.engines.experiments import conduct

    changes = variant.changes(claim)
    plan = digest(registration(goal, changes, claim.parameters))
    key = (options["seed"], claim.name, obligation.name, plan)
    summary = conduct(goal, changes.python(goal), values(claim.parameters, changes), key=key, device=options["device"])
    return {"certificates": [], "engine": "experiment", "plan_sha256": plan, "summary": summary}


def relax(goal: Relaxation, claim: Claim, variant: Variant) -> Json:
    from verify.engines.relaxation import NoBound, bound
    from verify.goals import choices

    statement = bounded_term(goal.term, variant.changes(claim))
    rows, certificates = [], []
    for naturals in choices(goal.naturals):
        try:
            found = bound(statement, naturals)
        except NoBound as reason:
            rows.append({"naturals": naturals, "bound": None, "reason": str(reason)})
            continue
        exact = evaluate(goal.against, tuple(naturals.values())) if goal.against is not None else None
        rows.append(
            {
                "naturals": naturals,
                "bound": str(found.value),
                "solver": repr(found.solver_value),
                "exact": str(exact) if exact is not None else None,
            }
        )
        certificates.append(found.certificate)
    return {"certificates": certificates, "engine": "cvxpy", "rows": rows}


def decide_questions(goal: Exact, claim: Claim, variant: Variant) -> Json:
    rows, certificates = [], []
    for naturals, question in questions(goal, variant.changes(claim), claim.parameters):
        try:
            kind, witness = question.answer()
        except Unanswered as reason:
            rows.append({"naturals": naturals, "reason": str(reason)})
            continue
        except Exception as problem:
            sentence = f"the engine of {goal.name}{at(naturals)} failed: {type(problem).__name__}: {problem}"
            raise VerifyError(sentence, goal.place).with_traceback(problem.__traceback__) from problem
        rows.append({"naturals": naturals, "reason": ""})
        document = {"format": FORMAT, "kind": kind, "statement": question.statement(), "witness": witness}
        certificates.append(document)
    return {"certificates": certificates, "engine": "exact", "questions": rows}


def compute(goal: Computation) -> Json:
    result = goal.function()
    holds, sentence = result if isinstance(result, tuple) else (result, "")
    if not isinstance(holds, bool):
        raise TypeError(f"a computation must return True or False, or such a value and a sentence, not {result!r}")
    return {"certificates": [], "engine": "author", "holds": holds, "sentence": str(sentence)}
