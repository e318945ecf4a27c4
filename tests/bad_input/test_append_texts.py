"""The door of the log, texts: legal ones come back as they went in, the others are refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from eventstore.store import PostgresStore
from schema.contracts import Command, NewEvent
from schema.errors import MalformedEvent
from schema.events.fetching import CandidateFound
from schema.ids import CandidateId, EventId, RunId, named
from schema.posts import Post, Source
from schema.wire import BODY_BYTES_MAX, decode, encode
from tests.bad_input.texts import KEPT, REFUSED
from tests.postgres_fixtures import ME

pytestmark = pytest.mark.postgres


def found(said: str, name: str = "one", **fields: Any) -> NewEvent:
    """Make the fact that a post with this text was found."""
    post = Post(post_id="p", url="http://site/p", author="ann", text=said)
    return NewEvent(
        EventId(named("bad", name)),
        CandidateFound(
            candidate_id=CandidateId(named("candidate", name)),
            run_id=RunId(named("run")),
            source=Source.KEYWORD,
            query="q",
            post=msgspec.structs.replace(post, **fields),
        ),
    )


async def test_every_legal_text_is_kept_as_it_is(store: PostgresStore) -> None:
    """Text, title, author and address alike, in one account's log."""
    events = [found(text, name, title=text, author=text, url=text) for name, text in KEPT.items()]
    verdicts = await store.append(ME, [Command((new,)) for new in events], actor="test")
    assert {verdict.code for verdict in verdicts} == {"ok"}
    page = await store.read(ME)
    assert [row.event for row in page.events] == [new.event for new in events]


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("field", ["text", "title", "author", "url", "post_id"])
async def test_a_text_that_cannot_be_kept_is_refused_and_nothing_else_is(
    store: PostgresStore, name: str, field: str
) -> None:
    bad = found("fine", "bad", **{field: REFUSED[name]})
    with pytest.raises(MalformedEvent) as caught:
        await store.append(ME, [Command((bad,))], actor="test")
    assert caught.value.remedy
    assert REFUSED[name] not in caught.value.message
    (verdict,) = await store.append(ME, [Command((found("fine", "good"),))], actor="test")
    assert verdict.position == 0


@pytest.mark.parametrize("actor", ["", "a" * 10_000, "a\nb", "a\0b", "\ud800"])
async def test_an_actor_that_is_no_name_is_refused(store: PostgresStore, actor: str) -> None:
    with pytest.raises(MalformedEvent, match="actor"):
        await store.append(ME, [Command((found("fine"),))], actor=actor)
    assert (await store.heads())[ME] == 0


def test_a_body_may_fill_the_limit_and_not_a_byte_more() -> None:
    room = BODY_BYTES_MAX - len(encode(found("").event))
    assert len(encode(found("a" * room).event)) == BODY_BYTES_MAX
    with pytest.raises(MalformedEvent, match="at most 65536"):
        encode(found("a" * (room + 1)).event)


@pytest.mark.parametrize("size", [10_000_000])
async def test_a_text_far_too_long_is_refused_before_the_database(
    store: PostgresStore, size: int
) -> None:
    with pytest.raises(MalformedEvent, match="at most"):
        await store.append(ME, [Command((found("a" * size),))], actor="test")
    assert (await store.heads())[ME] == 0


async def test_a_long_id_is_kept_though_an_index_holds_it(store: PostgresStore) -> None:
    """An index row ends at 8,191 bytes; an id of a site is indexed only where the law needs it."""
    new = found("fine", "long id", post_id="9" * 9_000)
    (verdict,) = await store.append(ME, [Command((new,))], actor="test")
    assert verdict.code == "ok"


def test_the_round_trip_would_notice_a_changed_character() -> None:
    """What the tests above compare is compared exactly: a composed letter is another text."""
    composed, decomposed = found(KEPT["composed"]), found(KEPT["decomposed"])
    assert composed != decomposed
    again = decode("candidate_found", 1, encode(composed.event))
    assert replace(composed, event=again) == composed
