"""Fill the forum from a plan: accounts, categories, topics, comments, likes, the search index."""

# mypy: ignore-errors
# ruff: noqa: E402  Django must know its settings before its models are imported

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

import django

django.setup()

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import transaction
from spirit.category.models import Category
from spirit.comment.like.models import CommentLike
from spirit.comment.models import Comment
from spirit.core.utils.markdown import Markdown
from spirit.topic.models import Topic
from spirit.user.models import UserProfile

User = get_user_model()


def main() -> None:
    """Read the plan named on the command line and carry it out in one transaction."""
    plan = json.loads(Path(sys.argv[1]).read_text())
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        users = accounts(plan["accounts"])
        topics(plan["topics"], users, categories(plan["topics"]))
    call_command("update_index", verbosity=0)


def accounts(wanted: dict[str, str]) -> dict:
    """Make the accounts that are missing and give every one its password."""
    users = {}
    for handle, password in wanted.items():
        user, _ = User.objects.get_or_create(
            username=handle, defaults={"email": f"{handle}@example.invalid"}
        )
        # Setting a password, even the same one, would end the sessions of a running forum.
        if not user.check_password(password):
            user.set_password(password)
            user.save()
        UserProfile.objects.filter(user=user).update(is_verified=True)
        users[handle] = user
    return users


def categories(wanted: list[dict]) -> dict:
    """Make one category a theme."""
    titles = sorted({topic["category"] for topic in wanted})
    return {title: Category.objects.get_or_create(title=title)[0] for title in titles}


def topics(wanted: list[dict], users: dict, categories_by_title: dict) -> None:
    """Write every topic with its comments, then the likes of all comments at once."""
    likes = []
    for topic in wanted:
        likes += one_topic(topic, users, categories_by_title[topic["category"]])
    CommentLike.objects.bulk_create(likes)


def one_topic(plan: dict, users: dict, category: Category) -> list:
    """Write one topic and its comments; answer the likes that they got."""
    comments = plan["comments"]
    topic = Topic.objects.create(
        user=users[comments[0]["author"]],
        category=category,
        title=plan["title"],
        date=moment(comments[0]),
        last_active=moment(comments[-1]),
        view_count=plan["views"],
        comment_count=len(comments),
        is_globally_pinned=plan.get("pinned", False),
        is_closed=plan.get("closed", False),
    )
    likes = []
    for comment in comments:
        row = Comment.objects.create(
            user=users[comment["author"]],
            topic=topic,
            comment=comment["text"],
            comment_html=Markdown().render(comment["text"]),
            date=moment(comment),
            likes_count=len(comment["liked_by"]),
        )
        likes += [CommentLike(user=users[handle], comment=row) for handle in comment["liked_by"]]
    return likes


def moment(comment: dict) -> datetime:
    """Return the comment's time."""
    return datetime.fromtimestamp(comment["at"], UTC)


if __name__ == "__main__":
    main()
