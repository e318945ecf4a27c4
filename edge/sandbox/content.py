"""What the forum is filled with: topics from the theme files, the same ones for the same seed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, TypedDict

SEED_DIR = Path(__file__).parent / "seed"
DAY_S = 86_400
_SLOT = re.compile(r"\{([a-z]+)\}")


class Comment(TypedDict):
    """One comment of the plan; `at` is Unix seconds."""

    author: str
    text: str
    at: float
    liked_by: list[str]


class Topic(TypedDict):
    """One topic of the plan; its first comment is the opening post."""

    category: str
    title: str
    pinned: bool
    closed: bool
    views: int
    comments: list[Comment]


class Draft(TypedDict):
    """A topic before it has an author, a time and answers."""

    category: str
    title: str
    text: str
    language: str
    replies: list[str]


def topics(
    *, seed: int, now: float, authors: list[str], count: int, within_days: float = 30
) -> list[Topic]:
    """Plan `count` topics by `authors`, oldest first, none older than `within_days`.

    The hostile ones are among the first batch, the one that reaches back for weeks.
    """
    random = Random(seed)  # noqa: S311  content of a sandbox, nothing secret
    hostile = list(_hostile()) if within_days > 1 else []
    drafts = hostile + _sample(random, list(_themed()), count)
    talk = _read("small_talk")
    planned = [_topic(random, draft, authors, now, within_days, talk) for draft in drafts[:count]]
    return sorted(planned, key=lambda topic: topic["comments"][0]["at"])


def welcome(*, now: float, authors: list[str], bot: str) -> Topic:
    """Plan the pinned topic in which every account says hello, the bot's account last."""
    talk = _read("small_talk")
    lines = [*zip(authors, talk["welcome"], strict=False), (bot, talk["old_bot_posts"][0])]
    start = now - 40 * DAY_S
    comments = [
        Comment(author=author, text=text, at=start + 3_600 * hour, liked_by=[])
        for hour, (author, text) in enumerate(lines)
    ]
    return Topic(
        category=talk["welcome_category"],
        title=talk["welcome_title"],
        pinned=True,
        closed=True,
        views=412,
        comments=comments,
    )


def old_bot_post(topic: Topic, bot: str) -> Comment:
    """Plan the one old answer that the bot's account once gave in `topic`."""
    text: str = _read("small_talk")["old_bot_posts"][1]
    return Comment(author=bot, text=text, at=topic["comments"][-1]["at"] + 60, liked_by=[])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((SEED_DIR / f"{name}.toml").read_text(encoding="utf-8"))


def _themed() -> Iterator[list[Draft]]:
    for path in sorted(SEED_DIR.glob("*.toml")):
        if path.stem not in ("hostile", "small_talk"):
            theme = _read(path.stem)
            for topic in theme["topic"]:
                yield list(_fillings(theme, topic))


def _hostile() -> Iterator[Draft]:
    theme = _read("hostile")
    for topic in theme["topic"]:
        yield from _fillings(theme, topic)


def _fillings(theme: dict[str, Any], topic: dict[str, str]) -> Iterator[Draft]:
    """Yield one draft for each way to fill the slots that the topic uses."""
    language = topic["language"]
    slots: dict[str, list[str]] = theme["slots"][language]
    used = sorted(set(_SLOT.findall(topic["title"] + topic["text"])) & set(slots))
    for values in product(*(slots[name] for name in used)):
        filled = dict(zip(used, values, strict=True))
        yield Draft(
            category=theme["category"],
            title=_fill(topic["title"], filled),
            text=_fill(topic["text"].strip(), filled),
            language=language,
            replies=theme["replies"][language],
        )


def _fill(text: str, values: dict[str, str]) -> str:
    filled = _SLOT.sub(lambda slot: values.get(slot[1], slot[0]), text)
    return filled[:1].upper() + filled[1:]


def _sample(random: Random, groups: list[list[Draft]], count: int) -> list[Draft]:
    """Take from each group in turn, no title twice, until there are `count` or nothing is left."""
    for group in groups:
        random.shuffle(group)
    random.shuffle(groups)
    chosen: dict[str, Draft] = {}
    while len(chosen) < count and any(groups):
        for group in groups:
            if group:
                draft = group.pop()
                chosen.setdefault(draft["title"], draft)
    return list(chosen.values())[:count]


def _topic(  # noqa: PLR0913, PLR0917  one value for each thing a topic needs
    random: Random,
    draft: Draft,
    authors: list[str],
    now: float,
    within_days: float,
    talk: dict[str, Any],
) -> Topic:
    start = now - _age_s(random, within_days)
    author, *others = random.sample(authors, len(authors))
    opening = Comment(
        author=author,
        text=draft["text"],
        at=start,
        liked_by=others[: random.choice((0, 0, 0, 1, 1, 2, 4))],
    )
    answers = _answers(random, draft, (author, *others), (start, now), talk)
    return Topic(
        category=draft["category"],
        title=draft["title"],
        pinned=False,
        closed=False,
        views=len(answers) * 9 + random.randrange(3, 60),
        comments=[opening, *answers],
    )


def _age_s(random: Random, within_days: float) -> float:
    """Most topics are from today, some from this week, a few are old."""
    span_days = random.choices((0.8, 6, within_days), (60, 30, 10))[0]
    return random.uniform(300, min(span_days, within_days) * DAY_S)


def _answers(
    random: Random,
    draft: Draft,
    people: tuple[str, ...],
    between: tuple[float, float],
    talk: dict[str, Any],
) -> list[Comment]:
    language = draft["language"]
    count = min(random.choice((0, 0, 1, 1, 2, 2, 3, 4, 5)), len(draft["replies"]))
    times = sorted(random.uniform(between[0] + 60, between[1] - 30) for _ in range(count))
    answers = []
    for text, at in zip(random.sample(draft["replies"], count), times, strict=True):
        opening = random.choice(talk["opening"][language])
        closing = random.choice(talk["closing"][language])
        author = random.choice(people[1:])
        fans = [handle for handle in people if handle != author]
        liked_by = random.sample(fans, random.choice((0, 0, 0, 1, 2)))
        answers.append(
            Comment(author=author, text=opening + text + closing, at=at, liked_by=liked_by)
        )
    return answers
