"""The fewest questions that serve everybody: no one hidden, no one asked for in vain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

import attrs
from hypothesis import given, settings

from mta_core.domain.availability import Probe
from mta_core.domain.catalogue import OfficeId
from mta_core.domain.subscriptions import Subscription
from mta_core.polling.learning import Candidate
from mta_core.polling.learning.candidates import Reason
from tests.unit.domain.builders import days
from tests.unit.polling.learning.stories import ASKABLE, STORIES, Story


@attrs.frozen
class Citizen:
    """One who can be served: from which day on, and where."""

    wish: Subscription
    first: date
    offices: frozenset[OfficeId]

    def served_by(self, probe: Probe, story: Story) -> bool:
        """Whether a question will show what is free for them, for all that is known."""
        start = probe.window.first
        return (
            probe.services == self.wish.services
            and self.offices <= probe.offices
            and start <= self.first
            and not any(
                story.hides(probe, office, start + days(number))
                for office in probe.offices
                for number in range((self.first - start).days)
            )
        )


def citizens(story: Story) -> Iterator[Citizen]:
    for wish in story.asking.group:
        first = wish.first_day(story.asking.now)
        offices = ASKABLE & (wish.wishes.offices or ASKABLE)
        if wish.active and first is not None and offices:
            yield Citizen(wish, first, offices)


def check_served(
    story: Story, everybody: Sequence[Citizen], firsts: Sequence[Probe]
) -> None:
    for citizen in everybody:
        assert any(citizen.served_by(probe, story) for probe in firsts)


def check_fewest(
    story: Story, everybody: Sequence[Citizen], firsts: Sequence[Probe]
) -> None:
    """There is a second one only for those whom the first was seen not to reach."""
    for services in {each.wish.services for each in everybody}:
        suiting = {each.first for each in everybody if each.wish.services == services}
        starts = sorted(p.window.first for p in firsts if p.services == services)
        assert starts[0] == min(suiting)
        for start, following in pairwise(starts):
            assert start < following
            assert following in suiting
            assert any(
                seen.probe.services == services
                and seen.probe.window.first == start
                and seen.through < following
                for seen in story.seen
            )


def check_serving(question: Candidate, everybody: Sequence[Citizen]) -> None:
    """No question serves nobody; counts are kept apart, and checked offices out."""
    probe, day = question.probe, question.day or question.probe.window.first
    mine = [each for each in everybody if each.wish.services == probe.services]
    assert probe.offices <= frozenset().union(*(each.offices for each in mine))
    assert any(
        each.wish.wants_day(day) and each.offices & probe.offices for each in mine
    )
    for part in question.parts:
        there = [each for each in mine if part.office in each.offices]
        assert 0 < part.waiting <= sum(each.first >= day for each in there)


@settings(max_examples=25)
@given(STORIES)
def test_everybody_is_served_by_the_fewest_questions_and_none_serves_nobody(
    story: Story,
) -> None:
    for chosen in story.told():
        everybody = list(citizens(story))
        questions = story.asking.candidates()
        firsts = [q.probe for q in questions if q.reason is not Reason.FOLLOW_UP]
        check_served(story, everybody, firsts)
        check_fewest(story, everybody, firsts)
        for question in questions:
            check_serving(question, everybody)
        if chosen is not None:
            assert chosen in {question.probe for question in questions}
        else:
            assert all(q.reason is Reason.RESTS for q in questions if not q.day)
