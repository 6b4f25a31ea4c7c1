r"""Finding the terms at which a fact may be useful: matching its applications against those that occur.

A fact such as ``for all m, x: f(m + 1, x) <= ...`` mentions applications (its *triggers*).  Where an application of
the same function occurs in a sequent, the arguments are compared: a pattern argument in which one variable is still
unknown, and linear, is solved for it; the others must agree.  This finds instances; whether they help is decided
elsewhere, and whether they hold by the kernel.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import combinations, product

from verify.kernel.formulas import PRODUCTS, Formula, Holds, Scope, Sign, Zero, syntax
from verify.kernel.terms import Matrix, Polynomial, Rejected, Term, atomic, constant, shape, word_text
from verify.kernel.theory import PRELUDE, Fact

UNKNOWN = "unknown"
BUILT_IN = tuple(definition["name"] for definition in PRELUDE)


@dataclass(frozen=True)
class Application:
    """An application that occurs somewhere, with its arguments in normal form."""

    text: str
    head: str
    nodes: tuple[ast.expr, ...] = field(compare=False)


@lru_cache(maxsize=100_000)
def applications_in(atom: str) -> tuple[Application, ...]:
    """The applications in the text of an atom, itself first, innermost last."""
    return tuple(
        Application(ast.unparse(node), node.func.id, tuple(node.args))
        for node in ast.walk(syntax(atom))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id not in PRODUCTS
    )


def atoms_of(formula: Formula) -> Iterator[str]:
    match formula:
        case Sign(_, term):
            for monomial in term.terms:
                yield from (atom for atom, _ in monomial)
        case Zero(difference):
            for word, coefficient in difference.parts.items():
                yield from (letter.atom for letter in word)
                yield from (a for monomial in coefficient.terms for a, _ in monomial)
        case Holds(atom, _):
            yield atom
        case _:
            for part in formula.parts:
                yield from atoms_of(part)


def vectors_of(formula: Formula) -> Iterator[str]:
    """The vectors that occur in a formula, by themselves or in an inner product."""
    if isinstance(formula, Zero):
        yield from (word_text(word) for word in formula.difference.parts)
    for atom in atoms_of(formula):
        if atom.startswith("dot("):
            match syntax(atom):
                case ast.Call(args=[left, right]):
                    yield from (ast.unparse(left), ast.unparse(right))


def occurring(formulas: Iterable[Formula]) -> dict[str, Application]:
    """All applications that occur in some formulas, by text, in order of appearance."""
    found: dict[str, Application] = {}
    for formula in formulas:
        for atom in atoms_of(formula):
            if "(" in atom:
                for application in applications_in(atom):
                    found.setdefault(application.text, application)
    return found


@dataclass(frozen=True)
class Trigger:
    """An application in a fact, and the variables of the fact in it."""

    text: str
    head: str
    nodes: tuple[ast.expr, ...] = field(compare=False)
    variables: frozenset[str]


@dataclass(frozen=True)
class Pattern:
    """What matching reads of a fact; a fact is matched many times, so that its text is read once."""

    variables: tuple[tuple[str, str], ...]
    conclusion: str
    hypotheses: tuple[str, ...]

    @staticmethod
    def of(fact: Fact) -> Pattern:
        return Pattern(
            tuple((variable, sort) for variable, sort in fact.variables), fact.conclusion, tuple(fact.hypotheses)
        )


def triggers(fact: Fact) -> list[tuple[Trigger, ...]]:
    """Smallest sets of applications that determine every variable of the fact, the first in the text first."""
    return list(covers_of(Pattern.of(fact)))


@lru_cache(maxsize=10_000)
def covers_of(pattern: Pattern) -> tuple[tuple[Trigger, ...], ...]:
    wanted = {variable for variable, _ in pattern.variables}
    covers: list[tuple[Trigger, ...]] = [] if wanted else [()]
    for size in (1, 2, 3):
        for cover in combinations(applications_of(pattern), size):
            known = determined(pattern, set().union(*(trigger.variables for trigger in cover)))
            if known == wanted and not any(set(smaller) <= set(cover) for smaller in covers):
                covers.append(cover)
    return tuple(covers)


@lru_cache(maxsize=10_000)
def applications_of(pattern: Pattern) -> tuple[Trigger, ...]:
    """The applications in a fact that mention its variables, in the order of the text."""
    wanted = [variable for variable, _ in pattern.variables]
    found: dict[str, Trigger] = {}
    for text in (pattern.conclusion, *pattern.hypotheses):
        for node in ast.walk(syntax(text)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id not in ("implies", "iff", *PRODUCTS)
            ):
                names = variables_in(node, wanted)
                if names:
                    shown = ast.unparse(node)
                    found.setdefault(shown, Trigger(shown, node.func.id, tuple(node.args), frozenset(names)))
    return tuple(found.values())


def variables_in(node: ast.expr, variables: Iterable[str]) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} & set(variables)


@lru_cache(maxsize=10_000)
def equations(pattern: Pattern) -> tuple[ast.expr, ...]:
    """The differences that the hypotheses of a fact say are zero."""
    found: list[ast.expr] = []
    for text in pattern.hypotheses:
        match syntax(text):
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
                found.append(ast.BinOp(left, ast.Sub(), right))
    return tuple(found)


def determined(pattern: Pattern, known: set[str]) -> set[str]:
    """The variables that are known once these are, by solving equations among the hypotheses."""
    wanted = {variable for variable, _ in pattern.variables}
    for _ in wanted:
        for equation in equations(pattern):
            unknown = variables_in(equation, wanted) - known
            if len(unknown) == 1:
                known = known | unknown
    return known


def complete(fact: Fact, scope: Scope, found: dict[str, Term]) -> dict[str, Term]:
    """Solve the equations among the hypotheses for variables that are still unknown."""
    sorts, found = dict(fact.variables), dict(found)
    for _ in sorts:
        for equation in equations(Pattern.of(fact)):
            unknown = variables_in(equation, sorts) - set(found)
            if len(unknown) == 1:
                variable = unknown.pop()
                value = solve(equation, variable, sorts[variable], Polynomial(), scope, {**fact.fixed, **found})
                if value is not None:
                    found[variable] = value
    return found


def preferred(covers: list[tuple[Trigger, ...]]) -> list[tuple[Trigger, ...]]:
    """The first cover, and the first single trigger for each other function that is not built in."""
    chosen = {cover[0].head: cover for cover in reversed(covers) if len(cover) == 1 and cover[0].head not in BUILT_IN}
    return covers[:1] + [cover for cover in chosen.values() if cover != covers[0]]


Match = tuple[dict[str, Term], tuple[Application, ...]]


def matches(fact: Fact, scope: Scope, occurring: Mapping[str, Application], *, all_triggers: bool) -> Iterator[Match]:
    """Terms for the variables of a fact at which its triggers are among the occurring applications, and those.

    If there are none, a single trigger is enough, and variables that it leaves open are taken as they are called (or
    as 0): a conjunction is often needed for the part that does not mention them.
    """
    by_head: dict[str, list[Application]] = {}
    for application in occurring.values():
        by_head.setdefault(application.head, []).append(application)
    covers, none = triggers(fact), True
    for cover in covers if all_triggers else preferred(covers):
        for choice in product(*(by_head.get(trigger.head, []) for trigger in cover)):
            found: dict[str, Term] | None = {}
            for trigger, application in zip(cover, choice, strict=True):
                found = unify(fact, trigger, application, scope, found) if found is not None else None
            if found is not None:
                found = complete(fact, scope, found)
                if set(found) == {variable for variable, _ in fact.variables}:
                    none = False
                    yield found, choice
    if none:
        for trigger in applications_of(Pattern.of(fact)):
            for application in by_head.get(trigger.head, []):
                found = unify(fact, trigger, application, scope, {})
                if found is not None and trigger.head not in BUILT_IN:
                    yield filled(fact, scope, complete(fact, scope, found)), (application,)


def filled(fact: Fact, scope: Scope, found: dict[str, Term]) -> dict[str, Term]:
    """Terms for all variables: where none was found, the variable of that name and sort, or zero."""
    for variable, sort in fact.variables:
        same = scope.names.get(variable)
        dimensions = shape(sort)
        zero = Polynomial() if dimensions is None else Matrix({}, *dimensions)
        fits = same is not None and scope.fits(same, sort, integers=False)
        found.setdefault(variable, same if fits and same is not None else zero)
    return found


def unify(
    fact: Fact, trigger: Trigger, application: Application, scope: Scope, found: dict[str, Term]
) -> dict[str, Term] | None:
    """Extend the terms found so far such that the trigger becomes the application, or None."""
    sorts = dict(fact.variables)
    found = dict(found)
    pending = [(node, scope.read_term(target)) for node, target in zip(trigger.nodes, application.nodes, strict=True)]
    while pending:
        rest: list[tuple[ast.expr, Term]] = []
        for node, target in pending:
            unknown = variables_in(node, sorts) - set(found)
            inner = arguments_of(node, target) if unknown and isinstance(node, ast.Call) else None
            names = {**fact.fixed, **found}
            if inner is not None:
                rest += [(part, scope.read_term(value)) for part, value in inner]
            elif len(unknown) > 1:
                rest.append((node, target))
            elif unknown:
                variable = unknown.pop()
                value = solve(node, variable, sorts[variable], target, scope, names)
                if value is None:
                    return None
                found[variable] = value
            elif read(node, scope, names) != target:
                return None
        if rest == pending:
            return None
        pending = rest
    return found


def arguments_of(pattern: ast.Call, target: Term) -> list[tuple[ast.expr, ast.expr]] | None:
    """The arguments to compare if the target is an application of the pattern's function and nothing else."""
    text = str(target)
    if not isinstance(target, Polynomial) or set(target.terms.values()) != {1} or set(target.terms) != {((text, 1),)}:
        return None
    application = next(iter(applications_in(text)), None) if "(" in text else None
    if (
        application is None
        or application.text != text
        or not isinstance(pattern.func, ast.Name)
        or application.head != pattern.func.id
    ):
        return None
    return list(zip(pattern.args, application.nodes, strict=True))


