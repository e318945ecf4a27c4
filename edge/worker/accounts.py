"""Before the first tick: each account's log is open and knows the rules and the build in force."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from replay.reading import newest
from schema.contracts import Command, NewEvent, Store, Verdict
from schema.events.base import Event
from schema.events.operations import (
    AccountOpened,
    CapsSet,
    SettingsChanged,
    WorkerStarted,
    WorkerStopped,
)
from schema.ids import SYSTEM, Account, EventId, derive, named
from schema.rules import PermitRules, Rules

ACTOR = "worker"


@dataclass(frozen=True)
class Build:
    """Which worker this is: process, host and the build it runs."""

    worker_id: UUID
    git_sha: str
    version: str
    host: str
    pid: int
    roles: tuple[str, ...]
    settings_hash: str = ""  # of everything in the settings; without it, of the rules alone


async def open_accounts(store: Store, rules: dict[Account, Rules], build: Build) -> None:
    """Open the logs, put the rules in force on record, and say that this worker runs."""
    await store.open_account(SYSTEM)
    started = _started(build, rules)
    for account in sorted(rules):
        await open_log(store, account, rules[account])
        await _put_in_force(store, account, rules[account], build)
        await say(store, account, started, derive(build.worker_id, f"started:{account}"))
    await say(store, SYSTEM, started, derive(build.worker_id, "started"))


async def close_accounts(
    store: Store, accounts: Sequence[Account], build: Build, reason: str
) -> None:
    """Say in each log that this worker has ended."""
    for account in (*sorted(accounts), SYSTEM):
        stopped = WorkerStopped(worker_id=build.worker_id, reason=reason)
        await say(store, account, stopped, derive(build.worker_id, f"stopped:{account}"))


async def say(
    store: Store, account: Account, event: Event, event_id: UUID, *, approver: bool = False
) -> Verdict:
    """Append one event that nothing in the log caused."""
    new = NewEvent(EventId(event_id), event)
    return (await store.append(account, [Command((new,))], actor=ACTOR, approver=approver))[0]


async def open_log(store: Store, account: Account, rules: Rules) -> None:
    """Make the account's log, beginning with its epoch, unless it has begun."""
    await store.open_account(account)
    if (await store.heads()).get(account, 0) == 0:
        opened = AccountOpened(site=rules.site, handle=rules.handle)
        await say(store, account, opened, named(account, "opened"))


async def _put_in_force(store: Store, account: Account, rules: Rules, build: Build) -> None:
    changed, size = settings_event(rules), (await store.heads())[account]
    last = await newest(store, account, "settings_changed", size)
    if last and last[0].event == changed:
        return
    caps = caps_of(rules.permit)
    # the settings last: they are what the next boot compares with
    await say(store, account, caps, derive(build.worker_id, f"caps:{account}"), approver=True)
    settings_id = derive(build.worker_id, f"settings:{account}")
    await say(store, account, changed, settings_id, approver=True)


def caps_of(permit: PermitRules) -> CapsSet:
    """Make the event that gives the law these caps."""
    return CapsSet(
        clicks_per_hour=permit.per_hour,
        clicks_per_day=permit.per_day,
        clicks_per_author_per_day=permit.per_author_per_day,
        gap_s=permit.gap_s,
    )


def settings_event(rules: Rules) -> SettingsChanged:
    """Make the event that puts these rules in force."""
    return SettingsChanged(rules=rules, rules_hash=rules_hash([rules]))


def rules_hash(rules: Sequence[Rules]) -> str:
    """Return the SHA-256 of the rules as they are on the wire, in hex."""
    return hashlib.sha256(msgspec.json.encode(rules)).hexdigest()


def _started(build: Build, rules: dict[Account, Rules]) -> WorkerStarted:
    return WorkerStarted(
        worker_id=build.worker_id,
        git_sha=build.git_sha,
        version=build.version,
        host=build.host,
        pid=build.pid,
        roles=build.roles,
        settings_hash=build.settings_hash
        or rules_hash([rules[account] for account in sorted(rules)]),
    )
