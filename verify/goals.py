r"""Goals: what an obligation asks for, as data.

They stand apart from the engines that answer them so that listing claims loads no engine.
"""

from __future__ import annotations

import inspect
import reprlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from itertools import product
from math import isfinite
from typing import TYPE_CHECKING, Any, Protocol

from verify.errors import ClaimError, Place, VerifyError
from verify.theory.objects import Changes, Function, Parameter, Theorem, place_of

if TYPE_CHECKING:
    from verify.engines.sampling import Draws
    from verify.statistics import Test

Json = Any
Interval = tuple[int | float | Fraction, int | float | Fraction]


@dataclass(frozen=True)
class Relaxation:
    """Bound a term from above: a function that returns a real and may assume bounds of its variables.

    ``naturals`` lists the instances; ``against`` is a defined function of the naturals, the exact maximum to compare
    with.
    """

    term: Theorem
    naturals: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    against: Function | None = None

    def plan(self) -> Json:
        return {"naturals": {name: list(values) for name, values in sorted(self.naturals.items())}}


@dataclass(frozen=True)
class Sampling:
    r"""A theorem at random points: for each choice of the naturals, ``samples`` points, reals uniform on a dyadic grid.

    ``tables`` gives the length and range of arbitrary functions of one natural.  ``level`` is the error rate of the
    bound that is stated when no violation is found.
    """

    theorem: Theorem
    samples: int
    naturals: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    reals: Mapping[str, Interval] = field(default_factory=dict)
    tables: Mapping[str, tuple[int, Interval]] = field(default_factory=dict)
    bits: int = 20
    level: float = 1e-3

    def plan(self) -> Json:
        """The pre-registration: everything that determines the draws and what is said about them."""
        return {
            "samples": self.samples,
            "naturals": {name: list(values) for name, values in sorted(self.naturals.items())},
            "reals": {name: [str(Fraction(end)) for end in ends] for name, ends in sorted(self.reals.items())},
            "tables": {
                n: [length, [str(Fraction(e)) for e in ends]] for n, (length, ends) in sorted(self.tables.items())
            },
            "bits": self.bits,
            "level": str(self.level),
        }


def interval_of(name: str, ends: Any, place: Place) -> Interval:
    """The ends of the interval that a variable is drawn from."""
    known = isinstance(ends, tuple | list) and len(ends) == 2
    if known and all(isinstance(end, int | float | Fraction) and isfinite(end) for end in ends) and ends[0] < ends[1]:
        return ends[0], ends[1]
    raise ClaimError(f'{name}={ends!r} is no interval; write its two ends, such as {{"{name}": (0, 1)}}', place)


def table_of(name: str, entry: Any, place: Place) -> tuple[int, Interval]:
    """How many values of an arbitrary function are drawn, and from which interval."""
    if isinstance(entry, tuple | list) and len(entry) == 2 and type(entry[0]) is int and entry[0] > 0:
        return entry[0], interval_of(name, entry[1], place)
    raise ClaimError(
        f'{name}={entry!r} is no table; write how many values it has and their interval, such as {{"{name}": (9, (-1, 1))}}',
        place,
    )


def ranges(naturals: Mapping[str, Any] | None, place: Place) -> dict[str, tuple[int, ...]]:
    """The values that are listed for each natural; raises ``ClaimError`` at the author's line."""
    try:
        found = {name: tuple(values) for name, values in (naturals or {}).items()}
        if all(type(value) is int and value >= 0 for values in found.values() for value in values):
            return found
    except (TypeError, AttributeError):
        pass
    raise ClaimError(f'naturals={naturals!r} must list natural numbers, such as {{"n": range(1, 9)}}', place)


def exact_number(value: str, place: Place) -> Fraction:
    """A rational number written as text."""
    try:
        if isinstance(value, str):
            return Fraction(value)
    except (ValueError, ZeroDivisionError):
        pass
    raise ClaimError(f'{value!r} is not an exact number; write a text such as "1/4"', place)


@dataclass(frozen=True)
class Trials:
    """A function of the author that gets ``Draws`` and returns, for each of its trials, whether the property holds.

    With ``runs`` > 1 a trial is a batch of so many, one truth value each, which share no draw (the author says so).
    """

    function: Callable[[Draws], Any]
    count: int
    level: float = 1e-3
    runs: int = 1

    def plan(self) -> Json:
        batches = {"runs": self.runs} if self.runs > 1 else {}
        return {"trials": self.count, "level": str(self.level), **batches}


class Question(Protocol):
    """Something about explicit finite objects that a checker of the kernel decides (``verify.kernel.questions``).

    A class of questions may have an attribute ``preparation``, ``"package.module:function"``: a function of one argument,
    None, that fills caches on disk before the first of them is answered, outside the time of the task.
    """

    def statement(self) -> Json:
        """The statement that the kernel decides, with every object in it; raises ``NetworkError`` on bad input."""

    def answer(self) -> tuple[str, Json]:
        """The kind of a certificate and its witness, found by an engine; raises ``Unanswered``."""


