"""What the city knows about a scope but never shows: not part of the catalogue."""

from __future__ import annotations

from typing import Final

import attrs

#: Display-number prefixes by scope id. Made up: the city's own are not public.
_PREFIXES: Final = {160: "R", 372: "A", 133: "O", 52: "Z"}

#: Minutes until cancelled slots return, by scope id, where they are not the usual
#: ones. The city has such scopes; which they are is made up.
_DEALLOCATION: Final = {190: 1, 193: 0}


@attrs.frozen
class HiddenFacts:
    """Facts of a scope that no route shows.

    *deallocation*: minutes after which a cancelled appointment returns to the pool.
    *prefix*: letters before the display number, empty where the city shows the
    process id instead (contract 1.3).
    """

    deallocation: int = 15
    prefix: str = ""


def hidden_facts(scope_id: int, contact: str) -> HiddenFacts:
    """Give the hidden facts of a scope with the contact name *contact*.

    All Buergerbueros wait five minutes, most others the fallback of fifteen
    (contract 8).
    """
    usual = 5 if contact.startswith("Bürgerbüro") else 15
    deallocation = _DEALLOCATION.get(scope_id, usual)
    return HiddenFacts(deallocation, _PREFIXES.get(scope_id, ""))
