r"""The size of a network, counted once more by hand.

``Counter`` walks a network as a graph: a node for every ReLU (identified by what it is applied to within one call, as
the definitions of this measure say), an edge for every signal that enters a node or the output.  It runs the Python
text of the definitions with graph nodes as numbers, so it knows neither the derived definitions nor the kernel.
"""

from __future__ import annotations

import inspect
import itertools
import textwrap
from fractions import Fraction
from typing import Any

import pytest

from tests.theory import shipped
from tests.theory.authoring import author, executed, mistake, read, stated, theorem
from verify.errors import ClaimError
from verify.kernel.certificate import read_statement
from verify.kernel.evaluation import Evaluator
from verify.theory.environment import Collector

Json = Any

# ---------------------------------------------------------------------------------------- networks as graphs


class Signal:
    """An affine combination of nodes: their coefficients, a constant part, and the layers of the nodes."""

    def __init__(self, graph: Graph, coefficients: dict[int, Fraction], offset: Fraction = Fraction(0)) -> None:
        self.graph = graph
        self.coefficients = {node: c for node, c in coefficients.items() if c}
        self.offset = offset

    def lift(self, other: Any) -> Signal:
        return other if isinstance(other, Signal) else Signal(self.graph, {}, Fraction(other))

    def __add__(self, other: Any) -> Signal:
        other = self.lift(other)
        nodes = {**self.coefficients, **other.coefficients}
        total = {n: self.coefficients.get(n, Fraction(0)) + other.coefficients.get(n, Fraction(0)) for n in nodes}
        return Signal(self.graph, total, self.offset + other.offset)

    __radd__ = __add__

    def __mul__(self, factor: Any) -> Signal:
        return Signal(self.graph, {n: c * Fraction(factor) for n, c in self.coefficients.items()}, self.offset * factor)

    __rmul__ = __mul__

    def __truediv__(self, divisor: Any) -> Signal:
        return self * (1 / Fraction(divisor))

    def __neg__(self) -> Signal:
        return self * -1

    def __sub__(self, other: Any) -> Signal:
        return self + -self.lift(other)

    def __rsub__(self, other: Any) -> Signal:
        return -self + other

    @property
    def layers(self) -> set[int]:
        return {self.graph.layers[node] for node in self.coefficients}


class Graph:
    """The nodes of one network: inputs in layer 0, ReLUs one layer above what they read."""

    def __init__(self) -> None:
        self.layers: list[int] = []
        self.units: dict[Any, int] = {}
        self.edges = 0
        self.skips = False

    def input(self) -> Signal:
        self.layers.append(0)
        return Signal(self, {len(self.layers) - 1: Fraction(1)})

    def relu(self, signal: Signal) -> Signal:
        """A unit for each affine function it is applied to; the same one is the same unit."""
        key = (tuple(sorted(signal.coefficients.items())), signal.offset)
        if key not in self.units:
            self.edges += len(signal.coefficients) + (signal.offset != 0)
            self.skips |= len(signal.layers) > 1
            self.layers.append(max(signal.layers) + 1)
            self.units[key] = len(self.layers) - 1
        return Signal(self, {self.units[key]: Fraction(1)})

    def weights(self, output: Signal) -> int:
        return self.edges + len(output.coefficients) + (output.offset != 0)

    def layered(self, output: Signal, count: int) -> bool:
        return not self.skips and output.layers <= {count}


def built(text: str, name: str, naturals: tuple[int, ...], inputs: int = 0) -> tuple[Graph, Signal]:
    """The graph of a network and its output: the author's text is run by Python on signals."""
    graph = Graph()
    numbered: dict[int, Signal] = {}

    def x(i: Fraction) -> Signal:
        if int(i) not in numbered:
            numbered[int(i)] = graph.input()
        return numbered[int(i)]

    network = getattr(executed(text, relu=graph.relu, x=x), name)
    output = network(*map(Fraction, naturals), *(graph.input() for _ in range(inputs)))
    return graph, output


