r"""“High-dimensional options cannot be approximated well by shallow networks” (Grohs 2017): false as printed.

The sentence bounds neither the width nor the domain.  The prices that an exchange quotes are whole cents below some
bound; write those of d assets one after the other as the digits of one number t.  The option is then a function of t on
0, 1, ..., M^d - 1, and one hidden layer with a kink at each of these points interpolates whatever it likes.
"""

from __future__ import annotations

from verify import (
    Claim,
    arbitrary,
    assume,
    cite,
    define,
    hypothesis,
    induction,
    layered,
    lemma,
    nat,
    prop,
    real,
    relu,
    units,
)

claim = Claim(
    "depth-necessity-literal",
    title="Options and shallow networks, as printed",
    statement=r"There are a number of assets $d$, an accuracy $\varepsilon > 0$, a strike $K$ and a bound $M$ such that no "
    r"ReLU network with one hidden layer, whatever its width, is within $\varepsilon$ of the maximum call option "
    r"$\max(\max_i x_i - K, 0)$ at all prices $x \in \{0, 1, \dots, M - 1\}^d$.",
    source=cite(
        "grohs2017",
        "slide “Depth is Necessary!”",
        quote="One can show that high-dimensional options cannot be approximated well by shallow networks.",
    ),
    expect="refuted",
    remarks="The network has about M^d units: the sentence is true of something smaller, or of all of space. On a whole cube "
    "instead of a grid the sentence is false as well, by universal approximation (Leshno et al. 1993), which is not checked "
    "here. The repair in depth-necessity-max bounds the error relative to the size of the domain.",
    symbols={
        r"x(i)": "the price of asset number i, from 0 to m for $m = M - 1$",
        r"\mathrm{number}(m, d, o)": "the prices x(o), ..., x(o + d - 1) as the digits of a number to the base m + 1",
        r"\mathrm{digit}(m, i, t)": "digit number i of t to the base m + 1",
        r"\mathrm{interpolant}(m, d, k, n, t)": "the network with kinks at 0, ..., n - 1",
    },
)


@arbitrary
def x(i: nat) -> nat: ...


@define
def remainder(m: nat, t: nat) -> nat:
    """t modulo m + 1"""
    if t == 0:
        return 0
    return remainder(m, t - 1) + 1 if remainder(m, t - 1) + 1 <= m else 0


@define
def quotient(m: nat, t: nat) -> nat:
    """t divided by m + 1, rounded down"""
    if t == 0:
        return 0
    return quotient(m, t - 1) if remainder(m, t - 1) + 1 <= m else quotient(m, t - 1) + 1


@define
def digit(m: nat, i: nat, t: nat) -> nat:
    return remainder(m, t) if i == 0 else digit(m, i - 1, quotient(m, t))


@define
def in_range(m: nat, d: nat, o: nat) -> prop:
    """x(o), ..., x(o + d - 1) are at most m"""
    return True if d == 0 else x(o) <= m and in_range(m, d - 1, o + 1)


@define
def number(m: nat, d: nat, o: nat) -> nat:
    return 0 if d == 0 else x(o) + (m + 1) * number(m, d - 1, o + 1)


@define
def greatest(d: nat) -> real:
    """The greatest of d + 1 prices."""
    return x(0) if d == 0 else max(greatest(d - 1), x(d))


@define
def greatest_digit(m: nat, d: nat, t: nat) -> real:
    return digit(m, 0, t) if d == 0 else max(greatest_digit(m, d - 1, t), digit(m, d, t))


@define
def option(m: nat, d: nat, k: nat, t: nat) -> real:
    """The value of the option as a function of t alone."""
    return relu(greatest_digit(m, d, t) - k)


@define
def kink(m: nat, d: nat, k: nat, n: nat) -> real:
    if n == 0:
        return option(m, d, k, 1) - option(m, d, k, 0)
    return option(m, d, k, n + 1) - 2 * option(m, d, k, n) + option(m, d, k, n - 1)


@define
def interpolant(m: nat, d: nat, k: nat, n: nat, t: real) -> real:
    if n == 0:
        return option(m, d, k, 0)
    return interpolant(m, d, k, n - 1, t) + kink(m, d, k, n - 1) * relu(t - (n - 1))


@define
def points(m: nat, d: nat) -> nat:
    """(m + 1)^d"""
    return 1 if d == 0 else (m + 1) * points(m, d - 1)


@lemma(by=induction("q", "r"), using=[hypothesis("q", m="m", r="m")])
def division(q: nat, r: nat, m: nat) -> prop:
    assume(r <= m)
    return remainder(m, r + (m + 1) * q) == r and quotient(m, r + (m + 1) * q) == q


