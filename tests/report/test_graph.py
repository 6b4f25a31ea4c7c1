r"""The graph: what rests on what is read from claims and verdicts, and it is drawn without overlaps, the same each time."""

from __future__ import annotations

import itertools
import random
import re
from pathlib import Path

import pytest

from tests import samples
from tests.report import pages, results
from tests.report.results import Bench
from verify.report import write_report
from verify.report.dependencies import Dependencies, dependencies, identifier
from verify.report.diagram import draw, graph_page, layers_of, neighbourhood
from verify.report.graph_layout import MARGIN, ROOM, Box, layout, spread
from verify.verdict import Outcome, Scope, Strength

COMMON = """from verify import lemma, prop, real, relu


@lemma()
def not_negative(x: real) -> prop:
    return relu(x) >= 0


@lemma(using=[not_negative])
def doubled(x: real) -> prop:
    return relu(x) + relu(x) >= 0
"""

USER = """
import sys

sys.path.insert(0, str(__import__("pathlib").Path(__file__).parent))
from {module} import doubled


@lemma(using=[doubled])
def of_its_own(x: real) -> prop:
    return relu(x) + relu(x) >= 0


@claim.proof(using=[of_its_own])
def {name}(x: real) -> prop:
    return relu(x) + relu(x) >= 0
"""

AFTER = """

after = Claim("four", title="A title", statement="It is so again.", source=cite("euclid"))


@after.proof(using=[nonnegative])
def again(x: real) -> prop:
    return relu(x) + 1 >= 0
"""

CITED = """
claim.cites("karp", "a step", cite("euclid", "VII"))


@claim.proof()
def nonnegative(x: real) -> prop:
    return relu(x) >= 0
"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Two claims that share the lemmas of a module, one whose theorem another uses, one that cites a step, two twins."""
    module = "graph_common_lemmas"
    return Bench.of(
        tmp_path_factory.mktemp("graph"),
        **{module: COMMON},
        one=samples.text("one", USER.format(module=module, name="first")),
        two=samples.text("two", USER.format(module=module, name="second")),
        three=samples.text("three", samples.TRUE + AFTER),
        cited=samples.text("citing", CITED, source="nowhere"),
        printed=samples.text("printed", results.REFUTED, more=', expect="refuted"'),
        repaired=samples.text("mended", samples.TRUE, more=', repairs="printed"'),
    )


@pytest.fixture(scope="module")
def graph(bench: Bench) -> Dependencies:
    bench.results.clear()
    bench.typed("citing::nonnegative", Outcome.HOLDS, strength=Strength.CERTIFIED, scope=Scope.ALL,
                given=("an assumption of its own",))  # fmt: skip
    return dependencies(bench.found().claims)


def lines(graph: Dependencies, kind: str) -> set[tuple[str, str]]:
    return {(edge.start, edge.end) for edge in graph.edges if edge.kind == kind}


# ------------------------------------------------------------------------------------------------- what rests on what


def test_lemmas_that_several_claims_use_are_one_node_and_those_of_one_claim_are_none(graph: Dependencies) -> None:
    shared = "lemmas.claims.graph_common_lemmas"
    assert [name for name, node in graph.nodes.items() if node.kind == "lemmas"] == [shared]
    assert {("one", shared), ("two", shared)} <= lines(graph, "uses")


def test_a_theorem_of_another_claim_leads_to_that_claim(graph: Dependencies) -> None:
    assert ("four", "three") in lines(graph, "uses") and ("one", "three") not in lines(graph, "uses")


def test_twins_sources_and_cited_steps_are_joined(graph: Dependencies) -> None:
    assert lines(graph, "repairs") == {("mended", "printed")}
    assert ("citing", "source.nowhere") in lines(graph, "cites")
    assert ("step.citing.karp", "source.euclid") in lines(graph, "cites")
    assert ("citing", "step.citing.karp") in lines(graph, "given")


def test_what_only_the_evidence_is_given_is_a_step_as_well(graph: Dependencies) -> None:
    steps = {graph.nodes[end].title for start, end in lines(graph, "given") if start == "citing"}
    assert steps == {"karp", "an assumption of its own"}


def test_fill_tells_the_evidence_and_border_the_statement(graph: Dependencies) -> None:
    assert graph.nodes["citing"].status is not None and graph.nodes["citing"].status.kind == "certified"
    assert graph.nodes["one"].status is not None and graph.nodes["one"].status.kind == "undecided"
    drawn = {node.id: node.classes for node in graph_page(graph).diagrams[0].nodes}
    assert drawn["citing"] == "is-certified" and drawn["printed"] == "is-undecided printed"
    assert drawn["mended"] == "is-undecided repair"


def test_a_neighbourhood_has_the_sources_of_its_cited_steps_and_nothing_further(graph: Dependencies) -> None:
    assert set(graph.around("citing").nodes) == {
        "citing", "source.nowhere", "step.citing.karp", "source.euclid", identifier("step", "an assumption of its own"),
    }  # fmt: skip
    assert "one" not in graph.around("printed").nodes


def test_names_that_cannot_stand_in_an_address_get_a_digest() -> None:
    assert identifier("source", "euclid") == "source.euclid"
    odd, other = identifier("source", "a b"), identifier("source", "a/b")
    assert odd != other and re.fullmatch(r"source\.a-b-[0-9a-f]{6}", odd)


