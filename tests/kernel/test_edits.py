r"""Random single edits of real certificates: what is still accepted has to be true.

Each edit changes one thing in a certificate that the proof search has produced: a number, an operator or a name in a
text, a label, a sort, the order or the presence of an entry of a list, the place of a subproof.  An edit that is still
accepted has either left the statement as it was (its digest is the same), or it has made another theorem of it, and
then ``oracle``, which knows nothing of the logic, tries to refute that theorem at hundreds of points.

``DEEPCLAIMS_EDITS=2000 pytest -s tests/kernel/test_edits.py`` makes 2000 edits of each certificate and prints how many
of each kind were refused, harmless, and true.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kernel.documents import Json, at, edited, places
from tests.kernel.oracle import opinion
from verify.kernel import Rejected, Unsupported, check, digest

EDITS = int(os.environ.get("DEEPCLAIMS_EDITS", "100"))
CERTIFICATES = [
    path
    for path in sorted((Path(__file__).parent / "certificates").glob("*.json"))
    if json.loads(path.read_text())["kind"] == "theorem"
]

Place = tuple[str | int, ...]
Edit = Callable[["Subject", random.Random], Json | None]  # None: there is nothing to edit where it looked


class Subject:
    """A certificate, and where in it there is something of each kind to edit."""

    def __init__(self, certificate: Json) -> None:
        self.certificate = certificate
        self.texts: list[Place] = []
        self.labels: list[Place] = []
        self.sorts: list[Place] = []
        self.lists: list[Place] = []
        self.proofs: list[Place] = []
        self.counts: list[Place] = []
        for place in places(certificate):
            value = at(certificate, place)
            if isinstance(value, list):
                self.lists.append(place)
                if value and isinstance(value[0], dict) and "rule" in value[0]:
                    self.proofs.append(place)
            elif isinstance(value, int):
                self.counts.append(place)
            elif isinstance(value, str) and place[-1] not in ("format", "kind", "rule", "arithmetic"):
                self.kind_of(place, value).append(place)
        self.names = sorted(
            {name for place in self.texts for name in re.findall(r"[A-Za-z_]\w*", at(certificate, place))}
        )

    def kind_of(self, place: Place, value: str) -> list[Place]:
        if value in ("nat", "real", "vec", "prop"):
            return self.sorts
        in_a_product = place[-4:-3] == ("products",)
        of_an_equation = place[-3:-2] == ("equations",) and place[-1] == 0
        named = any(key in place[-2:] for key in ("as", "by", "of")) or place[-1] == "name"
        return self.labels if in_a_product or of_an_equation or named else self.texts

    def replaced(self, place: Place, value: Json) -> Json | None:
        return None if at(self.certificate, place) == value else edited(self.certificate, place, value)


def replaced_match(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def rewrite(subject: Subject, source: random.Random, pattern: str, new: Callable[[str], str]) -> Json | None:
    """One match of the pattern in one text is replaced."""
    place = source.choice(subject.texts)
    text = at(subject.certificate, place)
    matches = list(re.finditer(pattern, text))
    if not matches:
        return None
    match = source.choice(matches)
    return subject.replaced(place, replaced_match(text, match, new(match.group())))


def a_number(subject: Subject, source: random.Random) -> Json | None:
    def other(digits: str) -> str:
        value = int(digits)
        return str(source.choice([value + 1, abs(value - 1), 2 * value + 1, 0, 1, 10 * value, value + 10]))

    return rewrite(subject, source, r"(?<![\w.])\d+", other)


def a_sign(subject: Subject, source: random.Random) -> Json | None:
    """A minus sign appears before a number or a name, or disappears."""
    if source.random() < 0.5:
        return rewrite(subject, source, r"(?<![\w)] )-", lambda _: "")
    return rewrite(subject, source, r"(?<![\w.])\w+", lambda word: f"-{word}")


def an_operator(subject: Subject, source: random.Random) -> Json | None:
    pattern = r"<=|>=|==|<|>|\*\*|\+|-|\*|/| and | or |\bnot "
    operators = {
        " and ": [" or "],
        " or ": [" and "],
        "not ": [""],
        **{o: ["<=", ">=", "==", "<", ">"] for o in ("<=", ">=", "==", "<", ">")},
        **{o: ["+", "-", "*", "/", "**"] for o in ("+", "-", "*", "/", "**")},
    }
    return rewrite(subject, source, pattern, lambda operator: source.choice(operators[operator]))


def a_name(subject: Subject, source: random.Random) -> Json | None:
    return rewrite(subject, source, r"[A-Za-z_]\w*", lambda _: source.choice(subject.names))


def two_names(subject: Subject, source: random.Random) -> Json | None:
    """Two names of one text change places everywhere in it."""
    place = source.choice(subject.texts)
    text = at(subject.certificate, place)
    names = sorted(set(re.findall(r"[A-Za-z_]\w*", text)))
    if len(names) < 2:
        return None
    exchange = dict(zip(pair := source.sample(names, 2), reversed(pair), strict=True))
    return subject.replaced(place, re.sub(r"[A-Za-z_]\w*", lambda m: exchange.get(m.group(), m.group()), text))


def a_text(subject: Subject, source: random.Random) -> Json:
    """A text is replaced by another text of the document."""
    place, other = source.choice(subject.texts), source.choice(subject.texts)
    return subject.replaced(place, at(subject.certificate, other))


def a_statement_text(subject: Subject, source: random.Random) -> Json | None:
    """One of the edits above, in a text of the statement; most texts are those of the proof."""
    only = Subject.__new__(Subject)
    only.__dict__.update(subject.__dict__)
    only.texts = [place for place in subject.texts if place[0] == "statement"]
    return source.choice([a_number, a_sign, an_operator, a_name, two_names])(only, source)


def a_label(subject: Subject, source: random.Random) -> Json | None:
    place, other = source.choice(subject.labels), source.choice(subject.labels)
    return subject.replaced(place, at(subject.certificate, other))


def a_sort(subject: Subject, source: random.Random) -> Json | None:
    if not subject.sorts:
        return None
    return subject.replaced(source.choice(subject.sorts), source.choice(["nat", "real", "vec", "prop"]))


def a_count(subject: Subject, source: random.Random) -> Json | None:
    if not subject.counts:
        return None
    place = source.choice(subject.counts)
    return subject.replaced(place, at(subject.certificate, place) + source.choice([-1, 1]))


def of_a_list(subject: Subject, source: random.Random, change: Callable[[list[Json]], list[Json]]) -> Json | None:
    place = source.choice(subject.lists)
    entries = at(subject.certificate, place)
    return subject.replaced(place, change(list(entries))) if entries else None


def an_order(subject: Subject, source: random.Random) -> Json | None:
    return of_a_list(subject, source, lambda entries: source.sample(entries, len(entries)))


def a_deletion(subject: Subject, source: random.Random) -> Json | None:
    def shortened(entries: list[Json]) -> list[Json]:
        del entries[source.randrange(len(entries))]
        return entries

    return of_a_list(subject, source, shortened)


def a_repetition(subject: Subject, source: random.Random) -> Json | None:
    def lengthened(entries: list[Json]) -> list[Json]:
        entries.insert(source.randrange(len(entries) + 1), source.choice(entries))
        return entries

    return of_a_list(subject, source, lengthened)


def a_subproof(subject: Subject, source: random.Random) -> Json | None:
    """Two subproofs, neither within the other, change places; or one takes the place of the other."""
    if len(subject.proofs) < 2:
        return None
    first, second = source.sample(subject.proofs, 2)
    if first[: len(second)] == second or second[: len(first)] == first:
        return None
    changed = subject.replaced(first, at(subject.certificate, second))
    if changed is not None and source.random() < 0.5:
        return edited(changed, second, at(subject.certificate, first))
    return changed


KINDS: tuple[Edit, ...] = (
    a_number,
    a_sign,
    an_operator,
    a_name,
    two_names,
    a_text,
    a_statement_text,
    a_statement_text,
    a_label,
    a_sort,
    a_count,
    an_order,
    a_deletion,
    a_repetition,
    a_subproof,
)


def outcome(document: Json, certificate: Json, seed: str) -> str:
    """What became of an edit; an accepted one that is false is a failure of the test."""
    try:
        check(document)
    except (Rejected, Unsupported):
        return "refused"
    if digest(document["statement"]) == digest(certificate["statement"]):
        return "accepted, same statement"
    said = opinion(document["statement"], random.Random(seed))
    assert said.counterexample is None, (
        f"accepted, and false at {said.counterexample}:\n{json.dumps(document['statement'], indent=1)}"
    )
    assert said.effective + said.vacuous > 0, f"accepted, and undefined everywhere: {document['statement']}"
    return "accepted, another true statement" if said.effective else "accepted, vacuous"


@pytest.mark.parametrize("file", CERTIFICATES, ids=lambda file: file.stem)
def test_an_edit_is_refused_or_leaves_a_true_statement(file: Path) -> None:
    certificate = json.loads(file.read_text())
    subject, source, counts = Subject(certificate), random.Random(file.stem), Counter[tuple[str, str]]()
    while counts.total() < EDITS:
        kind = source.choice(KINDS)
        document = kind(subject, source)
        if document is not None:
            counts[kind.__name__, outcome(document, certificate, f"{file.stem} {counts.total()}")] += 1
    print(f"\n{file.stem}: {counts.total()} edits")
    for (kind_name, what), number in sorted(counts.items()):
        print(f"  {kind_name:18} {what:34} {number}")
    refusals = sum(number for (_, what), number in counts.items() if what == "refused")
    assert refusals >= 0.8 * EDITS, "nearly everything is accepted: the edits do not reach the proof"
