r"""The text of an author's function: its syntax tree with the line numbers of its file, its arguments and their sorts."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from verify.errors import ClaimError, Place
from verify.theory.symbols import SORTS, WORDS


@dataclass(frozen=True)
class Source:
    """The parsed text of one function; ``name`` is what it is called in the theory."""

    name: str
    node: ast.FunctionDef
    file: str

    def place(self, node: ast.AST) -> Place:
        return Place(self.file, getattr(node, "lineno", None) or self.node.lineno)


@lru_cache(maxsize=10_000)
def source_of(function: Callable[..., Any], name: str) -> Source:
    """The syntax tree of a function, with the line numbers of its file."""
    file = inspect.getsourcefile(function) or "<unknown>"
    place = Place(file, function.__code__.co_firstlineno)
    try:
        lines, first = inspect.getsourcelines(function)
    except OSError:
        raise ClaimError(f"the source of {function.__name__} is not available; write it in a file", place) from None
    node = parsed(lines, first, place)
    if not isinstance(node, ast.FunctionDef):
        raise ClaimError(f"{function.__name__} is not an ordinary function; write it with def and return", place)
    if node.name in WORDS:
        raise ClaimError(f"{node.name} is a word of the language (a reserved name: {node.name}); choose another", place)
    return Source(name, node, file)


def parsed(lines: list[str], first: int, place: Place) -> ast.stmt:
    """The first statement of some lines, which may stand within a function whose margin comments do not keep."""
    indented = lines[0][:1].isspace()
    try:
        tree = ast.parse("".join(["if 1:\n", *lines] if indented else lines))
    except SyntaxError as problem:
        raise ClaimError(f"the source cannot be read: {problem.msg}", place) from None
    node = tree.body[0]
    if indented and isinstance(node, ast.If):
        return ast.increment_lineno(node, first - 2).body[0]
    return ast.increment_lineno(node, first - 1)


def variables_of(source: Source) -> list[list[str]]:
    """The arguments with their sorts."""
    arguments = source.node.args
    if arguments.posonlyargs or arguments.kwonlyargs or arguments.vararg or arguments.kwarg or arguments.defaults:
        raise ClaimError(f"{source.name} may only have plain arguments without defaults", source.place(source.node))
    return [
        [a.arg, sort_of(a.annotation, f"argument {a.arg} of {source.name}", source.place(a))] for a in arguments.args
    ]


def sort_of(annotation: ast.expr | None, what: str, place: Place) -> str:
    match annotation:
        case ast.Name(id=sort) if sort in SORTS:
            return sort
        case ast.Subscript(value=ast.Name(id="mat"), slice=ast.Tuple(elts=[rows, columns])):
            read = dimension(rows, what, place), dimension(columns, what, place)
            if read == ("1", "1"):
                raise ClaimError(f"{what} has one entry: it is a number; write real instead of mat[1, 1]", place)
            return f"mat({read[0]}, {read[1]})"
    found = f"not {ast.unparse(annotation)}" if annotation else "which is missing"
    raise ClaimError(
        f"{what} needs one of the sorts {', '.join(SORTS)}, mat[rows, columns] as its annotation, {found}", place
    )


def dimension(node: ast.expr, what: str, place: Place) -> str:
    match node:
        case ast.Name(id=name) if name not in WORDS and name.isascii():
            return name
        case ast.Constant(value=int(value)) if value == 1 and value is not True:
            return "1"
    raise ClaimError(f"a dimension of {what} must be a name of your own or 1, not {ast.unparse(node)}", place)


def read_signature(source: Source) -> tuple[list[list[str]], str]:
    """Arguments and sort of a function whose body is ``...``: an arbitrary function."""
    body = [s for s in source.node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    if body:
        raise ClaimError(f"{source.name} is arbitrary, so its body must be ...", source.place(body[0]))
    return variables_of(source), sort_of(source.node.returns, f"the value of {source.name}", source.place(source.node))
