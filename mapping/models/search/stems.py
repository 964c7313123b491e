"""Words that German compounds of city life begin or end with: `rad` finds `Fahrradständer`, `weg` the `Schulweg`.

Curated by hand: the hunspell dictionary splits none of 23 such compounds. A line is a stem, and after a colon the words
inside it. Ends of words (`-e`, `-en`, `-er`, `-es`, `-n`, `-s`) need no stem of their own.
"""

from typing import Final

_STEMS: Final = """
abend allee ampel amt anger angst anlage anlieger anwohner arbeit auto autobahn
bach bad bahn bahnhof: bahnhof bahn hof
bank barriere bau baum beet behinderung beirat beleuchtung beratung berg beteiligung bezirk biotop
blume boden brief brunnen brücke buch bus bushaltestelle: bushaltestelle haltestelle bus
bühne bürger bürgersteig: bürgersteig bürger steig
container dach denkmal dorf durchfahrt einkauf eis energie
fahrbahn: fahrbahn bahn
fahrrad: fahrrad rad
fahrt familie feier feld fenster fest feuer fläche fluss flüchtling freizeit friedhof frau fuß
fußgänger fußweg: fußweg fuß weg
garten gasse gebäude gefahr gehweg: gehweg weg
gelände gemeinde geschwindigkeit gewerbe gewässer graben grundschule: grundschule schule
grün grünfläche: grünfläche grün fläche
hafen halle haltestelle handel haus haushalt heim heizung hilfe hitze hof hund
industrie innenstadt: innenstadt stadt
jugend kanal karte kauf kinder kindergarten: kindergarten kinder garten
kirche kita klima kreisel kreuzung kultur kunst kurve
laden lampe land laterne laub lärm leben licht luft
markt marktplatz: marktplatz markt platz
mauer medien menschen miete mobilität mobil müll museum musik mutter
nacht natur netz ordnung ort park parkplatz: parkplatz park platz
pflanze pflaster pflege plan planung platz politik polizei preis projekt protokoll
quartier rad radweg: radweg rad weg
radverkehr: radverkehr rad verkehr
rampe rat rathaus: rathaus haus
raum recht regen reinigung rinne roller ruhe
sand sanierung satzung schatten schiene schild schloss schmutz schnee schule schüler schwimmbad: schwimmbad bad
see senioren sicherheit siedlung sitz sitzung solar sommer spiel spielplatz: spielplatz spiel platz
sport sportplatz: sportplatz sport platz
stadt stadtteil: stadtteil stadt teil
stand station steig steuer stelle straße straßenbahn: straßenbahn straße bahn
strom stunde ständer
tag tal tanz teich teil tempo theater tier toilette tonne treff treppe tunnel turm
ufer umwelt unfall unterführung unterkunft unterricht
verbot verein verkehr verkehrsberuhigung: verkehrsberuhigung verkehr beruhigung
verwaltung viertel vogel
wald wand wasser weg weiher werk wetter wiese wind winter wohnung wohn
zaun zebrastreifen: zebrastreifen streifen
zeit zentrum zug
"""


def stems() -> dict[str, str]:
    """Each stem with its parts, itself among them, all in small letters."""
    found: dict[str, str] = {}
    for line in _STEMS.strip().splitlines():
        *alone, last = line.partition(":")[0].split()
        found |= {stem: stem for stem in alone}
        found[last] = line.partition(":")[2].strip() or last
    return found
