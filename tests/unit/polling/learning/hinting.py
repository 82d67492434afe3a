"""A town that hints at days, and those who would come on them."""

from __future__ import annotations

from collections.abc import Sequence

from mta_core.domain.subscriptions import Subscription
from mta_core.polling.learning import Candidate
from mta_core.polling.learning.candidates import Reason
from mta_core.polling.planner import Outcome
from tests.unit.domain.builders import a_subscription, a_window, days, wanting
from tests.unit.polling.learning.town import AGO, EVER, Asking, Town, ahead

ANYBODY = a_subscription(1, wishes=wanting(1))
LATE = a_subscription(2, wishes=wanting(1, windows=(a_window(10, 60),)))


def bookable(town: Town, *listed: int, office: int = 1, hollow: bool = False) -> None:
    """Let days be bookable, counted from today on."""
    for day in listed:
        then = days(day + 1)
        town.free(AGO, office=office, lasting=EVER, ahead=then, hollow=hollow)


def asking_about(*listed: int, group: Sequence[Subscription] = (ANYBODY,)) -> Asking:
    asking = Asking(Town(), group)
    bookable(asking.town, *listed)
    return asking


def among_others(*listed: int, wishes: Sequence[Subscription] = (ANYBODY,)) -> Asking:
    """Some days are bookable, and there is enough else to ask."""
    others = [
        a_subscription(20 + n, services=str(n), wishes=wanting(n)) for n in (2, 3, 4, 5)
    ]
    asking = asking_about(*listed, group=[*wishes, *others])
    asking.times(10)
    return asking


def followed(outcomes: Sequence[Outcome]) -> list[int]:
    """The later days that were asked for."""
    return [day for day in first_days(outcomes) if day]


def first_days(outcomes: Sequence[Outcome]) -> list[int]:
    return [ahead(outcome.probe.window.first) for outcome in outcomes]


def hints(asking: Asking) -> dict[int, Candidate]:
    """What might be followed up, by day."""
    found = [c for c in asking.candidates() if c.reason is Reason.FOLLOW_UP]
    days_of = {ahead(c.day): c for c in found if c.day is not None}
    assert len(days_of) == len(found), "a day is followed up by one question"
    return days_of
