"""What an office asks, and which of a citizen's answers reach it (contract 3, 6)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.accounts import Contact
from mta_core.domain.catalogue import Asked, Terms
from mta_core.domain.errors import InvalidValue
from mta_core.domain.questions import (
    Question,
    answers_to,
    check_answer,
    missing_details,
    questions,
)
from mta_practice import contact as city

MAIL = "ada@example.org"
ADA = Contact("Ada Beispiel", MAIL, "+498912345600")
NO_PHONE = Contact("Ada", MAIL)
DEMANDED = Asked(activated=True, required=True)
OFFERED = Asked(activated=True)
FILE_NUMBER = Asked(True, True, "Aktenzeichen")
PLATE = Asked(True, True, "Kennzeichen")


# What is asked


def test_everywhere_a_name_and_mostly_a_mail_address_is_asked() -> None:
    assert questions(Terms()) == (
        Question("name", "name", demanded=True),
        Question("email", "email", demanded=True),
    )
    assert [q.field for q in questions(Terms(email=Asked())) if q.demanded] == ["name"]


def test_the_citys_labels_are_what_people_read() -> None:
    terms = Terms(telephone=OFFERED, custom=FILE_NUMBER, custom2=Asked(True, label=" "))
    assert questions(terms)[2:] == (
        Question("telephone", "telephone", demanded=False),
        Question("custom", "Aktenzeichen", demanded=True),
        Question("custom2", "custom2", demanded=False),
    )


def test_what_is_required_but_not_activated_is_not_asked() -> None:
    """119 of 125 scopes require the custom field, 72 activate it (contract 3)."""
    hidden = Asked(activated=False, required=True, label="Aktenzeichen")
    terms = Terms(telephone=hidden, custom=hidden, custom2=hidden)
    assert questions(terms) == questions(Terms())


# What is still missing


@pytest.mark.parametrize(
    ("terms", "contact", "answers", "missing"),
    [
        (Terms(), None, {}, ("name", "email")),
        (Terms(email=Asked()), None, {}, ("name",)),
        (Terms(), ADA, {}, ()),
        (Terms(telephone=DEMANDED), ADA, {}, ()),
        (Terms(telephone=DEMANDED), NO_PHONE, {}, ("telephone",)),
        (Terms(telephone=Asked(required=True)), NO_PHONE, {}, ()),
        (Terms(telephone=OFFERED), NO_PHONE, {}, ()),
        (Terms(custom=DEMANDED), ADA, {}, ("custom",)),
        (Terms(custom=DEMANDED), ADA, {"custom": "  "}, ("custom",)),
        (Terms(custom=DEMANDED), ADA, {"custom": "x"}, ()),
        (Terms(custom=DEMANDED), ADA, {"custom2": "x"}, ("custom",)),
        (Terms(custom=OFFERED), ADA, {}, ()),
        (Terms(custom2=DEMANDED), ADA, {}, ("custom2",)),
        (Terms(custom=Asked(required=True, label="AZ")), ADA, {}, ()),
        (Terms(custom=FILE_NUMBER), ADA, {"Aktenzeichen": "12"}, ()),
        (Terms(custom=FILE_NUMBER), ADA, {"Aktenzeichen": " "}, ("Aktenzeichen",)),
        (Terms(custom=FILE_NUMBER), ADA, {"Kennzeichen": "M-X 1"}, ("Aktenzeichen",)),
        (Terms(custom2=FILE_NUMBER), ADA, {"Aktenzeichen": "12"}, ()),
        (Terms(custom=Asked(True, True, " AZ ")), ADA, {"AZ": "12"}, ()),
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
    terms = Terms(telephone=DEMANDED, custom=PLATE, custom2=FILE_NUMBER)
    assert missing_details(terms, None, {}) == (
        "name",
        "email",
        "telephone",
        "Kennzeichen",
        "Aktenzeichen",
    )


def test_contact_data_answer_no_question_of_an_office_and_the_other_way() -> None:
    """A field may bear any label, a name of MTA's own fields too."""
    terms = Terms(telephone=DEMANDED, custom=Asked(True, True, "telephone"))
    assert missing_details(terms, NO_PHONE, {"telephone": "12"}) == ("telephone",)
    assert missing_details(terms, ADA, {}) == ("telephone",)
    assert missing_details(terms, ADA, {"telephone": "12"}) == ()


# What is sent


