"""`import-legacy`: an older system's rows are history, once, and a bad file changes nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.legacy import appending
from edge.legacy.checking import check, events_in
from edge.legacy.tables import TABLES
from schema.events.ghosts import GhostDetected, PostPredatesLog, ProfileRead
from schema.events.operations import AccountOpened
from schema.ids import ReadingId, named
from tests.cli.conftest import Ask
from tests.cli.exports import ATTEMPTS, GARDEN, NOW, POSTS, ignore, written
from tests.cli.real import Real
from tests.doubles.memory_log import MemoryLog
from tests.doubles.memory_store import MemoryStore
from tests.handlers.facts import created, found, post, rules


@pytest.fixture(autouse=True)
def garden(clean: Path) -> Path:
    """Set one account up, in the folder that the commands stand in."""
    (clean / "ghostproof.toml").write_text('[accounts.garden]\nhandle = "me"\n')
    return clean


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
