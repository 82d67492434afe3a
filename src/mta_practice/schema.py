"""The project's own schema of the city's answers, as JSON Schema 2020-12.

It lies beside this module in ``schema.json`` and is stricter than what the city
publishes: no field may be missing and none may be added. Whoever writes a client can
have it from ``GET /practice/schema``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, cast

#: The part of the schema that holds for a route's successful answers.
ANSWERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "offices-and-services": "catalogue",
        "available-calendar": "calendar",
        "reserve-appointment": "process",
        "update-appointment": "process",
        "preconfirm-appointment": "process",
        "confirm-appointment": "process",
        "cancel-appointment": "process",
        "appointment": "process",
        "my-appointments": "processes",
        "captcha-details": "captchaDetails",
        "captcha-challenge": "captchaChallenge",
        "captcha-verify": "captchaVerdict",
    }
)


@cache
def schema() -> Mapping[str, object]:
    """Give the whole schema."""
    text = files("mta_practice").joinpath("schema.json").read_text(encoding="utf-8")
    return cast("Mapping[str, object]", json.loads(text))


def answer_schema(route: str, status: int) -> dict[str, object]:
    """Give the schema of what *route* answers with the HTTP status *status*.

    *route* is named as in `ANSWERS`; any other has nothing but refusals.
    """
    good = status == 200 and route in ANSWERS
    part = ANSWERS[route] if good else "refusal"
    return {**schema(), "$ref": f"#/$defs/{part}"}
