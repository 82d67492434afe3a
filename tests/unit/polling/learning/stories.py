"""Any town, any citizens, any hour of questions: for properties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import attrs
from hypothesis import strategies as st

from mta_core.domain.availability import Observation, Probe
from mta_core.domain.catalogue import OfficeId
from mta_core.domain.errors import Refused, SiteError, SiteSilent
from mta_core.domain.subscriptions import Subscription, SubscriptionState, Wishes
from tests.unit.domain.builders import NOW, a_subscription, a_window, days, office_ids
from tests.unit.polling.learning.town import (
    CHECKED,
    EVER,
    Asking,
    Town,
    a_town,
    seconds,
)

SMALL = a_town(3)
ASKABLE = office_ids(1, 2, 3)
PLACES = (1, 2, 3, CHECKED)

WISHES = st.builds(
    Wishes,
    offices=st.none()
    | st.sets(st.sampled_from(PLACES), min_size=1, max_size=2).map(
        lambda ids: office_ids(*ids)
    ),
    windows=st.sampled_from([(), (4, 9), (6, 6), (12, 40), (25, 99), (-9, -1)]).map(
        lambda span: (a_window(*span),) if span else ()
    ),
)
STATES = st.sampled_from(SubscriptionState) | st.just(SubscriptionState.ACTIVE)
GROUPS = st.lists(
    st.builds(
        a_subscription,
        st.integers(1, 10_000),
        services=st.sampled_from(["1", "1", "1x2"]),
        wishes=WISHES,
        state=STATES,
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda subscription: subscription.id,
)
SLOTS = st.lists(
    st.tuples(
        st.sampled_from(["1", "1", "1x2"]),
        st.sampled_from(PLACES),
        st.sampled_from([1, 3, 5, 8, 14, 30, 60]),
        st.integers(-300, 100),
        st.sampled_from([60, EVER, EVER]),
        st.sampled_from([False, False, True]),
    ),
    max_size=8,
)
TROUBLE = st.sampled_from([None] * 8 + [SiteSilent(), Refused("unknownError")])
STEPS = st.lists(st.tuples(st.integers(0, 40), TROUBLE), min_size=3, max_size=12)


def _a_town_with(slots: Sequence[tuple[str, int, int, int, float, bool]]) -> Town:
    town = Town()
    for services, office, day, born, lasting, hollow in slots:
        at, then = NOW + seconds(born), days(day)
        town.free(at, services, office, lasting=lasting, ahead=then, hollow=hollow)
    return town


@attrs.define
class Story:
    """A town, its citizens, and somebody who asks at odd times, at some in vain."""

    asking: Asking
    steps: Sequence[tuple[int, SiteError | None]]

    @classmethod
    def of(
        cls,
        slots: Sequence[tuple[str, int, int, int, float, bool]],
        group: Sequence[Subscription],
        steps: Sequence[tuple[int, SiteError | None]],
    ) -> Story:
        return cls(Asking(_a_town_with(slots), group, catalogue=SMALL), steps)

    def told(self) -> Iterator[Probe | None]:
        """Come to a halt before each question."""
        for gap, error in self.steps:
            self.asking.town.trouble = lambda *_, error=error: error
            self.asking.now += seconds(gap)
            probe = self.asking.next()
            yield probe
            if probe is not None:
                self.asking.tell(probe)

    @property
    def seen(self) -> list[Observation]:
        return [o.observation for o in self.asking.outcomes if o.observation]

    def hides(self, probe: Probe, office: OfficeId, day: date) -> bool:
        """Whether a day was bookable when it was last seen by this question."""
        covering = [
            seen
            for seen in self.seen
            if seen.probe.services == probe.services and office in seen.probe.offices
            if seen.probe.window.first == probe.window.first and day <= seen.through
        ]
        latest = covering[-1].free if covering else ()
        return any(slot.office == office and slot.day == day for slot in latest)


STORIES = st.builds(Story.of, SLOTS, GROUPS, STEPS)
