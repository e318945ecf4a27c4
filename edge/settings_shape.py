"""The shape of the settings: each section, its defaults, and what its values may be."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field, SecretStr, create_model

from schema import rules

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Seconds = Annotated[int, Field(ge=1)]
Money = Annotated[Decimal, Field(ge=0)]


class Section(BaseModel):
    """A table of the file. A key that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _of(struct: type[msgspec.Struct]) -> type[Section]:
    """Make a section of a rules struct: the same names, every one optional, counts not negative."""
    kinds: dict[Any, Any] = {int: Count, float: Share}
    fields: dict[str, Any] = {
        field.name: (kinds.get(field.type, field.type) | None, None)
        for field in msgspec.structs.fields(struct)
    }
    if "approval" in fields:
        fields["approval"] = (Literal["auto", "human"] | None, None)
    fields.pop("rules_signed", None)  # a signature is made by `site sign`, not by a setting
    return create_model(struct.__name__, __base__=Section, **fields)


FetchSection: Any = _of(rules.FetchRules)
EvaluateSection: Any = _of(rules.EvaluateRules)
QueueSection: Any = _of(rules.QueueRules)
PermitSection: Any = _of(rules.PermitRules)
DraftSection: Any = _of(rules.DraftRules)
PostSection: Any = _of(rules.PostRules)


class RuleSections(Section):
    """Overrides of the rules, for all accounts or for one."""

    fetch: FetchSection = FetchSection()
    evaluate: EvaluateSection = EvaluateSection()
    queue: QueueSection = QueueSection()
    permit: PermitSection = PermitSection()
    draft: DraftSection = DraftSection()
    post: PostSection = PostSection()


class Database(Section):
    """Where the log is. Without `url` an embedded PostgreSQL in the data directory is used."""

    url: SecretStr | None = None
    approver_url: SecretStr | None = None
    reader_url: SecretStr | None = None
    admin_url: SecretStr | None = None
    single_role: bool = False


class Model(Section):
    """The model endpoint and what it may cost a day, in US dollars."""

    name: str = "gpt-4o-mini"
    temperature: Annotated[float, Field(ge=0, le=2)] = 0.8
    top_p: Annotated[float, Field(gt=0, le=1)] = 1.0
    max_tokens: Annotated[int, Field(ge=1, le=16_384)] = 300
    timeout_s: Annotated[float, Field(gt=0, le=600)] = 30.0
    base_url: str | None = None
    api_key: SecretStr | None = None
    daily_budget_usd: Money = Decimal(1)
    purpose_budget_usd: dict[str, Money] = Field(default_factory=dict)
    circuit_open: bool = False


class Health(Section):
    """The health server."""

    host: str = "0.0.0.0"  # noqa: S104 -- probes come from outside; it shows no content
    port: Annotated[int, Field(ge=0, le=65_535)] = 3000


class Cadence(Section):
    """Seconds between two slots of each job."""

    fetch: Seconds = 300
    schedule: Seconds = 900
    post: Seconds = 60
    reconcile: Seconds = 900
    watchdog: Seconds = 300
    proof: Seconds = 600


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
