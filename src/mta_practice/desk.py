"""The city's counter: everything that changes an appointment (contract 4)."""

from __future__ import annotations

from typing import Final

import attrs

from mta_practice.appointments import LIVE, Appointment, Book, End, State
from mta_practice.catalogue import Catalogue, Office
from mta_practice.contact import Contact, contact_errors
from mta_practice.errors import Overtaken, Refusal
from mta_practice.mails import Mail, MailKind, Mailroom, link
from mta_practice.stock import Stock
from mta_practice.validation import Identity, ReserveAsk
from mta_practice.wire import calendar_entry

_CONFIRMABLE: Final = frozenset({State.RESERVED, State.PRECONFIRMED})


@attrs.frozen
class Offer:
    """Free slots found for a wish, but not yet taken."""

    office: Office
    ask: ReserveAsk
    slots: tuple[int, ...]


@attrs.frozen
class Desk:
    """Find, reserve, change and cancel; *base_url* begins the links in mails.

    All methods take the present as epoch *now* and raise `Refusal` with the city's
    own error.
    """

    catalogue: Catalogue
    stock: Stock
    book: Book
    mailroom: Mailroom
    base_url: str

    def find(self, ask: ReserveAsk) -> Offer:
        """Find the slots for *ask*; ``appointmentNotAvailable`` if there are none."""
        if not self.catalogue.offers(ask.office_id, ask.wish.service_ids):
            raise Refusal("invalidLocationAndServiceCombination")
        office = self.catalogue.offices[ask.office_id]
        needed = self.catalogue.slots_needed(office.id, ask.wish.counts)
        slots = self.stock.chain(office.id, ask.timestamp, needed, office.slot_seconds)
        if slots is None:
            raise Refusal("appointmentNotAvailable")
        return Offer(office, ask, slots)

    def reserve(self, offer: Offer, now: float) -> Appointment:
        """Insert the reservation of an offer found before.

        Raises:
            Overtaken: somebody was faster since `find`.
        """
        process_id = self.book.new_id()
        if not self.stock.take(offer.office.id, offer.slots, process_id):
            raise Overtaken
        return self.book.write(
            Appointment(
                process_id=process_id,
                auth_key=self.book.new_key(),
                office=offer.office,
                counts=offer.ask.wish.counts,
                timestamp=offer.ask.timestamp,
                slots=offer.slots,
                display_number=self.book.new_display_number(offer.office, process_id),
                reserved_at=now,
            )
        )

    def update(self, identity: Identity, data: Contact) -> Appointment:
        """Write contact data; the status stays, and it may be repeated."""
        item = self._live(identity)
        errors = contact_errors(data, item.office.scope)
        if errors:
            raise Refusal(*errors)
        updated = item.updated(data).owned(identity.citizen)
        self.book.check_mail_limit(updated)
        return self.book.write(updated)

    def preconfirm(self, identity: Identity, now: float) -> Appointment:
        """Move a reserved appointment on and queue the activation mail.

        ``emailIsRequired`` comes from the mail, so after the status has changed.
        """
        item = self.book.read(identity)
        if item.state is not State.RESERVED:
            raise Refusal("processNotReservedAnymore")
        self.book.check_mail_limit(item)
        item = self.book.write(item.moved(State.PRECONFIRMED).owned(identity.citizen))
        scope = item.office.scope
        if scope is not None and scope.email_required and not item.has_own_email:
            raise Refusal("emailIsRequired")
        self._mail(item, MailKind.ACTIVATION, now)
        return item

    def confirm(self, identity: Identity, now: float) -> Appointment:
        """Confirm from preconfirmed, or straight from reserved, and queue the mail."""
        item = self.book.read(identity)
        if item.state not in _CONFIRMABLE:
            raise Refusal("processNotPreconfirmedAnymore")
        item = self.book.write(item.moved(State.CONFIRMED).owned(identity.citizen))
        self._mail(item, MailKind.CONFIRMATION, now)
        return item

    def cancel(self, identity: Identity, now: float) -> Appointment:
        """End an appointment that has not begun; its authKey opens nothing more.

        A reserved one is blocked without a mail; the others are deleted with one.
        """
        item = self._live(identity)
        if item.timestamp <= now:
            raise Refusal("appointmentCanNotBeCanceled")
        reserved = item.state is State.RESERVED
        if not reserved:
            self._mail(item, MailKind.CANCELLATION, now)
        ended = item.ended(
            State.BLOCKED if reserved else State.DELETED, now, End.CANCELLED
        )
        return self.book.write(attrs.evolve(ended, auth_key=self.book.new_key()))

    def _live(self, identity: Identity) -> Appointment:
        item = self.book.read(identity)
        if item.state not in LIVE:
            raise Refusal("appointmentNotFound")
        return item

    def _mail(self, item: Appointment, kind: MailKind, now: float) -> None:
        """Queue a mail if the citizen has an address and the scope a sender."""
        scope = item.office.scope
        if scope is None or not scope.email_from or not item.has_own_email:
            return
        address = link(self.base_url, kind, item.process_id, item.auth_key)
        names = self.catalogue.service_names
        calendar = (
            calendar_entry(item, names) if kind is MailKind.CONFIRMATION else None
        )
        self.mailroom.queue(
            Mail(item.email, kind, address, item.process_id, now, ics=calendar)
        )
