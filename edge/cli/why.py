"""`why POST`: the chain behind a post, or that it is a ghost."""

from __future__ import annotations

from typing import Annotated

import typer

from edge.cli.choosing import accounts_of
from edge.cli.opening import asked, reading
from edge.cli.options import AccountOption, JsonOption
from edge.cli.output import say, say_json, table
from edge.cli.why_rows import GHOST_IS, click_rows, ghost_rows, next_step, permit_rows
from replay.chain import Explained, Picked, Why
from replay.chain import why as explain_post
from replay.told import Told

EXIT_CODES = {Explained.EXPLAINED: 0, Explained.GHOST: 1, Explained.UNKNOWN: 3}

app = typer.Typer()


@app.command()
def why(
    post: Annotated[str, typer.Argument(metavar="POST", help="A post's id or address.")],
    account: AccountOption = None,
    json: JsonOption = False,
) -> int:
    """Say why a post exists, or that it is a ghost.

    Its chain back to the judge, its permit, its cost and every event on the way. Exits 0 when it is
    explained, 1 for a ghost, 3 when the log has never seen it.
    """
    found = asked(_why(post, account))
    if json:
        say_json(found)
    else:
        show(found)
    return EXIT_CODES[found.verdict]


async def _why(post: str, account: str | None) -> Why:
    async with reading() as store:
        answers = [
            await explain_post(store, one, post) for one in await accounts_of(store, account)
        ]
    return min(answers, key=lambda answer: EXIT_CODES[answer.verdict])


def show(found: Why) -> None:
    """Print the answer for a person."""
    say(f"{found.post_id}: {found.verdict.upper()}" + (f"  {found.url}" if found.url else ""))
    if found.note:
        say(found.note)
    if found.ghost is not None:
        say(GHOST_IS[found.ghost.kind])
    if found.missing:
        say(f"missing: {', '.join(found.missing)}")
    if found.permit is not None:
        say()
        say(_facts(found))
    if found.ghost is not None:
        say()
        say(table(("", ""), ghost_rows(found.ghost)))
    if found.events:
        say()
        say(timeline(found.events))
    if found.ghost is not None and (advice := next_step(found)):
        say()
        say(advice)


def timeline(events: tuple[Told, ...]) -> str:
    """Lay out events one a line."""
    rows = [(one.position, one.at, one.type, one.actor, one.gist) for one in events]
    return table(("position", "at", "event", "said by", ""), rows)


def _facts(found: Why) -> str:
    permit, chain = found.permit, found.chain
    rows = [
        ("evaluation", chain.candidate_evaluation_id),
        ("queue item", chain.queue_id),
        ("scheduler run", chain.scheduler_run_id),
        ("decision", chain.decision_id),
        ("permit", chain.permit_id),
        ("post", chain.posted_id),
        *permit_rows(permit, found.superseded),
        *click_rows(found.click, permit),
        ("pipeline source", permit and permit.pipeline_source),
        ("source and style", found.choice and _choice(found.choice)),
        ("cost", f"{found.cost_usd:.6f} USD"),
    ]
    return table(("link", "id"), rows)


def _choice(picked: Picked) -> str:
    how = "explored" if picked.explored else "the best so far"
    learned = f"coefficients v{picked.arms_version}" if picked.arms_version else "nothing learned"
    likely = "" if picked.propensity is None else f", picked in {picked.propensity:.0%} of draws"
    return f"{picked.arm}: {how}, {learned}{likely}"
