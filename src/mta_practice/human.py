"""The check that a person is asking, which some offices demand (contract 5).

Altcha v2: the city hands out a challenge, the visitor's browser works on it, and a
solved one earns a token. There is no solver here, and there will be none.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import random
from collections.abc import Mapping
from typing import Final

from altcha import Challenge, ChallengeParameters, Payload, verify_solution

from mta_practice.clock import PracticeClock
from mta_practice.networks import Networks
from mta_practice.settings import HumanRules
from mta_practice.tokens import Tokens, decoded

#: Cost below the lowest rung of the ladder, and for those who are allow-listed.
_NO_RUNG: Final = 1_000_000
_ALLOW_LISTED: Final = 1

#: Lengths in bytes of what the city draws; they reach the wire as hex.
_NONCE: Final = 32
_SALT: Final = 12
_SECRET: Final = 32

#: Size from which forgotten addresses are swept out.
_SWEEP_AT: Final = 1000

_REFUSED: Final = "Captcha verification failed"

Wire = dict[str, object]


class HumanCheck:
    """Challenges, what they cost, and the tokens for solved ones.

    *seed* of what is drawn. *down* stands for an unreachable captcha service.
    """

    def __init__(self, rules: HumanRules, clock: PracticeClock, seed: int) -> None:
        chance = random.Random(f"human check {seed}")
        self.rules = rules
        self.down = False
        self._clock = clock
        self._chance = chance
        self._secret = chance.randbytes(_SECRET)
        self._tokens = Tokens(chance.randbytes(_SECRET), rules.token_life)
        self._allowed = Networks.parse(rules.allow_listed)
        self._visits: dict[str, list[float]] = {}
        self._used: dict[str, tuple[int, int]] = {}

    def verdict(self, token: str | None, address: str) -> str | None:
        """Give the error key for *token* shown by *address*, None if it is good."""
        if not token:
            return "captchaMissing"
        return self._tokens.verdict(token, address, self._clock.now())

    def issue(self, address: str) -> str:
        """Give a fresh token for *address*."""
        return self._tokens.issue(address, self._clock.now())

    def challenge(self, address: str) -> Wire:
        """Hand out a challenge to *address*, dearer the more it had of late."""
        if self.down:
            return _failed("Request error: the captcha service is unreachable")
        now = self._clock.now()
        parameters = {
            "algorithm": "SHA-256",
            "nonce": self._chance.randbytes(_NONCE).hex(),
            "salt": self._chance.randbytes(_SALT).hex(),
            "cost": self._cost(address, now),
            "keyLength": 32,
            "keyPrefix": "00",
            "keySignature": None,
            "memoryCost": None,
            "parallelism": None,
            "expiresAt": int(now + self.rules.validity),
            "data": None,
        }
        return {"parameters": parameters, "signature": self._sign(parameters)}

    def verify(self, payload: object, address: str) -> Wire:
        """Judge a solved challenge; a good one earns a token for *address*."""
        if not isinstance(payload, str) or not payload:
            return _failed("No payload provided")
        try:
            text = decoded(payload)
        except ValueError:
            return _failed("Payload could not be decoded")
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            return _failed("Invalid JSON in payload")
        if self.down:
            return _failed("Request error: the captcha service is unreachable")
        if not self._passed(content):
            return _failed(_REFUSED) | {"data": {"valid": False}}
        token = self.issue(address)
        return {"meta": {"success": True}, "data": {"valid": True}, "token": token}

    def _passed(self, content: object) -> bool:
        """Say whether the payload holds one of our challenges, fresh, unused, solved."""
        try:
            payload = Payload.from_dict(content)  # type: ignore[arg-type]
            ours = self._sign(payload.challenge.parameters.to_dict())
        except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
            return False
        if payload.challenge.signature != ours:
            return False
        now, until = self._clock.now(), payload.challenge.parameters.expires_at or 0
        return now <= until and self._solved(payload) and self._use(ours, until, now)

    def _solved(self, payload: Payload) -> bool:
        """Let the library derive the key from the counter.

        It judges the expiry by the machine's clock, which need not be the city's: so
        it gets the challenge without one.
        """
        known = payload.challenge.parameters.to_dict() | {"expiresAt": None}
        timeless = Challenge(ChallengeParameters.from_dict(known), self._sign(known))
        found = verify_solution(Payload(timeless, payload.solution), self._secret)
        return found.verified

    def _use(self, signature: str, until: int, now: float) -> bool:
        """Note a use of a challenge; False when it has had all it may."""
        self._used = {
            known: (uses, end)
            for known, (uses, end) in self._used.items()
            if now <= end
        }
        uses, _ = self._used.get(signature, (0, until))
        if uses >= self.rules.verifies:
            return False
        self._used[signature] = (uses + 1, until)
        return True

    def _cost(self, address: str, now: float) -> int:
        if address in self._allowed:
            return _ALLOW_LISTED
        since = now - self.rules.window
        if len(self._visits) >= _SWEEP_AT:
            self._visits = {
                known: times
                for known, times in self._visits.items()
                if times[-1] > since
            }
        recent = [time for time in self._visits.get(address, []) if time > since]
        self._visits[address] = [*recent, now]
        rungs = [cost for visits, cost in self.rules.ladder if visits <= len(recent)]
        return rungs[-1] if rungs else _NO_RUNG

    def _sign(self, parameters: Mapping[str, object]) -> str:
        """Sign as the library does: canonical JSON, HMAC with SHA-256, hex."""
        text = json.dumps(
            parameters, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()


def _failed(error: str) -> Wire:
    """Say no the way this check does: with HTTP 200 (contract 2.1)."""
    return {"meta": {"success": False, "error": error}, "data": None}
