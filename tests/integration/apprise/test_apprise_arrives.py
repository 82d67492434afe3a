"""What arrives at a mailbox, at ntfy and at a webhook."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from mta_core.domain.accounts import Home
from mta_core.ports.notifier import Text
from mta_core.testing.builders import a_notification
from tests.integration.apprise.letters import WORDS, a_notifier, send
from tests.integration.apprise.loopback import MailServer, WebServer

pytestmark = pytest.mark.integration


def files_in(folder: Path) -> list[Path]:
    """Return all that lies in a folder, however deep."""
    return list(folder.rglob("*"))


async def test_a_mail_arrives_as_plain_text(mail: MailServer) -> None:
    url = f"mailto://127.0.0.1:{mail.port}?from=mta@example.org&to=amira@example.org"
    letter = await send(url)

    (arrived,) = mail.mails
    assert arrived["Subject"] == WORDS.title
    assert arrived["To"] == "amira@example.org"
    assert "mta@example.org" in arrived["From"]
    assert arrived["X-MTA-Message"] == str(letter.id)
    assert arrived.get_content_type() == "text/plain"
    assert arrived.get_content().replace("\r\n", "\n").rstrip("\n") == WORDS.body


async def test_a_mail_account_is_logged_in_to(mail: MailServer) -> None:
    await send(f"mailto://mta:geheim@127.0.0.1:{mail.port}?from=mta@example.org")

    assert mail.logins == [("mta", "geheim")]
    assert mail.mails[0]["To"] == "mta@example.org"


async def test_a_long_mail_arrives_whole(mail: MailServer) -> None:
    body = "\n".join(f".{number}: Führerschein" for number in range(1500))
    url = f"mailto://127.0.0.1:{mail.port}?from=mta@example.org&to=amira@example.org"
    await send(url, Text("Lang", body))

    (arrived,) = mail.mails
    assert arrived.get_content().replace("\r\n", "\n").rstrip("\n") == body


async def test_ntfy_gets_plain_text_and_no_icon(web: WebServer) -> None:
    await send(f"ntfy://127.0.0.1:{web.port}/my-topic")

    (arrived,) = web.taken
    assert arrived.json == {
        "topic": "my-topic",
        "title": WORDS.title,
        "message": WORDS.body,
    }
    assert not {"x-markdown", "x-icon"} & arrived.headers.keys()
    assert arrived.headers["user-agent"] == "MTA"


@pytest.mark.parametrize("options", ["?format=markdown", "?emojis=yes&format=html"])
@pytest.mark.parametrize("kind", ["json", "ntfy"])
async def test_the_text_stays_plain_whatever_the_address_asks_for(
    web: WebServer, kind: str, options: str
) -> None:
    await send(f"{kind}://127.0.0.1:{web.port}/here{options}")

    (arrived,) = web.taken
    assert arrived.json["message"] == WORDS.body
    assert arrived.json["title"] == WORDS.title
    assert "x-markdown" not in arrived.headers


async def test_a_webhook_gets_the_messages_id(web: WebServer) -> None:
    url = f"json://user:geheim@127.0.0.1:{web.port}/a/hook?+X-Key=123"
    letter = await send(url)

    (arrived,) = web.taken
    assert arrived.line == "POST /a/hook HTTP/1.1"
    assert arrived.headers["x-mta-message"] == str(letter.id)
    assert arrived.headers["x-key"] == "123"
    assert arrived.headers["authorization"].startswith("Basic ")
    assert arrived.json["message"] == WORDS.body


async def test_a_text_too_long_for_a_service_arrives_in_parts(web: WebServer) -> None:
    lines = [f"{number}: Größe" for number in range(4000)]
    await send(f"json://127.0.0.1:{web.port}/", Text("Lang", "\n".join(lines)))

    parts = [request.json["message"] for request in web.taken]
    assert len(parts) > 1
    assert "\n".join(parts).splitlines() == lines


async def test_without_a_body_the_title_is_sent(web: WebServer) -> None:
    await send(f"ntfy://127.0.0.1:{web.port}/topic", Text("Only this", ""))

    assert web.taken[0].json["message"] == "Only this"


async def test_nothing_is_kept_on_disk(
    home: Path, web: WebServer, mail: MailServer
) -> None:
    await send(f"ntfy://127.0.0.1:{web.port}/topic?store=yes")
    await send(f"mailto://127.0.0.1:{mail.port}?from=a@example.org&store=yes")

    assert not files_in(home)


async def test_one_message_goes_to_each_of_a_citizens_addresses(web: WebServer) -> None:
    notifier, letter = a_notifier(), a_notification()
    for topic in ("one", "two", "one"):
        home = Home("apprise", f"ntfy://127.0.0.1:{web.port}/{topic}")
        await notifier.deliver(letter, home, "de")

    assert [request.json["topic"] for request in web.taken] == ["one", "two"]


async def test_many_are_sent_at_once(web: WebServer) -> None:
    notifier = a_notifier()
    home = Home("apprise", f"ntfy://127.0.0.1:{web.port}/topic")
    await asyncio.gather(
        *(notifier.deliver(a_notification(), home, "de") for _ in range(40))
    )

    assert len(web.taken) == 40
