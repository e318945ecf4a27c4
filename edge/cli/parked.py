"""`parked list|requeue|drop`: orders that were read too often wait for a person."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from edge.cli.acting import ACTOR, append_one, command_of, person, reason
from edge.cli.choosing import accounts_of, one_account
from edge.cli.opening import acting, asked, reading
from edge.cli.options import AccountOption, JsonOption, WhyOption
from edge.cli.output import say, say_json, table
from replay.moment import written
from replay.open_orders import Parked, open_orders
from replay.source import Log
from schema.errors import AppendRefused, BadInput
from schema.events.ordering import OrderDropped, OrderRequeued

OrderArgument = Annotated[
    int, typer.Argument(metavar="POSITION", min=0, help="The order's position in the log.")
]

app = typer.Typer(no_args_is_help=True)


@app.callback()
def parked() -> None:
    """Look at orders that were set aside, and try or drop them."""


@app.command("list")
def list_(account: AccountOption = None, json: JsonOption = False) -> None:
    """List the parked orders with the last error of each."""
    found = asked(_all(account))
    if json:
        say_json({"parked": [_plain(one) for one in found]})
    elif not found:
        say("nothing is parked")
    else:
        rows = [tuple(_plain(one).values()) for one in found]
        headings = ("account", "position", "queue", "parked at", "reads", "last error")
        say(table(headings, rows))


@app.command()
def requeue(
    position: OrderArgument,
    why: WhyOption,
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    """Put a parked order into its queue again. It may be read five times more."""
    done = asked(_requeue(position, reason(why), account))
    _tell(done, "is in its queue again", json=json)


@app.command()
def drop(
    position: OrderArgument,
    why: WhyOption,
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    """Give a parked order up. Nobody will carry it out."""
    done = asked(_drop(position, reason(why), account))
    _tell(done, "is dropped", json=json)


async def _all(wanted: str | None) -> list[Parked]:
    async with reading() as log:
        return [
            one
            for name in await accounts_of(log, wanted)
            for one in (await open_orders(log, name)).parked.values()
        ]


async def _requeue(position: int, why: str, wanted: str | None) -> dict[str, object]:
    async with acting() as store:
        order = await _find(store, position, wanted)
        said = OrderRequeued(queue=order.queue, order_position=position, why=why, by=person())
        place = (order.queue, position)
        verdict = await store.requeue(order.account, place, command_of(said), actor=ACTOR)
        if not verdict.stands:
            raise AppendRefused(f"{order.account}: {verdict.reason}", code=verdict.code)
    return _done(order, verdict.position)


async def _drop(position: int, why: str, wanted: str | None) -> dict[str, object]:
    async with acting() as store:
        order = await _find(store, position, wanted)
        said = OrderDropped(queue=order.queue, order_position=position, why=why, by=person())
        return _done(order, await append_one(store, order.account, said, approver=False))


async def _find(store: Log, position: int, wanted: str | None) -> Parked:
    account = await one_account(store, wanted)
    found = (await open_orders(store, account)).parked.get(position)
    if found is None:
        message = f"no parked order at position {position} of {account}"
        raise BadInput(message, remedy="`ghostproof parked list` shows them")
    return found


def _done(order: Parked, at: int | None) -> dict[str, object]:
    return {
        "account": order.account,
        "order_position": order.position,
        "queue": order.queue,
        "position": at,
    }


def _tell(done: dict[str, object], what: str, *, json: bool) -> None:
    if json:
        say_json(done)
    else:
        order = f"the order at {done['order_position']} for {done['queue']}"
        say(f"{done['account']}: {order} {what}, at position {done['position']}")


def _plain(one: Parked) -> dict[str, Any]:
    return {
        "account": one.account,
        "position": one.position,
        "queue": one.queue,
        "parked_at": written(one.parked_at),
        "reads": one.reads,
        "last_error": one.last_error,
    }
