"""The page over HTTP: for one reader, on this machine, and from nowhere else."""

from __future__ import annotations

import hashlib
import re

import pytest

from mta_core.domain.errors import SiteUnreachable
from mta_entrypoints.shift.page import HEADERS, STATIC
from tests.unit.shift.desk import HOST, SECRET, Room

PUBLISHED = {
    "altcha-LICENSE.txt": "bee1fb9d9c97d42c12c22332c5250f2fb1ef5c2321f6f82beb23e3b77be50a29",
    "altcha-sha.js": "47f99223e06444e4b11bd74ed4ebe68e3b13a3ba99f778d013111e6c6cb43074",
    "altcha.css": "03622256effb4e962d0c1da9a59684cf237f541f290703934c07a97dabcbad47",
    "altcha.min.js": "959494398e8fcde3414d09309ade24b444ede098b04dec1514f4754279bff031",
}
"""SHA-256 of the files of the package altcha 3.2.2, as its registry hands it out."""


@pytest.fixture
async def room() -> Room:
    room = Room()
    await room.moves_in()
    return room


def test_the_widget_is_the_official_one_unchanged() -> None:
    for name, digest in PUBLISHED.items():
        content = (STATIC / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest, name
    assert "MIT License" in (STATIC / "altcha-LICENSE.txt").read_text()


def test_nothing_on_the_page_starts_by_itself_or_comes_from_elsewhere() -> None:
    page = (STATIC / "index.html").read_text()
    script = (STATIC / "shift.js").read_text()
    (widget,) = re.findall(r"<altcha-widget[^>]*>", page)
    assert widget == '<altcha-widget challenge="challenge">'
    assert "://" not in page + script
    assert not re.search(r"auto|\.verify\(|\.click\(|onload", page + script)


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("", "text/html"),
        ("shift.js", "text/javascript"),
        ("shift.css", "text/css"),
        ("altcha.min.js", "text/javascript"),
        ("altcha.css", "text/css"),
        ("altcha-sha.js", "text/javascript"),
    ],
)
async def test_its_files_come_with_strict_headers(
    room: Room, path: str, media: str
) -> None:
    async with room.browser() as browser:
        answer = await browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(media)
    for name, text in HEADERS.items():
        assert answer.headers[name] == text


async def test_a_click_is_carried_to_the_city_and_back(room: Room) -> None:
    async with room.browser(Origin=f"http://{HOST}") as browser:
        before = (await browser.get("state")).json()
        challenge = (await browser.get("challenge")).json()
        payload = room.check.passed(challenge)
        answer = await browser.post("verify", json={"payload": payload})
        after = (await browser.get("state")).json()
    assert before["state"] == "waiting"
    assert answer.status_code == 200
    assert answer.json() == after
    assert after["state"] == "open"
    assert "token" not in answer.text


@pytest.mark.parametrize("body", [{}, {"payload": 7}, [], "text"])
async def test_what_is_no_payload_is_refused(room: Room, body: object) -> None:
    async with room.browser() as browser:
        answer = await browser.post("verify", json=body)
    assert answer.status_code == 400


async def test_too_much_is_refused(room: Room) -> None:
    async with room.browser() as browser:
        answer = await browser.post("verify", json={"payload": "x" * 100_000})
    assert answer.status_code == 413


async def test_what_is_wrong_is_said_in_words(room: Room) -> None:
    async with room.browser() as browser:
        refused = await browser.post("verify", json={"payload": "nothing"})
        room.check.trouble = SiteUnreachable("no check today")
        down = await browser.get("challenge")
    assert refused.status_code == 422
    assert "captchaVerificationFailed" in refused.json()["error"]
    assert (down.status_code, down.json()) == (503, {"error": "no check today"})


@pytest.mark.parametrize(
    ("host", "headers"),
    [
        ("localhost:4711", {}),
        ("rebound.example.org", {}),
        (HOST, {"Origin": "https://evil.example.org"}),
        (HOST, {"Origin": "null"}),
    ],
)
async def test_pages_of_others_learn_nothing(
    room: Room, host: str, headers: dict[str, str]
) -> None:
    async with room.browser(host, **headers) as browser:
        for answer in (
            await browser.get("state"),
            await browser.get(""),
            await browser.post("verify", json={"payload": "x"}),
        ):
            assert answer.status_code == 403
            assert "watching" not in answer.text
    assert room.check.handed_out == 0


async def test_without_the_secret_there_is_nothing(room: Room) -> None:
    async with room.browser() as browser:
        for path in ("/", "/state", f"/{SECRET[:-1]}/state", f"/{SECRET}x/"):
            answer = await browser.get(f"http://{HOST}{path}")
            assert answer.status_code == 404
