"""The options of ``python -m mta_practice``, down to the settings they make."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mta_practice import Generation, Practice, PracticeSettings
from mta_practice.__main__ import main

pytestmark = pytest.mark.integration


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[PracticeSettings]:
    """What the city would have been served with."""
    made: list[PracticeSettings] = []

    def serve(
        settings: PracticeSettings,
        host: str,
        port: int,
        announce: Callable[[Practice], None],
    ) -> None:
        made.append(settings)

    monkeypatch.setattr("mta_practice.__main__.serve", serve)
    return made


def test_nothing_said_is_a_quiet_city_of_today(served: list[PracticeSettings]) -> None:
    assert main([]) == 0
    assert served == [PracticeSettings()]


def test_options_reach_the_city(served: list[PracticeSettings], tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<title>Termin</title>")
    words = [
        *("--generation", "muc45"),
        *("--drift", "officeId=branchId", "--drift", "scope="),
        *("--blacklist", "10.0.0.0/8", "--blacklist", "::1"),
        *("--origin", "https://page.test"),
        *("--frontend", str(tmp_path)),
        "--maintenance",
        "--programme",
        *("--speed", "60", "--clock", str(tmp_path / "clock.json")),
    ]
    assert main(words) == 0
    assert served == [
        PracticeSettings(
            generation=Generation.MUC45,
            drift={"officeId": "branchId", "scope": ""},
            blacklist=("10.0.0.0/8", "::1"),
            origins=("https://page.test",),
            frontend=tmp_path,
            maintenance=True,
            programme=True,
            speed=60.0,
            clock_file=tmp_path / "clock.json",
        )
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--drift", "officeId"], "drift is FIELD=NEWNAME or FIELD="),
        (["--blacklist", "here"], "no address and no CIDR block"),
        (["--frontend", "/nowhere"], "no index.html in /nowhere"),
        (["--speed", "0"], "speed must be greater than zero"),
        (["--stepped", "--speed", "2"], "stepped time has no speed"),
    ],
)
def test_wrong_options_are_explained(
    served: list[PracticeSettings],
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    message: str,
) -> None:
    assert main(words) == 2
    assert message in capsys.readouterr().err
    assert served == []


def test_unknown_generation_is_refused(
    served: list[PracticeSettings], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["--generation", "muc1"])
    assert "muc45" in capsys.readouterr().err
    assert served == []
