"""A test person at the human check: in tests, and nowhere else, a program solves it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from altcha import Challenge, solve_challenge


def payload_of(challenge: Mapping[str, Any], solution: Mapping[str, Any]) -> str:
    """Pack a challenge, as received, with its solution."""
    content = {"challenge": challenge, "solution": solution}
    return base64.b64encode(json.dumps(content).encode()).decode()


def solved(challenge: Mapping[str, Any]) -> str:
    """Do the work and give the payload for ``captcha-verify``."""
    solution = solve_challenge(Challenge.from_dict(dict(challenge)))
    assert solution is not None
    return payload_of(challenge, solution.to_dict())
