r"""One hidden layer needs 2^(j-1) units for the j-th sawtooth, with every step proved.

A unit changes its activation phase at most once along the line.  Where none of the n units changes it between the grid
points 2i and 2i + 2, the network is affine there and cannot be close to below, above and below 1/2 in turn.
"""

from __future__ import annotations

from claims.expressivity.sawtooth import sawtooth, sawtooth_at_the_next_point, sawtooth_on_the_grid, sign_of_even
from verify import Claim, arbitrary, assume, cite, define, iff, induction, lemma, nat, prop, real, relu

claim = Claim(
    "shallow-oscillation-one-layer",
    title="One hidden layer pays for every oscillation",
    statement=r"A ReLU network $f$ with one hidden layer of $n$ units and $|f - g_j| < \frac12$ at the grid points $i/2^j$, "
    r"$0 \le i \le 2^j$, $j \ge 1$, $g_j$ being the $j$-th sawtooth, has $n \ge 2^{j-1}$.",
    source=cite("telgarsky2015", "Theorem 1.1 (there in the L1 norm)"),
    repairs="shallow-oscillation-lower-bound",
    symbols={
        r"\mathrm{net}(n, i)": "a network with one hidden layer of n units at the grid point number i",
        r"\mathrm{changed}(k, i)": "1 if unit k is in another phase at the grid point i than at 0, else 0",
        r"\mathrm{switched}(n, i)": "how many of the n units are in another phase at the grid point i than at 0",
    },
)
distance = claim.parameter("distance", "1/2", "how close f has to be")


@arbitrary
def inner(k: nat) -> real: ...


@arbitrary
def bias(k: nat) -> real: ...


@arbitrary
def outer(k: nat) -> real: ...


@define
def net(n: nat, i: nat) -> real:
    """One hidden layer of n units, at the grid point number i (the mesh is absorbed in the weights)."""
    return outer(0) if n == 0 else net(n - 1, i) + outer(n) * relu(inner(n) * i + bias(n))


@define
def changed(k: nat, i: nat) -> nat:
    """1 if unit k is in another phase at the grid point i than at 0."""
    if bias(k) >= 0:
        return 0 if inner(k) * i + bias(k) >= 0 else 1
    return 1 if inner(k) * i + bias(k) >= 0 else 0


@define
def switched(n: nat, i: nat) -> nat:
    return 0 if n == 0 else switched(n - 1, i) + changed(n, i)


@define
def close(j: nat, n: nat, i: nat) -> prop:
    """Closer than ``distance`` to the sawtooth at the grid points 0, ..., i."""
    if i == 0:
        return abs(net(n, 0) - sawtooth(j, 0)) < distance
    return close(j, n, i - 1) and abs(net(n, i) - sawtooth(j, i * (1 / 2) ** j)) < distance


@lemma()
def a_unit_switches_once(k: nat, i: nat) -> prop:
    return changed(k, i) <= changed(k, i + 1)


@lemma()
def relu_is_affine_in_a_phase(u: real, w: real) -> prop:
    assume(iff(u >= 0, w >= 0))
    return relu(u) + relu(w) == 2 * relu((u + w) / 2)


@lemma(cases=["bias(k) >= 0"])
def same_phase(k: nat, i: nat) -> prop:
    assume(changed(k, i) == changed(k, i + 2))
    return iff(inner(k) * i + bias(k) >= 0, inner(k) * (i + 2) + bias(k) >= 0)


@lemma(
    using=[
        same_phase.at(k="k", i="i"),
        relu_is_affine_in_a_phase.at(u="inner(k) * i + bias(k)", w="inner(k) * (i + 2) + bias(k)"),
    ]
)
def unit_is_affine_in_between(k: nat, i: nat) -> prop:
    assume(changed(k, i) == changed(k, i + 2))
    return relu(inner(k) * i + bias(k)) + relu(inner(k) * (i + 2) + bias(k)) == 2 * relu(inner(k) * (i + 1) + bias(k))


@lemma(by=induction("n"), using=[a_unit_switches_once.at(k="n + 1", i="i")])
def switched_grows(n: nat, i: nat) -> prop:
    return switched(n, i) <= switched(n, i + 1)


