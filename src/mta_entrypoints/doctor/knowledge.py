"""What MTA knows and owes: its catalogue, blind probes, overdue work, lost messages."""

from __future__ import annotations

from datetime import timedelta

from mta_core.domain.accounts import Home
from mta_entrypoints.doctor import machine
from mta_entrypoints.doctor.container import DoctorContainer
from mta_entrypoints.doctor.findings import Finding, ok, warning

STALE = timedelta(hours=48)
"""`mta up` reads the catalogue once a day."""

OVERDUE = timedelta(minutes=5)
RECENT = timedelta(days=7)
_MOST = 1000
_SHOWN = 3
_START = "Start `mta up`."


def up(container: DoctorContainer) -> Finding:
    """Tell whether somebody watches. Raises `StorageUnavailable`."""
    check, owner = "mta up", machine.up_owner(container.settings())
    if owner:
        return ok(check, f"It runs (process {owner}).")
    if waiting := container.file().waiting():
        means = f"It does not run: nobody watches for {waiting} subscription(s)."
        return warning(check, means, _START)
    return ok(check, "It does not run, and nobody waits.")


async def catalogue(container: DoctorContainer) -> Finding:
    """Tell how much is known of the city, and since when."""
    check = "catalogue"
    async with container.store().snapshot() as tx:
        kept = await tx.sights.catalogue()
    if kept is None:
        means = "Nothing is known yet of what this city offers."
        return warning(check, means, "It is read as soon as the city answers.")
    known, at = kept
    age = container.clock().now() - at
    hours = max(age, timedelta(0)) // timedelta(hours=1)
    means = (
        f"{len(known.services)} services at {len(known.offices)} offices, read "
        f"{hours} h ago."
    )
    if not known.services:
        return warning(check, means, "The city offers nothing: look at its own page.")
    if age > STALE:
        return warning(check, means, "`mta up` reads it daily, if the city answers.")
    return ok(check, means)


async def blindness(container: DoctorContainer) -> Finding:
    """Tell where the last questions saw nothing."""
    check = "blind spots"
    async with container.store().snapshot() as tx:
        blind = await tx.sights.blind()
    if not blind:
        return ok(check, "There are none.")
    listed = [
        f"{spot.reason.value} since {spot.since:%Y-%m-%d %H:%M} UTC: {spot.detail}"
        for spot in blind[:_SHOWN]
    ]
    more = [f"and {len(blind) - _SHOWN} more"] if len(blind) > _SHOWN else []
    return warning(
        check,
        f"{len(blind)} question(s) see nothing. {'; '.join(listed + more)}",
        "`mta subscriptions` tells whom it concerns; it ends by itself with its cause.",
    )


async def operator(container: DoctorContainer) -> list[Finding]:
    """Tell whether the operator can be told anything, where one is named."""
    check, name = "operator", container.settings().operator
    if not name:
        return []
    async with container.store().snapshot() as tx:
        known = await tx.users.at(Home("console", name))
        standing = len(await tx.conditions.now())
    if known is None:
        means = f"Nobody is known as {name} here, so nobody is told of trouble."
        advice = f"Set MTA_OPERATOR to a known name, or `mta subscribe --as {name}`."
        return [warning(check, means, advice)]
    return [ok(check, f"{name} is told of trouble; {standing} condition(s) stand now.")]


async def owed(container: DoctorContainer) -> Finding:
    """Tell whether messages were lost, or work is not done in time."""
    check, now = "messages", container.clock().now()
    async with container.store().snapshot() as tx:
        late = len(await tx.bookings.due(now - OVERDUE, _MOST))
        late += len(await tx.notifications.due(now - OVERDUE, _MOST))
    lost = container.file().given_up(now - RECENT)
    means = []
    if late:
        means.append(f"{late} booking(s) or message(s) are overdue.")
    if lost:
        means.append(f"{lost} message(s) of the last 7 days were given up.")
    if not means:
        return ok(check, "None is overdue, and none was given up lately.")
    advice = f"{_START} " if machine.up_owner(container.settings()) is None else ""
    return warning(check, " ".join(means), f"{advice}`mta notifications` tells why.")
