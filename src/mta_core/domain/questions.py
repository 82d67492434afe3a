"""What an office asks of a citizen, in the city's own words (contract 3, 6)."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

import attrs

from mta_core.domain.accounts import Contact
from mta_core.domain.catalogue import Terms
from mta_core.domain.errors import InvalidValue

LONGEST_ANSWER = 250  # after the city's normalisation (contract 3)
_CONTACT = ("name", "email", "telephone")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


@attrs.frozen
class Question:
    """One thing that an office asks.

    Attributes:
        field: ``name``, ``email``, ``telephone``, or the city's ``custom`` and
            ``custom2``, which mean something else at every office.
        label: what people read: the city's label where it has one.
        demanded: whether MTA can book there only with an answer.
    """

    field: str
    label: str
    demanded: bool

    def answer(self, contact: Contact | None, answers: Mapping[str, str]) -> str:
        """Return what the citizen has said, empty if nothing.

        Answers are kept by label, so that what was said to one office's question is
        not sent to another's; one kept by field answers it whatever the label.
        """
        if self.field in _CONTACT:
            said: str = getattr(contact, self.field) if contact else ""
            return said.strip()
        keys = (self.label, self.field)
        return next(filter(None, (answers.get(key, "").strip() for key in keys)), "")


def questions(terms: Terms) -> tuple[Question, ...]:
    """List what an office asks. A name is demanded everywhere (contract 3)."""
    custom = (("custom", terms.custom), ("custom2", terms.custom2))
    return (
        Question("name", "name", demanded=True),
        Question("email", "email", demanded=terms.email.required),
        *(
            [Question("telephone", "telephone", demanded=terms.telephone.required)]
            if terms.telephone.activated
            else []
        ),
        *(
            Question(field, asked.label.strip() or field, demanded=asked.required)
            for field, asked in custom
            if asked.activated
        ),
    )


def missing_details(
    terms: Terms, contact: Contact | None, answers: Mapping[str, str]
) -> tuple[str, ...]:
    """Name what an office demands and the citizen has not given yet."""
    return tuple(
        question.label
        for question in questions(terms)
        if question.demanded and not question.answer(contact, answers)
    )


def answers_to(terms: Terms, answers: Mapping[str, str]) -> dict[str, str]:
    """Pick what this office asks, by the city's fields: nothing else leaves MTA."""
    said = {
        question.field: question.answer(None, answers)
        for question in questions(terms)
        if question.field not in _CONTACT
    }
    return {field: text for field, text in said.items() if text}


def check_answer(text: str) -> str:
    """Check an answer to an office's own question, and return what is to be sent.

    Raises:
        InvalidValue: it is too long, as the city counts: without tags and entities.
    """
    sent = text.strip()
    bare = _TAG.sub("", _BREAK.sub("\n", html.unescape(sent)))
    if sent and not bare.strip():
        raise InvalidValue("The city would see nothing of this answer: it is all tags.")
    if len(bare) > LONGEST_ANSWER:
        raise InvalidValue(
            f"The city takes answers of up to {LONGEST_ANSWER} characters."
        )
    return sent
