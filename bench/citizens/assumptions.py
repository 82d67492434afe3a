"""Every number of the simulation that is not a fact of the city or a rule of MTA.

`table` prints them with their sources. What the city does by itself is the practice
city's world (`mta_practice.programme`): release hours, durations, shared stock and the
check are the catalogue's, the rest is drawn; the numbers that matter stand in `CITY`.
MTA's own numbers (budgets, waves, pauses, shifts) are imported from `mta_core`.

Where a choice had to be made, it was made against MTA. Whoever helps themselves never
tires, and goes on for two weeks. The peers fold all wishes into one question a service,
tell only of what suits, and pass the city's check by program. MTA's reminders of the
mail have no effect: who does not open it after the first message, in time, has lost it.
But nothing ever fails, be it the city, MTA or a peer, and all whom MTA books for have
answered all that an office asks.
"""

from __future__ import annotations

from typing import TypeVar

import attrs

from mta_practice.programme.counters import COLDEST, HOTTEST, RETURNS
from mta_practice.programme.crowd import LAPSING, NIGHT, SIGMA, UNCLICKED

T = TypeVar("T")

ASSUMED = "assumed, with issue 5"
STUDY = "polling study 3"
OURS = "made up"

CITY = (
    ("seconds a free slot lives at the most wanted office, median", HOTTEST, STUDY),
    ("the same at the least wanted office", COLDEST, STUDY),
    ("scatter of that (lognormal)", SIGMA, STUDY),
    ("so many times longer at night", NIGHT, STUDY),
    ("single returns in a workday and office, median", RETURNS, STUDY),
    ("share of reservations of others that lapse", LAPSING, STUDY),
    ("share of others' mails that are not opened", UNCLICKED, OURS),
)
"""What others and the staff do, drawn for each office."""


def _said(default: T, what: str, source: str) -> T:
    """Declare a number with its meaning and where it comes from."""
    told = {"what": what, "source": source}
    return attrs.field(default=default, metadata=told)


@attrs.frozen(kw_only=True)
class Assumptions:
    """The numbers; times in seconds, shares from 0 to 1."""

    citizens: int = _said(1_000, "citizens", "issue 5")
    days: int = _said(28, "days that are simulated", "issue 5")
    arrival_days: int = _said(
        14, "days over which they arrive: each has 14 days within the 28", "issue 5"
    )
    # What they want
    zipf: float = _said(1.0, "popularity of services: Zipf's exponent", STUDY)
    scarcity: float = _said(
        0.7, "correlation of popularity with how fast slots go", STUDY
    )
    near: float = _said(
        0.5, "share who take only the nearest two offices; others take any", OURS
    )
    within_14: float = _said(0.25, "share who need it within 14 days", OURS)
    within_30: float = _said(0.35, "share who need it within 30 days", OURS)
    within_60: float = _said(0.25, "share within 60 days; the others: any day", OURS)
    mornings: float = _said(0.2, "share who come only before noon", OURS)
    afternoons: float = _said(0.2, "share who come only after noon", OURS)
    few_weekdays: float = _said(0.3, "share who come on two or three weekdays", OURS)
    # How they are
    reaction: float = _said(
        180.0,
        "median time until a message is noticed and acted on, by day",
        f"{ASSUMED}; 'typically viewed within minutes' (Pielot et al., MobileHCI 2014)",
    )
    reaction_sigma: float = _said(1.2, "its scatter (lognormal)", OURS)
    wakes: int = _said(7 * 60, "minute of the day of waking up, on the mean", OURS)
    sleeps: int = _said(23 * 60, "minute of the day of going to sleep", OURS)
    sleep_spread: int = _said(60, "both vary evenly by so many minutes", OURS)
    futile: int = _said(
        8, "messages in vain on a day, after which the others are ignored", OURS
    )
    # On the city's page
    reach_page: float = _said(
        40.0, "median from the message to the calendar on the city's page", OURS
    )
    check: float = _said(8.0, "a human check by hand", OURS)
    click: float = _said(
        8.0, "median from seeing a time to having it reserved by hand", OURS
    )
    hand_sigma: float = _said(0.5, "scatter of what is done by hand", OURS)
    form: float = _said(
        90.0, "filling in the form, after the reservation (contract 7)", ASSUMED
    )
    reload: float = _said(20.0, "between two looks at the page", ASSUMED)
    linger: float = _said(60.0, "who finds nothing after a message looks on for", OURS)
    visit: float = _said(600.0, "a visit of somebody who helps themselves", "issue 5")
    visit_from: int = _said(8 * 60, "such visits begin at a random minute from", OURS)
    visit_to: int = _said(20 * 60, "… to", OURS)
    # The mail
    mail: float = _said(300.0, "median until the city's mail is opened", ASSUMED)
    mail_sigma: float = _said(1.0, "its scatter (lognormal)", OURS)
    forgets: float = _said(
        0.05,
        "share who never open it",
        f"{ASSUMED}; the same share as of others",
    )
    # The machines
    delivery: float = _said(1.0, "from sight to message", "design 9, p99")
    call: float = _said(0.5, "one booking call's round trip", OURS)
    # Watch shifts
    turns: int = _said(3, "invitations in a week that a citizen accepts", ASSUMED)
    too_late: float = _said(
        1_800.0, "who notices an invitation later than this lets it pass", OURS
    )
    # What is varied
    life_scale: float = _said(1.0, "factor on how long slots live", STUDY)


def table(assumptions: Assumptions) -> str:
    """Write all of them with their sources."""
    lines = ["| assumption | value | source |", "|---|---|---|"]
    for field in attrs.fields(Assumptions):
        value = getattr(assumptions, field.name)
        said = field.metadata
        lines.append(f"| {field.name}: {said['what']} | {value:g} | {said['source']} |")
    for what, value, source in CITY:
        lines.append(f"| the city: {what} | {value:g} | {source} |")
    return "\n".join(lines)
