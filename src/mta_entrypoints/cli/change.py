"""`mta change`, `mta pause`, `mta resume` and `mta unsubscribe`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

import attrs
from cyclopts import Parameter

from mta_core.domain.errors import InvalidValue
from mta_core.domain.subscriptions import Subscription, SubscriptionState
from mta_entrypoints.cli import asking, output
from mta_entrypoints.cli.booking_words import Deal
from mta_entrypoints.cli.mine import Mine
from mta_entrypoints.cli.options import Options
from mta_entrypoints.cli.session import AsJson, Person, Which, session
from mta_entrypoints.cli.subscriptions import reread, say_all
from mta_entrypoints.cli.wish_words import Wish

NOTHING = "You wait for nothing."
_Step = Callable[[UUID, UUID], Awaitable[Subscription]]


async def change(
    subscription: Which = "",
    /,
    *,
    options: Options = Options(),  # noqa: B008 - frozen
    person: Person = "me",
    json: AsJson = False,
) -> int:
    """Change what you wait for; only what is given changes. You keep your place.

    A wish is taken back by "any": --office any, --days any, --hours any.

    Parameters
    ----------
    subscription
        Its id or the end of it; not needed if you have only one.
    """
    if options.said_nothing:
        raise InvalidValue("What shall be different? Say it as in --hours 8-12.")
    async with session() as container:
        mine = await Mine.of(container, person)
        before = mine.chosen(subscription, _goes_on, none=NOTHING)
        outcome = await _outcome(mine, await mine.change(before, options))
    outcome.tell("{} is changed.", json)
    if not json and not outcome.wish.subscription.active:
        output.say(f"MTA does not look for it; it is {outcome.wish.state()}.")
    return 0


async def pause(
    subscription: Which = "", /, *, person: Person = "me", json: AsJson = False
) -> int:
    """Stop looking for a while. You keep your place.

    Parameters
    ----------
    subscription
        Its id or the end of it; not needed if MTA looks for only one.
    """
    async with session() as container:
        mine = await Mine.of(container, person)
        wish = mine.chosen(
            subscription,
            lambda wish: wish.active,
            none="MTA looks for nothing that could be paused.",
        )
        outcome = await _step(mine, wish, container.change().pause)
    outcome.tell("{} is paused: MTA does not look for it until `mta resume`.", json)
    return 0


async def resume(
    subscription: Which = "", /, *, person: Person = "me", json: AsJson = False
) -> int:
    """Look again; or say that you still need it.

    Parameters
    ----------
    subscription
        Its id or the end of it; not needed if only one is paused, over or in question.
    """
    async with session() as container:
        mine = await Mine.of(container, person)
        wish = mine.chosen(subscription, _needs_a_word, _goes_on, none=NOTHING)
        outcome = await _step(mine, wish, container.change().resume)
    outcome.tell("{}: MTA looks for it, and you have kept your place.", json)
    return 0


async def unsubscribe(
    subscription: Which = "",
    /,
    *,
    yes: Annotated[bool, Parameter(negative="")] = False,
    person: Person = "me",
    json: AsJson = False,
) -> int:
    """Stop waiting for good. What is held is given back; confirmed appointments stay.

    Parameters
    ----------
    subscription
        Its id or the end of it; not needed if you have only one.
    yes
        Do not ask again.
    """
    async with session() as container:
        mine = await Mine.of(container, person)
        wish = mine.chosen(subscription, _goes_on, none=NOTHING)
        asking.agreed(
            f"Stop waiting for {mine.catalogue.name_of(wish.services)}? You lose your "
            "place in the queue.",
            yes=yes,
            otherwise="Nothing was changed. To end it without being asked: --yes.",
        )
        outcome = await _step(mine, wish, container.change().end)
    outcome.tell("{} is ended.", json)
    if not json:
        for deal in mine.confirmed(wish):
            output.say(
                f"Your appointment on {deal.when()}, {deal.where()}, stays yours; "
                "`mta bookings cancel` gives it back."
            )
    return 0


def _goes_on(wish: Subscription) -> bool:
    return wish.state is not SubscriptionState.CANCELLED


def _needs_a_word(wish: Subscription) -> bool:
    """Whether MTA does not look for it, or has asked whether it is needed."""
    return _goes_on(wish) and (not wish.active or wish.asked_at is not None)


@attrs.frozen
class Outcome:
    """A subscription after something was done with it, and what was given back."""

    wish: Wish
    given_back: list[Deal]

    def tell(self, news: str, json: bool) -> None:
        """Print it. *news*: with the subscription's name in it."""
        wish = self.wish
        if json:
            deals = [deal.described() for deal in self.given_back]
            output.as_json({**wish.described(), "givenBack": deals})
            return
        name = f"Subscription {output.short(wish.subscription.id)} ({wish.name})"
        output.say(news.format(name))
        if wish.subscription.active:
            say_all(wish)
        for deal in self.given_back:
            output.say(deal.given_back())


async def _step(mine: Mine, wish: Subscription, step: _Step) -> Outcome:
    return await _outcome(mine, await step(wish.id, mine.user.id))


async def _outcome(mine: Mine, after: Subscription) -> Outcome:
    given_back = await mine.given_back(after)
    user = await mine.again()  # contact data may have been changed, too
    wish = await reread(mine.container, user, after, mine.catalogue)
    return Outcome(wish, given_back)
