"""The catalogue as the city's own code sees it: offices, services, relations.

A catalogue is an answer of ``/offices-and-services/`` (contract 6), the compact one
of `mta_practice.compact` or a recorded one. The wire form is kept as it came, so
that the practice city answers exactly that; the typed view serves the rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

import attrs

from mta_practice.errors import PracticeError
from mta_practice.hidden import HiddenFacts, hidden_facts

Wire = Mapping[str, object]

#: Minutes used where a scope states none (database defaults, contract 4).
_DEFAULT_MINUTES = 60


@attrs.frozen
class TextField:
    """A free text field of an office; demanded only if *activated* too."""

    activated: bool
    required: bool


@attrs.frozen
class Scope:
    """The rules of an office (contract 6, thinnedScope). Durations in minutes."""

    id: int
    wire: Wire
    captcha: bool
    email_required: bool
    email_from: str
    telephone: TextField
    custom: TextField
    custom2: TextField
    reservation: int
    activation: int
    per_mail: int
    whitelist: frozenset[str]
    contact: str | None
    hidden: HiddenFacts

    def exempts(self, email: str) -> bool:
        """Say whether the per-mail limit leaves *email* alone (contract 4)."""
        address = email.lower()
        return address in self.whitelist or f"@{address.rpartition('@')[2]}" in (
            self.whitelist
        )


@attrs.frozen
class Office:
    """An office; without a scope nothing can be booked there.

    *shared*: the offices, itself included, that pool their times with it.
    """

    id: int
    name: str
    slot_minutes: int | None
    scope: Scope | None
    wire: Wire
    shared: frozenset[int] = frozenset()

    @property
    def group(self) -> tuple[int, ...]:
        """Give the ids of all offices that share their booking with this one."""
        return tuple(sorted(self.shared | {self.id}))

    @property
    def slot_seconds(self) -> int:
        """Give the length of one grid slot in seconds (5 minutes if unstated)."""
        return (self.slot_minutes or 5) * 60


@attrs.frozen
class Catalogue:
    """Offices and service names by id, slots per unit by (office id, service id)."""

    wire: Wire
    offices: Mapping[int, Office]
    service_names: Mapping[int, str | None]
    slots: Mapping[tuple[int, int], int]

    def offers(self, office_id: int, service_ids: Iterable[int]) -> bool:
        """Say whether a known office offers every one of the services."""
        return office_id in self.offices and all(
            (office_id, service_id) in self.slots for service_id in service_ids
        )

    def slots_needed(self, office_id: int, counts: Iterable[tuple[int, int]]) -> int:
        """Give N = sum of count x slots over (service id, count) (contract 6)."""
        return sum(
            count * self.slots[office_id, service_id] for service_id, count in counts
        )

    def needs_human(self, office_id: int) -> bool:
        """Say whether the office's scope demands the check for a person."""
        office = self.offices.get(office_id)
        return bool(office and office.scope and office.scope.captcha)


def load_catalogue(path: str | Path) -> Wire:
    """Read a recorded answer of ``/offices-and-services/`` from a file.

    Raises:
        PracticeError: the file is missing, is no JSON, or is no such answer.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PracticeError(f"cannot read the catalogue {path}: {error}") from error
    try:
        wire = json.loads(text)
    except ValueError as error:
        raise PracticeError(f"the catalogue {path} is no JSON: {error}") from error
    if not isinstance(wire, dict):
        raise PracticeError(f"the catalogue {path} is no JSON object")
    read_catalogue(wire)
    return wire


def read_catalogue(wire: Wire) -> Catalogue:
    """Type a catalogue.

    Raises:
        PracticeError: a part is missing or has the wrong shape; says which.
    """
    offices = [_office(item, place) for item, place in _items(wire, "offices")]
    names = {
        _whole(item, "id", place): cast("str | None", item.get("name"))
        for item, place in _items(wire, "services")
    }
    slots = {
        (
            _whole(item, "officeId", place),
            _whole(item, "serviceId", place),
        ): _minutes(item, "slots", 0)
        for item, place in _items(wire, "relations")
    }
    return Catalogue(wire, {office.id: office for office in offices}, names, slots)


def _items(wire: Wire, part: str) -> list[tuple[Wire, str]]:
    items = wire.get(part)
    if not isinstance(items, list):
        raise PracticeError(f"the catalogue has no list {part!r}")
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            raise PracticeError(f"{part}[{index}] of the catalogue is no object")
    return [(item, f"{part}[{index}]") for index, item in enumerate(items)]


def _office(item: Wire, place: str) -> Office:
    scope = item.get("scope")
    if not scope:  # null, or PHP's [] for an empty object
        scope = None
    elif not isinstance(scope, dict):
        raise PracticeError(f"{place}.scope of the catalogue is no object")
    return Office(
        id=_whole(item, "id", place),
        name=str(item.get("name") or ""),
        slot_minutes=_minutes(item, "slotTimeInMinutes", 0) or None,
        scope=None if scope is None else _scope(scope, f"{place}.scope"),
        wire=item,
        shared=_ids(item.get("sharedBookingOfficeIds")),
    )


def _ids(value: object) -> frozenset[int]:
    """Read a list of ids that may be null or, as PHP writes it, empty."""
    listed = value if isinstance(value, list) else []
    return frozenset(item for item in listed if isinstance(item, int))


def _scope(wire: Wire, place: str) -> Scope:
    scope_id = _whole(wire, "id", place)
    return Scope(
        id=scope_id,
        wire=wire,
        captcha=bool(wire.get("captchaActivatedRequired")),
        email_required=bool(wire.get("emailRequired")),
        email_from=str(wire.get("emailFrom") or ""),
        telephone=_text_field(wire, "telephone"),
        custom=_text_field(wire, "customTextfield"),
        custom2=_text_field(wire, "customTextfield2"),
        reservation=_minutes(wire, "reservationDuration", _DEFAULT_MINUTES),
        activation=_minutes(wire, "activationDuration", _DEFAULT_MINUTES),
        per_mail=_minutes(wire, "appointmentsPerMail", 0),
        whitelist=_whitelist(wire.get("whitelistedMails")),
        contact=_contact_name(wire),
        hidden=hidden_facts(scope_id, _contact_name(wire) or ""),
    )


def _contact_name(wire: Wire) -> str | None:
    """Give the name that the city calls ``officeName`` (contract 1.3)."""
    found: object = wire
    for part in ("provider", "contact", "name"):
        found = found.get(part) if isinstance(found, dict) else None
    return found if isinstance(found, str) else None


def _text_field(wire: Wire, name: str) -> TextField:
    return TextField(
        bool(wire.get(f"{name}Activated")), bool(wire.get(f"{name}Required"))
    )


def _whitelist(value: object) -> frozenset[str]:
    parts = str(value or "").lower().replace(";", ",").split(",")
    return frozenset(part.strip() for part in parts if part.strip())


def _whole(wire: Wire, name: str, place: str) -> int:
    value = wire.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise PracticeError(f"{place}.{name} of the catalogue is no whole number")
    return value


def _minutes(wire: Wire, name: str, default: int) -> int:
    """Read a number that the city writes as int, numeric string or null."""
    value = wire.get(name)
    text = "" if value is None else str(value)
    return int(text) if text.isdecimal() else default
