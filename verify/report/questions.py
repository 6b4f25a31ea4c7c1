r"""Exact questions as the page shows them: what was asked in the kernel's words, what was decided, what was computed.

A statement may hold a network of thousands of weights or a million points.  The page shows its title, the shapes of the
objects in it and the beginning of the kernel's text; the certificate, which anybody can fetch, has all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Any

from verify.errors import VerifyError
from verify.goals import Exact, at
from verify.report import figures, words, worst_case
from verify.report.certificates import Certificate
from verify.report.numerics import Row
from verify.report.words import Status
from verify.session.tasks import Asked, Task

Json = Any

MAX_ROWS = 200  # questions in a table
MAX_COLUMNS = 6  # facts that have a column of their own
MAX_STATEMENTS = 4  # that are shown in words
MAX_LINES = 12  # of one statement
MAX_LINE = 400  # characters
MAX_PLOTS = 4
MAX_LINES_OF_A_PLOT = 6
LONG = 24  # characters of a number from which on it is shown rounded

TRUE, FALSE, OPEN = Status("certified", "true"), Status("refuted", "false"), Status("undecided", "not decided")


@dataclass(frozen=True)
class Fact:
    """A number that the checker computed: as it is shown, and exactly if that differs."""

    name: str
    value: str
    exact: str = ""


@dataclass(frozen=True)
class Decided:
    """One question, and what became of it."""

    naturals: str
    title: str
    status: Status
    facts: tuple[Fact, ...]
    reason: str
    certificates: tuple[Certificate, ...] = ()

    def fact(self, name: str) -> Fact | None:
        return next((fact for fact in self.facts if fact.name == name), None)


@dataclass(frozen=True)
class Stated:
    """A statement in the kernel's words, or their beginning."""

    naturals: str
    text: tuple[str, ...]
    left_out: int
    objects: tuple[Row, ...]
    sha256: str


@dataclass(frozen=True)
class Questions:
    """The questions of one obligation."""

    rows: tuple[Decided, ...]
    hidden: int
    columns: tuple[str, ...]
    statements: tuple[Stated, ...]
    unshown: int
    is_short: bool
    plots: tuple[figures.Plot, ...] = ()
    false: Decided | None = None  # the first one that is

    @property
    def single(self) -> bool:
        return len(self.rows) == 1 and not self.hidden

    @property
    def has_naturals(self) -> bool:
        return any(row.naturals for row in self.rows)


def questions(task: Task, detail: Json, certificates: tuple[Certificate, ...] = ()) -> Questions | None:
    """The questions of a result; nothing for other goals, and where the author's function does not return any."""
    listed = rows_of(detail)
    asked = asked_by(task)
    if not listed and not asked:
        return None
    known = {row.get("sha256"): row for row in listed}
    rows = listed or [{"naturals": a.naturals, "reason": "not answered"} for a in asked]
    shown = tuple(decided(row, certificates, title_of(row, asked)) for row in rows[:MAX_ROWS])
    first = sorted(asked, key=lambda a: known.get(sha256_of(a), {}).get("holds") is not False)  # the false ones first
    statements = tuple(s for a in first[:MAX_STATEMENTS] if (s := stated(a)) is not None)
    names = dict.fromkeys(fact.name for row in shown for fact in row.facts)
    short = len(asked) == 1 and all(not s.left_out and len(s.text) <= 6 for s in statements)
    return Questions(
        shown,
        len(rows) - len(shown),
        tuple(names)[:MAX_COLUMNS],
        statements,
        len(asked) - len(statements),
        short,
        tuple(plots(rows[:MAX_ROWS])),
        first_false(detail),
    )


def plots(rows: list[Json]) -> Iterable[figures.Plot]:
    """The computed numbers that change with the naturals; of two naturals, the one with fewer values names the lines."""
    counts = {name: len({row["naturals"].get(name) for row in rows}) for name in rows[0]["naturals"]}
    varying = [name for name, count in counts.items() if count > 1]
    lines = min(varying, key=lambda name: counts[name]) if len(varying) == 2 else ""
    if lines and counts[lines] > MAX_LINES_OF_A_PLOT:
        lines = ""
    along = [name for name in varying if name != lines]
    names = dict.fromkeys(name for row in rows for name in row.get("facts", {}))
    values = ((name, series(rows, name, along, lines)) for name in names if along)
    found = (figures.fact_plot(name, ", ".join(along), all_) for name, all_ in values if not repeats(all_))
    return islice((plot for plot in found if plot is not None), MAX_PLOTS)


def repeats(found: list[figures.Series]) -> bool:
    """Whether the values are only the natural again."""
    return all(place == str(value) for _, values in found for place, value in values.items())


def series(rows: list[Json], name: str, along: list[str], lines: str) -> list[figures.Series]:
    """The values of one fact, by the value of the natural that names the lines."""
    found: dict[str, dict[str, Fraction]] = {}
    for row in rows:
        value = number_in(str(row.get("facts", {}).get(name, "")))
        if value is not None:
            label = f"{lines} = {row['naturals'][lines]}" if lines else ""
            place = ", ".join(str(row["naturals"][natural]) for natural in along)
            found.setdefault(label, {})[place] = value
    return list(found.items())


def rows_of(detail: Json) -> list[Json]:
    """What the judge noted of each question."""
    return list(detail.get("questions", ())) if isinstance(detail, Mapping) else []


