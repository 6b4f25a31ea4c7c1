r"""Bounds of worst cases, for all functions of given classes, proved by multipliers of their inequalities.

**Multipliers** (Drori and Teboulle 2014; Taylor, Hendrickx and Glineur 2017).  Let q_k >= 0 be the inequalities of the
classes and the conditions, e_l = 0 the equations, K the matrix of a quadratic, which is positive semidefinite.  If

    rate * initial - sum_i a_i performance_i - sum_k m_k q_k - sum_l n_l e_l - <P, K> = <S, Gram> + c

identically, with a_i >= 0 of sum 1, m_k >= 0, P and S positive semidefinite, c >= 0 and no number left, then the statement
holds: Gram, the matrix of the inner products of the free vectors, is positive semidefinite, so the right side is not
negative, and sum_i a_i performance_i is at least the minimum.  The witness has a, m, n and P only.  Everything else is made
here from the statement, so that a wrong multiplier leaves a number, or an S that is not positive semidefinite.

The same for a rate less than the stated one refutes that the stated rate is attained.

**Something is bounded.**  A bound under conditions that contradict each other would say nothing.  Where the conditions do not
hold with all vectors and numbers zero, the witness has an instance, inner products and values as in
``verify.kernel.worst_case_gram``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from verify.kernel.finding import Finding
from verify.kernel.interpolation import Form, Number, total
from verify.kernel.positive import integral, semidefinite, semidefinite_integral
from verify.kernel.terms import need, rational
from verify.kernel.theory import fields, listed
from verify.kernel.worst_case import Question, read
from verify.kernel.worst_case_gram import admitted

Json = Any


def decide_multipliers(statement: Json, witness: Json) -> Finding:
    """A bound, by multipliers: of the stated rate, or of a smaller one, which is then not attained."""
    question = read(statement)
    names = ("weights", "multipliers", "conditions", "equations", "matrices")
    rate, satisfied = question.rate, "at zero"
    given: tuple[str, ...] = ()
    if question.attained:
        *parts, smaller = fields(witness, *names, "rate")
        rate = rational(smaller)
        need(rate < question.rate, "the bound is not less than", question.rate)
    elif holds_at_zero(question):
        parts = fields(witness, *names)
    else:
        *parts, instance = fields(witness, *names, "instance")
        _, _, given = admitted(question, instance)
        satisfied = "by an instance"
    slack, count = remainder(question, rate, *parts)
    left = [key[0] for key, coefficient in slack.items() if len(key) == 1 and coefficient]
    need(not left, "numbers are left:", *left)
    need(slack.get((), 0) >= 0, "the constant that is left is negative:", slack.get(()))
    need(semidefinite_integral(gram(slack, question)), "the matrix that is left is not positive semidefinite")
    facts = (("multipliers", str(count)), ("vectors", str(len(question.basis))), ("satisfied", satisfied))
    return Finding(not question.attained, count, facts, given)


def remainder(
    question: Question,
    rate: Fraction,
    weights: Json,
    multipliers: Json,
    conditions: Json,
    equations: Json,
    matrices: Json,
) -> tuple[Form, int]:
    """rate * initial minus everything that has a multiplier, and how many multipliers there are."""
    parts: list[tuple[Form, Number]] = [(question.initial, rate)]
    alphas = [rational(weight) for weight in listed(weights, len(question.performance))]
    need(min(alphas) >= 0 and sum(alphas) == 1, "weights are not negative and have the sum 1")
    parts += [(form, -weight) for form, weight in zip(question.performance, alphas, strict=True)]
    for name, text in (listed(entry, 2) for entry in listed(multipliers)):
        equation, form = question.relation(name)
        need(equation or rational(text) >= 0, "the multiplier of", name, "is negative")
        parts.append((form, -rational(text)))
    for form, text in zip(question.conditions, listed(conditions, len(question.conditions)), strict=True):
        need(rational(text) >= 0, "the multiplier of a condition is negative")
        parts.append((form, -rational(text)))
    for form, text in zip(question.equations, listed(equations, len(question.equations)), strict=True):
        parts.append((form, -rational(text)))
    for name, rows in (listed(entry, 2) for entry in listed(matrices)):
        function = question.functions[name]
        need(function.kind == "quadratic", "there is a matrix for quadratics only, and not for", name)
        size = len(function.points)
        matrix = [[rational(entry) for entry in listed(row, size)] for row in listed(rows, size)]
        need(semidefinite(matrix), "the matrix of", name, "is not positive semidefinite")
        entries = ((i, j) for i in range(size) for j in range(size) if matrix[i][j])
        parts += [(function.between(function.points[i], function.points[j]), -matrix[i][j]) for i, j in entries]
    return total(*parts), len(parts) - 1


def gram(form: Form, question: Question) -> list[list[int]]:
    """A positive multiple of the symmetric matrix S with <S, Gram> = the quadratic part of a form, in the free vectors."""
    names = sorted({name for key, c in form.items() if len(key) == 2 and c for name in key})
    rows, _ = integral([[question.vectors[n].get(free, 0) for free in question.basis] for n in names])
    place = {name: k for k, name in enumerate(names)}
    middle: list[list[Number]] = [[0] * len(names) for _ in names]
    for (u, v), coefficient in ((key, c) for key, c in form.items() if len(key) == 2 and c):
        middle[place[u]][place[v]] += coefficient
        middle[place[v]][place[u]] += coefficient
    return congruent(integral(middle)[0], rows)


def congruent(middle: list[list[int]], rows: list[list[int]]) -> list[list[int]]:
    """V^T M V for the rows of V, of integers, with few zeros left out."""
    width = len(rows[0]) if rows else 0
    result = [[0] * width for _ in range(width)]
    for entries, row in zip(middle, rows, strict=True):
        used = [(entry, other) for entry, other in zip(entries, rows, strict=True) if entry]
        image = [sum(entry * other[j] for entry, other in used) for j in range(width)]
        for i, factor in enumerate(row):
            if factor:
                result[i] = [old + factor * new for old, new in zip(result[i], image, strict=True)]
    return result


def holds_at_zero(question: Question) -> bool:
    """Whether the conditions and equations hold where all vectors and numbers are zero, as the classes allow."""
    constants = [form.get((), 0) for form in question.conditions]
    return min(constants, default=0) >= 0 and not any(form.get((), 0) for form in question.equations)
