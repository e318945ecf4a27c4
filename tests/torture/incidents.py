"""Incidents: one of each kind on a real forum, each told afterwards by `ghostproof why`.

`python -m tests.torture.incidents` prints them: a lost answer, a kill after the click, a pause
between the last look and the send, and a post made by hand.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable

from edge.failpoints import CRASH
from edge.sandbox.visitor import post_as
from schema.events.ghosts import GhostDetected
from schema.events.posting import OutcomeUnknown, PostingSuccess
from tests.torture.ground import Ground, laid
from tests.torture.pausing import pause_between_look_and_send
from tests.torture.program import end, running
from tests.torture.quiet import quieten, still_open
from tests.torture.truth import faults, settled_by_looking

WITHIN_S = 120.0
BY_HAND = "Typed by hand, past the program: nothing in its log will explain this one."
Tell = Callable[[str], None]


async def tell_all(tell: Tell) -> list[str]:
    """Bring about each incident, tell it, and return what was found to be wrong."""
    async with laid() as ground:
        for name, happen in INCIDENTS.items():
            post = await happen(ground)
            tell(f"\n## {name}\n\n{TOLD[name]}\n\n$ ghostproof why {post}\n")
            tell(ground.ask("why", post).stdout)
        hand_made = frozenset({post})
        return faults(ground, hand_made=hand_made)


async def lost_answer(ground: Ground) -> str:
    """Let the forum write the post and its answer never arrive."""
    ground.front.losing = True
    async with running(ground, {}):
        await _until(ground, OutcomeUnknown)
        ground.front.losing = False
    return await _settled(ground)


async def killed_after_click(ground: Ground) -> str:
    """Kill the worker as soon as the page shows a first sign of the answer."""
    async with running(ground, {CRASH: "answered"}) as process:
        await asyncio.wait_for(process.wait(), WITHIN_S)
    return await _settled(ground)


async def paused(ground: Ground) -> str:
    """Freeze the gate for longer than the budget, between its last look and the send."""
    await ground.log.catch_up()
    before = _sightings(ground)
    await pause_between_look_and_send(ground)
    await quieten(ground)
    return (_sightings(ground) - before).pop()


async def by_hand(ground: Ground) -> str:
    """Post as somebody who logs in as our account."""
    topic_id = ground.log.of(PostingSuccess)[0].event.target_post_id
    accounts, bot = ground.site.accounts(), ground.site.bot
    ground.hold_posting(held=True)
    post = await asyncio.to_thread(post_as, ground.front.url, accounts, bot, topic_id, BY_HAND)
    async with running(ground, {}) as process:
        await _until(ground, GhostDetected)
        # a worker that drains in the middle of a slot leaves it to the next one
        await ground.log.until(
            lambda: not still_open(ground.log), within_s=WITHIN_S, what="nothing is open"
        )
        await end(process, signal.SIGTERM)
    await ground.log.catch_up()
    return post


INCIDENTS: dict[str, Callable[[Ground], Awaitable[str]]] = {
    "A lost answer": lost_answer,
    "A kill after the click": killed_after_click,
    "A pause between look and send": paused,
    "A ghost by hand": by_hand,
}


TOLD = {
    "A lost answer": (
        "The forum writes the post and its answer never arrives. The outcome is unknown; nobody\n"
        "clicks again. The next look at the profile finds the post and settles it."
    ),
    "A kill after the click": (
        "SIGKILL, as soon as the page shows a first sign of the answer. The order comes again to\n"
        "another worker, which does not click but asks the gate's journal, and looks at the post."
    ),
    "A pause between look and send": (
        "The gate is frozen for longer than the click's budget, where no check can help any more.\n"
        "The click leaves late; the gate measures it, and the post is explained all the same."
    ),
    "A ghost by hand": (
        "Somebody logs in as our account and posts. Nothing in the log explains it: the next look\n"
        "at the profile calls it a ghost, and says which links of its chain are missing."
    ),
}
"""What was done to the program, and what to look for in the story."""


async def _until(ground: Ground, kind: type) -> None:
    await ground.log.catch_up()
    before = len(ground.log.events)
    await ground.log.until(
        lambda: any(isinstance(one.event, kind) for one in ground.log.events[before:]),
        within_s=WITHIN_S,
        what=kind.__name__,
    )


async def _settled(ground: Ground) -> str:
    """Let a healthy worker settle it; return the newest post that was found after a fault."""
    before = _sightings(ground)
    await quieten(ground)
    new = [one for one in ground.log.of(PostingSuccess) if one.event.posted_id not in before]
    found = [one for one in new if settled_by_looking(one)] or new
    return str(found[-1].event.posted_id)


def _sightings(ground: Ground) -> set[str]:
    return {one.event.posted_id for one in ground.log.of(PostingSuccess)}


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def main() -> int:
    """Print the incidents; 1 when the log and the forum disagree."""
    wrong = asyncio.run(tell_all(_tell))
    _tell("\n".join(wrong) or "\nevery incident is explained, and the log and the forum agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
