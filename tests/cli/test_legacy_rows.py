"""A row of an older system becomes one event: which kind, whose id, what it keeps, and its time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from edge.legacy.events import ID_CHARACTERS_MAX, BadRow, Importing, event_of
from edge.legacy.tables import TABLES
from schema.catalogue import type_of
from schema.events.legacy import LegacyPostImported
from schema.ids import Account
from tests.cli.exports import GARDEN, NOW

TEN = datetime(2025, 1, 1, 10, tzinfo=UTC)
TIMES = {
    "used_at": "2025-01-01T10:00:00Z",
    "approved_at": "2025-01-01T09:00:00Z",
    "created_at": "2025-01-01T08:00:00Z",
}
ATTEMPT = TIMES | {
    "permit_id": "p-1",
    "decision_id": "d-1",
    "status": "USED",
    "target_tweet_id": "9",
    "target_username": "@marta",
    "actual_tweet_id": "101",
    "content_preview": "Hi.",
}
POSTED = LegacyPostImported(
    table="post_attempts",
    key="p-1",
    posted_id="101",
    posted_at=TEN,
    target_post_id="9",
    target_author="marta",
    decision_id="d-1",
    text="Hi.",
)


def attempt(**values: str) -> LegacyPostImported:
    event = event_of(TABLES["post_attempts"], ATTEMPT | values, GARDEN).event
    assert isinstance(event, LegacyPostImported)
    return event


def test_a_post_keeps_all_that_its_row_says() -> None:
    assert attempt() == POSTED


def test_its_time_is_the_best_that_there_is() -> None:
    assert attempt(used_at="").posted_at == TEN - timedelta(hours=1)
    assert attempt(used_at="", approved_at="").posted_at == TEN - timedelta(hours=2)


@pytest.fixture
def far_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this machine's clock show another zone than UTC."""
    with monkeypatch.context() as zone:
        zone.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    "text", ["2025-01-01 10:00:00", "2025-01-01T12:00:00+02:00", "2025-01-01T10:00Z"]
)
@pytest.mark.usefixtures("far_away")
def test_a_time_without_a_zone_is_utc_and_another_is_brought_to_it(text: str) -> None:
    assert attempt(used_at=text).posted_at == TEN


@pytest.mark.parametrize(
    ("table", "status", "posted"),
    [
        *(("post_attempts", status, True) for status in ("USED", "posted", "SPENT", "UNKNOWN")),
        *(("post_attempts", status, False) for status in ("APPROVED", "REJECTED", "")),
        ("content_metadata", "posted", True),
        ("content_metadata", "queued", False),
        ("reply_candidate_queue", "posted", True),
        ("reply_candidate_queue", "expired", False),
    ],
)
def test_whether_a_row_was_posted_is_told_by_its_status(
    table: str, status: str, *, posted: bool
) -> None:
    kind = TABLES[table]
    row = TIMES | {kind.key or "": "k", kind.target or "": "9", "status": status}
    expected = "legacy_post_imported" if posted else "legacy_row_imported"
    assert type_of(event_of(kind, row, GARDEN).event) == expected


def test_a_ghost_of_then_was_posted_whatever_came_of_it() -> None:
    row = {"tweet_id": "7", "detected_at": TIMES["used_at"], "reason": "nobody knows"}
    event = event_of(TABLES["ghost_tweets"], row, GARDEN).event
    assert event == LegacyPostImported(table="ghost_tweets", key="7", posted_id="7", posted_at=TEN)


def test_a_rows_id_is_that_of_its_account_table_and_key() -> None:
    pond = Importing(Account("pond"), None, NOW)
    rows = [
        ("content_metadata", "d-1", GARDEN),
        ("content_metadata", "d-2", GARDEN),
        ("content_generation_metadata_comprehensive", "d-1", GARDEN),
        ("content_metadata", "d-1", pond),
    ]
    ids = [
        event_of(TABLES[table], {"decision_id": key, "status": "failed"}, into).event_id
        for table, key, into in rows
    ]
    assert len(set(ids)) == len(rows)


def test_a_row_without_a_key_is_known_by_its_values_in_any_order() -> None:
    row = {"decision_id": "d-1", "likes": "3", "collected_at": TIMES["used_at"]}
    one, same, other = (
        event_of(TABLES["outcomes"], values, GARDEN).event_id
        for values in (row, dict(reversed(row.items())), row | {"likes": "4"})
    )
    assert one == same != other


def test_a_post_of_the_very_epoch_is_none_of_an_older_system() -> None:
    table = TABLES["post_attempts"]
    begun = Importing(GARDEN.account, TEN, NOW)
    with pytest.raises(BadRow, match="posted after the log began"):
        event_of(table, ATTEMPT, begun)
    earlier = ATTEMPT | {"used_at": "2025-01-01T09:59:59.999999Z"}
    assert event_of(table, earlier, begun).event == replace(
        POSTED, posted_at=TEN - timedelta(microseconds=1)
    )


def test_an_id_has_a_length() -> None:
    longest = "1" * ID_CHARACTERS_MAX
    assert attempt(actual_tweet_id=longest).posted_id == longest
    with pytest.raises(BadRow, match="actual_tweet_id is no id"):
        attempt(actual_tweet_id=f"{longest}1")
