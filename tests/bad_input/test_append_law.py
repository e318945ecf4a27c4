"""The door of the log, order: facts that come too early, twice, or for somebody else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest

from eventstore.store import PostgresStore
from handlers import ALL
from projectors import VIEWS
from schema.contracts import NewEvent
from schema.errors import MalformedEvent, UnknownEvent
from schema.ids import Account, EventId
from tests.postgres_fixtures import ME, Database
from tests.store.chains import NOBODY, Chain, caps, given, ready, say

pytestmark = pytest.mark.postgres

ONE, TWO = Chain("one"), Chain("two", target="post-2", author="eve")
APPROVED = (caps(), ONE.created(), ONE.approved(), ONE.drafted())
CLICKED = (*APPROVED, ONE.click())


@dataclass(frozen=True)
class Lawless:
    """A fact that must be refused after these, with this code (None: whichever)."""

    said: str
    before: Sequence[NewEvent]
    fact: NewEvent


LAWLESS = [
    Lawless("an approval of nothing", (), ONE.approved()),
    Lawless("an approval before the creation", (TWO.created(),), ONE.approved()),
    Lawless("an approval that cites nobody", (ONE.created(),), ONE.approved(NOBODY)),
    Lawless(
        "an approval of another chain",
        (ONE.created(), TWO.created()),
        ONE.approved(TWO.id("created")),
    ),
    Lawless("a refusal after the approval", APPROVED, ONE.rejected()),
    Lawless("an approval after the refusal", (ONE.created(), ONE.rejected()), ONE.approved()),
    Lawless("a click before the approval", (caps(), ONE.created(), ONE.drafted()), ONE.click()),
    Lawless("a click that spends the creation", APPROVED, ONE.click(ONE.id("created"))),
    Lawless("a click that spends the draft", APPROVED, ONE.click(ONE.id("drafted"))),
    Lawless("a click with another text", APPROVED, ONE.click(text="something else")),
    Lawless("a click for another author", APPROVED, ONE.click(author="eve")),
    Lawless("a second click", CLICKED, ONE.click(key="again")),
    Lawless("a success before the click", APPROVED, ONE.success()),
    Lawless("a success that spends the approval", APPROVED, ONE.success(ONE.id("approved"))),
    Lawless("a second success", (*CLICKED, ONE.success()), ONE.success(key="again")),
    Lawless("a success after not sent", (*CLICKED, ONE.not_sent()), ONE.success()),
    Lawless("an abandonment of no unknown", CLICKED, ONE.abandoned(ONE.id("click"))),
    Lawless(
        "a late sighting of no abandoned", (*CLICKED, ONE.unknown()), ONE.late(ONE.id("unknown"))
    ),
    Lawless("an expiry after the click", CLICKED, ONE.expired()),
    Lawless("a revocation after the click", CLICKED, ONE.revoked()),
    Lawless(
        "one post for two permits",
        (*CLICKED, ONE.success(), *ready(TWO)[1:], TWO.click()),
        TWO.success(),
    ),
    Lawless("an approval for less than no time", (ONE.created(),), ONE.approved(ttl_s=-1)),
    Lawless("an approval that itself is spent", (ONE.created(),), ONE.approved(ONE.id("approved"))),
]


@pytest.mark.parametrize("case", LAWLESS, ids=lambda case: case.said)
async def test_a_lawless_fact_is_refused_and_leaves_nothing(
    store: PostgresStore, case: Lawless
) -> None:
    await given(store, *case.before)
    verdict = await say(store, case.fact)
    assert verdict.code.startswith("GP"), verdict
    assert verdict.reason
    assert (await store.heads())[ME] == len(case.before)


async def test_the_lawful_way_through_all_of_it_stands(store: PostgresStore) -> None:
    """The sibling of the test above: it is not everything that is refused."""
    await given(store, *CLICKED, ONE.unknown(), ONE.abandoned(), ONE.late())


@pytest.mark.parametrize("ttl_s", [0, 1])
async def test_a_permit_of_no_time_buys_nothing(store: PostgresStore, ttl_s: int) -> None:
    """With a time to live of 0 it has ended when it begins; of 1, the database's clock decides."""
    await given(store, caps(), ONE.created(), ONE.approved(ttl_s=ttl_s), ONE.drafted())
    verdict = await say(store, ONE.click())
    assert (verdict.code == "ok") <= (ttl_s == 1)


@pytest.mark.parametrize("ttl_s", [3_153_600_000, 2**31 - 1])
async def test_a_permit_of_a_hundred_years_is_refused(store: PostgresStore, ttl_s: int) -> None:
    await given(store, ONE.created())
    try:
        verdict = await say(store, ONE.approved(ttl_s=ttl_s))
    except MalformedEvent:
        return
    assert verdict.code.startswith("GP"), verdict


async def test_a_permit_of_another_account_buys_nothing_here(store: PostgresStore) -> None:
    other = Account("other")
    await store.open_account(other)
    for fact in APPROVED:
        assert (await say(store, fact, other)).code == "ok"
    verdict = await say(store, ONE.click())
    assert verdict.code.startswith("GP"), verdict
    assert (await store.heads())[ME] == 0


STRANGE: dict[str, tuple[str, dict[str, Any]]] = {
    "an unknown type": ("hat_worn", {}),
    "a shape of no version": ("posting_stopped", {"source": "flag", "colour": "red"}),
}


@pytest.mark.parametrize("name", STRANGE)
async def test_a_reader_stops_at_what_it_does_not_know(
    store: PostgresStore, database: Database, name: str
) -> None:
    """A fact of a newer build, put in by psql: whoever hears of it stops there, and skips nothing.

    Handlers and projectors that do not ask for the type are not held up.
    """
    kind, body = STRANGE[name]
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        query = "select gp.append_or_fail('me', %s, %s::jsonb)"
        connection.execute(query, [kind, json.dumps(body)])
    with pytest.raises((UnknownEvent, MalformedEvent)) as caught:
        await store.read(ME)
    assert caught.value.remedy
    heard = [part for part in ALL if any(_tag(kind_) == kind for kind_ in part.hears)]
    for part in heard:
        with pytest.raises((UnknownEvent, MalformedEvent)):
            await store.run_handler(part, ME)
        assert (await store.lag(ME)).get(part.name, 1) == 1
    for view in VIEWS.values():
        if not any(_tag(kind_) == kind for kind_ in view.hears):
            await store.run_projector(view, ME)


def _tag(kind: type) -> str:
    return str(kind.__struct_config__.tag)  # type: ignore[attr-defined]


async def test_the_nil_id_is_an_id_like_any_other(store: PostgresStore) -> None:
    nil = EventId(UUID(int=0))
    new = NewEvent(nil, ONE.created().event)
    assert (await say(store, new)).code == "ok"
    assert (await say(store, new)).code == "same"
