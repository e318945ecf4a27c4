"""What to do about a broken link of production."""

from __future__ import annotations

from replay.certification.evidence import Evidence
from replay.certification.ghosts import open_ghosts
from schema.builds import UNKNOWN

CAUSAL_ORDER = ("sha", "worker", "fetch", "queue", "scheduler", "permit", "post", "ghost")
"""The links of production: a broken one explains the ones after it."""

NEXT_ACTION = {
    "sha": "restart the workers that run another build, or correct the expected sha",
    "worker": "start a worker: `ghostproof run`; if one should be up, read its last lines",
    "fetch": "see why fetching fails: `ghostproof events --type fetch_failed --limit 5`",
    "queue": "see why candidates fall: `ghostproof events --type candidate_rejected --limit 20`",
    "scheduler": "see the slots: `ghostproof show slots`; then the worker's last lines",
    "permit": "see why slots ended without a decision: `ghostproof show slots`",
    "post": "see what became of the permits: `ghostproof show permits`",
    "ghost": "look at what was blocked: `ghostproof events --type click_blocked --type "
    "click_not_sent --type permit_rejected`; a new build is judged from its own start on",
}


def next_action(blocker: str | None, evidence: Evidence) -> str:
    """Say what a person should do first."""
    match blocker:
        case None:
            return "none"
        case "sha" if _nameless(evidence):
            return "no build is named: set GIT_SHA where the worker starts, or run it in a checkout"
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
            return NEXT_ACTION[blocker]


def _nameless(evidence: Evidence) -> bool:
    started = evidence.of["worker_started"]
    return bool(started) and started[-1].event.git_sha == UNKNOWN
