"""Ways of a permit to its click, most with the one wrong thing for which the law has a code."""

from __future__ import annotations

Step = tuple[str, str]
"""A kind of event, and its twist; see `moves`."""

CREATED, APPROVED = ("permit_created", "none"), ("permit_approved", "none")
DRAFTED, CLICK = ("draft_accepted", "none"), ("click_attempt", "none")
SUCCESS, UNKNOWN = ("posting_success", "none"), ("outcome_unknown", "none")
STOP, ALLOW = ("posting_stopped", "none"), ("posting_allowed", "none")
ANOTHER_PERMIT = ("another permit", "")
"""Not said: the steps after it are those of another unused permit."""

NEWEST = "spends its permit's newest"
READY = (CREATED, APPROVED, DRAFTED)

WAYS: dict[str, tuple[Step, ...]] = {
    "all is well": (*READY, CLICK, SUCCESS),
    "well without an answer": (*READY, CLICK, UNKNOWN, ("outcome_abandoned", "none")),
    "a text for another": (*READY, ("draft_accepted", "other text"), CLICK),
    "a text after another": (
        *(*READY, ("draft_accepted", "other text")),
        *(("click_attempt", "other text"), ("click_rejected", "none")),
    ),
    "no text": (CREATED, APPROVED, CLICK),
    "another text than the approved": (
        *(CREATED, ("permit_approved", "other text"), DRAFTED, CLICK),
    ),
    "no approval": (DRAFTED, CREATED, ("click_attempt", NEWEST)),
    "the application approves": (CREATED, ("permit_approved", "other role"), DRAFTED, CLICK),
    "the approver clicks": (*READY, ("click_attempt", "other role"), CLICK),
    "an approval that is over": (CREATED, ("permit_approved", "over at once"), DRAFTED, CLICK),
    "another permit's approval, which is over": (
        *(CREATED, ("permit_approved", "over at once"), DRAFTED),
        ("click_attempt", "other permit"),
    ),
    "a permit created twice": (*READY, CREATED, APPROVED, CLICK),
    "a permit revoked": (*READY, ("permit_revoked", "none"), CLICK),
    "a permit expired": (*READY, ("permit_expired", "none"), CLICK),
    "a stop": (*READY, STOP, CLICK, ALLOW),
    "a stop that is over": (*READY, STOP, ALLOW, CLICK),
    "a stop before all": (STOP, *READY, CLICK, ALLOW, CLICK, ("click_not_sent", "none")),
    "a stop that the application ends": (STOP, ("posting_allowed", "other role"), *READY, CLICK),
    "as many as may be in an hour": (*READY, ("caps_set", "hour is full"), CLICK),
    "as many as may be in a day": (*READY, ("caps_set", "day is full"), CLICK),
    "as many as may be to an author": (*READY, ("caps_set", "author is full"), CLICK),
    "too soon": (*READY, ("caps_set", "wide gap"), CLICK),
    "two clicks": (*READY, CLICK, CLICK, SUCCESS),
    "a click beside another event": (*READY, ("click_attempt", "not alone"), CLICK),
    "a click said again": (*READY, CLICK, ("click_attempt", "said again"), SUCCESS),
    "two answers": (*READY, CLICK, SUCCESS, SUCCESS),
    "not sent after unknown": (*READY, CLICK, UNKNOWN, ("click_not_sent", NEWEST)),
    "late, and not abandoned": (*READY, CLICK, UNKNOWN, ("late_confirmed", NEWEST)),
    "a post that was explained": (
        *(*READY, CLICK, SUCCESS, ANOTHER_PERMIT),
        *(*READY, CLICK, ("posting_success", "posted before")),
    ),
    "a post whose id is two lines": (*READY, CLICK, ("posting_success", "a line break")),
}
"""What is wrong, or not -> the steps; when they begin the permit is unused and nothing forbids."""

SLIPS = (
    *("other text", "other target", "other author", "other permit", "other chain"),
    *("spends any", NEWEST, "spends nothing", "spends nothing known"),
    *("same id", "same id, other bytes", "cause unknown", "if nothing newer"),
)
"""Twists of a click on a permit that is ready."""

WAYS |= {f"a click: {slip}": (*READY, ("click_attempt", slip), CLICK) for slip in SLIPS}
