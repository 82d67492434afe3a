"""`mta shift offer`, `rota` and `withdraw`: when somebody can pass the check."""

from __future__ import annotations

from mta_core.domain.errors import NotFound
from mta_core.domain.rota import Turn
from mta_core.domain.wishes import Hours
from mta_entrypoints.cli import output
from mta_entrypoints.cli.session import AsJson, Person, Which, citizen, pick, session
from mta_entrypoints.cli.shift_words import (
    days_in_words,
    how_invited,
    read_days,
    turn_described,
)


async def offer(
    *, hours: str, days: str = "mo-fr", person: Person = "me", json: AsJson = False
) -> int:
    """Say when you can pass the check: MTA invites you at such hours.

    Parameters
    ----------
    hours
        As in 7-8 or 6:30-9:15.
    days
        As in mo-fr, mon,thu or any.
    """
    span, weekdays = Hours.parse(hours), read_days(days)
    async with session() as container:
        user = await citizen(container, person)
        turn = await container.turns()(user.id, span, weekdays)
        rules = container.settings().shift_rules
    if json:
        output.as_json(turn_described(turn))
    else:
        output.say(f"You watch {days_in_words(turn.weekdays)} {turn.hours}.")
        output.say(how_invited(rules))
    return 0


async def rota(*, person: Person = "me", json: AsJson = False) -> int:
    """Show when you offered to watch, and when it was your turn last."""
    async with session() as container:
        user = await citizen(container, person)
        turns = await container.turns().of(user.id)
        rules = container.settings().shift_rules
    if json:
        listed = [turn_described(turn) for turn in turns]
        output.as_json({"turns": listed, "sharedBy": rules.permission or None})
        return 0
    output.table(
        ("id", "days", "hours", "last invited"),
        (_row(turn) for turn in turns),
        none="You have offered no turns: you are invited to every stated hour.",
    )
    output.say(how_invited(rules))
    return 0


async def withdraw(
    turn: Which = "", /, *, person: Person = "me", json: AsJson = False
) -> int:
    """Take a turn back.

    Parameters
    ----------
    turn
        Its id, or the end of it, as `mta shift rota` shows; needed if there are more.
    """
    async with session() as container:
        user = await citizen(container, person)
        turns = await container.turns().of(user.id)
        if not turns:
            raise NotFound("You have offered no turns.")
        chosen = pick(turns, turn, "turn")
        await container.turns().withdraw(chosen, user.id)
    [gone] = [each for each in turns if each.id == chosen]
    if json:
        output.as_json(turn_described(gone))
    else:
        output.say(f"Taken back: {days_in_words(gone.weekdays)} {gone.hours}.")
    return 0


def _row(turn: Turn) -> tuple[str, ...]:
    return (
        output.short(turn.id),
        days_in_words(turn.weekdays),
        str(turn.hours),
        output.when(turn.served_at),
    )
