r"""Instances of a worst case on the line, completed from what an author gives.

**Implicit points.**  Vectors that an author does not give are computed: a gradient at a known point, a proximal point, a
minimizer.  In each case the vector u is free and the program says that (a + b u, c + d u) is on the graph of a derivative; a
graph is a chain of segments, and each is intersected with this line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from verify.errors import ProblemError
from verify.optimization.classes import Number, exact
from verify.optimization.worst_functions import ONE, ZERO, Affine, Interval, PiecewiseQuadratic

Json = Any
Members = Mapping[str, PiecewiseQuadratic | Interval]


@dataclass(frozen=True)
class LineInstance:
    """Functions on the line, by name, and the numbers that vectors and values are."""

    functions: Members
    points: Mapping[str, Number]
    values: Mapping[str, Number] = field(default_factory=dict)

    def witness(self, statement: Json) -> Json:
        """Of the kernel's ``worst-case-function``, with what the program determines; raises ``ProblemError``."""
        return completed(statement, self)


def on_line(functions: PiecewiseQuadratic | Interval | Members, /, **points: Number) -> LineInstance:
    """An instance on the line: the function (or functions by name), and the points that the method starts at.

    Gradients, proximal points, minimizers and infima are computed.

        on_line(huber(1, "1/3"), x0=1)
    """
    return LineInstance(functions if isinstance(functions, Mapping) else {"": functions}, points)


def completed(statement: Json, instance: LineInstance) -> Json:
    """The program on the line, each vector that is not given being determined by where it is used first."""
    names = [name for name, *_ in statement["functions"]]
    members = dict(instance.functions)
    if "" in members and len(names) == 1:
        members = {names[0]: members[""]}
    if set(members) != set(names):
        raise ProblemError(
            f"the worst functions are {', '.join(map(repr, members))}, but the problem has {', '.join(names)}"
        )
    program = statement["program"]
    line: dict[str, Fraction] = {}
    free: dict[str, Fraction] = {}
    for position, command in enumerate(program):
        match command:
            case ["vector", name]:
                given = instance.points.get(name)
                found = solved(program[position + 1 :], name, line, members) if given is None else exact(given, name)
                line[name] = free[name] = found
            case ["let", name, terms]:
                line[name] = sum((Fraction(c) * line[v] for c, v in terms), ZERO)
    extra = instance.points.keys() - free.keys()
    if extra:
        raise ProblemError(f"{sorted(extra)[0]} is no free vector of the problem; these are {', '.join(free)}")
    return {
        "functions": {name: member.json() for name, member in members.items()},
        "vectors": {name: str(x) for name, x in free.items()},
        "values": {name: str(v) for name, v in values(program, members, instance.values)},
    }


def solved(
    program: Sequence[Json],
    name: str,
    known: Mapping[str, Fraction],
    members: Members,
) -> Fraction:
    """The vector, from the first relation in which it is the only unknown."""
    line: dict[str, Affine] = {other: (x, ZERO) for other, x in known.items()}
    line[name] = (ZERO, ONE)
    for command in program:
        match command:
            case ["let", other, terms] if all(v in line for _, v in terms):
                line[other] = tuple(sum((Fraction(c) * line[v][k] for c, v in terms), ZERO) for k in (0, 1))  # type: ignore[assignment]
            case ["at", function, x, g, *_] if x in line and g in line and (line[x][1] or line[g][1]):
                found = members[function].chain.meets(line[x], line[g])
                if found is None:
                    raise ProblemError(
                        f"there is no {name} on the line for which {g} is a (sub)gradient of {function} at {x}"
                    )
                return found
    raise ProblemError(f"the worst function does not determine {name}; give it a number, {name}=...")


def values(program: Sequence[Json], members: Members, given: Mapping[str, Number]) -> Iterator[tuple[str, Fraction]]:
    """The free values: those that are given, and infima."""
    from verify.kernel.worst_case_function import Graph

    for command in program:
        if command[0] == "lower" and command[2] not in given:
            least = Graph.of(members[command[1]].json()).infimum()
            if least is None:
                raise ProblemError(f"the worst function {command[1]} is not bounded below; choose one that is")
            yield command[2], least
        elif command[0] in ("value", "lower"):
            if command[-1] not in given:
                raise ProblemError(f"the value {command[-1]} of the worst case is not given; give it a number")
            yield command[-1], exact(given[command[-1]], command[-1])
