"""`mta notifications`."""

from __future__ import annotations

from mta_entrypoints.cli import output
from mta_entrypoints.cli.session import AsJson, Person, citizen, session


async def notifications(*, person: Person = "me", json: AsJson = False) -> int:
    """Show your messages and whether they have reached you."""
    async with session() as container:
        user = await citizen(container, person)
        wording = container.wording()
        async with container.store().snapshot() as tx:
            listed = await tx.notifications.of(user.id, 50)
    texts = {notice.id: wording(notice, user.language) for notice in listed}
    if json:
        output.as_json(
            [
                {
                    "id": notice.id,
                    "kind": notice.kind.value,
                    "state": notice.state.value,
                    "createdAt": notice.created_at,
                    "dueAt": notice.due_at,
                    "deliveredAt": notice.delivered_at,
                    "attempts": notice.attempts,
                    "reason": notice.reason,
                    "title": texts[notice.id].title,
                    "body": texts[notice.id].body,
                }
                for notice in listed
            ]
        )
        return 0
    output.table(
        ("when", "state", "message"),
        (
            (
                output.when(notice.delivered_at or notice.due_at or notice.created_at),
                notice.state.value,
                f"{texts[notice.id].title}\n{texts[notice.id].body}",
            )
            for notice in listed
        ),
        none="There are no messages.",
    )
    return 0
