"""What people call the city's services: in English, and in everyday German.

The tables lead from what is typed to stems of German words, not to services, so that
a service that is new in the catalogue is found by the same words. On the left, phrases
are divided by ``|``; their words may be typed in any order and apart, a ``*`` stands
for any ending. On the right, meanings are divided by ``,``; all stems of a meaning
must be in the name.
"""

from __future__ import annotations

from collections.abc import Mapping

FILLERS = """
    a an and any apply application appointment appointments at book booking bureau by
    can city do extend extension for from get getting give help how i in is it letter
    make me munich my need new now of office on online or our please renew renewal
    replace replacement request service the to want with

    abgeben als am amt an antrag auf aus ausstellen bei beantragen beantragung bis bitte
    brauche buchen bürgerbüro das dem den der des die ein eine einem einen einer eines
    erneuern für ich ihre ihrer im kvr machen mein meine meinem meinen meiner mit möchte
    münchen muss nach neu neue neuen neuer neues oder stadt termin termine über um und
    verlängern verlängerung vom von wegen will zu zum zur
"""
"""Words that need not fit: they say that something is wanted, not what."""

OPPOSITES = ("anmeld", "abmeld", "ummeld")
"""One letter apart and yet no slips: no typo leads from one to another."""

_PAPERS = {
    "passport": "reisepass",
    "temporary | provisional | preliminary": "vorläufig",
    "emergency passport | express passport": "vorläufig reisepass",
    "child* passport | kid* passport": "kinderreisepass, reisepass",
    "id card | ident* card | national id | personal id | perso": "personalausweis",
    "id | ident*": "personalausweis, ausweis",
    "card*": "karte, ausweis",
    "electronic id | e id | online id": "eid, personalausweis",
    "id document* | ident* document*": "ausweisdokument, personalausweis",
    "travel document*": "reiseausweis, reisepass",
    "residence permit* | residency permit* | residence title | permit stay": (
        "aufenthaltstitel, aufenthaltserlaubnis"
    ),
    "aufenthaltserlaubnis | aufenthaltsgenehmigung | niederlassungserlaubnis": (
        "aufenthaltstitel"
    ),
    "settlement permit | permanent residen*": "niederlassungserlaubnis, aufenthalt",
    "blue card | blaue karte": "blaue karte, aufenthaltstitel",
    "visa | visas | visum": "visum, verpflichtungserklär, aufenthaltstitel",
    "immigration": "aufenthalt, einbürger",
    "invit* | einlad* | sponsor* | formal obligation | declaration commitment": (
        "verpflichtungserklär"
    ),
    "citizenship | naturali* | german nationality | staatsbürger* | eingebürgert": (
        "einbürger, staatsangehörig"
    ),
    "staatsangehörigkeit* | nationality": "staatsangehörig, einbürger",
    "certif*": "bescheinigung, zeugnis, urkunde, beglaubig",
    "good conduct | police clear* | police certif* | police record*": "führungszeugnis",
    "criminal record* | background check | polizeilich*": "führungszeugnis",
    "certified cop* | certif* cop* | certif* document* | notari*": "beglaubig dokument",
    "attest* | legali* | authentic*": "beglaubig",
    "signature*": "unterschrift",
    "certificate residence | proof residence | proof address | meldebestätigung*": (
        "meldebescheinigung"
    ),
    "regist* certif* | regist* confirm* | confirm* regist*": (
        "meldebescheinigung, zulassungsbescheinigung"
    ),
    "household": "haushalt",
    "life": "lebens",
    "proof*": "bescheinigung, nachweis, zeugnis",
    "birth": "geburt",
    "birth certif*": "geburtsurkunde",
    "death": "sterbe",
    "death certif*": "sterbeurkunde",
    "marriage certif* | heiratsurkunde*": "eheurkunde",
    "divorce*": "scheidung",
    "marriage | married | marr* | wedding* | heirat* | verheirat* | hochzeit* | trauung*"
    " | standesamt": "eheschließ",
    "abroad | foreign*": "ausland, ausländ",
    "without": "ohne",
    "church*": "kirche",
    "leave church | exit church": "kirchenaustritt",
    "leav* | resign* | austreten | ausgetreten": "austritt",
    "name change | change name": "namensänder, änder name, name",
    "first name | given name | forename*": "vorname",
    "gender | sex": "geschlecht",
    "self determination": "selbstbestimm",
    "family": "familie",
    "lost | loss | missing | verloren": "verlust, verlor",
    "stolen | theft | gestohlen | geklaut": "diebstahl",
    "collect* | pick up | pickup": "abhol",
    "revo*": "widerruf",
    "activat*": "einschalt",
    "personal data": "personendaten",
    "emergency": "notfall",
    "student*": "studier, ausbildung",
    "employ* | worker*": "beschäftigt",
}

