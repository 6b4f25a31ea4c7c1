r"""What authors write: functions and theorems, registered by decorators and read when they are needed.

Nothing is parsed when a module is imported; a mistake is reported when the claim is checked, at the author's line.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

from verify.errors import ClaimError, Place


@dataclass(frozen=True)
class Parameter:
    r"""A named rational constant of a claim, which mutants and the sharpness bracket may change."""

    name: str
    value: Fraction
    description: str = ""


@dataclass(frozen=True, eq=False)
class Function:
    r"""A function of a theory: defined (its source is its definition) or arbitrary (any function of these sorts).

    Called with exact numbers, a defined function is evaluated exactly:

    >>> tent(Fraction(1, 4))    # doctest: +SKIP
    Fraction(1, 2)

    Inside a statement, ``f.units(...)``, ``f.fan(...)``, ``f.weights(...)``, ``f.layer(...)`` and ``f.layered(...)``
    are the functions that count the architecture of f (``verify.theory.architecture``).
    """

    name: str
    python: Callable[..., Any]
    arbitrary: bool = False

    def __call__(self, *arguments: Any) -> Any:
        from verify.theory.environment import evaluate

        return evaluate(self, arguments)

    @property
    def place(self) -> Place:
        return place_of(self.python)


@dataclass(frozen=True)
class Induction:
    """Proof by induction along variables of sort nat, each one within the cases of those before."""

    variables: tuple[str, ...]


@dataclass(frozen=True)
class Instance:
    """A fact at given terms, written in the language of the theorem that uses it."""

    theorem: Theorem | Assumption
    terms: Mapping[str, str]
    over: tuple[str, ...] = ()  # columns, over whose unit vectors the fact is summed


@dataclass(frozen=True)
class Hypothesis:
    """The induction hypothesis at given terms, for the induction along ``variable`` (the innermost, if empty)."""

    terms: Mapping[str, str]
    variable: str = ""


@dataclass(frozen=True)
class Source:
    """Where a sentence stands in the literature: a key of the bibliography, and the place in that work."""

    key: str
    locator: str = ""
    quote: str = ""

    def __str__(self) -> str:
        return f"{self.key}, {self.locator}" if self.locator else self.key


@dataclass(frozen=True, eq=False)
class Theorem:
    """A statement, and hints for its proof; the hints cannot make anything true.

    ``by``: induction along variables.  ``using``: facts to instantiate, by themselves (terms are then found by
    matching) or at given terms, ``lemma.at(x="...")`` and ``hypothesis(x="...")``.  ``cases``: formulas to split on.  ``have``: intermediate formulas, shown in order.
    ``assuming``: assumptions about arbitrary functions.
    """

    name: str
    python: Callable[..., Any]
    by: Induction | None = None
    using: tuple[Used, ...] = ()
    cases: tuple[str, ...] = ()
    have: tuple[str, ...] = ()
    assuming: tuple[Assumption, ...] = ()

    def at(self, **terms: str) -> Instance:
        """This fact at these terms."""
        return Instance(self, terms)

    def summed(self, *over: str, **terms: str) -> Instance:
        """The sum of this fact over the unit vectors of these columns, in which it is quadratic, at these terms."""
        return Instance(self, terms, over)

    @property
    def place(self) -> Place:
        return place_of(self.python)


@dataclass(frozen=True, eq=False)
class Assumption:
    """A statement about arbitrary functions that theorems may assume; with a source, it is a cited step."""

    name: str
    python: Callable[..., Any]
    source: Source | None = None

    def at(self, **terms: str) -> Instance:
        """This assumption at these terms."""
        return Instance(self, terms)

    @property
    def place(self) -> Place:
        return place_of(self.python)


@dataclass(frozen=True, eq=False)
class Model:
    """What some arbitrary functions may be, so that assumptions about them are theorems: each one is a term in its own
    arguments, or a defined function of the same sorts.  Functions that are left out stay arbitrary.

    ``using``: lemmas for the proofs of the assumptions.
    """

    functions: Mapping[Function, str | Function]
    place: Place
    using: tuple[Theorem, ...] = ()


Used = Theorem | Assumption | Instance | Hypothesis


@lru_cache(maxsize=20_000)
def place_of(function: Callable[..., Any]) -> Place:
    return Place(function.__code__.co_filename, function.__code__.co_firstlineno)


def plain(function: Any, word: str) -> Callable[..., Any]:
    """The function below a decorator, which must be one that the author wrote with def."""
    if not inspect.isfunction(function):
        name, place = getattr(function, "name", repr(function)), getattr(function, "place", None)
        raise ClaimError(f"@{word} must stand directly on a function, and {name} is none; use one decorator", place)
    return function


def define(function: Callable[..., Any]) -> Function:
    """Decorator: the source of this function is a definition."""
    return Function(plain(function, "define").__name__, function)


def arbitrary(function: Callable[..., Any]) -> Function:
    """Decorator: any function of these sorts, such as the inputs ``x(i: nat) -> real`` of a network; body ``...``."""
    return Function(plain(function, "arbitrary").__name__, function, arbitrary=True)


def hypothesis(variable: str = "", **terms: str) -> Hypothesis:
    """In ``using``: the induction hypothesis at these terms; in a successor case, k denotes the predecessor."""
    return Hypothesis(terms, variable)


def induction(*variables: str) -> Induction:
    """Prove a theorem by induction along this variable; along further ones, within each of its cases."""
    return Induction(variables)


def lemma(
    *,
    by: Induction | None = None,
    using: tuple[Used, ...] | list[Used] = (),
    cases: tuple[str, ...] | list[str] = (),
    have: tuple[str, ...] | list[str] = (),
    assuming: tuple[Assumption, ...] | list[Assumption] = (),
) -> Callable[[Callable[..., Any]], Theorem]:
    """Decorator: an auxiliary theorem, proved where it is used."""

    def decorate(function: Callable[..., Any]) -> Theorem:
        return stated(function, "lemma", by=by, using=using, cases=cases, have=have, assuming=assuming)

    return decorate


def stated(function: Callable[..., Any], word: str, *, by: Any, **lists: Any) -> Theorem:
    """The theorem that a decorated function states; raises ``ClaimError`` at its line for hints that are none."""
    place = place_of(plain(function, word))
    if by is not None and not isinstance(by, Induction):
        raise ClaimError(
            f'by={shown(by)} is no induction; write by=induction("n") for an argument n of sort nat', place
        )
    wanted: dict[str, tuple[Any, str, str]] = {
        "using": (Used, "facts: lemmas, theorems, assumptions, hypothesis(...)", "using=[some_lemma]"),
        "cases": (str, "formulas, each one a text", 'cases=["x >= 0"]'),
        "have": (str, "formulas, each one a text", 'have=["x >= 0"]'),
        "assuming": (Assumption, "assumptions", "assuming=[some_assumption]"),
    }
    for name, (kind, what, example) in wanted.items():
        given = lists[name]
        if not isinstance(given, list | tuple) or not all(isinstance(part, kind) for part in given):
            raise ClaimError(f"{name}={shown(given)} must be a list of {what}; write {example}", place)
    using, cases, have, assuming = (tuple(lists[name]) for name in wanted)
    return Theorem(function.__name__, function, by, using, cases, have, assuming)


def model_of(functions: Any, using: Any, place: Place) -> Model:
    """A model as an author gives it; raises ``ClaimError`` at its line."""
    if not isinstance(functions, Mapping) or not functions:
        wanted = 'which say what arbitrary functions are, such as {f: "sq(x) / 2", gradient: "x"}'
        raise ClaimError(f"a model is a dict of texts, {wanted}, not {shown(functions)}", place)
    for function, given in functions.items():
        if not (isinstance(function, Function) and function.arbitrary):
            raise ClaimError(f"a model says what arbitrary functions are, and {shown(function)} is none", place)
        if not isinstance(given, str | Function):
            raise ClaimError(
                f"the model puts {shown(given)} for {function.name}; put a text, or a defined function", place
            )
    if not isinstance(using, list | tuple) or not all(isinstance(fact, Theorem) for fact in using):
        raise ClaimError(f"using={shown(using)} must be a list of lemmas; write using=[some_lemma]", place)
    return Model(dict(functions), place, tuple(using))


def shown(given: Any) -> str:
    """What an author gave, in the author's words where it has a name."""
    if isinstance(given, list | tuple):
        return f"[{', '.join(map(shown, given))}]"
    return str(getattr(given, "name", None) or getattr(given, "__name__", None) or repr(given))


