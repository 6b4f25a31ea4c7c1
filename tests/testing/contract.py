r"""Claims for the tests of the contract: each of the bad ones violates one rule, and what follows from that."""

from __future__ import annotations

from tests import samples

HEAD = """from verify import Claim, arbitrary, assume, assumption, cite, define, nat, prop, real, relu, vec, sq
from verify.statistics import Mean

claim = Claim("{name}", title="{title}", statement=r"{statement}", source=cite("{source}", "I.1"))
"""


def text(
    name: str,
    body: str = samples.TRUE,
    *,
    title: str = "A title",
    statement: str = "About $x$.",
    source: str = "euclid",
) -> str:
    return HEAD.format(name=name, title=title, statement=statement, source=source) + body


IN_COMPANY = """
@claim.experiment(Mean(low=0, high=1, at_least="1/4"), runs=400, role="proof")
def running_mean(draws):
    import torch

    return draws.uniform().cumsum(0) / torch.arange(1, draws.runs + 1)


@claim.mutant(replaces=running_mean)
def smaller_numbers(draws):
    return draws.uniform() / 8
"""

BAD = {
    # name of the claim: (its text, the rules that it violates, part of the sentence)
    "a--name": (text("a--name"), {"names_are_well_formed"}, "'a--name' must be small words with hyphens between them"),
    "square-net": (text("square-net"), {"names_are_well_formed"}, "'square-net' is taken by the claim at "),
    "without-title": (text("without-title", title=" "), {"names_are_well_formed"}, "the title is empty"),
    "with-brackets": (
        text("with-brackets", samples.TRUE.replace("mutant(rep", 'mutant("a[1]", rep')),
        {"names_are_well_formed"},
        "the mutant 'a[1]' needs a name without brackets and colons",
    ),
    "one-dollar": (
        text("one-dollar", statement="A price of $5."),
        {"latex_converts"},
        "the statement has a dollar sign without its partner",
    ),
    "bad-latex": (
        text("bad-latex", samples.TRUE.replace("Strictly", r"$\\undefined{x}$")),
        {"latex_converts"},
        r"the formula $\undefined{x}$ in the docstring of the mutant positive is not understood",
    ),
    "unknown-source": (
        text("unknown-source", source="euclit"),
        {"sources_resolve"},
        "(is 'euclid' meant?); add an entry with this key",
    ),
    "unknown-name": (
        text("unknown-name", samples.TRUE + samples.BROKEN),
        {"statements_are_understood", "outcomes_are_as_expected"},
        "reluu is unknown here",
    ),
    "false-one": (
        text("false-one", samples.FALSE),
        {"outcomes_are_as_expected"},
        "the verdict is refuted, certified, and expected is: holds",
    ),
    "vacuous-one": (
        text("vacuous-one", samples.VACUOUS),
        {"hypotheses_are_satisfiable", "outcomes_are_as_expected"},
        "no point was found that satisfies the hypotheses of anything",
    ),
    "without-model": (
        text("without-model", samples.UNMODELLED.partition("@claim.mutant")[0] + samples.TRUE),
        {"hypotheses_are_satisfiable"},
        "nothing shows that what doubled assumes (doubling) can be met: give a model of its arbitrary functions (claim.model)",
    ),
    "missed-one": (
        text(
            "missed-one",
            "\n@claim.proof()\ndef large(x: real) -> prop:\n    assume(x >= 9)\n    return relu(x) >= 9\n\n\n"
            'claim.sampling(large, samples=8, reals={"x": (0, 1)})\n\n\n'
            "@claim.mutant(replaces=large)\ndef larger(x: real) -> prop:\n    assume(x >= 9)\n    return relu(x) >= 10\n",
        ),
        {"hypotheses_are_satisfiable", "outcomes_are_as_expected"},
        "none of the 8 points of large_sampled was shown to satisfy the hypotheses",
    ),
    "toothless-one": (
        text("toothless-one", samples.TRUE.partition("@claim.mutant")[0]),
        {"mutants_die"},
        "there is no mutant: write a nearby false variant",
    ),
    "true-mutant": (
        text("true-mutant", samples.TRUE.replace("relu(x) > 0", "relu(x) >= -1")),
        {"mutants_die"},
        "the mutant positive survives: no obligation refutes it",
    ),
    "idle-mutant": (
        text(
            "idle-mutant", samples.TRUE + '\nidle = claim.parameter("idle", "1")\nclaim.mutant("same", {idle: "2"})\n'
        ),
        {"mutants_die"},
        "the mutant same changes nothing that an obligation states",
    ),
    "in-company": (
        text("in-company", IN_COMPANY),
        {"results_do_not_depend_on_batches"},
        "in-company::running_mean depends on how much is computed at once: in 1",
    ),
    "by-the-clock": (
        text(
            "by-the-clock",
            samples.TRUE
            + "\n@claim.computation()\ndef clock():\n    import time\n\n    return True, str(time.time_ns())\n",
        ),
        {"one_seed_gives_one_result"},
        "by-the-clock::clock gave other numbers under the same seed",
    ),
}

SAMPLED = (
    samples.TRUE
    + """
claim.sampling(nonnegative, samples=64, reals={"x": (-1, 1)})
"""
)

GOOD = {
    "sampled": text("sampled", SAMPLED),
    "numerics": text(
        "numerics",
        """
@claim.relaxation(naturals={"n": (1, 2)})
def excess(n: nat, x: real) -> real:
    assume(0 <= x <= 1)
    return relu(x) - x**2 / 2


@claim.trials(2)
def torch_agrees(draws):
    import torch

    x = draws.uniform(8, low=-1.0)
    return torch.relu(x) >= x


@claim.computation()
def integers_agree():
    return all(max(n, 0) >= n for n in range(-9, 9)), "of 18 integers"

"""
        + samples.TRUE.lstrip(),
    ),
    "doubles": text("doubles", samples.TRUE)
    .replace('"I.1")', '"I.1"), arithmetic="binary64", expect="refuted"')
    .replace("relu(x) >= 0", "x + 1 - 1 == x"),
    "assumed": text(
        "assumed",
        """
@arbitrary
def f(x: real) -> real: ...


@assumption(source=cite("euclid", "I.2"))
def increasing(x: real, y: real) -> prop:
    assume(x <= y)
    return f(x) <= f(y)


@claim.proof(assuming=[increasing], using=[increasing.at(x="x", y="x + 1")])
def a_step(x: real) -> prop:
    return f(x) <= f(x + 1)

"""
        + samples.TRUE,
    ),
    "modelled": text("modelled", samples.MODELLED),
}
