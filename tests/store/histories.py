"""Random histories of two permits: what may be tried, and how the trial is spelled."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from schema.contracts import NewEvent
from schema.ids import EventId
from tests.store.chains import Chain, allowed, caps, stopped

# Few names make histories collide: two chains, two texts, two posts.
CHAINS = [Chain("one"), Chain("two", target="post-2", author="eve")]
FACTS = ["created", "approved", "rejected", "expired", "revoked", "click", "success", "unknown"]
FACTS += ["abandoned", "late", "not_sent", "refused", "drafted", "stop", "allow"]
SPENT = ["created", "approved", "click", "unknown", "abandoned", "drafted"]

chains = st.sampled_from(CHAINS)
spendable = st.builds(lambda chain, kind: chain.id(kind), chains, st.sampled_from(SPENT))
trials = st.fixed_dictionaries(
    {
        "chain": chains,
        "kind": st.sampled_from(FACTS),
        "spends": st.none() | spendable,
        "text": st.sampled_from(["a fine reply", "another"]),
        "posted_id": st.sampled_from(["7", "8"]),
        "ttl_s": st.sampled_from([3600, 3600, 0]),
    }
)
histories = st.lists(trials, max_size=25)

# The same, in the order of a permit's life and so longer before the first refusal.
lives = st.builds(
    lambda chain, tail: (
        [trial(chain, kind) for kind in ("created", "approved", "drafted", "click")] + tail
    ),
    chains,
    histories,
)


def trial(chain: Chain, kind: str, spends: EventId | None = None) -> dict[str, Any]:
    """Return one trial."""
    fields = {"chain": chain, "kind": kind, "spends": spends}
    return fields | {"text": "a fine reply", "posted_id": "7", "ttl_s": 3600}


def fact(trial: dict[str, Any], number: int) -> NewEvent:
    """Return the event that a trial is; `number` makes the ids of repeatable ones."""
    chain, kind, spends = trial["chain"], trial["kind"], trial["spends"]
    if kind in {"stop", "allow"}:
        return (stopped if kind == "stop" else allowed)(f"{kind} {number}")
    more: dict[str, tuple[Any, ...]] = {
        "created": (),
        "drafted": (trial["text"], f"drafted {number}"),
        "approved": (spends, trial["ttl_s"]),
        "click": (spends, trial["text"]),
        "success": (spends, trial["posted_id"]),
        "late": (spends, trial["posted_id"]),
    }
    new: NewEvent = getattr(chain, kind)(*more.get(kind, (spends,)))
    return new


OPENING = caps()
"""What every history begins with: caps that never bite."""