def assumption(*, source: Source | None = None) -> Callable[[Callable[..., Any]], Assumption]:
    """Decorator: an assumption on arbitrary functions; part of the statement, or a cited step if it has a source."""

    def decorate(function: Callable[..., Any]) -> Assumption:
        return Assumption(plain(function, "assumption").__name__, function, source)

    return decorate


def meaning(function: Callable[..., Any], name: str) -> Any:
    """The object that a free name of a function denotes, or None."""
    variables = function.__code__.co_freevars
    cells = dict(zip(variables, function.__closure__ or (), strict=True))
    if name in cells:
        try:
            return cells[name].cell_contents
        except ValueError:
            return None
    return function.__globals__.get(name)


def number_syntax(value: Fraction) -> ast.expr:
    """A rational constant in the kernel's text."""
    node: ast.expr = ast.Constant(abs(value.numerator))
    if value.denominator != 1:
        node = ast.BinOp(node, ast.Div(), ast.Constant(value.denominator))
    return ast.UnaryOp(ast.USub(), node) if value < 0 else node


@dataclass(frozen=True)
class Changes:
    """What a mutant changes: numbers of parameters, and functions or theorems, by name.

    ``objects`` are the parameters, functions and theorems that are meant; without them, all with these names are."""

    numbers: Mapping[str, Fraction] = field(default_factory=dict)
    replaced: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    objects: tuple[Any, ...] = ()

    def number(self, parameter: Parameter) -> Fraction:
        """The number of a parameter under these changes."""
        return self.numbers.get(parameter.name, parameter.value) if self.concern(parameter) else parameter.value

    def python(self, what: Any) -> Callable[..., Any]:
        """The author's function for what has this name (a definition, a theorem, a goal) under these changes."""
        found: Callable[..., Any] = self.replaced.get(what.name, what.python) if self.concern(what) else what.python
        return found

    def concern(self, what: Any) -> bool:
        return not self.objects or any(what is meant for meant in self.objects)
