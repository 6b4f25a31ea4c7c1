r"""From the results of a run to a folder of pages."""

from __future__ import annotations

import base64
from functools import lru_cache
from pathlib import Path
from typing import Any

from verify.report.history import keep
from verify.report.publish import publish
from verify.session.summary import RunResult

HERE = Path(__file__).parent
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
    publish(output, files_of(found, store_folder))


def files_of(found: RunResult, store_folder: Path | None) -> dict[str, bytes]:
    """All files of the report, by their path inside it."""
    from verify.report.index import index, run_options
    from verify.report.pages import claim_page

    kept = keep(found, store_folder)
    options = run_options(found)
    pages, files = [], {}
    for result in found.claims:
        page, desk = claim_page(result, found.claims, kept, options)
        pages.append(page)
        files.update(desk.files)
    for page in pages:
        files[f"claims/{page.name}.html"] = render("claim.html", page=page, root="../")
    files["index.html"] = render("index.html", index=index(found, pages, kept), root="")
    return {**files, **static_files()}


def render(name: str, **data: Any) -> bytes:
    text: str = environment().get_template(name).render(**data)
    return text.encode("utf-8")


@lru_cache(maxsize=1)
def environment() -> Any:
    """The templates; everything that is not marked as HTML by this package is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=1)
def static_files() -> dict[str, bytes]:
    """Style sheets, script and licence.  Fonts stand inside a style sheet: browsers load them from there everywhere."""
    names = ("report.css", "filter.js", "OFL.txt")
    found = {f"static/{name}": (HERE / "static" / name).read_bytes() for name in names}
    found["static/fonts.css"] = "".join(map(font_face, FONTS)).encode("ascii")
    return found


def font_face(font: tuple[str, str, str, str]) -> str:
    family, file, weight, style = font
    data = base64.b64encode((HERE / "static" / f"{file}.woff2").read_bytes()).decode("ascii")
    source = f'url("data:font/woff2;base64,{data}") format("woff2")'
    return f'@font-face{{font-family:"{family}";font-weight:{weight};font-style:{style};src:{source}}}\n'
