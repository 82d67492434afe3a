"""Which Apprise URLs MTA takes, and how it reads them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from apprise import Apprise, AppriseAsset, NotifyBase, PersistentStoreMode
from apprise.plugins import url_to_dict

from mta_adapters.apprise.quiet import be_quiet
from mta_core.domain.errors import InvalidValue

TIMEOUT = 30.0
"""Seconds that one message may take. Leases of deliveries must be longer."""

SERVICES: Mapping[str, str] = {
    **dict.fromkeys(("mailto", "mailtos"), "mail"),
    **dict.fromkeys(("ntfy", "ntfys"), "ntfy"),
    **dict.fromkeys(("gotify", "gotifys"), "Gotify"),
    **dict.fromkeys(("json", "jsons", "form", "forms", "xml", "xmls"), "webhook"),
    "tgram": "Telegram",
    **dict.fromkeys(("signal", "signals"), "Signal"),
    "threema": "Threema",
    "discord": "Discord",
    "slack": "Slack",
    **dict.fromkeys(("mmost", "mmosts"), "Mattermost"),
    **dict.fromkeys(("rocket", "rockets"), "Rocket.Chat"),
    **dict.fromkeys(("nctalk", "nctalks"), "Nextcloud Talk"),
    "zulip": "Zulip",
    **dict.fromkeys(("wxteams", "webex"), "Webex"),
    "gchat": "Google Chat",
    **dict.fromkeys(("workflow", "workflows"), "Teams"),
    **dict.fromkeys(("synology", "synologys"), "Synology Chat"),
    **dict.fromkeys(("hassio", "hassios"), "Home Assistant"),
    "pover": "Pushover",
    "pbul": "Pushbullet",
    "prowl": "Prowl",
    **dict.fromkeys(("spush", "simplepush"), "Simplepush"),
    **dict.fromkeys(("bark", "barks"), "Bark"),
    **dict.fromkeys(("psafer", "psafers"), "Pushsafer"),
    "join": "Join",
}
"""What MTA sends by: schemas of URLs, and what people call the service.

An allow list, since each new release brings new ones. Left out are those that act on
MTA's own machine (desktops, syslog, lamps), that tell the world (Mastodon, Reddit),
that wake a team (PagerDuty), that keep keys or sessions on disk (Matrix), that cost
money for each 160 characters (SMS), and that need more packages (XMPP, MQTT).
"""

REFUSED: Mapping[str, str] = {
    "template": "it reads a file of the machine that MTA runs on",
    "pgp": "it reads keys from the machine that MTA runs on",
    "pgppub": "it reads a file of the machine that MTA runs on",
    "pgpprv": "it reads a file of the machine that MTA runs on",
    "wkd": "it reads keys from the machine that MTA runs on",
    "method": "MTA posts, and does nothing else",
}
"""Options of URLs that are not taken, and why not."""

_SCHEMA = re.compile(r"\s*(?P<schema>[a-z0-9]{1,12})://", re.IGNORECASE)
_WEB = ("http", "https")
_HERE = frozenset(
    {"dbus", "kde", "qt", "glib", "gio", "gnome", "macosx", "windows"}
    | {"syslog", "blink1", "file"}
)
_HOW = (
    "Write an Apprise URL such as ntfys://ntfy.example.org/topic or "
    "mailtos://user:password@example.org?to=you@example.org"
)
# Where the two that do not mind having no recipients keep them.
_RECIPIENTS = {"mail": "targets", "ntfy": "topics"}

# Untyped in the library.
_parse: Callable[[str], dict[str, Any] | None] = url_to_dict


def check_address(url: str) -> str:
    """Check an Apprise URL that a citizen gives, and return it.

    Nothing is sent. The first call loads Apprise's services, about 0.2 s.

    Raises:
        InvalidValue: it cannot be understood or is not taken; the message says why
            and what to do, without the URL.
    """
    open_service(url)
    return url.strip()


def name_of(url: str) -> str:
    """Name the kind of service for people: ``ntfy``, ``mail``. It holds no secret."""
    return SERVICES.get(_schema(url), "Apprise")


def open_service(
    url: str, *, timeout: float = TIMEOUT, headers: Mapping[str, str] | None = None
) -> NotifyBase:
    """Make the service that a URL means, for plain text, in memory, without retries.

    Args:
        timeout: seconds for a message; half of it for connecting, half for an answer.
        headers: goes along where there are headers: with mails and webhooks.

    Raises:
        InvalidValue: see `check_address`.
    """
    be_quiet()
    name = _known(url)
    parts = _parse(url.strip())
    if parts is None:
        raise InvalidValue(f"This is not a whole address for {name}. {_HOW}.")
    for option, why in REFUSED.items():
        if option in parts["qsd"]:
            raise InvalidValue(f"MTA does not take {option}=: {why}.")
    if headers and "headers" in parts:
        parts["headers"] = {**parts["headers"], **headers}
    service = Apprise.instantiate(_ours(parts, timeout), asset=_asset())
    if service is None:
        raise InvalidValue(f"This is not a whole address for {name}. {_HOW}.")
    if not getattr(service, _RECIPIENTS.get(name, ""), True):
        raise InvalidValue(f"This address for {name} does not say whom to send to.")
    return service


def _ours(parts: Mapping[str, Any], timeout: float) -> dict[str, Any]:
    """Replace the options of a URL that are for MTA to decide.

    The text is plain and stays so, see also `_asset`. A failure is a failure, and MTA
    itself tries again. A redirected POST would become a GET, which delivers nothing
    and looks like success.
    """
    theirs = {key: value for key, value in parts.items() if key != "format"}
    ours = {
        "retry": 0,
        "optional": False,
        "redirect": False,
        "cto": timeout / 2,
        "rto": timeout / 2,
    }
    return {"overflow": "split", **theirs, **ours}


def _asset() -> AppriseAsset:
    return AppriseAsset(
        app_id="MTA",
        app_desc="Munich Termin Automator",
        interpret_emojis=False,  # whatever the URL asks for
        # Icons would be fetched from a third party by whoever reads the message.
        image_url_mask="",
        storage_mode=PersistentStoreMode.MEMORY.value,
        timezone="Europe/Berlin",
        # Whoever calls has a thread and a limit of their own: no pool.
        async_mode=False,
        service_timeout=0,
    )


def _known(url: str) -> str:
    """Return the service's name. Raises `InvalidValue`."""
    schema = _schema(url)
    if schema in SERVICES:
        return SERVICES[schema]
    if schema in _HERE:
        raise InvalidValue(
            f"{schema}:// does something on the machine that MTA runs on, and reaches "
            f"nobody else. {_HOW}."
        )
    if schema in _WEB:
        raise InvalidValue(
            "A web address does not say what is behind it. Begin with jsons:// for a "
            f"webhook, or with the name of the service. {_HOW}."
        )
    names = ", ".join(sorted(set(SERVICES.values()), key=str.casefold))
    raise InvalidValue(f"MTA sends by: {names}. {_HOW}.")


def _schema(url: str) -> str:
    match = _SCHEMA.match(url)
    return match["schema"].lower() if match else ""
