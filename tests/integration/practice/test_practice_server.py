"""The practice city over real sockets and as a real process."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from uvicorn import Server

from mta_practice import Practice, PracticeError, PracticeSettings, running, serve
from mta_practice.__main__ import main

pytestmark = pytest.mark.integration

SOURCE = Path(__file__).parents[3] / "src"
OPENING = {"officeId": 10295168, "serviceId": 1063731}


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield int(taken.getsockname()[1])


def _threads() -> list[str]:
    return [thread.name for thread in threading.enumerate()]


class TestRunning:
    def test_serves_the_whole_way_to_a_confirmed_appointment(self) -> None:
        settings = PracticeSettings(stepped=True)
        with running(settings) as practice, httpx.Client() as http:
            assert practice.url == f"http://127.0.0.1:{practice.port}"
            assert practice.api_url == f"{practice.url}/buergeransicht/api/citizen"
            start = self._opened(practice, http)
            api = practice.api_url
            body = {
                "timestamp": start,
                "officeId": OPENING["officeId"],
                "serviceId": [OPENING["serviceId"]],
            }
            reserved = http.post(f"{api}/reserve-appointment/", json=body).json()
            identity = {name: reserved[name] for name in ("processId", "authKey")}
            contact = {"familyName": "Resi Huber", "email": "resi@example.org"}
            http.post(f"{api}/update-appointment/", json=identity | contact)
            http.post(f"{api}/preconfirm-appointment/", json=identity)
            answer = http.post(f"{api}/confirm-appointment/", json=identity)
            assert answer.json()["status"] == "confirmed"
            mails = http.get(f"{practice.url}/practice/mails").json()
            prefix = f"{practice.url}/buergeransicht/#/appointment/"
            assert all(mail["link"].startswith(prefix) for mail in mails)

    def _opened(self, practice: Practice, http: httpx.Client) -> int:
        health = http.get(f"{practice.url}/practice/health").json()
        assert health["stepped"] is True
        start = 4_000_000_200
        answer = http.post(
            f"{practice.url}/practice/openings", json=OPENING | {"starts": [start]}
        )
        assert answer.json()["freed"] == [start]
        return start

    def test_stops_and_frees_its_port(self) -> None:
        with running(PracticeSettings()) as practice:
            assert "practice-city" in _threads()
        assert "practice-city" not in _threads()
        with running(PracticeSettings(), port=practice.port) as again:
            assert again.port == practice.port

    def test_stops_when_the_block_fails(self) -> None:
        with (
            pytest.raises(RuntimeError, match="in between"),
            running(PracticeSettings()),
        ):
            raise RuntimeError("in between")
        assert "practice-city" not in _threads()

    def test_taken_port_is_explained(self, taken_port: int) -> None:
        with (
            pytest.raises(PracticeError, match=f"127.0.0.1:{taken_port}"),
            running(PracticeSettings(), port=taken_port),
        ):
            raise AssertionError("unreachable")

    def test_server_that_does_not_start_is_explained(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("mta_practice.server._START_WITHIN", 0.1)
        # A server whose start-up never comes to its end.
        monkeypatch.setattr("mta_practice.server._Server.startup", Server.startup)
        with (
            pytest.raises(PracticeError, match="did not start"),
            running(PracticeSettings()),
        ):
            raise AssertionError("unreachable")

    def test_shown_address_can_be_opened(self) -> None:
        with running(PracticeSettings(), host="0.0.0.0") as practice:  # noqa: S104
            assert practice.url.startswith("http://127.0.0.1:")

    def test_two_cities_live_side_by_side(self) -> None:
        with running(PracticeSettings()) as one, running(PracticeSettings()) as two:
            for practice in (one, two):
                answer = httpx.get(f"{practice.url}/practice/health")
                assert answer.json()["status"] == "ok"


class TestServe:
    def test_taken_port_is_explained(self, taken_port: int) -> None:
        with pytest.raises(PracticeError, match="cannot serve"):
            serve(PracticeSettings(), "127.0.0.1", taken_port)

    def test_signal_ends_it_in_good_order(self) -> None:
        """In this process: the signal comes from a thread once the city answers."""
        before = signal.getsignal(signal.SIGTERM)
        answers: list[int] = []

        def end(practice: Practice) -> None:
            answer = httpx.get(f"{practice.url}/practice/health")
            answers.append(answer.status_code)
            os.kill(os.getpid(), signal.SIGTERM)

        def announced(practice: Practice) -> None:
            threading.Thread(target=end, args=(practice,)).start()

        serve(PracticeSettings(), "127.0.0.1", 0, announced)
        assert answers == [200]
        assert signal.getsignal(signal.SIGTERM) is before


class TestCommandLine:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_process_ends_with_zero(self, number: signal.Signals) -> None:
        command = [sys.executable, "-m", "mta_practice", "--port", "0", "--stepped"]
        environment = os.environ | {"PYTHONPATH": str(SOURCE)}
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            url = re.search(r"http://\S+", process.stdout.readline())
            assert url is not None
            health = httpx.get(f"{url[0]}/practice/health").json()
            assert health["stepped"] is True
            process.send_signal(number)
            assert process.wait(10) == 0

    def test_taken_port_ends_with_two(
        self, taken_port: int, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["--port", str(taken_port)]) == 2
        assert "cannot serve" in capsys.readouterr().err

    def test_bad_catalogue_ends_with_two(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["--catalogue", str(tmp_path / "none.json")]) == 2
        assert "cannot read the catalogue" in capsys.readouterr().err
