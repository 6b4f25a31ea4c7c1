r"""Points of a theorem in words, and where they lie: in a model, if the theorem has assumptions."""

from __future__ import annotations

import re
from typing import Any

from verify.kernel.text import definition_text
from verify.theory.powers import base_of

Json = Any
WORD = re.compile(r"[A-Za-z_]\w*")


def in_order(point: Json, statement: Json) -> Json:
    """A point with its variables and parameters as the statement has them, whoever wrote it down: the same words always.

    ``functions`` are the defining equations that a model gives to the parameters.
    """
    names = {
        "variables": [entry[0] for entry in statement["theorem"]["variables"]],
        "parameters": [entry[0] for entry in statement["parameters"]],
    }
    found: Json = {part: {name: point[part][name] for name in names[part] if name in point[part]} for part in names}
    return {**found, "functions": functions(point, statement)}


def functions(point: Json, statement: Json) -> list[str]:
    """What the arbitrary functions are in the model of a point, a line for each defining equation."""
    return [line.removeprefix("define ") for entry in defined(point, statement) for line in definition_text(entry)]


def defined(point: Json, statement: Json) -> list[Json]:
    """The definitions that the model of a point puts for arbitrary functions."""
    definitions = {entry["name"]: entry for entry in definitions_of(point)}
    return [definitions[name] for name, *_ in statement["parameters"] if name in definitions]


def mentioned(point: Json, statement: Json) -> list[Json]:
    """The definitions that these mention and the statement does not have, those that mention others first."""
    put, known = defined(point, statement), {entry["name"] for entry in statement["definitions"]}
    words, found = {word for entry in put for word in WORD.findall(str(entry["body"]))}, []
    for entry in reversed(definitions_of(point)):
        new = entry not in put and entry["name"] not in known and base_of(entry["name"]) is None
        if new and entry["name"] in words:
            words.update(WORD.findall(str(entry["body"])))
            found.append(entry)
    return found


def definitions_of(point: Json) -> list[Json]:
    found: list[Json] = point.get("model", {"definitions": []})["definitions"]
    return found


def in_words(point: Json) -> str:
    """A point in one phrase: ``m = 1, x = 1/3``."""
    parts = [f"{name} = {shown(value)}" for name, value in point["variables"].items()]
    for name, table in point["parameters"].items():
        constant = next((value for key, value in table["values"] if not key), table["default"])
        values = ", ".join(
            f"{name}({', '.join(map(shown, key))}) = {shown(value)}" for key, value in table["values"] if key
        )
        parts.append(f"{values}, otherwise {shown(table['default'])}" if values else f"{name} = {shown(constant)}")
    where = point.get("functions", [])
    return (", ".join(parts) or "every point") + (f", where {'; '.join(where)}" if where else "")


def shown(value: Json) -> str:
    return f"({', '.join(map(shown, value))})" if isinstance(value, list) else str(value)


def placed(statement: Json, point: Json) -> tuple[Json, Json]:
    """The statement and the values of a point; those of the model, where it lies in one."""
    if "model" not in point:
        return statement, point
    definitions = point["model"]["definitions"]
    defined = {entry["name"] for entry in definitions}
    left = [entry for entry in statement["parameters"] if entry[0] not in defined]
    inside = {**statement, "parameters": left, "definitions": definitions, "assumptions": []}
    return inside, {"variables": point["variables"], "parameters": point["parameters"]}
