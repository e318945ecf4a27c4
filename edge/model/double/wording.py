"""The double's wording: replies and originals from a stock of sentences and the post's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from edge.model.double import stock_de, stock_en
from edge.model.double.asked import Asked
from edge.model.double.dice import Dice
from edge.model.double.reading import language, topics

_STOCKS: Final = {"en": stock_en, "de": stock_de}
_NO_TOPIC: Final = {"en": "all of this", "de": "das alles"}
_TOPICS_CHOSEN: Final = 3  # beyond the first few, a post's words say little about it
_OPENING_CHARS: Final = 12  # enough to tell our openings apart in the quoted recent texts
_MIDDLES_A_TEXT: Final = (1, 2, 2, 2)  # with two, chance repeats hardly any pair of texts
_DEFAULT_CHARS: Final = "600"
_TITLE_CHARS: Final = 80
_TITLES: Final = {
    "en": ("{topic}, after a week of notes", "What {topic} taught me", "A thought on {topic}"),
    "de": ("{topic}, nach einer Woche Notizen", "Was {topic} mich lehrte", "Gedanken zu {topic}"),
}


def replied(asked: Asked, dice: Dice) -> dict[str, Any]:
    """Write a reply to the quoted post, in its language if that is allowed."""
    title, post = asked.slots.get("title", ""), asked.slots.get("post", "")
    spoken = _spoken(asked, language(f"{title}\n{post}"))
    found = topics(title, post, _banned(asked))[:_TOPICS_CHOSEN]
    topic = _cased(dice.pick(found), post, spoken) if found else _NO_TOPIC[spoken]
    return {"text": _text(asked, dice, spoken, topic), "language": spoken}


def original(asked: Asked, dice: Dice) -> dict[str, Any]:
    """Write a post on the quoted topic, in the first language allowed."""
    spoken = _spoken(asked, "")
    topic = asked.slots.get("topic", "").strip() or _NO_TOPIC[spoken]
    text = _text(asked, dice, spoken, topic, opener=True)
    title = dice.pick(_TITLES[spoken]).format(topic=topic)[:_TITLE_CHARS]
    return {"title": title[0].upper() + title[1:], "text": text, "topic": topic}


def _text(asked: Asked, dice: Dice, spoken: str, topic: str, *, opener: bool = False) -> str:
    stock, recent = _STOCKS[spoken], asked.slots.get("our_recent_texts", "")
    openings = stock.OPENERS if opener else stock.OPENINGS
    middles = dice.pick(_MIDDLES_A_TEXT)
    plan = [openings, *[stock.MIDDLES] * middles, stock.CLOSINGS]
    parts = list(dict.fromkeys(_fresh(sentences, recent, topic, dice) for sentences in plan))
    chars_max = int(asked.setting(r"At most (\d{1,6}) characters") or _DEFAULT_CHARS)
    while len(parts) > 1 and len(" ".join(parts)) > chars_max:
        parts.pop()
    return " ".join(parts)[:chars_max].rstrip()


def _fresh(stock: Sequence[str], recent: str, topic: str, dice: Dice) -> str:
    """Take a sentence that the recent texts do not open with, while there is one."""
    said = [sentence.format(topic=topic) for sentence in stock]
    unused = [sentence for sentence in said if sentence[:_OPENING_CHARS] not in recent]
    chosen = dice.pick(unused or said)
    return chosen[0].upper() + chosen[1:]


def _spoken(asked: Asked, wanted: str) -> str:
    allowed = asked.setting(r"Allowed languages: ([^.\n]*)").split(", ")
    known = [code[:2] for code in allowed if code[:2] in _STOCKS] or ["en"]
    return wanted if wanted in known else known[0]


def _banned(asked: Asked) -> list[str]:
    return asked.setting(r"Never use these words: ([^\n]*)\.").split(", ")


def _cased(topic: str, post: str, spoken: str) -> str:
    """Write an English title's capitals as the post's own text does."""
    return topic.lower() if spoken == "en" and topic.lower() in post else topic
