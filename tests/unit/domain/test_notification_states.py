"""One message owed to one citizen: sent, retried, given up or superseded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import attrs
import pytest

from mta_core.domain.errors import IllegalTransition
from mta_core.domain.notifications import (
    MAX_ATTEMPTS,
    DeliveryState,
    Kind,
    Notification,
    facts_of,
)
from tests.unit.domain.builders import (
    LEASE,
    NOW,
    a_catalogue,
    a_slot,
    an_office,
    uid,
)

S = DeliveryState
SECOND = timedelta(seconds=1)


def a_message(**more: Any) -> Notification:
    fresh = Notification(uid(1), uid(2), Kind.FOUND, created_at=NOW, due_at=NOW)
    return attrs.evolve(fresh, **more)


STEPS: dict[DeliveryState, Callable[[Notification], Notification]] = {
    S.SENDING: lambda m: m.sending(NOW, LEASE),
    S.DELIVERED: lambda m: m.delivered(NOW),
    S.RETRYING: lambda m: m.failed(NOW, "down"),
    S.GIVEN_UP: lambda m: m.given_up("blocked"),
    S.SUPERSEDED: lambda m: m.superseded("gone"),
}
POSSIBLE = {
    (S.PENDING, S.SENDING),
    (S.PENDING, S.SUPERSEDED),
    (S.RETRYING, S.SENDING),
    (S.RETRYING, S.SUPERSEDED),
    (S.SENDING, S.SENDING),
    (S.SENDING, S.DELIVERED),
    (S.SENDING, S.RETRYING),
    (S.SENDING, S.GIVEN_UP),
    (S.SENDING, S.SUPERSEDED),
}


@pytest.mark.parametrize("before", S)
@pytest.mark.parametrize("after", STEPS)
def test_only_the_steps_of_the_table_are_possible(
    before: DeliveryState, after: DeliveryState
) -> None:
    """A sender that died may leave a message that nobody needs any more."""
    message = a_message(state=before, attempts=1)
    if (before, after) in POSSIBLE:
        assert STEPS[after](message).state is after
    else:
        with pytest.raises(IllegalTransition):
            STEPS[after](message)


def test_a_message_in_hand_is_leased_and_counted() -> None:
    taken = a_message().sending(NOW, LEASE)
    assert (taken.attempts, taken.sent_at, taken.due_at) == (1, NOW, NOW + LEASE)


def test_a_message_is_not_sent_before_it_is_due() -> None:
    message = a_message(due_at=NOW + SECOND)
    with pytest.raises(IllegalTransition, match="not due"):
        message.sending(NOW, LEASE)
    assert message.sending(NOW + SECOND, LEASE).state is S.SENDING


def test_a_second_sender_waits_until_the_lease_is_over() -> None:
    taken = a_message().sending(NOW, LEASE)
    with pytest.raises(IllegalTransition, match="not due"):
        taken.sending(NOW + LEASE - SECOND, LEASE)
    again = taken.sending(NOW + LEASE, LEASE)
    assert (again.attempts, again.due_at) == (2, NOW + 2 * LEASE)


def test_a_delivered_message_is_done() -> None:
    failed = a_message().sending(NOW, LEASE).failed(NOW, "down")
    assert failed.due_at is not None
    done = failed.sending(failed.due_at, LEASE).delivered(NOW + LEASE)
    assert (done.delivered_at, done.due_at, done.reason) == (NOW + LEASE, None, "")


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [
        (1, 5),
        (2, 10),
        (3, 20),
        (4, 40),
        (5, 80),
        (6, 160),
        (7, 320),
        (11, 3600),
        (20, None),
    ],
)
def test_each_retry_waits_twice_as_long_until_it_is_given_up(
    attempts: int, seconds: int | None
) -> None:
    after = a_message(state=S.SENDING, attempts=attempts).failed(NOW, "down")
    assert after.reason == "down"
    if seconds is None:
        assert (after.state, after.due_at) == (S.GIVEN_UP, None)
    else:
        assert after.due_at == NOW + seconds * SECOND


def test_the_channel_may_ask_for_a_longer_wait() -> None:
    taken = a_message().sending(NOW, LEASE)
    assert taken.failed(NOW, "flood", timedelta(hours=3)).due_at == NOW + timedelta(
        hours=3
    )


def test_a_story_of_failures_ends_after_so_many_attempts() -> None:
    message, now = a_message(), NOW
    while message.due_at is not None:
        now = max(now, message.due_at)
        message = message.sending(now, LEASE).failed(now, "down")
        assert message.attempts <= MAX_ATTEMPTS
    assert message.state is S.GIVEN_UP


@pytest.mark.parametrize("state", [S.DELIVERED, S.GIVEN_UP, S.SUPERSEDED])
def test_an_ended_message_is_never_due(state: DeliveryState) -> None:
    message = a_message(state=S.SENDING, attempts=1)
    if state is S.SUPERSEDED:
        message = a_message()
    assert not message.ended
    ended = STEPS[state](message)
    assert ended.ended
    assert ended.due_at is None
    with pytest.raises(IllegalTransition, match="not due"):
        ended.sending(NOW + timedelta(days=9), LEASE)


def test_facts_name_the_service_and_every_office() -> None:
    catalogue = a_catalogue(an_office(1, address="Ruppertstraße 19"))
    slots = [a_slot(office=1, services="1x2"), a_slot(office=9, services="1x2")]
    assert facts_of(slots, catalogue, others="3") == {
        "others": "3",
        "service": "Service 1 x 2",
        "office.1": "Office 1",
        "address.1": "Ruppertstraße 19",
        "office.9": "9",
        "address.9": "",
    }
    assert facts_of([], catalogue) == {}
