r"""Certificates about networks of one variable: accepted for what is true, refused or refuted for everything else.

Truth is what ``tests.networks.piece_lists`` says, which knows nothing of chains and forms.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.networks import piece_lists
from verify.kernel import FORMAT, Rejected, Unsupported, canonical, check, digest
from verify.kernel import piecewise as module
from verify.kernel import polyline
from verify.kernel.certificate import Accepted

Json = Any
LINE = (None, None)
HAT = [([[1], [1], [1]], [0, "-1/2", -1]), ([[2, -4, 2]], [0])]
FOURFOLD = [([[1], [1], [-1]], [0, -1, 5]), ([[-2, "3/2", -1]], [0])]
ZERO = [([[0]], [0])]


def network(layers: Any) -> Json:
    return {
        "layers": [
            {"weights": [[str(w) for w in r] for r in rows], "bias": [str(b) for b in bias]} for rows, bias in layers
        ]
    }


def square(m: int) -> Json:
    """f_m of Yarotsky, written down layer by layer."""
    first = ([[1], [1], [1], [1]], [0, "-1/2", -1, 0])
    inner = ([[2, -4, 2, 0], [2, -4, 2, 0], [2, -4, 2, 0], [-2, 4, -2, 4]], [0, "-1/2", -1, 0])
    return network([first, *[inner] * (m - 1), ([[Fraction(c, 4**m) for c in (-2, 4, -2, 4)]], [0])])


def certificate(
    net: Json, quantity: str, relation: str, value: Any, *, on: Any = (0, 1), polynomial: Any = (), cuts: Any = ()
) -> Json:
    statement = {
        "question": "piecewise",
        "network": net,
        "interval": [None if end is None else str(end) for end in on],
        "quantity": quantity,
        "polynomial": [str(c) for c in polynomial],
        "relation": relation,
        "value": str(value),
    }
    return {"format": FORMAT, "kind": "piecewise", "statement": statement, "witness": {"cuts": [str(c) for c in cuts]}}


hat, fourfold, zero = network(HAT), network(FOURFOLD), network(ZERO)
CUBIC = {"polynomial": (0, -3, 0, 1), "on": ("-3/2", "7/4")}  # x^3 - 3x has the extreme values 2 at -1, -2 at 1
GOOD = {
    "pieces of a hat": certificate(hat, "pieces", "exactly", 2),
    "pieces on the line": certificate(hat, "pieces", "exactly", 4, on=LINE),
    "pieces of four slopes": certificate(fourfold, "pieces", "at_least", 4, on=LINE),
    "pieces on a half-line": certificate(fourfold, "pieces", "at_most", 3, on=(0, None)),
    "pieces of an affine map": certificate(zero, "pieces", "exactly", 1, on=LINE),
    "top of a hat": certificate(hat, "maximum", "exactly", 1, on=LINE),
    "bottom of a hat": certificate(hat, "minimum", "exactly", 0, on=LINE),
    "unbounded below": certificate(fourfold, "minimum", "at_most", -1000, on=LINE),
    "distance to a line": certificate(hat, "distance", "exactly", 2, polynomial=(0, 2), on=(0, 1)),
    "distance to the square": certificate(square(2), "distance", "exactly", "1/64", polynomial=(0, 0, 1)),
    "below the square nowhere": certificate(square(2), "minimum", "exactly", 0, polynomial=(0, 0, 1)),
    "square on the line": certificate(hat, "maximum", "exactly", "9/32", polynomial=(0, "1/2", 2), on=LINE),
    "cubic, with the contacts": certificate(zero, "distance", "exactly", 2, cuts=(-1, 1), **CUBIC),  # type: ignore[arg-type]
    "cubic, at most": certificate(zero, "distance", "at_most", "2001/1000", **CUBIC),  # type: ignore[arg-type]
    "quartic on the line": certificate(zero, "maximum", "exactly", 0, polynomial=(0, 0, 0, 0, 1), on=LINE, cuts=(0,)),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_true_statement_is_accepted(name: str) -> None:
    accepted = check(GOOD[name])
    assert accepted.holds is True and accepted.kind == "piecewise"
    if len(GOOD[name]["statement"]["polynomial"]) <= 3:
        assert piece_lists.truth(GOOD[name]["statement"])


@pytest.mark.parametrize("m", range(1, 9))
def test_the_square_network_has_its_pieces_and_its_error(m: int) -> None:
    error = certificate(square(m), "distance", "exactly", Fraction(1, 4 ** (m + 1)), polynomial=(0, 0, 1))
    assert dict(check(error).facts) == {"pieces": str(2**m), "attained at": str(Fraction(1, 2 ** (m + 1)))}
    smaller = certificate(
        square(m), "distance", "at_most", Fraction(1, 4 ** (m + 1)) - Fraction(1, 10**40), polynomial=(0, 0, 1)
    )
    assert check(smaller).holds is False


@pytest.mark.parametrize(
    ("document", "facts"),
    [
        (certificate(hat, "pieces", "exactly", 3), {"pieces": "2"}),
        (certificate(hat, "maximum", "at_most", "1/2"), {"pieces": "2", "larger at": "1/2"}),
        (certificate(hat, "minimum", "at_least", "1/2"), {"pieces": "2", "smaller at": "0"}),
        (certificate(hat, "maximum", "exactly", 2), {"pieces": "2"}),
        (certificate(fourfold, "maximum", "at_most", -5, on=LINE), {"pieces": "4", "larger at": "5"}),
        (certificate(fourfold, "distance", "at_most", 10**9, on=LINE), {"pieces": "4"}),
    ],
)
def test_a_false_statement_is_accepted_as_refuted(document: Json, facts: dict[str, str]) -> None:
    accepted = check(document)
    assert accepted.holds is False and dict(accepted.facts) == facts


def test_a_place_that_is_reported_is_where_it_is() -> None:
    accepted = check(certificate(zero, "distance", "at_most", "199/100", **CUBIC))  # type: ignore[arg-type]
    x = Fraction(dict(accepted.facts)["larger at"])
    assert abs(x**3 - 3 * x) > Fraction(199, 100) and Fraction(-3, 2) <= x <= Fraction(7, 4)


@pytest.mark.parametrize(
    ("quantity", "polynomial", "on", "value"),
    [
        ("maximum", (0, -1, 1), (0, 1), 0),  # x - x^2, with the value at both ends
        ("maximum", (0, -1, 1), (0, "1/2"), 0),
        ("maximum", (0, -1, 1), ("1/2", 1), 0),
        ("maximum", (0, -1, 1), ("1/3", 1), "2/9"),
        ("maximum", (0, -1, 1), (0, "2/3"), "2/9"),
        ("minimum", (0, 1, -1), (0, 1), 0),
        ("distance", (0, -1, 1), (0, 1), 0),
        ("maximum", (0, -1, 0, 1), (0, 1), 0),  # x - x^3
        ("maximum", (0, -1, 0, 1), ("1/2", 1), "3/8"),
        ("maximum", (0, 0, 0, -1, 1), (0, 1), 0),  # x^3 - x^4, flat at 0
        ("minimum", (0, 1, 0, 0, 0, -1), (0, 1), 0),
        ("maximum", (0, -1, 0, 1), (0, None), 0),
        ("maximum", (0, 1, 0, -1), (None, 0), 0),
    ],
)
def test_a_value_that_is_attained_at_an_end_and_surpassed_inside(
    quantity: str, polynomial: Any, on: Any, value: Any
) -> None:
    for relation, holds in (
        ("exactly", False),
        ("at_most", quantity == "minimum"),
        ("at_least", quantity != "minimum"),
    ):
        document = certificate(zero, quantity, relation, value, polynomial=polynomial, on=on)
        accepted = check(document)
        ((name, x),) = [fact for fact in accepted.facts if fact[0] != "pieces"]
        assert accepted.holds is holds and name == ("smaller at" if quantity == "minimum" else "larger at")
        assert fits(document["statement"], name, Fraction(x))
        low, high = (None if end is None else Fraction(end) for end in on)
        assert (low is None or low <= Fraction(x)) and (high is None or Fraction(x) <= high)


@pytest.mark.parametrize("top", [Fraction(k, 16) for k in range(-40, 41)])
def test_places_are_reported_wherever_a_high_polynomial_is_surpassed(top: Fraction) -> None:
    """|x| - (x^5 - 2 x^3) on [-3/2, 3/2], which has extremes on both sides of each middle."""
    modulus = network([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    for quantity in ("maximum", "minimum"):
        document = certificate(modulus, quantity, "exactly", top, polynomial=(0, 0, 0, -2, 0, 1), on=("-3/2", "3/2"))
        document["witness"]["cuts"] = ["-1", "1"]
        for name, x in check(document).facts:
            if name != "pieces":
                assert fits(document["statement"], name, Fraction(x)) and abs(Fraction(x)) <= Fraction(3, 2)


def test_the_highest_degree_is_accepted_and_no_higher_one() -> None:
    power = [0] * 32 + [1]
    assert check(certificate(zero, "minimum", "exactly", -1, polynomial=power, on=(0, 1))).holds
    with pytest.raises(Rejected, match="degree"):
        check(certificate(zero, "minimum", "exactly", -1, polynomial=[0, *power], on=(0, 1)))


# ------------------------------------------------------------------------------------------------- against the oracle

numbers = st.builds(Fraction, st.integers(-6, 6), st.integers(1, 4))


@st.composite
def networks(draw: st.DrawFn) -> Json:
    widths = [1, *draw(st.lists(st.integers(1, 3), max_size=3)), 1]
    return network(
        [
            ([[draw(numbers) for _ in range(a)] for _ in range(b)], [draw(numbers) for _ in range(b)])
            for a, b in pairwise(widths)
        ]
    )


@st.composite
def certificates(draw: st.DrawFn) -> Json:
    low, high = draw(st.none() | numbers), draw(st.none() | numbers)
    if low is not None and high is not None and low >= high:
        high = low + 1
    quantity = draw(st.sampled_from(sorted(module.SIDES)))
    polynomial = [] if quantity == "pieces" else draw(st.lists(numbers, max_size=3).filter(lambda p: not p or p[-1]))
    made = certificate(
        draw(networks()),
        quantity,
        draw(st.sampled_from(sorted(module.RELATIONS))),
        0,
        on=(low, high),
        polynomial=polynomial,
        cuts=[] if quantity == "pieces" else sorted(set(draw(st.lists(numbers, max_size=3)))),
    )
    if draw(st.booleans()):  # a value that is attained, which is where mistakes are made
        made["statement"]["value"] = str(attained(made["statement"]))
    else:
        made["statement"]["value"] = str(draw(numbers if quantity != "pieces" else st.integers(0, 9)))
    return made


def attained(statement: Json) -> Fraction:
    low, high = (None if end is None else Fraction(end) for end in statement["interval"])
    found = piece_lists.pieces(statement["network"], low, high)
    if statement["quantity"] == "pieces":
        return Fraction(len(found))
    polynomial = [Fraction(c) for c in statement["polynomial"]]
    sides = {"maximum": (1,), "minimum": (-1,), "distance": (1, -1)}[statement["quantity"]]
    extremes = [piece_lists.supremum(found, polynomial, side) for side in sides]
    finite = [extreme for extreme in extremes if extreme is not None]
    return (-1 if statement["quantity"] == "minimum" else 1) * max(finite, default=Fraction(0))


@settings(max_examples=400, deadline=None)
@given(certificates())
def test_what_is_accepted_is_what_is_true(document: Json) -> None:
    accepted = check(document)
    assert accepted.holds is piece_lists.truth(document["statement"])
    for name, value in accepted.facts:
        if name != "pieces":
            assert fits(document["statement"], name, Fraction(value))


def fits(statement: Json, name: str, x: Fraction) -> bool:
    """Whether the error at a reported place is as reported."""
    (value,) = piece_lists.forward(piece_lists.layers_of(statement["network"]), x)
    error = value - sum(Fraction(c) * x**k for k, c in enumerate(statement["polynomial"]))
    error = abs(error) if statement["quantity"] == "distance" else error
    bound = Fraction(statement["value"])
    return {"attained at": error == bound, "larger at": error > bound, "smaller at": error < bound}[name]


@settings(max_examples=100, deadline=None)
@given(st.lists(numbers, min_size=4, max_size=7).filter(lambda p: p[-1] != 0), networks(), numbers)
def test_bounds_of_high_degree_hold_at_every_place_that_is_tried(polynomial: Any, net: Json, value: Fraction) -> None:
    document = certificate(net, "distance", "at_most", value, polynomial=polynomial, on=(-1, 2))
    try:
        holds = check(document).holds
    except Rejected as problem:
        assert "contact" in str(problem)
        return
    layers = piece_lists.layers_of(net)
    errors = [
        abs(piece_lists.forward(layers, x)[0] - sum(c * x**k for k, c in enumerate(polynomial)))
        for x in (Fraction(i, 100) for i in range(-100, 201))
    ]
    assert not holds or max(errors) <= value
    if not holds:
        assert fits(document["statement"], "larger at", Fraction(dict(check(document).facts)["larger at"]))


@pytest.mark.parametrize("degree", range(3, 9))
def test_chebyshev_polynomials_stay_between_one_and_minus_one(degree: int) -> None:
    old, new = [Fraction(1)], [Fraction(0), Fraction(1)]
    for _ in range(degree - 1):
        old, new = new, [2 * b - a for a, b in zip([*old, 0, 0], [0, *new], strict=True)]
    exact = {"polynomial": new, "on": (-1, 1)}
    above = certificate(zero, "distance", "at_most", Fraction(1001, 1000), **exact)  # type: ignore[arg-type]
    below = certificate(zero, "distance", "at_most", Fraction(999, 1000), **exact)  # type: ignore[arg-type]
    assert check(above).holds is True and check(below).holds is False
    touching = certificate(zero, "distance", "exactly", 1, **exact)  # type: ignore[arg-type]
    if degree == 3:
        touching["witness"]["cuts"] = ["-1/2", "1/2"]
        assert check(touching).holds is True
    else:  # contacts at irrational places
        with pytest.raises(Rejected, match="must be a cut"):
            check(touching)


def test_cuts_are_never_needed_for_truth_and_never_change_it() -> None:
    for cuts in ([], ["1/3"], ["1/2"], ["-5", "1/4", "1/2", "3"], ["3", "1/4"]):
        for value, expected in (("1/256", True), ("1/257", False)):
            document = certificate(square(3), "distance", "at_most", value, polynomial=(0, 0, 1), cuts=cuts)
            assert check(document).holds is expected


# ------------------------------------------------------------------------------------------------------------ forgery


def places(value: Json, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all parts of a document."""
    yield path
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        yield from places(entry, (*path, key))


