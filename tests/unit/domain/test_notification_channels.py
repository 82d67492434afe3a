"""One message, several channels: what came of it at each."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import attrs
import pytest

from mta_core.domain.errors import IllegalTransition
from mta_core.domain.notifications import (
    MAX_ATTEMPTS,
    TAKEN,
    DeliveryState,
    Kind,
    Notification,
)
from tests.unit.domain.builders import LEASE, NOW, uid

S = DeliveryState
LATER = NOW + timedelta(seconds=7)


def in_hand(**more: Any) -> Notification:
    fresh = Notification(uid(1), uid(2), Kind.FOUND, created_at=NOW, due_at=NOW)
    return attrs.evolve(fresh, **more).sending(NOW, LEASE)


def until(moment: datetime) -> datetime:
    return moment + LEASE


def test_a_new_message_has_come_nowhere() -> None:
    assert in_hand().outcomes == {}


def test_a_channel_that_took_it_is_noted_and_the_others_have_their_time() -> None:
    noted = in_hand().at("console:1", TAKEN, until(LATER))
    assert noted.outcomes == {"console:1": TAKEN}
    assert (noted.state, noted.due_at, noted.attempts) == (S.SENDING, until(LATER), 1)
    with pytest.raises(IllegalTransition, match="not due"):
        noted.sending(LATER, LEASE)


def test_what_came_of_one_channel_is_kept_beside_the_others() -> None:
    noted = in_hand().at("a:1", TAKEN, until(NOW)).at("b:2", "refused", until(NOW))
    assert noted.outcomes == {"a:1": TAKEN, "b:2": "refused"}


def test_noting_changes_no_earlier_copy() -> None:
    before = in_hand().at("a:1", TAKEN, until(NOW))
    before.at("b:2", TAKEN, until(NOW))
    assert before.outcomes == {"a:1": TAKEN}


def test_delivered_everywhere_leaves_no_reason() -> None:
    done = in_hand().at("a:1", TAKEN, until(NOW)).at("b:2", TAKEN, until(NOW))
    done = done.delivered(LATER)
    assert (done.state, done.delivered_at, done.due_at) == (S.DELIVERED, LATER, None)
    assert done.reason == ""


def test_a_channel_that_will_never_take_it_is_named_though_it_is_delivered() -> None:
    note = in_hand(reason="ntfy is down").at("a:1", TAKEN, until(NOW))
    note = note.at("b:2", "the address is gone", until(NOW))
    note = note.at("c:3", "it blocks MTA", until(NOW)).delivered(LATER)
    assert note.reason == "the address is gone; it blocks MTA"


def test_a_retry_remembers_who_has_it_already() -> None:
    failed = in_hand().at("a:1", TAKEN, until(NOW)).failed(LATER, "b is down")
    assert failed.state is S.RETRYING
    assert failed.due_at is not None
    again = failed.sending(failed.due_at, LEASE)
    assert again.outcomes == {"a:1": TAKEN}
    done = again.at("b:2", TAKEN, until(NOW)).delivered(LATER)
    assert (done.state, done.reason) == (S.DELIVERED, "")


def test_what_one_channel_never_takes_is_given_up_with_what_is_known() -> None:
    note = in_hand(attempts=MAX_ATTEMPTS - 1).at("a:1", TAKEN, until(NOW))
    ended = note.failed(LATER, "b is down")
    assert (ended.state, ended.due_at) == (S.GIVEN_UP, None)
    assert (ended.reason, ended.outcomes) == ("b is down", {"a:1": TAKEN})


def test_a_sender_that_died_between_two_channels_leaves_the_rest_to_the_next() -> None:
    noted = in_hand().at("a:1", TAKEN, until(LATER))
    again = noted.sending(until(LATER), LEASE)
    assert (again.attempts, again.outcomes) == (2, {"a:1": TAKEN})


def test_what_stands_in_the_database_keeps_its_words() -> None:
    """A kind that is renamed would not be read back."""
    assert {kind.value for kind in Kind} == {
        *("found", "booking", "open mail", "mail reminder", "confirmed", "lost"),
        *("expired", "failed", "cancelled", "given back", "replaced"),
        *("not cancelled", "appointment", "still needed", "paused", "over"),
        *("vanished", "back", "sample", "invitation"),
        *("condition", "condition over"),
    }
    assert TAKEN == "taken"
