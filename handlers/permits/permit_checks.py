"""The permit checks: why a created permit is refused, in the order in which it is asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.names import is_named
from handlers.permits.permit_book import Book, Target
from schema.events.permitting import PermitCreated, ReasonCode
from schema.events.scheduling import DecisionType
from schema.rules import PermitRules, Rules


def permanent_refusal(
    rules: Rules, book: Book, target: Target, permit: PermitCreated
) -> tuple[ReasonCode, str] | None:
    """Make checks 1 to 3: what no waiting will mend."""
    is_reply = permit.decision_type is DecisionType.REPLY
    allowed = sources_allowed(rules.permit, permit)
    if permit.pipeline_source not in allowed:
        listed = ",".join(allowed)
        message = f"invalid_pipeline_source: source={permit.pipeline_source} allowed={listed}"
        return ReasonCode.INVALID_PIPELINE_SOURCE, message
    if not is_reply:
        return None
    if not permit.target_is_root or permit.target_in_reply_to:
        message = f"target_not_root: in_reply_to={permit.target_in_reply_to}"
        return ReasonCode.TARGET_NOT_ROOT, message
    if is_named(permit.target_author, (rules.handle,)):
        return ReasonCode.TARGET_IS_OWN_POST, f"target_is_own_post: author={permit.target_author}"
    if target.clicked or target.live is not None:
        message = f"target_already_replied: target={permit.target_post_id}"
        return ReasonCode.TARGET_ALREADY_REPLIED, message
    if is_named(permit.target_author, (*rules.evaluate.blocked_authors, *book.blocked)):
        return ReasonCode.AUTHOR_BLOCKED, f"author_blocked: author={permit.target_author}"
    return None


def rate_refusal(book: Book, rules: PermitRules, author: str | None, now: datetime) -> str | None:
    """Check 4: clicks made plus approvals not yet spent, against the caps."""
    hour, day = now - timedelta(hours=1), now - timedelta(days=1)
    unspent = len(book.unspent)
    clicks = (*book.clicks, *book.legacy.values())
    in_hour = sum(at > hour for at, _ in clicks) + unspent
    in_day = sum(at > day for at, _ in clicks) + unspent
    at_author = sum(at > day and is_named(who, (author or "",)) for at, who in clicks)
    at_author += sum(is_named(who, (author or "",)) for who in book.unspent.values())
    if in_hour >= rules.per_hour:
        return f"rate_limited: {in_hour} of {rules.per_hour} an hour"
    if in_day >= rules.per_day:
        return f"rate_limited: {in_day} of {rules.per_day} a day"
    if author is not None and at_author >= rules.per_author_per_day:
        return f"rate_limited: {at_author} of {rules.per_author_per_day} a day to {author}"
    return None


def sources_allowed(rules: PermitRules, permit: PermitCreated) -> tuple[str, ...]:
    """Return the allowlist of the permit's kind of decision."""
    is_reply = permit.decision_type is DecisionType.REPLY
    return rules.reply_sources if is_reply else rules.original_sources
