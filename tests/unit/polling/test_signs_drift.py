"""A city that answers in another shape, and a catalogue that loses a third."""

from __future__ import annotations

from datetime import timedelta

from mta_core.domain.calls import NOT_UNDERSTOOD, Call
from mta_core.domain.catalogue import OfficeId
from mta_core.domain.conditions import (
    BOOKING,
    CALENDAR,
    CATALOGUE,
    Condition,
    ConditionName,
)
from mta_core.domain.errors import (
    Answer,
    SiteChanged,
    SiteSilent,
    SiteUnreachable,
)
from mta_core.polling.signs import Signs
from mta_core.testing.builders import (
    PASING,
    RUPPERTSTRASSE,
    a_call,
    a_catalogue,
    an_office,
    some_terms,
)
from tests.unit.polling.answering import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    ONE,
    TWO,
    a_question,
    an_answer,
    ill,
    well,
)

OUTAGE, LIMITED = ConditionName.OUTAGE, ConditionName.RATE_LIMITED
SLOW, DRIFT = ConditionName.SLOW, ConditionName.DRIFT


SECOND = timedelta(seconds=1)


def only(signs: Signs) -> Condition:
    """The one condition that stands."""
    [condition] = signs.conditions().values()
    return condition


class TestShapes:
    def test_three_unknown_shapes_in_a_row_are_drift(self) -> None:
        signs = Signs()
        for services in (ONE, TWO):
            signs.learn(well(an_answer(MONDAY, probe=a_question(services))))
        for minutes in (0, 1):
            signs.learn(ill(MONDAY + minutes * MINUTE, SiteChanged("no offices.")))
            assert not signs.conditions()
        signs.learn(ill(MONDAY + 2 * MINUTE, SiteChanged("no offices.")))
        found = only(signs)
        assert (found.name, found.about, found.since) == (DRIFT, CALENDAR, MONDAY)
        assert found.detail == (
            "Unreadable answers: 3 in a row, to 1 of 2 questions: no offices."
        )

    def test_it_ends_once_they_can_be_read(self) -> None:
        signs = Signs()
        for minutes in range(3):
            for services in (ONE, TWO):
                at = MONDAY + minutes * MINUTE
                signs.learn(ill(at, SiteChanged("new"), services))
        signs.learn(well(an_answer(MONDAY + HOUR)))
        assert "to 1 of 2 questions" in only(signs).detail
        signs.learn(well(an_answer(MONDAY + HOUR, probe=a_question(TWO))))
        assert not signs.conditions()

    def test_a_garbled_answer_now_and_then_is_no_drift(self) -> None:
        signs = Signs()
        for minutes in range(60):
            at = MONDAY + minutes * MINUTE
            garbled = minutes % 3 != 0
            signs.learn(
                ill(at, SiteChanged("cut off")) if garbled else well(an_answer(at))
            )
            assert not signs.conditions()

    def test_an_outage_in_between_changes_nothing(self) -> None:
        signs = Signs()
        for minutes in range(3):
            at = MONDAY + minutes * MINUTE
            signs.learn(ill(at, SiteChanged("new")))
            signs.learn(ill(at, SiteSilent()))
        assert only(signs).name is DRIFT

    def test_a_question_that_nobody_asks_any_more_is_forgotten(self) -> None:
        signs = Signs()
        for minutes in range(3):
            signs.learn(ill(MONDAY + minutes * MINUTE, SiteChanged("new"), TWO))
        signs.learn(well(an_answer(MONDAY + 2 * DAY)))
        assert not signs.conditions()

    def test_a_booking_answered_in_an_unknown_shape_is_drift_at_once(self) -> None:
        signs = Signs()
        signs.heard([a_call(answer=Answer.UNKNOWN, code=NOT_UNDERSTOOD)])
        found = only(signs)
        assert (found.name, found.about) == (DRIFT, BOOKING)
        assert found.detail == (
            "Unreadable answers: 1 in a row, to 1 of 1 questions: reserve was answered "
            "in an unknown shape."
        )
        signs.heard([a_call(answer=Answer.UNKNOWN), a_call(call=Call.UPDATE)])
        assert only(signs).about == BOOKING
        signs.heard([a_call(answer=Answer.REFUSED, code="appointmentNotAvailable")])
        assert not signs.conditions()