def changed(document: Json, path: tuple[Any, ...], value: Json) -> Json:
    made = copy.deepcopy(document)
    if not path:
        return value
    part = made
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return made


def judged(document: Json) -> Accepted | None:
    """What the kernel says; None if it refuses."""
    try:
        return check(document)
    except (Rejected, Unsupported):
        return None


STRANGE = [
    None,
    True,
    0,
    1,
    -1,
    0.5,
    "",
    "0",
    "1",
    "-1/2",
    "1/0",
    "nan",
    "x",
    "1e5",
    " 1",
    "9" * 5000,
    [],
    {},
    ["1"],
    [["1"]],
]


@pytest.mark.parametrize("name", ["pieces of a hat", "distance to the square", "square on the line", "top of a hat"])
def test_whatever_is_changed_is_refused_or_judged_rightly(name: str) -> None:
    for path in places(GOOD[name]):
        for value in STRANGE:
            document = changed(GOOD[name], path, value)
            accepted = judged(document)
            if accepted is not None and accepted.kind == "piecewise":
                assert accepted.holds is piece_lists.truth(document["statement"]), (path, value)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_random_changes_are_refused_or_judged_rightly(data: st.DataObject) -> None:
    document = GOOD[data.draw(st.sampled_from([n for n in GOOD if len(GOOD[n]["statement"]["polynomial"]) <= 3]))]
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(places(document))[1:]))
        value = data.draw(st.sampled_from(STRANGE) | numbers.map(str))
        document = changed(document, path, value)
        if not isinstance(document.get("statement"), dict):
            break
    accepted = judged(document)
    if accepted is not None:
        assert accepted.holds is piece_lists.truth(document["statement"])


