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
        identity_network,
        weighted_sum,
        maximum,
        pad,
        sawtooth,
        scale,
        square,
        stack,
        subtract,
    )
    from verify.networks.distance import (
        integral,
        largest_error,
        squared_distance,
        sup_distance,
    )
    from verify.networks.evaluation import (
        enclose,
        evaluate,
    )
    from verify.networks.interchange import (
        from_onnx,
        from_torch,
        rounded,
        to_onnx,
        to_torch,
    )
    from verify.networks.memorizing import (
        MemorizingNetwork,
        Memorizes,
        memorize,
    )
    from verify.networks.network import (
        Network,
    )
    from verify.networks.one_variable import (
        Infimum,
        PieceCount,
        SupDistance,
        Supremum,
    )
    from verify.networks.piecewise import (
        PiecewiseAffine,
    )

_MODULES = {
    "construct": (
        "absolute",
        "add",
        "affine",
        "clip",
        "compose",
        "direct_sum",
        "hat",
        "identity_network",
        "weighted_sum",
        "maximum",
        "pad",
        "sawtooth",
        "scale",
        "square",
        "stack",
        "subtract",
    ),
    "distance": (
        "integral",
        "largest_error",
        "squared_distance",
        "sup_distance",
    ),
    "evaluation": (
        "enclose",
        "evaluate",
    ),
    "interchange": (
        "from_onnx",
        "from_torch",
        "rounded",
        "to_onnx",
        "to_torch",
    ),
    "memorizing": (
        "MemorizingNetwork",
        "Memorizes",
        "memorize",
    ),
    "network": ("Network",),
    "one_variable": (
        "Infimum",
        "PieceCount",
        "SupDistance",
        "Supremum",
    ),
    "piecewise": ("PiecewiseAffine",),
}

__all__ = [
    "Infimum",
    "Memorizes",
    "MemorizingNetwork",
    "Network",
    "PieceCount",
    "PiecewiseAffine",
    "SupDistance",
    "Supremum",
    "absolute",
    "add",
    "affine",
    "clip",
    "compose",
    "direct_sum",
    "enclose",
    "evaluate",
    "from_onnx",
    "from_torch",
    "hat",
    "identity_network",
    "integral",
    "largest_error",
    "maximum",
    "memorize",
    "pad",
    "rounded",
    "sawtooth",
    "scale",
    "square",
    "squared_distance",
    "stack",
    "subtract",
    "sup_distance",
    "to_onnx",
    "to_torch",
    "weighted_sum",
]

_WHERE = {name: f"verify.networks.{module}" for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'verify.networks' has no attribute {name!r}")
