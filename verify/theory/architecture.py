r"""The size of a network, read off its definition.

A definition such as

    def hat(x: real) -> real:
        return 2*relu(x) - 4*relu(x - 1/2) + 2*relu(x - 1)

is a ReLU network written down.  This module derives from the definition of ``f`` further definitions, by the same
recursion and with the same conditions, so that theorems can speak about its architecture and the counts cannot drift
from the network:

* ``f_units``: the number of ReLU units; units and calls written the same way are counted once (arguments are values:
  ``f(m, t)`` with the term ``t`` used twice in the body of ``f`` costs the units of ``t`` once);
* ``f_fan``: the number of units, or inputs, that its value is an affine function of;
* ``f_weights``: the number of edges into those units, and of their biases (not if a call in the definition has an
  argument with a constant part: whether a unit has a bias is read off the definition that it stands in);
* ``f_layer``: the layer of its value, inputs being layer 0 and ``relu`` adding one;
* ``f_layered``: both sides of every sum are in the same layer, so that no connection skips a layer.

In a theorem, ``units(T)``, ``weights(T)`` and ``layered(T, n)`` of a term ``T`` stand for the counts of that term, the
real variables and the values of arbitrary functions being the inputs.  Everything here produces definitions in the
kernel's text, which the report prints beside the network.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from verify.kernel.formulas import syntax
from verify.theory.symbols import COUNTS, MEASURES

if TYPE_CHECKING:
    from verify.theory.environment import Collector

Json = Any


class NotANetwork(Exception):
    """The term is not written as a feed-forward ReLU network."""


@dataclass(frozen=True)
class Signal:
    """What is known of a real term: its layer (None: it does not depend on the input), the distinct units or inputs it
    is an affine function of with their numbers, whether it has a constant part, and whether it may be a constant: its
    layer is then written with ``OTHERWISE``, for the layer that it is in if it is one."""

    layer: str | None
    sources: Mapping[str, str]
    biased: bool
    perhaps_constant: bool = False

    @property
    def fan(self) -> str:
        return plus(*self.sources.values())


OTHERWISE = "?"  # in the text of a layer, and no text of an author's
CONSTANT = Signal(None, {}, True)


@dataclass
class Cost:
    """What the units of one term cost, by the text of the unit or call, and the conditions for being layered."""

    units: dict[str, str] = field(default_factory=dict)
    weights: dict[str, str] = field(default_factory=dict)
    conditions: list[str] = field(default_factory=list)
    shifted: str = ""  # a call with an argument that has a constant part, which would be a bias inside of it


@dataclass(frozen=True)
class Traits:
    """What is true of a whole definition: does it depend on inputs, has it a constant part, may it be a constant; and
    the call, if there is one, because of which its weights are not counted."""

    network: bool
    biased: bool = False
    perhaps_constant: bool = False
    shifted: str = ""


@dataclass
class Architect:
    """Derives the counting functions of definitions on demand."""

    collector: Collector
    traits: dict[str, Traits] = field(default_factory=dict)

    # ---------------------------------------------------------------------------------------------- terms

    def signal(self, node: ast.expr, known: Mapping[str, Signal], cost: Cost) -> Signal:
        match node:
            case ast.Constant(value=value):
                return Signal(None, {}, value != 0)
            case ast.Name(id=name):
                return known[name]
            case ast.UnaryOp(operand=operand):
                return self.signal(operand, known, cost)
            case ast.BinOp(op=ast.Add() | ast.Sub(), left=left, right=right):
                return self.sum(self.signal(left, known, cost), self.signal(right, known, cost), cost)
            case ast.BinOp(op=ast.Mult() | ast.Div(), left=left, right=right):
                a, b = self.signal(left, known, cost), self.signal(right, known, cost)
                if a.layer is not None and b.layer is not None:
                    raise NotANetwork(f"{ast.unparse(node)!r} multiplies two values that depend on the input")
                return a if b.layer is None else b
            case ast.BinOp(op=ast.Pow(), left=left):
                if self.signal(left, known, cost).layer is not None:
                    raise NotANetwork(f"{ast.unparse(node)!r} is a power of a value that depends on the input")
                return CONSTANT
            case ast.Call(func=ast.Name(id="relu"), args=[argument]):
                return self.unit(ast.unparse(node), self.signal(argument, known, cost), cost)
            case ast.Call(func=ast.Name(id=head), args=arguments):
                return self.call(head, node, arguments, known, cost)
        raise NotANetwork(f"{ast.unparse(node)!r} is not part of a ReLU network")

    def sum(self, a: Signal, b: Signal, cost: Cost) -> Signal:
        if a.layer is None or b.layer is None:
            one = b if a.layer is None else a
            return Signal(one.layer, one.sources, a.biased or b.biased, one.perhaps_constant)
        one, other = (b, a) if a.perhaps_constant else (a, b)
        beside, layer = placed(other, known_layer(one)), placed(one, known_layer(other))
        if beside != layer:
            cost.conditions.append(f"{beside} == {layer}")
        biased, perhaps = a.biased or b.biased, a.perhaps_constant and b.perhaps_constant
        common = placed(other, one.layer) if perhaps else one.layer  # type: ignore[arg-type]
        return Signal(common, {**a.sources, **b.sources}, biased, perhaps)

    def unit(self, text: str, argument: Signal, cost: Cost) -> Signal:
        if argument.layer is None:
            return CONSTANT
        cost.units[text] = "1"
        cost.weights[text] = plus(argument.fan, "1" if argument.biased else "0")
        return Signal(plus(known_layer(argument), "1"), {text: "1"}, False)

    def call(self, head: str, node: ast.expr, nodes: list[ast.expr], known: Mapping[str, Signal], cost: Cost) -> Signal:
        text = ast.unparse(node)
        if head in self.collector.parameters:
            return Signal("0", {text: "1"}, False)
        if head not in self.collector.definitions:
            raise NotANetwork(f"{head} is not part of a ReLU network; write it by relu")
        sorts = [sort for _, sort in self.collector.definitions[head]["variables"]]
        shape = [ast.unparse(a) for a, sort in zip(nodes, sorts, strict=True) if sort == "nat"]
        signals = [self.signal(a, known, cost) for a, sort in zip(nodes, sorts, strict=True) if sort != "nat"]
        traits = self.traits_of(head)
        if not traits.network:
            return CONSTANT
        layers = [known_layer(s) for s in signals if s.layer is not None]
        if len(layers) < len(signals):
            raise NotANetwork(f"{text!r} applies a network to a number that does not depend on the input")
        self.derive(head)
        cost.shifted = cost.shifted or traits.shifted or (text if any(s.biased for s in signals) else "")
        fans = [s.fan for s in signals]
        cost.units[text] = apply(f"{head}_units", shape)
        cost.weights[text] = apply(f"{head}_weights", shape + fans)
        cost.conditions.append(apply(f"{head}_layered", shape + layers))
        layer = apply(f"{head}_layer", shape + layers + ([OTHERWISE] if traits.perhaps_constant else []))
        sources = {text: apply(f"{head}_fan", shape + fans)}
        return Signal(layer, sources, traits.biased, traits.perhaps_constant)

    # ---------------------------------------------------------------------------------------- definitions

    def traits_of(self, head: str) -> Traits:
        """The traits of a definition: the least ones that are consistent with its own recursive calls."""
        if head not in self.traits:
            entry = self.collector.definitions[head]
            network = any(sort == "real" for _, sort in entry["variables"]) or self.reads_input(head, set())
            self.traits[head] = Traits(network)
            while network and self.traits[head] != (found := self._traits(entry)):
                self.traits[head] = found
        return self.traits[head]

    def _traits(self, entry: Json) -> Traits:
        found = self.traits[entry["name"]]
        for leaf in leaves(entry["body"]):
            sketch = Sketch(self.collector, self.traits)
            cost = Cost()
            signal = sketch.signal(syntax(leaf), start(entry["variables"], str), cost)
            perhaps = found.perhaps_constant or signal.layer is None or signal.perhaps_constant
            found = Traits(True, found.biased or signal.biased, perhaps, found.shifted or cost.shifted)
        return found

    def reads_input(self, head: str, seen: set[str]) -> bool:
        if head in self.collector.parameters or head not in self.collector.definitions or head in seen:
            return head in self.collector.parameters
        seen.add(head)
        texts = [*leaves(self.collector.definitions[head]["body"]), *guards(self.collector.definitions[head]["body"])]
        return any(self.reads_input(called, seen) for text in texts for called in calls(text))

    def derive(self, head: str) -> None:
        """Add the counting functions of a definition to the theory, unless they are there."""
        if f"{head}_units" in self.collector.definitions and f"{head}_layered" in self.collector.definitions:
            return
        for count in COUNTS:
            self.collector.keep(f"{head}_{count}")
        entry, traits = self.collector.definitions[head], self.traits_of(head)
        for guard in guards(entry["body"]):
            names = {n.id for n in ast.walk(syntax(guard)) if isinstance(n, ast.Name)}
            if names & {v for v, s in entry["variables"] if s != "nat"} or any(
                self.reads_input(c, set()) for c in calls(guard)
            ):
                raise NotANetwork(f"the architecture of {head} depends on its input, by the condition {guard!r}")
        for called in sorted({c for leaf in leaves(entry["body"]) for c in calls(leaf)} - {head}):
            if called in self.collector.definitions and self.traits_of(called).network:
                self.derive(called)
        self.declare_and_define(head, entry, traits)

    def declare_and_define(self, head: str, entry: Json, traits: Traits) -> None:
        shape = [[v, s] for v, s in entry["variables"] if s == "nat"]
        inputs = [v for v, s in entry["variables"] if s == "real"]
        taken = {*self.collector.theory.signature, *(v for v, _ in shape)}

        def fresh(name: str) -> str:
            return fresh(f"{name}_") if name in taken else name

        layers, fans = [[fresh(f"layer_{v}"), "nat"] for v in inputs], [[fresh(f"fan_{v}"), "nat"] for v in inputs]
        otherwise = [[fresh("otherwise"), "nat"]] if traits.perhaps_constant else []
        sketch = Sketch(self.collector, self.traits)

        def leaf(count: Callable[[Signal, Cost], str]) -> Json:
            def read(text: str) -> str:
                cost = Cost()
                return count(sketch.signal(syntax(text), start(entry["variables"], fresh), cost), cost)

            return rewrite(entry["body"], read)

        def add(name: str, variables: Json, sort: str, body: Json) -> None:
            self.collector.add({"name": f"{head}_{name}", "variables": variables, "sort": sort, "body": body})

        add("units", shape, "nat", leaf(lambda signal, cost: plus(*cost.units.values())))
        add("fan", shape + fans, "nat", leaf(lambda signal, cost: signal.fan))
        if not traits.shifted:
            add("weights", shape + fans, "nat", leaf(lambda signal, cost: plus(*cost.weights.values())))
        add("layer", shape + layers + otherwise, "nat", leaf(lambda signal, cost: placed(signal, fresh("otherwise"))))
        add("layered", shape + layers, "prop", leaf(lambda signal, cost: conjunction(cost.conditions)))


class Sketch(Architect):
    """Reads terms while the counting functions of their heads are known by name only."""

    def traits_of(self, head: str) -> Traits:
        return self.traits[head] if head in self.traits else super().traits_of(head)

    def derive(self, head: str) -> None:
        return


def start(variables: list[list[str]], fresh: Callable[[str], str]) -> dict[str, Signal]:
    """The real arguments of a definition are values of some layer and fan; naturals are constants."""
    return {
        v: CONSTANT if s == "nat" else Signal(fresh(f"layer_{v}"), {v: fresh(f"fan_{v}")}, False) for v, s in variables
    }


def placed(signal: Signal, layer: str) -> str:
    """The layer of a signal that is put into this one if it is a constant."""
    return (signal.layer or OTHERWISE).replace(OTHERWISE, layer)


def known_layer(signal: Signal) -> str:
    """The layer of a signal; a constant may be in any, and is here in that of the inputs."""
    return placed(signal, "0")


def leaves(body: Json) -> list[str]:
    if isinstance(body, str):
        return [body]
    if "reciprocal" in body:
        raise NotANetwork(f"1 / ({body['reciprocal']}) is no part of a ReLU network")
    return [leaf for part in ("zero", "successor", "then", "else") if part in body for leaf in leaves(body[part])]


def guards(body: Json) -> list[str]:
    if isinstance(body, str):
        return []
    own = [body["if"]] if "if" in body else []
    return own + [g for part in ("zero", "successor", "then", "else") if part in body for g in guards(body[part])]


def rewrite(body: Json, leaf: Callable[[str], str]) -> Json:
    if isinstance(body, str):
        return leaf(body)
    return {key: part if key in ("on", "if") else rewrite(part, leaf) for key, part in body.items()}


@lru_cache(maxsize=20_000)
def calls(text: str) -> frozenset[str]:
    nodes = (node.func for node in ast.walk(syntax(text)) if isinstance(node, ast.Call))
    return frozenset(node.id for node in nodes if isinstance(node, ast.Name))


def apply(head: str, arguments: list[str]) -> str:
    return f"{head}({', '.join(arguments)})"


def plus(*texts: str) -> str:
    """A sum with its integer literals collected."""
    number = sum(int(text) for text in texts if text.isdigit())
    others = [text for text in texts if not text.isdigit()]
    return " + ".join(([str(number)] if number or not others else []) + others)


def require_unshifted(call: str) -> None:
    if call:
        raise NotANetwork(
            f"the weights of {call!r} cannot be counted, as an argument has a constant part, which is a bias of the units "
            "inside; add the constant there"
        )


def conjunction(conditions: list[str]) -> str:
    return " and ".join(dict.fromkeys(conditions)) or "true"


class Expansion(ast.NodeTransformer):
    """Replaces the measures in a formula."""

    def __init__(self, architect: Architect, variables: list[list[str]]) -> None:
        self.architect = architect
        self.inputs = {v: CONSTANT if s == "nat" else Signal("0", {v: "1"}, False) for v, s in variables}

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Name(id="units" | "weights" as measure), args=[term]):
                cost = Cost()
                signal = self.architect.signal(term, self.inputs, cost)
                if measure == "weights":
                    require_unshifted(cost.shifted)
                output = (signal.fan, "1" if signal.biased else "0")
                text = plus(*cost.units.values()) if measure == "units" else plus(*cost.weights.values(), *output)
                return syntax(f"({text})")
            case ast.Call(func=ast.Name(id="layered"), args=[term, number]):
                cost = Cost()
                signal = self.architect.signal(term, self.inputs, cost)
                layer = placed(signal, ast.unparse(number)) if signal.layer else "0"
                return syntax(conjunction([*cost.conditions, f"{layer} == {ast.unparse(number)}"]))
            case ast.Call(func=ast.Name(id="units" | "weights" | "layered" as measure)):
                raise NotANetwork(f"{measure} has the wrong number of arguments in {ast.unparse(node)!r}")
        return node


def expand(text: str, variables: list[list[str]], collector: Collector) -> str:
    """The formula with its measures replaced; the derived definitions are added to the collector."""
    architect = Architect(collector)
    for called in sorted(calls(text) - set(collector.theory.signature)):
        head, _, count = called.rpartition("_")
        if count in COUNTS and head in collector.definitions:
            architect.derive(head)
            if count == "weights":
                require_unshifted(architect.traits_of(head).shifted)
    if not calls(text) & set(MEASURES):
        return text
    return ast.unparse(Expansion(architect, variables).visit(syntax(text)))
