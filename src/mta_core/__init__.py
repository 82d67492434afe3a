"""MTA, the Munich Termin Automator, as a library: attrs and nothing else.

``async for opening in watch(site, services, wishes, …)`` is its one loop. The names
here are the front door: they are explained in docs/library.md, typed, and change only
with a word in the changelog. Doubles for your tests are in `mta_core.testing`. All
other modules can be imported too, and may change with any release.

A name is loaded when it is first used: nobody pays for what they do not need.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mta_core.domain.accounts import Home
    from mta_core.domain.availability import (
        BERLIN,
        Calendar,
        DateWindow,
        Opening,
        Probe,
        Slot,
    )
    from mta_core.domain.blindness import BlindReason, BlindSpot
    from mta_core.domain.catalogue import (
        Catalogue,
        Offer,
        Office,
        OfficeId,
        Service,
        ServiceId,
        ServiceSet,
        Terms,
    )
    from mta_core.domain.errors import (
        CheckNeeded,
        DeliveryFailed,
        DomainError,
        InvalidValue,
        MtaError,
        NotFound,
        NotOffered,
        PortError,
        RateLimited,
        RecipientGone,
        Refused,
        SiteChanged,
        SiteError,
        SiteSilent,
        SiteUnreachable,
        StorageUnavailable,
    )
    from mta_core.domain.notifications import Kind, Notification
    from mta_core.domain.wishes import Hours, Wishes
    from mta_core.polling.pace import Counter
    from mta_core.ports.clock import Clock
    from mta_core.ports.limiter import Budget, Grant, Limiter, Stamp, Wait
    from mta_core.ports.notifier import Notifier
    from mta_core.ports.site import SiteGateway
    from mta_core.watching import (
        Event,
        Found,
        Gone,
        Sight,
        SiteView,
        watch,
        watch_events,
    )
else:
    # Type checkers read the imports above instead: for them an unknown name is one.
    def __getattr__(name):
        """Load a name from where it is at home."""
        from importlib import import_module

        for module, names in _HOMES.items():
            if name in names.split():
                found = getattr(import_module(f"mta_core.{module}"), name)
                globals()[name] = found
                return found
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__():
        """List the front door, loaded or not."""
        return sorted({*globals(), *__all__})


_HOMES = {
    "domain.accounts": "Home",
    "domain.availability": "BERLIN Calendar DateWindow Opening Probe Slot",
    "domain.blindness": "BlindReason BlindSpot",
    "domain.catalogue": (
        "Catalogue Offer Office OfficeId Service ServiceId ServiceSet Terms"
    ),
    "domain.errors": (
        "CheckNeeded DeliveryFailed DomainError InvalidValue MtaError NotFound "
        "NotOffered PortError RateLimited RecipientGone Refused SiteChanged SiteError "
        "SiteSilent SiteUnreachable StorageUnavailable"
    ),
    "domain.notifications": "Kind Notification",
    "domain.wishes": "Hours Wishes",
    "polling.pace": "Counter",
    "ports.clock": "Clock",
    "ports.limiter": "Budget Grant Limiter Stamp Wait",
    "ports.notifier": "Notifier",
    "ports.site": "SiteGateway",
    "watching": "Event Found Gone Sight SiteView watch watch_events",
}
"""Where each name is at home; a test holds it against the list below."""

__all__ = [
    "BERLIN",
    "BlindReason",
    "BlindSpot",
    "Budget",
    "Calendar",
    "Catalogue",
    "CheckNeeded",
    "Clock",
    "Counter",
    "DateWindow",
    "DeliveryFailed",
    "DomainError",
    "Event",
    "Found",
    "Gone",
    "Grant",
    "Home",
    "Hours",
    "InvalidValue",
    "Kind",
    "Limiter",
    "MtaError",
    "NotFound",
    "NotOffered",
    "Notification",
    "Notifier",
    "Offer",
    "Office",
    "OfficeId",
    "Opening",
    "PortError",
    "Probe",
    "RateLimited",
    "RecipientGone",
    "Refused",
    "Service",
    "ServiceId",
    "ServiceSet",
    "Sight",
    "SiteChanged",
    "SiteError",
    "SiteGateway",
    "SiteSilent",
    "SiteUnreachable",
    "SiteView",
    "Slot",
    "Stamp",
    "StorageUnavailable",
    "Terms",
    "Wait",
    "Wishes",
    "watch",
    "watch_events",
]
