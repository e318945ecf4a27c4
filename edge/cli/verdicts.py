"""A person's verdict on one pending permit."""

from __future__ import annotations

from collections.abc import Callable

from edge.cli.acting import append_one
from edge.cli.choosing import accounts_of
from edge.cli.opening import acting
from replay.pending import Pending, pending
from schema.errors import BadInput
from schema.events.base import Event


async def give_verdict(
    permit_id: str, wanted: str | None, verdict: Callable[[Pending], Event]
) -> dict[str, object]:
    """Append the verdict on the permit that this id, or its unique beginning, names.

    Raises:
        BadInput: no or several pending permits have such an id.
        AppendRefused: somebody was quicker.
    """
    async with acting() as store:
        accounts = await accounts_of(store, wanted)
        waiting = [one for account in accounts for one in await pending(store, account)]
        found = [one for one in waiting if one.permit_id.startswith(permit_id.lower())]
        if len(found) != 1:
            message = f"{len(found) or 'no'} pending permits have the id {permit_id!r}"
            raise BadInput(message, remedy="`ghostproof pending` lists them")
        position = await append_one(store, found[0].account, verdict(found[0]), approver=True)
    return {
        "account": found[0].account,
        "permit_id": found[0].permit_id,
        "position": position,
    }
