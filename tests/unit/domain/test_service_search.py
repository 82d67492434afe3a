"""Finding services by German words, as people type them."""

from __future__ import annotations

import pytest

from tests.unit.domain.city_services import names

RESIDENCE = "Wohnsitzanmeldung"
PASSPORT = "Reisepass"
ID_CARD = "Personalausweis"
LICENCES = "Abholung von Führerscheinen"
MARRIAGE = "Anmeldung einer Eheschließung mit Auslandsbezug"
PICK_UP = "Abholung Personalausweis, Reisepass oder eID-Karte"
GENDER = "Anpassung des Geschlechtseintrags und Vornamens (Selbstbestimmungsgesetz)"
SOLE_TRADE = "Auskunft aus dem Gewerbezentralregister – Natürliche Person"


@pytest.mark.parametrize(
    ("words", "first"),
    [
        # Case, umlauts, accents, punctuation
        ("reisepass", PASSPORT),
        ("REISEPASS", PASSPORT),
        ("reise-pass", PASSPORT),
        ("Reisepaß!", PASSPORT),
        ("Réisepass", PASSPORT),
        ("führerschein abholen", LICENCES),
        ("fuehrerschein abholen", LICENCES),
        ("fuhrerschein abholen", LICENCES),
        ("FÜHRERSCHEIN ABHOLUNG", LICENCES),
        ("führungszeugnis", "Führungszeugnis"),
        ("fuehrungszeugnis", "Führungszeugnis"),
        ("Einbuergerung", "Einbürgerung"),
        ("einburgerung", "Einbürgerung"),
        ("eheschliessung mit auslandsbezug", MARRIAGE),
        ("BAFOEG", "BAföG – Antrag Ausbildungsförderung"),
        ("vorlaeufiger pass", "Vorläufiger Reisepass"),
        ("Steuer (Kfz)", "Probleme bei Kfz-Versicherung oder Kfz-Steuer"),
        ("eat", "Adressänderung Personalausweis, Reisepass, eAT"),
        ("EWR", "eID-Karte (EU/EWR)"),
        ("Beschickerinnen", "Parkausweis für Beschicker*innen"),
        ("finderin", "Fahrrad als Finder*in abholen"),
        ("aussen", "Umschreibung Fahrzeug – von außerhalb nach München"),
        # Parts of words
        ("wohnsitz", RESIDENCE),
        ("pass", PASSPORT),
        ("zeugnis", "Führungszeugnis"),
        ("kirchen austritt", "Kirchenaustritt"),
        ("reise pass", PASSPORT),
        ("handwerk parken", "Parkausweis für Handwerksbetriebe"),
        ("zentralregister", SOLE_TRADE),
        ("geschlecht", GENDER),
        ("selbstbestimmung vorname", GENDER),
        ("hund", "Gesundheitszeugnis (Hund, Katze, Frettchen, Vögel)"),
        # Compounds that the name writes apart, or with a hyphen
        ("Gewerbeanmeldung", "Gewerbe-Anmeldung"),
        ("gewerbe abmeldung", "Gewerbe-Abmeldung"),
        ("Fahrzeugabmeldung", "Fahrzeug abmelden"),
        ("Passverlust", "Verlust oder Diebstahl Reisepass"),
        ("Ausweisverlust", "Verlust oder Diebstahl Personalausweis"),
        ("Kennzeichenverlust", "Verlust oder Diebstahl der Kennzeichenschilder"),
        ("Rentenauskunft", "Auskunft zur Rente (Vor-Ort-Termin)"),
        ("Handwerkerparkausweis", "Parkausweis für Handwerksbetriebe"),
        ("Reisepasstermin", PASSPORT),
        ("Führerscheinsabholung", LICENCES),
        # Other endings
        ("Pässe", PASSPORT),
        ("Reisepässe", PASSPORT),
        ("gewerbe ummelden", "Gewerbe-Ummeldung"),
        ("gewerbe abmelden", "Gewerbe-Abmeldung"),
        ("Fahrräder", "Fahrrad als Finder*in abholen"),
        ("Beglaubigungen Unterschrift", "Beglaubigung von Unterschriften"),
        ("20 Dokumente", "Beglaubigung von bis zu 20 Dokumenten"),
        # Typos
        ("Reisepas", PASSPORT),
        ("Riesepass", PASSPORT),
        ("Reisspass", PASSPORT),
        ("Personalausweiss", ID_CARD),
        ("Personlausweis", ID_CARD),
        ("Fürerschein abholung", LICENCES),
        ("Füherschein abhohlen", LICENCES),
        ("anmeldugn", "Gewerbe-Anmeldung"),
        ("anmeldugn wohnsitz", RESIDENCE),
        ("Wohnsizt", RESIDENCE),
        ("Wohnsitzanmledung", RESIDENCE),
        ("Einbürgrung", "Einbürgerung"),
        ("Saisonkenzeichen", "Saisonkennzeichen"),
        ("gewerbeanmeldugn", "Gewerbe-Anmeldung"),
        ("Gewrbe anmeldung", "Gewerbe-Anmeldung"),
        ("Meldbescheinigung", "Meldebescheinigung"),
        ("umschriebung farzeug", "Umschreibung Fahrzeug – innerhalb Münchens"),
        ("Hudn Gesundheit", "Gesundheitszeugnis (Hund, Katze, Frettchen, Vögel)"),
        # Everyday words
        ("Perso", ID_CARD),
        ("Anwohnerparkausweis", "Bewohnerparkausweis"),
        ("heiraten", MARRIAGE),
        ("Umzug", RESIDENCE),
        ("Wohnung anmelden", RESIDENCE),
        ("Auto abmelden", "Fahrzeug abmelden"),
        ("Auto ummelden", "Umschreibung Fahrzeug – innerhalb Münchens"),
        ("Autozulassung", "Anmeldung fabrikneues Fahrzeug oder Tageszulassung"),
        ("Kfz-Zulassung", "Anmeldung fabrikneues Fahrzeug oder Tageszulassung"),
        ("Staatsbürgerschaft", "Einbürgerung"),
        ("Fundbüro", "Fundsache abholen"),
        ("Selbständigkeit", "Gewerbe-Anmeldung"),
        ("polizeiliches Führungszeugnis", "Führungszeugnis"),
        ("Meldebestätigung", "Meldebescheinigung"),
        # Any order, fillers
        ("anmeldung wohnsitz", RESIDENCE),
        ("Familie Wohnsitzanmeldung", "Wohnsitzanmeldung – Familie"),
        ("Diebstahl Ausweis Verlust", "Verlust oder Diebstahl Personalausweis"),
        ("ich brauche bitte einen neuen Reisepass", PASSPORT),
        ("Termin für die Einbürgerung", "Einbürgerung"),
        ("Führerschein verlängern", "Verlängerung befristeter Führerschein-Klassen"),
        ("Teil B", "Medizinproduktunterweisung - Teil B"),
        ("Medizinprodukt Teil A", "Medizinproduktunterweisung - Teil A"),
        # Ids
        ("1063475", RESIDENCE),
        ("106347", RESIDENCE),
        (" 10295182 ", PICK_UP),
    ],
)
def test_people_find_what_they_mean(words: str, first: str) -> None:
    assert names(words)[0] == first
