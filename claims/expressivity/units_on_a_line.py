r"""One hidden layer on the line, unit by unit: what the claim about its least size counts.

Every unit that is not constant is a multiple of ReLU(x - k) or of ReLU(k - x), and k is its kink.  Between two points that
no kink separates, the network is affine; its slope is the sum of the coefficients of all kinks passed, minus the sum of
those of all units that are active on the left.
"""

from __future__ import annotations

from verify import arbitrary, assume, define, implies, induction, lemma, nat, prop, real, relu


@arbitrary
def kink(i: nat) -> real: ...


@arbitrary
def coefficient(i: nat) -> real: ...


@arbitrary
def leftward(i: nat) -> nat: ...


@arbitrary
def output_bias() -> real: ...


@define
def unit(i: nat, x: real) -> real:
    """Active on the left of its kink if leftward(i) is not 0, otherwise on the right."""
    return relu(x - kink(i)) if leftward(i) == 0 else relu(kink(i) - x)


@define
def net(n: nat, x: real) -> real:
    return output_bias() if n == 0 else net(n - 1, x) + coefficient(n) * unit(n, x)


@define
def passed(i: nat, x: real) -> nat:
    return 1 if kink(i) <= x else 0


@define
def left(i: nat) -> nat:
    return 0 if leftward(i) == 0 else 1


@define
def kinks(n: nat, x: real) -> nat:
    """How many kinks lie on the left of x."""
    return 0 if n == 0 else kinks(n - 1, x) + passed(n, x)


@define
def left_kinks(n: nat, x: real) -> nat:
    """How many of them belong to units that are active on the left."""
    return 0 if n == 0 else left_kinks(n - 1, x) + left(n) * passed(n, x)


@define
def jumps(n: nat, x: real) -> real:
    """The sum of the coefficients of the kinks on the left of x."""
    return 0 if n == 0 else jumps(n - 1, x) + coefficient(n) * passed(n, x)


@define
def left_jumps(n: nat, x: real) -> real:
    return 0 if n == 0 else left_jumps(n - 1, x) + left(n) * (coefficient(n) * passed(n, x))


@define
def left_sum(n: nat) -> real:
    return 0 if n == 0 else left_sum(n - 1) + left(n) * coefficient(n)


@lemma()
def kinks_are_passed_once(i: nat, x: real, y: real) -> prop:
    assume(x <= y)
    return passed(i, x) <= passed(i, y) <= 1


@lemma(by=induction("n"), using=[kinks_are_passed_once])
def kinks_grow(n: nat, x: real, y: real) -> prop:
    assume(x <= y)
    return kinks(n, x) <= kinks(n, y) <= n


@lemma()
def unit_between_kinks(i: nat, x: real, y: real) -> prop:
    assume(x <= y, passed(i, x) == passed(i, y))
    return unit(i, y) - unit(i, x) == (passed(i, x) - left(i)) * (y - x)


@lemma(
    by=induction("n"),
    using=[kinks_grow.at(n="n", x="x", y="y"), kinks_are_passed_once.at(i="n + 1", x="x", y="y")],
)
def sums_without_a_kink(n: nat, x: real, y: real) -> prop:
    assume(x <= y, kinks(n, x) == kinks(n, y))
    return jumps(n, x) == jumps(n, y) and left_kinks(n, x) == left_kinks(n, y) and left_jumps(n, x) == left_jumps(n, y)


@define
def one_turn(n: nat, x: real, y: real) -> prop:
    """The sums grow as they do with one kink, whose unit is active on the left, or not."""
    more = left_kinks(n, y) - left_kinks(n, x)
    return left_jumps(n, y) - left_jumps(n, x) == more * (jumps(n, y) - jumps(n, x)) and 0 <= more <= 1


@lemma(
    using=[sums_without_a_kink.at(n="n", x="x", y="y")],
    have=["passed(n + 1, x) == 0", "passed(n + 1, y) == 1", "left(n + 1) <= 1"],
)
def the_last_kink(n: nat, x: real, y: real) -> prop:
    assume(x <= y, kinks(n, x) == kinks(n, y), passed(n + 1, x) + 1 == passed(n + 1, y))
    return one_turn(n + 1, x, y)


@lemma()
def another_kink(n: nat, x: real, y: real) -> prop:
    return implies(one_turn(n, x, y) and passed(n + 1, x) == passed(n + 1, y), one_turn(n + 1, x, y))


@lemma(
    using=[kinks_grow.at(n="n", x="x", y="y"), kinks_are_passed_once.at(i="n + 1", x="x", y="y")],
    cases=["passed(n + 1, x) == passed(n + 1, y)"],
)
def last_or_another(n: nat, x: real, y: real) -> prop:
    assume(x <= y, kinks(n + 1, x) + 1 == kinks(n + 1, y))
    return (passed(n + 1, x) == passed(n + 1, y) and kinks(n, x) + 1 == kinks(n, y)) or (
        passed(n + 1, x) + 1 == passed(n + 1, y) and kinks(n, x) == kinks(n, y)
    )


@lemma(
    by=induction("n"),
    using=[last_or_another.at(n="n", x="x", y="y"), the_last_kink, another_kink],
)
def sums_with_one_kink(n: nat, x: real, y: real) -> prop:
    assume(x <= y, kinks(n, x) + 1 == kinks(n, y))
    return one_turn(n, x, y)


@lemma(by=induction("n"), using=[kinks_grow.at(n="n", x="x", y="x")])
def sums_before_all_kinks(n: nat, x: real) -> prop:
    assume(kinks(n, x) == 0)
    return jumps(n, x) == 0 and left_kinks(n, x) == 0 and left_jumps(n, x) == 0


@lemma(
    by=induction("n"),
    using=[kinks_grow.at(n="n", x="x", y="x"), kinks_are_passed_once.at(i="n + 1", x="x", y="x")],
)
def sums_behind_all_kinks(n: nat, x: real) -> prop:
    assume(kinks(n, x) == n)
    return left_jumps(n, x) == left_sum(n)
