"""The story: Amira subscribes, the city frees slots, MTA does the rest."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import attrs
import httpx

from mta_core.domain.accounts import Home, User
from mta_core.domain.availability import BERLIN
from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.calls import Call, CallRecord
from mta_core.domain.catalogue import ServiceSet
from mta_core.domain.notifications import Kind
from mta_core.domain.subscriptions import Hours, Mode, Wishes
from mta_entrypoints.cli import output
from mta_entrypoints.cli.container import CliContainer
from mta_entrypoints.cli.demo.stage import CITIZEN, Stage, choose
from mta_entrypoints.cli.demo.timeline import Timeline
from mta_entrypoints.cli.session import CHANNEL
from mta_entrypoints.cli.subscribe import CONSENT
from mta_practice import Practice

LOOK_EVERY = 0.02
PATIENCE = 90.0
HOME = Home(CHANNEL, "amira")

_T = TypeVar("_T")


@attrs.define
class Story:
    """Plays once. Every moment shown is the one that MTA or the city recorded."""

    container: CliContainer
    city: Practice
    timeline: Timeline
    seed: int

    async def play(self) -> bool:
        """Return whether the story came to its good end."""
        try:
            async with httpx.AsyncClient(base_url=self.city.url, timeout=10) as web:
                stage = await self._set()
                user = await self._subscribe(stage)
                released = await self._release(web, stage)
                booking = await self._book(user, released)
                await self._open_mail(web, user, booking)
        except TimeoutError:
            self.timeline.note("gave_up", f"nothing more came within {PATIENCE:.0f} s")
            return False
        self.timeline.outcome = "confirmed"
        return True

    async def _set(self) -> Stage:
        catalogue = await self.container.read_catalogue()()
        self.timeline.note(
            "catalogue",
            f"MTA reads the catalogue: {len(catalogue.services)} services, "
            f"{len(catalogue.offices)} offices",
        )
        return choose(catalogue, self.seed, self.container.clock().now())

    async def _subscribe(self, stage: Stage) -> User:
        user = await self.container.register()(HOME, agreed_to=CONSENT, contact=CITIZEN)
        await self.container.subscribe()(
            user.id,
            await self.container.read_catalogue()(),
            ServiceSet.of([stage.service.id]),
            wishes=Wishes(),
            mode=Mode.BOOK,
            mail_hours=Hours(),
        )
        self.timeline.note(
            "subscribed", f"Amira subscribes, book mode: {stage.service.name}"
        )
        return user

    async def _release(self, web: httpx.AsyncClient, stage: Stage) -> datetime:
        """Let MTA look once in vain, then have the city free slots."""
        self.timeline.waiting("MTA asks the city; nothing is free yet")

        async def asked() -> bool:
            ledger = (await web.get("/practice/ledger")).json()
            return any("available-calendar" in str(entry) for entry in ledger)

        await _until(asked)
        self.timeline.note("asked", "MTA has asked: nothing is free")
        answer = await web.post(
            "/practice/openings",
            json={
                "officeId": stage.office.id,
                "serviceId": stage.service.id,
                "starts": [int(start.timestamp()) for start in stage.starts],
            },
        )
        answer.raise_for_status()
        day = stage.starts[0].astimezone(BERLIN)
        released = self.timeline.note(
            "released",
            f"the city frees {len(stage.starts)} slots at {stage.office.name}, "
            f"from {day:%a %d %b %H:%M}",
        )
        self.timeline.waiting("one question every 6 s: MTA sees it with the next one")
        return released

    async def _book(self, user: User, released: datetime) -> Booking:
        """Watch MTA tell and book, up to the city's mail."""
        booking = await _until(lambda: self._booking(user, None))
        self.timeline.note("seen", "MTA sees the slots", booking.seen_at)
        told_at = await _until(lambda: self._told(user, Kind.BOOKING))
        self.timeline.note("told", "Amira is told: MTA books one for her", told_at)
        booking = await _until(lambda: self._booking(user, BookingState.PRECONFIRMED))
        calls = {call.call: call for call in await self._calls(booking)}
        reserve = calls[Call.RESERVE]
        for call in calls.values():
            milliseconds = (call.answered_at - call.sent_at).total_seconds() * 1000
            self.timeline.note(
                call.call.value,
                f"  {call.call.value}: the city answers within {milliseconds:.0f} ms",
                call.sent_at,
            )
        measure = self.timeline.measure
        measure("release_to_seen", released, booking.seen_at)
        measure("seen_to_message", booking.seen_at, told_at)
        measure("seen_to_reserve", booking.seen_at, reserve.sent_at)
        measure(
            "seen_to_preconfirmed", booking.seen_at, calls[Call.PRECONFIRM].answered_at
        )
        waited = sum(call.waited for call in calls.values()) * 1000
        self.timeline.latency_ms["waited_for_budget"] = round(waited, 1)
        self.timeline.note(
            "preconfirmed",
            f"reserved for Amira, number {booking.display_number}; the mail's link "
            f"works until {output.when(booking.open_by)}",
            calls[Call.PRECONFIRM].answered_at,
        )
        return booking

    async def _open_mail(
        self, web: httpx.AsyncClient, user: User, booking: Booking
    ) -> None:
        """Amira opens the link herself and says so; MTA looks."""
        self.timeline.waiting("the city's mail leaves with its next job")

        async def mail() -> dict[str, Any] | None:
            listed = (
                await web.get("/practice/mails", params={"to": CITIZEN.email})
            ).json()
            sent = [m for m in listed if m["kind"] == "activation" and m["sent_at"]]
            return sent[0] if sent else None

        link = (await _until(mail))["link"]
        self.timeline.note("mail", "the city's mail is there")
        await _click(web, self.city.api_url, link)
        clicked = self.timeline.note("opened", "Amira opens its link and says so")
        after = await self.container.follow_up().opened(booking.id, user.id)
        if after.state is not BookingState.CONFIRMED:
            raise TimeoutError
        confirmed = self.timeline.note("confirmed", "MTA looks: the city confirms it")
        told_at = await _until(lambda: self._told(user, Kind.CONFIRMED))
        self.timeline.note("told_confirmed", "Amira is told", told_at)
        self.timeline.measure("opened_to_confirmed", clicked, confirmed)

    async def _booking(self, user: User, state: BookingState | None) -> Booking | None:
        async with self.container.store().snapshot() as tx:
            listed = await tx.bookings.of(user.id)
        fit = [b for b in listed if state is None or b.state is state]
        return fit[-1] if fit else None

    async def _told(self, user: User, kind: Kind) -> datetime | None:
        """Return when a message of this kind was delivered."""
        async with self.container.store().snapshot() as tx:
            listed = await tx.notifications.of(user.id, 20)
        return next((n.delivered_at for n in listed if n.kind is kind), None)

    async def _calls(self, booking: Booking) -> list[CallRecord]:
        async with self.container.store().snapshot() as tx:
            return list(await tx.bookings.calls(booking.id))


async def _until(find: Callable[[], Awaitable[_T | None]]) -> _T:
    """Look again and again. Raises `TimeoutError` when patience ends."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if found := await find():
                return found
            await asyncio.sleep(LOOK_EVERY)


async def _click(web: httpx.AsyncClient, api: str, link: str) -> None:
    """Do what the city's page does when a person opens the link (contract 4)."""
    packed = urlsplit(link).fragment.rsplit("/", 1)[-1]
    keys = json.loads(base64.b64decode(packed + "=" * (-len(packed) % 4)))
    answer = await web.post(
        f"{api}/confirm-appointment/",
        json={"processId": keys["id"], "authKey": keys["authKey"]},
    )
    answer.raise_for_status()
