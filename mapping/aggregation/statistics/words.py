"""The most frequent words in texts about a place; a pure function."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SHORTEST: Final = 3

# Stop words: articles, pronouns, prepositions, conjunctions, auxiliary verbs, particles.
_STOP_WORDS: Final = frozenset(
    _WORD.findall("""
    aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes anders
    auch auf aus ausser außer außerdem bald bei beide beiden beim bereits besonders besser bin bis
    bisher bist bitte da dabei dadurch dafür dagegen daher dahin damals damit danach daneben dann daran
    darauf daraus darf darin darum darunter das dass davon davor dazu daß dein deine deinem deinen
    deiner dem den denen denn dennoch der deren des deshalb dessen deswegen dich die dies diese dieselbe
    dieselben diesem diesen dieser dieses dir direkt doch dort dorthin du durch dürfen eben ebenfalls
    ebenso eher eigentlich ein eine einem einen einer eines einfach einige einigem einigen einiger
    einiges einmal ende endlich entlang entweder er erst erste ersten es etc etwa etwas euch euer eure
    fast fehlt finde für gab ganz ganze ganzen gar geben gegen gegenüber gehen geht genau genug gerade
    gern gerne gesamte gewesen gibt ging gleich habe haben halt hat hatte hatten her herum heute hier
    hin hinter hätte hätten ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in indem ins
    insbesondere ist ja jede jedem jeden jeder jedes jedoch jemand jene jetzt kann kaum kein keine
    keinem keinen keiner keinerlei kommen kommt können könnte könnten lang lange langsam lassen leider
    liegt lässt mache machen macht mal man manche manchmal mehr mehrere mein meine meinem meinen meiner
    meist meistens mich mir mit muss muß möchte möglich müssen müsste nach nachdem nahe natürlich neben
    nein nicht nichts nie niemand nirgends noch nun nur ob oben oder oft ohne per schon sehr sei sein
    seine seinem seinen seiner seit seitdem sich sie siehe sind so sodass sofort sogar solche soll
    sollen sollte sollten sondern sonst soviel sowie sowohl stark statt steht ständig teilweise trotz
    trotzdem um und uns unser unsere unserem unseren unter viel viele vielem vielen vieler vielleicht
    vom von vor vorbei vorher vorne wann war waren warum was weder wegen weil weit weiter weitere
    weiteren welche welchem welchen welcher welches wenig wenige weniger wenn wer werde werden wieder
    will wir wird wirklich wissen wo wobei wodurch wohin wollen womit worden wurde wurden während würde
    würden zu zum zumindest zur zurück zusammen zwar zwischen über überall überhaupt übrigens
    """)
)


def frequent_words(texts: Iterable[str], most: int = 10) -> list[tuple[str, int]]:
    """Return (word, number of texts with it), the most frequent first, only words that occur in two texts or more.

    A text counts once for each of its words, however often it repeats it. German stop words, numbers and words of
    less than three letters are left out; upper and lower case are the same word, written as most people write it.
    """
    numbers: Counter[str] = Counter()
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        written = {word.casefold(): word for word in _WORD.findall(text) if len(word) >= _SHORTEST}
        for folded, word in written.items():
            if word.lower() not in _STOP_WORDS:
                numbers[folded] += 1
                spellings[folded][word] += 1
    ranked = sorted(numbers.items(), key=lambda one: (-one[1], one[0]))
    return [(_common(spellings[folded]), number) for folded, number in ranked[:most] if number > 1]


def _common(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda word: (-spellings[word], word))
