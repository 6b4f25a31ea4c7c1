r"""Networks made of networks: composition, parallel networks, sums, depth; and the small networks of the claims.

The calculus is that of Petersen and Voigtlaender (Optimal approximation of piecewise smooth functions using deep ReLU
neural networks, 2018, section 2).  Each operation is exact and costs what its docstring says:

* ``compose(g, f)`` is $g \circ f$.  The last affine map of $f$ and the first of $g$ are multiplied out, so that
  hidden layers and units add up, and nothing else;
* ``stack`` runs networks beside each other on the same input.  Without skip connections they must be equally deep;
* ``pad`` makes a network deeper.  The identity of a real line costs two units a layer, $t = \mathrm{ReLU}(t) -
  \mathrm{ReLU}(-t)$.  On a box one unit is enough: $t = \mathrm{ReLU}(t - c) + c$ where $t \ge c$, with the lower
  bound $c$ that exact interval arithmetic gives; such a network equals the given one on that box only.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from verify.errors import NetworkError
from verify.networks.network import Layer, Network, Number, Vector, exact

Box = Sequence[tuple[Number, Number]]
ZERO, ONE = Fraction(0), Fraction(1)


def affine(weights: Sequence[Sequence[Number]], bias: Sequence[Number] | None = None) -> Network:
    r"""$x \mapsto W x + b$, without hidden layers; $b = 0$ unless given."""
    return Network.of([(weights, [0] * len(weights) if bias is None else bias)])


def identity_network(dimension: int) -> Network:
    return affine([[int(i == j) for j in range(dimension)] for i in range(dimension)])


def product(second: Layer, first: Layer) -> Layer:
    """The affine map: ``first``, and then ``second``."""
    columns = list(zip(*first.weights, strict=True))
    return Layer(
        tuple(tuple(dot(row, column) for column in columns) for row in second.weights),
        tuple(dot(row, first.bias) + bias for row, bias in zip(second.weights, second.bias, strict=True)),
    )


def dot(left: Vector, right: Vector) -> Fraction:
    return sum((a * b for a, b in zip(left, right, strict=True) if a and b), ZERO)


def compose(*networks: Network) -> Network:
    r"""``compose(h, g, f)`` is $h \circ g \circ f$; hidden layers and units add up."""
    if not networks:
        raise NetworkError("nothing to compose; give at least one network")
    layers = list(networks[-1].layers)
    for position, outer in enumerate(reversed(networks[:-1]), 2):
        if outer.inputs != len(layers[-1].bias):
            raise NetworkError(
                f"network {len(networks) - position + 1} of the composition has {outer.inputs} inputs, but the network "
                f"that is applied before it has {len(layers[-1].bias)} outputs"
            )
        layers[-1:] = [product(outer.layers[0], layers[-1]), *outer.layers[1:]]
    return Network(tuple(layers))


def pad(network: Network, hidden_layers: int | Fraction, *, box: Box | None = None) -> Network:
    """The same function with so many hidden layers, the last of them passing the outputs on.

    Two units an output and layer; with a ``box`` of inputs, one unit, and the function is the same on the box only.
    """
    extra = natural(hidden_layers, 0, "hidden layers") - network.hidden_layers
    if extra < 0:
        raise NetworkError(
            f"a network with {network.hidden_layers} hidden layers cannot be padded to {hidden_layers}; ask for more"
        )
    if not extra:
        return network
    *before, last = network.layers
    here = unit_matrix(network.outputs)
    if box is None:
        first = Layer((*last.weights, *map(negative, last.weights)), (*last.bias, *negative(last.bias)))
        final = Layer(tuple((*row, *negative(row)) for row in here), (ZERO,) * network.outputs)
    else:
        from verify.networks.evaluation import enclose

        lower = tuple(low for low, _ in enclose(network, box))
        first = Layer(last.weights, tuple(bias - low for bias, low in zip(last.bias, lower, strict=True)))
        final = Layer(here, lower)
    passed = Layer(unit_matrix(len(first.bias)), (ZERO,) * len(first.bias))
    return Network((*before, first, *[passed] * (extra - 1), final))


def unit_matrix(dimension: int) -> tuple[Vector, ...]:
    return tuple(tuple(ONE if i == j else ZERO for j in range(dimension)) for i in range(dimension))


def negative(row: Vector) -> Vector:
    return tuple(-value for value in row)


def stack(*networks: Network) -> Network:
    """All networks on the same input, the outputs one after the other; shallower ones are padded."""
    made = equally_deep(networks)
    inputs = sorted({network.inputs for network in made})
    if len(inputs) > 1:
        raise NetworkError(f"networks of {inputs[0]} and of {inputs[-1]} inputs cannot share their input")
    first, *others = zip(*(network.layers for network in made), strict=True)
    shared = Layer(sum((layer.weights for layer in first), ()), sum((layer.bias for layer in first), ()))
    return Network((shared, *map(block_diagonal, others)))


def direct_sum(*networks: Network) -> Network:
    """Each network on an input of its own, inputs and outputs one after the other; shallower ones are padded."""
    return Network(tuple(map(block_diagonal, zip(*(n.layers for n in equally_deep(networks)), strict=True))))


def equally_deep(networks: Sequence[Network]) -> list[Network]:
    if not networks:
        raise NetworkError("no networks to combine; give at least one")
    deepest = max(network.hidden_layers for network in networks)
    return [pad(network, deepest) for network in networks]


def block_diagonal(layers: Sequence[Layer]) -> Layer:
    inputs = [len(layer.weights[0]) for layer in layers]
    total, before = sum(inputs), 0
    rows: list[Vector] = []
    for layer, width in zip(layers, inputs, strict=True):
        left, right = (ZERO,) * before, (ZERO,) * (total - before - width)
        rows += [(*left, *row, *right) for row in layer.weights]
        before += width
    return Layer(tuple(rows), sum((layer.bias for layer in layers), ()))


def weighted_sum(coefficients: Sequence[Number], networks: Sequence[Network]) -> Network:
    """$c_1 f_1 + ... + c_k f_k$ for networks with as many outputs; the units of all, and of padding."""
    scalars = exact(coefficients)
    if len(scalars) != len(networks):
        raise NetworkError(f"{len(scalars)} coefficients for {len(networks)} networks; give one for each network")
    outputs = sorted({network.outputs for network in networks})
    if len(outputs) > 1:
        raise NetworkError(f"a network with {outputs[0]} outputs and one with {outputs[-1]} have no sum")
    together = stack(*networks)
    rows = tuple(tuple(c * entry for c in scalars for entry in row) for row in unit_matrix(outputs[0]))
    return Network((*together.layers[:-1], product(Layer(rows, (ZERO,) * outputs[0]), together.layers[-1])))


def add(*networks: Network) -> Network:
    return weighted_sum([1] * len(networks), networks)


def subtract(left: Network, right: Network) -> Network:
    return weighted_sum([1, -1], [left, right])


def scale(factor: Number, network: Network) -> Network:
    return weighted_sum([factor], [network])


# ------------------------------------------------------------------------------------------ small named networks


def maximum(count: int | Fraction) -> Network:
    r"""The maximum of ``count`` numbers by a tree of $\max(a, b) = \mathrm{ReLU}(a - b) + \mathrm{ReLU}(b) -
    \mathrm{ReLU}(-b)$: $\lceil \log_2 n \rceil$ hidden layers, and $3 (n - 1)$ units if $n$ is a power of two."""
    count = natural(count, 1, "arguments")
    levels: list[Network] = []
    while count > 1:
        levels.append(maxima_of_pairs(count))
        count = levels[-1].outputs
    return compose(*reversed(levels)) if levels else identity_network(1)


def maxima_of_pairs(count: int) -> Network:
    """One level of the tree; an odd last number is passed on by two units."""
    here = unit_matrix(count)
    hidden: list[Vector] = []
    final: list[tuple[int, ...]] = []
    for i in range(0, count, 2):
        pair = [] if i + 1 == count else [tuple(a - b for a, b in zip(here[i], here[i + 1], strict=True))]
        last = here[min(i + 1, count - 1)]
        final.append((*(0 for _ in hidden), *(1 for _ in pair), 1, -1))
        hidden += [*pair, last, negative(last)]
    rows = [(*row, *(0 for _ in range(len(hidden) - len(row)))) for row in final]
    return Network.of([(hidden, [0] * len(hidden)), (rows, [0] * len(rows))])


def absolute() -> Network:
    r"""$|x| = \mathrm{ReLU}(x) + \mathrm{ReLU}(-x)$."""
    return Network.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])


def hat(left: Number = 0, peak: Number = "1/2", right: Number = 1, *, height: Number = 1) -> Network:
    """0 outside (left, right), ``height`` at the peak, affine in between; three units."""
    a, b, c, top = exact([left, peak, right, height])
    if not a < b < c:
        raise NetworkError(f"a hat needs left < peak < right, not {a}, {b}, {c}")
    up, down = top / (b - a), top / (c - b)
    return Network.of([([[1], [1], [1]], [-a, -b, -c]), ([[up, -up - down, down]], [0])])


def sawtooth(order: int | Fraction) -> Network:
    """The hat on [0, 1] composed ``order`` times with itself: $2^m$ pieces on [0, 1], $m$ hidden layers of width 3."""
    order = natural(order, 0, "compositions")
    return compose(*[hat()] * order) if order else identity_network(1)


def square(order: int | Fraction) -> Network:
    r"""$f_m$ with $0 \le f_m(x) - x^2 \le 4^{-(m+1)}$ on [0, 1] (Yarotsky 2017, Proposition 2), without skips.

    It interpolates $x^2$ at the multiples of $2^{-m}$.  Each of the $m$ hidden layers has four units and maps $(g, a)$
    to $(\mathrm{tent}(g), 4a - \mathrm{tent}(g))$; the value is $4^{-m} a$.
    """
    order = natural(order, 0, "hidden layers")
    step = Network.of(
        [([[1, 0], [1, 0], [1, 0], [0, 1]], [0, "-1/2", -1, 0]), ([[2, -4, 2, 0], [-2, 4, -2, 4]], [0, 0])]
    )
    return compose(affine([[0, Fraction(1, 4**order)]]), *[step] * order, affine([[1], [1]]))


def clip(low: Number, high: Number) -> Network:
    r"""$\min(\max(x, low), high)$ with two units."""
    a, b = exact([low, high])
    if a > b:
        raise NetworkError(f"clipping needs low <= high, not {a} and {b}")
    return Network.of([([[1], [1]], [-a, -b]), ([[1, -1]], [a])])


def natural(value: int | Fraction, least: int, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | Fraction) or value < least or value != int(value):
        raise NetworkError(f"the number of {what} must be an integer >= {least}, not {value!r}")
    return int(value)
