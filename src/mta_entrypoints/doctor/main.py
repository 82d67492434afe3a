"""The doctor's round: every check, in the order in which one needs the other.

Nothing is mended, and an older database is not migrated. Where there is nothing yet,
what asking the city needs is made, as any first command makes it: the folder, the key,
and the database, since the budgets are kept in it.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from mta_core.domain.errors import InvalidValue, MtaError
from mta_entrypoints import folder, settings
from mta_entrypoints.container import opened
from mta_entrypoints.doctor import (
    city,
    database,
    key,
    knowledge,
    machine,
    packages,
    shifts,
)
from mta_entrypoints.doctor.city import Hear
from mta_entrypoints.doctor.container import DoctorContainer, build
from mta_entrypoints.doctor.database import Schema
from mta_entrypoints.doctor.findings import Finding, Grade, ok, warning, wrong
from mta_entrypoints.settings import Settings

SETTINGS = "settings"
"""The check that ends the round: without settings there is nothing to look at."""

_READABLE = frozenset({Schema.NEWEST, Schema.OLDER})
_USABLE = frozenset({Schema.NEWEST, Schema.NONE})


async def examine(hear: Hear | None) -> list[Finding]:
    """Return what every check finds.

    Args:
        hear: what listens to the waiting for a place in the budget; None: the city is
            not asked.
    """
    found, container = _settings()
    before = [packages.python(), packages.packages(), found, machine.dotenv()]
    return before if container is None else [*before, *await _house(container, hear)]


def _settings() -> tuple[Finding, DoctorContainer | None]:
    try:
        present = settings.load()
        container = build(present)
        container.http()  # it refuses a contact that is no header
        if present.master_key:
            container.master_key()
    except InvalidValue as error:
        advice = "Correct it in the environment or in .env, or run `mta init`."
        return wrong(SETTINGS, str(error), advice), None
    return _judged(present), container


def _judged(present: Settings) -> Finding:
    asks = f"MTA asks {present.city_url}"
    means = f"{asks} as {present.contact}." if present.contact else f"{asks}."
    if unknown := settings.unknown_names():
        means += f" Without meaning: {', '.join(unknown)}."
        return warning(SETTINGS, means, "Look for typing errors in these names.")
    if not present.loopback and urlsplit(present.city_url).scheme != "https":
        means += " It is not https: everybody on the way can read contact data."
        return warning(SETTINGS, means, "Set MTA_CITY_URL to an address with https.")
    return ok(SETTINGS, means)


async def _house(container: DoctorContainer, hear: Hear | None) -> list[Finding]:
    """Look at what the settings name."""
    present = container.settings()
    where = machine.folder(present)
    kept, schema = database.examine(container.file())
    found = [*shifts.shared(present), where, machine.space(present), kept]
    try:
        sealing = key.present(container, schema)
        sound = all(each.grade is not Grade.WRONG for each in (where, sealing))
        if schema in _USABLE and sound:
            return [*found, *await _inside(container, schema, hear, sealing)]
        return [*found, sealing, *_outside(container, schema, hear)]
    except MtaError as error:  # what was sound a moment ago is so no longer
        return [*found, wrong(database.CHECK, str(error), "Run `mta doctor` again.")]


def _outside(
    container: DoctorContainer, schema: Schema | None, hear: Hear | None
) -> list[Finding]:
    """Say what can be said of a house that MTA cannot enter."""
    watched = [knowledge.up(container)] if schema in _READABLE else []
    return [*watched, _not_asked()] if hear else watched


async def _inside(
    container: DoctorContainer,
    schema: Schema | None,
    hear: Hear | None,
    sealing: Finding,
) -> list[Finding]:
    """Look with MTA's own eyes: all that they need is there."""
    if schema is Schema.NONE and hear is None:
        return [sealing]  # there is nothing to be seen, and no need to make it
    folder.ensure(container.settings().data_dir)
    async with opened(container):
        return [
            await key.opens(container, sealing),
            knowledge.up(container),
            *(await city.ask(container, hear) if hear else []),
            await knowledge.catalogue(container),
            await knowledge.blindness(container),
            await knowledge.owed(container),
            *await knowledge.operator(container),
        ]


def _not_asked() -> Finding:
    return warning(
        city.CHECK,
        "Not asked: the budgets for that are kept in the database.",
        "Put right what is told above first.",
    )
