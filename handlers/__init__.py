"""Pure rules: one a file, which hears some events and says others; none touches the world.

Each room is a leg of the way: finding, queueing, deciding, permits, writing, clicking, settling,
learning; money and watching go along with all of it. In a room, a file that is no rule is what
rules remember (folds, such as the board and the wards) or what they reckon with (such as the gates
and the bandit); what several rooms share stands beside them.
"""

from __future__ import annotations

from handlers.clicking.posting import posting
from handlers.clicking.tripwire import tripwire
from handlers.deciding.planner import planner
from handlers.deciding.scheduler import scheduler
from handlers.deciding.slot_opener import slot_opener
from handlers.finding.cycle_keeper import cycle_keeper
from handlers.finding.fetch_planner import fetch_planner
from handlers.finding.screener import screener
from handlers.finding.second_look import second_look
from handlers.learning.learner import learner
from handlers.learning.metrics_keeper import metrics_keeper
from handlers.money.budget_keeper import budget_keeper
from handlers.permits.approver import approver
from handlers.permits.permit_warden import permit_warden
from handlers.queueing.queue_keeper import queue_keeper
from handlers.settling.reconciler import reconciler
from handlers.watching.alert_keeper import alert_keeper
from handlers.watching.prober import prober
from handlers.watching.proof_keeper import proof_keeper
from handlers.watching.watchdog import watchdog
from handlers.writing.drafting import drafting
from schema.contracts import Handler

ALL: tuple[Handler, ...] = (
    fetch_planner,
    screener,
    second_look,
    queue_keeper,
    cycle_keeper,
    slot_opener,
    prober,
    scheduler,
    planner,
    approver,
    permit_warden,
    drafting,
    posting,
    tripwire,
    reconciler,
    metrics_keeper,
    learner,
    budget_keeper,
    watchdog,
    proof_keeper,
    alert_keeper,
)
"""Every handler, in the order of the flow."""
