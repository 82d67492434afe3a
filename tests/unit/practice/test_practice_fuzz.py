"""Whatever comes in, the city answers with one of its own errors."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mta_practice import City, PracticeError, PracticeSettings
from mta_practice.citizens import logged_in
from mta_practice.errors import NotLoggedIn, Refusal, ServerFault
from tests.unit.practice.support import KFZ, RUPPERT, STANDESAMT, START

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.sampled_from([STANDESAMT, str(KFZ), RUPPERT, 1063731, "1e9", "9" * 5000, "26"]),
    st.sampled_from(["2026-11-23", "2026-12-24", "0000-00-00", "9999-12-31", "ab12"]),
)
VALUES = LEAVES | st.lists(LEAVES, max_size=3) | st.dictionaries(st.text(), LEAVES)
BODY_FIELDS = st.sampled_from(
    [
        "officeId",
        "serviceId",
        "serviceCount",
        "timestamp",
        "captchaToken",
        "processId",
        "authKey",
        "familyName",
        "email",
        "telephone",
        "customTextfield",
        "starts",
    ]
)
QUERY_FIELDS = st.sampled_from(
    [
        "officeIds",
        "serviceIds",
        "serviceCounts",
        "startDate",
        "endDate",
        "slotsStartDate",
        "slotsEndDate",
        "processId",
        "authKey",
    ]
)


PARTS = st.sampled_from(
    ["challenge", "parameters", "signature", "solution", "counter", "derivedKey"]
)


def _city() -> City:
    return City(PracticeSettings(stepped=True, start=START))


@pytest.mark.parametrize(
    "act",
    [
        lambda city, body: city.reserve(city.look_up(body, "a")),
        lambda city, body: city.update(body),
        lambda city, body: city.preconfirm(body),
        lambda city, body: city.confirm(body, "a"),
        lambda city, body: city.cancel(body),
        lambda city, body: city.open(body),
    ],
    ids=["reserve", "update", "preconfirm", "confirm", "cancel", "open"],
)
@settings(max_examples=60, deadline=None)
@given(body=st.dictionaries(BODY_FIELDS, VALUES))
def test_any_body(act: Callable[[City, Any], object], body: dict[str, object]) -> None:
    with suppress(Refusal, ServerFault, PracticeError):
        act(_city(), body)


@settings(max_examples=150, deadline=None)
@given(query=st.dictionaries(QUERY_FIELDS, LEAVES.map(str)))
def test_any_query(query: dict[str, str]) -> None:
    with suppress(Refusal, ServerFault):
        _city().available_calendar(query, "a")
    with suppress(Refusal):
        _city().appointment(query, "a")


@settings(max_examples=100, deadline=None)
@given(content=st.recursive(VALUES, lambda inner: st.dictionaries(PARTS, inner)))
def test_any_payload(content: object) -> None:
    text = json.dumps(content, default=str).encode("utf-8", "replace")
    for payload in (content, base64.b64encode(text).decode()):
        answer = _city().human.verify(payload, "a")
        assert answer["data"] in (None, {"valid": False})


@settings(max_examples=100, deadline=None)
@given(text=st.text(), parts=st.lists(st.text(), min_size=3, max_size=3))
def test_any_token(text: str, parts: list[str]) -> None:
    for token in (text, ".".join(parts)):
        assert _city().human.verdict(token, "a") in ("captchaMissing", "captchaInvalid")
        with suppress(NotLoggedIn):
            logged_in(f"Bearer {token}")
