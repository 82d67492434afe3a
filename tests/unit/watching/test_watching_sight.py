"""What a watch does not see it says: blind is never empty, and checked is not asked."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Literal, Protocol

import attrs
import pytest

from mta_core.domain.blindness import BlindReason, BlindSpot
from mta_core.domain.catalogue import Catalogue, OfficeId
from mta_core.domain.errors import (
    CheckNeeded,
    MtaError,
    NotOffered,
    RateLimited,
    Refused,
    SiteChanged,
    SiteError,
    SiteSilent,
    SiteUnreachable,
)
from mta_core.domain.subscriptions import Wishes
from mta_core.testing import (
    NOON,
    ORLEANSPLATZ,
    PASING,
    RUPPERTSTRASSE,
    a_catalogue,
    a_slot,
    some_terms,
)
from mta_core.watching import Found, Sight
from tests.unit.watching.lookout import STEP, Lookout

ASKED = frozenset({PASING, ORLEANSPLATZ})
CHECKED = (BlindReason.CHECK_NEEDED, frozenset({RUPPERTSTRASSE}))
DAY = 24 * 3600.0
ALL_OPEN = Wishes(offices=ASKED)


class Change(Protocol):
    """Something that happens to offices of the city."""

    def __call__(self, catalogue: Catalogue, *offices: OfficeId) -> Catalogue: ...


def with_checks(catalogue: Catalogue, *offices: OfficeId) -> Catalogue:
    """Put further offices behind the city's human check."""
    checked = {
        office: attrs.evolve(catalogue.offices[office], terms=some_terms(checked=True))
        for office in offices
    }
    return attrs.evolve(catalogue, offices={**catalogue.offices, **checked})


def without(catalogue: Catalogue, *offices: OfficeId) -> Catalogue:
    """Let the city list some offices no more."""
    left = {o: office for o, office in catalogue.offices.items() if o not in offices}
    return attrs.evolve(catalogue, offices=left)


# Checked offices


async def test_a_checked_office_is_never_asked_and_that_is_told_once() -> None:
    lookout = Lookout()
    lookout.site.release(a_slot(1, office=RUPPERTSTRASSE), a_slot(2))
    async with lookout.watching():
        await lookout.questions(5)
    assert lookout.found == [a_slot(2)]
    assert {probe.offices for probe in lookout.probes} == {ASKED}
    assert lookout.sights == [[CHECKED]]


async def test_where_all_offices_are_checked_nothing_is_watched() -> None:
    lookout = Lookout(wishes=Wishes(offices=frozenset({RUPPERTSTRASSE})))
    async with lookout.watching() as task:
        assert task.done()
    assert isinstance(lookout.error, CheckNeeded)
    assert "Wohnsitz anmelden" in str(lookout.error)
    assert lookout.probes == []
    assert lookout.sights == []


async def test_who_sees_all_that_suits_is_told_so() -> None:
    lookout = Lookout(wishes=ALL_OPEN)
    async with lookout.watching():
        await lookout.questions(3)
    assert lookout.events == [Sight(NOON, ())]


# Errors that pass


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (SiteUnreachable("under maintenance"), BlindReason.OUTAGE),
        (SiteSilent("no answer"), BlindReason.OUTAGE),
        (RateLimited("too many"), BlindReason.RATE_LIMITED),
    ],
)
async def test_blind_is_told_with_its_reason_and_takes_nothing_away(
    error: SiteError, reason: BlindReason
) -> None:
    lookout = Lookout(wishes=ALL_OPEN)
    lookout.site.release(a_slot(1))
    async with lookout.watching():
        lookout.site.take(a_slot(1))
        lookout.site.fail("calendar", error, times=3)
        await lookout.clock.advance(400)
        lookout.site.release(a_slot(1))
        await lookout.clock.advance(STEP)
    blind = BlindSpot(reason, ASKED, NOON + timedelta(seconds=STEP), str(error))
    first, found, told, seeing, *_ = lookout.events
    assert first == Sight(NOON, ())
    assert isinstance(found, Found)
    assert told == Sight(NOON + timedelta(seconds=STEP), (blind,))
    assert isinstance(seeing, Sight)
    assert seeing.unseen == ()


async def test_a_slot_that_is_not_seen_while_blind_is_not_absent() -> None:
    lookout = Lookout(wishes=ALL_OPEN)
    lookout.site.release(a_slot(1))
    async with lookout.watching():
        lookout.site.take(a_slot(1))
        await lookout.questions(1)
        lookout.site.fail("calendar", SiteUnreachable(), times=None)
        await lookout.clock.advance(300)
        lookout.site.heal()
        lookout.site.release(a_slot(1))
        await lookout.clock.advance(300)
    assert lookout.found == [a_slot(1)]
    assert lookout.gone == []


async def test_another_reason_is_news_the_same_one_is_not() -> None:
    lookout = Lookout()
    errors = SiteSilent(), SiteUnreachable(), RateLimited(), SiteUnreachable()
    for error in errors:
        lookout.site.fail("calendar", error)
    async with lookout.watching():
        await lookout.clock.advance(600)
    outage, limited = (
        [CHECKED, (reason, ASKED)]
        for reason in (BlindReason.OUTAGE, BlindReason.RATE_LIMITED)
    )
    assert lookout.sights == [outage, limited, outage, [CHECKED]]


async def test_a_city_that_suffers_is_asked_more_and_more_rarely() -> None:
    lookout = Lookout()
    lookout.site.fail("calendar", SiteUnreachable(), times=None)
    async with lookout.watching():
        await lookout.clock.advance(500)
    moments = lookout.asked_at
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]
    assert gaps == [45.0, 45.0, 48.0] + [60.0] * 6


