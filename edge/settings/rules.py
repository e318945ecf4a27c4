"""The rules of one account: defaults, then what holds for all, then the account's own."""

from __future__ import annotations

from typing import Any

import msgspec

from edge.settings.settings import Settings
from edge.settings.shape import AccountSettings, RuleSections
from edge.settings.shares import shared_budget
from schema.ids import Account
from schema.rules import Rules

AT_THE_TOP = {
    "fetch": ("curated", "keywords", "viral"),
    "evaluate": ("languages", "blocked_authors"),
    "draft": ("banned_words",),
    "plan": ("topics",),
}
SECTIONS = (
    *("fetch", "evaluate", "queue", "schedule", "watch", "permit", "draft", "post"),
    *("budget", "plan", "learn"),
)


def rules_for(settings: Settings, account: Account, *, has_form: bool = False) -> Rules:
    """Return the rules in force for the account; they go into a `settings_changed` event.

    `has_form` says whether the site's profile knows how an original is posted.
    """
    own = settings.account(account)
    layers: list[dict[str, dict[str, Any]]] = [
        {"budget": shared_budget(settings)},
        _said(settings),
        _plain(own),
        _said(own),
    ]
    parts = {
        name: msgspec.structs.replace(
            getattr(Rules(), name),
            **{k: v for layer in layers for k, v in layer.get(name, {}).items()},
        )
        for name in SECTIONS
    }
    rules = Rules(mode=settings.mode, handle=own.handle, site=own.site, **parts)
    plan = msgspec.structs.replace(rules.plan, has_form=has_form)
    return msgspec.structs.replace(rules, plan=plan)


def _said(sections: RuleSections) -> dict[str, dict[str, Any]]:
    return {name: getattr(sections, name).model_dump(exclude_none=True) for name in SECTIONS}


def _plain(own: AccountSettings) -> dict[str, dict[str, Any]]:
    """Return the rules that an account states at its top, where people look for them."""
    said: dict[str, dict[str, Any]] = {name: {} for name in SECTIONS}
    for section, names in AT_THE_TOP.items():
        set_here = own.model_fields_set & set(names)
        said[section] = {name: getattr(own, name) for name in sorted(set_here)}
    return said
