"""`pending`: permits that wait for a person, with the exact text."""

from __future__ import annotations

import typer

from edge.cli.choosing import accounts_of
from edge.cli.opening import asked, reading
from edge.cli.options import AccountOption, JsonOption
from edge.cli.output import say, say_json
from replay.pending import Pending
from replay.pending import pending as waiting_in

app = typer.Typer()


@app.command()
def pending(account: AccountOption = None, json: JsonOption = False) -> None:
    """Print the permits that wait for a verdict.

    Each with its target and its exact text.
    """
    found = asked(_pending(account))
    if json:
        say_json({"pending": [_plain(one) for one in found]})
        return
    if not found:
        say("nothing waits for a person")
    for one in found:
        say(f"{one.permit_id}  ({one.account}, since {one.created_at:%Y-%m-%d %H:%M:%S})")
        say(f"  to {one.target_author}: {one.target_url}")
        say(f"  text: {_set_in(one.text) if one.text is not None else '(is being written)'}")
        if one.text_hash is not None:
            say(f"  approve with: ghostproof approve {one.permit_id} --text-hash {one.text_hash}")
        say()


async def _pending(account: str | None) -> list[Pending]:
    async with reading() as log:
        return [
            one for name in await accounts_of(log, account) for one in await waiting_in(log, name)
        ]


def _set_in(text: str) -> str:
    """Keep the text's further lines apart from ours, which they might be made to look like."""
    return text.replace("\n", "\n        ")


def _plain(one: Pending) -> dict[str, object]:
    names = (
        "account",
        "permit_id",
        "created_at",
        "target_url",
        "target_author",
        "text",
        "text_hash",
    )
    return {name: getattr(one, name) for name in names}
