"""`mta completion`."""

from __future__ import annotations

import os
import sys
from enum import StrEnum

from mta_entrypoints.cli.main import app


class Shell(StrEnum):
    """The shells that can complete what is typed."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def completion(shell: Shell, /) -> int:
    """Print a script that lets a shell complete MTA's commands and options.

    Parameters
    ----------
    shell
        bash, zsh or fish.
    """
    sys.stdout.write(app.generate_completion(shell=shell.value))
    return os.EX_OK
