"""Control routes for what goes wrong: faults, maintenance, the check's service."""

from __future__ import annotations

from collections.abc import Mapping

from litestar import delete, get, post
from litestar.handlers import HTTPRouteHandler

from mta_practice.city import City
from mta_practice.errors import PracticeError
from mta_practice.http.body import AnyRequest, json_body
from mta_practice.http.routes import routes_of

_SWITCHES = ("maintenance", "captchaDown", "softBan")


def fault_levers(city: City) -> list[HTTPRouteHandler]:
    """Arm, show and clear faults."""
    routes = {route for _, route in routes_of(city.settings.generation)}

    @post("/faults", status_code=201)
    async def arm(request: AnyRequest) -> dict[str, object]:
        return city.faults.arm(await json_body(request), routes).wire()

    @get("/faults", sync_to_thread=False)
    def show() -> list[dict[str, object]]:
        return city.faults.wire()

    @delete("/faults", status_code=200, sync_to_thread=False)
    def clear() -> dict[str, object]:
        return {"cleared": city.faults.clear()}

    return [arm, show, clear]


def switches(city: City) -> list[HTTPRouteHandler]:
    """Switch maintenance, the captcha service and a soft ban while the city runs."""

    def state() -> dict[str, object]:
        return {
            "maintenance": city.maintenance,
            "captchaDown": city.human.down,
            "softBan": city.soft_ban,
        }

    @get("/switches", sync_to_thread=False)
    def show() -> dict[str, object]:
        return state()

    @post("/switches", status_code=200)
    async def turn(request: AnyRequest) -> dict[str, object]:
        chosen = _chosen(await json_body(request))
        city.maintenance = chosen.get("maintenance", city.maintenance)
        city.human.down = chosen.get("captchaDown", city.human.down)
        city.soft_ban = chosen.get("softBan", city.soft_ban)
        return state()

    return [show, turn]


def _chosen(body: object) -> dict[str, bool]:
    if not isinstance(body, Mapping) or not body:
        raise PracticeError(f"the body must be a JSON object of {', '.join(_SWITCHES)}")
    for name, value in body.items():
        if name not in _SWITCHES:
            raise PracticeError(f"there is no switch {name}")
        if not isinstance(value, bool):
            raise PracticeError(f"{name} must be true or false")
    return dict(body)