@lemma(by=induction("i"), using=[division.at(q="number(m, d, o + 1)", r="x(o)", m="m")])
def digits_are_prices(i: nat, m: nat, d: nat, o: nat) -> prop:
    """For d + 1 assets."""
    assume(in_range(m, d + 1, o), i <= d)
    return digit(m, i, number(m, d + 1, o)) == x(o + i)


@lemma(
    by=induction("n"),
    using=[
        digits_are_prices.at(i="0", m="m", d="d", o="0"),
        digits_are_prices.at(i="n + 1", m="m", d="d", o="0"),
    ],
)
def greatest_digit_is_greatest_price(n: nat, m: nat, d: nat) -> prop:
    assume(in_range(m, d + 1, 0), n <= d)
    return greatest_digit(m, n, number(m, d + 1, 0)) == greatest(n)


@lemma(by=induction("n"))
def after_the_last_kink(n: nat, m: nat, d: nat, k: nat, t: real) -> prop:
    assume(t >= n)
    slope = option(m, d, k, n + 1) - option(m, d, k, n)
    return interpolant(m, d, k, n + 1, t) == option(m, d, k, n) + slope * (t - n)


@lemma(by=induction("p"), using=[after_the_last_kink])
def interpolation(p: nat, m: nat, d: nat, k: nat, t: nat) -> prop:
    return interpolant(m, d, k, t + p + 1, t) == option(m, d, k, t)


@lemma(by=induction("d"))
def number_of_points(d: nat, m: nat, o: nat) -> prop:
    assume(in_range(m, d, o))
    return number(m, d, o) + 1 <= points(m, d)


@claim.disproof(
    "for all d, K and M, a network with one hidden layer is exact at all these prices",
    using=[
        number_of_points.at(d="d + 1", m="m", o="0"),
        interpolation.at(p="points(m, d + 1) - number(m, d + 1, 0) - 1", m="m", d="d", k="k", t="number(m, d + 1, 0)"),
        greatest_digit_is_greatest_price.at(n="d", m="m", d="d"),
    ],
)
def exact_at_all_prices(m: nat, d: nat, k: nat) -> prop:
    """For d + 1 assets."""
    assume(in_range(m, d + 1, 0))
    return interpolant(m, d, k, points(m, d + 1), number(m, d + 1, 0)) == relu(greatest(d) - k)


@lemma(by=induction("n"))
def size_of_interpolant(n: nat, m: nat, d: nat, k: nat, below: nat, other: nat) -> prop:
    return (
        interpolant.units(m, d, k, n) == n
        and interpolant.layered(m, d, k, n, below)
        and interpolant.layer(m, d, k, n, below, below + 1) == below + 1
    )


@claim.disproof("that network has one hidden layer, of $n = M^d$ units", using=[size_of_interpolant])
def it_has_one_hidden_layer(m: nat, d: nat, k: nat, n: nat, t: real) -> prop:
    """The input t is a linear form in the prices."""
    return layered(interpolant(m, d, k, n + 1, t), 1) and units(interpolant(m, d, k, n, t)) == n


@claim.trials(12)
def all_prices_in_torch(draws):
    """All prices of up to six assets, below a bound that leaves at most 4096 points, and a random strike."""
    import torch

    assets = draws.trial % 6 + 1
    bound = int(4096 ** (1 / assets) + 1e-9)
    strike = torch.floor(draws.uniform(1, low=0.0, high=bound)).item()
    line = torch.arange(bound, dtype=torch.float64)
    prices = torch.cartesian_prod(*[line] * assets).reshape(-1, assets)
    t = prices @ torch.tensor([float(bound) ** i for i in reversed(range(assets))], dtype=torch.float64)
    value = torch.relu(prices.amax(dim=1) - strike)
    kinks = torch.diff(value, n=2, prepend=value[:1])
    units = torch.relu(t[:, None] - torch.arange(len(kinks), dtype=torch.float64))
    return value[0] + units @ kinks == value


@claim.mutant(replaces=number)
def base_too_small(m: nat, d: nat, o: nat) -> nat:
    """Prices as digits to the base m = M - 1: different prices fall on one number"""
    return 0 if d == 0 else x(o) + m * number(m, d - 1, o + 1)


@claim.mutant(replaces=points)
def a_unit_for_each_asset_and_price(m: nat, d: nat) -> nat:
    """M d units instead of M^d"""
    return 1 if d == 0 else (m + 1) * d


@claim.mutant(replaces=exact_at_all_prices)
def at_higher_prices(m: nat, d: nat, k: nat) -> prop:
    """The same without a bound on the prices"""
    return interpolant(m, d, k, points(m, d + 1), number(m, d + 1, 0)) == relu(greatest(d) - k)
