r"""Worst cases in numbers: inner products and values that refute a bound or attain a rate (``verify.kernel.worst_case_gram``).

**A bound that is too small** leaves room: a Gram matrix and values with every inequality, and with performance above rate times
initial, by a margin s that a semidefinite program makes as large as it can.  Rounded to short fractions, they keep it;
equations are solved exactly.

**A rate that is attained exactly** leaves none.  The optimal Gram matrix is W^T D W for the echelon form W of its range, which is
rational when the range is (``verify.optimization.faces``); D and the values satisfy linear equations, one for each inequality
that is active in the solver's solution, and are found from these.

**A direction of growth** is a Gram matrix of the homogeneous problem with initial <= 0 and positive performance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Any

from verify.kernel.interpolation import Form, total
from verify.kernel.terms import Rejected
from verify.kernel.worst_case import Question, read
from verify.kernel.worst_case_gram import admitted, decide_gram
from verify.optimization.dual import Dual, dual
from verify.optimization.exact import ACCURACY, solve
from verify.optimization.faces import kernels
from verify.optimization.sdp import USABLE, Program, Proposal, essential, solved

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Json = Any

LARGEST = 1e3  # of a trace, where constants fix the scale
ACTIVE = (1e-7, 1e-6, 1e-5, 1e-8)
GROWTH = 1e-6
FACES = 8  # guesses of the range of an optimal Gram matrix that are tried
SHOWN = 6  # entries of a direction


@dataclass(frozen=True, eq=False)
class Constraints:
    """Forms that are zero and forms that are not negative: the relations of the classes, then the problem's own."""

    dual: Dual
    equal: list[Form]
    nonnegative: list[Form]

    @staticmethod
    def of(question: Question) -> Constraints:
        labels = [(name, label) for name, f in question.functions.items() for label in f.relations()]
        relations = [question.functions[name].relation(*label) for name, label in labels]
        equal = [form for equation, form in relations if equation]
        inequalities = [form for equation, form in relations if not equation]
        conditions, equations = question.conditions, question.equations
        return Constraints(dual(question, []), [*equal, *equations], [*inequalities, *conditions])

    def performance(self) -> list[Form]:
        """Performance minus rate times initial."""
        question = self.dual.question
        return [total((form, 1), (question.initial, -question.rate)) for form in question.performance]

    def values(self, found: Proposal) -> list[float]:
        """The forms that are not negative, and performance minus rate times initial, at a solution in floats."""
        import numpy as np

        constants, numbers, matrices = self.dual.floats([*self.nonnegative, *self.performance()])
        values = constants + np.tensordot(matrices, found.gram, 2) + numbers @ found.numbers
        return [float(x) for x in values]

    def homogeneous(self) -> bool:
        question = self.dual.question
        forms = (*self.equal, *self.nonnegative, *question.performance, question.initial)
        return not any(form.get(()) for form in forms)


def refute(statement: Json) -> Json | None:
    """A witness of ``worst-case-gram`` that decides the statement: against a bound, or for a rate that is attained."""
    question = read(statement)
    constraints = Constraints.of(question)
    witness = with_margin(statement, constraints)
    return witness if witness is not None or not question.attained else exactly(statement, constraints)


def accepted(statement: Json, witness: Json) -> bool:
    try:
        decide_gram(statement, witness)
    except Rejected:
        return False
    return True


def with_margin(statement: Json, constraints: Constraints) -> Json | None:
    """An instance inside of all inequalities, rounded."""
    question = constraints.dual.question
    strict = [*constraints.nonnegative, *constraints.performance(), *([question.initial] if question.attained else [])]
    return next((witness for witness in inner(constraints, strict) if accepted(statement, witness)), None)


def instance(question: Question) -> Json | None:
    """Inner products and values of some instance of the problem, whatever its performance."""
    constraints = Constraints.of(question)
    for witness in inner(constraints, constraints.nonnegative):
        try:
            admitted(question, witness)
        except Rejected:
            continue
        return witness
    return None


