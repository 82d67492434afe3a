"""Two judges of an answer: the project's own schema, and the city's published one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import attrs
import httpx
import yaml
from jsonschema import Draft202012Validator

from mta_practice.schema import answer_schema

#: Where the city's published annotations are wrong: path, what is true, and the place
#: of the contract that says so (it was read from the code that writes the answers).
WRONG_THERE: Final[tuple[tuple[str, object, str], ...]] = (
    ("Office/properties/geo/properties/lat", {"type": "string"}, "6"),
    ("Office/properties/geo/properties/lon", {"type": "string"}, "6"),
    ("ThinnedProvider/properties/id", {"type": "integer"}, "6"),
    ("ThinnedProcess/properties/subRequestCounts/items", {"type": "object"}, "1.3"),
)


@attrs.frozen
class Answer:
    """One answer to judge; *route* without slashes, *body* parsed."""

    method: str
    route: str
    status: int
    body: Any

    @classmethod
    def of(cls, answer: httpx.Response) -> Answer:
        route = answer.request.url.path.strip("/").rpartition("/")[2]
        body = answer.json()
        return cls(answer.request.method, route, answer.status_code, body)


def own_verdict(answer: Answer) -> list[str]:
    """Give what the project's schema finds wrong."""
    return _verdict(answer_schema(answer.route, answer.status), answer.body)


def published_file() -> Path:
    """Give the place of the city's published description."""
    beside = Path(__file__).parents[4] / "shared"
    return Path(os.environ.get("MTA_SHARED", beside)) / "city" / "openapi.yaml"


def published_verdict(answer: Answer, *, trusting: str = "") -> list[str]:
    """Give what the city's published description finds wrong.

    *trusting*: a path of `WRONG_THERE` that is taken as it stands there. Nothing is
    said of the two envelopes that the description does not know: the bare 500 of an
    uncaught fault, and a challenge that could not be had (contract 2.1 and 5).
    """
    known = answer.body if isinstance(answer.body, dict) else {}
    if "error" in known or (answer.route == "captcha-challenge" and "meta" in known):
        return []
    document = _published(trusting)
    return _verdict({**document, **_schema_of(answer, document)}, answer.body)


def _schema_of(answer: Answer, document: Mapping[str, Any]) -> dict[str, Any]:
    operation = document["paths"].get(f"/{answer.route}/", {})
    responses = operation.get(answer.method.lower(), {}).get("responses", {})
    response = responses.get(str(answer.status), {})
    if "content" not in response:
        return {"$ref": "#/components/schemas/ErrorEnvelope"}
    schema: dict[str, Any] = response["content"]["application/json"]["schema"]
    return schema


@cache
def _published(trusting: str) -> dict[str, Any]:
    """Read the description and put right what is known to be wrong in it."""
    document: dict[str, Any] = yaml.safe_load(published_file().read_text("utf-8"))
    for path, truth, _ in WRONG_THERE:
        *way, last = path.split("/")
        place = document["components"]["schemas"]
        for name in way:
            place = place[name]
        assert last in place, path
        place[last] = place[last] if path == trusting else truth
    return document


def _verdict(schema: Mapping[str, Any], body: object) -> list[str]:
    errors = Draft202012Validator(dict(schema)).iter_errors(body)
    return [f"{error.json_path}: {error.message[:200]}" for error in errors]
