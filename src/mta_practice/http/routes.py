"""The city's routes by method and path: today's, and those up to Muc-45."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from mta_practice import generation
from mta_practice.city import City
from mta_practice.http.call import BASE, Call
from mta_practice.settings import Generation

Route: TypeAlias = Callable[[City, Call], Awaitable[object]]
Routes: TypeAlias = Mapping[tuple[str, str], Route]


def routes_of(chosen: Generation) -> Routes:
    """Give the routes of a generation."""
    return ROUTES if chosen is Generation.MUC47 else OLD_ROUTES


async def _reserve(city: City, call: Call) -> object:
    """Look up, take the city's time, insert: the place where races are lost."""
    offer = city.look_up(call.json(), call.address)
    await asyncio.sleep(city.settings.lookup_seconds)
    return city.reserve(offer)


def _captcha_details(city: City, _: Call) -> object:
    """Tell where the check is; unlike the city's, both addresses are our own."""
    base = f"{(city.settings.public_url or '').rstrip('/')}{BASE}"
    return {
        "siteKey": "",
        "captchaChallenge": f"{base}/captcha-challenge/",
        "captchaVerify": f"{base}/captcha-verify/",
        "captchaEnabled": city.settings.human.enabled,
    }


def _plain(answer: Callable[[City, Call], object]) -> Route:
    async def route(city: City, call: Call) -> object:
        return answer(city, call)

    return route


_SHARED: Final[Routes] = {
    ("GET", "offices-and-services"): _plain(lambda c, _: c.offices_and_services()),
    ("GET", "appointment"): _plain(
        lambda c, call: c.appointment(call.query, call.address, call.citizen())
    ),
    ("GET", "my-appointments"): _plain(
        lambda c, call: c.my_appointments(call.query, call.known_citizen())
    ),
    ("GET", "captcha-details"): _plain(_captcha_details),
    ("GET", "captcha-challenge"): _plain(
        lambda c, call: c.human.challenge(call.address)
    ),
    ("POST", "captcha-verify"): _plain(
        lambda c, call: c.human.verify(call.json().get("payload"), call.address)
    ),
    ("POST", "reserve-appointment"): _reserve,
    ("POST", "update-appointment"): _plain(
        lambda c, call: c.update(citizen=call.citizen(), body=call.json())
    ),
    ("POST", "preconfirm-appointment"): _plain(
        lambda c, call: c.preconfirm(citizen=call.citizen(), body=call.json())
    ),
    ("POST", "confirm-appointment"): _plain(
        lambda c, call: c.confirm(
            citizen=call.citizen(), body=call.json(), address=call.address
        )
    ),
    ("POST", "cancel-appointment"): _plain(
        lambda c, call: c.cancel(citizen=call.citizen(), body=call.json())
    ),
}

#: Since Muc-46 (contract 1.1): twelve routes.
ROUTES: Final[Routes] = MappingProxyType(
    {
        **_SHARED,
        ("GET", "available-calendar"): _plain(
            lambda c, call: c.available_calendar(call.query, call.address)
        ),
    }
)

#: Up to Muc-45 (contract 1.4): no calendar, but eleven routes that are gone today.
OLD_ROUTES: Final[Routes] = MappingProxyType(
    {
        **_SHARED,
        ("GET", "services"): _plain(lambda c, _: generation.services(c)),
        ("GET", "offices"): _plain(lambda c, _: generation.offices(c)),
        ("GET", "scopes"): _plain(lambda c, _: generation.scopes(c)),
        ("GET", "offices-and-services"): _plain(
            lambda c, _: generation.offices_and_services(c)
        ),
        ("GET", "scope-by-id"): _plain(
            lambda c, call: generation.scope_by_id(c, call.query)
        ),
        ("GET", "services-by-office"): _plain(
            lambda c, call: generation.services_by_office(c, call.query)
        ),
        ("GET", "offices-by-service"): _plain(
            lambda c, call: generation.offices_by_service(c, call.query)
        ),
        ("GET", "available-days"): _plain(
            lambda c, call: generation.available_days(c, call.query, call.address)
        ),
        ("GET", "available-days-by-office"): _plain(
            lambda c, call: generation.available_days_by_office(
                c, call.query, call.address
            )
        ),
        ("GET", "available-appointments"): _plain(
            lambda c, call: generation.available_appointments(
                c, call.query, call.address
            )
        ),
        ("GET", "available-appointments-by-office"): _plain(
            lambda c, call: generation.available_appointments_by_office(
                c, call.query, call.address
            )
        ),
    }
)
