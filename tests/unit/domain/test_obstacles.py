"""Why MTA does not book a slot that suits, each rule by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import attrs
import pytest

from mta_core.domain.accounts import Contact
from mta_core.domain.availability import Opening, Slot
from mta_core.domain.bookings import Booking, BookingState, Lane
from mta_core.domain.calls import CityStatus
from mta_core.domain.catalogue import Asked, Terms
from mta_core.domain.errors import Refused, SiteSilent, SlotGone, UnknownAppointment
from mta_core.domain.obstacles import (
    MAX_REFUSED,
    MAX_UNOPENED,
    Obstacle,
    obstacle_now,
    obstacle_there,
)
from mta_core.domain.subscriptions import Hours, Mode, Subscription
from tests.unit.domain.builders import (
    NOW,
)
from tests.unit.domain.builders import a_booking as any_booking
from tests.unit.domain.builders import (
    a_confirmed,
    a_preconfirmed,
    a_reserved,
    a_slot,
    a_subscription,
    an_appointment,
    days,
    giving_back,
    hear,
    out,
    uid,
)

S = BookingState
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
ADA = Contact("Ada Beispiel", "ada@example.org")
WISH = a_subscription(mode=Mode.BOOK, waiting_since=NOW - days(1))
OTHER = a_subscription(2, services="7")


def of(wish: Subscription, booking: Booking, number: int = 1) -> Booking:
    """Make a booking one of this subscription's."""
    return attrs.evolve(
        booking, id=uid(7000 + number), user=wish.user, subscription=wish.id
    )


def unopened() -> Booking:
    """A booking whose mail nobody opened."""
    waiting = a_preconfirmed()
    while not waiting.ended:
        assert waiting.due_at is not None
        look = out(waiting)
        waiting = look.seen(an_appointment(CityStatus.PRECONFIRMED), waiting.due_at)
    return waiting


def denied() -> Booking:
    """A booking whose details the city refused."""
    refused = hear(out(a_reserved()), Refused("invalidEmail"))
    return out(refused).given_back(NOW)


def orphan() -> Booking:
    """A booking whose reservation may exist without MTA having its keys."""
    return hear(out(any_booking()), SiteSilent())


def obstacle(*earlier: Booking, wish: Subscription = WISH) -> Obstacle | None:
    """Say what is in the way just now, whatever the slot is."""
    return obstacle_now(wish, earlier, NOW)


# Wherever it is


def test_nothing_is_in_the_way_of_a_first_booking() -> None:
    assert obstacle() is None


@pytest.mark.parametrize(
    ("hours", "found"),
    [
        ("7-22", None),
        ("10-12", None),  # it is ten o'clock in Munich
        ("0-10", Obstacle.MAIL_HOURS),
        ("10:01-22", Obstacle.MAIL_HOURS),
    ],
)
def test_nothing_is_reserved_while_nobody_can_open_the_mail(
    hours: str, found: Obstacle | None
) -> None:
    assert obstacle(wish=attrs.evolve(WISH, mail_hours=Hours.parse(hours))) is found


@pytest.mark.parametrize("wish", [WISH, OTHER], ids=["mine", "another wish of mine"])
def test_beside_a_reservation_of_unknown_fate_nothing_is_reserved(
    wish: Subscription,
) -> None:
    assert obstacle(of(wish, orphan())) is Obstacle.ORPHAN


def test_one_orphan_is_enough_until_the_city_has_let_it_lapse() -> None:
    lost = of(WISH, orphan())
    assert lost.orphan_until is not None
    before = lost.orphan_until - SECOND
    anytime = attrs.evolve(WISH, mail_hours=Hours())
    assert obstacle_now(anytime, [lost], before) is Obstacle.ORPHAN
    assert obstacle_now(anytime, [lost], lost.orphan_until) is None


def test_a_change_of_the_wish_does_not_do_away_with_an_orphan() -> None:
    assert obstacle(of(WISH, orphan()), wish=WISH.resume(NOW + HOUR)) is Obstacle.ORPHAN


@pytest.mark.parametrize(
    ("tries", "found"),
    [
        ([unopened], None),
        ([unopened] * MAX_UNOPENED, Obstacle.UNOPENED),
        ([denied], None),
        ([denied] * MAX_REFUSED, Obstacle.REFUSED),
        ([unopened, denied], None),
        ([unopened, denied] * 2, Obstacle.UNOPENED),
    ],
)
def test_who_lets_the_mail_lie_or_is_refused_twice_is_told_instead(
    tries: list[Callable[[], Booking]], found: Obstacle | None
) -> None:
    made = [of(WISH, make(), number) for number, make in enumerate(tries)]
    assert obstacle(*made) is found


@pytest.mark.parametrize("make", [unopened, denied])
def test_other_wishes_do_not_count_against_this_one(
    make: Callable[[], Booking],
) -> None:
    made = [of(OTHER, make(), number) for number in range(5)]
    assert obstacle(*made) is None


@pytest.mark.parametrize("make", [unopened, denied])
def test_a_change_arms_it_anew(make: Callable[[], Booking]) -> None:
    """They may have corrected their address, or found their spam folder."""
    made = [of(WISH, make(), number) for number in range(2)]
    assert made[0].requested_at == NOW
    assert obstacle(*made) is not None
    assert obstacle(*made, wish=WISH.resume(NOW)) is not None
    assert obstacle(*made, wish=WISH.resume(NOW + SECOND)) is None


