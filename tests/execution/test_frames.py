r"""The reader of answers is right whatever comes, and in whatever pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from verify.execution.frames import HEADER, MAGIC, FrameReader, decoded, encoded, framed

LIMIT = 200

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def fed(data: bytes, cuts: list[int]) -> FrameReader:
    reader, start = FrameReader(LIMIT), 0
    for cut in [*sorted(cut % (len(data) + 1) for cut in cuts), len(data)]:
        reader.feed(data[start:cut])
        start = cut
    return reader


@given(text=st.binary(max_size=LIMIT), cuts=st.lists(st.integers(0, 1000)))
def test_a_frame_is_complete_in_any_pieces(text: bytes, cuts: list[int]) -> None:
    reader = fed(framed(text), cuts)
    assert reader.condition() == "complete"
    assert reader.text() == text


@given(text=st.binary(max_size=LIMIT), cuts=st.lists(st.integers(0, 1000)), data=st.data())
def test_a_part_of_a_frame_is_partial(text: bytes, cuts: list[int], data: st.DataObject) -> None:
    whole = framed(text)
    part = whole[: data.draw(st.integers(0, len(whole) - 1))]
    assert fed(part, cuts).condition() == "partial"


@given(text=st.binary(max_size=LIMIT), more=st.binary(min_size=1), cuts=st.lists(st.integers(0, 1000)))
def test_more_than_a_frame_is_garbage(text: bytes, more: bytes, cuts: list[int]) -> None:
    assert fed(framed(text) + more, cuts).condition() == "garbage"


@given(length=st.integers(LIMIT + 1, 2**64 - 1), more=st.binary(), cuts=st.lists(st.integers(0, 1000)))
def test_a_length_beyond_the_limit_is_refused_by_the_header_alone(length: int, more: bytes, cuts: list[int]) -> None:
    assert fed(HEADER.pack(MAGIC, length), cuts).condition() == "oversized"
    assert fed(HEADER.pack(MAGIC, length) + more, cuts).condition() == "oversized"


@given(
    data=st.binary(min_size=1).filter(lambda data: data[:8] != MAGIC[: len(data)]), cuts=st.lists(st.integers(0, 1000))
)
def test_anything_else_is_garbage(data: bytes, cuts: list[int]) -> None:
    assert fed(data, cuts).condition() == "garbage"


def test_no_more_is_kept_than_was_asked_for() -> None:
    reader = FrameReader(LIMIT)
    reader.feed(HEADER.pack(MAGIC, LIMIT))
    for _ in range(100):
        reader.feed(b"x" * 100)
    assert reader.condition() == "garbage"
    assert len(reader) <= HEADER.size + LIMIT + 100


@given(value=json_values)
def test_a_value_survives_the_way_through_json(value: object) -> None:
    assert decoded(encoded(value)) == value
