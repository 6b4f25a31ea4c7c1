r"""The graph as pictures: the topics one by one, and the neighbourhood of one claim.

From left to right stand sources, cited steps, claims that are repaired, claims, and the lemmas that they share, those
that lie deeper further to the right.  Fill and mark of a claim tell the evidence; its border tells what kind of
statement it is.  Each topic is a picture of its own, in which everything that its claims rest on is drawn again: in one
picture for all, the lines to a common source are what hides the rest.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from verify.report.dependencies import RELATIONS, Dependencies, Node, identifier
from verify.report.graph_layout import Box, layout
from verify.report.words import MARKS, MEANINGS, Status
from verify.verdict import counted

WIDTHS = {"claim": 232.0, "lemmas": 158.0, "step": 150.0, "source": 138.0}
LINE = 15.0
LETTER = 6.1  # mean width of a letter at the size of the labels
KINDS = {"claim": "claim", "lemmas": "shared lemmas", "step": "cited step", "source": "source"}
BORDERS = {"true": "", "false as printed": "printed", "repair": "repair"}


@dataclass(frozen=True)
class DrawnNode:
    """A box with its words, where it stands, and where it leads."""

    id: str
    x: float
    y: float
    width: float
    height: float
    layer: int
    classes: str
    mark: str
    lines: tuple[tuple[float, float, str], ...]
    said: str
    href: str


@dataclass(frozen=True)
class DrawnEdge:
    """A line between two boxes."""

    start: str
    end: str
    kind: str
    path: str


@dataclass(frozen=True)
class Diagram:
    """A part of the graph, drawn."""

    topic: str
    anchor: str
    title: str
    width: float
    height: float
    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]


@dataclass(frozen=True)
class Row:
    """A node in the table, and what it rests on."""

    node: Node
    kind: str
    href: str
    rests: tuple[tuple[str, str, str, str], ...]  # relation, name and title of the other node, how


@dataclass(frozen=True)
class GraphPage:
    """The page of the graph."""

    summary: str
    diagrams: tuple[Diagram, ...]
    rows: tuple[Row, ...]
    evidence: tuple[Status, ...]


def graph_page(found: Dependencies) -> GraphPage:
    """All topics, and the table that says the same."""
    kinds = [node.kind for node in found.nodes.values()]
    present = {node.status.kind for node in found.nodes.values() if node.status is not None}
    nouns = (("claim", "claim"), ("source", "source"), ("lemmas", "module"), ("step", "cited step"))
    parts = [counted(kinds.count(kind), noun) for kind, noun in nouns if kind in kinds]
    parts = [f"{part} of shared lemmas" if "module" in part else part for part in parts]
    return GraphPage(
        f"{', '.join(parts) or 'Nothing'}; {counted(len(found.edges), 'line')}.",
        tuple(draw(found.of_topic(topic), topic, "claims/", "", layers=layers_of(found)) for topic in found.topics),
        tuple(row(node, found) for node in found.nodes.values()),
        tuple(Status(kind, MEANINGS[kind]) for kind in MARKS if kind in present),
    )


def neighbourhood(found: Dependencies, name: str) -> Diagram:
    """A claim and what touches it, for its own page."""
    return draw(found.around(name), found.nodes[name].topic, "", "../graph.html", name)


def draw(
    part: Dependencies,
    topic: str,
    claims: str,
    graph: str,
    focus: str = "",
    layers: Mapping[str, int] | None = None,
) -> Diagram:
    """Lay out a part of the graph.  ``claims`` and ``graph`` lead to the pages of claims and to that of the graph.

    ``layers`` are noted for a script that draws other parts; this part has the columns that it needs.
    """
    columns = layers_of(part)
    layers = layers or columns
    labels = {name: label(node) for name, node in part.nodes.items()}
    sizes = {name: LINE * len(labels[name]) + 9 for name in labels}
    boxes = [Box(n.id, columns[n.id], WIDTHS[n.kind], sizes[n.id]) for n in part.nodes.values()]
    placed = layout(boxes, [(edge.start, edge.end) for edge in part.edges])
    nodes = tuple(
        DrawnNode(
            name,
            *placed.places[name],
            WIDTHS[node.kind],
            sizes[name],
            layers[name],
            classes(node, topic, focus),
            node.status.mark if node.status else "",
            tuple((22.0 if node.status else 8.0, LINE * n + 16, line) for n, line in enumerate(labels[name])),
            said(node),
            f"{claims}{name}.html" if node.kind == "claim" else f"{graph}#focus={name}" if graph else f"#node-{name}",
        )
        for name, node in part.nodes.items()
    )
    edges = tuple(DrawnEdge(e.start, e.end, e.kind, path) for e, path in zip(part.edges, placed.routes, strict=True))
    return Diagram(
        topic, identifier("graph", topic), titled(part, topic, focus), placed.width, placed.height, nodes, edges
    )


def titled(part: Dependencies, topic: str, focus: str) -> str:
    if focus:
        return f"What stands beside {part.nodes[focus].title}: {counted(len(part.nodes) - 1, 'node')}"
    claims = sum(node.kind == "claim" and node.topic == topic for node in part.nodes.values())
    return f"{topic}: {counted(claims, 'claim')} and what they rest on"


def classes(node: Node, topic: str, focus: str) -> str:
    kind = f"is-{node.status.kind}" if node.status is not None else f"is-{node.kind}"
    border = BORDERS.get(node.statement, "")
    elsewhere = "elsewhere" if node.topic and node.topic != topic else ""
    return " ".join(part for part in (kind, border, elsewhere, "focus" if node.id == focus else "") if part)


def label(node: Node) -> list[str]:
    """A title in at most two lines."""
    letters = int((WIDTHS[node.kind] - (30 if node.status else 16)) / LETTER)
    return textwrap.wrap(node.title, letters, max_lines=2, placeholder=" …") or [node.id]


def said(node: Node) -> str:
    """What a node is, in words."""
    if node.status is not None:
        statement = {"repair": ", a repair", "false as printed": ", expected to be false as printed"}
        return f"{node.title}: {node.status.words}{statement.get(node.statement, '')}"
    about = f" ({node.about})" if node.about and node.kind != "lemmas" else f" ({node.topic})" if node.topic else ""
    return f"{KINDS[node.kind].capitalize()} {node.title}{about}"


def row(node: Node, found: Dependencies) -> Row:
    rests = tuple(
        (RELATIONS[edge.kind][0], edge.end, found.nodes[edge.end].title, edge.about if edge.kind == "uses" else "")
        for edge in found.below[node.id]
    )
    return Row(node, KINDS[node.kind], f"claims/{node.id}.html" if node.kind == "claim" else "", rests)


# -------------------------------------------------------------------------------------------------------- columns


def layers_of(part: Dependencies) -> Mapping[str, int]:
    """The column of each node."""
    found = {name: {"source": 0, "step": 1}.get(node.kind, 0) for name, node in part.nodes.items()}
    claims = [name for name, node in part.nodes.items() if node.kind == "claim"]
    before: dict[str, list[str]] = {name: [] for name in claims}
    for edge in part.edges:
        if edge.kind == "repairs":
            before[edge.start].append(edge.end)
        elif edge.kind == "uses" and edge.end in before and edge.start in before:
            before[edge.end].append(edge.start)
    repaired = {edge.end for edge in part.edges if edge.kind == "repairs"}
    for name, depth in depths(claims, before, {name: 1 for name in claims if name not in repaired}).items():
        found[name] = 2 + depth
    modules = [name for name, node in part.nodes.items() if node.kind == "lemmas"]
    users: dict[str, list[str]] = {name: [] for name in modules}
    for edge in part.edges:
        if edge.end in users and edge.start in users:
            users[edge.end].append(edge.start)
    first = 1 + max((found[name] for name in claims), default=1)
    found.update({name: first + depth for name, depth in depths(modules, users, {}).items()})
    return found


def depths(names: Iterable[str], before: Mapping[str, list[str]], least: Mapping[str, int]) -> dict[str, int]:
    """The length of the longest way to each name.  Modules may use each other's lemmas in a circle; it is cut."""
    found: dict[str, int] = {}
    open_ones: set[str] = set()

    def depth(name: str) -> int:
        if name not in found:
            open_ones.add(name)
            above = [1 + depth(other) for other in before[name] if other not in open_ones]
            found[name] = max([least.get(name, 0), *above])
            open_ones.discard(name)
        return found[name]

    for name in names:
        depth(name)
    return found
