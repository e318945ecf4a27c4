"""Shares: the installation's daily budget is divided, so that its accounts together keep it.

Each account's purse is a fold of its own log and knows nothing of the others'. Equal shares need no
word between them: whatever each spends, the sum is never above the one number that was set.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import Any

from edge.settings.settings import Settings

FINEST_USD = Decimal("0.000001")  # as fine as a single call's price


def shared_budget(settings: Settings) -> dict[str, Any]:
    """Return an account's part of what `[model]` says for all; the rest of a division is kept.

    An account with a `budget.daily_usd` of its own has that instead, and takes no share.
    """
    sharing = [one for one in settings.accounts.values() if one.budget.daily_usd is None]
    count = max(len(sharing), 1)
    model = settings.model
    return {
        "daily_usd": _share(model.daily_budget_usd, count),
        "purpose_usd": {name: _share(usd, count) for name, usd in model.purpose_budget_usd.items()},
        "circuit_open": model.circuit_open,
    }


def _share(usd: Decimal, count: int) -> Decimal:
    return usd if count == 1 else (usd / count).quantize(FINEST_USD, ROUND_DOWN)
