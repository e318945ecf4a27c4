"""Days whose memory or whose tree is not that of the log."""

from __future__ import annotations

from tests.simulation.breaking.day import Break, Day
from tests.simulation.checks import folds, heads


def a_row_lost(day: Day) -> None:
    day.scene.server.views.rows["permits", day.scene.account].popitem()


def a_row_kept(day: Day) -> None:
    rows = day.scene.server.views.rows["permits", day.scene.account]
    rows["another"] = next(iter(rows.values()))


def states_lost(day: Day) -> None:
    day.scene.server.folds.states["approver", day.scene.account].clear()


def a_body_changed(day: Day) -> None:
    day.scene.server.log(day.scene.account).bodies[0] = b"{}"


def never_sealed(day: Day) -> None:
    day.forget("tree_head")


BREAKS = (
    Break(folds.views_are_folds, a_row_lost, "view permits is not the fold of the log"),
    Break(folds.views_are_folds, a_row_kept, "view permits is not the fold of the log"),
    Break(folds.states_are_folds, states_lost, "approver remembers another"),
    Break(heads.every_head_is_true, a_body_changed, "the root of the first"),
    Break(heads.every_head_is_true, never_sealed, "the log was never sealed"),
)
