"""Conditions in words: for the operator, for citizens and for programs."""

from __future__ import annotations

from datetime import timedelta

import attrs

from mta_core.domain.blindness import BlindReason
from mta_core.domain.conditions import CITY, Condition, ConditionName
from mta_core.domain.subscriptions import SubscriptionState
from mta_core.testing import NOON, RESIDENCE, a_blindness, a_catalogue, a_subscription
from mta_entrypoints.cli.condition_words import condition_text, described_condition
from mta_entrypoints.cli.wish_words import Wish

CATALOGUE = a_catalogue()
SINCE = NOON - timedelta(hours=9)
QUIET = Condition(ConditionName.QUIET, str(RESIDENCE), SINCE, "208 answers.")
BAN = attrs.evolve(QUIET, name=ConditionName.SOFT_BAN, about=CITY)


def test_the_operator_reads_what_since_when_and_what_to_do() -> None:
    assert condition_text(QUIET, CATALOGUE) == (
        "Wohnsitz anmelden: quiet for unusually long, since Tue 01 Sep 2026 03:00. "
        "208 answers. It may be sold out, or the city shows MTA nothing. Compare with "
        "the city's own page; MTA goes on asking."
    )


def test_of_what_is_over_the_operator_reads_when_it_ended() -> None:
    assert condition_text(QUIET.ended(NOON), CATALOGUE) == (
        "Wohnsitz anmelden: quiet for unusually long, since Tue 01 Sep 2026 03:00 until "
        "Tue 01 Sep 2026 12:00. 208 answers."
    )


def test_programs_get_the_parts_and_the_text() -> None:
    assert described_condition(BAN, CATALOGUE) == {
        "name": "soft ban suspected",
        "about": "city",
        "subject": "The city",
        "since": SINCE,
        "endedAt": None,
        "detail": "208 answers.",
        "meaning": BAN.means,
        "text": condition_text(BAN, CATALOGUE),
    }


def wish(*standing: Condition, **changes: SubscriptionState) -> Wish:
    """What is said of a wish for the residence."""
    blind = [a_blindness(reason=BlindReason.OUTAGE)]
    subscription = a_subscription(**changes)
    return Wish.seen(subscription, CATALOGUE, blind, {}, standing)


def test_who_waits_reads_that_it_is_quiet_for_unusually_long() -> None:
    first, *blind = wish(QUIET).warnings()[:]
    assert first == (
        "Quiet for unusually long: MTA has seen nothing free for this since Tue 01 Sep "
        "2026 03:00. Look at the city's own page, too; MTA goes on asking."
    )
    assert blind == wish().warnings()
    assert wish(QUIET).described()["quietSince"] == SINCE
    assert wish().described()["quietSince"] is None


def test_who_waits_reads_that_everything_is() -> None:
    assert (
        wish(QUIET, BAN)
        .warnings()[0]
        .startswith(
            "Quiet for unusually long: MTA has seen nothing free for any service since"
        )
    )


def test_what_nobody_looks_for_is_not_quiet() -> None:
    assert wish(QUIET, state=SubscriptionState.PAUSED).warnings() == []
