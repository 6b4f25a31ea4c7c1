r"""What changed between two runs: laws of every comparison, and single changes told as what they are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.session.comparison import Comparison, Expected, Summaries, compare, costs

Json = Any

EXPECTED = {
    "true": Expected("holds", ("a", "b")),
    "false": Expected("refuted", ("a",)),
    "cites": Expected("holds", ("a",), ("s",)),
}
PAIRS = [("regressed", "fixed"), ("new", "gone"), ("slower", "faster")]


def summary(outcome: str = "holds", strength: str | None = "certified", scope: str | None = "all", **rest: Any) -> Json:
    decided = outcome in ("holds", "refuted")
    return {
        "role": "proof",
        "outcome": outcome,
        "strength": strength if decided else None,
        "scope": scope if outcome == "holds" else None,
        "given": [],
        "reason": "so it is",
        "engine": "",
        "certificates": [],
        **rest,
    }


summaries = st.builds(
    summary,
    st.sampled_from(["holds", "refuted", "undecided", "error"]),
    st.sampled_from(["sampled", "statistical", "computed", "certified"]),
    st.sampled_from(["all", "range", "instances"]),
    given=st.sampled_from([[], ["Euclid"], ["Euclid", "Gauss"]]),
    role=st.sampled_from(["proof", "disproof", "relaxation", "stress"]),
    certificates=st.lists(st.tuples(st.just("theorem"), st.just("0" * 64), st.integers(0, 9)), max_size=2),
    costs=st.dictionaries(st.sampled_from(["points tried", "certificate bytes"]), st.integers(0, 9), max_size=2),
) | st.sampled_from([{}, {"outcome": "of a later version"}])  # what cannot be read today
names = st.builds(
    "{}::{}{}".format,
    st.sampled_from(["true", "false", "cites", "unknown"]),
    st.sampled_from(["a", "b"]),
    st.sampled_from(["", "", "[mutant:m]", "[refuted:p]", "[proved:p]"]),
)
runs = st.dictionaries(names, summaries, max_size=8)


@given(runs)
def test_a_run_does_not_differ_from_itself(run: Summaries) -> None:
    assert compare(run, run, EXPECTED).is_empty()


@given(runs, runs)
def test_the_way_back_exchanges_what_got_worse_and_better(one: Summaries, other: Summaries) -> None:
    there, back = compare(one, other, EXPECTED), compare(other, one, EXPECTED)
    for first, second in [*PAIRS, *((b, a) for a, b in PAIRS), ("changed", "changed")]:
        mirrored = [
            (c.name, c.after, c.before) if hasattr(c, "name") else (c.task, c.what, c.after, c.before)
            for c in getattr(there, first)
        ]
        assert mirrored == [
            (c.name, c.before, c.after) if hasattr(c, "name") else (c.task, c.what, c.before, c.after)
            for c in getattr(back, second)
        ]


@given(runs, runs)
def test_nothing_is_told_twice_and_nothing_is_left_out(one: Summaries, other: Summaries) -> None:
    found = compare(one, other, EXPECTED)
    told = [c.name for group in ("regressed", "fixed", "changed", "new", "gone") for c in getattr(found, group)]
    assert len(told) == len(set(told))
    both = {task.partition("::")[0] for task in one} & {task.partition("::")[0] for task in other}
    essence = ("outcome", "strength", "scope", "given")
    for task in {*one} | {*other}:
        readable = {"outcome", "role"} <= {*one.get(task, {})} and {"outcome", "role"} <= {*other.get(task, {})}
        if task.partition("::")[0] in both and readable:
            differs = [one[task][name] for name in essence] != [other[task][name] for name in essence]
            assert (task in told) is differs


def single(task: str, before: Json, after: Json) -> tuple[str, str]:
    """The groups in which the claim and the task of one change are told."""
    name = task.partition("::")[0]
    base = {f"{name}::{part}": summary() for part in ("a", "b")} | {f"{name}::a[mutant:m]": summary("refuted")}
    found = compare({**base, task: before}, {**base, task: after}, EXPECTED)
    groups = {
        c.name: group for group in ("regressed", "fixed", "changed", "new", "gone") for c in getattr(found, group)
    }
    return groups.get(name, ""), groups.get(task, "")


WEAKER = {
    "strength": (summary(), summary(strength="computed")),
    "condition": (summary(), summary(given=["Euclid"])),
    "scope": (summary(), summary(scope="range")),
    "undecided": (summary(strength="sampled", scope="instances"), summary("undecided")),
    "an error": (summary("undecided"), summary("error")),
    "the contrary": (summary("undecided"), summary("refuted")),
}


@pytest.mark.parametrize("name", WEAKER)
def test_what_is_weaker_regressed_and_what_is_stronger_was_fixed(name: str) -> None:
    before, after = WEAKER[name]
    assert single("true::a", before, after) == ("regressed", "regressed")
    assert single("true::a", after, before) == ("fixed", "fixed")


def test_other_cited_steps_are_a_change_and_no_regression() -> None:
    assert single("true::a", summary(given=["Euclid"]), summary(given=["Gauss"])) == ("changed", "changed")


def test_a_false_sentence_wants_to_be_refuted() -> None:
    assert single("false::a", summary("refuted"), summary("holds"))[0] == "regressed"
    assert single("false::a", summary("undecided"), summary("refuted")) == ("fixed", "fixed")


def test_a_mutant_wants_to_be_refuted_and_the_claim_is_not_concerned() -> None:
    assert single("true::a[mutant:m]", summary("refuted"), summary("undecided")) == ("", "regressed")
    assert single("true::a[mutant:m]", summary("refuted"), summary("holds")) == ("", "regressed")
    assert single("true::a[mutant:m]", summary("holds"), summary("undecided")) == ("", "changed")
    assert single("true::a[refuted:p]", summary("undecided"), summary("refuted")) == ("", "fixed")
    assert single("true::a[proved:p]", summary(), summary("refuted")) == ("", "regressed")


def test_an_obligation_that_disappears_leaves_its_claim_undecided() -> None:
    whole = {"true::a": summary(), "true::b": summary()}
    found = compare(whole, {"true::a": summary()}, EXPECTED)
    assert [(c.name, c.after) for c in found.regressed] == [("true", "undecided")]
    assert [c.name for c in found.gone] == ["true::b"]


def test_of_a_claim_that_only_one_run_touched_one_line_is_told() -> None:
    found = compare({"true::a": summary(), "true::b": summary()}, {"false::a": summary("refuted")}, EXPECTED)
    assert [(c.name, c.before) for c in found.gone] == [("true", "certified for all values")]
    assert [(c.name, c.after) for c in found.new] == [("false", "refuted, certified")]
    assert not found.regressed and not found.fixed


def test_the_cited_steps_of_a_claim_stand_in_its_verdict() -> None:
    found = compare({}, {"cites::a": summary()}, EXPECTED)
    assert [c.after for c in found.new] == ["certified for all values, given 1 cited step"]


@pytest.mark.parametrize(
    ("before", "after", "group"), [(10, 15, "slower"), (10, 14, ""), (15, 10, "faster"), (0, 1, "slower")]
)
def test_costs_are_told_from_the_factor_on(before: int, after: int, group: str) -> None:
    runs = [{"true::a": summary(costs={"points tried": count})} for count in (before, after)]
    found = compare(*runs, EXPECTED, factor=1.5)
    told = {name: [(c.task, c.what, c.before, c.after) for c in getattr(found, name)] for name in ("slower", "faster")}
    assert told == {
        name: [("true::a", "points tried", before, after)] if name == group else [] for name in ("slower", "faster")
    }
    assert not found.regressed


def test_seconds_are_no_costs_and_old_summaries_have_their_steps() -> None:
    old = summary(certificates=[["theorem", "0" * 64, 4], ["instance", "1" * 64, 3]])
    assert costs(old) == {"kernel steps": 7}
    assert costs({**old, "costs": {"points tried": 5}}) == {"kernel steps": 7, "points tried": 5}
    assert costs({"certificates": "nonsense"}) == {}
    assert compare({"true::a": old}, {"true::a": {**old, "costs": {"points tried": 5}}}, EXPECTED) == Comparison()
