"""What can be set on a practice city."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import attrs

from mta_practice.clock import PracticeClock
from mta_practice.errors import PracticeError
from mta_practice.networks import Networks


class Generation(StrEnum):
    """Which routes the city has (contract 1.4): MUC47 those of today."""

    MUC45 = "muc45"
    MUC47 = "muc47"


@attrs.frozen
class HumanRules:
    """How the check for a person is held (contract 5). Times in seconds.

    *ladder*: (challenges that an address asked for within the last *window*, cost of
    its next one), the highest rung reached counts; below the lowest the cost is a
    million. *allow_listed* addresses pay 1. *validity* of a challenge, *verifies*
    of one payload, *token_life* of what a passed check hands out. *enabled* is only
    told to the frontend: the city itself looks at the office alone.
    """

    ladder: tuple[tuple[int, int], ...] = ((0, 1000), (4, 5000), (9, 10_000))
    window: float = 1800.0
    validity: float = 1200.0
    verifies: int = 1
    token_life: float = 300.0
    allow_listed: tuple[str, ...] = ()
    enabled: bool = True


@attrs.frozen
class PracticeSettings:
    """Settings of one practice city.

    *seed* of all its randomness. *stepped*: time stands still but for
    ``POST /practice/clock``, from *start* (epoch seconds, None: now) on.
    *job_period*: seconds between two runs of the minute jobs. *request_limit*
    requests per address, *counter_seconds* their counter's life (contract 2.5).
    *catalogue*: an answer of ``/offices-and-services/``, None for the compact one.
    *public_url*: what links in mails begin with, None for the address served on.
    *lookup_seconds*: how long the city takes between finding a slot and inserting
    the reservation; within it another request can be faster (contract 4).
    *blacklist*: addresses and CIDR blocks that are refused. *maintenance*: whether
    the city starts under it. *human*: the check for a person. *generation* of the
    routes. *drift*: fields of answers by the name they get, empty to leave them out.
    *frontend*: folder of a frontend build to serve. *origins* of pages that may call
    the API from elsewhere, ``*`` for all.
    *programme*: whether the city lives by itself. *speed*: how many times as fast as
    the machine's its time runs, from *start* on. *clock_file*: a file that describes
    such a clock, so that others can share it; *clock*: one to use as it is.
    """

    seed: int = 1
    stepped: bool = False
    job_period: float = 60.0
    request_limit: int = 60
    counter_seconds: float = 60.0
    catalogue: Mapping[str, object] | None = None
    public_url: str | None = None
    start: float | None = None
    lookup_seconds: float = 0.0
    blacklist: tuple[str, ...] = ()
    maintenance: bool = False
    human: HumanRules = attrs.field(factory=HumanRules)
    generation: Generation = attrs.field(default=Generation.MUC47)
    drift: Mapping[str, str] = attrs.field(factory=dict)
    frontend: Path | None = None
    origins: tuple[str, ...] = ("*",)
    programme: bool = False
    speed: float = 1.0
    clock_file: Path | None = None
    clock: PracticeClock | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what makes no city; raises `PracticeError`."""
        for name in ("job_period", "request_limit", "counter_seconds"):
            if getattr(self, name) <= 0:
                raise PracticeError(f"{name} must be greater than zero")
        if self.lookup_seconds < 0:
            raise PracticeError("lookup_seconds must not be negative")
        self._check_time()
        if "" in self.drift:
            raise PracticeError("drift needs the name of a field")
        for listed in (self.blacklist, self.human.allow_listed):
            Networks.parse(listed)
        if self.frontend and not (self.frontend / "index.html").is_file():
            raise PracticeError(f"there is no index.html in {self.frontend}")

    def _check_time(self) -> None:
        if not 0 < self.speed < math.inf:
            raise PracticeError("speed must be greater than zero")
        if self.stepped and (self.speed != 1 or self.clock_file or self.clock):
            raise PracticeError("stepped time has no speed and no other clock")
