"""What stands before the real thing takes what it takes, tells it all and gives its answer."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import signature
from types import SimpleNamespace
from typing import Any

import pytest

from edge.performers.contract import Performer, Sites
from edge.ports import Composer, Model, Poster
from edge.tracing import appends, calls, clicks, orders
from edge.tracing.exporting import provider_of, tracer_of
from eventstore.store import PostgresStore
from handlers.clicking.posting import posting
from schema.contracts import Command, Lease, NewEvent
from schema.ids import EventId, named
from tests.handlers.facts import TEXT, stopped
from tests.handlers.given import ME
from tests.performers.clicks import ACCEPTED

TRACER = tracer_of(provider_of("c0ffee", {}))
STOP = Command((NewEvent(EventId(named("stop")), stopped()),))
LEASE = Lease("click", 1, 1, ME, 0)


@pytest.mark.parametrize(
    ("before", "real", "method"),
    [
        (appends.TracedStore, PostgresStore, "append"),
        (appends.TracedStore, PostgresStore, "close"),
        (appends.TracedStore, PostgresStore, "run_handler"),
        (orders.TracedPerformer, Performer, "perform"),
        (calls.TracedModel, Model, "ask"),
        (clicks.TracedSites, Sites, "site"),
        (clicks.TracedSite, Poster, "composer"),
        (clicks.TracedComposer, Composer, "click"),
    ],
)
def test_who_stands_before_takes_what_the_real_thing_takes(
    before: type, real: type, method: str
) -> None:
    """The type checker cannot see it: whatever is not traced is passed through by name."""
    mine, theirs = (signature(getattr(one, method)).parameters for one in (before, real))
    assert list(mine.items()) == list(theirs.items())


@dataclass(frozen=True)
class Call:
    """A call of something traced, and what the real thing answers."""

    before: type[Any]
    method: str
    given: tuple[Any, ...]
    named: dict[str, Any]
    answer: Any


CALLS = [
    Call(appends.TracedStore, "append", (ME, [STOP]), {"actor": "me", "approver": True}, []),
    Call(appends.TracedStore, "close", (LEASE, [STOP]), {"actor": "me"}, None),  # a lost lease
    Call(appends.TracedStore, "run_handler", (posting, ME), {"batch": 7}, None),
    Call(
        clicks.TracedComposer,
        "click",
        (),
        {"permit_id": "p", "text": TEXT, "until_s": 4.5},
        ACCEPTED,
    ),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.method)
async def test_the_real_thing_is_told_all_and_its_answer_comes_back(call: Call) -> None:
    told = []

    async def real(*given: Any, **by_name: Any) -> Any:
        told.append((given, by_name))
        return call.answer

    traced = call.before(SimpleNamespace(**{call.method: real}), TRACER)
    assert await getattr(traced, call.method)(*call.given, **call.named) is call.answer
    assert told == [(call.given, call.named)]
