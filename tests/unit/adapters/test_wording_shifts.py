"""What people read about watch shifts."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from mta_adapters.wording import render
from mta_core.domain.bookings import CHECK_OVER
from mta_core.domain.notifications import Kind, Notification
from mta_core.ports.notifier import Text

SENT = datetime(2026, 12, 1, 5, 50, tzinfo=UTC)
FACTS = {
    "service": "Reisepass",
    "offices": "Bürgerbüro Ruppertstraße",
    "hour": "2026-12-01T06:00:00+00:00",
    "until": "2026-12-01T07:00:00+00:00",
    "minutes": "10",
    "shared": "",
}
WHAT_TO_DO = (
    "The times there are shown to people only. Run the command mta shift just then and "
    "tick the city's box: for five minutes MTA looks there for you.\n"
    "Is this not your hour? The command mta shift offer says when you can."
)


def say(kind: Kind, **facts: str) -> Text:
    note = Notification(UUID(int=1), UUID(int=2), kind, SENT, SENT, facts=facts)
    return render(note, "en")


@pytest.mark.parametrize(
    ("minutes", "line"),
    [("10", "That is in 10 minutes.\n"), ("1", "That is in a minute.\n"), ("0", "")],
)
def test_an_invitation_says_when_where_and_what_to_do(minutes: str, line: str) -> None:
    assert say(Kind.INVITATION, **{**FACTS, "minutes": minutes}) == Text(
        "Your turn to watch: Reisepass",
        "At 07:00 the city releases slots, as it says itself: Bürgerbüro "
        f"Ruppertstraße.\n{line}{WHAT_TO_DO}",
    )


def test_a_check_that_was_over_is_told_with_what_to_do() -> None:
    said = say(Kind.FAILED, service="Reisepass", reason=CHECK_OVER)
    assert "Pass it again by the command mta shift, and MTA tries again." in said.body
