r"""The dual of a performance-estimation problem, in exact columns that are read from the kernel.

A bound  min performance <= t * initial  is proved by multipliers y of the relations of the classes, of the conditions and of
the equations (``verify.kernel.worst_case_multipliers``).  Each multiplier has a column: the form that it subtracts.  With t
and y,

    t * initial - sum_k y_k form_k  =  <S(t, y), Gram> + <numbers, r(t, y)> + c(t, y),

where S, r and c are affine.  The smallest t with r = 0, c >= 0, S positive semidefinite, y_k >= 0 where the relation is an
inequality, and weights of sum 1, is the best bound that the inequalities give, and it is the worst case itself where they are
sufficient (Taylor, Hendrickx and Glineur 2017, Theorem 6).

No form is written a second time here: what is proposed to the kernel is made of the kernel's own forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from verify.kernel.interpolation import Form
from verify.kernel.worst_case import Question

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Json = Any


@dataclass(frozen=True)
class Column:
    """What has a multiplier: its name ("f pair 0 1", "condition 2", "equation 0", "weight 0", or "f matrix 1 2" for an entry of
    the matrix of a quadratic), its form, and whether the multiplier may have any sign."""

    name: str
    form: Form
    free: bool


@dataclass(frozen=True, eq=False)
class Dual:
    """The columns that are considered, weights first, and the question they are about."""

    question: Question
    columns: tuple[Column, ...]

    @cached_property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @cached_property
    def place(self) -> dict[str, int]:
        return {name: k for k, name in enumerate(self.names)}

    @cached_property
    def blocks(self) -> dict[str, list[list[int]]]:
        """For each quadratic with a matrix, the places of its entries."""
        found = {}
        for name, function in self.question.functions.items():
            size = len(function.points)
            if f"{name} matrix 1 1" in self.place:
                found[name] = [
                    [self.place[f"{name} matrix {min(i, j)} {max(i, j)}"] for j in range(1, size)]
                    for i in range(1, size)
                ]
        return found

    def witness(self, multipliers: Mapping[str, Fraction]) -> Json:
        """The multipliers in the shape of the kernel; those that are absent are zero."""
        question = self.question
        special = ("weight", "condition", "equation")
        plain = [c.name for c in self.columns if c.name.split()[0] not in special and c.name.split()[1] != "matrix"]

        def entries(kind: str, count: int) -> list[str]:
            return [str(multipliers.get(f"{kind} {k}", 0)) for k in range(count)]

        return {
            "weights": entries("weight", len(question.performance)),
            "multipliers": [[name, str(multipliers[name])] for name in plain if multipliers.get(name)],
            "conditions": entries("condition", len(question.conditions)),
            "equations": entries("equation", len(question.equations)),
            "matrices": [[name, self.matrix(name, multipliers)] for name in self.blocks],
        }

    def matrix(self, name: str, multipliers: Mapping[str, Fraction]) -> list[list[str]]:
        """The matrix of a quadratic, with a row and a column of zeros for its first point."""
        inner = [[str(multipliers.get(self.names[k], 0)) for k in row] for row in self.blocks[name]]
        return [["0"] * (len(inner) + 1), *(["0", *row] for row in inner)]

    # ------------------------------------------------------------------------------------------------------ exact

    def numbers(self, form: Form) -> list[Fraction]:
        """The coefficients of the free numbers in a form."""
        return [Fraction(form.get((value,), 0)) for value in self.question.values]

    def applied(self, form: Form, vector: Sequence[Fraction]) -> dict[int, Fraction]:
        """The matrix of a form times a vector in the free vectors, by place, without zeros."""
        found: dict[int, Fraction] = {}
        for key, coefficient in form.items():
            if len(key) == 2 and coefficient:
                for u, v in (key, key[::-1]):
                    factor = coefficient * self.along(v, vector) / 2
                    for free, entry in self.question.vectors[u].items() if factor else ():
                        k = self.basis[free]
                        found[k] = found.get(k, Fraction(0)) + factor * entry
        return found

    def along(self, name: str, vector: Sequence[Fraction]) -> Fraction:
        row = self.question.vectors[name]
        return sum((vector[self.basis[free]] * entry for free, entry in row.items()), Fraction(0))

    @cached_property
    def basis(self) -> dict[str, int]:
        return {name: k for k, name in enumerate(self.question.basis)}

    # ----------------------------------------------------------------------------------------------------- floats

    def floats(self, forms: Sequence[Form]) -> tuple[Floats, Floats, Floats]:
        """Constants, coefficients of the numbers, and symmetric matrices of the forms, of the shapes (K,), (K, values) and
        (K, n, n)."""
        import numpy as np

        pairs = sorted({key for form in forms for key in form if len(key) == 2})
        place = {key: k for k, key in enumerate(pairs)}
        weights = np.zeros((len(forms), len(pairs)))
        for k, form in enumerate(forms):
            for key, coefficient in form.items():
                if len(key) == 2:
                    weights[k, place[key]] = float(coefficient)
        n = len(self.question.basis)
        rows = {name: self.row(name) for key in pairs for name in key}
        outer = np.array([np.outer(rows[u], rows[v]) for u, v in pairs]).reshape(len(pairs), n * n)
        matrices = (weights @ outer).reshape(len(forms), n, n)
        constants = np.array([float(form.get((), 0)) for form in forms])
        numbers = np.array([[float(x) for x in self.numbers(form)] for form in forms])
        return constants, numbers.reshape(len(forms), -1), (matrices + matrices.transpose(0, 2, 1)) / 2

    def row(self, name: str) -> Floats:
        import numpy as np

        found = np.zeros(len(self.question.basis))
        for free, entry in self.question.vectors[name].items():
            found[self.basis[free]] = float(entry)
        return found


def dual(question: Question, labels: Iterable[tuple[str, tuple[str, ...]]]) -> Dual:
    """The dual with the relations that are listed as function and label, and with everything else that has a multiplier."""
    columns = [Column(f"weight {k}", form, False) for k, form in enumerate(question.performance)]
    for name, label in labels:
        equation, form = question.functions[name].relation(*label)
        columns.append(Column(" ".join((name, *label)), form, equation))
    columns += [Column(f"condition {k}", form, False) for k, form in enumerate(question.conditions)]
    columns += [Column(f"equation {k}", form, True) for k, form in enumerate(question.equations)]
    for name, function in question.functions.items():
        size = len(function.points) if function.kind == "quadratic" else 0
        for i in range(1, size):
            for j in range(i, size):
                columns.append(Column(f"{name} matrix {i} {j}", both(function.between, function.points, i, j), True))
    return Dual(question, tuple(columns))


def both(between: Any, points: Sequence[Any], i: int, j: int) -> Form:
    """The form of an entry of a symmetric matrix, which stands at (i, j) and at (j, i)."""
    from verify.kernel.interpolation import total

    first: Form = between(points[i], points[j])
    return first if i == j else total((first, 1), (between(points[j], points[i]), 1))
