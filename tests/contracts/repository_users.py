"""What every store must do with citizens."""

from __future__ import annotations

import json
from datetime import timedelta

import attrs
import pytest
from hypothesis import given

from mta_core.domain.accounts import Contact, Home, User
from mta_core.domain.errors import NotFound, StorageConflict
from mta_core.domain.notifications import TAKEN
from mta_core.domain.rota import Invitation
from mta_core.domain.subscriptions import Subscription
from mta_core.ports.repository import UnitOfWork
from mta_core.testing.builders import (
    a_call,
    a_contact,
    a_home,
    a_shift,
    a_turn,
    a_user,
    an_id,
    some_keys,
)
from mta_core.testing.clock import NOON
from tests.contracts.examples import inherited
from tests.contracts.storing import (
    save_user,
    stored_booking,
    stored_notification,
    stored_opening,
    stored_subscription,
    stored_user,
    tell,
)
from tests.contracts.strategies import users

STRANGE = "Zoë Ångström-Çelik 安娜 🦁 e\u0301 'quoted\" \\ %s {x}"


class UsersContract:
    """Citizens."""

    @inherited
    @given(drawn=users)
    async def test_every_field_of_a_citizen_comes_back(
        self, store: UnitOfWork, drawn: User
    ) -> None:
        home = attrs.evolve(drawn.home, address=f"{an_id()}{drawn.home.address}")
        user = attrs.evolve(drawn, id=an_id(), home=home)
        saved = await save_user(store, user)
        async with store.snapshot() as tx:
            assert await tx.users.get(user.id) == saved
            assert await tx.users.at(home) == saved
        assert saved == attrs.evolve(user, version=1)

    async def test_channels_keep_their_order_and_can_be_taken_back(
        self, store: UnitOfWork
    ) -> None:
        channels = (Home("apprise", "ntfy://b"), Home("apprise", "ntfy://a"))
        user = await stored_user(store, channels=channels)
        async with store.snapshot() as tx:
            assert (await tx.users.get(user.id)).channels == channels
            # Nobody is found by where else they are reached.
            assert await tx.users.at(channels[0]) is None
        fewer = await save_user(store, attrs.evolve(user, channels=channels[1:]))
        none = await save_user(store, attrs.evolve(fewer, channels=()))
        async with store.snapshot() as tx:
            assert await tx.users.get(user.id) == none

    async def test_two_citizens_may_share_a_further_channel(
        self, store: UnitOfWork
    ) -> None:
        """A family may read one mailbox."""
        shared = (Home("apprise", "mailto://family@example.org"),)
        first, second = [await stored_user(store, channels=shared) for _ in range(2)]
        async with store.snapshot() as tx:
            assert await tx.users.get(first.id) == first
            assert await tx.users.get(second.id) == second

    async def test_a_citizen_comes_back_as_saved(self, store: UnitOfWork) -> None:
        user = a_user(contact=a_contact(), language="de")
        saved = await save_user(store, user)
        async with store.snapshot() as tx:
            assert await tx.users.get(user.id) == saved
        assert saved == attrs.evolve(user, version=1)

    async def test_a_citizen_may_have_no_contact_data(self, store: UnitOfWork) -> None:
        user = await stored_user(store, contact=None)
        async with store.snapshot() as tx:
            assert (await tx.users.get(user.id)).contact is None

    async def test_contact_data_can_be_taken_back(self, store: UnitOfWork) -> None:
        user = await stored_user(store, contact=a_contact())
        await save_user(store, attrs.evolve(user, contact=None))
        async with store.snapshot() as tx:
            assert (await tx.users.get(user.id)).contact is None

    async def test_any_script_survives(self, store: UnitOfWork) -> None:
        contact = Contact(STRANGE, "zoë@example.org")
        home = Home("console", STRANGE)
        user = await stored_user(store, contact=contact, home=home)
        async with store.snapshot() as tx:
            assert (await tx.users.get(user.id)).contact == contact
            assert await tx.users.at(home) == user

    async def test_times_come_back_equal_and_in_utc(self, store: UnitOfWork) -> None:
        odd = NOON + timedelta(microseconds=123457)
        user = await stored_user(store, created_at=odd)
        async with store.snapshot() as tx:
            found = await tx.users.get(user.id)
        assert found.created_at == odd
        assert found.created_at.utcoffset() == timedelta(0)
        assert found.consent == user.consent

    async def test_an_unknown_citizen_is_not_found(self, store: UnitOfWork) -> None:
        await stored_user(store)
        async with store.snapshot() as tx:
            with pytest.raises(NotFound):
                await tx.users.get(an_id())

    async def test_a_citizen_is_found_by_home(self, store: UnitOfWork) -> None:
        user = await stored_user(store)
        await stored_user(store)
        async with store.snapshot() as tx:
            assert await tx.users.at(user.home) == user
            elsewhere = Home("another channel", user.home.address)
            assert await tx.users.at(elsewhere) is None
            assert await tx.users.at(a_home()) is None

    async def test_a_citizen_can_move(self, store: UnitOfWork) -> None:
        user = await stored_user(store)
        moved = await save_user(store, attrs.evolve(user, home=a_home()))
        async with store.snapshot() as tx:
            assert await tx.users.at(moved.home) == moved
            assert await tx.users.at(user.home) is None

    async def test_one_home_has_one_citizen(self, store: UnitOfWork) -> None:
        user = await stored_user(store)
        with pytest.raises(StorageConflict):
            await stored_user(store, home=user.home)

    async def test_saving_counts_versions(self, store: UnitOfWork) -> None:
        user = await stored_user(store)
        changed = attrs.evolve(user, language="uk")
        again = await save_user(store, changed)
        assert (user.version, again.version) == (1, 2)
        async with store.snapshot() as tx:
            assert await tx.users.get(user.id) == again

    async def test_a_stale_citizen_is_refused(self, store: UnitOfWork) -> None:
        user = await stored_user(store)
        await save_user(store, attrs.evolve(user, language="de"))
        with pytest.raises(StorageConflict):
            await save_user(store, attrs.evolve(user, language="fr"))
        async with store.snapshot() as tx:
            assert (await tx.users.get(user.id)).language == "de"

    async def test_a_citizen_is_inserted_once(self, store: UnitOfWork) -> None:
        user = a_user()
        await save_user(store, user)
        with pytest.raises(StorageConflict):
            await save_user(store, attrs.evolve(user, home=a_home()))

    async def test_an_erased_citizen_does_not_come_back(
        self, store: UnitOfWork
    ) -> None:
        user = await stored_user(store)
        await _erase(store, user)
        with pytest.raises(StorageConflict):
            await save_user(store, user)


