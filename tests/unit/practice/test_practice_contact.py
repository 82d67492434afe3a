from __future__ import annotations

from typing import Any

import pytest

from mta_practice.catalogue import Scope, read_catalogue
from mta_practice.contact import Contact, contact, contact_errors


def _scope(**fields: object) -> Scope:
    office = {"id": 1, "scope": {"id": 9, **fields}}
    wire = {"offices": [office], "services": [], "relations": []}
    scope = read_catalogue(wire).offices[1].scope
    assert scope is not None
    return scope


def _contact(**fields: Any) -> Contact:
    return contact({"familyName": "Resi Huber", **fields})


@pytest.mark.parametrize("name", ["", " \t", None, 7])
def test_name_must_not_be_blank(name: object) -> None:
    assert contact_errors(contact({"familyName": name}), None) == ["invalidFamilyName"]


@pytest.mark.parametrize(
    "email", ["a@b.de", "a.b@c.d-e.org", "ä@ö.de", "a_b-c@1.info", "o'neil@x.co"]
)
def test_email_passes(email: str) -> None:
    assert contact_errors(_contact(email=email), _scope(emailRequired=True)) == []


@pytest.mark.parametrize(
    "email",
    [
        "",
        None,
        "a",
        "a+tag@b.de",
        "a@b+c.de",
        "a@b.d",
        ".a@b.de",
        "a.@b.de",
        "a@.b.de",
        "a..b@c.de",
        "a@b.de.",
        "a b@c.de",
        "a@b@c.de",
        "a@b.de\n",
    ],
)
def test_email_fails_where_it_is_required(email: str | None) -> None:
    data = _contact(email=email)
    assert contact_errors(data, _scope(emailRequired=True)) == ["invalidEmail"]
    assert contact_errors(data, _scope(emailRequired=False)) == []


@pytest.mark.parametrize("number", ["0891234567", "+49891234567", "1234567", "0" * 15])
def test_telephone_passes(number: str) -> None:
    scope = _scope(telephoneActivated=True, telephoneRequired=True)
    assert contact_errors(_contact(telephone=number), scope) == []


@pytest.mark.parametrize(
    "number", ["123456", "0" * 16, "089/1234567", "+", "++491234567", "٠" * 9]
)
def test_telephone_fails_only_where_it_is_asked_for(number: str) -> None:
    data = _contact(telephone=number)
    assert contact_errors(data, _scope(telephoneActivated=True)) == ["invalidTelephone"]
    assert contact_errors(data, _scope(telephoneRequired=True)) == []


def test_empty_telephone_passes_unless_required() -> None:
    data = _contact(telephone="")
    offered = _scope(telephoneActivated=True)
    required = _scope(telephoneActivated=True, telephoneRequired=True)
    assert contact_errors(data, offered) == []
    assert contact_errors(data, required) == ["invalidTelephone"]


def test_missing_telephone_passes_even_where_it_is_required() -> None:
    required = _scope(telephoneActivated=True, telephoneRequired=True)
    assert contact_errors(_contact(), required) == []


@pytest.mark.parametrize("field", ["customTextfield", "customTextfield2"])
class TestCustomText:
    def _error(self, field: str) -> str:
        return f"i{field[1:]}".replace("iustom", "invalidCustom")

    @pytest.mark.parametrize("text", ["", "  ", "<b> </b>", "&nbsp;<br>", None])
    def test_blank_fails_where_it_is_required(
        self, field: str, text: str | None
    ) -> None:
        scope = _scope(**{f"{field}Activated": True, f"{field}Required": True})
        data = _contact(**{field: text})
        assert contact_errors(data, scope) == [self._error(field)]

    def test_required_but_not_activated_is_not_demanded(self, field: str) -> None:
        scope = _scope(**{f"{field}Required": True})
        assert contact_errors(_contact(**{field: "x" * 999}), scope) == []

    def test_length_counts_after_normalisation(self, field: str) -> None:
        scope = _scope(**{f"{field}Activated": True})
        fits, too_long = "<i>" + "ä" * 250 + "</i>", "ä" * 251
        assert contact_errors(_contact(**{field: fits}), scope) == []
        assert contact_errors(_contact(**{field: too_long}), scope) == [
            self._error(field)
        ]


def test_text_is_normalised() -> None:
    data = contact({"customTextfield": " a &amp; b<br/>c <em>d</em> "})
    assert data.custom == "a & b\nc d"


def test_all_failing_rules_are_collected_in_order() -> None:
    scope = _scope(
        emailRequired=True,
        telephoneActivated=True,
        customTextfieldActivated=True,
        customTextfieldRequired=True,
        customTextfield2Activated=True,
        customTextfield2Required=True,
    )
    data = contact({"telephone": "x"})
    assert contact_errors(data, scope) == [
        "invalidFamilyName",
        "invalidEmail",
        "invalidTelephone",
        "invalidCustomTextfield",
        "invalidCustomTextfield2",
    ]
