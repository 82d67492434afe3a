"""Messages by Apprise: mail, ntfy, chats, webhooks."""

from mta_adapters.apprise.addresses import check_address, name_of
from mta_adapters.apprise.notifier import AppriseNotifier

__all__ = ["AppriseNotifier", "check_address", "name_of"]
