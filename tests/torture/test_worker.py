"""A few deaths of each kind on one ground: the log and the forum's own database agree."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from structlog.testing import capture_logs

from schema.events.posting import LateClickDetected
from tests.torture.browser import kill_browsers
from tests.torture.ground import laid
from tests.torture.killing import kill_at_all
from tests.torture.pausing import pause_between_look_and_send
from tests.torture.quiet import quieten
from tests.torture.truth import faults, figures

pytestmark = [pytest.mark.postgres, pytest.mark.browser, pytest.mark.slow]

WORST = ("after_arm", "answered", "gate_left")
"""The points between the attempt and its outcome at which the post may stand or not."""

KILLS = 2


async def test_whoever_dies_no_permit_has_two_posts_and_no_post_lacks_one() -> None:
    async with laid(60) as ground:
        assert await kill_at_all(ground, Random(5), WORST) == []
        await pause_between_look_and_send(ground)
        with capture_logs():
            counted = await kill_browsers(ground, Random(5), KILLS)
        await quieten(ground)
        counted += Counter(figures(ground))
        assert faults(ground) == []
    assert counted["browser kills"] == KILLS
    assert counted["attempts"] >= len(WORST) + KILLS
    assert len(ground.log.of(LateClickDetected)) >= 1
