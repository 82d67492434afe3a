"""A subscription in words: for people, and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import attrs

from mta_core.domain.availability import DateWindow
from mta_core.domain.blindness import Blindness, BlindReason, BlindSpot, blind_spots
from mta_core.domain.catalogue import Catalogue, OfficeId
from mta_core.domain.conditions import Condition, quiet_for
from mta_core.domain.subscriptions import (
    EVERY_WEEKDAY,
    Hours,
    Mode,
    Subscription,
    SubscriptionState,
    Wishes,
)
from mta_entrypoints.cli import output
from mta_entrypoints.cli.condition_words import quiet_text

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_STATES: Mapping[SubscriptionState, str] = {
    SubscriptionState.ACTIVE: "MTA looks for it",
    SubscriptionState.PAUSED: "paused: `mta resume` looks again",
    SubscriptionState.FULFILLED: "fulfilled: you have an appointment",
    SubscriptionState.EXPIRED: "over: no day that would suit is left",
    SubscriptionState.CANCELLED: "ended",
}


@attrs.frozen
class Wish:
    """A subscription with what is known around it.

    Attributes:
        missing: what offices demand before MTA could book there, by the city's labels.
        quiet: why "nothing free" is to be doubted, if it is.
    """

    subscription: Subscription
    catalogue: Catalogue
    blind: Sequence[BlindSpot] = ()
    missing: Mapping[OfficeId, Sequence[str]] = attrs.field(factory=dict)
    quiet: Condition | None = None

    @classmethod
    def seen(
        cls,
        subscription: Subscription,
        catalogue: Catalogue,
        known: Iterable[Blindness],
        missing: Mapping[OfficeId, Sequence[str]],
        standing: Iterable[Condition] = (),
    ) -> Wish:
        """Put it together. What nobody looks for is not blind, and lacks nothing."""
        if not subscription.active:
            return cls(subscription, catalogue)
        booking = subscription.mode is Mode.BOOK
        spots = blind_spots(subscription, catalogue, known)
        quiet = quiet_for(subscription.services, standing)
        return cls(subscription, catalogue, spots, missing if booking else {}, quiet)

    @property
    def name(self) -> str:
        """What the city calls it."""
        return self.catalogue.name_of(self.subscription.services)

    @property
    def watched(self) -> list[OfficeId]:
        """The offices that MTA asks: wanted, able and without a human check."""
        able = self.catalogue.able(self.subscription.services)
        accepts = self.subscription.wishes.accept_office
        return sorted(
            office
            for office in able
            if accepts(office) and not self.catalogue.is_checked(office)
        )

    def where(self) -> str:
        """Say where MTA looks."""
        names = [self.catalogue.office(office).name for office in self.watched]
        return output.some(sorted(names)) or "nowhere, see below"

    def when(self) -> str:
        """Say which times suit."""
        wishes = self.subscription.wishes
        parts = (
            output.some([_span(window) for window in wishes.windows]) or "any day",
            "" if wishes.weekdays == EVERY_WEEKDAY else _weekdays(wishes.weekdays),
            _excluded(wishes),
            "" if wishes.hours == Hours() else f"from {_hours(wishes.hours)}",
            f"{span_text(wishes.notice)} ahead at least" if wishes.notice else "",
        )
        return "; ".join(part for part in parts if part)

    def then(self) -> str:
        """Say what MTA does with a slot that suits."""
        if self.subscription.mode is Mode.TELL:
            return "MTA tells you of every slot that suits; you book it yourself."
        hours = self.subscription.mail_hours
        mail = "at any hour" if hours == Hours() else f"from {_hours(hours)}"
        return (
            "MTA books the first slot that suits, and tells you to open the city's "
            f"mail ({mail})."
        )

    def earlier(self) -> str:
        """Say whether MTA goes on looking once there is an appointment."""
        gain, standing = self.subscription.earlier_by, self.subscription.standing
        if gain is None:
            return ""
        least = span_text(gain)
        if standing is not None:
            return (
                f"your appointment is on {output.when(standing)}; MTA looks for one "
                f"at least {least} earlier"
            )
        return f"once booked, MTA looks for one at least {least} earlier"

    def state(self) -> str:
        """Say where it stands."""
        wish = self.subscription
        if wish.active and wish.asked_at is not None:
            return "do you still need it? `mta resume` says yes"
        if wish.active and wish.vanished_at is not None:
            return "the city does not offer it at the moment"
        if wish.active and not self.watched:
            return "MTA cannot look for it"
        return _STATES[wish.state]

    def warnings(self) -> list[str]:
        """Say where MTA cannot look, and where it cannot book."""
        lacking = [
            f"At {self.catalogue.office(office).name} MTA can only tell you, since the "
            f"city also asks for: {', '.join(labels)}."
            for office, labels in sorted(self.missing.items())
        ]
        quiet = [quiet_text(self.quiet)] if self.quiet else []
        return lacking + quiet + [blind_text(s, self.catalogue) for s in self.blind]

    def facts(self) -> list[tuple[str, str]]:
        """Return all there is to know, in words."""
        wish = self.subscription
        return [
            ("what", self.name),
            ("where", self.where()),
            ("when", self.when()),
            ("then", self.then()),
            ("earlier", self.earlier()),
            ("state", self.state()),
            ("since", output.when(wish.waiting_since)),
            ("answers", ", ".join(sorted(wish.answers))),
        ]

    def described(self) -> dict[str, Any]:
        """Describe it for programs; of what was answered, only which questions."""
        wish = self.subscription
        return {
            "id": wish.id,
            "services": str(wish.services),
            "name": self.name,
            "mode": wish.mode.value,
            "state": wish.state.value,
            "waitingSince": wish.waiting_since,
            "wishes": _described_wishes(wish.wishes),
            "mailHours": str(wish.mail_hours),
            "earlierByMinutes": _minutes(wish.earlier_by),
            "appointment": wish.standing,
            "askedAt": wish.asked_at,
            "vanishedAt": wish.vanished_at,
            "answered": sorted(wish.answers),
            "watched": self.watched,
            "missing": {
                str(office): list(labels) for office, labels in self.missing.items()
            },
            "quietSince": self.quiet.since if self.quiet else None,
            "blind": [
                {
                    "reason": spot.reason.value,
                    "offices": sorted(spot.offices),
                    "since": spot.since,
                    "text": blind_text(spot, self.catalogue),
                }
                for spot in self.blind
            ],
        }


def blind_text(spot: BlindSpot, catalogue: Catalogue) -> str:
    """Say for people where MTA does not see, and why."""
    names = sorted({catalogue.office(office).name for office in spot.offices})
    where = ", ".join(names)
    if spot.reason is BlindReason.CHECK_NEEDED and spot.since is None:
        return (
            f"Not watched: {where}. The city asks for a human check there, which only "
            "a person may do."
        )
    if not spot.offices:
        return "Not watched: no office that suits you offers this (any more)."
    since = f" since {output.when(spot.since)}" if spot.since else ""
    return f"Blind{since} ({spot.reason.value}): {where}. {spot.detail}".rstrip()


def _span(window: DateWindow) -> str:
    first, last = output.day(window.first), output.day(window.last)
    return first if first == last else f"{first} to {last}"


def _weekdays(weekdays: Iterable[int]) -> str:
    return ", ".join(_WEEKDAYS[number] for number in sorted(weekdays))


def _excluded(wishes: Wishes) -> str:
    days = [output.day(day) for day in sorted(wishes.excluded)]
    return f"not on {output.some(days)}" if days else ""


def _hours(hours: Hours) -> str:
    return str(hours).replace("-", " to ")


def span_text(span: timedelta) -> str:
    """Write a span of time: ``2 hours``, ``7 days``."""
    minutes = int(span.total_seconds()) // 60
    for unit, size in (("day", 24 * 60), ("hour", 60)):
        if minutes and minutes % size == 0:
            return output.plural(minutes // size, unit)
    return output.plural(minutes, "minute")


def _described_wishes(wishes: Wishes) -> dict[str, Any]:
    return {
        "offices": None if wishes.offices is None else sorted(wishes.offices),
        "days": [
            {"first": window.first, "last": window.last} for window in wishes.windows
        ],
        "without": sorted(wishes.excluded),
        "weekdays": sorted(wishes.weekdays),
        "hours": str(wishes.hours),
        "noticeMinutes": _minutes(wishes.notice),
    }


def _minutes(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds()) // 60
