"""The answer of ``available-calendar`` (contract 1.2).

Days are judged by the day list alone: a day counts as bookable at an office that
has any free grid slot. Times are computed for one day only, and only there the
slots really needed are looked at. So a listed day may turn out to have no time.

Offices that share their booking have their times pooled: a time that several of
them have is shown once, at one winner (contract 6).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import attrs

from mta_practice.catalogue import Office
from mta_practice.clock import munich_day
from mta_practice.errors import Refusal
from mta_practice.stock import Stock


@attrs.frozen
class Span:
    """Days from *first* to *last*, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Say whether *day* lies in the span."""
        return self.first <= day <= self.last

    def months(self, within: Span) -> Span:
        """Give the full calendar months of the span, clamped to *within*."""
        _, length = monthrange(self.last.year, self.last.month)
        return Span(
            max(self.first.replace(day=1), within.first),
            min(self.last.replace(day=length), within.last),
        )


@attrs.frozen
class Need:
    """An asked office and the consecutive grid slots *slots* needed there."""

    office: Office
    slots: int


@attrs.frozen
class Search:
    """What is looked for: the *horizon*, the *window* for times, and where."""

    horizon: Span
    window: Span
    needs: tuple[Need, ...]


@attrs.frozen
class _View:
    """Which day is searched for times, and which days are painted."""

    window: Span
    searched: date | None
    painted: Span


def slots_window(horizon: Span, start: date | None, end: date | None) -> Span:
    """Fill the asked window from the horizon and clamp it into it.

    Raises:
        Refusal: the window is reversed or lies outside (``invalidDateRange``, 520).
    """
    first, last = start or horizon.first, end or horizon.last
    clamped = Span(max(first, horizon.first), min(last, horizon.last))
    if first > last or clamped.first > clamped.last:
        raise Refusal("invalidDateRange")
    return clamped


def answer(search: Search, stock: Stock, now: float) -> dict[str, object]:
    """Compute the calendar for *search* from *stock* at epoch *now*."""
    free = {
        need.office.id: stock.free_starts(need.office.id, now) for need in search.needs
    }
    listed = _day_list(free, search.horizon)
    view = _view(search, sorted(listed))
    before = [day for day in listed if day < view.painted.first]
    after = [day for day in listed if day > view.painted.last]
    return {
        "startDate": search.horizon.first.isoformat(),
        "endDate": search.horizon.last.isoformat(),
        "slotsStartDate": view.window.first.isoformat(),
        "slotsEndDate": view.window.last.isoformat(),
        "prevBookableDate": max(before).isoformat() if before else None,
        "nextBookableDate": min(after).isoformat() if after else None,
        "availableDays": _days(search.needs, stock, free, listed, view),
    }


def _day_list(free: Mapping[int, Sequence[int]], horizon: Span) -> dict[date, set[int]]:
    listed: dict[date, set[int]] = {}
    for office_id, starts in free.items():
        for day in {munich_day(start) for start in starts}:
            if day in horizon:
                listed.setdefault(day, set()).add(office_id)
    return listed


def _view(search: Search, bookable: Sequence[date]) -> _View:
    """Decide the searched day: narrow, snap within the month, or scan forward."""
    window = search.window
    painted = window.months(search.horizon)
    in_month = [day for day in bookable if day in painted]
    if not in_month:
        later = [day for day in bookable if day > painted.last]
        if not later:
            return _View(window, None, painted)
        found = Span(later[0], later[0])
        return _View(found, later[0], found.months(search.horizon))
    in_window = [day for day in in_month if day in window]
    if in_window:
        return _View(Span(in_window[0], in_window[0]), in_window[0], painted)
    if window.first != window.last:
        return _View(window, None, painted)
    return _View(Span(in_month[0], in_month[0]), in_month[0], painted)


def _days(
    needs: Iterable[Need],
    stock: Stock,
    free: Mapping[int, Sequence[int]],
    listed: Mapping[date, set[int]],
    view: _View,
) -> list[dict[str, object]]:
    days = []
    for day in sorted(day for day in listed if day in view.painted):
        if day != view.searched:
            days.append(_day(day, {str(office_id): [] for office_id in listed[day]}))
            continue
        times = _times(needs, stock, free, day)
        if times:
            days.append(_day(day, times))
    return days


def _times(
    needs: Iterable[Need], stock: Stock, free: Mapping[int, Sequence[int]], day: date
) -> dict[str, list[int]]:
    """Give the times of *day* by the office that owns them."""
    groups: dict[tuple[int, ...], dict[int, list[Office]]] = {}
    for need in needs:
        able = groups.setdefault(need.office.group, {})
        for start in _fitting(need, stock, free[need.office.id], day):
            able.setdefault(start, []).append(need.office)
    owned: dict[str, list[int]] = {}
    for able in groups.values():
        for turn, start in enumerate(sorted(able)):
            owned.setdefault(str(_winner(able[start], turn).id), []).append(start)
    return owned


def _winner(able: Sequence[Office], turn: int) -> Office:
    """Let the offices that have a time take turns, in the order of their scopes."""
    return sorted(able, key=_scope_id)[turn % len(able)]


def _scope_id(office: Office) -> int:
    return office.scope.id if office.scope else 0


def _fitting(
    need: Need, stock: Stock, starts: Iterable[int], day: date
) -> Iterator[int]:
    office = need.office
    for start in starts:
        if munich_day(start) == day and stock.chain(
            office.id, start, need.slots, office.slot_seconds
        ):
            yield start


def _day(day: date, times: Mapping[str, Sequence[int]]) -> dict[str, object]:
    """Write one day; office ids are strings here and sorted as strings."""
    return {
        "date": day.isoformat(),
        "providerIDs": ",".join(sorted(times)),
        "offices": [
            {"officeId": office_id, "appointments": list(times[office_id])}
            for office_id in sorted(times)
            if times[office_id]
        ],
    }