def test_modules_that_use_each_other_are_drawn(graph: Dependencies) -> None:
    node = graph.nodes["lemmas.claims.graph_common_lemmas"]
    other = type(node)("lemmas.claims.b", "lemmas", "b", "")
    edge = next(e for e in graph.edges if e.kind == "uses")
    circle = [type(edge)(node.id, other.id, "uses"), type(edge)(other.id, node.id, "uses")]
    found = draw(Dependencies({node.id: node, other.id: other}, tuple(circle)), "claims", "", "")
    assert len(found.nodes) == len(found.edges) == 2


# ------------------------------------------------------------------------------------------------------------ drawing


def random_graph(seed: int) -> tuple[list[Box], list[tuple[str, str]]]:
    stream = random.Random(seed)
    boxes = [Box(f"n{i}", stream.randrange(4), 100.0 + 10 * (i % 3), 20.0 + 5 * (i % 4)) for i in range(30)]
    return boxes, [(stream.choice(boxes).id, stream.choice(boxes).id) for _ in range(40)]


@pytest.mark.parametrize("seed", range(5))
def test_boxes_keep_their_distance_and_stand_inside_the_picture(seed: int) -> None:
    boxes, edges = random_graph(seed)
    found = layout(boxes, edges)
    assert found == layout(boxes, edges)
    for box in boxes:
        x, y = found.places[box.id]
        assert x >= MARGIN and y >= MARGIN - 0.2
        assert x + box.width <= found.width and y + box.height <= found.height
    for a, b in itertools.combinations(boxes, 2):
        if a.layer == b.layer:
            upper, lower = sorted((a, b), key=lambda box: found.places[box.id][1])
            gap = found.places[lower.id][1] - found.places[upper.id][1] - upper.height
            assert gap >= ROOM - 0.2  # coordinates are rounded to tenths


@pytest.mark.parametrize("seed", range(5))
def test_lines_pass_columns_between_boxes(seed: int) -> None:
    boxes, edges = random_graph(seed)
    found = layout(boxes, edges)
    for path in found.routes:
        for x, y, u in re.findall(r"([\d.]+) ([\d.]+)H([\d.]+)", path):
            left, right = sorted((float(x), float(u)))
            for box in boxes:
                at, top = found.places[box.id]
                if left <= at + 1 < right:
                    assert not top < float(y) < top + box.height, (path, box)


def test_lines_begin_and_end_at_the_sides_of_their_boxes() -> None:
    boxes, edges = random_graph(7)
    found = layout(boxes, edges)
    sides = {box.id: {found.places[box.id][0], found.places[box.id][0] + box.width} for box in boxes}
    for (start, end), path in zip(edges, found.routes, strict=True):
        numbers = [float(n) for n in re.findall(r"[\d.]+", path)]
        assert numbers[0] in sides[start] and numbers[-2] in sides[end]


def test_heights_are_the_best_under_their_distances() -> None:
    """Against small perturbations in every coordinate that keep the distances."""
    wanted, apart = [3.0, 0.0, 5.0, 5.5, 4.0], [1.0, 2.0, 1.0, 1.0]
    found = spread(wanted, apart)

    def cost(numbers: list[float]) -> float:
        return sum((a - b) ** 2 for a, b in zip(numbers, wanted, strict=True))

    assert all(b - a >= d - 1e-12 for (a, b), d in zip(itertools.pairwise(found), apart, strict=True))
    for moves in itertools.product((-0.01, 0.0, 0.01), repeat=5):
        moved = [a + b for a, b in zip(found, moves, strict=True)]
        if all(b - a >= d for (a, b), d in zip(itertools.pairwise(moved), apart, strict=True)):
            assert cost(moved) >= cost(found) - 1e-9


def test_a_graph_of_nothing_is_drawn() -> None:
    assert layout([], []).routes == () and graph_page(Dependencies({}, ())).diagrams == ()


def test_a_claim_stands_between_its_source_and_its_lemmas(graph: Dependencies) -> None:
    layers = layers_of(graph)
    assert layers["source.euclid"] < layers["one"] < layers["lemmas.claims.graph_common_lemmas"]
    assert layers["printed"] < layers["mended"] and layers["step.citing.karp"] < layers["citing"]


# -------------------------------------------------------------------------------------------------------------- pages


def test_the_table_says_what_the_picture_shows(bench: Bench, graph: Dependencies, tmp_path: Path) -> None:
    write_report(bench.found(), tmp_path, None)
    page = pages.read(tmp_path)["graph.html"]
    drawn = {tuple(e.attributes["data-edge"].split(" ")) for e in page.all("path")}
    assert drawn == {(edge.start, edge.end) for edge in graph.edges}
    for name, node in graph.nodes.items():
        row = page.words(f"node-{name}")
        assert node.title in row and all(graph.nodes[edge.end].title in row for edge in graph.below[name])
    shown = {e.attributes["data-node"] for e in page.all("a") if "data-node" in e.attributes}
    assert shown == set(graph.nodes)


def test_the_page_of_a_claim_shows_its_neighbourhood_with_links(
    bench: Bench, graph: Dependencies, tmp_path: Path
) -> None:
    write_report(bench.found(), tmp_path, None)
    page = pages.read(tmp_path)["claims/mended.html"]
    beside = {e.attributes["data-node"]: e.attributes["href"] for e in page.all("a") if "data-node" in e.attributes}
    assert beside == {
        "mended": "mended.html", "printed": "printed.html", "source.euclid": "../graph.html#focus=source.euclid",
    }  # fmt: skip
    assert set(beside) == {node.id for node in neighbourhood(graph, "mended").nodes}
    focus = next(e for e in page.all("a") if e.attributes.get("data-node") == "mended")
    assert "focus" in focus.attributes["class"].split()