def text_of(*names: str) -> str:
    """The source of shipped functions."""
    parts = [textwrap.dedent(inspect.getsource(shipped.function(name).python)) for name in names]
    return "kink = 2\n" + "\n".join(parts)


def counted(definition: str, name: str, naturals: tuple[int, ...], inputs: int) -> dict[str, Any]:
    """What the derived definitions say about a network with these many scalar inputs."""
    variables = ", ".join(f"i{n}: real" for n in range(inputs))
    arguments = ", ".join([*map(str, naturals), *(f"i{n}" for n in range(inputs))])
    statement = stated(
        variables, f"units({name}({arguments})) >= 0 and weights({name}({arguments})) >= 0", before=definition
    )
    theory, fact, _, _ = read_statement(statement)
    units, weights = (part.split(" >= ")[0] for part in fact.conclusion.split(" and "))
    evaluator = Evaluator(theory, "exact", {})
    found = {"units": evaluator.term(evaluator.tree(units), {}), "weights": evaluator.term(evaluator.tree(weights), {})}
    for layers in range(6):
        text = f"layered({name}({arguments}), {layers})"
        theory, fact, _, _ = read_statement(stated(variables, text, before=definition))
        found[f"layered {layers}"] = Evaluator(theory, "exact", {}).holds(fact.conclusion, {})
    return found


def by_hand(definition: str, name: str, naturals: tuple[int, ...], inputs: int) -> dict[str, Any]:
    graph, output = built(definition, name, naturals, inputs)
    found: dict[str, Any] = {"units": len(graph.units), "weights": graph.weights(output)}
    return found | {f"layered {layers}": graph.layered(output, layers) for layers in range(6)}


# -------------------------------------------------------------------------------------------- hand-made networks