def inner(constraints: Constraints, strict: Sequence[Form]) -> Iterator[Json]:
    """Instances with these forms positive, if there are any, from coarsely to finely rounded."""
    found = primal(constraints, strict, margin=True)
    if found is None or found[0] <= 0:
        return
    _, gram, numbers = found
    size, names = len(gram), constraints.dual.question.values
    kept = [k for k in range(size) if gram[k, k] > 0]
    pairs = [(i, j) for i in kept for j in kept if i <= j]
    place = {pair: k for k, pair in enumerate(pairs)}
    rows = [exact_row(constraints.dual, form, place, names) for form in constraints.equal]
    rows = rows or [([Fraction(0)] * (len(pairs) + len(names)), Fraction(0))]
    solutions = solve([row for row, _ in rows], [b for _, b in rows])
    for entries in solutions.near([*(float(gram[i, j]) for i, j in pairs), *numbers]) if solutions else ():
        whole = {pair: str(entry) for pair, entry in zip(pairs, entries, strict=False)}
        matrix = [[whole.get((min(i, j), max(i, j)), "0") for j in range(size)] for i in range(size)]
        yield {"gram": matrix, "values": dict(zip(names, map(str, entries[len(pairs) :]), strict=True))}


def exact_row(
    dual: Dual, form: Form, place: dict[tuple[int, int], int], names: Sequence[str]
) -> tuple[list[Fraction], Fraction]:
    """The coefficients of a form in the entries of the Gram matrix and in the values, and minus its constant."""
    row = [Fraction(0)] * (len(place) + len(names))
    for key, coefficient in form.items():
        if len(key) == 2:
            for u, s in dual.question.vectors[key[0]].items():
                for v, t in dual.question.vectors[key[1]].items():
                    i, j = sorted((dual.basis[u], dual.basis[v]))
                    if (i, j) in place:
                        row[place[i, j]] += Fraction(coefficient) * s * t
        elif len(key) == 1:
            row[len(place) + names.index(key[0])] += Fraction(coefficient)
    return row, -Fraction(form.get((), 0))


def primal(
    constraints: Constraints, strict: Sequence[Form], *, margin: bool, objective: Sequence[Form] = ()
) -> tuple[float, Floats, Floats] | None:
    """The largest margin of the strict forms and of the Gram matrix (or the largest least objective), Gram (n, n), numbers."""
    import cvxpy as cp
    import numpy as np

    forms = [*constraints.equal, *strict, *objective]
    constants, numbers, matrices = constraints.dual.floats(forms)
    _, _, all_matrices = constraints.dual.floats([*forms, *constraints.nonnegative, *constraints.performance()])
    kept = essential(all_matrices)
    n, e = len(kept), len(constraints.equal)
    gram, v, s = cp.Variable((n, n), PSD=True), cp.Variable(max(numbers.shape[1], 1)), cp.Variable()
    numbers = numbers if numbers.shape[1] else np.zeros((len(forms), 1))
    inner = matrices[:, kept][:, :, kept].reshape(len(forms), n * n)
    value = constants + inner @ cp.vec(gram, order="C") + numbers @ v
    largest = 1.0 if constraints.homogeneous() else LARGEST
    rules = [cp.trace(gram) <= largest, cp.abs(v) <= 10 * largest, s <= largest]
    rules += [value[:e] == 0] if e else []
    m = e + len(strict)
    rules += [value[e:m] >= s, gram >> s * np.eye(n)] if margin else [value[e:m] >= 0, value[m:] >= s]
    rules += quadratics(constraints.dual, gram, kept, s if margin else 0)
    problem = cp.Problem(cp.Maximize(s), rules)
    if solved(problem) not in USABLE:
        return None
    whole = np.zeros((matrices.shape[1],) * 2)
    whole[np.ix_(kept, kept)] = gram.value
    return float(problem.value), whole, np.asarray(v.value)[: len(constraints.dual.question.values)]


def quadratics(dual: Dual, gram: Any, kept: Sequence[int], margin: Any) -> Iterator[Any]:
    """For each quadratic, the matrix of <w_i - mu u_i, L u_j - w_j> is positive semidefinite, with a margin."""
    import cvxpy as cp
    import numpy as np

    for function in dual.question.functions.values():
        points = function.points if function.kind == "quadratic" else []
        if len(points) > 1:
            size = len(points) - 1
            forms = [function.between(i, j) for i in points[1:] for j in points[1:]]
            _, _, matrices = dual.floats(forms)
            inner = matrices[:, kept][:, :, kept].reshape(len(forms), -1)
            entries = cp.reshape(inner @ cp.vec(gram, order="C"), (size, size), order="C")
            yield (entries + entries.T) / 2 - margin * np.eye(size) >> 0


# ------------------------------------------------------------------------------------------------ exact attainment


def exactly(statement: Json, constraints: Constraints) -> Json | None:
    """An instance where the rate is attained exactly, from the solver's optimal one."""
    question = constraints.dual.question
    labels = [(name, label) for name, f in question.functions.items() for label in f.relations()]
    best = Program.of(dual(question, labels)).least()
    if best.status not in USABLE:
        return None
    values = constraints.values(best)
    actives = dict.fromkeys(tuple(abs(x) < active for x in values) for active in ACTIVE)
    for kernel in islice(kernels(question, best, {}), FACES):
        for active in actives if kernel else ():
            witness = on_range(statement, constraints, best, kernel, active)
            if witness is not None:
                return witness
    return None


