"""`mta services`."""

from __future__ import annotations

from typing import Any

from mta_core.domain.catalogue import Catalogue, Service, ServiceSet
from mta_core.domain.search import Findings, search
from mta_entrypoints.cli import output
from mta_entrypoints.cli.session import AsJson, catalogue_of, session


async def services(*words: str, json: AsJson = False) -> int:
    """List what the city offers; with words, only what fits them, best first.

    Parameters
    ----------
    words
        Words or parts of words, English or German, or the start of an id. Case,
        umlauts, order and small typos do not matter.
    """
    async with session() as container:
        catalogue = await catalogue_of(container)
    found = search(catalogue, " ".join(words))
    described = [_describe(catalogue, service) for service in found.services]
    if json:
        output.as_json(described)
    else:
        _explain(found)
        _show(described)
        if found.nearest:
            near = ", ".join(f"{each.name} ({each.id})" for each in found.nearest)
            output.say(f"Did you mean: {near}?")
    return 0 if described else 1


def _explain(found: Findings) -> None:
    """Say beside the result what is not plain from it."""
    for understood in found.understood:
        output.note(str(understood))
    if found.left_out:
        output.note(f"Nothing fits all words; left out: {', '.join(found.left_out)}")


def _show(described: list[dict[str, Any]]) -> None:
    output.table(
        ("id", "service", "offices", "behind a human check"),
        (
            (
                str(entry["id"]),
                entry["name"],
                str(len(entry["offices"]) or "none: it cannot be booked"),
                str(sum(office["checked"] for office in entry["offices"]) or ""),
            )
            for entry in described
        ),
        none="The city offers nothing by these words.",
    )


def _describe(catalogue: Catalogue, service: Service) -> dict[str, Any]:
    offices = catalogue.offering(ServiceSet.of([service.id]))
    return {
        "id": service.id,
        "name": service.name,
        "maxQuantity": service.max_quantity,
        "bookable": bool(offices),
        "offices": [
            {
                "id": office,
                "name": catalogue.office(office).name,
                "checked": catalogue.is_checked(office),
            }
            for office in sorted(offices)
        ],
    }
