"""Suspect: from answers to conditions, in the store, in the log and to the operator."""

from __future__ import annotations

from datetime import timedelta

import attrs
import pytest

from mta_core.domain.accounts import Home, User
from mta_core.domain.availability import Observation
from mta_core.domain.calls import NOT_UNDERSTOOD, Call
from mta_core.domain.conditions import CATALOGUE, Condition, ConditionName
from mta_core.domain.errors import (
    Answer,
    SiteChanged,
    SiteError,
    SiteSilent,
    StorageUnavailable,
)
from mta_core.domain.notifications import Kind, Notification
from mta_core.polling.planner import Outcome
from mta_core.polling.signs import Signs
from mta_core.ports.queue import Job, Task
from mta_core.testing import (
    NOON,
    FakeClock,
    InMemoryStore,
    ListQueue,
    SequentialIds,
    a_booking,
    a_calendar,
    a_call,
    a_catalogue,
    a_home,
    a_probe,
    a_subscription,
    a_user,
)
from mta_core.use_cases.suspect import CHECK, KEPT_FOR, Changes, Suspect

MINUTE = 60.0
PROBE = a_probe()
OPERATOR = a_home(1)


@attrs.define(eq=False)
class Post:
    """The use case on the doubles; time passes when a test says so."""

    operator: Home | None = OPERATOR
    clock: FakeClock = attrs.field(factory=FakeClock)
    store: InMemoryStore = attrs.field(factory=InMemoryStore)
    queue: ListQueue = attrs.field(factory=ListQueue)
    suspect: Suspect = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.restart(Signs())

    def restart(self, signs: Signs) -> None:
        """Begin anew with what is stored, and with what the detectors know."""
        ids = SequentialIds(self.clock)
        self.suspect = Suspect(
            signs, self.store, self.queue, self.clock, ids, self.operator
        )

    async def user(self) -> User:
        """Store the operator."""
        async with self.store.begin() as tx:
            user = await tx.users.save(a_user(home=OPERATOR))
            await tx.sights.keep_catalogue(a_catalogue(), NOON)
            await tx.commit()
        return user

    async def ask(self, error: SiteError | None = None) -> Changes:
        """Let a question have an outcome."""
        now = self.clock.now()
        seen = None if error else Observation.of(PROBE, a_calendar(), now)
        return await self.suspect(Outcome(PROBE, now, seen, error))

    async def fail(self, minutes: int, error: SiteError) -> list[Condition]:
        """Let questions fail, one a minute; return what has begun."""
        began: list[Condition] = []
        for _ in range(minutes):
            began += (await self.ask(error)).began
            await self.clock.advance(MINUTE)
        return began

    async def standing(self) -> list[Condition]:
        """Read what stands."""
        async with self.store.snapshot() as tx:
            return list(await tx.conditions.now())

    async def notes(self, user: User) -> list[Notification]:
        """Read what the operator was told, oldest first."""
        async with self.store.snapshot() as tx:
            return list(reversed(await tx.notifications.of(user.id, 99)))


async def test_what_begins_and_ends_is_kept_and_returned() -> None:
    post = Post()
    [began] = await post.fail(12, SiteSilent("mute"))
    assert (began.name, began.since) == (ConditionName.OUTAGE, NOON)
    assert [c.key for c in await post.standing()] == [began.key]
    changes = await post.ask()
    [ended] = changes.ended
    assert (ended.key, ended.ended_at) == (began.key, post.clock.now())
    assert changes.began == ()
    assert await post.standing() == []
    async with post.store.snapshot() as tx:
        assert list(await tx.conditions.since(NOON)) == [ended]


async def test_while_all_is_well_nothing_is_written() -> None:
    post = Post()
    await post.ask()
    commits = post.store.commits
    for _ in range(9):
        await post.clock.advance(MINUTE)
        assert await post.ask() == Changes()
    assert post.store.commits == commits
    await post.clock.advance(MINUTE)
    await post.ask()
    assert post.store.commits == commits + 1


