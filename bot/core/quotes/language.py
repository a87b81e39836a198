"""Which language a text is read in: German when its small words say so, English otherwise.

The words outside quotes decide, so that a German article with an English quote stays German, and
the other way round; where they say nothing, the whole text is asked.
"""

from __future__ import annotations

import re

#: Characters looked at.
_ENOUGH = 3_000
_QUOTED = re.compile(
    r"„[^“”\"„\n]*[“”\"]|“[^“”\n]*[”“]|\"[^\"\n]*\"|«[^»\n]*»|»[^«\n]*«|''.*?''", re.ASCII
)
#: What settles texts of a few words: „ and umlauts, but no letter of other languages with „.
_GERMAN_LETTER = re.compile("[„äöüßÄÖÜ]")
_OTHER_LETTER = re.compile("[čěřůąęłńśźżșțăâîãõğışģķļņūžšėįųőű]|[Ѐ-ӿ]")
#: General a. D. Holm, Petra von der Heide, Des Moines: words that are parts of names.
_IN_NAMES = re.compile(r"\ba\. ?D\.|\b[Vv][ao]n (?:de[nr] )?(?=[A-Z])|\bDes (?=[A-Z])")
_WORD = re.compile(r"[^\W\d_]+")
#: Each list holds no word the other language has: "die", "was", "war", "an", "so" say nothing.
_GERMAN = frozenset(
    "der das und nicht ist mit den dem von sich ein eine einen einem einer eines auch für fuer "
    "auf im zu zum zur als er sie es wird sei nach bei beim sagte sagt laut zufolge des wie dass "
    "über ueber aus vom werden wurde wurden haben hatte hatten habe sind kein keine nur noch wir "
    "ich ihr ihre seine seinen wenn aber oder durch gegen ohne unter vor seit bis um daß dies "
    "diese dieser heute gestern erklärte erklaerte betonte teilte warnte forderte kritisierte "
    "schrieb uhr montag dienstag mittwoch donnerstag freitag samstag sonntag soll sollen muss "
    "müssen können koennen sagten hieß heißt antwortete fragte meinte diesem diesen jede jeder "
    "jedes alle mehr sehr schon etwa immer wieder gibt gab geht ging kam kommt macht machen "
    "wollen kann könnte würde wuerde würden worden zwei drei zwischen gegenüber gegenueber "
    "während waehrend weil damit denn doch hier jetzt dann wer wo wann warum uns unser unsere mir "
    "ihm ihn ihnen waren hätte haette sein niemand allein steht stehen danach zuvor ab".split()
)
_ENGLISH = frozenset(
    "the and of to that is for said we he she with it a as by has not be have had his her their "
    "they from who which would were been this at on or but its says told will are you i about "
    "after when if there into out up more some them our could would should can no new one two "
    "first before over than then what how because while between against under wrote writes "
    "tweeted posted added asked warned called according spokesman ministry".split()
)


def is_german(text: str) -> bool:
    """Whether a text reads as German."""
    start = _IN_NAMES.sub(" ", text[:_ENOUGH])
    german, english = _counts(_QUOTED.sub(" ", start))
    if german == english:
        german, english = _counts(start)
    if german == english == 0:
        return _GERMAN_LETTER.search(start) is not None and not _OTHER_LETTER.search(start)
    return german > english


def _counts(text: str) -> tuple[int, int]:
    words = _WORD.findall(text.lower())
    return sum(word in _GERMAN for word in words), sum(word in _ENGLISH for word in words)
