r"""Terms of the logic, kept in normal form.

A *scalar* is a polynomial with rational coefficients in **atoms**.  An atom is a variable or an application
``f(t1, ..., tn)`` whose arguments are themselves in normal form, and it is represented by its text: two atoms are
the same atom exactly when they are the same text.  A *matrix* is a linear combination, with scalar coefficients, of
words: products of matrix atoms and their transposes, whose dimensions are names of arbitrary numbers.  A *vector* is a
matrix with one column.  ``dot`` of two matrices expands bilinearly into traces of words, which are atoms too.

**Soundness of the representation.**  Normalisation uses only the axioms of a commutative ring, of a module over it, and
of the product, the transpose and the trace of matrices (associative, bilinear; tr(AB) = tr(BA), tr(A^T) = tr(A), a
product with one row and one column is its trace), so a term and its normal form have the same value under every
assignment.  Words are not commutative: nothing else is ever rewritten in them.

**Functions are total.**  A function declared on naturals also has some value elsewhere, about which nothing is
known: facts about it are only ever stated at naturals (see ``logic``).  A function of sort ``nat`` is natural
everywhere.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

RESERVED = frozenset({"dot", "sq", "trace", "pinv", "mat", "vec", "implies", "iff", "true", "false", "induction"})
ONE, VECTORS = "1", "vec"  # dimensions: of a column, and of the space of the sort vec

MAX_TEXT = 20_000  # characters of a term or formula, and of an atom in normal form
MAX_TERMS = 20_000  # monomials of a product
MAX_PRODUCT = 1_000_000  # products of monomials in one multiplication
MAX_WORDS = 2_000  # products of words in one multiplication of matrices
MAX_LETTERS = 400  # of a product of matrices
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


# ------------------------------------------------------------------------------------------------------ scalars


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


# ------------------------------------------------------------------------------------------------------ matrices


class Letter(NamedTuple):
    """An atom of sort matrix or its transpose, with the dimensions that it has as it stands here."""

    atom: str
    transposed: bool
    rows: str
    columns: str

    def flipped(self) -> Letter:
        return Letter(self.atom, not self.transposed, self.columns, self.rows)


Word = tuple[Letter, ...]


def flipped(word: Word) -> Word:
    """The transpose of a product."""
    return tuple(letter.flipped() for letter in reversed(word))


def word_text(word: Word) -> str:
    return " @ ".join(f"{letter.atom}.T" if letter.transposed else letter.atom for letter in word)


def cuts(word: Word) -> list[int]:
    """The places in a product where its factors have one common row or column: ``u.T @ v`` is a number there."""
    inner = [i for i in range(1, len(word)) if word[i].rows == ONE]
    return [0] * (word[0].rows == ONE) + inner + [len(word)] * (word[-1].columns == ONE)


def trace(word: Word) -> Polynomial:
    """The trace of a square product, as a product of atoms.  It is that of every cyclic rotation of the product and of the
    transposes of those, and where the product has a row or column it is the product of the numbers between."""
    if found := [i for i in range(len(word)) if word[i].rows == ONE]:
        word = word[found[0] :] + word[: found[0]]
        ends = [i - found[0] for i in found] + [len(word)]
        total = constant(1)
        for start, end in pairwise(ends):
            total = total * trace_atom(min(word[start:end], flipped(word[start:end])))
        return total
    turns = [word[i:] + word[:i] for i in range(len(word))]
    return trace_atom(min(turn for both in turns for turn in (both, flipped(both))))


def trace_atom(word: Word) -> Polynomial:
    """``dot(u, v)`` is the trace of ``u.T @ v``."""
    if len(word) == 1:
        return atomic(f"trace({word_text(word)})")
    first, rest = word_text((word[0].flipped(),)), word_text(word[1:])
    return atomic(f"dot({first}, {rest})")


@dataclass(frozen=True)
class Matrix:
    """Linear combination of products of matrix atoms, of one shape; no zero coefficient is stored.  A vector is a column of
    the space ``vec``.  Between two cuts of a product stands a number, which is taken out of it."""

    parts: dict[Word, Polynomial] = field(default_factory=dict)
    rows: str = VECTORS
    columns: str = ONE

    @staticmethod
    def letter(atom: str, rows: str = VECTORS, columns: str = ONE) -> Matrix:
        return Matrix({(Letter(atom, False, rows, columns),): constant(1)}, rows, columns)

    def like(self, parts: dict[Word, Polynomial]) -> Matrix:
        return Matrix({word: c for word, c in parts.items() if c.terms}, self.rows, self.columns)

    def __add__(self, other: Matrix) -> Matrix:
        self.need_shape(other)
        words = {**self.parts, **other.parts}
        zero = Polynomial()
        return self.like({word: self.parts.get(word, zero) + other.parts.get(word, zero) for word in words})

    def __neg__(self) -> Matrix:
        return self.scaled(constant(-1))

    def __sub__(self, other: Matrix) -> Matrix:
        return self + -other

    def __matmul__(self, other: Matrix) -> Matrix:
        need(self.columns == other.rows, "a matrix with", self.columns, "columns times one with", other.rows, "rows")
        self.need_small(other)
        need((self.rows, other.columns) != (ONE, ONE), "a product with one entry is a number; write dot(u, v)")
        parts: dict[Word, Polynomial] = {}
        for u, a in self.parts.items():
            for v, b in other.parts.items():
                word, number = u + v, a * b
                places = cuts(word)
                for start, end in pairwise(places):
                    number = number * trace(word[start:end])
                word = word[: places[0]] + word[places[-1] :] if places else word
                parts[word] = parts.get(word, Polynomial()) + number
        return Matrix({}, self.rows, other.columns).like(parts)

    @property
    def transpose(self) -> Matrix:
        return Matrix({flipped(word): c for word, c in self.parts.items()}, self.columns, self.rows)

    def scaled(self, factor: Polynomial) -> Matrix:
        return self.like({word: factor * coefficient for word, coefficient in self.parts.items()})

    def dot(self, other: Matrix) -> Polynomial:
        """The sum of the products of equal entries, the trace of the transpose times the other."""
        self.need_shape(other)
        self.need_small(other)
        total = Polynomial()
        for u, a in self.parts.items():
            for v, b in other.parts.items():
                total = total + a * b * trace(flipped(u) + v)
        return total

    def trace(self) -> Polynomial:
        need(self.rows == self.columns, "the trace of a matrix that is not square:", self)
        total = Polynomial()
        for word, coefficient in self.parts.items():
            total = total + coefficient * trace(word)
        return total

    @property
    def shape(self) -> tuple[str, str]:
        return self.rows, self.columns

    @property
    def sort(self) -> str:
        return "vec" if self.shape == (VECTORS, ONE) else f"mat({self.rows}, {self.columns})"

    def need_shape(self, other: Matrix) -> None:
        need(self.shape == other.shape, "matrices of different shapes:", self.shape, "and", other.shape)

    def need_small(self, other: Matrix) -> None:
        need(len(self.parts) * len(other.parts) <= MAX_WORDS, "a product of matrices has too many terms")
        letters = sum(max(map(len, matrix.parts), default=0) for matrix in (self, other))
        need(letters <= MAX_LETTERS, "a product of matrices has too many factors")

    def __str__(self) -> str:
        shown = [(word_text(word), coefficient) for word, coefficient in sorted(self.parts.items())]
        return " + ".join(word if c == constant(1) else f"({c})*{word}" for word, c in shown) or "0"


def shape(sort: str) -> tuple[str, str] | None:
    """Rows and columns of a sort of matrices: ``vec`` or ``mat(p, n)``, the dimensions being names of arbitrary positive
    numbers, or 1; None for other sorts."""
    if sort == "vec":
        return VECTORS, ONE
    found = re.fullmatch(r"mat\((\w+), (\w+)\)", sort, re.ASCII)
    if found is None:
        return None
    for dimension in found.groups():
        need(dimension == ONE or (symbol(dimension) and dimension != VECTORS), "not a dimension:", dimension)
    need(found.groups() != (ONE, ONE), "a matrix with one entry is a number, of sort real")
    return found[1], found[2]


Term = Polynomial | Matrix


def as_scalar(term: Term) -> Polynomial:
    if isinstance(term, Matrix):
        raise Rejected(f"a number is needed, not the {'vector' if term.columns == ONE else 'matrix'} {term}")
    return term


def as_matrix(term: Term) -> Matrix:
    if isinstance(term, Polynomial):
        raise Rejected(f"a vector or matrix is needed, not the number {term}")
    return term
