r"""Two least-squares problems that are convex and on which stochastic gradient descent has no rate n^(-1/2).

With one sample, SGD is gradient descent.  The model f(x) = theta x has the objective 0 for the sample (0, 0): nothing moves.
The model f(x) = theta^3 x has the objective theta^6 for the sample (1, 0), which is convex with the unique minimizer 0;
if u = theta^4 <= 1 and the step is at most 1/48, then u becomes at least u (1 - u / 2), so that 1/u grows by at most 1.
"""

from __future__ import annotations

from verify import arbitrary, assume, define, induction, lemma, nat, prop, real


@arbitrary
def rate(n: nat) -> real: ...


@define
def linear_gradient(theta: real, x: real, y: real) -> real:
    """Of (theta x - y)^2."""
    return 2 * x * (theta * x - y)


@define
def cubic_gradient(theta: real, x: real, y: real) -> real:
    """Of (theta^3 x - y)^2."""
    return 6 * theta**2 * x * (theta**3 * x - y)


@define
def linear_descent(n: nat, theta: real) -> real:
    """SGD with the sample x = y = 0 and the learning rates rate(0), rate(1), ..."""
    if n == 0:
        return theta
    return linear_descent(n - 1, theta) - rate(n - 1) * linear_gradient(linear_descent(n - 1, theta), 0, 0)


@define
def cubic_descent(n: nat) -> real:
    """SGD with the sample x = 1, y = 0, from theta = 1."""
    return 1 if n == 0 else cubic_descent(n - 1) - rate(n - 1) * cubic_gradient(cubic_descent(n - 1), 1, 0)


@define
def bounded_rates(n: nat) -> prop:
    """The first n learning rates are between 0 and 1/48."""
    return True if n == 0 else bounded_rates(n - 1) and 0 <= rate(n - 1) <= 1 / 48


@lemma(by=induction("n"))
def nothing_moves(n: nat, theta: real) -> prop:
    return linear_descent(n, theta) == theta


@lemma(have=["u * (1 / 8 - a) >= 0", "(a * u)**2 >= 0", "a * u <= u / 8"])
def a_factor(u: real, a: real) -> prop:
    assume(0 <= u <= 1, 0 <= a <= 1 / 8)
    return 0 <= 1 - a * u <= 1 and (1 - a * u) ** 2 >= 1 - u / 4


@lemma(have=["x**2 <= 1"])
def at_most_one(x: real) -> prop:
    assume(0 <= x <= 1)
    return x**4 <= 1


@lemma(
    using=[a_factor.at(u="u", a="a"), at_most_one.at(x="1 - a * u")],
    have=["(1 - u / 4)**2 >= 1 - u / 2", "((1 - a * u)**2)**2 >= (1 - u / 4)**2"],
)
def a_fourth_power(u: real, a: real) -> prop:
    assume(0 <= u <= 1, 0 <= a <= 1 / 8)
    return 1 - u / 2 <= (1 - a * u) ** 4 <= 1


@lemma(have=["u * (1 - u / 2) * (1 + u) >= u"])
def a_reciprocal(n: nat, u: real, v: real) -> prop:
    assume(0 <= u <= 1, v >= u * (1 - u / 2), (n + 1) * u >= 1)
    return (n + 2) * v >= 1


@lemma(
    by=induction("n"),
    using=[
        a_fourth_power.at(u="cubic_descent(n)**4", a="6 * rate(n)"),
        a_factor.at(u="cubic_descent(n)**4", a="6 * rate(n)"),
        a_reciprocal.at(
            n="n", u="cubic_descent(n)**4", v="cubic_descent(n)**4 * (1 - 6 * rate(n) * cubic_descent(n)**4)**4"
        ),
    ],
    have=["cubic_descent(n + 1) == cubic_descent(n) * (1 - 6 * rate(n) * cubic_descent(n)**4)"],
)
def slower_than_the_fourth_root(n: nat) -> prop:
    assume(bounded_rates(n))
    return (n + 1) * cubic_descent(n) ** 4 >= 1 and 0 <= cubic_descent(n) <= 1 and cubic_descent(n) ** 4 <= 1
