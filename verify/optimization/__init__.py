r"""Worst cases of first-order methods, with exact rates.  What authors import.

    from verify.optimization import Problem, SmoothConvex, Tight, WorstCase, huber, on_line, sq

Names are loaded when they are first used, so that ``verify list`` stays light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the same names as in _MODULES and __all__, the modules in the order of the alphabet
    from verify.optimization.blocks import Blocks
    from verify.optimization.classes import (
        Cocoercive,
        Convex,
        ConvexIndicator,
        Curvature,
        Lipschitz,
        LipschitzConvex,
        Monotone,
        Nonexpansive,
        Quadratic,
        Smooth,
        SmoothConvex,
        SmoothStronglyConvex,
        StronglyConvex,
        StronglyMonotone,
    )
    from verify.optimization.line_instances import LineInstance, on_line
    from verify.optimization.methods import (
        douglas_rachford,
        frank_wolfe,
        gradient_descent,
        halpern,
        heavy_ball,
        inexact_gradient,
        krasnoselskii_mann,
        line_search,
        nesterov,
        preconditioned_gradient,
        proximal_gradient,
        proximal_point,
        stochastic_steps,
    )
    from verify.optimization.problem import Function, Operator, Problem
    from verify.optimization.question import Tight, WorstCase
    from verify.optimization.space_instances import SpaceInstance, in_space
    from verify.optimization.terms import Expression, Vector, dot, sq
    from verify.optimization.worst_functions import (
        Interval,
        PiecewiseQuadratic,
        absolute,
        huber,
        interpolant,
        quadratic,
        tents,
    )

_MODULES = {
    "blocks": "Blocks",
    "classes": "Cocoercive Convex ConvexIndicator Curvature Lipschitz LipschitzConvex Monotone Nonexpansive Quadratic "
    "Smooth SmoothConvex SmoothStronglyConvex StronglyConvex StronglyMonotone",
    "line_instances": "LineInstance on_line",
    "methods": "douglas_rachford frank_wolfe gradient_descent halpern heavy_ball inexact_gradient krasnoselskii_mann "
    "line_search nesterov preconditioned_gradient proximal_gradient proximal_point stochastic_steps",
    "problem": "Function Operator Problem",
    "question": "Tight WorstCase",
    "space_instances": "SpaceInstance in_space",
    "terms": "Expression Vector dot sq",
    "worst_functions": "Interval PiecewiseQuadratic absolute huber interpolant quadratic tents",
}

__all__ = [
    "Blocks",
    "Cocoercive",
    "Convex",
    "ConvexIndicator",
    "Curvature",
    "Expression",
    "Function",
    "Interval",
    "LineInstance",
    "Lipschitz",
    "LipschitzConvex",
    "Monotone",
    "Nonexpansive",
    "Operator",
    "PiecewiseQuadratic",
    "Problem",
    "Quadratic",
    "Smooth",
    "SmoothConvex",
    "SmoothStronglyConvex",
    "SpaceInstance",
    "StronglyConvex",
    "StronglyMonotone",
    "Tight",
    "Vector",
    "WorstCase",
    "absolute",
    "dot",
    "douglas_rachford",
    "frank_wolfe",
    "gradient_descent",
    "halpern",
    "heavy_ball",
    "huber",
    "in_space",
    "inexact_gradient",
    "interpolant",
    "krasnoselskii_mann",
    "line_search",
    "nesterov",
    "on_line",
    "preconditioned_gradient",
    "proximal_gradient",
    "proximal_point",
    "quadratic",
    "sq",
    "stochastic_steps",
    "tents",
]

_WHERE = {name: f"verify.optimization.{module}" for module, names in _MODULES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'verify.optimization' has no attribute {name!r}")
