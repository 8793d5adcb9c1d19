"""The canonical form against a plain reading of RFC 8785, and commitments over it."""

import hashlib
import json
import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from enum import IntEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingzi.core.canonical import NotCanonical, canonical, digest, plain

SHORT = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}


def reference(value):
    """RFC 8785 written down as it reads, without regard to speed."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return '"' + "".join(map(escaped, value)) + '"'
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: list(key.encode("utf-16-be")))
        return "{" + ",".join(f"{reference(key)}:{reference(value[key])}" for key in keys) + "}"
    return "[" + ",".join(map(reference, value)) + "]"


def escaped(char):
    code = ord(char)
    if code in SHORT:
        return SHORT[code]
    return f"\\u{code:04x}" if code < 32 else char


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ["\U0001f600", "\uffff", "\ue000", "\U00010000", "宜春", "\x7f", "\u2028", "a/b", "\x00\x1f"]
)
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | words
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(words, inner), max_leaves=20
)


@given(values)
def test_equals_the_reference(value):
    """Every value of the set has the bytes that RFC 8785 prescribes."""
    assert canonical(value) == reference(value).encode()


@given(values)
def test_reads_back(value):
    """The canonical form loses nothing."""
    assert json.loads(canonical(value)) == value
    assert plain(value) == value


@given(st.dictionaries(words, scalars))
def test_order_of_entry_does_not_matter(value):
    """Equal dicts have equal bytes, however they were filled."""
    assert canonical(dict(reversed(value.items()))) == canonical(value)


def test_keys_are_sorted_by_utf16_unit():
    """The one case where code points and UTF-16 units sort differently (RFC 8785, 3.2.3)."""
    assert canonical({"\uff21": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\uff21":1}'.encode()
    nested = {"x": [{"\uff21": 1, "\U0001f600": 2}]}
    assert canonical(nested) == '{"x":[{"\U0001f600":2,"\uff21":1}]}'.encode()


def test_times_are_told_in_utc():
    """The same instant has the same bytes in every zone."""
    there = datetime(2025, 9, 26, 10, 30, tzinfo=timezone(timedelta(hours=8)))
    assert canonical(there) == canonical(there.astimezone(UTC)) == b'"2025-09-26T02:30:00Z"'
    exact = datetime(2025, 9, 26, 2, 30, 0, 5, tzinfo=UTC)
    assert canonical([exact]) == b'["2025-09-26T02:30:00.000005Z"]'
    assert canonical({"on": date(2025, 9, 26)}) == b'{"on":"2025-09-26"}'
    assert (
        canonical({"\U0001f600": (date(2025, 9, 26),)}) == '{"\U0001f600":["2025-09-26"]}'.encode()
    )


def test_a_str_subclass_is_its_text():
    """Django's SafeString and text choices are text."""

    class Safe(str):
        __slots__ = ()

    assert canonical({"a": Safe("<b>")}) == b'{"a":"<b>"}'


class Level(IntEnum):
    LOW = 1


DEEP: list = []
for _ in range(65):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (1.5, "the value: a float (1.5); write an integer of the smallest unit or a text"),
        ({"a": [1, {"share": float("nan")}]}, "a.1.share: a float (nan)"),
        ({"at": datetime(2025, 9, 26)}, "at: a datetime without a zone"),  # noqa: DTZ001
        (2**53, "53-bit"),
        ({"a": -(2**53)}, "53-bit"),
        ({1: "a"}, "key must be"),
        ({"a": {1, 2}}, "a: set has no canonical form"),
        ({"a": uuid.UUID(int=1)}, "a: UUID has no canonical form"),
        ({"a": Level.LOW}, "a: Level has no canonical form"),
        ({"a": b"x"}, "a: bytes has no canonical form"),
        ("\ud800", "surrogates"),
        ({"\ud800": 1}, "surrogates"),
        (DEEP, "0.0.0...: nested deeper than 64"),
    ],
)
def test_refuses_what_has_no_one_form(value, says):
    """Each value without one form is refused with its place."""
    with pytest.raises(NotCanonical) as caught:
        canonical(value)
    assert says in str(caught.value)


def test_digest_is_as_documented():
    """An outsider can recompute a commitment from the docstring alone."""
    salt = bytes(range(32))
    framed = (
        b"dingzi commitment 1\n"
        + (32).to_bytes(4, "big")
        + salt
        + (6).to_bytes(4, "big")
        + "乡镇".encode()
        + b'{"code":"360902001"}'
    )
    assert digest(salt, "乡镇", {"code": "360902001"}) == hashlib.sha256(framed).digest()


@given(
    st.binary(min_size=16, max_size=40),
    words,
    values,
    st.binary(min_size=16, max_size=40),
    words,
    values,
)
def test_digests_differ_where_anything_differs(salt, field, value, salt2, field2, value2):
    """No shift of a byte between salt, name and value gives the same commitment."""
    same = (salt, field, canonical(value)) == (salt2, field2, canonical(value2))
    assert (digest(salt, field, value) == digest(salt2, field2, value2)) is same


def test_a_short_salt_is_refused():
    """A guessable salt would not hide the field."""
    with pytest.raises(ValueError, match="at least 16"):
        digest(b"x" * 15, "a", 1)
