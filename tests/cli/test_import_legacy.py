"""`import-legacy`: an older system's rows are history, once, and a bad file changes nothing."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.legacy import appending
from edge.legacy.checking import check, events_in
from edge.legacy.events import Importing
from edge.legacy.tables import TABLES, table_of
from schema.errors import BadInput
from schema.events.ghosts import GhostDetected, PostPredatesLog, ProfileRead
from schema.events.legacy import LegacyPostImported, LegacyRowImported
from schema.events.operations import AccountOpened
from schema.ids import Account, ReadingId, named
from tests.cli.conftest import Ask
from tests.cli.real import Real
from tests.doubles.memory_log import MemoryLog
from tests.doubles.memory_store import MemoryStore
from tests.handlers.facts import created, found, post, rules

NOW = datetime(2026, 6, 1, tzinfo=UTC)
GARDEN = Importing(Account("garden"), None, NOW)
POSTS = "decision_id,tweet_id,posted_at\nd-1,101,2025-01-01T10:00:00Z\nd-2,102,2025-01-02T10:00Z\n"
HEADER = POSTS.partition("\n")[0]
ATTEMPTS = (
    "permit_id,decision_id,status,target_tweet_id,target_username,actual_tweet_id,used_at\n"
    "p-1,d-1,USED,p1,author9,101,2025-01-01T10:00:00Z\n"
    "p-2,d-2,REJECTED,p2,,,\n"
    "p-3,d-3,UNKNOWN,p3,,,2025-01-03 10:00:00+00\n"
)


@pytest.fixture(autouse=True)
def garden(clean: Path) -> Path:
    """Set one account up, in the folder that the commands stand in."""
    (clean / "ghostproof.toml").write_text('[accounts.garden]\nhandle = "me"\n')
    return clean


def written(folder: Path, name: str, content: str | bytes) -> str:
    raw = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(raw)
    return name


def ignore(what: str, done: int) -> None:
    del what, done


def events(file: Path, into: Importing = GARDEN) -> list[Any]:
    checked = check(file, table_of(file, None), into, ignore)
    return [new.event for _, new in events_in(checked, into)]


# ---- on a real database


@pytest.mark.postgres
def test_a_file_twice_is_a_file_once(ask: Ask, real: Real, garden: Path) -> None:
    name = written(garden, "posted_decisions.csv", POSTS)
    first = ask("import-legacy", name, "--json")
    log = real.rows()
    second = ask("import-legacy", name, "--json")
    assert (first.code, second.code) == (0, 0)
    assert [(f["new"], f["known"]) for f in first.json["files"]] == [(2, 0)]
    assert [(f["new"], f["known"]) for f in second.json["files"]] == [(0, 2)]
    assert [row.event_id for row in real.rows()] == [row.event_id for row in log]
    assert [row.type for row in log] == [
        "account_opened",
        "legacy_post_imported",
        "legacy_post_imported",
        "legacy_import_completed",
    ]


@pytest.mark.postgres
def test_an_id_by_position_would_be_noticed(
    ask: Ask, real: Real, garden: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        appending, "events_in", lambda checked, into: fresh_ids(events_in(checked, into))
    )
    name = written(garden, "posted_decisions.csv", POSTS)
    ask("import-legacy", name)
    assert ask("import-legacy", name, "--json").json["files"][0]["new"] == 2
    assert len(real.rows("legacy_post_imported")) == 4


def fresh_ids(rows: Iterator[Any]) -> Iterator[Any]:
    for line, new in rows:
        yield line, type(new)(named("fresh", str(next(COUNT))), new.event)


COUNT = iter(range(1000))


@pytest.mark.postgres
def test_what_was_answered_then_is_not_answered_again(ask: Ask, real: Real, garden: Path) -> None:
    assert ask("import-legacy", written(garden, "post_attempts.csv", ATTEMPTS)).code == 0
    real.say(rules(), *(created(n) for n in (1, 2, 3)), found(1, posted_at=None))
    real.fold()
    refused = {one.target_post_id: one.reason_code for one in real.events("permit_rejected")}
    assert refused == {"p1": "target_already_replied", "p3": "target_already_replied"}
    assert [one.reason for one in real.events("candidate_rejected")] == ["already_replied"]


@pytest.mark.postgres
def test_a_post_known_from_then_is_no_ghost(ask: Ask, real: Real, garden: Path) -> None:
    ask("import-legacy", written(garden, "posted_decisions.csv", POSTS))
    mine = [post(author="me", post_id=name, posted_at=None) for name in ("102", "103")]
    real.say(ProfileRead(reading_id=ReadingId(named("reading")), posts=tuple(mine), complete=True))
    real.fold()
    [known] = real.events("post_predates_log")
    [ghost] = real.events("ghost_detected")
    assert isinstance(known, PostPredatesLog)
    assert isinstance(ghost, GhostDetected)
    assert (known.posted_id, ghost.posted_id) == ("102", "103")


@pytest.mark.postgres
def test_no_import_explains_a_post_from_after_the_epoch(ask: Ask, real: Real, garden: Path) -> None:
    real.say(AccountOpened(site="spirit", handle="me"))
    [opened] = real.rows()
    after = (opened.at + timedelta(microseconds=1)).isoformat()
    content = f"decision_id,tweet_id,posted_at\nd-1,101,{after}\n"
    answer = ask("import-legacy", written(garden, "posted_decisions.csv", content))
    assert (answer.code, answer.out) == (64, "")
    assert "line 2: posted after the log began" in answer.err
    assert len(real.rows()) == 1


@pytest.mark.postgres
def test_one_bad_row_in_any_file_and_nothing_is_imported(
    ask: Ask, real: Real, garden: Path
) -> None:
    good = written(garden, "posted_decisions.csv", POSTS)
    bad = written(
        garden, "post_attempts.csv", ATTEMPTS + "p-4,d-4,USED,1.7e18,,,2025-01-01\n,,,,,,\n"
    )
    answer = ask("import-legacy", good, bad)
    assert (answer.code, answer.out) == (64, "")
    assert "2 rows are bad; nothing was imported" in answer.err
    assert "line 5: target_tweet_id was rounded: 1.7e18; export it as text" in answer.err
    assert "line 6: permit_id is missing" in answer.err
    assert real.rows() == []


@pytest.mark.postgres
def test_a_row_known_with_other_values_is_told_and_stays(
    ask: Ask, real: Real, garden: Path
) -> None:
    name = written(garden, "posted_decisions.csv", POSTS)
    ask("import-legacy", name)
    written(garden, name, POSTS.replace("102", "999"))
    answer = ask("import-legacy", name, "--json")
    [done] = answer.json["files"]
    assert (answer.code, done["conflicting"], done["conflicts"]) == (1, 1, [3])
    assert [one.posted_id for one in real.events("legacy_post_imported")] == ["101", "102"]
    assert "known already with other values, which stay: line 3" in ask("import-legacy", name).err


@pytest.mark.postgres
def test_an_interrupted_import_goes_on_where_it_was(
    ask: Ask, real: Real, garden: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appending, "ROWS_PER_CALL", 1)
    name = written(garden, "posted_decisions.csv", POSTS)
    whole = appending._append

    async def dies(*arguments: Any) -> None:
        await whole(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(appending, "_append", dies)
        assert ask("import-legacy", name).code == 130
    assert len(real.rows("legacy_post_imported")) == 1
    assert real.rows("legacy_import_completed") == []
    assert ask("import-legacy", name, "--json").json["files"][0]["new"] == 1
    assert len(real.rows("legacy_import_completed")) == 1


# ---- files of every kind


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


def test_a_file_that_changes_between_check_and_import_is_refused(garden: Path) -> None:
    file = garden / written(garden, "posted_decisions.csv", POSTS)
    checked = check(file, TABLES["posted_decisions"], GARDEN, ignore)
    written(garden, "posted_decisions.csv", POSTS + "d-3,103,2025-01-03\n")
    with pytest.raises(BadInput, match="was changed after it was checked"):
        list(events_in(checked, GARDEN))


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


# ---- whatever the rows are


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["posted", "failed", ""]), CELLS), max_size=12
)


@settings(max_examples=40)
@given(ROWS)
async def test_importing_any_rows_twice_is_importing_them_once(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    file = tmp_path_factory.mktemp("rows") / "content_metadata.csv"
    with file.open("w", newline="", encoding="utf-8") as opened:
        out = csv.writer(opened)
        out.writerow(["decision_id", "status", "target_tweet_id", "created_at", "content"])
        for key, status, text in rows:
            out.writerow([key, status, f"t-{key}", "2025-01-01", text])
    store = MemoryStore(lambda: NOW)
    store.logs[GARDEN.account] = MemoryLog(GARDEN.account)
    checked = check(file, TABLES["content_metadata"], GARDEN, ignore)
    once = await appending.append_file(store, checked, GARDEN, "me", ignore)
    length = len(store.log(GARDEN.account).rows)
    twice = await appending.append_file(store, checked, GARDEN, "me", ignore)
    assert len(store.log(GARDEN.account).rows) == length
    assert (twice.new, twice.known) == (0, once.new + once.known)
    assert twice.conflicting == once.conflicting
