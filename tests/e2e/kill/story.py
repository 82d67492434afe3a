"""One story: an opening, a booking, and somebody who kills MTA in the middle of it."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import attrs
import httpx

from mta_core.domain.bookings import Booking, BookingState
from tests.e2e.kill.books import Books
from tests.e2e.kill.cast import Cast
from tests.e2e.kill.moments import Moment, noted
from tests.e2e.kill.plans import Outcome, Plan, Plot
from tests.e2e.kill.plots import AT_ONCE, DEEDS, UNOPENED, act, done, wanted
from tests.e2e.kill.quiet import at_rest, span
from tests.e2e.kill.rest import settled, sound, unlapsed, without_need
from tests.e2e.kill.rules import always
from tests.e2e.kill.stage import EARLY, LATE, Scene, Stage

PATIENCE = 60.0
"""Seconds of the machine that a story may take; it takes about one."""

BEAT = 0.015
MINUTE = timedelta(minutes=1)
LAPSED = timedelta(minutes=70)
"""So much later nothing lives at the city that nobody has confirmed."""

MOST_OFFERS = 5

_TRY_AGAIN = {httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE}

SEEN_WITH = 2
"""Questions to the city after which whatever is free and suits was seen."""


async def play(stage: Stage, plan: Plan, name: str) -> Outcome:
    """Play a story to its end, and compare the books on the way and after it."""
    async with stage.scene(name) as scene:
        return await _Playing(scene, plan, Cast(scene, plan)).play()


@attrs.define
class _Playing:
    """A story under way."""

    scene: Scene
    plan: Plan
    cast: Cast
    acts: Counter[Any] = attrs.field(factory=Counter)
    clicked: set[int] = attrs.field(factory=set)
    wrong: dict[str, None] = attrs.field(factory=dict)
    left: int = 0
    offers: int = 0
    anew: int = 0
    offered_at: datetime | None = None

    async def play(self) -> Outcome:
        """Play it."""
        started = time.monotonic()
        await self._offer(LATE, self.plan.slots)
        if self.plan.plot in AT_ONCE:
            await self._begin()
        while (rest := await self._beat()) is None:
            if time.monotonic() - started > PATIENCE or self.cast.trouble:
                self._note(*self.cast.trouble, "it came to no end")
                rest = await self.scene.books()
                break
            await asyncio.sleep(BEAT)
        self.scene.end_all()
        self._note(*sound(self.scene.database))
        self._note(*settled(rest), *unlapsed(await self._lapse(rest)))
        if self.plan.only_kills:
            self._note(*without_need(rest))
        return self._outcome(rest, time.monotonic() - started)

    async def _lapse(self, rest: Books) -> Books:
        """Let lapse what nobody has the keys of; return the books of after that."""
        if not rest.ours.forgotten and not rest.ours.orphans(rest.at):
            return rest
        self.left = len(rest.theirs.live) if rest.ours.forgotten else 0
        self.scene.clock.leave_out(LAPSED)
        return await self.scene.books()

    async def _beat(self) -> Books | None:
        """Let everybody do what is theirs; return the books once the story is over."""
        self.cast.tend(alone=self._waits_for_command())
        books = await self.scene.books()
        self._note(*always(books))
        rests = at_rest(books) and not self.cast.others
        if rests and self.cast.begun and done(self.plan.plot, books):
            return books
        if not self.cast.begun and wanted(self.plan.plot, books):
            await self._begin()
            return None
        await self._act(books)
        await self._pass_time(books, rests=rests)
        return None

    async def _pass_time(self, books: Books, *, rests: bool) -> None:
        """Let time run ahead, as far as nobody would do anything."""
        living = self.cast.living
        if not living or not all(process.ready for process in living):
            return
        if self.cast.up and rests and self._questions(books) >= SEEN_WITH:
            await self._offer_anew(books)
        alive_since = min(process.since for process in living)
        self.scene.clock.leave_out(span(books, alive_since))

    async def _begin(self) -> None:
        """The plot begins: from here on things go wrong."""
        self.cast.begun = True
        self.cast.end_up()
        for fault in self.plan.faults:
            await self.scene.arm(fault)
        if self.plan.plot is Plot.SWAP:
            await self._offer(EARLY)
        if self.plan.plot is Plot.DAY:
            self.scene.clock.leave_out(LATE - MINUTE - self.scene.clock.now())

    # Citizens

    async def _act(self, books: Books) -> None:
        """Citizens open their mails and say so, and do what the plot has them do."""
        if self.plan.plot not in UNOPENED:
            await self._open_mails(books)
        for booking in books.ours.bookings:
            if self._says_so(booking) and not self.acts[booking.id]:
                self.acts[booking.id] += 1
                self.cast.join("opened", booking.id, booking.user)
        deed = act(self.plan.plot, books, self.acts) if self.cast.begun else None
        if deed and not self.cast.others:
            self.acts[self.plan.plot] += 1
            self.cast.join(*deed)

    async def _open_mails(self, books: Books) -> None:
        """Open every mail when it is time, again if the city is too busy."""
        for mail in books.theirs.mails:
            known = mail["kind"] != "activation" or mail["processId"] in self.clicked
            opens_at = datetime.fromisoformat(mail["queued_at"]) + self.plan.opens_after
            if known or books.at < opens_at:
                continue
            if await self.scene.confirm(_keys(mail)) not in _TRY_AGAIN:
                self.clicked.add(mail["processId"])

    def _says_so(self, booking: Booking) -> bool:
        known = booking.held is not None and booking.held.process_id in self.clicked
        waits = booking.state is BookingState.PRECONFIRMED
        return self.plan.say_so and known and waits and not booking.release

    def _waits_for_command(self) -> bool:
        """Whether a citizen's first command is to come, and to have MTA for itself."""
        plot = self.plan.plot
        first = self.cast.begun and plot in DEEDS and not self.acts[plot]
        return self.plan.alone and (first or bool(self.cast.others))

    # The city

    async def _offer(self, first: datetime, count: int = 1) -> None:
        await self.scene.free(first + self.offers * timedelta(hours=1), count)
        self.offers += 1
        self.offered_at = self.scene.clock.now()

    async def _offer_anew(self, books: Books) -> None:
        """What was lost is offered anew, once nothing lost can live any more."""
        if self.offers >= MOST_OFFERS:
            return
        if alive := [b.orphan_until for b in books.ours.orphans(books.at)]:
            last = max(until for until in alive if until)
            self.scene.clock.leave_out(last + MINUTE - books.at)
        self.anew += 1
        swaps = self.plan.plot is Plot.SWAP and self.cast.begun
        await self._offer(EARLY if swaps else LATE)

    def _questions(self, books: Books) -> int:
        """Count what the present `mta up` has asked since the last offer."""
        since = max(
            self.offered_at or books.at,
            self.cast.up.since if self.cast.up else books.at,
        )
        return sum(
            "available-calendar" in seen["route"]
            and datetime.fromisoformat(seen["at"]) > since
            for seen in books.theirs.ledger
        )

    # The end

    def _note(self, *violations: str) -> None:
        self.wrong.update(dict.fromkeys(violations))

    def _outcome(self, books: Books, seconds: float) -> Outcome:
        logs: dict[str, list[Sequence[Moment]]] = {}
        for order in self.cast.orders:
            logs.setdefault(order.command, []).append(noted(order.log))
            if "Traceback" in (said := order.output()):
                self._note(f"{order.name} said: {said.strip().splitlines()[-1]}")
        return Outcome(
            plan=self.plan,
            died=tuple(self.cast.died),
            violations=tuple(self.wrong),
            bookings=tuple(b.state for b in books.ours.bookings),
            answers=tuple((call.call, call.answer) for call in books.ours.calls),
            orphans=self.left
            + sum(b.orphan_until is not None for b in books.ours.bookings),
            anew=self.anew,
            moments=logs,
            seconds=seconds,
        )


def _keys(mail: Mapping[str, Any]) -> Any:
    packed = mail["link"].rsplit("/", 1)[-1]
    return json.loads(base64.b64decode(packed + "=" * (-len(packed) % 4)))
