from __future__ import annotations

import asyncio
import base64
import json
import re
from typing import Any

import pytest
from icalendar import Calendar

from tests.unit.practice.support import (
    AUSBILDUNG,
    DAY,
    DOKUMENTE,
    GEWERBEAMT,
    KFZ,
    KIRCHENAUSTRITT,
    MINUTE,
    PASING,
    RUPPERT,
    STANDESAMT,
    START,
    WOHNSITZ,
    Town,
    a_town,
    at,
    refusal,
)

NINE = at(26, 9)
FIELDS = [
    "processId",
    "timestamp",
    "authKey",
    "familyName",
    "customTextfield",
    "customTextfield2",
    "email",
    "telephone",
    "officeName",
    "officeId",
    "scope",
    "subRequestCounts",
    "serviceId",
    "serviceName",
    "serviceCount",
    "status",
    "captchaToken",
    "slotCount",
    "displayNumber",
    "icsContent",
]


class TestReserve:
    async def test_answers_the_whole_process(self, town: Town) -> None:
        await town.open(STANDESAMT, KIRCHENAUSTRITT, NINE)
        answer = await town.reserve(NINE)
        body = answer.json()
        assert answer.status_code == 200
        assert list(body) == FIELDS
        assert body["timestamp"] == str(NINE)
        assert 10_000 <= body["processId"] <= 999_999
        assert re.fullmatch("[0-9a-f]{64}", body["authKey"])
        assert body["email"] == "test@muenchen.de"
        assert (body["officeId"], body["officeName"]) == (
            STANDESAMT,
            "Standesamt München (KVR-II/1144)",
        )
        assert (body["serviceId"], body["serviceName"], body["serviceCount"]) == (
            KIRCHENAUSTRITT,
            "Kirchenaustritt",
            1,
        )
        assert (body["status"], body["slotCount"], body["captchaToken"]) == (
            "reserved",
            1,
            "",
        )
        assert body["subRequestCounts"] == []
        catalogue = (await town.get("offices-and-services")).json()
        scopes = {office["id"]: office["scope"] for office in catalogue["offices"]}
        assert body["scope"] == scopes[STANDESAMT]

    async def test_takes_the_slots_of_all_services(self, town: Town) -> None:
        await town.open(KFZ, 1080502, NINE, NINE + 30 * MINUTE)
        body = (
            await town.reserve(NINE, KFZ, [1063424, 1064121], serviceCount=[1, 2])
        ).json()
        assert body["slotCount"] == 3
        assert body["subRequestCounts"] == [
            {
                "id": 1064121,
                "name": "Änderung der Adresse in Fahrzeugpapieren",
                "count": 2,
            }
        ]
        assert await town.times(KFZ, 1063424) == [NINE + 45 * MINUTE]

    async def test_numeric_strings_are_taken(self, town: Town) -> None:
        await town.open(STANDESAMT, KIRCHENAUSTRITT, NINE)
        answer = await town.reserve(
            str(NINE), str(STANDESAMT), [str(KIRCHENAUSTRITT)], serviceCount=["1"]
        )
        assert answer.json()["officeId"] == STANDESAMT

    async def test_process_ids_are_in_no_order(self, town: Town) -> None:
        ids = [
            (await town.reserved(NINE + turn * 300))["processId"] for turn in range(20)
        ]
        assert len(set(ids)) == 20
        assert ids != sorted(ids)

    async def test_display_number_has_prefix_and_counter_or_is_the_id(
        self, town: Town
    ) -> None:
        shown = [
            (await town.show(await town.reserved(NINE + turn * 900, KFZ, [1063424])))
            for turn in range(2)
        ]
        assert [item.json()["displayNumber"] for item in shown] == ["Z0001", "Z0002"]
        body = (await town.show(await town.reserved(NINE))).json()
        assert body["displayNumber"] == str(body["processId"])

    async def test_ics_tells_time_and_place(self, town: Town) -> None:
        body = (
            await town.show(await town.reserved(NINE, AUSBILDUNG, [WOHNSITZ]))
        ).json()
        event: Any = Calendar.from_ical(body["icsContent"]).walk("VEVENT")[0]
        assert event["DTSTART"].dt.timestamp() == NINE
        assert event["DTEND"].dt.timestamp() == NINE + 15 * MINUTE
        assert event["LOCATION"] == "Ruppertstraße 19, 80337 München"

    async def test_taken_slot_is_no_longer_available(self, town: Town) -> None:
        await town.reserved(NINE)
        assert refusal(await town.reserve(NINE)) == (404, ["appointmentNotAvailable"])

    async def test_slot_never_offered_is_not_available(self, town: Town) -> None:
        assert refusal(await town.reserve(NINE)) == (404, ["appointmentNotAvailable"])

    async def test_too_few_slots_are_not_available(self, town: Town) -> None:
        await town.open(AUSBILDUNG, WOHNSITZ, NINE)
        answer = await town.reserve(NINE, AUSBILDUNG, [WOHNSITZ], serviceCount=[2])
        assert refusal(answer) == (404, ["appointmentNotAvailable"])

    async def test_lost_race_is_404_unknown_error(self, town: Town) -> None:
        """Both looked it up before either was inserted."""
        await town.open(STANDESAMT, KIRCHENAUSTRITT, NINE)
        answers = await asyncio.gather(*(town.reserve(NINE) for _ in range(5)))
        won = [answer for answer in answers if answer.status_code == 200]
        lost = [refusal(answer) for answer in answers if answer.status_code != 200]
        assert len(won) == 1
        assert lost == [(404, ["unknownError"])] * 4
        body = next(answer for answer in answers if answer.status_code == 404).json()
        assert body["errors"][0]["statusCode"] == 520

    async def test_service_must_be_offered_there(self, town: Town) -> None:
        answer = await town.reserve(NINE, STANDESAMT, [WOHNSITZ])
        assert refusal(answer) == (400, ["invalidLocationAndServiceCombination"])