def test_each_office_gets_the_answers_to_its_own_questions() -> None:
    said = {"Aktenzeichen": "12/345", "Kennzeichen": "M-X 1"}
    assert answers_to(Terms(custom=FILE_NUMBER), said) == {"custom": "12/345"}
    assert answers_to(Terms(custom=PLATE), said) == {"custom": "M-X 1"}
    assert answers_to(Terms(custom=PLATE, custom2=FILE_NUMBER), said) == {
        "custom": "M-X 1",
        "custom2": "12/345",
    }
    assert answers_to(Terms(), said) == {}


def test_an_answer_by_field_is_good_for_any_label() -> None:
    said = {"custom": "any", "Aktenzeichen": "12/345"}
    assert answers_to(Terms(custom=PLATE), said) == {"custom": "any"}
    assert answers_to(Terms(custom=FILE_NUMBER), said) == {"custom": "12/345"}
    assert answers_to(Terms(custom2=PLATE), said) == {}


@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_a_blank_answer_is_none(blank: str) -> None:
    assert answers_to(Terms(custom=PLATE), {"Kennzeichen": blank}) == {}
    said = {"Kennzeichen": blank, "custom": " M-X 1 "}
    assert answers_to(Terms(custom=PLATE), said) == {"custom": "M-X 1"}


LABELS = st.sampled_from(["", "Aktenzeichen", "Kennzeichen", "Geburtsdatum"])
FIELDS = st.builds(Asked, st.booleans(), st.booleans(), LABELS)
BY_LABEL = st.dictionaries(LABELS.filter(bool), st.text(max_size=5))


@given(st.builds(Terms, custom=FIELDS, custom2=FIELDS), BY_LABEL)
def test_what_was_said_to_one_question_never_answers_another(
    terms: Terms, said: dict[str, str]
) -> None:
    by_field = {"custom": terms.custom, "custom2": terms.custom2}
    for field, text in answers_to(terms, said).items():
        asked = by_field[field]
        assert asked.activated
        assert text == said[asked.label].strip()


@given(st.builds(Terms, custom=FIELDS, custom2=FIELDS), BY_LABEL)
def test_if_nothing_is_missing_every_demanded_question_is_answered(
    terms: Terms, said: dict[str, str]
) -> None:
    sent = answers_to(terms, said)
    gaps = [
        field
        for field, asked in (("custom", terms.custom), ("custom2", terms.custom2))
        if asked.demanded and field not in sent
    ]
    assert len(missing_details(terms, ADA, said)) == len(gaps)


# As the city counts


def test_an_answer_is_kept_without_blanks_around_it() -> None:
    assert check_answer("  AZ 12 \n") == "AZ 12"
    assert check_answer("") == check_answer("  ") == ""


@pytest.mark.parametrize(
    ("text", "long"),
    [
        ("a" * 250, False),
        ("a" * 251, True),
        (" " + "a" * 250 + " ", False),
        ("ä" * 250, False),  # characters, not bytes
        ("&amp;" * 250, False),
        ("&amp;" * 251, True),
        ("&auml;&#228;" * 125, False),
        ("<b>" + "a" * 250 + "</b>", False),
        ("<b>" + "a" * 251 + "</b>", True),
        ("a<br>" * 125, False),
        ("a<br/>" * 125 + "a", True),
        ("a<BR />" * 125 + "a", True),
        ("&lt;b&gt;" * 90 + "a", False),  # decoded first, then a tag
        ("a&lt;br&gt;" * 125 + "a", True),
    ],
)
def test_an_answer_has_at_most_250_characters_as_the_city_counts(
    text: str, long: bool
) -> None:
    if long:
        with pytest.raises(InvalidValue, match="up to 250 characters"):
            check_answer(text)
    else:
        assert check_answer(text) == text.strip()


@pytest.mark.parametrize("text", ["<b></b>", "<br>", "&nbsp;", "<i> </i>&#32;"])
def test_an_answer_of_which_the_city_would_see_nothing_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="nothing of this answer"):
        check_answer(text)


PIECES = st.sampled_from(
    ["a", "ä", " ", "\n", "&amp;", "&lt;", "&gt;", "<", ">", "<b>", "</b>", "<br>"]
)


@given(st.lists(PIECES, max_size=30).map("".join), st.integers(0, 250))
def test_what_is_accepted_is_neither_blank_nor_too_long_at_the_city(
    text: str, more: int
) -> None:
    """The practice city keeps the city's rules in code of its own."""
    try:
        sent = check_answer(text + "x" * more)
    except InvalidValue:
        return
    kept = city.contact({"customTextfield": sent}).custom
    assert kept is not None
    assert bool(kept) is bool(sent)
    assert len(kept) <= 250
