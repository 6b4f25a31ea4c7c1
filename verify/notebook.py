r"""Verdicts in a notebook or an IPython session.

    from verify.notebook import check, results

    check("square-net")              # a claim by its name
    check("my_lemma.py")             # the claim of a file
    check(claim)                     # a claim that was imported from a file
    results("square-net").verdict    # what the store knows, without running anything

``%load_ext verify.notebook`` adds ``%verify NAME``.  A check uses the processes, budgets and the store of ``verify run``; an
interrupted one is found again where it stopped.  Workers load claims from their files, so a claim that is written in a
notebook goes to a file first, by ``%%writefile``.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify.claim import Claim
from verify.errors import UsageError, VerifyError

if TYPE_CHECKING:
    from verify.catalog import Catalog, Listed
    from verify.session.session import Result
    from verify.session.summary import ClaimResult
    from verify.verdict import Evidence, Verdict

STORE = Path(".verify")

__all__ = ["Checked", "check", "load_ipython_extension", "results"]


@dataclass(frozen=True)
class Checked:
    """What is known of one claim, ready to be shown."""

    result: ClaimResult = field(repr=False)

    @property
    def name(self) -> str:
        return self.result.claim.name

    @property
    def verdict(self) -> Verdict:
        """Strength and scope, given what: the weakest link of the evidence.  While obligations are missing, only a refutation
        is a verdict."""
        from verify.verdict import Outcome, Verdict

        known = self.result.verdict
        return known if self.is_complete or known.outcome is Outcome.REFUTED else Verdict(Outcome.UNDECIDED)

    @property
    def is_complete(self) -> bool:
        """Whether every obligation has a result; not so after an interruption."""
        return self.result.is_complete

    @property
    def evidence(self) -> Mapping[str, Evidence]:
        """The evidence of each obligation."""
        return {name: found.evidence for name, found in self.result.results.items()}

    @property
    def as_expected(self) -> bool:
        """Whether everything was checked and is as the suite expects."""
        return self.result.as_expected

    def __repr__(self) -> str:
        from verify.report.notebook import as_text

        return as_text(self.result)

    def _repr_markdown_(self) -> str:
        from verify.report.notebook import as_markdown

        return as_markdown(self.result)

    def _repr_html_(self) -> str:
        from verify.report.notebook import as_html

        return as_html(self.result)


# --------------------------------------------------------------------------------------------------- what is asked


def check(
    claim: str | Path | Claim,
    *,
    seconds: float = 60.0,
    seed: int = 0,
    jobs: int = 0,
    device: str = "cpu",
    refresh: bool = False,
    store: str | Path | None = STORE,
) -> Checked:
    """Check a claim as ``verify run`` does: by its name, by the path of its file, or the claim itself.

    ``seconds`` is the time of one task, ``jobs`` how many run at once (0: as many as there are processors); ``refresh`` does
    not use what the store knows, and ``store=None`` neither reads nor writes one.
    """
    from verify.session.running import RunOptions, perform, processors
    from verify.session.tasks import Options

    if seconds <= 0 or jobs < 0:
        raise UsageError(f"seconds={seconds!r}, jobs={jobs!r}: give a positive time, and 0 or more jobs")
    catalog, listed = found(claim)
    options = Options(seconds=seconds, device=device, seed=seed)
    settings = RunOptions(options, jobs or processors(), Path(store) if store is not None else None, refresh)
    with Following(listed.claim.name, kept=store is not None) as following:
        run = perform(catalog, [listed], settings, following.step)
    for problem in run.problems:
        print(f"verify: {problem}", file=sys.stderr)
    return Checked(run.claims[0])


def results(claim: str | Path | Claim, *, store: str | Path = STORE) -> Checked:
    """What the store knows of a claim; nothing is run."""
    from verify.session.running import recalled

    catalog, listed = found(claim)
    return Checked(recalled(catalog, [listed], Path(store)).claims[0])


def found(claim: str | Path | Claim) -> tuple[Catalog, Listed]:
    """The one claim that is meant, as its file says it now."""
    from verify.catalog import select

    forget_edited()
    if isinstance(claim, Claim):
        file = Path(claim.place.file)
        if claim.module == "__main__" or not file.is_file():
            raise UsageError(
                f"{claim.name} is defined in a notebook or a prompt, where worker processes cannot load it; "
                'write it to a file with "%%writefile my_claim.py" at the top of its cell, and check("my_claim.py")'
            )
        catalog, selected = select([str(file)])
        selected = [listed for listed in selected if listed.claim.name == claim.name]
    else:
        catalog, selected = select([str(claim)])
    refuse(str(claim.name if isinstance(claim, Claim) else claim), catalog, selected)
    remember(catalog)
    return catalog, selected[0]


def refuse(asked: str, catalog: Catalog, selected: Sequence[Listed]) -> None:
    """Anything but one claim."""
    if not selected and catalog.broken:
        raise UsageError(catalog.broken[0].sentence)
    if not selected:
        raise UsageError(f"{asked!r} holds no claim; a file of claims has a line such as claim = Claim(...)")
    if len(selected) > 1:
        names = ", ".join(listed.claim.name for listed in selected)
        raise UsageError(f"{asked!r} holds {len(selected)} claims; check one of them by its name: {names}")


# A notebook lives longer than its files stay as they are.  Workers begin anew and read files as they are now; here a module
# of claims that was edited, with all that may have imported it, is forgotten, so that it is loaded again.

LOADED: dict[str, tuple[str, int]] = {}  # modules of claims: their files, and when these were changed


def remember(catalog: Catalog) -> None:
    packages = {listed.reference.module.partition(".")[0] for listed in catalog.claims}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name.partition(".")[0] in packages and file is not None and os.path.isfile(file):
            LOADED[name] = (file, os.stat(file).st_mtime_ns)


def forget_edited() -> None:
    edited = {name for name, (file, then) in LOADED.items() if changed(file) != then}
    packages = {name.partition(".")[0] for name in edited}
    for name in [name for name in LOADED if name.partition(".")[0] in packages]:
        sys.modules.pop(name, None)
        del LOADED[name]


def changed(file: str) -> int | None:
    return os.stat(file).st_mtime_ns if os.path.isfile(file) else None


# ------------------------------------------------------------------------------------------------------- progress


class Following:
    """Progress: a line in the output of a cell that is replaced as tasks finish; in a terminal, the bar of ``verify run``."""

    def __init__(self, name: str, *, kept: bool = True) -> None:
        from verify.session.reporting import Progress

        self.name, self.done, self.kept = name, 0, kept
        self.cell = display_line(f"{name}: reading") if in_notebook() else None
        self.bar = Progress()

    def __enter__(self) -> Following:
        if self.cell is None:
            self.bar.__enter__()
        return self

    def step(self, result: Result, total: int) -> None:
        self.done += 1
        if self.cell is None:
            self.bar.step(result, total)
        else:
            self.cell.update(line(f"{self.name}: {self.done} of {total} tasks: {result.task.id}"), raw=True)

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: Any) -> None:
        from verify.verdict import counted

        if self.cell is None:
            self.bar.__exit__(kind, problem, trace)
            return
        told = f"{self.name}: {counted(self.done, 'task')}"
        if kind is not None:
            where = ", and what was found so far is in the store" if self.kept else ""
            told += f"; interrupted{where}" if issubclass(kind, KeyboardInterrupt) else "; stopped"
        self.cell.update(line(told), raw=True)


def in_notebook() -> bool:
    """Whether output goes to a front end that can replace it."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return shell is not None and type(shell).__name__ == "ZMQInteractiveShell"