class TestReserveValidation:
    async def test_empty_body_fails_in_order(self, town: Town) -> None:
        assert refusal(await town.post("reserve-appointment", {})) == (
            400,
            ["invalidOfficeId", "invalidServiceId", "invalidTimestamp"],
        )

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("officeId", "x", "invalidOfficeId"),
            ("officeId", 0, "invalidOfficeId"),
            ("officeId", None, "invalidOfficeId"),
            ("officeId", True, "invalidOfficeId"),
            ("serviceId", [], "invalidServiceId"),
            ("serviceId", None, "invalidServiceId"),
            ("serviceId", ["x"], "invalidServiceId"),
            ("serviceId", [None], "invalidServiceId"),
            ("timestamp", START, "invalidTimestamp"),
            ("timestamp", "soon", "invalidTimestamp"),
            ("timestamp", -1, "invalidTimestamp"),
            ("serviceCount", [], "invalidServiceCount"),
            ("serviceCount", [0], "invalidServiceCount"),
            ("serviceCount", [26], "invalidServiceCount"),
            ("serviceCount", ["a"], "invalidServiceCount"),
            ("serviceCount", [True], "invalidServiceCount"),
            ("serviceCount", [-1], "invalidServiceCount"),
        ],
        ids=str,
    )
    async def test_each_field(
        self, town: Town, field: str, value: object, code: str
    ) -> None:
        body = {
            "timestamp": NINE,
            "officeId": STANDESAMT,
            "serviceId": [KIRCHENAUSTRITT],
        }
        answer = await town.post("reserve-appointment", body | {field: value})
        assert refusal(answer) == (400, [code])

    @pytest.mark.parametrize(
        "fields",
        [
            {"serviceId": KIRCHENAUSTRITT},
            {"serviceId": str(KIRCHENAUSTRITT)},
            {"serviceCount": 1},
            {"serviceId": [KIRCHENAUSTRITT] * 2},
            {"serviceCount": [1, 1]},
        ],
        ids=["scalar", "string", "scalar count", "no count for two", "count too many"],
    )
    async def test_wrong_lists_fault_the_server(
        self, town: Town, fields: dict[str, object]
    ) -> None:
        body = {
            "timestamp": NINE,
            "officeId": STANDESAMT,
            "serviceId": [KIRCHENAUSTRITT],
        }
        answer = await town.post("reserve-appointment", body | fields)
        assert answer.status_code == 500
        assert answer.json()["error"]["code"] == 0

    async def test_missing_count_means_one(self, town: Town) -> None:
        await town.open(STANDESAMT, KIRCHENAUSTRITT, NINE)
        answer = await town.reserve(NINE, serviceCount=None)
        assert answer.json()["serviceCount"] == 1

    async def test_json_object_counts_as_list(self, town: Town) -> None:
        await town.open(STANDESAMT, KIRCHENAUSTRITT, NINE)
        answer = await town.reserve(NINE, services={"0": KIRCHENAUSTRITT})
        assert answer.status_code == 200

    async def test_checked_office_demands_a_token_last(self, town: Town) -> None:
        body = {"timestamp": NINE, "officeId": RUPPERT}
        answer = await town.post("reserve-appointment", body)
        assert refusal(answer) == (400, ["invalidServiceId", "captchaMissing"])
        answer = await town.reserve(NINE, RUPPERT, [WOHNSITZ], captchaToken="a.b.c")
        assert refusal(answer) == (400, ["captchaInvalid"])


