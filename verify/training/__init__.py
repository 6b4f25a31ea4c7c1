r"""Training problems of ReLU networks with one hidden layer, solved exactly.  What authors import.

    from verify.training import Dichotomies, RegularizedMinimum, TrainingMinimum, exact_erm

Names are loaded when they are first used, so that ``verify list`` stays light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the same names as in _MODULES and __all__, the modules in the order of the alphabet
    from verify.training.counting import Dichotomies
    from verify.training.erm import Progress, exact_erm
    from verify.training.literal import literal_erm
    from verify.training.minimum import Minimum, TrainingMinimum
    from verify.training.regularized import RegularizedMinimum, regularized_optimum
    from verify.training.workers import processes

_MODULES = {
    "counting": "Dichotomies",
    "erm": "Progress exact_erm",
    "literal": "literal_erm",
    "minimum": "Minimum TrainingMinimum",
    "regularized": "RegularizedMinimum regularized_optimum",
    "workers": "processes",
}

__all__ = [
    "Dichotomies",
    "Minimum",
    "Progress",
    "RegularizedMinimum",
    "TrainingMinimum",
    "exact_erm",
    "literal_erm",
    "processes",
    "regularized_optimum",
]

_WHERE = {name: f"verify.training.{module}" for module, names in _MODULES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'verify.training' has no attribute {name!r}")
