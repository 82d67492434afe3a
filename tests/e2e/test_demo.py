"""`mta demo`: the story, as a person and as a program sees it."""

from __future__ import annotations

import json
import signal

import pytest

from tests.e2e.conftest import House, until

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def test_the_demo_tells_its_story_as_json(house: House) -> None:
    told = json.loads(house.run("demo", "--once", "--json", "--seed", "3"))

    assert told["outcome"] == "confirmed"
    assert {"seen_to_message", "seen_to_reserve"} <= told["latency_ms"].keys()
    assert all(value >= 0 for value in told["latency_ms"].values())
    order = [event["what"] for event in told["events"]]
    story = ["subscribed", "released", "seen", "reserve", "preconfirmed", "confirmed"]
    assert [what for what in order if what in story] == story
    moments = [event["ms"] for event in told["events"]]
    assert moments == sorted(moments)


def test_the_demo_stays_up_until_ctrl_c(house: House) -> None:
    demo = house.start("demo")
    until(lambda: "Everything stays up" in house.log("demo"))

    demo.send_signal(signal.SIGINT)

    assert demo.wait(timeout=20) == 0
    assert "Traceback" not in house.log("demo")
