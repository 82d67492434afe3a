"""What the network said, beside what MTA makes of it."""

from __future__ import annotations

import time
from datetime import UTC
from email.utils import parsedate_to_datetime

import attrs
import httpx


@attrs.frozen
class Seen:
    """One answer of the city, or the fault that stood in its place.

    Attributes:
        before, after: the machine's time around the request, in epoch seconds.
        status: of HTTP; 0 without an answer.
        kind: the answer's media type.
        date: the city's time, in epoch seconds, if it told it.
        faults: what failed, the outermost first.
    """

    before: float
    after: float
    status: int = 0
    kind: str = ""
    date: float | None = None
    faults: tuple[BaseException, ...] = ()

    @property
    def ahead(self) -> float | None:
        """Seconds by which this machine's clock is ahead of the city's; None: unknown.

        Dates have whole seconds and answers take their time: what fits is 0.
        """
        if self.date is None:
            return None
        return max(self.before - self.date - 1, 0) + min(self.after - self.date, 0)


class Witness(httpx.AsyncHTTPTransport):
    """Sends requests as any client of MTA's does, and notes what came back."""

    def __init__(self) -> None:
        super().__init__(trust_env=False)  # no proxies, as everywhere
        self.seen: Seen | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send, note, and hand on."""
        before = time.time()
        try:
            response = await super().handle_async_request(request)
        except BaseException as fault:
            self.seen = Seen(before, time.time(), faults=tuple(_chain(fault)))
            raise
        self.seen = Seen(
            before,
            time.time(),
            status=response.status_code,
            kind=response.headers.get("Content-Type", "").partition(";")[0].strip(),
            date=_moment(response.headers.get("Date", "")),
        )
        return response


def _chain(fault: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while fault is not None and fault not in found:
        found.append(fault)
        fault = fault.__cause__ or fault.__context__
    return found


def _moment(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
