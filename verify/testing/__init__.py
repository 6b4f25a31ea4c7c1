r"""For the tests of whoever ships claims: the contract that every claim has to keep.

    from verify.testing import parametrize_claims

    @parametrize_claims("my_theorems")
    def test_claims_keep_the_contract(claim, check):
        check(claim)

Each pair of a claim and a check is one test, after scikit-learn's ``parametrize_with_checks``, with a readable name such as
``halving-layers-a_mutant_dies``; a module that cannot be loaded is one failing test.  A claim is run once for all checks
that need it.  ``check_claim(claim)`` makes all checks of one claim.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify.claim import Claim
from verify.errors import Place, UsageError, VerifyError

if TYPE_CHECKING:
    import pytest

    from verify.catalog import Catalog
    from verify.testing.laboratory import Examined


class Violated(VerifyError):
    """A claim does not keep the contract; a sentence for each violation."""

    def __init__(self, sentences: Iterable[str], place: Place | None = None) -> None:
        self.sentences = tuple(sentences)
        super().__init__("\n  ".join(self.sentences), place)


@dataclass(frozen=True)
class Check:
    """One rule of the contract; called with a claim, it raises ``Violated`` with a sentence for each violation."""

    name: str
    runs: bool  # whether anything of the claim has to be run for it
    violations: Callable[[Examined], Iterable[str]]

    def __call__(self, claim: Claim) -> None:
        __tracebackhide__ = True
        from verify.testing.laboratory import examined

        sentences = tuple(self.violations(examined(claim)))
        if sentences:
            raise Violated(sentences, claim.place)


@dataclass(frozen=True)
class Loading:
    """Stands for the checks of something that could not be loaded."""

    sentence: str

    def __call__(self, claim: None) -> None:
        __tracebackhide__ = True
        raise Violated([self.sentence])


def checks(*, running: bool = True) -> tuple[Check, ...]:
    """The rules, in the order in which they are worth reading; without ``running``, those that need no run."""
    from verify.testing import findings, rules

    every = (
        Check("names_are_well_formed", False, rules.names),
        Check("latex_converts", False, rules.latex),
        Check("sources_resolve", False, rules.sources),
        Check("statements_are_understood", True, rules.statements),
        Check("outcomes_are_as_expected", True, findings.expected),
        Check("hypotheses_are_satisfiable", True, findings.hypotheses),
        Check("mutants_die", True, findings.teeth),
        Check("certificates_are_accepted_again", True, findings.certificates),
        Check("evidence_survives_json", True, findings.round_trip),
        Check("results_do_not_depend_on_batches", True, findings.batches),
        Check("one_seed_gives_one_result", True, findings.repetition),
    )
    return tuple(check for check in every if running or not check.runs)


def check_claim(claim: Claim, *, running: bool = True) -> None:
    """Make all checks of a claim; raises ``Violated`` with a sentence for each violation of each rule."""
    __tracebackhide__ = True
    sentences: list[str] = []
    for check in checks(running=running):
        try:
            check(claim)
        except Violated as problem:
            sentences += [f"{check.name}: {sentence}" for sentence in problem.sentences]
    if sentences:
        raise Violated(sentences, claim.place)


def parametrize_claims(*where: str | Path, running: bool = True) -> pytest.MarkDecorator:
    """Decorator of a test with the arguments ``claim`` and ``check``: once for each claim in some packages or paths and each
    check.  Without ``running``, the checks that need no run, which take no time."""
    import pytest

    catalog = found(where)
    rows: list[Any] = [
        pytest.param(listed.claim, check, id=f"{listed.claim.name}-{check.name}")
        for listed in catalog.claims
        for check in checks(running=running)
    ]
    for broken in catalog.broken:
        place = Path(broken.where)
        title = place.parent.name if place.name == "__init__.py" else place.name
        rows.append(pytest.param(None, Loading(broken.sentence), id=f"{title}-can_be_loaded"))
    if not rows:
        raise UsageError(f"there are no claims in {', '.join(map(str, where)) or 'nothing'}; name packages or paths")
    return pytest.mark.parametrize(("claim", "check"), rows)


def found(where: Iterable[str | Path]) -> Catalog:
    """The claims in some packages or paths."""
    from verify.catalog import collect

    return collect([folder(place) for place in where])


def folder(place: str | Path) -> Path:
    """The path of a package that can be imported, or the path itself."""
    from importlib.util import find_spec

    if isinstance(place, str) and all(part.isidentifier() for part in place.split(".")):
        try:
            spec = find_spec(place)
        except ImportError:
            spec = None
        if spec is not None and spec.origin is not None:
            file = Path(spec.origin)
            return file.parent if file.name == "__init__.py" else file
    if not Path(place).exists():
        raise UsageError(f"there is no package and no path {str(place)!r}; install the one or correct the other")
    return Path(place)


__all__ = ["Check", "Violated", "check_claim", "checks", "parametrize_claims"]
