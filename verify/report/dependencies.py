r"""What rests on what: claims, the lemmas that several of them share, cited steps, and sources.

Everything is drawn from the claims themselves and from their verdicts.  Lemmas are gathered by the module in which they
are written, and such a module is a node if several claims use it; the lemmas of one claim alone are part of that claim.
A theorem of another claim that is used as a lemma leads to that claim.  Lemmas have no verdict of their own: they are
proved anew inside the certificate of every theorem that uses them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from verify.bibliography import find
from verify.claim import Claim
from verify.errors import ClaimError
from verify.report.words import Status, claim_status
from verify.session.summary import ClaimResult
from verify.session.tasks import theorem_of
from verify.theory.objects import Instance, Theorem
from verify.verdict import counted

RELATIONS = {
    "cites": ("cites", "cited by"),
    "given": ("is given the cited step", "a step of"),
    "repairs": ("repairs", "repaired by"),
    "uses": ("uses", "used by"),
}


@dataclass(frozen=True)
class Node:
    """A claim, a module of shared lemmas, a cited step or a source."""

    id: str
    kind: str  # claim, lemmas, step, source
    title: str
    about: str  # one more line of words
    topic: str = ""
    status: Status | None = None
    statement: str = ""  # of a claim: "true", "false as printed" or "repair"


@dataclass(frozen=True)
class Edge:
    """``start`` rests on ``end``, or repairs it."""

    start: str
    end: str
    kind: str  # a key of RELATIONS
    about: str = ""


@dataclass(frozen=True)
class Dependencies:
    """The whole graph, in an order that depends on names alone."""

    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]

    @cached_property
    def beside(self) -> Mapping[str, frozenset[str]]:
        """The neighbours of each node."""
        found: dict[str, set[str]] = {name: set() for name in self.nodes}
        for edge in self.edges:
            found[edge.start].add(edge.end)
            found[edge.end].add(edge.start)
        return {name: frozenset(near) for name, near in found.items()}

    @cached_property
    def below(self) -> Mapping[str, tuple[Edge, ...]]:
        """The edges that begin at each node."""
        found: dict[str, list[Edge]] = {name: [] for name in self.nodes}
        for edge in self.edges:
            found[edge.start].append(edge)
        return {name: tuple(edges) for name, edges in found.items()}

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(sorted({node.topic for node in self.nodes.values() if node.kind == "claim"}))

    def part(self, names: Iterable[str]) -> Dependencies:
        """Some nodes, and the edges between them."""
        nodes = {name: self.nodes[name] for name in sorted(set(names))}
        return Dependencies(nodes, tuple(e for name in nodes for e in self.below[name] if e.end in nodes))

    def around(self, name: str) -> Dependencies:
        """A node and its neighbours; the source of a cited step stands beside the step."""
        near = {name, *self.beside[name]}
        return self.part(near | {e.end for n in near if self.nodes[n].kind == "step" for e in self.below[n]})

    def of_topic(self, topic: str) -> Dependencies:
        """The claims of a topic, and everything that they rest on or repair."""
        chosen = {node.id for node in self.nodes.values() if node.kind == "claim" and node.topic == topic}
        waiting = sorted(chosen)
        while waiting:
            for edge in self.below[waiting.pop()]:
                if edge.end not in chosen:
                    chosen.add(edge.end)
                    if self.nodes[edge.end].kind != "claim":
                        waiting.append(edge.end)
        return self.part(chosen)


@dataclass
class Drafted:
    """A graph that is being made."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[tuple[str, str, str], Edge] = field(default_factory=dict)

    def add(self, node: Node) -> str:
        self.nodes.setdefault(node.id, node)
        return node.id

    def join(self, start: str, end: str, kind: str, about: str = "") -> None:
        self.edges.setdefault((start, end, kind), Edge(start, end, kind, about))


def dependencies(results: Iterable[ClaimResult]) -> Dependencies:
    """The graph of the claims of a run."""
    found = sorted(results, key=lambda result: result.claim.name)
    draft = Drafted()
    for result in found:
        draft.add(claim_node(result))
    for result in found:
        sources(draft, result)
        repaired = result.claim.repairs
        if repaired in draft.nodes and repaired != result.claim.name:
            draft.join(result.claim.name, repaired, "repairs")
    lemmas(draft, [result.claim for result in found])
    nodes = dict(sorted(draft.nodes.items()))
    return Dependencies(nodes, tuple(edge for _, edge in sorted(draft.edges.items())))


