"""`mta doctor`."""

from __future__ import annotations

import os
from functools import partial
from typing import Annotated

from cyclopts import Parameter

from mta_entrypoints import logs, settings
from mta_entrypoints.cli import output
from mta_entrypoints.cli.look import Heard
from mta_entrypoints.cli.session import AsJson
from mta_entrypoints.doctor.findings import Finding, Grade
from mta_entrypoints.doctor.main import SETTINGS, examine

SOMETHING_IS_WRONG = 1
BAD_SETTINGS = 2


async def doctor(
    *, offline: Annotated[bool, Parameter(negative="")] = False, json: AsJson = False
) -> int:
    """Check everything that MTA needs, and say what to do about what is wrong.

    Parameters
    ----------
    offline
        Do not ask the city. Otherwise it is asked one question, within the budget.
    """
    logs.set_up(settings.Settings().log_level)
    with output.progress("Looking at everything, and asking the city …") as say:
        found = await examine(None if offline else partial(Heard, say=say))
    if json:
        output.as_json(
            {"ok": not _wrong(found), "checks": list(map(_described, found))}
        )
    else:
        output.table(
            ("check", "", "what it means", "what to do"),
            ((each.check, each.grade.value, each.means, each.advice) for each in found),
            none="",
        )
    if SETTINGS in _wrong(found):
        return BAD_SETTINGS
    return SOMETHING_IS_WRONG if _wrong(found) else os.EX_OK


def _wrong(found: list[Finding]) -> list[str]:
    return [each.check for each in found if each.grade is Grade.WRONG]


def _described(finding: Finding) -> dict[str, str]:
    return {
        "check": finding.check,
        "grade": finding.grade.value,
        "means": finding.means,
        "advice": finding.advice,
    }
