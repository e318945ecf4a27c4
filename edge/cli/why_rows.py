"""Rows of `why`: how a click went, and what stands around a ghost, in words."""

from __future__ import annotations

from datetime import datetime

from replay.chain import Why
from replay.click_story import ClickStory, KnownBy
from replay.ghost_story import GhostStory, NearClick
from replay.permit_story import PermitStory
from schema.events.ghosts import GhostKind

Row = tuple[str, str]

KNOWN_BY = {
    KnownBy.ANSWER: "the answer to its click",
    KnownBy.LOOK: "a look at our profile",
    KnownBy.LATE_LOOK: "a look at our profile after it had been given up",
}

GHOST_IS = {
    GhostKind.UNEXPLAINED: "nothing in this log explains it",
    GhostKind.DUPLICATE: "its text stands there already, under a permit that bought one click",
}

ANSWERED = {"ghost_acknowledged", "manual_post_attested"}


def permit_rows(permit: PermitStory | None, former: PermitStory | None) -> list[Row]:
    """Say how the permit stands and which one it took the place of."""
    if permit is None:
        return []
    rows = [("permit status", permit.status)]
    if former is not None:
        rows.append(("in the place of", f"{former.permit_id}, {former.status}"))
    return rows


def click_rows(click: ClickStory | None, permit: PermitStory | None) -> list[Row]:
    """Say how the post became known, and whatever was not as usual on the way."""
    rows = list[Row]()
    if permit is not None and permit.late_ms is not None:
        rows.append(("click left late", f"{permit.late_ms} ms after its budget"))
    if click is None:
        return rows
    disk = ", kept on disk meanwhile" if click.spooled else ""
    after = f"{click.known_after_s:.1f} s after the attempt"
    rows.append(("known by", f"{KNOWN_BY[click.known_by]}, {after}{disk}"))
    if click.unknown_because is not None:
        rows.append(("unknown before", click.unknown_because))
    if click.next_worker_after_s is not None:
        after = f"another started {click.next_worker_after_s:.1f} s later"
        rows.append(("its worker", f"silent after the attempt; {after} and settled it"))
    return rows


def ghost_rows(ghost: GhostStory) -> list[Row]:
    """Say when the ghost came, and which clicks of ours are nearest."""
    rows = [("posted", ghost.posted_at or "the site does not say"), ("found", _found(ghost))]
    rows.append(("below", ghost.target_post_id or "no other post"))
    rows.append(("our click before", _near(ghost.click_before)))
    rows.append(("our click after", _near(ghost.click_after)))
    return rows


def next_step(found: Why) -> str:
    """Say what a person does about a ghost, "" once somebody has answered for it."""
    if any(one.type in ANSWERED for one in found.events):
        return ""
    return (
        f"next: `ghostproof ghost attest {found.post_id} --why …` if somebody made it by hand;\n"
        "      else `ghostproof stop-posting --why …`, see who else can log in, and then\n"
        f"      `ghostproof ghost acknowledge {found.post_id} --why …`"
    )


def _found(ghost: GhostStory) -> str:
    if ghost.posted_at is None:
        return ghost.detected_at
    passed = datetime.fromisoformat(ghost.detected_at) - datetime.fromisoformat(ghost.posted_at)
    return f"{ghost.detected_at}, {passed.total_seconds():.0f} s later"


def _near(click: NearClick | None) -> str:
    if click is None:
        return "none"
    target = f" below {click.target_post_id}" if click.target_post_id else ""
    return f"position {click.position}, {click.at}{target}, permit {click.permit_id or 'erased'}"
