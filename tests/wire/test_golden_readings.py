"""Golden bytes of orders to read our profile, also from before one could go on."""

from __future__ import annotations

from uuid import UUID

from schema.events.ghosts import ProfileReadOrdered
from schema.ids import ReadingId
from schema.wire import decode, encode

READING = ReadingId(UUID(int=7))
HEAD = b'{"type":"profile_read_ordered","reading_id":"00000000-0000-0000-0000-000000000007",'
GOES_ON = ProfileReadOrdered(reading_id=READING, back_to="q1", limit=60, older_than="q9")


def test_an_order_that_goes_on_keeps_its_bytes() -> None:
    body = HEAD + b'"back_to":"q1","limit":60,"older_than":"q9"}'
    assert encode(GOES_ON) == body
    assert decode("profile_read_ordered", 1, body) == GOES_ON


def test_an_older_order_is_read() -> None:
    body = HEAD + b'"back_to":null,"limit":60}'
    order = ProfileReadOrdered(reading_id=READING, back_to=None, limit=60)
    assert decode("profile_read_ordered", 1, body) == order
