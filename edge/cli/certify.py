"""`certify`: whether production is alive and ghost-free, from the log alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from edge.cli.choosing import accounts_of
from edge.cli.opening import asked, reading
from edge.cli.options import AccountOption, AtOption, JsonOption, SinceOption
from edge.cli.output import say, say_json, table
from replay.certification import Certificate, Question, worst
from replay.certification import certify as certify_account
from replay.moment import NOW, Moment, parse_moment
from replay.source import Log
from schema.errors import BadInput
from schema.ids import Account

app = typer.Typer()


@app.command()
def certify(
    *,
    at: AtOption = None,
    since: SinceOption = None,
    expect_sha: Annotated[
        str | None, typer.Option("--expect-sha", metavar="SHA", help="The build that should run.")
    ] = None,
    account: AccountOption = None,
    json: JsonOption = False,
) -> int:
    """Print checks A to G and a verdict; without an account, the worst of all.

    Exits 0 operational, 1 partially, 2 not operational, 3 when it could not answer.
    """
    until = parse_moment(at) if at else NOW
    start = parse_moment(since) if since else NOW
    found = asked(_certify(account, until, start, expect_sha))
    chosen = worst(found)
    if json:
        say_json(chosen)
    else:
        _show(chosen, found)
    return chosen.exit_code


async def _certify(
    wanted: str | None, until: Moment, since: Moment, expect_sha: str | None
) -> list[Certificate]:
    async with reading() as store:
        found = []
        for account in await accounts_of(store, wanted):
            at = await _time_of(store, account, until)
            question = Question(at=at, until=until, since=since, expect_sha=expect_sha)
            found.append(await certify_account(store, account, question))
        return found


async def _time_of(store: Log, account: Account, moment: Moment) -> datetime:
    if moment.at is not None:
        return moment.at
    if moment.position is None:
        return datetime.now(UTC)
    head = (await store.heads())[account]
    if moment.position >= head:
        message = f"no position {moment.position} in the log of {account}"
        raise BadInput(message, remedy=f"it has {head} events: 0 to {head - 1}")
    return (await store.event(account, moment.position)).at


def _show(chosen: Certificate, found: list[Certificate]) -> None:
    if len(found) > 1:
        say(table(("account", "verdict"), [(one.account, one.verdict) for one in found]))
        say()
    rows = [
        (one.id, one.name, one.status.upper(), one.detail, one.evidence[-5:])
        for one in chosen.checks
    ]
    say(table(("", "check", "result", "detail", "positions"), rows))
    say()
    say(f"{chosen.verdict}  ({chosen.account}, at {chosen.at})")
    if chosen.blocker is not None:
        say(f"blocker: {chosen.blocker}")
        say(f"→ {chosen.next_action}")
