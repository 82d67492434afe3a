"""Conditions in words: for the operator, for citizens, and for programs."""

from __future__ import annotations

from typing import Any

from mta_core.domain.catalogue import Catalogue
from mta_core.domain.conditions import Condition, ConditionName
from mta_entrypoints.cli import output


def condition_text(condition: Condition, catalogue: Catalogue) -> str:
    """Say for the operator what is not as it should be, since when, and what to do."""
    what = f"{condition.subject(catalogue)}: {condition.name.value}"
    since = f"since {output.when(condition.since)}"
    if condition.ended_at is not None:
        over = f"until {output.when(condition.ended_at)}"
        return f"{what}, {since} {over}. {condition.detail}"
    return f"{what}, {since}. {condition.detail} {condition.means}"


def quiet_text(condition: Condition) -> str:
    """Say for somebody who waits that "nothing free" is to be doubted."""
    anywhere = condition.name is ConditionName.SOFT_BAN
    what = "nothing free for any service" if anywhere else "nothing free for this"
    return (
        f"Quiet for unusually long: MTA has seen {what} since "
        f"{output.when(condition.since)}. Look at the city's own page, too; MTA goes on "
        "asking."
    )


def described_condition(condition: Condition, catalogue: Catalogue) -> dict[str, Any]:
    """Describe it for programs."""
    return {
        "name": condition.name.value,
        "about": condition.about,
        "subject": condition.subject(catalogue),
        "since": condition.since,
        "endedAt": condition.ended_at,
        "detail": condition.detail,
        "meaning": condition.means,
        "text": condition_text(condition, catalogue),
    }