class TestWay:
    async def test_reserve_update_preconfirm_confirm(self, town: Town) -> None:
        identity = await town.reserved(NINE)
        updated = await town.update(identity, telephone="0891234567")
        assert [updated.json()[name] for name in ("status", "familyName", "email")] == [
            "reserved",
            "Resi Huber",
            "resi@example.org",
        ]
        assert (await town.preconfirm(identity)).json()["status"] == "preconfirmed"
        assert (await town.confirm(identity)).json()["status"] == "confirmed"
        assert (await town.show(identity)).json()["status"] == "confirmed"

    async def test_confirm_straight_from_reserved(self, town: Town) -> None:
        identity = await town.reserved(NINE)
        await town.update(identity)
        assert (await town.confirm(identity)).json()["status"] == "confirmed"
        assert [mail["kind"] for mail in await town.mails()] == ["confirmation"]

    async def test_update_may_be_repeated_and_keeps_what_is_absent(
        self, town: Town
    ) -> None:
        identity = await town.reserved(NINE, KFZ, [1063424])
        await town.update(identity, telephone="0891234567", customTextfield="a<br>b")
        await town.update(identity, familyName="Max", telephone=5)
        body = (await town.show(identity)).json()
        assert (body["familyName"], body["telephone"], body["customTextfield"]) == (
            "Max",
            "0891234567",
            "a\nb",
        )

    async def test_preconfirm_needs_reserved(self, town: Town) -> None:
        expected = (409, ["processNotReservedAnymore"])
        identity = await town.preconfirmed(NINE)
        assert refusal(await town.preconfirm(identity)) == expected
        await town.confirm(identity)
        assert refusal(await town.preconfirm(identity)) == expected

    async def test_confirm_works_once(self, town: Town) -> None:
        identity = await town.confirmed(NINE)
        assert refusal(await town.confirm(identity)) == (
            409,
            ["processNotPreconfirmedAnymore"],
        )
        assert (await town.show(identity)).status_code == 200

    async def test_missing_mail_is_found_after_the_status_has_changed(
        self, town: Town
    ) -> None:
        identity = await town.reserved(NINE)
        assert refusal(await town.preconfirm(identity)) == (406, ["emailIsRequired"])
        assert (await town.show(identity)).json()["status"] == "preconfirmed"
        assert await town.mails() == []

    async def test_office_without_need_of_mail_sends_none(self, town: Town) -> None:
        identity = await town.reserved(NINE, DOKUMENTE, [10502137])
        await town.update(identity, email="")
        assert (await town.preconfirm(identity)).status_code == 200
        assert (await town.confirm(identity)).status_code == 200
        assert await town.mails() == []

    async def test_rules_of_the_scope_hold_at_update(self, town: Town) -> None:
        identity = await town.reserved(NINE, PASING)
        answer = await town.update(
            identity, familyName=" ", email="a+b@c.de", telephone=""
        )
        assert refusal(answer) == (
            400,
            ["invalidFamilyName", "invalidEmail", "invalidTelephone"],
        )
        identity = await town.reserved(NINE, AUSBILDUNG, [WOHNSITZ])
        assert refusal(await town.update(identity)) == (400, ["invalidCustomTextfield"])
        assert (await town.update(identity, customTextfield="x")).status_code == 200


