"""`mta services`."""

from __future__ import annotations

from typing import Any

from mta_core.domain.catalogue import Catalogue, Service, ServiceSet
from mta_entrypoints.cli import output
from mta_entrypoints.cli.session import AsJson, catalogue_of, session


async def services(*words: str, json: AsJson = False) -> int:
    """List what the city offers; with words, only what fits all of them.

    Parameters
    ----------
    words
        Parts of a name or id. Umlauts and case do not matter.
    """
    async with session() as container:
        catalogue = await catalogue_of(container)
    found = catalogue.search(" ".join(words))
    described = [_describe(catalogue, service) for service in found]
    if json:
        output.as_json(described)
    else:
        output.table(
            ("id", "service", "offices", "behind a human check"),
            (
                (
                    str(entry["id"]),
                    str(entry["name"]),
                    str(len(entry["offices"])),
                    str(sum(office["checked"] for office in entry["offices"]) or ""),
                )
                for entry in described
            ),
            none="The city offers nothing by these words.",
        )
    return 0 if found else 1


def _describe(catalogue: Catalogue, service: Service) -> dict[str, Any]:
    offices = catalogue.offering(ServiceSet.of([service.id]))
    return {
        "id": service.id,
        "name": service.name,
        "maxQuantity": service.max_quantity,
        "offices": [
            {
                "id": office,
                "name": catalogue.office(office).name,
                "checked": catalogue.is_checked(office),
            }
            for office in sorted(offices)
        ],
    }
