r"""Two facts about real matrices that the rules of arithmetic do not contain.

**The pseudoinverse.**  Every real matrix A has a matrix X with A X A = A and X A X = X for which A X and X A are symmetric
(Moore 1920, Penrose 1955): A maps the orthogonal complement of its kernel onto its range, one to one; X inverts that map
and sends the complement of the range to zero.  So A X and X A are the orthogonal projections onto the ranges of A and of
its transpose.

**The trace is the sum of the diagonal.**  If a quadratic form in a column u is nonnegative for all u, then so is the sum of
its values at the unit vectors.  In this sum, u.T S u becomes the trace of S, and (u.T v) (u.T w) becomes v.T w.
"""

from __future__ import annotations

import ast

from verify.kernel.formulas import Formula, Scope, Sign, Zero, product, syntax
from verify.kernel.terms import Letter, Matrix, Polynomial, Rejected, Word, as_matrix, flipped, need, trace


def penrose(matrix: Matrix) -> tuple[Formula, ...]:
    """The four equations of Penrose."""
    inverse = as_matrix(product("pinv", [matrix]))
    left, right = matrix @ inverse, inverse @ matrix
    return (
        Zero(left @ matrix - matrix),
        Zero(right @ inverse - inverse),
        Zero(left.transpose - left),
        Zero(right.transpose - right),
    )


def mentions(text: str, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(syntax(text)))


def summed(formula: Formula, column: str, scope: Scope) -> Sign:
    """The sum of an equation or inequality between numbers over all unit vectors ``column``, in which it is quadratic."""
    if not (isinstance(formula, Sign) and formula.relation in (">=", "==")):
        raise Rejected("only an equation or inequality >= between numbers is summed over unit vectors")
    total = Polynomial()
    for monomial, coefficient in formula.term.terms.items():
        quadratic = {atom for atom, _ in monomial if mentions(atom, column)}
        factors = [word_of(atom, scope) for atom, exponent in monomial if atom in quadratic for _ in range(exponent)]
        rest = tuple((atom, exponent) for atom, exponent in monomial if atom not in quadratic)
        total = total + Polynomial({rest: coefficient}) * contracted(factors, column)
    return Sign(formula.relation, total)


def word_of(atom: str, scope: Scope) -> Word:
    """The product of which an atom is the trace."""
    match syntax(atom):
        case ast.Call(func=ast.Name(id="dot"), args=[left, right]):
            (first,), (second,) = (as_matrix(scope.read_term(side)).parts for side in (left, right))
            return flipped(first) + second
    raise Rejected(f"not quadratic in the unit vectors: {atom}")


def contracted(factors: list[Word], column: str) -> Polynomial:
    """The sum over the unit vectors u of a product u.T S u, or (u.T v) (u.T w)."""
    vectors: list[Word] = []
    for word in factors:
        need(
            not any(letter.atom != column and mentions(letter.atom, column) for letter in word), "not quadratic:", word
        )
        ends = [is_unit(word[0], column), is_unit(word[-1], column)]
        if all(ends) and len(word) > 2 and len(factors) == 1:
            return trace(word[1:-1])
        need(ends.count(True) == 1, "not quadratic in the unit vectors, or their number, which has no name:", word)
        vectors.append(word[1:] if ends[0] else flipped(word[:-1]))
    need(len(vectors) == 2, "not quadratic in the unit vectors")
    return trace(flipped(vectors[0]) + vectors[1])


def is_unit(letter: Letter, column: str) -> bool:
    return letter.atom == column
