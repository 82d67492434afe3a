"""Control routes of the city's own time: its programme, its clock, its jobs."""

from __future__ import annotations

from collections.abc import Mapping

from litestar import get, post
from litestar.handlers import HTTPRouteHandler

from mta_practice.city import City
from mta_practice.clock import FastClock, iso
from mta_practice.errors import PracticeError
from mta_practice.http.body import AnyRequest, json_body
from mta_practice.jobs import Job
from mta_practice.programme.view import programme_view
from mta_practice.schema import schema


def living(city: City) -> list[HTTPRouteHandler]:
    """Show programme, clock and schema; let the jobs come late or not at all."""

    @get("/programme", sync_to_thread=False)
    def programme() -> dict[str, object]:
        city.catch_up()
        if city.living is None:
            return {"on": False}
        return programme_view(city.living, city.stock)

    @get("/clock", sync_to_thread=False)
    def clock() -> dict[str, object]:
        shared = city.clock.shared() if isinstance(city.clock, FastClock) else {}
        return {"now": iso(city.catch_up()), "speed": city.clock.speed, **shared}

    @get("/jobs", sync_to_thread=False)
    def jobs() -> dict[str, object]:
        city.catch_up()
        return _jobs(city)

    @post("/jobs", status_code=200)
    async def disturb(request: AnyRequest) -> dict[str, object]:
        late, skip = _disturbance(await json_body(request))
        city.catch_up()
        city.jobs.disturb(late, skip)
        return _jobs(city)

    @get("/schema", sync_to_thread=False)
    def answers() -> Mapping[str, object]:
        return schema()

    return [programme, clock, jobs, disturb, answers]


def _jobs(city: City) -> dict[str, object]:
    return {"nextRun": iso(city.jobs.next_run), **city.jobs.disturbed}


def _disturbance(body: object) -> tuple[float | None, dict[Job, int]]:
    """Read ``{"late": seconds, "skip": {job: runs}}``; both may be left out."""
    if not isinstance(body, Mapping):
        raise PracticeError("the body must be a JSON object")
    return _late(body.get("late")), _skip(body.get("skip", {}))


def _late(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PracticeError("late must be a number of seconds")
    return float(value)


def _skip(value: object) -> dict[Job, int]:
    if not isinstance(value, Mapping):
        raise PracticeError("skip must name jobs with numbers of runs")
    unknown = sorted(set(value) - set(Job))
    if unknown:
        raise PracticeError(f"there is no job {unknown[0]}; there are {', '.join(Job)}")
    for runs in value.values():
        if isinstance(runs, bool) or not isinstance(runs, int):
            raise PracticeError("skip must name jobs with numbers of runs")
    return {Job(name): runs for name, runs in value.items()}
