"""How citizens live: asleep or awake, quick or slow, and forgetful now and then."""

from __future__ import annotations

from datetime import timedelta

import attrs

from bench.citizens.assumptions import Assumptions
from bench.citizens.people import Citizen
from mta_practice.clock import munich_day, munich_instant
from mta_practice.programme.draws import Draws

_AFTER_WAKING = 60.0


@attrs.frozen
class Habits:
    """Draws what a citizen does when; the same citizen, cause and moment, the same."""

    draws: Draws
    assume: Assumptions

    def awake(self, citizen: Citizen, at: float) -> float:
        """Return *at*, or when the citizen wakes up if they sleep then."""
        day = munich_day(at)
        wakes = munich_instant(day, citizen.wakes)
        if at < wakes:
            return wakes
        if at < munich_instant(day, citizen.sleeps):
            return at
        return munich_instant(day + timedelta(days=1), citizen.wakes)

    def notices(self, citizen: Citizen, at: float) -> float:
        """Return when the citizen acts on a message that came at a moment."""
        begin = self.awake(citizen, at)
        delay = self.draws.lognormal(
            self.assume.reaction,
            self.assume.reaction_sigma,
            "reaction",
            citizen.number,
            at,
        )
        acts = begin + delay
        awake = self.awake(citizen, acts)
        return awake if awake == acts else awake + _AFTER_WAKING

    def by_hand(self, median: float, citizen: Citizen, at: float, what: str) -> float:
        """Return how long something takes that is done by hand on a page."""
        sigma = self.assume.hand_sigma
        return self.draws.lognormal(median, sigma, what, citizen.number, at)

    def opens_mail(self, citizen: Citizen, at: float) -> float | None:
        """Return when they open a mail that they know of *at*; None if they forget."""
        if self.draws.share("forgets", citizen.number, at) < self.assume.forgets:
            return None
        median, sigma = self.assume.mail, self.assume.mail_sigma
        delay = self.draws.lognormal(median, sigma, "mail", citizen.number, at)
        return self.awake(citizen, at + delay)