async def _erase(store: UnitOfWork, user: User) -> None:
    async with store.begin() as tx:
        await tx.users.erase(user.id)
        await tx.commit()


async def _lived_in(store: UnitOfWork) -> tuple[User, Subscription]:
    """Store a citizen with a row in every table."""
    user = await stored_user(
        store,
        contact=a_contact(email="find.me@example.org"),
        channels=(Home("apprise", "ntfy://ntfy.example.org/find-me"),),
    )
    wish = await stored_subscription(store, user, answers={"custom": "Az 12/345"})
    booking = await stored_booking(store, wish, held=some_keys(auth_key="f0" * 32))
    letter = await stored_notification(
        store,
        user,
        subscription=wish.id,
        booking=booking.id,
        outcomes={user.home.key: TAKEN},
    )
    await tell(store, letter, await stored_opening(store))
    async with store.begin() as tx:
        await tx.bookings.record(a_call(booking, code="unknownError"))
        await tx.shifts.save(a_shift(user))
        await tx.rota.offer(a_turn(user))
        await tx.rota.invite(Invitation(user.id, NOON, timedelta(minutes=1)))
        await tx.commit()
    return user, wish


class PrivacyContract:
    """Erasure and export."""

    async def test_erasing_leaves_nothing_of_a_citizen(self, store: UnitOfWork) -> None:
        user, wish = await _lived_in(store)
        async with store.snapshot() as tx:
            booking = (await tx.bookings.of(user.id))[0]
            letter = (await tx.notifications.of(user.id, 9))[0]
            openings = await tx.openings.told_by(letter.id)
        await _erase(store, user)
        async with store.snapshot() as tx:
            for found in (
                await tx.users.at(user.home),
                await tx.subscriptions.of(user.id),
                await tx.subscriptions.waiting_for(wish.services),
                await tx.bookings.of(user.id),
                await tx.bookings.of_subscription(wish.id),
                await tx.bookings.claimed([user.id], wish.services),
                await tx.bookings.calls(booking.id),
                await tx.notifications.of(user.id, 9),
                await tx.openings.told_by(letter.id),
                await tx.openings.told([opening.id for opening in openings]),
                await tx.shifts.of(user.id, 9),
                await tx.rota.turns(),
                await tx.rota.invited(NOON),
            ):
                assert not found
            # The slots themselves are the city's.
            assert len(await tx.openings.some([o.id for o in openings])) == 1
            with pytest.raises(NotFound):
                await tx.users.everything(user.id)

    async def test_erasing_leaves_everybody_else(self, store: UnitOfWork) -> None:
        (gone, _), (other, wish) = await _lived_in(store), await _lived_in(store)
        async with store.snapshot() as tx:
            before = await tx.users.everything(other.id)
        await _erase(store, gone)
        async with store.snapshot() as tx:
            assert await tx.users.everything(other.id) == before
            assert await tx.bookings.claimed([other.id], wish.services) == {other.id}

    async def test_erasing_shows_in_the_revision(self, store: UnitOfWork) -> None:
        user, _wish = await _lived_in(store)
        async with store.snapshot() as tx:
            before = await tx.subscriptions.revision()
        await _erase(store, user)
        async with store.snapshot() as tx:
            assert await tx.subscriptions.revision() > before

    async def test_erasing_twice_is_harmless(self, store: UnitOfWork) -> None:
        user = await stored_user(store)
        await _erase(store, user)
        await _erase(store, user)

    async def test_everything_is_plain_and_open(self, store: UnitOfWork) -> None:
        user, wish = await _lived_in(store)
        stranger, _ = await _lived_in(store)
        async with store.snapshot() as tx:
            found = await tx.users.everything(user.id)
        tables = (
            *("users", "subscriptions", "bookings", "notifications"),
            *("shifts", "turns", "invitations"),
        )
        for table in tables:
            assert len(found[table]) == 1, table
        text = json.dumps(dict(found), ensure_ascii=False)
        for shown in (
            *("Ada Müller", "find.me@example.org", "+498912345600", user.home.address),
            *("Az 12/345", "f0" * 32, "Wohnsitz anmelden", "unknownError"),
            *("ntfy://ntfy.example.org/find-me", user.home.key),
            *(str(user.id), str(wish.id), user.consent.wording),
        ):
            assert shown in text, shown
        assert stranger.home.address not in text
        assert str(stranger.id) not in text

    async def test_nothing_is_known_of_strangers(self, store: UnitOfWork) -> None:
        async with store.snapshot() as tx:
            with pytest.raises(NotFound):
                await tx.users.everything(an_id())
