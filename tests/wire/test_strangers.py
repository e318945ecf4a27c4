"""Bytes that are not what their row says are named, never taken for something else."""

from __future__ import annotations

import pytest

from schema.errors import MalformedEvent, UnknownEvent
from schema.events.blocking import AuthorBlocked, AuthorUnblocked
from schema.wire import decode, decode_page, encode

BLOCKED = encode(AuthorBlocked(author="troll", why="rude", by="me"))
UNBLOCKED = encode(AuthorUnblocked(author="troll", why="sorry", by="me"))


def test_a_body_of_another_type_than_its_row_is_refused() -> None:
    """The two have the same fields: nothing but the type tells them apart."""
    with pytest.raises(MalformedEvent, match="body says AuthorUnblocked, the log says") as caught:
        decode("author_blocked", 1, UNBLOCKED)
    assert caught.value.remedy


@pytest.mark.parametrize("version", [0, 2])
def test_a_version_that_this_build_does_not_know_is_named(version: int) -> None:
    with pytest.raises(UnknownEvent, match=f"unknown version {version} of author_blocked"):
        decode("author_blocked", version, BLOCKED)


@pytest.mark.parametrize("page", [b"", b"[", b"[1]", b"[" + BLOCKED[:-1] + b"]"])
def test_a_page_that_is_none_is_refused(page: bytes) -> None:
    with pytest.raises(MalformedEvent, match="malformed page of events"):
        decode_page(page)


def test_a_page_keeps_its_order() -> None:
    told = decode_page(b"[" + UNBLOCKED + b"," + BLOCKED + b"]")
    assert [type(event) for event in told] == [AuthorUnblocked, AuthorBlocked]
