"""The scene of one seed: forum, database, hosts and rules, all drawn from the seed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from schema.events.operations import Job
from schema.ids import Account
from schema.rules import (
    EvaluateRules,
    FetchRules,
    LearnRules,
    PermitRules,
    PlanRules,
    PostRules,
    QueueRules,
    Rules,
)
from tests.simulation.clocks import DatabaseClock
from tests.simulation.faults import Faults, Weather, draw_rates
from tests.simulation.forum import OURS, TOPICS_A_DAY, TOPICS_LIVELY, Forum
from tests.simulation.loop import VirtualLoop
from tests.simulation.model import POISON
from tests.simulation.server import Server
from tests.simulation.steps import Steps
from tests.simulation.words import CURATED, KEYWORDS
from tests.simulation.workers import Host

ACCOUNT = Account("one")

CADENCES = {
    Job.FETCH: (300, 900, 1800),
    Job.SCHEDULE: (900,),
    Job.POST: (60, 180, 300, 300),
    Job.RECONCILE: (300,),
    Job.WATCHDOG: (300, 900),
    Job.PROOF: (600, 1800, 3600),
    Job.PLAN: (14_400, 7_200),
    Job.METRICS: (600, 1800),
    Job.LEARN: (3_600,),
}
"""Seconds between slots of each job, from which a seed draws; the first is the default."""


SMALL_FETCH = {"curated_per_run": 1, "keywords_per_run": 1, "posts_per_query": 4}
"""Few pages a run: what is seen again and again costs time and shows nothing new."""


@dataclass
class Scene:
    """Everything of one seed. `faults_of_ours` are exceptions that no worker should raise."""

    seed: int
    hours: float
    folder: Path
    loop: VirtualLoop
    forum: Forum
    server: Server
    faults: Faults
    rules: Rules
    account: Account = ACCOUNT
    cadence: dict[Job, int] = field(default_factory=dict)
    hosts: list[Host] = field(default_factory=list)
    all_steps: list[Steps] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    faults_of_ours: list[str] = field(default_factory=list)
    file_held: list[tuple[float, float]] = field(default_factory=list)
    quiet_from: float = 0.0
    deploys: int = 0

    @property
    def git_sha(self) -> str:
        """The build that starts now: a new one for each deploy."""
        return f"{self.deploys:040x}"

    @property
    def tick_s(self) -> float:
        """Workers look at the clock as seldom as the most frequent job allows."""
        return float(min(self.cadence.values()))


def draw_scene(seed: int, hours: float, folder: Path, loop: VirtualLoop, weather: Weather) -> Scene:
    """Draw a scene. Ordinary weather goes with the default settings and a lively forum."""
    dice = Random(seed)
    ordinary = weather is Weather.ORDINARY
    faults = Faults(Random(dice.random()), draw_rates(dice, weather))
    forum = Forum(Random(dice.random()), hours, TOPICS_LIVELY if ordinary else TOPICS_A_DAY)
    forum.clock_off_s = dice.choice((0.0, 0.0, -20.0, 20.0))
    if faults.rates.get("poison_post"):
        _poison(forum, faults, dice)
    server = Server(DatabaseClock(), faults)
    rules = DEFAULTS if ordinary else draw_rules(dice)
    scene = Scene(seed, hours, folder, loop, forum, server, faults, rules)
    scene.cadence = {
        job: choices[0] if ordinary else dice.choice(choices) for job, choices in CADENCES.items()
    }
    shared = dice.random() < 0.5
    for number in range(dice.choice((1, 1, 2))):
        skew_s = 0.0
        if faults.rates.get("worker_clock_skew"):
            skew_s = dice.uniform(-600, 600)
            faults.struck["worker_clock_skew"] += 1
        spool = folder / ("spool" if shared else f"spool-{number}")
        scene.hosts.append(Host(f"host{number}", scene, Random(dice.random()), spool, skew_s))
    return scene


DEFAULTS = Rules(
    mode="live",
    handle=OURS,
    site="forum",
    fetch=FetchRules(curated=CURATED, keywords=KEYWORDS, viral=("now",)),
    evaluate=EvaluateRules(languages=("en",)),
    plan=PlanRules(topics=KEYWORDS, has_form=True),
)
"""What an operator has who changed nothing but the lists."""


def draw_rules(dice: Random) -> Rules:
    """Draw rules within what an operator might set."""
    return Rules(
        mode="live",
        handle=OURS,
        site="forum",
        fetch=FetchRules(curated=CURATED, keywords=KEYWORDS, viral=("now",), **SMALL_FETCH),
        evaluate=EvaluateRules(languages=("en",)),
        queue=QueueRules(expires_h=dice.choice((1, 3, 24)), refill_below=dice.choice((0, 0, 3))),
        permit=PermitRules(
            ttl_s=dice.choice((900, 1800)),
            per_hour=dice.choice((2, 4, 8)),
            gap_s=dice.choice((0, 300)),
        ),
        post=PostRules(reading_limit=dice.choice((25, 60))),
        plan=PlanRules(topics=dice.choice(((), KEYWORDS)), has_form=dice.random() < 0.5),
        learn=LearnRules(metrics_after_s=dice.choice((3_600, 14_400))),
    )


def _poison(forum: Forum, faults: Faults, dice: Random) -> None:
    for entry in forum.topics:
        if dice.random() < faults.rates["poison_post"]:
            entry.text += f" The {POISON} one."
            faults.struck["poison_post"] += 1
