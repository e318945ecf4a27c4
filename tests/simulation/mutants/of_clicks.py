"""Bugs in the protocol of the click: arming, pressing, and saying what came of it."""

from __future__ import annotations

from tests.simulation.mutants.mutant import Edit, Mutant, one

CLICK = "edge/performers/click.py"
ARMING = "edge/performers/arming.py"
SETTLING = "edge/performers/settling.py"
OUTCOMES = "edge/performers/outcomes.py"
STOPS = "edge/worker/stops.py"

MUTANTS = (
    one(
        "click on an unknown commit",
        ARMING,
        "return await _unacknowledged(world, order)",
        "return Armed(10**9)",
    ),
    one(
        "click without an attempt",
        CLICK,
        "armed = await arm(world, order, baseline)",
        'armed = type("Armed", (), {"position": 0})()',
    ),
    Mutant(
        "permit reused after a restart",
        (
            Edit(CLICK, "if await attempted(world, order):", "if False:"),
            Edit(
                ARMING,
                'if verdict.code == "ok" and verdict.position is not None:',
                "if verdict.stands and verdict.position is not None:",
            ),
        ),
    ),
    one(
        "press again when the first answer is unknown",
        CLICK,
        "    return Judged(await judge_outcome(event, hand.site, seen)",
        "    if seen.observed == 'unknown':\n"
        "        seen = await hand.composer.click(\n"
        "            permit_id=str(event.permit_id), text=event.text, "
        "until_s=world.clock.boot_s() + 9\n"
        "        )\n"
        "    return Judged(await judge_outcome(event, hand.site, seen)",
    ),
    Mutant(
        "no deadline after arming",
        (
            Edit(CLICK, "if until_s - now_s < CLICK_MARGIN_S:", "if False:"),
            Edit(
                CLICK,
                "text=event.text, until_s=until_s",
                "text=event.text, until_s=world.clock.boot_s() + 10",
            ),
        ),
    ),
    one(
        "the deadline begins with the press",
        CLICK,
        "text=event.text, until_s=until_s",
        "text=event.text, until_s=world.clock.boot_s() + 40",
    ),
    one("kill switch not read before the press", CLICK, "if stopped is not None:", "if False:"),
    one(
        "kill switch read too early",
        CLICK,
        "        unlike = await _unlike(hand.composer, event)\n"
        "        stopped = await world.stops.why(order.account, after=hand.position)\n",
        "        stopped = await world.stops.why(order.account, after=hand.position)\n"
        "        unlike = await _unlike(hand.composer, event)\n",
    ),
    one(
        "composer not compared again",
        CLICK,
        "    if unlike is not None:\n        return not_sent",
        "    if False:\n        return not_sent",
    ),
    one("target of the form not compared", CLICK, "if shown != event.target_post_id:", "if False:"),
    one(
        "unknown called not sent",
        OUTCOMES,
        "        case Observed.UNKNOWN:\n            return unknown(event, seen.detail)",
        "        case Observed.UNKNOWN:\n"
        "            return not_sent(event, NotSentReason.GATE, seen.detail)",
    ),
    Mutant(
        "another worker's attempt called not sent",
        (
            Edit(SETTLING, "record, unknown", "not_sent, record, unknown"),
            Edit(
                SETTLING,
                'unknown(event, "the worker that attempted it is gone")',
                'not_sent(event, "gate", "the worker is gone")',
            ),
        ),
    ),
    one(
        "success without comparing the post",
        OUTCOMES,
        "different = _difference(event, site, post)",
        "different = None",
    ),
    one(
        "a worker without the flag takes back another's",
        "edge/worker/signs.py",
        "missed >= REPORTS_MISSED",
        "missed >= 0",
    ),
    one("the stop file is not looked at", STOPS, "if self._file.exists():", "if False:"),
    one(
        "stops since the attempt are not looked at",
        STOPS,
        "if page.events else None",
        "if False else None",
    ),
)
