"""Fields of a drawn event: every field that any event of a permit has, bent by a twist."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import UUID

from schema.events.permitting import ReasonCode, RevokeReason
from schema.events.posting import NotSentReason, Via
from schema.events.scheduling import DecisionType
from schema.ids import named

TEXTS = ("One text to post.", "Another text to post.")
CHAINS = 2


def ids(permit: int, twist: str) -> dict[str, Any]:
    """Return the ids; permits share few chains."""
    chain = permit % CHAINS + (CHAINS if twist == "other chain" else 0)
    return {
        "candidate_id": named("candidate", str(chain)),
        "evaluation_id": named("evaluation", str(chain)),
        "queue_id": named("queue", str(chain)),
        "scheduler_run_id": named("run", str(chain)),
        "decision_id": named("decision", str(chain)),
        "permit_id": permit_id(permit, twist),
        "target_post_id": "elsewhere" if twist == "other target" else f"post{chain}",
    }


def permit_id(permit: int, twist: str = "none") -> UUID:
    """Return the id of the permit of this number."""
    return named("permit", f"not {permit}" if twist == "other permit" else str(permit))


def author(permit: int) -> str:
    """Return the author of the permit's target."""
    return f"author{permit % CHAINS}"


def text_hash(kind: str, number: int, twist: str) -> str | None:
    """Return the hash of the text; every second approval is for whatever is accepted."""
    if kind == "permit_approved" and number % 2 and twist != "other text":
        return None
    return sha256(TEXTS[twist == "other text"].encode()).hexdigest()


def own(kind: str, permit: int, number: int, twist: str) -> dict[str, Any]:
    """Return what is no id and spends nothing, for events of every kind."""
    return {
        "decision_type": DecisionType.REPLY,
        "pipeline_source": "s",
        "target_url": None,
        "target_author": "stranger" if twist == "other author" else author(permit),
        "target_is_root": True,
        "target_in_reply_to": None,
        "ttl_s": 0 if twist == "over at once" else 3600,
        "approved_by": "a",
        "reason_code": ReasonCode.RATE_LIMITED,
        "error_message": "m",
        "reason": NotSentReason.GATE if kind == "click_not_sent" else RevokeReason.PERSON,
        "ordinal": number,
        "text": TEXTS[twist == "other text"],
        "text_hash": text_hash(kind, number, twist),
        "worker_id": UUID(int=number),
        "baseline": None,
        "url": "u",
        "via": Via.RESPONSE,
        "posted_at": None,
        "code": "c",
        "detail": "d",
        "readings": 5,
        "waited_s": 1800,
        "target_title": "t",
        "target_text": "t",
        "style": "",
    }
