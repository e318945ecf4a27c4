"""Pure views: each file folds events into the rows of one read model."""

from __future__ import annotations

from typing import Any

from projectors.alerts import alerts
from projectors.arms import arms
from projectors.chains import chains
from projectors.content import content
from projectors.evaluations import evaluations
from projectors.ghosts import ghosts
from projectors.outcomes import outcomes
from projectors.permits import permits
from projectors.proof import proof
from projectors.queue import queue
from projectors.slots import slots
from projectors.spending import spending
from schema.contracts import Projector

VIEWS: dict[str, Projector[Any]] = {
    view.name: view
    for view in (
        *(queue, slots, permits, chains, ghosts, proof, alerts),
        *(outcomes, arms, spending),
        *(evaluations, content),
    )
}
"""Name on the command line -> projector."""
