"""Wishes are taken down if the city can grant them at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest

from mta_core.domain.accounts import User
from mta_core.domain.availability import DateWindow, day_of
from mta_core.domain.catalogue import Asked, Catalogue, OfficeId, ServiceId, ServiceSet
from mta_core.domain.errors import (
    DetailsMissing,
    InvalidValue,
    MtaError,
    NotFound,
    NotOffered,
)
from mta_core.domain.subscriptions import MAIL_HOURS, Hours, Mode, Wishes
from mta_core.testing.builders import (
    ORLEANSPLATZ,
    PASING,
    PASSPORT,
    RESIDENCE,
    RUPPERTSTRASSE,
    a_catalogue,
    a_contact,
    a_service_set,
    an_id,
    an_office,
    some_terms,
)
from mta_core.testing.clock import NOON
from mta_core.use_cases.subscribe import Subscribe, Subscribed
from tests.unit.use_cases.world import BOTH_OFFICES, World

CITY = a_catalogue()
DEMANDED = Asked(activated=True, required=True)
YESTERDAY = DateWindow(
    day_of(NOON - timedelta(days=9)), day_of(NOON - timedelta(days=1))
)


def city_with(office: OfficeId, **terms: Any) -> Catalogue:
    changed = an_office(office, terms=some_terms(**terms))
    return attrs.evolve(CITY, offices={**CITY.offices, office: changed})


async def subscribe(
    world: World,
    user: User | None = None,
    services: ServiceSet | None = None,
    city: Catalogue = CITY,
    **more: Any,
) -> Subscribed:
    citizen = user or await world.citizen()
    more.setdefault("wishes", Wishes())
    return await Subscribe(world.store, world.clock, world.ids)(
        citizen.id, city, services or a_service_set(), **more
    )


async def test_wishes_are_stored_and_watched_from_now_on(world: World) -> None:
    citizen = await world.citizen()
    wishes = Wishes(offices=frozenset({PASING}))
    done = await subscribe(world, citizen, wishes=wishes)
    stored = await world.subscription(done.subscription)
    assert stored == done.subscription
    assert (stored.user, stored.wishes, stored.mode) == (citizen.id, wishes, Mode.TELL)
    assert (stored.waiting_since, stored.mail_hours) == (NOON, MAIL_HOURS)
    assert stored.active


async def test_what_is_said_about_booking_is_stored(world: World) -> None:
    hours = Hours.parse("0-24")
    done = await subscribe(
        world, mode=Mode.BOOK, mail_hours=hours, answers={"custom": " 12/345 "}
    )
    assert done.subscription.mode is Mode.BOOK
    assert done.subscription.mail_hours == hours
    assert done.subscription.answers == {"custom": "12/345"}


async def test_where_mta_looks_and_where_a_person_must_is_said(world: World) -> None:
    done = await subscribe(world)
    assert done.watched == BOTH_OFFICES
    assert done.checked == {RUPPERTSTRASSE}
    assert done.missing == {}


@pytest.mark.parametrize(
    ("services", "offices", "error"),
    [
        (a_service_set(ServiceId(1)), None, NotFound),
        (a_service_set(), {OfficeId(1)}, NotFound),
        (ServiceSet.of({RESIDENCE: 2}), None, InvalidValue),
        (a_service_set(RESIDENCE, PASSPORT), {RUPPERTSTRASSE}, NotOffered),
    ],
)
async def test_what_the_city_cannot_grant_is_not_stored(
    world: World,
    services: ServiceSet,
    offices: set[OfficeId] | None,
    error: type[MtaError],
) -> None:
    citizen = await world.citizen()
    wishes = Wishes(offices=frozenset(offices) if offices else None)
    with pytest.raises(error):
        await subscribe(world, citizen, services, wishes=wishes)
    async with world.store.snapshot() as tx:
        assert not await tx.subscriptions.of(citizen.id)


async def test_days_that_are_over_are_not_waited_for(world: World) -> None:
    with pytest.raises(InvalidValue, match="over"):
        await subscribe(world, wishes=Wishes(windows=(YESTERDAY,)))


async def test_an_answer_that_the_city_would_refuse_is_refused(world: World) -> None:
    with pytest.raises(InvalidValue, match="250"):
        await subscribe(world, answers={"custom": "x" * 251})


async def test_only_a_citizen_may_subscribe(world: World) -> None:
    stranger = attrs.evolve(await world.citizen(), id=an_id())
    with pytest.raises(NotFound):
        await subscribe(world, stranger)


# Twice


async def test_nobody_waits_for_the_same_twice(world: World) -> None:
    citizen = await world.citizen()
    first = await subscribe(world, citizen)
    with pytest.raises(InvalidValue, match=str(first.subscription.id)):
        await subscribe(world, citizen, mode=Mode.BOOK)


async def test_who_stopped_waiting_may_start_again(world: World) -> None:
    citizen = await world.citizen()
    first = await subscribe(world, citizen)
    async with world.store.begin() as tx:
        await tx.subscriptions.save(first.subscription.cancel())
        await tx.commit()
    again = await subscribe(world, citizen)
    assert again.subscription.id != first.subscription.id


async def test_one_may_wait_for_different_things(world: World) -> None:
    citizen = await world.citizen()
    await subscribe(world, citizen)
    await subscribe(world, citizen, a_service_set(PASSPORT))


async def test_two_citizens_may_wait_for_the_same(world: World) -> None:
    await subscribe(world)
    await subscribe(world)


# What booking demands


async def test_without_contact_data_nothing_can_be_booked(world: World) -> None:
    citizen = await world.citizen(contact=None)
    with pytest.raises(DetailsMissing, match="email, name"):
        await subscribe(world, citizen, mode=Mode.BOOK)
    await subscribe(world, citizen, mode=Mode.TELL)


async def test_one_office_that_can_be_booked_is_enough(world: World) -> None:
    city = city_with(PASING, custom=attrs.evolve(DEMANDED, label="Aktenzeichen"))
    done = await subscribe(world, city=city, mode=Mode.BOOK)
    assert done.missing[PASING] == ("Aktenzeichen",)
    assert ORLEANSPLATZ not in done.missing


async def test_answers_fill_the_gaps(world: World) -> None:
    city = city_with(PASING, custom=attrs.evolve(DEMANDED, label="Aktenzeichen"))
    wishes = Wishes(offices=frozenset({PASING}))
    citizen = await world.citizen()
    with pytest.raises(DetailsMissing, match="Aktenzeichen"):
        await subscribe(world, citizen, city=city, wishes=wishes, mode=Mode.BOOK)
    done = await subscribe(
        world,
        citizen,
        city=city,
        wishes=wishes,
        mode=Mode.BOOK,
        answers={"custom": "12/345"},
    )
    assert done.missing == {}


async def test_what_only_a_checked_office_lacks_is_named(world: World) -> None:
    done = await subscribe(world, mode=Mode.BOOK)
    assert done.missing == {RUPPERTSTRASSE: ("Aktenzeichen",)}


async def test_an_office_that_mta_never_asks_is_not_enough_to_book(
    world: World,
) -> None:
    """Everything that is asked lacks details; only the checked office has them all."""
    citizen = await world.citizen(contact=a_contact(telephone=""))
    city = attrs.evolve(
        CITY,
        offices={
            PASING: an_office(PASING, terms=some_terms(telephone=DEMANDED)),
            RUPPERTSTRASSE: an_office(RUPPERTSTRASSE, terms=some_terms(checked=True)),
        },
    )
    with pytest.raises(DetailsMissing, match="telephone"):
        await subscribe(world, citizen, city=city, mode=Mode.BOOK)


async def test_checked_offices_alone_may_be_waited_for_in_book_mode(
    world: World,
) -> None:
    """Their details are complete; that MTA does not look there is said."""
    wishes = Wishes(offices=frozenset({RUPPERTSTRASSE}))
    done = await subscribe(
        world, wishes=wishes, mode=Mode.BOOK, answers={"custom": "12/345"}
    )
    assert done.watched == frozenset()
    assert done.checked == {RUPPERTSTRASSE}
