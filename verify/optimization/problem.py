r"""A worst case, stated by running the method on names.

As in PEPit (Goujaud, Moucer, Glineur, Hendrickx, Taylor and Dieuleveut 2024) an author declares functions, takes points and
gradients of them and combines these with rational coefficients; what has been asked of an oracle is noted.

    problem = Problem()
    f = problem.function(SmoothConvex(L=1))
    xs = problem.minimizer(f)
    x0 = x = problem.point("x0")
    for _ in range(n):
        x = x - f.gradient(x)
    WorstCase(problem, performance=f(x) - f(xs), initial=sq(x0 - xs), rate=Fraction(1, 4 * n + 2))

**What is noted** is the program of the kernel's question ``worst_case``: free vectors, combinations that have a name, and
that one vector is a (sub)gradient of a function at another.  So an implicit step costs nothing: y = prox(x) is the free
subgradient p, the combination y = x - p, and that p is a subgradient at y.

**One oracle.**  Asked twice at the same combination, a function answers with the same (sub)gradient.  Where a nonsmooth
function may answer differently, ``f.gradient(x, new=True)`` takes another one; the worst case is then over both.

**Names.**  A combination at which an oracle is asked gets a name (x1, x2, ...), written from the nearest one before, as a
method is: x2 = x1 - 1/2 df_x1.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from typing import Any

from verify.errors import ProblemError
from verify.optimization.classes import Class, Number, exact
from verify.optimization.terms import Condition, Expression, Vector, added, expression, scaled

Json = Any

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")
FUNCTIONS, OPERATORS = ("f", "h", "p", "q"), ("A", "B", "C", "D")
TAKEN = {"dot", "sq", "implies", "iff", "true", "false", "induction"}  # words of the kernel's language


class Problem:
    """Functions and operators, and the program that they have been asked in.

    ``functions`` are the names with their classes; ``program``, ``conditions`` and ``equations`` are as the kernel's
    statement holds them.  Raises ``ProblemError`` on bad names, floats, and vectors of another problem.
    """

    def __init__(self) -> None:
        self.functions: dict[str, Class] = {}
        self.program: list[Json] = []  # one entry for each vector, value, combination and relation, in this order
        self.conditions: list[Expression] = []
        self.equations: list[Expression] = []
        self._names: set[str] = set(TAKEN)
        self._combinations: dict[str, Mapping[str, Fraction]] = {}  # of free vectors, by name
        self._asked: dict[tuple[str, str], tuple[Vector, Expression]] = {}

    # --------------------------------------------------------------------------------------- what is given

    def function(self, which: Class, name: str | None = None) -> Function:
        """An arbitrary function of the class."""
        if getattr(which, "kind", "operator") == "operator":
            raise ProblemError(f"{which!r} is no class of functions; write problem.operator(...) for an operator")
        return Function(self, ((self._declared(which, name, FUNCTIONS), Fraction(1)),))

    def operator(self, which: Class, name: str | None = None) -> Operator:
        """An arbitrary operator of the class."""
        if getattr(which, "kind", "") != "operator":
            raise ProblemError(f"{which!r} is no class of operators; write problem.function(...) for a function")
        return Operator(self, self._declared(which, name, OPERATORS))

    def point(self, name: str | None = None) -> Vector:
        """An arbitrary vector."""
        found = self._take(name or self._counted("x"))
        self.program.append(["vector", found])
        self._combinations[found] = {found: Fraction(1)}
        return self._vector(found)

    def value(self, name: str | None = None) -> Expression:
        """An arbitrary real number."""
        found = self._take(name or self._counted("s"))
        self.program.append(["value", found])
        return Expression(self, {(found,): Fraction(1)})

    def zero_vector(self) -> Vector:
        return Vector(self, {})

    def constant(self, value: Number) -> Expression:
        return expression(self, exact(value, "the constant"))

    def minimizer(self, function: Function, name: str | None = None) -> Vector:
        """A point where 0 is a subgradient of the function, which may be a sum; of a nonconvex one, a stationary point.

        The subgradient of a sum is the sum of subgradients of its terms (for convex terms: by a constraint qualification,
        which is part of the statement).
        """
        point, (*others, (last, weight)) = self.point(name or self._free("xs")), function.terms
        rest = sum((w * self._gradient(term, point) for term, w in others), self.zero_vector())
        self.relate(last, point, rest / -weight)
        return point

    def infimum(self, function: Function, name: str | None = None) -> Expression:
        """A number below all values of the function, which need not be attained."""
        if len(function.terms) != 1 or function.terms[0][1] != 1:
            raise ProblemError(
                "the infimum of a single function can be named, not that of a sum; give each one its own"
            )
        which = function.terms[0][0]
        if self.functions[which].kind != "curvature":
            raise ProblemError(
                f"{which} is not of a class of bounded curvature; take a minimizer instead of an infimum"
            )
        found = self._take(name or self._free(f"{which}s"))
        self.program.append(["lower", which, found])
        return Expression(self, {(found,): Fraction(1)})

    def zero(self, *operators: Operator, name: str | None = None) -> Vector:
        """A point where the sum of the operators contains 0."""
        point = self.point(name or self._free("xs"))
        if not operators:
            raise ProblemError("the zero of which operators? Give at least one")
        rest = sum((operator(point) for operator in operators[:-1]), self.zero_vector())
        self.relate(operators[-1].name, point, -rest)
        return point

    def fixed_point(self, operator: Operator, name: str | None = None) -> Vector:
        """A point that the operator maps to itself."""
        point = self.point(name or self._free("xs"))
        self.relate(operator.name, point, point)
        return point

    def assume(self, *conditions: Condition) -> None:
        """Restrict the worst case: ``problem.assume(sq(x0 - xs) <= 1)``."""
        for condition in conditions:
            if not isinstance(condition, Condition):
                raise ProblemError(f"{condition!r} is no condition; write an inequality such as sq(x) <= 1")
            self.conditions.append(condition.expression)

    def assume_equal(self, left: Any, right: Any = 0) -> None:
        """Restrict the worst case by an equation between numbers."""
        if not isinstance(left, Expression):
            raise ProblemError(f"{left} is no expression of this problem; write assume_equal(dot(u, v), 0)")
        self.equations.append(left - right)

    # --------------------------------------------------------------------------------------- what is asked

    def relate(self, which: str, point: Vector, image: Vector) -> Expression:
        """Note that ``image`` is a (sub)gradient of the function at ``point``, or in the operator there."""
        if point.problem is not self or image.problem is not self:
            raise ProblemError(
                f"a vector that {which} is asked at belongs to another problem; make all from one Problem()"
            )
        x, g = self.named(point), self.named(image, kind="v")
        valued = self.functions[which].kind in ("curvature", "quadratic")
        names = [self._take(self._free(f"{which}_{x}"))] if valued else []
        self.program.append(["at", which, x, g, *names])
        value = Expression(self, {(name,): Fraction(1) for name in names})
        self._asked.setdefault((which, x), (self._vector(g), value))
        return value

    def evaluated(self, which: str, point: Vector, *, new: bool = False) -> tuple[Vector, Expression]:
        """A (sub)gradient and the value there; asked once, unless a new one is wanted."""
        x = self.named(point)
        known = self._asked.get((which, x))
        if known is not None and not new:
            return known
        image = self.point(self._image(which, x))
        return image, self.relate(which, point, image)

    def implicit(self, which: str, center: Vector, step: Any, name: str | None = None) -> Vector:
        """y = center - step g, where g is a (sub)gradient at y itself."""
        size = exact(step, "the step size")
        if size <= 0:
            raise ProblemError(f"the step size {size} of a proximal step is not positive; give a positive one")
        place = name or self._counted("x")
        image = self.point(self._image(which, place))
        moved = self._vector(self.named(center - size * image, place))
        self.relate(which, moved, image)
        return moved

    def named(self, vector: Vector, name: str | None = None, *, kind: str = "x") -> str:
        """The name of a combination of free vectors, given to it here if it has none."""
        if vector.problem is not self:
            raise ProblemError(f"{vector} belongs to another problem; make all vectors from one Problem()")
        parts = self._expanded(vector.parts)
        known = next((n for n, p in self._combinations.items() if p == parts), None)
        if known is not None and name is None:
            return known
        found = self._take(name or (self._counted(kind) if parts else self._free("zero")))
        self.program.append(["let", found, [[str(c), n] for n, c in self._shortest(parts).items()]])
        self._combinations[found] = parts
        return found

    def short(self, vector: Vector) -> Vector:
        """The same vector, by its name."""
        return self._vector(self.named(vector, kind="v"))

    # --------------------------------------------------------------------------------------------- names

    def _gradient(self, which: str, point: Vector) -> Vector:
        return self.evaluated(which, point)[0]

    def _vector(self, name: str) -> Vector:
        return Vector(self, {name: Fraction(1)})

    def _expanded(self, parts: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """In free vectors."""
        found: dict[str, Fraction] = {}
        for name, c in parts.items():
            found = added(found, scaled(self._combinations[name], c))
        return found

    def _shortest(self, parts: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """The combination written from one named before, where that is shorter."""
        best = dict(parts)
        for name, known in self._combinations.items():
            if len(known) > 1:
                rest = {name: Fraction(1), **added(parts, scaled(known, Fraction(-1)))}
                best = rest if len(rest) <= len(best) else best
        return best

    def _declared(self, which: Class, name: str | None, names: Sequence[str]) -> str:
        found = self._take(name or next((n for n in names if n not in self._names), self._counted(names[0])))
        self.functions[found] = which
        return found

    def _image(self, which: str, point: str) -> str:
        return self._free(f"{which}_{point}" if self.functions[which].kind == "operator" else f"d{which}_{point}")

    def _free(self, name: str) -> str:
        """The name, or with the first number that makes it a new one."""
        return name if name not in self._names else self._counted(f"{name}_")

    def _counted(self, letter: str) -> str:
        return next(name for k in count() if (name := f"{letter}{k}") not in self._names)

    def _take(self, name: str) -> str:
        if not NAME.fullmatch(name) or keyword.iskeyword(name):
            raise ProblemError(f"{name!r} is no name; write letters, digits and _, with a letter in front, at most 60")
        if name in self._names:
            raise ProblemError(f"the name {name!r} is taken; give each point and each function its own")
        self._names.add(name)
        return name


@dataclass(frozen=True, eq=False)
class Function:
    """A function of a problem, or a weighted sum of such: ``(f + h)(x)``, ``(f1 + f2) / 2``."""

    problem: Problem
    terms: tuple[tuple[str, Fraction], ...]

    def gradient(self, point: Vector, *, new: bool = False) -> Vector:
        """A (sub)gradient at the point; of a sum, the sum of them."""
        parts = (w * self.problem.evaluated(which, point, new=new)[0] for which, w in self.terms)
        return sum(parts, self.problem.zero_vector())

    def __call__(self, point: Vector) -> Expression:
        """The value at the point; 0 for an indicator, and then the point is in its set."""
        parts = (w * self.problem.evaluated(which, point)[1] for which, w in self.terms)
        return sum(parts, self.problem.constant(0))

    def prox(self, point: Vector, step: Number = 1, name: str | None = None) -> Vector:
        """The proximal point y = point - step g with a subgradient g at y; of an indicator, the projection."""
        return self.problem.implicit(self._single("the proximal point"), point, step, name)

    def linear_minimizer(self, direction: Vector, name: str | None = None) -> Vector:
        """A point of the set of an indicator where <direction, y> is least."""
        which = self._single("a linear minimization")
        point = self.problem.point(name or self.problem._free(f"v_{which}"))
        self.problem.relate(which, point, -direction)
        return point

    def has_gradient(self, point: Vector, gradient: Vector) -> Expression:
        """Note that this vector is a (sub)gradient at the point; the value there."""
        return self.problem.relate(self._single("a given gradient"), point, gradient)

    def _single(self, what: str) -> str:
        (which, weight), *others = self.terms
        if others or weight != 1:
            raise ProblemError(
                f"{what} is of a single function, not of a weighted sum; take one function of the problem"
            )
        return which

    def __add__(self, other: Function) -> Function:
        if not isinstance(other, Function) or other.problem is not self.problem:
            raise ProblemError("only functions of one problem can be added")
        return Function(self.problem, tuple(added(dict(self.terms), dict(other.terms)).items()))

    def __sub__(self, other: Function) -> Function:
        return self + -1 * other

    def __mul__(self, factor: Number) -> Function:
        size = exact(factor, "the factor of a function")
        return Function(self.problem, tuple((which, size * w) for which, w in self.terms))

    __rmul__ = __mul__

    def __truediv__(self, divisor: Number) -> Function:
        size = exact(divisor, "the divisor of a function")
        if not size:
            raise ProblemError("a function is divided by zero; give a number that is not 0")
        return self * (1 / size)


@dataclass(frozen=True, eq=False)
class Operator:
    """An operator of a problem."""

    problem: Problem
    name: str

    def __call__(self, point: Vector, *, new: bool = False) -> Vector:
        """An element of the operator at the point."""
        return self.problem.evaluated(self.name, point, new=new)[0]

    def resolvent(self, point: Vector, step: Number = 1, name: str | None = None) -> Vector:
        """y = point - step g with g in the operator at y."""
        return self.problem.implicit(self.name, point, step, name)

    def contains(self, point: Vector, image: Vector) -> None:
        """Note that the operator contains this pair."""
        self.problem.relate(self.name, point, image)
