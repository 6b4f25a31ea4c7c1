r"""Falsifiers: every theorem is attacked before anybody tries to prove it.

The cheap attacks come first: structured exact points, then Z3, then hypothesis, then batched torch search.  Whatever
one of them finds is replayed exactly and made simple; only that is a counterexample.  Theorems about matrices are attacked
at small sizes of their dimensions (``dimensions``), those about pseudoinverses not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from verify.engines.falsify import batched, grid, properties, smt
from verify.engines.falsify.dimensions import has_pseudoinverse
from verify.engines.falsify.points import Decider, Point
from verify.engines.falsify.shrinking import shrink

Json = Any
UNATTACKED = "not attacked: it speaks of pseudoinverses, which have no value at a point"


@dataclass(frozen=True)
class Attack:
    """What the falsifiers found: a certified counterexample, a satisfying instance, and what they tried."""

    counterexample: Json | None
    instance: Json | None
    tried: dict[str, Any] = field(default_factory=dict)
    found_by: str = ""


def attack(statement: Json, *, seed: int = 0) -> Attack:
    """Try to refute a statement; the answers are certificates that the kernel will accept."""
    decider = Decider(statement)
    if has_pseudoinverse(statement):
        return Attack(None, None, {"unattacked": UNATTACKED})
    first = grid.run(decider)
    tried: dict[str, Any] = {"grid": {"points": first.tried, "effective": first.effective}}
    if first.counterexample is not None:
        return refuted(decider, first.counterexample, first.instance or first.counterexample, tried, "grid")
    decider.allow()
    answer = smt.run(decider)
    tried["z3"] = {
        "unsatisfiable": list(answer.unsatisfiable),
        "undecided": list(answer.undecided),
        "complete": answer.complete and len(answer.unsatisfiable) == 1,
        "rlimit": answer.rlimit,
    }
    instance = first.instance or answer.instance
    if answer.counterexample is not None:
        return refuted(decider, answer.counterexample, instance or answer.counterexample, tried, "z3")
    others: tuple[tuple[str, Callable[[], Point | None]], ...] = (
        ("hypothesis", lambda: properties.run(decider, seed=seed)),
        ("torch", lambda: batched.run(decider)),
    )
    for name, search in others:
        decider.allow()
        point = search()
        tried[name] = {"counterexample": point is not None}
        if point is not None:
            return refuted(decider, point, instance or point, tried, name)
    decider.allow()
    instance = instance or (None if decider.assumptions else smt.find_instance(decider))
    return Attack(None, decider.certificate("instance", instance) if instance else None, tried)


def refuted(decider: Decider, point: Point, instance: Point, tried: dict[str, Any], by: str) -> Attack:
    decider.allow()
    simple = shrink(decider, point)
    return Attack(decider.certificate("counterexample", simple), decider.certificate("instance", instance), tried, by)
