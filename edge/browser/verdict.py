"""What the site's answer to the one writing request proves, by the profile's closed list."""

from __future__ import annotations

import re
from dataclasses import dataclass

from edge.ports import ClickObservation, Observed
from edge.sites.parts import Refusal, Reply


@dataclass(frozen=True)
class Answer:
    """The response to the writing request; `errors` are texts of the page's error elements."""

    status: int
    location: str = ""
    errors: dict[str, str] | None = None


def accepted_number(rule: Reply, answer: Answer) -> str | None:
    """Return the number of the post that a redirect names, None when the answer is another."""
    if answer.status not in rule.accepted.statuses:
        return None
    found = re.search(rule.accepted.location, answer.location)
    return found["id"] if found else None


def judged(rule: Reply, answer: Answer) -> ClickObservation:
    """Judge an answer that names no new post: a refusal of the closed list, or unknown."""
    for refusal in rule.refusals:
        if _fits(refusal, answer):
            return ClickObservation(Observed.REFUSED, refusal.name, http_status=answer.status)
    return ClickObservation(
        Observed.UNKNOWN, f"answer {answer.status} is not in the profile", http_status=answer.status
    )


def _fits(refusal: Refusal, answer: Answer) -> bool:
    if answer.status not in refusal.statuses:
        return False
    if refusal.location and not re.search(refusal.location, answer.location):
        return False
    if not refusal.selector:
        return True
    shown = (answer.errors or {}).get(refusal.selector, "")
    return bool(shown and re.search(refusal.text, shown))
