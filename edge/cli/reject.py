"""`reject PERMIT`: a person refuses a pending permit."""

from __future__ import annotations

from typing import Annotated

import typer

from edge.cli.acting import person, reason
from edge.cli.opening import asked
from edge.cli.options import AccountOption, JsonOption, WhyOption
from edge.cli.output import say, say_json
from edge.cli.verdicts import give_verdict
from replay.pending import Pending
from schema.events.permitting import PermitRejected, ReasonCode

app = typer.Typer()


@app.command()
def reject(
    permit: Annotated[str, typer.Argument(metavar="PERMIT", help="Its id, or the beginning.")],
    why: WhyOption,
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    """Refuse a pending permit. Its decision ends and the candidate is not replied to."""
    said = reason(why)

    def verdict(one: Pending) -> PermitRejected:
        return PermitRejected(
            **one.ids,
            spends=one.created,
            reason_code=ReasonCode.REFUSED_BY_PERSON,
            error_message=f"refused_by_person: {person()}: {said}",
            pipeline_source="",
        )

    done = asked(give_verdict(permit, account, verdict))
    if json:
        say_json(done)
    else:
        say(f"{done['account']}: {done['permit_id']} rejected at position {done['position']}")
