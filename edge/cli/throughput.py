"""`throughput`: what the last half hour brought, against what a healthy one brings."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec
import typer

from edge.cli.choosing import posting_accounts
from edge.cli.opening import asked, reading
from edge.cli.options import AccountOption, AtOption, JsonOption
from edge.cli.output import say, say_json, table
from replay.moment import NOW, Moment, parse_moment
from replay.throughput import Throughput
from replay.throughput import throughput as throughput_of
from schema.errors import BadInput

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
DAYS_MAX = 31  # further back nobody asks how fast production is

app = typer.Typer()


@app.command()
def throughput(
    *,
    window: Annotated[
        str, typer.Option("--window", metavar="TIME", help="How far back: 90s, 30m, 2h, 1d.")
    ] = "30m",
    at: AtOption = None,
    account: AccountOption = None,
    json: JsonOption = False,
) -> int:
    """Print target, actual and PASS or FAIL of each part.

    Without an account, the worst of all. The targets are those of half an hour: another window has
    its share of them, but of the queue, and never more posts than the caps allow. Exits 0 when all
    pass, 1 when one fails.
    """
    moment = parse_moment(at) if at is not None else NOW
    found = asked(_throughput(account, moment, _length(window)))
    chosen = max(found, key=lambda one: one.failed)
    if json:
        say_json(_as_object(chosen, found))
    else:
        _show(chosen, found, window)
    return 0 if chosen.ok else 1


async def _throughput(wanted: str | None, moment: Moment, window: timedelta) -> list[Throughput]:
    now = datetime.now(UTC)
    async with reading() as store:
        accounts = await posting_accounts(store, wanted, moment)
        return [await throughput_of(store, account, moment, window, now) for account in accounts]


def _length(text: str) -> timedelta:
    """Read a length of time such as ``30m``.

    Raises:
        BadInput: it is none, or is nothing, or longer than a month.
    """
    found = re.fullmatch(r"([0-9]{1,7})([smhd])", text.strip())
    length = timedelta(**{UNITS[found[2]]: int(found[1])}) if found else timedelta()
    if not timedelta() < length <= timedelta(days=DAYS_MAX):
        remedy = f"give a number and a unit, up to {DAYS_MAX}d: 90s, 30m, 2h, 1d"
        raise BadInput(f"no window of time: {text!r}", remedy=remedy)
    return length


def _as_object(chosen: Throughput, found: list[Throughput]) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(chosen)
    return {**fields, "accounts": {one.account: one.ok for one in found}}


def _show(chosen: Throughput, found: list[Throughput], window: str) -> None:
    if len(found) > 1:
        say(table(("account", "passes"), [(one.account, _word(one.ok)) for one in found]))
        say()
    rows = [(row.name, row.wanted, row.actual, _word(row.ok)) for row in chosen.rows]
    say(table(("", "target", "actual", "result"), rows))
    say()
    say(f"{_word(chosen.ok)}  ({chosen.account}, {window.strip()} up to {chosen.at})")


def _word(ok: bool) -> str:
    return "PASS" if ok else "FAIL"
