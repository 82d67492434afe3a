"""`mta completion`: scripts that real shells take, and that know the commands."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from mta_entrypoints.cli.main import app
from tests.integration.cli.terminal import mta

pytestmark = pytest.mark.integration

Capsys = pytest.CaptureFixture[str]
SHELLS = ("bash", "zsh", "fish")
NO_COMMANDS = frozenset({"--help", "-h", "--version"})


def a_script(folder: Path, capsys: Capsys, shell: str) -> Path:
    """Write what a shell would load."""
    script = folder / f"mta.{shell}"
    script.write_text(mta(capsys, "completion", shell).out)
    return script


def completed(script: Path, *words: str) -> list[str]:
    """Let bash complete the last of these words."""
    line = " ".join(f"'{word}'" for word in words)
    ask = (
        f"source {script}; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _mta; "
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", ask], capture_output=True, text=True, timeout=30
    )
    assert done.stderr == ""
    return [word.strip() for word in done.stdout.splitlines()]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_names_every_command(
    tmp_path: Path, capsys: Capsys, shell: str
) -> None:
    script = a_script(tmp_path, capsys, shell).read_text()
    commands = set(app) - NO_COMMANDS
    assert {"init", "doctor", "completion", "up"} <= commands
    for command in commands:
        assert command in script
    assert "--city-url" in script


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_can_read_it(tmp_path: Path, capsys: Capsys, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed here")
    script = a_script(tmp_path, capsys, shell)
    done = subprocess.run([shell, "-n", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_bash_completes_commands_and_options(tmp_path: Path, capsys: Capsys) -> None:
    script = a_script(tmp_path, capsys, "bash")
    assert completed(script, "mta", "do") == ["doctor"]
    assert set(completed(script, "mta", "sub")) == {"subscribe", "subscriptions"}
    assert completed(script, "mta", "bookings", "op") == ["opened"]
    assert completed(script, "mta", "doctor", "--off") == ["--offline"]
    assert completed(script, "mta", "completion", "z") == ["zsh"]


def test_a_shell_that_it_does_not_know_is_wrong_input(capsys: Capsys) -> None:
    said = mta(capsys, "completion", "tcsh", code=2)
    assert "tcsh" in said.err
    assert said.out == ""


def test_it_explains_where_the_script_belongs(capsys: Capsys) -> None:
    said = mta(capsys, "completion", "--help")
    for folder in ("bash-completion/completions/mta", "$fpath", "mta.fish"):
        assert folder in said.out
