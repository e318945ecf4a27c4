"""The daily budget: one number holds for all accounts of an installation together."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from edge.settings import shares
from edge.settings.rules import rules_for
from edge.settings.settings import Settings, load_settings
from schema.ids import Account

THREE = "".join(f"[accounts.{name}]\nhandle = 'h'\n" for name in ("a", "b", "c"))


def together(settings: Settings) -> Decimal:
    names = map(Account, settings.accounts)
    return sum((rules_for(settings, name).budget.daily_usd for name in names), Decimal(0))


def written(folder: Path, toml: str) -> Settings:
    (folder / "ghostproof.toml").write_text(toml)
    return load_settings({}, folder)


def test_one_account_has_the_whole_day(clean: Path) -> None:
    settings = written(clean, "[accounts.a]\nhandle = 'h'")
    assert rules_for(settings, Account("a")).budget.daily_usd == 1


@pytest.mark.parametrize("daily", ["1", "0.1", "0", "7"])
def test_accounts_together_never_have_more_than_the_one_number(clean: Path, daily: str) -> None:
    settings = written(clean, f"[model]\ndaily_budget_usd = {daily}\n{THREE}")
    assert Decimal(daily) - Decimal("0.00001") < together(settings) <= Decimal(daily)


def test_whole_amounts_for_each_would_be_noticed(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "_share", lambda usd, _: usd)
    assert together(written(clean, THREE)) == 3


def test_a_purpose_is_shared_alike(clean: Path) -> None:
    toml = f"[model]\npurpose_budget_usd = {{ target_judge = 0.6 }}\n{THREE}"
    budget = rules_for(written(clean, toml), Account("a")).budget
    assert budget.purpose_usd == {"target_judge": Decimal("0.2")}


def test_an_account_with_a_number_of_its_own_takes_no_share(clean: Path) -> None:
    settings = written(clean, f"{THREE}[accounts.c.budget]\ndaily_usd = 5\n")
    shares = [rules_for(settings, Account(name)).budget.daily_usd for name in "abc"]
    assert shares == [Decimal("0.5"), Decimal("0.5"), 5]
