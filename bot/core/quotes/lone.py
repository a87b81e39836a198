"""An opening mark nobody closed in its paragraph: where its words end, when a cue says so."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.core.quotes.lexicon import INVERTS, PRONOUNS, SAY
from bot.core.quotes.marks import Stretch

_PAST = "|".join(
    sorted(word for word in SAY if word.endswith(("ed", "said", "told", "wrote", "says")))
)
_INVERTED = "|".join(sorted(INVERTS))
_NAME = r"(?:[A-Z][\w'’.-]+ ){1,4}"
_CUE = re.compile(
    rf"[,?!](?= (?:(?:{_INVERTED}) (?:[A-Z]|the |a |an )"
    rf"|(?:{'|'.join(sorted(PRONOUNS - {'i', 'it'}))}) (?:{_PAST})\b|{_NAME}(?:{_PAST})\b))"
)
#: Holm said, “… ; Holm told reporters: “… ; “…,” Holm said. “…
_LED = re.compile(rf"\b(?:{_PAST})\b(?:[^.:;,\n\"“”]{{0,30}}[,:]|\.)\s*$")
#: Somebody speaks of who said what: a reporter has taken over again.
_REPORTS = re.compile(rf"\b(?:{_NAME}|(?:s?he|they) )(?:said|told|added|says)\b")
#: What may follow the cue to the end of the paragraph.
_TAIL = re.compile(r"[^.!?\n]{0,80}(?:[.!?]|$)\s*")
_BEFORE = 60


def ended(text: str, stretch: Stretch) -> Stretch | None:
    """The lone stretch cut before ", said Holm" or ", Holm said", or whole where a cue led to it.

    None when no cue tells that somebody speaks.
    """
    cue = _CUE.search(text, stretch.start, stretch.end)
    if cue is None:
        return replace(stretch, lone=False) if _is_led_to(text, stretch) else None
    return _cut(text, stretch, cue)


def stopped(text: str, stretch: Stretch) -> Stretch | None:
    """The open stretch cut before the ", said Holm." that ends its paragraph; None without one.

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


def _is_led_to(text: str, stretch: Stretch) -> bool:
    """Whether a stretch to the end of its paragraph follows a cue and holds no other."""
    if text[stretch.outer_end : stretch.outer_end + 1].strip():
        return False
    if text[stretch.end - 1] not in ".!?…":
        return False
    before = text[max(0, stretch.outer_start - _BEFORE) : stretch.outer_start]
    return bool(_LED.search(before)) and not _REPORTS.search(text, stretch.start, stretch.end)
