"""Rows to domain objects and back: two pure functions per aggregate.

A function towards a row writes the *next* version of a versioned aggregate.
"""

from __future__ import annotations

import json
from datetime import timedelta

from mta_adapters.sql.documents import hours_of, plain, slots_of, wishes_of
from mta_adapters.sql.rows import (
    BlindnessRow,
    NotificationRow,
    OpeningRow,
    SubscriptionRow,
    UserRow,
)
from mta_adapters.sql.sealing import DigestingCipher, Seal, digest_of
from mta_core.domain.accounts import Consent, Contact, Home, User
from mta_core.domain.availability import Opening, Slot
from mta_core.domain.blindness import Blindness, BlindReason
from mta_core.domain.catalogue import OfficeId, ServiceSet
from mta_core.domain.notifications import DeliveryState, Kind, Notification
from mta_core.domain.subscriptions import Mode, Subscription, SubscriptionState
from mta_core.ports.cipher import Cipher


def user_row(user: User, cipher: DigestingCipher) -> UserRow:
    """Write a citizen, with everything by which they can be reached sealed."""
    seal = Seal(cipher, user.id, user.id)
    contact = user.contact
    return UserRow(
        id=user.id,
        version=user.version + 1,
        channel=user.home.channel,
        home_digest=digest_of(user.home, cipher),
        address_sealed=cipher.seal(user.id, user.id, "address", user.home.address),
        consent_wording=user.consent.wording,
        consent_at=user.consent.given_at,
        created_at=user.created_at,
        language=user.language,
        name_sealed=seal.close("name", contact.name) if contact else None,
        email_sealed=seal.close("email", contact.email) if contact else None,
        telephone_sealed=(
            seal.close("telephone", contact.telephone) if contact else None
        ),
        channels_sealed=seal.close("channels", _channels_text(user.channels)),
    )


def user_of(row: UserRow, cipher: Cipher) -> User:
    """Read a citizen. A citizen without a name has given no contact data."""
    seal = Seal(cipher, row.id, row.id)
    contact = None
    if row.name_sealed is not None:
        contact = Contact(
            name=seal.open("name", row.name_sealed),
            email=seal.open("email", row.email_sealed),
            telephone=seal.open("telephone", row.telephone_sealed),
        )
    return User(
        id=row.id,
        home=Home(row.channel, seal.open("address", row.address_sealed)),
        consent=Consent(row.consent_wording, row.consent_at),
        created_at=row.created_at,
        language=row.language,
        contact=contact,
        channels=_channels_of(seal.open("channels", row.channels_sealed)),
        version=row.version,
    )


def _channels_text(channels: tuple[Home, ...]) -> str:
    pairs = [[home.channel, home.address] for home in channels]
    return json.dumps(pairs) if pairs else ""


def _channels_of(text: str) -> tuple[Home, ...]:
    return tuple(Home(*pair) for pair in json.loads(text)) if text else ()


def subscription_row(subscription: Subscription, cipher: Cipher) -> SubscriptionRow:
    """Write a subscription, with the citizen's answers sealed."""
    seal = Seal(cipher, subscription.user, subscription.id)
    gain = subscription.earlier_by
    return SubscriptionRow(
        id=subscription.id,
        version=subscription.version + 1,
        user_id=subscription.user,
        services=str(subscription.services),
        wishes=plain(subscription.wishes),
        mode=subscription.mode.value,
        waiting_since=subscription.waiting_since,
        mail_hours=plain(subscription.mail_hours),
        answers_sealed=seal.close_all("answers", subscription.answers),
        state=subscription.state.value,
        earlier_by=gain.total_seconds() if gain is not None else None,
        standing=subscription.standing,
        armed_at=subscription.armed_at,
        renewed_at=subscription.renewed_at,
        asked_at=subscription.asked_at,
        vanished_at=subscription.vanished_at,
        care_at=subscription.care_at,
    )


def subscription_of(row: SubscriptionRow, cipher: Cipher) -> Subscription:
    """Read a subscription."""
    return Subscription(
        id=row.id,
        user=row.user_id,
        services=ServiceSet.parse(row.services),
        wishes=wishes_of(row.wishes),
        mode=Mode(row.mode),
        waiting_since=row.waiting_since,
        mail_hours=hours_of(row.mail_hours),
        answers=Seal(cipher, row.user_id, row.id).open_all(
            "answers", row.answers_sealed
        ),
        state=SubscriptionState(row.state),
        earlier_by=(
            None if row.earlier_by is None else timedelta(seconds=row.earlier_by)
        ),
        standing=row.standing,
        armed_at=row.armed_at,
        renewed_at=row.renewed_at,
        asked_at=row.asked_at,
        vanished_at=row.vanished_at,
        version=row.version,
    )


def opening_row(opening: Opening) -> OpeningRow:
    """Write an opening."""
    return OpeningRow(
        id=opening.id,
        services=str(opening.slot.services),
        office=opening.slot.office,
        start=opening.slot.start,
        day=opening.slot.day,
        first_seen=opening.first_seen,
        last_seen=opening.last_seen,
        absent_since=opening.absent_since,
        absences=opening.absences,
        gone_at=opening.gone_at,
    )


def opening_of(row: OpeningRow) -> Opening:
    """Read an opening."""
    return Opening(
        id=row.id,
        slot=Slot(row.start, OfficeId(row.office), ServiceSet.parse(row.services)),
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        absent_since=row.absent_since,
        absences=row.absences,
        gone_at=row.gone_at,
    )


def notification_row(notification: Notification, cipher: Cipher) -> NotificationRow:
    """Write a notification; what became of it names the citizen's channels."""
    seal = Seal(cipher, notification.user, notification.id)
    return NotificationRow(
        id=notification.id,
        version=notification.version + 1,
        user_id=notification.user,
        kind=notification.kind.value,
        created_at=notification.created_at,
        due_at=notification.due_at,
        subscription_id=notification.subscription,
        booking_id=notification.booking,
        slots=plain(notification.slots),
        facts=dict(notification.facts),
        state=notification.state.value,
        attempts=notification.attempts,
        sent_at=notification.sent_at,
        delivered_at=notification.delivered_at,
        reason=notification.reason,
        outcomes_sealed=seal.close_all("outcomes", notification.outcomes),
    )


def notification_of(row: NotificationRow, cipher: Cipher) -> Notification:
    """Read a notification."""
    seal = Seal(cipher, row.user_id, row.id)
    return Notification(
        id=row.id,
        user=row.user_id,
        kind=Kind(row.kind),
        created_at=row.created_at,
        due_at=row.due_at,
        subscription=row.subscription_id,
        booking=row.booking_id,
        slots=slots_of(row.slots),
        facts=row.facts,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        sent_at=row.sent_at,
        delivered_at=row.delivered_at,
        reason=row.reason,
        outcomes=seal.open_all("outcomes", row.outcomes_sealed),
        version=row.version,
    )


def blindness_row(blindness: Blindness, city: str) -> BlindnessRow:
    """Write a blind probe of one city."""
    return BlindnessRow(
        city=city,
        probe=blindness.probe,
        reason=blindness.reason.value,
        since=blindness.since,
        detail=blindness.detail,
    )


def blindness_of(row: BlindnessRow) -> Blindness:
    """Read a blind probe."""
    return Blindness(row.probe, BlindReason(row.reason), row.since, row.detail)
