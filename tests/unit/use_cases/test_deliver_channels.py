"""One message by several channels: each is tried until it took it, alone if need be."""

from __future__ import annotations

import attrs
import pytest

from mta_core.domain.accounts import Home, User
from mta_core.domain.errors import DeliveryFailed, RecipientGone, StorageUnavailable
from mta_core.domain.notifications import (
    MAX_ATTEMPTS,
    TAKEN,
    DeliveryState,
    Kind,
    Notification,
)
from mta_core.ports.notifier import Notifier
from mta_core.testing.builders import a_notification
from mta_core.testing.notifier import RecordingNotifier
from mta_core.use_cases.deliver import LEASE, Deliver
from tests.unit.use_cases.world import SECOND, Crash, World

D = DeliveryState
MAIL = Home("mail", "ada@example.org")
PUSH = Home("push", "topic")


@attrs.define(eq=False)
class Post:
    """A citizen with two channels beside their home, and one message owed to them."""

    world: World
    user: User
    note: Notification
    mail: RecordingNotifier = attrs.field(factory=RecordingNotifier)
    push: RecordingNotifier = attrs.field(factory=RecordingNotifier)

    @classmethod
    async def ready(cls, world: World, *channels: Home) -> Post:
        """Owe a citizen a message."""
        user = await world.citizen(channels=channels or (MAIL, PUSH))
        async with world.store.begin() as tx:
            note = a_notification(user, kind=Kind.CONFIRMED)
            note = await tx.notifications.save(note)
            await tx.commit()
        return cls(world, user, note)

    @property
    def home(self) -> RecordingNotifier:
        """The notifier that brings it home."""
        return self.world.notifier

    async def deliver(self) -> Notification:
        """Deliver as soon as it is due, and return the message as it is then."""
        due = (await self.read()).due_at
        if due is not None and due > self.world.clock.now():
            await self.world.wait_until(due)
        channels: dict[str, Notifier] = {"mail": self.mail, "push": self.push}
        world = self.world
        await Deliver(world.store, world.notifier, world.clock, channels)(self.note.id)
        return await self.read()

    async def read(self) -> Notification:
        """Read the message."""
        async with self.world.store.snapshot() as tx:
            return await tx.notifications.get(self.note.id)

    def tries(self) -> list[int]:
        """How often home, mail and push were tried."""
        return [len(each.tries) for each in (self.home, self.mail, self.push)]


@pytest.fixture
async def post(world: World) -> Post:
    return await Post.ready(world)


async def test_every_channel_brings_it(post: Post) -> None:
    after = await post.deliver()
    assert (after.state, after.due_at, after.reason) == (D.DELIVERED, None, "")
    reached = [each.delivered[0].home for each in (post.home, post.mail, post.push)]
    assert reached == [post.user.home, MAIL, PUSH]
    homes = (post.user.home, MAIL, PUSH)
    assert after.outcomes == {home.key: TAKEN for home in homes}


async def test_what_is_stored_of_it_names_no_address(post: Post) -> None:
    outcomes = (await post.deliver()).outcomes
    assert all("@" not in key and "topic" not in key for key in outcomes)


async def test_two_addresses_of_one_channel_are_two(world: World) -> None:
    post = await Post.ready(world, MAIL, Home("mail", "bea@example.org"))
    await post.deliver()
    assert len(post.mail.tries) == 2


# One fails


@pytest.mark.parametrize("failing", ["home", "mail", "push"])
async def test_one_that_fails_is_tried_again_alone(post: Post, failing: str) -> None:
    getattr(post, failing).fail(DeliveryFailed("busy"), times=2)
    for _ in range(2):
        after = await post.deliver()
        assert (after.state, after.reason) == (D.RETRYING, "busy")
        assert len(after.outcomes) == 2
    assert (await post.deliver()).state is D.DELIVERED
    names = ["home", "mail", "push"]
    assert post.tries() == [3 if name == failing else 1 for name in names]


async def test_one_that_fails_does_not_hold_up_the_others(post: Post) -> None:
    post.home.fail(DeliveryFailed("busy"))
    await post.deliver()
    assert len(post.mail.delivered) == len(post.push.delivered) == 1


async def test_what_ails_several_is_said(post: Post) -> None:
    post.mail.fail(DeliveryFailed("busy"))
    post.push.fail(DeliveryFailed("away"))
    assert (await post.deliver()).reason == "busy; away"


