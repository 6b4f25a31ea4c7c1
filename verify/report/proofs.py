r"""Proofs as trees to be read: each step of the kernel in words, with the formula that it yields.

A certificate holds the steps but not the formulas between them.  They are had by taking the steps once more through the
kernel's own rules; what a lemma that several certificates share looks like is worked out once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from typing import Any

from markupsafe import Markup

from verify.kernel import canonical
from verify.kernel.certificate import read_statement
from verify.kernel.formulas import Formula, Sign
from verify.kernel.logic import RULES, Case, Prover, Sequent, opened
from verify.kernel.terms import Polynomial, Term, atomic, constant
from verify.kernel.theory import Fact, Theory, fields
from verify.report import lines
from verify.report.rendering import steps_of

Json = Any

MAX_STEPS = 6_000  # shown on one page; the rest is in the certificates
MAX_DEPTH = 60  # of proofs inside proofs
CLOSING = ("exact", "absurd", "arithmetic")


@dataclass(frozen=True)
class Piece:
    """A run of words (``text``), of mathematics (``math``), or the label or name of a fact (``label``, ``fact``, ``cited``)."""

    kind: str
    text: str
    target: str = ""  # the key of the lemma that is named


@dataclass(frozen=True)
class Part:
    """A proof inside a step: what it has to show, and how."""

    title: tuple[Piece, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Step:
    """One step: the words, the label of what it yields, the proofs inside it; ``divides`` if they end the proof."""

    words: tuple[Piece, ...]
    label: str = ""
    parts: tuple[Part, ...] = ()
    divides: bool = False


@dataclass(frozen=True)
class Lemma:
    """A lemma of a certificate: its statement, and its proof."""

    key: str
    statement: Json
    proof: Markup
    steps: int
    given: tuple[str, ...] = ()  # the cited steps that its proof uses, in lemmas too


@dataclass(frozen=True)
class Known:
    """What the facts are that a certificate names: the keys of its lemmas; and by fact, the cited steps it rests on."""

    keys: dict[str, str]
    given: dict[str, tuple[str, ...]]

    def rests_on(self, proof: Json) -> tuple[str, ...]:
        """The cited steps that a proof uses, by itself or through the lemmas that it names."""
        return tuple(dict.fromkeys(source for fact in named_in(proof) for source in self.given.get(fact, ())))


@dataclass
class Reader:
    """Reads the certificates of one page; lemmas that were read already are found again."""

    left: int = MAX_STEPS
    lemmas: dict[bytes, Lemma] = field(default_factory=dict)
    known: Known = field(default_factory=lambda: Known({}, {}))  # of the certificate that is being read

    def certificate(self, document: Json) -> tuple[Markup, list[Lemma]]:
        """The proof of an accepted certificate as HTML, and its lemmas, in the order in which they are proved."""
        theory, fact, _, _ = read_statement(document["statement"])
        for entry in document["witness"]["definitions"]:
            theory.define(entry)
        found = []
        cited: dict[str, tuple[str, ...]] = {
            entry["name"]: (entry["source"],) for entry in document["statement"]["assumptions"] if entry["source"]
        }
        self.known = Known({}, cited)
        for entry in document["witness"]["lemmas"]:
            statement = {name: value for name, value in entry.items() if name != "proof"}
            lemma = theory.statement(statement)
            found.append(self.lemma(theory, lemma, statement, entry["proof"]))
            self.known.keys[entry["name"]] = found[-1].key
            self.known.given[entry["name"]] = found[-1].given
            theory.establish(entry["name"], lemma)
        return steps_of(self.proof(theory, fact, document["witness"]["proof"], Case(), ())), found

    def lemma(self, theory: Theory, fact: Fact, statement: Json, proof: Json) -> Lemma:
        given = self.known.rests_on(proof)
        identity = canonical([statement, proof, list(given)])
        if identity not in self.lemmas:
            name = statement["name"]
            number = sum(lemma.statement["name"] == name for lemma in self.lemmas.values())
            key = f"{name}-{number + 1}" if number else str(name)
            shown = steps_of(self.proof(theory, fact, proof, Case(), ()))
            self.lemmas[identity] = Lemma(key, statement, shown, count(proof), given)
        return self.lemmas[identity]

    def proof(self, theory: Theory, fact: Fact, proof: Json, case: Case, title: tuple[Piece, ...]) -> Part:
        """A whole proof: an induction with its two cases, or steps from the hypotheses."""
        if isinstance(proof, list):
            sequent = opened(theory, fact, case)
            given = hypotheses(sequent)
            steps = self.steps(Prover(theory, case.inductions), sequent, proof)
            return Part(title, (*given, *steps) if given else steps)
        along, zero, successor = fields(proof, "induction", "zero", "successor")
        others = tuple(pair for pair in fact.variables if pair[0] != along and pair[0] not in case.values)
        hypothesis = Fact(others, fact.hypotheses, fact.conclusion, {**case.values, along: atomic(along)})
        at_zero = Case({**case.values, along: constant(0)}, case.inductions)
        inductions = {**case.inductions, f"induction on {along}": hypothesis}
        after = Case({**case.values, along: atomic(along) + constant(1)}, inductions)
        parts = (
            self.proof(theory, fact, zero, at_zero, (words("Case "), math(f"{along} = 0"))),
            self.proof(
                theory, fact, successor, after, (words("Case "), math(f"{along} + 1"), words(" from "), math(along))
            ),
        )
        return Part(title, (Step((words("Induction on "), math(along)), "", parts, True),))

    # ---------------------------------------------------------------------------------------------------- steps

    def steps(self, prover: Prover, sequent: Sequent, proof: Json, depth: int = 0) -> tuple[Step, ...]:
        found: list[Step] = []
        for position, step in enumerate(proof):
            if self.left <= 0 or depth > MAX_DEPTH:
                rest = len(proof) - position
                found.append(
                    Step((words(f"The remaining steps, {rest} here and those inside them, are in the certificate."),))
                )
                break
            self.left -= 1
            if step["rule"] in CLOSING:  # nothing comes after it, and the kernel has accepted it
                found.append(closing(step, sequent))
                break
            names, apply = RULES[step["rule"]]
            arguments = fields({k: v for k, v in step.items() if k != "rule"}, *names)
            premises, rest_of = apply(prover, sequent, *arguments)
            parts = [(p, self.steps(prover, p, subproof, depth + 1)) for subproof, p in premises]
            found.append(describe(step, sequent, rest_of, parts, self.known))
            if rest_of is None:
                break
            sequent = rest_of
        return tuple(found)


def named_in(proof: Json) -> Iterator[str]:
    """The facts of the theory that a proof takes instances of."""
    if isinstance(proof, dict):
        if proof.get("rule") == "instance":
            yield proof["of"]
        for part in proof.values():
            yield from named_in(part)
    elif isinstance(proof, list):
        for part in proof:
            yield from named_in(part)


def count(proof: Json) -> int:
    """The number of steps of a proof, with those inside steps."""
    if isinstance(proof, dict):
        return int("rule" in proof) + sum(count(part) for part in proof.values())
    return sum(count(part) for part in proof) if isinstance(proof, list) else 0


def hypotheses(sequent: Sequent) -> tuple[Step, ...]:
    return tuple(
        Step((words("Given "), math(lines.formula(formula))), label) for label, formula in sequent.hypotheses.items()
    )


def words(text: str) -> Piece:
    return Piece("text", text)


def math(text: str) -> Piece:
    return Piece("math", text)


def label(text: str) -> Piece:
    return Piece("label", text)


# ------------------------------------------------------------------------------------------------- steps in words

Parts = list[tuple[Sequent, tuple[Step, ...]]]


def describe(step: Json, before: Sequent, after: Sequent | None, parts: Parts, known: Known) -> Step:
    """One step of a proof; ``parts`` are the proofs inside it with what they had to show."""
    rule = step["rule"]
    if rule in ("instance", "unfold", "natural", "integer", "congruence", "have"):
        assert after is not None
        return derived(step, after.hypotheses[step["as"]], parts, known)
    if rule in ("phases", "split", "cases", "parts", "antisymmetry"):
        return Step(division(step), "", tuple(branches(step, before, parts)), True)
    assert after is not None
    return rewritten(step, before, after)


def derived(step: Json, formula: Formula, parts: Parts, known: Known) -> Step:
    """A step that yields one formula."""
    shown = math(lines.formula(formula))
    match step["rule"]:
        case "instance":
            reason: tuple[Piece, ...] = (words("By "), *named(step["of"], known), *at(step["at"]), words(": "))
        case "unfold":
            reason, shown = (words("By definition, "),), math(lines.equation(step["term"], formula))
        case "natural":
            reason = (words("A natural number is not negative: "),)
        case "integer":
            reason = (words("An integer that is positive is at least 1, so by "), label(step["of"]), words(": "))
        case "congruence":
            reason = (words("Equal arguments, equal values: "),)
        case _:
            reason = (words("We show "),)
    inside = tuple(Part(() if step["rule"] == "have" else since(p), steps) for p, steps in parts)
    return Step((*reason, shown), step["as"], inside)


def named(fact: str, known: Known) -> tuple[Piece, ...]:
    if fact.startswith("induction on "):
        return words("the induction hypothesis on "), math(fact.removeprefix("induction on "))
    if fact not in known.keys and fact in known.given:
        return (Piece("cited", fact, known.given[fact][0]),)
    return (Piece("fact", fact, known.keys.get(fact, "")),)


def at(terms: Mapping[str, str]) -> tuple[Piece, ...]:
    """The terms at which a fact is taken, those that only repeat the name of the variable left out."""
    shown = ", ".join(f"{variable} := {lines.text(term)}" for variable, term in terms.items() if variable != term)
    return (words(" at "), math(shown)) if shown else ()


def since(premise: Sequent) -> tuple[Piece, ...]:
    return words("since "), math(lines.formula(premise.goal))


def division(step: Json) -> tuple[Piece, ...]:
    match step["rule"]:
        case "phases":
            return words("By the cases in the definition of "), math(lines.text(step["term"]))
        case "split":
            return words("Either "), math(lines.text(step["on"])), words(" or not")
        case "cases":
            return words("By cases, from "), label(step["of"])
        case "parts":
            return (words("Each part of the conjunction by itself"),)
    return (words("Two numbers are equal if neither is less than the other"),)


def branches(step: Json, before: Sequent, parts: Parts) -> list[Part]:
    """The cases of a division: what is new in each, or what is to be shown in each."""
    found = []
    for premise, steps in parts:
        new = [(name, f) for name, f in premise.hypotheses.items() if name not in before.hypotheses]
        if step["rule"] in ("parts", "antisymmetry"):
            title: tuple[Piece, ...] = (words("To show: "), math(lines.formula(premise.goal)))
        elif not new:  # a duty of ``phases``
            title = since(premise)
        else:
            title = (words("Case "),)
            for position, (name, formula) in enumerate(sorted(new, key=lambda entry: entry[0] == step["as"])):
                value = (
                    lines.equation(step["term"], formula)
                    if name == step["as"] and "term" in step
                    else lines.formula(formula)
                )
                title += ((words(", ") if position else words("")), math(value), words(" "), label(name))
        found.append(Part(title, steps))
    return found


def rewritten(step: Json, before: Sequent, after: Sequent) -> Step:
    """A step that changes the goal or takes a hypothesis apart."""
    new = [(name, formula) for name, formula in after.hypotheses.items() if name not in before.hypotheses]
    shown: list[Piece] = []
    for position, (name, formula) in enumerate(new):
        shown += [words(", " if position else ""), math(lines.formula(formula)), words(" "), label(name)]
    if step["rule"] == "unpack":
        return Step((words("The parts of "), label(step["of"]), words(": "), *shown))
    if step["rule"] == "contradiction":
        return Step((words("Suppose the contrary: "), *shown))
    return Step((words("It is enough to show "), math(lines.formula(after.goal)), words(" from "), *shown))


def closing(step: Json, before: Sequent) -> Step:
    """A step that ends a proof."""
    if step["rule"] == "exact":
        return Step((words("This is "), label(step["by"])))
    if step["rule"] == "absurd":
        first, second = step["by"]
        return Step((label(first), words(" and "), label(second), words(" contradict each other")))
    return Step(arithmetic(step, before))


def arithmetic(step: Json, sequent: Sequent) -> tuple[Piece, ...]:
    """The identity with its multipliers: the goal as a combination of what is known."""
    terms: list[tuple[str, tuple[Piece, ...]]] = []
    for coefficient, names in step["products"]:
        terms.append((lines.number(Fraction(coefficient)), tuple(label(name) for name in names)))
    terms += [(lines.text(multiplier), (label(name),)) for name, multiplier in step["equations"]]
    for coefficient, root in step["squares"]:
        terms.append((lines.number(Fraction(coefficient)), (math(f"({lines.text(root)})²"),)))
    rest = remainder(step, sequent)
    if rest:
        terms.append((lines.number(rest), ()))
    shown: list[Piece] = [words("Arithmetic: "), math(lines.formula(sequent.goal)), words(" from " if terms else "")]
    for position, (multiplier, factors) in enumerate(terms):
        negative = multiplier.startswith("−") and " " not in multiplier
        sign = ("−" if negative else "") if position == 0 else " − " if negative else " + "
        shown += [
            words(sign),
            *factor(multiplier.removeprefix("−") if negative else multiplier, bool(factors)),
            *factors,
        ]
    return tuple(piece for piece in shown if piece.text)


def factor(text: str, alone: bool) -> tuple[Piece, ...]:
    """A multiplier; 1 is left out before something."""
    if not alone:
        return (math(text),)
    return () if text == "1" else (math(f"({text}) · " if " " in text else f"{text} · "),)


def remainder(step: Json, sequent: Sequent) -> Fraction:
    """The number that is left of the goal when the combination is taken away (the kernel has found it large enough).

    As nothing but a number is left, it is found by taking every atom to be 0 on both sides of the identity.
    """
    rest = at_zero(sequent.goal)
    for coefficient, names in step["products"]:
        rest -= Fraction(coefficient) * prod(at_zero(sequent.hypotheses[name]) for name in names)
    for name, multiplier in step["equations"]:
        equation = sequent.hypotheses[name]
        if isinstance(equation, Sign):
            rest -= at_zero(equation) * number_of(sequent.scope.term(multiplier))
    for coefficient, root in step["squares"]:
        rest -= Fraction(coefficient) * number_of(sequent.scope.term(root)) ** 2
    return Fraction(rest)


def at_zero(formula: Formula) -> Fraction:
    return number_of(formula.term) if isinstance(formula, Sign) else Fraction(0)


def number_of(term: Term) -> Fraction:
    """The value when every atom is 0; that of a vector is 0."""
    return term.terms.get((), Fraction(0)) if isinstance(term, Polynomial) else Fraction(0)
