"""What MTA sends to the city, to the letter (contract 1.1, 1.2, 7)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mta_core.domain.accounts import Contact
from mta_core.domain.errors import SiteChanged
from mta_core.ports.site import Details
from tests.integration.city import city_answers as says

DETAILS = Details(
    Contact("Erika Muster", "erika@example.org", "+4989123400"),
    {"custom": "1. 1. 1990"},
)
PATH = "/buergeransicht/api/citizen"


def _asked(city: says.City) -> tuple[str, str, dict[str, Any]]:
    (request,) = city.asked
    body = json.loads(request.content) if request.content else dict(request.url.params)
    return request.method, request.url.path, body


async def test_the_catalogue_is_asked_without_anything() -> None:
    city = says.city_that_says(says.catalogue())

    await city.site.catalogue()

    assert _asked(city) == ("GET", f"{PATH}/offices-and-services/", {})


async def test_a_calendar_is_asked_as_the_official_page_does() -> None:
    city = says.city_that_says(says.calendar())

    await city.site.calendar(says.PROBE)

    assert _asked(city) == (
        "GET",
        f"{PATH}/available-calendar/",
        {
            "startDate": "2026-12-01",
            "endDate": "2027-05-30",
            "officeIds": "54261,102522",
            "serviceIds": "1063453,1063475",
            "serviceCounts": "2,1",
            "slotsStartDate": "2026-12-01",
            "slotsEndDate": "2026-12-01",
        },
    )


async def test_a_reservation_names_time_office_and_services() -> None:
    city = says.city_that_says(says.process())

    await city.site.reserve(says.SLOT)

    assert _asked(city) == (
        "POST",
        f"{PATH}/reserve-appointment/",
        {
            "timestamp": 1796286600,
            "serviceCount": [2, 1],
            "officeId": 54261,
            "serviceId": [1063453, 1063475],
        },
    )


async def test_an_update_carries_contact_and_answers() -> None:
    city = says.city_that_says(says.process())

    await city.site.update(says.HELD, DETAILS)

    assert _asked(city) == (
        "POST",
        f"{PATH}/update-appointment/",
        {
            "processId": 123456,
            "authKey": says.KEY,
            "familyName": "Erika Muster",
            "email": "erika@example.org",
            "telephone": "+4989123400",
            "customTextfield": "1. 1. 1990",
            "customTextfield2": "",
        },
    )


async def test_other_steps_carry_the_keys_alone() -> None:
    keys = {"processId": 123456, "authKey": says.KEY}
    for step in ("preconfirm", "cancel"):
        city = says.city_that_says(says.process())

        await getattr(city.site, step)(says.HELD)

        assert _asked(city) == ("POST", f"{PATH}/{step}-appointment/", keys)


async def test_a_look_carries_the_keys_in_the_query() -> None:
    city = says.city_that_says(says.process())

    await city.site.appointment(says.HELD)

    query = {"processId": "123456", "authKey": says.KEY}
    assert _asked(city) == ("GET", f"{PATH}/appointment/", query)


async def test_every_request_says_who_asks_and_adds_no_forwarding_headers() -> None:
    city = says.city_that_says(says.catalogue())

    await city.site.catalogue()

    headers = city.asked[0].headers
    agent = "MunichTerminAutomator/0.1.0 (+ops@example.org)"
    assert headers["User-Agent"] == agent
    assert headers["Accept"] == "application/json"
    assert not [name for name in headers if "forward" in name.lower()]


async def test_a_redirect_is_not_followed() -> None:
    city = says.city_that_says(b"", 302, {"Location": "https://example.org/"})

    with pytest.raises(SiteChanged, match="HTTP 302"):
        await city.site.catalogue()

    assert len(city.asked) == 1
