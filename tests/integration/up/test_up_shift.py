"""A watch shift beside a running `mta up`, from the check to the booked slot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from mta_core.domain.accounts import Contact, Home
from mta_core.domain.bookings import BookingState
from mta_core.domain.catalogue import OfficeId, ServiceSet
from mta_core.domain.notifications import Kind
from mta_core.domain.subscriptions import Hours, Mode, Subscription, Wishes
from mta_practice import Practice, running
from mta_practice.settings import HumanRules
from tests.integration.cli.household import (
    A_CITY,
    NAME,
    RESIDENCE,
    a_fresh_start,
    an_email,
)
from tests.integration.up.running_up import Citizens, Up, until
from tests.unit.practice.person import solved

pytestmark = [pytest.mark.integration, pytest.mark.slow]

CHECKED_OFFICE = 10489
SERVICES = ServiceSet.parse(str(RESIDENCE))
LIFE = 9
"""Seconds of a token; the shift is five seconds shorter."""


@pytest.fixture(scope="module")
def city() -> Iterator[Practice]:
    """A practice city whose checks cost little, and are over soon."""
    rules = HumanRules(allow_listed=("127.0.0.1",), token_life=LIFE)
    with running(attrs.evolve(A_CITY, human=rules)) as city:
        yield city


async def _wait_for(people: Citizens, name: str, mode: Mode) -> Subscription:
    container = people.container
    user = await container.register()(
        Home("console", name),
        agreed_to="test",
        contact=Contact(NAME, an_email(), "+498912345600"),
    )
    done = await container.subscribe()(
        user.id,
        await container.read_catalogue()(),
        SERVICES,
        wishes=Wishes(offices=frozenset({OfficeId(CHECKED_OFFICE)})),
        mode=mode,
        mail_hours=Hours(),
        answers={"Zusätzliche Bemerkungen": "keine"},
    )
    return done.subscription


async def _questions(people: Citizens) -> list[Any]:
    """Read the ledger's lines about the calendar."""
    ledger = await people.ask("ledger")
    return [seen for seen in ledger if "available-calendar" in seen["route"]]


async def test_from_the_check_to_the_slot_and_to_the_end_of_the_shift(
    up: Up, people: Citizens
) -> None:
    booker = await _wait_for(people, "booker", Mode.BOOK)
    other = await _wait_for(people, "other", Mode.TELL)
    start = a_fresh_start()
    free = {"officeId": CHECKED_OFFICE, "serviceId": RESIDENCE, "starts": [start]}
    await people.web.post("/practice/openings", json=free)
    store, clock = people.container.store(), people.container.clock()
    async with up.running():
        desk = people.container.open_shift()
        challenge = await desk.challenge()
        assert not await _questions(people)
        shift = await desk(booker.user, solved(challenge))
        booking = await people.booked(booker, BookingState.PRECONFIRMED)
        await people.told(booker, 2)

        async def over() -> bool | None:
            return not shift.lives(clock.now()) or None

        await until(over)
    questions = await _questions(people)
    assert booking.slot.start == datetime.fromtimestamp(start, UTC)
    assert booking.checked
    assert questions
    for seen in questions:
        assert "captchaToken" in seen["query"]  # the ledger hides what it was
        assert datetime.fromisoformat(seen["at"]) < shift.expires_at
    async with store.snapshot() as tx:
        assert (await tx.shifts.get(shift.id)).asked == len(questions)
        assert not await tx.notifications.of(other.user, 9)
        kinds = {note.kind for note in await tx.notifications.of(booker.user, 9)}
    assert kinds >= {Kind.BOOKING, Kind.OPEN_MAIL}
