r"""Claims: sentences of the literature with their source, their parts, and the variants that must fail.

A claim is data.  Its methods only register what belongs to it; nothing is read, imported or run before somebody asks.

    claim = Claim("max-two-relu", title=..., statement=r"...", source=cite("grohs2017", "A Hint"))

    @claim.proof()
    def maximum(x: real, y: real) -> prop:
        return max(x, y) == x + relu(y - x)

    @claim.mutant(replaces=maximum)
    def other_way_round(x: real, y: real) -> prop:
        return max(x, y) == y + relu(y - x)
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from verify.errors import ClaimError, Place
from verify.goals import Computation, Exact, Goal, Interval, Question, Relaxation, Sampling, StatisticalTest, Trials
from verify.goals import exact_number, interval_of, ranges, table_of
from verify.theory.objects import Assumption, Changes, Function, Induction, Model, Parameter, Source, Theorem, Used
from verify.theory.objects import model_of, place_of, plain, shown, stated
from verify.verdict import Outcome, Role

if TYPE_CHECKING:
    from verify.statistics import Test

Uses = tuple[Used, ...] | list[Used]
Texts = tuple[str, ...] | list[str]


@dataclass(frozen=True, eq=False)
class Obligation:
    """One machine-checkable part of a claim."""

    name: str
    role: Role
    goal: Goal
    place: Place
    reason: str = ""  # for a disproof: why its theorem contradicts the printed sentence


@dataclass(frozen=True)
class Mutant:
    """A nearby false variant: what is changed, and what it says in words."""

    name: str
    changes: Changes
    place: Place
    description: str = ""


@dataclass(frozen=True)
class Sharpness:
    """A bracket for a parameter: with the value ``refuted`` the claim is false, with ``proved`` it is proved."""

    parameter: Parameter
    refuted: Fraction
    proved: Fraction
    place: Place


@dataclass(frozen=True)
class CitedStep:
    """A step taken from the literature and not checked; it makes the verdict conditional."""

    name: str
    statement: str
    source: Source


@dataclass(eq=False)
class Claim:
    r"""A sentence of the literature.

    ``name`` identifies it everywhere; ``statement`` is the precise statement in words and LaTeX; ``source`` says where
    it stands and quotes it as printed; ``expect`` is the outcome that the suite expects; ``repairs`` names the claim,
    false as printed, that this one repairs; ``arithmetic`` is ``exact`` or ``binary64``; ``symbols`` explains notation.
    """

    name: str
    title: str
    statement: str
    source: Source
    expect: str = "holds"
    repairs: str = ""
    arithmetic: str = "exact"
    remarks: str = ""
    symbols: Mapping[str, str] = field(default_factory=dict)
    place: Place = field(init=False)
    module: str = field(init=False)
    parameters: dict[str, Parameter] = field(init=False, default_factory=dict)
    obligations: dict[str, Obligation] = field(init=False, default_factory=dict)
    mutants: dict[str, Mutant] = field(init=False, default_factory=dict)
    brackets: list[Sharpness] = field(init=False, default_factory=list)
    cited: list[CitedStep] = field(init=False, default_factory=list)
    models: list[Model] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.place, self.module = caller()
        if self.expect not in (Outcome.HOLDS.value, Outcome.REFUTED.value):
            raise ClaimError(f"expect={self.expect!r} must be 'holds' or 'refuted'", self.place)
        if not self.name or set(self.name) - set("abcdefghijklmnopqrstuvwxyz0123456789-"):
            raise ClaimError(f"the name {self.name!r} may only have small letters, digits and hyphens", self.place)
        for field_ in ("title", "statement", "remarks"):
            text: object = getattr(self, field_)
            if not isinstance(text, str):
                hint = "; remove the commas between its parts" if isinstance(text, tuple) else ""
                raise ClaimError(f"{field_} must be one text, not a {type(text).__name__}{hint}", self.place)
            if set(text) & set("\a\b\t\v\f\r"):
                sentence = f'{field_} has a control character where LaTeX was meant; write a raw text, {field_}=r"..."'
                raise ClaimError(sentence, self.place)
        self._need_source(self.source, self.place)
        if self.arithmetic not in ("exact", "binary64"):
            raise ClaimError(f"arithmetic={self.arithmetic!r} must be 'exact' or 'binary64'", self.place)

    # ------------------------------------------------------------------------------------------- registration

    def parameter(self, name: str, value: str, description: str = "") -> Parameter:
        """A named rational constant that mutants and the sharpness bracket may change."""
        place, _ = caller()
        if name in self.parameters:
            raise ClaimError(f"the parameter {name} is declared twice", place)
        self.parameters[name] = Parameter(name, exact_number(value, place), description)
        return self.parameters[name]

    def proof(
        self,
        *,
        by: Induction | None = None,
        using: Uses = (),
        cases: Texts = (),
        have: Texts = (),
        assuming: tuple[Assumption, ...] | list[Assumption] = (),
    ) -> Callable[[Callable[..., Any]], Theorem]:
        """Decorator: a theorem that is part of the claim, with hints for its proof (see ``Theorem``)."""

        def decorate(function: Callable[..., Any]) -> Theorem:
            hints = {"using": using, "cases": cases, "have": have, "assuming": assuming}
            theorem = stated(function, "claim.proof", by=by, **hints)
            self._register(theorem.name, Role.PROOF, theorem, theorem.place)
            return theorem

        return decorate

    def disproof(
        self,
        reason: str,
        *,
        by: Induction | None = None,
        using: Uses = (),
        cases: Texts = (),
        have: Texts = (),
        assuming: tuple[Assumption, ...] | list[Assumption] = (),
    ) -> Callable[[Callable[..., Any]], Theorem]:
        """Decorator: a theorem that contradicts the claim as printed; ``reason`` says why, in words."""

        def decorate(function: Callable[..., Any]) -> Theorem:
            hints = {"using": using, "cases": cases, "have": have, "assuming": assuming}
            theorem = stated(function, "claim.disproof", by=by, **hints)
            self._register(theorem.name, Role.DISPROOF, theorem, theorem.place, reason)
            return theorem

        return decorate

    def relaxation(
        self, *, naturals: Mapping[str, Any] | None = None, against: Function | None = None
    ) -> Callable[[Callable[..., Any]], Theorem]:
        """Decorator: bound the returned real from above by a convex relaxation, at each choice of the naturals."""

        def decorate(function: Callable[..., Any]) -> Theorem:
            term = Theorem(plain(function, "claim.relaxation").__name__, function)
            self._register(
                term.name, Role.RELAXATION, Relaxation(term, ranges(naturals, caller()[0]), against), term.place
            )
            return term

        return decorate

    def sampling(
        self,
        theorem: Theorem,
        *,
        samples: int,
        naturals: Mapping[str, Any] | None = None,
        reals: Mapping[str, Interval] | None = None,
        tables: Mapping[str, tuple[int, Interval]] | None = None,
        bits: int = 20,
        level: float = 1e-3,
    ) -> None:
        """Stress a theorem at random points (see ``verify.engines.sampling.Sampling``)."""
        place = caller()[0]
        if not isinstance(theorem, Theorem):
            given = getattr(theorem, "__name__", repr(theorem))
            raise ClaimError(
                f"only a theorem can be sampled, and {given} is none; decorate it with @claim.proof()", place
            )
        if type(samples) is not int or samples < 1 or type(bits) is not int or bits < 1 or not 0 < level < 1:
            wanted = "samples and bits must be positive integers, and level lie between 0 and 1"
            raise ClaimError(f"samples={samples!r}, bits={bits!r}, level={level!r}: {wanted}", place)
        lengths = {name: table_of(name, entry, place) for name, entry in (tables or {}).items()}
        intervals = {name: interval_of(name, ends, place) for name, ends in (reals or {}).items()}
        goal = Sampling(theorem, samples, ranges(naturals, caller()[0]), intervals, lengths, bits, level)
        self._register(f"{theorem.name}_sampled", Role.STRESS, goal, place)

    def trials(
        self, count: int, *, level: float = 1e-3, runs: int = 1
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Decorator: a torch function from ``Draws`` to truth values, run this many times.

        Where each call is a batch of ``runs`` that share no draw, every one of them is a trial.
        """

        if not all(type(number) is int and number > 0 for number in (count, runs)) or not 0 < level < 1:
            wanted = (
                "write how many trials there are, as in @claim.trials(16), a level between 0 and 1, and positive runs"
            )
            raise ClaimError(f"count={shown(count)}, level={level!r}, runs={runs!r}: {wanted}", caller()[0])

        def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
            self._register(
                plain(function, "claim.trials").__name__,
                Role.STRESS,
                Trials(function, count, level, runs),
                place_of(function),
            )
            return function

        return decorate

    def exact(
        self, *, naturals: Mapping[str, Any] | None = None, role: str = "proof", reason: str = ""
    ) -> Callable[[Callable[..., Question]], Exact]:
        """Decorator: a function of naturals and parameters that returns a question which the kernel decides.

        ``role`` is ``proof``, ``stress`` (an illustration, on which the verdict does not rest) or ``disproof``, where
        ``reason`` says why a positive answer contradicts the claim.
        """

        def decorate(function: Callable[..., Question]) -> Exact:
            goal = Exact(plain(function, "claim.exact").__name__, function, ranges(naturals, caller()[0]))
            self._register(goal.name, Role(role), goal, goal.place, reason)
            return goal

        return decorate

    def experiment(
        self, test: Test, *, runs: int, level: float = 1e-3, role: str = "stress", floats_per_run: int = 0
    ) -> Callable[[Callable[..., Any]], StatisticalTest]:
        """Decorator: a torch function of a batch of runs (``verify.statistics.Experiment``) and of parameters, whose
        results are put to a pre-registered test.

        ``level`` bounds both errors; ``role`` is ``stress``, or ``proof`` if the verdict of the claim shall rest on it;
        ``floats_per_run`` is how many numbers a run keeps in memory, if the harness should not estimate it.
        """
        place, _ = caller()
        if type(runs) is not int or not 0 < level < 1 or role not in ("stress", "proof"):
            wanted = "runs must be an integer, level lie between 0 and 1, role be 'stress' or 'proof'"
            raise ClaimError(f"runs={runs!r}, level={level!r}, role={role!r}: {wanted}", place)
        if not callable(getattr(test, "decide", None)):
            raise ClaimError(f"{test!r} is no test; give one of verify.statistics, such as Rate(...)", place)
        test.validate(runs)

        def decorate(function: Callable[..., Any]) -> StatisticalTest:
            name = plain(function, "claim.experiment").__name__
            goal = StatisticalTest(name, function, test, runs, level, floats_per_run)
            self._register(name, Role(role), goal, goal.place)
            return goal

        return decorate

    def computation(self, role: str = "stress") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Decorator: a computation of the author's own, whose word is never more than *computed*."""

        def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
            self._register(
                plain(function, "claim.computation").__name__, Role(role), Computation(function), place_of(function)
            )
            return function

        return decorate

    def mutant(self, name: str = "", changed: Mapping[Parameter, str] | None = None, *, replaces: Any = None) -> Any:
        """A nearby false variant: changed parameters (a call), or a replaced function or theorem (a decorator)."""
        place, _ = caller()
        if not isinstance(name, str):
            raise ClaimError("a mutant says what it replaces: write @claim.mutant(replaces=...)", place)
        if replaces is None:
            numbers = {
                self._own(parameter, place).name: exact_number(value, place)
                for parameter, value in (changed or {}).items()
            }
            if not numbers:
                raise ClaimError("a mutant must change a parameter or replace a definition", place)
            return self._add_mutant(Mutant(name, Changes(numbers=numbers, objects=tuple(changed or ())), place))
        if not isinstance(replaces, Function | Theorem | Exact | StatisticalTest):
            raise ClaimError(
                f"a mutant can replace a definition, a theorem, a question or an experiment, not {replaces!r}", place
            )

        def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
            title, description = (
                name or plain(function, "claim.mutant").__name__.replace("_", "-"),
                (function.__doc__ or "").strip(),
            )
            changes = Changes(replaced={replaces.name: function}, objects=(replaces,))
            self._add_mutant(Mutant(title, changes, place_of(function), description))
            return function

        return decorate

    def sharpness(self, parameter: Parameter, *, refuted: str, proved: str) -> None:
        """A bracket of a parameter that the harness has to confirm from both sides."""
        place, _ = caller()
        self.brackets.append(
            Sharpness(self._own(parameter, place), exact_number(refuted, place), exact_number(proved, place), place)
        )

    def model(
        self, functions: Mapping[Function, str | Function], *, using: tuple[Theorem, ...] | list[Theorem] = ()
    ) -> None:
        """What arbitrary functions may be, so that the assumptions about them can be proved, with these lemmas: an example
        that shows that theorems are not vacuous, and in which variants of them are refuted (see ``Model``)."""
        self.models.append(model_of(functions, using, caller()[0]))

    def cites(self, name: str, statement: str, source: Source) -> None:
        """A step of the argument that is taken from the literature; the verdict will say so."""
        self._need_source(source, caller()[0])
        self.cited.append(CitedStep(name, statement, source))

    def speaks_against(self, obligation: Obligation) -> bool:
        """Whether an obligation is about a theorem that contradicts the claim: if it holds, the claim does not."""
        against = [o.goal for o in self.obligations.values() if o.role is Role.DISPROOF]
        goal = obligation.goal.theorem if isinstance(obligation.goal, Sampling) else obligation.goal
        return goal in against

    def expected(self, obligation: Obligation) -> Outcome:
        """The outcome that the suite expects of one obligation.

        Where theorems contradict the claim, its stress tests are about these theorems.
        """
        contradicted = any(o.role is Role.DISPROOF for o in self.obligations.values())
        beside = obligation.role in (Role.STRESS, Role.RELAXATION) and contradicted
        if beside or (obligation.role is not Role.DISPROOF and self.speaks_against(obligation)):
            return Outcome.HOLDS
        return Outcome(self.expect)

    # ------------------------------------------------------------------------------------------------ details

    def _need_source(self, source: Source, place: Place) -> None:
        if not isinstance(source, Source):
            raise ClaimError(f'source={source!r} is no place in the literature; write cite("key", "Theorem 1")', place)

    def _register(self, name: str, role: Role, goal: Goal, place: Place, reason: str = "") -> None:
        if name in self.obligations:
            raise ClaimError(f"{self.name} has two obligations called {name}; rename one of them", place)
        self.obligations[name] = Obligation(name, role, goal, place, reason)

    def _add_mutant(self, mutant: Mutant) -> None:
        if mutant.name in self.mutants:
            raise ClaimError(f"{self.name} has two mutants called {mutant.name}; rename one of them", mutant.place)
        self.mutants[mutant.name] = mutant

    def _own(self, parameter: Parameter, place: Place) -> Parameter:
        known = ", ".join(self.parameters) or "none"
        found = getattr(parameter, "name", parameter)
        if isinstance(parameter, str) and parameter in self.parameters:
            raise ClaimError(
                f"{parameter!r} is the name of a parameter; write the parameter itself, without quotes", place
            )
        if self.parameters.get(str(found)) is not parameter:
            raise ClaimError(
                f"{found!r} is not a parameter of {self.name} (its parameters: {known}); declare it with claim.parameter",
                place,
            )
        return parameter


def caller() -> tuple[Place, str]:
    """The line and module outside of this one that is being executed."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__") in (__name__, "dataclasses", None):
        frame = frame.f_back
    return Place(frame.f_code.co_filename, frame.f_lineno), str(frame.f_globals.get("__name__"))
