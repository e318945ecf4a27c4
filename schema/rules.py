"""The numbers and lists that rules go by; an event carries all of them whenever they change."""

from __future__ import annotations

from decimal import Decimal

import msgspec


class FetchRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sources and their caps per run."""

    curated: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    viral: tuple[str, ...] = ()
    curated_per_run: int = 5
    keywords_per_run: int = 3
    viral_per_run: int = 1
    posts_per_query: int = 10
    timebox_s: int = 90
    deadline_s: int = 230
    lost_after_s: int = 360
    cycle_lost_after_s: int = 900


class EvaluateRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The cheap filters and what the judge must say."""

    languages: tuple[str, ...] = ("en", "de")
    age_max_h: int = 24 * 14
    length_min: int = 20
    length_max: int = 4000
    reach_min: int = 0
    blocked_authors: tuple[str, ...] = ()
    relevance_min: float = 0.4
    worthiness_min: float = 0.4
    risk_max: float = 0.6


class QueueRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many wait, and how long."""

    target: int = 10
    refill_below: int = 5
    expires_h: int = 24
    stuck_after_s: int = 600


class ScheduleRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When slots are kept, and for how long one may stay open.

    Quiet hours are local times such as ``22:30``; equal or empty ones mean none.
    """

    lost_after_s: int = 300
    quiet_from: str = ""
    quiet_until: str = ""
    time_zone: str = "UTC"


class WatchRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a person is told, and when a build must prove itself.

    Without `expected_sha` the newest build that started is expected.
    """

    scheduler_silent_s: int = 1800
    boot_grace_s: int = 120
    fetch_unfinished_s: int = 300
    profile_unread_s: int = 7200
    report_lost_s: int = 900
    expected_sha: str = ""
    probe_unused_s: int = 7200
    probe_ends_s: int = 7200
    probe_again_s: int = 1800


class PermitRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a permit takes, and how fast they may be spent."""

    approval: str = "auto"
    reply_sources: tuple[str, ...] = ("reply_v2_scheduler",)
    original_sources: tuple[str, ...] = ("content_planner",)
    ttl_s: int = 1800
    per_hour: int = 4
    per_day: int = 40
    per_author_per_day: int = 1
    gap_s: int = 300
    rules_signed: bool = True


class DraftRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a text must be."""

    length_min: int = 20
    length_max: int = 500
    banned_words: tuple[str, ...] = ()
    links_allowed: bool = False
    mentions_allowed: bool = False
    similarity_max: int = 85
    remembered: int = 200
    styles: tuple[str, ...] = ("friendly", "concise", "curious")


class PostRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a pass picks, how often our profile is read, and how unknown outcomes are settled.

    Once `clean_after_s` have passed without a ghost, an unknown outcome, a post that went away or a
    reading that did not show all, the profile is read only every `read_every_clean_s`.
    """

    per_pass: int = 5
    budget_s: int = 10
    settle_s: int = 1800
    settle_readings: int = 5
    reading_limit: int = 60
    read_every_s: int = 900
    read_every_unknown_s: int = 300
    read_every_clean_s: int = 3600
    clean_after_s: int = 86_400


class BudgetRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the model may cost a UTC day, in US dollars, and when the endpoint is left alone.

    `purpose_usd` limits single purposes besides. `circuit_open` forces the circuit open. Nothing is
    heard of a call after `lapse_after_s`, which is longer than any call may take.
    """

    daily_usd: Decimal = Decimal(1)
    purpose_usd: dict[str, Decimal] = {}
    circuit_open: bool = False
    half_open_after_s: int = 900
    lapse_after_s: int = 900


class PlanRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What original posts are about, and how many may be under way.

    `has_form` says whether the site's profile knows how to post one.
    """

    topics: tuple[str, ...] = ()
    queued_max: int = 3
    has_form: bool = False


class LearnRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a post's numbers are read, and what is learned from them.

    A post does well whose engagement rate is at least `er_min`; of the last `outcomes_max` real
    ones at least `outcomes_min` must be there. `real_metrics` off reads nothing.
    """

    real_metrics: bool = True
    metrics_after_s: int = 14_400
    per_pass: int = 20
    tries_max: int = 5
    outcomes_min: int = 5
    outcomes_max: int = 500
    er_min: float = 0.02
    choices: int = 50


class Rules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything a rule may depend on besides the events themselves."""

    mode: str = "sandbox"
    handle: str = ""
    site: str = ""
    fetch: FetchRules = FetchRules()
    evaluate: EvaluateRules = EvaluateRules()
    queue: QueueRules = QueueRules()
    schedule: ScheduleRules = ScheduleRules()
    watch: WatchRules = WatchRules()
    permit: PermitRules = PermitRules()
    draft: DraftRules = DraftRules()
    post: PostRules = PostRules()
    budget: BudgetRules = BudgetRules()
    plan: PlanRules = PlanRules()
    learn: LearnRules = LearnRules()
