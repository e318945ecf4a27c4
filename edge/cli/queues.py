"""`queues`: how the work queues stand; `queues rebuild`: what they lost comes back from the log."""

from __future__ import annotations

import typer

from edge.cli.acting import append_one, person, reason
from edge.cli.choosing import accounts_of
from edge.cli.opening import acting, asked, reading
from edge.cli.options import AccountOption, JsonOption, WhyOption
from edge.cli.output import say, say_json, table
from edge.cli.restoring import Restored, restored_in
from replay.moment import written
from schema.contracts import Standing
from schema.events.ordering import QueuesRebuilt

app = typer.Typer(invoke_without_command=True)


@app.callback()
def queues(context: typer.Context, json: JsonOption = False) -> None:
    """List the work queues: orders that wait or are in flight.

    With the time of the oldest. The queues are those of all accounts; `ghostproof parked list` has
    what was set aside.
    """
    if context.invoked_subcommand is not None:
        return
    found = [_plain(one) for one in asked(_standing())]
    if json:
        say_json({"queues": found})
    else:
        headings = ("queue", "waiting", "in flight", "oldest")
        say(table(headings, [tuple(one.values()) for one in found]))


@app.command()
def rebuild(why: WhyOption, account: AccountOption = None, json: JsonOption = False) -> None:
    """Send again each order without outcome that is in no queue.

    Workers may go on meanwhile: what waits or is in flight is left alone, parked orders too.
    """
    found = asked(_rebuild(reason(why), account))
    if json:
        say_json({"accounts": found})
        return
    for one in found:
        sent = ", ".join(f"{count} to {queue}" for queue, count in sorted(one.sent.items()))
        say(f"{one.account}: {one.open} open orders; sent again: {sent or 'none was missing'}")


async def _standing() -> list[Standing]:
    async with reading() as log:
        return await log.queues()


async def _rebuild(why: str, wanted: str | None) -> list[Restored]:
    found = []
    async with acting() as store:
        for account in await accounts_of(store, wanted):
            done = await restored_in(store, account)
            said = QueuesRebuilt(restored=done.sent, why=why, by=person())
            await append_one(store, account, said, approver=False)
            found.append(done)
    return found


def _plain(one: Standing) -> dict[str, object]:
    return {
        "queue": one.queue,
        "waiting": one.waiting,
        "in_flight": one.in_flight,
        "oldest": written(one.oldest) if one.oldest else None,
    }
