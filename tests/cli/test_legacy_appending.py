"""Appending an older system's rows: what is said of the file, and what stops it."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from edge.legacy.appending import CONFLICTS_SHOWN_MAX, Imported, append_file
from edge.legacy.checking import check
from edge.legacy.tables import table_of
from schema.contracts import Verdict
from schema.errors import AppendRefused
from tests.cli.exports import ATTEMPTS, GARDEN, HEADER, NOW, POSTS, ignore, written
from tests.doubles.faulty_store import FaultyStore
from tests.doubles.memory_log import MemoryLog


@pytest.fixture
def store() -> FaultyStore:
    store = FaultyStore(lambda: NOW)
    store.logs[GARDEN.account] = MemoryLog(GARDEN.account)
    return store


async def imported(store: FaultyStore, folder: Path, name: str, content: str) -> Imported:
    file = folder / written(folder, name, content)
    checked = check(file, table_of(file, None), GARDEN, ignore)
    return await append_file(store, checked, GARDEN, "ann", ignore)


def completed(store: FaultyStore) -> list[Any]:
    rows = store.log(GARDEN.account).rows
    return [row.event for row in rows if row.type == "legacy_import_completed"]


async def test_each_file_is_named_once_by_its_bytes_and_who_imported_it(
    store: FaultyStore, tmp_path: Path
) -> None:
    longer = f"{POSTS}d-3,103,2025-01-03\n"
    for content in (POSTS, longer, POSTS):
        await imported(store, tmp_path, "posted_decisions.csv", content)
    assert [(one.file_sha256, one.rows, one.by) for one in completed(store)] == [
        (sha256(content.encode()).hexdigest(), rows, "ann")
        for content, rows in ((POSTS, 2), (longer, 3))
    ]


async def test_posts_are_counted_apart_from_rows(store: FaultyStore, tmp_path: Path) -> None:
    done = await imported(store, tmp_path, "post_attempts.csv", ATTEMPTS)
    assert (done.rows, done.posts, done.new) == (3, 2, 3)


async def test_a_row_that_the_log_refuses_ends_the_import_by_line(
    store: FaultyStore, tmp_path: Path
) -> None:
    store.refused["legacy_post_imported"] = Verdict("GP001", None, "not with this role")
    content = "\n".join(POSTS.splitlines()[:2])
    with pytest.raises(AppendRefused, match="line 2: not with this role") as caught:
        await imported(store, tmp_path, "posted_decisions.csv", content)
    assert caught.value.code == "GP001"
    assert completed(store) == []


async def test_of_many_conflicts_the_first_are_named(store: FaultyStore, tmp_path: Path) -> None:
    count = CONFLICTS_SHOWN_MAX + 1
    for post in (1, 1000):
        rows = (f"d-{n},{post + n},2025-01-01" for n in range(count))
        content = "\n".join([HEADER, *rows])
        done = await imported(store, tmp_path, "posted_decisions.csv", content)
    assert (done.new, done.known, done.conflicting) == (0, 0, count)
    assert done.conflicts == list(range(2, 2 + CONFLICTS_SHOWN_MAX))