async def test_one_that_never_works_is_given_up_and_that_is_said(post: Post) -> None:
    """The citizen has it: it was delivered, though not everywhere."""
    post.mail.fail(DeliveryFailed("busy"), times=MAX_ATTEMPTS + 1)
    after = [await post.deliver() for _ in range(MAX_ATTEMPTS)][-1]
    assert (after.state, after.due_at) == (D.DELIVERED, None)
    assert after.reason == "busy"
    assert post.tries() == [1, MAX_ATTEMPTS, 1]


async def test_if_none_ever_works_it_is_given_up(post: Post) -> None:
    for channel in (post.home, post.mail, post.push):
        channel.fail(DeliveryFailed("busy"), times=MAX_ATTEMPTS + 1)
    after = [await post.deliver() for _ in range(MAX_ATTEMPTS)][-1]
    assert (after.state, after.due_at) == (D.GIVEN_UP, None)


# One is gone for good


async def test_one_that_is_gone_is_not_tried_again(post: Post) -> None:
    post.mail.lose(MAIL)
    after = await post.deliver()
    assert (after.state, after.reason) == (D.DELIVERED, str(RecipientGone()))
    assert after.outcomes[MAIL.key] == str(RecipientGone())


async def test_without_their_home_a_citizen_is_reached_elsewhere(post: Post) -> None:
    post.home.lose(post.user.home)
    after = await post.deliver()
    assert after.state is D.DELIVERED
    assert len(post.mail.delivered) == len(post.push.delivered) == 1


async def test_if_all_are_gone_it_is_given_up_at_once(post: Post) -> None:
    post.home.lose(post.user.home)
    post.mail.lose(MAIL)
    post.push.lose(PUSH)
    after = await post.deliver()
    assert (after.state, after.due_at) == (D.GIVEN_UP, None)
    assert post.tries() == [1, 1, 1]


async def test_a_channel_that_mta_does_not_have_any_more_is_passed_over(
    world: World,
) -> None:
    """The operator took it out of the settings: nobody else gets its messages."""
    post = await Post.ready(world, Home("fax", "+498912345600"))
    after = await post.deliver()
    assert (after.state, after.reason) == (
        D.DELIVERED,
        "MTA has no channel named fax.",
    )
    assert post.tries() == [1, 0, 0]


# Dying between two channels


@pytest.mark.parametrize("lasting", [True, False])
@pytest.mark.parametrize("commit", range(4))
async def test_a_crash_between_two_channels_repeats_one_at_most(
    post: Post, commit: int, lasting: bool
) -> None:
    """Each commit: taken in hand, home noted, mail noted, delivered."""
    post.world.store.dies_in, post.world.store.lasting = commit, lasting
    with pytest.raises(Crash):
        await post.deliver()
    assert (await post.deliver()).state is D.DELIVERED
    assert sum(post.tries()) - 3 <= 1
    assert sum(post.tries()) == 3 + (not lasting and commit > 0)
    shown = [len(each.delivered) for each in (post.home, post.mail, post.push)]
    assert shown == [1, 1, 1]


async def test_a_database_that_fails_between_two_channels_is_waited_out(
    post: Post,
) -> None:
    post.world.store.dies_in = 1
    post.world.store.death = StorageUnavailable()
    with pytest.raises(StorageUnavailable):
        await post.deliver()
    assert (await post.deliver()).state is D.DELIVERED


@attrs.define
class Slow(Notifier):
    """A channel that takes its time, and notes until when it may."""

    post: Post
    inner: RecordingNotifier
    leases: list[float] = attrs.field(factory=list)

    async def deliver(self, notification: Notification, home: Home, lang: str) -> None:
        clock = self.post.world.clock
        due = (await self.post.read()).due_at
        assert due is not None
        self.leases.append((due - clock.now()).total_seconds())
        await clock.sleep((LEASE - SECOND).total_seconds())
        await self.inner.deliver(notification, home, lang)


async def test_each_channel_has_a_lease_of_its_own(post: Post) -> None:
    """Else the last of several slow ones would be taken for dead, and sent twice."""
    slow = Slow(post, post.mail)
    channels: dict[str, Notifier] = {"mail": slow, "push": slow}
    world = post.world
    await Deliver(world.store, slow, world.clock, channels)(post.note.id)
    assert slow.leases == [LEASE.total_seconds()] * 3
    assert (await post.read()).state is D.DELIVERED
