r"""Formulas of the logic, and how terms and formulas are read from text.

Text is a small part of Python's expression syntax: rational arithmetic with literal exponents and division by
numbers, applications, comparisons, ``and``, ``or``, ``not``, ``implies(A, B)``, ``iff(A, B)``, ``true``, ``false``.
Formulas have no quantifiers; negations are pushed to the atoms, where the order of the reals makes them positive.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from verify.kernel.terms import MAX_EXPONENT, MAX_TEXT, Matrix, Polynomial, Rejected, Term
from verify.kernel.terms import as_matrix, as_scalar, atomic, constant, need, shape, symbol


@dataclass(frozen=True)
class Sign:
    """``term relation 0``, the relation being one of ``>=``, ``>``, ``==``."""

    relation: str
    term: Polynomial


@dataclass(frozen=True)
class Zero:
    """The equation of vectors or matrices ``difference == 0``."""

    difference: Matrix


@dataclass(frozen=True)
class Holds:
    """An application of a predicate, or its negation."""

    atom: str
    positive: bool = True


@dataclass(frozen=True)
class And:
    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Or:
    parts: tuple[Formula, ...]


Formula = Sign | Zero | Holds | And | Or
FALSE = Sign(">", Polynomial())


def negate(formula: Formula) -> Formula:
    """The classical negation, pushed inwards: not (p >= 0) is -p > 0, not (p == 0) is p > 0 or -p > 0, and so on."""
    match formula:
        case Sign(">=", term):
            return Sign(">", -term)
        case Sign(">", term):
            return Sign(">=", -term)
        case Sign(_, term):
            return Or((Sign(">", term), Sign(">", -term)))
        case Holds(atom, positive):
            return Holds(atom, not positive)
        case And(parts):
            return Or(tuple(negate(part) for part in parts))
        case Or(parts):
            return And(tuple(negate(part) for part in parts))
    raise Rejected("an equation of vectors cannot be negated here")


def implies(left: Formula, right: Formula) -> Formula:
    return Or((negate(left), right))


def equivalent(left: Formula, right: Formula) -> Formula:
    return And((implies(left, right), implies(right, left)))


# ------------------------------------------------------------------------------------------------- reading text


@dataclass(frozen=True)
class Signature:
    arguments: tuple[str, ...]
    sort: str


@dataclass(frozen=True)
class Scope:
    """What names mean at one place of a document.

    ``names`` maps each variable in scope to a term: to itself while a theorem is proved, to the chosen term while a
    fact is instantiated.  Substitution is reading the same text in another scope, so nothing can be captured.
    ``naturals`` are the variables of sort nat of the theorem being proved.
    """

    signature: Mapping[str, Signature]
    names: Mapping[str, Term] = field(default_factory=dict)
    naturals: frozenset[str] = frozenset()

    def bind(self, variable: object, sort: object) -> Scope:
        """The scope with one more variable, denoting itself."""
        fresh = symbol(variable)
        need(fresh not in self.signature and fresh not in self.names, "name already in use:", fresh)
        need(is_sort(sort) and sort != "prop", "unknown sort of variable", fresh)
        term = atom_of(fresh, str(sort))
        return Scope(self.signature, {**self.names, fresh: term}, self.naturals | ({fresh} if sort == "nat" else set()))

    def meaning(self, names: Mapping[str, Term]) -> Scope:
        return Scope(self.signature, names, self.naturals)

    def is_integer(self, term: Term) -> bool:
        """Integer coefficients and natural atoms: the value is an integer under every assignment."""
        return isinstance(term, Polynomial) and all(
            c.denominator == 1 and all(self._natural_atom(atom) for atom, _ in monomial)
            for monomial, c in term.terms.items()
        )

    def is_natural(self, term: Term) -> bool:
        """An integer term with nonnegative coefficients: the value is a natural number under every assignment."""
        return isinstance(term, Polynomial) and self.is_integer(term) and all(c > 0 for c in term.terms.values())

    def _natural_atom(self, atom: str) -> bool:
        head, call, _ = atom.partition("(")
        return self.signature[head].sort == "nat" if call and head not in TRACES else atom in self.naturals

    def fits(self, term: Term, sort: str, *, integers: bool = True) -> bool:
        """Whether a term may stand for a variable of this sort; for sort nat, an integer that is natural may, too."""
        if sort == "nat":
            return self.is_integer(term) if integers else self.is_natural(term)
        return (
            isinstance(term, Polynomial) if sort == "real" else isinstance(term, Matrix) and term.shape == shape(sort)
        )

    def term(self, text: object) -> Term:
        return self.read_term(syntax(text))

    def formula(self, text: object) -> Formula:
        return self.read_formula(syntax(text))

    def read_term(self, node: ast.expr) -> Term:
        match node:
            case ast.Constant(value=int(value)) if not isinstance(value, bool):
                return constant(value)
            case ast.Name(id=identifier):
                need(identifier in self.names, "unknown name:", identifier)
                return self.names[identifier]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self.read_term(operand)
            case ast.BinOp(left=base, op=ast.Pow(), right=ast.Constant(value=int(exponent))):
                need(
                    not isinstance(exponent, bool) and 0 <= exponent <= MAX_EXPONENT,
                    "an exponent must lie in 0 to",
                    MAX_EXPONENT,
                )
                factor, power = as_scalar(self.read_term(base)), constant(1)
                for _ in range(exponent):
                    power = power * factor
                return power
            case ast.BinOp(left=left, op=operator, right=right):
                return combine(operator, self.read_term(left), self.read_term(right))
            case ast.Call(func=ast.Name(id=head), args=nodes, keywords=[]):
                arguments = [self.read_term(argument) for argument in nodes]
                if head in PRODUCTS:
                    return product(head, arguments)
                atom = self.application(head, arguments)
                need(self.signature[head].sort != "prop", "a proposition is not a term:", atom)
                return atom_of(atom, self.signature[head].sort)
            case ast.Attribute(value=base, attr="T"):
                return as_matrix(self.read_term(base)).transpose
        raise Rejected("not a term: " + ast.unparse(node)[:80])

    def application(self, head: str, arguments: list[Term]) -> str:
        """The atom ``head(arguments)``; an argument of sort nat must be an integer term."""
        need(head in self.signature, "unknown function:", head)
        sorts = self.signature[head].arguments
        need(len(sorts) == len(arguments), head, "takes", len(sorts), "arguments, not", len(arguments))
        for sort, term in zip(sorts, arguments, strict=True):
            need(self.fits(term, sort), "an argument of", head, "must be of sort", f"{sort}:", term)
        atom = f"{head}({', '.join(str(term) for term in arguments)})"
        need(len(atom) <= MAX_TEXT, "an application is too long")
        return atom

    def read_formula(self, node: ast.expr) -> Formula:
        match node:
            case ast.BoolOp(op=connective, values=nodes):
                parts = tuple(self.read_formula(part) for part in nodes)
                return And(parts) if isinstance(connective, ast.And) else Or(parts)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return negate(self.read_formula(operand))
            case ast.Name(id="false"):
                return FALSE
            case ast.Name(id="true"):
                return negate(FALSE)
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return compare(operator, self.read_term(left), self.read_term(right))
            case ast.Call(func=ast.Name(id="implies" | "iff" as connective), args=[left, right], keywords=[]):
                join = implies if connective == "implies" else equivalent
                return join(self.read_formula(left), self.read_formula(right))
            case ast.Call(func=ast.Name(id=head), args=nodes, keywords=[]):
                atom = self.application(head, [self.read_term(argument) for argument in nodes])
                need(self.signature[head].sort == "prop", "a term is not a proposition:", atom)
                return Holds(atom)
        raise Rejected("not a formula: " + ast.unparse(node)[:80])


def is_sort(sort: object) -> bool:
    return isinstance(sort, str) and (sort in ("nat", "real", "prop") or shape(sort) is not None)


def atom_of(atom: str, sort: str) -> Term:
    """An atom as a term of its sort."""
    dimensions = shape(sort)
    return atomic(atom) if dimensions is None else Matrix.letter(atom, *dimensions)


def product(head: str, arguments: list[Term]) -> Term:
    """``dot(u, v)``, the sum of the products of equal entries, ``sq(v) = dot(v, v)``, ``trace(A)``, and the pseudoinverse
    ``pinv(A)``, which is an atom (see ``logic.rule_pseudoinverse``)."""
    need(len(arguments) == PRODUCTS[head], head, "has the wrong number of arguments")
    first, last = as_matrix(arguments[0]), as_matrix(arguments[-1])
    if head in TRACES:
        return first.trace() if head == "trace" else first.dot(last)
    atom = f"pinv({first})"
    need(first.parts and len(atom) <= MAX_TEXT, "no name for the pseudoinverse of", first)
    return Matrix.letter(atom, first.columns, first.rows)


TRACES = ("dot", "sq", "trace")
PRODUCTS = {"dot": 2, "sq": 1, "trace": 1, "pinv": 1}
GLUED = re.compile(r"#|(?<!\w)[0-9]\w*(and|or|if|else|in|is)\b", re.ASCII)


def syntax(text: object) -> ast.expr:
    """The syntax tree of one expression, written in printable ASCII (look-alike letters are not letters here)."""
    if not (isinstance(text, str) and len(text) <= MAX_TEXT and text.isascii() and text.isprintable()):
        raise Rejected(f"not a line of at most {MAX_TEXT} ASCII characters: {str(text)[:80]!r}")
    if GLUED.search(text):  # what Python reads here and a reader of the statement might not
        raise Rejected(f"a comment, or a numeral that runs into a word, in {text[:80]!r}")
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, MemoryError) as problem:
        raise Rejected(f"syntax error in {text[:80]!r}: {problem}") from None


def application_syntax(text: object) -> tuple[str, list[ast.expr]]:
    """The head and the arguments of a text that is one application ``f(t1, ..., tn)``."""
    match syntax(text):
        case ast.Call(func=ast.Name(id=head), args=arguments, keywords=[]):
            return head, arguments
    raise Rejected(f"not the application of a function: {str(text)[:80]}")


def combine(operator: ast.operator, left: Term, right: Term) -> Term:
    match operator:
        case ast.Add() | ast.Sub():
            other = right if isinstance(operator, ast.Add) else -right
            return as_scalar(left) + as_scalar(other) if isinstance(left, Polynomial) else left + as_matrix(other)
        case ast.MatMult():
            return as_matrix(left) @ as_matrix(right)
        case ast.Mult():
            if isinstance(left, Polynomial):
                return left * right if isinstance(right, Polynomial) else right.scaled(left)
            return left.scaled(as_scalar(right))
        case ast.Div():
            divisor = as_scalar(right).number()
            if not divisor:
                raise Rejected(f"division only by a nonzero number, not by {right}")
            return left.scaled(1 / divisor) if isinstance(left, Polynomial) else left.scaled(constant(1 / divisor))
    raise Rejected(f"unknown operation {type(operator).__name__}")


def compare(operator: ast.cmpop, left: Term, right: Term) -> Formula:
    if isinstance(left, Matrix) and isinstance(operator, ast.Eq):
        return Zero(left if right == Polynomial() else left - as_matrix(right))
    difference = as_scalar(left) - as_scalar(right)
    match operator:
        case ast.GtE():
            return Sign(">=", difference)
        case ast.LtE():
            return Sign(">=", -difference)
        case ast.Gt():
            return Sign(">", difference)
        case ast.Lt():
            return Sign(">", -difference)
        case ast.Eq():
            return Sign("==", difference)
    raise Rejected(f"unknown comparison {type(operator).__name__}")
