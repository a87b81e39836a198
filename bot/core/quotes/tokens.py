"""A paragraph as words, each quoted stretch masked to one token, cut into sentences.

Masking comes first: no name or verb inside a quote can be taken for the speaker or the cue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.core.quotes.lexicon import INVERTS, PRONOUNS, SAY
from bot.core.quotes.marks import Stretch
from bot.domain.quotes import Span

#: Stands for a whole quote among the words.
QUOTE = "\x01"
_WORD = re.compile(
    r"(?:[A-Za-z]\.){2,}"
    r"|(?:Mr|Mrs|Ms|Dr|Sen|Sens|Rep|Reps|Gov|Gen|Lt|Col|Maj|Capt|Sgt|Adm|Prof|Rev|Hon|St|Jr|Sr"
    r"|Jan|Feb|Aug|Sept|Sep|Oct|Nov|Dec|Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La"
    r"|Mass|Md|Mich|Minn|Miss|Mo|Mont|Neb|Nev|Okla|Ore|Pa|Tenn|Tex|Va|Vt|Wash|Wis|Wyo|vs|No)\.(?!\w)"
    r"|[A-Z]\.(?=\s?[A-Z])"
    r"|\w+(?:[-'&/.]\w+)*(?:'(?=\s)(?<=s'))?"
    r"|\.\.\.|--+|[^\s\u200b-\u200f\u2060\ufeff]"
)
_ENDS = frozenset(".!?")
#: After a full stop these tell that it only ended an abbreviation: "R-Ohio., said".
_GOES_ON = frozenset((")", ",", ";", ":"))
#: Digits of a year, which ends a sentence more often than a date.
_YEAR = 4
_GERMAN_SHORT = frozenset("Nr Abs Art bzw ca Mio Mrd geb gest evtl inkl Hrsg Bd usw".split())
_CLOSERS = "\"'”’»)]"


@dataclass(frozen=True, slots=True)
class Tokens:
    """One paragraph's words with their places in the article."""

    words: list[str]
    lower: list[str]
    starts: list[int]
    ends: list[int]
    #: Token index → index of the stretch it masks.
    quotes: dict[int, int] = field(default_factory=dict)
    #: Half-open token ranges.
    sentences: list[tuple[int, int]] = field(default_factory=list)


def tokens(
    folded: str, span: Span, stretches: Sequence[tuple[int, Stretch]], *, german: bool = False
) -> Tokens:
    """Words of one paragraph.

    Args:
        folded: The paragraph, folded to the same length.
        span: Its place in the article.
        stretches: Its quoted stretches in order, with their index in the article.
        german: Whether "3. Mai" is a date, and no sentence ends after the number.
    """
    made = Tokens([], [], [], [])
    ends_with: dict[int, str] = {}
    place = 0
    for index, stretch in stretches:
        start, end = stretch.outer_start - span.start, stretch.outer_end - span.start
        _words(made, folded, place, start, span.start)
        content = folded[stretch.start - span.start : stretch.end - span.start].rstrip()
        content = content.rstrip(_CLOSERS)
        ends_with[len(made.words)] = content[-1:] if not content.endswith("...") else "…"
        made.quotes[len(made.words)] = index
        made.words.append(QUOTE)
        made.lower.append(QUOTE)
        made.starts.append(stretch.outer_start)
        made.ends.append(stretch.outer_end)
        place = end
    _words(made, folded, place, len(folded), span.start)
    made.sentences.extend(_sentences(made, ends_with, german=german))
    return made


def _words(made: Tokens, folded: str, start: int, end: int, offset: int) -> None:
    if start >= end:
        return
    for found in _WORD.finditer(folded, start, end):
        word = found.group()
        made.words.append(word)
        made.lower.append(word.lower())
        made.starts.append(found.start() + offset)
        made.ends.append(found.end() + offset)


def _sentences(made: Tokens, ends_with: dict[int, str], *, german: bool) -> list[tuple[int, int]]:
    words = made.words
    found = []
    first = 0
    for index, word in enumerate(words):
        after = words[index + 1] if index + 1 < len(words) else ""
        if word in _ENDS or (german and word == "X."):
            if after and not _can_start(after) and word != ".":
                continue
            if after in _ENDS or after in _GOES_ON or (word == "." and after[:1].islower()):
                continue
            if german and index and word == "." and _goes_on(words[index - 1], after):
                continue
        elif word == QUOTE:
            if not after or not _can_start(after) or not _ends_here(made, index, ends_with[index]):
                continue
        else:
            continue
        found.append((first, index + 1))
        first = index + 1
    if first < len(words):
        found.append((first, len(words)))
    return found


def _goes_on(word: str, after: str) -> bool:
    """Whether a German sentence goes on after a word and a full stop: 3. Mai, z. B."""
    if after in ("", QUOTE):
        return False
    if word.isdigit():
        return len(word) < _YEAR
    return (len(word) == 1 and word.isalpha()) or word in _GERMAN_SHORT


def _can_start(word: str) -> bool:
    return word == QUOTE or word[:1].isupper() or word[:1].isdigit() or word in "(["


def _ends_here(made: Tokens, index: int, last: str) -> bool:
    """Whether the sentence ends with the quote at ``index``, a capital following."""
    if last not in ".!?…-—" or not last:
        return False
    after = made.words[index + 1]
    if after == QUOTE:
        return last in ".!?"
    lower = made.lower
    if made.words[index + 1] in INVERTS:
        return False
    limit = min(len(lower), index + (22 if last != "." else 7))
    for place in range(index + 2, limit):
        word = lower[place]
        if word == QUOTE or word in ";:!?" or (word == "," and last == "."):
            break
        if word == "." and lower[place + 1 : place + 2] != [","]:
            break
        if word in SAY and word[-1] in "sdet":
            if lower[index + 1] in PRONOUNS or last == ".":
                # "… ." He said.  Only a clause that ends there belongs to what went before.
                following = lower[place + 1] if place + 1 < len(lower) else "."
                return following not in ".!?"
            return False
    return True
