"""Messages on a terminal."""

from __future__ import annotations

import asyncio
import io
import os
import threading
from collections.abc import Sequence

import attrs
import pytest

from mta_adapters.console import ConsoleNotifier
from mta_core.domain.accounts import Home
from mta_core.domain.errors import DeliveryFailed
from mta_core.ports.notifier import Text, Wording
from mta_core.testing.builders import a_notification
from mta_core.testing.notifier import Delivery, RecordingNotifier
from tests.contracts.notifier_contract import FailingNotifierContract, NotifierContract

HOME = Home("console", "amira")


def words(title: str, body: str) -> Wording:
    """Make a wording that always says the same."""
    return lambda notification, lang: Text(title, body)


@attrs.frozen
class ConsoleChannel:
    """A console, with an inbox that can be made to fail."""

    inbox: RecordingNotifier = attrs.field(factory=RecordingNotifier)
    out: io.StringIO = attrs.field(factory=io.StringIO)
    home: Home = HOME
    suppresses: bool = False  # a terminal scrolls; the inbox remembers

    @property
    def notifier(self) -> ConsoleNotifier:
        return ConsoleNotifier(self.inbox, words("Free", "now"), self.out)

    async def shown(self) -> Sequence[object]:
        return self.out.getvalue().split(">> ")[1:]

    async def break_once(self) -> None:
        self.inbox.fail(DeliveryFailed())

    async def lose_recipient(self) -> None:
        self.inbox.lose(self.home)


class TestConsoleNotifier(NotifierContract, FailingNotifierContract):
    """The console against the contract."""

    @pytest.fixture
    def channel(self) -> ConsoleChannel:
        return ConsoleChannel()


class _After(io.StringIO):
    """A terminal that notes what the inbox held when it was written to."""

    def __init__(self, inbox: RecordingNotifier) -> None:
        super().__init__()
        self.inbox = inbox
        self.held: list[Delivery] = []

    def write(self, text: str, /) -> int:
        self.held += self.inbox.delivered
        return super().write(text)


async def test_a_message_is_kept_first_and_then_shown() -> None:
    inbox = RecordingNotifier()
    out = _After(inbox)
    letter = a_notification()

    notifier = ConsoleNotifier(inbox, words("Free now", "Tue 1 Dec\nPasing"), out)
    await notifier.deliver(letter, HOME, "en")

    assert out.held == [Delivery(letter, HOME, "en")]
    assert out.getvalue() == ">> Free now\n   Tue 1 Dec\n   Pasing\n"
    assert "amira" not in out.getvalue()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("\x1b[2Jgone", "�[2Jgone"),
        ("bell\x07 back\x08 \x9b1m", "bell� back� �1m"),
        ("over\rwritten", "over�written"),
        ("next\u2028line \x85", "next�line �"),
        ("\u202eesrever\u200b\xad", "esrever"),
        ("Bürgerbüro – 14:32", "Bürgerbüro – 14:32"),
    ],
)
async def test_a_text_has_no_power_over_the_terminal(said: str, shown: str) -> None:
    out = io.StringIO()

    await ConsoleNotifier(RecordingNotifier(), words(said, said), out).deliver(
        a_notification(), HOME, "en"
    )

    assert out.getvalue() == f">> {shown}\n   {shown}\n"


async def test_a_body_cannot_look_like_another_message() -> None:
    out = io.StringIO()

    await ConsoleNotifier(RecordingNotifier(), words("a", "b\n>> c"), out).deliver(
        a_notification(), HOME, "en"
    )

    assert out.getvalue().count("\n>> ") == 0


async def test_a_terminal_without_umlauts_shows_question_marks() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")

    await ConsoleNotifier(RecordingNotifier(), words("Bürgerbüro", "–"), out).deliver(
        a_notification(), HOME, "en"
    )

    assert raw.getvalue() == b">> B?rgerb?ro\n   ?\n"


async def test_a_broken_pipe_is_a_failed_delivery() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    out = io.TextIOWrapper(os.fdopen(writing, "wb", buffering=0), write_through=True)
    inbox = RecordingNotifier()

    with pytest.raises(DeliveryFailed, match="terminal"):
        await ConsoleNotifier(inbox, words("a", "b"), out).deliver(
            a_notification(), HOME, "en"
        )

    assert len(inbox.delivered) == 1
    out.close()


async def test_a_closed_terminal_is_a_failed_delivery() -> None:
    out = io.StringIO()
    out.close()

    with pytest.raises(DeliveryFailed):
        await ConsoleNotifier(RecordingNotifier(), words("a", "b"), out).deliver(
            a_notification(), HOME, "en"
        )


class _Stalled(io.StringIO):
    """A terminal that takes nothing until it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.release = threading.Event()

    def write(self, text: str, /) -> int:
        assert self.release.wait(10)
        return super().write(text)


async def test_a_terminal_that_is_held_up_does_not_hold_up_the_loop() -> None:
    out = _Stalled()
    notifier = ConsoleNotifier(RecordingNotifier(), words("a", "b"), out)

    showing = [
        asyncio.create_task(notifier.deliver(a_notification(), HOME, "en"))
        for _ in range(3)
    ]
    await asyncio.sleep(0)
    assert not any(task.done() for task in showing)
    out.release.set()
    await asyncio.gather(*showing)

    assert out.getvalue() == ">> a\n   b\n" * 3
