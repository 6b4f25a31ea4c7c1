r"""Theorems in a model: assumptions are proved, and the theorem without them is decided at points like any other.

A model says what arbitrary functions may be (``Claim.model``).  What assumptions say about all values of their variables no
point can show; in a model they are theorems, with certificates of their own, so that points of the model are satisfying
instances of the theorem, or counterexamples to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from verify.engines.falsify import Attack, attack
from verify.engines.proof import Unproved, find_proof
from verify.engines.proof.workbench import Limits
from verify.errors import ClaimError
from verify.theory.environment import Collector, Problem, mentioned, problem
from verify.theory.objects import Assumption, Changes, Model, Theorem

Json = Any
SECONDS = 10.0  # for the proof of each assumption


@dataclass(frozen=True)
class Realization:
    """A model in which the assumptions of a theorem were proved: the statement there, and what a certificate says of it."""

    statement: Json
    witness: Json

    def lifted(self, certificate: Json, statement: Json) -> Json:
        """A certificate about a point of the model as one of the theorem with its assumptions."""
        return {**certificate, "statement": statement, "witness": {**certificate["witness"], "model": self.witness}}

    def attacked(self, statement: Json, **how: Any) -> Attack:
        """What the falsifiers find in the model, as certificates of the theorem with its assumptions."""
        found = attack(self.statement, **how)
        points = {"counterexample": found.counterexample, "instance": found.instance}
        return replace(found, **{kind: self.lifted(c, statement) for kind, c in points.items() if c is not None})


@dataclass(frozen=True)
class Unrealized:
    """An assumption that was not proved in a model, and where the search stopped."""

    assumption: str
    reason: str


def attack_in_models(
    theorem: Theorem,
    models: Iterable[Model],
    changes: Changes,
    statement: Json,
    *,
    seed: int = 0,
    proved: Callable[[], bool] | None = None,
    in_all: bool = False,
) -> Attack:
    """Try to refute a theorem: in its models if it has assumptions, one after the other until one has a satisfying
    instance (with ``in_all``, a counterexample); what was tried says why models do not count, and which were searched."""
    best, searched, failed = None, [], []
    names = {entry[0] for entry in statement["parameters"]} if is_about_models(statement) else set()
    for number, model in enumerate(models):
        if names.isdisjoint(function.name for function in model.functions):
            continue
        inside = realize(theorem, model, changes, Limits(seconds=SECONDS))
        if isinstance(inside, Unrealized):
            failed.append({"model": number, "assumption": inside.assumption, "reason": inside.reason})
            continue
        found = inside.attacked(statement, seed=seed, proved=proved)
        searched.append(number)
        if best is None or found.counterexample is not None or best.instance is None:
            best = found
        if found.counterexample is not None or (found.instance is not None and not in_all):
            break
    best = best or attack(statement, seed=seed, proved=proved)
    told = {"models": failed} if failed else {}
    return replace(best, tried={**best.tried, **told, **({"in_models": searched} if searched else {})})


def is_about_models(statement: Json) -> bool:
    """Nothing is proved of rounded numbers, so that no model of assumptions about them counts."""
    return bool(statement["assumptions"]) and statement["arithmetic"] == "exact"


def realize(theorem: Theorem, model: Model, changes: Changes, limits: Limits) -> Realization | Unrealized:
    """Prove what a theorem assumes where the functions of a model are defined; ``ClaimError`` at the author's line."""
    try:
        return realized(theorem, model, changes, limits)
    except RecursionError:
        raise ClaimError("an expression of this model is too long; divide it by definitions", model.place) from None


def realized(theorem: Theorem, model: Model, changes: Changes, limits: Limits) -> Realization | Unrealized:
    asked = problem(theorem, changes)
    own = asked.statement["parameters"]  # also those that only lemmas of its proof mention
    collector, names = Collector(changes, model), [name for name, *_ in own]
    stated: tuple[Theorem | Assumption, ...] = (*theorem.assuming, theorem)
    entries = [collector.theorem(fact) for fact in stated]
    for function in model.functions:
        if function in asked.met:
            collector.function(function)
    foreign = next((name for name in collector.parameters if name not in names), "")
    if foreign:  # a certificate could not say what it is
        sentence = f"this model speaks of {foreign}, which {theorem.name} does not mention; say in the model what it is"
        return Unrealized(theorem.assuming[0].name, sentence)
    kept = mentioned([*entries, *names], collector.definitions)
    inside = {
        "arithmetic": "exact",
        "parameters": [entry for entry in own if entry[0] not in kept],
        "definitions": [entry for name, entry in collector.definitions.items() if name in kept],
        "assumptions": [],
        "theorem": entries[-1],
    }
    proofs: list[Json] = []
    lemmas: dict[bytes, Json] = {}
    for assumed in theorem.assuming:
        wanted = to_prove(assumed, model, changes, inside)
        if isinstance(wanted, Unrealized):
            return wanted
        found = find_proof(wanted, limits, known=lemmas)
        if isinstance(found, Unproved):
            return Unrealized(assumed.name, stuck(found, assumed))
        proofs.append(found["witness"])
    return Realization(inside, {"definitions": inside["definitions"], "proofs": proofs})


def stuck(found: Unproved, assumed: Assumption) -> str:
    """Where the search stopped: in a lemma of the model, if it did not come further."""
    lemma = [f"the lemma {found.theorem}"] if found.theorem != assumed.name else []
    where = " where ".join([*lemma, *([found.part] if found.part else [])])
    return f"{found.reason}{f' in {where}' if where else ''}{f', wanted: {found.wanted}' if found.wanted else ''}"


def to_prove(assumed: Assumption, model: Model, changes: Changes, inside: Json) -> Problem | Unrealized:
    """An assumption as a theorem of the model, with the model's lemmas."""
    read = problem(Theorem(assumed.name, changes.python(assumed), using=model.using), changes, model=model)
    arbitrary = {entry[0] for entry in inside["parameters"]}
    for name, *_ in read.statement["parameters"]:
        if name not in arbitrary:
            sentence = f"a lemma of this model speaks of {name}, which the theorem does not mention"
            return Unrealized(assumed.name, f"{sentence}; say in the model what it is")
    known = {entry["name"] for entry in inside["definitions"]}
    more = (*read.statement["definitions"], *read.definitions)
    statement = {**inside, "theorem": read.statement["theorem"]}
    hints = replace(read.hints, instances=read.hints.instances + at_its_variables(read))
    return replace(read, statement=statement, definitions=tuple(e for e in more if e["name"] not in known), hints=hints)


def at_its_variables(read: Problem) -> tuple[tuple[str, dict[str, str]], ...]:
    """The model's lemmas whose variables the assumption has as well, there: matching does not find matrices."""
    own = read.statement["theorem"]["variables"]
    given = [lemma for lemma, _ in read.lemmas if lemma["name"] in read.hints.facts]
    usable = [lemma for lemma in given if all(variable in own for variable in lemma["variables"])]
    return tuple((lemma["name"], {name: name for name, *_ in lemma["variables"]}) for lemma in usable)
