"""What offices ask: taken from options, asked for at a terminal, or named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from mta_core.domain.accounts import Contact
from mta_core.domain.catalogue import Asked, Catalogue
from mta_core.domain.errors import DetailsMissing, InvalidValue
from mta_core.testing import (
    ORLEANSPLATZ,
    PASING,
    RUPPERTSTRASSE,
    a_catalogue,
    a_contact,
    some_terms,
)
from mta_entrypoints.cli.details import Answers, Offices
from mta_entrypoints.cli.options import Options
from mta_entrypoints.cli.questions import complete, said
from tests.unit.entrypoints.keyboard import CTRL_D, Keyboard, plugged_in

NAME, EMAIL, TELEPHONE = "Ada Müller", "ada@example.org", "+498912345600"
CONTACT = {"name": NAME, "email": EMAIL}
DEMANDED = Asked(activated=True, required=True)
LABEL = attrs.evolve(DEMANDED, label="Ihr Aktenzeichen")
PLATE = Asked(activated=True, label="Kennzeichen")
NOBODY = Answers({}, {})


def a_city(**terms: Any) -> Catalogue:
    """Build a city in which the terms at Pasing are these; no office is checked."""
    city = a_catalogue()
    offices = {
        office.id: attrs.evolve(office, terms=some_terms())
        for office in city.offices.values()
    }
    pasing = attrs.evolve(offices[PASING], terms=some_terms(**terms))
    return attrs.evolve(city, offices={**offices, PASING: pasing})


def both(**terms: Any) -> Offices:
    """Wish for Pasing, with these terms, and Orleansplatz, which asks nothing else."""
    return Offices(a_city(**terms), frozenset({PASING, ORLEANSPLATZ}))


def pasing(**terms: Any) -> Offices:
    """Wish for Pasing alone."""
    return Offices(a_city(**terms), frozenset({PASING}))


def give(offices: Offices, known: Contact | None = None, **options: Any) -> Answers:
    """Say something by options."""
    return said(Options(**options), offices, known, {})


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Keyboard]:
    """Somebody at a terminal, who can be asked."""
    with plugged_in(monkeypatch) as keyboard:
        yield keyboard


class TestOffices:
    def test_those_behind_a_check_are_not_asked(self) -> None:
        city = a_catalogue()
        every = frozenset(city.offices)
        assert Offices(city, every).asked == every - {RUPPERTSTRASSE}

    def test_unless_there_are_no_others(self) -> None:
        checked = frozenset({RUPPERTSTRASSE})
        assert Offices(a_catalogue(), checked).asked == checked

    def test_an_office_without_terms_asks_nothing(self) -> None:
        city = a_city()
        bare = attrs.evolve(city.offices[PASING], terms=None)
        silent = attrs.evolve(city, offices={**city.offices, PASING: bare})
        assert Offices(silent, frozenset({PASING})).gaps(NOBODY) == {}


class TestOptions:
    def test_contact_data_are_joined_to_what_is_known(self) -> None:
        answers = give(both(), a_contact(), email=EMAIL)
        assert answers.to_contact() == a_contact(email=EMAIL)

    def test_who_says_nothing_has_no_contact(self) -> None:
        assert give(both()).to_contact() is None

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            ({"email": EMAIL}, "A name is needed, too: give it with --name"),
            ({"name": NAME}, "A mail address is needed, too: give it with --email"),
        ],
    )
    def test_half_a_contact_is_none(self, options: dict[str, Any], said: str) -> None:
        with pytest.raises(InvalidValue, match=said):
            give(both(), **options).to_contact()

    @pytest.mark.parametrize(
        "typed", ["+49 89 12345600", "+49 (89) 123-456-00", "+49/89.12345600"]
    )
    def test_a_number_may_be_written_as_people_do(self, typed: str) -> None:
        assert give(both(), telephone=typed).contact["telephone"] == TELEPHONE

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            ({"email": "a+b@example.org"}, "plus sign"),
            ({"name": " "}, "A name is needed"),
            ({"telephone": "089-1"}, "7 to 15 digits"),
            ({"answer": ["no equals sign"]}, 'has no "="'),
            ({"answer": [f"{LABEL.label}={'x' * 251}"]}, "up to 250"),
            ({"custom": "x" * 251}, "up to 250"),
        ],
    )
    def test_the_citys_rules_hold_at_once(
        self, options: dict[str, Any], said: str
    ) -> None:
        with pytest.raises(InvalidValue, match=said):
            give(pasing(custom=LABEL), **options)

    @pytest.mark.parametrize(
        "typed", [LABEL.label, "ihr aktenzeichen", " IHRAktenzeichen"]
    )
    def test_an_answer_is_kept_by_the_citys_label(self, typed: str) -> None:
        answers = give(pasing(custom=LABEL), answer=[f"{typed}= a=b "])
        assert answers.own == {LABEL.label: "a=b"}

    def test_a_label_that_nobody_asks_is_refused_with_those_that_are(self) -> None:
        with pytest.raises(InvalidValue) as caught:
            give(pasing(custom=LABEL, custom2=PLATE), answer=["Farbe=rot"])
        assert str(caught.value) == (
            "No office that you want asks 'Farbe'. They ask: "
            '--answer "Ihr Aktenzeichen=…", --answer "Kennzeichen=…".'
        )
        with pytest.raises(InvalidValue, match=r"None of them has questions"):
            give(pasing(), answer=["Farbe=rot"])

    def test_a_short_answer_is_for_the_only_question(self) -> None:
        offices = pasing(custom=LABEL, custom2=PLATE)
        answers = give(offices, custom="12/34", custom2="M-AB 100")
        assert answers.own == {LABEL.label: "12/34", PLATE.label: "M-AB 100"}

    def test_of_several_questions_the_labels_are_listed(self) -> None:
        city = a_city(custom=LABEL)
        terms = some_terms(custom=PLATE)
        other = attrs.evolve(city.offices[ORLEANSPLATZ], terms=terms)
        two = attrs.evolve(city, offices={**city.offices, ORLEANSPLATZ: other})
        with pytest.raises(InvalidValue) as caught:
            give(Offices(two, frozenset({PASING, ORLEANSPLATZ})), custom="x")
        for label in (LABEL.label, PLATE.label):
            assert f'--answer "{label}=…"' in str(caught.value)

    def test_of_none_that_is_said(self) -> None:
        with pytest.raises(InvalidValue, match=r"None of them has questions"):
            give(both(), custom2="x")


class TestWithoutTerminal:
    def test_all_that_is_missing_is_named_with_its_option(self) -> None:
        offices = pasing(telephone=DEMANDED, custom=LABEL)
        with pytest.raises(DetailsMissing) as caught:
            complete(NOBODY, offices)
        assert str(caught.value) == (
            "To book, the city also asks for: name (--name), mail address (--email), "
            'telephone (--telephone), Ihr Aktenzeichen (--answer "Ihr Aktenzeichen=…").'
        )

    def test_one_office_that_can_be_booked_is_enough(self) -> None:
        known = Answers(CONTACT, {})
        assert complete(known, both(telephone=DEMANDED)) == known

    def test_a_mail_address_is_needed_even_where_it_is_not_demanded(self) -> None:
        with pytest.raises(DetailsMissing, match="--email"):
            complete(Answers({"name": NAME}, {}), pasing(email=Asked(activated=True)))


class TestAtATerminal:
    def test_nobody_is_asked_what_is_known(
        self, keyboard: Keyboard, capsys: pytest.CaptureFixture[str]
    ) -> None:
        known = Answers(CONTACT, {})
        assert complete(known, pasing()) == known
        assert capsys.readouterr().err == ""

    def test_what_is_missing_is_asked_for(
        self, keyboard: Keyboard, capsys: pytest.CaptureFixture[str]
    ) -> None:
        keyboard.types(NAME, EMAIL, "+49 89 12345600", "12/34")
        answers = complete(NOBODY, pasing(telephone=DEMANDED, custom=LABEL))
        assert answers.to_contact() == Contact(NAME, EMAIL, TELEPHONE)
        assert answers.own == {LABEL.label: "12/34"}
        asked = capsys.readouterr().err
        assert "Your name: " in asked
        assert "Ihr Aktenzeichen: " in asked
        assert "leaves it out" not in asked

    def test_what_the_city_would_refuse_is_said_at_once(
        self, keyboard: Keyboard, capsys: pytest.CaptureFixture[str]
    ) -> None:
        keyboard.types("", NAME, "ada+termin@example.org", EMAIL)
        answers = complete(NOBODY, pasing())
        assert answers.contact == CONTACT
        shown = capsys.readouterr().err
        assert "An answer is needed." in shown
        assert "refuses mail addresses with a plus sign" in shown

    def test_what_few_offices_want_may_be_left_out(
        self, keyboard: Keyboard, capsys: pytest.CaptureFixture[str]
    ) -> None:
        keyboard.types("")
        known = Answers(CONTACT, {})
        assert complete(known, both(telephone=DEMANDED)) == known
        assert (
            "(for Bürgerbüro Pasing; Enter leaves it out): " in capsys.readouterr().err
        )

    def test_one_answer_serves_all_that_ask_the_same(self, keyboard: Keyboard) -> None:
        keyboard.types("12/34")
        answers = complete(Answers(CONTACT, {}), pasing(custom=LABEL, custom2=LABEL))
        assert answers.own == {LABEL.label: "12/34"}

    def test_whoever_goes_away_has_answered_nothing(self, keyboard: Keyboard) -> None:
        keyboard.types(NAME, CTRL_D)
        with pytest.raises(KeyboardInterrupt):
            complete(NOBODY, pasing())