def gone(booking: Booking) -> Booking:
    return hear(out(booking), UnknownAppointment("appointmentNotFound"))


@pytest.mark.parametrize(
    "booking",
    [
        gone(a_reserved()),  # MTA was off until the reservation had lapsed
        hear(giving_back(a_reserved()), Refused("appointmentCanNotBeCanceled")),
    ],
    ids=["lapsed", "kept by the city"],
)
def test_what_lapsed_without_a_mail_is_not_the_citizens_fault(booking: Booking) -> None:
    assert booking.state is S.EXPIRED
    assert not booking.unopened
    assert obstacle(*(of(WISH, booking, number) for number in range(5))) is None


@pytest.mark.parametrize(
    "booking",
    [
        hear(out(any_booking()), SlotGone("appointmentNotAvailable")),
        any_booking().give_up(NOW, "not needed"),
        a_confirmed(),
        a_confirmed().past(NOW + days(3)),
    ],
    ids=["lost", "given up", "confirmed", "past"],
)
def test_other_ends_count_for_nothing(booking: Booking) -> None:
    assert obstacle(*(of(WISH, booking, number) for number in range(5))) is None


# At one opening


OPENING = Opening(uid(50), a_slot(), NOW - HOUR, NOW)


def there(
    *earlier: Booking,
    wish: Subscription = WISH,
    opening: Opening = OPENING,
    terms: Terms | None = Terms(),  # noqa: B008  # frozen
    contact: Contact | None = ADA,
) -> Obstacle | None:
    return obstacle_there(wish, opening, terms, contact, earlier)


def test_an_office_whose_demands_are_met_can_be_booked() -> None:
    assert there() is None


def test_an_office_without_terms_can_not_be_booked() -> None:
    assert there(terms=None) is Obstacle.NO_TERMS


@pytest.mark.parametrize(
    ("terms", "contact", "answers", "found"),
    [
        (Terms(), None, {}, Obstacle.DETAILS),
        (Terms(telephone=Asked(True, True)), ADA, {}, Obstacle.DETAILS),
        (Terms(telephone=Asked(True)), ADA, {}, None),
        (Terms(custom=Asked(True, True, "AZ")), ADA, {}, Obstacle.DETAILS),
        (Terms(custom=Asked(True, True, "AZ")), ADA, {"KZ": "1"}, Obstacle.DETAILS),
        (Terms(custom=Asked(True, True, "AZ")), ADA, {"AZ": "1"}, None),
    ],
)
def test_without_all_details_nothing_is_reserved(
    terms: Terms, contact: Contact | None, answers: dict[str, str], found: object
) -> None:
    wish = attrs.evolve(WISH, answers=answers)
    assert there(wish=wish, terms=terms, contact=contact) is found


@pytest.mark.parametrize(
    ("per_mail", "stands", "found"),
    [
        (1, True, Obstacle.ONE_PER_MAIL),
        (1, False, None),
        (2, True, None),
        (None, True, None),
    ],
)
def test_no_swap_where_one_appointment_per_mail_is_allowed(
    per_mail: int | None, stands: bool, found: Obstacle | None
) -> None:
    wish = WISH.hold(NOW + days(9)) if stands else WISH
    assert there(wish=wish, terms=Terms(per_mail=per_mail)) is found


ELSEWHEN = a_slot(NOW + days(4))


def tried(slot: Slot = OPENING.slot, **more: Any) -> Booking:
    return of(WISH, any_booking(slot=slot, **more))


@pytest.mark.parametrize(
    ("booking", "found"),
    [
        (tried(), Obstacle.TRIED),
        (tried().give_up(NOW, "not needed"), Obstacle.TRIED),
        (tried(requested_at=OPENING.first_seen), Obstacle.TRIED),
        (tried(ELSEWHEN, tried=(OPENING.slot,)), Obstacle.TRIED),
        # An alternative is not a try, and the slot has come back since.
        (tried(ELSEWHEN, alternatives=(OPENING.slot,)), None),
        (tried(requested_at=OPENING.first_seen - SECOND), None),
        (tried(ELSEWHEN), None),
        (of(OTHER, any_booking()), None),
    ],
)
def test_the_same_opening_is_not_tried_twice(
    booking: Booking, found: Obstacle | None
) -> None:
    assert there(booking) is found


def test_a_swap_is_a_try_as_well() -> None:
    assert there(tried(lane=Lane.SWAP, replaces=uid(9))) is Obstacle.TRIED


def test_what_went_to_the_next_best_slot_has_tried_both() -> None:
    first = tried(alternatives=(ELSEWHEN,))
    moved = out(first).slot_gone(NOW, "taken")
    assert moved.slot == ELSEWHEN
    assert there(moved) is Obstacle.TRIED
    assert there(moved, opening=attrs.evolve(OPENING, slot=ELSEWHEN)) is Obstacle.TRIED


def test_every_obstacle_has_a_test_of_its_own() -> None:
    met = {
        obstacle(wish=attrs.evolve(WISH, mail_hours=Hours.parse("0-10"))),
        obstacle(of(WISH, orphan())),
        obstacle(*[of(WISH, unopened(), number) for number in range(2)]),
        obstacle(*[of(WISH, denied(), number) for number in range(2)]),
        there(terms=None),
        there(contact=None),
        there(tried()),
        there(wish=WISH.hold(NOW + days(9)), terms=Terms(per_mail=1)),
    }
    assert met == set(Obstacle)
