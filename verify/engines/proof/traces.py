r"""Equations of matrices, multiplied so that traces cancel.

What an equation of matrices D = 0 says about numbers are the equations tr(D.T M) = 0.  A matrix M is worth trying if one of
the words of D, times M, occurs (in some rotation, transposed or not) in a trace of the goal or of an inequality, after the
equations at hand have been used: then the product replaces that trace by others, which are looked at next.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field

from verify.engines.proof.elimination import Elimination
from verify.engines.proof.matching import atoms_of
from verify.kernel.formulas import Formula, Sign, Zero, syntax
from verify.kernel.logic import Sequent
from verify.kernel.matrices import word_of
from verify.kernel.terms import Matrix, Polynomial, Rejected, Word, as_matrix, flipped, shape, word_text

MAX_PRODUCTS = 160  # equations between traces at one sequent
MAX_LONGER = 60  # and those that make words longer, which are looked for once
LONGER = "replaced words by longer ones"

Product = tuple[str, str, Sign, tuple[str, ...]]  # of the equation with this label, by this matrix; what it says; marks


def products(sequent: Sequent, elimination: Elimination, done: Container[str]) -> Iterator[Product]:
    """Products of the equations of matrices in a sequent, each of which says something new, nearest to the goal first, until
    they show a goal that is an equation.  If they do not, words are replaced by longer ones, too."""
    closure = Closure(sequent, equations_of(sequent), elimination.copy(), done)
    yield from closure.products(MAX_PRODUCTS, parts_to_replace)
    if closure.goals and not closure.reached and LONGER not in done:
        yield from closure.products(MAX_LONGER, lambda equation: list(equation.parts), (LONGER,))


def equations_of(sequent: Sequent) -> dict[str, Matrix]:
    """The equations of matrices among the hypotheses; those of vectors alone are multiplied by all vectors."""
    return {
        label: formula.difference
        for label, formula in sequent.hypotheses.items()
        if isinstance(formula, Zero) and formula.difference.parts and formula.difference.shape != shape("vec")
    }


@dataclass
class Closure:
    """What has been found from the equations of a sequent."""

    sequent: Sequent
    equations: dict[str, Matrix]
    elimination: Elimination
    done: Container[str]
    tried: set[tuple[str, str]] = field(default_factory=set)

    @property
    def goals(self) -> list[Polynomial]:
        goal = self.sequent.goal
        return [goal.term] if isinstance(goal, Sign) and goal.relation == "==" else []

    @property
    def reached(self) -> bool:
        return any(not self.elimination.reduce(term)[0].terms for term in self.goals)

    def products(
        self, limit: int, parts: Callable[[Matrix], list[Word]], marks: tuple[str, ...] = ()
    ) -> Iterator[Product]:
        signs = [f for f in (self.sequent.goal, *self.sequent.hypotheses.values()) if isinstance(f, Sign)]
        terms = self.goals or [f.term for f in signs if f is self.sequent.goal or f.relation != "=="]
        starts = [p for term in terms for p in (term, self.elimination.reduce(term)[0])]
        waiting = deque(dict.fromkeys(atom for p in starts for atom in traces_in(p)))
        seen, count = set(waiting), 0
        while waiting and count < limit and not self.reached:
            word = word_of(waiting.popleft(), self.sequent.scope)
            for label, factor in candidates(self.equations, word, parts):
                try:
                    product = self.equations[label].dot(as_matrix(self.sequent.scope.term(factor)))
                except Rejected:  # too large for the kernel
                    continue
                found = [atom for atom in traces_in(product) if atom not in seen]
                seen.update(found)
                waiting.extend(found)
                if (label, factor) not in self.tried and self.is_new(label, factor, product):
                    count += 1
                    yield label, factor, Sign("==", product), marks

    def is_new(self, label: str, factor: str, product: Polynomial) -> bool:
        """Whether the equations before do not say the same; then this one is added to them."""
        self.tried.add((label, factor))
        if f"multiplied {label} {factor}" in self.done or not self.elimination.reduce(product)[0].terms:
            return False
        self.elimination.add(label, product)
        return True


def traces_in(polynomial: Polynomial) -> list[str]:
    return sorted({atom for monomial in polynomial.terms for atom, _ in monomial if atom.startswith("dot(")})


def candidates(
    equations: dict[str, Matrix], word: Word, parts: Callable[[Matrix], list[Word]]
) -> Iterator[tuple[str, str]]:
    """Equations, and matrices by which they are multiplied, such that the trace of this product occurs."""
    turns = sorted({turn[i:] + turn[:i] for turn in (word, flipped(word)) for i in range(len(word))})
    for label, equation in equations.items():
        for part in parts(equation):
            for turn in turns:
                if len(part) < len(turn) and turn[: len(part)] == part:
                    yield label, word_text(flipped(turn[len(part) :]))


def parts_to_replace(equation: Matrix) -> list[Word]:
    """The words of an equation that are worth replacing by the others: one atom that they do not mention, which is then
    defined by them; or else each one that is not a part of another, which would be replaced by longer ones for ever."""
    words = list(equation.parts)
    for word in words:
        others = {letter.atom for other in words if other != word for letter in other}
        if len(word) == 1 and word[0].atom not in others:
            return [word]
    return [w for w in words if not any(w != v and contains(v, w) for v in words)]


def contains(word: Word, part: Word) -> bool:
    return any(word[i : i + len(part)] == part for i in range(len(word) - len(part) + 1))


def inverted_in(formula: Formula) -> Iterator[str]:
    """The matrices whose pseudoinverses occur in a formula."""
    for atom in atoms_of(formula):
        if "pinv(" in atom:
            for node in ast.walk(syntax(atom)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "pinv":
                    yield ast.unparse(node.args[0])