def asked_by(task: Task) -> tuple[Asked, ...]:
    """The questions of a task; none, if its goal has none or the author's function fails."""
    try:
        return task.asked if isinstance(task.obligation.goal, Exact) else ()
    except VerifyError:
        return ()


def sha256_of(asked: Asked) -> str:
    try:
        return asked.sha256
    except VerifyError:
        return ""


def title_of(row: Json, asked: Iterable[Asked]) -> str:
    """The sentence that was decided, or that waits for a decision."""
    if row.get("theorem"):
        return clipped(str(row["theorem"]))
    found = next((a for a in asked if sha256_of(a) and sha256_of(a) == row.get("sha256")), None)
    return clipped(found.text[0]) if found is not None else ""


def decided(row: Json, certificates: tuple[Certificate, ...] = (), title: str = "") -> Decided:
    status = {True: TRUE, False: FALSE}.get(row.get("holds"), OPEN)
    facts = tuple(fact(str(name), str(value)) for name, value in row.get("facts", {}).items())
    own = tuple(c for c in certificates if c.statement_sha256 == row.get("sha256"))
    where = at(row["naturals"]).removeprefix(" at ")
    return Decided(where, title or clipped(str(row.get("theorem", ""))), status, facts, str(row.get("reason", "")), own)


def first_false(detail: Json) -> Decided | None:
    """The first question with the answer: false."""
    return next((decided(row) for row in rows_of(detail) if row.get("holds") is False), None)


def fact(name: str, value: str) -> Fact:
    """A number as it is shown.

    >>> fact("error", "1/4"), fact("error", "1/" + "3" * 30).value
    (Fact(name='error', value='1/4', exact=''), '≈ 3·10⁻³⁰')
    """
    if len(value) <= LONG:
        return Fact(name, value)
    number = number_in(value)
    if number is None:
        return Fact(name, clipped(value))
    return Fact(name, f"≈ {words.rounded(number)}", clipped(value))


def number_in(value: str) -> Fraction | None:
    try:
        return Fraction(value)
    except (ValueError, ZeroDivisionError):
        return None


def clipped(text: str) -> str:
    return text if len(text) <= MAX_LINE else f"{text[:MAX_LINE]} … ({len(text) - MAX_LINE} more characters)"


# -------------------------------------------------------------------------------------------------- statements


def stated(asked: Asked) -> Stated | None:
    """A statement in the kernel's words, bounded, and what is in it."""
    try:
        text, statement = asked.text, asked.statement
    except VerifyError:
        return None
    shown = tuple(clipped(line) for line in text[:MAX_LINES])
    naturals = at(asked.naturals).removeprefix(" at ")
    return Stated(naturals, shown, len(text) - len(shown), tuple(objects(statement)), asked.sha256)


def objects(statement: Json) -> Iterable[Row]:
    """The objects that a statement holds, by the names of its fields."""
    if statement.get("question") == "worst_case":
        yield from worst_case.contents(statement)
        return
    for name, value in statement.items():
        if name != "question":
            yield Row(name.replace("_", " "), shape(value))


def shape(value: Json) -> str:
    """What kind of object it is, and how large.

    >>> shape({"layers": [{"weights": [["1", "2"]], "bias": ["0"]}, {"weights": [["1"]], "bias": ["0"]}]})
    'a network of widths 2, 1, 1 (5 numbers)'
    >>> shape([["1", "2"], ["3", "4"], ["5", "6"]]), shape("1/2"), shape([])
    ('3 × 2 entries', '1/2', 'none')
    """
    layers = value.get("layers") if isinstance(value, dict) else None
    if isinstance(layers, list) and layers and all(isinstance(layer, dict) for layer in layers):
        return network_shape(layers)
    if isinstance(value, dict):
        return (
            ", ".join(f"{name.replace('_', ' ')} {shape(part)}" for name, part in list(value.items())[:8]) or "nothing"
        )
    if not isinstance(value, list):
        text = str(value)
        return text if len(text) <= 80 else f"a text of {len(text)} characters"
    if value and all(isinstance(part, list) and part and isinstance(part[0], list) for part in value):
        shapes = [shape(part).removesuffix(" entries") for part in value]
        if len(set(shapes)) > 1:
            return f"{len(value)} matrices, {', '.join(shapes[:8])}{', ...' if len(shapes) > 8 else ''}"
    lengths: list[int] = []
    inner: Json = value
    while isinstance(inner, list) and inner:
        lengths.append(len(inner))
        alike = all(isinstance(part, list) and len(part) == len(inner[0]) for part in inner if isinstance(part, list))
        inner = inner[0] if alike and isinstance(inner[0], list) else None
    if not lengths:
        return "none"
    if sum(lengths) <= 4 and len(lengths) == 1 and all(isinstance(part, str | int) for part in value):
        return clipped(", ".join(map(str, value)))
    return f"{' × '.join(map(str, lengths))} entries"


def network_shape(layers: list[Json]) -> str:
    weights = [layer.get("weights") or [[]] for layer in layers]
    widths = [len(weights[0][0]), *(len(matrix) for matrix in weights)]
    numbers = sum(len(row) for matrix in weights for row in matrix) + sum(
        len(layer.get("bias", ())) for layer in layers
    )
    return f"a network of widths {', '.join(map(str, widths))} ({words.grouped(numbers)} numbers)"
