r"""The work of a process that computes a stress test in batches of two sizes, where nothing may depend on them."""

from __future__ import annotations

import sys
from typing import Any

from verify.catalog import Reference, find
from verify.claim import Claim, Obligation
from verify.engines.sampling import BATCH
from verify.goals import Sampling, StatisticalTest, registration, values
from verify.kernel import digest
from verify.session.worker import DEPTH
from verify.theory.environment import problem
from verify.theory.objects import Changes

Json = Any
COUNTS = ("drawn", "effective", "certain", "replayed", "unreplayed")


def answer(request: Json) -> Json:
    """Two JSON values, one for each size, and in how many numbers they may differ."""
    sys.setrecursionlimit(DEPTH)
    claim = find(Reference(request["file"], request["module"], request["claim"]))
    obligation = claim.obligations[request["obligation"]]
    match obligation.goal:
        case Sampling() as goal:
            return sampled(goal, claim, obligation, request["options"])
        case StatisticalTest() as goal:
            return experimented(goal, claim, obligation, request["options"])
    raise TypeError(f"{obligation.name} is not computed in batches")


def sampled(goal: Sampling, claim: Claim, obligation: Obligation, options: Json) -> Json:
    """The counts; once a violation is found, no more than that there is one."""
    from verify.engines.sampling import sample
    from verify.statistics.streams import Stream

    statement = problem(goal.theorem, Changes(), claim.arithmetic).statement
    stream = Stream.of(options["seed"], claim.name, obligation.name, goal.plan())
    found = []
    for size in (min(BATCH, goal.samples), max(1, min(BATCH, goal.samples) // 4)):
        count = sample(goal, statement, stream, options["device"], size)
        refuted = count.violation is not None
        found.append({"refuted": True} if refuted else {name: getattr(count, name) for name in COUNTS})
    return {"differ": int(found[0] != found[1]), "of": 1, "sizes": found}


def experimented(goal: StatisticalTest, claim: Claim, obligation: Obligation, options: Json) -> Json:
    """In how many of the first runs the samples differ."""
    from verify.engines.experiments import first_samples, rows_that_differ

    plan = digest(registration(goal, Changes(), claim.parameters))
    key = (options["seed"], claim.name, obligation.name, plan)
    numbers = values(claim.parameters, Changes())
    together, parts = first_samples(goal, goal.python, numbers, key=key, device=options["device"])
    rows = rows_that_differ(together, parts)
    shown = [[float(value) for value in samples[row]] for row in rows[:1] for samples in (together, parts)]
    return {"differ": len(rows), "of": len(together), "sizes": shown, "rows": rows[:1]}
