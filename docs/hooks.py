r"""What the build of the documentation adds to the pages: mathematics, the reference, the command line.

* ``$...$`` and ``$$...$$`` become MathML when the site is built, in pages and in docstrings: no script, no network.  The
  converter is the one of the report; LaTeX that it does not understand is a warning, and so an error of a strict build.
* One page for each package that authors import, with the docstrings of the names that it exports.
* One page for the command line, from its own parser.

The two kinds of generated pages cannot drift from the code.
"""

from __future__ import annotations

import argparse
import html
import logging
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from markdown import Extension, Markdown
from markdown.inlinepatterns import HTML_RE, HtmlInlineProcessor, InlineProcessor
from markdown.preprocessors import Preprocessor
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the documentation of this checkout, not of another installation

WARNINGS = logging.getLogger("mkdocs.plugins.mathematics")
PACKAGES = (
    "",
    ".networks",
    ".training",
    ".optimization",
    ".landscape",
    ".statistics",
    ".testing",
    ".notebook",
    ".kernel",
)
FURTHER = {  # what the exported names make and return
    "verify": {
        "verify.theory.objects": ("Theorem", "Function", "Parameter", "Source"),
        "verify.verdict": ("Verdict", "Evidence", "Outcome", "Strength", "Scope", "Role"),
    },
}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    config.markdown_extensions.append(Mathematics())  # type: ignore[arg-type]  # instances are extensions, too
    config.watch.append(str(ROOT / "verify"))
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    made = {f"reference/verify{name}.md": reference(f"verify{name}") for name in PACKAGES}
    made["command-line.md"] = command_line()
    for path, content in made.items():
        files.append(File.generated(config, path, content=content))
    font = ROOT / "verify" / "report" / "static" / "math.woff2"
    files.append(File.generated(config, "stylesheets/math.woff2", abs_src_path=str(font)))
    return files


def on_post_page(output: str, **_: Any) -> str:
    """The theme's search is a dialog without a name; screen readers ask for one."""
    return output.replace(
        'data-md-component="search" role="dialog"', 'data-md-component="search" role="dialog" aria-label="Search"'
    )


# -------------------------------------------------------------------------------------------------- mathematics


class Mathematics(Extension):
    """Formulas as MathML; ``<x, y>`` in a docstring is an inner product and no tag, ``>>>`` a session and no quotation."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(Sessions(md), "sessions", 28)
        md.inlinePatterns.register(Formula(r"(?<!\\)(\$\$?)(?!\s)(.+?)(?<!\s)\1", md), "formula", 185)
        md.inlinePatterns.register(Tag(HTML_RE, md), "html", 90)


class Formula(InlineProcessor):
    """Behind code and before everything that gives ``_`` and ``*`` a meaning."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:
        from verify.report.mathml import is_converted, math

        latex = html.unescape(m[2])
        if not is_converted(latex):
            WARNINGS.warning("this LaTeX is not understood: %s", latex)
        shown = str(math(latex, display=m[1] == "$$"))
        reachable = shown.replace('<math display="block"', '<math tabindex="0" display="block"', 1)  # it may scroll
        return self.md.htmlStash.store(reachable), m.start(0), m.end(0)


class Sessions(Preprocessor):
    """Examples of docstrings, up to an empty line, as blocks of code; before blocks of code are looked for."""

    def run(self, lines: list[str]) -> list[str]:
        made, inside, fenced = [], False, False
        for line in lines:
            fenced ^= line.startswith("```")
            if line.startswith(">>>") and not inside and not fenced:
                made.append("```pycon")
                inside = True
            elif inside and not line.strip():
                made.append("```")
                inside = False
            made.append(line)
        return [*made, *["```"] * inside]


class Tag(HtmlInlineProcessor):
    """Raw HTML, if it has the form of a tag."""

    REAL = re.compile(r"""</?[a-zA-Z][a-zA-Z0-9-]*(\s+[a-zA-Z-]+(\s*=\s*("[^"]*"|'[^']*'))?)*\s*/?>|<!--""")

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Any, int, int]:  # type: ignore[override]
        if self.REAL.match(m[0]):
            return super().handleMatch(m, data)
        return self.md.htmlStash.store(html.escape(m[0])), m.start(0), m.end(0)


# ---------------------------------------------------------------------------------------------------- reference


def reference(package: str) -> str:
    """The docstring of a package, and of each name that it exports, by the module where it is defined."""
    module = import_module(package)
    lines = [f"# {package}", "", f"::: {package}"]
    lines += options(members="false", show_root_heading="false", show_root_toc_entry="false")
    by_module: dict[str, list[str]] = {}
    for name in getattr(module, "__all__", ()):
        by_module.setdefault(defined_in(module, name), []).append(name)
    for place, further in FURTHER.get(package, {}).items():
        by_module.setdefault(place, []).extend(further)
    for place, names in by_module.items():
        lines += [f"## {place}", ""] if len(by_module) > 1 else []
        for name in names:
            lines += [f"::: {place}.{name}", ""]
    return "\n".join(lines)


def options(**settings: str) -> list[str]:
    return ["    options:", *(f"      {name}: {value}" for name, value in settings.items()), ""]


def defined_in(module: Any, name: str) -> str:
    """The module where an exported name is defined: as the package says where it loads it from, or by itself."""
    where: dict[str, str] = getattr(module, "_WHERE", {})
    return where.get(name) or getattr(getattr(module, name), "__module__", module.__name__)


# ------------------------------------------------------------------------------------------------- command line


def command_line() -> str:
    """Every command with its arguments, as the parser knows them."""
    from verify.cli import build_parser
    from verify.cli import __doc__ as summary

    commands = next(action for action in build_parser()._actions if isinstance(action, argparse._SubParsersAction))
    lines = ["# Command line", "", (summary or "").strip(), ""]
    for name, parser in sorted(commands.choices.items()):
        lines += section(f"verify {name}", parser, 2)
    return "\n".join(lines)


def section(name: str, parser: argparse.ArgumentParser, level: int) -> list[str]:
    lines = [f"{'#' * level} {name}", "", parser.description or "", ""]
    deeper = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    shown = [action for action in parser._actions if action.dest != "help" and action not in deeper]
    if shown:
        lines += ["| argument | meaning |", "|---|---|", *map(row, shown), ""]
    for action in deeper:
        for further, inner in action.choices.items():
            lines += section(f"{name} {further}", inner, level + 1)
    return lines


def row(action: argparse.Action) -> str:
    takes = "" if action.nargs == 0 else f" {action.metavar or (action.dest.upper() if action.option_strings else '')}"
    names = ", ".join(action.option_strings) or str(action.metavar or action.dest)
    chosen = f" One of {', '.join(map(str, action.choices))}." if action.choices else ""
    meaning = (action.help or "") % {"default": action.default, "prog": "verify"} if action.help else ""
    return f"| `{(names + takes).strip()}` | {html.escape(meaning).replace('|', '&#124;')}{chosen} |"