@dataclass(frozen=True, eq=False)
class Exact:
    """Questions about explicit objects: a function that returns one for each choice of the naturals.

    Its arguments are among the naturals and the parameters of the claim, which arrive as fractions.
    """

    name: str
    python: Callable[..., Question]
    naturals: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        return place_of(self.python)

    def plan(self) -> Json:
        return {"naturals": {name: list(values) for name, values in sorted(self.naturals.items())}}


@dataclass(frozen=True)
class Computation:
    """The escape hatch: a function without arguments that returns a truth value, or one and a sentence.

    It may compute anything in any way; the harness calls its word *computed*, for instances, at best.
    """

    function: Callable[[], Any]

    def plan(self) -> Json:
        return {}


@dataclass(frozen=True, eq=False)
class StatisticalTest:
    """A pre-registered test of independent runs: a function of the author that gets an ``Experiment``, a batch of runs.

    Its further arguments are parameters of the claim, which arrive as fractions; ``test`` may name parameters too.
    """

    name: str
    python: Callable[..., Any]
    test: Test
    runs: int
    level: float = 1e-3
    floats_per_run: int = 0

    @property
    def place(self) -> Place:
        return place_of(self.python)

    def settled(self, numbers: Mapping[str, Fraction]) -> Test:
        """The test, with these numbers for the parameters in it; raises ``ClaimError`` if they make no sense there."""
        from verify.statistics import settle

        try:
            return settle(self.test, numbers)
        except ClaimError as problem:
            raise ClaimError(f"the test of {self.name}: {problem.message}", self.place) from None

    def reads(self) -> set[str]:
        """The names of the parameters that the test itself depends on."""
        from verify.statistics import reads

        return reads(self.test)


Goal = Theorem | Relaxation | Sampling | Trials | Exact | Computation | StatisticalTest


def registration(goal: StatisticalTest, changes: Changes, parameters: Mapping[str, Parameter]) -> Json:
    """The plan of a statistical test under the changes of a variant: everything that is fixed before the first draw."""
    from verify.statistics import registered

    numbers, function = values(parameters, changes), changes.python(goal)
    used = {name: str(number) for name, number in sorted(numbers.items()) if name in arguments(function)[1:]}
    return {
        "statistic": registered(goal.settled(numbers)),
        "runs": goal.runs,
        "level": str(goal.level),
        "function": function.__name__,
        "parameters": used,
    }


def values(parameters: Mapping[str, Parameter], changes: Changes) -> dict[str, Fraction]:
    """The numbers of the parameters under the changes of a variant."""
    return {name: changes.number(parameter) for name, parameter in parameters.items()}


def arguments(function: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(function).parameters)


def bind(function: Callable[..., Any], numbers: Mapping[str, Fraction]) -> Callable[..., Any]:
    """The function of its first argument alone; the others are parameters of the claim."""
    wanted = arguments(function)[1:]
    unknown = [name for name in wanted if name not in numbers]
    if unknown or not arguments(function):
        what = (
            f"{unknown[0]} of {function.__name__} is no parameter of the claim"
            if unknown
            else f"{function.__name__} has no argument"
        )
        raise ClaimError(
            f"{what}; an experiment is a function of draws and of parameters of the claim", place_of(function)
        )
    return partial(function, **{name: numbers[name] for name in wanted})


def questions(
    goal: Exact, changes: Changes, parameters: Mapping[str, Parameter]
) -> Iterator[tuple[dict[str, int], Question]]:
    """The questions of a goal under the changes of a variant; raises ``ClaimError`` at the author's function."""
    python = changes.python(goal)
    place = place_of(python)
    numbers = values(parameters, changes)
    wanted = arguments(python)
    unknown = [name for name in wanted if name not in goal.naturals and name not in numbers]
    if unknown:
        raise ClaimError(
            f"{unknown[0]} of {goal.name} is neither among its naturals nor a parameter of the claim", place
        )
    for naturals in choices(goal.naturals):
        known: dict[str, Any] = {**numbers, **naturals}
        where = goal.name + at(naturals)
        try:
            question = python(**{name: known[name] for name in wanted})
        except VerifyError as problem:
            raise ClaimError(f"{where}: {problem}", place) from None
        except (Exception, SystemExit) as problem:
            raise ClaimError(f"{where} failed: {type(problem).__name__}: {problem}", place) from problem
        if not all(callable(getattr(question, part, None)) for part in ("statement", "answer")):
            shown = reprlib.repr(question)
            raise ClaimError(
                f"{where} returned {shown}, which is no question; return one, such as those of verify.networks", place
            )
        yield naturals, question


def at(naturals: Mapping[str, int]) -> str:
    """Where a question is asked, in words: `` at n = 3``; nothing, if there is only one."""
    return f" at {', '.join(f'{name} = {value}' for name, value in naturals.items())}" if naturals else ""


def choices(naturals: Mapping[str, tuple[int, ...]]) -> Iterator[dict[str, int]]:
    """Every choice of the naturals that are listed."""
    return (dict(zip(naturals, values, strict=True)) for values in product(*naturals.values()))