async def test_the_operator_is_told_when_it_begins_and_when_it_ends() -> None:
    post = Post()
    user = await post.user()
    await post.fail(12, SiteSilent("mute"))
    await post.ask()
    begun, over = await post.notes(user)
    assert (begun.kind, over.kind) == (Kind.CONDITION, Kind.CONDITION_OVER)
    assert begun.facts["subject"] == "The city"
    assert begun.facts["condition"] == "outage"
    assert begun.facts["detail"] == "Nothing seen for 10 minutes, 11 tries: mute."
    assert over.facts["ended"] == over.created_at.isoformat()
    jobs = [Job(Task.DELIVER, note.id) for note in (begun, over)]
    assert post.queue.drain() == jobs


async def test_an_operator_whom_nobody_knows_is_told_once_they_are_known() -> None:
    post = Post()
    await post.fail(12, SiteSilent())
    assert post.queue.drain() == []
    user = await post.user()
    await post.fail(11, SiteSilent())
    [note] = await post.notes(user)
    assert note.kind is Kind.CONDITION


async def test_without_an_operator_nobody_is_told() -> None:
    post = Post(operator=None)
    await post.user()
    assert await post.fail(12, SiteSilent())
    assert post.queue.drain() == []


async def test_figures_are_renewed_and_the_begin_stays() -> None:
    post = Post()
    await post.fail(41, SiteSilent("mute"))
    [condition] = await post.standing()
    assert condition.since == NOON
    assert condition.detail == "Nothing seen for 40 minutes, 41 tries: mute."


async def test_after_a_restart_what_stands_has_not_just_begun() -> None:
    post = Post()
    await post.fail(12, SiteSilent())
    signs = Signs()
    signs.recall(post.suspect.signs.documents())
    post.restart(signs)
    assert await post.ask(SiteSilent()) == Changes()
    [condition] = await post.standing()
    assert condition.since == NOON
    assert (await post.ask()).ended


async def test_what_cannot_be_written_is_written_with_the_next_answer() -> None:
    post = Post()
    user = await post.user()
    await post.fail(10, SiteSilent())
    post.store.fail(StorageUnavailable())
    with pytest.raises(StorageUnavailable):
        await post.ask(SiteSilent())
    assert await post.standing() == []
    assert post.queue.drain() == []
    assert (await post.ask(SiteSilent())).began
    assert len(await post.notes(user)) == len(post.queue.drain()) == 1


async def test_the_catalogue_is_read_with_suspicion_too() -> None:
    post = Post()
    post.suspect.signs.recall({})
    changes = [await post.suspect.read(SiteChanged("new")) for _ in range(3)]
    [began] = changes[-1].began
    assert began.key == (ConditionName.DRIFT, CATALOGUE)
    assert (await post.suspect.read(a_catalogue())).ended


async def test_a_catalogue_read_before_anything_is_recalled_ends_nothing() -> None:
    post = Post()
    await post.fail(12, SiteSilent())
    documents, signs = post.suspect.signs.documents(), Signs()
    post.restart(signs)
    assert await post.suspect.read(a_catalogue()) == Changes()
    assert len(await post.standing()) == 1
    signs.recall(documents)
    assert await post.ask(SiteSilent()) == Changes()
    less = await post.suspect.read(a_catalogue(offers=()))
    assert [c.about for c in less.began] == [CATALOGUE]


async def test_bookings_that_were_not_understood_are_heard_of() -> None:
    post = Post()
    await post.ask()
    user = a_user()
    wish = a_subscription(user)
    booking = a_booking(wish)
    await post.clock.advance(MINUTE)
    call = a_call(
        booking,
        call=Call.PRECONFIRM,
        answered_at=post.clock.now(),
        answer=Answer.UNKNOWN,
        code=NOT_UNDERSTOOD,
    )
    async with post.store.begin() as tx:
        await tx.users.save(user)
        await tx.subscriptions.save(wish)
        await tx.bookings.save(booking)
        await tx.bookings.record(call)
        await tx.commit()
    await post.clock.advance(CHECK.total_seconds())
    [began] = (await post.ask()).began
    assert "preconfirm was answered in an unknown shape" in began.detail


async def test_what_ended_long_ago_is_forgotten() -> None:
    post = Post()
    old = Condition(ConditionName.SLOW, "city", NOON, "Slow.").ended(NOON)
    async with post.store.begin() as tx:
        await tx.conditions.save(old)
        await tx.commit()
    await post.clock.advance((KEPT_FOR + timedelta(days=1)).total_seconds())
    await post.ask()
    async with post.store.snapshot() as tx:
        assert not await tx.conditions.since(NOON)