class TestIdentity:
    @pytest.mark.parametrize("route", ["preconfirm", "confirm", "cancel"])
    async def test_both_parts_are_checked(self, town: Town, route: str) -> None:
        answer = await town.post(f"{route}-appointment", {"processId": 0})
        assert refusal(answer) == (400, ["invalidProcessId", "invalidAuthKey"])

    async def test_show_checks_them_too(self, town: Town) -> None:
        answer = await town.get("appointment", processId="x", authKey="nope!")
        assert refusal(answer) == (400, ["invalidProcessId", "invalidAuthKey"])

    async def test_update_collects_the_name_without_a_scope(self, town: Town) -> None:
        assert refusal(await town.post("update-appointment", {})) == (
            400,
            ["invalidProcessId", "invalidAuthKey", "invalidFamilyName"],
        )

    @pytest.mark.parametrize("key", ["abc", "abcde", "g" * 64, "a" * 63, 1234, ""])
    async def test_key_has_4_or_64_hex_digits(self, town: Town, key: object) -> None:
        answer = await town.confirm({"processId": 5, "authKey": key})
        assert refusal(answer) == (400, ["invalidAuthKey"])

    async def test_wrong_key(self, town: Town) -> None:
        identity = await town.reserved(NINE)
        wrong = identity | {"authKey": "AB12"}
        for answer in (await town.show(wrong), await town.confirm(wrong)):
            assert refusal(answer) == (406, ["authKeyMismatch"])

    async def test_unknown_process(self, town: Town) -> None:
        answer = await town.show({"processId": 99, "authKey": "ab12"})
        assert refusal(answer) == (404, ["appointmentNotFound"])

    async def test_key_is_trimmed_and_the_id_may_be_a_string(self, town: Town) -> None:
        identity = await town.reserved(NINE)
        padded = {
            "processId": str(identity["processId"]),
            "authKey": f" {identity['authKey']} ",
        }
        assert (await town.confirm(padded)).status_code == 200


