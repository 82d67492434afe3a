"""`mta notifications`: messages, and what became of them, channel by channel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from mta_core.domain.accounts import Home
from mta_core.domain.notifications import Notification
from mta_core.ports.queue import Task
from mta_entrypoints.cli.container import CliContainer
from tests.integration.cli.household import CAR, PASSPORT, Household, a_fresh_start

pytestmark = pytest.mark.integration

SOON = timedelta(minutes=1)


def test_messages_are_shown_with_what_became_of_them(home: Household) -> None:
    home.mta("subscribe", "--service", CAR)
    assert home.mta("notifications").out == "There are no messages.\n"
    home.free(a_fresh_start())
    home.look()

    [owed] = home.json("notifications")
    assert (owed["kind"], owed["state"], owed["deliveredAt"]) == (
        "found",
        "pending",
        None,
    )
    assert owed["attempts"] == 0
    assert "KfZ Zulassungsstelle" in owed["title"] + owed["body"]
    said = home.mta("notifications")
    assert said.lines[0].split() == ["when", "state", "message"]
    assert owed["title"] in said.lines[1]
    assert "not sent yet" in said.lines[1]


def test_a_channel_that_took_it_is_named(home: Household) -> None:
    home.mta("subscribe", CAR)
    home.free(a_fresh_start())
    home.look(Task.DELIVER)

    [done] = home.json("notifications")

    assert (done["state"], done["attempts"]) == ("delivered", 1)
    [channel] = done["channels"]
    assert (channel["name"], channel["outcome"]) == ("inbox", "taken")
    said = home.mta("notifications")
    assert "delivered" in said.lines[1]
    assert "inbox: taken" in said.lines[2]


def test_a_channel_that_refused_it_is_named_with_the_reason(home: Household) -> None:
    home.mta("subscribe", CAR)
    home.free(a_fresh_start())
    home.look()

    async def refuse(container: CliContainer) -> None:
        gone = Home("apprise", "ntfy://localhost/gone")
        now = datetime.now(UTC)
        note = await _owed(container)
        taken = note.sending(now, SOON).at(gone.key, "ntfy refused it", now + SOON)
        again = attrs.evolve(taken, attempts=3).failed(now, "mail does not answer")
        await _save(container, again)

    home.within(refuse)
    [note] = home.json("notifications")
    assert [each["name"] for each in note["channels"]] == ["apprise"]
    lines = [line.rstrip() for line in home.mta("notifications").lines[1:]]
    for text in (
        "tried in vain, again later",
        "apprise: ntfy refused it",
        "mail does not answer",
        "3 tries",
    ):
        assert any(text in line for line in lines)


def test_what_a_channel_says_is_said_once(home: Household) -> None:
    home.mta("subscribe", CAR)
    home.free(a_fresh_start())
    home.look()

    async def refuse(container: CliContainer) -> None:
        now = datetime.now(UTC)
        note = await _owed(container)
        taken = note.sending(now, SOON).at("apprise:1", "refused", now + SOON)
        await _save(container, taken.delivered(now))

    home.within(refuse)
    assert home.mta("notifications").out.count("refused") == 1


def test_the_latest_come_first_and_no_more_than_asked_for(home: Household) -> None:
    home.preconfirmed()
    every = home.json("notifications")
    assert len(every) > 2
    assert home.json("notifications", "--limit", 2) == every[:2]


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "x"])
def test_a_limit_is_a_number_that_makes_sense(home: Household, limit: str) -> None:
    home.mta("subscribe", CAR)
    assert "--limit" in home.mta("notifications", "--limit", limit, code=2).err


async def _owed(container: CliContainer) -> Notification:
    async with container.store().snapshot() as tx:
        [note] = await tx.notifications.due(datetime.now(UTC), 9)
    return note


async def _save(container: CliContainer, note: Notification) -> None:
    async with container.store().begin() as tx:
        await tx.notifications.save(note)
        await tx.commit()


def test_nobody_sees_the_messages_of_another(home: Household) -> None:
    home.mta("subscribe", "--service", CAR, "--as", "amira")
    home.mta("subscribe", "--service", PASSPORT, "--as", "bela")
    home.free(a_fresh_start())
    home.look()
    assert home.json("notifications", "--as", "amira")
    assert home.json("notifications", "--as", "bela") == []
    assert home.json("bookings", "--as", "bela") == []
