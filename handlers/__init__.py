"""Pure rules: one a file, which hears some events and says others; none touches the world.

The other files are what rules remember (folds, such as the board and the wards) and what they
reckon with (such as the gates and the bandit).
"""

from __future__ import annotations

from handlers.alert_keeper import alert_keeper
from handlers.approver import approver
from handlers.budget_keeper import budget_keeper
from handlers.cycle_keeper import cycle_keeper
from handlers.drafting import drafting
from handlers.fetch_planner import fetch_planner
from handlers.learner import learner
from handlers.metrics_keeper import metrics_keeper
from handlers.permit_warden import permit_warden
from handlers.planner import planner
from handlers.posting import posting
from handlers.prober import prober
from handlers.proof_keeper import proof_keeper
from handlers.queue_keeper import queue_keeper
from handlers.reconciler import reconciler
from handlers.scheduler import scheduler
from handlers.screener import screener
from handlers.second_look import second_look
from handlers.slot_opener import slot_opener
from handlers.tripwire import tripwire
from handlers.watchdog import watchdog
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