async def test_a_limit_is_waited_out() -> None:
    lookout = Lookout()
    until = NOON + timedelta(minutes=5)
    lookout.site.fail("calendar", RateLimited(until=until))
    async with lookout.watching():
        await lookout.clock.advance(600)
    assert lookout.asked_at[:2] == [NOON, until]


async def test_the_citys_counter_is_given_its_pause() -> None:
    lookout = Lookout()
    lookout.site.left = 10
    async with lookout.watching():
        await lookout.clock.advance(130)
    assert lookout.catalogues == [NOON]
    assert [(at - NOON).total_seconds() for at in lookout.asked_at] == [61.0, 122.0]


# Errors that do not


@pytest.mark.parametrize("call", ["catalogue", "calendar"])
async def test_an_error_that_stays_ends_the_watch(
    call: Literal["catalogue", "calendar"],
) -> None:
    lookout = Lookout()
    error = SiteChanged("there is a new field")
    lookout.site.fail(call, error)
    async with lookout.watching() as task:
        await lookout.clock.advance(600)
        assert task.done()
    assert lookout.error is error
    assert lookout.site.calls[-1].call == call
    assert len(lookout.site.asked(call)) == 1


@pytest.mark.parametrize(
    "error", [Refused("noSuchThing"), CheckNeeded("captchaMissing")]
)
async def test_a_refusal_ends_it_if_the_catalogue_has_no_reason_for_it(
    error: SiteError,
) -> None:
    lookout = Lookout(catalogue=a_catalogue())
    lookout.site.fail("calendar", error, times=None)
    async with lookout.watching():
        await lookout.clock.advance(600)
    assert lookout.error is error
    assert (len(lookout.asked_at), len(lookout.catalogues)) == (1, 1)


async def test_a_refusal_counts_if_the_catalogue_cannot_be_read() -> None:
    lookout = Lookout(catalogue=a_catalogue())
    refusal = Refused("noSuchThing")
    lookout.site.fail("calendar", refusal)
    lookout.site.fail("catalogue", SiteUnreachable())
    async with lookout.watching():
        await lookout.clock.advance(600)
    assert lookout.error is refusal


# A city that changes


@pytest.mark.parametrize(
    "change", [with_checks, without], ids=["a check", "not listed"]
)
async def test_an_old_catalogue_is_read_again_when_the_city_refuses(
    change: Change,
) -> None:
    lookout = Lookout(catalogue=a_catalogue())
    lookout.site.city = change(lookout.site.city, ORLEANSPLATZ)
    lookout.site.release(a_slot(1))
    async with lookout.watching():
        await lookout.questions(2)
    assert lookout.error is None
    assert lookout.found == [a_slot(1)]
    assert [probe.offices for probe in lookout.probes] == [ASKED, {PASING}, {PASING}]


@pytest.mark.parametrize(
    ("change", "error"), [(with_checks, CheckNeeded), (without, NotOffered)]
)
async def test_a_watch_ends_when_no_office_is_left(
    change: Change, error: type[MtaError]
) -> None:
    lookout = Lookout(wishes=ALL_OPEN)
    async with lookout.watching():
        await lookout.questions(1)
        lookout.site.city = change(lookout.site.city, *ASKED)
        await lookout.questions(1)
    assert isinstance(lookout.error, error)
    assert len(lookout.asked_at) == 3


async def test_the_catalogue_is_read_again_each_day() -> None:
    lookout = Lookout(catalogue=a_catalogue(), wishes=Wishes(offices=ASKED))
    lookout.site.left = 0  # so that it asks once a minute, and the test is short
    async with lookout.watching():
        assert lookout.catalogues == []
        await lookout.clock.advance(DAY + 61)
        assert len(lookout.catalogues) == 1
        await lookout.clock.advance(DAY + 61)
        assert len(lookout.catalogues) == 2
    assert lookout.error is None


async def test_an_old_catalogue_is_better_than_none() -> None:
    lookout = Lookout(catalogue=a_catalogue())
    lookout.site.left = 0
    lookout.site.fail("catalogue", SiteUnreachable(), times=2)
    async with lookout.watching():
        await lookout.clock.advance(DAY + 3 * 3600)
    hours = [(at - NOON).total_seconds() // 3600 for at in lookout.catalogues]
    assert hours == [24, 25, 26]
    assert lookout.sights == [[CHECKED]]


async def test_a_city_that_cannot_be_read_at_all_is_unseen_everywhere() -> None:
    lookout = Lookout()
    lookout.site.fail("catalogue", SiteUnreachable("connection refused"), times=2)
    lookout.site.release(a_slot(1))
    async with lookout.watching():
        assert str(lookout.events[0]) == (
            "blind at every office: outage (connection refused)"
        )
        assert lookout.probes == []
        await lookout.clock.advance(120)
    assert lookout.sights == [[(BlindReason.OUTAGE, frozenset())], [CHECKED]]
    assert lookout.found == [a_slot(1)]


# In words


@pytest.mark.parametrize(
    ("spots", "words"),
    [
        ([], "sees everything"),
        (
            [BlindSpot(BlindReason.CHECK_NEEDED, ASKED)],
            f"blind at {PASING}, {ORLEANSPLATZ}: human check needed",
        ),
        (
            [
                BlindSpot(BlindReason.CHECK_NEEDED, frozenset({RUPPERTSTRASSE})),
                BlindSpot(BlindReason.OUTAGE, frozenset({PASING}), NOON, "it is off"),
            ],
            f"blind at {RUPPERTSTRASSE}: human check needed; "
            f"blind at {PASING}: outage (it is off)",
        ),
    ],
)
def test_a_sight_speaks_for_itself(spots: list[BlindSpot], words: str) -> None:
    assert str(Sight(NOON, tuple(spots))) == words
