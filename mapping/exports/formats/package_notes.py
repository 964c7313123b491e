"""The texts of a package in German: contents, protection of participants, licence."""

from __future__ import annotations

from typing import Final

from django.utils import timezone

from mapping.exports.documents.markdown import in_markdown
from mapping.exports.metadata import Site
from mapping.exports.metadata.vocabulary import Licence
from mapping.exports.registry import Content, Released
from mapping.exports.responses.reading import has_survey
from mapping.exports.selection import Selection
from mapping.models import ContributionStatus

_FILES: Final = """\
| Datei | Inhalt |
| --- | --- |
| `{slug}.gpkg` | {layers} mit Farben, Spaltentiteln und Codes; EPSG:{crs} |
| `{slug}.csv` | dasselbe als Tabelle, UTF-8, durch Kommas getrennt |
{extras}| `datenlexikon.csv` | jede Spalte: Frage, Art, Einheit, Grenzen, Codes und ihre Bedeutung |
| `metadaten.ttl` | Metadaten der öffentlichen Daten nach DCAT-AP.de für Datenportale |
| `schutz.md` | was dem Schutz der Teilnehmenden dient |
| `lizenz.txt` | Nutzungsbedingungen und Quellenvermerk |
"""
_EXTRAS: Final = """\
| `comments.csv` | veröffentlichte Kommentare; `contribution` ist der Beitrag, `parent` der beantwortete Kommentar |
| `replies.csv` | alle Rückmeldungen der Stadt |
| `support.csv` | Zustimmung und Ablehnung, je Beitrag und Tag gezählt |
"""


_RESPONSES: Final = """\
| `antworten.csv` | alle abgeschickten Antworten auf die Umfrage, auch die nur für die Stadt; ohne Filter |
| `antworten-codebuch.csv` | jede Spalte und jeder Wert von `antworten.csv` |
"""


def is_with_responses(content: Content) -> bool:
    """Whether a package holds the responses to the survey: for staff only, who read exact data in it anyway."""
    return isinstance(content, Selection) and content.has_staff_answers and has_survey(content.campaign)


def read_me(content: Content, site: Site, address: str, crs: int) -> str:
    """The README: origin, date, and the contents of each file."""
    campaign = content.campaign
    is_released = isinstance(content, Released)
    files = _FILES.format(
        slug=campaign.slug,
        crs=crs,
        layers="Geschützte Bereiche" if is_released else "Ebenen für Punkte, Linien und Flächen",
        extras=("" if is_released else _EXTRAS) + (_RESPONSES if is_with_responses(content) else ""),
    )
    state = ""
    if not isinstance(content, Released) and content.statuses is not None:
        statuses = ", ".join(str(ContributionStatus(status).label) for status in content.statuses)
        state = f"\n**Nur für den Dienstgebrauch.** Enthält Beiträge mit dem Stand: {statuses}.\n"
    moment = timezone.localtime().strftime("%d.%m.%Y, %H:%M Uhr")
    return (
        f"# {in_markdown(campaign.title)}\n\n{in_markdown(campaign.summary)}\n{state}\n"
        f"Stand: {moment}  \nQuelle: <{address}>  \n"
        f"Herausgeber: {in_markdown(campaign.organiser or site.name)}  \n"
        f"Kontakt: {in_markdown(campaign.contact or site.contact or site.url)}\n\n{files}"
    )


def protection_note(content: Content) -> str:
    """The note on protection: measures against re-identification, and precautions for users."""
    if isinstance(content, Released):
        k = content.release.k if content.release is not None else content.campaign.k
        return (
            "# Schutz der Teilnehmenden\n\n"
            "Diese Beteiligung veröffentlicht keine einzelnen Beiträge, sondern Bereiche. Jeder Bereich steht für "
            f"mindestens {k} Beitragende; ihre Zahl ist abgerundet. Auch aus Unterschieden "
            "zwischen zwei Veröffentlichungsständen lassen sich nicht weniger Personen erschließen.\n\n"
            "Wo es zu wenige Beitragende gibt, wird nichts gezeigt, auch keine Anzahl.\n"
        )
    note = (
        "# Schutz der Teilnehmenden\n\n"
        "Beiträge werden ohne Konto und Namen abgegeben. Die Daten enthalten keine Angaben zur Person, keine "
        "Netzadressen und kein Merkmal, das zwei Beiträge derselben Person verbindet; Fotos haben keine "
        "Zusatzangaben mehr. Zustimmung ist nur als Anzahl enthalten.\n\n"
        "Texte sind, was Menschen geschrieben haben. Wer darin eine Person wiedererkennt, darf diese Kenntnis nicht "
        "verwenden und sollte die Stadt benachrichtigen.\n\n"
        "Beiträge können zurückgezogen werden. Wer diese Daten weitergibt oder veröffentlicht, sollte sie regelmäßig "
        "neu abrufen und Zurückgezogenes löschen.\n"
    )
    if content.statuses is not None:
        note += (
            "\n**Diese Fassung ist für die Arbeit der Stadt bestimmt** und kann genaue oder unveröffentlichte Beiträge "
            "enthalten. Sie darf nicht weitergegeben werden.\n"
        )
    return note


_SHORT: Final = {
    "dl-by-de": "Die Daten dürfen kopiert, verändert, weitergegeben und auch gewerblich genutzt werden, wenn der "
    "Quellenvermerk mit einem Hinweis auf die Lizenz dabeisteht und Veränderungen kenntlich gemacht sind.",
    "dl-zero-de": "Die Daten dürfen ohne Bedingungen genutzt werden.",
    "cc-by-sa": "Die Daten dürfen geteilt und bearbeitet werden, auch gewerblich, wenn die Quelle und die Lizenz "
    "genannt, Änderungen angegeben und Bearbeitungen unter derselben Lizenz weitergegeben werden.",
    "cc-by": "Die Daten dürfen geteilt und bearbeitet werden, auch gewerblich, wenn die Quelle und die Lizenz genannt "
    "und Änderungen angegeben werden.",
    "cc-zero": "Auf die Daten werden, soweit das Gesetz es zulässt, keine Rechte geltend gemacht: Sie dürfen ohne "
    "Bedingungen genutzt werden.",
}


def licence_notice(content: Content, attribution: str, licence: Licence) -> str:
    """The licence notice: a summary, the attribution to copy, and the address of the binding text; for public data."""
    if not isinstance(content, Released) and content.statuses is not None:
        return (
            "Nur für den Dienstgebrauch\n\n"
            "Diese Fassung kann genaue oder unveröffentlichte Beiträge enthalten. Sie steht unter keiner offenen "
            "Lizenz und darf nicht weitergegeben werden. Frei zu nutzen sind allein die veröffentlichten Daten.\n"
        )
    iri = licence.iri
    short = next((text for name, text in _SHORT.items() if name in iri), "")
    return (
        f"{licence.title}\n\n{short}\n\n"
        f"Quellenvermerk: {attribution}, {licence.title}, {licence.text_url}\n\n"
        f"Verbindlich ist allein der Text der Lizenz: {licence.text_url}\n"
    )
