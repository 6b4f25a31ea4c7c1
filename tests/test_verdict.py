r"""Verdicts: the weakest link, computed and never typed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.verdict import CertificateReference, Evidence, Outcome, Role, Scope, Strength, Verdict, verdict

CHECKED = [s for s in Strength if s is not Strength.CITED]

references = st.builds(
    CertificateReference,
    kind=st.sampled_from(["theorem", "counterexample", "instance"]),
    sha256=st.text("0123456789abcdef", min_size=4, max_size=4),
    statement_sha256=st.sampled_from(["a", "b", "c", "d"]),
    bytes=st.integers(1, 10**6),
    steps=st.integers(0, 99),
)


@st.composite
def pieces(draw: st.DrawFn, outcomes: tuple[Outcome, ...] = tuple(Outcome)) -> Evidence:
    outcome = draw(st.sampled_from(outcomes))
    decided = outcome in (Outcome.HOLDS, Outcome.REFUTED)
    return Evidence(
        role=draw(st.sampled_from(Role)),
        outcome=outcome,
        reason="because",
        strength=draw(st.sampled_from(CHECKED)) if decided else None,
        scope=draw(st.sampled_from(Scope)) if outcome is Outcome.HOLDS else None,
        given=tuple(draw(st.lists(st.sampled_from(["Eckart-Young", "Hoeffding"]), unique=True, max_size=2))),
        detail={"n": draw(st.integers())},
    )


holding = pieces((Outcome.HOLDS,))


def links(evidence: list[Evidence]) -> list[Evidence]:
    """What the verdict rests on, by the definition in the design and not by the code under test."""
    theorems = [e for e in evidence if e.role in (Role.PROOF, Role.DISPROOF)]
    return theorems or evidence


@given(st.lists(holding, min_size=1, max_size=6), st.lists(st.just("a cited step"), max_size=1))
def test_a_verdict_is_as_strong_and_as_wide_as_its_weakest_link(evidence: list[Evidence], cited: list[str]) -> None:
    found = verdict(evidence, cited)
    assert found.outcome is Outcome.HOLDS
    assert found.strength == min(e.strength for e in links(evidence))  # type: ignore[type-var]
    assert found.scope == min(e.scope for e in links(evidence))  # type: ignore[type-var]
    assert set(found.given) == {step for e in links(evidence) for step in e.given} | set(cited)


@given(st.lists(pieces(), max_size=6), pieces())
def test_more_evidence_of_theorems_never_raises_a_verdict(evidence: list[Evidence], other: Evidence) -> None:
    before = verdict(evidence)
    after = verdict([*evidence, other])
    if before.outcome is Outcome.HOLDS and (other.role in (Role.PROOF, Role.DISPROOF)) == any(
        e.role in (Role.PROOF, Role.DISPROOF) for e in evidence
    ):
        assert after.rank() <= before.rank()


@given(st.lists(pieces(), max_size=6), st.lists(st.sampled_from(["x", "y"]), min_size=1, max_size=2, unique=True))
def test_a_cited_step_never_raises_a_verdict(evidence: list[Evidence], cited: list[str]) -> None:
    assert verdict(evidence, cited).rank() <= verdict(evidence).rank()


@given(st.lists(pieces(), max_size=6), st.randoms())
def test_the_order_of_the_evidence_does_not_matter(evidence: list[Evidence], random: object) -> None:
    shuffled = list(evidence)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = verdict(evidence), verdict(shuffled)
    assert (first.outcome, first.strength, first.scope) == (second.outcome, second.strength, second.scope)


@given(st.lists(pieces(), max_size=6), pieces((Outcome.UNDECIDED, Outcome.ERROR)))
def test_an_open_theorem_keeps_a_claim_from_holding(evidence: list[Evidence], open_part: Evidence) -> None:
    part = Evidence(Role.PROOF, open_part.outcome, "open")
    assert verdict([*evidence, part]).outcome is not Outcome.HOLDS


@given(st.lists(pieces(), max_size=6))
def test_only_a_refutation_refutes_and_only_what_holds_holds(evidence: list[Evidence]) -> None:
    found = verdict(evidence)
    if found.outcome is not Outcome.ERROR:
        assert (found.outcome is Outcome.REFUTED) == any(e.outcome is Outcome.REFUTED for e in evidence)
    if found.outcome is Outcome.HOLDS:
        assert all(e.outcome is Outcome.HOLDS for e in links(evidence))


def test_nothing_is_undecided() -> None:
    assert verdict([]) == Verdict(Outcome.UNDECIDED)


def test_of_what_nothing_is_checked_is_cited() -> None:
    assert verdict([], ["Eckart-Young"]).in_words() == "cited, nothing checked"
    assert verdict([], ["Eckart-Young"]).rank() == verdict([]).rank()


def test_stress_alone_holds_for_instances_only_and_never_above_what_it_is() -> None:
    stress = Evidence(Role.STRESS, Outcome.HOLDS, "", Strength.STATISTICAL, Scope.INSTANCES)
    assert verdict([stress]).in_words() == "statistical for listed instances"
    proof = Evidence(Role.PROOF, Outcome.HOLDS, "", Strength.COMPUTED, Scope.ALL)
    assert verdict([stress, proof]).in_words() == "computed for all values"


def test_a_conditional_verdict_ranks_below_the_same_without_condition() -> None:
    proof = Evidence(Role.PROOF, Outcome.HOLDS, "", Strength.CERTIFIED, Scope.INSTANCES)
    wide = Evidence(Role.PROOF, Outcome.HOLDS, "", Strength.CERTIFIED, Scope.ALL, given=("Eckart-Young",))
    assert verdict([wide]).rank() < verdict([proof]).rank()
    assert verdict([wide]).in_words() == "certified for all values, given 1 cited step"


def test_a_statement_that_is_proved_and_refuted_is_an_error() -> None:
    proved = Evidence(
        Role.PROOF, Outcome.HOLDS, "", Strength.CERTIFIED, Scope.ALL, certificates=(reference("theorem", "s"),)
    )
    refuted = Evidence(
        Role.STRESS, Outcome.REFUTED, "", Strength.CERTIFIED, certificates=(reference("counterexample", "s"),)
    )
    assert verdict([proved, refuted]).outcome is Outcome.ERROR


def reference(kind: str, statement: str) -> CertificateReference:
    return CertificateReference(kind, "0", statement, 1, 1, {"theorem": True, "counterexample": False}.get(kind))


@pytest.mark.parametrize("outcome", [Outcome.HOLDS, Outcome.REFUTED])
def test_a_decision_without_a_strength_cannot_be_made(outcome: Outcome) -> None:
    with pytest.raises(ValueError, match="needs a strength"):
        Evidence(Role.PROOF, outcome, "because I say so")


def test_what_holds_needs_a_scope() -> None:
    with pytest.raises(ValueError, match="scope"):
        Evidence(Role.PROOF, Outcome.HOLDS, "because I say so", Strength.CERTIFIED)


@given(pieces(), st.lists(references, max_size=3))
def test_evidence_survives_json(evidence: Evidence, certificates: list[CertificateReference]) -> None:
    whole = Evidence.from_json({**evidence.to_json(), "certificates": [vars(c) for c in certificates]})
    assert Evidence.from_json(json.loads(json.dumps(whole.to_json()))) == whole
    assert whole.certificates == tuple(certificates)
    assert (whole.role, whole.outcome, whole.strength, whole.scope) == (
        evidence.role,
        evidence.outcome,
        evidence.strength,
        evidence.scope,
    )
