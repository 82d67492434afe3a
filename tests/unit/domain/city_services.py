"""Services as the city names them (contract 6), to search among."""

from __future__ import annotations

from mta_core.domain.catalogue import Catalogue, Service, ServiceId
from mta_core.domain.search import find_services

NAMES = {
    1063422: "Gewerbe-Ummeldung",
    1063423: "Gewerbe-Anmeldung",
    1063424: "Umschreibung Fahrzeug – innerhalb Münchens",
    1063425: "Anmeldung fabrikneues Fahrzeug oder Tageszulassung",
    1063426: "Beglaubigung von bis zu 5 Dokumenten",
    1063428: "Beglaubigung von Unterschriften",
    1063435: "Gewerbe-Abmeldung",
    1063441: "Personalausweis",
    1063453: "Reisepass",
    1063475: "Wohnsitzanmeldung",
    1063519: "Fundsache abholen",
    1063525: "Reisegewerbe-Erlaubnis beantragen",
    1063565: "Führungszeugnis",
    1063576: "Meldebescheinigung",
    1063648: "Anmeldung einer Eheschließung ohne Auslandsbezug",
    1063659: "Bewachungsgewerbe – Erlaubnis beantragen",
    1063718: "Taxigenehmigung – Erstantrag oder erneuter Antrag",
    1063731: "Kirchenaustritt",
    1063741: "Verpflichtungserklärung abgeben",
    1064033: "Auskunft aus dem Gewerbezentralregister – Natürliche Person",
    1064076: "Aus dem Ausland eingeführtes Fahrzeug anmelden",
    1064121: "Änderung der Adresse in Fahrzeugpapieren",
    1064130: "Namensänderung in den Fahrzeugpapieren",
    1064268: "Ausfuhrkennzeichen",
    1064271: "Verlust oder Diebstahl der Kennzeichenschilder",
    1064275: "Verlust oder Diebstahl der Zulassungsbescheinigung Teil I",
    1064305: "Fahrzeug abmelden",
    1064308: "Erneute Anmeldung eines Fahrzeugs",
    1064311: "Historisches Kennzeichen für Oldtimer",
    1064314: "Umschreibung Fahrzeug – von außerhalb nach München",
    1064323: "Kurzzeitkennzeichen",
    1064333: "Saisonkennzeichen",
    1064361: "Verlängerung befristeter Führerschein-Klassen",
    1064371: "Parkausweis – Hauptbahnhofviertel",
    1071760: "Personenbeförderungsschein – Verlängerung",
    1071764: "Personenbeförderungsschein – Antrag",
    1071854: "Internationaler Führerschein (EU-Kartenführerschein)",
    1071896: "Umschreibung eines ausländischen Führerscheins",
    1071907: "Einbürgerung",
    1071944: "Umschreibung EU/EWR-Führerschein",
    1072012: "EU-Parkausweis für Behinderte",
    1072019: "Parkausweis für Handwerksbetriebe",
    1072037: "Bewohnerparkausweis – Umschreibung",
    1072043: "Bewohnerparkausweis",
    1074970: "BAföG – Antrag Ausbildungsförderung",
    1075031: "Parkausweis – Altstadt",
    1076889: "Verlust oder Diebstahl Personalausweis",
    1078273: "Verlust oder Diebstahl Reisepass",
    1080455: "Auskunft zur Rente (Vor-Ort-Termin)",
    1080479: "Altersrente (Vor-Ort-Termin)",
    1080582: "Vorläufiger Reisepass",
    1080843: "Haushaltsbescheinigung",
    10113239: "Elternberatung zur Kinderbetreuung",
    10176294: "Abholung von Führerscheinen",
    10224132: "Wohnsitzanmeldung – Familie",
    10224136: "Änderung der Personendaten im Melderegister",
    10225119: "Einschalten eID-Funktion oder Änderung der PIN",
    10225181: "Beglaubigung von bis zu 20 Dokumenten",
    10242339: "Adressänderung Personalausweis, Reisepass, eAT",
    10295182: "Abholung Personalausweis, Reisepass oder eID-Karte",
    10297413: "Lebensbescheinigung",
    10305831: "Probleme bei Kfz-Versicherung oder Kfz-Steuer",
    10306925: "eID-Karte (EU/EWR)",
    10308316: "Gesundheitszeugnis (Hund, Katze, Frettchen, Vögel)",
    10339028: "Notfall-Hilfe Aufenthaltstitel – Beschäftigte, Angehörige",
    10352187: "Fahrrad als Finder*in abholen",
    10374641: "Zweitschrift Ihrer Gewerbemeldung",
    10387828: "Altersrente (Telefon-Termin)",
    10389330: "Führungen auf den Feuerwachen",
    10392403: "Parkausweis für Beschicker*innen",
    10396802: "Anmeldung einer Eheschließung mit Auslandsbezug",
    10416410: (
        "Anpassung des Geschlechtseintrags und Vornamens (Selbstbestimmungsgesetz)"
    ),
    10492627: "Medizinproduktunterweisung - Teil A",
    10492628: "Medizinproduktunterweisung - Teil B",
    10502137: "Abholung elektronischer Aufenthaltstitel, elektronischer Reiseausweis",
}


def a_city(*names: str) -> Catalogue:
    """Let the city offer what is named, or all of the above."""
    offered = dict(enumerate(names, start=1)) or NAMES
    services = [Service(ServiceId(number), name) for number, name in offered.items()]
    return Catalogue.of(services, (), ())


CITY = a_city()


def names(words: str, city: Catalogue = CITY) -> list[str]:
    """Search, and return the names."""
    return [service.name for service in find_services(city, words)]
