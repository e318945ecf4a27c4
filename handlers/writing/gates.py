"""The gate chain: quality, then uniqueness, then rotation; the first refusal counts."""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from rapidfuzz import fuzz

from handlers.language import UNKNOWN, language_of
from handlers.writing.disguise import has_invisible, looks_like, undisguised
from handlers.writing.formatting import is_formatted
from schema.events.drafting import Gate
from schema.rules import DraftRules
from schema.text import normalised

OPENING_WORDS = 3
LINK = re.compile(
    r"\b[a-z]{2,12}://|\b(?:javascript|vbscript)[:&]|\bdata:\w|www\."
    r"|\b[\w-]+\.[a-z]{2,24}/\S|\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b"
    r"|\b[\w-]+\.(?:com|org|net|de|io|info|biz|eu|uk|ru|cn|co|ly|gg|xyz|app|dev|ai|tv|cc|su)\b",
    re.IGNORECASE,
)
"""An address, with or without its scheme: a host with a path, a number, or a common ending."""

MARKUP = re.compile(r"<[a-z!/%?]|\{\{|[$#]\{|\]\(|^\s*[\[{]\s*[\[{\"]", re.IGNORECASE)
"""What a page, a template or a program might carry out: tags, braces, links, JSON."""

MENTION = re.compile(r"@[\w.+-]")
"""Some sites take a name for mentioned wherever the sign stands, in the middle of a word too."""

LEAKED = re.compile(
    r"system prompt|as an ai|language model|untrusted|my instructions|<\|", re.IGNORECASE
)

DECLINED = re.compile(
    r"\bI(?:\Wm| am)? (?:can\Wt|cannot|not able to|unable to|won\Wt|must decline to)"
    r" (?:help (?:with|you)|assist|comply|fulfil|provide|engage|generate)\b"
    r"|\bich kann (?:\w+ ){0,3}nicht (?:helfen|nachkommen|beantworten|weiterhelfen)\b",
    re.IGNORECASE,
)
"""A model that declines in prose, where the endpoint's own sign of a refusal is missing."""


class Refusal(NamedTuple):
    """Which gate refused, and why."""

    gate: Gate
    why: str


def text_hash(text: str) -> str:
    """Return the SHA-256 of the exact text's UTF-8 bytes, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def opening(text: str) -> str:
    """Return the first few words, by which two posts begin alike."""
    return " ".join(re.findall(r"\w+", text.lower())[:OPENING_WORDS])


def refusal(
    text: str, target_text: str, remembered: tuple[str, ...], rules: DraftRules
) -> Refusal | None:
    """Return the first gate's refusal, or None; `remembered` are our last posts, newest last."""
    why = poor_quality(text, target_text, rules)
    if why is not None:
        return Refusal(Gate.QUALITY, why)
    why = too_similar(text, remembered, rules.similarity_max)
    if why is not None:
        return Refusal(Gate.UNIQUENESS, why)
    if remembered and opening(remembered[-1]) == opening(text):
        return Refusal(Gate.ROTATION, f"opens like the last post: {opening(text)!r}")
    return None


def poor_quality(text: str, target_text: str, rules: DraftRules) -> str | None:
    """Check length, signs, banned words, links, mentions, leaked instructions and language."""
    plain, letters = undisguised(text), looks_like(text)
    if not rules.length_min <= len(text.strip()) <= rules.length_max:
        return f"{len(text.strip())} characters, wanted {rules.length_min} to {rules.length_max}"
    if has_invisible(text):
        return "control or invisible characters"
    banned = [word for word in rules.banned_words if _is_in(word, text, letters)]
    if banned:
        return f"banned word {banned[0]!r}"
    if LINK.search(plain) and not rules.links_allowed:
        return "a link"
    if MARKUP.search(plain) or is_formatted(text):
        return "markup"
    if MENTION.search(plain) and not rules.mentions_allowed:
        return "a mention"
    if LEAKED.search(plain):
        return "leaked instructions"
    if DECLINED.search(plain):
        return "the model declines"
    return _wrong_language(text, target_text)


def _is_in(word: str, text: str, letters: str) -> bool:
    """Say whether a word is in the text as it is written or, in `letters`, as it is read."""
    read = looks_like(word)
    return word.lower() in text.lower() or (bool(read) and read in letters)


def _wrong_language(text: str, target_text: str) -> str | None:
    wanted, found = language_of(target_text), language_of(text)
    if UNKNOWN in {wanted, found} or wanted == found:
        return None
    return f"written in {found}, the target is in {wanted}"


def too_similar(text: str, remembered: tuple[str, ...], similarity_max: int) -> str | None:
    """Compare with each remembered post; similarity is rapidfuzz's ratio, 0 to 100."""
    plain = normalised(text)
    for earlier in remembered:
        similarity = fuzz.ratio(plain, normalised(earlier))
        if similarity > similarity_max:
            return f"{similarity:.0f} % like an earlier post, at most {similarity_max} %"
    return None
