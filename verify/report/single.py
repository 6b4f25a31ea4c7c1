r"""The report as one file: every page inside one document, with nothing beside it.

The pages are those of the folder, made by the same templates.  Their anchors get the name of their page before them, and
links between files become links inside the document; a style sheet shows one page at a time, by the address, without a
script.  Style and script stand in the document under a content security policy that names their digests.  Certificates
are inside if they are small together; otherwise they are left out, and the document says how to write them.
"""

from __future__ import annotations

import base64
import hashlib
import html
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from verify.report.words import size
from verify.verdict import counted

LIMIT = 1_000_000  # bytes of certificates that one document carries
TAG = re.compile(r"<[a-zA-Z][^>]*>")
ATTRIBUTE = re.compile(r'(?<= )(id|href|aria-labelledby|aria-describedby|list)="([^"]*)"')
CERTIFICATE = re.compile(r'<a href="(?:\.\./)?(certificates/[^"]+)">(.*?)</a>', re.DOTALL)
MAIN = re.compile(r'<(/?)main(?: id="[^"]*")?>')


@dataclass(frozen=True)
class Single:
    """What the pages say about being in one document."""

    carries: bool  # whether the certificates are inside
    certificates: int
    together: int  # bytes

    @staticmethod
    def of(certificates: Mapping[str, bytes]) -> Single:
        together = sum(map(len, certificates.values()))
        return Single(together <= LIMIT, len(certificates), together)

    @property
    def said(self) -> str:
        if not self.certificates:
            return "there are no certificates at hand"
        number = counted(self.certificates, "certificate")
        if self.carries:
            return f"{number} inside ({size(self.together)})"
        return f"without its {number} ({size(self.together)}), which a report in a folder has"


def joined(pages: Mapping[str, str], certificates: Mapping[str, bytes], single: Single) -> str:
    """The pages as one text; ``pages`` are the bodies by their path in the folder."""
    return "\n".join(
        f'<div class="page" id="{page_of(path)}">\n<a class="skip" href="#{page_of(path)}:main">Skip to the content</a>\n'
        f"{inside(path, body, certificates, single)}\n</div>"
        for path, body in pages.items()
    )


def inside(path: str, body: str, certificates: Mapping[str, bytes], single: Single) -> str:
    """One page, with its anchors and links as they are in the document."""

    def link(found: re.Match[str]) -> str:
        file, words = html.unescape(found[1]), found[2]
        if not single.carries or file not in certificates:
            return words
        data = base64.b64encode(certificates[file]).decode("ascii")
        saved = file.removeprefix("certificates/").replace("/", ".")
        return f'<a download="{html.escape(saved)}" href="data:application/json;base64,{data}">{words}</a>'

    def attribute(found: re.Match[str]) -> str:
        return f'{found[1]}="{renamed(found[1], found[2], path)}"'

    def part(found: re.Match[str]) -> str:
        return "</div>" if found[1] else f'<div class="main" id="{page_of(path)}:main">'

    text = TAG.sub(lambda tag: ATTRIBUTE.sub(attribute, tag[0]), body)
    return CERTIFICATE.sub(link, MAIN.sub(part, text))


def renamed(attribute: str, value: str, path: str) -> str:
    """An anchor, a list of anchors, or an address, as it is in the document."""
    if attribute != "href":
        return " ".join(prefix_of(path) + anchor for anchor in value.split(" "))
    file, _, place = value.partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), file)) if file else path
    if ":" in file or not target.endswith(".html"):
        return value
    return f"#{prefix_of(target)}{place}" if place else f"#{page_of(target)}"


def prefix_of(path: str) -> str:
    """What stands before the anchors of a page; those of the index and of the graph differ from each other already."""
    return f"{posixpath.basename(path).removesuffix('.html')}." if path.startswith("claims/") else ""


def page_of(path: str) -> str:
    """The anchor of a page.  Names of claims have no colon."""
    return f"{'claim' if path.startswith('claims/') else 'page'}:{posixpath.basename(path).removesuffix('.html')}"


def digest(text: str) -> str:
    """What a content security policy calls a text."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def whole(render: Callable[..., bytes], pages: Mapping[str, str], files: Mapping[str, bytes], single: Single) -> bytes:
    """The document."""
    certificates = {name: data for name, data in files.items() if name.startswith("certificates/")}
    style, script, licence = (
        "".join(files[f"static/{name}"].decode("utf-8") for name in names)
        for names in (
            ("fonts.css", "report.css", "overview.css", "single.css"),
            ("filter.js", "graph.js"),
            ("OFL.txt",),
        )
    )
    return render(
        "single.html",
        body=joined(pages, certificates, single),
        style=style,
        script=script,
        style_digest=digest(style),
        script_digest=digest(script),
        licence=licence,
        single=single,
    )
