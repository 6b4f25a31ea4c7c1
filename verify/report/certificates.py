r"""The certificates of one claim: their files in the report, and the proofs that are read from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from verify.kernel import Rejected, parse
from verify.report import words
from verify.report.proofs import Lemma, Reader
from verify.session.session import Result
from verify.verdict import CertificateReference

Json = Any


@dataclass(frozen=True)
class Certificate:
    """A certificate that the kernel accepted, and its file, if the bytes are at hand."""

    kind: str
    of: str
    path: str
    sha256: str
    statement_sha256: str
    size: str
    steps: int
    available: bool


@dataclass
class Desk:
    """What is needed while the obligations of one claim are described."""

    blobs: Mapping[str, bytes]
    options: Json
    reader: Reader = field(default_factory=Reader)
    files: dict[str, bytes] = field(default_factory=dict)  # path in the report: bytes
    stated: dict[str, str] = field(default_factory=dict)  # sha256 of a statement: the obligation that shows it
    defined: set[str] = field(default_factory=set)  # the definitions that some statement before has shown

    def certificate(self, reference: CertificateReference, of: str, stem: str, number: str = "") -> Certificate:
        blob = self.blobs.get(reference.sha256)
        path = f"certificates/{stem}.{reference.kind}{number}.json"
        if blob is not None:
            self.files[path] = blob
        kind = words.certificate(reference.kind)
        size = words.size(reference.bytes)
        return Certificate(
            kind, of, path, reference.sha256, reference.statement_sha256, size, reference.steps, blob is not None
        )

    def certificates(self, result: Result, stem: str) -> tuple[Certificate, ...]:
        """The certificates of a result; those of one kind are numbered if there are several."""
        found: list[Certificate] = []
        references = result.evidence.certificates
        for position, reference in enumerate(references):
            alike = [i for i, other in enumerate(references) if other.kind == reference.kind]
            number = f"-{alike.index(position) + 1}" if len(alike) > 1 else ""
            found.append(self.certificate(reference, result.task.obligation.name, stem, number))
        return tuple(found)

    def document(self, result: Result, kind: str) -> Json | None:
        """The first certificate of a kind, if its bytes are at hand."""
        for reference in result.evidence.certificates:
            if reference.kind == kind and reference.sha256 in self.blobs:
                return parse(self.blobs[reference.sha256].decode("ascii"))
        return None

    def proof(self, document: Json | None) -> tuple[Markup | None, tuple[Lemma, ...]]:
        """The proof in a certificate as HTML, and its lemmas; nothing, if there is none or it cannot be laid out."""
        if document is None:
            return None, ()
        try:
            proof, lemmas = self.reader.certificate(document)
        except (Rejected, RecursionError):
            return None, ()
        return proof, tuple(lemmas)
