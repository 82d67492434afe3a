"""Nobody is stored without consent; what changed is taken over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mta_core.domain.accounts import Consent, Home
from mta_core.domain.errors import InvalidValue, NotFound
from mta_core.testing.builders import a_contact, an_id
from mta_core.testing.clock import NOON
from mta_core.use_cases.register import Register
from tests.unit.use_cases.world import World

HOME = Home("console", "ada")


@pytest.fixture
def register(world: World) -> Register:
    return Register(world.store, world.clock, world.ids)


async def test_a_citizen_is_stored_with_their_consent(
    world: World, register: Register
) -> None:
    user = await register(HOME, agreed_to="2026-09", language="de")
    assert user.consent == Consent("2026-09", NOON)
    assert (user.home, user.language, user.contact) == (HOME, "de", None)
    async with world.store.snapshot() as tx:
        assert await tx.users.at(HOME) == user


async def test_without_consent_nothing_is_stored(
    world: World, register: Register
) -> None:
    with pytest.raises(InvalidValue):
        await register(HOME, agreed_to="", contact=a_contact())
    async with world.store.snapshot() as tx:
        assert await tx.users.at(HOME) is None


async def test_who_comes_back_is_the_same_citizen(
    world: World, register: Register
) -> None:
    first = await register(HOME, agreed_to="2026-09")
    await world.clock.advance(3600)
    again = await register(HOME, agreed_to="2026-09")
    assert again.id == first.id
    assert again.consent.given_at == NOON  # to the same wording
    assert again.created_at == NOON


async def test_contact_data_are_added_and_kept(register: Register) -> None:
    await register(HOME, agreed_to="2026-09")
    with_contact = await register(HOME, agreed_to="2026-09", contact=a_contact())
    assert with_contact.contact == a_contact()
    assert (await register(HOME, agreed_to="2026-09")).contact == a_contact()
    moved = a_contact(email="ada@example.org")
    changed = await register(HOME, agreed_to="2026-09", contact=moved)
    assert changed.contact == moved


async def test_a_new_wording_is_a_new_consent(world: World, register: Register) -> None:
    await register(HOME, agreed_to="2026-09")
    await world.clock.advance(3600)
    user = await register(HOME, agreed_to="2026-10")
    assert user.consent == Consent("2026-10", NOON + timedelta(hours=1))


async def test_who_learned_another_language_is_told_in_it(register: Register) -> None:
    await register(HOME, agreed_to="2026-09", language="en")
    user = await register(HOME, agreed_to="2026-09", language="de")
    assert user.language == "de"


async def test_two_homes_are_two_citizens(register: Register) -> None:
    first = await register(HOME, agreed_to="2026-09")
    second = await register(Home("console", "bea"), agreed_to="2026-09")
    assert first.id != second.id


# Further channels

MAIL = Home("mail", "ada@example.org")
PUSH = Home("push", "topic")


async def test_a_citizen_says_where_else_to_reach_them(
    world: World, register: Register
) -> None:
    user = await register(HOME, agreed_to="2026-09")
    reached = await register.reach(user.id, [MAIL, PUSH])
    assert reached.channels == (MAIL, PUSH)
    async with world.store.snapshot() as tx:
        assert await tx.users.get(user.id) == reached


async def test_what_is_said_last_holds(register: Register) -> None:
    user = await register(HOME, agreed_to="2026-09")
    await register.reach(user.id, [MAIL])
    assert (await register.reach(user.id, [PUSH])).channels == (PUSH,)
    assert (await register.reach(user.id, [])).channels == ()


async def test_nobody_is_reached_twice_at_one_place(register: Register) -> None:
    user = await register(HOME, agreed_to="2026-09")
    reached = await register.reach(user.id, [PUSH, HOME, PUSH, MAIL])
    assert reached.channels == (PUSH, MAIL)


async def test_channels_survive_what_else_changes(register: Register) -> None:
    user = await register(HOME, agreed_to="2026-09")
    await register.reach(user.id, [MAIL])
    again = await register(HOME, agreed_to="2026-09", contact=a_contact())
    assert again.channels == (MAIL,)


async def test_nobody_is_reached_nowhere(register: Register) -> None:
    with pytest.raises(NotFound):
        await register.reach(an_id(), [MAIL])
