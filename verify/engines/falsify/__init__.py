r"""Falsifiers: every theorem is attacked before anybody tries to prove it.

The quick attacks come first: structured exact points, Z3 with little patience, batched torch search.  Where no proof is
found after that, the slow ones follow: Z3 with all its patience, then hypothesis.  A theorem that the kernel has accepted is
attacked no further.  Whatever one of them finds is replayed exactly and made simple; only that is a counterexample.
Theorems about matrices are attacked at small sizes of their dimensions (``dimensions``), those about pseudoinverses not at
all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from verify.engines.falsify import batched, grid, properties, smt
from verify.engines.falsify.dimensions import has_pseudoinverse
from verify.engines.falsify.points import Decider, Point
from verify.engines.falsify.shrinking import shrink

Json = Any
Search = tuple[str, Callable[[], Point | None]]
UNATTACKED = "not attacked: it speaks of pseudoinverses, which have no value at a point"


@dataclass(frozen=True)
class Attack:
    """What the falsifiers found: a certified counterexample, a satisfying instance, and what they tried."""

    counterexample: Json | None
    instance: Json | None
    tried: dict[str, Any] = field(default_factory=dict)
    found_by: str = ""


def attack(statement: Json, *, seed: int = 0, proved: Callable[[], bool] | None = None) -> Attack:
    """Try to refute a statement; the answers are certificates that the kernel will accept.

    ``proved`` is asked once, after the quick attacks; if it says that the kernel has accepted a proof, the slow ones are
    left out.  Without it, nobody waits: Z3 has all its patience at once.
    """
    decider = Decider(statement)
    if has_pseudoinverse(statement):
        return Attack(None, None, {"unattacked": UNATTACKED})
    first = grid.run(decider)
    tried: dict[str, Any] = {"grid": {"points": first.tried, "effective": first.effective}}
    if first.counterexample is not None:
        return refuted(decider, first.counterexample, first.instance or first.counterexample, tried, "grid")
    instance = first.instance

    def ask_z3(rlimit: int) -> Point | None:
        nonlocal instance
        answer = smt.run(decider, rlimit=rlimit)
        tried["z3"] = said(answer, rlimit)
        instance = instance or answer.instance
        return answer.counterexample

    slow: tuple[Search, ...] = (
        ("z3", lambda: ask_z3(smt.RLIMIT)),
        ("hypothesis", lambda: properties.run(decider, seed=seed)),
    )
    quick: tuple[Search, ...] = (("z3", lambda: ask_z3(smt.QUICK)), ("torch", lambda: batched.run(decider)))
    if proved is None:
        quick, slow = (slow[0], quick[1]), slow[1:]
    found = search(decider, quick, tried)
    if found is None and not (proved is not None and proved()):
        found = search(decider, slow, tried)
    if found is not None:
        return refuted(decider, found[1], instance or found[1], tried, found[0])
    decider.allow()
    instance = instance or (None if decider.assumptions else smt.find_instance(decider))
    return Attack(None, decider.certificate("instance", instance) if instance else None, tried)


def search(decider: Decider, searches: Iterable[Search], tried: dict[str, Any]) -> tuple[str, Point] | None:
    """The first counterexample, and who found it."""
    for name, run in searches:
        decider.allow()
        point = run()
        if name != "z3":
            tried[name] = {"counterexample": point is not None}
        if point is not None:
            return name, point
    return None


def said(answer: smt.Answer, rlimit: int) -> Json:
    """What Z3 was asked, and how often it said what."""
    return {
        "unsatisfiable": list(answer.unsatisfiable),
        "undecided": list(answer.undecided),
        "complete": answer.complete and len(answer.unsatisfiable) == 1,
        "rlimit": answer.rlimit,
        "allowed": rlimit,
    }


def refuted(decider: Decider, point: Point, instance: Point, tried: dict[str, Any], by: str) -> Attack:
    decider.allow()
    simple = shrink(decider, point)
    return Attack(decider.certificate("counterexample", simple), decider.certificate("instance", instance), tried, by)
