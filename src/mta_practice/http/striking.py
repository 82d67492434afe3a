"""What an armed fault makes of an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

import attrs

from mta_practice.city import City
from mta_practice.errors import TABLE, entry, envelope
from mta_practice.faults import Fault, Kind, When
from mta_practice.http.reply import Fate, Raw, Reply

#: How long between two looks at the city's clock, in seconds.
_LOOK: Final = 0.01

_GARBAGE: Final = b"<!doctype html>\n<html><body>Wartungsarbeiten \xff\xfe{"

#: The first entry of the table with a status speaks for it, but for these.
_SPOKESMEN: Final = {
    400: "invalidRequest",
    403: "unauthorized",
    404: "notFound",
    503: "serviceUnavailable",
}

Answer = Callable[[], Awaitable[Reply]]


async def struck(fault: Fault, city: City, answer: Answer) -> Reply:
    """Give what the client gets; *answer* lets the city do what was asked."""
    if fault.when is When.AFTER:
        reply = await answer()
        await _delay(fault, city)
        return _spoilt(fault, reply)
    await _delay(fault, city)
    if fault.kind is Kind.DELAY:
        return await answer()
    return _spoilt(fault, Reply(200, envelope(["internalError"])))


async def _delay(fault: Fault, city: City) -> None:
    """Wait until the city's clock, or the machine's, has gone on far enough.

    So nobody waits longer than they asked for, and under a stepped clock a step ends
    the wait at once.
    """
    if fault.kind is not Kind.DELAY or fault.seconds is None:
        return
    loop = asyncio.get_running_loop()
    city_end, own_end = city.clock.now() + fault.seconds, loop.time() + fault.seconds

    def over() -> bool:
        return city.clock.now() >= city_end or loop.time() >= own_end

    while not over():  # noqa: ASYNC110 - a stepped clock rings no bell
        await asyncio.sleep(min(_LOOK, fault.seconds))


def _spoilt(fault: Fault, reply: Reply) -> Reply:
    match fault.kind:
        case Kind.DELAY:
            return reply
        case Kind.DROP:
            return Reply(0, Raw(b""), fate=Fate.DROPPED)
        case Kind.STATUS:
            return _status(fault)
    status = fault.status or reply.status
    if fault.kind is Kind.TRUNCATE:
        return attrs.evolve(reply, status=status, fate=Fate.CUT)
    body = Raw(_GARBAGE if fault.kind is Kind.GARBAGE else b"")
    return attrs.evolve(reply, status=status, body=body)


def _status(fault: Fault) -> Reply:
    """Answer with an entry of the error table, or as a gateway that knows none."""
    key = fault.key or _key(fault.status or 0)
    if key is not None:
        return Reply(fault.status or entry(key).status, envelope([key]))
    status = fault.status or 0
    try:
        title = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        title = str(status)
    page = f"<html><head><title>{title}</title></head><body>{title}</body></html>"
    return Reply(status, Raw(page.encode(), "text/html"))


def _key(status: int) -> str | None:
    if status in _SPOKESMEN:
        return _SPOKESMEN[status]
    return next((key for key, line in TABLE.items() if line.status == status), None)
