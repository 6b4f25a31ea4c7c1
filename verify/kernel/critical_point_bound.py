r"""Global minima of deep linear networks, by a projection and a threshold.

The loss and the words are those of ``verify.kernel.critical_point``; write A = W_H ... W_1, d for the least of all widths, and
|.| for the Frobenius norm.

**Without hidden layers in the way** (the witness is empty).  If E X^T = 0, where E = c o (A X - Y), then the convex function
A -> 1/2 sum c_ij (A X - Y)_ij^2 has the gradient zero at A, so no matrix and in particular no network has a smaller loss.

**A projection** (all masses 1).  The witness is a matrix B, a matrix P and a number mu >= 0 with

    B X X^T = Y X^T,    P = P^T = P^2,    trace P = d,    A X = P B X,    (2 P - I)(M - mu I) symmetric and positive
                                                                       semidefinite, where M = B X X^T B^T.

Then W is a global minimum.  *Proof.*  Let Z = B X, so that M = Z Z^T.  The rows of Y - Z are orthogonal to those of X, so
|A' X - Y|^2 = |A' X - Z|^2 + |Z - Y|^2 for every matrix A'.  If A' is a product of weights of these shapes, its rank is at
most d, and |A' X - Z|^2 >= |(I - Q) Z|^2 = tr M - tr Q M, where Q is the orthogonal projection onto the range of A' X, and
tr Q <= d.  Here equality holds for A' = A and Q = P, because A X = P Z.  It remains to see that tr Q M <= tr P M (Ky Fan 1949).
The product of the symmetric matrices 2 P - I and M - mu I is symmetric, so they commute, and so do P and M; hence
M - mu I = S - R with S = P (M - mu I) P and R = -(I - P)(M - mu I)(I - P), and (2 P - I)(M - mu I) = S + R.  As the ranges
of S and R are orthogonal, both are positive semidefinite.  Since 0 <= Q <= I,

    tr Q (M - mu I) = tr Q S - tr Q R <= tr S = tr P (M - mu I),

so tr Q M <= tr P M + mu (tr Q - tr P) <= tr P M, as mu >= 0 and tr Q <= d = tr P.  This is the theorem of Eckart and
Young (1936), with P onto the singular vectors whose squared singular values are at least mu.

A global minimum is no saddle, and it is a local minimum.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from verify.kernel.critical_point import GLOBAL, asked
from verify.kernel.critical_point_loss import Loss, combination, identity, product, read_matrix, transpose
from verify.kernel.finding import Finding
from verify.kernel.positive import semidefinite
from verify.kernel.terms import need, rational
from verify.kernel.theory import fields

Json = Any


def decide_bound(statement: Json, witness: Json) -> Finding:
    """The weights are a global minimum, so what is said of them is true or false."""
    loss, says = asked(statement)
    facts = [("loss", str(loss.value()))]
    if witness == {}:
        error = product(loss.weighted(loss.residual()), transpose(loss.inputs))
        need(not any(map(any, error)), "the gradient by the product of the weights is not zero")
    else:
        facts.append(("threshold", str(threshold(loss, witness))))
    return Finding(says == GLOBAL, loss.depth, tuple(facts))


def threshold(loss: Loss, witness: Json) -> Fraction:
    """mu, if the projection shows that the weights are a global minimum."""
    need(loss.masses is None, "with masses, a projection proves nothing")
    fit, kept, bound = fields(witness, "fit", "kept", "threshold")
    inputs, size = loss.inputs, len(loss.targets)
    b, p, mu = read_matrix(fit, size, len(inputs)), read_matrix(kept, size, size), rational(bound)
    explained, moments = product(b, inputs), transpose(inputs)
    need(product(explained, moments) == product(loss.targets, moments), "the fit does not solve the normal equations")
    need(p == transpose(p) == product(p, p), "this is no orthogonal projection")
    rank, least = sum(row[i] for i, row in enumerate(p)), min(loss.widths)
    need(rank == least, "the projection has rank", rank, "and the least width is", least)
    need(loss.below()[-1] == product(p, explained), "the output is not the projection of the fit")
    need(mu >= 0, "the threshold is negative:", mu)
    second = combination(product(explained, transpose(explained)), identity(size), -mu)
    reflected = product(combination(p, combination(identity(size), p, -1), -1), second)
    need(reflected == transpose(reflected), "the projection does not commute with the second moments of the fit")
    need(semidefinite(reflected), "the projection does not keep the largest singular values, divided by", mu)
    return mu
