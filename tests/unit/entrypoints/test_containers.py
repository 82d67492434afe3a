"""Wiring: every part of every process can be built, and building opens nothing."""

from __future__ import annotations

import asyncio
import base64
import io
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from dependency_injector.providers import Dependency, Factory, Provider, Singleton

from mta_adapters.memory import NoQueue
from mta_adapters.queue import DramatiqQueue
from mta_core.domain.errors import InvalidValue
from mta_core.ports.queue import Task
from mta_entrypoints.cli import container as cli
from mta_entrypoints.container import Common, opened
from mta_entrypoints.settings import Settings, load
from mta_entrypoints.up import container as up
from mta_entrypoints.watcher.container import WatcherContainer
from mta_entrypoints.worker.container import WorkerContainer
from mta_entrypoints.worker.main import handlers

KEY = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder, empty."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def settings(data: Path) -> Settings:
    """Settings that need no file."""
    return load({"MTA_DATA_DIR": str(data), "MTA_MASTER_KEY": KEY})


@pytest.fixture
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No socket can be made."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a socket was made")

    monkeypatch.setattr(socket, "socket", refuse)


def containers(settings: Settings) -> Iterator[Common]:
    """Wire every process, as it wires itself."""
    parts = up.build(settings, io.StringIO())
    yield parts.watcher
    yield parts.worker
    yield cli.build(settings)


def providers(container: Common) -> list[Provider[object]]:
    """Return what a container can build."""
    found = list(container.traverse(types=[Factory, Singleton]))
    assert len(found) > 10
    return found


@pytest.mark.usefixtures("_offline")
def test_every_part_can_be_built_and_nothing_is_opened(
    settings: Settings, data: Path
) -> None:
    threads = threading.active_count()

    for container in containers(settings):
        for provider in providers(container):
            assert provider() is not None

    assert list(data.iterdir()) == []
    assert threading.active_count() == threads


async def test_the_parts_of_one_container_share_their_database(
    settings: Settings,
) -> None:
    for container in containers(settings):
        assert container.store() is container.store()
        assert container.engine() is container.engine()
        assert container.calls().store is container.store()
        assert container.calls().site is container.site()


async def test_the_two_loops_of_up_share_nothing_but_the_broker(
    settings: Settings,
) -> None:
    parts = up.build(settings, io.StringIO())

    for name in ("engine", "http", "store", "limiter", "site", "clock"):
        ours, theirs = getattr(parts.watcher, name)(), getattr(parts.worker, name)()
        assert ours is not theirs
    assert isinstance(parts.watcher.queue(), DramatiqQueue)
    assert parts.watcher.queue() is parts.worker.queue()
    assert {actor.actor_name for actor in parts.broker.actors.values()} == {
        task.value for task in Task
    }


async def test_commands_leave_what_is_due_to_the_relay(settings: Settings) -> None:
    assert isinstance(cli.build(settings).queue(), NoQueue)


@pytest.mark.parametrize("kind", [WatcherContainer, WorkerContainer])
def test_what_a_process_must_bring_is_asked_for(kind: type[Common]) -> None:
    container = kind()
    for provider in container.traverse(types=[Dependency]):
        with pytest.raises(Exception, match="is not defined"):
            provider()


async def test_there_is_a_handler_for_every_task(settings: Settings) -> None:
    parts = up.build(settings, io.StringIO())
    assert handlers(parts.worker).keys() == set(Task)


async def test_a_container_is_opened_and_closed_where_it_is_used(
    settings: Settings, data: Path
) -> None:
    container = cli.build(settings)
    async with opened(container):
        async with container.store().snapshot() as tx:
            assert await tx.sights.catalogue() is None
        assert settings.database.is_file()
    assert container.http().is_closed


async def test_a_part_that_cannot_be_built_leaves_nothing_open(
    data: Path,
) -> None:
    contact = load({"MTA_DATA_DIR": str(data), "MTA_CONTACT": "Jörg"})
    threads = set(threading.enumerate())
    container = cli.build(contact)

    with pytest.raises(InvalidValue, match="plain ASCII"):
        async with opened(container):
            container.site()

    left = set(threading.enumerate()) - threads
    for thread in left:
        await asyncio.to_thread(thread.join, 5)
    assert not [thread for thread in left if thread.is_alive()]
