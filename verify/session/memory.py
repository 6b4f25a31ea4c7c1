r"""What the store knows of tasks.

The store need not be trusted.  Whatever a run rests on is judged once more: the statement is read from the author's text,
the kernel decides each certificate (``recall``).  To *look* at results, what this installation has judged itself may be
believed for its seal (``verify.store.seals``); without one that fits, looking is recalling, and seals what it has judged.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from verify import closure
from verify.errors import StoreError
from verify.kernel import Rejected, Unsupported, digest, parse
from verify.session.judge import judge
from verify.session.tasks import Options, Task, is_affected, theorem_of, verify_digest, versions
from verify.store import Judgement, Remembered, Store, canonical
from verify.verdict import Evidence, Outcome

Json = Any


MOST = 5_000  # modules, or keys, that are remembered


@contextmanager
def reading_remembered(remembered: Remembered, keys: dict[str, str]) -> Iterator[None]:
    """To look at results, what modules say need not be parsed again while their bytes are the same (``verify.closure``), nor
    need statements be read again for the keys of what was undecided, which are among ``keys`` by their places."""
    name = digest(["read", verify_digest(), versions()])
    modules, before = read_in(remembered.get(name))
    closure.KNOWN.update(modules)
    keys.update(before)
    yield
    if not (closure.KNOWN.keys() <= modules.keys() and keys.keys() <= before.keys()):
        new = {module: asdict(said) for module, said in closure.KNOWN.items()}
        kept = [new if len(new) <= MOST else {}, keys if len(keys) <= MOST else {}]
        remembered.put(name, canonical(kept))


def read_in(data: bytes | None) -> tuple[dict[str, closure.Parsed], dict[str, str]]:
    if data is None:
        return {}, {}
    modules, keys = json.loads(data)
    known = (closure.Parsed(said["digest"], tuple(said["imported"]), tuple(said["texts"])) for said in modules.values())
    return dict(zip(modules, known, strict=True)), keys


@dataclass(frozen=True)
class Known:
    """What is known of a task, and whether it is believed for its seal."""

    evidence: Evidence
    sealed: bool = False


@dataclass
class Memory:
    """A store, asked about tasks under some options."""

    store: Store
    options: Options
    judgements: list[Judgement] = field(default_factory=list)  # made while looking, and not written yet
    statements: dict[str, Json] = field(default_factory=dict)  # by their sha256
    keys: dict[str, str] = field(default_factory=dict)  # of tasks that were undecided, by their places

    # ------------------------------------------------------------------------------------------------ judged anew

    def recall(self, task: Task, key: str) -> Evidence | None:
        """The store keeps what an engine answered; it is judged anew, so that whoever writes into the store establishes
        nothing that he could not establish as an engine."""
        entry = self.store.get(key)
        if entry is None:
            return None
        evidence = Evidence.from_json(entry)
        if evidence.outcome is Outcome.UNDECIDED:
            return evidence if self.is_enough(evidence) else None
        try:
            answer = {**evidence.detail, "engine": evidence.engine, "certificates": self.documents(evidence)}
            found = judge(task, answer).evidence
        except (Unsupported, Rejected, ValueError, KeyError, TypeError, AttributeError):
            return None
        if (found.outcome, found.strength, found.scope) != (evidence.outcome, evidence.strength, evidence.scope):
            return None
        return replace(found, resources=evidence.resources)

    def is_enough(self, evidence: Evidence) -> bool:
        """What was undecided is tried again whenever more time is allowed than before."""
        return bool(evidence.resources.get("budget_seconds", 0) >= self.options.seconds)

    def documents(self, evidence: Evidence) -> list[Json]:
        """The certificates of evidence in the store; raises ``KeyError`` if one is gone."""
        blobs = {reference.sha256: self.store.blob(reference.sha256) for reference in evidence.certificates}
        missing = [sha256 for sha256, blob in blobs.items() if blob is None]
        if missing:
            raise KeyError(*missing)
        return [parse((blobs[reference.sha256] or b"").decode("ascii")) for reference in evidence.certificates]

    # ---------------------------------------------------------------------------------------------------- looked at

    def look(self, task: Task, *, recheck: bool = False) -> Known | None:
        """What is known of a task, if there is such a task and anything is known; ``recheck`` believes no seal."""
        judged = None if recheck else self.store.judged(task.place(self.options))
        if judged is not None:
            evidence = Evidence.from_json(json.loads(judged.evidence)) if judged.is_affected else None
            if evidence is None:
                return None
            if self.has_certificates(evidence):
                self.show(task, judged.statement, evidence)
                is_known = evidence.outcome is not Outcome.UNDECIDED or self.is_enough(evidence)
                return Known(evidence, sealed=True) if is_known else None
        return self.look_again(task, "" if recheck else self.keys.get(task.place(self.options), ""))

    def look_again(self, task: Task, key: str = "") -> Known | None:
        """What is known of a task without a seal; its statement is read unless its key is known."""
        if not key and not is_affected(task):
            self.judgements += self.dismissed([task])
            return None
        key = key or task.key(self.options)
        found = self.recall(task, key)
        if found is None:
            return None
        if found.outcome is Outcome.UNDECIDED:  # of that nothing was judged
            self.keys[task.place(self.options)] = key
        else:
            self.judgements.append(self.judgement(task, key, found))
        return Known(found)

    def show(self, task: Task, sha256: str, evidence: Evidence) -> None:
        """Take the statement of a theorem, of which the seal has the sha256, from a certificate."""
        if theorem_of(task.obligation) is None:
            return
        fitting = [r for r in evidence.certificates if r.statement_sha256 == sha256]
        if sha256 not in self.statements and fitting:
            smallest = min(fitting, key=lambda reference: reference.bytes)
            statement = parse((self.store.blob(smallest.sha256) or b"").decode("ascii"))["statement"]
            if digest(statement) == sha256:
                self.statements[sha256] = statement
        if sha256 in self.statements:
            task.show(self.statements[sha256])

    def has_certificates(self, evidence: Evidence) -> bool:
        """Whether the bytes of all certificates are there and have the hashes by which the evidence names them."""
        return all(self.store.blob(reference.sha256) is not None for reference in evidence.certificates)

    # ------------------------------------------------------------------------------------------------------- sealed

    def judgement(self, task: Task, key: str, evidence: Evidence) -> Judgement:
        """That this evidence was judged here."""
        text = canonical(evidence.to_json(), "evidence").decode("ascii")
        return Judgement(task.place(self.options), key, task.statement_sha256, text)

    def dismissed(self, tasks: Iterable[Task]) -> list[Judgement]:
        """That these variants change nothing of what their obligations state; kept as long as what is stated."""
        return [
            Judgement(task.place(self.options), task.base.key(self.options), task.base.statement_sha256)
            for task in tasks
            if task.base is not None
        ]

    def keep(self, judgements: Iterable[Judgement] = ()) -> None:
        """Write seals that are not there yet.  A store that cannot be written has none, which costs time and nothing
        else."""
        wanted, self.judgements = [*self.judgements, *judgements], []
        new = [judgement for judgement in wanted if self.store.judged(judgement.place) != judgement]
        if new and not self.store.read_only:
            with suppress(StoreError):
                self.store.seal(new)
