"""Marked stretches of German texts that are no speech: names of papers, works, ships, laws."""

from __future__ import annotations

import re

from bot.core.quotes.german.lexicon import SUBJUNCTIVE

_WORD = re.compile(r"[^\W_][\w'’-]*")
_OUTLET = re.compile(
    r"(?:zeitung|presse|post|kurier|anzeiger|nachrichten|spiegel|magazin|journal|tagblatt|tageblatt"
    r"|rundschau|bote|allgemeine[nr]?|welt|bild|stern|focus|echo|kreiszeitung|abendblatt|blick"
    r"|standard|morgenpost|woche|sonntag|radio|funk|online|tv|times|news|blätter|blatt)\b",
    re.IGNORECASE,
)
#: sagte Holm der, im, in der
_TO_AN_OUTLET = frozenset("der dem den des die das im vom beim zum".split())
_SAID_TO = re.compile(
    r"\b(?:sagte|sagt|gesagt|erklärte|gegenüber|Interview|Gespräch|Gastbeitrag)\b"
)
_SPOKEN_TO = frozenset(("der", "dem"))
#: Nouns before the name of a thing; many are the end of a longer one.
_KINDS = (
    "band sendung show talk film buch roman stück oper magazin zeitung zeitschrift portal sender "
    "podcast serie verein verband bündnis gruppe initiative kampagne aktion operation übung "
    "manöver mission fregatte korvette schiff boot tanker frachter kreuzer zerstörer jacht yacht "
    "fähre projekt programm gesetz partei liste fraktion organisation stiftung konferenz titel "
    "motto name namen rubrik studie bericht papier lied song album dokumentation ausstellung "
    "preis thema stichwort begriff hashtag kanal plattform forum unternehmen firma label miliz "
    "brigade bataillon rakete drohne satellit festival hotel restaurant system schlepper reihe "
    "kapitel konzept slogan spruch losung parole plakat schild transparent banner aufschrift "
    "schriftzug überschrift schlagzeile bestseller gedicht theaterstück doku videospiel"
).split()
_KIND_ENDS = tuple(kind + ending for kind in _KINDS for ending in ("", "s", "es", "en", "e", "n"))
_WOULD_SAY = re.compile(r"\b(?:[Nn]iemand|[Kk]einer)\b.*\b(?:würde|wird|hätte)\b")
_IS_A_TERM = re.compile(r"\s*(?:versteht|verstehen|verstand|genannten?)\b(?! (?:hat|hatte)\b)")
#: „Blatt“-Chef
_COMPOUND = re.compile(r"-[A-ZÄÖÜ]")
_GOES_ON = re.compile(r"\s+([a-zäöüß]+)")
_LONGEST_NAME = 7
_ENDS = (".", "?", "!", "…", ",", "-", "–")


def is_german_speech(content: str, before: str, after: str, rule: str | None) -> bool:
    """Whether a stretch is something somebody said, as far as German usage tells.

    Args:
        content: What stands between the marks.
        before: Text of the paragraph before the opening mark, some words of it.
        after: The same after the closing mark.
        rule: The rule that chose a speaker, or None.
    """
    content = content.strip()
    if _COMPOUND.match(after) and not content.endswith(_ENDS):
        return False
    words = before.split()
    last = words[-1].lower() if words and words[-1][-1:].isalpha() else ""
    kind = last.endswith(_KIND_ENDS) or last.startswith("sogenannt")
    if content.endswith(_ENDS) and not kind:
        return True
    if rule is None and (_WOULD_SAY.search(before) or _IS_A_TERM.match(after)):
        return False
    if not content[:1].isupper():
        return True
    length = len(_WORD.findall(content))
    if length <= _LONGEST_NAME and _names_an_outlet(content, before, last):
        return False
    if kind:
        return False
    if rule is not None:
        return True
    lead = before.rstrip()
    if lead and lead[-1] not in ':.?!,-–—"”“»«':
        # Inside its sentence, with a capital and no speaker: a name or title.
        return False
    if lead[-1:] == ":" or not (found := _GOES_ON.match(after)):
        return True
    return found.group(1) in SUBJUNCTIVE


def _names_an_outlet(content: str, before: str, last: str) -> bool:
    if last in _SPOKEN_TO and _SAID_TO.search(before):
        return True
    return last in _TO_AN_OUTLET and _OUTLET.search(content) is not None
