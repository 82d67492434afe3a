"""The recording channel keeps the notifier contract."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import pytest

from mta_core.domain.accounts import Home
from mta_core.domain.errors import DeliveryFailed
from mta_core.domain.notifications import Kind
from mta_core.testing.builders import a_home, a_notification
from mta_core.testing.notifier import Delivery, RecordingNotifier
from tests.contracts.notifier_contract import FailingNotifierContract, NotifierContract


@attrs.frozen
class RecordingChannel:
    """The recording notifier as the contract wants it."""

    notifier: RecordingNotifier = attrs.field(factory=RecordingNotifier)
    home: Home = attrs.field(factory=a_home)
    suppresses: bool = True

    async def shown(self) -> Sequence[object]:
        return self.notifier.shown_to(self.home)

    async def break_once(self) -> None:
        self.notifier.fail(DeliveryFailed())

    async def lose_recipient(self) -> None:
        self.notifier.lose(self.home)


class TestRecordingNotifier(NotifierContract, FailingNotifierContract):
    """The recording notifier against the contract."""

    @pytest.fixture
    def channel(self) -> RecordingChannel:
        return RecordingChannel()


async def test_it_remembers_what_where_and_in_which_language() -> None:
    notifier, home = RecordingNotifier(), a_home()
    letter = a_notification(kind=Kind.LOST)
    await notifier.deliver(letter, home, "de")
    assert notifier.delivered == [Delivery(letter, home, "de")]
    assert notifier.shown_to(home) == [Kind.LOST]
    assert notifier.shown_to(a_home()) == []


async def test_every_try_is_remembered() -> None:
    notifier, home, letter = RecordingNotifier(), a_home(), a_notification()
    notifier.fail(DeliveryFailed("flood"), times=2)
    for _ in range(2):
        with pytest.raises(DeliveryFailed, match="flood"):
            await notifier.deliver(letter, home, "en")
    for _ in range(2):
        await notifier.deliver(letter, home, "en")
    assert len(notifier.tries) == 4
    assert len(notifier.delivered) == 1


async def test_a_message_may_be_shown_and_its_answer_lost() -> None:
    notifier, home, letter = RecordingNotifier(), a_home(), a_notification()
    notifier.fail(DeliveryFailed(), taken=True)
    with pytest.raises(DeliveryFailed):
        await notifier.deliver(letter, home, "en")
    assert len(notifier.shown_to(home)) == 1
    await notifier.deliver(letter, home, "en")
    assert len(notifier.shown_to(home)) == 1
