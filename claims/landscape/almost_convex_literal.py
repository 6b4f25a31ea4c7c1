r"""“If the networks are nearly convex, every local minimum is almost a global minimum” (Grohs 2017): a curve has bad ones.

A curve that goes to and fro through the unit square, in rows of distance 1/n, comes close to every point of it, and hence to all
convex combinations of its points.  Along each row the squared error for the labels (1/2, 0) has a strict local minimum, in the middle;
so there are n + 1 of them, and the value in the last row does not depend on n.
"""

from __future__ import annotations

from claims.landscape.local_global_literal import tied
from claims.landscape.open_parametrizations import positive_product, product, weighted_square
from claims.optimization.roots_and_quotients import square_is_nonnegative
from verify import Claim, assume, cite, define, implies, induction, lemma, nat, prop, real

claim = Claim(
    "almost-convex-observation-literal",
    title="Local minima over nearly convex sets of networks, in any small neighbourhood",
    statement=r"If each convex combination of two networks has a distance of at most $\varepsilon$ from some network, then each local "
    r"minimum of the mean squared error is a global minimum up to an error that vanishes with $\varepsilon$.",
    source=cite(
        "grohs2017",
        "Observation after Kawaguchi's theorem",
        quote="If NN is nearly convex (meaning that convex combinations of neural networks can be very well approximated by "
        "neural networks) then every local minimum is almost a global minimum.",
    ),
    expect="refuted",
    remarks="A function is given by its values (x, y) at two inputs. The networks are those with the values on the curve, such as "
    "the affine functions with these values: their two weights depend on one parameter, the length along the curve, "
    "continuously and linearly in pieces. See almost-convex-observation for what is true.",
    symbols={
        r"\mathrm{side}(k)": "the first coordinate at the start of row k, which is 0 or 1",
        r"\mathrm{across}(k, s)": "the first coordinate after the part s of row k, whose second coordinate is k/n; then the "
        "curve goes up to row k + 1",
        r"\mathrm{error}(x, y)": "the mean squared error for the labels 1/2 and 0",
        r"\mathrm{nearest}(n, u)": "the natural number up to n that is closest to u",
    },
)


@define
def side(k: nat) -> real:
    return 0 if k == 0 else 1 - side(k - 1)


@define
def across(k: nat, s: real) -> real:
    return (1 - s) * side(k) + s * side(k + 1)


@define
def error(x: real, y: real) -> real:
    return ((x - 1 / 2) ** 2 + (y - 0) ** 2) / 2


@define
def nearest(n: nat, u: real) -> nat:
    if n == 0:
        return 0
    return n if u >= n - 1 / 2 else nearest(n - 1, u)


@lemma(by=induction("k"))
def left_or_right(k: nat) -> prop:
    return side(k) == 0 or side(k) == 1


# ------------------------------------------------------------------------------------------- the curve


@claim.disproof(
    "the curve: row k lies at the height k/n, with ends at 0 and 1; from its end the curve goes straight up, to the start of row k + 1; "
    "it stays in the unit square, which is convex",
    using=[
        left_or_right.at(k="k"),
        product.at(a="n - k", b="e"),
        product.at(a="n - k - s", b="e"),
        product.at(a="s", b="e"),
    ],
    cases=["side(k) == 0", "k + 1 <= n"],
)
def a_curve_in_the_square(n: nat, e: real, k: nat, s: real) -> prop:
    """e is 1/n."""
    assume(n * e == 1, e > 0, k <= n, 0 <= s <= 1)
    ends = across(k, 0) == side(k) and across(k, 1) == side(k + 1)
    return ends and 0 <= across(k, s) <= 1 and 0 <= k * e <= 1 and implies(k + 1 <= n, 0 <= (k + s) * e <= 1)


@claim.disproof(
    "there is a row k at a distance of at most 1/(2n) from any height y, $0 \\le y \\le 1$: the natural number k closest to n y",
    by=induction("n"),
)
def a_closest_row(n: nat, u: real) -> prop:
    assume(0 <= u <= n + 1 / 2)
    return nearest(n, u) <= n and -1 / 2 <= u - nearest(n, u) <= 1 / 2


@claim.disproof(
    "so each point (x, y) of the square, and hence each convex combination of points of the curve, has a distance of at "
    "most $\\varepsilon = 1/(2n)$ from a point of the curve, that of row k with the same x",
    using=[
        left_or_right.at(k="k"),
        product.at(a="e", b="1 / 2 - (n * y - k)"),
        product.at(a="e", b="1 / 2 + (n * y - k)"),
    ],
    cases=["side(k) == 0"],
)
def nearly_convex(n: nat, e: real, k: nat, x: real, y: real) -> prop:
    assume(n * e == 1, e > 0, 0 <= x <= 1, -1 / 2 <= n * y - k <= 1 / 2)
    return 0 <= across(k, x) <= 1 and across(k, across(k, x)) == x and -e / 2 <= y - k * e <= e / 2


