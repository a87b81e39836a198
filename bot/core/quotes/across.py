"""Speakers taken over from paragraph to paragraph, where one utterance runs on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.core.quotes.carry import fills
from bot.core.quotes.choices import Choice, Line
from bot.core.quotes.clauses import clauses
from bot.core.quotes.leftward import read_left
from bot.core.quotes.marks import Stretch
from bot.core.quotes.mentions import MentionKind
from bot.core.quotes.rightward import read_right
from bot.core.quotes.tokens import Tokens

#: "HOLM: We": a transcript names its own speakers.
_TRANSCRIPT = re.compile(r"[A-Z][A-Z'. ]{2,}:")


def across(
    text: str, stretches: Sequence[Stretch], lines: Mapping[int, Line], choices: dict[int, Choice]
) -> None:
    """Fill ``choices`` where a stretch has none and a neighbouring paragraph settles it.

    Args:
        text: The article.
        stretches: All stretches, in order.
        lines: Paragraph → its line.
        choices: Index of a stretch → its choice; added to.
    """
    for index in range(1, len(stretches)):
        before = choices.get(index - 1)
        stretch, last = stretches[index], stretches[index - 1]
        goes_on = stretch.continued and last.open
        if goes_on and index in choices and choices[index].rule == "sentence before":
            del choices[index]
        if before is None or index in choices:
            continue
        if _TRANSCRIPT.match(text, stretch.start):
            continue
        if goes_on:
            choices[index] = replace(before, rule="paragraph goes on", after=index - 1)
        elif _stands_alone(lines, stretch, last):
            choices[index] = replace(before, rule="next paragraph", after=None)
    for index in range(len(stretches) - 2, -1, -1):
        later = choices.get(index + 1)
        if later is None or index in choices or not stretches[index].open:
            continue
        name = later.tokens.words[later.mention.last]
        if name[:1].isupper() and name in text[stretches[index].start : stretches[index].end]:
            # A whole report set in marks: the one who speaks in it did not write it.
            continue
        choices[index] = replace(later, rule="paragraph before")


def lead_in(words: Tokens) -> Choice | None:
    """Who speaks after a paragraph that ends in a colon: "And from Chairwoman Holm:"."""
    start, end = words.sentences[-1]
    told = [clause for clause in clauses(words) if clause.first >= start and clause.says]
    if told:
        return Choice(words, told[-1].subject, "name said: quote", told[-1].verb)
    named = read_left(words, end - 2, start)
    is_name = named is not None and named.kind is MentionKind.NAME
    if not is_name and words.lower[start : start + 1] == ["and"]:
        named = read_right(words, start + 2, end)
    if named is None or named.kind is not MentionKind.NAME or named.first - start > 2:
        return None
    return Choice(words, named, "name: quote")


def _stands_alone(lines: Mapping[int, Line], stretch: Stretch, last: Stretch) -> bool:
    """Whether a quote fills its paragraph, and the paragraph before ends with its speaker."""
    if stretch.paragraph != last.paragraph + 1:
        return False
    here, before = lines[stretch.paragraph].tokens, lines[last.paragraph].tokens
    if not all(fills(here, number) for number in range(len(here.sentences))):
        return False
    return max(before.quotes) < len(before.words) - 2
