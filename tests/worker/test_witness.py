"""The witness: a log that lost what a data directory saw of it is refused, with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.worker.witness import Witness
from schema.errors import UnsafeDatabase
from schema.events.operations import AccountOpened, UnhandledException
from tests.doubles.memory_log import MemoryLog
from tests.handlers.given import ME
from tests.performers.orders import Bench

OPENED = AccountOpened(site="spirit", handle="me")


def fault(n: int) -> UnhandledException:
    return UnhandledException(where="here", kind="KeyError", message=str(n))


@pytest.fixture
async def seen(bench: Bench, tmp_path: Path) -> Witness:
    """Return a witness of three events."""
    for event in (OPENED, fault(1), fault(2)):
        bench.say(event)
    witness = Witness(bench.store, tmp_path / "witness")
    await witness.note([ME])
    return witness


def restore(bench: Bench, size: int) -> None:
    """Put an old backup back: the log as it was when it had so many events."""
    old = MemoryLog(ME)
    for row, body in zip(bench.log.rows[:size], bench.log.bodies[:size], strict=True):
        old.remember(row, body)
    vars(bench.log).update(vars(old))


async def test_what_was_never_seen_is_not_missed(bench: Bench, tmp_path: Path) -> None:
    await Witness(bench.store, tmp_path).check([ME])
    bench.say(OPENED)
    await Witness(bench.store, tmp_path).check([ME])


async def test_a_log_that_only_grew_is_the_same(bench: Bench, seen: Witness) -> None:
    await seen.check([ME])
    bench.say(fault(3))
    await seen.check([ME])


@pytest.mark.parametrize("size", [1, 2])
async def test_a_restored_log_is_refused(bench: Bench, seen: Witness, size: int) -> None:
    restore(bench, size)
    with pytest.raises(UnsafeDatabase, match="at position 2") as refused:
        await seen.check([ME])
    assert "do not post" in refused.value.remedy
    assert f"{ME}.json" in refused.value.remedy


async def test_a_restored_log_that_grew_again_is_refused(bench: Bench, seen: Witness) -> None:
    restore(bench, 1)
    for n in range(7, 20):
        bench.say(fault(n))
    with pytest.raises(UnsafeDatabase, match="at position 2"):
        await seen.check([ME])


async def test_once_a_person_removed_the_file_the_log_is_taken_as_it_is(
    bench: Bench, seen: Witness, tmp_path: Path
) -> None:
    restore(bench, 1)
    (tmp_path / "witness" / f"{ME}.json").unlink()
    await seen.check([ME])
    await seen.note([ME])
    await seen.check([ME])


async def test_another_log_of_the_same_name_is_no_regression(bench: Bench, seen: Witness) -> None:
    restore(bench, 0)
    await seen.check([ME])
    bench.say(AccountOpened(site="spirit", handle="another database"))
    await seen.check([ME])


async def test_a_file_that_says_nothing_is_not_passed_over(
    bench: Bench, seen: Witness, tmp_path: Path
) -> None:
    (tmp_path / "witness" / f"{ME}.json").write_text("{")
    with pytest.raises(UnsafeDatabase, match="cannot be read"):
        await seen.check([ME])
