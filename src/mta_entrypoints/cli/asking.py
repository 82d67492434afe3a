"""Asking somebody at the terminal."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.prompt import Prompt
from rich.text import Text

from mta_core.domain.errors import InvalidValue


def somebody_is_there() -> bool:
    """Whether there is a terminal at which somebody can be asked."""
    return sys.stdin.isatty()


def agreed(question: str, *, yes: bool, otherwise: str) -> None:
    """Ask whether something that cannot be undone is meant.

    Args:
        yes: it was said beforehand that it is.
        otherwise: what to say if nobody agrees; how to do it without being asked.

    Raises:
        InvalidValue: nobody agreed.
    """
    if not yes and not (somebody_is_there() and _says_yes(question)):
        raise InvalidValue(otherwise)


def ask(
    question: str, check: Callable[[str], object], *, optional: bool = False
) -> str:
    """Ask until an answer passes the check, and return it.

    Args:
        check: raises `InvalidValue` with what is wrong.
        optional: an empty answer is one, too, and is not checked.

    Raises:
        KeyboardInterrupt: whoever is asked went away.
    """
    console = Console(stderr=True)
    while True:
        answer = _line(Text(question), console).strip()
        if optional and not answer:
            return ""
        try:
            if not answer:
                raise InvalidValue("An answer is needed.")
            check(answer)
        except InvalidValue as error:
            console.print(str(error), style="red", markup=False, highlight=False)
        else:
            return answer


def _says_yes(question: str) -> bool:
    """Ask; whatever is not clearly a yes is none."""
    try:
        with _interruptible():
            said = Console(stderr=True).input(Text(f"{question} [y/N] "))
    except EOFError:
        return False
    return said.strip().lower() in {"y", "yes", "j", "ja"}


def _line(question: Text, console: Console) -> str:
    """Read one line. Raises `KeyboardInterrupt` for Ctrl-C and Ctrl-D."""
    try:
        with _interruptible():
            return Prompt.ask(question, console=console)
    except EOFError:
        console.print()
        raise KeyboardInterrupt from None


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C end what waits for a line.

    asyncio's own handler would only note it, and the line would be waited for.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
