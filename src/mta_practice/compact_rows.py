"""The rows of the compact catalogue: twelve offices, twenty-five services.

Ids, names, addresses and durations are public facts of the city (contract 6);
the sentences about release hours are our own. Read the tables below top-down:
places, offices (who and where, what they demand), services, who offers what.

Three offices demand the check for a person; six demand nothing but a name and an
e-mail address; one each demands a telephone number, a text field, not even a mail.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs


@attrs.frozen
class Place:
    """An address; *lat* and *lon* are WGS 84 degrees."""

    street: str
    number: str
    postcode: str
    lat: float
    lon: float


@attrs.frozen
class Demands:
    """What an office wants to know; *text* is the label of a demanded text field."""

    human: bool = False
    email: bool = True
    telephone_offered: bool = False
    telephone: bool = False
    text: str | None = None


@attrs.frozen(kw_only=True)
class OfficeRow:
    """One office with its scope. *slot*, *hold* and *activation* are minutes.

    *hold* is the reservationDuration; *per_mail* None means no limit.
    """

    id: int
    scope: int
    name: str
    unit: str
    place: Place
    slot: int
    hold: int
    activation: int
    per_mail: int | None
    demands: Demands
    release: str
    priority: int = 1


@attrs.frozen
class ServiceRow:
    """One service, its quantity limit, and its slots per unit by office id."""

    id: int
    name: str
    max_quantity: int
    slots: Mapping[int, int]


RUPPERT_19: Final = Place("Ruppertstraße", "19", "80337", 48.12468, 11.54987)
RUPPERT_11: Final = Place("Ruppertstraße", "11", "80337", 48.12386, 11.55173)
ORLEANS: Final = Place("Orleansstraße", "50", "81667", 48.12866, 11.60495)
PASING: Final = Place("Landsberger Straße", "486", "81241", 48.14706, 11.46211)
IMPLER: Final = Place("Implerstraße", "11", "81371", 48.1228, 11.54882)
EICHSTAETT: Final = Place("Eichstätter Straße", "2", "80686", 48.13199, 11.52009)
NEUHAUSER: Final = Place("Neuhauser Straße", "39", "80331", 48.13856, 11.56763)

REMARKS: Final = "Zusätzliche Bemerkungen"
CHECKED: Final = Demands(human=True, telephone_offered=True, text=REMARKS)
NOTHING: Final = Demands()

BUERGERBUERO_HOURS: Final = (
    "Neue Termine: für denselben Tag Montag bis Freitag zwischen 7 und 8 Uhr, für die"
    " kommende Woche zwischen 9 und 11 Uhr, für den Tag in 42 Tagen über Nacht."
)
KFZ_HOURS: Final = (
    "Neue Termine höchstens 7 Tage im Voraus, Montag bis Freitag zwischen 7 und 8 Uhr."
)
TWO_STEPS: Final = (
    "Neue Termine: für denselben Tag zwischen 7 und 8 Uhr, für den Tag in 14 Tagen"
    " zwischen 7.30 und 8.30 Uhr."
)

OFFICES: Final[tuple[OfficeRow, ...]] = (
    OfficeRow(
        id=10489,
        scope=160,
        name="Bürgerbüro Ruppertstraße",
        unit="KVR-II/22",
        place=RUPPERT_19,
        slot=5,
        hold=15,
        activation=30,
        per_mail=3,
        demands=CHECKED,
        release=BUERGERBUERO_HOURS,
        priority=100,
    ),
    OfficeRow(
        id=102522,
        scope=133,
        name="Bürgerbüro Orleansplatz",
        unit="KVR-II/231",
        place=ORLEANS,
        slot=5,
        hold=15,
        activation=30,
        per_mail=3,
        demands=CHECKED,
        release=BUERGERBUERO_HOURS,
        priority=90,
    ),
    OfficeRow(
        id=10308621,
        scope=190,
        name="Schnellschalter",
        unit="KVR-V/133",
        place=RUPPERT_19,
        slot=5,
        hold=5,
        activation=15,
        per_mail=2,
        demands=Demands(human=True),
        release="Neue Termine: Mo/Mi/Fr um 7.30 Uhr, Di/Do um 8.30 Uhr.",
    ),
    OfficeRow(
        id=10503,
        scope=372,
        name="Bürgerbüro Ruppertstraße (Ausbildung)",
        unit="KVR-II/22",
        place=RUPPERT_19,
        slot=5,
        hold=15,
        activation=30,
        per_mail=3,
        demands=Demands(telephone_offered=True, text=REMARKS),
        release=BUERGERBUERO_HOURS,
        priority=100,
    ),
    OfficeRow(
        id=10295168,
        scope=84,
        name="Standesamt München",
        unit="KVR-II/1144",
        place=RUPPERT_11,
        slot=5,
        hold=15,
        activation=60,
        per_mail=1,
        demands=NOTHING,
        release=TWO_STEPS,
    ),
    OfficeRow(
        id=10351882,
        scope=111,
        name="Standesamt München-Pasing",
        unit="KVR-II/12",
        place=PASING,
        slot=10,
        hold=15,
        activation=60,
        per_mail=1,
        demands=Demands(telephone_offered=True, telephone=True),
        release=TWO_STEPS,
    ),
    OfficeRow(
        id=10456,
        scope=193,
        name="Dokumentenausgabe",
        unit="KVR-V/132",
        place=RUPPERT_19,
        slot=15,
        hold=15,
        activation=60,
        per_mail=None,
        demands=Demands(email=False),
        release="",
    ),
    OfficeRow(
        id=10546,
        scope=1,
        name="Gewerbeamt",
        unit="KVR-III/21",
        place=IMPLER,
        slot=5,
        hold=10,
        activation=30,
        per_mail=4,
        demands=NOTHING,
        release="",
    ),
    OfficeRow(
        id=10308013,
        scope=52,
        name="KfZ Zulassungsstelle",
        unit="KVR-II/4211",
        place=EICHSTAETT,
        slot=15,
        hold=15,
        activation=30,
        per_mail=4,
        demands=NOTHING,
        release=KFZ_HOURS,
    ),
    OfficeRow(
        id=102101,
        scope=73,
        name="KfZ Zulassungsstelle",
        unit="KVR-II/4322",
        place=EICHSTAETT,
        slot=5,
        hold=20,
        activation=30,
        per_mail=3,
        demands=NOTHING,
        release=KFZ_HOURS,
    ),
    OfficeRow(
        id=10427,
        scope=74,
        name="Kommunale Verkehrsüberwachung",
        unit="KVR-I/31",
        place=IMPLER,
        slot=5,
        hold=15,
        activation=60,
        per_mail=None,
        demands=Demands(telephone_offered=True),
        release="",
    ),
    OfficeRow(
        id=10640,
        scope=235,
        name="Amt für Ausbildungsförderung",
        unit="RBS-AFA",
        place=NEUHAUSER,
        slot=20,
        hold=15,
        activation=60,
        per_mail=2,
        demands=NOTHING,
        release="",
    ),
)

SERVICES: Final[tuple[ServiceRow, ...]] = (
    ServiceRow(1063475, "Wohnsitzanmeldung", 3, {10489: 3, 102522: 3, 10503: 3}),
    ServiceRow(
        10224132, "Wohnsitzanmeldung – Familie", 3, {10489: 6, 102522: 4, 10503: 6}
    ),
    ServiceRow(1063441, "Personalausweis", 2, {10489: 3, 102522: 3}),
    ServiceRow(1063453, "Reisepass", 2, {10489: 3, 102522: 3}),
    ServiceRow(1080843, "Haushaltsbescheinigung", 5, {10489: 1, 102522: 1, 10503: 1}),
    ServiceRow(
        10225119,
        "Einschalten eID-Funktion oder Änderung der PIN",
        3,
        {10489: 1, 102522: 1},
    ),
    ServiceRow(
        1063426, "Beglaubigung von bis zu 5 Dokumenten", 1, {10489: 2, 102522: 2}
    ),
    ServiceRow(
        10415057,
        "Elektronischer Aufenthaltstitel (eAT) – Änderung PIN",
        1,
        {10308621: 2},
    ),
    ServiceRow(
        10473494,
        "Einschalten der eID-Funktion oder Änderung der PIN"
        " – Elektronischer Aufenthaltstitel",
        1,
        {10308621: 2},
    ),
    ServiceRow(1063731, "Kirchenaustritt", 5, {10295168: 1, 10351882: 1}),
    ServiceRow(10502137, "Abholung elektronischer Aufenthaltstitel", 3, {10456: 1}),
    ServiceRow(1063423, "Gewerbe-Anmeldung", 3, {10546: 4}),
    ServiceRow(1063422, "Gewerbe-Ummeldung", 3, {10546: 4}),
    ServiceRow(1063435, "Gewerbe-Abmeldung", 3, {10546: 3}),
    ServiceRow(10374641, "Zweitschrift Ihrer Gewerbemeldung", 3, {10546: 2}),
    ServiceRow(1063424, "Umschreibung Fahrzeug – innerhalb Münchens", 2, {10308013: 1}),
    ServiceRow(
        1064314, "Umschreibung Fahrzeug – von außerhalb nach München", 2, {10308013: 1}
    ),
    ServiceRow(1064121, "Änderung der Adresse in Fahrzeugpapieren", 2, {10308013: 1}),
    ServiceRow(1064333, "Saisonkennzeichen", 2, {10308013: 1}),
    ServiceRow(1080502, "Wechselkennzeichen", 2, {10308013: 2}),
    ServiceRow(1064305, "Fahrzeug abmelden", 2, {102101: 2, 10308013: 1}),
    ServiceRow(
        10478703,
        "Fahrzeug abmelden ohne Zulassungsbescheinigung I oder Fahrzeugschein",
        2,
        {102101: 3},
    ),
    ServiceRow(1072043, "Bewohnerparkausweis", 1, {10427: 3}),
    ServiceRow(1072009, "Bundesweiter Parkausweis für Behinderte", 1, {10427: 2}),
    ServiceRow(1074970, "BAföG – Antrag Ausbildungsförderung", 3, {10640: 1}),
)

#: Groups whose members can be booked together where one office offers both.
COMBINABLE: Final[tuple[frozenset[int], ...]] = (
    frozenset({1063475, 1063441, 1063453, 1080843, 10225119, 1063426}),
    frozenset({1063424, 1064314, 1064121, 1064333, 1080502, 1064305}),
)

#: A service that cannot be combined at all: the city writes ``[]`` (contract 1).
ALONE: Final = frozenset({10502137})