class TestCancel:
    async def test_confirmed_becomes_an_odd_shell(self, town: Town) -> None:
        identity = await town.confirmed(NINE, PASING, telephone="0891234567")
        before = (await town.show(identity)).json()
        answer = await town.cancel(identity)
        after = answer.json()
        assert answer.status_code == 200
        assert list(after) == FIELDS
        kept = [
            "processId",
            "timestamp",
            "email",
            "displayNumber",
            "serviceId",
            "serviceName",
            "customTextfield",
            "customTextfield2",
        ]
        assert [after[name] for name in kept] == [before[name] for name in kept]
        changed = ["status", "familyName", "telephone", "officeId", "officeName"]
        assert [after[name] for name in changed] == [
            "deleted",
            "(abgesagt)",
            "",
            0,
            None,
        ]
        assert after["scope"].keys() == before["scope"].keys()
        provider = after["scope"]["provider"]
        assert (provider["id"], provider["name"]) == (0, "")
        assert after["icsContent"] is None
        assert re.fullmatch("[0-9a-f]{64}", after["authKey"])
        assert after["authKey"] != before["authKey"]

    async def test_old_key_opens_nothing_more(self, town: Town) -> None:
        identity = await town.confirmed(NINE)
        await town.cancel(identity)
        for answer in (await town.show(identity), await town.cancel(identity)):
            assert refusal(answer) == (406, ["authKeyMismatch"])

    async def test_new_key_shows_but_changes_nothing(self, town: Town) -> None:
        identity = await town.confirmed(NINE)
        new = identity | {"authKey": (await town.cancel(identity)).json()["authKey"]}
        assert (await town.show(new)).json()["status"] == "deleted"
        assert refusal(await town.cancel(new)) == (404, ["appointmentNotFound"])
        assert refusal(await town.update(new)) == (404, ["appointmentNotFound"])
        assert refusal(await town.confirm(new))[0] == 409

    async def test_reserved_is_blocked_without_a_mail(self, town: Town) -> None:
        identity = await town.reserved(NINE)
        await town.update(identity)
        body = (await town.cancel(identity)).json()
        assert (body["status"], body["icsContent"]) == ("blocked", None)
        assert body["authKey"] != identity["authKey"]
        assert await town.mails() == []

    async def test_preconfirmed_is_deleted_with_a_mail(self, town: Town) -> None:
        identity = await town.preconfirmed(NINE)
        assert (await town.cancel(identity)).json()["status"] == "deleted"
        assert [mail["kind"] for mail in await town.mails()] == [
            "activation",
            "cancellation",
        ]

    async def test_begun_appointment_stays(self, town: Town) -> None:
        identity = await town.confirmed(START + 6 * MINUTE)
        await town.pass_time(6 * MINUTE)
        answer = await town.cancel(identity)
        assert refusal(answer) == (406, ["appointmentCanNotBeCanceled"])


class TestMailLimit:
    async def test_counts_preconfirmed_and_confirmed_of_the_scope(
        self, town: Town
    ) -> None:
        limited = (406, ["tooManyAppointmentsWithSameMail"])
        await town.preconfirmed(NINE)  # one allowed here
        second = await town.reserved(NINE + 300)
        assert refusal(await town.update(second)) == limited
        assert refusal(await town.update(second, email="RESI@example.org")) == limited
        assert (await town.update(second, email="other@example.org")).status_code == 200

    async def test_is_checked_again_at_preconfirm(self, town: Town) -> None:
        first, second = await town.reserved(NINE), await town.reserved(NINE + 300)
        for identity in (first, second):
            assert (await town.update(identity)).status_code == 200
        assert (await town.preconfirm(first)).status_code == 200
        answer = await town.preconfirm(second)
        assert refusal(answer) == (406, ["tooManyAppointmentsWithSameMail"])
        assert (await town.show(second)).json()["status"] == "reserved"

    async def test_ended_and_reserved_ones_do_not_count(self, town: Town) -> None:
        await town.cancel(await town.confirmed(NINE))
        await town.update(await town.reserved(NINE + 300))
        await town.preconfirmed(NINE + 600)

    async def test_other_scopes_do_not_count(self, town: Town) -> None:
        await town.confirmed(NINE)
        await town.confirmed(NINE, PASING, telephone="0891234567")

    async def test_own_appointment_does_not_count(self, town: Town) -> None:
        identity = await town.confirmed(NINE)
        assert (await town.update(identity, familyName="Maria")).status_code == 200

    async def test_several_are_allowed_where_the_scope_says_so(
        self, town: Town
    ) -> None:
        for turn in range(4):
            identity = await town.reserved(NINE + turn * 1800, GEWERBEAMT, [1063423])
            await town.update(identity)
            assert (await town.preconfirm(identity)).status_code == 200
        fifth = await town.reserved(NINE + DAY, GEWERBEAMT, [1063423])
        assert (await town.update(fifth)).status_code == 406

    async def test_whitelisted_mails_are_exempt(self) -> None:
        scope = {"id": 1, "appointmentsPerMail": "1", "whitelistedMails": "@kvr.test"}
        office = {"id": 5, "name": "Amt", "slotTimeInMinutes": 5, "scope": scope}
        relation = {"officeId": 5, "serviceId": 6, "slots": 1}
        wire = {"offices": [office], "services": [], "relations": [relation]}
        async with a_town(catalogue=wire) as town:
            for turn in range(2):
                identity = await town.reserved(NINE + turn * 300, 5, [6])
                answer = await town.update(identity, email="resi@kvr.test")
                assert answer.status_code == 200
                assert (await town.preconfirm(identity)).status_code == 200

    async def test_placeholder_is_nobodys_mail(self, town: Town) -> None:
        for turn in range(2):
            identity = await town.reserved(NINE + turn * 300)
            assert refusal(await town.preconfirm(identity))[1] == ["emailIsRequired"]


