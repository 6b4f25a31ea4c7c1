r"""Terms of the logic, kept in normal form.

A *scalar* is a polynomial with rational coefficients in **atoms**.  An atom is a variable or an application
``f(t1, ..., tn)`` whose arguments are themselves in normal form, and it is represented by its text: two atoms are
the same atom exactly when they are the same text.  A *vector* is a linear combination of vector atoms with scalar
coefficients; ``dot`` of two vectors expands bilinearly into atoms ``dot(u, v)``.

**Soundness of the representation.**  Normalisation uses only the axioms of a commutative ring (of a module over it,
of a symmetric bilinear form), so a term and its normal form have the same value under every assignment.

**Functions are total.**  A function declared on naturals also has some value elsewhere, about which nothing is
known: facts about it are only ever stated at naturals (see ``logic``).  A function of sort ``nat`` is natural
everywhere.
"""

from __future__ import annotations

import keyword
from dataclasses import dataclass, field
from fractions import Fraction

RESERVED = frozenset({"dot", "sq", "implies", "iff", "true", "false", "induction"})

MAX_TEXT = 20_000  # characters of a term or formula, and of an atom in normal form
MAX_TERMS = 20_000  # monomials of a product
MAX_PRODUCT = 1_000_000  # products of monomials in one multiplication
MAX_EXPONENT = 64  # literal exponents; towers of powers are stopped by MAX_BITS and MAX_TERMS
MAX_BITS = 14_000  # of a numerator or denominator; below Python's own limit on printing integers

Monomial = tuple[tuple[str, int], ...]


class Rejected(Exception):
    """The document does not establish its statement; the message says where and why."""


def need(condition: object, *message: object) -> None:
    """Fail closed: reject the document unless the condition holds."""
    if not condition:
        raise Rejected(" ".join(str(part) for part in message)[:2000])


def rational(text: object) -> Fraction:
    r"""An exact number in decimal digits, ``"-7/2"``; nothing else is a number in a certificate."""
    if not isinstance(text, str):
        raise Rejected(f'a number must be a string such as "-7/2", got {str(text)[:80]!r}')
    digits = text.removeprefix("-").split("/")
    need(
        len(digits) <= 2 and all(d.isascii() and d.isdigit() and len(d) <= 4000 for d in digits),
        "not an exact number:",
        repr(text[:80]),
    )
    numerator, denominator = int(digits[0]), int(digits[-1]) if len(digits) == 2 else 1
    need(denominator, "division by zero in", repr(text[:80]))
    return Fraction(-numerator if text.startswith("-") else numerator, denominator)


def symbol(text: object) -> str:
    """A name: an ASCII identifier that is neither reserved nor a keyword."""
    if not (isinstance(text, str) and text.isascii() and text.isidentifier() and len(text) <= 200):
        raise Rejected(f"not a name: {str(text)[:80]!r}")
    need(text not in RESERVED and not keyword.iskeyword(text), "reserved name:", text)
    return text


# ------------------------------------------------------------------------------------------- scalars and vectors


@dataclass(frozen=True)
class Polynomial:
    """Finite sum of coefficient times monomial; no zero coefficient is stored."""

    terms: dict[Monomial, Fraction] = field(default_factory=dict)

    def __add__(self, other: Polynomial) -> Polynomial:
        terms = dict(self.terms)
        for monomial, coefficient in other.terms.items():
            total = terms.pop(monomial, Fraction(0)) + coefficient
            if total:
                terms[monomial] = total
        return Polynomial(terms)

    def __mul__(self, other: Polynomial) -> Polynomial:
        need(len(self.terms) * len(other.terms) <= MAX_PRODUCT, "a product has too many terms")
        terms: dict[Monomial, Fraction] = {}
        for left, a in self.terms.items():
            for right, b in other.terms.items():
                monomial = multiply(left, right)
                total = terms.pop(monomial, Fraction(0)) + a * b
                if total:
                    terms[monomial] = total
        need(len(terms) <= MAX_TERMS, "a polynomial has more than", MAX_TERMS, "terms")
        for c in terms.values():
            need(
                c.numerator.bit_length() <= MAX_BITS and c.denominator.bit_length() <= MAX_BITS, "a number is too long"
            )
        return Polynomial(terms)

    def __neg__(self) -> Polynomial:
        return self.scaled(Fraction(-1))

    def __sub__(self, other: Polynomial) -> Polynomial:
        return self + -other

    def scaled(self, factor: Fraction) -> Polynomial:
        return Polynomial({m: factor * c for m, c in self.terms.items()} if factor else {})

    def number(self) -> Fraction | None:
        """The number that this polynomial is, or None if it has atoms."""
        return None if set(self.terms) - {()} else self.terms.get((), Fraction(0))

    def __str__(self) -> str:
        return " + ".join(monomial_text(m, c) for m, c in sorted(self.terms.items())) or "0"


def constant(value: Fraction | int) -> Polynomial:
    return Polynomial({(): Fraction(value)} if value else {})


def atomic(atom: str) -> Polynomial:
    return Polynomial({((atom, 1),): Fraction(1)})


def multiply(left: Monomial, right: Monomial) -> Monomial:
    exponents = dict(left)
    for atom, exponent in right:
        exponents[atom] = exponents.get(atom, 0) + exponent
    return tuple(sorted(exponents.items()))


def monomial_text(monomial: Monomial, coefficient: Fraction) -> str:
    factors = [atom if exponent == 1 else f"{atom}**{exponent}" for atom, exponent in monomial]
    return "*".join(factors if coefficient == 1 and factors else [str(coefficient), *factors])


@dataclass(frozen=True)
class Vector:
    """Linear combination of vector atoms; no zero coefficient is stored."""

    parts: dict[str, Polynomial] = field(default_factory=dict)

    def __add__(self, other: Vector) -> Vector:
        atoms = {**self.parts, **other.parts}
        sums = {a: self.parts.get(a, Polynomial()) + other.parts.get(a, Polynomial()) for a in atoms}
        return Vector({atom: coefficient for atom, coefficient in sums.items() if coefficient.terms})

    def __neg__(self) -> Vector:
        return self.scaled(constant(-1))

    def __sub__(self, other: Vector) -> Vector:
        return self + -other

    def scaled(self, factor: Polynomial) -> Vector:
        products = {atom: factor * coefficient for atom, coefficient in self.parts.items()}
        return Vector({atom: coefficient for atom, coefficient in products.items() if coefficient.terms})

    def dot(self, other: Vector) -> Polynomial:
        total = Polynomial()
        for u, a in self.parts.items():
            for v, b in other.parts.items():
                total = total + a * b * atomic(f"dot({min(u, v)}, {max(u, v)})")
        return total

    def __str__(self) -> str:
        return " + ".join(f"({c})*{atom}" for atom, c in sorted(self.parts.items())) or "0"


Term = Polynomial | Vector


def as_scalar(term: Term) -> Polynomial:
    if isinstance(term, Vector):
        raise Rejected(f"a number is needed, not the vector {term}")
    return term


def as_vector(term: Term) -> Vector:
    if isinstance(term, Polynomial):
        raise Rejected(f"a vector is needed, not the number {term}")
    return term
