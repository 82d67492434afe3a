"""`mta init`: what is asked, what is refused, and what ends up in ``.env``."""

from __future__ import annotations

import os
import resource
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.errors import InvalidValue, StorageUnavailable
from mta_entrypoints.cli import dotenv_file
from mta_entrypoints.settings import PRACTICE_URL, load
from tests.integration.cli.terminal import (
    UNWRITABLE,
    at_a_terminal,
    mta,
    needs_unwritable,
)

pytestmark = pytest.mark.integration

CITY = "https://city.example.org/buergeransicht/api/citizen"
CONTACT = "ops@example.org"

Capsys = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder in which MTA is set up: the present one."""
    assert tmp_path == Path.cwd()
    return tmp_path


def a_mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


class TestWithoutTerminal:
    def test_options_answer_every_question(self, folder: Path, capsys: Capsys) -> None:
        said = mta(
            capsys,
            *("init", "--city-url", CITY, "--contact", CONTACT),
            *("--data-dir", folder / "data", "--log-level", "warning"),
        )
        settings = load()
        assert settings.city_url == CITY
        assert settings.contact == CONTACT
        assert settings.data_dir == folder / "data"
        assert settings.log_level == "warning"
        assert a_mode(folder / ".env") == 0o600
        assert f"{folder / '.env'} is written" in said.out
        assert "mta doctor" in said.out
        assert "mta up" in said.out
        assert "mta practice" not in said.out
        assert list(folder.iterdir()) == [folder / ".env"]

    def test_the_defaults_are_those_of_the_practice_city(
        self, folder: Path, capsys: Capsys
    ) -> None:
        before = load()
        said = mta(capsys, "init", "--yes")
        assert load() == before
        assert dotenv_values(".env")["MTA_CITY_URL"] == PRACTICE_URL
        assert "MTA_CONTACT" not in dotenv_values(".env")
        assert "mta practice" in said.out

    def test_practice_is_a_word_for_its_address(
        self, folder: Path, capsys: Capsys
    ) -> None:
        mta(capsys, "init", "--city-url", "Practice", "--yes")
        assert load().city_url == PRACTICE_URL

    def test_a_folder_is_written_as_it_is_meant_everywhere(
        self, folder: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(folder))
        for given_as, meant in (("~/kept", "kept"), ("here", "here")):
            mta(capsys, "init", "--data-dir", given_as, "--yes", "--force")
            written = dotenv_values(".env")["MTA_DATA_DIR"]
            assert written == str(folder / meant)

    @pytest.mark.parametrize(
        ("words", "missing"),
        [
            ([], "--city-url, --contact, --data-dir, --log-level; or --yes"),
            (["--city-url", "practice", "--contact", ""], "--data-dir, --log-level"),
        ],
    )
    def test_nobody_can_be_asked(
        self, folder: Path, capsys: Capsys, words: list[str], missing: str
    ) -> None:
        said = mta(capsys, "init", *words, code=2)
        assert "There is no terminal to ask on" in said.err
        assert missing in said.err
        assert list(folder.iterdir()) == []

    @pytest.mark.parametrize(
        ("words", "wrong"),
        [
            (["--city-url", "city.example.org"], "is not a web address"),
            (["--city-url", "http://a b/api"], "is not a web address"),
            (["--city-url", "http://☃.example.org"], "is not a URL"),
            (["--city-url", "https://ops:hush@city.example.org"], "without a user"),
            (["--city-url", CITY], "MTA_CONTACT is empty"),
            (["--contact", "Jörg"], "plain ASCII"),
            (["--log-level", "loud"], "debug, info, warning, error"),
            (["--data-dir", __file__], "is not a folder"),
            (["--data-dir", f"{__file__}/data"], "is not a folder"),
            pytest.param(
                ["--data-dir", str(UNWRITABLE)],
                "cannot be written",
                marks=needs_unwritable,
            ),
            (["--data-dir", "a\nb"], "characters that .env cannot keep"),
            (["--data-dir", "/tmp/${HOME}"], "characters that .env cannot keep"),
        ],
    )
    def test_an_answer_that_cannot_be_used_is_refused_and_nothing_written(
        self, folder: Path, capsys: Capsys, words: list[str], wrong: str
    ) -> None:
        said = mta(capsys, "init", *words, "--yes", code=2)
        assert wrong in said.err
        assert "hush" not in said.err
        assert list(folder.iterdir()) == []

    def test_what_the_environment_overrules_is_told(
        self, folder: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MTA_LOG_LEVEL", "error")
        said = mta(capsys, "init", "--log-level", "debug", "--yes")
        assert "MTA_LOG_LEVEL is set in the environment, which overrules" in said.err
        said = mta(capsys, "init", "--log-level", "error", "--yes", "--force")
        assert said.err == ""


def test_it_explains_itself(capsys: Capsys) -> None:
    said = mta(capsys, "init", "--help").out
    assert said.startswith("Usage: mta init")
    for option in ("--city-url", "--contact", "--data-dir", "--log-level", "--force"):
        assert option in said


class TestFileThatIsThere:
    BEFORE = (
        "# our household\n\nexport PATH_OF_OURS=1\nMTA_MASTER_KEY_FILE=key\n"
        "MTA_CONTACT='old@example.org' # the old one\nMTA_NEVER_HEARD_OF=x\n"
        "MTA_CONTACT=older@example.org\nnonsense here"
    )
    KEY = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="

    @pytest.fixture(autouse=True)
    def _there(self, folder: Path) -> None:
        (folder / "key").write_text(self.KEY)
        (folder / ".env").write_text(self.BEFORE)
        (folder / ".env").chmod(0o644)

    def test_is_left_alone_unless_told_otherwise(
        self, folder: Path, capsys: Capsys
    ) -> None:
        said = mta(capsys, "init", "--yes", code=2)
        assert "--force" in said.err
        assert (folder / ".env").read_text() == self.BEFORE

    def test_keeps_every_line_that_was_not_asked_about(
        self, folder: Path, capsys: Capsys
    ) -> None:
        said = mta(
            capsys,
            *("init", "--contact", CONTACT, "--data-dir", folder / "a b's"),
            *("--force", "--yes"),
        )
        assert (folder / ".env").read_text() == (
            "# our household\n\nexport PATH_OF_OURS=1\nMTA_MASTER_KEY_FILE=key\n"
            f"MTA_CONTACT={CONTACT}\nMTA_NEVER_HEARD_OF=x\n"
            f"nonsense here\nMTA_CITY_URL={PRACTICE_URL}\n"
            f"MTA_DATA_DIR='{folder}/a b\\'s'\nMTA_LOG_LEVEL=info\n"
        )
        assert load().data_dir == folder / "a b's"
        assert a_mode(folder / ".env") == 0o600
        assert self.KEY not in said.out + said.err

    def test_what_it_says_is_the_default(self, folder: Path, capsys: Capsys) -> None:
        mta(capsys, "init", "--city-url", CITY, "--force", "--yes")
        assert load().contact == "older@example.org"
        # A value that stays has its lines as they were.
        assert "MTA_CONTACT='old@example.org' # the old one\n" in (
            (folder / ".env").read_text()
        )

    def test_a_value_from_a_file_stays_there_or_is_replaced(
        self, folder: Path, capsys: Capsys
    ) -> None:
        (folder / "contact").write_text("file@example.org\n")
        (folder / ".env").write_text("MTA_CONTACT_FILE=contact\n")
        mta(capsys, "init", "--force", "--yes")
        assert "MTA_CONTACT_FILE=contact\n" in (folder / ".env").read_text()
        assert load().contact == "file@example.org"
        mta(capsys, "init", "--contact", CONTACT, "--force", "--yes")
        assert "MTA_CONTACT_FILE" not in (folder / ".env").read_text()
        assert load().contact == CONTACT

    def test_a_contact_can_be_taken_out(self, folder: Path, capsys: Capsys) -> None:
        mta(capsys, "init", "--contact", "", "--force", "--yes")
        assert load().contact == ""
        assert "MTA_CONTACT=" not in (folder / ".env").read_text()

    def test_a_link_stays_a_link(self, folder: Path, capsys: Capsys) -> None:
        (folder / ".env").rename(folder / "settings")
        (folder / ".env").symlink_to("settings")
        mta(capsys, "init", "--log-level", "debug", "--force", "--yes")
        assert (folder / ".env").is_symlink()
        assert load().log_level == "debug"

    def test_another_encoding_is_wrong_input(
        self, folder: Path, capsys: Capsys
    ) -> None:
        (folder / ".env").write_bytes("MTA_CONTACT=Jörg".encode("latin-1"))
        said = mta(capsys, "init", "--force", "--yes", code=2)
        assert "UTF-8" in said.err

    @pytest.mark.skipif(
        not Path("/proc/self/mem").exists(), reason="there is no /proc here"
    )
    def test_one_that_cannot_be_read_is_named(
        self, folder: Path, capsys: Capsys
    ) -> None:
        (folder / ".env").unlink()
        (folder / ".env").symlink_to("/proc/self/mem")  # whoever reads it fails
        said = mta(capsys, "services", code=2)
        assert ".env cannot be read: Input/output error" in said.err

    def test_a_folder_in_its_place_is_named(self, folder: Path, capsys: Capsys) -> None:
        (folder / ".env").unlink()
        (folder / ".env").mkdir()
        said = mta(capsys, "init", "--force", "--yes", code=4)
        assert f"{folder / '.env'} cannot be read or written" in said.err
        assert [path.name for path in folder.iterdir() if path.is_file()] == ["key"]


@needs_unwritable
def test_a_folder_that_takes_no_files_is_named(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(UNWRITABLE)
    said = mta(capsys, "init", "--yes", code=4)
    assert f"{UNWRITABLE}/.env cannot be read or written" in said.err


@contextmanager
def a_full_disk(size: int) -> Iterator[None]:
    """No file may grow beyond so many bytes: Python takes the error, not the signal."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_is_full_leaves_the_file_as_it_was(folder: Path) -> None:
    before = "MTA_LOG_LEVEL=debug\n"
    (folder / ".env").write_text(before)
    with a_full_disk(len(before)), pytest.raises(StorageUnavailable, match="too large"):
        dotenv_file.write({"MTA_CONTACT": CONTACT})
    assert [path.name for path in folder.iterdir()] == [".env"]
    assert (folder / ".env").read_text() == before


