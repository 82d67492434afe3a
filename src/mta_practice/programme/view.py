"""What the control route tells about the living city."""

from __future__ import annotations

from mta_practice.clock import iso
from mta_practice.programme.counters import Counter
from mta_practice.programme.living import Living
from mta_practice.programme.news import Item
from mta_practice.programme.plan import PlannedRelease
from mta_practice.programme.releases import How, Release
from mta_practice.stock import Origin, Stock

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def programme_view(living: Living, stock: Stock) -> dict[str, object]:
    """Show the offices, what the staff plan and what has happened.

    Cancellations to come are left out: nobody in the city knows of them either.
    """
    free, held = _levels(stock)
    return {
        "on": True,
        "seed": living.draws.seed,
        "begin": iso(living.begin),
        "offices": [
            {
                **_counter(counter),
                "free": free.get(counter.id, 0),
                "held": held.get(counter.id, 0),
            }
            for counter in sorted(living.counters.values(), key=lambda item: item.id)
        ],
        "planned": [_planned(item) for item in living.planned()],
        "happened": [_happened(item) for item in living.news.latest],
        "slots": {what.value: count for what, count in living.news.slots.items()},
    }


def _levels(stock: Stock) -> tuple[dict[int, int], dict[int, int]]:
    """Count the programme's free and held capacity by office."""
    free: dict[int, int] = {}
    held: dict[int, int] = {}
    for office_id, slot in stock.slots():
        if slot.origin is Origin.PROGRAMME:
            free[office_id] = free.get(office_id, 0) + slot.free
            held[office_id] = held.get(office_id, 0) + len(slot.holders)
    return free, held


def _counter(counter: Counter) -> dict[str, object]:
    return {
        "officeId": counter.id,
        "name": counter.office.name,
        "medianLifetimeSeconds": round(counter.median, 1),
        "returnsPerWorkday": round(counter.returns, 2),
        "capacity": counter.capacity,
        "releases": [_release(counter, release) for release in counter.releases],
    }


def _release(counter: Counter, release: Release) -> dict[str, object]:
    return {
        "how": release.how.value,
        "daysAhead": release.ahead,
        "share": release.share,
        "weekdays": [_DAYS[day] for day in sorted(release.weekdays)],
        "between": (
            [_clock(release.first), _clock(release.last)]
            if release.how in (How.BATCH, How.SPREAD)
            else None
        ),
        "at": _clock(counter.minute(release)) if release.how is How.BATCH else None,
    }


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _planned(item: PlannedRelease) -> dict[str, object]:
    return {
        "at": iso(item.at),
        "officeId": item.office_id,
        "how": item.how.value,
        "day": item.day.isoformat(),
        "slots": len(item.starts),
    }


def _happened(item: Item) -> dict[str, object]:
    return {
        "at": iso(item.at),
        "what": item.what.value,
        "officeId": item.office_id,
        "starts": list(item.starts),
    }
