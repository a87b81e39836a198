"""An opening mark nobody closed: where its words end, when a cue says so."""

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


def ended(text: str, stretch: Stretch) -> Stretch | None:
    """The lone stretch cut before ", said Holm" or ", Holm said"; None when no cue ends it."""
    cue = _CUE.search(text, stretch.start, stretch.end)
    if cue is None or " " not in text[stretch.start : cue.start()].strip():
        return None
    end = cue.start() if cue.group() == "," else cue.end()
    return replace(stretch, end=end, outer_end=cue.end(), lone=False, open=False)
