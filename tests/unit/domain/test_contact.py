"""What the city accepts of a citizen, and what it still needs (contract 3)."""

from __future__ import annotations

import pytest

from mta_core.domain.accounts import (
    Consent,
    Contact,
    Home,
    User,
    check_answer,
    missing_details,
)
from mta_core.domain.catalogue import Asked, Terms
from mta_core.domain.errors import InvalidValue
from tests.unit.domain.builders import NOW, uid

MAIL = "ada@example.org"
ADA = Contact("Ada Beispiel", MAIL, "+498912345600")
DEMANDED = Asked(activated=True, required=True)


@pytest.mark.parametrize(
    "email",
    [
        MAIL,
        "a@b.de",
        "ada.lovelace@mail.example.org",
        "ada-9_x@example.org",
        "über@example.org",
        "a" * 38 + "@example.org",
    ],
)
def test_addresses_that_the_city_accepts_are_accepted(email: str) -> None:
    assert Contact("Ada", email).email == email


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "ada@example",
        "ada@example.o",
        "@example.org",
        "ada@",
        "ada@@example.org",
        "ada..b@example.org",
        "ada@example..org",
        ".ada@example.org",
        "ada.@example.org",
        "ada@.example.org",
        "ada@example.org.",
        "ada b@example.org",
        "ada@exam ple.org",
        "ada@example.org\n",
        "\nada@example.org",
    ],
)
def test_addresses_that_the_city_refuses_are_refused(email: str) -> None:
    with pytest.raises(InvalidValue, match="not a mail address"):
        Contact("Ada", email)


def test_a_plus_sign_is_refused_with_the_reason() -> None:
    with pytest.raises(InvalidValue, match="plus sign"):
        Contact("Ada", "ada+termin@example.org")


@pytest.mark.parametrize(("length", "accepted"), [(50, True), (51, False)])
def test_a_mail_address_has_at_most_50_characters(length: int, accepted: bool) -> None:
    email = "a" * (length - len("@example.org")) + "@example.org"
    if accepted:
        assert len(Contact("Ada", email).email) == length
    else:
        with pytest.raises(InvalidValue, match="50 characters"):
            Contact("Ada", email)


@pytest.mark.parametrize(
    "telephone",
    ["", "0891200", "08912345600", "+498912345600", "1" * 7, "1" * 15, "+" + "1" * 15],
)
def test_telephone_numbers_that_the_city_accepts_are_accepted(telephone: str) -> None:
    assert Contact("Ada", MAIL, telephone).telephone == telephone


@pytest.mark.parametrize(
    "telephone",
    [
        "1" * 6,
        "1" * 16,
        "+" + "1" * 6,
        "+",
        "++498912300",
        "+49 89 12300",
        "089/12300",
        "phone",
        "0891234\u0665\u0660\u0660",  # digits, but not the city's
        "08912345600\n",
    ],
)
def test_telephone_numbers_that_the_city_refuses_are_refused(telephone: str) -> None:
    with pytest.raises(InvalidValue, match="7 to 15 digits"):
        Contact("Ada", MAIL, telephone)


@pytest.mark.parametrize("name", ["", "  ", "\t\n"])
def test_a_name_is_needed(name: str) -> None:
    with pytest.raises(InvalidValue, match="name is needed"):
        Contact(name, MAIL)


def test_a_name_is_two_names_of_50_and_a_space_at_most() -> None:
    assert len(Contact("a" * 101, MAIL).name) == 101
    with pytest.raises(InvalidValue, match="101"):
        Contact("a" * 102, MAIL)


def test_an_answer_is_kept_without_blanks_around_it() -> None:
    assert check_answer("  AZ 12 \n") == "AZ 12"
    assert check_answer("a" * 250) == "a" * 250


def test_an_answer_has_at_most_250_characters() -> None:
    with pytest.raises(InvalidValue, match="250"):
        check_answer("a" * 251)


def test_blanks_that_are_not_sent_do_not_count() -> None:
    assert check_answer(" " + "a" * 250 + " ") == "a" * 250


# What is still missing


@pytest.mark.parametrize(
    ("terms", "contact", "answers", "missing"),
    [
        (Terms(), None, {}, ("name", "email")),
        (Terms(email=Asked()), None, {}, ("name",)),
        (Terms(), ADA, {}, ()),
        (Terms(telephone=DEMANDED), ADA, {}, ()),
        (Terms(telephone=DEMANDED), Contact("Ada", MAIL), {}, ("telephone",)),
        (Terms(telephone=Asked(required=True)), Contact("Ada", MAIL), {}, ()),
        (Terms(telephone=Asked(activated=True)), Contact("Ada", MAIL), {}, ()),
        (Terms(custom=DEMANDED), ADA, {}, ("custom",)),
        (Terms(custom=DEMANDED), ADA, {"custom": "  "}, ("custom",)),
        (Terms(custom=DEMANDED), ADA, {"custom": "x"}, ()),
        (Terms(custom=DEMANDED), ADA, {"custom2": "x"}, ("custom",)),
        (Terms(custom2=DEMANDED), ADA, {}, ("custom2",)),
        (Terms(custom=Asked(required=True, label="AZ")), ADA, {}, ()),
    ],
)
def test_what_an_office_demands_and_nobody_gave_is_missing(
    terms: Terms,
    contact: Contact | None,
    answers: dict[str, str],
    missing: tuple[str, ...],
) -> None:
    assert missing_details(terms, contact, answers) == missing


def test_missing_fields_bear_the_label_of_the_office() -> None:
    terms = Terms(
        telephone=DEMANDED,
        custom=Asked(True, True, "Kennzeichen"),
        custom2=Asked(True, True, "Geburtsdatum"),
    )
    assert missing_details(terms, None, {}) == (
        "name",
        "email",
        "telephone",
        "Kennzeichen",
        "Geburtsdatum",
    )


def test_a_citizen_starts_without_contact_and_in_english() -> None:
    user = User(uid(1), Home("console", "me"), Consent("2026-09", NOW), NOW)
    assert user.contact is None
    assert user.language == "en"
