r"""Statements at fixed naturals."""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping
from typing import Any

from verify.kernel.formulas import syntax

Json = Any


class Fix(ast.NodeTransformer):
    """Replaces variables by numbers."""

    def __init__(self, naturals: Mapping[str, int]) -> None:
        self.naturals = naturals

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(self.naturals[node.id]) if node.id in self.naturals else node


def at(text: str, naturals: Mapping[str, int]) -> str:
    """The text with naturals in place of variables."""
    return ast.unparse(Fix(naturals).visit(copy.deepcopy(syntax(text))))


def bound_statement(statement: Json, naturals: Mapping[str, int], value: str | None) -> Json:
    """For a statement whose conclusion is a term: at these naturals, the term is at most ``value`` (None: anything)."""
    theorem = statement["theorem"]
    return {
        **statement,
        "theorem": {
            "name": "_".join([theorem["name"], *(f"{name}_{number}" for name, number in naturals.items())]),
            "variables": [pair for pair in theorem["variables"] if pair[0] not in naturals],
            "hypotheses": [at(text, naturals) for text in theorem["hypotheses"]],
            "conclusion": "true" if value is None else f"{at(theorem['conclusion'], naturals)} <= {value}",
        },
    }
