r"""The same identity in floating point: false.

In IEEE binary64, x + ReLU(y - x) rounds twice; where |y - x| is much larger than y, the smaller number is lost.  Anyone
who implements a maximum by ReLUs computes something else.
"""

from __future__ import annotations

from verify import Claim, cite, prop, real, relu

claim = Claim(
    "max-two-relu-binary64",
    title="The maximum of two doubles",
    statement=r"For all doubles $x, y$, the number $x + \operatorname{ReLU}(y - x)$, computed in binary64 with rounding "
    r"to nearest, is $\max(x, y)$.",
    source=cite("grohs2017", "slide “A Hint”, read as floating-point code", quote="max(x, y) = x + ReLU(y - x)."),
    expect="refuted",
    arithmetic="binary64",
    remarks="The identity holds over the reals (max-two-relu). This is a finding about computing with it, not an "
    "erratum of the source.",
)


@claim.proof()
def maximum(x: real, y: real) -> prop:
    return max(x, y) == x + relu(y - x)


@claim.trials(16)
def against_torch_at_all_scales(draws):
    """Pairs whose exponents differ by up to 80: torch's own maximum and the formula disagree."""
    import torch

    x, y = draws.uniform(2, 4096, low=-1.0, high=1.0, bits=40)
    scale = 2.0 ** torch.round(draws.uniform(4096, low=-40.0, high=40.0))
    return torch.maximum(x * scale, y) == x * scale + torch.relu(y - x * scale)


@claim.mutant(replaces=maximum)
def other_way_round(x: real, y: real) -> prop:
    """max(x, y) = y + ReLU(x - y) in binary64"""
    return max(x, y) == y + relu(x - y)


@claim.mutant(replaces=maximum)
def by_the_mean(x: real, y: real) -> prop:
    """max(x, y) = (x + y + |x - y|) / 2 in binary64"""
    return max(x, y) == (x + y + abs(x - y)) / 2
