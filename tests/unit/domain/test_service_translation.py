"""Finding the city's services by English words."""

from __future__ import annotations

import pytest

from mta_core.domain.search.vocabulary import TABLES
from tests.unit.domain.city_services import a_city, names

RESIDENCE = "Wohnsitzanmeldung"
PASSPORT = "Reisepass"
ID_CARD = "Personalausweis"
TRADE = "Gewerbe-Anmeldung"
GOOD_CONDUCT = "Führungszeugnis"
LICENCE = "Umschreibung EU/EWR-Führerschein"
FOREIGN_LICENCE = "Umschreibung eines ausländischen Führerscheins"
WORLD_LICENCE = "Internationaler Führerschein (EU-Kartenführerschein)"
MARRIAGE = "Anmeldung einer Eheschließung mit Auslandsbezug"
PICK_UP = "Abholung Personalausweis, Reisepass oder eID-Karte"
GENDER = "Anpassung des Geschlechtseintrags und Vornamens (Selbstbestimmungsgesetz)"
PERMIT = "Notfall-Hilfe Aufenthaltstitel – Beschäftigte, Angehörige"


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("passport", PASSPORT),
        ("passports", PASSPORT),
        ("renew my passport", PASSPORT),
        ("i need an appointment for a passport in Munich", PASSPORT),
        ("temporary passport", "Vorläufiger Reisepass"),
        ("child's passport", PASSPORT),
        ("lost passport", "Verlust oder Diebstahl Reisepass"),
        ("pick up passport", PICK_UP),
        ("id card", ID_CARD),
        ("identity card", ID_CARD),
        ("stolen ID", "Verlust oder Diebstahl Personalausweis"),
        ("eid card", "eID-Karte (EU/EWR)"),
        ("register address", RESIDENCE),
        ("address registration", RESIDENCE),
        ("residence registration", RESIDENCE),
        ("register my residence", RESIDENCE),
        ("moving to munich", RESIDENCE),
        ("move", RESIDENCE),
        ("family registration", "Wohnsitzanmeldung – Familie"),
        ("proof of residence", "Meldebescheinigung"),
        ("change address passport", "Adressänderung Personalausweis, Reisepass, eAT"),
        ("driving licence", LICENCE),
        ("driving license", LICENCE),
        ("driver's license", LICENCE),
        ("licence driving", LICENCE),
        ("exchange foreign driving licence", FOREIGN_LICENCE),
        ("international driving permit", WORLD_LICENCE),
        ("driving licence pick up", "Abholung von Führerscheinen"),
        ("renew driving licence", "Verlängerung befristeter Führerschein-Klassen"),
        ("car registration", "Erneute Anmeldung eines Fahrzeugs"),
        ("register new car", "Anmeldung fabrikneues Fahrzeug oder Tageszulassung"),
        ("register imported car", "Aus dem Ausland eingeführtes Fahrzeug anmelden"),
        ("deregister car", "Fahrzeug abmelden"),
        ("vehicle deregistration", "Fahrzeug abmelden"),
        ("lost number plates", "Verlust oder Diebstahl der Kennzeichenschilder"),
        ("export plates", "Ausfuhrkennzeichen"),
        ("short-term plates", "Kurzzeitkennzeichen"),
        ("classic car", "Historisches Kennzeichen für Oldtimer"),
        ("parking permit", "Parkausweis – Altstadt"),
        ("resident parking permit", "Bewohnerparkausweis"),
        ("disabled parking", "EU-Parkausweis für Behinderte"),
        ("parking for craftsmen", "Parkausweis für Handwerksbetriebe"),
        ("marriage", MARRIAGE),
        ("get married", MARRIAGE),
        ("wedding", MARRIAGE),
        ("residence permit", PERMIT),
        ("visa", PERMIT),
        ("invitation letter", "Verpflichtungserklärung abgeben"),
        ("citizenship", "Einbürgerung"),
        ("naturalisation", "Einbürgerung"),
        ("naturalization", "Einbürgerung"),
        ("certificate of good conduct", GOOD_CONDUCT),
        ("police certificate", GOOD_CONDUCT),
        ("life certificate", "Lebensbescheinigung"),
        ("certified copies", "Beglaubigung von bis zu 5 Dokumenten"),
        ("leave the church", "Kirchenaustritt"),
        ("change gender", GENDER),
        ("trade licence", TRADE),
        ("business registration", TRADE),
        ("freelancer", TRADE),
        ("close business", "Gewerbe-Abmeldung"),
        ("security guard licence", "Bewachungsgewerbe – Erlaubnis beantragen"),
        ("taxi licence", "Taxigenehmigung – Erstantrag oder erneuter Antrag"),
        ("lost and found", "Fundsache abholen"),
        ("found bike", "Fahrrad als Finder*in abholen"),
        ("car tax", "Probleme bei Kfz-Versicherung oder Kfz-Steuer"),
        ("old-age pension", "Altersrente (Telefon-Termin)"),
        ("student loan", "BAföG – Antrag Ausbildungsförderung"),
        ("childcare advice", "Elternberatung zur Kinderbetreuung"),
        ("fire station tour", "Führungen auf den Feuerwachen"),
        (
            "pet health certificate",
            "Gesundheitszeugnis (Hund, Katze, Frettchen, Vögel)",
        ),
        # With typos
        ("pasport", PASSPORT),
        ("passprot", PASSPORT),
        ("identiy card", ID_CARD),
        ("drivng licence", LICENCE),
        ("citzenship", "Einbürgerung"),
        ("marrige", MARRIAGE),
        ("adress registraton", RESIDENCE),
        ("rgistration address", RESIDENCE),
    ],
)
def test_english_words_find_german_services(words: str, first: str) -> None:
    assert names(words)[0] == first


@pytest.mark.parametrize(
    ("words", "service"),
    [
        ("dog tax", "Hundesteuer anmelden"),
        ("birth certificate", "Geburtsurkunde"),
        ("death certificate", "Sterbeurkunden bestellen"),
        ("marriage certificate", "Eheurkunde"),
        ("permanent residence", "Niederlassungserlaubnis"),
        ("driving school", "Fahrschulerlaubnis"),
        ("housing benefit", "Wohngeld beantragen"),
    ],
)
def test_services_that_are_new_are_found_by_the_same_words(
    words: str, service: str
) -> None:
    assert names(words, a_city("Reisepass", service)) == [service]


def test_what_words_mean_together_is_not_what_each_means_elsewhere() -> None:
    """A registration of a car is none of a home, and no certificate."""
    city = a_city("Fahrzeug abmelden ohne Zulassungsbescheinigung", "Fahrzeuganmeldung")
    assert names("car registration", city) == ["Fahrzeuganmeldung"]


def test_a_known_word_is_not_taken_for_a_misspelled_other() -> None:
    """A life is no lift."""
    assert names("life", a_city("Lift")) == []
    assert names("lofe", a_city("Lift", "Lebensbescheinigung")) == [
        "Lebensbescheinigung"
    ]
    assert names("famliy", a_city("Familie")) == ["Familie"]


def test_each_phrase_leads_somewhere() -> None:
    """All that is in the tables is found once the city has a service of that name."""
    for table in TABLES:
        for phrases, meanings in table.items():
            for phrase in phrases.replace("*", "").split("|"):
                for stems in meanings.split(","):
                    service = stems.strip()
                    assert names(phrase, a_city(service)) == [service], phrase
