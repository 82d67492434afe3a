"""What a browser needs: pages from elsewhere, and a frontend beside the API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mta_practice import PracticeError, PracticeSettings
from mta_practice.http.browser import find
from tests.unit.practice.support import API, Town, a_town, at, refusal

PAGE = "http://localhost:5173"
ASKS = {"Origin": PAGE, "Access-Control-Request-Method": "POST"}


class TestForeignPages:
    async def test_any_page_may_read_an_answer(self, town: Town) -> None:
        for route in ("captcha-details", "nothing"):
            answer = await town.http.get(f"{API}/{route}/", headers={"Origin": PAGE})
            assert answer.headers["access-control-allow-origin"] == "*"
            exposed = answer.headers["access-control-expose-headers"]
            assert "X-RateLimit-Remaining" in exposed

    async def test_refused_ones_can_be_read_too(self) -> None:
        async with a_town(request_limit=1) as town:
            town.http.headers["Origin"] = PAGE
            await town.get("nothing")
            answer = await town.get("nothing")
        assert answer.status_code == 429
        assert answer.headers["access-control-allow-origin"] == "*"

    async def test_without_an_origin_nothing_is_said(self, town: Town) -> None:
        answer = await town.get("captcha-details")
        assert not [name for name in answer.headers if name.startswith("access-")]

    async def test_preflight_is_answered_at_the_gateway(self, town: Town) -> None:
        headers = ASKS | {"Access-Control-Request-Headers": "content-type,x-own"}
        answer = await town.http.options(f"{API}/reserve-appointment/", headers=headers)
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-allow-headers"] == "content-type,x-own"
        assert "POST" in answer.headers["access-control-allow-methods"]
        assert answer.headers["access-control-max-age"] == "600"
        assert (await town.http.get("/practice/ledger")).json() == []

    async def test_preflight_may_ask_for_no_headers(self, town: Town) -> None:
        answer = await town.http.options(f"{API}/appointment/", headers=ASKS)
        allowed = answer.headers["access-control-allow-headers"]
        assert allowed == "Authorization, Content-Type"

    async def test_plain_options_reach_the_city(self, town: Town) -> None:
        for headers in ({}, {"Origin": PAGE}, {"Access-Control-Request-Method": "GET"}):
            answer = await town.http.options(f"{API}/appointment/", headers=headers)
            assert refusal(answer) == (404, ["notFound"])

    async def test_pages_can_be_named(self) -> None:
        async with a_town(origins=(PAGE, "https://other.test")) as town:
            path = f"{API}/captcha-details/"
            allowed = await town.http.get(path, headers={"Origin": PAGE})
            assert allowed.headers["access-control-allow-origin"] == PAGE
            assert allowed.headers["vary"] == "Origin"
            stranger = {"Origin": "https://stranger.test"}
            other = await town.http.get(path, headers=stranger)
            assert other.status_code == 200
            assert "access-control-allow-origin" not in other.headers
            refused = await town.http.options(path, headers=ASKS | stranger)
            assert refused.status_code == 403
            passed = await town.http.options(path, headers=ASKS)
            assert passed.status_code == 204


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A frontend build, and a secret beside it."""
    (tmp_path / "secret.txt").write_text("secret")
    root = tmp_path / "dist"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<!doctype html><title>Termin</title>")
    (root / "assets" / "app.js").write_text(f"fetch('{API}/offices-and-services/')")
    (root / "assets" / "style.css").write_text("body {}")
    (root / "assets" / "font.woff2").write_bytes(b"\x00")
    (root / "data.bin1").write_bytes(b"\x01")
    (root / "outside.txt").symlink_to(tmp_path / "secret.txt")
    return root


@pytest.fixture
async def site(build: Path) -> AsyncIterator[Town]:
    async with a_town(frontend=build) as town:
        yield town


class TestFrontend:
    @pytest.mark.parametrize(
        ("path", "media"),
        [
            ("", "text/html; charset=utf-8"),
            ("/", "text/html; charset=utf-8"),
            ("/index.html", "text/html; charset=utf-8"),
            ("/assets/app.js", "text/javascript; charset=utf-8"),
            ("/assets/style.css", "text/css; charset=utf-8"),
            ("/assets/font.woff2", "font/woff2"),
            ("/data.bin1", "application/octet-stream"),
        ],
    )
    async def test_files_have_their_type(
        self, site: Town, path: str, media: str
    ) -> None:
        answer = await site.http.get(f"/buergeransicht{path}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, media)
        assert answer.headers["cache-control"] == "no-cache"

    async def test_pages_of_its_own_router_are_the_index(self, site: Town) -> None:
        for path in ("services", "services/1063475/locations/10489", "assets"):
            answer = await site.http.get(f"/buergeransicht/{path}")
            assert "<title>Termin</title>" in answer.text

    async def test_missing_file_is_missing(self, site: Town) -> None:
        answer = await site.http.get("/buergeransicht/assets/gone.js")
        assert answer.status_code == 404

    @pytest.mark.parametrize(
        "path",
        [
            "..%2fsecret.txt",
            "%2e%2e/secret.txt",
            "assets/..%2f..%2fsecret.txt",
            "outside.txt",
            "%00.txt",
            f"{'x' * 5000}.txt",
        ],
        ids=lambda path: path[:20],
    )
    async def test_nothing_outside_can_be_read(self, site: Town, path: str) -> None:
        answer = await site.http.get(f"/buergeransicht/{path}")
        assert answer.status_code == 404
        assert "secret" not in answer.text

    def test_absolute_path_leads_nowhere(self, build: Path) -> None:
        assert find(build, str(build.parent / "secret.txt")) is None

    async def test_api_answers_on_the_same_origin(self, site: Town) -> None:
        assert (await site.get("offices-and-services")).json()["offices"]
        assert refusal(await site.get("nothing")) == (404, ["notFound"])
        assert (await site.http.get("/practice/health")).status_code == 200

    async def test_mail_link_opens_the_frontend(self, build: Path) -> None:
        async with a_town(frontend=build, public_url="http://x") as site:
            await site.preconfirmed(at(26, 9))
            (mail,) = await site.mails()
            assert "<title>Termin</title>" in (await site.http.get(mail["link"])).text

    async def test_without_one_the_own_page_stays(self, town: Town) -> None:
        text = (await town.http.get("/buergeransicht/")).text
        assert "Termin bestätigen / confirm" in text

    @pytest.mark.parametrize("missing", ["", "nowhere"])
    def test_folder_without_an_index_is_explained(
        self, tmp_path: Path, missing: str
    ) -> None:
        with pytest.raises(PracticeError, match=r"no index\.html in"):
            PracticeSettings(frontend=tmp_path / missing)
