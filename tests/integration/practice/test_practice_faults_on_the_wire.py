"""Faults that only a socket can show: no answer at all, and half of one."""

from __future__ import annotations

import json
import logging
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from mta_practice import Practice, PracticeSettings, running

pytestmark = pytest.mark.integration

OFFICE, SERVICE, START = 10295168, 1063731, 4_000_000_200


@pytest.fixture
def city() -> Iterator[Practice]:
    with running(PracticeSettings(stepped=True)) as practice:
        yield practice


@pytest.fixture
def http(city: Practice) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=city.url) as client:
        yield client


def arm(http: httpx.Client, **fault: object) -> None:
    assert http.post("/practice/faults", json=fault).status_code == 201


def reserve(city: Practice, http: httpx.Client) -> httpx.Response:
    body = {"timestamp": START, "officeId": OFFICE, "serviceId": [SERVICE]}
    return http.post(f"{city.api_url}/reserve-appointment/", json=body)


def opened(http: httpx.Client) -> None:
    body = {"officeId": OFFICE, "serviceId": SERVICE, "starts": [START]}
    http.post("/practice/openings", json=body)


def eventually(happened: Callable[[], bool]) -> None:
    """Look again and again, the city being a thread of its own."""
    end = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < end


def booked(http: httpx.Client) -> list[Any]:
    found: list[Any] = http.get("/practice/appointments").json()
    return found


@pytest.mark.parametrize(("when", "done"), [("before", 0), ("after", 1)])
class TestDrop:
    def test_connection_ends_without_an_answer(
        self, city: Practice, http: httpx.Client, when: str, done: int
    ) -> None:
        opened(http)
        arm(http, route="reserve-appointment", kind="drop", when=when)
        with pytest.raises(
            httpx.RemoteProtocolError, match="without sending a response"
        ):
            reserve(city, http)
        assert len(booked(http)) == done
        (seen,) = http.get("/practice/ledger").json()
        assert seen["status"] == (200 if done else 0)

    def test_not_one_byte_comes(
        self,
        city: Practice,
        http: httpx.Client,
        caplog: pytest.LogCaptureFixture,
        when: str,
        done: int,
    ) -> None:
        """Read from the bare socket; and the server takes it for no fault of its own."""
        arm(http, route="captcha-details", kind="drop", when=when)
        request = b"GET /buergeransicht/api/citizen/captcha-details/ HTTP/1.1\r\n"
        with (
            caplog.at_level(logging.WARNING),
            socket.create_connection(("127.0.0.1", city.port), 10) as wire,
        ):
            wire.sendall(request + b"Host: x\r\n\r\n")
            assert wire.recv(1000) == b""
        assert http.get("/practice/health").status_code == 200
        assert caplog.text == ""
        assert len(http.get("/practice/ledger").json()) == 1


class TestTruncate:
    def test_body_ends_in_the_middle_of_its_length(
        self, city: Practice, http: httpx.Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        opened(http)
        arm(http, route="reserve-appointment", kind="truncate", when="after")
        with (
            caplog.at_level(logging.WARNING),
            pytest.raises(httpx.RemoteProtocolError, match="without sending complete"),
        ):
            reserve(city, http)
        assert len(booked(http)) == 1
        assert caplog.text == ""

    def test_before_the_city_did_nothing(
        self, city: Practice, http: httpx.Client
    ) -> None:
        opened(http)
        arm(http, route="reserve-appointment", kind="truncate")
        with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
            reserve(city, http)
        assert booked(http) == []
        assert reserve(city, http).status_code == 200


def test_delay_outlasts_an_impatient_client(city: Practice, http: httpx.Client) -> None:
    """The client gives up; the city does it all the same once time has passed."""
    opened(http)
    arm(http, route="reserve-appointment", kind="delay", seconds=600)
    body = json.dumps(
        {"timestamp": START, "officeId": OFFICE, "serviceId": [SERVICE]}
    ).encode()
    head = (
        "POST /buergeransicht/api/citizen/reserve-appointment/ HTTP/1.1\r\nHost: x\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", city.port), 10) as wire:
        wire.sendall(head.encode() + body)
        eventually(lambda: http.get("/practice/faults").json()[0]["struck"] == 1)
    assert booked(http) == []
    http.post("/practice/clock", json={"advance": 600})
    eventually(lambda: len(booked(http)) == 1)
