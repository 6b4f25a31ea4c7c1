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
        need_expression(given, function, model)
        names, sorts = collector.names(function), {variable: kind for variable, kind in variables}  # noqa: C416
        text = collector.expand(read_hint(given, sorts, names, model.place), variables, model.place)
        body = leaf(ast.parse(text, mode="eval").body)
    entry = {"name": function.name, "variables": variables, "sort": sort, "body": body}
    try:
        collector.add(entry)
    except Rejected as reason:
        sentence = f"the model cannot put {shown(given)} for {function.name}: {reason}"
        raise ClaimError(sentence, model.place) from None


def need_expression(text: str, function: Function, model: Model) -> None:
    try:
        ast.parse(text, mode="eval")
    except SyntaxError as problem:
        sentence = f"the model puts {text!r} for {function.name}, which is no expression: {problem.msg}"
        raise ClaimError(sentence, model.place) from None


def need_no_circle(unfinished: list[str], met: Function, model: Model) -> None:
    """What is defined by a model is not recursive.  ``unfinished`` are the functions that are being read, each one met while
    the one before is read; only a @define'd one may meet itself."""
    if met.name not in unfinished:
        return
    circle = unfinished[unfinished.index(met.name) :]
    defined = {function.name for function in model.functions}
    if defined.intersection(circle):
        steps = ", ".join(f"{what} by {by}" for what, by in zip(circle, [*circle[1:], met.name], strict=True))
        sentence = f"this model goes round in a circle: {steps}; only a function with @define may call itself"
        raise ClaimError(sentence, model.place)


def shown(given: str | Function) -> str:
    return given.name if isinstance(given, Function) else repr(given)
