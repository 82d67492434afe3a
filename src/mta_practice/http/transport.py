"""A connection that the practice city can close without an answer."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

from mta_practice.http.sending import HANG_UP

#: HTTP/1.1 can end a connection at any point; that is all a fault needs.
_EXTENSIONS: Final = "extensions"


class HangUpProtocol(H11Protocol):
    """HTTP whose application finds the way to hang up among the extensions."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection in."""
        super().connection_made(transport)
        answer = self.app

        async def app(scope: Any, receive: Any, send: Any) -> None:
            known = scope.get(_EXTENSIONS) or {}
            scope[_EXTENSIONS] = {**known, HANG_UP: transport.close}
            await answer(scope, receive, send)

        self.app = app
