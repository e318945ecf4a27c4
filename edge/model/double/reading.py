"""What the double understands of a text: its language, its topic, and whether it means harm."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from edge.model.double.common_words import COMMON, ENGLISH, GERMAN

_TELLING: Final = 4  # letters; a shorter word seldom names a topic
_PHRASE_WORDS: Final = 3
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

_HARM: Final = re.compile(
    r"ignore (?:all|any|the|your|every|previous)|disregard|system prompt|you are now|"
    r"developer mode|jailbreak|api.?key|as an ai|new instructions|override|reply with|"
    r"https?:|www\.|bit\.ly|buy now|click here|free money|giveaway|crypto pump|"
    r"\b(?:idiot|moron|stupid|scum|hate you|kill|shut up|loser|trash people)\w*|"
    r"ignorier\w*|anweisung\w*|vergiss alles|du bist jetzt|hasse|dumm\w*|abschaum|halt'?s maul|"
    r"jetzt kaufen|hier klicken|gewinnspiel",
    re.IGNORECASE,
)
_GRAVE: Final = re.compile(
    r"\b(?:died|death|suicide|funeral|cancer|terror\w*|war crimes?|election|president|"
    r"gestorben|selbstmord|beerdigung|krebs|anschlag|wahl(?:kampf)?|kanzler)\b",
    re.IGNORECASE,
)


def words(text: str) -> list[str]:
    """Give the words of a text, in order."""
    return _WORD.findall(text)


def means_harm(text: str) -> bool:
    """Say whether a text is hostile, promotional or tries to give instructions."""
    return _HARM.search(text) is not None


def is_grave(text: str) -> bool:
    """Say whether a text touches what a stranger should not chat about."""
    return _GRAVE.search(text) is not None


def language(text: str) -> str:
    """Tell German from everything else, which is taken for English."""
    found = [word.lower() for word in words(text)]
    german = sum(word in GERMAN for word in found) + 2 * len(re.findall("[äöüß]", text))
    return "de" if german > sum(word in ENGLISH for word in found) else "en"


def topics(title: str, text: str, banned: Collection[str] = ()) -> list[str]:
    """Give what a post is about, the likeliest first: its own words, none of them common."""
    skipped = COMMON | {word.lower() for word in banned}
    german = language(f"{title}\n{text}") == "de"
    titled = _runs(title, skipped, nouns_only=german)
    # A title names its topic in a phrase; in running text only the longest words are safe.
    spoken = (run for phrase in _runs(text, skipped, nouns_only=german) for run in phrase.split())
    found = titled or sorted(dict.fromkeys(spoken), key=len, reverse=True)
    return [run for run in found if not means_harm(run)]


def _runs(text: str, skipped: Collection[str], *, nouns_only: bool) -> list[str]:
    """Give the phrases of up to three neighbouring words that tell something."""
    runs: list[list[str]] = [[]]
    for clause in re.split(r"[.,;:!?()\"\n]+", text):
        runs.append([])
        for word in words(clause):
            noun = word[0].isupper() or not nouns_only
            if noun and len(word) >= _TELLING and word.lower() not in skipped:
                runs[-1].append(word)
            else:
                runs.append([])
    return [" ".join(run[:_PHRASE_WORDS]) for run in runs if run]
