from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any, cast

import pytest

from mta_practice import PracticeError, compact_catalogue, load_catalogue
from mta_practice.catalogue import Scope, read_catalogue
from mta_practice.compact_rows import OFFICES, SERVICES
from tests.unit.practice.support import a_town

COMPACT = read_catalogue(compact_catalogue())


def _scopes() -> list[Scope]:
    return [office.scope for office in COMPACT.offices.values() if office.scope]


def _demands_only_name_and_mail(scope: Scope) -> bool:
    fields = (scope.telephone, scope.custom, scope.custom2)
    demanded = any(field.activated and field.required for field in fields)
    return scope.email_required and not scope.captcha and not demanded


def test_compact_catalogue_has_twelve_offices_and_twenty_five_services() -> None:
    assert len(COMPACT.offices) == len(OFFICES) == 12
    assert len(COMPACT.service_names) == len(SERVICES) == 25


def test_compact_catalogue_has_what_the_rules_need() -> None:
    scopes = _scopes()
    assert sum(_demands_only_name_and_mail(scope) for scope in scopes) >= 6
    assert sum(scope.captcha for scope in scopes) == 3
    assert any(scope.telephone.required for scope in scopes)
    assert any(scope.reservation == 5 for scope in scopes)
    assert any(not scope.email_required for scope in scopes)
    unchecked = [scope for scope in scopes if not scope.captcha]
    assert any(scope.custom.activated and scope.custom.required for scope in unchecked)


def test_compact_catalogue_has_long_shared_and_combinable_services() -> None:
    offers = Counter(service_id for _, service_id in COMPACT.slots)
    assert max(COMPACT.slots.values()) == 6
    assert offers[1063475] == 3
    services = cast("list[dict[str, Any]]", compact_catalogue()["services"])
    combinable = {item["id"]: item["combinable"] for item in services}
    first, second, *_ = combinable[1063475].items()
    assert first == ("1", {"1063475": [10489, 10503, 102522]})
    assert second == ("2", {"1063441": [10489, 102522]})
    assert combinable[1063731] == {"1": {"1063731": [10295168, 10351882]}}
    assert combinable[10502137] == []


def test_compact_offices_state_when_they_release() -> None:
    infos = [str(scope.wire["infoForAllAppointments"]) for scope in _scopes()]
    assert sum("Uhr" in info for info in infos) >= 6


def test_wire_form_survives_json() -> None:
    wire = json.loads(json.dumps(dict(compact_catalogue())))
    assert read_catalogue(wire).slots == COMPACT.slots


def test_buergerbueros_return_cancelled_slots_after_five_minutes() -> None:
    waits = {
        office.id: office.scope.hidden.deallocation
        for office in COMPACT.offices.values()
        if office.scope
    }
    assert waits[10503] == waits[10489] == 5
    assert waits[10295168] == 15


def _scope_wire(**fields: object) -> dict[str, object]:
    return {"id": 9, **fields}


def _catalogue(scope: object) -> dict[str, object]:
    office = {"id": 1, "name": None, "slotTimeInMinutes": None, "scope": scope}
    return {"offices": [office], "services": [], "relations": []}


def test_unstated_durations_take_the_citys_defaults() -> None:
    office = read_catalogue(_catalogue(_scope_wire())).offices[1]
    assert office.scope is not None
    assert (office.scope.reservation, office.scope.activation) == (60, 60)
    assert (office.scope.per_mail, office.scope.hidden.deallocation) == (0, 15)
    assert office.slot_seconds == 300


def test_whitelist_names_addresses_and_domains() -> None:
    wire = _scope_wire(whitelistedMails="Boss@example.org, @muenchen.example")
    scope = read_catalogue(_catalogue(wire)).offices[1].scope
    assert scope is not None
    assert scope.exempts("boss@EXAMPLE.org")
    assert scope.exempts("anyone@muenchen.example")
    assert not scope.exempts("resi@example.org")


@pytest.mark.parametrize("scope", [None, []])
def test_office_may_have_no_scope(scope: object) -> None:
    assert read_catalogue(_catalogue(scope)).offices[1].scope is None


@pytest.mark.parametrize(
    ("wire", "message"),
    [
        ({}, "no list 'offices'"),
        ({"offices": {}, "services": [], "relations": []}, "no list 'offices'"),
        ({"offices": [], "services": [3], "relations": []}, r"services\[0\]"),
        ({"offices": [{"id": "1"}]}, r"offices\[0\].id"),
        ({"offices": [{"id": True}]}, r"offices\[0\].id"),
        (_catalogue("none"), r"offices\[0\].scope"),
        (_catalogue({"id": None, "name": "x"}), r"offices\[0\].scope.id"),
        (
            {"offices": [], "services": [], "relations": [{"officeId": 1}]},
            r"relations\[0\].serviceId",
        ),
    ],
)
def test_wrong_shape_is_named(wire: dict[str, object], message: str) -> None:
    with pytest.raises(PracticeError, match=message):
        read_catalogue(wire)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"{", "no JSON"),
        (b"[]", "no JSON object"),
        (b"\xff", "cannot read"),
        (b"{}", "no list"),
    ],
)
def test_bad_file_is_explained(tmp_path: Path, text: bytes, message: str) -> None:
    path = tmp_path / "catalogue.json"
    path.write_bytes(text)
    with pytest.raises(PracticeError, match=message):
        load_catalogue(path)


def test_missing_file_is_explained(tmp_path: Path) -> None:
    with pytest.raises(PracticeError, match="cannot read the catalogue"):
        load_catalogue(tmp_path / "nowhere.json")


def _recorded() -> Path:
    shared = Path(os.environ.get("MTA_SHARED", Path(__file__).parents[4] / "shared"))
    return shared / "city" / "recorded-catalogue.json"


@pytest.mark.skipif(not _recorded().exists(), reason="no recorded catalogue here")
async def test_recorded_answer_is_served_as_it_is() -> None:
    wire = load_catalogue(_recorded())
    typed = read_catalogue(wire)
    assert len(typed.offices) == 100
    assert sum(office.scope is None for office in typed.offices.values()) == 13
    unlisted = [pair for pair in typed.slots if pair[1] not in typed.service_names]
    assert (len(typed.slots), len(unlisted)) == (393, 106)
    async with a_town(catalogue=wire) as town:
        answer = await town.get("offices-and-services")
        assert answer.json() == wire
        closed = await town.calendar(10485, 1063655)
        assert (closed.status_code, closed.json()["errors"][0]["errorCode"]) == (
            404,
            "noAppointmentForThisScope",
        )
        refused = await town.open(10485, 1063655, 2_000_000_000)
        assert "no scope" in refused.json()["error"]
