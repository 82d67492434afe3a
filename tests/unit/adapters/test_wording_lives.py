"""What people read about a wish, about swaps, and about what was given back."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from mta_adapters.wording import render
from mta_core.domain.availability import Slot
from mta_core.domain.bookings import GIVEN_BACK, REPLACED
from mta_core.domain.catalogue import OfficeId, ServiceId, ServiceSet
from mta_core.domain.notifications import Kind, Notification
from mta_core.ports.notifier import Text
from mta_core.use_cases.change import ENDED, PAUSED
from mta_core.use_cases.misgivings import AN_ORPHAN, UNSUITABLE

SENT = datetime(2026, 12, 1, 13, 2, tzinfo=UTC)
SLOT = Slot(
    datetime(2026, 12, 8, 8, 30, tzinfo=UTC),
    OfficeId(54261),
    ServiceSet.of([ServiceId(1063475)]),
)
WHERE = "Tue 8 Dec, 09:30, Bürgerbüro Pasing"
BOOKED = {
    "service": "Wohnsitzanmeldung",
    "office.54261": "Bürgerbüro Pasing",
    "number": "P0012",
    "open_by": "2026-12-01T13:32:00+00:00",
    "sender": "no-reply@example.org",
}
WISHED = {
    "service": "Wohnsitzanmeldung",
    "since": "2026-09-30T22:30:00+00:00",
    "id": "0000beef",
}
OF_WISHES = [Kind.STILL_NEEDED, Kind.PAUSED, Kind.OVER, Kind.VANISHED, Kind.BACK]
STEPS = [
    *(Kind.OPEN_MAIL, Kind.MAIL_REMINDER, Kind.LOST, Kind.EXPIRED, Kind.FAILED),
    Kind.GIVEN_BACK,
]


def say(kind: Kind, *slots: Slot, **facts: str) -> Text:
    note = Notification(
        UUID(int=1), UUID(int=2), kind, SENT, SENT, slots=slots, facts=facts
    )
    return render(note, "en")


def of_booking(kind: Kind, **more: str) -> Text:
    return say(kind, SLOT, **BOOKED, **more)


def of_wish(kind: Kind) -> Text:
    return say(kind, **WISHED)


# The life of a wish


def test_who_is_asked_reads_what_to_do_and_what_happens_otherwise() -> None:
    assert of_wish(Kind.STILL_NEEDED) == Text(
        "Do you still need this? Wohnsitzanmeldung",
        "MTA has looked for it since 1 Oct 2026.\n"
        "If you do, resume it. If not, end it, and others get their turn.\n"
        "If you say nothing for two weeks, MTA pauses it. You keep your place in the "
        "queue.\n"
        "Its id: 0000beef",
    )


@pytest.mark.parametrize("kind", OF_WISHES)
def test_what_is_about_a_wish_names_it(kind: Kind) -> None:
    text = of_wish(kind)
    assert text.title.endswith(": Wohnsitzanmeldung") or "? " in text.title
    assert "Wohnsitzanmeldung" in text.title
    assert "Its id: 0000beef" in text.body


@pytest.mark.parametrize("kind", OF_WISHES)
def test_without_its_facts_a_text_has_no_holes(kind: Kind) -> None:
    text = say(kind, service="Wohnsitzanmeldung")
    assert text.title
    assert text.body
    whole = text.title + text.body
    assert "{" not in whole
    assert "Its id" not in whole
    assert "since" not in whole


def test_a_pause_says_that_nothing_is_looked_for_and_how_to_go_on() -> None:
    text = of_wish(Kind.PAUSED)
    assert "does not look for this any more" in text.body
    assert "Resume it when you need it." in text.body


def test_what_is_over_can_be_changed() -> None:
    assert "change its days" in of_wish(Kind.OVER).body


def test_what_has_vanished_costs_nobody_their_place() -> None:
    gone, back = of_wish(Kind.VANISHED), of_wish(Kind.BACK)
    assert "You keep your place" in gone.body
    assert "You have kept your place" in back.body


def test_a_sample_needs_no_facts() -> None:
    assert say(Kind.SAMPLE) == Text(
        "MTA reaches you here",
        "This is a test. Messages about your appointments will look like this.",
    )


# Swaps


@pytest.mark.parametrize("kind", STEPS)
def test_each_step_of_a_swap_says_that_nothing_is_at_risk(kind: Kind) -> None:
    assert "Your later appointment stays yours" in of_booking(kind, swaps="1").body
    assert "later appointment" not in of_booking(kind).body


def test_a_confirmed_swap_says_what_becomes_of_the_later_one() -> None:
    swapped = of_booking(Kind.CONFIRMED, swaps="1").body
    assert "It replaces your later appointment, which MTA cancels now." in swapped
    assert "replaces" not in of_booking(Kind.CONFIRMED).body


def test_the_later_appointment_is_cancelled_without_a_fright() -> None:
    """The city mails about it, too: nobody shall think that both are lost."""
    assert of_booking(Kind.REPLACED) == Text(
        "Your later appointment is cancelled: Wohnsitzanmeldung",
        f"{WHERE}\n"
        "The city may send you a mail about that.\n"
        "The earlier one stays yours.",
    )


# Given back, kept, near


def test_who_gave_a_slot_back_reads_that_mta_goes_on() -> None:
    text = of_booking(Kind.GIVEN_BACK)
    assert text.title == "Given back: Wohnsitzanmeldung"
    assert WHERE in text.body
    assert "MTA goes on looking for you." in text.body
    assert "end your wish" in text.body


def test_what_the_city_keeps_can_be_cancelled_by_hand() -> None:
    text = of_booking(Kind.NOT_CANCELLED)
    assert text.title == "Not cancelled: Wohnsitzanmeldung"
    assert "still yours" in text.body
    assert "by the link in the city's mail" in text.body


def test_the_reminder_says_when_where_and_what_if_not() -> None:
    assert of_booking(Kind.APPOINTMENT) == Text(
        "Your appointment is near: Wohnsitzanmeldung",
        f"{WHERE}\n"
        "Your number: P0012\n"
        "If you cannot come, cancel it, so that somebody else gets it: by MTA, or by "
        "the link in the city's mail.",
    )


def test_the_reminder_asks_to_give_back_what_is_not_wanted() -> None:
    """Who just lets it lie keeps it from others, and is not booked for ever."""
    text = of_booking(Kind.MAIL_REMINDER).body
    assert "give it back" in text
    assert "do nothing" not in text
    expired = of_booking(Kind.EXPIRED, reason="the mail was not opened in time").body
    assert "After the second time MTA only tells you of slots" in expired


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (PAUSED, "You have paused this."),
        (ENDED, "You do not wait for this any more."),
        (UNSUITABLE, "It does not suit your changed wishes any more."),
        (AN_ORPHAN, "Until it has lapsed MTA holds no second one."),
        (GIVEN_BACK, "You gave it back."),
        (REPLACED, "You have an earlier appointment now."),
    ],
)
def test_every_reason_that_mta_has_itself_is_put_into_words(
    reason: str, words: str
) -> None:
    for kind in (Kind.FAILED, Kind.EXPIRED):
        assert words in of_booking(kind, reason=reason).body
