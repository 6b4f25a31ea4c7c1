r"""Where a worst case lives: rational vectors that span the range of its Gram matrix, hence lie in the kernel of S.

They come from what is known exactly, and else from the solver's Gram matrix:

* vectors of a worst case that the author knows (``Hints``): the coordinates of all free vectors along an axis;
* quadratics on the line of extreme curvature, f(x) = c x^2 / 2 with c = mu or c = L, which are the worst cases of strongly
  convex problems: the program is run on them exactly, so that entries like (9/10)^10 are right, which no rounding of floats
  of eight digits would find;
* the echelon form of the range of the solver's Gram matrix, or of what it has beside the vectors that are known.  Its entries do not depend on the basis in which the solver found
  the range, and they are rational if the range is; they are identified by their continued fractions, with several tolerances.

A candidate is used if w^T S w vanishes in floats.  Whether it was right is decided by what follows exactly from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from verify.kernel.worst_case import Question

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from verify.optimization.sdp import Proposal

    Floats = NDArray[np.float64]

Vector = tuple[Fraction, ...]
VANISHING = 1e-6  # of w^T S w, relative to the sizes of both
TOLERANCES = (1e-5, 1e-4, 1e-7, 1e-3, 1e-2)  # of eigenvalues, relative to the largest
RATIONAL = (
    (12, 1e-2),
    (10**2, 1e-3),
    (10**4, 1e-4),
    (10**6, 1e-5),
)  # largest denominators, and misfits that are allowed
COMBINATIONS = 16  # of extreme curvatures


def kernels(question: Question, proposal: Proposal, hints: Mapping[str, Sequence[Fraction]]) -> Iterator[list[Vector]]:
    """Guesses of vectors that span the kernel of S, without repetition; the last is the empty one."""
    import numpy as np

    known = independent([w for w in candidates(question, hints) if vanishing(proposal.slack, w)])
    sizes = np.linalg.eigvalsh(proposal.gram)
    rank = int((sizes > TOLERANCES[0] * sizes[-1]).sum())
    seen: list[list[Vector]] = []
    identified = [found for tolerance in TOLERANCES for found in echelons(proposal.gram, tolerance)]
    more = [found for tolerance in TOLERANCES for found in completed(known, proposal.gram, tolerance)]
    for guess in [known, *identified, *more] if len(known) >= rank else [*more, *identified, known]:
        if guess and guess not in seen:
            seen.append(guess)
            yield guess
    yield []


def candidates(question: Question, hints: Mapping[str, Sequence[Fraction]]) -> Iterator[Vector]:
    """The hints axis by axis, and the quadratics of extreme curvature from each free starting vector."""
    if set(question.basis) <= hints.keys():
        for axis in range(max(len(hints[name]) for name in question.basis)):
            yield tuple(hints[name][axis] if axis < len(hints[name]) else Fraction(0) for name in question.basis)
    curved = [name for name, f in question.functions.items() if f.kind in ("curvature", "quadratic")]
    extremes = [
        sorted({f.parameters["mu"], f.parameters.get("L", Fraction(0))})
        for f in map(question.functions.get, curved)
        if f
    ]
    for curvatures in list(product(*extremes))[:COMBINATIONS]:
        yield from on_quadratics(question, dict(zip(curved, curvatures, strict=True)))


def on_quadratics(question: Question, curvature: Mapping[str, Fraction]) -> Iterator[Vector]:
    """The free vectors, when every function is c x^2 / 2 on the line, from each free starting vector that is no gradient."""
    gradients = {p.g: (name, p.x) for name, f in question.functions.items() for p in f.points}
    starts = [v for v in question.basis if v not in gradients]
    for start in starts:
        line: dict[str, Fraction] = {v: Fraction(v == start) for v in starts}
        for v in question.basis:
            if v in line:
                continue
            name, x = gradients[v]
            row = question.vectors[x]
            if not set(row) <= {*line, v}:
                break
            rest = sum((Fraction(c) * line[u] for u, c in row.items() if u != v), Fraction(0))
            c = curvature.get(name, Fraction(0))
            if (own := 1 - c * row.get(v, 0)) == 0:
                break
            line[v] = c * rest / own
        if len(line) == len(question.basis) and any(line.values()):
            yield tuple(line[v] for v in question.basis)


def vanishing(slack: Floats, w: Vector) -> bool:
    """Whether w^T S w is zero, up to the accuracy of the solver."""
    import numpy as np

    vector = np.array([float(x) for x in w])
    size = float(np.linalg.norm(slack, 2)) * float(vector @ vector)
    return bool(size > 0 and abs(vector @ slack @ vector) <= VANISHING * size)


def independent(vectors: Sequence[Vector]) -> list[Vector]:
    """Vectors of the list that span the same space."""
    from verify.optimization.exact import solve

    found: list[Vector] = []
    for w in vectors:
        if not any(w):
            continue
        rows = [[v[k] for v in found] for k in range(len(w))]
        if not found or solve(rows, list(w)) is None:
            found.append(w)
    return found


def completed(known: list[Vector], gram: Floats, tolerance: float) -> Iterator[list[Vector]]:
    """Known vectors, and the echelon form of what the range of the Gram matrix has beside them."""
    import numpy as np

    from verify.optimization.exact import solve

    values, vectors = np.linalg.eigh(gram)
    rows = vectors[:, values > tolerance * values[-1]].T if len(values) else vectors
    if not 0 < len(known) < len(rows):
        return
    echelon = solve([list(w) for w in known], [Fraction(0)] * len(known))
    assert echelon is not None
    basis = np.zeros((len(known), rows.shape[1]))
    for i, (pivot, (_, others)) in enumerate(echelon.pivots.items()):
        basis[i, pivot] = 1
        for k, x in others.items():
            basis[i, k] = float(x)
    rest = rows - rows[:, list(echelon.pivots)] @ basis
    _, sizes, axes = np.linalg.svd(rest)
    axes = axes[: len(rows) - len(known)]
    if sizes[len(axes) - 1] > tolerance:
        yield from ([*known, *found] for found in echelons(axes.T @ axes, 0.5))


def echelons(gram: Floats, tolerance: float) -> Iterator[list[Vector]]:
    """The echelon form of the range of a Gram matrix, with entries of small denominators."""
    import numpy as np

    values, vectors = np.linalg.eigh(gram)
    if not len(values) or values[-1] <= 0:
        return
    rows = vectors[:, values > tolerance * values[-1]].T.copy()
    done: list[int] = []
    for i in range(len(rows)):
        sizes = np.abs(rows[i:])
        sizes[:, done] = 0
        best, column = divmod(int(np.argmax(sizes)), sizes.shape[1])
        rows[[i, i + best]] = rows[[i + best, i]]
        rows[i] /= rows[i, column]
        others = [k for k in range(len(rows)) if k != i]
        rows[others] -= np.outer(rows[others, column], rows[i])
        done.append(column)
    for most, misfit in RATIONAL:
        found = [tuple(Fraction(float(x)).limit_denominator(most) for x in row) for row in rows]
        exact = np.array([[float(x) for x in row] for row in found])
        if np.abs(exact - rows).max() < misfit:
            yield found


def null_space(matrix: Floats, small: float) -> Iterator[list[Vector]]:
    """Rational vectors that span the kernel of a positive semidefinite matrix in floats, as they seem to be."""
    import numpy as np

    values, vectors = np.linalg.eigh(matrix)
    kernel = vectors[:, values < small * max(values[-1], small)]
    if kernel.shape[1]:
        yield from echelons(kernel @ kernel.T, 0.5)