@pytest.mark.parametrize("field", ["question", "network", "interval", "quantity", "polynomial", "relation", "value"])
def test_no_field_may_be_missing_or_doubled_by_another_name(field: str) -> None:
    document = copy.deepcopy(GOOD["pieces of a hat"])
    del document["statement"][field]
    with pytest.raises(Rejected):
        check(document)
    with pytest.raises(Rejected, match="expected the fields"):
        check(changed(GOOD["pieces of a hat"], ("statement", f"{field}_"), "1"))


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (("statement", "network"), network([([[1, 1]], [0])]), "one input and one output"),
        (("statement", "network"), network([([[1], [1]], [0, 0])]), "one input and one output"),
        (("statement", "interval"), ["1", "1"], "no interior"),
        (("statement", "interval"), ["2", "1"], "no interior"),
        (("statement", "interval"), ["0", "1", "2"], "a list of 2"),
        (("statement", "quantity"), "mean", "unknown quantity"),
        (("statement", "relation"), "below", "unknown relation"),
        (("statement", "relation"), ["exactly"], "unknown relation"),
        (("statement", "polynomial"), ["0", "0"], "leading coefficient"),
        (("statement", "polynomial"), ["1"] * 34, "degree"),
        (("statement", "polynomial"), ["1"], "without a polynomial"),
        (("statement", "value"), 2, "must be a string"),
        (("witness", "cuts"), ["1/2"], "without cuts"),
        (("witness", "cuts"), "1/2", "expected a list"),
        (("witness", "points"), [], "expected the fields"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(path: tuple[str, ...], value: Json, sentence: str) -> None:
    with pytest.raises(Rejected, match=sentence):
        check(changed(GOOD["pieces of a hat"], path, value))


def test_a_certificate_is_accepted_for_its_own_statement_only() -> None:
    for name, document in GOOD.items():
        for other, wanted in GOOD.items():
            if name == other:
                assert check(document, statement_sha256=digest(wanted["statement"])).holds
            else:
                with pytest.raises(Rejected, match="not the expected one"):
                    check(document, statement_sha256=digest(wanted["statement"]))


def test_the_kind_belongs_to_its_question() -> None:
    for kind in ("cells", "memorization", "theorem"):
        assert judged({**GOOD["pieces of a hat"], "kind": kind}) is None
    assert judged(changed(GOOD["pieces of a hat"], ("statement", "question"), "cells")) is None


# --------------------------------------------------------------------------------------------------------------- caps


def test_a_graph_with_too_many_points_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    folds = [HAT[0], *[([[2, -4, 2]] * 3, [0, "-1/2", -1])] * 9, HAT[1]]
    document = certificate(network(folds), "pieces", "exactly", 1024)
    assert check(document).holds
    for name, cap in (("MAX_POINTS", 500), ("MAX_WORK", 5000)):
        with monkeypatch.context() as patch, pytest.raises(Rejected, match="too many points"):
            patch.setattr(polyline, name, cap)
            check(document)


@pytest.mark.parametrize("sign", ["", "-"])
def test_numbers_that_grow_too_long_are_refused(sign: str) -> None:
    long = "1" + "0" * 3900
    document = certificate(network([([[sign + long]], [0])]), "maximum", "at_least", 1, on=(long, long + "0"))
    with pytest.raises(Rejected, match="too long"):
        check(document)


def test_a_contact_at_an_irrational_place_is_not_decided() -> None:
    document = certificate(zero, "maximum", "exactly", 0, polynomial=(4, 0, -4, 0, 1), on=LINE)  # (x^2 - 2)^2
    with pytest.raises(Rejected, match="not decided near"):
        check(document)


# ------------------------------------------------------------------------------------------------------------- golden


GOLDEN = (
    b'{"format":"deepclaims certificate 1","kind":"piecewise","statement":{"interval":["0","1"],"network":{"lay'
    b'ers":[{"bias":["0","-1/2","-1"],"weights":[["1"],["1"],["1"]]},{"bias":["0"],"weights":[["2","-4","2"]]}]'
    b'},"polynomial":["0","2"],"quantity":"distance","question":"piecewise","relation":"exactly","value":"2"},"'
    b'witness":{"cuts":[]}}'
)


def test_the_bytes_of_a_certificate_do_not_drift() -> None:
    """The sha256 is that of ``sha256sum``."""
    document = GOOD["distance to a line"]
    assert canonical(document) == GOLDEN
    assert check(document).statement_sha256 == "7a781c157a0c434880778ed5e651c079bab7022306744c4324c3fe62128598d4"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("pieces on the line", "The ReLU network f with widths 1, 3, 1 has exactly 4 affine pieces on the real line"),
        (
            "pieces on a half-line",
            "The ReLU network f with widths 1, 3, 1 has at most 3 affine pieces on [0, infinity)",
        ),
        (
            "unbounded below",
            "For the ReLU network f with widths 1, 3, 1, the infimum of f(x) on the real line is at most -1000",
        ),
        (
            "square on the line",
            "For the ReLU network f with widths 1, 3, 1, the supremum of f(x) - [(1/2) x + (2) x^2] on the real line is exactly 9/32",
        ),
    ],
)
def test_the_title_says_everything_decisive(name: str, title: str) -> None:
    assert check(GOOD[name]).theorem == title


def test_the_layers_are_printed_below_the_title() -> None:
    assert module.text(GOOD["top of a hat"]["statement"])[1:] == [
        "layer 1: weights 1; 1; 1 | biases 0, -1/2, -1",
        "layer 2: weights 2, -4, 2 | biases 0",
    ]