# ------------------------------------------------------------------------------------------- its local minima


@claim.disproof(
    "the middle of each row is a strict local minimum in the parameter: the least point of its row",
    using=[
        left_or_right.at(k="k"),
        positive_product.at(a="s - 1 / 2", b="s - 1 / 2"),
        positive_product.at(a="1 / 2 - s", b="1 / 2 - s"),
    ],
    cases=["side(k) == 0", "s > 1 / 2"],
)
def the_middle_of_a_row(k: nat, e: real, s: real) -> prop:
    assume(s != 1 / 2)
    return error(across(k, 1 / 2), k * e) < error(across(k, s), k * e)


@lemma(
    using=[product.at(a="j - k - 1", b="j - k + 1"), product.at(a="e**2", b="(j - k - 1) * (j - k + 1)")],
    have=["e**2 >= 0"],
)
def distance_of_rows(j: nat, k: nat, e: real) -> prop:
    assume(j > k)
    return (j * e - k * e) ** 2 >= e**2


@claim.disproof(
    "it is one among the functions, too, for $n \\ge 2$: of those at a distance less than 1/n, none on a row is better, whichever "
    "row it is; and all on the ways up, where the first coordinate is 0 or 1, have a distance of at least 1/n",
    using=[
        distance_of_rows.at(j="j", k="k", e="e"),
        distance_of_rows.at(j="k", k="j", e="e"),
        square_is_nonnegative.at(t="across(j, s) - 1 / 2"),
        left_or_right.at(k="j + 1"),
        product.at(a="n - 2", b="e"),
        product.at(a="1 / 2 - e", b="1 / 2 + e"),
        square_is_nonnegative.at(t="v - k * e"),
    ],
    cases=["side(j + 1) == 0", "j > k", "j < k"],
)
def none_close_to_it_is_better(n: nat, e: real, k: nat, j: nat, s: real, v: real) -> prop:
    assume(n * e == 1, e > 0, n >= 2)
    close = (across(j, s) - 1 / 2) ** 2 + (j * e - k * e) ** 2 < e**2
    no_better = implies(close, error(across(j, s), j * e) >= error(1 / 2, k * e))
    return no_better and (side(j + 1) - 1 / 2) ** 2 + (v - k * e) ** 2 >= e**2


@claim.disproof(
    "the middle of the last row has the error $\\frac12$, for every n, and that of the first row the error 0, the global minimum",
    using=[left_or_right.at(k="n"), left_or_right.at(k="0")],
    cases=["side(n) == 0"],
)
def far_from_the_global_minimum(n: nat, e: real) -> prop:
    assume(n * e == 1)
    return error(across(n, 1 / 2), n * e) == 1 / 2 and error(across(0, 1 / 2), 0 * e) == 0


@claim.disproof(
    "with $\\varepsilon = 0$ it is no better, where the parametrization folds: the networks $x \\mapsto a \\cdot a \\cdot b \\, x$ are all "
    "linear functions, and for the label -c at 1, $c > 0$, each $(0, b)$ with $b > 0$ is a local minimum with the error $c^2$",
    using=[
        weighted_square.at(c="beta", d="a"),
        product.at(a="c", b="a * a * beta"),
        product.at(a="a * a * beta", b="a * a * beta"),
    ],
)
def exactly_convex(a: real, b: real, beta: real, c: real) -> prop:
    """The weights (a, beta) with |beta - b| < b are no better, and (1, -c) has the error 0."""
    assume(b > 0, abs(beta - b) < b, c > 0)
    return tied(1, c) == c and (tied(0, b) + c) ** 2 == c**2 <= (tied(a, beta) + c) ** 2 and tied(1, -c) + c == 0


# ------------------------------------------------------------------------------------------- what must fail


@claim.mutant(replaces=nearly_convex)
def twice_as_close(n: nat, e: real, k: nat, x: real, y: real) -> prop:
    """A distance of 1/(4n) at most"""
    assume(n * e == 1, e > 0, 0 <= x <= 1, -1 / 2 <= n * y - k <= 1 / 2)
    return 0 <= across(k, x) <= 1 and across(k, across(k, x)) == x and -e / 4 <= y - k * e <= e / 4


@claim.mutant(replaces=error)
def another_label(x: real, y: real) -> real:
    """The labels 2 and 0: only ends of rows are minimal"""
    return ((x - 2) ** 2 + (y - 0) ** 2) / 2