class TestMails:
    async def test_links_carry_id_and_key(self, town: Town) -> None:
        async with a_town(public_url="https://city.test/") as town:
            identity = await town.confirmed(NINE)
            activation, confirmation = await town.mails("resi@example.org")
        start = "https://city.test/buergeransicht/#/appointment/"
        assert activation["link"].startswith(f"{start}confirm/")
        code = confirmation["link"].removeprefix(start)
        assert json.loads(base64.b64decode(code)) == {
            "id": identity["processId"],
            "authKey": identity["authKey"],
        }
        assert activation["link"] == f"{start}confirm/{code}"

    async def test_leave_with_the_minute_job(self, town: Town) -> None:
        await town.pass_time(30)
        await town.preconfirmed(NINE)
        (mail,) = await town.mails()
        assert (mail["to"], mail["kind"], mail["sent_at"]) == (
            "resi@example.org",
            "activation",
            None,
        )
        assert mail["queued_at"] == "2026-11-23T06:00:30.000000+00:00"
        await town.pass_time(29)
        assert (await town.mails())[0]["sent_at"] is None
        await town.pass_time(1)
        assert (await town.mails())[0]["sent_at"] == "2026-11-23T06:01:00.000000+00:00"

    async def test_are_listed_by_address(self, town: Town) -> None:
        await town.preconfirmed(NINE)
        await town.preconfirmed(NINE + 300, email="max@example.org")
        assert len(await town.mails()) == 2
        assert [mail["to"] for mail in await town.mails("max@example.org")] == [
            "max@example.org"
        ]

    async def test_cancellation_has_no_link(self, town: Town) -> None:
        await town.cancel(await town.confirmed(NINE))
        assert (await town.mails())[-1]["link"] is None


async def test_same_seed_draws_the_same(town: Town) -> None:
    async with a_town(seed=1) as twin, a_town(seed=2) as other:
        drawn = [await place.reserved(NINE) for place in (town, twin, other)]
    assert drawn[0] == drawn[1] != drawn[2]


async def test_office_without_address_is_named_in_the_calendar_entry() -> None:
    scope = {"id": 1, "emailFrom": ""}
    office = {"id": 5, "name": "Amt", "slotTimeInMinutes": 5, "scope": scope}
    relation = {"officeId": 5, "serviceId": 6, "slots": 1}
    wire = {"offices": [office], "services": [], "relations": [relation]}
    async with a_town(catalogue=wire) as town:
        identity = await town.reserved(NINE, 5, [6])
        body = (await town.show(identity)).json()
        await town.update(identity)
        assert (await town.preconfirm(identity)).status_code == 200
        assert await town.mails() == []  # the scope has no sender
    assert "LOCATION:Amt" in body["icsContent"]
    assert (body["officeName"], body["serviceName"]) == (None, None)
