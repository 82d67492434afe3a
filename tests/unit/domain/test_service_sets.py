"""Service sets: what may be asked for together, and how it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.catalogue import MAX_COUNT, ServiceId, ServiceSet
from mta_core.domain.errors import InvalidValue

COUNTS = st.dictionaries(
    st.integers(1, 2**31 - 1).map(ServiceId), st.integers(1, MAX_COUNT), min_size=1
)


@given(COUNTS)
def test_reading_what_was_written_gives_the_same_set(
    counts: dict[ServiceId, int],
) -> None:
    services = ServiceSet.of(counts)
    assert ServiceSet.parse(str(services)) == services


@given(COUNTS, st.randoms(use_true_random=False))
def test_the_order_in_which_services_are_named_does_not_matter(
    counts: dict[ServiceId, int], random: object
) -> None:
    parts = [f"{service}x{count}" for service, count in counts.items()]
    random.shuffle(parts)  # type: ignore[attr-defined]
    assert ServiceSet.parse("+".join(parts)) == ServiceSet.of(counts)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("1063475", ((1063475, 1),)),
        ("1063475x1", ((1063475, 1),)),
        ("7x25", ((7, 25),)),
        ("1063475+1063453x2", ((1063453, 2), (1063475, 1))),
    ],
)
def test_a_set_is_read_from_text(text: str, items: tuple[tuple[int, int], ...]) -> None:
    assert ServiceSet.parse(text).items == items


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "1+",
        "x2",
        "abc",
        "1x",
        "1xtwo",
        "1x-1",
        "1x2x3",
        "-1",
        " 1",
        "1.5",
        "1x0",
        "1x26",
        "1+1",
        "1x2+1x3",
    ],
)
def test_a_malformed_text_is_an_invalid_value(text: str) -> None:
    with pytest.raises(InvalidValue):
        ServiceSet.parse(text)


def test_a_number_too_long_for_any_city_is_an_invalid_value() -> None:
    """Python itself refuses to read numbers of more than 4300 digits."""
    with pytest.raises(InvalidValue):
        ServiceSet.parse("1" * 5000)


def test_services_wanted_once_need_no_counts() -> None:
    services = ServiceSet.of([ServiceId(9), ServiceId(4)])
    assert str(services) == "4+9"
    assert services.ids == (4, 9)


def test_a_set_needs_a_service() -> None:
    with pytest.raises(InvalidValue, match="At least one"):
        ServiceSet.of([])


@pytest.mark.parametrize("ids", [(2, 1), (1, 1)])
def test_items_are_ordered_and_name_each_service_once(ids: tuple[int, int]) -> None:
    with pytest.raises(InvalidValue, match="once"):
        ServiceSet(tuple((ServiceId(number), 1) for number in ids))


@pytest.mark.parametrize("count", [0, -1, 26])
def test_the_city_takes_1_to_25_of_a_service(count: int) -> None:
    with pytest.raises(InvalidValue, match="1 to 25"):
        ServiceSet.of({ServiceId(1): count})
