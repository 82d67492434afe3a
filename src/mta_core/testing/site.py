"""A city that does what a test's script says, by the rules of the real one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Literal, TypeVar

import attrs

from mta_core.domain.availability import Calendar, Probe, Slot
from mta_core.domain.calls import CityAppointment, CityStatus, Held
from mta_core.domain.catalogue import Catalogue, OfficeId, ServiceSet
from mta_core.domain.errors import (
    CheckNeeded,
    Refused,
    SiteSilent,
    SlotGone,
    UnknownAppointment,
)
from mta_core.domain.shifts import TOKEN_LIFE, Token
from mta_core.polling.pace import Counter
from mta_core.ports.clock import Clock
from mta_core.ports.site import Details, SiteGateway
from mta_core.testing._city import Process, calendar_of

SiteCall = Literal[
    "catalogue", "calendar", "reserve", "update", "preconfirm", "cancel", "appointment"
]
When = Literal["before", "after"]

DEALLOCATION = timedelta(minutes=15)
"""How long the city keeps the slot of a cancelled appointment (contract 8)."""

_FIRST_PROCESS = 100_001

T = TypeVar("T")


@attrs.frozen
class Called:
    """A line of the ledger: what was asked of the city, when, about what, and how."""

    call: SiteCall
    at: datetime
    about: object = None
    token: Token | None = None


@attrs.define
class _Fault:
    call: SiteCall
    error: BaseException
    when: When
    left: int | None


@attrs.define(eq=False)
class ScriptedSite(SiteGateway):
    """A programmable city.

    Slots are free or not as they stand, for their very set of services; there is no
    grid. What has lapsed is gone on the moment, not at the next minute's job.

    Attributes:
        city: what the city offers.
        latency: seconds that each call takes; it has its effect at their end.
        left: what the city's counter shows from now on; None is "never told".
        calls: the ledger, in the order of sending.
        free: the slots that can be had.
        processes: every appointment ever made, by process id.
        mailed: the process ids to which the city sent its mail, in order.
    """

    city: Catalogue
    _clock: Clock
    latency: float = attrs.field(default=0.0, kw_only=True)
    left: int | None = attrs.field(default=None, kw_only=True)
    calls: list[Called] = attrs.field(factory=list, init=False)
    free: set[Slot] = attrs.field(factory=set, init=False)
    processes: dict[int, Process] = attrs.field(factory=dict, init=False)
    mailed: list[int] = attrs.field(factory=list, init=False)
    _admitted: dict[Token, datetime] = attrs.field(factory=dict, init=False)
    _painted: set[tuple[OfficeId, date]] = attrs.field(factory=set, init=False)
    _returning: list[tuple[datetime, Slot]] = attrs.field(factory=list, init=False)
    _faults: list[_Fault] = attrs.field(factory=list, init=False)
    _answered_at: datetime | None = attrs.field(default=None, init=False)

    # The script

    def release(self, *slots: Slot) -> None:
        """Make slots free."""
        self.free.update(slots)

    def take(self, *slots: Slot) -> None:
        """Let somebody else have slots."""
        self.free.difference_update(slots)

    def paint(self, office: OfficeId, *days: date) -> None:
        """List days as bookable that have no times (contract 1.2: not verified)."""
        self._painted.update((office, day) for day in days)

    def fail(
        self,
        call: SiteCall,
        error: BaseException,
        when: When = "before",
        times: int | None = 1,
    ) -> None:
        """Let the next calls of a kind raise this, before or after their effect.

        Args:
            times: how many calls; None is all until `heal`.
        """
        self._faults.append(_Fault(call, error, when, times))

    def heal(self) -> None:
        """Forget all faults that were asked for."""
        self._faults.clear()

    def confirm(self, process_id: int) -> None:
        """Let the citizen open the link in the city's mail.

        Raises:
            UnknownAppointment: the time to open it is over.
            Refused: it was not sent, or the appointment is confirmed or cancelled.
        """
        self._let_lapse()
        process = self.processes.get(process_id)
        if process is None or process.lapsed:
            raise UnknownAppointment("appointmentNotFound")
        if process.status is not CityStatus.PRECONFIRMED:
            raise Refused("processNotPreconfirmedAnymore")
        self._keep(attrs.evolve(process, status=CityStatus.CONFIRMED))

    def withdraw(self, process_id: int) -> None:
        """Let the citizen cancel by the link in the city's mail.

        Raises:
            UnknownAppointment: it is cancelled already, or was never confirmed in time.
        """
        self._let_lapse()
        self._cancel(self._find_live(self.processes[process_id].held))

    def admit(self, token: Token, life: timedelta = TOKEN_LIFE) -> Token:
        """Let a token open the offices behind a human check from now on."""
        self._admitted[token] = self._clock.now() + life
        return token

    def asked(self, call: SiteCall) -> list[Called]:
        """The ledger's lines of one kind."""
        return [line for line in self.calls if line.call == call]

    # The gateway

    async def catalogue(self) -> Catalogue:
        """Read all services, offices and offers."""
        return await self._answer("catalogue", None, lambda: self.city)

    async def calendar(self, probe: Probe, token: Token | None = None) -> Calendar:
        """Answer as the city would (contract 1.2)."""
        return await self._answer(
            "calendar", probe, lambda: self._calendar(probe, token), token
        )

    async def reserve(self, slot: Slot, token: Token | None = None) -> CityAppointment:
        """Hold a slot."""
        return await self._answer(
            "reserve", slot, lambda: self._reserve(slot, token), token
        )

    async def update(self, held: Held, details: Details) -> CityAppointment:
        """Take the citizen's details."""
        return await self._answer("update", held, lambda: self._update(held, details))

    async def preconfirm(self, held: Held) -> CityAppointment:
        """Send the city's mail."""
        return await self._answer("preconfirm", held, lambda: self._preconfirm(held))

    async def cancel(self, held: Held) -> CityAppointment:
        """Give an appointment back."""
        return await self._answer(
            "cancel", held, lambda: self._cancel(self._find_live(held)).public()
        )

    async def appointment(self, held: Held) -> CityAppointment:
        """Look at an appointment."""
        return await self._answer(
            "appointment", held, lambda: self._find(held).public()
        )

    def counter(self) -> Counter | None:
        """Return what the script says, as of the last answer."""
        if self.left is None or self._answered_at is None:
            return None
        return Counter(self.left, self._answered_at)

    # Inside

    async def _answer(
        self,
        call: SiteCall,
        about: object,
        do: Callable[[], T],
        token: Token | None = None,
    ) -> T:
        self.calls.append(Called(call, self._clock.now(), about, token))
        await self._clock.sleep(self.latency)
        self._break(call, "before")
        self._let_lapse()
        try:
            answer = do()
        finally:
            # An answer that gets lost is lost, whatever it said.
            self._break(call, "after")
            self._answered_at = self._clock.now()
        return answer

    def _break(self, call: SiteCall, when: When) -> None:
        for fault in self._faults:
            if (fault.call, fault.when) == (call, when) and fault.left != 0:
                fault.left = None if fault.left is None else fault.left - 1
                raise fault.error

    def _let_lapse(self) -> None:
        now = self._clock.now()
        for process in list(self.processes.values()):
            if process.overdue(now):
                self._keep(attrs.evolve(process, lapsed=True))
                self.free.add(process.slot)
        self.free.update(slot for at, slot in self._returning if at <= now)
        self._returning = [(at, slot) for at, slot in self._returning if at > now]

    def _check_offered(
        self, services: ServiceSet, offices: Iterable[OfficeId], token: Token | None
    ) -> None:
        """Refuse what the city refuses, in its order (contract 2.1)."""
        asked = set(offices)
        if not asked:
            raise Refused("invalidOfficeId")
        if any(self._is_checked(office) for office in asked):
            self._check_token(token)
        if not asked <= self.city.offering(services):
            raise Refused("invalidLocationAndServiceCombination")

    def _is_checked(self, office: OfficeId) -> bool:
        """Whether the office's own scope asks; the API ignores its peers (5)."""
        known = self.city.offices.get(office)
        return known is not None and known.terms is not None and known.terms.checked

    def _check_token(self, token: Token | None) -> None:
        if token is None:
            raise CheckNeeded("captchaMissing")
        if token not in self._admitted:
            raise CheckNeeded("captchaInvalid")
        if self._clock.now() >= self._admitted[token]:
            raise CheckNeeded("captchaExpired")

    def _calendar(self, probe: Probe, token: Token | None) -> Calendar:
        self._check_offered(probe.services, probe.offices, token)
        return calendar_of(probe, self.free, self._painted, self._clock.now())

    def _reserve(self, slot: Slot, token: Token | None) -> CityAppointment:
        now = self._clock.now()
        if slot.start <= now:
            raise Refused("invalidTimestamp")
        self._check_offered(slot.services, [slot.office], token)
        terms = self.city.office(slot.office).terms
        if slot not in self.free or terms is None:
            raise SlotGone("appointmentNotAvailable")
        self.free.remove(slot)
        process = Process(_FIRST_PROCESS + len(self.processes), slot, terms, now)
        return self._keep(process).public()

    def _update(self, held: Held, details: Details) -> CityAppointment:
        told = self._find_live(held).told(details)
        told.check_mail_limit(self.processes.values())
        return self._keep(told).public()

    def _preconfirm(self, held: Held) -> CityAppointment:
        process = self._find(held)
        # The real gateway cannot tell these from a first try that went through.
        if process.status is not CityStatus.RESERVED:
            raise SiteSilent("processNotReservedAnymore")
        process.check_mail_limit(self.processes.values())
        done = self._keep(attrs.evolve(process, status=CityStatus.PRECONFIRMED))
        if not done.email and done.terms.email.required:
            raise SiteSilent("emailIsRequired")
        if done.email and done.terms.email_from:
            self.mailed.append(done.id)
        return done.public()

    def _cancel(self, process: Process) -> Process:
        now = self._clock.now()
        if process.slot.start <= now:
            raise Refused("appointmentCanNotBeCanceled")
        ended = self._keep(process.cancelled())
        kept_for = DEALLOCATION if ended.status is CityStatus.DELETED else timedelta(0)
        self._returning.append((now + kept_for, process.slot))
        return ended

    def _find(self, held: Held) -> Process:
        process = self.processes.get(held.process_id)
        if process is None or process.lapsed:
            raise UnknownAppointment("appointmentNotFound")
        if process.held != held:
            raise UnknownAppointment("authKeyMismatch")
        return process

    def _find_live(self, held: Held) -> Process:
        process = self._find(held)
        if not process.live:
            raise UnknownAppointment("appointmentNotFound")
        return process

    def _keep(self, process: Process) -> Process:
        self.processes[process.id] = process
        return process
