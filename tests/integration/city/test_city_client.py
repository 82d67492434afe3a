"""How MTA shows itself to the city, and when it does not ask at all."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator

import pytest

from mta_adapters.city import HttpSite, make_client
from mta_core.domain.errors import InvalidValue, SiteSilent, SiteUnreachable
from mta_core.testing.clock import FakeClock
from tests.integration.city import city_answers as says

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("contact", [None, "", "  "])
@pytest.mark.parametrize(
    "url", ["https://city.example.org/api", "http://10.0.0.1", "http://127.example.org"]
)
def test_nobody_is_asked_anonymously(url: str, contact: str | None) -> None:
    with pytest.raises(InvalidValue, match="No contact is configured"):
        make_client(url, contact=contact, version="0.1.0")


@pytest.mark.parametrize(
    "url", ["http://localhost:8080", "http://127.0.0.1/api", "http://[::1]:80/api"]
)
def test_a_city_on_this_machine_needs_no_contact(url: str) -> None:
    client = make_client(url, contact=None, version="0.1.0")

    assert client.headers["User-Agent"] == "MunichTerminAutomator/0.1.0"


@pytest.mark.parametrize("contact", ["a\r\nX-Forwarded-For: 1.2.3.4", "ä", "x" * 201])
def test_a_contact_cannot_break_the_header(contact: str) -> None:
    with pytest.raises(InvalidValue, match="plain ASCII") as caught:
        make_client(says.BASE_URL, contact=contact, version="0.1.0")

    assert contact not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "city.example.org",
        "ftp://city.example.org",
        "https://",
        "https://city.example.org/?a=b",
        "https://me:secret@city.example.org/",
        "https://city.example.org:port/",
    ],
)
def test_an_address_that_cannot_be_asked_is_refused(url: str) -> None:
    with pytest.raises(InvalidValue, match="The city's address"):
        make_client(url, contact="ops@example.org", version="0.1.0")


def test_other_log_lines_of_the_client_are_left_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    make_client(says.BASE_URL, contact="ops@example.org", version="0.1.0")

    logging.getLogger("httpx").warning("%(what)s", {"what": "odd"})

    assert caplog.messages == ["odd"]


@contextlib.asynccontextmanager
async def _drip(*, endless: bool) -> AsyncIterator[str]:
    """Serve an answer byte by byte that never comes whole; yields the address."""
    enough = asyncio.Event()
    if not endless:
        enough.set()
    answers: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        out.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while not enough.is_set():
                out.write(b" ")
                await asyncio.wait([asyncio.create_task(enough.wait())], timeout=0.01)
            out.close()
            await out.wait_closed()

    def begin(reader: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        answers.add(asyncio.create_task(answer(reader, out)))

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        enough.set()
        await asyncio.gather(*answers)


async def test_an_answer_that_drips_is_cut_off() -> None:
    async with (
        _drip(endless=True) as url,
        make_client(url, contact=None, version="0.1.0", timeout=0.1) as client,
    ):
        with pytest.raises(SiteSilent, match="TimeoutError"):
            await HttpSite(client, FakeClock()).catalogue()


@pytest.mark.skipif(
    not hasattr(socket, "TCP_USER_TIMEOUT"), reason="this system cannot do it"
)
async def test_the_system_gives_up_as_early_as_we_do() -> None:
    """Else it would deliver a request later than its place in the budget counts."""
    async with (
        _drip(endless=True) as url,
        make_client(url, contact=None, version="0.1.0", timeout=2.5) as client,
        client.stream("GET", "/") as response,
    ):
        line = response.extensions["network_stream"].get_extra_info("socket")
        after = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
    assert after == 2500


async def test_an_answer_that_ends_early_is_unknown() -> None:
    async with (
        _drip(endless=False) as url,
        make_client(url, contact=None, version="0.1.0") as client,
    ):
        with pytest.raises(SiteSilent, match="RemoteProtocolError"):
            await HttpSite(client, FakeClock()).catalogue()


async def test_a_closed_door_is_not_executed() -> None:
    async with _drip(endless=False) as url:
        pass
    async with make_client(url, contact=None, version="0.1.0") as client:
        with pytest.raises(SiteUnreachable, match="ConnectError"):
            await HttpSite(client, FakeClock()).catalogue()


async def test_the_counter_is_read_from_answers_that_tell_it() -> None:
    headers = {"X-RateLimit-Limit": "60", "X-RateLimit-Remaining": "41"}
    city = says.city_that_says(says.catalogue(), headers=headers)
    site = city.site
    assert site.counter() is None

    await site.catalogue()

    counter = site.counter()
    assert counter is not None
    assert (counter.remaining, counter.at) == (41, city.clock.now())


async def test_a_refusal_tells_the_counter_too() -> None:
    body = says.envelope("appointmentNotFound", 404)
    site = says.city_that_says(body, 404, {"X-RateLimit-Remaining": "3"}).site

    with pytest.raises(Exception, match="appointmentNotFound"):
        await site.appointment(says.HELD)

    counter = site.counter()
    assert counter is not None
    assert counter.remaining == 3


@pytest.mark.parametrize("odd", ["", "-1", "many", "1.5", "²", "9" * 40])
async def test_an_odd_counter_is_ignored(odd: str) -> None:
    headers = {"X-RateLimit-Remaining": odd}
    site = says.city_that_says(says.catalogue(), headers=headers).site

    await site.catalogue()

    assert site.counter() is None
