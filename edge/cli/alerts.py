"""`alerts acknowledge`: a person has seen an alert; it ends when its trouble does."""

from __future__ import annotations

from typing import Annotated

import typer

from edge.cli.acting import append_one, person, reason
from edge.cli.choosing import accounts_of
from edge.cli.opening import acting, asked
from edge.cli.options import AccountOption, JsonOption, WhyOption
from edge.cli.output import say, say_json
from projectors.alerts import AlertRow, AlertStatus, alerts
from replay.folding import fold_log
from schema.errors import BadInput
from schema.events.alerting import Alert, AlertAcknowledged

AlertArgument = Annotated[
    str, typer.Argument(metavar="ALERT_ID", help="As `show alerts --json` has it, or KIND/SUBJECT.")
]
ENDS = {
    Alert.SCHEDULER_SILENT: "it is over when a slot starts",
    Alert.FETCH_UNFINISHED: "it is over when the fetch ends",
    Alert.PROFILE_UNREAD: "it is over when our own profile is read",
    Alert.SHA_UNEXPECTED: "it is over when the worker runs the expected build, or stops",
    Alert.GHOST: "it is over with `ghostproof ghost acknowledge {subject} --why …`",
    Alert.SITE_CHALLENGED: "it is over with `ghostproof allow-posting --why …`",
    Alert.WORK_PARKED: "it is over with `ghostproof parked requeue` or `drop`",
}
"""What ends an alert that acknowledging does not end."""

app = typer.Typer(no_args_is_help=True)


@app.callback()
def alerts_() -> None:
    """Answer for alerts; `ghostproof show alerts` lists them."""


@app.command()
def acknowledge(
    alert: AlertArgument,
    why: WhyOption,
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    """Say that a person has seen the alert, and what was done."""
    kind, subject = named(alert)
    said = AlertAcknowledged(alert=kind, subject=subject, why=reason(why), by=person())
    done = asked(_acknowledge(said, account))
    if json:
        say_json(done)
        return
    say(f"{done['account']}: {done['alert_id']} acknowledged at position {done['position']}")
    if kind in ENDS and done["stands"]:
        say(ENDS[kind].format(subject=subject))


def named(alert: str) -> tuple[Alert, str]:
    """Return the kind and the subject of ``kind:subject`` or ``kind/subject``.

    Raises:
        BadInput: there is no such kind, or no subject.
    """
    at = min((place for sign in ":/" if (place := alert.find(sign)) > 0), default=len(alert))
    kind, subject = alert[:at], alert[at + 1 :]
    if kind not in list(Alert):
        raise BadInput(f"no kind of alert in {alert!r}", remedy=f"kinds are: {', '.join(Alert)}")
    if not subject:
        raise BadInput(f"{alert!r} does not say which one", remedy=f"write {kind}/SUBJECT")
    return Alert(kind), subject


async def _acknowledge(said: AlertAcknowledged, wanted: str | None) -> dict[str, object]:
    alert_id = f"{said.alert}:{said.subject}"
    async with acting() as store:
        for account in await accounts_of(store, wanted):
            row: AlertRow | None = (await fold_log(alerts, store, account)).get(alert_id)
            if row is None:
                continue
            position = await append_one(store, account, said, approver=False)
            stands = row.status is not AlertStatus.CLEARED
            return {
                "account": account,
                "alert_id": alert_id,
                "position": position,
                "stands": stands,
            }
    raise BadInput(f"no alert {alert_id!r}", remedy="`ghostproof show alerts` lists them")
