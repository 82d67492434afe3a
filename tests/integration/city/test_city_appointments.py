"""What MTA reads in the city's records of appointments."""

from __future__ import annotations

from typing import Any

import pytest

from mta_core.domain.calls import CityStatus, Held
from mta_core.domain.errors import SiteChanged
from tests.integration.city import city_answers as says

T1 = int(says.START.timestamp())
T2 = T1 + 900


async def test_a_reservation_gives_the_keys() -> None:
    appointment = await says.city_that_says(says.process()).site.reserve(says.SLOT)

    assert appointment.held == says.HELD
    assert appointment.status is CityStatus.RESERVED
    assert appointment.display_number == "P0012"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("reserved", CityStatus.RESERVED),
        ("preconfirmed", CityStatus.PRECONFIRMED),
        ("confirmed", CityStatus.CONFIRMED),
        ("deleted", CityStatus.DELETED),
        ("blocked", CityStatus.BLOCKED),
        ("called", CityStatus.OTHER),
        (None, CityStatus.OTHER),
    ],
)
async def test_every_status_is_known_or_no_concern_of_ours(
    said: str | None, status: CityStatus
) -> None:
    body = says.process(status=said, displayNumber=None)

    appointment = await says.city_that_says(body).site.appointment(says.HELD)

    assert appointment.status is status
    assert appointment.display_number == ""


async def test_a_cancelled_appointment_has_a_new_key() -> None:
    body = says.process(
        status="deleted",
        familyName="(abgesagt)",
        telephone="",
        officeId=0,
        officeName=None,
        authKey="a1" * 32,
        scope=None,
    )

    appointment = await says.city_that_says(body).site.cancel(says.HELD)

    assert appointment.held == Held(says.HELD.process_id, "a1" * 32)
    assert appointment.status is CityStatus.DELETED


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"timestamp": str(T2)}, "another time"),
        ({"authKey": ""}, "without giving a key"),
        ({"authKey": None}, r"\$\.authKey"),
        ({"timestamp": T1}, r"\$\.timestamp"),
        ({"processId": str(says.HELD.process_id)}, r"\$\.processId"),
    ],
)
async def test_a_reservation_that_is_not_ours_is_not_believed(
    changes: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(SiteChanged, match=complaint):
        await says.city_that_says(says.process(**changes)).site.reserve(says.SLOT)


async def test_an_answer_about_another_appointment_is_not_believed() -> None:
    with pytest.raises(SiteChanged, match="another appointment"):
        await says.city_that_says(says.process(processId=7)).site.preconfirm(says.HELD)
