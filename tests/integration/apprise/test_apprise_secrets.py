"""Addresses hold passwords, messages are personal: neither gets out."""

from __future__ import annotations

import logging
import traceback

import pytest

from mta_adapters.apprise import check_address
from mta_core.domain.accounts import Home
from mta_core.domain.errors import InvalidValue, MtaError
from mta_core.testing.builders import a_notification
from tests.integration.apprise.letters import WORDS, a_notifier, send
from tests.integration.apprise.loopback import MailServer, Manner, WebServer

pytestmark = pytest.mark.integration

SECRETS = ("hunter2", "amira@", "tk_geheim", "Führerschein", "Pasing", "127.0.0.1")


def test_the_message_holds_what_is_looked_for() -> None:
    assert "Führerschein" in WORDS.title
    assert "Pasing" in WORDS.body


@pytest.fixture
def said(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> list[str]:
    """Let everybody log all they can; what else was said is to be put here."""
    caplog.set_level(1)
    return []


def assert_kept(
    said: list[str],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Assert that no secret got into logs, errors or onto the terminal."""
    logging.getLogger("mta.test").debug("this is heard")
    assert "this is heard" in caplog.text
    everything = "\n".join([caplog.text, *capfd.readouterr(), *said])
    assert not [secret for secret in SECRETS if secret in everything]


async def try_to_send(url: str, *, timeout: float = 10) -> str:
    """Send, and return all that an error would put into a log."""
    try:
        await send(url, timeout=timeout)
    except MtaError as error:
        return "".join(traceback.format_exception(error, chain=True))
    return ""


@pytest.mark.parametrize("status", [200, 302, 404, 503])
async def test_web_addresses_are_kept(
    web: WebServer,
    status: int,
    said: list[str],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    web.status, web.body = status, b"hunter2 says no"
    at = f"127.0.0.1:{web.port}/tk_geheim"
    said += [
        await try_to_send(f"{kind}://amira:hunter2@{at}")
        for kind in ("ntfy", "json", "gotify")
    ]

    assert len(web.requests) == 3
    assert_kept(said, caplog, capfd)


@pytest.mark.parametrize("verb", ["none", "AUTH", "RCPT", "DATA"])
async def test_mail_addresses_are_kept(
    mail: MailServer,
    verb: str,
    said: list[str],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    mail.refusals[verb] = "550 amira@example.org is not known here"
    at = f"127.0.0.1:{mail.port}?from=m@example.org&to=amira@example.org"
    said.append(await try_to_send(f"mailto://amira:hunter2@{at}"))

    assert mail.logins
    assert_kept(said, caplog, capfd)


async def test_addresses_that_cannot_be_reached_are_kept(
    web: WebServer,
    said: list[str],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    web.manner = Manner.SILENT
    at = f"amira:hunter2@127.0.0.1:{web.port}/tk_geheim"
    said.append(await try_to_send(f"json://{at}", timeout=0.1))
    await web.close()
    said.append(await try_to_send(f"json://{at}"))
    said.append(await try_to_send(f"ntfy://{at}"))
    said.append(await try_to_send(f"mailto://{at}/amira@example.org"))

    assert all(said)
    assert_kept(said, caplog, capfd)


@pytest.mark.parametrize(
    "url",
    [
        "ntfy://amira:hunter2@127.0.0.1:port/tk_geheim/ /",
        "mailto://amira:hunter2@127.0.0.1?to=amira@",
        "discord://hunter2",
        "json://amira:hunter2@127.0.0.1/tk_geheim?template=hunter2",
        "hunter2://tk_geheim",
        "hunter2",
        "dbus://hunter2",
        "https://amira:hunter2@127.0.0.1/tk_geheim",
        "ntfy://amira:hunter2@127.0.0.1/tk_geheim?retry=-3",
    ],
)
async def test_addresses_that_are_not_taken_are_kept(
    url: str,
    said: list[str],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    try:
        check_address(url)
    except InvalidValue as error:
        said += traceback.format_exception(error, chain=True)
    said.append(await try_to_send(url))

    assert_kept(said, caplog, capfd)


async def test_what_holds_an_address_does_not_show_it(web: WebServer) -> None:
    notifier = a_notifier()
    home = Home("apprise", f"json://amira:hunter2@127.0.0.1:{web.port}/tk_geheim")
    await notifier.deliver(a_notification(), home, "de")

    assert not [secret for secret in SECRETS if secret in repr(notifier)]
