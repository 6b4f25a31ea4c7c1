r"""From data to HTML, by the templates."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from verify.report.proofs import Part

HERE = Path(__file__).parent


def render(name: str, **data: Any) -> bytes:
    text: str = environment().get_template(name).render(**{"layout": "base.html", "single": None, **data})
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


def steps_of(proof: Part) -> Markup:
    """The steps of a proof.  As HTML they take a twentieth of the objects that the tree of them is made of."""
    return Markup(environment().get_template("macros.html").module.part(proof))
