"""The one HTTP client that talks to the city."""

from __future__ import annotations

import ipaddress
import logging
import re
import socket

import httpx

from mta_core.domain.errors import InvalidValue

TIMEOUT = 10.0
"""Seconds for a whole call. Leases of calls must be longer."""

_MOST_CONNECTIONS = 8
# Servers commonly close idle connections after 5 s. A reserve that is sent into one
# just closed is a call of which nobody knows the outcome, so MTA closes first.
_KEEPALIVE = 4.0
_CONTACT = re.compile(r"[!-~]([ -~]*[!-~])?")
_LONGEST_CONTACT = 200


def make_client(
    base_url: str,
    *,
    contact: str | None,
    version: str,
    timeout: float = TIMEOUT,
    transport: httpx.AsyncBaseTransport | None = None,
) -> httpx.AsyncClient:
    """Build the client that all calls to the city share. It opens nothing yet.

    It says who it is, follows no redirects, uses no proxies and adds no forwarding
    headers (design: a good citizen).

    Args:
        base_url: the city's API, as ``https://…/buergeransicht/api/citizen``.
        contact: how the city reaches the operator, a mail address or a page.
        timeout: seconds for a whole call; half of it for connecting.
        transport: replaces the network, in tests.

    Raises:
        InvalidValue: the address or the contact cannot be used, or no contact is given
            for anything but a loopback address: nothing is asked anonymously.
    """
    url = _parse(base_url)
    logging.getLogger("httpx").addFilter(_without_query)
    return httpx.AsyncClient(
        base_url=url,
        headers={
            "User-Agent": _user_agent(version, _check(contact, url)),
            "Accept": "application/json",
        },
        timeout=httpx.Timeout(timeout, connect=timeout / 2, pool=timeout / 2),
        follow_redirects=False,
        trust_env=False,  # no proxies, no netrc
        transport=transport or _network(timeout),
    )


def _network(timeout: float) -> httpx.AsyncHTTPTransport:
    """Build the way to the city.

    What the city's side has not acknowledged in time is given up by the system, too:
    after an outage of the network it would still deliver it, long after its place in
    the budget counts no more.
    """
    give_up = getattr(socket, "TCP_USER_TIMEOUT", None)  # not everywhere
    milliseconds = max(round(timeout * 1000), 1)
    return httpx.AsyncHTTPTransport(
        limits=httpx.Limits(
            max_connections=_MOST_CONNECTIONS,
            max_keepalive_connections=_MOST_CONNECTIONS,
            keepalive_expiry=_KEEPALIVE,
        ),
        trust_env=False,
        socket_options=give_up and [(socket.IPPROTO_TCP, give_up, milliseconds)],
    )


def _parse(base_url: str) -> httpx.URL:
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        raise InvalidValue("The city's address is not a URL.") from None
    if url.scheme not in ("http", "https") or not url.host or url.query or url.userinfo:
        raise InvalidValue(
            "The city's address must look like https://host/path, nothing more."
        )
    return url


def _check(contact: str | None, url: httpx.URL) -> str:
    text = (contact or "").strip()
    if not text and not _is_loopback(url.host):
        raise InvalidValue(
            f"No contact is configured, so MTA does not ask {url.host}: the city must "
            "be able to reach whoever runs this. Set a mail address or a page of yours."
        )
    if text and (not _CONTACT.fullmatch(text) or len(text) > _LONGEST_CONTACT):
        raise InvalidValue(
            f"The contact must be plain ASCII, at most {_LONGEST_CONTACT} characters."
        )
    return text


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _user_agent(version: str, contact: str) -> str:
    agent = f"MunichTerminAutomator/{version}"
    return f"{agent} (+{contact})" if contact else agent


def _without_query(record: logging.LogRecord) -> bool:
    """Keep appointments' keys out of httpx's own log line, which shows whole URLs."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            arg.copy_with(query=None) if isinstance(arg, httpx.URL) else arg
            for arg in record.args
        )
    return True
