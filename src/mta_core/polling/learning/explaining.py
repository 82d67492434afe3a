"""What the planner would ask next, in words and numbers; and what it expects to come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from mta_core.polling.learning.berlin import DAY, minute_at
from mta_core.polling.learning.candidates import Candidate, Part, Reason
from mta_core.polling.learning.follow_ups import FollowUps, Hint
from mta_core.polling.learning.memory import Memory
from mta_core.polling.learning.pair import Pair
from mta_core.polling.learning.questions import Question, Stake, worth_of

_ORDER: Mapping[Reason, int] = {
    Reason.NEVER_ASKED: 0,
    Reason.OVERDUE: 1,
    # What is worth most is asked first, whether it is a follow-up or not.
    Reason.WORTH: 2,
    Reason.FOLLOW_UP: 2,
    Reason.FAILED: 3,
    Reason.RESTS: 4,
}


def candidates(
    questions: Iterable[Question],
    follow_ups: FollowUps,
    memory: Memory,
    now: float,
    longest: float,
) -> list[Candidate]:
    """Return all that might be asked, the next one first."""
    found = [_first(question, memory, now, longest) for question in questions]
    found += [_later(hint, follow_ups, now) for hint in follow_ups.all()]
    return sorted(found, key=_rank)


def coming(questions: Iterable[Question], memory: Memory, minute: int) -> float:
    """Return what is expected to come in a minute since 1970, times those who wait."""
    rhythm = memory.rhythm.at(minute_at(minute))
    total = 0.0
    for question in questions:
        for pair, waiting, _ in question.stakes:
            batch, echo = pair.inflow(minute)
            total += 60 * waiting * (pair.rate * rhythm + batch + echo)
    return total


def _rank(candidate: Candidate) -> tuple[int, float]:
    return _ORDER[candidate.reason], -candidate.worth


def _first(question: Question, memory: Memory, now: float, longest: float) -> Candidate:
    parts = tuple(_part(stake, memory, now) for stake in question.stakes)
    reason = Reason.WORTH
    if question.rests_until > now:
        reason = Reason.RESTS
    elif question.retry_at > now:
        reason = Reason.FAILED
    elif question.last is None:
        reason = Reason.NEVER_ASKED
    elif now - question.last > longest:
        reason = Reason.OVERDUE
    last = question.last
    return Candidate(
        question.probe,
        reason,
        sum(part.worth for part in parts),
        None if last is None else _moment(last),
        None if last is None else _moment(last + longest),
        tuple(sorted(parts, key=lambda part: -part.worth)),
    )


def _later(hint: Hint, follow_ups: FollowUps, now: float) -> Candidate:
    return Candidate(
        hint.probe,
        Reason.FOLLOW_UP,
        follow_ups.worth(hint, now),
        None if hint.asked_at is None else _moment(hint.asked_at),
        None,
        (),
        hint.day,
    )


def _part(stake: Stake, memory: Memory, now: float) -> Part:
    pair, waiting, key = stake
    expected = pair.expect(now)
    release, chance = _next_release(pair, now)
    return Part(
        office=key[1],
        waiting=waiting,
        rate=3600 * pair.rate,
        life=1 / pair.m,
        expected=expected.fresh,
        batch=expected.batch + expected.raised,
        worth=waiting * worth_of(pair, now, memory.tick),
        release=release,
        chance=chance,
    )


def _next_release(pair: Pair, now: float) -> tuple[datetime | None, float]:
    """Return the likeliest release minute of the coming day, if any is known."""
    best, chance = max(_chances(pair, now), key=lambda found: found[1])
    return (None, 0.0) if not chance else (_moment(best), chance)


def _chances(pair: Pair, now: float) -> Iterator[tuple[float, float]]:
    next_minute = int(now // 60) + 1
    for number in range(next_minute, next_minute + DAY):
        yield 60.0 * number, pair.releases.chance(minute_at(number))


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