def claim_node(result: ClaimResult) -> Node:
    claim = result.claim
    expected = "repair" if claim.repairs else "true" if claim.expect == "holds" else "false as printed"
    return Node(claim.name, "claim", claim.title, "", topic_of(claim), claim_status(result), expected)


def topic_of(claim: Claim) -> str:
    """The folder in which a claim is written."""
    return Path(claim.place.file).parent.name


def sources(draft: Drafted, result: ClaimResult) -> None:
    """Where the sentence stands, and the cited steps with their own sources."""
    claim = result.claim
    draft.join(claim.name, source_node(draft, claim, claim.source.key), "cites", claim.source.locator)
    named = set()
    for step in claim.cited:
        named.add(f"{step.name} ({step.source})")
        node = draft.add(Node(identifier("step", f"{claim.name}.{step.name}"), "step", step.name, str(step.source)))
        draft.join(claim.name, node, "given")
        draft.join(node, source_node(draft, claim, step.source.key), "cites", step.source.locator)
    for given in result.verdict.given:
        if given not in named:
            draft.join(claim.name, draft.add(Node(identifier("step", given), "step", given, "assumed")), "given")


def source_node(draft: Drafted, claim: Claim, key: str) -> str:
    from verify.theory.objects import Source

    try:
        entry = find(Source(key), claim.place)
    except ClaimError:
        return draft.add(Node(identifier("source", key), "source", key, "not in the bibliography"))
    names = [author.rsplit(" ", 1)[-1] for author in entry.authors]
    authors = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
    return draft.add(Node(identifier("source", key), "source", f"{authors} {entry.year}".strip() or key, entry.title))


# -------------------------------------------------------------------------------------------------------- lemmas


def lemmas(draft: Drafted, claims: list[Claim]) -> None:
    """Which claims use the lemmas of which modules, directly or through each other, and the theorems of which claims."""
    owners: dict[Theorem, str] = {}
    for claim in claims:
        for theorem in theorems(claim):
            owners.setdefault(theorem, claim.name)
    steps = {claim.name: list(walk(claim, owners)) for claim in claims}
    users: dict[str, set[str]] = {}
    for name, found in steps.items():
        for _, lemma in found:
            if lemma not in owners:
                users.setdefault(lemma.place.file, set()).add(name)
    shared = {file: name_of_module(file) for file, names in users.items() if len(names) > 1}
    used: dict[tuple[str, str], set[str]] = {}
    for name, found in steps.items():
        for above, lemma in found:
            ends = [owners.get(t) or shared.get(t.place.file) or name for t in (above, lemma)]
            if ends[0] != ends[1]:
                used.setdefault((ends[0], ends[1]), set()).add(lemma.name)
    for file, module in shared.items():
        draft.add(Node(module, "lemmas", Path(file).stem.replace("_", " "), "shared lemmas", Path(file).parent.name))
    for (start, end), names in used.items():
        if start in draft.nodes and end in draft.nodes:
            draft.join(start, end, "uses", counted(len(names), "lemma" if end in shared.values() else "theorem"))


def theorems(claim: Claim) -> Iterator[Theorem]:
    """The theorems that are obligations of a claim, each once."""
    found = (theorem_of(obligation) for obligation in claim.obligations.values())
    yield from dict.fromkeys(theorem for theorem in found if theorem is not None)


def walk(claim: Claim, owners: Mapping[Theorem, str]) -> Iterator[tuple[Theorem, Theorem]]:
    """Each use of a lemma in the proofs of a claim, down to the theorems of other claims."""
    waiting, seen = list(theorems(claim)), set(theorems(claim))
    while waiting:
        theorem = waiting.pop()
        for used in theorem.using:
            lemma = used.theorem if isinstance(used, Instance) else used
            if not isinstance(lemma, Theorem):
                continue
            yield theorem, lemma
            if lemma not in seen and owners.get(lemma, claim.name) == claim.name:
                seen.add(lemma)
                waiting.append(lemma)


def name_of_module(file: str) -> str:
    """The node of a module of lemmas: its folder and its name, and a digest where these are strange."""
    path = Path(file)
    return identifier("lemmas", f"{path.parent.name}.{path.stem}")


def identifier(kind: str, name: str) -> str:
    """A name that can stand in an address; no claim has a dot in its name."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name)
    digest = "" if plain == name else "-" + hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{kind}.{plain}{digest}"
