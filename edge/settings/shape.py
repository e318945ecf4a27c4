"""The shape of the settings: each section, its defaults, and what its values may be."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    create_model,
    model_validator,
)

from edge.settings.texts import ApiKey, DatabaseAddress, Endpoint, Name, WebAddress
from schema import rules
from schema.events.operations import Severity
from schema.law import APPROVAL_S_MAX

Share = Annotated[float, Field(ge=0, le=1)]
COUNT_MAX = 2**31 - 1  # PostgreSQL's integer
Count = Annotated[int, Field(ge=0, le=COUNT_MAX)]
Seconds = Annotated[int, Field(ge=1, le=COUNT_MAX)]
Money = Annotated[Decimal, Field(ge=0)]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no time zone {name!r}; write it like Europe/Berlin") from None
    return name


HourOfDay = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")]
Zone = Annotated[str, AfterValidator(_known_zone)]

NARROWER: dict[str, Any] = {
    "approval": Literal["auto", "human"],
    "quiet_from": HourOfDay,
    "quiet_until": HourOfDay,
    "time_zone": Zone,
    "purpose_usd": dict[str, Money],
    "ttl_s": Annotated[int, Field(ge=1, le=APPROVAL_S_MAX)],
}
"""Names in the rules that take only some values."""


class Section(BaseModel):
    """A table of the file. A key that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _of(struct: type[msgspec.Struct]) -> type[Section]:
    """Make a section of a rules struct: the same names, every one optional, counts not negative."""
    kinds: dict[Any, Any] = {int: Count, float: Share, Decimal: Money}
    fields: dict[str, Any] = {
        field.name: (kinds.get(field.type, field.type) | None, None)
        for field in msgspec.structs.fields(struct)
    }
    fields |= {name: (NARROWER[name] | None, None) for name in fields.keys() & NARROWER.keys()}
    for not_set in ("rules_signed", "has_form"):  # a signature and the site's profile say these
        fields.pop(not_set, None)
    return create_model(struct.__name__, __base__=Section, **fields)


FetchSection: Any = _of(rules.FetchRules)
EvaluateSection: Any = _of(rules.EvaluateRules)
QueueSection: Any = _of(rules.QueueRules)
ScheduleSection: Any = _of(rules.ScheduleRules)
WatchSection: Any = _of(rules.WatchRules)
PermitSection: Any = _of(rules.PermitRules)
DraftSection: Any = _of(rules.DraftRules)
PostSection: Any = _of(rules.PostRules)
BudgetSection: Any = _of(rules.BudgetRules)
PlanSection: Any = _of(rules.PlanRules)
LearnSection: Any = _of(rules.LearnRules)


class RuleSections(Section):
    """Overrides of the rules, for all accounts or for one."""

    fetch: FetchSection = FetchSection()
    evaluate: EvaluateSection = EvaluateSection()
    queue: QueueSection = QueueSection()
    schedule: ScheduleSection = ScheduleSection()
    watch: WatchSection = WatchSection()
    permit: PermitSection = PermitSection()
    draft: DraftSection = DraftSection()
    post: PostSection = PostSection()
    budget: BudgetSection = BudgetSection()
    plan: PlanSection = PlanSection()
    learn: LearnSection = LearnSection()


class Database(Section):
    """Where the log is. Without `url` an embedded PostgreSQL in the data directory is used."""

    url: DatabaseAddress | None = None
    approver_url: DatabaseAddress | None = None
    reader_url: DatabaseAddress | None = None
    admin_url: DatabaseAddress | None = None
    single_role: bool = False


class Model(Section):
    """The model endpoint, and what it may cost a day, all accounts together, in US dollars."""

    name: Name = "gpt-4o-mini"
    temperature: Annotated[float, Field(ge=0, le=2)] = 0.8
    top_p: Annotated[float, Field(gt=0, le=1)] = 1.0
    max_tokens: Annotated[int, Field(ge=1, le=16_384)] = 300
    timeout_s: Annotated[float, Field(gt=0, le=600)] = 30.0
    base_url: Endpoint | None = None
    api_key: ApiKey | None = None
    daily_budget_usd: Money = Decimal(1)
    purpose_budget_usd: dict[str, Money] = Field(default_factory=dict)
    circuit_open: bool = False


class Health(Section):
    """The health server. `lag_max`: events that a rule or view may be behind while we are ready."""

    enabled: bool = True
    host: str = "0.0.0.0"  # noqa: S104 -- probes come from outside; it shows no content
    port: Annotated[int, Field(ge=0, le=65_535)] = 3000
    lag_max: Count = 1000


class Alerts(Section):
    """Where alerts are sent, besides the log. The secret signs each message."""

    webhook_url: WebAddress | None = None
    secret: SecretStr | None = None
    severity_min: Severity = Severity.WARNING
    timeout_s: Annotated[float, Field(gt=0, le=60)] = 5.0
    tries: Annotated[int, Field(ge=1, le=10)] = 5

    @model_validator(mode="after")
    def _signs(self) -> Self:
        if self.webhook_url is not None and not (self.secret and self.secret.get_secret_value()):
            raise ValueError("webhook_url needs the secret that signs: ALERT_WEBHOOK_SECRET")
        return self


class Cadence(Section):
    """Seconds between two slots of each job."""

    fetch: Seconds = 300
    schedule: Seconds = 900
    post: Seconds = 60
    reconcile: Seconds = 300  # how often to ask whether to read; the rules say how often to
    watchdog: Seconds = 300
    proof: Seconds = 600
    plan: Seconds = 14_400
    metrics: Seconds = 600  # how often to look for posts that are old enough to be read
    learn: Seconds = 3_600


class Sandbox(Section):
    """The local forum."""

    port: Annotated[int, Field(ge=0, le=65_535)] = 8020


class AccountSettings(RuleSections):
    """One account on one site: who it is, where it looks, how it sounds."""

    site: str = "spirit"
    base_url: str | None = None
    handle: Annotated[str, Field(min_length=1)]
    password: SecretStr | None = None
    password_file: Path | None = None
    curated: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    viral: tuple[str, ...] = ()
    persona: str = "a friendly, well-informed member of this community"
    languages: tuple[str, ...] = ("en",)
    banned_words: tuple[str, ...] = ()
    blocked_authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
