r"""Landscapes of training problems: what is proved of their critical points and their minima.  What authors import.

    from verify.landscape import CriticalPoint, DeepLinear, classify, critical_points, random_saddle

Names are loaded when they are first used, so that ``verify list`` stays light.  Searches in floating point, over thousands of
starts, are in ``verify.landscape.stationary``, which has a ``DeepLinear`` of its own, of tensors.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the same names as in _MODULES and __all__, the modules in the order of the alphabet
    from verify.landscape.critical_point import CriticalPoint, classify
    from verify.landscape.deep_linear import DeepLinear
    from verify.landscape.factorization import FactorizedMinimum, factorized_optimum
    from verify.landscape.maximum_cut import CutRelaxation, MaximumCut
    from verify.landscape.normal_form import Critical, Strings, critical_points
    from verify.landscape.random_critical_points import random_saddle

_MODULES = {
    "critical_point": "CriticalPoint classify",
    "deep_linear": "DeepLinear",
    "factorization": "FactorizedMinimum factorized_optimum",
    "maximum_cut": "CutRelaxation MaximumCut",
    "normal_form": "Critical Strings critical_points",
    "random_critical_points": "random_saddle",
}

__all__ = [
    "Critical",
    "CriticalPoint",
    "CutRelaxation",
    "DeepLinear",
    "FactorizedMinimum",
    "MaximumCut",
    "Strings",
    "classify",
    "critical_points",
    "factorized_optimum",
    "random_saddle",
]

_WHERE = {name: f"verify.landscape.{module}" for module, names in _MODULES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'verify.landscape' has no attribute {name!r}")
