r"""Exact networks: ReLU networks over the rationals, and what can be decided of them.  What authors import.

    from verify.networks import Network, compose, hat, maximum, square

Names are loaded when they are first used, so that ``verify list`` stays light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # one block for each module, in the order of the alphabet; the same names in _MODULES and __all__
    from verify.networks.construct import (
        absolute,
        add,
        affine,
        clip,
        compose,
        direct_sum,
        hat,
        identity,
        linear_combination,
        maximum,
        pad,
        sawtooth,
        scale,
        square,
        stack,
        subtract,
    )
    from verify.networks.evaluation import enclose
    from verify.networks.network import Network

_MODULES = {
    "construct": (
        "absolute",
        "add",
        "affine",
        "clip",
        "compose",
        "direct_sum",
        "hat",
        "identity",
        "linear_combination",
        "maximum",
        "pad",
        "sawtooth",
        "scale",
        "square",
        "stack",
        "subtract",
    ),
    "evaluation": ("enclose",),
    "network": ("Network",),
}

__all__ = [
    "Network",
    "absolute",
    "add",
    "affine",
    "clip",
    "compose",
    "direct_sum",
    "enclose",
    "hat",
    "identity",
    "linear_combination",
    "maximum",
    "pad",
    "sawtooth",
    "scale",
    "square",
    "stack",
    "subtract",
]

_WHERE = {name: f"verify.networks.{module}" for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'verify.networks' has no attribute {name!r}")
