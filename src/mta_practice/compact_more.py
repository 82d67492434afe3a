"""Where the rows of the compact catalogue differ from the plain case.

Fields by their name on the wire, one table per kind. Most are as in the city's own
data; which two offices share one name and place, and so one choice on the city's page
(``allowDisabledServicesMix``), is moved to the two at the car registration, because
the city's own second office is not among our twelve.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Fields = Mapping[str, object]

_RUPPERT: Final = "Bürgerangelegenheiten Bürgerbüro Ruppertstraße"

OFFICE_FIELDS: Final[Mapping[int, Fields]] = {
    10489: {
        "displayNameAlternatives": ["Hauptabteilung II Bürgerangelegenheiten", _RUPPERT]
    },
    10503: {"displayNameAlternatives": [_RUPPERT, "Ausbildung"]},
    # An exclusive office: no other is offered beside it.
    10308621: {"showAlternativeLocations": False},
    # Alone, deregistering is done at the peer; with others it is done here, too.
    10308013: {
        "disabledByServices": [1064305],
        "allowDisabledServicesMix": [10308013, 102101],
    },
    102101: {"allowDisabledServicesMix": [10308013, 102101], "parentId": 10308013},
    10640: {"slotsPerAppointment": "2"},
    # PHP's null where others have an empty list.
    10427: {"disabledByServices": None, "organizationUnit": None},
}

SCOPE_FIELDS: Final[Mapping[int, Fields]] = {
    10308013: {"infoForAppointment": "Bitte bringen Sie die Kennzeichen mit."},
    10427: {
        "customTextfield2Activated": True,
        "customTextfield2Label": "Kennzeichen",
        "hint": "Erdgeschoss",
    },
    10546: {"shortName": "Meldungen", "whitelistedMails": "@muenchen.example"},
    10640: {"slotsPerAppointment": "2"},
}

SERVICE_FIELDS: Final[Mapping[int, Fields]] = {
    # Variants of one service: 4 is for a single person, 5 for a family.
    1063475: {"variantId": 4},
    10224132: {"parentId": 1063475, "variantId": 5, "rootParentId": 1063475},
    10374641: {"showOnStartPage": False},
}

#: Offices that pool their slots, since Muc-46 (contract 1.4 and 6).
SHARED: Final[tuple[tuple[int, ...], ...]] = ((10489, 10503),)

#: A relation whose service is not in the list, like a quarter of the city's own.
UNLISTED: Final = {
    "officeId": 10308013,
    "serviceId": 1064308,
    "slots": 2,
    "public": True,
    "maxQuantity": 0,
}
