"""The options of ``mta practice``, down to the settings they make."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mta_core.domain.errors import InvalidValue
from mta_entrypoints.cli.main import app
from mta_practice import Generation, Practice, PracticeSettings

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

    monkeypatch.setattr("mta_entrypoints.cli.practice.serve", serve)
    return made


def _run(*words: str) -> None:
    app(["practice", *words], result_action="return_value")


def test_options_reach_the_city(served: list[PracticeSettings], tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<title>Termin</title>")
    _run(
        *("--generation", "muc45", "--drift", "officeId=branchId", "--drift", "scope="),
        *("--blacklist", "10.0.0.0/8", "--blacklist", "::1"),
        *("--frontend", str(tmp_path), "--maintenance"),
    )
    assert served == [
        PracticeSettings(
            generation=Generation.MUC45,
            drift={"officeId": "branchId", "scope": ""},
            blacklist=("10.0.0.0/8", "::1"),
            frontend=tmp_path,
            maintenance=True,
        )
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--drift", "officeId"], "drift is FIELD=NEWNAME or FIELD="),
        (["--blacklist", "here"], "no address and no CIDR block"),
        (["--frontend", "/nowhere"], "no index.html in /nowhere"),
    ],
)
def test_wrong_options_are_explained(
    served: list[PracticeSettings], words: list[str], message: str
) -> None:
    with pytest.raises(InvalidValue, match=message):
        _run(*words)
    assert served == []
