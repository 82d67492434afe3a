"""Domain, use cases and repository on real SQLite, driven by a state machine.

Whatever citizens, workers, the city and the disk do, in whatever order: nothing is
lost, nobody is booked twice, at most one reservation of unknown fate is out, and when
everything has come to rest the city's and MTA's books are equal.

``MTA_PLAYS=300 pytest --hypothesis-show-statistics tests/integration/machine`` plays
as many stories and counts how they ended.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Coroutine, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar, cast

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mta_adapters.crypto import AesCipher
from mta_adapters.sql import SqlStore, make_engine, migrate
from mta_core.domain.errors import (
    RateLimited,
    Refused,
    SiteChanged,
    SiteError,
    SiteSilent,
    SiteUnreachable,
    SlotGone,
)
from mta_core.domain.subscriptions import Mode
from mta_core.testing.site import SiteCall
from mta_core.use_cases.relay import PATIENCE
from tests.integration.machine.mortal_sql import MortalSqlStore, SettlingClock
from tests.unit.use_cases.chaos import A_MOMENT, SLOTS, WISHES, Chaos
from tests.unit.use_cases.chaos_checks import Judge
from tests.unit.use_cases.world import Crash, MortalStore, World

pytestmark = [pytest.mark.integration, pytest.mark.slow]

LONG_ENOUGH = timedelta(hours=2)
"""Every clock of the city is over by then, and every retry has been taken."""

PLAYS = int(os.environ.get("MTA_PLAYS", "6"))
STEPS = 20
BOOKING_CALLS: list[SiteCall] = ["reserve", "update", "preconfirm"]
EVERY_CALL: list[SiteCall] = ["calendar", "cancel", "appointment", *BOOKING_CALLS]

T = TypeVar("T")

slots = st.integers(0, len(SLOTS) - 1)
wishes = st.integers(0, len(WISHES) - 1)
numbers = st.integers(0, 5)
hours = st.integers(1, 5)
moments = st.sampled_from([0.1, A_MOMENT, 0.6, 1.1, 5.0])
calls = st.sampled_from(EVERY_CALL)
not_executed = st.sampled_from(
    [SiteUnreachable("refused"), RateLimited("too many requests")]
)
unknown = st.sampled_from([SiteSilent("timeout"), SiteChanged("what is this?")])


class BookingMachine(RuleBasedStateMachine):
    """One installation of MTA, one city, and everything that may happen to them."""

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="mta-machine-"))
        self.runner = asyncio.Runner()
        path = shutil.copy(self.template, self.folder / "mta.sqlite")
        self.engine = make_engine(path)
        cipher = AesCipher(bytes(range(32)))
        store = MortalSqlStore(SqlStore(self.engine, cipher, "https://city.example"))
        clock = SettlingClock(busy=lambda: store.open > 0)
        # It stands in for the one in memory: the same transactions and ways to die.
        self.chaos = Chaos(World(clock=clock, store=cast(MortalStore, store)))
        self.judge = Judge(self.chaos)

    def let(self, deed: Coroutine[Any, Any, T]) -> T:
        """Let something happen, on this machine's own event loop."""
        return self.runner.run(deed)

    def teardown(self) -> None:
        """Let everything come to rest; then the books must be equal."""
        try:
            self.let(self.come_to_rest())
            self.let(self.judge.check_rest())
            for booking in self.let(self.chaos.bookings()):
                event(f"a booking ended as {booking.state.value}")
        finally:
            self.let(self.engine.dispose())
            self.runner.close()
            shutil.rmtree(self.folder)

    async def come_to_rest(self) -> None:
        """Go from one due moment to the next, then see that nothing is left to do."""
        chaos, clock = self.chaos, self.chaos.world.clock
        await chaos.come_to_rest(PATIENCE)
        until = clock.now() + LONG_ENOUGH
        while clock.now() < until:
            due = [b.due_at for b in await chaos.bookings() if b.due_at is not None]
            pause = min([*due, until]) - clock.now()
            await chaos.wait(max(pause.total_seconds(), 0.0))
            await chaos.come_to_rest(PATIENCE)

    @initialize(mode=st.sampled_from(Mode), hours=hours)
    def the_city_opens(self, mode: Mode, hours: int) -> None:
        """The city is known, three slots are free, somebody waits."""
        self.let(self.chaos.world.know_the_city())
        self.let(self.chaos.release(0, 1, 2))
        self.let(self.chaos.arrive(mode, hours, 0, swaps=False))

    # What the city does

    @rule(first=slots, second=slots)
    def slots_become_free(self, first: int, second: int) -> None:
        self.let(self.chaos.release(first, second))

    @rule(number=slots)
    def somebody_else_is_faster(self, number: int) -> None:
        self.let(self.chaos.take(number))

    @rule(call=calls, error=not_executed)
    def a_call_is_not_executed(self, call: SiteCall, error: SiteError) -> None:
        self.let(self.chaos.fail(call, error, after=False))

    @rule(call=calls, error=unknown, after=st.booleans())
    def a_call_ends_unknown(
        self, call: SiteCall, error: SiteError, after: bool
    ) -> None:
        self.let(self.chaos.fail(call, error, after))

    @rule(call=st.sampled_from(BOOKING_CALLS))
    def a_call_is_refused(self, call: SiteCall) -> None:
        gone = call == "reserve"
        error = SlotGone("appointmentNotAvailable") if gone else Refused("invalidEmail")
        self.let(self.chaos.fail(call, error, after=False))

    # What happens to MTA

    @rule(call=calls, after=st.booleans())
    def a_worker_dies_during_a_call(self, call: SiteCall, after: bool) -> None:
        self.let(self.chaos.fail(call, Crash(), after))

    @rule(commit=st.integers(0, 6), lasting=st.booleans(), crash=st.booleans())
    def a_worker_dies_at_a_commit(
        self, commit: int, lasting: bool, crash: bool
    ) -> None:
        self.let(self.chaos.die(commit, lasting, crash))

    @rule(commits=st.sampled_from([1, 5, 30]))
    def the_disk_is_full(self, commits: int) -> None:
        self.let(self.chaos.fill_disk(commits))

    @rule()
    def everything_is_killed(self) -> None:
        self.let(self.chaos.kill())

    @rule()
    def the_queue_forgets(self) -> None:
        self.let(self.chaos.drop())

    # What MTA does

    @rule()
    def it_watches(self) -> None:
        self.let(self.chaos.watch())

    @rule(workers=st.sampled_from([1, 1, 2]), seconds=moments)
    def it_works(self, workers: int, seconds: float) -> None:
        self.let(self.chaos.work(workers, seconds))

    @rule()
    def a_usual_moment_passes(self) -> None:
        self.let(self.chaos.beat())

    @rule()
    def a_usual_while_passes(self) -> None:
        self.let(self.chaos.carry_on())

    @rule(seconds=st.sampled_from([0.3, 6, 20, 60, 300, 1000]))
    def time_passes(self, seconds: float) -> None:
        self.let(self.chaos.wait(seconds))

    # What citizens do

    @precondition(lambda self: len(self.chaos.users) < 4)
    @rule(mode=st.sampled_from(Mode), hours=hours, wishes=wishes, swaps=st.booleans())
    def somebody_arrives(
        self, mode: Mode, hours: int, wishes: int, swaps: bool
    ) -> None:
        self.let(self.chaos.arrive(mode, hours, wishes, swaps))

    @precondition(lambda self: len(self.chaos.users) < 4)
    @rule(hours=hours)
    def somebody_has_a_late_appointment(self, hours: int) -> None:
        self.let(self.chaos.settle_down(hours))

    @rule(who=numbers, both=st.booleans())
    def somebody_wants_more(self, who: int, both: bool) -> None:
        self.let(self.chaos.want_more(who, both))

    @rule(say_so=st.booleans())
    def they_open_their_mail(self, say_so: bool) -> None:
        self.let(self.chaos.open_mails(say_so))

    @rule(number=numbers)
    def somebody_gives_something_back(self, number: int) -> None:
        self.let(self.chaos.give_back(number))

    @rule(number=numbers, wishes=wishes, mode=st.sampled_from([None, None, *Mode]))
    def somebody_changes_their_mind(
        self, number: int, wishes: int, mode: Mode | None
    ) -> None:
        self.let(self.chaos.change(number, wishes, mode))

    @rule(word=st.sampled_from(["pause", "resume", "resume", "end"]), number=numbers)
    def somebody_stops_or_goes_on(self, word: str, number: int) -> None:
        self.let(self.chaos.manage(word, number))

    # What must hold, after every deed

    @invariant()
    def nobody_is_harmed(self) -> None:
        self.let(self.judge.check())


@pytest.fixture(scope="module", autouse=True)
def _template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Migrate once; every play begins with a copy."""
    path = tmp_path_factory.mktemp("template") / "mta.sqlite"

    async def make() -> None:
        engine = make_engine(path)
        try:
            await migrate(engine)
        finally:
            await engine.dispose()

    asyncio.run(make())
    BookingMachine.template = path
    yield
    del BookingMachine.template


@pytest.mark.timeout(60 + 20 * PLAYS)
def test_whatever_happens_the_books_are_equal_in_the_end() -> None:
    run_state_machine_as_test(
        BookingMachine,
        settings=settings(
            max_examples=PLAYS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
