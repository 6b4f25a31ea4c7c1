r"""Worst cases shown by numbers: inner products and values that some functions of the classes have.

**What is checked.**  A rational Gram matrix of the free vectors is positive semidefinite, so vectors of R^n with these inner
products exist.  With given numbers, every relation of the classes between the points holds (``verify.kernel.interpolation``),
and so do the conditions and equations; for each quadratic the matrix of <w_i - mu u_i, L u_j - w_j> is positive semidefinite.
Then min performance > rate * initial refutes the statement, and min performance >= rate * initial > 0 shows that the rate is
attained, provided that functions of the classes with these values and gradients exist.

**That they exist** follows at once for

* an operator, which is its pairs, and an indicator, of the convex hull of its points, where the x_j - x_i have the largest
  distances;
* a curvature with L = inf: p(x) = max_j (p_j + <c_j, x - x_j>) has the values p_i and the subgradients c_i, and its other
  subgradients at any point are convex combinations of the c_j, hence not longer than ``M`` when mu = 0.  When mu <= 0, the
  maximum of p(x) + mu/2 |x|^2 and the largest lower bound is the function that is bounded below.

It is a theorem, which is cited and not checked here, for

* a curvature with a number L (Taylor, Hendrickx, Glineur 2017, Theorem 4, for mu >= 0; for other mu after the subtraction of
  mu/2 |x|^2), and with a lower bound and mu = -L (Drori, Shamir 2020, Theorem 7);
* a quadratic (Bousselmi, Hendrickx, Glineur 2024, on symmetric linear operators).

Other combinations of parameters are rejected here.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from verify.kernel.finding import Finding
from verify.kernel.interpolation import Form, Function
from verify.kernel.positive import semidefinite
from verify.kernel.terms import need, rational
from verify.kernel.theory import fields, listed
from verify.kernel.worst_case import Question, read

Json = Any

SMOOTH = "Taylor, Hendrickx, Glineur 2017, Smooth strongly convex interpolation, Theorem 4"
BELOW = "Drori, Shamir 2020, The complexity of finding stationary points, Theorem 7 (the number as recalled)"
QUADRATIC = "Bousselmi, Hendrickx, Glineur 2024, Interpolation conditions for linear operators, symmetric case"


def decide_gram(statement: Json, witness: Json) -> Finding:
    """The statement is false, or the rate attained, for some functions with these inner products and values."""
    question = read(statement)
    point, checked, given = admitted(question, witness)
    initial, least = point(question.initial), min(map(point, question.performance))
    bound = question.rate * initial
    need(least >= bound if question.attained else least > bound, "the performance", least, "is not more than", bound)
    need(initial > 0 or not question.attained, "the initial quantity is not positive:", initial)
    facts = (("performance", str(least)), ("initial", str(initial)), ("vectors", str(len(question.basis))))
    return Finding(question.attained, checked, facts, given)


def admitted(question: Question, witness: Json) -> tuple[Instance, int, tuple[str, ...]]:
    """An instance of the problem, the number of relations of its functions, and the theorems that are cited for it."""
    matrix, numbers = fields(witness, "gram", "values")
    size = len(question.basis)
    rows = [[rational(entry) for entry in listed(row, size)] for row in listed(matrix, size)]
    need(semidefinite(rows), "the Gram matrix is not positive semidefinite")
    values = dict(zip(question.values, map(rational, fields(numbers, *question.values)), strict=True))
    point = Instance(question, rows, values)
    checked = sum(admissible(point, name) for name in question.functions)
    need(all(point(form) >= 0 for form in question.conditions), "a condition does not hold")
    need(all(point(form) == 0 for form in question.equations), "an equation does not hold")
    given = dict.fromkeys(source for function in question.functions.values() for source in theorems(function))
    return point, checked, tuple(given)


class Instance:
    """The value of a form, for given inner products and numbers."""

    def __init__(self, question: Question, gram: list[list[Fraction]], values: dict[str, Fraction]) -> None:
        self.question, self.values = question, values
        self.vectors = {
            name: [Fraction(row.get(free, 0)) for free in question.basis] for name, row in question.vectors.items()
        }
        self.images = {name: [dot(entries, row) for row in gram] for name, entries in self.vectors.items()}

    def __call__(self, form: Form) -> Fraction:
        return sum((c * self.atom(*key) for key, c in form.items() if c), Fraction(0))

    def atom(self, *names: str) -> Fraction:
        if len(names) == 2:
            return dot(self.vectors[names[0]], self.images[names[1]])
        return self.values[names[0]] if names else Fraction(1)


def dot(u: list[Fraction], v: list[Fraction]) -> Fraction:
    return sum((s * t for s, t in zip(u, v, strict=True) if s and t), Fraction(0))


def admissible(point: Instance, name: str) -> int:
    """Reject unless all relations of a function hold; how many there are."""
    function = point.question.functions[name]
    labels = list(function.relations())
    for label in labels:
        equation, form = function.relation(*label)
        value = point(form)
        need(value == 0 if equation else value >= 0, "the relation", name, *label, "does not hold")
    if function.kind == "quadratic":
        points = function.points
        matrix = [[point(function.between(i, j)) for j in points] for i in points]
        need(semidefinite(matrix), "there is no quadratic", name, "with these gradients")
    return len(labels)


def theorems(function: Function) -> list[str]:
    """What is cited to have a function of this class with given values and gradients."""
    p = function.parameters
    if function.kind == "quadratic":
        need(not function.lower, "no interpolation theorem is known here for quadratics with a lower bound")
        return [QUADRATIC]
    if function.kind != "curvature":
        return []
    smooth = "L" in p
    need("M" not in p or (not smooth and p["mu"] == 0), "no interpolation theorem is known here for this class with M")
    if function.lower:
        need("M" not in p, "no interpolation theorem is known here for a lower bound with M")
        known = p["mu"] == -p["L"] if smooth else p["mu"] <= 0
        need(known, "no interpolation theorem is known here for this class with a lower bound")
    return [SMOOTH, *([BELOW] if function.lower else [])] if smooth else []
