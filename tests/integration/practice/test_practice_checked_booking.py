"""A booking at a checked office, the human check done over plain HTTP by a person.

The person is this test: it does what the browser of somebody who ticks the box does.
Run it with ``-s`` to read the transcript.
"""

from __future__ import annotations

import base64
import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import attrs
import httpx
import pytest

from mta_practice import Practice, PracticeSettings, running
from tests.unit.practice.person import solved

pytestmark = pytest.mark.integration

RUPPERTSTRASSE, WOHNSITZ = 10489, 1063475  # checked
MAIL = "amira@example.org"


@pytest.fixture
def city() -> Iterator[Practice]:
    start = datetime(2026, 11, 23, 7, tzinfo=UTC).timestamp()
    with running(PracticeSettings(stepped=True, start=start)) as practice:
        yield practice


def say(line: str) -> None:
    """Write a line of the transcript."""
    sys.stdout.write(f"{line}\n")


@attrs.frozen
class Person:
    """Somebody with a browser, who says what they do."""

    http: httpx.Client
    api: str

    def ask(self, method: str, route: str, says: str, **more: Any) -> Any:
        """Send one request, show it with what came back, and give the body."""
        begun = time.perf_counter()
        answer = self.http.request(method, f"{self.api}/{route}/", **more)
        took = (time.perf_counter() - begun) * 1000
        say(f"{method:4} {route:24} {answer.status_code} {took:6.1f} ms  {says}")
        for error in answer.json().get("errors", []):
            say(f"{'':30}{error['errorCode']}: {error['errorMessage']}")
        return answer.json()

    def told(self, text: str) -> None:
        say(f"{'':30}{text}")


def _freed(http: httpx.Client) -> int:
    start = int(datetime(2026, 11, 26, 8, tzinfo=UTC).timestamp())
    body = {"officeId": RUPPERTSTRASSE, "serviceId": WOHNSITZ, "starts": [start]}
    assert http.post("/practice/openings", json=body).status_code == 201
    return start


def _checked(person: Person) -> str:
    """Let the person pass the check, and give the token."""
    details = person.ask("GET", "captcha-details", "is there a check?")
    assert details["captchaEnabled"]
    challenge = person.ask("GET", "captcha-challenge", "the work to be done")
    begun = time.perf_counter()
    payload = solved(challenge)
    took = time.perf_counter() - begun
    solution = json.loads(base64.b64decode(payload))["solution"]
    cost = challenge["parameters"]["cost"]
    person.told(f"{solution['counter'] + 1} tries at cost {cost} took {took:.2f} s")
    verified = person.ask(
        "POST", "captcha-verify", "the box is ticked", json={"payload": payload}
    )
    assert verified["meta"] == {"success": True}
    again = person.ask(
        "POST", "captcha-verify", "the same once more", json={"payload": payload}
    )
    assert again["meta"]["success"] is False
    return str(verified["token"])


def test_booking_with_the_human_check(city: Practice) -> None:
    calendar = {
        "startDate": "2026-11-23",
        "endDate": "2027-05-23",
        "officeIds": RUPPERTSTRASSE,
        "serviceIds": WOHNSITZ,
        "serviceCounts": 1,
    }
    with httpx.Client(base_url=city.url) as http:
        person, start = Person(http, city.api_url), _freed(http)
        say("")
        refused = person.ask("GET", "available-calendar", "unchecked", params=calendar)
        assert refused["errors"][0]["errorCode"] == "captchaMissing"

        token = _checked(person)
        seen = person.ask(
            "GET",
            "available-calendar",
            "with the token",
            params=calendar | {"captchaToken": token},
        )
        (time_shown,) = seen["availableDays"][0]["offices"][0]["appointments"]
        assert time_shown == start

        wish = {
            "timestamp": start,
            "officeId": RUPPERTSTRASSE,
            "serviceId": [WOHNSITZ],
            "serviceCount": [1],
        }
        person.ask("POST", "reserve-appointment", "without it", json=wish)
        reserved = person.ask(
            "POST",
            "reserve-appointment",
            "the slot is held",
            json=wish | {"captchaToken": token},
        )
        identity = {name: reserved[name] for name in ("processId", "authKey")}
        fields = identity | {
            "familyName": "Amira Beispiel",
            "email": MAIL,
            "customTextfield": "1",
        }
        person.ask("POST", "update-appointment", "who comes", json=fields)
        waiting = person.ask(
            "POST", "preconfirm-appointment", "a mail is asked for", json=identity
        )
        assert waiting["status"] == "preconfirmed"

        http.post("/practice/clock", json={"advance": 60})
        (mail,) = http.get("/practice/mails", params={"to": MAIL}).json()
        assert mail["kind"] == "activation"
        person.told(f"a mail came, with a link to {mail['link'].split('#')[0]}")
        secret = json.loads(base64.b64decode(mail["link"].rpartition("/")[2]))
        confirmed = person.ask(
            "POST",
            "confirm-appointment",
            "the link is opened",
            json={"processId": secret["id"], "authKey": secret["authKey"]},
        )
        assert confirmed["status"] == "confirmed"
        assert confirmed["officeId"] == RUPPERTSTRASSE
        assert confirmed["captchaToken"] not in ("", token)
        person.told(f"confirmed: {confirmed['serviceName']}, {confirmed['officeName']}")
