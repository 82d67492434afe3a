"""From a notification's facts to a text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from mta_adapters.wording.en import ENGLISH
from mta_adapters.wording.language import Language, Values, fill
from mta_core.domain.availability import Slot, day_of
from mta_core.domain.notifications import Notification
from mta_core.ports.notifier import Text

LANGUAGES: Mapping[str, Language] = {"en": ENGLISH}

MOST_SLOTS = 8
"""Slots that one message lists; the others are counted."""


def render(notification: Notification, lang: str) -> Text:
    """Write a notification in a language (the port's `Wording`).

    Regions do not matter (``en-GB``), unknown languages fall back to English, and a
    line whose fact is missing is left out.
    """
    language = LANGUAGES.get(lang.replace("_", "-").partition("-")[0], ENGLISH)
    message = language.messages[notification.kind]
    values = _values(notification, language)
    lines = (fill(line, values) for line in message.body)
    body = "\n".join(line for line in lines if line)
    return Text(fill(message.title, values), body)


def _values(notification: Notification, language: Language) -> Values:
    facts = {name: " ".join(text.split()) for name, text in notification.facts.items()}
    slots = notification.slots
    more = len(slots) - MOST_SLOTS
    return {
        "service": facts.get("service") or _services(slots),
        "count": len(slots),
        "slots": "\n".join(_slot(s, facts, language) for s in slots[:MOST_SLOTS]),
        "and_more": fill(language.and_more, {"more": max(more, 0)}),
        "sender": facts.get("sender", ""),
        "number": facts.get("number", ""),
        "others": _number(facts.get("others", "")),
        "swaps": _number(facts.get("swaps", "")),
        "since": _day(facts.get("since", ""), language),
        "id": facts.get("id", ""),
        "open_by": _soon(facts.get("open_by", ""), notification, language),
        "reason": language.say_reason(facts.get("reason", "")),
        **_condition(facts, language),
        "offices": facts.get("offices", ""),
        "minutes": _number(facts.get("minutes", "")),
        "hour": _soon(facts.get("hour", ""), notification, language),
    }


def _condition(facts: Mapping[str, str], language: Language) -> Values:
    return {
        "subject": facts.get("subject", ""),
        "condition": facts.get("condition", ""),
        "detail": facts.get("detail", ""),
        "meaning": language.meanings.get(facts.get("condition", ""), ""),
        "began": _moment(facts.get("began", ""), language),
        "ended": _moment(facts.get("ended", ""), language),
        "besides": _number(facts.get("besides", "")),
    }


def _services(slots: tuple[Slot, ...]) -> str:
    return str(slots[0].services) if slots else ""


def _slot(slot: Slot, facts: Mapping[str, str], language: Language) -> str:
    name = facts.get(f"office.{slot.office}") or str(slot.office)
    address = facts.get(f"address.{slot.office}", "")
    place = fill(language.place, {"office": name, "address": address}) or name
    when = language.say_moment(slot.start)
    return fill(language.slot, {"when": when, "place": place})


def _soon(text: str, notification: Notification, language: Language) -> str:
    """Say when something is; its day only if that is not the message's own."""
    if not text:
        return ""
    sent = notification.due_at or notification.sent_at or notification.created_at
    return language.say_moment(datetime.fromisoformat(text), day_of(sent))


def _day(text: str, language: Language) -> str:
    return language.say_day(datetime.fromisoformat(text)) if text else ""


def _moment(text: str, language: Language) -> str:
    return language.say_moment(datetime.fromisoformat(text)) if text else ""


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