_HOME = {
    "residence | residency": "wohnsitz, aufenthaltstitel, aufenthalt",
    "regist*": "wohnsitzanmeld, anmeld, zulass, melderegist",
    "regist* address | regist* residence | regist* city | regist* home | regist* flat"
    " | regist* apartment | anmeld* wohnung | anmeld* adresse": "wohnsitzanmeld",
    "move | moved | moving | relocat* | umzug* | umziehen | umgezogen | zuzug": (
        "wohnsitzanmeld, umzug"
    ),
    "ummeld* | wohnsitz ummeld* | wohnung ummeld*": "wohnsitzanmeld",
    "deregister | dereg* | unregist* | sign off": "abmeld",
    "address* | anschrift*": "adress",
    "chang*": "änder, wechsel, anpass",
    "change* address | new address | move address": "adressänder, änder adress",
    "dog* | puppy": "hund",
    "cat | cats": "katze",
    "bird*": "vögel",
    "pet | pets | animal*": "haustier, tier, hund katze",
    "dog tax | dog regist*": "hundesteuer",
    "tax | taxes": "steuer",
    "lost property | lost found | lost item* | fundbüro* | found item*": (
        "fundsache, verlustmeldung"
    ),
    "found": "fund, finder",
    "bike* | bicycle* | rad": "fahrrad",
    "fire station* | fire brigade* | fire depart*": "feuerwach, feuerwehr",
    "tour | tours": "führungen",
    "exhibition*": "ausstellung",
    "dorm* | hall residence": "wohnheim",
    "building file* | building record* | building plan*": "bauakten",
    "inspect* | view* | insight": "einsicht, besichtig",
    "drain* | sewer* | sewage": "entwässer",
    "childcare | daycare | kindergarten | nursery | kita": "kinderbetreu",
    "child* | kid*": "kind",
    "parent*": "eltern",
    "pension* | retire* | rentner*": "rente",
    "old age": "altersrente",
    "widow* | survivor* | witwe*": "hinterbliebenen",
    "disability pension | reduced earning*": "erwerbsminder",
    "health": "gesundheit, kranken",
    "insur*": "versicherung",
    "accident": "unfall",
    "care": "pflege, betreu",
    "appeal* | objection*": "widerspruch",
    "refund* | reimburse*": "erstattung",
    "student loan* | student grant* | student aid | study grant | bafoeg": "bafög",
    "phone | telephone | call": "telefon",
    "information | enquir* | inquir*": "auskunft",
    "advice | advis* | consult*": "beratung, auskunft",
    "medical": "medizin",
    "housing benefit*": "wohngeld",
    "parental allowance | parental benefit*": "elterngeld",
    "fishing licen* | fishing permit*": "fischereischein",
}

