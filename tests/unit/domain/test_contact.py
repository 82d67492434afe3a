"""What the city accepts of a citizen (contract 3), and where they are reached."""

from __future__ import annotations

import re

import attrs
import pytest

from mta_core.domain.accounts import Consent, Contact, Home, User
from mta_core.domain.errors import InvalidValue
from tests.unit.domain.builders import NOW, uid

MAIL = "ada@example.org"


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


def test_a_citizen_starts_without_contact_and_in_english() -> None:
    user = User(uid(1), Home("console", "me"), Consent("2026-09", NOW), NOW)
    assert user.contact is None
    assert user.language == "en"
    assert user.channels == ()


# Homes


@pytest.mark.parametrize("address", ["me", "tgram://123:secret/42", "Zoë", ""])
def test_a_home_is_named_without_telling_the_address(address: str) -> None:
    key = Home("apprise", address).key
    assert re.fullmatch("apprise:[0-9a-f]{8}", key)
    assert address == "" or address not in key


def test_homes_have_the_same_name_only_if_they_are_the_same() -> None:
    mine = Home("apprise", "ntfy://ntfy.example.org/mine")
    homes = [
        mine,
        Home("apprise", "ntfy://ntfy.example.org/his"),
        Home("console", "me"),
    ]
    assert len({home.key for home in homes}) == 3
    assert Home(mine.channel, mine.address).key == mine.key


def test_an_address_is_never_shown() -> None:
    user = User(uid(1), Home("console", "c0ffee"), Consent("2026-09", NOW), NOW)
    also = (Home("apprise", "ntfy://c0ffee"),)
    assert "c0ffee" not in repr(attrs.evolve(user, channels=also))
