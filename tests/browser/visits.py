r"""A page that is open in a browser, with all that it asked for and all that was said about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SHOWN_PAGES = "Array.from(document.querySelectorAll('.page')).filter((p) => p.offsetHeight).map((p) => p.id)"
SHOWN_ROWS = (
    "Array.from(document.querySelectorAll('tr[data-status]')).filter((r) => r.offsetHeight).map((r) => r.id.slice(4))"
)
OPEN_ALL = "for (const details of document.querySelectorAll('details')) details.open = true"


@dataclass
class Visit:
    """``asked`` are the addresses of requests; ``said`` is the console: its messages, errors, refusals of the policy."""

    page: Any
    allowed: tuple[str, ...]
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def go(self, address: str, width: int, height: int) -> None:
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda problem: self.said.append(str(problem)))
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.goto(address)

    def left(self) -> list[str]:
        """The requests for other addresses than those that begin as is allowed."""
        return [address for address in self.asked if not address.startswith(self.allowed)]

    def open_all(self) -> Visit:
        """With every part that can be unfolded."""
        self.page.evaluate(OPEN_ALL)
        return self

    @property
    def place(self) -> str:
        """What the address says after the page."""
        return str(self.page.url.partition("#")[2])

    def rows(self) -> list[str]:
        """The claims that the table shows."""
        return list(self.page.evaluate(SHOWN_ROWS))

    def pages(self) -> list[str]:
        """The pages that the report in one file shows."""
        return list(self.page.evaluate(SHOWN_PAGES))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
