"""Judging a played scene: the audit of its log, and every check of the log against the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from replay.audit import Auditor
from tests.simulation.checks import clicks, folds, heads, holds, posts, promptness
from tests.simulation.checks.facts import Facts
from tests.simulation.scene import Scene

Check = Callable[[Facts], Iterator[str]]

CHECKS: tuple[Check, ...] = (
    clicks.every_permit_bought_one_press,
    clicks.every_press_was_permitted,
    clicks.no_press_while_stopped,
    clicks.a_stop_revokes,
    clicks.a_stop_ends_approvals,
    holds.a_flag_ends_with_its_worker,
    clicks.a_challenge_stops,
    clicks.an_outcome_is_true,
    clicks.nothing_was_blocked,
    posts.every_confirmation_is_true,
    posts.no_ghost_is_false,
    posts.old_posts_are_old,
    posts.every_post_is_explained,
    promptness.every_attempt_ends,
    promptness.every_approval_ends,
    promptness.every_item_ends,
    promptness.nothing_over_is_attempted,
    promptness.no_order_is_read_for_ever,
    promptness.every_slot_closes_once,
    promptness.every_fetch_ends,
    promptness.every_post_is_measured,
    promptness.every_alert_is_told,
    promptness.work_goes_on,
    promptness.nothing_is_stuck,
    folds.views_are_folds,
    folds.states_are_folds,
    heads.every_head_is_true,
)


def violations(scene: Scene) -> list[str]:
    """Return everything that should not be, each with the rule that it breaks."""
    facts = Facts(scene)
    found = [f"a worker ended in {fault}" for fault in scene.faults_of_ours]
    for check in CHECKS:
        found += [f"{check.__name__}: {why}" for why in check(facts)]
    auditor = Auditor(scene.account)
    for entry in facts.entries:
        auditor.see(entry)
    auditor.reach(len(facts.rows))
    found += [
        f"{finding.id} {finding.says}: position {finding.first_violation}, {finding.why}"
        for finding in auditor.findings()
        if not finding.ok
    ]
    return found
