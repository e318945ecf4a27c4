"""Exports of every kind: what they hold is read, and what is wrong is told by line and reason."""

from __future__ import annotations

import csv
import io
import json
import os
import tracemalloc
from pathlib import Path

import pytest

from edge.legacy.checking import check, events_in
from edge.legacy.tables import TABLES, table_of
from schema.errors import BadInput
from schema.events.legacy import LegacyPostImported, LegacyRowImported
from tests.cli.exports import ATTEMPTS, GARDEN, HEADER, POSTS, events, ignore, written


@pytest.fixture
def garden(clean: Path) -> Path:
    """Return the folder that the files are written to."""
    return clean


def test_bom_crlf_and_newlines_in_quotes_are_read(garden: Path) -> None:
    content = POSTS.replace("posted_at\n", "posted_at,content\n").replace("Z\n", 'Z,"two\nlines"\n')
    written(
        garden, "posted_decisions.csv", b"\xef\xbb\xbf" + content.replace("\n", "\r\n").encode()
    )
    first, second = events(garden / "posted_decisions.csv")
    assert (first.posted_id, second.posted_id) == ("101", "102")
    assert first.text == "two\r\nlines"


def test_a_fault_after_newlines_in_quotes_is_told_by_its_own_line(garden: Path) -> None:
    content = (
        'decision_id,tweet_id,posted_at,content\nd-1,101,2025-01-01,"a\nb\nc"\nd-2,102,never,\n'
    )
    with pytest.raises(BadInput, match="line 5: posted_at is no ISO time: 'never'"):
        events(garden / written(garden, "posted_decisions.csv", content))


def test_json_lines_say_the_same_as_csv(garden: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(ATTEMPTS)))
    lines = "\n".join(json.dumps({k: v or None for k, v in row.items()}) for row in rows)
    from_json = events(garden / written(garden, "post_attempts.jsonl", lines + "\n\n"))
    from_csv = events(garden / written(garden, "post_attempts.csv", ATTEMPTS))
    assert from_json == from_csv
    assert [type(event) for event in from_csv] == [
        LegacyPostImported,
        LegacyRowImported,
        LegacyPostImported,
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"\xff\xfed\0", "is UTF-16"),
        (b'[{"a": 1}]', "is one JSON array"),
        (b"tweet_id,posted_at\n1,2025-01-01\n", "line 2: no column decision_id"),
        (b'{"decision_id": "d"}\n', "line 1: no column tweet_id"),
        (b"a,A\n1,2\n", "names a column twice"),
        (b"decision_id,tweet_id,posted_at\nd,1\n", "line 2: 2 cells, the header has 3"),
        (b"decision_id,tweet_id,posted_at\nd,,2025-01-01\n", "line 2: tweet_id is missing"),
        (b"decision_id,tweet_id,posted_at\nd,1,\n", "line 2: no time"),
        (b"decision_id,tweet_id,posted_at\nd,1,2099-01-01\n", "in the future"),
        (b"decision_id,tweet_id,posted_at\nd,1,1970-01-01\n", "before the year 2000"),
        (b"decision_id,tweet_id,posted_at\nd,1 2,2025-01-01\n", "tweet_id is no id: '1 2'"),
        (b"decision_id,tweet_id,posted_at\nd\xff,1,2025-01-01\n", "decision_id is not UTF-8"),
        (b"decision_id,tweet_id,posted_at\nd\0,1,2025-01-01\n", "holds a NUL character"),
        (b'decision_id,tweet_id,posted_at\nd,"1,2025-01-01\n', "line 2: no CSV"),
        (b'{"decision_id": "d", "tweet_id": 1.7e18, "posted_at": "2025-01-01"}', "was rounded"),
        (b'{"decision_id": "d"\n', "line 1: no JSON"),
        (b"{}\n" + b"[1]\n", "no column"),
        (b"decision_id,tweet_id,posted_at,content\nd,1,2025-01-01," + b"x" * 70_000, "65536"),
        (b"x" * 1_000_001, "has over 1000000 bytes"),
    ],
)
def test_a_bad_file_is_refused_with_line_and_reason(
    garden: Path, content: bytes, message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        events(garden / written(garden, "posted_decisions.csv", content))


def test_a_header_alone_is_a_file_without_rows(garden: Path) -> None:
    assert events(garden / written(garden, "posted_decisions.csv", HEADER)) == []


def test_columns_that_nobody_knows_are_told_and_left_out(garden: Path) -> None:
    content = "id,candidate_tweet_id,mood\n1,p1,good\n"
    file = garden / written(garden, "candidate_evaluations.csv", content)
    checked = check(file, TABLES["candidate_evaluations"], GARDEN, ignore)
    assert checked.ignored == {"mood"}
    [event] = events(file)
    assert event.columns == {"id": "1", "candidate_tweet_id": "p1"}


def test_twenty_bad_rows_are_told_and_the_rest_counted(garden: Path) -> None:
    content = "decision_id,tweet_id,posted_at\n" + "d,,2025-01-01\n" * 30
    with pytest.raises(
        BadInput, match=r"30 rows are bad(?s:.*)line 21(?s:.*)and 10 more"
    ) as caught:
        events(garden / written(garden, "posted_decisions.csv", content))
    assert caught.value.message.count("\n") == 21


@pytest.mark.parametrize("other", [f"{POSTS}d-3,103,2025-01-03\n", POSTS.replace("102", "103")])
def test_a_file_that_changes_between_check_and_import_is_refused(garden: Path, other: str) -> None:
    file = garden / written(garden, "posted_decisions.csv", POSTS)
    os.utime(file, ns=(0, 0))
    checked = check(file, TABLES["posted_decisions"], GARDEN, ignore)
    written(garden, "posted_decisions.csv", other)
    with pytest.raises(BadInput, match="was changed after it was checked"):
        list(events_in(checked, GARDEN))


def test_what_postgresql_writes_for_null_is_not_there(garden: Path) -> None:
    content = "permit_id,status,actual_tweet_id,target_tweet_id\np-1,REJECTED,\\N,\n"
    [event] = events(garden / written(garden, "post_attempts.csv", content))
    assert event.columns == {"permit_id": "p-1", "status": "REJECTED"}


def test_the_table_is_told_by_name_or_by_option(garden: Path) -> None:
    assert table_of(Path("content_generation_metadata_comprehensive-2.csv"), None).name == (
        "content_generation_metadata_comprehensive"
    )
    assert table_of(Path("dump.csv"), "outcomes").name == "outcomes"
    with pytest.raises(BadInput, match="no table 'tweets'"):
        table_of(Path("dump.csv"), "tweets")
    with pytest.raises(BadInput, match="its name tells no table"):
        table_of(Path("dump.csv"), None)
    assert garden.is_dir()


def test_memory_does_not_grow_with_the_file(garden: Path) -> None:
    small, large = (peak(garden, count) for count in (2_000, 20_000))
    assert large < small * 1.5, (small, large)


def peak(folder: Path, count: int) -> int:
    header, row = POSTS.split("\n")[:2]
    name = written(folder, "posted_decisions.csv", header + "\n" + f"{row}\n" * count)
    tracemalloc.start()
    try:
        check(folder / name, TABLES["posted_decisions"], GARDEN, ignore)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
