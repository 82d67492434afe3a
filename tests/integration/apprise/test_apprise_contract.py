"""Apprise's channels keep the notifier contract."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import pytest

from mta_adapters.apprise import AppriseNotifier
from mta_core.domain.accounts import Home
from mta_core.domain.notifications import Notification
from mta_core.ports.notifier import Text
from tests.contracts.notifier_contract import FailingNotifierContract, NotifierContract
from tests.integration.apprise.loopback import MailServer, WebServer

pytestmark = pytest.mark.integration


def wording(notification: Notification, lang: str) -> Text:
    """Write just enough to tell messages apart."""
    return Text(f"{notification.kind.value} ({lang})", str(notification.id))


@attrs.frozen
class WebChannel:
    """A citizen behind a web server."""

    notifier: AppriseNotifier
    home: Home
    server: WebServer
    suppresses: bool = True

    async def shown(self) -> Sequence[object]:
        return self.server.taken

    async def break_once(self) -> None:
        self.server.once.append(503)

    async def lose_recipient(self) -> None:
        self.server.status = 410


@attrs.frozen
class MailChannel:
    """A citizen behind a mail server."""

    notifier: AppriseNotifier
    home: Home
    server: MailServer
    suppresses: bool = True

    async def shown(self) -> Sequence[object]:
        return self.server.mails

    async def break_once(self) -> None:
        self.server.once["RCPT"] = "450 4.2.1 busy"

    async def lose_recipient(self) -> None:
        self.server.refusals["RCPT"] = "550 5.1.1 no such user"


class TestWebhook(NotifierContract, FailingNotifierContract):
    """A webhook against the contract."""

    @pytest.fixture
    def channel(self, web: WebServer) -> WebChannel:
        home = Home("apprise", f"json://127.0.0.1:{web.port}/hook")
        return WebChannel(AppriseNotifier(wording), home, web)


class TestNtfy(NotifierContract, FailingNotifierContract):
    """ntfy against the contract."""

    @pytest.fixture
    def channel(self, web: WebServer) -> WebChannel:
        home = Home("apprise", f"ntfy://127.0.0.1:{web.port}/topic")
        return WebChannel(AppriseNotifier(wording), home, web)


class TestMail(NotifierContract, FailingNotifierContract):
    """Mail against the contract."""

    @pytest.fixture
    def channel(self, mail: MailServer) -> MailChannel:
        url = f"mailto://127.0.0.1:{mail.port}?from=mta@example.org&to=a@example.org"
        return MailChannel(AppriseNotifier(wording), Home("apprise", url), mail)
