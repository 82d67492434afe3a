"""The watcher's parts."""

from __future__ import annotations

from dependency_injector import providers

from mta_core.polling.round_robin import RoundRobin
from mta_core.use_cases.relay import Relay
from mta_core.use_cases.tend import Tend
from mta_core.use_cases.waiting import Waiting
from mta_core.use_cases.watch import Watch
from mta_entrypoints.container import Common


class WatcherContainer(Common):
    """Everything that watching needs. *queue* is given by the process."""

    planner = providers.Singleton(RoundRobin)
    waiting = providers.Singleton(Waiting, store=Common.store, clock=Common.clock)
    watch = providers.Singleton(
        Watch,
        waiting=waiting,
        planner=planner,
        limiter=Common.limiter,
        site=Common.site,
        store=Common.store,
        record=Common.record,
        clock=Common.clock,
    )
    tend = providers.Singleton(
        Tend,
        store=Common.store,
        queue=Common.queue,
        clock=Common.clock,
        ids=Common.ids,
    )
    relay = providers.Singleton(
        Relay, store=Common.store, queue=Common.queue, clock=Common.clock
    )
