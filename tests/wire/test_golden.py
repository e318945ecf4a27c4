"""Golden bytes: a released word is written and read the same way for ever."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from schema.catalogue import type_of
from schema.events.base import Event
from schema.events.blocking import AuthorBlocked, AuthorUnblocked
from schema.events.challenging import ChallengeKind, SiteChallenged
from schema.events.legacy import LegacyImportCompleted, LegacyPostImported, LegacyRowImported
from schema.events.operations import (
    ClockSkewed,
    PostingAllowed,
    PostingStopped,
    StopSource,
    UnhandledException,
)
from schema.events.ordering import OrderDropped, OrderRequeued, QueuesRebuilt
from schema.events.signing import RulesSigned
from schema.wire import decode, encode

AT = datetime(2025, 1, 1, 10, tzinfo=UTC)
GOLDEN: list[tuple[Event, bytes]] = [
    (
        UnhandledException(where="fetch", kind="KeyError", message="'x'", count=3),
        (
            b'{"type":"unhandled_exception","where":"fetch","kind":"KeyError","message":"\'x\'",'
            b'"count":3}'
        ),
    ),
    (
        PostingStopped(
            source=StopSource.FLAG, why="POSTING_DISABLED=true", by="worker", held_by=UUID(int=1)
        ),
        (
            b'{"type":"posting_stopped","source":"flag","why":"POSTING_DISABLED=true",'
            b'"by":"worker","held_by":"00000000-0000-0000-0000-000000000001"}'
        ),
    ),
    (
        PostingAllowed(source=StopSource.LOGGED, why="over", by="me"),
        b'{"type":"posting_allowed","source":"logged","why":"over","by":"me","held_by":null}',
    ),
    (
        ClockSkewed(worker_id=UUID(int=1), by_ms=-2500),
        (
            b'{"type":"clock_skewed","worker_id":"00000000-0000-0000-0000-000000000001",'
            b'"by_ms":-2500}'
        ),
    ),
    (
        SiteChallenged(kind=ChallengeKind.LOG_IN, during="fetch", detail="nobody signed in"),
        (
            b'{"type":"site_challenged","kind":"log_in","during":"fetch",'
            b'"detail":"nobody signed in"}'
        ),
    ),
    (
        AuthorBlocked(author="troll", why="rude", by="me"),
        b'{"type":"author_blocked","author":"troll","why":"rude","by":"me"}',
    ),
    (
        AuthorUnblocked(author="troll", why="sorry", by="me"),
        b'{"type":"author_unblocked","author":"troll","why":"sorry","by":"me"}',
    ),
    (
        RulesSigned(
            site="forum",
            base_url="https://forum.example",
            rules={"basis": "agreed"},
            rules_hash="ab",
            by="Ann",
            signed_at=AT,
            signature="cd",
        ),
        (
            b'{"type":"rules_signed","site":"forum","base_url":"https://forum.example","rules":'
            b'{"basis":"agreed"},"rules_hash":"ab","by":"Ann","signed_at":"2025-01-01T10:00:00Z",'
            b'"signature":"cd"}'
        ),
    ),
    (
        OrderRequeued(queue="judge", order_position=7, why="again", by="me"),
        b'{"type":"order_requeued","queue":"judge","order_position":7,"why":"again","by":"me"}',
    ),
    (
        OrderDropped(queue="judge", order_position=7, why="old", by="me"),
        b'{"type":"order_dropped","queue":"judge","order_position":7,"why":"old","by":"me"}',
    ),
    (
        QueuesRebuilt(restored={"judge": 2}, why="lost", by="me"),
        b'{"type":"queues_rebuilt","restored":{"judge":2},"why":"lost","by":"me"}',
    ),
    (
        LegacyPostImported(
            table="post_attempts",
            key="p-1",
            posted_id="101",
            posted_at=AT,
            target_post_id="9",
            target_author="marta",
            decision_id="d-1",
            text="Hi.",
        ),
        (
            b'{"type":"legacy_post_imported","table":"post_attempts","key":"p-1","posted_id":"101",'
            b'"posted_at":"2025-01-01T10:00:00Z","target_post_id":"9","target_author":"marta",'
            b'"decision_id":"d-1","text":"Hi."}'
        ),
    ),
    (
        LegacyRowImported(table="outcomes", key="k", columns={"likes": "3"}),
        b'{"type":"legacy_row_imported","table":"outcomes","key":"k","columns":{"likes":"3"}}',
    ),
    (
        LegacyImportCompleted(table="outcomes", file_sha256="0" * 64, rows=1, by="me"),
        b'{"type":"legacy_import_completed","table":"outcomes","file_sha256":"'
        + b"0" * 64
        + b'","rows":1,"by":"me"}',
    ),
]


@pytest.mark.parametrize(("event", "body"), GOLDEN, ids=lambda one: type(one).__name__)
def test_a_released_word_keeps_its_bytes(event: Event, body: bytes) -> None:
    assert encode(event) == body
    assert decode(type_of(event), 1, body) == event
