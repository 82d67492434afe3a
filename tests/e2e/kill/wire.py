"""The wire between MTA and the city, watched and disturbed from MTA's end."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import httpx

from tests.e2e.kill.moments import Moments


@attrs.frozen
class WatchedTransport(httpx.AsyncBaseTransport):
    """Comes to a moment on both sides of every call to the city.

    Attributes:
        refused: the first calls of these routes meet a port where nobody listens.
    """

    inner: httpx.AsyncBaseTransport
    moments: Moments
    nobody: int
    refused: list[str]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it, and have the whole answer before anybody hears of it."""
        route = request.url.path.rstrip("/").rpartition("/")[2]
        if route in self.refused:
            self.refused.remove(route)
            request.url = request.url.copy_with(port=self.nobody)
        what = f"{request.method} {route}"

        async def trace(event: str, _info: object) -> None:
            if event.endswith("send_request_body.complete"):
                self.moments.come(f"sent {what}")

        request.extensions = {**request.extensions, "trace": trace}
        self.moments.come(f"before {what}")
        try:
            response = await self.inner.handle_async_request(request)
            await response.aread()
        finally:
            self.moments.come(f"after {what}")
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self.inner.aclose()


@attrs.define
class Rival(httpx.AsyncBaseTransport):
    """Somebody else takes the first slot that MTA wants, just before it does.

    Attributes:
        wire: how the rival speaks to the city.
        noted: where the rival's appointment is written down.
    """

    inner: httpx.AsyncBaseTransport
    wire: httpx.AsyncBaseTransport
    noted: Path

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it, after the rival's own."""
        if "reserve-appointment" in request.url.path and not self.noted.exists():
            headers = {**request.headers, "User-Agent": "somebody else"}
            theirs = httpx.Request(
                "POST", request.url, headers=headers, content=request.content
            )
            answer = await self.wire.handle_async_request(theirs)
            body = json.loads(await answer.aread())
            self.noted.write_text(str(body["processId"]))
        return await self.inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.inner.aclose()