def read(node: ast.expr, scope: Scope, names: Mapping[str, Term]) -> Term | None:
    try:
        return scope.meaning(names).read_term(node)
    except Rejected:
        return None


def solve(
    node: ast.expr, variable: str, sort: str, target: Term, scope: Scope, names: Mapping[str, Term]
) -> Term | None:
    """The value of one unknown variable for which a pattern equals the target, if it occurs linearly."""
    if isinstance(node, ast.Name):
        return target if scope.fits(target, sort) else None
    if shape(sort) is not None or not isinstance(target, Polynomial):
        return None
    open_scope = replace(scope, naturals=scope.naturals | ({UNKNOWN} if sort == "nat" else set()))
    pattern = read(node, open_scope, {**names, variable: atomic(UNKNOWN)})
    if not isinstance(pattern, Polynomial) or any(UNKNOWN in a and a != UNKNOWN for m in pattern.terms for a, _ in m):
        return None
    linear = {m: c for m, c in pattern.terms.items() if any(a == UNKNOWN for a, _ in m)}
    if set(linear) != {((UNKNOWN, 1),)}:
        return None
    coefficient = linear[((UNKNOWN, 1),)]
    value = (target - pattern + atomic(UNKNOWN) * constant(coefficient)).scaled(1 / coefficient)
    return value if sort != "nat" or scope.is_integer(value) else None
