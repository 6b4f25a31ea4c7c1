r"""The number of weights and biases of a feed-forward network (Ye, Figures 1 to 3; Yarotsky 2017, Section 2).

Each computation unit has one bias, and each edge one weight.  Summing over the units what each of them holds counts
every edge at its target; counted at their sources, the edges are the same.
"""

from __future__ import annotations

from verify import Claim, arbitrary, assume, cite, define, induction, lemma, nat, prop

claim = Claim(
    "weight-count-figure3",
    title="Weights and biases: units plus edges",
    statement=r"Let nodes $0, 1, \ldots$ be joined by $\mathrm{edge}(i, j)$ edges from node $i$ to node $j$ (none into an "
    r"input). If each of the $u$ computation units holds a bias and a weight for every edge that enters it, all of them "
    r"together hold as many numbers as there are units and edges, wherever edges are counted: "
    r"$\sum_j (1 + \sum_i \mathrm{edge}(i, j)) = u + \sum_i \sum_j \mathrm{edge}(i, j)$. For fully connected layers of widths "
    r"$d_0, \ldots, d_L$ this is $\sum_l (d_{l-1} + 1) d_l$: 21 for (3, 4, 1), 47 for (3, 4, 5, 1) and 16330 for "
    r"(784, 20, 20, 10). The network of Figure 3 has 8 units and 16 edges, hence 24.",
    source=cite(
        "ye2026",
        "Figure 3",
        quote="The total number of weights and biases of this network is 24, which is the number of computation units "
        "(8 in this example, i.e., $h_1, \\dots, h_7, f_\\theta$) plus the number of edges (16 in this example).",
    ),
    symbols={
        r"\mathrm{edge}(i, j)": "how many edges lead from node i to node j",
        r"\mathrm{width}(i)": "the width of layer i, the inputs being layer 0",
    },
)


@arbitrary
def edge(i: nat, j: nat) -> nat: ...


@arbitrary
def width(layer: nat) -> nat: ...


@define
def entering(n: nat, j: nat) -> nat:
    """Edges from the nodes 0, ..., n - 1 to node j."""
    return 0 if n == 0 else entering(n - 1, j) + edge(n - 1, j)


@define
def leaving(u: nat, first: nat, i: nat) -> nat:
    """Edges from node i to the units, which are the nodes first, ..., first + u - 1."""
    return 0 if u == 0 else leaving(u - 1, first, i) + edge(i, first + u - 1)


@define
def edges(n: nat, u: nat, first: nat) -> nat:
    """All edges, counted at their sources 0, ..., n - 1."""
    return 0 if n == 0 else edges(n - 1, u, first) + leaving(u, first, n - 1)


@define
def parameters(u: nat, n: nat, first: nat) -> nat:
    """What the units hold, each a bias and a weight for every edge that enters it."""
    return 0 if u == 0 else parameters(u - 1, n, first) + (1 + entering(n, first + u - 1))


@lemma(by=induction("n"))
def one_more_unit(n: nat, u: nat, first: nat) -> prop:
    return edges(n, u + 1, first) == edges(n, u, first) + entering(n, first + u)


@lemma(by=induction("n"))
def no_unit(n: nat, first: nat) -> prop:
    return edges(n, 0, first) == 0


@claim.proof(by=induction("u"), using=[one_more_unit, no_unit])
def units_plus_edges(u: nat, n: nat, first: nat) -> prop:
    return parameters(u, n, first) == u + edges(n, u, first)


@define
def layered_units(depth: nat) -> nat:
    return 0 if depth == 0 else layered_units(depth - 1) + width(depth)


@define
def layered_edges(depth: nat) -> nat:
    return 0 if depth == 0 else layered_edges(depth - 1) + width(depth - 1) * width(depth)


@define
def layered_parameters(depth: nat) -> nat:
    return 0 if depth == 0 else layered_parameters(depth - 1) + (width(depth - 1) + 1) * width(depth)


@claim.proof(by=induction("depth"))
def fully_connected(depth: nat) -> prop:
    return layered_parameters(depth) == layered_units(depth) + layered_edges(depth)


@claim.proof()
def figure_1(i: nat) -> prop:
    """Widths (3, 4, 1): 5 units and 16 edges."""
    assume(width(0) == 3, width(1) == 4, width(2) == 1)
    return layered_parameters(2) == 21


@claim.proof()
def figure_2(i: nat) -> prop:
    """Widths (3, 4, 5, 1): 10 units and 37 edges."""
    assume(width(0) == 3, width(1) == 4, width(2) == 5, width(3) == 1)
    return layered_parameters(3) == 47


@claim.proof()
def digits(i: nat) -> prop:
    """Widths (784, 20, 20, 10)."""
    assume(width(0) == 784, width(1) == 20, width(2) == 20, width(3) == 10)
    return layered_parameters(3) == 16330


@claim.proof(using=[units_plus_edges.at(u="8", n="11", first="3")])
def figure_3(i: nat) -> prop:
    """Three inputs, then 8 units with 16 edges among these 11 nodes."""
    assume(edges(11, 8, 3) == 16)
    return parameters(8, 11, 3) == 24


@claim.trials(200)
def torch_counts_the_same(draws):
    """Random acyclic networks, each unit a torch.nn.Linear of the nodes that lead to it; then layers of random widths."""
    import itertools

    import torch

    inputs, units = (1 + int(n) for n in draws.uniform(2, low=0.0, high=8.0, bits=16))
    chosen = draws.uniform(inputs + units, inputs + units) < 0.5
    entering = [int(chosen[:j, j].sum()) for j in range(inputs, inputs + units)]
    network = torch.nn.ModuleList(torch.nn.Linear(degree, 1) for degree in entering if degree)
    held = sum(p.numel() for p in network.parameters())
    acyclic = held == sum(1 for degree in entering if degree) + sum(entering)

    widths = [1 + int(w) for w in draws.uniform(6, low=0.0, high=8.0, bits=16)]
    layers = torch.nn.Sequential(*(torch.nn.Linear(a, b) for a, b in itertools.pairwise(widths)))
    held = sum(p.numel() for p in layers.parameters())
    return torch.tensor(acyclic and held == sum(widths[1:]) + sum(a * b for a, b in itertools.pairwise(widths)))


@claim.mutant(replaces=fully_connected)
def inputs_have_biases(depth: nat) -> prop:
    """Units plus edges plus inputs"""
    return layered_parameters(depth) == layered_units(depth) + layered_edges(depth) + width(0)


@claim.mutant(replaces=units_plus_edges)
def edges_only(u: nat, n: nat, first: nat) -> prop:
    """The edges alone"""
    return parameters(u, n, first) == edges(n, u, first)


@claim.mutant(replaces=figure_3)
def a_bias_for_each_node(i: nat) -> prop:
    """27 numbers in Figure 3: the three inputs with a bias each"""
    assume(edges(11, 8, 3) == 16)
    return parameters(8, 11, 3) == 27