NETWORKS = {
    "an affine function": ("def f(a: real, b: real) -> real:\n    return 2*a - b/3 + 1", (), 2),
    "a linear function": ("def f(a: real, b: real) -> real:\n    return 2*a - b", (), 2),
    "one unit": ("def f(a: real) -> real:\n    return relu(a)", (), 1),
    "one unit with a bias": ("def f(a: real) -> real:\n    return 3 - 2*relu(a - 1/2)", (), 1),
    "a hat": ("def f(a: real) -> real:\n    return 2*relu(a) - 4*relu(a - 1/2) + 2*relu(a - 1)", (), 1),
    "the same unit twice": ("def f(a: real) -> real:\n    return relu(a - 1) + 2*relu(a - 1)", (), 1),
    "a skip connection": ("def f(a: real, b: real) -> real:\n    return a + relu(b - a)", (), 2),
    "a skip connection inside": ("def f(a: real) -> real:\n    return relu(relu(a) - a)", (), 1),
    "two layers": ("def f(a: real, b: real) -> real:\n    return relu(relu(a) - relu(b) + 1) - relu(relu(b))", (), 2),
    "layers of different depth": ("def f(a: real) -> real:\n    return relu(a) + relu(relu(a - 1))", (), 1),
    "a local name used twice": (
        "def f(a: real) -> real:\n    h = relu(a - 1/2)\n    return relu(h - 1) + relu(1 - h) + relu(h - 1)",
        (),
        1,
    ),
    "a composition": (
        "def g(a: real) -> real:\n    return relu(a) - relu(a - 1)\n@define\ndef f(a: real) -> real:\n    return g(g(2*a))",
        (),
        1,
    ),
    "a parallel composition": (
        "def g(a: real, b: real) -> real:\n    return relu(a - b) + relu(b)\n@define\n"
        "def f(a: real, b: real) -> real:\n    return relu(g(a, b) - g(b, a))",
        (),
        2,
    ),
    "a chain": (
        "def f(k: nat, a: real) -> real:\n    return a if k == 0 else f(k - 1, relu(a) - relu(-a))",
        (3,),
        1,
    ),
    "a tower on the outside": (
        "def f(k: nat, a: real) -> real:\n    return a if k == 0 else 2*relu(f(k - 1, a) - 1)",
        (4,),
        1,
    ),
    "a tower with skips": (
        "def f(k: nat, a: real) -> real:\n    return a if k == 0 else f(k - 1, a) + relu(a - k)",
        (3,),
        1,
    ),
    "a tower of height 0": ("def f(k: nat, a: real) -> real:\n    return a if k == 0 else relu(f(k - 1, a))", (0,), 1),
    "a width that grows": (
        "def f(k: nat, a: real) -> real:\n    return relu(a) if k == 0 else f(k - 1, a) - k*relu(a - k)",
        (4,),
        1,
    ),
    "by cases on a natural": (
        "def f(k: nat, a: real) -> real:\n    return relu(a) - relu(-a) if k <= 1 else relu(relu(a - 1))",
        (2,),
        1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_is_counted_as_by_hand(name: str) -> None:
    text, naturals, inputs = NETWORKS[name]
    assert counted(f"@define\n{text}\n", "f", naturals, inputs) == by_hand(f"@define\n{text}\n", "f", naturals, inputs)


def test_the_examples_are_of_different_kinds() -> None:
    found = {name: by_hand(f"@define\n{text}\n", "f", n, i) for name, (text, n, i) in NETWORKS.items()}
    assert not any(found["a skip connection"][f"layered {n}"] for n in range(6))
    assert not any(found["layers of different depth"][f"layered {n}"] for n in range(6))
    assert found["two layers"] == {"units": 4, "weights": 8, **{f"layered {n}": n == 2 for n in range(6)}}
    assert found["an affine function"]["units"] == 0
    assert found["a composition"]["layered 2"]


# ----------------------------------------------------------------------------------------------- shipped networks

SHIPPED = {
    "sawtooth": (("sawtooth.tent", "sawtooth.sawtooth"), 1, [(j,) for j in range(5)]),
    "one_layer": (("max_two_relu.one_layer",), 2, [()]),
    "state": (("sawtooth.tent", "square_net.state"), 2, [(m,) for m in range(5)]),
    "teeth": (("shallow_oscillation.teeth",), 1, [(n,) for n in range(5)]),
}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_network_of_scalar_inputs_is_counted_as_by_hand(name: str) -> None:
    names, inputs, sizes = SHIPPED[name]
    text = text_of(*names)
    for naturals in sizes:
        found = counted(text, name, naturals, inputs)
        assert found == by_hand(text, name, naturals, inputs), naturals


@pytest.mark.parametrize("d", range(1, 10))
def test_the_tree_of_maxima_is_counted_as_by_hand(d: int) -> None:
    """The number of weights is counted in the claim nowhere, but by the same rules."""
    names = ["larger", "passed_on", "tree"]
    text = text_of(*(f"max_d_log_depth.{name}" for name in names))
    depth = (d - 1).bit_length()
    graph, output = built(text, "tree", (depth, 0, d))
    collector = Collector()
    collector.function(shipped.function("max_d_log_depth.tree"))
    variables = f"tree({depth}, 0, {d})"
    before = "from claims.expressivity.max_d_log_depth import tree\n"
    statement = stated("", f"units({variables}) == 0 and weights({variables}) == 0", before=before)
    theory, fact, _, _ = read_statement(statement)
    evaluator = Evaluator(theory, "exact", {"x": ({}, Fraction(0))})
    units, weights = (part.split(" == ")[0] for part in fact.conclusion.split(" and "))
    assert evaluator.term(evaluator.tree(units), {}) == len(graph.units)
    assert evaluator.term(evaluator.tree(weights), {}) == graph.weights(output)
    for layers in range(6):
        theory, fact, _, _ = read_statement(stated("", f"layered({variables}, {layers})", before=before))
        assert Evaluator(theory, "exact", {}).holds(fact.conclusion, {}) == graph.layered(output, layers)


def test_the_parts_of_a_count_have_names_of_their_own() -> None:
    """The hat of one input, in layer 5 and with fan 2 below: three units of two weights, two with a bias."""
    before = "@define\ndef hat(a: real) -> real:\n    return 2*relu(a) - 4*relu(a - 1/2) + 2*relu(a - 1)\n"
    text = "hat.units() == 3 and hat.fan(2) == 3 and hat.weights(2) == 8 and hat.layer(5) == 6 and hat.layered(5)"
    theory, fact, _, _ = read_statement(stated("", text, before=before))
    assert Evaluator(theory, "exact", {}).holds(fact.conclusion, {})


# --------------------------------------------------------------------------------------------- what is no network

REFUSED = {
    "a product of signals": ("a*a", "multiplies two values"),
    "a power": ("relu(a)**2", "is a power of a value"),
    "a maximum": ("max(a, 1)", "write it by relu"),
    "a modulus": ("abs(a)", "write it by relu"),
    "a number in place of a signal": ("g(2)", "applies a network to a number"),
    "a quotient": ("bend(a)", "depends on its input, by the condition"),
    "a reciprocal": ("over(a)", "1 / (a) is no part of a ReLU network"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_written_as_a_network_has_no_size(name: str) -> None:
    body, message = REFUSED[name]
    before = f"""
    @define
    def g(a: real) -> real:
        return relu(a)
    @define
    def bend(a: real) -> real:
        return a if a > 0 else 2*a
    @define
    def over(a: real) -> real:
        return 1 / a
    @define
    def f(a: real) -> real:
        return {body}
    """
    found = mistake(theorem("a: real", "units(f(a)) == 1", before=before))
    assert message in found.message
    assert found.place is not None


SHIFTED = {
    "a shifted call": "weights(g(a + 1)) == 2",
    "a shifted call inside": "weights(f(a)) == 2",
    "a call of such a network": "weights(h(a)) == 2",
    "a count by its name": "f.weights(1) == 1",
}


@pytest.mark.parametrize("name", SHIFTED)
def test_a_constant_in_an_argument_would_be_a_bias_that_nobody_counts(name: str) -> None:
    """relu(a + 1) has three weights, one of them a bias; g alone has none."""
    before = """
    @define
    def g(a: real) -> real:
        return relu(a)
    @define
    def f(a: real) -> real:
        return g(a + 1)
    @define
    def h(a: real) -> real:
        return 2*f(a)
    """
    found = mistake(theorem("a: real", SHIFTED[name], before=before))
    assert "cannot be counted" in found.message
    read(theorem("a: real", "units(h(a)) == 1 and layered(f(a), 1) and weights(g(2*a)) == 2", before=before))


def test_a_power_of_a_constant_is_a_weight() -> None:
    before = "@define\ndef f(k: nat, a: real) -> real:\n    return 2**k * relu(a - k**2) / 3\n"
    found = stated("k: nat, a: real", "units(f(k, a)) == 1 and layered(f(k, a), 1)", before=before)
    theory, fact, _, _ = read_statement(found)
    assert all(Evaluator(theory, "exact", {}).holds(fact.conclusion, {"k": Fraction(k)}) for k in range(4))


# -------------------------------------------------------------------------------- networks that may be constant

GROWING = """
@define
def zero(n: nat, a: real) -> real:
    return 0 if n == 0 else zero(n - 1, a) + relu(a - n)
@define
def one(a: real) -> real:
    return relu(a)
"""

PERHAPS = {
    "a sum of two": "@define\ndef f(n: nat, a: real) -> real:\n    return zero(n, a) + zero(n, a + 1)\n",
    "a network after one": "@define\ndef f(n: nat, a: real) -> real:\n    return one(zero(n, a))\n",
}


@pytest.mark.parametrize("name", PERHAPS)
def test_networks_that_may_be_constant_can_be_combined(name: str) -> None:
    before = GROWING + PERHAPS[name]
    layers = 1 if name == "a sum of two" else 2
    theory, fact, _, _ = read_statement(stated("n: nat, a: real", f"layered(f(n, a), {layers})", before=before))
    assert all(Evaluator(theory, "exact", {}).holds(fact.conclusion, {"n": Fraction(n)}) for n in range(1, 4))


MIXED = """
@define
def one(n: nat, a: real) -> real:
    return 0 if n == 0 else relu(a - n)
@define
def two(n: nat, a: real) -> real:
    return 0 if n == 0 else relu(relu(a) - 1)
@define
def f(n: nat, m: nat, p: nat, a: real) -> real:
    return {}
"""


@pytest.mark.parametrize(
    "body",
    [
        "one(n, a) + one(m, a/3) + one(p, 2*a)",
        "one(n, a) + two(m, a) - two(p, -a)",
        "two(n, a) - (one(m, a) - relu(a))",
        "relu(one(n, a) + relu(a)) + two(p, a) + 0*m",
        "a + one(n, a) + two(m, a) + 0*p",
    ],
)
def test_sums_of_networks_that_may_be_constant_are_counted_as_by_hand(body: str) -> None:
    text = MIXED.format(body)
    for naturals in itertools.product(range(2), repeat=3):
        if any(naturals):
            found, expected = counted(text, "f", naturals, 1), by_hand(text, "f", naturals, 1)
            layers = [name for name in expected if name.startswith("layered")]
            assert [found[name] for name in layers] == [expected[name] for name in layers], naturals


def test_networks_that_may_be_constant_can_be_combined_in_a_theorem() -> None:
    text = "layered(zero(n, a) + zero(n, a + 1), 1)"
    theory, fact, _, _ = read_statement(stated("n: nat, a: real", text, before=GROWING))
    assert all(Evaluator(theory, "exact", {}).holds(fact.conclusion, {"n": Fraction(n)}) for n in range(4))


TAKEN = {
    "the count of units": ("@define\ndef g_units() -> nat:\n    return 0\n", "g_units() == 0 and units(g(a)) == 0"),
    "another count": ("@define\ndef g_fan() -> nat:\n    return 0\n", "g_fan() == 0 and units(g(a)) == 1"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_the_name_of_a_count_cannot_be_taken(name: str) -> None:
    other, conclusion = TAKEN[name]
    mistake(theorem("a: real", conclusion, before="@define\ndef g(a: real) -> real:\n    return relu(a)\n" + other))


@pytest.mark.parametrize("variable", ["otherwise", "fan_a", "layer_a"])
def test_a_natural_may_have_any_name(variable: str) -> None:
    before = f"@define\ndef f({variable}: nat, a: real) -> real:\n    return 0 if {variable} == 0 else relu(a) + f({variable} - 1, a)\n"
    try:
        read(theorem("n: nat, a: real", "layered(f(n, a), 1)", before=before))
    except ClaimError as found:
        assert found.place is not None


def test_a_network_with_a_vector_as_input_is_refused() -> None:
    before = "@define\ndef f(v: vec, a: real) -> real:\n    return relu(a)\n"
    with pytest.raises(ClaimError):
        read(theorem("v: vec, a: real", "units(f(v, a)) == 1 and weights(f(v, a)) == 2", before=before))


def test_the_counts_of_a_mutant_are_those_of_its_own_definition() -> None:
    from tests.theory.authoring import changed
    from verify.theory.environment import problem

    module = author("""
    @define
    def f(a: real) -> real:
        return relu(a) - relu(-a)
    def three(a: real) -> real:
        return relu(a) - relu(-a) + relu(a - 1)
    @lemma()
    def t(a: real) -> prop:
        return units(f(a)) == 2
    """)
    holds = []
    for changes in (None, changed(f=module.three)):
        theory, fact, _, _ = read_statement(problem(module.t, changes).statement)
        holds.append(Evaluator(theory, "exact", {}).holds(fact.conclusion, {}))
    assert holds == [True, False]