class TestCatalogue:
    def test_a_catalogue_that_cannot_be_read_is_drift(self) -> None:
        signs = Signs()
        for seconds in (0, 30, 60):
            signs.read(SiteChanged("offices: name missing"), MONDAY + seconds * SECOND)
        assert only(signs).key == (DRIFT, CATALOGUE)
        assert "to 1 of 1 questions: offices" in only(signs).detail
        signs.read(a_catalogue(), MONDAY + HOUR)
        assert not signs.conditions()

    def test_a_city_that_is_away_is_no_drift(self) -> None:
        signs = Signs()
        for seconds in range(0, 300, 30):
            signs.read(SiteUnreachable("away"), MONDAY + seconds * SECOND)
        assert not signs.conditions()

    def test_more_than_a_third_that_vanishes_is_drift(self) -> None:
        signs, whole = Signs(), a_catalogue()
        signs.read(whole, MONDAY)
        assert not signs.conditions()
        signs.read(a_catalogue(offers=whole.offers[:3]), MONDAY + DAY)
        found = only(signs)
        assert (found.key, found.since) == ((DRIFT, CATALOGUE), MONDAY + DAY)
        assert found.detail == "3 of 6 offers are gone."
        signs.read(whole, MONDAY + 2 * DAY)
        assert not signs.conditions()

    def test_what_stays_so_for_three_days_is_how_the_city_is(self) -> None:
        signs, whole = Signs(), a_catalogue()
        less = a_catalogue(offers=whole.offers[:3])
        signs.read(whole, MONDAY)
        for day in (1, 2, 3):
            signs.read(less, MONDAY + day * DAY)
            assert signs.conditions()
        signs.read(less, MONDAY + 4 * DAY)
        assert not signs.conditions()
        signs.read(less, MONDAY + 5 * DAY)
        assert not signs.conditions()

    def test_a_little_comes_and_goes(self) -> None:
        signs, whole = Signs(), a_catalogue()
        signs.read(whole, MONDAY)
        signs.read(a_catalogue(offers=whole.offers[:4]), MONDAY + DAY)
        assert not signs.conditions()

    def test_a_human_check_that_comes_or_goes_is_told(self) -> None:
        signs, city = Signs(), a_catalogue()
        checked = an_office(
            PASING, name="Bürgerbüro Pasing", terms=some_terms(checked=True)
        )
        free = an_office(RUPPERTSTRASSE, name="Bürgerbüro Ruppertstraße")
        offices = {**city.offices, PASING: checked, RUPPERTSTRASSE: free}
        signs.read(city, MONDAY)
        signs.read(a_catalogue(offices=offices), MONDAY + DAY)
        assert only(signs).detail == (
            "The human check is now asked for at Bürgerbüro Pasing; the human check is "
            "no longer asked for at Bürgerbüro Ruppertstraße."
        )

    def test_many_offices_are_counted(self) -> None:
        signs, numbers = Signs(), [OfficeId(number) for number in range(1, 6)]
        before = {n: an_office(n) for n in numbers}
        after = {n: an_office(n, terms=some_terms(checked=True)) for n in numbers}
        signs.read(a_catalogue(offices=before), MONDAY)
        signs.read(a_catalogue(offices=after), MONDAY + DAY)
        assert only(signs).detail.endswith(
            "at Office 1, Office 2, Office 3 and 2 more."
        )

    def test_a_catalogue_that_cannot_be_read_says_more_than_what_it_lost(self) -> None:
        signs, whole = Signs(), a_catalogue()
        signs.read(whole, MONDAY)
        signs.read(a_catalogue(offers=whole.offers[:1]), MONDAY + DAY)
        for seconds in (0, 30, 60):
            signs.read(SiteChanged("new"), MONDAY + DAY + seconds * SECOND)
        assert "Unreadable" in only(signs).detail
