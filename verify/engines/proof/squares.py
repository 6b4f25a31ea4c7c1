r"""Sums of squares, exactly: of numbers by completing squares, of vectors in the same way, of monomials by halving."""

from __future__ import annotations

import ast
from fractions import Fraction

from verify.engines.proof.elimination import split
from verify.kernel.formulas import syntax
from verify.kernel.terms import Monomial, Polynomial, atomic

Squares = list[tuple[str, str]]  # coefficient and root, in the kernel's text


def complete_squares(polynomial: Polynomial) -> Squares | None:
    """A polynomial as a sum of squares plus a nonnegative number, if one of the three ways leads there."""
    return of_numbers(polynomial) or of_vectors(polynomial) or of_monomials(polynomial)


def of_numbers(polynomial: Polynomial) -> Squares | None:
    """Of a quadratic polynomial, atom by atom."""
    if any(sum(e for _, e in m) > 2 for m in polynomial.terms):
        return None
    squares: Squares = []
    while (number := polynomial.number()) is None:
        atom = min(a for m in polynomial.terms for a, _ in m)
        leading = polynomial.terms.get(((atom, 2),), Fraction(0))
        if leading <= 0:
            return None
        linear = Polynomial({split(m, atom)[0]: c for m, c in polynomial.terms.items() if split(m, atom)[1] == 1})
        root = atomic(atom) + linear.scaled(1 / (2 * leading))
        squares.append((str(leading), str(root)))
        polynomial = polynomial - (root * root).scaled(leading)
    return squares if number >= 0 else None


def of_monomials(polynomial: Polynomial) -> Squares | None:
    """Of even powers with positive coefficients."""
    if any(c < 0 or any(e % 2 for _, e in m) for m, c in polynomial.terms.items()):
        return None
    halves = ((c, tuple((a, e // 2) for a, e in m)) for m, c in polynomial.terms.items() if m)
    return [(str(c), str(Polynomial({m: Fraction(1)}))) for c, m in halves]


def of_vectors(polynomial: Polynomial) -> Squares | None:
    """Of a quadratic form of vectors, whose atoms are inner products."""
    form: dict[tuple[str, str], Fraction] = {}
    rest = Fraction(0)
    for monomial, coefficient in polynomial.terms.items():
        pair = inner_product(monomial)
        if pair is not None:
            form[pair] = coefficient
        elif monomial:
            return None
        else:
            rest = coefficient
    squares: Squares = []
    while form:
        vector = min(v for pair in form for v in pair)
        leading = form.get((vector, vector), Fraction(0))
        if leading <= 0:
            return None
        root = {vector: Fraction(1)}
        root |= {
            next(v for v in p if v != vector): c / (2 * leading)
            for p, c in form.items()
            if vector in p and p[0] != p[1]
        }
        squares.append((str(leading), " + ".join(f"({c})*{v}" for v, c in root.items())))
        form = {p: c for p, c in without(form, root, leading).items() if c}
    return squares if rest >= 0 else None


def without(
    form: dict[tuple[str, str], Fraction], root: dict[str, Fraction], leading: Fraction
) -> dict[tuple[str, str], Fraction]:
    """The form minus ``leading`` times the square of the root."""
    left = dict(form)
    for u, a in root.items():
        for v, b in root.items():
            pair = (u, v) if u <= v else (v, u)
            left[pair] = left.get(pair, Fraction(0)) - leading * a * b
    return left


def inner_product(monomial: Monomial) -> tuple[str, str] | None:
    """The vectors of a monomial that is one inner product."""
    if len(monomial) != 1 or monomial[0][1] != 1 or not monomial[0][0].startswith("dot("):
        return None
    match syntax(monomial[0][0]):
        case ast.Call(args=[left, right]):
            u, v = sorted((ast.unparse(left), ast.unparse(right)))
            return u, v
    return None
