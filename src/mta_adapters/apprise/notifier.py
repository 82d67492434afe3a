"""Hands messages to whatever an Apprise URL names."""

from __future__ import annotations

import logging
from functools import partial
from uuid import UUID

import attrs
from apprise import Apprise, NotifyFormat

from mta_adapters.apprise.addresses import TIMEOUT, name_of, open_service
from mta_adapters.apprise.answers import judge
from mta_adapters.apprise.sendings import Outcome, Sendings
from mta_core.domain.accounts import Home
from mta_core.domain.errors import DeliveryFailed, InvalidValue, RecipientGone
from mta_core.domain.notifications import Notification
from mta_core.ports.notifier import Notifier, Text, Wording

MESSAGE_HEADER = "X-MTA-Message"
"""Holds a notification's id, in mails and webhooks."""


@attrs.frozen
class AppriseNotifier(Notifier):
    """Delivers to ``Home("apprise", url)``, as plain text.

    **Delivered twice.** What this notifier knows to be taken it does not send again,
    and what is still under way it does not start again. It does not know more after
    a restart, nor what a service took without saying so in time; then somebody may
    read a message twice. Mails and webhooks carry the notification's id in
    ``X-MTA-Message``, so that a mailbox's filter or the other end can drop the second;
    ntfy and chats show both. A text that is too long for a service is sent in parts,
    and all of them again if one fails.

    Attributes:
        timeout: seconds for one message.
    """

    _wording: Wording
    timeout: float = TIMEOUT
    _sendings: Sendings = attrs.field(factory=Sendings, init=False, repr=False)

    async def deliver(self, notification: Notification, home: Home, lang: str) -> None:
        """Hand a message over, without blocking the loop.

        Raises:
            DeliveryFailed: the service did not answer, or may take it later.
            RecipientGone: the URL cannot be understood, is not taken any more, or the
                service refuses it for good.
        """
        text = self._wording(notification, lang)
        url = home.address
        work = partial(_send, url, text, notification.id, self.timeout)
        # Its hash, as a citizen's address need not outlive the message here.
        key = (notification.id, hash(url))
        try:
            error = await self._sendings.do(key, work, self.timeout)
        except TimeoutError:
            raise DeliveryFailed(
                f"{name_of(url)} did not answer within {self.timeout:g} seconds. MTA "
                "tries again; if this goes on, check the address."
            ) from None
        if error is not None:
            raise error


def _send(url: str, text: Text, message: UUID, timeout: float) -> Outcome:
    try:
        service = open_service(
            url, timeout=timeout, headers={MESSAGE_HEADER: str(message)}
        )
    except InvalidValue as error:
        return RecipientGone(f"MTA cannot use this address any more: {error}")
    with Apprise(service, asset=service.asset).notify(
        title=text.title,
        body=text.body or text.title,
        body_format=NotifyFormat.TEXT,
        log_level=logging.DEBUG,
    ) as result:
        return judge(result, name_of(url))
