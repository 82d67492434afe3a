"""Control routes: not the city's, never counted, not in the ledger."""

from __future__ import annotations

from collections.abc import Mapping

from litestar import MediaType, Response, Router, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from mta_practice.city import City
from mta_practice.clock import SteppedClock, iso
from mta_practice.errors import PracticeError
from mta_practice.http.body import AnyRequest, json_body
from mta_practice.http.levers import fault_levers, switches
from mta_practice.http.living import living
from mta_practice.http.page import HTML
from mta_practice.wire import practice_view


def control(city: City) -> Router:
    """Build the router below ``/practice``."""
    return Router(
        "/practice",
        route_handlers=[
            *_levers(city),
            *_windows(city),
            *fault_levers(city),
            *switches(city),
            *living(city),
        ],
        exception_handlers={PracticeError: _wrong},
    )


def _levers(city: City) -> list[HTTPRouteHandler]:
    """Routes that change something: openings and time."""

    @post("/openings", status_code=201)
    async def openings(request: AnyRequest) -> Mapping[str, object]:
        return city.open(await json_body(request))

    @delete("/openings", status_code=200, sync_to_thread=False)
    def drop() -> dict[str, object]:
        city.catch_up()
        return {"removed": city.stock.drop_free()}

    @post("/clock", status_code=200)
    async def clock(request: AnyRequest) -> Response[dict[str, object]]:
        if not isinstance(city.clock, SteppedClock):
            text = "time runs by itself here; start the practice city with --stepped"
            return Response({"error": text}, status_code=409)
        seconds = _seconds(await json_body(request))
        return Response({"now": iso(city.advance(seconds))})

    return [openings, drop, clock]


def _windows(city: City) -> list[HTTPRouteHandler]:
    """Routes that show what the city has done and seen."""

    @get("/health", sync_to_thread=False)
    def health() -> dict[str, object]:
        return {
            "status": "ok",
            "now": iso(city.catch_up()),
            "stepped": isinstance(city.clock, SteppedClock),
            "offices": len(city.catalogue.offices),
        }

    @get("/appointments", sync_to_thread=False)
    def appointments() -> list[dict[str, object]]:
        city.catch_up()
        return [practice_view(item) for item in city.book.all()]

    @get("/mails", sync_to_thread=False)
    def mails(to: FromQuery[str | None] = None) -> list[dict[str, object]]:
        city.catch_up()
        return [mail.wire() for mail in city.mailroom.to(to)]

    @get("/ledger", sync_to_thread=False)
    def ledger() -> list[dict[str, object]]:
        return [seen.wire() for seen in city.ledger.entries()]

    return [health, appointments, mails, ledger]


@get("/buergeransicht", media_type=MediaType.HTML, sync_to_thread=False)
def page() -> str:
    """Answer the page that a mail's link opens."""
    return HTML


def _seconds(body: object) -> float:
    value = body.get("advance") if isinstance(body, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PracticeError("advance must be a number of seconds")
    return float(value)


def _wrong(_: AnyRequest, error: PracticeError) -> Response[dict[str, object]]:
    return Response({"error": str(error)}, status_code=400)
