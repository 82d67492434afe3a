"""The computer's clock keeps the contract, and tells the present."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mta_adapters.system import SystemClock
from tests.contracts.clock_contract import ClockContract


class TestSystemClock(ClockContract):
    """The computer's clock against the contract."""

    @pytest.fixture
    def clock(self) -> SystemClock:
        return SystemClock()


def test_now_is_the_present_moment_in_utc() -> None:
    before = datetime.now(UTC)

    now = SystemClock().now()

    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC
