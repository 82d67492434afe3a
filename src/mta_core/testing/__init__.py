"""Doubles and builders for tests, held to the same contracts as the adapters.

Every port has one: a clock to turn by hand, a database in memory, a city that follows
a script. They need nothing beyond what the core needs.
"""

from mta_core.testing.builders import (
    ORLEANSPLATZ,
    PASING,
    PASSPORT,
    RESIDENCE,
    RUPPERTSTRASSE,
    a_blindness,
    a_booking,
    a_calendar,
    a_call,
    a_catalogue,
    a_contact,
    a_day,
    a_home,
    a_notification,
    a_probe,
    a_service,
    a_service_set,
    a_shift,
    a_slot,
    a_subscription,
    a_token,
    a_turn,
    a_user,
    a_window,
    an_id,
    an_office,
    an_opening,
    some_details,
    some_keys,
    some_terms,
)
from mta_core.testing.checks import ScriptedCheck
from mta_core.testing.cipher import LabelCipher
from mta_core.testing.clock import NOON, FakeClock, SequentialIds
from mta_core.testing.limiter import FakeLimiter
from mta_core.testing.notifier import Delivery, RecordingNotifier
from mta_core.testing.queue import ListQueue
from mta_core.testing.repository import InMemoryStore
from mta_core.testing.site import Called, ScriptedSite

__all__ = [
    "NOON",
    "ORLEANSPLATZ",
    "PASING",
    "PASSPORT",
    "RESIDENCE",
    "RUPPERTSTRASSE",
    "Called",
    "Delivery",
    "FakeClock",
    "FakeLimiter",
    "InMemoryStore",
    "LabelCipher",
    "ListQueue",
    "RecordingNotifier",
    "ScriptedCheck",
    "ScriptedSite",
    "SequentialIds",
    "a_blindness",
    "a_booking",
    "a_calendar",
    "a_call",
    "a_catalogue",
    "a_contact",
    "a_day",
    "a_home",
    "a_notification",
    "a_probe",
    "a_service",
    "a_service_set",
    "a_shift",
    "a_slot",
    "a_subscription",
    "a_token",
    "a_turn",
    "a_user",
    "a_window",
    "an_id",
    "an_office",
    "an_opening",
    "some_details",
    "some_keys",
    "some_terms",
]
