"""What the offices ask of a citizen: taken from options, asked for, or named.

Each thing is checked by the core's rules as soon as it is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

import attrs

from mta_core.domain.accounts import Contact
from mta_core.domain.errors import DetailsMissing, InvalidValue
from mta_core.domain.questions import Question, check_answer
from mta_entrypoints.cli import asking, output
from mta_entrypoints.cli.details import (
    CONTACT,
    CUSTOM,
    Answers,
    Offices,
    meaning_of,
    option_for,
)
from mta_entrypoints.cli.options import Options

_ALWAYS = frozenset({"name", "email"})
_PROMPTS = {
    "name": "Your name",
    "email": "Your mail address",
    "telephone": "Your telephone number",
}
_EASY_ON_THE_EYE = re.compile(r"[\s/().-]")
_SOUND = Contact("Somebody", "somebody@example.org")
"""Stands in for what is not being checked."""


def said(
    options: Options,
    offices: Offices,
    contact: Contact | None,
    own: Mapping[str, str],
) -> Answers:
    """Join what the options say to what is known already.

    Raises:
        InvalidValue: the city would refuse it, or no office asks for it.
    """
    known = Answers.known(contact, own)
    typed = {field: getattr(options, field) for field in CONTACT}
    given = {field: text for field, text in typed.items() if text is not None}
    for field, text in given.items():
        given[field] = _checked(field, text)
    mine = _own_answers(options, offices)
    return Answers({**known.contact, **given}, {**known.own, **mine})


def complete(answers: Answers, offices: Offices) -> Answers:
    """Ask for what is missing to book, if somebody is there to be asked.

    Raises:
        DetailsMissing: none of the offices could be booked with what is known.
        KeyboardInterrupt: whoever is asked went away.
    """
    if asking.somebody_is_there():
        answers = _ask(answers, offices)
    gaps = offices.gaps(answers)
    if gaps.keys() >= offices.asked:
        missing = dict.fromkeys(q for gap in gaps.values() for q in gap)
        raise DetailsMissing(
            "To book, the city also asks for: "
            + ", ".join(f"{meaning_of(q)} ({option_for(q)})" for q in missing)
            + "."
        )
    return answers


def _ask(answers: Answers, offices: Offices) -> Answers:
    gaps = offices.gaps(answers)
    if gaps:
        output.note("To book for you MTA needs a few things, for the city alone.")
    for question in dict.fromkeys(q for gap in gaps.values() for q in gap):
        if answers.lacks(question):
            text = _answer_to(question, offices)
            answers = answers.with_(question, text) if text else answers
    return answers


def _answer_to(question: Question, offices: Offices) -> str:
    """Ask one question; who leaves it out can still be told of slots there."""
    asking_for_it = offices.asking(question)
    needed = question.field in _ALWAYS or len(asking_for_it) == len(offices.asked)
    meaning = _PROMPTS.get(question.field, question.label)
    if not needed:
        meaning += f" (for {output.some(asking_for_it, 2)}; Enter leaves it out)"
    text = asking.ask(meaning, partial(_checked, question.field), optional=not needed)
    return _checked(question.field, text) if text else ""


def _checked(field: str, text: str) -> str:
    """Return what the city is to be told. Raises `InvalidValue`."""
    text = text.strip()
    if field not in CONTACT:
        return check_answer(text)
    if field == "telephone":
        text = _EASY_ON_THE_EYE.sub("", text)
    attrs.evolve(_SOUND, **{field: text})
    return text


def _own_answers(options: Options, offices: Offices) -> dict[str, str]:
    """Read the answers to the offices' own questions. Raises `InvalidValue`."""
    answers = {}
    for text in options.answer or ():
        label, equals, answer = text.partition("=")
        if not equals:
            raise InvalidValue(f'--answer {text!r} has no "=", as in "LABEL=text".')
        answers[_label(label, offices)] = check_answer(answer)
    for field in CUSTOM:
        answer = getattr(options, field)
        if answer is not None:
            answers[_only_label(field, offices)] = check_answer(answer)
    return answers


def _label(typed: str, offices: Offices) -> str:
    """Find the city's label, whatever its case and spaces."""
    labels = offices.own_questions()
    for label in labels:
        if _bare(label) == _bare(typed):
            return label
    raise InvalidValue(f"No office that you want asks {typed!r}. {_they_ask(labels)}")


def _only_label(field: str, offices: Offices) -> str:
    labels = offices.own_questions([field])
    if len(labels) != 1:
        raise InvalidValue(
            f"--{field} answers an office's own question, where there is just one. "
            f"{_they_ask(labels)}"
        )
    return labels[0]


def _they_ask(labels: list[str]) -> str:
    if not labels:
        return "None of them has questions of its own."
    listed = ", ".join(f'--answer "{label}=…"' for label in labels)
    return f"They ask: {listed}."


def _bare(label: str) -> str:
    return "".join(label.casefold().split())
