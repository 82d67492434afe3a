"""The processes of a story: who lives, who has died, who comes next."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from datetime import datetime

import attrs

from tests.e2e.kill.moments import READY, SHOWN, Moment
from tests.e2e.kill.orders import Order
from tests.e2e.kill.plans import Plan, Plot
from tests.e2e.kill.stage import Scene

_SHOWN = {Plot.BOOK, Plot.CHANGE_MIND, Plot.FORGET, Plot.SWAP}
"""Plots in which the first `mta up` has to see an opening."""


@attrs.frozen
class Process:
    """A process of MTA, and since when it lives."""

    pid: int
    order: Order
    since: datetime

    @property
    def ready(self) -> bool:
        """Whether it works already."""
        return READY in self.order.output()


@attrs.define
class Cast:
    """All processes of a story.

    Attributes:
        begun: the plot has begun: kills count from here.
        up: the present `mta up`.
        others: citizens' commands that have not ended.
        orders: of all that were started since the plot began.
        died: the moments at which some of them killed themselves.
        trouble: who ended in another way than was planned.
    """

    scene: Scene
    plan: Plan
    begun: bool = False
    up: Process | None = None
    others: list[Process] = attrs.field(factory=list)
    orders: list[Order] = attrs.field(factory=list)
    died: list[Moment] = attrs.field(factory=list)
    trouble: list[str] = attrs.field(factory=list)

    @property
    def living(self) -> Sequence[Process]:
        """The processes that were not seen to end."""
        return [*self.others, *([self.up] if self.up else [])]

    def tend(self, *, alone: bool) -> None:
        """See who has died, and start `mta up` unless commands are to be *alone*."""
        for process in self.living:
            status = self.scene.ended(process.pid)
            if status is not None:
                self._bury(process, status)
        if self.up is None and not alone:
            self.up = self._start("up")

    def join(self, command: str, *words: object) -> None:
        """Start a citizen's command."""
        if self.plan.alone and not self._turn(command):
            self.end_up()
        self.others.append(self._start(command, *words))

    def end_up(self) -> None:
        """Kill `mta up`; that is no part of the plan."""
        if self.up is not None:
            self.scene.end(self.up.pid)
            self.up = None

    def _bury(self, process: Process, status: int) -> None:
        order = process.order
        if status == -signal.SIGKILL and order.kill_at:
            self.died.append(order.kill_at)
        elif status or process is self.up:
            self.trouble.append(f"{order.name} ended by itself: {status}")
        if process is self.up:
            self.up = None
        else:
            self.others.remove(process)

    def _start(self, command: str, *words: object) -> Process:
        now, turn = self.scene.clock.now(), self._turn(command)
        first, up = self.begun and turn == 0, command == "up"
        kills = self.plan.kills.get(command, ()) if self.begun else ()
        shown = first and up and self.plan.plot in _SHOWN
        pid, order = self.scene.start(
            command,
            *words,
            kill_at=kills[turn] if turn < len(kills) else None,
            since=SHOWN if shown else READY,
            refused=list(self.plan.refused) if first else [],
            blindly_again=self.plan.blindly_again,
            rival=self.plan.rival and first and up,
        )
        if self.begun:
            self.orders.append(order)
        return Process(pid, order, now)

    def _turn(self, command: str) -> int:
        return sum(order.command == command for order in self.orders)
