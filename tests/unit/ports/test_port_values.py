"""The few values that the ports themselves define."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest

import mta_core.ports
from mta_core.domain.accounts import Contact
from mta_core.ports.limiter import SPAN, Budget, Grant, Wait
from mta_core.ports.notifier import Text
from mta_core.ports.queue import Job, Task
from mta_core.ports.site import Details
from tests.unit.domain.builders import uid


@pytest.mark.parametrize(
    ("budget", "limit"),
    [(Budget.CALENDAR, 10), (Budget.BOOKING, 5), (Budget.OTHER, 5)],
)
def test_budgets_are_those_of_the_requirements(budget: Budget, limit: int) -> None:
    """R3.2: 10 availability checks and 5 booking requests in a minute."""
    assert budget.limit == limit
    assert SPAN == 60


def test_details_for_the_city_are_never_shown() -> None:
    contact = Contact("Ada Beispiel", "ada@example.org", "+498912345600")
    shown = repr(Details(contact, {"custom": "AZ-4711"}))
    for secret in ("Ada", "example.org", "+49", "4711"):
        assert secret not in shown


def test_values_of_ports_are_equal_by_content() -> None:
    assert Grant(uid(1), Budget.OTHER) == Grant(uid(1), Budget.OTHER)
    assert Wait(3.0) != Wait(4.0)
    assert {Job(Task.BOOK, uid(1)), Job(Task.BOOK, uid(1))} == {Job(Task.BOOK, uid(1))}
    assert Text("a", "b") != Text("b", "a")


def test_every_port_is_a_protocol_without_code() -> None:
    """A port says what is needed; how is the adapters' business."""
    found = 0
    for module in pkgutil.iter_modules(mta_core.ports.__path__):
        path = f"mta_core.ports.{module.name}"
        for _, kind in inspect.getmembers(
            importlib.import_module(path), inspect.isclass
        ):
            if kind.__module__ == path and getattr(kind, "_is_protocol", False):
                found += 1
                with pytest.raises(TypeError, match="Protocol"):
                    kind()
    assert found >= 10
