r"""One sample on a parabola: the first step leads from 3 e(0) to the minimizer, and the others stay there."""

from __future__ import annotations

from claims.optimization.orthonormal_vectors import e, orthonormal
from claims.optimization.preconditioned_steps import combination, coordinate, dimension, iterate, move
from claims.optimization.smooth_functions import PARABOLA
from claims.optimization.stochastic_coordinates import child, mean, sample, samples, w
from claims.optimization.stochastic_descent import factor
from claims.optimization.stochastic_moments import alpha, beta, label, moment, parent, root, sigma, xi
from verify import assume, define, induction, lemma, nat, prop, real, vec


@define
def node_before(h: nat) -> nat:
    return 0 if h == 0 else h - 1


@define
def point(t: nat) -> vec:
    return 3 * e(0) if t == 0 else 0 * e(0)


@define
def derivative(h: nat, p: nat, i: nat) -> real:
    return 3 if h == 0 else 0


@define
def second_moment(h: nat, i: nat) -> real:
    return 16 if h >= 2 else 25 * h


@define
def inverse_root(h: nat, i: nat) -> real:
    return 1 / 4 if h >= 2 else 1 / 5


@define
def length(t: nat, i: nat) -> real:
    return 0 if t >= 2 else 3 * t


@lemma(by=induction("h"))
def one_edge(h: nat, p: nat, i: nat) -> prop:
    s = inverse_root(h + 1, i)
    return s > 0 and s**2 * second_moment(h + 1, i) == 1 and length(h + 1, i) == 5 * s * derivative(h, p, i)


@lemma(by=induction("h"))
def next_node(h: nat) -> prop:
    assume(h >= 1)
    return node_before(h) + 1 == h


@lemma(by=induction("h"), have=["i == 0", "sq(e(0)) == 1", "mean(1, h, i) == derivative(h, 0, i)"])
def one_coordinate(h: nat, i: nat) -> prop:
    assume(orthonormal(1), i + 1 <= 1)
    return coordinate(h, i) == mean(1, h, i)


@lemma()
def one_direction(t: nat) -> prop:
    return combination(1, t) == length(t, 0) * e(0)


@lemma(by=induction("h"))
def one_step(h: nat) -> prop:
    return point(h + 1) == point(h) - length(h + 1, 0) * e(0)


@lemma(using=[one_direction.at(t="t + 1"), one_step.at(h="t")])
def all_steps(t: nat) -> prop:
    return iterate(t + 1) == iterate(t) - combination(1, t + 1)


RUN = {**PARABOLA, dimension: "1", samples: "1", w: "1", child: "h + 1", parent: node_before, label: "0"}
RUN |= {iterate: point, sample: derivative, moment: second_moment, factor: inverse_root, move: length}
RUN |= {alpha: "5", beta: "0", xi: "16", sigma: "3", root: "5"}
