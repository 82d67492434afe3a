"""Hypothesis strategies for whole records, every optional field included."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from mta_core.domain.accounts import Consent, Contact, Home, User
from mta_core.domain.availability import DateWindow, Slot
from mta_core.domain.bookings import Booking, BookingState, Lane
from mta_core.domain.calls import Call, Held, Pending
from mta_core.domain.catalogue import OfficeId, ServiceId, ServiceSet
from mta_core.domain.notifications import DeliveryState, Kind, Notification
from mta_core.domain.rota import Turn
from mta_core.domain.shifts import Shift, Token
from mta_core.domain.subscriptions import (
    Hours,
    Mode,
    Subscription,
    SubscriptionState,
    Wishes,
)

# Neither NUL, which PostgreSQL's text lacks, nor lone surrogates, which UTF-8 lacks.
texts = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40
)
_FIRST, _LAST = date(2026, 1, 1), date(2030, 1, 1)
days = st.dates(_FIRST, _LAST)
moments = st.builds(datetime.combine, days, st.times(), tzinfo=st.just(UTC))
offices = st.integers(1, 2**31 - 1).map(OfficeId)
services = st.integers(1, 2**31 - 1).map(ServiceId)
service_sets = st.dictionaries(
    services, st.integers(1, 25), min_size=1, max_size=3
).map(ServiceSet.of)
slots = st.builds(Slot, moments, offices, service_sets)
windows = st.tuples(days, days).map(lambda pair: DateWindow(min(pair), max(pair)))
ids = st.uuids()


@st.composite
def spans(draw: st.DrawFn) -> Hours:
    """Draw hours of the day, to the minute."""
    minutes = st.integers(0, 24 * 60 - 1)
    first, last = sorted(draw(st.tuples(minutes, minutes)))
    end = None if first == last else time(*divmod(last, 60))
    return Hours(time(*divmod(first, 60)), end)


wishes = st.builds(
    Wishes,
    offices=st.none() | st.frozensets(offices, max_size=4),
    windows=st.lists(windows, max_size=3).map(tuple),
    excluded=st.frozensets(days, max_size=3),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    hours=spans(),
    notice=st.integers(0, 10**7).map(lambda seconds: timedelta(seconds=seconds)),
)

gains = st.integers(1, 400).map(lambda number: timedelta(days=number))

subscriptions = st.builds(
    Subscription,
    id=ids,
    user=ids,
    services=service_sets,
    wishes=wishes,
    mode=st.sampled_from(Mode),
    waiting_since=moments,
    mail_hours=spans(),
    answers=st.dictionaries(texts, texts, max_size=3),
    state=st.sampled_from(SubscriptionState),
    earlier_by=st.none() | gains,
    standing=st.none() | moments,
    armed_at=moments,
    renewed_at=moments,
    asked_at=st.none() | moments,
    vanished_at=st.none() | moments,
)

bookings = st.builds(
    Booking,
    id=ids,
    user=ids,
    subscription=ids,
    slot=slots,
    seen_at=moments,
    requested_at=moments,
    alternatives=st.lists(slots, max_size=3).map(tuple),
    tried=st.lists(slots, max_size=3).map(tuple),
    lane=st.sampled_from(Lane),
    replaces=st.none() | ids,
    state=st.sampled_from(BookingState),
    pending=st.none() | st.builds(Pending, st.sampled_from(Call), moments, moments),
    doubt=st.booleans(),
    release=st.booleans(),
    denied=st.booleans(),
    mailed=st.booleans(),
    checked=st.booleans(),
    due_at=st.none() | moments,
    held=st.none() | st.builds(Held, st.integers(1, 2**31 - 1), texts),
    reserved_at=st.none() | moments,
    preconfirm_by=st.none() | moments,
    open_by=st.none() | moments,
    display_number=texts,
    orphan_until=st.none() | moments,
    looks=st.integers(0, 5),
    reason=texts,
    ended_at=st.none() | moments,
)

notifications = st.builds(
    Notification,
    id=ids,
    user=ids,
    kind=st.sampled_from(Kind),
    created_at=moments,
    due_at=st.none() | moments,
    subscription=st.none() | ids,
    booking=st.none() | ids,
    slots=st.lists(slots, max_size=3).map(tuple),
    facts=st.dictionaries(texts, texts, max_size=3),
    state=st.sampled_from(DeliveryState),
    attempts=st.integers(0, 8),
    sent_at=st.none() | moments,
    delivered_at=st.none() | moments,
    reason=texts,
    outcomes=st.dictionaries(texts, texts, max_size=3),
)

shifts = st.builds(
    Shift,
    id=ids,
    user=ids,
    egress=texts,
    token=st.none() | st.builds(Token, texts.filter(bool)),
    opened_at=moments,
    expires_at=moments,
    ended_at=st.none() | moments,
    reason=texts,
    asked=st.integers(0, 99),
    heard_at=st.none() | moments,
    trouble=texts,
)

turns = st.builds(
    Turn,
    id=ids,
    user=ids,
    hours=spans(),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    offered_at=moments,
    served_at=st.none() | moments,
)

homes = st.builds(Home, texts.filter(bool), texts)

users = st.builds(
    User,
    id=ids,
    home=homes,
    consent=st.builds(Consent, texts, moments),
    created_at=moments,
    language=texts,
    contact=st.none()
    | st.builds(
        Contact,
        texts.filter(str.strip),
        st.just("ada.mueller@example.org"),
        st.sampled_from(["", "+498912345600"]),
    ),
    channels=st.lists(homes, max_size=3).map(tuple),
)