@lemma(by=induction("n"))
def at_most_all_switch(n: nat, i: nat) -> prop:
    return switched(n, i) <= n


@lemma(
    by=induction("n"),
    using=[
        switched_grows.at(n="n", i="i"),
        switched_grows.at(n="n", i="i + 1"),
        a_unit_switches_once.at(k="n + 1", i="i"),
        a_unit_switches_once.at(k="n + 1", i="i + 1"),
        unit_is_affine_in_between.at(k="n + 1", i="i"),
    ],
    have=["changed(n + 1, i) == changed(n + 1, i + 2)"],
)
def net_is_affine_in_between(n: nat, i: nat) -> prop:
    assume(switched(n, i) == switched(n, i + 2))
    return net(n, i) + net(n, i + 2) == 2 * net(n, i + 1)


@lemma(have=["close(j, n, i + 1)"])
def two_steps_back(j: nat, n: nat, i: nat) -> prop:
    assume(close(j, n, i + 2))
    return (
        close(j, n, i)
        and abs(net(n, i + 1) - sawtooth(j, (i + 1) * (1 / 2) ** j)) < distance
        and abs(net(n, i + 2) - sawtooth(j, (i + 2) * (1 / 2) ** j)) < distance
    )


@lemma(by=induction("i"))
def close_at_the_end(i: nat, j: nat, n: nat) -> prop:
    assume(close(j, n, i))
    return abs(net(n, i) - sawtooth(j, i * (1 / 2) ** j)) < distance


@claim.proof(
    by=induction("m"),
    using=[
        two_steps_back.at(j="j", n="n", i="2 * m"),
        close_at_the_end.at(i="2 * m", j="j", n="n"),
        net_is_affine_in_between.at(n="n", i="2 * m"),
        switched_grows.at(n="n", i="2 * m"),
        switched_grows.at(n="n", i="2 * m + 1"),
        sawtooth_on_the_grid.at(j="j", i="2 * m"),
        sawtooth_at_the_next_point.at(j="j", i="2 * m"),
        sawtooth_at_the_next_point.at(j="j", i="2 * m + 1"),
        sign_of_even,
    ],
    cases=["switched(n, 2 * m) == switched(n, 2 * m + 2)"],
)
def a_unit_switches_at_every_second_point(m: nat, n: nat, j: nat) -> prop:
    assume(2 * m <= 2**j, close(j, n, 2 * m))
    return m <= switched(n, 2 * m)


@claim.proof(
    using=[
        a_unit_switches_at_every_second_point.at(m="2**j", n="n", j="j + 1"),
        at_most_all_switch.at(n="n", i="2 * 2**j"),
    ]
)
def units_of_one_hidden_layer(j: nat, n: nat) -> prop:
    """At least 2^j units for the sawtooth number j + 1."""
    assume(close(j + 1, n, 2 ** (j + 1)))
    return n >= 2**j


@claim.trials(200)
def fitted_networks(draws):
    """Networks of 15 units with random kinks, outer weights fitted to the sawtooth number 5 by least squares.

    Weights are rounded to multiples of 2^-12 and kinks lie on a grid, so that the errors are computed exactly: 16 pieces
    are 2^(5-1), and no error may be below 1/2.
    """
    import torch

    grid = torch.arange(33, dtype=torch.float64)
    kinks = draws.uniform(15, low=0.0, high=32.0, bits=8)
    features = torch.cat([torch.ones(33, 1, dtype=torch.float64), torch.relu(grid[:, None] - kinks[None, :])], dim=1)
    target = grid % 2
    noise = draws.uniform(33, low=-0.25, high=0.25, bits=10)
    fitted = torch.linalg.lstsq(features, (target + noise)[:, None]).solution
    rounded = torch.round(fitted.clamp(-(2.0**10), 2.0**10) * 4096) / 4096
    return (features @ rounded - target[:, None]).abs().amax() >= 0.5


claim.sharpness(distance, refuted="17/32", proved="1/2")


@claim.mutant(replaces=units_of_one_hidden_layer)
def one_unit_more(j: nat, n: nat) -> prop:
    """n > 2^j + 1"""
    assume(close(j + 1, n, 2 ** (j + 1)))
    return n > 2**j + 1
