"""The watcher's parts."""

from __future__ import annotations

import random

from dependency_injector import providers

from mta_core.domain.accounts import Home
from mta_core.polling.learning import LearningPlanner
from mta_core.polling.shift_plan import ShiftPlan
from mta_core.polling.signs import Signs
from mta_core.use_cases.foretell import Foretell
from mta_core.use_cases.invite import Invite
from mta_core.use_cases.pacing import Pacing
from mta_core.use_cases.relay import Relay
from mta_core.use_cases.remember import Remember
from mta_core.use_cases.shifts import LiveShifts
from mta_core.use_cases.suspect import Suspect
from mta_core.use_cases.tend import Tend
from mta_core.use_cases.waiting import Waiting
from mta_core.use_cases.watch import Watch
from mta_entrypoints.container import Common
from mta_entrypoints.watcher.suspicions import Suspicions


def _operator(name: str) -> Home | None:
    """Find where the operator is reached: at home on the console, like any citizen."""
    return Home("console", name) if name else None


def _plan(planner: LearningPlanner) -> ShiftPlan:
    """Let what a shift teaches outlast it: its planner has the same memory."""
    return ShiftPlan(planner, lambda: LearningPlanner(planner.memory))


class WatcherContainer(Common):
    """Everything that watching needs. *queue* is given by the process."""

    planner = providers.Singleton(LearningPlanner)
    signs = providers.Singleton(Signs)
    pacing = providers.Singleton(
        Pacing,
        limiter=Common.limiter,
        counter=Common.site.provided.counter,
        clock=Common.clock,
        outlook=planner.provided.outlook,
        dice=providers.Object(random.random),
    )
    remember = providers.Singleton(
        Remember,
        store=Common.store,
        learners=providers.List(planner, signs, pacing),
        clock=Common.clock,
    )
    foretell = providers.Singleton(
        Foretell, store=Common.store, planner=planner, clock=Common.clock
    )
    waiting = providers.Singleton(Waiting, store=Common.store, clock=Common.clock)
    shifts = providers.Singleton(
        LiveShifts,
        store=Common.store,
        clock=Common.clock,
        rules=Common.settings.provided.shift_rules,
    )
    watch = providers.Singleton(
        Watch,
        waiting=waiting,
        planner=planner,
        limiter=Common.limiter,
        site=Common.site,
        store=Common.store,
        record=Common.record,
        clock=Common.clock,
        shifts=shifts,
        plan=providers.Singleton(_plan, planner),
    )
    suspicions = providers.Singleton(
        Suspicions,
        providers.Singleton(
            Suspect,
            signs=signs,
            store=Common.store,
            queue=Common.queue,
            clock=Common.clock,
            ids=Common.ids,
            operator=providers.Callable(_operator, Common.settings.provided.operator),
        ),
    )
    tend = providers.Singleton(
        Tend,
        store=Common.store,
        queue=Common.queue,
        clock=Common.clock,
        ids=Common.ids,
    )
    invite = providers.Singleton(
        Invite,
        store=Common.store,
        clock=Common.clock,
        ids=Common.ids,
        shifts=shifts,
    )
    relay = providers.Singleton(
        Relay, store=Common.store, queue=Common.queue, clock=Common.clock
    )
