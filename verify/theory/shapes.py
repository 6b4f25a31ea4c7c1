r"""The shape of a natural number in a definition: 0, or the successor of something."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)


def copied(node: Node) -> Node:
    """A tree of its own; ``copy.deepcopy`` does the same and takes ten times as long."""
    fresh = type(node)(**{name: copied_part(part) for name, part in ast.iter_fields(node)})
    return ast.copy_location(fresh, node)


def copied_part(part: object) -> object:
    if isinstance(part, list):
        return [copied_part(entry) for entry in part]
    return copied(part) if isinstance(part, ast.AST) else part


def zero_test(node: ast.expr, variables: Mapping[str, str]) -> tuple[str, bool] | None:
    """The variable of sort nat that a test compares with 0, and whether the test holds for 0."""
    match node:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Eq()], comparators=[ast.Constant(value=0)]):
            found = name, True
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Gt()], comparators=[ast.Constant(value=0)]):
            found = name, False
        case ast.Compare(left=ast.Name(id=name), ops=[ast.GtE()], comparators=[ast.Constant(value=1)]):
            found = name, False
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = zero_test(operand, variables)
            return (inner[0], not inner[1]) if inner else None
        case _:
            return None
    return found if variables.get(found[0]) == "nat" else None


class Substitute(ast.NodeTransformer):
    """Replace a variable."""

    def __init__(self, variable: str, value: ast.expr) -> None:
        self.variable, self.value = variable, value

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return copied(self.value) if node.id == self.variable else node


class Successor(Substitute):
    """Replace ``m`` by ``m + 1``, and ``m - 1`` by ``m``."""

    def __init__(self, variable: str) -> None:
        super().__init__(variable, ast.BinOp(ast.Name(variable, ast.Load()), ast.Add(), ast.Constant(1)))

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        match node:
            case ast.BinOp(left=ast.Name(id=name), op=ast.Sub(), right=ast.Constant(value=1)) if name == self.variable:
                return ast.Name(name, ast.Load())
        self.generic_visit(node)
        return node
