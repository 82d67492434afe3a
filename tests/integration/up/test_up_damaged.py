"""`mta up` on a database that is damaged, or locked by somebody else."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import pytest
from structlog.testing import capture_logs

from mta_adapters.sql import make_engine
from mta_core.domain.subscriptions import Mode
from mta_entrypoints.cli.main import run as mta
from mta_entrypoints.settings import Settings
from mta_practice import Practice
from tests.integration.cli.damage import damaged
from tests.integration.cli.household import a_start
from tests.integration.up.running_up import Citizens, Up, citizens, until

pytestmark = pytest.mark.integration


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "place",
    # What each loop looks at first, though nobody waits.
    [
        "ix_bookings_due",
        "ix_notifications_due",
        "sqlite_autoindex_revisions_1",
        "sqlite_autoindex_catalogue_1",
    ],
)
def test_damage_that_it_meets_at_work_ends_it(
    settings: Settings,
    city: Practice,
    capsys: pytest.CaptureFixture[str],
    place: str,
) -> None:
    async def furnish() -> None:
        async with citizens(settings, city.url) as people:
            await people.container.read_catalogue()()

    asyncio.run(furnish())
    damaged(settings.database, place)
    with pytest.raises(SystemExit) as ended:
        mta(["up"])
    shown = capsys.readouterr()
    assert ended.value.code == 4, shown.err
    assert "watches" in shown.out  # it had begun
    assert shown.err.splitlines()[-1] == (
        "mta: The database file is damaged: restore it from a backup."
    )
    assert "Traceback" not in shown.err
    assert "_failed" in shown.err


def test_damage_that_the_worker_meets_at_its_start_ends_it(
    settings: Settings, city: Practice, capsys: pytest.CaptureFixture[str]
) -> None:
    async def furnish() -> None:
        async with citizens(settings, city.url) as people:
            await people.container.read_catalogue()()

    asyncio.run(furnish())
    damaged(settings.database, "sqlite_autoindex_blindness_1")
    with pytest.raises(SystemExit) as ended:
        mta(["up"])
    shown = capsys.readouterr()
    assert ended.value.code == 4, shown.err
    assert "Traceback" not in shown.err
    assert shown.err.splitlines()[-1] == (
        "mta: The database file is damaged: restore it from a backup."
    )


async def test_a_lock_of_somebody_else_is_waited_out(
    up: Up, people: Citizens, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert make_engine.__kwdefaults__ is not None
    monkeypatch.setitem(make_engine.__kwdefaults__, "busy_seconds", 0.05)
    monkeypatch.setattr("mta_entrypoints.watcher.main.AFTER_TROUBLE", 0.1)
    wish = await people.wait_for(Mode.TELL)
    with capture_logs() as logged:
        async with up.running() as task:

            async def failed() -> bool:
                return any("another program" in str(line) for line in logged)

            with closing(sqlite3.connect(settings.database)) as other:
                other.execute("BEGIN IMMEDIATE")
                await until(failed)
            assert not task.done()
            await people.free(a_start(41))
            await people.told(wish)
