"""The door of the log, bytes: what is no event of this build is named, and stops who reads it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schema.errors import MalformedEvent, UnknownEvent
from schema.wire import decode, decode_page, encode
from tests.store.chains import Chain

FIELDS: dict[str, Any] = json.loads(encode(Chain().created().event))


def changed(**fields: Any) -> bytes:
    """Return a permit's body with some fields changed; None removes one."""
    whole = FIELDS | fields
    return json.dumps({key: value for key, value in whole.items() if value != "gone"}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"null",
        b"[]",
        b"{}",
        b"{",
        b'"permit_created"',
        b"\xff\xfe",
        b"\xef\xbb\xbf" + encode(Chain().created().event),
        encode(Chain().created().event).decode().encode("utf-16"),
        encode(Chain().created().event)[:-1],
        encode(Chain().created().event) + b"}",
        encode(Chain().created().event) * 2,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"type":"permit_created","permit_id":NaN}',
        b'{"type":"permit_created","permit_id":1e400}',
    ],
    ids=lambda body: repr(body[:24]),
)
def test_bytes_that_are_no_event_are_refused(body: bytes) -> None:
    with pytest.raises(MalformedEvent, match="permit_created") as caught:
        decode("permit_created", 1, body)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "fields",
    [
        {"permit_id": "gone"},
        {"permit_id": None},
        {"permit_id": ""},
        {"permit_id": "1"},
        {"permit_id": 1},
        {"permit_id": "00000000-0000-0000-0000-00000000000g"},
        {"permit_id": "00000000-0000-0000-0000-0000000000000"},
        {"decision_type": "retweet"},
        {"decision_type": 1},
        {"target_is_root": "yes"},
        {"target_is_root": 1},
        {"target_is_root": None},
        {"target_post_id": 7},
        {"target_post_id": 1.7e18},
        {"target_post_id": ["7"]},
        {"pipeline_source": {"a": 1}},
        {"surprise": 1},
        {"type": "permit_approved"},
        {"type": "gone"},
        {"type": "permit_Created"},
        {"type": "nothing_known"},
    ],
    ids=str,
)
def test_a_field_of_another_kind_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(MalformedEvent) as caught:
        decode("permit_created", 1, changed(**fields))
    assert caught.value.remedy


def test_the_unchanged_fields_are_an_event() -> None:
    """The sibling of the test above: it is the change that is refused."""
    assert decode("permit_created", 1, changed()) == Chain().created().event


@pytest.mark.parametrize(
    ("kind", "version"),
    [
        ("permit_created", 0),
        ("permit_created", 2),
        ("permit_created", -1),
        ("permit_created", 2**31),
        ("permit_craeted", 1),
        ("", 1),
        ("PERMIT_CREATED", 1),
        ("permit_created ", 1),
    ],
)
def test_a_type_or_version_of_another_build_is_named(kind: str, version: int) -> None:
    with pytest.raises(UnknownEvent, match=f"{kind!r}|{version}") as caught:
        decode(kind, version, changed())
    assert "newer build" in caught.value.remedy


@pytest.mark.parametrize("page", [b"", b"{}", b"[{}]", b"[" + changed() + b"," + b"{}]"])
def test_a_page_with_one_bad_body_is_refused_whole(page: bytes) -> None:
    with pytest.raises(MalformedEvent, match="malformed page"):
        decode_page(page)
