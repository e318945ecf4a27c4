"""Planning: original posts are decided every few hours, under the same law as replies."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from schema.events.base import Event
from schema.ids import SchedulerRunId


class PlanReason(StrEnum):
    """Why nothing was planned."""

    NO_TOPICS = "no_topics"
    NO_FORM = "site_has_no_form_for_originals"
    ENOUGH_QUEUED = "enough_queued"
    BUDGET_EXHAUSTED = "budget_exhausted"
    QUIET_HOURS = "quiet_hours"


class PlanningSkipped(Event, frozen=True, kw_only=True):
    """A run of the planner decided nothing; `queued` originals are under way."""

    scheduler_run_id: SchedulerRunId
    reason: PlanReason
    queued: int

    def chain(self) -> UUID | None:
        """Return the id that names this trace."""
        return self.scheduler_run_id
