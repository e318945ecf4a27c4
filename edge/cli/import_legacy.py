"""`import-legacy FILE…`: an older system's tables, as history from before the log."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from edge.cli.acting import person
from edge.cli.opening import acting, asked
from edge.cli.options import AccountOption, JsonOption
from edge.cli.output import notice, say, say_json, table
from edge.cli.progress import progress
from edge.legacy.appending import Imported, append_file
from edge.legacy.checking import check
from edge.legacy.events import Importing
from edge.legacy.tables import Table, table_of
from edge.settings.rules import rules_for
from edge.settings.settings import Settings, load_settings
from edge.worker.accounts import open_log
from replay.source import Log
from schema.errors import BadInput
from schema.ids import SYSTEM, Account

PARTIAL = 1

app = typer.Typer()


@app.command("import-legacy")
def import_legacy(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="CSV or JSON lines, UTF-8.")],
    named: Annotated[
        str | None,
        typer.Option("--table", metavar="NAME", help="Which table; else the file's name tells."),
    ] = None,
    account: AccountOption = None,
    json: JsonOption = False,
) -> int:
    """Import an older system's rows as history.

    It is history from before the log: targets answered then are not answered again, posts made
    then are no ghosts. Every file is checked first: one bad row, and nothing is imported. The same
    row twice changes nothing, so an import that was interrupted is simply run again. Exits 1 when
    rows were known otherwise.
    """
    tables = [table_of(file, named) for file in files]
    done = asked(_import(list(zip(files, tables, strict=True)), account, load_settings()))
    if json:
        say_json({"account": done[0], "files": done[1]})
    else:
        _tell(*done)
    return PARTIAL if any(one.conflicting for one in done[1]) else 0


async def _import(
    files: list[tuple[Path, Table]], wanted: str | None, settings: Settings
) -> tuple[Account, list[Imported]]:
    async with acting(begins=True) as store:
        account = _chosen(await store.accounts(), wanted, settings)
        into = Importing(account, await _epoch(store, account), datetime.now(UTC))
        checked = [check(file, table, into, progress.rows) for file, table in files]
        if into.epoch is None:
            await open_log(store, account, rules_for(settings, account))
        by = person()
        return account, [await append_file(store, one, into, by, progress.rows) for one in checked]


def _chosen(logged: list[Account], wanted: str | None, settings: Settings) -> Account:
    """Return the wanted account, or the only one that the log or the settings have.

    Raises:
        BadInput: there is no such account, or there are several.
    """
    known = sorted({*logged, *map(Account, settings.accounts)} - {SYSTEM})
    listed = ", ".join(known) or "none yet: `ghostproof init` writes one"
    if wanted is not None and wanted not in known:
        raise BadInput(f"no account {wanted!r}", remedy=f"accounts: {listed}")
    if wanted is None and len(known) != 1:
        raise BadInput("which account?", remedy=f"add --account with one of: {listed}")
    return Account(wanted or known[0])


async def _epoch(log: Log, account: Account) -> datetime | None:
    """Return when the account's log began; None when it has not begun."""
    if not (await log.heads()).get(account):
        return None
    return (await log.event(account, 0)).at


def _tell(account: Account, done: list[Imported]) -> None:
    headings = ("file", "table", "rows", "posts", "new", "known already", "known otherwise")
    rows = [
        (one.file, one.table, one.rows, one.posts, one.new, one.known, one.conflicting)
        for one in done
    ]
    say(f"{account}: history from before the log")
    say(table(headings, rows))
    for one in done:
        if one.ignored_columns:
            notice(f"{one.file}: columns not kept: {', '.join(one.ignored_columns)}")
        if one.conflicting:
            notice(f"{one.file}: {_conflicts(one)}")


def _conflicts(one: Imported) -> str:
    lines = ", ".join(map(str, one.conflicts))
    more = ", …" if one.conflicting > len(one.conflicts) else ""
    return f"known already with other values, which stay: line {lines}{more}"
