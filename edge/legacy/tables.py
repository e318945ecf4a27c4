"""The older system's tables: which columns each has, and what in a row says that it was posted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from schema.errors import BadInput


@dataclass(frozen=True)
class Table:
    """One exported table. `key` names what is unique in it; without one the whole row is.

    A row was posted if its `status` is in `posted`, or always if there is no status. `times` are
    the columns that may say when, the best first; `columns` are those known besides.
    """

    name: str
    key: str | None = None
    posted: frozenset[str] = frozenset()
    posted_id: str | None = None
    target: str | None = None
    author: str | None = None
    text: str | None = None
    times: tuple[str, ...] = ("created_at",)
    always_posted: bool = False
    columns: tuple[str, ...] = ()

    @property
    def required(self) -> frozenset[str]:
        """Columns without which a row means nothing."""
        wanted = {self.key, self.posted_id if self.always_posted else None}
        return frozenset(filter(None, wanted | ({"status"} if self.posted else set())))

    @property
    def known(self) -> frozenset[str]:
        """Every column that is read or kept."""
        named = (self.posted_id, self.target, self.author, self.text, *self.times, *self.columns)
        return frozenset(filter(None, named)) | self.required


_CHAIN = ("decision_id", "pipeline_source", "decision_type")
_METADATA = Table(
    name="content_metadata",
    key="decision_id",
    posted=frozenset({"posted"}),
    posted_id="tweet_id",
    target="target_tweet_id",
    author="target_username",
    text="content",
    times=("posted_at", "scheduled_at", "created_at"),
    columns=(*_CHAIN, "generation_source"),
)
_COMPREHENSIVE = Table(
    name="content_generation_metadata_comprehensive",
    key="decision_id",
    posted=_METADATA.posted,
    posted_id="tweet_id",
    target="target_tweet_id",
    author="target_username",
    text="content",
    times=_METADATA.times,
    columns=(
        *(*_CHAIN, "generation_source", "candidate_evaluation_id"),
        *("queue_id", "scheduler_run_id"),
    ),
)
_ATTEMPTS = Table(
    name="post_attempts",
    key="permit_id",
    posted=frozenset({"used", "posted", "spent", "unknown"}),
    posted_id="actual_tweet_id",
    target="target_tweet_id",
    author="target_username",
    text="content_preview",
    times=("used_at", "approved_at", "created_at"),
    columns=(
        *(*_CHAIN, "target_is_root", "target_in_reply_to_tweet_id", "reason_code"),
        *("error_message", "run_id", "expires_at"),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _METADATA,
        _COMPREHENSIVE,
        _ATTEMPTS,
        Table(
            name="posted_decisions",
            key="decision_id",
            posted_id="tweet_id",
            target="target_tweet_id",
            author="target_username",
            text="content",
            times=("posted_at",),
            always_posted=True,
        ),
        Table(
            name="ghost_tweets",
            key="tweet_id",
            posted_id="tweet_id",
            text="content",
            times=("posted_at", "detected_at"),
            always_posted=True,
            columns=("reason", "acknowledged_at"),
        ),
        Table(
            name="reply_candidate_queue",
            key="id",
            posted=frozenset({"posted"}),
            target="candidate_tweet_id",
            times=("selected_at", "created_at"),
            columns=("evaluation_id", "predicted_tier", "expires_at"),
        ),
        Table(
            name="candidate_evaluations",
            key="id",
            columns=(
                *("candidate_tweet_id", "passed_hard_filters", "overall_score"),
                *("predicted_tier", "ai_judge_decision"),
            ),
        ),
        Table(
            name="reply_slo_events",
            key="id",
            columns=("scheduler_run_id", "slot_time", "posted", "decision_id", "reason"),
        ),
        Table(
            name="outcomes",
            times=("collected_at",),
            columns=("decision_id", "simulated", "impressions", "likes", "replies", "er"),
        ),
        Table(
            name="llm_usage_log",
            times=("timestamp",),
            columns=(
                *("purpose", "request_id", "model", "prompt_tokens"),
                *("completion_tokens", "cost_usd", "status"),
            ),
        ),
        Table(
            name="system_events",
            key="id",
            columns=("event_type", "severity", "message", "event_data"),
        ),
    )
}
"""The tables by name, as the operators' views call them."""


def table_of(file: Path, named: str | None) -> Table:
    """Return the table by the name given, else by the one that the file's name begins with.

    Raises:
        BadInput: neither is a table's name.
    """
    if named is not None and named not in TABLES:
        raise BadInput(f"no table {named!r}", remedy=f"tables are: {', '.join(TABLES)}")
    fitting = [name for name in TABLES if file.name.startswith(name)]
    if named is None and not fitting:
        remedy = f"add --table with one of: {', '.join(TABLES)}"
        raise BadInput(f"{file}: its name tells no table", remedy=remedy)
    return TABLES[named or max(fitting, key=len)]