def on_range(
    statement: Json,
    constraints: Constraints,
    best: Proposal,
    kernel: list[tuple[Fraction, ...]],
    active: Sequence[bool],
) -> Json | None:
    """Exact D and values with Gram = W^T D W, from the active inequalities."""
    import numpy as np

    question, r = constraints.dual.question, len(kernel)
    w = np.array([[float(x) for x in row] for row in kernel])
    pinv = np.linalg.pinv(w)
    d = pinv.T @ best.gram @ pinv
    forms = [*constraints.nonnegative, *constraints.performance()]
    tight = [*constraints.equal, *(form for form, zero in zip(forms, active, strict=True) if zero)]
    places = {(i, j): k for k, (i, j) in enumerate((i, j) for i in range(r) for j in range(i, r))}
    rows, right = [], []
    for form, constant in [*((form, Fraction(0)) for form in tight), (question.initial, Fraction(1))]:
        row, b = range_row(constraints.dual, form, kernel, places)
        rows.append(row)
        right.append(b + constant)
    solutions = solve(rows, right)
    guess = [*(float(d[i, j]) for i, j in places), *best.numbers]
    for entries in solutions.near(guess) if solutions else ():
        if any(abs(float(x) - y) > ACCURACY * max(1.0, abs(y)) for x, y in zip(entries, guess, strict=True)):
            continue
        middle = [[entries[places[min(i, j), max(i, j)]] for j in range(r)] for i in range(r)]
        images = [
            [sum((middle[i][k] * kernel[k][a] for k in range(r)), Fraction(0)) for a in range(w.shape[1])]
            for i in range(r)
        ]
        gram = [
            [str(sum((kernel[i][a] * images[i][b] for i in range(r)), Fraction(0))) for b in range(w.shape[1])]
            for a in range(w.shape[1])
        ]
        witness = {"gram": gram, "values": dict(zip(question.values, map(str, entries[len(places) :]), strict=True))}
        if accepted(statement, witness):
            return witness
    return None


def range_row(
    dual: Dual, form: Form, kernel: Sequence[Sequence[Fraction]], places: dict[tuple[int, int], int]
) -> tuple[list[Fraction], Fraction]:
    """The coefficients of a form in D and in the values, and minus its constant."""
    names = dual.question.values
    row = [Fraction(0)] * (len(places) + len(names))
    for key, coefficient in form.items():
        if len(key) == 2:
            left, right = ([dual.along(name, w) for w in kernel] for name in key)
            for i, s in enumerate(left):
                for j, t in enumerate(right):
                    row[places[min(i, j), max(i, j)]] += Fraction(coefficient) * s * t
        elif len(key) == 1:
            row[len(places) + names.index(key[0])] += Fraction(coefficient)
    return row, -Fraction(form.get((), 0))


# ----------------------------------------------------------------------------------------------------------- growth


def growth(question: Question) -> str | None:
    """The direction in which the performance grows while the initial quantity does not, in words; None if none is found."""
    constraints = Constraints.of(question)
    bare = [{key: c for key, c in form.items() if key} for form in (*constraints.nonnegative, *constraints.equal)]
    homogeneous = Constraints(
        constraints.dual, bare[len(constraints.nonnegative) :], bare[: len(constraints.nonnegative)]
    )
    below: Form = total((question.initial, -1))
    found = primal(homogeneous, [*homogeneous.nonnegative, below], margin=False, objective=question.performance)
    if found is None or found[0] <= GROWTH:
        return None
    return along(question, found[1])


def leading(question: Question, witness: Json) -> str:
    """The main direction of a witness of ``worst-case-gram``, in words."""
    import numpy as np

    return along(question, np.array([[float(Fraction(x)) for x in row] for row in witness["gram"]]))


def along(question: Question, gram: Floats) -> str:
    """The largest entries of the leading eigenvector."""
    import numpy as np

    vector = np.linalg.eigh(gram)[1][:, -1]
    vector = vector / vector[np.abs(vector).argmax()]
    order = sorted(range(len(vector)), key=lambda k: -abs(vector[k]))[:SHOWN]
    return ", ".join(f"{question.basis[k]} = {vector[k]:.3g}" for k in sorted(order) if abs(vector[k]) > 1e-3)
