r"""The geometric mean of the numbers width + 1 is at most their arithmetic mean, and powers with a natural exponent.

By induction: one more factor a turns the mean y of n factors into m with a = (n + 1) m - n y, and a y^n <= m^(n+1), because
m^(n+1) - (n + 1) m y^n + n y^(n+1) is m times the same for n - 1, plus n y^(n-1) (m - y)^2.
"""

from __future__ import annotations

from claims.expressivity.networks_on_a_line import product, width
from verify import arbitrary, assume, define, induction, lemma, nat, prop, real


@arbitrary
def mean(i: nat) -> real: ...


@define
def power(n: nat, x: real) -> real:
    return 1 if n == 0 else x * power(n - 1, x)


@define
def size(n: nat) -> nat:
    """The number of units in n hidden layers."""
    return 0 if n == 0 else size(n - 1) + width(n)


@define
def means(n: nat) -> prop:
    if n == 0:
        return mean(0) == 0
    return means(n - 1) and n * mean(n) == size(n) + n


@lemma(by=induction("n"))
def powers_are_nonnegative(n: nat, x: real) -> prop:
    assume(x >= 0)
    return power(n, x) >= 0


@lemma(
    by=induction("n"),
    using=[powers_are_nonnegative.at(n="n", x="y")],
    have=[
        "m * (power(n + 1, m) - (n + 1) * m * power(n, y) + n * power(n + 1, y)) >= 0",
        "(n + 1) * power(n, y) >= 0",
        "(m - y)**2 >= 0",
        "(n + 1) * power(n, y) * (m - y)**2 >= 0",
    ],
)
def weighted_mean(n: nat, m: real, y: real) -> prop:
    assume(m >= 0, y >= 0)
    return power(n + 1, m) - (n + 1) * m * power(n, y) + n * power(n + 1, y) >= 0


@lemma(cases=["b >= 0"], have=["b >= 0 or -a * b > 0"])
def sign_of_a_factor(a: real, b: real) -> prop:
    assume(a > 0, a * b >= 0)
    return b >= 0


@lemma(by=induction("n"), using=[sign_of_a_factor.at(a="n + 1", b="mean(n + 1)")])
def means_are_nonnegative(n: nat) -> prop:
    assume(means(n))
    return mean(n) >= 0


@lemma(by=induction("n"))
def sum_of_means(n: nat) -> prop:
    assume(means(n))
    return n * mean(n) == size(n) + n


@lemma(
    by=induction("n"),
    using=[
        weighted_mean.at(n="n", m="mean(n + 1)", y="mean(n)"),
        sum_of_means.at(n="n"),
        means_are_nonnegative.at(n="n"),
        means_are_nonnegative.at(n="n + 1"),
    ],
    have=[
        "width(n + 1) + 1 == (n + 1) * mean(n + 1) - n * mean(n)",
        "(width(n + 1) + 1) * (power(n, mean(n)) - product(n)) >= 0",
    ],
)
def means_inequality(n: nat) -> prop:
    """The product of the numbers width + 1 is at most the n-th power of their mean."""
    assume(means(n))
    return product(n) <= power(n, mean(n))


@lemma(
    by=induction("n"),
    using=[powers_are_nonnegative.at(n="n + 1", x="x"), powers_are_nonnegative.at(n="n", x="x")],
    have=[
        "power(n + 1, y) > 0",
        "x * (power(n + 1, y) - power(n + 1, x)) >= 0",
        "(y - x) * power(n + 1, y) > 0",
    ],
)
def powers_increase(n: nat, x: real, y: real) -> prop:
    assume(0 <= x < y)
    return power(n + 1, x) < power(n + 1, y)


@lemma(by=induction("k"))
def powers_are_at_least_one(k: nat, w: real) -> prop:
    assume(w >= 2)
    return power(k, w) >= 1


@lemma(
    by=induction("n"),
    using=[powers_are_at_least_one.at(k="p", w="w")],
    have=["(w - 2) * power(n + p, w) >= 0"],
)
def more_layers_than_roots(n: nat, p: nat, w: real) -> prop:
    assume(w >= 2)
    return power(n + p, w) >= power(n, 2) and power(n, 2) >= 1


@lemma(
    using=[more_layers_than_roots.at(n="n + 1", p="p", w="w"), powers_increase.at(n="n", x="root", y="2")],
    cases=["root >= 2"],
)
def the_root_is_at_least_two(n: nat, p: nat, w: real, root: real) -> prop:
    assume(w >= 2, root >= 0, power(n + 1, root) == power(n + 1 + p, w))
    return root >= 2


@lemma(by=induction("n"))
def power_of_a_product(n: nat, x: real, y: real) -> prop:
    return power(n, x * y) == power(n, x) * power(n, y)
