"""Golden bytes: an event from before a field was added is read, and today's are written so."""

from __future__ import annotations

import msgspec
import pytest

from schema.catalogue import type_of
from schema.events.base import Event
from schema.events.operations import PostingStopped, StopSource
from schema.events.posting import PassSkip, PostingPassClosed
from schema.wire import decode, encode
from tests.handlers.facts import decided, drafted

DECISION = decided().decision_id

PASS = b'{"type":"posting_pass_closed","found":2,"ordered":0,"skipped":"posting_disabled"}'
DRAFT = (
    b'{"type":"draft_created","candidate_id":"%s","evaluation_id":"%s","queue_id":"%s",'
    b'"scheduler_run_id":"%s","decision_id":"%s","permit_id":"%s","target_post_id":"p1",'
    b'"ordinal":1,"text":"hello","language":"en"}'
) % tuple(
    str(getattr(drafted(), f"{kind}_id")).encode()
    for kind in ("candidate", "evaluation", "queue", "scheduler_run", "decision", "permit")
)

OLDER = [
    (PASS, PostingPassClosed(found=2, ordered=0, skipped=PassSkip.POSTING_DISABLED)),
    (DRAFT, drafted(text="hello")),
    (
        b'{"type":"posting_stopped","source":"flag","why":"w","by":"worker"}',
        PostingStopped(source=StopSource.FLAG, why="w", by="worker"),
    ),
]

NEWER = [
    (
        PASS[:-1] + b',"skipped_decisions":["%s"]}' % str(DECISION).encode(),
        msgspec.structs.replace(OLDER[0][1], skipped_decisions=(DECISION,)),
    ),
    (DRAFT[:-1] + b',"synthetic":true}', drafted(text="hello", synthetic=True)),
]


@pytest.mark.parametrize(("body", "event"), [*OLDER, *NEWER])
def test_bytes_are_read(body: bytes, event: Event) -> None:
    assert decode(type_of(event), 1, body) == event


@pytest.mark.parametrize(("body", "event"), NEWER)
def test_an_event_is_written_in_these_bytes(body: bytes, event: Event) -> None:
    assert encode(event) == body
