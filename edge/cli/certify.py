"""`certify`: whether production is alive and ghost-free, from the log alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from edge.cli.certificates import as_object, show
from edge.cli.choosing import posting_accounts
from edge.cli.opening import asked, reading
from edge.cli.options import AccountOption, AtOption, JsonOption
from edge.cli.output import say_json
from edge.cli.recording import record
from replay.certification import Certificate, Question, worst
from replay.certification import certify as certify_account
from replay.moment import NOW, parse_moment
from schema.errors import BadInput

app = typer.Typer()


@app.command()
def certify(  # noqa: PLR0913 -- one parameter per option
    *,
    at: AtOption = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="TIME|POSITION", help="F and G ask from here, not boot."),
    ] = None,
    expect_sha: Annotated[
        str | None, typer.Option("--expect-sha", metavar="SHA", help="The build that should run.")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--record", help="Keep the answer in the log, as an event.")
    ] = False,
    account: AccountOption = None,
    json: JsonOption = False,
) -> int:
    """Print checks A to G and a verdict.

    Without an account, the worst of all. Exits 0 operational, 1 partially, 2 not operational, 3
    when it could not answer.
    """
    question = Question(
        now=datetime.now(UTC),
        until=parse_moment(at) if at is not None else NOW,
        since=parse_moment(since) if since is not None else NOW,
        expect_sha=_named(expect_sha),
    )
    found = asked(_certify(account, question))
    recorded = asked(record(found)) if keep else {}
    chosen = worst(found)
    if json:
        say_json(as_object(chosen, found, recorded))
    else:
        show(chosen, found, recorded)
    return chosen.exit_code


def _named(sha: str | None) -> str | None:
    if sha is not None and not sha.strip():
        raise BadInput("--expect-sha is empty", remedy="give the commit: $(git rev-parse HEAD)")
    return sha.strip() if sha else None


async def _certify(wanted: str | None, question: Question) -> list[Certificate]:
    async with reading() as store:
        accounts = await posting_accounts(store, wanted, question.until, question.since)
        return [await certify_account(store, account, question) for account in accounts]