def line(text: str) -> dict[str, str]:
    return {"text/plain": text}


def display_line(text: str) -> Any:
    from IPython.display import display

    return display(line(text), raw=True, display_id=True)


# ---------------------------------------------------------------------------------------------------------- magic


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext verify.notebook``: the magic ``%verify``, its completion, errors in one sentence."""
    shell.register_magic_function(magic, "line", "verify")
    shell.set_hook("complete_command", completions, str_key="%verify")
    shell.set_custom_exc((VerifyError,), in_one_sentence)


def magic(text: str) -> Checked:
    """%verify NAME [--seconds N] [--seed N] [--refresh]: check a claim, by its name or the path of its file."""
    parser = Parser(prog="%verify", description=magic.__doc__, add_help=False)
    parser.add_argument("claim")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--refresh", action="store_true")
    chosen = parser.parse_args(text.split())
    return check(chosen.claim, seconds=chosen.seconds, seed=chosen.seed, refresh=chosen.refresh)


class Parser(argparse.ArgumentParser):
    """A parser that raises instead of ending the process."""

    def error(self, message: str) -> Any:
        raise UsageError(f"%verify: {message}; write %verify NAME [--seconds N] [--seed N] [--refresh]")


def completions(shell: Any, event: Any) -> list[str]:
    """Names of claims, and files of claims in this folder."""
    from verify.catalog import collect

    return [listed.claim.name for listed in collect().claims] + sorted(path.name for path in Path().glob("*.py"))


def in_one_sentence(shell: Any, kind: type[BaseException], problem: BaseException, trace: Any, **rest: Any) -> None:
    print(f"verify: {problem}", file=sys.stderr)
