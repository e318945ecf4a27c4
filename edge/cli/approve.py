"""`approve PERMIT`: a person allows one click with exactly this text."""

from __future__ import annotations

from typing import Annotated

import typer

from edge.cli.acting import person
from edge.cli.opening import asked
from edge.cli.options import AccountOption, JsonOption
from edge.cli.output import say, say_json
from edge.cli.verdicts import give_verdict
from replay.pending import Pending
from schema.errors import BadInput
from schema.events.permitting import PermitApproved

app = typer.Typer()


@app.command()
def approve(
    permit: Annotated[str, typer.Argument(metavar="PERMIT", help="Its id, or the beginning.")],
    text_hash: Annotated[
        str, typer.Option("--text-hash", metavar="SHA256", help="Of the text as you read it.")
    ],
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    """Approve a pending permit for exactly the text you read.

    `ghostproof pending` shows each text with its hash.
    """

    def verdict(one: Pending) -> PermitApproved:
        if one.text_hash is None or one.text_hash != text_hash.lower():
            message = f"permit {one.permit_id} is not for the text with this hash"
            raise BadInput(message, remedy="read it again: `ghostproof pending`")
        return PermitApproved(
            **one.ids,
            spends=one.created,
            ttl_s=one.ttl_s,
            approved_by=person(),
            text_hash=one.text_hash,
        )

    done = asked(give_verdict(permit, account, verdict))
    if json:
        say_json(done)
    else:
        say(f"{done['account']}: {done['permit_id']} approved at position {done['position']}")
