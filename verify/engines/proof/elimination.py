r"""Equations as replacements, with the multipliers that justify them.

An equation that contains some atom linearly is solved for it, and the atom is replaced everywhere; this finds polynomial
multipliers that no list of candidates would contain.  Equations without such an atom rewrite their leading monomial.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from verify.kernel.terms import Monomial, Polynomial, atomic, constant

MAX_REWRITES = 200
MAX_RULES = 8

Multipliers = dict[str, Polynomial]  # of the original equations, by label


class Rule(NamedTuple):
    """An equation that rewrites its leading monomial, and how it follows from the original equations."""

    polynomial: Polynomial
    origin: Multipliers
    lead: Monomial


@dataclass
class Elimination:
    """Equations as replacements: of an atom by ``values[atom]``, or of a leading monomial by the rest of a rule.

    ``origins`` and those of ``rules`` say how a replacement follows from the original equations:
    atom - values[atom], and the polynomial of a rule, are the sum of multiplier times equation.  While a proof is
    searched nobody needs that, and ``tracking`` is off.
    """

    tracking: bool = True
    values: dict[str, Polynomial] = field(default_factory=dict)
    origins: dict[str, Multipliers] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    absurd: tuple[Fraction, Multipliers] | None = None  # a number that is not 0, and how the equations say it is

    def add(self, label: str, equation: Polynomial) -> None:
        """Use one more equation."""
        self._insert(equation, {label: constant(1)} if self.tracking else {})

    def copy(self) -> Elimination:
        return Elimination(self.tracking, dict(self.values), dict(self.origins), list(self.rules), self.absurd)

    def _insert(self, equation: Polynomial, origin: Multipliers) -> None:
        reduced, used = self.reduce(equation)
        origin = combine([(origin, constant(1)), (used, constant(-1))])
        pivot = pivot_of(reduced)
        number = reduced.number()
        if number is not None:  # as a rule it would rewrite every number to 0
            self.absurd = self.absurd or ((number, origin) if number else None)
            return
        if pivot is None:
            self.rules.append(Rule(reduced, origin, leading(reduced)))
            return
        coefficient = reduced.terms[((pivot, 1),)]
        value, origin = atomic(pivot) - reduced.scaled(1 / coefficient), combine([(origin, constant(1 / coefficient))])
        for atom in list(self.values):
            if mentions(self.values[atom], pivot):
                if self.tracking:
                    quotient = divide(self.values[atom], pivot, value)
                    self.origins[atom] = combine([(self.origins[atom], constant(1)), (origin, quotient)])
                self.values[atom] = replace_atom(self.values[atom], pivot, value)
        self.values[pivot], self.origins[pivot] = value, origin
        rules, self.rules = self.rules, []
        for rule in rules:
            self._insert(rule.polynomial, rule.origin)

    def reduce(self, polynomial: Polynomial) -> tuple[Polynomial, Multipliers]:
        """The polynomial after all replacements, and multipliers m with polynomial = reduced + sum m * equation."""
        multipliers: Multipliers = {}
        known = {atom for monomial in polynomial.terms for atom, _ in monomial if atom in self.values}
        for atom in sorted(known):
            if self.tracking:
                quotient = divide(polynomial, atom, self.values[atom])
                multipliers = combine([(multipliers, constant(1)), (self.origins[atom], quotient)])
            polynomial = replace_atom(polynomial, atom, self.values[atom])
        for rule in self.rules:
            for _ in range(MAX_REWRITES):
                monomial = next((m for m in polynomial.terms if cofactor(m, rule.lead) is not None), None)
                if monomial is None:
                    break
                ratio = polynomial.terms[monomial] / rule.polynomial.terms[rule.lead]
                factor = Polynomial({cofactor(monomial, rule.lead) or (): ratio})
                polynomial = polynomial - factor * rule.polynomial
                if self.tracking:
                    multipliers = combine([(multipliers, constant(1)), (rule.origin, factor)])
        return polynomial, multipliers

    def complete(self) -> None:
        """One round of Buchberger's algorithm: where two rules rewrite one monomial, both results are equal."""
        for (first, origin, a), (second, other, b) in list(combinations(self.rules[:MAX_RULES], 2)):
            if {atom for atom, _ in a} & {atom for atom, _ in b}:
                common = tuple(sorted({**dict(a), **{v: max(e, dict(a).get(v, 0)) for v, e in b}}.items()))
                left = Polynomial({cofactor(common, a) or (): 1 / first.terms[a]})
                right = Polynomial({cofactor(common, b) or (): -1 / second.terms[b]})
                self._insert(left * first + right * second, combine([(origin, left), (other, right)]))


def leading(polynomial: Polynomial) -> Monomial:
    """The largest monomial in the graded order, so that replacing it makes a polynomial smaller."""
    return max(polynomial.terms, key=lambda m: (sum(e for _, e in m), m))


def cofactor(monomial: Monomial, divisor: Monomial) -> Monomial | None:
    exponents = dict(monomial)
    for atom, exponent in divisor:
        if exponents.get(atom, 0) < exponent:
            return None
        exponents[atom] -= exponent
    return tuple(sorted((a, e) for a, e in exponents.items() if e))


def pivot_of(equation: Polynomial) -> str | None:
    """An atom that occurs in one monomial only, and there alone: best with coefficient 1 or -1 (which keeps integers
    integers), then the most complicated application."""
    counts: dict[str, int] = {}
    for monomial in equation.terms:
        for atom, _ in monomial:
            counts[atom] = counts.get(atom, 0) + 1
    single = [m[0][0] for m in equation.terms if len(m) == 1 and m[0][1] == 1 and counts[m[0][0]] == 1]
    return max(single, key=lambda a: (abs(equation.terms[((a, 1),)]) == 1, "(" in a, len(a), a), default=None)


def mentions(polynomial: Polynomial, atom: str) -> bool:
    return any(a == atom for monomial in polynomial.terms for a, _ in monomial)


def split(monomial: Monomial, atom: str) -> tuple[Monomial, int]:
    return tuple((a, e) for a, e in monomial if a != atom), next((e for a, e in monomial if a == atom), 0)


def replace_atom(polynomial: Polynomial, atom: str, value: Polynomial) -> Polynomial:
    total, powers = Polynomial(), [constant(1)]
    for monomial, coefficient in polynomial.terms.items():
        rest, exponent = split(monomial, atom)
        while len(powers) <= exponent:
            powers.append(powers[-1] * value)
        total = total + Polynomial({rest: coefficient}) * powers[exponent]
    return total


def divide(polynomial: Polynomial, atom: str, value: Polynomial) -> Polynomial:
    """The q with polynomial(atom) - polynomial(value) = q * (atom - value): a^n - v^n has the factor a - v."""
    total = Polynomial()
    for monomial, coefficient in polynomial.terms.items():
        rest, exponent = split(monomial, atom)
        power = constant(1)
        for i in range(exponent):  # a^(n-1-i) v^i
            left = Polynomial({((atom, exponent - 1 - i),): Fraction(1)}) if exponent - 1 - i else constant(1)
            total = total + Polynomial({rest: coefficient}) * left * power
            power = power * value
    return total


def combine(parts: Iterable[tuple[Mapping[str, Polynomial], Polynomial]]) -> Multipliers:
    total: Multipliers = {}
    for multipliers, factor in parts:
        for label, multiplier in multipliers.items():
            total[label] = total.get(label, Polynomial()) + multiplier * factor
    return {label: multiplier for label, multiplier in total.items() if multiplier.terms}
