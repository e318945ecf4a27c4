"""A file of the spool that is torn, altered or of a newer build holds up no other one."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from edge.performers.spool import Spool
from schema.contracts import NewEvent
from schema.ids import Account, EventId, named
from tests.handlers.facts import found

ME = Account("me")


async def spooled(folder: Path, *names: str) -> Spool:
    """Keep one event a name."""
    spool = Spool(folder)
    for name in names:
        await spool.keep(ME, NewEvent(EventId(named("spool", name)), found()))
    return spool


def ids(spool: Spool) -> list[EventId]:
    return [command.events[0].event_id for _, _, command in spool.kept()]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"account": "me", "event_id": 5, "cause": null}',
        {"event_id": "no id"},
        {"type": "hat_worn"},
        {"version": 2},
        {"version": None},
        {"body": "{}"},
        {"body": 7},
        {"cause": "x"},
    ],
    ids=lambda content: repr(content)[:30],
)
async def test_an_unreadable_file_stays_and_holds_up_nobody(
    tmp_path: Path, content: bytes | dict[str, object]
) -> None:
    spool = await spooled(tmp_path, "bad", "good")
    bad = tmp_path / f"{named('spool', 'bad')}.json"
    if isinstance(content, dict):
        content = json.dumps(json.loads(bad.read_text()) | content).encode()
    bad.write_bytes(content)
    with capture_logs() as lines:
        assert ids(spool) == [named("spool", "good")] == ids(spool)
    (line,) = lines
    assert line["path"] == str(bad)
    assert line["remedy"]
    assert bad.read_bytes() == content


async def test_a_file_that_another_worker_took_is_passed_over(tmp_path: Path) -> None:
    spool = await spooled(tmp_path, "one", "two", "three")
    taken = iter(spool.kept())
    next(taken)
    shutil.rmtree(tmp_path)
    with capture_logs() as lines:
        assert list(taken) == []
    assert lines == []


async def test_a_file_that_goes_while_the_folder_is_listed_is_passed_over(tmp_path: Path) -> None:
    spool = await spooled(tmp_path, "good")
    (tmp_path / "gone.json").symlink_to(tmp_path / "nowhere")
    with capture_logs() as lines:
        assert ids(spool) == [named("spool", "good")]
    assert lines == []


async def test_what_is_no_file_is_left_lying(tmp_path: Path) -> None:
    spool = await spooled(tmp_path, "good")
    (tmp_path / "folder.json").mkdir()
    with capture_logs() as lines:
        assert ids(spool) == [named("spool", "good")]
    assert [line["path"] for line in lines] == [str(tmp_path / "folder.json")]


async def test_whole_files_come_in_the_order_of_their_writing(tmp_path: Path) -> None:
    """The sibling of the tests above: it is the fault that is passed over."""
    spool = await spooled(tmp_path, "one", "two")
    for second, name in enumerate(("two", "one")):
        os.utime(tmp_path / f"{named('spool', name)}.json", (second, second))
    assert ids(spool) == [named("spool", "two"), named("spool", "one")]
