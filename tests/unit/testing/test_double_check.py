"""The scripted human check keeps the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import attrs
import pytest

from mta_core.domain.availability import Slot
from mta_core.domain.calls import Held
from mta_core.domain.errors import CheckNeeded, SiteUnreachable
from mta_core.testing.builders import RUPPERTSTRASSE, a_catalogue, a_probe
from mta_core.testing.checks import ScriptedCheck
from mta_core.testing.clock import FakeClock
from mta_core.testing.site import ScriptedSite
from tests.contracts.check_contract import CheckContract, a_proof

CHECKED = a_probe(offices=frozenset({RUPPERTSTRASSE}))


@attrs.frozen
class ScriptedCity:
    """The scripted city with its check, as the contract wants it."""

    site: ScriptedSite
    check: ScriptedCheck
    clock: FakeClock

    def now(self) -> Any:
        return self.clock.now()

    async def free(self, slots: Sequence[Slot]) -> None:
        self.site.release(*slots)

    async def confirm(self, held: Held) -> None:
        self.site.confirm(held.process_id)

    async def elapse(self, seconds: float) -> None:
        await self.clock.advance(seconds)

    def passed(self, challenge: Mapping[str, Any]) -> str:
        return self.check.passed(challenge)


@pytest.fixture
def city() -> ScriptedCity:
    clock = FakeClock()
    site = ScriptedSite(a_catalogue(), clock)
    return ScriptedCity(site, ScriptedCheck(site), clock)


class TestScriptedCheck(CheckContract):
    """The double against the contract."""


async def test_a_script_may_let_tokens_die_early(city: ScriptedCity) -> None:
    city.check.life = timedelta(seconds=10)
    token = await a_proof(city)
    await city.elapse(10)
    with pytest.raises(CheckNeeded, match="captchaExpired"):
        await city.site.calendar(CHECKED, token)


async def test_a_script_may_let_the_check_be_down(city: ScriptedCity) -> None:
    payload = city.passed(await city.check.challenge())
    city.check.trouble = SiteUnreachable("the captcha service is down")
    with pytest.raises(SiteUnreachable):
        await city.check.challenge()
    with pytest.raises(SiteUnreachable):
        await city.check.verify(payload)
    city.check.trouble = None
    await city.check.verify(payload)
    assert city.check.handed_out == 1


async def test_the_ledger_shows_which_token_was_shown(city: ScriptedCity) -> None:
    token = await a_proof(city)
    await city.site.calendar(CHECKED, token)
    assert [line.token for line in city.site.calls] == [token]
    assert token.text not in repr(city.site.calls)
