r"""Constructors for the documents that the tests of the kernel speak about.

They are shorthand and nothing more: each returns the JSON that a certificate would hold, checks nothing, and accepts
nonsense, because most of the documents built here are meant to be nonsense.  Variables are written ``"x: real, k: nat"``,
a definition ``define("f(k: nat, x: real) -> real", body)``, and the products of an arithmetic step ``"1/2 h1 h2"``: the
coefficient and then the labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from verify.kernel import FORMAT

Json = Any
Path = tuple[str | int, ...]
Texts = Sequence[str]
Proof = list[Json] | dict[str, Json]  # a list of steps, or an induction

# ---------------------------------------------------------------------------------------------------- statements


def variables(text: str) -> list[list[str]]:
    """``"x: real, k: nat"`` as the list of pairs that a document holds."""
    return [[part.strip() for part in pair.split(":")] for pair in text.split(",")] if text else []


def statement(
    conclusion: Json,
    over: str = "",
    hypotheses: Texts = (),
    *,
    parameters: Sequence[Json] = (),
    definitions: Sequence[Json] = (),
    assumptions: Sequence[Json] = (),
    arithmetic: str = "exact",
    name: str = "t",
) -> Json:
    return {
        "arithmetic": arithmetic,
        "parameters": list(parameters),
        "definitions": list(definitions),
        "assumptions": list(assumptions),
        "theorem": {
            "name": name,
            "variables": variables(over),
            "hypotheses": list(hypotheses),
            "conclusion": conclusion,
        },
    }


def parameter(signature: str) -> Json:
    """``"f(nat, real) -> real"``: an arbitrary function."""
    call, sort = signature.split(" -> ")
    name, arguments = call.rstrip(")").split("(")
    return [name, [part.strip() for part in arguments.split(",")] if arguments else [], sort]


def define(signature: str, body: Json) -> Json:
    """``"f(k: nat, x: real) -> real"`` and its body: a text, a ``by_shape`` or a ``by_condition``."""
    call, sort = signature.split(" -> ")
    name, arguments = call.rstrip(")").split("(")
    return {"name": name, "variables": variables(arguments), "sort": sort, "body": body}


def by_shape(on: str, zero: Json, successor: Json) -> Json:
    """One body for 0 and one for k + 1."""
    return {"on": on, "zero": zero, "successor": successor}


def by_condition(condition: str, then: Json, otherwise: Json) -> Json:
    return {"if": condition, "then": then, "else": otherwise}


def assume(name: str, conclusion: str, over: str = "", hypotheses: Texts = (), source: str | None = None) -> Json:
    return {
        "name": name,
        "variables": variables(over),
        "hypotheses": list(hypotheses),
        "conclusion": conclusion,
        "source": source,
    }


def lemma(name: str, conclusion: str, proof: Proof, over: str = "", hypotheses: Texts = ()) -> Json:
    return {
        "name": name,
        "variables": variables(over),
        "hypotheses": list(hypotheses),
        "conclusion": conclusion,
        "proof": proof,
    }


# ----------------------------------------------------------------------------------------------------- documents


def theorem(
    conclusion: Json,
    proof: Json,
    over: str = "",
    hypotheses: Texts = (),
    *,
    lemmas: Sequence[Json] = (),
    auxiliary: Sequence[Json] = (),
    **parts: Any,
) -> Json:
    """A theorem with its proof; ``parts`` are those of ``statement``, ``auxiliary`` the definitions of the witness."""
    return {
        "format": FORMAT,
        "kind": "theorem",
        "statement": statement(conclusion, over, hypotheses, **parts),
        "witness": {"definitions": list(auxiliary), "lemmas": list(lemmas), "proof": proof},
    }


def matrices(conclusion: Json, proof: Json, over: Mapping[str, str], hypotheses: Texts = (), **parts: Any) -> Json:
    """A theorem over variables with their sorts, which may have commas in them."""
    document = theorem(conclusion, proof, "", hypotheses, **parts)
    return edited(document, ("statement", "theorem", "variables"), [list(pair) for pair in over.items()])


def columns(name: str, conclusion: str, over: Mapping[str, str]) -> Json:
    """An assumption over variables with their sorts."""
    return {**assume(name, conclusion), "variables": [list(pair) for pair in over.items()]}


def counterexample(
    conclusion: Json,
    point: Mapping[str, Json],
    over: str = "",
    hypotheses: Texts = (),
    *,
    tables: Mapping[str, Json] | None = None,
    **parts: Any,
) -> Json:
    """A point at which a theorem is false."""
    return {
        "format": FORMAT,
        "kind": "counterexample",
        "statement": statement(conclusion, over, hypotheses, **parts),
        "witness": {"variables": dict(point), "parameters": dict(tables or {})},
    }


def satisfied(
    conclusion: Json,
    point: Mapping[str, Json],
    over: str = "",
    hypotheses: Texts = (),
    *,
    tables: Mapping[str, Json] | None = None,
    **parts: Any,
) -> Json:
    """A point at which the hypotheses of a theorem hold (the kind is called ``instance``, like a rule of proofs)."""
    return {**counterexample(conclusion, point, over, hypotheses, tables=tables, **parts), "kind": "instance"}


def table(default: Json, *rows: tuple[list[Json], Json]) -> Json:
    """A parameter of a point: finitely many values, and one for everything else."""
    return {"values": [[arguments, value] for arguments, value in rows], "default": default}


# --------------------------------------------------------------------------------------------------------- steps


def instance(of: str, at: Mapping[str, str], label: str, because: Sequence[Proof] = ()) -> Json:
    return {"rule": "instance", "of": of, "at": dict(at), "because": list(because), "as": label}


def unfold(term: str, label: str, because: Sequence[Proof] = ()) -> Json:
    return {"rule": "unfold", "term": term, "because": list(because), "as": label}


def phases(term: str, label: str, *branches: Proof, because: Sequence[Proof] = ()) -> Json:
    return {"rule": "phases", "term": term, "because": list(because), "as": label, "branches": list(branches)}


def have(formula: str, proof: Proof, label: str) -> Json:
    return {"rule": "have", "formula": formula, "proof": proof, "as": label}


def natural(term: str, label: str) -> Json:
    return {"rule": "natural", "term": term, "as": label}


def integer(of: str, label: str) -> Json:
    return {"rule": "integer", "of": of, "as": label}


def congruence(left: str, right: str, label: str, *because: Proof) -> Json:
    return {"rule": "congruence", "left": left, "right": right, "because": list(because), "as": label}


def unpack(of: str, *labels: str) -> Json:
    return {"rule": "unpack", "of": of, "as": list(labels)}


def suppose(keep: Json, *labels: str) -> Json:
    return {"rule": "suppose", "keep": keep, "as": list(labels)}


def contradiction(label: str) -> Json:
    return {"rule": "contradiction", "as": label}


def split(on: str, label: str, *branches: Proof) -> Json:
    return {"rule": "split", "on": on, "as": label, "branches": list(branches)}


def cases(of: str, label: str, *branches: Proof) -> Json:
    return {"rule": "cases", "of": of, "as": label, "branches": list(branches)}


def parts(*branches: Proof) -> Json:
    return {"rule": "parts", "branches": list(branches)}


def antisymmetry(*branches: Proof) -> Json:
    return {"rule": "antisymmetry", "branches": list(branches)}


def exact(by: str) -> Json:
    return {"rule": "exact", "by": by}


def absurd(*by: str) -> Json:
    return {"rule": "absurd", "by": list(by)}


def arithmetic(
    *products: str, equations: Mapping[str, str] | None = None, squares: Mapping[str, str] | None = None
) -> Json:
    """``products`` as ``"1/2 h1 h2"``, ``equations`` as label to multiplier, ``squares`` as root to coefficient."""
    split_products = [text.split() for text in products]
    return {
        "rule": "arithmetic",
        "products": [[coefficient, labels] for coefficient, *labels in split_products],
        "equations": [[label, multiplier] for label, multiplier in (equations or {}).items()],
        "squares": [[coefficient, root] for root, coefficient in (squares or {}).items()],
    }


def summed(of: str, over: Json, at: Mapping[str, str], label: str, because: Sequence[Proof] = ()) -> Json:
    return {"rule": "summed", "of": of, "over": over, "at": dict(at), "because": list(because), "as": label}


def induction(along: str, zero: Proof, successor: Proof) -> Json:
    return {"induction": along, "zero": zero, "successor": successor}


# --------------------------------------------------------------------------------------------- editing documents


def places(value: Json, path: Path = ()) -> Iterator[Path]:
    """The path of every field and every entry, outermost first."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        yield (*path, key)
        yield from places(entry, (*path, key))


def at(value: Json, path: Path) -> Json:
    for key in path:
        value = value[key]
    return value


def edited(document: Json, path: Path, value: Json) -> Json:
    """The document with another value at one place (which may be a new one).  Everything beside the way to that place
    is shared with the original, which nobody changes."""
    if not path:
        return value
    key, *rest = path
    if isinstance(document, dict):
        return {**document, key: edited(document.get(key), tuple(rest), value)}
    return [edited(entry, tuple(rest), value) if i == key else entry for i, entry in enumerate(document)]


def without(document: Json, path: Path) -> Json:
    """The document without one field or entry."""
    whole = at(document, path[:-1])
    if isinstance(whole, dict):
        return edited(document, path[:-1], {key: entry for key, entry in whole.items() if key != path[-1]})
    return edited(document, path[:-1], [entry for i, entry in enumerate(whole) if i != path[-1]])
