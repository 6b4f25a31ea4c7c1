r"""The questions that a claim asks of a worst case: is this rate a bound, and is it attained?

A bound is answered by multipliers (``verify.optimization.rates`` searches), or refuted by an explicit instance: first the
author's worst function, if it exceeds the rate, then one on the line, made from the solver's worst case if that has rank one,
then a Gram matrix, which rests on an interpolation theorem that is cited.  That a rate is attained is answered by the same
kinds of instances, and refuted by multipliers for a smaller rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from verify.errors import ProblemError, Unanswered
from verify.optimization.classes import Number, exact, json
from verify.optimization.line_instances import LineInstance, completed
from verify.optimization.rank_one import line_witness
from verify.optimization.space_instances import SpaceInstance
from verify.optimization.terms import Expression, expression

if TYPE_CHECKING:
    from verify.optimization.problem import Problem
    from verify.optimization.rates import Hints

Json = Any


@dataclass(frozen=True, eq=False)
class WorstCase:
    r"""Is performance <= rate * initial in the worst case: for all functions, vectors and numbers of the problem?

    The performance is an expression, or several, of which the least counts.  ``worst_function``, an instance on the line
    (``on_line``) or in space (``in_space``), helps the search to an exact answer and refutes a rate that is too small; nothing
    rests on it otherwise.
    ``answer`` gives multipliers or a counterexample, and raises ``Unanswered`` if it finds neither.  Raises ``ProblemError``
    on a problem without points, an irrational rate, expressions of another problem.

        WorstCase(problem, performance=f(x) - f(xs), initial=sq(x0 - xs), rate="1/6", worst_function=on_line(huber(1, "1/3"), x0=1))
    """

    problem: Problem
    _: KW_ONLY
    performance: Expression | Sequence[Expression]
    initial: Expression | Number
    rate: Number
    worst_function: LineInstance | SpaceInstance | None = None

    relation: ClassVar[str] = "at most"

    def statement(self) -> Json:
        """The kernel's statement ``worst_case``."""
        problem, performance = self.problem, self.performance
        least = [performance] if isinstance(performance, Expression) else list(performance)
        if not least:
            raise ProblemError("there is no performance; give an expression, or several, of which the least counts")
        if not problem.program:
            raise ProblemError("the problem has neither points nor functions; take a point and run the method on it")
        initial = expression(problem, self.initial)
        for part in (*least, initial, *problem.conditions, *problem.equations):
            if not isinstance(part, Expression) or part.problem is not problem:
                raise ProblemError(
                    f"{part} is no expression of this problem; make it from its own points and functions"
                )
        return {
            "question": "worst_case",
            "functions": [[name, *json(which)] for name, which in problem.functions.items()],
            "program": list(problem.program),
            "conditions": [condition.json() for condition in problem.conditions],
            "equations": [equation.json() for equation in problem.equations],
            "performance": [part.json() for part in least],
            "initial": initial.json(),
            "relation": self.relation,
            "rate": str(exact(self.rate, "the rate")),
        }

    @cached_property
    def witness_on_the_line(self) -> Json | None:
        """The author's worst function as a witness of the kernel, whether or not it decides anything."""
        return (
            completed(self.statement(), self.worst_function) if isinstance(self.worst_function, LineInstance) else None
        )

    def known(self, statement: Json) -> tuple[str, Json] | None:
        """What the author's worst function decides."""
        if self.witness_on_the_line is not None and decides("worst-case-function", statement, self.witness_on_the_line):
            return "worst-case-function", self.witness_on_the_line
        gram = self.worst_function.gram(statement) if isinstance(self.worst_function, SpaceInstance) else None
        return ("worst-case-gram", gram) if gram and decides("worst-case-gram", statement, gram) else None

    def answer(self) -> tuple[str, Json]:
        statement = self.statement()
        known = self.known(statement)
        if known is not None:
            return known
        from verify.optimization import rates

        witness = rates.prove(statement, self.hints())
        if witness is not None:
            return "worst-case-multipliers", witness
        gram = rates.refute(statement)
        if gram is None:
            raise Unanswered(
                f"neither multipliers nor an instance decide whether the rate {self.rate} is {self.relation}"
            )
        explicit = line_witness(statement, gram)
        if explicit is not None and decides("worst-case-function", statement, explicit):
            return "worst-case-function", explicit
        return "worst-case-gram", gram

    def hints(self) -> Hints:
        """The coordinates of the author's worst case."""
        from verify.optimization.rates import Hints

        if isinstance(self.worst_function, SpaceInstance):
            return Hints(vectors=self.worst_function.vectors(self.statement()))
        line = self.witness_on_the_line or {"vectors": {}}
        return Hints(vectors={name: (Fraction(x),) for name, x in line["vectors"].items()})


@dataclass(frozen=True, eq=False)
class Tight(WorstCase):
    """Is the rate attained: is performance >= rate * initial and initial > 0 in some instance of the problem?

    An explicit worst function answers it without any theorem; a Gram matrix, where there is none on the line, rests on an
    interpolation theorem, which is cited.
    """

    relation: ClassVar[str] = "attained"


def decides(kind: str, statement: Json, witness: Json) -> bool:
    """Whether the kernel accepts the witness of an instance."""
    from verify.kernel.questions import CHECKERS
    from verify.kernel.terms import Rejected

    try:
        CHECKERS[kind].decide(statement, witness)
    except Rejected:
        return False
    return True
