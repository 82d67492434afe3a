"""The demo's stage: drawn from the seed, from what can be booked at once."""

from __future__ import annotations

from datetime import timedelta

import attrs
import pytest

from mta_core.domain.availability import BERLIN
from mta_core.domain.catalogue import Asked, Catalogue, Terms
from mta_core.domain.errors import NotOffered
from mta_core.testing import (
    NOON,
    ORLEANSPLATZ,
    PASING,
    a_catalogue,
    an_office,
    some_terms,
)
from mta_entrypoints.cli.demo.stage import Stage, choose

SEEDS = range(60)
ASKED = Asked(activated=True, required=True)


def stages(catalogue: Catalogue) -> list[Stage]:
    """Set the stage for many seeds."""
    return [choose(catalogue, seed, NOON) for seed in SEEDS]


def with_terms(terms: Terms | None) -> Catalogue:
    """A city in which every office has the same terms."""
    usual = a_catalogue()
    offices = {
        id_: attrs.evolve(office, terms=terms) for id_, office in usual.offices.items()
    }
    return attrs.evolve(usual, offices=offices)


def test_a_seed_tells_one_story() -> None:
    assert stages(a_catalogue()) == stages(a_catalogue())


def test_other_seeds_tell_others() -> None:
    told = stages(a_catalogue())
    assert len({(stage.service.id, stage.office.id) for stage in told}) == 4
    assert len({stage.starts for stage in told}) > 10


def test_only_offices_that_need_no_more_than_a_mail_are_chosen() -> None:
    assert {stage.office.id for stage in stages(a_catalogue())} == {
        PASING,
        ORLEANSPLATZ,
    }


def test_the_slots_lie_ahead_in_office_hours() -> None:
    for stage in stages(a_catalogue()):
        first = stage.starts[0].astimezone(BERLIN)
        assert timedelta(days=1) < first - NOON < timedelta(days=9)
        assert first.weekday() < 5
        assert 8 <= first.hour <= 11


@pytest.mark.parametrize(
    ("minutes", "slots", "apart"), [(15, 1, 15), (5, 1, 15), (None, 2, 30), (20, 3, 60)]
)
def test_the_slots_do_not_overlap(minutes: int | None, slots: int, apart: int) -> None:
    city = a_catalogue()
    offers = tuple(attrs.evolve(offer, slots=slots) for offer in city.offers)
    offices = {PASING: an_office(slot_minutes=minutes)}
    stage = choose(Catalogue(city.services, offices, offers), 1, NOON)

    one, two, three = stage.starts
    assert two - one == three - two == timedelta(minutes=apart)


@pytest.mark.parametrize(
    "terms",
    [
        None,
        some_terms(checked=True),
        some_terms(reservation_minutes=0),
        some_terms(telephone=ASKED),
        some_terms(custom=attrs.evolve(ASKED, label="Aktenzeichen")),
    ],
)
def test_a_city_that_asks_for_more_makes_no_stage(terms: Terms | None) -> None:
    with pytest.raises(NotOffered, match="can be booked without more data"):
        choose(with_terms(terms), 1, NOON)
