"""`proof`: the newest proof rollup, field by field."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import typer

from edge.cli.choosing import one_posting_account
from edge.cli.opening import asked, reading
from edge.cli.options import AccountOption, AtOption, JsonOption
from edge.cli.output import notice, say, say_json, table
from replay.certification.reading import Place, place_of
from replay.moment import NOW, Moment, parse_moment, written
from replay.reading import newest
from schema.contracts import Recorded
from schema.errors import StoreError

OLD = timedelta(minutes=25)  # two rollups were missed, with time to spare
OLD_EXIT = 1

app = typer.Typer()


@app.command()
def proof(at: AtOption = None, account: AccountOption = None, json: JsonOption = False) -> int:
    """Print the newest proof rollup. Exits 1 when it is old, 3 when there is none."""
    moment = parse_moment(at) if at is not None else NOW
    place, rollup = asked(_newest(account, moment))
    facts = {"account": rollup.account, "at": written(rollup.at), "position": rollup.position}
    fields: dict[str, Any] = {**msgspec.structs.asdict(rollup.event), **facts}
    if json:
        say_json(fields)
    else:
        say(table(("field", "value"), fields.items()))
    age = place.at - rollup.at
    if age <= OLD:
        return 0
    minutes = int(age.total_seconds() // 60)
    notice(f"it is {minutes} min old: one is due every 10 min, so no worker is at it")
    return OLD_EXIT


async def _newest(wanted: str | None, moment: Moment) -> tuple[Place, Recorded[Any]]:
    async with reading() as store:
        account = await one_posting_account(store, wanted)
        place = await place_of(store, account, moment, datetime.now(UTC))
        found = await newest(store, account, "proof_rolled_up", place.size)
    if not found:
        message = f"the log of {account} has no proof rollup" + (
            " by then" if moment != NOW else ""
        )
        raise StoreError(message, remedy="a worker makes one every 10 min: `ghostproof run`")
    return place, found[0]
