"""What the operator reads of conditions."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from mta_adapters.wording import render
from mta_adapters.wording.render import LANGUAGES
from mta_core.domain.conditions import ConditionName
from mta_core.domain.notifications import Kind, Notification
from mta_core.ports.notifier import Text

SENT = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
OUTAGE = {
    "subject": "The city",
    "condition": "outage",
    "detail": "Nothing seen for 10 minutes, 11 tries: no route.",
    "began": "2026-09-01T09:50:00+00:00",
    "besides": "0",
}


def say(kind: Kind, **facts: str) -> Text:
    """Write a notice about an outage, or something else."""
    note = Notification(
        UUID(int=1), UUID(int=2), kind, SENT, SENT, facts={**OUTAGE, **facts}
    )
    return render(note, "en")


def test_a_begin_says_what_since_when_and_what_to_do() -> None:
    assert say(Kind.CONDITION) == Text(
        "The city: outage",
        "Nothing seen for 10 minutes, 11 tries: no route.\n"
        "Since Tue 1 Sep, 11:50.\n"
        "MTA sees nothing, and says so to all who wait. It asks again by itself, ever "
        "more slowly; mta doctor tells more.\n"
        "The command mta why lists all that MTA suspects now.",
    )


def test_an_end_says_from_when_to_when() -> None:
    assert say(Kind.CONDITION_OVER, ended="2026-09-01T10:12:00+00:00") == Text(
        "It is over. The city: outage",
        "From Tue 1 Sep, 11:50 to Tue 1 Sep, 12:12.\n"
        "Nothing seen for 10 minutes, 11 tries: no route.\n"
        "The command mta why lists all that MTA suspects now.",
    )


@pytest.mark.parametrize(
    ("kind", "besides", "line"),
    [
        (Kind.CONDITION, "1", "One more is in the same condition."),
        (Kind.CONDITION, "7", "7 more are in the same condition."),
        (Kind.CONDITION_OVER, "1", "The same is over for one more."),
        (Kind.CONDITION_OVER, "7", "The same is over for 7 more."),
    ],
)
def test_others_of_the_same_name_are_counted(
    kind: Kind, besides: str, line: str
) -> None:
    assert line in say(kind, besides=besides).body.splitlines()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ConditionName)
def test_every_language_says_what_each_means(lang: str, name: ConditionName) -> None:
    meaning = LANGUAGES[lang].meanings[name.value]
    assert meaning in say(Kind.CONDITION, condition=name.value).body
    assert not set("<>&*_`") & set(meaning)
