r"""Models: what arbitrary functions may be, so that what a theorem assumes about them is a theorem."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from verify.errors import ClaimError
from verify.kernel.terms import Rejected
from verify.theory.objects import Function, Model
from verify.theory.reading import leaf, read_hint
from verify.theory.source import read_signature, source_of

if TYPE_CHECKING:
    from verify.theory.environment import Collector
Json = Any


def modelled(collector: Collector, function: Function, model: Model) -> None:
    """Collect the definition of an arbitrary function in a model.  A text is read as if it stood beside its sorts."""
    (variables, sort), given = read_signature(source_of(function.python, function.name)), model.functions[function]
    if isinstance(given, Function):
        collector.function(given)
        body: Json = f"{given.name}({', '.join(variable for variable, _ in variables)})"
    else:
        names, sorts = collector.names(function), {variable: kind for variable, kind in variables}  # noqa: C416
        text = collector.expand(read_hint(given, sorts, names, model.place), variables, model.place)
        body = leaf(ast.parse(text, mode="eval").body)
    entry = {"name": function.name, "variables": variables, "sort": sort, "body": body}
    try:
        collector.add(entry)
    except Rejected as reason:
        sentence = f"the model cannot put {shown(given)} for {function.name}: {reason}"
        raise ClaimError(sentence, model.place) from None


def shown(given: str | Function) -> str:
    return given.name if isinstance(given, Function) else repr(given)
