"""The journal: one of "about to leave" and "destroyed" is first, and excludes the other."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from edge.gate.journal import AlreadyArmed, Journal
from edge.gate.observation import Left
from schema.errors import BadInput

ROUNDS = 50


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")


def test_what_was_destroyed_never_leaves(journal: Journal) -> None:
    journal.begin("p", {"newest_before": "7"})
    seen = journal.destroy("p", "disarmed")
    assert (seen.left, seen.final, seen.note) == (Left.NOTHING, True, {"newest_before": "7"})
    assert not journal.leave("p")


def test_what_left_is_not_destroyed_afterwards(journal: Journal) -> None:
    journal.begin("p", {})
    assert journal.leave("p")
    seen = journal.destroy("p", "settled")
    assert (seen.left, seen.final) == (Left.NO_ANSWER, False)
    assert not journal.leave("p")


def test_of_two_that_race_one_is_first(journal: Journal) -> None:
    for number in range(ROUNDS):
        permit, barrier, left = f"p{number}", threading.Barrier(2), []
        journal.begin(permit, {})

        def leave(permit: str = permit, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            left.append(journal.leave(permit))  # noqa: B023  joined before the next round

        racing = threading.Thread(target=leave)
        racing.start()
        barrier.wait()
        seen = Journal(journal.folder).destroy(permit, "settled")
        racing.join()
        assert left == [seen.left is not Left.NOTHING]
        assert seen.final != left[0]


def test_a_permit_has_one_journal(journal: Journal) -> None:
    journal.begin("p", {})
    with pytest.raises(AlreadyArmed):
        journal.begin("p", {})


def test_nothing_is_known_of_a_permit_that_was_never_armed(journal: Journal) -> None:
    assert journal.read("p") is None
    with pytest.raises(FileNotFoundError):
        journal.destroy("p", "settled")


def test_a_torn_line_may_have_been_the_last_before_leaving(journal: Journal) -> None:
    journal.begin("p", {})
    file = journal.folder / "p.jsonl"
    file.write_bytes(file.read_bytes() + b'{"at": "2026-01-0')
    seen = journal.destroy("p", "settled")
    assert (seen.left, seen.final) == (Left.NO_ANSWER, False)
    journal.add("p", "answered", status=302, location="/c/1/", headers={})
    known = journal.read("p")
    assert known is not None
    assert (known.left, known.status) == (Left.ANSWERED, 302)


def test_a_file_made_and_not_written_before_a_crash_is_settled(journal: Journal) -> None:
    journal.folder.mkdir()
    (journal.folder / "p.jsonl").touch(mode=0o600)
    assert journal.destroy("p", "settled").final
    assert not journal.leave("p")


@pytest.mark.parametrize("permit", ["", "../x", "a/b", "a.b", "x" * 65, "a\n"])
def test_a_permit_names_no_other_file(journal: Journal, permit: str) -> None:
    with pytest.raises(BadInput, match="not a permit id"):
        journal.begin(permit, {})
