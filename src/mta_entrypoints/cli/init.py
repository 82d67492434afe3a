"""`mta init`: the few settings that matter, asked for and written into ``.env``."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import attrs
from cyclopts import Parameter
from rich.console import Console
from rich.prompt import Confirm, Prompt

from mta_core.domain.errors import InvalidValue
from mta_entrypoints import settings
from mta_entrypoints.cli import dotenv_file, output
from mta_entrypoints.cli.container import build
from mta_entrypoints.doctor.findings import Grade
from mta_entrypoints.doctor.machine import folder
from mta_entrypoints.settings import DOTENV, PRACTICE_URL, PREFIX, Settings

PRACTICE = "practice"
NOT_DONE = 1
_ANYBODY = "somebody"

_QUESTIONS: Mapping[str, str] = {
    "city_url": (
        f"Which city? '{PRACTICE}' is the practice city on this machine; for the real "
        "one, the base URL of its API (https://…/buergeransicht/api/citizen)"
    ),
    "contact": (
        "How does the city reach you? A mail address or web page of yours, sent with "
        "every request; the practice city needs none"
    ),
    "data_dir": "Which folder holds the database, the key and the lock?",
    "log_level": "How much to log: debug, info, warning or error?",
}


def init(
    *,
    city_url: str | None = None,
    contact: str | None = None,
    data_dir: str | None = None,
    log_level: str | None = None,
    yes: Annotated[bool, Parameter(negative="")] = False,
    force: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Ask for the few settings that matter, and write them into .env.

    Parameters
    ----------
    city_url
        Base URL of the city's API, or "practice".
    contact
        Your mail address or web page, sent to the city with every request.
    data_dir
        Folder of database, key and lock.
    log_level
        debug, info, warning or error.
    yes
        Ask nothing: what is not given stays as it is, or gets its default.
    force
        Change a .env that is there already without asking.
    """
    given = {
        "city_url": city_url,
        "contact": contact,
        "data_dir": data_dir,
        "log_level": log_level,
    }
    chosen = {name: text for name, text in given.items() if text is not None}
    try:
        answers = _Interview(chosen, yes, force).answers()
    except (EOFError, KeyboardInterrupt):
        output.note("\nNothing was written.")
        return NOT_DONE
    _say_what_is_next(dotenv_file.write(answers), answers)
    return os.EX_OK


def _say_what_is_next(file: Path, answers: Mapping[str, str]) -> None:
    output.say(f"{file} is written. MTA reads it when it is started in that folder.")
    for name, text in answers.items():
        if os.environ.get(name, text) != text:
            output.note(f"But {name} is set in the environment, which overrules it.")
    if answers["MTA_CITY_URL"] == PRACTICE_URL:
        output.say("Next: `mta practice` in a terminal of its own, and beside it:")
    else:
        output.say("Next:")
    output.say("  mta doctor    checks that everything is as it should be")
    output.say("  mta up        watches, tells and books")


@attrs.frozen
class _Interview:
    """Asks what was not *given*; with *yes* nothing, with *force* not even whether to
    change a file that is there. Nothing is written before all is answered.
    """

    given: Mapping[str, str]
    yes: bool
    force: bool
    console: Console = attrs.field(factory=lambda: Console(stderr=True))

    def answers(self) -> dict[str, str]:
        """Return a usable answer to every question.

        Raises:
            InvalidValue: one that was given is not usable, or nobody can be asked.
            EOFError, KeyboardInterrupt: whoever is asked went away.
        """
        present = settings.in_dotenv()
        self._may_write()
        draft = Settings()
        for name in _QUESTIONS:
            default = present.get(_variable(name)) or str(getattr(draft, name))
            draft = self._answered(draft, name, default)
        return {_variable(name): str(getattr(draft, name)) for name in _QUESTIONS}

    def _may_write(self) -> None:
        there = self._may_ask()
        unanswered = [name for name in _QUESTIONS if name not in self.given]
        if unanswered and not self.yes and not there:
            options = ", ".join(f"--{name.replace('_', '-')}" for name in unanswered)
            raise InvalidValue(
                f"There is no terminal to ask on: give {options}; or --yes, for the "
                "defaults of all that is not given."
            )
        if not Path(DOTENV).exists() or self.force:
            return
        question = f"{DOTENV} is there already. Change these settings in it?"
        if not there or not Confirm.ask(question, console=self.console, default=False):
            raise InvalidValue(
                f"{DOTENV} was left alone. To change it without being asked: --force."
            )

    def _answered(self, draft: Settings, name: str, default: str) -> Settings:
        """Put in an answer: the one that was given, else the citizen's own."""
        if name in self.given or self.yes:
            after = _with(draft, name, self.given.get(name, default))
            if complaint := _complaint(after, name):
                raise InvalidValue(complaint)
            return after
        while True:
            after = _with(draft, name, self._ask(name, default))
            complaint = _complaint(after, name)
            if not complaint:
                return after
            self.console.print(complaint, style="red", markup=False, highlight=False)

    def _ask(self, name: str, default: str) -> str:
        return Prompt.ask(
            _QUESTIONS[name],
            console=self.console,
            default=PRACTICE if default == PRACTICE_URL else default,
            show_default=bool(default),
        )

    def _may_ask(self) -> bool:
        return sys.stdin.isatty()


def _variable(name: str) -> str:
    return f"{PREFIX}{name.upper()}"


def _with(draft: Settings, name: str, answer: str) -> Settings:
    """Return the draft with an answer, as people write it."""
    text = answer.strip()
    match name:
        case "city_url":
            url = PRACTICE_URL if text.lower() == PRACTICE else text
            return attrs.evolve(draft, city_url=url)
        case "data_dir":
            # Absolute, wherever MTA will be started.
            return attrs.evolve(draft, data_dir=Path(text).expanduser().absolute())
        case "log_level":
            return attrs.evolve(draft, log_level=text)
        case _:
            return attrs.evolve(draft, contact=text)


def _complaint(draft: Settings, name: str) -> str:
    """Say what is wrong with an answer; empty if nothing is."""
    if complaint := settings.complaint_of(draft, name):
        return complaint
    if name == "data_dir":
        found = folder(draft)
        return f"{found.means} {found.advice}" if found.grade is Grade.WRONG else ""
    if name in {"city_url", "contact"}:
        try:
            # The client of the city has a say in both; it opens nothing yet.
            build(
                draft if draft.contact else attrs.evolve(draft, contact=_ANYBODY)
            ).http()
        except InvalidValue as error:
            return str(error)
    return ""
