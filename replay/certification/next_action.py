"""What to do about a broken link of production."""

from __future__ import annotations

from replay.certification.evidence import Evidence
from replay.certification.ghosts import open_ghosts
from schema.builds import UNKNOWN

CAUSAL_ORDER = ("sha", "worker", "fetch", "queue", "scheduler", "permit", "post", "ghost")
"""The links of production: a broken one explains the ones after it."""

NEXT_ACTION = {
    "sha": "restart the workers that run another build, or correct the expected sha",
    "sha unknown": "no build is named: set GIT_SHA where the worker starts, or run it in a "
    "checkout",
    "worker": "start a worker: `ghostproof run`; if one should be up, read its last lines",
    "fetch": "see why fetching fails: `ghostproof events --type fetch_failed --limit 5`",
    "queue": "see why candidates fall: `ghostproof events --type candidate_rejected --limit 20`",
    "nothing new": "fetching brings nothing new: give it more curated accounts, keywords and viral "
    "lists in the settings, or wait for new posts",
    "scheduler": "see the slots: `ghostproof show slots`; then the worker's last lines",
    "permit": "see why slots ended without a decision: `ghostproof show slots`",
    "post": "see what became of the permits: `ghostproof show permits`",
    "ghost": "look at what was blocked: `ghostproof events --type click_blocked --type "
    "click_not_sent --type permit_rejected`; a new build is judged from its own start on",
}

FETCHES_ASKED = 3  # one fetch that finds nothing new says little


def next_action(blocker: str | None, evidence: Evidence) -> str:
    """Say what a person should do first."""
    match blocker:
        case None:
            return "none"
        case "permit" | "post" if evidence.stops:
            return (
                f"posting is stopped ({', '.join(evidence.stops)}): "
                "`ghostproof allow-posting --why …`, or take the flag or the file away"
            )
        case "post" if permits := evidence.newest(["permit_created"]):
            return f"follow the newest permit: `ghostproof trace {permits[0].event.permit_id}`"
        case "ghost" if ghosts := open_ghosts(evidence):
            post = getattr(ghosts[-1].event, "posted_id", "POST")
            return f"`ghostproof why {post}`, then `ghostproof ghost acknowledge {post} --why …`"
        case _:
            return NEXT_ACTION[_narrowed(blocker, evidence)]


def _narrowed(blocker: str, evidence: Evidence) -> str:
    """Return the action's name where the log says more than which link is broken."""
    if blocker == "sha" and _nameless(evidence):
        return "sha unknown"
    if blocker == "queue" and _nothing_new(evidence):
        return "nothing new"
    return blocker


def _nothing_new(evidence: Evidence) -> bool:
    lately = evidence.of["fetch_completed"][-FETCHES_ASKED:]
    return len(lately) == FETCHES_ASKED and all(
        one.event.ok and not one.event.new for one in lately
    )


def _nameless(evidence: Evidence) -> bool:
    started = evidence.of["worker_started"]
    return bool(started) and started[-1].event.git_sha == UNKNOWN
