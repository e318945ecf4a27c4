"""What the site's answer to the one writing request proves, by the profile's closed list."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from edge.gate.observation import Left, Observation
from edge.ports import ClickObservation, Observed
from edge.sites.parts import Form, IdKind, Refusal
from edge.sites.profile import Profile
from schema.events.challenging import ChallengeKind

NEWEST_BEFORE = "newest_before"
"""The note in the gate's journal: the highest number among our own posts before the click."""

FORM = "form"
"""The note that says by which form of the profile was posted, `reply` or `original`."""

ORIGINAL = "original"

TOO_MANY_REQUESTS = 429
"""After a click this is a stop, whether the profile lists it or not."""


@dataclass(frozen=True)
class Answer:
    """The response to the writing request; `errors` are texts of the page's error elements."""

    status: int
    location: str = ""
    errors: dict[str, str] | None = None


def accepted_number(rule: Form, answer: Answer) -> str | None:
    """Return the number of the post that a redirect names, None when the answer is another."""
    if answer.status not in rule.accepted.statuses:
        return None
    found = re.search(rule.accepted.location, answer.location)
    return found["id"] if found else None


def judged(rule: Form, answer: Answer) -> ClickObservation:
    """Judge an answer that names no new post: a refusal of the closed list, or unknown."""
    for refusal in rule.refusals:
        if _fits(refusal, answer):
            return ClickObservation(Observed.REFUSED, refusal.name, http_status=answer.status)
    if not answer.status:  # the gate saw the end of the answer and no beginning
        return ClickObservation(Observed.UNKNOWN, "the connection ended before an answer came")
    return ClickObservation(
        Observed.UNKNOWN, f"answer {answer.status} is not in the profile", http_status=answer.status
    )


def challenge_of(profile: Profile, answer: Answer) -> ChallengeKind | None:
    """Say how the answer to a click asks for a person, by its status or where it leads."""
    if answer.status == TOO_MANY_REQUESTS or answer.status in profile.challenge.statuses:
        return ChallengeKind.CHALLENGE
    path = answer.location.removeprefix(profile.base_url).partition("?")[0]
    return ChallengeKind.LOG_IN if path == profile.sign_in.url else None


def observed(profile: Profile, seen: Observation) -> ClickObservation:
    """Judge what the gate saw; the page may know more about an answer without a redirect."""
    if seen.left is not Left.ANSWERED:
        return _unanswered(seen)
    challenge = challenge_of(profile, Answer(seen.status, seen.location))
    return replace(_answered(profile, seen), challenge=challenge)


def _unanswered(seen: Observation) -> ClickObservation:
    if seen.left is Left.NOTHING and seen.final:
        why = f"nothing left the gate: {seen.denied or seen.detail}"
        return ClickObservation(Observed.NOT_SENT, why, denied=bool(seen.denied))
    return ClickObservation(Observed.UNKNOWN, f"it left the gate: {seen.detail}")


def _answered(profile: Profile, seen: Observation) -> ClickObservation:
    rule, kind = form_of(profile, seen.note.get(FORM, ""))
    number = accepted_number(rule, Answer(seen.status, seen.location))
    if number is None:
        return judged(rule, Answer(seen.status, seen.location))
    before = seen.note.get(NEWEST_BEFORE, "")
    if number.isdecimal() and before.isdecimal() and int(number) <= int(before):
        return stale(rule, seen.status)
    posted_id = kind.prefix + number
    return ClickObservation(
        Observed.ACCEPTED,
        "the gate saw the redirect to it",
        http_status=seen.status,
        posted_id=posted_id,
        posted_url=profile.post_url(posted_id),
    )


def form_of(profile: Profile, name: str) -> tuple[Form, IdKind]:
    """Return the form of this name and the kind of post that it makes."""
    if name == ORIGINAL and profile.original is not None:
        return profile.original, profile.ids.root
    return profile.reply, profile.ids.reply


def stale(rule: Form, status: int | None) -> ClickObservation:
    """Say that the site redirected to a post which is not new, so it wrote nothing."""
    return ClickObservation(Observed.REFUSED, rule.accepted.stale_means, http_status=status)


def _fits(refusal: Refusal, answer: Answer) -> bool:
    if answer.status not in refusal.statuses:
        return False
    if refusal.location and not re.search(refusal.location, answer.location):
        return False
    if not refusal.selector:
        return True
    shown = (answer.errors or {}).get(refusal.selector, "")
    return bool(shown and re.search(refusal.text, shown))
