r"""Reading pages as a browser would: the tree of elements, their attributes, their text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "link", "input", "br", "wbr", "hr", "img"}
FOREIGN = {"line", "circle", "path", "rect", "polyline", "polygon", "mspace"}  # SVG and MathML close themselves


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """The elements of a page; ``faults`` are tags that do not match, ids used twice."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.path, self.elements, self.stack, self.faults = path, [], [], []  # type: ignore[var-annotated]
        source = path.read_text(encoding="utf-8")
        assert source.startswith("<!DOCTYPE html>")
        self.feed(source)
        self.close()
        self.faults += [f"<{element.tag}> is never closed" for element in self.stack]
        ids = [e.attributes["id"] for e in self.elements if "id" in e.attributes]
        self.faults += [f"the id {name} is used twice" for name in sorted(set(ids)) if ids.count(name) > 1]
        self.ids = set(ids)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        if len(element.attributes) < len(attrs):
            self.faults.append(f"<{tag}> has an attribute twice")
        self.elements.append(element)
        if tag not in VOID:
            self.stack.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in FOREIGN:
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack[-1].tag != tag:
            inside = self.stack[-1].tag if self.stack else "nothing"
            self.faults.append(f"</{tag}> inside <{inside}> at line {self.getpos()[0]}")
            return
        self.stack.pop()

    def handle_data(self, data: str) -> None:
        for element in self.stack:
            element.text.append(data)

    def all(self, tag: str) -> Iterator[Element]:
        return (element for element in self.elements if element.tag == tag)

    def with_id(self, name: str) -> Element:
        return next(element for element in self.elements if element.attributes.get("id") == name)

    def words(self, name: str = "") -> str:
        """The text of the element with this id (of the whole page without one), spaces made single."""
        element = self.with_id(name) if name else next(self.all("body"))
        return " ".join("".join(element.text).split())


def read(folder: Path) -> dict[str, Page]:
    """All pages of a report by their path inside it."""
    return {path.relative_to(folder).as_posix(): Page(path) for path in sorted(folder.rglob("*.html"))}
