r"""Points of a theorem in words, and where they lie: in a model, if the theorem has assumptions."""

from __future__ import annotations

from typing import Any

from verify.kernel.text import definition_text

Json = Any


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
    definitions = {entry["name"]: entry for entry in point.get("model", {"definitions": []})["definitions"]}
    defined = [definitions[name] for name, *_ in statement["parameters"] if name in definitions]
    return [line.removeprefix("define ") for entry in defined for line in definition_text(entry)]


def in_words(point: Json) -> str:
    """A point in one phrase: ``m = 1, x = 1/3``."""
    parts = [f"{name} = {shown(value)}" for name, value in point["variables"].items()]
    for name, table in point["parameters"].items():
        values = ", ".join(f"{name}({', '.join(map(shown, key))}) = {shown(value)}" for key, value in table["values"])
        parts.append(
            f"{values}, otherwise {shown(table['default'])}" if values else f"{name} = {shown(table['default'])}"
        )
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
