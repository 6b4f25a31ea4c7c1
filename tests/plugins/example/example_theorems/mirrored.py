r"""A mistake: one unit does not suffice for the absolute value."""

from __future__ import annotations

from verify import Claim, cite, prop, real, relu

claim = Claim(
    "example-mirror",
    title="Mirroring",
    statement=r"$|x| = 2 \operatorname{ReLU}(x) - x$ and $|x| = \operatorname{ReLU}(x)$ for all $x \in \mathbb{R}$.",
    source=cite("euclid", "I.2"),
)


@claim.proof()
def one_unit_and_a_skip(x: real) -> prop:
    return abs(x) == 2 * relu(x) - x


@claim.proof()
def one_unit(x: real) -> prop:
    return abs(x) == relu(x)


@claim.mutant(replaces=one_unit_and_a_skip)
def wrong_skip(x: real) -> prop:
    """$|x| = 2 \\operatorname{ReLU}(x) + x$"""
    return abs(x) == 2 * relu(x) + x
