"""The rows of `why`: whatever was not as usual on a click's way stands among them."""

from __future__ import annotations

from uuid import UUID

from edge.cli.why_rows import click_rows, ghost_rows, permit_rows
from replay.click_story import ClickStory, KnownBy
from replay.ghost_story import GhostStory, NearClick
from replay.permit_story import PermitStory
from schema.events.ghosts import GhostKind
from schema.ids import PermitId, named

AT = "2026-01-31T12:00:00.000Z"


def clicked(**changed: object) -> ClickStory:
    return ClickStory(
        position=7,
        attempted_at=AT,
        worker_id=UUID(int=1),
        **{"known_by": KnownBy.LOOK, "known_after_s": 61.0} | changed,  # type: ignore[arg-type]
    )


def permit(status: str, late_ms: int | None = None) -> PermitStory:
    return PermitStory(
        permit_id=PermitId(named(status)),
        status=status,
        pipeline_source="reply_v2_scheduler",
        reason_code=None,
        target_is_root=True,
        target_in_reply_to=None,
        late_ms=late_ms,
    )


def test_a_click_without_incidents_has_one_row() -> None:
    known = ("known by", "a look at our profile, 61.0 s after the attempt")
    assert click_rows(clicked(), None) == [known]
    assert click_rows(None, None) == []


def test_every_incident_of_a_click_has_its_row() -> None:
    told = clicked(spooled=True, unknown_because="no answer", next_worker_after_s=3.0)
    assert click_rows(told, permit("used", late_ms=40)) == [
        ("click left late", "40 ms after its budget"),
        ("known by", "a look at our profile, 61.0 s after the attempt, kept on disk meanwhile"),
        ("unknown before", "no answer"),
        (
            "its worker",
            "silent after the attempt; another started 3.0 s later and settled it",
        ),
    ]


def test_a_permit_names_the_one_whose_place_it_took() -> None:
    former, used = permit("expired"), permit("used")
    replaced = ("in the place of", f"{former.permit_id}, expired")
    assert permit_rows(used, former) == [("permit status", "used"), replaced]
    assert permit_rows(used, None) == [("permit status", "used")]


def test_a_ghost_of_which_little_is_known_says_what_is_missing() -> None:
    erased = NearClick(position=3, at=AT, permit_id=None, target_post_id=None)
    ghost = GhostStory(
        kind=GhostKind.UNEXPLAINED,
        posted_at=None,
        detected_at=AT,
        target_post_id=None,
        click_before=erased,
        click_after=None,
    )
    assert ghost_rows(ghost) == [
        ("posted", "the site does not say"),
        ("found", AT),
        ("below", "no other post"),
        ("our click before", f"position 3, {AT}, permit erased"),
        ("our click after", "none"),
    ]
