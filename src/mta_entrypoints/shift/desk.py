"""What stands between the page and the city: one person, one check, one shift."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from mta_core.domain.availability import BERLIN
from mta_core.domain.errors import IllegalTransition, MtaError
from mta_core.domain.notifications import Kind
from mta_core.domain.shifts import EXPIRED, RENEWED, Shift
from mta_core.ports.clock import Clock
from mta_core.ports.repository import UnitOfWork
from mta_core.use_cases.shifts import OpenShift

NEWS = frozenset({Kind.FOUND, Kind.BOOKING})
MOST_NEWS = 50
LOOK_EVERY = 1.0

_WHY: Mapping[str, str] = {
    EXPIRED: "Its time is over.",
    RENEWED: "You have opened another one.",
}
_TAKEN_BACK = "The city takes this check no more. Start another shift to go on."


@attrs.define
class Desk:
    """Serves one page.

    Attributes:
        watching: what the shift will watch, in lines for people.
        whose: for whom that is.
        shift: the shift, once the check is passed.
        trouble: what the city last said against it.
    """

    open_shift: OpenShift
    store: UnitOfWork
    clock: Clock
    user_id: UUID
    watching: tuple[str, ...]
    whose: str = ""
    shift: Shift | None = None
    trouble: str = ""

    async def challenge(self) -> Mapping[str, Any]:
        """Get a challenge: one for each click, and none once the check is passed.

        Raises:
            IllegalTransition: it is passed.
            SiteError: there is none to be had.
        """
        self._check_open()
        try:
            return await self.open_shift.challenge()
        except MtaError as error:
            self.trouble = str(error)
            raise

    async def hand_in(self, payload: str) -> Shift:
        """Hand in what the person made of it. Raises as `OpenShift` and `challenge`."""
        self._check_open()
        self.shift = await self.open_shift(self.user_id, payload)
        return self.shift

    async def wait_until_over(self, patience: float) -> Shift | None:
        """Wait for the shift's end; None if nobody passed the check in time.

        Args:
            patience: seconds for that.
        """
        give_up_at = self.clock.monotonic() + patience
        while self.shift is None:
            if self.clock.monotonic() >= give_up_at:
                return None
            await self.clock.sleep(LOOK_EVERY)
        while (shift := await self._again(self.shift)).lives(self.clock.now()):
            await self.clock.sleep(LOOK_EVERY)
        return shift

    async def state(self) -> dict[str, Any]:
        """Tell the page how it goes."""
        told: dict[str, Any] = {
            "watching": self.watching,
            "whose": self.whose,
            "trouble": self.trouble,
        }
        if self.shift is None:
            return {**told, "state": "waiting"}
        shift, now = await self._again(self.shift), self.clock.now()
        if not shift.lives(now):
            why = _WHY.get(shift.reason or EXPIRED, _TAKEN_BACK)
            text, state = f"The shift is over. {why}", "over"
        else:
            text, state = f"Shift open until {in_munich(shift.expires_at)}.", "open"
        return {**told, "state": state, "text": text, "more": await self._more(shift)}

    async def _more(self, shift: Shift) -> str:
        """Say what came of it so far."""
        if shift.trouble:
            return f"The city cannot be asked just now: {shift.trouble}"
        if shift.heard_at is None:
            return "Not asked yet. `mta up` asks for you: it must be running."
        found = await self._found(shift)
        times = "once" if shift.asked == 1 else f"{shift.asked} times"
        return (
            f"The city was asked {times}, the last time at {in_munich(shift.heard_at)}. "
            + (f"Messages to you: {found}." if found else "Nothing that suits so far.")
        )

    async def _found(self, shift: Shift) -> int:
        async with self.store.snapshot() as tx:
            notes = await tx.notifications.of(shift.user, MOST_NEWS)
        return sum(
            note.kind in NEWS and note.created_at >= shift.opened_at for note in notes
        )

    async def _again(self, shift: Shift) -> Shift:
        async with self.store.snapshot() as tx:
            return await tx.shifts.get(shift.id)

    def _check_open(self) -> None:
        if self.shift is not None:
            raise IllegalTransition("The check is passed already.")


def in_munich(moment: datetime) -> str:
    """Write the time of day, to the second."""
    return moment.astimezone(BERLIN).strftime("%H:%M:%S")
