r"""Seals: what this installation's own kernel has judged need not be judged again only to be looked at.

A store may come from anywhere, hence its evidence is judged anew by the kernel before anything rests on it; for a whole
library that takes minutes.  Evidence that was judged *here* is therefore sealed: an HMAC-SHA256 (RFC 2104), under a secret
that only this user can read, over

* where it is found: the digest of task, module with imports and data, harness, versions, device, seed (``place``);
* the key of the evidence, which depends on its statement, and the sha256 of that statement;
* the evidence to the letter, the sha256 of its certificates among it; or that the variant of the task changes nothing of
  the statement, hence that there is no evidence.

An edited row, a store from another machine or user, another version of anything: the seal does not fit, and whoever looks
has to let the kernel decide.  A seal is no evidence and leaves the machine without value.

The secret lies in the folder where programs keep their state (``$XDG_STATE_HOME``, by default ``~/.local/state``).  Where
it cannot be made or read, or where others could have read it, there are no seals.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from verify.store.strict import canonical

FORMAT = "deepclaims seal 1"
LENGTH = 32  # bytes of the secret, those of the hash


@dataclass(frozen=True)
class Judgement:
    """What is sealed: this evidence, or none, is what was judged at a place."""

    place: str
    key: str
    statement: str
    evidence: str = ""  # its canonical JSON; none for a variant that changes nothing of the statement

    @property
    def is_affected(self) -> bool:
        """Whether there is a task at all."""
        return bool(self.evidence)


def mac(secret: bytes, judgement: Judgement) -> str:
    """The seal on a judgement."""
    evidence = hashlib.sha256(judgement.evidence.encode("utf-8", "replace")).hexdigest()
    sealed = [FORMAT, judgement.place, judgement.key, judgement.statement, judgement.is_affected, evidence]
    return hmac.new(secret, canonical(sealed), hashlib.sha256).hexdigest()


def fits(secret: bytes, judgement: Judgement, seal: str) -> bool:
    return hmac.compare_digest(mac(secret, judgement).encode("ascii"), seal.encode("utf-8", "replace"))


# ------------------------------------------------------------------------------------------------------ the secret


def folder() -> Path | None:
    """Where the secret is kept; None, if this user has no such place."""
    state = Path(os.environ.get("XDG_STATE_HOME", ""))
    if not state.is_absolute():  # as the standard of these folders wants it
        try:
            state = Path.home() / ".local" / "state"
        except RuntimeError:
            return None
    return state / "deepclaims"


def secret() -> bytes | None:
    """The secret of this user, made when it is first wanted; None, if there is none that nobody else knows."""
    place = folder()
    if place is None:
        return None
    path = place / "seal.key"
    found = read(path)
    if found is None and not os.path.lexists(path):
        with suppress(OSError):
            make(path)
        found = read(path)
    return found


def make(path: Path) -> None:
    """Write a new secret, whole or not at all; of two processes that do it at once the first one wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(LENGTH))
        os.link(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def read(path: Path) -> bytes | None:
    """The secret in a file; None, if it cannot be read, is none, or is not this user's alone."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            found = file.read(LENGTH + 1)
    except OSError:
        return None
    is_file, length_fits = stat.S_ISREG(status.st_mode), len(found) == LENGTH
    return found if is_file and length_fits and is_ours_alone(status) else None


def is_ours_alone(status: os.stat_result) -> bool:
    if os.name != "posix":  # elsewhere the folder of a user is the user's by its own rules
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