@contextmanager
def an_empty_folder() -> Iterator[Path]:
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield Path(folder)
        finally:
            os.chdir(before)


@given(st.text(), st.text(st.characters(codec="utf-8")))
def test_what_is_written_is_what_is_read(value: str, before: str) -> None:
    with an_empty_folder() as folder:
        file = folder / ".env"
        file.write_bytes(before.encode())
        try:
            dotenv_file.write({"MTA_CONTACT": value})
        except InvalidValue:
            assert file.read_bytes() == before.encode()
        else:
            assert (dotenv_values(".env").get("MTA_CONTACT") or "") == value


class TestAtTerminal:
    def test_every_question_is_asked_and_answered(self, folder: Path) -> None:
        with at_a_terminal(folder, "init") as screen:
            screen.answers("Which city? ", CITY)
            screen.answers("How does the city reach you? ", CONTACT)
            screen.answers("Which folder ", str(folder / "data"))
            screen.answers("How much to log", "error")
            assert "is written" in screen.ends(0)
        settings = load()
        assert (settings.city_url, settings.contact) == (CITY, CONTACT)
        assert settings.data_dir == folder / "data"
        assert settings.log_level == "error"
        assert a_mode(folder / ".env") == 0o600

    def test_an_empty_answer_takes_the_default_that_is_shown(
        self, folder: Path
    ) -> None:
        with at_a_terminal(folder, "init", XDG_DATA_HOME=str(folder)) as screen:
            screen.answers("(practice): ", "")
            screen.answers("needs none: ", "")
            screen.answers(f"({folder / 'mta'}): ", "")
            screen.answers("(info): ", "")
            screen.ends(0)
        assert load().city_url == PRACTICE_URL
        assert load().data_dir == folder / "mta"

    def test_only_what_was_not_given_is_asked(self, folder: Path) -> None:
        words = ("--city-url", "practice", "--contact", CONTACT, "--log-level", "info")
        with at_a_terminal(folder, "init", *words) as screen:
            screen.answers("Which folder ", str(folder / "data"))
            screen.ends(0)
        assert load().contact == CONTACT

    def test_what_is_wrong_is_said_at_once_and_asked_again(self, folder: Path) -> None:
        with at_a_terminal(folder, "init") as screen:
            screen.answers("Which city? ", "city.example.org")
            screen.sees("is not a web address")
            screen.answers("Which city? ", CITY)
            screen.answers("How does the city reach you? ", "")
            screen.sees("MTA_CONTACT is empty")
            screen.answers("How does the city reach you? ", "Jörg")
            screen.sees("plain ASCII")
            screen.answers("How does the city reach you? ", CONTACT)
            screen.answers("Which folder ", __file__)
            screen.sees("is not a folder")
            screen.answers("Which folder ", str(folder))
            screen.answers("How much to log", "[loud]")
            screen.sees("must be one of")
            screen.answers("How much to log", "debug")
            screen.ends(0)
        assert load().log_level == "debug"

    def test_it_asks_before_it_changes_a_file(self, folder: Path) -> None:
        (folder / ".env").write_text("MTA_LOG_LEVEL=error\n")
        with at_a_terminal(folder, "init", "--yes") as screen:
            screen.answers("Change these settings in it?", "n")
            assert "was left alone" in screen.ends(2)
        assert (folder / ".env").read_text() == "MTA_LOG_LEVEL=error\n"
        with at_a_terminal(folder, "init", "--yes") as screen:
            screen.answers("Change these settings in it?", "y")
            screen.ends(0)
        assert load().city_url == PRACTICE_URL
        assert load().log_level == "error"

    @pytest.mark.parametrize("how", ["goes_away", "interrupts"])
    def test_who_goes_away_in_the_middle_has_written_nothing(
        self, folder: Path, how: str
    ) -> None:
        with at_a_terminal(folder, "init") as screen:
            screen.answers("Which city? ", CITY)
            screen.sees("How does the city reach you? ")
            getattr(screen, how)()
            shown = screen.ends(1)
        assert "Nothing was written." in shown
        assert "Traceback" not in shown
        assert not (folder / ".env").exists()
