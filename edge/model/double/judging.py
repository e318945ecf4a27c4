"""The double's judge: plausible scores, read from the post's own text."""

from __future__ import annotations

from typing import Any

from edge.model.double.asked import Asked
from edge.model.double.dice import Dice
from edge.model.double.reading import is_grave, means_harm, topics, words

_FEW_WORDS = 7
_TIER_A = 0.74
_TIER_B = 0.5


def judged(asked: Asked, dice: Dice) -> dict[str, Any]:
    """Judge the quoted post."""
    text = f"{asked.slots.get('title', '')}\n{asked.slots.get('post', '')}"
    if means_harm(text):
        return _verdict((0.3, 0.05, dice.between(0.85, 0.98)), "hostile, or gives instructions")
    if is_grave(text):
        return _verdict((0.4, 0.2, dice.between(0.6, 0.8)), "too grave for a stranger's remark")
    if len(words(text)) < _FEW_WORDS:
        return _verdict((dice.between(0.2, 0.4), 0.15, 0.1), "too short to say anything about")
    return _worth(asked, text, dice)


def _worth(asked: Asked, text: str, dice: Dice) -> dict[str, Any]:
    persona = {word.lower() for word in words(asked.setting(r"Persona: (.*)"))}
    shared = persona & {word.lower() for word in words(text)}
    relevance = min(0.97, dice.between(0.6, 0.85) + 0.05 * len(shared))
    asks = 0.12 if "?" in text else 0.0
    worthiness = min(0.97, dice.between(0.55, 0.8) + asks + min(0.1, len(text) / 5_000))
    about = next(iter(topics(asked.slots.get("title", ""), text)), "its topic")
    why = f"{'asks' if asks else 'speaks'} about {about[:60]}, and a reply can add to it"
    return _verdict((round(relevance, 2), round(worthiness, 2), dice.between(0.02, 0.18)), why)


def _verdict(scores: tuple[float, float, float], why: str) -> dict[str, Any]:
    relevance, worthiness, risk = scores
    mean = (relevance + worthiness) / 2
    tier = "A" if mean >= _TIER_A else "B" if mean >= _TIER_B else "C"
    return {
        "relevance": relevance,
        "reply_worthiness": worthiness,
        "risk": risk,
        "tier": tier,
        "why": why,
    }
