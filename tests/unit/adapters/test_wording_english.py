"""What people read."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from mta_adapters.wording import render
from mta_adapters.wording.language import Plural
from mta_adapters.wording.render import LANGUAGES, MOST_SLOTS
from mta_core.domain.availability import Slot
from mta_core.domain.catalogue import OfficeId, ServiceId, ServiceSet
from mta_core.domain.notifications import Kind, Notification
from mta_core.ports.notifier import Text, Wording

PASING, ORLEANS = OfficeId(54261), OfficeId(102522)
SERVICES = ServiceSet.of([ServiceId(1063475)])
SENT = datetime(2026, 12, 1, 13, 2, tzinfo=UTC)
SLOT = Slot(datetime(2026, 12, 8, 8, 30, tzinfo=UTC), PASING, SERVICES)
LATER = Slot(datetime(2027, 7, 1, 8, 30, tzinfo=UTC), ORLEANS, SERVICES)
FACTS = {
    "service": "Wohnsitzanmeldung",
    "office.54261": "Bürgerbüro Pasing",
    "address.54261": "Landsberger Straße 486, 81241 München",
    "office.102522": "Bürgerbüro Orleansplatz",
    "address.102522": "",
    "open_by": "2026-12-01T13:32:00+00:00",
    "sender": "no-reply@example.org",
    "number": "P0012",
}
ABOUT_WISHES = {
    *(Kind.STILL_NEEDED, Kind.PAUSED, Kind.OVER, Kind.VANISHED, Kind.BACK),
    *(Kind.SAMPLE, Kind.CONDITION, Kind.CONDITION_OVER, Kind.INVITATION),
}
ABOUT_SLOTS = [kind for kind in Kind if kind not in ABOUT_WISHES]
PLACE = "Bürgerbüro Pasing (Landsberger Straße 486, 81241 München)"


def say(
    kind: Kind,
    *slots: Slot,
    without: tuple[str, ...] = (),
    lang: str = "en",
    **facts: str,
) -> Text:
    """Write a message about `SLOT`, or other slots, with all facts but some."""
    all_facts = {n: f for n, f in (FACTS | facts).items() if n not in without}
    notification = Notification(
        UUID(int=1),
        UUID(int=2),
        kind,
        SENT,
        SENT,
        slots=slots or (SLOT,),
        facts=all_facts,
    )
    return render(notification, lang)


def test_the_mail_step_says_until_when_from_whom_and_where_to_look() -> None:
    assert say(Kind.OPEN_MAIL) == Text(
        "Reserved. Now open the city's mail: Wohnsitzanmeldung",
        f"Tue 8 Dec, 09:30, {PLACE}\n"
        "Your number: P0012\n"
        "Open the city's mail by 14:32 and click its link, or the appointment is "
        "lost.\n"
        "The mail comes within a few minutes; look in spam, too.\n"
        "Sender: no-reply@example.org\n"
        "Then tell MTA that you opened it.",
    )


def test_a_deadline_after_midnight_names_the_day() -> None:
    text = say(Kind.OPEN_MAIL, open_by="2026-12-01T23:10:00+00:00")

    assert "by Wed 2 Dec, 00:10 and" in text.body


def test_summer_time_is_munichs() -> None:
    assert "Thu 1 Jul, 10:30, Bürgerbüro Orleansplatz" in say(Kind.FOUND, LATER).body


def test_one_free_slot_is_told_with_what_to_do() -> None:
    assert say(Kind.FOUND, others="0") == Text(
        "Free now: Wohnsitzanmeldung",
        f"Tue 8 Dec, 09:30, {PLACE}\n"
        "Such slots are often gone within minutes: book on the city's own page right "
        "away.",
    )


@pytest.mark.parametrize(
    ("others", "line"),
    [
        ("1", "One other person is told of this too."),
        ("12", "12 others are told of this too."),
    ],
)
def test_a_notice_says_how_many_others_are_told(others: str, line: str) -> None:
    assert say(Kind.FOUND, others=others).body.endswith(f"\n{line}")


@pytest.mark.parametrize(
    ("count", "end"),
    [(MOST_SLOTS, None), (MOST_SLOTS + 1, "and one more"), (20, "and 12 more")],
)
def test_a_long_list_is_cut(count: int, end: str | None) -> None:
    slots = [
        Slot(SLOT.start + timedelta(hours=n), PASING, SERVICES) for n in range(count)
    ]

    text = say(Kind.FOUND, *slots)

    lines = text.body.splitlines()
    assert text.title == f"{count} free slots: Wohnsitzanmeldung"
    assert sum(PLACE in line for line in lines) == MOST_SLOTS
    assert (lines[MOST_SLOTS] == end) is (end is not None)


def test_what_a_confirmed_citizen_reads() -> None:
    text = say(Kind.CONFIRMED)

    assert text.title == "It is yours: Wohnsitzanmeldung"
    assert "Your number: P0012" in text.body


@pytest.mark.parametrize("kind", ABOUT_SLOTS)
def test_what_is_about_a_slot_says_which_service_when_and_where(kind: Kind) -> None:
    text = say(kind)

    assert "Wohnsitzanmeldung" in text.title + text.body
    assert f"Tue 8 Dec, 09:30, {PLACE}" in text.body
    assert "\n" not in text.title


@pytest.mark.parametrize("kind", ABOUT_SLOTS)
def test_missing_facts_leave_no_holes(kind: Kind) -> None:
    text = say(kind, without=tuple(FACTS))

    whole = f"{text.title}\n{text.body}"
    assert "{" not in whole
    assert "None" not in whole
    assert "Tue 8 Dec, 09:30, 54261" in whole
    assert all(line.strip() for line in whole.splitlines())


@pytest.mark.parametrize("kind", Kind)
def test_without_slots_there_is_still_a_text(kind: Kind) -> None:
    notification = Notification(UUID(int=1), UUID(int=2), kind, SENT, SENT)

    assert render(notification, "en").body


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("No more. (tooManyAppointmentsWithSameMail)", "Cancel another one there"),
        ("Missing captcha token. (captchaMissing)", "human check"),
        ("The city refused. (invalidCustomTextfield2)", "the office's own question"),
        ("/reserve-appointment/: ReadTimeout", "lapses by itself"),
        ("the answer was lost", "lapses by itself"),
        ("Invalid. (authKeyMismatch)", "does not hold it any more"),
        ("something new", "Something went wrong between MTA and the city."),
        ("", "Something went wrong between MTA and the city."),
    ],
)
def test_a_reason_is_put_into_words(reason: str, words: str) -> None:
    text = say(Kind.FAILED, reason=reason)

    assert words in text.body
    assert not reason or reason not in text.body


def test_a_mail_that_was_not_opened_is_named() -> None:
    text = say(Kind.EXPIRED, reason="the mail was not opened in time")

    assert "The link in the city's mail was not clicked in time." in text.body


def test_names_cannot_break_the_layout() -> None:
    text = say(Kind.FOUND, service="Umzug\n{slots}\t!")

    assert text.title == "Free now: Umzug {slots} !"


@pytest.mark.parametrize("lang", ["en", "en-GB", "en_US", "tlh", ""])
def test_unknown_languages_fall_back_to_english(lang: str) -> None:
    assert say(Kind.LOST, lang=lang) == say(Kind.LOST, lang="en")


def test_it_fits_the_port() -> None:
    wording: Wording = render

    assert wording is render


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_every_text(lang: str) -> None:
    language = LANGUAGES[lang]
    known = {"service", "count", "slots", "and_more", "sender", "number", "others"}
    known |= {"open_by", "reason", "since", "id", "hour", "offices", "minutes"}
    known |= {"subject", "condition", "detail", "meaning", "began", "ended", "besides"}
    used = {
        name
        for message in language.messages.values()
        for line in (message.title, *message.body)
        for text in ([line.one, line.other] if isinstance(line, Plural) else [line])
        for _, name, _, _ in string.Formatter().parse(text)
        if name
    }

    assert set(language.messages) == set(Kind)
    assert used == known
    deciding = {
        line.by
        for message in language.messages.values()
        for line in (message.title, *message.body)
        if isinstance(line, Plural)
    }
    assert deciding == {"count", "others", "swaps", "besides", "minutes"}
    assert (len(language.weekdays), len(language.months)) == (7, 12)


@pytest.mark.parametrize("kind", Kind)
def test_texts_are_plain(kind: Kind) -> None:
    text = say(kind)

    assert not set("<>&*_`") & set(text.title + text.body)
