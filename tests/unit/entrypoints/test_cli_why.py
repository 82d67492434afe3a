"""Why not me, in people's words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mta_core.domain.bookings import BookingState
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.obstacles import Obstacle
from mta_core.domain.wishes import Misfit
from mta_core.testing import NOON, PASING, a_booking, a_catalogue, an_opening
from mta_core.use_cases.explain import Explanation, Why
from mta_entrypoints.cli import output
from mta_entrypoints.cli.booking_words import Deal
from mta_entrypoints.cli.explain import Story

CITY = a_catalogue()


def a_story(why: Why, seconds: float | None = None, **changes: Any) -> Story:
    """Build what became of an opening; *seconds*: how long it was seen."""
    gone = None if seconds is None else NOON + timedelta(seconds=seconds)
    known = Explanation(an_opening(gone_at=gone), why, **changes)
    tried = Deal(known.booking, CITY) if known.booking else None
    return Story(known, CITY, tried)


@pytest.mark.parametrize("why", [w for w in Why if w not in {Why.MISFIT, Why.OBSTACLE}])
def test_every_reason_has_words(why: Why) -> None:
    assert a_story(why).why().endswith(".")


@pytest.mark.parametrize("misfit", Misfit)
def test_what_does_not_suit_is_named(misfit: Misfit) -> None:
    story = a_story(Why.MISFIT, misfit=misfit)
    assert story.why().endswith(".")
    assert story.described()["misfit"] == misfit.value


@pytest.mark.parametrize("obstacle", Obstacle)
def test_what_stood_in_the_way_is_named(obstacle: Obstacle) -> None:
    story = a_story(Why.OBSTACLE, obstacle=obstacle)
    assert story.why().endswith(".")
    assert story.described()["obstacle"] == obstacle.value


def test_a_try_is_named_with_its_end() -> None:
    booking = a_booking(state=BookingState.EXPIRED, reason="not opened")
    story = a_story(Why.TRIED, booking=booking)
    assert story.why() == (
        f"MTA tried to book it for you. Booking {output.short(booking.id)}: expired. "
        "not opened"
    )
    assert story.described()["booking"] == booking.id


@pytest.mark.parametrize(
    ("others", "said"),
    [
        (0, ""),
        (1, "1 other person was told of it or had it tried for them."),
        (3, "3 other people were told of it or had it tried for them."),
    ],
)
def test_the_others_are_counted(others: int, said: str) -> None:
    story = a_story(Why.WAVE, others=others)
    assert story.others() == said
    assert story.row()[-1] == f"{story.why()} {said}".rstrip()


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "free when last seen"),
        (-3600, "after 0 seconds"),
        (1, "after 1 second"),
        (119, "after 119 seconds"),
        (150, "after 2 minutes"),
        (7200, "after 2 hours"),
    ],
)
def test_how_long_it_was_free_is_said(seconds: float | None, said: str) -> None:
    assert a_story(Why.OPEN, seconds).row()[1] == said


def test_a_line_tells_when_and_where() -> None:
    seen, _, when, where, _ = a_story(Why.TOLD).row()
    assert (seen, when) == ("Tue 01 Sep 12:00:00", "Wed 02 Sep 2026 09:00")
    assert where == "Bürgerbüro Pasing"


def test_an_office_that_is_listed_no_more_goes_by_its_number() -> None:
    story = Story(a_story(Why.TOLD).known, Catalogue.of((), (), ()))
    assert story.described()["office"] == str(PASING)
