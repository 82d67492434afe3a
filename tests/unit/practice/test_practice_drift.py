"""A city that renames or drops fields overnight."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_practice import PracticeError, PracticeSettings, read_drift
from mta_practice.drift import drifted
from tests.unit.practice.support import START, a_town, at

NINE = at(26, 9)


async def test_renamed_field_bears_its_new_name_in_every_answer() -> None:
    async with a_town(drift={"officeId": "branchId"}) as town:
        await town.open(10295168, 1063731, NINE)
        days = (await town.calendar(10295168, 1063731)).json()["availableDays"]
        assert days[0]["offices"][0]["branchId"] == "10295168"
        reserved = (await town.reserve(NINE)).json()
        catalogue = (await town.get("offices-and-services")).json()
    assert reserved["branchId"] == 10295168
    assert "officeId" not in reserved
    assert all("branchId" in relation for relation in catalogue["relations"])


async def test_missing_field_is_gone_from_errors_too() -> None:
    async with a_town(drift={"errorCode": ""}) as town:
        (error,) = (await town.get("nothing")).json()["errors"]
        assert list(error) == ["statusCode", "errorType", "errorMessage"]
        fault = {"route": "captcha-details", "kind": "garbage"}
        await town.http.post("/practice/faults", json=fault)
        assert b"<html>" in (await town.get("captcha-details")).content


async def test_control_routes_do_not_drift() -> None:
    async with a_town(drift={"status": "state"}) as town:
        assert (await town.http.get("/practice/health")).json()["status"] == "ok"


def test_is_read_from_the_command_line() -> None:
    assert read_drift(["a=b", " c = ", "d="]) == {"a": "b", "c": "", "d": ""}
    assert read_drift([]) == {}


@pytest.mark.parametrize("text", ["", "officeId", "=x", " =x"])
def test_what_is_no_drift_is_explained(text: str) -> None:
    with pytest.raises(PracticeError, match="FIELD=NEWNAME"):
        read_drift([text])


def test_field_without_a_name_is_no_setting() -> None:
    with pytest.raises(PracticeError, match="name of a field"):
        PracticeSettings(start=START, drift={"": "x"})


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=10,
)


@given(JSON)
def test_nothing_but_the_named_fields_changes(body: object) -> None:
    assert drifted(body, {}) == body
    assert drifted(drifted(body, {"a": "x"}), {"x": "a"}) == body
    # Dropping a field is forgetting it wherever its new name would stand.
    assert drifted(body, {"a": ""}) == drifted(drifted(body, {"a": "x"}), {"x": ""})
