r"""Randomness that can be repeated anywhere, and tests that say in advance what they will conclude.

    from verify.statistics import Distribution, Experiment, Mean, MeanNear, Probability, Rate, Sequential, Trend

A test is a frozen piece of data with four answers: what it says in words, which samples it accepts, the few numbers that it
keeps of them (``summary``), and its finding from these numbers (``decide``), a pure function.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from fractions import Fraction
from functools import partial
from typing import Any, Protocol, TypeVar

from verify.statistics.distribution import Distribution
from verify.statistics.experiment import Experiment
from verify.statistics.finding import Finding, Region, complain
from verify.statistics.means import Mean, MeanNear, Probability
from verify.statistics.rate import Rate
from verify.statistics.sequential import Sequential
from verify.statistics.trend import Trend

Json = Any
Samples = Any  # (runs, columns) float64 array of NumPy


class Test(Protocol):
    """A pre-registered test of the results of independent runs."""

    @property
    def columns(self) -> int:
        """Numbers that each run yields."""

    @property
    def requires(self) -> str:
        """What each of these numbers must be, in words."""

    def region(self) -> Region:
        """The values that the claim allows."""

    def validate(self, runs: int) -> None:
        """Raise ``ClaimError`` if it cannot be made with so many runs."""

    def words(self) -> str:
        """What the claim says."""

    def allowed(self, samples: Samples) -> Samples:
        """Which of the samples are what they must be: truth values of the same shape."""

    def summary(self, samples: Samples, level: float) -> Json:
        """The numbers on which the finding rests."""

    def decide(self, summary: Json, level: float) -> Finding:
        """The finding at this level."""


Some = TypeVar("Some", bound=Test)


def registered(test: Test) -> dict[str, Any]:
    """Everything that defines a test, as texts."""
    entries = {field.name: getattr(test, field.name) for field in fields(test)}  # type: ignore[arg-type]
    return {"test": type(test).__name__, **{name: in_text(entry) for name, entry in entries.items()}}


def in_text(entry: Any) -> Any:
    """An entry of a test as JSON without floats."""
    if isinstance(entry, tuple):
        return [in_text(part) for part in entry]
    if isinstance(entry, partial):
        return {
            "function": in_text(entry.func),
            **{name: str(number) for name, number in sorted(entry.keywords.items())},
        }
    name = getattr(entry, "__name__", None)
    return name if name is not None else str(getattr(entry, "value", entry))


def settle(test: Some, numbers: Mapping[str, Fraction]) -> Some:
    """The test with the numbers of the claim's parameters in their places; raises ``ClaimError`` for unknown names."""
    entries = {field.name: getattr(test, field.name) for field in fields(test)}  # type: ignore[arg-type]
    changed = {name: settled_entry(entry, numbers) for name, entry in entries.items()}
    return replace(test, **changed)  # type: ignore[type-var]


def settled_entry(entry: Any, numbers: Mapping[str, Fraction]) -> Any:
    if isinstance(entry, tuple):
        return tuple(settled_entry(part, numbers) for part in entry)
    if is_parameter(entry):
        return (
            numbers[entry.name] if entry.name in numbers else complain(f"{entry.name} is a parameter of another claim")
        )
    if not callable(entry):
        return entry
    unknown = [name for name in further_arguments(entry) if name not in numbers]
    if unknown:
        complain(f"{unknown[0]} of {in_text(entry)} is no parameter of the claim")
    return partial(entry, **{name: numbers[name] for name in further_arguments(entry)})


def reads(test: Test) -> set[str]:
    """The names of the claim's parameters that a test depends on."""
    found: set[str] = set()
    entries = [getattr(test, field.name) for field in fields(test)]  # type: ignore[arg-type]
    for entry in entries + [part for several in entries if isinstance(several, tuple) for part in several]:
        found |= {entry.name} if is_parameter(entry) else set(further_arguments(entry)) if callable(entry) else set()
    return found


def is_parameter(entry: Any) -> bool:
    """Whether an author put a parameter of the claim here."""
    return isinstance(getattr(entry, "value", None), Fraction) and hasattr(entry, "name")


def further_arguments(function: Callable[..., Any]) -> list[str]:
    """The arguments without the first, which is data; of a function of a library that does not tell, none."""
    try:
        return list(inspect.signature(function).parameters)[1:]
    except ValueError:
        return []


__all__ = [
    "Distribution",
    "Experiment",
    "Finding",
    "Mean",
    "MeanNear",
    "Probability",
    "Rate",
    "Region",
    "Sequential",
    "Test",
    "Trend",
    "reads",
    "registered",
    "settle",
]
