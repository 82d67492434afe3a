"""What a citizen can say of a wish: the same options to begin it and to change it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import attrs
from cyclopts import Parameter

from mta_core.domain.catalogue import MAX_COUNT, Catalogue, ServiceSet
from mta_core.domain.errors import InvalidValue
from mta_core.domain.subscriptions import LEAST_GAIN, Hours, Mode, Wishes
from mta_entrypoints.cli.wishes import (
    ANYTHING,
    read_duration,
    read_services,
    read_wishes,
)

Texts = list[str] | None
_ID = re.compile(r"[0-9]{3,}[0-9x+]*")
_COUNT = re.compile(r"[x×]?[0-9]{0,3}")


def _option(text: str) -> Parameter:
    return Parameter(help=text, negative="")


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Options:
    """All options of `mta subscribe` and `mta change`; None: nothing was said."""

    mode: Annotated[
        Mode | None,
        _option(
            "tell: you get a message (the default). book: MTA books the first slot "
            "that suits."
        ),
    ] = None
    office: Annotated[
        Texts, _option("Only at this office, by its id; several are allowed.")
    ] = None
    days: Annotated[
        Texts,
        _option("A day or a span, as in 2026-12-01..2026-12-19; several are allowed."),
    ] = None
    without: Annotated[Texts, _option("A day that does not suit.")] = None
    weekdays: Annotated[str | None, _option("As in mon,wed,fri.")] = None
    hours: Annotated[
        str | None, _option("When the appointment may start, as in 8:30-12.")
    ] = None
    notice: Annotated[
        str | None, _option("The least time you need to get there, as in 2h.")
    ] = None
    mail_hours: Annotated[
        str | None,
        _option("When you can open the city's mail, as in 7-22: MTA books only then."),
    ] = None
    earlier: Annotated[
        str | None,
        _option(
            "With book mode: once you have an appointment, go on looking for one that "
            "is at least this much earlier, as in 7d; 0 ends that."
        ),
    ] = None
    name: Annotated[str | None, _option("Your name, for the city.")] = None
    email: Annotated[
        str | None, _option("Your mail address: the city's mail goes there.")
    ] = None
    telephone: Annotated[
        str | None, _option("Your telephone number, where an office wants one.")
    ] = None
    answer: Annotated[
        Texts,
        _option(
            "An answer to an office's own question, by the city's label: \"LABEL=text\"."
        ),
    ] = None
    custom: Annotated[
        str | None, _option("The answer, where the offices ask just one such question.")
    ] = None
    custom2: Annotated[str | None, _option("Likewise, for a second one.")] = None

    @property
    def said_nothing(self) -> bool:
        """Whether none of the options was given."""
        return self == Options()

    def wishes(self, before: Wishes = ANYTHING) -> Wishes:
        """Read where and when it would suit. Raises `InvalidValue`."""
        return read_wishes(
            before,
            offices=self.office,
            days=self.days,
            without=self.without,
            weekdays=self.weekdays,
            hours=self.hours,
            notice=self.notice,
        )

    def reachable(self) -> Hours | None:
        """Read when the citizen can open a mail. Raises `InvalidValue`."""
        return None if self.mail_hours is None else Hours.parse(self.mail_hours)

    def gain(self, mode: Mode) -> timedelta | None:
        """Read how much earlier another appointment must be; zero: no other one.

        Raises:
            InvalidValue: it is no duration, too short, or not for this mode.
        """
        if self.earlier is None:
            return None
        gain = read_duration(self.earlier)
        if timedelta(0) < gain < LEAST_GAIN:
            raise InvalidValue(
                "--earlier: nobody swaps an appointment for less than a day, as in 1d."
            )
        if gain and mode is not Mode.BOOK:
            raise InvalidValue("--earlier needs --mode book: MTA books the other one.")
        return gain


def services_of(
    words: Sequence[str], service: Texts, persons: int | None, catalogue: Catalogue
) -> ServiceSet:
    """Read which services are wanted, named in either way.

    Args:
        persons: how many the appointment is for, for every service that names no
            number itself.

    Raises:
        NotFound, InvalidValue: nothing is named, or nothing that the city offers.
    """
    named = [*_grouped(words), *(service or ())]
    if not named:
        raise InvalidValue(
            "Which service? Give its id or words of its name; `mta services` lists all."
        )
    wanted = read_services(named, catalogue)
    if persons is None:
        return wanted
    if not 1 <= persons <= MAX_COUNT:
        raise InvalidValue(f"--persons must be 1 to {MAX_COUNT}.")
    if any(count > 1 for _, count in wanted.items):
        raise InvalidValue("Say how many either with --persons or with x, not both.")
    return ServiceSet.of(dict.fromkeys(wanted.ids, persons))


def _grouped(words: Sequence[str]) -> list[str]:
    """Put words together that name one service, as people type them: unquoted.

    An id stands for itself, and ``+`` is between services, as MTA writes it:
    ``residence registration x 2 + passport``.
    """
    groups: list[list[str]] = []
    fresh = True
    for word in words:
        if word == "+":
            fresh = True
            continue
        after_id = bool(groups and _ID.fullmatch(groups[-1][0]))
        apart = _ID.fullmatch(word) or (after_id and not _COUNT.fullmatch(word))
        if fresh or apart:
            groups.append([word])
        else:
            groups[-1].append(word)
        fresh = False
    return [" ".join(group) for group in groups]
