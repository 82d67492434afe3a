"""The watcher invites in time: its rounds are short enough for that."""

from __future__ import annotations

from datetime import timedelta

import attrs

from mta_core.domain.notifications import Kind
from mta_core.testing import NOON, RUPPERTSTRASSE, some_terms
from tests.unit.entrypoints.watch_post import Logs, WatchPost

HOUR = NOON + timedelta(minutes=12)
"""Twelve past noon in Munich."""


async def test_who_waits_behind_a_check_is_invited_in_time(
    post: WatchPost, logged: Logs
) -> None:
    info = "Neue Termine täglich um 12.12 Uhr."
    terms = some_terms(checked=True, info=info)
    office = attrs.evolve(post.site.city.office(RUPPERTSTRASSE), terms=terms)
    offices = {**post.site.city.offices, office.id: office}
    post.site.city = attrs.evolve(post.site.city, offices=offices)
    await post.knows_the_city()
    wish = await post.wish()
    async with post.running():
        await post.clock.advance(13 * 60)
    async with post.store.snapshot() as tx:
        notes = await tx.notifications.of(wish.user, 9)
    invited = [note for note in notes if note.kind is Kind.INVITATION]
    assert [
        (HOUR - n.due_at, n.due_at - n.created_at) for n in invited if n.due_at
    ] == [
        (timedelta(minutes=1), timedelta(minutes=1)),
        (timedelta(minutes=10), timedelta(minutes=1)),
    ]
    told = [line["count"] for line in logged if line["event"] == "people_invited"]
    assert told == [1, 1]
