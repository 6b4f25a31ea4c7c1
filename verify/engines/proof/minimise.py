r"""Removing from a proof what it does not use: facts nobody refers to, and divisions whose cases are not needed.

A proof found by search carries every unfolding and instance that was tried.  One pass from the end backwards keeps the
steps whose labels are referred to later; where a branch of a division proves the goal without the division's labels,
that branch replaces the division.
"""

from __future__ import annotations

from typing import Any

Json = Any

DIVISIONS = ("split", "cases", "phases")


def minimise(proof: Json) -> Json:
    """The same proof without unused steps."""
    if isinstance(proof, dict):
        return {**proof, "zero": minimise(proof["zero"]), "successor": minimise(proof["successor"])}
    return _minimise(proof)[0]


def _minimise(steps: list[Json]) -> tuple[list[Json], set[str]]:
    kept: list[Json] = []
    used: set[str] = set()
    for step in reversed(steps):
        if step["rule"] in DIVISIONS:
            kept, used = divided(step)
        elif "branches" in step:
            branches = [_minimise(branch) for branch in step["branches"]]
            kept, used = [{**step, "branches": [b for b, _ in branches]}], set().union(*(u for _, u in branches))
        elif step["rule"] in ("suppose", "contradiction"):
            kept.insert(0, step)
            used -= introduced(step)
        elif not introduced(step) or introduced(step) & used:
            smaller, references = referring(step)
            kept.insert(0, smaller)
            used = (used - introduced(step)) | references
    return kept, used


def divided(step: Json) -> tuple[list[Json], set[str]]:
    branches = [_minimise(branch) for branch in step["branches"]]
    labels = {step["as"]}
    for branch, used in branches:
        if not any(label in labels or label.startswith(step["as"] + ".") for label in used):
            return branch, used
    smaller, references = referring({key: value for key, value in step.items() if key != "branches"})
    for _, used in branches:
        references |= {label for label in used if label not in labels and not label.startswith(step["as"] + ".")}
    return [{**smaller, "branches": [branch for branch, _ in branches]}], references


def introduced(step: Json) -> set[str]:
    label = step.get("as", [])
    return {label} if isinstance(label, str) else set(label)


def referring(step: Json) -> tuple[Json, set[str]]:
    """The step with its subproofs minimised, and the labels it refers to."""
    references: set[str] = set()
    smaller = dict(step)
    if "because" in step:
        proofs = [_minimise(proof) for proof in step["because"]]
        smaller["because"] = [proof for proof, _ in proofs]
        references |= set().union(*(used for _, used in proofs))
    if step["rule"] == "have":
        smaller["proof"], references = _minimise(step["proof"])
    if step["rule"] in ("integer", "unpack", "cases"):
        references.add(step["of"])
    if step["rule"] in ("exact", "absurd"):
        references |= {step["by"]} if isinstance(step["by"], str) else set(step["by"])
    if step["rule"] == "arithmetic":
        references |= {label for _, labels in step["products"] for label in labels}
        references |= {label for label, _ in step["equations"]}
    return smaller, references
