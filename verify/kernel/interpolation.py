r"""Classes of functions and operators, and the inequalities that hold between their values and gradients at any points.

A function or operator of a class is known at finitely many points: x_i, a (sub)gradient or image g_i, and for a function
the value f_i.  With dx = x_i - x_j and dg = g_i - g_j, each relation below is *necessary*: it holds for every member of the
class in every real Hilbert space.  Nothing more is needed for the soundness of a bound that is a combination of them.

**curvature** (``mu``, ``L``, ``M``).  p = f - mu/2 |x|^2 is convex, closed and proper, and L/2 |x|^2 - f is convex, for some
numbers mu < L; where ``L`` is "inf" the second condition is dropped.  A subgradient g of f at x is one of p, plus mu x; where
L is a number, f is differentiable and g its gradient.

    pair:   f_i - f_j - <g_j, dx> - mu/2 |dx|^2 - |dg - mu dx|^2 / (2 (L - mu)) >= 0      (for L = inf, no last term)

In terms of p, whose subgradients are c_i = g_i - mu x_i, this is p_i - p_j - <c_j, dx> >= |c_i - c_j|^2 / (2 (L - mu)).
For L = inf it is the definition of c_j.  Otherwise p(z) <= p_i + <c_i, z - x_i> + (L - mu)/2 |z - x_i|^2, as the difference
is convex with gradient 0 at x_i, and p(z) >= p_j + <c_j, z - x_j>; put z = x_i - (c_i - c_j)/(L - mu).

    lower:  f_i - |g_i|^2 / (2 L) - s >= 0, if f >= s everywhere (for L = inf, no middle term):  put z = x_i - g_i / L in
            f(z) <= f_i + <g_i, z - x_i> + L/2 |z - x_i|^2
    bound:  M^2 - |g_i|^2 >= 0, if M bounds all subgradients

**indicator** (``D``).  x_i lies in a closed convex set, and g_i in its normal cone there, so that <g_i, y - x_i> <= 0 for every
y of the set:   pair: <g_j, x_j - x_i> >= 0.   diameter: D^2 - |dx|^2 >= 0, if D bounds the diameter.

**quadratic** (``mu``, ``L``).  f(x) = 1/2 <x, Q x> + <b, x> + c with Q self-adjoint, mu <= Q <= L.  With the differences from the
first point, u_i = x_i - x_0 and w_i = g_i - g_0 = Q u_i:   symmetric: <w_i, u_j> - <w_j, u_i> = 0.
value: f_i - f_0 - 1/2 <g_i + g_0, u_i> = 0.   lower: as above.  And the matrix of <w_i - mu u_i, L u_j - w_j> is positive
semidefinite, because Q - mu and L - Q commute and so have a positive semidefinite product.

**operator** (``mu``, ``beta``, ``L``).  A set of pairs (x, g), any two of which satisfy those that are stated among
monotone: <dg, dx> - mu |dx|^2 >= 0,   cocoercive: <dg, dx> - beta |dg|^2 >= 0,   lipschitz: L^2 |dx|^2 - |dg|^2 >= 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from verify.kernel.terms import Rejected, need, rational

Json = Any
Number = Fraction | int
Form = dict[
    tuple[str, ...], Number
]  # of (), a constant, (value,), and (u, v), u <= v, the inner product of two vectors
Combination = dict[str, Number]  # of vectors, by name


@dataclass(frozen=True)
class Relation:
    """A relation of a class: between how many points, whether their order matters, whether it is an equation, and the
    parameter without which it is not stated."""

    points: int
    ordered: bool = True
    equation: bool = False
    parameter: str = ""


@dataclass(frozen=True)
class Kind:
    """A class: the parameters it needs and those it may have, whether members have values, and the relations by name."""

    needed: tuple[str, ...]
    optional: tuple[str, ...]
    valued: bool
    relations: Mapping[str, Relation]


KINDS = {
    "curvature": Kind(
        ("mu", "L"), ("M",), True, {"pair": Relation(2), "bound": Relation(1, parameter="M"), "lower": Relation(1)}
    ),
    "indicator": Kind((), ("D",), False, {"pair": Relation(2), "diameter": Relation(2, False, parameter="D")}),
    "quadratic": Kind(
        ("mu", "L"),
        (),
        True,
        {"symmetric": Relation(2, False, True), "value": Relation(1, equation=True), "lower": Relation(1)},
    ),
    "operator": Kind(
        (),
        ("mu", "beta", "L"),
        False,
        {
            "monotone": Relation(2, False, parameter="mu"),
            "cocoercive": Relation(2, False, parameter="beta"),
            "lipschitz": Relation(2, False, parameter="L"),
        },
    ),
}


@dataclass(frozen=True)
class Point:
    """The names of a point, of the (sub)gradient or image there, and of the value, if there is one."""

    x: str
    g: str
    value: str = ""


@dataclass(frozen=True)
class Function:
    """A member of a class: its parameters (an infinite L is none), the points where it is used, and its lower bounds."""

    kind: str
    parameters: Mapping[str, Fraction]
    points: list[Point] = field(default_factory=list)
    lower: list[str] = field(default_factory=list)

    def relations(self) -> Iterator[tuple[str, ...]]:
        """Every relation that is stated, as its name and the places of the points (of a point and of a lower bound)."""
        size = len(self.points)
        for name, relation in KINDS[self.kind].relations.items():
            if relation.parameter and relation.parameter not in self.parameters:
                continue
            for i in range(size):
                if name == "lower":
                    yield from ((name, str(i), str(k)) for k in range(len(self.lower)))
                elif relation.points == 1:
                    yield name, str(i)
                else:
                    others = range(0 if relation.ordered else i + 1, size)
                    yield from ((name, str(i), str(j)) for j in others if i != j)

    def relation(self, name: str, *places: str) -> tuple[bool, Form]:
        """Whether this relation is an equation, and the form that is zero then, and nonnegative otherwise."""
        relation = KINDS[self.kind].relations.get(name)
        if relation is None:
            raise Rejected(f"the class {self.kind} has no relation {name}")
        need(not relation.parameter or relation.parameter in self.parameters, "no parameter is stated for", name)
        need(len(places) == relation.points + (name == "lower"), "of the wrong number of points:", name, *places)
        first = self.points[place(places[0], len(self.points))]
        if name == "lower":
            return False, self.above(first, self.lower[place(places[1], len(self.lower))])
        return relation.equation, self.form(name, first, self.points[place(places[-1], len(self.points))])

    def form(self, name: str, i: Point, j: Point) -> Form:
        """The form of a relation between two points (of one point, where they are the same)."""
        p = self.parameters
        dx, dg = combination((i.x, 1), (j.x, -1)), combination((i.g, 1), (j.g, -1))
        match self.kind, name:
            case "curvature", "pair":
                parts: list[tuple[Form, Number]] = [
                    (difference(i, j), 1),
                    (product({j.g: 1}, dx), -1),
                    (product(dx, dx), -p["mu"] / 2),
                ]
                c = combination(*dg.items(), *((x, -p["mu"] * t) for x, t in dx.items()))
                return total(*parts, *([(product(c, c), -1 / (2 * (p["L"] - p["mu"])))] if "L" in p else []))
            case "curvature", "bound":
                return total(({(): 1}, p["M"] ** 2), (product({i.g: 1}, {i.g: 1}), -1))
            case "indicator", "pair":
                return total((product({j.g: 1}, dx), -1))
            case "indicator", "diameter":
                return total(({(): 1}, p["D"] ** 2), (product(dx, dx), -1))
            case "quadratic", "symmetric":
                (u, w), (v, z) = self.differences(i), self.differences(j)
                return total((product(w, v), 1), (product(z, u), -1))
            case "quadratic", "value":
                zero, (u, _) = self.points[0], self.differences(i)
                return total(
                    (difference(i, zero), 1), (product(combination((i.g, 1), (zero.g, 1)), u), Fraction(-1, 2))
                )
            case "operator", "monotone":
                return total((product(dg, dx), 1), (product(dx, dx), -p["mu"]))
            case "operator", "cocoercive":
                return total((product(dg, dx), 1), (product(dg, dg), -p["beta"]))
        return total((product(dx, dx), p["L"] ** 2), (product(dg, dg), -1))  # an operator, lipschitz

    def above(self, i: Point, bound: str) -> Form:
        """That the value at a point exceeds a lower bound."""
        gradient = product({i.g: 1}, {i.g: 1})
        least = [(gradient, -1 / (2 * self.parameters["L"]))] if "L" in self.parameters else []
        return total(({(i.value,): 1}, 1), ({(bound,): 1}, -1), *least)

    def differences(self, i: Point) -> tuple[Combination, Combination]:
        """u_i and w_i, of a quadratic."""
        zero = self.points[0]
        return combination((i.x, 1), (zero.x, -1)), combination((i.g, 1), (zero.g, -1))

    def between(self, i: Point, j: Point) -> Form:
        """<w_i - mu u_i, L u_j - w_j>, of a quadratic."""
        (u, w), (v, z) = self.differences(i), self.differences(j)
        left = combination(*w.items(), *((x, -self.parameters["mu"] * t) for x, t in u.items()))
        return product(left, combination(*((x, self.parameters["L"] * t) for x, t in v.items()), *negative(z)))


def read_function(kind: Json, parameters: Json) -> Function:
    """A member of a class, from the statement; what contradicts itself is rejected."""
    need(isinstance(kind, str) and kind in KINDS, "unknown class", kind, "; the classes are", *KINDS)
    known, names = KINDS[kind], parameters.keys()
    need(set(known.needed) <= names <= {*known.needed, *known.optional}, "parameters of", kind, "are not", *names)
    infinite = kind == "curvature" and parameters["L"] == "inf"
    p = {name: rational(value) for name, value in parameters.items() if not (infinite and name == "L")}
    if "L" in known.needed and not infinite:
        least = max(p["mu"], Fraction(0))
        need(p["L"] > least or (kind == "quadratic" and p["L"] == least > 0), "L is more than 0 and mu, not", p["L"])
    need(all(p.get(name, 0) >= 0 for name in ("D", "M", "beta", "L")), "a negative bound in the class", kind)
    return Function(kind, p)


def place(text: Json, size: int) -> int:
    need(text in {str(k) for k in range(size)}, "there is no point or lower bound", text)
    return int(text)


def difference(i: Point, j: Point) -> Form:
    """f_i - f_j."""
    return total(({(i.value,): 1}, 1), ({(j.value,): 1}, -1))


def negative(u: Combination) -> Iterator[tuple[str, Number]]:
    return ((name, -coefficient) for name, coefficient in u.items())


def combination(*parts: tuple[str, Number]) -> Combination:
    """A linear combination of vectors; a name may occur more than once."""
    found: Combination = {}
    for name, coefficient in parts:
        found[name] = found.get(name, 0) + coefficient
    return found


def product(u: Combination, v: Combination) -> Form:
    """<u, v>."""
    form: Form = {}
    right = [(b, t) for b, t in v.items() if t]
    for a, s in ((a, s) for a, s in u.items() if s):
        for b, t in right:
            key = (a, b) if a <= b else (b, a)
            form[key] = form.get(key, 0) + s * t
    return form


def total(*parts: tuple[Form, Number]) -> Form:
    """The sum of forms times numbers."""
    found: Form = {}
    for form, factor in parts:
        for key, coefficient in form.items():
            found[key] = found.get(key, 0) + factor * coefficient
    return found
