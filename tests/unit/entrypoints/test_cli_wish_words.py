"""A subscription in people's words."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import attrs
import pytest

from mta_core.domain.availability import DateWindow
from mta_core.domain.blindness import Blindness
from mta_core.domain.catalogue import OfficeId
from mta_core.domain.subscriptions import Hours, Mode, Wishes
from mta_core.testing import (
    NOON,
    ORLEANSPLATZ,
    PASING,
    RUPPERTSTRASSE,
    a_blindness,
    a_catalogue,
    a_subscription,
)
from mta_entrypoints.cli.wish_words import Wish, span_text

CITY = a_catalogue()
BOTH = "Bürgerbüro Orleansplatz, Bürgerbüro Pasing"


def seen(*known: Blindness, missing: Any = None, **changes: Any) -> Wish:
    """Build what there is to say of a wish for the residence."""
    return Wish.seen(a_subscription(**changes), CITY, known, missing or {})


def only(*offices: OfficeId) -> Wishes:
    """Wish for some offices alone."""
    return Wishes(offices=frozenset(offices))


class TestWhere:
    def test_offices_that_are_asked_are_named(self) -> None:
        assert seen().where() == BOTH
        assert seen(wishes=only(PASING)).where() == "Bürgerbüro Pasing"

    def test_offices_behind_a_check_are_not_asked(self) -> None:
        wish = seen(wishes=only(RUPPERTSTRASSE))
        assert wish.where() == "nowhere, see below"
        assert wish.state() == "MTA cannot look for it"
        assert wish.warnings() == [
            "Not watched: Bürgerbüro Ruppertstraße. The city asks for a human check "
            "there, which only a person may do."
        ]

    def test_what_is_not_offered_is_watched_nowhere(self) -> None:
        wish = Wish.seen(a_subscription(), a_catalogue(offers=()), (), {})
        assert wish.warnings() == [
            "Not watched: no office that suits you offers this (any more)."
        ]


class TestWhen:
    @pytest.mark.parametrize(
        ("wishes", "said"),
        [
            (Wishes(), "any day; 2 hours ahead at least"),
            (Wishes(notice=timedelta(0)), "any day"),
            (
                Wishes(
                    windows=(
                        DateWindow(date(2026, 12, 1), date(2026, 12, 19)),
                        DateWindow(date(2027, 1, 4), date(2027, 1, 4)),
                    )
                ),
                "Tue 01 Dec 2026 to Sat 19 Dec 2026, Mon 04 Jan 2027; "
                "2 hours ahead at least",
            ),
            (
                Wishes(
                    weekdays=frozenset({4, 0}),
                    excluded=frozenset({date(2026, 12, 8)}),
                    hours=Hours(time(8, 30), time(12)),
                    notice=timedelta(days=1),
                ),
                "any day; Mon, Fri; not on Tue 08 Dec 2026; from 08:30 to 12:00; "
                "1 day ahead at least",
            ),
        ],
    )
    def test_times_are_said_as_one_says_them(self, wishes: Wishes, said: str) -> None:
        assert seen(wishes=wishes).when() == said

    @pytest.mark.parametrize(
        ("minutes", "said"),
        [
            (0, "0 minutes"),
            (1, "1 minute"),
            (90, "90 minutes"),
            (120, "2 hours"),
            (1440, "1 day"),
            (1500, "25 hours"),
        ],
    )
    def test_a_span_has_the_unit_that_fits(self, minutes: int, said: str) -> None:
        assert span_text(timedelta(minutes=minutes)) == said


class TestThen:
    def test_who_is_told_books_themselves(self) -> None:
        assert seen().then().startswith("MTA tells you of every slot that suits")

    def test_who_has_it_booked_must_open_a_mail(self) -> None:
        wish = seen(mode=Mode.BOOK)
        assert wish.then() == (
            "MTA books the first slot that suits, and tells you to open the city's "
            "mail (from 07:00 to 22:00)."
        )
        assert "(at any hour)" in seen(mode=Mode.BOOK, mail_hours=Hours()).then()


class TestEarlier:
    def test_most_do_not_look_for_an_earlier_one(self) -> None:
        assert seen().earlier() == ""

    def test_it_begins_once_there_is_one(self) -> None:
        wish = seen(earlier_by=timedelta(days=7))
        assert (
            wish.earlier() == "once booked, MTA looks for one at least 7 days earlier"
        )

    def test_the_one_there_is_is_named(self) -> None:
        wish = seen(earlier_by=timedelta(days=1), standing=NOON + timedelta(days=30))
        assert wish.earlier() == (
            "your appointment is on Thu 01 Oct 2026 12:00; MTA looks for one at least "
            "1 day earlier"
        )


class TestState:
    def test_every_state_has_words(self) -> None:
        wish = a_subscription()
        said = {
            Wish.seen(each, CITY, (), {}).state()
            for each in (
                wish,
                wish.ask(NOON),
                wish.vanish(NOON),
                wish.pause(),
                wish.fulfil(),
                wish.expire(),
                wish.cancel(),
            )
        }
        assert len(said) == 7
        assert "do you still need it? `mta resume` says yes" in said

    def test_what_nobody_looks_for_is_not_blind_and_lacks_nothing(self) -> None:
        missing = {PASING: ["telephone"]}
        lost = a_subscription(mode=Mode.BOOK).pause()
        assert Wish.seen(lost, CITY, [a_blindness()], missing).warnings() == []

    def test_who_is_only_told_lacks_nothing(self) -> None:
        assert seen(missing={PASING: ["telephone"]}).warnings()[:-1] == []

    def test_offices_that_ask_for_more_are_named(self) -> None:
        wish = seen(missing={PASING: ["telephone"]}, mode=Mode.BOOK)
        assert wish.warnings()[0] == (
            "At Bürgerbüro Pasing MTA can only tell you, since the city also asks for: "
            "telephone."
        )

    def test_an_outage_is_named_with_its_beginning(self) -> None:
        wish = seen(a_blindness(), wishes=only(PASING, ORLEANSPLATZ))
        assert wish.warnings() == [
            f"Blind since Tue 01 Sep 2026 12:00 (outage): {BOTH}. connection refused"
        ]


class TestForPrograms:
    def test_all_there_is_to_know(self) -> None:
        day = date(2026, 12, 1)
        wishes = Wishes(
            offices=frozenset({PASING}),
            windows=(DateWindow(day, day),),
            excluded=frozenset({day}),
        )
        wish = seen(
            wishes=wishes,
            mode=Mode.BOOK,
            missing={PASING: ["telephone"]},
            answers={"Aktenzeichen": "secret"},
            earlier_by=timedelta(days=7),
        )
        described = wish.described()
        assert described["wishes"] == {
            "offices": [PASING],
            "days": [{"first": day, "last": day}],
            "without": [day],
            "weekdays": list(range(7)),
            "hours": "00:00-24:00",
            "noticeMinutes": 120,
        }
        assert described["missing"] == {str(PASING): ["telephone"]}
        assert described["answered"] == ["Aktenzeichen"]
        assert described["earlierByMinutes"] == 7 * 24 * 60
        assert "secret" not in str(described)

    def test_people_read_which_questions_are_answered(self) -> None:
        wish = seen(answers={"Aktenzeichen": "secret"})
        facts = dict(wish.facts())
        assert facts["answers"] == "Aktenzeichen"
        assert facts["what"] == "Wohnsitz anmelden"

    def test_nothing_is_made_up(self) -> None:
        described = attrs.evolve(seen(), blind=()).described()
        assert described["wishes"]["offices"] is None
        assert described["earlierByMinutes"] is None
        assert (described["blind"], described["missing"]) == ([], {})