_VEHICLES = {
    "car | vehicle* | automobile* | auto | pkw | wagen | kfz | motorbike* | motorcycle*"
    " | motorrad | moped | scooter | roller": "fahrzeug, kfz",
    "car regist* | vehicle regist* | motor* regist* | auto anmeld* | auto zulass*"
    " | kfz anmeld* | kfz zulass* | fahrzeug zulass*": (
        "anmeld fahrzeug, umschreib fahrzeug, fahrzeugzulass"
    ),
    "ummeld* auto | ummeld* kfz | ummeld* fahrzeug": "umschreib fahrzeug",
    "new": "fabrikneu, neu",
    "import*": "eingeführt",
    "number plate* | licen* plate* | plate* | nummernschild*": "kennzeichen",
    "export* plate* | export*": "ausfuhrkennzeichen",
    "short term plate* | temporary plate* | short term": "kurzzeitkennzeichen",
    "season* plate* | season*": "saisonkennzeichen",
    "interchangeable | swap plate*": "wechselkennzeichen",
    "classic car* | vintage car* | vintage | classic | historic*": (
        "oldtimer, historisch"
    ),
    "red plate* | dealer plate*": "rotes dauerkennzeichen",
    "car regist* certif* | vehicle regist* certif* | car regist* document*": (
        "zulassungsbescheinigung, fahrzeugschein"
    ),
    "vehicle paper* | car paper* | log book | logbook | vehicle document*": (
        "fahrzeugpapier, zulassungsbescheinigung, fahrzeugschein"
    ),
    "fahrzeugbrief* | vehicle title": "zulassungsbescheinigung ii",
    "kfz schein | fahrzeugschein*": "zulassungsbescheinigung i, fahrzeugschein",
    "owner* | keeper": "halter",
    "driving | drive": "führerschein",
    "driv* licen* | driv* permit | fahrerlaubnis* | lappen": "führerschein",
    "transfer* | conver* | exchang* | swap* | umtausch* | tausch*": (
        "umschreib, umtausch, tausch"
    ),
    "driving school*": "fahrschul",
    "driv* instructor* | driving teacher*": "fahrlehr",
    "driver* qualif*": "fahrerqualifizier",
    "passenger* transport* | passenger* | p schein": "personenbeförder",
    "park | parking": "parkausweis, park",
    "park* permit* | park* card* | park* pass* | park* licen*": "parkausweis",
    "resident* park* | anwohnerpark*": "bewohnerpark",
    "resident* | anwohner": "bewohner, anlieger",
    "disab* | handicap* | schwerbehindert*": "behindert",
    "craft* | tradesm*": "handwerk",
    "hardship": "härtefall, härtefäll",
    "old town | city centre": "altstadt",
    "main station | central station": "hauptbahnhof",
    "rental car* | hire car*": "mietwagen",
    "truck* | haulage | freight | lkw": "güterkraft, güterbeförder",
    "international driv* licen* | international driv* permit": (
        "internationaler führerschein"
    ),
    "extension driv* licen* | renew* driv* licen*": "verlänger führerschein",
}

_TRADE = {
    "trade* | business* | commerc* | company": "gewerbe",
    "trade licen* | business licen*": "gewerbe anmeld, gewerbe erlaubnis",
    "trade regist* | business regist* | open business | start business"
    " | found business | regist* company | self employ* | freelanc*"
    " | selbständig* | selbstständig* | gewerbeschein*": "gewerbe anmeld",
    "clos* business | close trade | end business": "gewerbe abmeld",
    "change* business | move business": "gewerbe ummeld",
    "licen* | permit* | permission": "erlaubnis, genehmig, lizenz, ausweis",
    "security guard* | security business | security": "bewachung",
    "pawn*": "pfandleih",
    "auction*": "versteiger",
    "itinerant | peddl* | hawk* | travel* trade | street vend*": "reisegewerbe",
    "cop* | duplicate*": "zweitschrift, beglaubig",
    "central trade regist* | extract trade": "gewerbezentralregister",
    "legal person* | corporat*": "juristisch",
    "natural person*": "natürliche person",
}

TABLES: tuple[Mapping[str, str], ...] = (_PAPERS, _HOME, _VEHICLES, _TRADE)
