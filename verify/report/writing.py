r"""From the results of a run to a folder of pages."""

from __future__ import annotations

import base64
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify.report import words
from verify.report.history import keep
from verify.report.publish import publish, publish_file
from verify.report.rendering import HERE, render
from verify.report.single import Single, whole
from verify.session.summary import RunResult

if TYPE_CHECKING:
    from verify.report.pages import ClaimPage

Json = Any

FONTS = (
    ("Report Text", "text", "400", "normal"),
    ("Report Text", "text-italic", "400", "italic"),
    ("Report Text", "text-semibold", "600", "normal"),
    ("Report Math", "math", "400", "normal"),
)


def write_report(found: RunResult, output: Path, store_folder: Path | None) -> None:
    """Write the report of a run into a folder; ``store_folder`` adds certificates and history.

    Pages of claims that are gone disappear; files that no report wrote are never touched.  A folder that cannot be
    written to raises ``UsageError``.
    """
    from verify.report.building import uncollected

    with uncollected():
        files = files_of(found, store_folder)
    publish(output, files)


def write_single(found: RunResult, output: Path, store_folder: Path | None) -> str:
    """Write the report of a run into one file; what it says of itself (its size, and its certificates) is returned."""
    document, single = single_of(found, store_folder)
    publish_file(output, document)
    return f"{words.size(len(document))}; {single.said}"


def files_of(found: RunResult, store_folder: Path | None) -> dict[str, bytes]:
    """All files of the report, by their path inside it."""
    pages, certificates = content(found, store_folder)
    written = {path: render(template, **data) for path, (template, data) in pages.items()}
    static = {name: data for name, data in static_files().items() if name != "static/single.css"}
    return {**certificates, **written, **static}


def single_of(found: RunResult, store_folder: Path | None) -> tuple[bytes, Single]:
    """The report as one document."""
    pages, certificates = content(found, store_folder)
    single = Single.of(certificates)
    bodies = {
        path: render(template, **{**data, "layout": "part.html", "single": single}).decode("utf-8")
        for path, (template, data) in sorted(pages.items(), key=lambda page: page[0].startswith("claims/"))
    }
    return whole(render, bodies, {**certificates, **static_files()}, single), single


def content(found: RunResult, store_folder: Path | None) -> tuple[dict[str, tuple[str, Json]], dict[str, bytes]]:
    """The pages by their path, each with its template and what is to be shown; and the certificates as files."""
    from verify.report.building import claim_pages
    from verify.report.dependencies import dependencies
    from verify.report.diagram import graph_page, neighbourhood
    from verify.report.index import index, run_options

    kept = keep(found, store_folder)
    options = run_options(found)
    graph = dependencies(found.claims)
    shown: list[ClaimPage] = []
    pages: dict[str, tuple[str, Json]] = {}
    files: dict[str, bytes] = {}
    for page, beside_it in claim_pages(found, kept, options):
        shown.append(page)
        files.update(beside_it)
        beside = neighbourhood(graph, page.name)
        pages[f"claims/{page.name}.html"] = ("claim.html", {"page": page, "graph": beside, "root": "../"})
    pages["index.html"] = ("index.html", {"index": index(found, shown, kept), "root": ""})
    pages["graph.html"] = ("graph.html", {"page": graph_page(graph), "root": ""})
    return pages, files


@lru_cache(maxsize=1)
def static_files() -> dict[str, bytes]:
    """Style sheets, script and licence.  Fonts stand inside a style sheet: browsers load them from there everywhere."""
    names = ("report.css", "overview.css", "single.css", "filter.js", "graph.js", "OFL.txt")
    found = {f"static/{name}": (HERE / "static" / name).read_bytes() for name in names}
    found["static/fonts.css"] = "".join(map(font_face, FONTS)).encode("ascii")
    return found


def font_face(font: tuple[str, str, str, str]) -> str:
    family, file, weight, style = font
    data = base64.b64encode((HERE / "static" / f"{file}.woff2").read_bytes()).decode("ascii")
    source = f'url("data:font/woff2;base64,{data}") format("woff2")'
    return f'@font-face{{font-family:"{family}";font-weight:{weight};font-style:{style};src:{source}}}\n'
