"""Marks without a partner in their paragraph: where their words end, when the text tells.

A cue ends them ("…, said Holm"), or a cue leads to them and the paragraph ends with them. Where a
feed has lost its line breaks, each paragraph of a long quote opens with a mark inside one line.
Whatever holds another reporter's cue is left alone: silence beats a reporter's words in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.core.quotes.lexicon import INVERTS, PRONOUNS, SAY
from bot.core.quotes.marks import Stretch

_PAST = "|".join(
    sorted(word for word in SAY if word.endswith(("ed", "said", "told", "wrote", "says")))
)
_SAYING = "|".join(sorted(word for word in SAY if word.endswith("ing")))
_INVERTED = "|".join(sorted(INVERTS))
_NAME = r"(?:[A-Z][\w'’.-]+ ){1,4}"
_CUE = re.compile(
    rf"[,?!](?= (?:(?:{_INVERTED}) (?:[A-Z]|the |a |an )"
    rf"|(?:{'|'.join(sorted(PRONOUNS - {'i', 'it'}))}) (?:{_PAST})\b|{_NAME}(?:{_PAST})\b))"
)
#: …, the ministry said on Friday.
_LAST_CUE = re.compile(
    rf"[,?!](?= (?:the|an?|his|her|its) (?:[\w'’-]+ ){{1,4}}(?:{_PAST})\b[^.!?,\n]{{0,60}}[.]?\s*$)"
)
#: Holm said, “… ; Holm told reporters: “… ; “…,” Holm said. “…
_LED = re.compile(rf"\b(?:(?:{_PAST})\b[^.:;,\n\"“”]{{0,30}}[,:.]|(?:{_SAYING})[,:])\s*$")
_SENTENCE_OVER = re.compile(r"[.!?…]\s+$")
#: Somebody speaks of who said what: a reporter has taken over again.
_REPORTS = re.compile(
    rf"\b(?:(?!I |We |You |Nobody |Everybody |Some)(?:{_NAME})|(?:s?he|they) )"
    r"(?:said|added|says|told (?!us\b|me\b|you\b))"
)
#: What may follow the cue to the end of the paragraph.
_TAIL = re.compile(r"[^.!?\n]{0,80}(?:[.!?]|$)\s*")
_BEFORE = 60
#: Words of a paragraph that are all one unclosed quote.
_WORDS = 5


def mended(text: str, stretches: Iterable[Stretch]) -> list[Stretch]:
    """The stretches, those without a closing mark cut or kept whole where the text tells, else out.

    Args:
        text: The article.
        stretches: As :func:`bot.core.quotes.marks.scan` found them.
    """
    found: list[Stretch] = []
    over = goes_on = False
    for stretch in stretches:
        one = replace(stretch, continued=goes_on) if over or goes_on else stretch
        cut = _stopped(text, one) if one.open else None
        kept = _ended(text, one) if one.lone else cut or one
        over = cut is not None
        goes_on = one.lone and kept is not None and kept.open
        if kept is not None:
            found.append(kept)
    return found


def _ended(text: str, stretch: Stretch) -> Stretch | None:
    """A lone stretch as far as somebody speaks; open when it goes on with the next mark."""
    cue = _CUE.search(text, stretch.start, stretch.end)
    if cue is not None:
        return _cut(text, stretch, cue)
    to_the_end = not text[stretch.outer_end : stretch.outer_end + 1].strip()
    if to_the_end:
        cue = _LAST_CUE.search(text, stretch.start, stretch.end)
        if cue is not None:
            return _cut(text, stretch, cue)
    content = text[stretch.start : stretch.end].rstrip()
    if content[-1:] not in tuple(".!?…") or _REPORTS.search(content):
        return None
    before = text[max(0, stretch.outer_start - _BEFORE) : stretch.outer_start]
    line = before.rsplit("\n", 1)[-1]
    begins = line.strip() == "" and content[0].isupper() and len(content.split()) >= _WORDS
    led = stretch.continued or _LED.search(line) is not None or begins
    if to_the_end:
        return replace(stretch, lone=False) if led else None
    if led or _SENTENCE_OVER.search(line):
        return replace(stretch, lone=False, open=True)
    return None


def _stopped(text: str, stretch: Stretch) -> Stretch | None:
    """An open stretch cut before the ", said Holm." that ends its paragraph; None without one.

    Then the quote that opens the next paragraph is another one.
    """
    cue = _CUE.search(text, stretch.start, stretch.end)
    if cue is None or _TAIL.fullmatch(text, cue.end(), stretch.end) is None:
        return None
    return _cut(text, stretch, cue)


def _cut(text: str, stretch: Stretch, cue: re.Match[str]) -> Stretch | None:
    if " " not in text[stretch.start : cue.start()].strip():
        return None
    end = cue.start() if cue.group() == "," else cue.end()
    return replace(stretch, end=end, outer_end=cue.end(), lone=False, open=False)
