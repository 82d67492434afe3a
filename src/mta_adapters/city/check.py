"""The city's human check over HTTP: passed on as it is, to a person and back (5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from mta_adapters.city.errors import Route
from mta_adapters.city.reading import NotJson, decode
from mta_adapters.city.site import HttpSite
from mta_core.domain.errors import CheckFailed, SiteChanged, SiteUnreachable
from mta_core.domain.shifts import Token
from mta_core.ports.checks import HumanCheck

_ELSEWHERE = "Request error"
"""How the city says that its own captcha service does not answer it (contract 5)."""

_LONGEST_REASON = 200


@attrs.frozen
class HttpHumanCheck(HumanCheck):
    """Speaks Altcha v2, as the city does since Muc-42, by the site's own client.

    So the challenge, its verification and all that the token is shown for come from
    one address.
    """

    _site: HttpSite

    async def challenge(self) -> Mapping[str, Any]:
        """Get a challenge, without anything that would configure the widget."""
        match _read(await self._site.get_raw(Route.CHALLENGE), Route.CHALLENGE):
            case {"parameters": dict(parameters), "signature": str(signature)}:
                return {"parameters": parameters, "signature": signature}
            case {"meta": {"success": False, "error": str(said)}}:
                raise SiteUnreachable(_quoted("The city has no check to give", said))
            case _:
                raise SiteChanged(f"{Route.CHALLENGE.value}: no challenge of Altcha v2")

    async def verify(self, payload: str) -> Token:
        """Hand in a payload. Raises `CheckFailed`."""
        body = {"payload": payload}
        match _read(await self._site.post_raw(Route.VERIFY, body), Route.VERIFY):
            case {"meta": {"success": True}, "token": str(text)} if text:
                return Token(text)
            case {"meta": {"success": False, "error": str(said)}}:
                if said.startswith(_ELSEWHERE):
                    raise SiteUnreachable(_quoted("The city cannot judge it", said))
                raise CheckFailed(
                    "captchaVerificationFailed",
                    _quoted("The check was not accepted", said),
                )
            case _:
                raise SiteChanged(
                    f"{Route.VERIFY.value}: neither a token nor a refusal"
                )


def _read(body: bytes, route: Route) -> object:
    try:
        return decode(body)
    except NotJson as fault:
        complaint = str(fault)
    raise SiteChanged(f"{route.value}: {complaint}")


def _quoted(what: str, said: str) -> str:
    plain = said[:_LONGEST_REASON] if said.isprintable() else "no reason"
    return f"{what}: {plain}."
