"""Accounts: before the first tick each log knows its epoch, its rules and who runs."""

from __future__ import annotations

import pytest

from edge.worker.accounts import close_accounts, open_accounts
from schema.errors import DatabaseUnreachable
from schema.events.operations import (
    AccountOpened,
    CapsSet,
    SettingsChanged,
    WorkerStarted,
    WorkerStopped,
)
from schema.ids import SYSTEM, named
from schema.rules import PermitRules, Rules
from tests.handlers.given import ME
from tests.performers.orders import Bench
from tests.worker.workers import BUILD

RULES = Rules(handle="me", site="spirit", permit=PermitRules(per_hour=7))


async def boot(bench: Bench, rules: Rules = RULES, worker: str = "one") -> None:
    build = type(BUILD)(**vars(BUILD) | {"worker_id": named(worker)})
    await open_accounts(bench.store, {ME: rules}, build)


def types(bench: Bench) -> list[type]:
    return [type(row.event) for row in bench.log.rows]


async def test_a_new_log_begins_with_its_epoch_and_the_rules(bench: Bench) -> None:
    await boot(bench)
    assert types(bench) == [AccountOpened, CapsSet, SettingsChanged, WorkerStarted]
    assert bench.log.rows[0].event == AccountOpened(site="spirit", handle="me")
    assert bench.log.caps.clicks_per_hour == 7
    [system] = bench.store.logs[SYSTEM].rows
    assert isinstance(system.event, WorkerStarted)


async def test_rules_in_force_already_are_not_said_again(bench: Bench) -> None:
    await boot(bench)
    await boot(bench, worker="two")
    assert types(bench)[4:] == [WorkerStarted]


async def test_changed_rules_come_into_force_with_the_next_worker(bench: Bench) -> None:
    await boot(bench)
    await boot(bench, Rules(handle="me", site="spirit"), worker="two")
    assert types(bench)[4:] == [CapsSet, SettingsChanged, WorkerStarted]
    assert bench.log.caps.clicks_per_hour == 4


@pytest.mark.parametrize("lost", ["caps_set", "settings_changed"])
async def test_a_boot_that_broke_off_is_made_good_by_the_next(bench: Bench, lost: str) -> None:
    bench.store.lost_before = lost
    with pytest.raises(DatabaseUnreachable):
        await boot(bench)
    bench.store.lost_before = ""
    await boot(bench, worker="two")
    assert bench.log.caps.clicks_per_hour == 7
    assert bench.said(SettingsChanged)[-1].rules == RULES


async def test_a_worker_that_ends_says_why_in_every_log(bench: Bench) -> None:
    await boot(bench)
    await close_accounts(bench.store, [ME], BUILD, "drained")
    for log in (bench.log, bench.store.logs[SYSTEM]):
        assert log.rows[-1].event == WorkerStopped(worker_id=BUILD.worker_id, reason="drained")
