"""Reading the JSON of a control request."""

from __future__ import annotations

from typing import Any, TypeAlias

from litestar import Request
from litestar.exceptions import SerializationException

from mta_practice.errors import PracticeError

AnyRequest: TypeAlias = Request[Any, Any, Any]


async def json_body(request: AnyRequest) -> object:
    """Parse the body; raises `PracticeError`."""
    try:
        return await request.json()
    except SerializationException as error:
        raise PracticeError("the body must be JSON") from error
