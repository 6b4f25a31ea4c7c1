r"""The maximum of two numbers is one hidden layer of ReLUs (Grohs 2017, "A Hint").

max(x, y) = x + ReLU(y - x).  Written without the skip connection it takes three units; the weight 1 of the third one
cannot be smaller.
"""

from __future__ import annotations

from verify import Claim, cite, define, layered, prop, real, relu, units

claim = Claim(
    "max-two-relu",
    title="The maximum of two numbers",
    statement=r"For all $x, y \in \mathbb{R}$: $\max(x, y) = x + \operatorname{ReLU}(y - x)$. Without skip connections, "
    r"$\max(x, y) = \operatorname{ReLU}(x) - \operatorname{ReLU}(-x) + \operatorname{ReLU}(y - x)$: one hidden layer of "
    r"three units. Also $\min(x, y) = x - \operatorname{ReLU}(x - y)$ and $|x| = \operatorname{ReLU}(x) + \operatorname{ReLU}(-x)$.",
    source=cite("grohs2017", "slide “A Hint”", quote="max(x, y) = x + ReLU(y - x)."),
    symbols={r"\operatorname{ReLU}(t)": "the rectified linear unit, t where t is at least 0 and 0 elsewhere"},
)
slope = claim.parameter("slope", "1", "weight of the last unit in the upper bound")


@define
def one_layer(x: real, y: real) -> real:
    return relu(x) - relu(-x) + relu(y - x)


@claim.proof()
def maximum(x: real, y: real) -> prop:
    return max(x, y) == x + relu(y - x)


@claim.proof()
def feed_forward(x: real, y: real) -> prop:
    return max(x, y) == one_layer(x, y) and layered(one_layer(x, y), 1) and units(one_layer(x, y)) == 3


@claim.proof()
def minimum_and_modulus(x: real, y: real) -> prop:
    return min(x, y) == x - relu(x - y) and abs(x) == relu(x) + relu(-x)


@claim.proof()
def upper_bound(x: real, y: real) -> prop:
    return max(x, y) <= x + slope * relu(y - x)


claim.sampling(maximum, samples=1 << 18, reals={"x": (-8, 8), "y": (-8, 8)})
claim.sampling(feed_forward, samples=1 << 18, reals={"x": (-8, 8), "y": (-8, 8)})


@claim.trials(64)
def against_torch_on_integers(draws):
    """Integers below 2^20 and their differences are exact in binary64, so the identity must hold bit for bit."""
    import torch

    x, y = draws.uniform(2, 1 << 16, low=-(2.0**20), high=2.0**20, bits=21)
    return torch.maximum(x, y) == x + torch.relu(y - x)


claim.sharpness(slope, refuted="1023/1024", proved="1")


@claim.mutant(replaces=maximum)
def other_way_round(x: real, y: real) -> prop:
    """max(x, y) = y + ReLU(y - x)"""
    return max(x, y) == y + relu(y - x)


@claim.mutant(replaces=minimum_and_modulus)
def minimum_with_plus(x: real, y: real) -> prop:
    """min(x, y) = x + ReLU(x - y)"""
    return min(x, y) == x + relu(x - y) and abs(x) == relu(x) + relu(-x)


@claim.mutant(replaces=one_layer)
def two_units(x: real, y: real) -> real:
    """ReLU(x) + ReLU(y - x), as if x were its own positive part"""
    return relu(x) + relu(y - x)
