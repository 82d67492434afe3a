"""What can be set on a practice city."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from mta_practice.errors import PracticeError


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

    def __attrs_post_init__(self) -> None:
        """Refuse numbers that make no city; raises `PracticeError`."""
        for name in ("job_period", "request_limit", "counter_seconds"):
            if getattr(self, name) <= 0:
                raise PracticeError(f"{name} must be greater than zero")
        if self.lookup_seconds < 0:
            raise PracticeError("lookup_seconds must not be negative")
