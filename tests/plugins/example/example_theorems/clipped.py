r"""Two units clip a number to [0, 1]."""

from __future__ import annotations

from verify import Claim, cite, define, prop, real, relu

claim = Claim(
    "example-clip",
    title="Clipping",
    statement=r"$\operatorname{ReLU}(x) - \operatorname{ReLU}(x - 1) = \min(\max(x, 0), 1)$ for all $x \in \mathbb{R}$.",
    source=cite("euclid", "I.1"),
)


@define
def clip(x: real) -> real:
    return relu(x) - relu(x - 1)


@claim.proof()
def clips(x: real) -> prop:
    return clip(x) == min(max(x, 0), 1)


@claim.mutant(replaces=clip)
def one_unit(x: real) -> real:
    """$\\operatorname{ReLU}(x)$"""
    return relu(x)
