"""What offices ask of a citizen, and what the citizen has said so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from mta_core.domain.accounts import Contact
from mta_core.domain.catalogue import Catalogue, OfficeId
from mta_core.domain.errors import InvalidValue
from mta_core.domain.questions import Question, questions

CONTACT = ("name", "email", "telephone")
CUSTOM = ("custom", "custom2")


@attrs.frozen
class Answers:
    """What a citizen has said so far.

    Attributes:
        contact: name, mail address and telephone number, as far as they are known.
        own: answers to the offices' own questions, by the city's label.
    """

    contact: Mapping[str, str]
    own: Mapping[str, str]

    @classmethod
    def known(cls, contact: Contact | None, own: Mapping[str, str]) -> Answers:
        """Take over what is stored."""
        return cls(attrs.asdict(contact) if contact else {}, own)

    def lacks(self, question: Question) -> bool:
        """Whether this is needed to book, and is not known.

        A mail address always is: without it nobody hears of the appointment.
        """
        own = question.answer(None, self.own)
        known = self.contact.get(question.field) or own
        return (question.demanded or question.field == "email") and not known

    def with_(self, question: Question, text: str) -> Answers:
        """Take an answer down."""
        if question.field in CONTACT:
            return attrs.evolve(self, contact={**self.contact, question.field: text})
        return attrs.evolve(self, own={**self.own, question.label: text})

    def to_contact(self) -> Contact | None:
        """Return the contact data; None if there are none.

        Raises:
            InvalidValue: the city would refuse them, or half of them is missing.
        """
        given = {field: text for field, text in self.contact.items() if text}
        if not given:
            return None
        for field, meant in (("name", "name"), ("email", "mail address")):
            if field not in given:
                raise InvalidValue(f"A {meant} is needed, too: give it with --{field}.")
        return Contact(**given)


@attrs.frozen
class Offices:
    """The offices that a citizen wants, and what they ask.

    Attributes:
        able: all that can serve.
    """

    catalogue: Catalogue
    able: frozenset[OfficeId]

    @property
    def asked(self) -> frozenset[OfficeId]:
        """Those without a human check; all, if none is without."""
        checked = frozenset(o for o in self.able if self.catalogue.is_checked(o))
        return self.able - checked or self.able

    def asking(self, question: Question) -> list[str]:
        """Name the offices that demand the answer to a question."""
        return sorted(
            self.catalogue.office(office).name
            for office in self.asked
            if question in self._questions(office)
        )

    def gaps(self, answers: Answers) -> dict[OfficeId, tuple[Question, ...]]:
        """Find what offices demand and nobody has said."""
        gaps = {
            office: tuple(q for q in self._questions(office) if answers.lacks(q))
            for office in sorted(self.asked)
        }
        return {office: gap for office, gap in gaps.items() if gap}

    def own_questions(self, fields: Iterable[str] = CUSTOM) -> list[str]:
        """Return the labels of the offices' own questions, each once."""
        wanted = tuple(fields)
        labels = (
            question.label
            for office in sorted(self.able)
            for question in self._questions(office)
            if question.field in wanted
        )
        return list(dict.fromkeys(labels))

    def _questions(self, office: OfficeId) -> tuple[Question, ...]:
        terms = self.catalogue.office(office).terms
        return questions(terms) if terms else ()


def meaning_of(question: Question) -> str:
    """Name what is asked: by the city's label, if it has one."""
    return "mail address" if question.field == "email" else question.label


def option_for(question: Question) -> str:
    """Name the option that answers a question."""
    if question.field in CONTACT:
        return f"--{question.field}"
    return f'--answer "{question.label}=…"'
