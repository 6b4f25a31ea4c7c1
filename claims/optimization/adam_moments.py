r"""One period of Adam as inequalities between numbers: how the second moments bound the steps; see ``adam_period``.

b is beta_2 = 1/(1 + C^2), at most 1/5 for C >= 2, and V the second moment before the large gradient.  The first small
gradient leaves A = b^2 V + (1 - b)^2 + (1 - b), the second B = b A + (1 - b).
"""

from __future__ import annotations

from fractions import Fraction

from claims.optimization.roots_and_quotients import divided, root_is_monotone
from claims.optimization.smooth_functions import product
from verify import assume, lemma, prop, real

slack = Fraction(1, 500)
"""How far the square of a step may be off."""


@lemma(
    using=[
        product.at(x="b**2", y="1 + b - V"),
        product.at(x="b", y="1 - 2 * b - b**2"),
        product.at(x="b", y="(b - 1 / 6) * (1 / 5 - b)"),
        product.at(x="b", y="2 * (1 - b) - (b**2 * V + (1 - b)**2 + (1 - b))"),
        product.at(x="b", y="15 / 8 * (1 - b) - (b**2 * V + (1 - b)**2 + (1 - b))"),
    ],
    have=["1 - 2 * b - b**2 >= 0", "(b - 1 / 6) * (1 / 5 - b) >= 0", "b**2 * V <= b**2 + b**3"],
)
def moments_if_C_is_small(b: real, V: real) -> prop:
    """V is v before the large gradient, which makes it b V + (1 - b)^2 / b."""
    assume(b >= 1 / 6, b <= 1 / 5, V >= 0, 1 + b >= V)
    first = b**2 * V + (1 - b) ** 2 + (1 - b)
    return first <= 15 / 8 * (1 - b) and b * first + (1 - b) <= 11 / 8 * (1 - b)


@lemma(
    using=[
        product.at(x="b**2", y="1 + b - V"),
        product.at(x="b", y="1 - 2 * b - b**2"),
        product.at(x="b", y="2 * (1 - b) - (b**2 * V + (1 - b)**2 + (1 - b))"),
    ],
    have=["1 - 2 * b - b**2 >= 0", "b**2 * V <= b**2 + b**3"],
)
def moments(b: real, V: real) -> prop:
    assume(b > 0, b <= 1 / 5, V >= 0, 1 + b >= V)
    first = b**2 * V + (1 - b) ** 2 + (1 - b)
    return first <= 2 * (1 - b) and b * first + (1 - b) <= 1 + b - 2 * b**2


@lemma(
    using=[
        product.at(x="b**3", y="1 + b - V"),
        product.at(x="b", y="1 / 6 - b"),
        product.at(x="b**2", y="1 / 6 - b"),
        product.at(x="b**3", y="1 / 6 - b"),
    ],
    have=["b**3 >= 0"],
)
def moments_if_C_is_large(b: real, V: real) -> prop:
    assume(b > 0, b <= 1 / 6, V >= 0, 1 + b >= V)
    first = b**2 * V + (1 - b) ** 2 + (1 - b)
    return b * first + (1 - b) <= 263 / 200 * (1 - b)


@lemma(
    using=[
        product.at(x="n + m", y="u * z - A"),
        product.at(x="u * z", y="m * (n + 1) - (n + m)"),
        product.at(x="s**2", y="m * (n + 1) * u * z - (n + m) * A"),
        divided.at(a="(n + 1) * z", t="(1 + slack) * s**2 * m * u - (1 - slack) * w**2"),
        product.at(x="w**2", y="(1 - slack) - part**2 * m * u * (1 + slack)"),
        divided.at(a="m * u", t="s**2 - part**2 * w**2"),
        root_is_monotone.at(a="part * w", b="s"),
    ],
    have=[
        "(1 - slack) * aa <= s**2 * (m * (n + 1) * u * z)",
        "(n + 1) * z > 0",
        "((n + 1) * z) * ((1 + slack) * s**2 * m * u - (1 - slack) * w**2) >= 0",
        "m * u > 0",
        "(m * u) * (s**2 - part**2 * w**2) >= 0",
        "(part * w)**2 <= s**2",
    ],
)
def part_of_the_way(s: real, w: real, n: real, m: real, A: real, u: real, z: real, aa: real, part: real) -> prop:
    assume(s > 0, w >= 0, n >= 0, z > 0, u > 0, m >= 1, u * z >= A)
    assume(w**2 * ((n + 1) * z) <= (1 + slack) * aa, (1 - slack) * aa <= s**2 * ((n + m) * A))
    assume(part**2 * m * u * (1 + slack) <= 1 - slack)
    return part * w <= s


