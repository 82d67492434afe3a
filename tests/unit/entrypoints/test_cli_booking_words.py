"""A booking in people's words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest

from mta_core.domain.bookings import GIVEN_BACK, REPLACED, BookingState, Lane
from mta_core.domain.calls import Call
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.errors import Answer
from mta_core.testing import (
    NOON,
    PASING,
    a_booking,
    a_call,
    a_catalogue,
    some_keys,
)
from mta_entrypoints.cli.booking_words import Deal, described_call

CITY = a_catalogue()
NOWHERE = Catalogue.of((), (), ())
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
DAY = timedelta(days=1)

S = BookingState


def a_deal(city: Catalogue = CITY, **changes: Any) -> Deal:
    """Build a booking that the city holds until half past twelve."""
    booking = a_booking(
        held=some_keys(),
        reserved_at=NOON,
        open_by=NOON + 30 * MINUTE,
        display_number="A123",
    )
    return Deal(attrs.evolve(booking, **changes), city)


def test_one_line_says_what_matters() -> None:
    deal = a_deal(state=S.CONFIRMED)
    assert deal.line() == (
        "confirmed, Wed 02 Sep 2026 09:00, Bürgerbüro Pasing, number A123"
    )
    bare = a_deal(display_number="")
    assert bare.line() == "requested, Wed 02 Sep 2026 09:00, Bürgerbüro Pasing"


def test_an_office_that_is_listed_no_more_goes_by_its_number() -> None:
    deal = a_deal(NOWHERE, state=S.PRECONFIRMED)
    assert deal.where() == str(PASING)
    facts = dict(deal.facts())
    assert (facts["where"], facts["mail from"]) == (str(PASING), "")


class TestToDo:
    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"state": S.REQUESTED}, "Nothing: MTA reserves it."),
            ({"state": S.RESERVING}, "Nothing: MTA reserves it."),
            ({"state": S.RESERVED}, "Nothing: MTA gives the city your details."),
            ({"state": S.DETAILED}, "Nothing: MTA asks the city for its mail."),
            (
                {"state": S.PRECONFIRMED},
                "Open the city's mail by 12:30 and click its link; then `mta bookings "
                "opened`. No mail? `mta bookings no-mail`.",
            ),
            (
                {"state": S.CONFIRMED},
                "Be there. If you cannot come: `mta bookings cancel`.",
            ),
            (
                {"state": S.CONFIRMED, "lane": Lane.SWAP},
                "Nothing: MTA gives your later appointment back.",
            ),
            ({"state": S.RESERVED, "release": True}, "Nothing: MTA gives it back."),
            ({"state": S.PAST}, ""),
        ],
    )
    def test_it_is_said_for_every_state(
        self, changes: dict[str, Any], said: str
    ) -> None:
        assert a_deal(**changes).to_do() == said

    @pytest.mark.parametrize(
        ("open_by", "said"),
        [
            (NOON + 30 * MINUTE, "12:30"),
            (NOON + DAY, "Wed 02 Sep 2026 12:00"),
            (None, ""),
        ],
    )
    def test_a_deadline_today_is_an_hour(self, open_by: Any, said: str) -> None:
        assert a_deal(open_by=open_by).deadline() == said

    def test_a_booking_that_was_never_held_has_no_day_to_compare(self) -> None:
        assert a_deal(reserved_at=None).deadline() == "Tue 01 Sep 2026 12:30"


class TestWhy:
    def test_what_citizens_do_is_said_to_them(self) -> None:
        assert a_deal(reason=GIVEN_BACK).why() == "You gave it back."
        assert a_deal(reason=REPLACED).why() == "An earlier appointment replaced it."

    def test_all_else_is_put_into_words(self) -> None:
        deal = attrs.evolve(a_deal(reason="code"), say_reason=str.upper)
        assert deal.why() == "CODE"
        assert attrs.evolve(deal, booking=a_deal().booking).why() == ""

    def test_who_was_too_slow_is_not_left_alone(self) -> None:
        assert a_deal(state=S.LOST, reason="gone").why() == (
            "Somebody was faster; MTA goes on looking. gone"
        )
        assert a_deal(state=S.LOST).why().endswith("goes on looking.")


class TestGivingBack:
    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"state": S.RELEASED}, "Given back: {}. Somebody else can have it now."),
            ({"state": S.CANCELLED}, "Cancelled: {}. Somebody else can have it now."),
            ({"state": S.EXPIRED, "reason": "lapsed"}, "{}: expired. lapsed"),
            (
                {"state": S.PRECONFIRMED, "release": True},
                "{}: the city could not be asked yet. MTA goes on trying as long as "
                "`mta up` runs.",
            ),
            (
                {"state": S.CONFIRMED, "reason": "No."},
                "{}: the city did not take it back. No. It is still yours; the city's "
                "mail has a link that cancels it.",
            ),
        ],
    )
    def test_what_came_of_it_is_said(self, changes: dict[str, Any], said: str) -> None:
        what = "Wed 02 Sep 2026 09:00, Bürgerbüro Pasing"
        assert a_deal(**changes).given_back() == said.format(what)


class TestFacts:
    def test_what_the_city_may_hold_is_said(self) -> None:
        deal = a_deal(state=S.FAILED, orphan_until=NOON + 20 * MINUTE)
        assert dict(deal.facts())["may be held"] == (
            "by the city until Tue 01 Sep 2026 12:20"
        )

    def test_where_it_is_and_what_the_office_says(self) -> None:
        facts = dict(a_deal(state=S.PRECONFIRMED, lane=Lane.SWAP).facts())
        assert facts["where"] == "Bürgerbüro Pasing, Musterstr. 1, 80331 München"
        assert facts["mail from"] == "termine@example.org"
        assert facts["what"] == "Wohnsitz anmelden"
        assert facts["swaps"] == "replaces a later one"

    def test_programs_read_all_there_is_to_know(self) -> None:
        described = a_deal(release=True).described()
        assert described["processId"] == some_keys().process_id
        assert described["beingGivenBack"] is True
        assert some_keys().auth_key not in str(described)
        assert a_deal(held=None).described()["processId"] is None


class TestTimeline:
    def test_it_tells_what_happened_when(self) -> None:
        deal = a_deal(state=S.RELEASED, ended_at=NOON + MINUTE)
        calls = (
            a_call(sent_at=NOON + SECOND, answered_at=NOON + 1.04 * SECOND),
            a_call(
                call=Call.UPDATE,
                sent_at=NOON + 5 * SECOND,
                answered_at=NOON + 6 * SECOND,
                answer=Answer.REFUSED,
                code="invalidEmail",
                waited=3.6,
            ),
        )
        assert deal.timeline(calls) == [
            ("12:00:00", "MTA sees the slot free"),
            ("12:00:00", "MTA decides to book it for you"),
            ("12:00:01", "MTA asks the city to hold the slot: done, 40 ms"),
            (
                "12:00:05",
                "MTA gives the city your details after 4 s in its queue: the city said "
                "no (invalidEmail), 1000 ms",
            ),
            ("12:01:00", "it ends: released"),
        ]

    def test_a_long_story_has_days(self) -> None:
        deal = a_deal(state=S.PAST, ended_at=NOON + DAY)
        assert deal.timeline(())[-1] == ("Wed 02 Sep 12:00:00", "it ends: past")

    def test_what_goes_on_has_no_end(self) -> None:
        assert len(a_deal().timeline(())) == 2

    def test_every_call_and_answer_has_words(self) -> None:
        for call in Call:
            for answer in Answer:
                [*_, (_, text)] = a_deal().timeline([a_call(call=call, answer=answer)])
                assert text.startswith("MTA ")

    def test_programs_read_a_call(self) -> None:
        assert described_call(a_call(waited=0.1234)) == {
            "call": "reserve",
            "sentAt": NOON,
            "answeredAt": NOON + SECOND,
            "milliseconds": 1000,
            "answer": "done",
            "code": "",
            "waitedSeconds": 0.123,
        }
