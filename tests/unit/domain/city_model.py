"""The city's side of one booking, by the rules of contract 4: a model for stories."""

from __future__ import annotations

from datetime import datetime

import attrs

from mta_core.domain.availability import Slot
from mta_core.domain.calls import Call, CityAppointment, CityStatus
from mta_core.domain.errors import (
    RateLimited,
    Refused,
    SiteChanged,
    SiteError,
    SiteSilent,
    SiteUnreachable,
    SlotGone,
    UnknownAppointment,
)
from tests.unit.domain.builders import HELD, MINUTE

RESERVATION, ACTIVATION = 15 * MINUTE, 30 * MINUTE
FATES = (
    "answered",
    "refused",
    "refused after the change",
    "unreachable",
    "rate limited",
    "silent, executed",
    "silent, not executed",
    "changed",
    "crash before",
    "crash after",
)
"""What may become of a call on its way."""

LIVE = {CityStatus.RESERVED, CityStatus.PRECONFIRMED, CityStatus.CONFIRMED}


@attrs.define
class ModelCity:
    """One process of the city at most: a booking holds no more at a time.

    Attributes:
        status: None while there is no row, or no row any more.
        ever_mailed: it has sent its mail.
        ever_confirmed: the citizen's link was opened in time.
    """

    status: CityStatus | None = None
    reserved_at: datetime | None = None
    start: datetime | None = None
    ever_mailed: bool = False
    ever_confirmed: bool = False
    taken: set[Slot] = attrs.field(factory=set)

    @property
    def lapses_at(self) -> datetime | None:
        """When the job deletes the row: a minute late at most (contract 8)."""
        if self.reserved_at is None:
            return None
        if self.status is CityStatus.RESERVED:
            return self.reserved_at + RESERVATION + MINUTE
        if self.status is CityStatus.PRECONFIRMED:
            return self.reserved_at + ACTIVATION + MINUTE
        return None

    def job(self, now: datetime) -> None:
        if self.lapses_at is not None and now >= self.lapses_at:
            self.status = None

    def opens_link(self) -> None:
        if self.status is CityStatus.PRECONFIRMED:
            self.status = CityStatus.CONFIRMED
            self.ever_confirmed = True

    def cancelled_by_citizen(self) -> None:
        if self.status in {CityStatus.PRECONFIRMED, CityStatus.CONFIRMED}:
            self.status = CityStatus.DELETED

    def meets(
        self, fate: str, call: Call, slot: Slot, now: datetime
    ) -> CityAppointment | SiteError | None:
        """Act as far as a call gets through; None: nobody hears of it."""
        errors: dict[str, SiteError] = {
            "unreachable": SiteUnreachable(),
            "rate limited": RateLimited(),
            "silent, not executed": SiteSilent(),
        }
        if fate in errors:
            return errors[fate]
        if fate == "crash before":
            return None
        # The city refuses what changes something; it always lets its holder look, and
        # cancel until the appointment begins (contract 4).
        if fate == "refused" and call not in {Call.LOOK, Call.CANCEL}:
            return Refused("internal rule")
        result = self.answer(call, slot, now)
        if fate == "refused after the change" and call is Call.PRECONFIRM:
            return Refused("emailIsRequired")
        if fate == "crash after":
            return None
        silent = {"silent, executed": SiteSilent(), "changed": SiteChanged()}
        return silent.get(fate, result)

    def answer(
        self, call: Call, slot: Slot, now: datetime
    ) -> CityAppointment | SiteError:
        """Execute a call, or refuse it."""
        if call is Call.RESERVE:
            return self._reserve(slot, now)
        if self.status not in LIVE:
            return UnknownAppointment("appointmentNotFound")
        if call is Call.PRECONFIRM:
            return self._preconfirm()
        if call is Call.CANCEL:
            return self._cancel(now)
        return self._appointment()

    def _reserve(self, slot: Slot, now: datetime) -> CityAppointment | SiteError:
        if slot.start <= now:
            return Refused("invalidTimestamp")
        if slot in self.taken:
            return SlotGone("appointmentNotAvailable")
        self.status, self.reserved_at, self.start = CityStatus.RESERVED, now, slot.start
        return self._appointment()

    def _preconfirm(self) -> CityAppointment | SiteError:
        if self.status is not CityStatus.RESERVED:
            return Refused("processNotReservedAnymore")
        self.status = CityStatus.PRECONFIRMED
        self.ever_mailed = True
        return self._appointment()

    def _cancel(self, now: datetime) -> CityAppointment | SiteError:
        if self.start is not None and self.start <= now:
            return Refused("appointmentCanNotBeCanceled")
        reserved = self.status is CityStatus.RESERVED
        self.status = CityStatus.BLOCKED if reserved else CityStatus.DELETED
        return self._appointment()

    def _appointment(self) -> CityAppointment:
        assert self.status is not None
        return CityAppointment(HELD, self.status, "M0042")
