"""What a failed call means: every row of the table, and every broken answer."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import httpx
import pytest

from mta_adapters.city import HttpHumanCheck, HttpSite
from mta_adapters.city.errors import TABLE, Route, Row
from mta_core.domain.accounts import Contact
from mta_core.domain.errors import (
    Answer,
    CheckNeeded,
    RateLimited,
    Refused,
    SiteChanged,
    SiteError,
    SiteSilent,
    SiteUnreachable,
    SlotGone,
    UnknownAppointment,
)
from mta_core.ports.site import Details
from mta_core.testing.clock import NOON
from tests.integration.city import city_answers as says

Ask = Callable[[HttpSite], Coroutine[Any, Any, object]]

DETAILS = Details(Contact("Erika Muster", "erika@example.org", "+4989123400"))
ASK: dict[Route, Ask] = {
    Route.CATALOGUE: lambda site: site.catalogue(),
    Route.CALENDAR: lambda site: site.calendar(says.PROBE),
    Route.RESERVE: lambda site: site.reserve(says.SLOT),
    Route.UPDATE: lambda site: site.update(says.HELD, DETAILS),
    Route.PRECONFIRM: lambda site: site.preconfirm(says.HELD),
    Route.CANCEL: lambda site: site.cancel(says.HELD),
    Route.APPOINTMENT: lambda site: site.appointment(says.HELD),
    Route.CHALLENGE: lambda site: HttpHumanCheck(site).challenge(),
    Route.VERIFY: lambda site: HttpHumanCheck(site).verify("payload"),
}
POSTS = (
    *(Route.RESERVE, Route.UPDATE, Route.PRECONFIRM, Route.CANCEL),
    Route.VERIFY,
)


async def _error(city: says.City, route: Route) -> SiteError:
    with pytest.raises(SiteError) as caught:
        await ASK[route](city.site)
    assert len(city.asked) == 1, "nothing is sent twice"
    return caught.value


ANYWHERE: list[tuple[int, str, type[SiteError]]] = [
    (429, "rateLimitExceeded", RateLimited),
    (400, "rateLimitExceeded", RateLimited),
    (503, "serviceUnavailable", SiteUnreachable),
    (400, "serviceUnavailable", SiteUnreachable),
    (503, "zmsClientCommunicationError", SiteSilent),
    (400, "zmsClientCommunicationError", SiteSilent),
    (500, "internalError", SiteSilent),
    (400, "internalError", SiteSilent),
    (500, "processDeleteFailed", SiteSilent),
    (400, "processDeleteFailed", SiteSilent),
    (501, "notImplemented", SiteSilent),
    (520, "unknownError", SiteSilent),
    (400, "unknownError", SiteSilent),
    (500, "unknownError", SiteSilent),
    (400, "captchaMissing", CheckNeeded),
    (400, "captchaInvalid", CheckNeeded),
    (400, "captchaExpired", CheckNeeded),
    (400, "captchaVerificationFailed", CheckNeeded),
    (400, "captchaVerificationError", CheckNeeded),
    (404, "appointmentNotFound", UnknownAppointment),
    (406, "authKeyMismatch", UnknownAppointment),
    (401, "authKeyMismatch", Refused),
    (404, "notFound", SiteChanged),
    (400, "invalidLocationAndServiceCombination", Refused),
    (404, "noAppointmentForThisScope", Refused),
    (404, "noAppointmentForThisDay", Refused),
    (406, "tooManyAppointmentsWithSameMail", Refused),
    (406, "appointmentCanNotBeCanceled", Refused),
    (403, "IP_BLACKLISTED", Refused),
    (413, "requestEntityTooLarge", Refused),
    (400, "somethingNew", Refused),
    (302, "somethingNew", SiteChanged),
]
SOMEWHERE: list[tuple[Route, int, str, type[SiteError]]] = [
    (Route.RESERVE, 404, "appointmentNotAvailable", SlotGone),
    (Route.RESERVE, 404, "unknownError", SlotGone),
    (Route.CALENDAR, 404, "appointmentNotAvailable", Refused),
    (Route.APPOINTMENT, 404, "unknownError", SiteSilent),
    (Route.PRECONFIRM, 406, "emailIsRequired", SiteSilent),
    (Route.PRECONFIRM, 409, "processNotReservedAnymore", SiteSilent),
    (Route.UPDATE, 406, "emailIsRequired", Refused),
    (Route.UPDATE, 409, "processNotReservedAnymore", Refused),
]


@pytest.mark.parametrize("route", Route)
@pytest.mark.parametrize(("status", "code", "means"), ANYWHERE)
async def test_an_error_means_the_same_on_every_route(
    route: Route, status: int, code: str, means: type[SiteError]
) -> None:
    if (route, status, code) == (Route.RESERVE, 404, "unknownError"):
        pytest.skip("a row of its own")
    error = await _error(
        says.city_that_says(says.envelope(code, status), status), route
    )

    assert type(error) is means
    assert getattr(error, "code", code) == code


@pytest.mark.parametrize(("route", "status", "code", "means"), SOMEWHERE)
async def test_an_error_may_mean_something_else_on_one_route(
    route: Route, status: int, code: str, means: type[SiteError]
) -> None:
    error = await _error(
        says.city_that_says(says.envelope(code, status), status), route
    )

    assert type(error) is means


def test_every_row_of_the_table_is_tried_here() -> None:
    tried = [(route, status, code) for status, code, _ in ANYWHERE for route in Route]
    tried += [(route, status, code) for route, status, code, _ in SOMEWHERE]
    tried += [(Route.CATALOGUE, 403, "")]  # the answers without envelope, below

    def first(route: Route, status: int, code: str) -> Row:
        return next(row for row in TABLE if row.matches(route, status, code))

    assert {first(*one) for one in tried} == set(TABLE)


@pytest.mark.parametrize("route", Route)
@pytest.mark.parametrize(
    ("fault", "means"),
    [
        (httpx.ConnectError("refused"), SiteUnreachable),
        (httpx.ConnectTimeout("late"), SiteUnreachable),
        (httpx.PoolTimeout("late"), SiteUnreachable),
        (httpx.ReadTimeout("late"), SiteSilent),
        (httpx.WriteTimeout("late"), SiteSilent),
        (httpx.ReadError("cut"), SiteSilent),
        (httpx.WriteError("cut"), SiteSilent),
        (httpx.RemoteProtocolError("cut"), SiteSilent),
        (httpx.DecodingError("not gzip"), SiteSilent),
        (TimeoutError("the whole call took too long"), SiteSilent),
    ],
)
async def test_a_broken_network_is_told_apart_by_what_may_have_been_sent(
    route: Route, fault: Exception, means: type[SiteError]
) -> None:
    error = await _error(says.city_that_fails(fault), route)

    assert type(error) is means
    assert str(error).endswith(f" ({route.value}: {type(fault).__name__}).")


@pytest.mark.parametrize("route", Route)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"<!doctype html><title>Wartung</title>",
        b'{"processId":',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"null",
        b"[]",
        b"{}",
        b'"ok"',
        b"1" * 5000,
        b'{"meta":{"success":false},"data":null}',
        b'{"errors":[{"errorCode":"appointmentNotFound","statusCode":404}]}',
    ],
    ids=repr,
)
async def test_a_success_that_cannot_be_read_is_never_read_as_empty(
    route: Route, body: bytes
) -> None:
    error = await _error(says.city_that_says(body), route)

    assert type(error) is SiteChanged
    assert error.answer is Answer.UNKNOWN
    assert route.value in str(error)


@pytest.mark.parametrize(
    ("status", "body", "means"),
    [
        (
            500,
            b'{"error":{"message":"An internal error has occurred.","code":0}}',
            None,
        ),
        (502, b"<html>Bad Gateway</html>", None),
        (504, b"", None),
        (503, b"<html>", None),
        (403, b"<html>Forbidden</html>", SiteChanged),
        (404, b"<html>Not Found</html>", SiteChanged),
        (404, b'{"errors":[]}', SiteChanged),
        (404, b'{"errors":{"errorCode":"appointmentNotFound"}}', SiteChanged),
        (404, b'{"errors":[{"errorCode":404}]}', SiteChanged),
        (404, b'{"errors":[{"errorCode":"a b\\n"}]}', SiteChanged),
        (400, b'{"errors":["appointmentNotFound"]}', SiteChanged),
        (304, b"", SiteChanged),
        (429, b"<html>Too many</html>", RateLimited),
    ],
)
@pytest.mark.parametrize("route", POSTS)
async def test_an_answer_without_envelope_is_unknown(
    route: Route, status: int, body: bytes, means: type[SiteError] | None
) -> None:
    error = await _error(says.city_that_says(body, status), route)

    assert type(error) is (means or SiteSilent)


async def test_the_first_of_several_errors_decides() -> None:
    body = says.envelope("invalidOfficeId", 400)
    body["errors"] += says.envelope("captchaMissing", 400)["errors"]

    error = await _error(says.city_that_says(body, 400), Route.CALENDAR)

    assert type(error) is Refused
    assert error.code == "invalidOfficeId"


async def test_a_refusal_keeps_what_the_city_said() -> None:
    body = says.envelope("invalidEmail", 400, "email should be valid.")

    error = await _error(says.city_that_says(body, 400), Route.UPDATE)

    assert str(error) == "email should be valid. (invalidEmail)"


@pytest.mark.parametrize("said", ["\x1b[2J", "a\nb", 7, None])
async def test_what_the_city_says_cannot_play_tricks(said: Any) -> None:
    body = says.envelope("invalidEmail", 400, said)

    error = await _error(says.city_that_says(body, 400), Route.UPDATE)

    assert str(error) == "The city refused. (invalidEmail)"


async def test_an_unknown_route_tells_the_likely_reason() -> None:
    body = says.envelope("notFound", 404, "Endpoint not found.")

    error = await _error(says.city_that_says(body, 404), Route.CALENDAR)

    assert "older version of its API, or the base URL is wrong" in str(error)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [({}, 60), ({"Retry-After": "7"}, 7), ({"Retry-After": "999999"}, 3600)]
    + [({"Retry-After": odd}, 60) for odd in ("-1", "soon", "", "²", "1" * 30)],
)
async def test_a_rate_limit_tells_when_to_ask_again(
    header: dict[str, str], seconds: int
) -> None:
    body = says.envelope("rateLimitExceeded", 429)

    error = await _error(says.city_that_says(body, 429, header), Route.CALENDAR)

    assert isinstance(error, RateLimited)
    assert error.until == NOON + timedelta(seconds=seconds)


SECRETS = (says.KEY, "Muster", "erika@example.org", "4989123400")


@pytest.mark.parametrize("route", [Route.UPDATE, Route.APPOINTMENT])
@pytest.mark.parametrize(
    "city",
    [
        says.city_that_fails(httpx.ReadTimeout("late")),
        says.city_that_says({**says.process(), "processId": "x"}),
        says.city_that_says(says.envelope("authKeyMismatch", 406), 406),
        says.city_that_says(f'{{"authKey": "{says.KEY}"'.encode()),
    ],
    ids=["timeout", "changed", "refused", "cut"],
)
async def test_no_secret_shows_in_an_error_or_a_log(
    route: Route, city: says.City, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    with pytest.raises(SiteError) as caught:
        await ASK[route](city.site)

    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    shown += caplog.text
    assert caught.value.__context__ is None
    assert not [secret for secret in SECRETS if secret in shown]


async def test_a_logged_request_keeps_its_path(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "httpx")

    await says.city_that_says(says.process()).site.appointment(says.HELD)

    assert f"GET {says.BASE_URL}/appointment/ " in caplog.text
    assert says.KEY not in caplog.text


async def test_an_appointment_does_not_show_its_key() -> None:
    appointment = await says.city_that_says(says.process()).site.appointment(says.HELD)

    assert appointment.held.auth_key == says.KEY
    assert says.KEY not in repr(appointment)
