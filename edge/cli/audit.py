"""`audit`: every invariant over the whole log, and every read model against it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import typer

from edge.cli.choosing import accounts_of
from edge.cli.opening import asked, reading
from edge.cli.options import AccountOption, JsonOption
from edge.cli.output import say, say_json, table
from edge.cli.progress import progress
from projectors import VIEWS
from replay.audit import Audit, Finding, audit_entries, summary
from replay.entry import Entry, entry_of_row
from replay.live import drift_of
from schema.errors import NoSuchAccount
from schema.ids import SYSTEM, Account

if TYPE_CHECKING:
    from eventstore.log_reading import LogReader

PAGE = 1000

app = typer.Typer()


@app.command()
def audit(account: AccountOption = None, json: JsonOption = False) -> int:
    """Check every promise that the log alone can answer. Exits 1 when one is broken."""
    found = asked(_audit(account))
    if json:
        say_json(found)
    else:
        _show(found)
    return 0 if found.ok else 1


async def _audit(wanted: str | None) -> Audit:
    parts: list[tuple[int, list[Finding]]] = []
    async with reading() as store:
        for account in await _accounts(store, wanted):
            head = (await store.heads())[account]
            entries = _entries(store, account, head)
            events, findings = await audit_entries(account, entries, head=head)
            parts.append((events, [*findings, await _views(store, account)]))
    return summary(parts)


async def _accounts(store: LogReader, wanted: str | None) -> list[Account]:
    """Return the accounts to audit: the log of the program itself is one of them."""
    if wanted is not None:
        return await accounts_of(store, wanted)
    known = await store.accounts()
    if not known:
        raise NoSuchAccount("the log has no account yet", remedy="`ghostproof run`")
    return known


async def _entries(store: LogReader, account: Account, head: int) -> AsyncIterator[Entry]:
    after = -1
    while after < head - 1:
        rows = await store.rows(account, after=after, limit=min(PAGE, head - 1 - after))
        for row in rows:
            yield entry_of_row(row)
        if not rows:
            return
        after = rows[-1].position
        progress.reached("audit", after + 1, head)


async def _views(store: LogReader, account: Account) -> Finding:
    """Return I25: the live rows are what a fresh fold makes."""
    views = () if account == SYSTEM else tuple(VIEWS.values())
    drifts = [await drift_of(store, view, account) for view in views]
    bad = next((drift for drift in drifts if not drift.ok), None)
    return Finding(
        id="I25",
        ok=bad is None,
        checked=sum(drift.rows for drift in drifts),
        first_violation=bad.at if bad else None,
        says="every read model is the fold of the log",
        why=f"{bad.view}: {bad.differing} rows differ" if bad else "",
        account=account if bad else "",
    )


def _show(found: Audit) -> None:
    rows = [
        (one.id, "ok" if one.ok else "VIOLATED", one.checked, one.first_violation, one.says)
        for one in found.invariants
    ]
    say(table(("id", "result", "checked", "first violation", "promise"), rows))
    for one in found.invariants:
        if not one.ok:
            say(f"{one.id} in {one.account} at {one.first_violation}: {one.why}")
    say(f"{found.events} events: {'every promise holds' if found.ok else 'a promise is broken'}")
