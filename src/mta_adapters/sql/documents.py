"""The domain's objects as plain JSON values: for JSON columns, and for exports.

Moments are ISO texts in UTC, spans are seconds, a service set is its own text.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from cattrs.preconf.json import JsonConverter, make_converter

from mta_core.domain.availability import Slot
from mta_core.domain.catalogue import Catalogue, Offer, Office, Service, ServiceSet
from mta_core.domain.subscriptions import Hours, Wishes


def _converter() -> JsonConverter:
    # Sorted, so that what did not change is stored as it was.
    converter = make_converter(unstruct_collection_overrides={Set: sorted})
    converter.register_unstructure_hook(
        datetime, lambda moment: moment.astimezone(UTC).isoformat()
    )
    converter.register_unstructure_hook(time, time.isoformat)
    converter.register_structure_hook(time, lambda text, _: time.fromisoformat(text))
    converter.register_unstructure_hook(timedelta, timedelta.total_seconds)
    converter.register_structure_hook(
        timedelta, lambda seconds, _: timedelta(seconds=seconds)
    )
    converter.register_unstructure_hook(ServiceSet, str)
    converter.register_structure_hook(
        ServiceSet, lambda text, _: ServiceSet.parse(text)
    )
    converter.register_unstructure_hook(UUID, str)
    return converter


_CONVERTER = _converter()


def plain(value: object) -> Any:
    """Turn anything of the domain into plain JSON values."""
    return _CONVERTER.unstructure(value)


def wishes_of(document: dict[str, Any]) -> Wishes:
    """Read wishes back."""
    return _CONVERTER.structure(document, Wishes)


def hours_of(document: dict[str, Any]) -> Hours:
    """Read hours back."""
    return _CONVERTER.structure(document, Hours)


def slots_of(document: list[Any]) -> tuple[Slot, ...]:
    """Read slots back."""
    return _CONVERTER.structure(document, tuple[Slot, ...])


def catalogue_document(catalogue: Catalogue) -> dict[str, Any]:
    """Write a catalogue as three lists."""
    return {
        "services": plain(list(catalogue.services.values())),
        "offices": plain(list(catalogue.offices.values())),
        "offers": plain(catalogue.offers),
    }


def catalogue_of(document: dict[str, Any]) -> Catalogue:
    """Read a catalogue back."""
    return Catalogue.of(
        _CONVERTER.structure(document["services"], list[Service]),
        _CONVERTER.structure(document["offices"], list[Office]),
        _CONVERTER.structure(document["offers"], list[Offer]),
    )
