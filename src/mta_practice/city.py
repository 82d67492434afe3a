"""The practice city: its parts joined, its routes as plain methods.

No HTTP here: every method takes what a request carries, gives the body of the
city's answer and raises `Refusal` or `ServerFault`. Each call is one step that
nothing interrupts; `look_up` and `reserve` are two, because the real city can be
overtaken between them.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import Final

from mta_practice.appointments import Book
from mta_practice.calendar import Need, Search, Span, answer, slots_window
from mta_practice.catalogue import Wire, read_catalogue
from mta_practice.clock import (
    PracticeClock,
    SteppedClock,
    SystemClock,
    clock_from,
    fast_clock,
)
from mta_practice.compact import compact_catalogue
from mta_practice.contact import contact, contact_errors
from mta_practice.counter import RequestCounter
from mta_practice.desk import Desk, Offer
from mta_practice.errors import PracticeError, Refusal
from mta_practice.faults import Faults
from mta_practice.human import HumanCheck
from mta_practice.jobs import MinuteJobs
from mta_practice.ledger import Ledger
from mta_practice.mails import Mailroom
from mta_practice.numbers import whole
from mta_practice.openings import open_slots, read_opening
from mta_practice.programme import Living
from mta_practice.settings import PracticeSettings
from mta_practice.stock import Stock
from mta_practice.validation import (
    CalendarAsk,
    calendar_ask,
    identity,
    identity_errors,
    reserve_ask,
)
from mta_practice.wire import thinned_process

#: Base of mail links where nobody said under which address the city is served.
_NOWHERE: Final = "http://127.0.0.1"

#: Longest step of a stepped clock, in seconds: every minute of it is run through.
_LONGEST_STEP: Final = 366 * 86_400

#: How long a city with a programme has already lived when it is opened, in seconds.
_WARM_UP: Final = 3 * 3600

Body = Mapping[str, object]


class City:
    """One practice city with its own stock, appointments, mails and clock."""

    def __init__(self, settings: PracticeSettings) -> None:
        self.settings = settings
        self.clock = _clock(settings)
        wire = settings.catalogue
        self.catalogue = read_catalogue(compact_catalogue() if wire is None else wire)
        self.human = HumanCheck(settings.human, self.clock, settings.seed)
        self.faults = Faults()
        self.maintenance = settings.maintenance
        self.soft_ban = False
        self.stock = Stock()
        self.book = Book(random.Random(settings.seed))
        self.mailroom = Mailroom()
        self.counter = RequestCounter(settings.request_limit, settings.counter_seconds)
        self.ledger = Ledger()
        begin = self.clock.now() - (_WARM_UP if settings.programme else 0)
        self.living = (
            Living(self.catalogue, self.stock, settings.seed, begin)
            if settings.programme
            else None
        )
        self.jobs = MinuteJobs(
            self.book,
            self.stock,
            self.mailroom,
            settings.job_period,
            begin,
            self.living,
        )
        self._desk = Desk(
            self.catalogue,
            self.stock,
            self.book,
            self.mailroom,
            settings.public_url or _NOWHERE,
        )

    def catch_up(self) -> float:
        """Run the minute jobs that are due and give the present (epoch seconds)."""
        now = self.clock.now()
        self.jobs.catch_up(now)
        return now

    def advance(self, seconds: float) -> float:
        """Move a stepped clock on, running the jobs due in between, in order.

        Raises:
            PracticeError: the city runs on the machine's time, or *seconds* is
                negative or longer than a year.
        """
        if not isinstance(self.clock, SteppedClock):
            raise PracticeError("the practice city runs on real time, not --stepped")
        if not 0 <= seconds <= _LONGEST_STEP:
            raise PracticeError(f"advance must be from 0 to {_LONGEST_STEP} seconds")
        self.clock.advance(seconds)
        return self.catch_up()

    def offices_and_services(self) -> Wire:
        """Answer the catalogue."""
        return self.catalogue.wire

    def available_calendar(self, query: Mapping[str, str], address: str) -> Wire:
        """Answer the calendar (contract 1.2)."""
        now = self.catch_up()
        asked = query.get("officeIds", "").split(",")
        token = query.get("captchaToken")
        ask = calendar_ask(query, self._human_error(asked, token, address))
        horizon = Span(ask.start, ask.end)
        if not all(
            self.catalogue.offers(office_id, ask.wish.service_ids)
            for office_id in ask.office_ids
        ):
            raise Refusal("invalidLocationAndServiceCombination")
        window = slots_window(horizon, ask.slots_start, ask.slots_end)
        shown = Stock() if self.soft_ban else self.stock  # 200, and nothing free
        return answer(Search(horizon, window, self._needs(ask)), shown, now)

    def look_up(self, body: Body, address: str) -> Offer:
        """Check a wish to reserve and find its slots: the first half of reserve."""
        now = self.catch_up()
        asked, token = [body.get("officeId")], body.get("captchaToken")
        human_error = self._human_error(asked, token, address)
        return self._desk.find(reserve_ask(body, human_error, now))

    def reserve(self, offer: Offer) -> Wire:
        """Insert the reservation: the second half of reserve."""
        now = self.catch_up()
        return thinned_process(self._desk.reserve(offer, now), self.catalogue)

    def update(self, body: Body, citizen: str | None = None) -> Wire:
        """Write contact data; *citizen* is the id of who is logged in, if any."""
        self.catch_up()
        data = contact(body)
        errors = identity_errors(body)
        if errors:  # nothing to look up: the rules of the scope stay out of it
            raise Refusal(*errors, *contact_errors(data, None))
        item = self._desk.update(identity(body, citizen), data)
        return thinned_process(item, self.catalogue)

    def preconfirm(self, body: Body, citizen: str | None = None) -> Wire:
        """Preconfirm a reservation."""
        item = self._desk.preconfirm(identity(body, citizen), self.catch_up())
        return thinned_process(item, self.catalogue)

    def confirm(self, body: Body, address: str, citizen: str | None = None) -> Wire:
        """Confirm an appointment; hands out a fresh token for *address*."""
        item = self._desk.confirm(identity(body, citizen), self.catch_up())
        return thinned_process(item, self.catalogue, self.human.issue(address))

    def cancel(self, body: Body, citizen: str | None = None) -> Wire:
        """Cancel an appointment."""
        item = self._desk.cancel(identity(body, citizen), self.catch_up())
        return thinned_process(item, self.catalogue)

    def appointment(
        self, query: Mapping[str, str], address: str, citizen: str | None = None
    ) -> Wire:
        """Show an appointment; hands out a fresh token for *address*."""
        self.catch_up()
        item = self.book.read(identity(query, citizen))
        return thinned_process(item, self.catalogue, self.human.issue(address))

    def my_appointments(
        self, query: Mapping[str, str], citizen: str
    ) -> list[Mapping[str, object]]:
        """Show the confirmed appointments of a citizen; ``filterId`` picks one."""
        self.catch_up()
        wanted = whole(query.get("filterId"))
        return [
            thinned_process(item, self.catalogue)
            for item in self.book.confirmed_of(citizen)
            if wanted in (None, item.process_id)
        ]

    def open(self, body: object) -> Wire:
        """Release slots by hand; raises `PracticeError`."""
        now = self.catch_up()
        opening = read_opening(body, self.catalogue, now)
        return {
            "officeId": opening.office.id,
            "serviceId": opening.service_id,
            "slotTimeInMinutes": opening.office.slot_seconds // 60,
            "slotsPerStart": opening.slots_per_start,
            "freed": open_slots(opening, self.stock, self.book),
        }

    def _human_error(
        self, office_ids: Iterable[object], token: object, address: str
    ) -> str | None:
        """Give what fails where any of the offices demands the human check."""
        if not any(self.catalogue.needs_human(whole(item) or 0) for item in office_ids):
            return None
        return self.human.verdict(None if token is None else str(token), address)

    def _needs(self, ask: CalendarAsk) -> tuple[Need, ...]:
        """Give the asked offices that can be searched.

        Raises:
            Refusal: none has a scope (``noAppointmentForThisScope``).
        """
        offices = [self.catalogue.offices[office_id] for office_id in ask.office_ids]
        needs = [
            Need(office, self.catalogue.slots_needed(office.id, ask.wish.counts))
            for office in offices
            if office.scope is not None
        ]
        if not needs:
            raise Refusal("noAppointmentForThisScope")
        return tuple(need for need in needs if need.slots > 0)


def _clock(settings: PracticeSettings) -> PracticeClock:
    if settings.clock is not None:
        return settings.clock
    if settings.clock_file is not None:
        return clock_from(settings.clock_file, settings.start, settings.speed)
    if settings.stepped:
        start = SystemClock().now() if settings.start is None else settings.start
        return SteppedClock(start)
    if settings.speed != 1:
        return fast_clock(settings.start, settings.speed)
    return SystemClock()
