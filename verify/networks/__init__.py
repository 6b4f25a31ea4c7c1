r"""Exact networks: ReLU networks over the rationals, and what can be decided of them.  What authors import.

    from verify.networks import Network, compose, hat, maximum, square

Names are loaded when they are first used, so that ``verify list`` stays light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the same names as in _MODULES and __all__, the modules in the order of the alphabet
    from verify.networks.cells import AtLeast, Cells, arrangement
    from verify.networks.construct import (
        absolute,
        add,
        affine,
        clip,
        compose,
        direct_sum,
        hat,
        identity_network,
        maximum,
        pad,
        sawtooth,
        scale,
        square,
        stack,
        subtract,
        weighted_sum,
    )
    from verify.networks.distance import integral, largest_error, squared_distance, sup_distance
    from verify.networks.domain import box, polyhedron, whole_space
    from verify.networks.evaluation import enclose, evaluate
    from verify.networks.identity import Identical, IsMaximum
    from verify.networks.interchange import from_onnx, from_torch, rounded, to_onnx, to_torch
    from verify.networks.memorizing import Memorizes, MemorizingNetwork, memorize
    from verify.networks.network import Network
    from verify.networks.one_variable import Infimum, PieceCount, SupDistance, Supremum
    from verify.networks.piecewise import PiecewiseAffine
    from verify.networks.two_layer_maximum import MaximumIdentity, TwoLayerMaximum

_MODULES = {
    "cells": "AtLeast Cells arrangement",
    "construct": "absolute add affine clip compose direct_sum hat identity_network maximum pad sawtooth scale square stack subtract weighted_sum",
    "distance": "integral largest_error squared_distance sup_distance",
    "domain": "box polyhedron whole_space",
    "evaluation": "enclose evaluate",
    "identity": "Identical IsMaximum",
    "interchange": "from_onnx from_torch rounded to_onnx to_torch",
    "memorizing": "Memorizes MemorizingNetwork memorize",
    "network": "Network",
    "one_variable": "Infimum PieceCount SupDistance Supremum",
    "piecewise": "PiecewiseAffine",
    "two_layer_maximum": "MaximumIdentity TwoLayerMaximum",
}

__all__ = [
    "AtLeast",
    "Cells",
    "Identical",
    "Infimum",
    "IsMaximum",
    "MaximumIdentity",
    "Memorizes",
    "MemorizingNetwork",
    "Network",
    "PieceCount",
    "PiecewiseAffine",
    "SupDistance",
    "Supremum",
    "TwoLayerMaximum",
    "absolute",
    "add",
    "affine",
    "arrangement",
    "box",
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
    "polyhedron",
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
    "whole_space",
]

_WHERE = {name: f"verify.networks.{module}" for module, names in _MODULES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'verify.networks' has no attribute {name!r}")
