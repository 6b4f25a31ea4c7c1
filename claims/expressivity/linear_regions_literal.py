r"""“Only polynomially for shallow networks” (Grohs 2017): not without a bound on the number of inputs.

The network ReLU(x_1) + ... + ReLU(x_n) has one hidden layer, n units and 2^n linear regions: each orthant is one.
"""

from __future__ import annotations

from fractions import Fraction

from verify import Claim, arbitrary, cite, define, induction, layered, lemma, nat, prop, real, relu, units
from verify.networks.cells import Cells
from verify.networks.domain import whole_space
from verify.networks.network import Network

claim = Claim(
    "linear-regions-literal",
    title="Linear regions of shallow networks, as printed",
    statement=r"There are constants $c$ and $k$ such that every ReLU network with one hidden layer of $n \ge 1$ units has at "
    r"most $2^c n^k$ linear regions.",
    source=cite(
        "grohs2017",
        "after the exercise on oscillations",
        quote="[Montufar (2014)] shows that the number of linear regions in ReLU networks grows exponentially for deep "
        "networks and only polynomially for shallow networks",
    ),
    expect="refuted",
    remarks="The sentence is meant, and true, for a fixed number of inputs; see linear-regions.",
    symbols={
        r"x(i)": "the inputs, any sequence of reals",
        r"\mathrm{network}(n)": "the sum of ReLU(x(i)) for i < n",
        r"\mathrm{active\_sum}(n)": "the sum of those x(i) that are positive, for i < n",
    },
)
activity = claim.parameter("activity", "1", "slope of a unit where it is active")


@arbitrary
def x(i: nat) -> real: ...


@define
def network(n: nat) -> real:
    return 0 if n == 0 else network(n - 1) + activity * relu(x(n - 1))


@define
def summand(i: nat) -> real:
    return x(i) if x(i) > 0 else 0


@define
def active_sum(n: nat) -> real:
    return 0 if n == 0 else active_sum(n - 1) + summand(n - 1)


@lemma()
def a_unit_on_an_orthant(i: nat) -> prop:
    return relu(x(i)) == summand(i)


@claim.disproof(
    "for every n, a network with n units has another affine map on each of $2^n$ orthants: the sum of the positive inputs",
    by=induction("n"),
    using=[a_unit_on_an_orthant.at(i="n")],
)
def maps_on_the_orthants(n: nat) -> prop:
    return network(n) == active_sum(n)


@claim.disproof("that network has one hidden layer, of n units", by=induction("n"))
def it_is_shallow(n: nat) -> prop:
    return units(network(n)) == n and layered(network(n), 1)


@lemma(by=induction("p"))
def squares_are_smaller_than_powers(p: nat) -> prop:
    return (p + 5) ** 2 + 1 <= 2 ** (p + 5)


@claim.disproof(
    "with $n = 2^m$ units, where $m = k + c + 5$, the bound $2^c n^k$ is $2^{km + c}$, and there are $2^n = 2^{2^m}$ orthants",
    using=[squares_are_smaller_than_powers.at(p="k + c")],
)
def the_exponent_is_larger(k: nat, c: nat) -> prop:
    return k * (k + c + 5) + c + 1 <= 2 ** (k + c + 5)


@claim.exact(
    naturals={"n": range(1, 8)}, role="disproof", reason="n units and 2^n linear regions, counted for n up to 7"
)
def orthants(n: int, activity: Fraction) -> Cells:
    """The network as such, and all of its cells and regions."""
    hidden = ([[int(i == k) for k in range(n)] for i in range(n)], [0] * n)
    return Cells(Network.of([hidden, ([[activity] * n], [0])]), whole_space(n), cells=2**n, regions=2**n)


claim.sampling(maps_on_the_orthants, samples=1 << 10, naturals={"n": range(9)}, tables={"x": (9, (-8, 8))})


@claim.mutant(replaces=orthants)
def polynomially_many(n: int) -> Cells:
    """n^2 + 2 regions at most, hence exactly: n units with n inputs"""
    hidden = ([[int(i == k) for k in range(n)] for i in range(n)], [0] * n)
    return Cells(Network.of([hidden, ([[1] * n], [0])]), whole_space(n), regions=n**2 + 2)


claim.mutant("half-a-slope", {activity: "1/2"})


@claim.mutant(replaces=the_exponent_is_larger)
def already_with_fewer_units(k: nat, c: nat) -> prop:
    """The same with m = k + c"""
    return k * (k + c) + c + 1 <= 2 ** (k + c)
