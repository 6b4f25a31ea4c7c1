r"""Adam on a period of one large and two small gradients, which leads from 1 to 1; see ``adam_counterexample``.

The numbers ``h(t)`` are the steps alpha / sqrt((t + 1) v), known up to a slack, since roots are not rational.
"""

from __future__ import annotations

from claims.optimization.adam_moments import moments, one_period, slack
from claims.optimization.roots_and_quotients import divided
from claims.optimization.smooth_functions import product
from verify import arbitrary, assume, define, implies, induction, lemma, nat, prop, real


@arbitrary
def C() -> real: ...


@arbitrary
def alpha() -> real: ...


@arbitrary
def beta() -> real: ...


@arbitrary
def h(t: nat) -> real: ...


@define
def after_large(v: real) -> real:
    return beta() * v + (1 - beta()) * C() ** 2


@define
def after_small(v: real) -> real:
    return beta() * v + (1 - beta())


@define
def second(k: nat) -> real:
    return 0 if k == 0 else after_small(after_small(after_large(second(k - 1))))


@define
def setting() -> prop:
    return C() > 2 and alpha() > 0 and beta() * (1 + C() ** 2) == 1


@define
def step_length(s: real, t: nat, v: real) -> prop:
    """s is alpha / sqrt((t + 1) v), up to the slack."""
    return s > 0 and (1 - slack) * alpha() ** 2 <= s**2 * ((t + 1) * v) <= (1 + slack) * alpha() ** 2


@define
def adam(k: nat) -> prop:
    """The steps of the first k periods are those of Adam."""
    if k == 0:
        return True
    v = after_large(second(k - 1))
    return (
        adam(k - 1)
        and step_length(h(3 * (k - 1)), 3 * (k - 1), v)
        and step_length(h(3 * (k - 1) + 1), 3 * (k - 1) + 1, after_small(v))
        and step_length(h(3 * (k - 1) + 2), 3 * (k - 1) + 2, after_small(after_small(v)))
    )


@define
def projected(x: real) -> real:
    return max(-1, min(1, x))


@define
def left(x: real, t: nat) -> real:
    return projected(x - C() * h(t))


@define
def right(x: real, t: nat) -> real:
    return projected(x + h(t))


@define
def position(k: nat) -> real:
    return 1 if k == 0 else right(right(left(position(k - 1), 3 * (k - 1)), 3 * (k - 1) + 1), 3 * (k - 1) + 2)


@lemma(
    using=[divided.at(a="1 + C()**2", t="beta()"), divided.at(a="1 + C()**2", t="1 / 5 - beta()")],
    have=["C()**2 >= 4", "(1 + C()**2) * beta() >= 0", "(1 + C()**2) * (1 / 5 - beta()) >= 0"],
)
def range_of_beta() -> prop:
    assume(setting())
    return beta() > 0 and beta() <= 1 / 5 and beta() * C() ** 2 == 1 - beta()


@lemma(
    using=[
        range_of_beta,
        product.at(x="beta()", y="v"),
        product.at(x="beta()", y="beta() * v"),
        product.at(x="beta()", y="1 - beta()"),
    ],
    have=["after_small(after_large(v)) == beta()**2 * v + (1 - beta())**2 + (1 - beta())"],
)
def after_two(v: real) -> prop:
    assume(setting(), v >= 0)
    return (
        after_small(after_large(v)) == beta() ** 2 * v + (1 - beta()) ** 2 + (1 - beta())
        and after_small(after_large(v)) >= 0
    )


@lemma(
    by=induction("k"),
    using=[
        range_of_beta,
        after_two.at(v="second(k)"),
        moments.at(b="beta()", V="second(k)"),
        product.at(x="beta()", y="after_small(after_large(second(k)))"),
    ],
)
def second_range(k: nat) -> prop:
    assume(setting())
    return second(k) >= 0 and second(k) <= 1 + beta()


@lemma()
def meaning_of_a_step(s: real, t: nat, v: real) -> prop:
    assume(step_length(s, t, v))
    return (
        s > 0
        and s**2 * ((t + 1) * v) <= (1 + slack) * alpha() ** 2
        and s**2 * ((t + 1) * v) >= (1 - slack) * alpha() ** 2
    )


@lemma(
    using=[
        range_of_beta,
        second_range.at(k="k"),
        after_two.at(v="second(k)"),
        meaning_of_a_step,
        one_period.at(
            b="beta()",
            c="C()",
            V="second(k)",
            n="3 * k",
            s="h(3 * k)",
            p="h(3 * k + 1)",
            q="h(3 * k + 2)",
            A="after_small(after_large(second(k)))",
            B="after_small(after_small(after_large(second(k))))",
            aa="alpha()**2",
        ),
    ],
)
def the_way_back_is_longer(k: nat) -> prop:
    v = after_large(second(k))
    assume(setting(), step_length(h(3 * k), 3 * k, v), step_length(h(3 * k + 1), 3 * k + 1, after_small(v)))
    assume(step_length(h(3 * k + 2), 3 * k + 2, after_small(after_small(v))))
    return C() * h(3 * k) <= h(3 * k + 1) + h(3 * k + 2)


@lemma()
def projection(x: real) -> prop:
    return projected(x) <= 1 and implies(x <= 1, projected(x) >= x) and implies(x >= 1, projected(x) == 1)


@lemma(using=[projection], cases=["projected(1 - a) + p >= 1"])
def from_one_to_one(a: real, p: real, q: real) -> prop:
    assume(a >= 0, p >= 0, q >= 0, a <= p + q)
    return projected(projected(projected(1 - a) + p) + q) == 1


@lemma(
    using=[
        from_one_to_one.at(a="C() * h(3 * k)", p="h(3 * k + 1)", q="h(3 * k + 2)"),
        meaning_of_a_step,
        the_way_back_is_longer,
    ],
)
def period_from_one(k: nat) -> prop:
    v = after_large(second(k))
    assume(setting(), step_length(h(3 * k), 3 * k, v), step_length(h(3 * k + 1), 3 * k + 1, after_small(v)))
    assume(step_length(h(3 * k + 2), 3 * k + 2, after_small(after_small(v))))
    return projected(projected(projected(1 - C() * h(3 * k)) + h(3 * k + 1)) + h(3 * k + 2)) == 1
