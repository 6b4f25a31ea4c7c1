r"""``pytest claims``: a claim is a collector, its obligations, mutants and brackets are items.

    claims/approximation/square_net.py::square-net::error
    claims/approximation/square_net.py::square-net::mutant[error-shrinks-by-5]
    claims/approximation/square_net.py::square-net::verdict

The glue is thin: what is selected is submitted to a ``verify.session.Session`` when pytest has collected, each item waits
for its own results, and pytest's order, ``-x``, ``-k``, ``-m``, ``--lf`` and ``-n`` work as always.  Undecided is a skip
with its reason; under pytest's ``--strict`` it is a failure.  Nothing heavy is imported before there is something to run.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from verify.pytest_runner import RUNNER, Runner

if TYPE_CHECKING:
    from verify.catalog import Broken, Listed
    from verify.session.session import Result
    from verify.session.tasks import Task

Json = Any
CLAIM = re.compile(rb"^\w+ = Claim\(", re.MULTILINE)
MARKERS = {
    "proof": "a theorem that is part of a claim",
    "disproof": "a theorem that contradicts a claim as printed",
    "relaxation": "a convex bound",
    "stress": "numerics",
    "mutant": "a nearby false variant that must be refuted",
    "sharpness": "a bracket of a constant",
    "verdict": "the verdict of a whole claim",
}
BROKEN: pytest.StashKey[dict[str, Path]] = pytest.StashKey()  # packages that cannot be entered, and who said so
COLLECTED: pytest.StashKey[dict[str, Listed]] = pytest.StashKey()  # the first claim of each name
FOUND = "verify_found"  # attribute of a report that carries entries of Session.record
LETTERS = {
    "certified": "C",
    "computed": "c",
    "statistical": "S",
    "sampled": "s",
    "refuted as expected": "R",
    "killed": "K",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("verify", "checking claims")
    group.addoption("--jobs", type=int, default=0, help="claims: tasks at once (default: the number of processors)")
    group.addoption("--executor", default="local", help="claims: dask://HOST:PORT, the scheduler of a cluster")
    group.addoption("--seconds", type=float, default=60.0, help="claims: time of one task (default: 60)")
    group.addoption("--verify-store", default=None, help="claims: folder of the evidence store (default: .verify)")
    group.addoption("--no-verify-store", action="store_true", help="claims: neither read nor write a store")
    group.addoption("--device", default="cpu", help="claims: torch device of the stress tests")
    parser.addini("claim_paths", "folders of claims", type="paths", default=[])


def pytest_configure(config: pytest.Config) -> None:
    for name, text in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {text} (claims)")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Keeper(config), "verify-keeper")


# ---------------------------------------------------------------------------------------------------- collecting


def is_claim_file(config: pytest.Config, path: Path) -> bool:
    """Python files in folders of claims, in packages that are plugins, and named files that make a claim."""
    if path.suffix != ".py" or path.name.startswith(("_", "conftest", "test_")):
        return False
    folders = config.getini("claim_paths") or [config.rootpath / "claims"]
    if any(Path(folder) in path.parents for folder in folders):
        return True
    return CLAIM.search(path.read_bytes()) is not None and not any(part == "tests" for part in path.parts)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if parent.session.isinitpath(file_path) or not is_claim_file(parent.config, file_path):
        return None  # a file that is named comes through pytest_pycollect_makemodule
    return ClaimFile.from_parent(parent, path=file_path)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if is_claim_file(parent.config, module_path):
        return ClaimFile.from_parent(parent, path=module_path)
    return None


class ClaimFile(pytest.File):
    """A module of claims; if it cannot be loaded, that is one failing item with one sentence.

    If its package cannot be entered, that is one failing item for all of its modules, and no child of pytest's own collector
    of the package, which would try to import it again.
    """

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        from verify.catalog import collect

        catalog, first = collect([self.path]), self.config.stash.setdefault(BROKEN, {})
        for broken in catalog.broken:
            if broken.where == str(self.path):
                yield BrokenItem.from_parent(self, name="broken", broken=broken)
            elif first.setdefault(broken.where, self.path) == self.path:
                where = {"nodeid": f"{self.nodeid}::broken", "path": self.path}
                yield BrokenItem.from_parent(self.session, name="broken", broken=broken, **where)
        for listed in catalog.claims:
            yield self.collector(listed)

    def collector(self, listed: Listed) -> pytest.Item | pytest.Collector:
        """The collector of a claim; a failing item, if there was a claim of that name in another file."""
        from verify.catalog import Broken, twice, with_distribution

        name = listed.claim.name
        other = self.config.stash.setdefault(COLLECTED, {}).setdefault(name, listed)
        if other.reference.file == listed.reference.file:
            return ClaimCollector.from_parent(self, name=name, listed=listed)
        broken = Broken(str(self.path), twice(with_distribution(listed), with_distribution(other)))
        return BrokenItem.from_parent(self, name=name, broken=broken)


class ClaimCollector(pytest.Collector):
    """One claim."""

    def __init__(self, *, listed: Listed, **rest: Any) -> None:
        super().__init__(**rest)
        self.listed = listed

    def collect(self) -> Iterable[pytest.Item]:
        from verify.session.session import affected
        from verify.session.tasks import tasks_of

        tasks = list(affected(tasks_of(self.listed)))
        for task in tasks:
            if not task.variant.name:
                yield ObligationItem.from_parent(
                    self, name=task.obligation.name, tasks=[task], kind=task.obligation.role.value
                )
        for name in self.listed.claim.mutants:
            own = [task for task in tasks if task.variant.name == f"mutant:{name}"]
            yield MutantItem.from_parent(self, name=f"mutant[{name}]", tasks=own, kind="mutant")
        for bracket in self.listed.claim.brackets:
            name = bracket.parameter.name
            own = [t for t in tasks if t.variant.name in (f"refuted:{name}", f"proved:{name}") or not t.variant.name]
            yield BracketItem.from_parent(self, name=f"sharpness[{name}]", tasks=own, kind="sharpness")
        yield VerdictItem.from_parent(self, name="verdict", tasks=tasks, kind="verdict")


# --------------------------------------------------------------------------------------------------------- items


class Unexpected(Exception):
    """An outcome that the suite does not expect; the lines are what a reader gets to see."""


class TaskItem(pytest.Item):
    """An item that waits for the results of some tasks."""

    def __init__(self, *, tasks: list[Task], kind: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.tasks = tasks
        self.add_marker(getattr(pytest.mark, kind))

    @property
    def listed(self) -> Listed:
        assert isinstance(self.parent, ClaimCollector)
        return self.parent.listed

    def results(self) -> list[Result]:
        return self.config.stash[RUNNER].results(self.tasks)

    def runtest(self) -> None:
        raise AssertionError

    def undecided(self, reason: str, told: str = "") -> None:
        self.user_properties.append(("category", "undecided"))
        if self.config.getini("strict"):  # pytest's own --strict
            raise Unexpected(told or f"undecided: {reason}")
        pytest.skip(f"undecided: {reason}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, Unexpected):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{self.listed.claim.name}::{self.name}"


class ObligationItem(TaskItem):
    """One obligation, as it stands."""

    def runtest(self) -> None:
        from verify.session.reporting import printable, properties
        from verify.verdict import Outcome

        result = self.results()[0]
        evidence, expected = result.evidence, self.listed.claim.expected(result.task.obligation)
        self.user_properties += [(name, printable(value)) for name, value in properties(result)]
        if evidence.outcome is Outcome.ERROR:
            raise Unexpected(lines(result, "could not be checked"))
        if evidence.outcome is Outcome.UNDECIDED:
            self.undecided(evidence.reason, lines(result, "undecided"))
        elif evidence.outcome is not expected:
            raise Unexpected(lines(result, f"{evidence.outcome.value}, but expected is: {expected.value}"))
        strength = evidence.strength.name.lower() if evidence.strength is not None else ""
        category = "refuted as expected" if evidence.outcome is Outcome.REFUTED else strength
        self.user_properties.append(("category", category))


class MutantItem(TaskItem):
    """One mutant: some obligation must refute it."""

    def runtest(self) -> None:
        from verify.session.reporting import printable
        from verify.session.summary import MutantResult
        from verify.verdict import Outcome

        if not self.tasks:
            raise Unexpected(
                "this mutant changes nothing that an obligation states; change something that they mention"
            )
        result = MutantResult(self.name, tuple(self.results()))
        if not result.killed:
            told = [
                f"  {r.task.obligation.name}: {r.evidence.outcome.value}: {r.evidence.reason}" for r in result.results
            ]
            raise Unexpected("\n".join([f"{self.name} survives: no obligation refutes it", *told]))
        refuting = [r for r in result.results if r.evidence.outcome is Outcome.REFUTED]
        self.user_properties.append(("reason", printable(refuting[0].evidence.reason)))
        self.user_properties.append(("category", "killed"))


class BracketItem(TaskItem):
    """One bracket of a constant, to be confirmed from both sides."""

    def runtest(self) -> None:
        from verify.session.summary import claim_result

        found = claim_result(self.listed, self.results())
        bracket = next(b for b in found.brackets if f"sharpness[{b.parameter}]" == self.name)
        if not bracket.is_refuted or not bracket.is_proved:
            sides = {
                f"refuted at {bracket.refuted}": bracket.is_refuted,
                f"proved at {bracket.proved}": bracket.is_proved,
            }
            missing = [text for text, confirmed in sides.items() if not confirmed]
            raise Unexpected(f"the bracket is not confirmed: the claim was not {' and not '.join(missing)}")


class VerdictItem(TaskItem):
    """The verdict of the claim: as expected, and without defects."""

    def runtest(self) -> None:
        from verify.report.texts import with_its_texts
        from verify.session.summary import claim_result
        from verify.verdict import Outcome

        found = with_its_texts(claim_result(self.listed, self.results()))
        self.user_properties.append(("verdict", found.verdict.in_words()))
        if found.verdict.outcome is Outcome.UNDECIDED and not found.defects and not found.problems:
            self.undecided(found.verdict.in_words())
        elif not found.as_expected:
            told = [f"  {sentence}" for sentence in (*found.defects, *found.problems)]
            raise Unexpected("\n".join([f"verdict: {found.verdict.in_words()}; expected: {found.claim.expect}", *told]))


class BrokenItem(pytest.Item):
    """A module that could not be loaded."""

    def __init__(self, *, broken: Broken, **rest: Any) -> None:
        super().__init__(**rest)
        self.broken = broken

    def runtest(self) -> None:
        raise Unexpected("\n".join(part for part in (self.broken.sentence, self.broken.details) if part))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{self.path.name} cannot be loaded"


def lines(result: Result, headline: str) -> str:
    """What a reader has to know of an unexpected result."""
    from verify.session.reporting import question_lines

    evidence = result.evidence
    told = [f"{result.task.id}: {headline}", f"  {evidence.reason}", f"  declared at {result.task.obligation.place}"]
    told += [f"  {line}" for line in question_lines(evidence)]
    stuck = evidence.detail.get("unproved") if isinstance(evidence.detail, dict) else None
    if stuck:
        told += [
            f"  the search stopped in {stuck['theorem']} {stuck['part']}, with",
            *(f"    {k}" for k in stuck["known"]),
        ]
        told.append(f"  and had to show {stuck['wanted']}")
    told.append(f"  verify explain '{result.task.id}' says more")
    return "\n".join(told)


# ------------------------------------------------------------------------------------------------------- running


def pytest_sessionstart(session: pytest.Session) -> None:
    session.config.stash[RUNNER] = Runner(session.config)


def pytest_collection_finish(session: pytest.Session) -> None:
    runner = session.config.stash[RUNNER]
    if not session.config.getoption("collectonly") and not runner.is_worker:
        for item in session.items:
            for task in item.tasks if isinstance(item, TaskItem) else ():
                runner.submit(task)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    runner = item.config.stash[RUNNER]
    if runner.is_worker and runner.session is not None and report.when == "call":
        setattr(report, FOUND, runner.session.take_unkept())
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    runner = session.config.stash[RUNNER]
    runner.close("interrupted" if exitstatus == pytest.ExitCode.INTERRUPTED else "finished")
    if runner.problem and not runner.is_worker and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Why something is undecided is always told: it looks like success to whoever only reads colours."""
    undecided = terminalreporter.getreports("undecided")
    if undecided:
        terminalreporter.section("undecided", yellow=True)
    for report in undecided:
        reason = report.longrepr[-1].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else ""
        terminalreporter.line(f"{report.nodeid} - {reason}")
    problem = config.stash[RUNNER].problem
    if problem:
        terminalreporter.section("evidence store", red=True)
        terminalreporter.line(problem)


class Keeper:
    """Registered where the store is written: takes what xdist workers report."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        found = getattr(report, FOUND, None)
        if found:
            self.config.stash[RUNNER].keep(found)
            delattr(report, FOUND)


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, tuple[str, dict[str, bool]]] | None:
    category = category_of(report)
    if report.when == "call" and report.passed and category in LETTERS:
        return category, LETTERS[category], (category.upper(), {"green": True})
    if report.skipped and category == "undecided":
        return "undecided", "u", ("UNDECIDED", {"yellow": True})
    return None


def category_of(report: pytest.TestReport) -> str:
    return next((str(value) for name, value in getattr(report, "user_properties", ()) if name == "category"), "")


def pytest_unconfigure(config: pytest.Config) -> None:
    runner = config.stash.get(RUNNER, None)
    if runner is not None:
        runner.close("interrupted")
