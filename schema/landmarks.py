"""Landmarks: rare events that are looked for in the whole log, for which PostgreSQL has an index.

The index is partial: the many events between them cost nothing. Migration `landmarks` has the same
list, and a test holds the two together.
"""

from __future__ import annotations

LANDMARKS = frozenset(
    {
        "worker_started",
        "worker_stopped",
        "settings_changed",
        "posting_stopped",
        "posting_allowed",
        "posting_success",
        "late_confirmed",
        "permit_rejected",
        "click_blocked",
        "click_not_sent",
        "ghost_detected",
        "ghost_acknowledged",
        "manual_post_attested",
        "post_predates_log",
        "tree_head",
    }
)
