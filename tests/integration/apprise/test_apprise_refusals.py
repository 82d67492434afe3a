"""What becomes of a message that is not taken."""

from __future__ import annotations

import logging

import pytest

from mta_core.domain.accounts import Home
from mta_core.domain.errors import DeliveryFailed, RecipientGone
from mta_core.ports.notifier import Text
from mta_core.testing.builders import a_notification
from tests.integration.apprise.letters import a_notifier, send
from tests.integration.apprise.loopback import MailServer, Manner, WebServer

pytestmark = pytest.mark.integration


def mailto(mail: MailServer) -> str:
    """Return the address of a citizen at a mail server."""
    return f"mailto://u:p@127.0.0.1:{mail.port}?from=m@example.org&to=a@example.org"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413])
@pytest.mark.parametrize("kind", ["json", "ntfy", "gotify"])
async def test_what_will_be_refused_again_is_given_up(
    web: WebServer, kind: str, status: int
) -> None:
    web.status = status
    with pytest.raises(RecipientGone, match=rf"refused the message \({status}\)"):
        await send(f"{kind}://127.0.0.1:{web.port}/topic")


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 507])
@pytest.mark.parametrize("kind", ["json", "ntfy", "gotify"])
async def test_what_may_be_taken_later_is_tried_again(
    web: WebServer, kind: str, status: int
) -> None:
    web.status = status
    with pytest.raises(DeliveryFailed, match=rf"now \({status}\). MTA tries again"):
        await send(f"{kind}://127.0.0.1:{web.port}/topic")


@pytest.mark.parametrize(
    ("code", "error"),
    [(40301, RecipientGone), (42909, DeliveryFailed), (50701, DeliveryFailed)],
)
async def test_ntfys_own_codes_are_understood(
    web: WebServer, code: int, error: type[Exception]
) -> None:
    web.status = code // 100
    web.body = f'{{"code": {code}, "error": "no"}}'.encode()
    with pytest.raises(error, match=rf"\({code // 100}\)"):
        await send(f"ntfy://127.0.0.1:{web.port}/topic")


async def test_a_redirect_is_not_followed(web: WebServer) -> None:
    """The POST would become a GET, and a page that says 200 would look like success."""
    web.status, web.headers = 302, "Location: /login\r\n"
    with pytest.raises(RecipientGone, match=r"\(302\)"):
        await send(f"json://127.0.0.1:{web.port}/hook?redirect=yes")

    assert [request.line for request in web.requests] == ["POST /hook HTTP/1.1"]


async def test_a_failure_cannot_be_called_a_success(web: WebServer) -> None:
    web.status = 500
    with pytest.raises(DeliveryFailed):
        await send(f"json://127.0.0.1:{web.port}/?optional=yes&retry=3&wait=0")

    assert len(web.requests) == 1


async def test_one_part_that_may_be_taken_later_is_reason_to_try_again(
    web: WebServer,
) -> None:
    web.once, web.status = [404], 503
    with pytest.raises(DeliveryFailed, match=r"\(503\)"):
        await send(f"json://127.0.0.1:{web.port}/", Text("Long", "Größe\n" * 6000))

    assert len(web.requests) == 2


@pytest.mark.parametrize("verb", ["AUTH", "MAIL", "RCPT", "DATA"])
async def test_a_mail_that_will_be_refused_again_is_given_up(
    mail: MailServer, verb: str
) -> None:
    mail.refusals[verb] = "550 5.7.1 never"
    with pytest.raises(RecipientGone, match=r"mail refused the message \(550\)"):
        await send(mailto(mail))


@pytest.mark.parametrize("verb", ["AUTH", "MAIL", "RCPT", "DATA"])
async def test_a_mail_that_may_be_taken_later_is_tried_again(
    mail: MailServer, verb: str
) -> None:
    mail.refusals[verb] = "451 4.3.0 later"
    with pytest.raises(DeliveryFailed, match=r"now \(451\)"):
        await send(mailto(mail))


async def test_one_recipient_of_several_is_named_as_the_reason(
    mail: MailServer,
) -> None:
    mail.once["RCPT"] = "550 5.1.1 no such user"
    with pytest.raises(RecipientGone, match=r"\(550\)"):
        await send(f"{mailto(mail)}&cc=b@example.org")


@pytest.mark.parametrize("kind", ["json", "ntfy"])
async def test_nobody_at_the_address_is_tried_again(web: WebServer, kind: str) -> None:
    await web.close()
    with pytest.raises(DeliveryFailed, match="cannot be reached"):
        await send(f"{kind}://127.0.0.1:{web.port}/topic")


async def test_no_mail_server_at_the_address_is_tried_again(mail: MailServer) -> None:
    await mail.close()
    with pytest.raises(DeliveryFailed, match="mail cannot be reached"):
        await send(mailto(mail))


@pytest.mark.parametrize("kind", ["json", "ntfy", "mailto"])
async def test_silence_has_an_end(web: WebServer, kind: str) -> None:
    web.manner = Manner.SILENT
    query = "?from=a@example.org" if kind == "mailto" else ""
    url = f"{kind}://127.0.0.1:{web.port}/{query}&rto=3600&cto=3600"
    with pytest.raises(DeliveryFailed, match="tries again"):
        await send(url.replace("/&", "/topic?"), timeout=0.2)


async def test_what_is_under_way_for_too_long_is_waited_for_and_not_sent_again(
    web: WebServer,
) -> None:
    web.manner = Manner.DRIPPING
    notifier, letter = a_notifier(timeout=1), a_notification()
    home = Home("apprise", f"json://127.0.0.1:{web.port}/")
    with pytest.raises(DeliveryFailed, match="webhook did not answer within 1 second"):
        await notifier.deliver(letter, home, "de")

    web.enough.set()
    await notifier.deliver(letter, home, "de")
    assert len(web.requests) == 1


@pytest.mark.parametrize(
    "url", ["", "console-1", "dbus://", "pagerduty://a@b", "ntfy://127.0.0.1:1/%20"]
)
async def test_an_address_that_is_not_taken_any_more_is_given_up(url: str) -> None:
    with pytest.raises(RecipientGone, match="cannot use this address any more"):
        await send(url)


class _Threads(logging.Handler):
    """Notes where log lines were written."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str | None] = set()

    def emit(self, record: logging.LogRecord) -> None:
        self.names.add(record.threadName)


async def test_all_is_done_in_a_thread_of_the_messages_own(web: WebServer) -> None:
    """The library's pool is small, and the process waits for it at its end."""
    web.status = 404
    logger, threads = logging.getLogger("apprise"), _Threads()
    logger.addHandler(threads)
    try:
        with pytest.raises(RecipientGone):
            await send(f"ntfy://127.0.0.1:{web.port}/topic")
    finally:
        logger.removeHandler(threads)

    assert threads.names == {"apprise"}