@lemma(
    using=[
        part_of_the_way.at(s="p", w="w", n="n", m="2", A="A", u="15 / 8", z="z", aa="aa", part="515 / 1000"),
        part_of_the_way.at(s="q", w="w", n="n", m="3", A="B", u="11 / 8", z="z", aa="aa", part="485 / 1000"),
        part_of_the_way.at(s="p", w="w", n="n", m="2", A="A", u="2", z="z", aa="aa", part="498 / 1000"),
        part_of_the_way.at(s="q", w="w", n="n", m="3", A="B", u="263 / 200", z="z", aa="aa", part="502 / 1000"),
    ],
    cases=["A <= 15 / 8 * z and B <= 11 / 8 * z"],
)
def both_ways_back(w: real, p: real, q: real, n: real, A: real, B: real, z: real, aa: real) -> prop:
    """A and B are the second moments after the first and the second small gradient."""
    assume(w >= 0, p > 0, q > 0, n >= 0, z > 0)
    assume((15 / 8 * z >= A and 11 / 8 * z >= B) or (2 * z >= A and 263 / 200 * z >= B))
    assume(w**2 * ((n + 1) * z) <= (1 + slack) * aa)
    assume((1 - slack) * aa <= p**2 * ((n + 2) * A), (1 - slack) * aa <= q**2 * ((n + 3) * B))
    return w <= p + q


@lemma(
    using=[
        moments.at(b="b", V="V"),
        moments_if_C_is_small.at(b="b", V="V"),
        moments_if_C_is_large.at(b="b", V="V"),
    ],
    cases=["b >= 1 / 6"],
)
def small_or_large(b: real, V: real, A: real, B: real) -> prop:
    assume(b > 0, b <= 1 / 5, V >= 0, 1 + b >= V)
    assume(b**2 * V + (1 - b) ** 2 + (1 - b) == A, b * A + (1 - b) == B)
    return (15 / 8 * (1 - b) >= A and 11 / 8 * (1 - b) >= B) or (2 * (1 - b) >= A and 263 / 200 * (1 - b) >= B)


@lemma(
    using=[
        small_or_large.at(b="b", V="V", A="A", B="B"),
        product.at(x="b", y="V"),
        product.at(x="s**2", y="n + 1"),
        product.at(x="s**2 * (n + 1)", y="b * V"),
        product.at(x="c", y="s"),
        both_ways_back.at(w="c * s", p="p", q="q", n="n", A="A", B="B", z="1 - b", aa="aa"),
    ],
    have=["(c * s)**2 * ((n + 1) * (1 - b)) <= (1 + slack) * aa"],
)
def one_period(b: real, c: real, V: real, n: real, s: real, p: real, q: real, A: real, B: real, aa: real) -> prop:
    """A and B are the second moments after the first and the second small gradient."""
    assume(c >= 2, b > 0, b <= 1 / 5, b * c**2 == 1 - b, V >= 0, 1 + b >= V, n >= 0, s > 0, p > 0, q > 0)
    assume(b**2 * V + (1 - b) ** 2 + (1 - b) == A, b * A + (1 - b) == B)
    assume(s**2 * ((n + 1) * (b * V + (1 - b) * c**2)) <= (1 + slack) * aa)
    assume((1 - slack) * aa <= p**2 * ((n + 2) * A), (1 - slack) * aa <= q**2 * ((n + 3) * B))
    return c * s <= p + q
