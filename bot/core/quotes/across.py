"""Speakers taken over from paragraph to paragraph, where one utterance runs on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.core.quotes.chooser import Choice, Line, fills
from bot.core.quotes.marks import Stretch


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
        if before is None or index in choices:
            continue
        stretch, last = stretches[index], stretches[index - 1]
        if stretch.continued and last.open:
            choices[index] = replace(before, rule="paragraph goes on", after=index - 1)
        elif _stands_alone(lines, stretch, last):
            choices[index] = replace(before, rule="next paragraph", after=None)
    for index in range(len(stretches) - 2, -1, -1):
        later = choices.get(index + 1)
        if later is None or index in choices or not stretches[index].open:
            continue
        name = later.mention.name[-1] if later.mention.name else ""
        if name and name in text[stretches[index].start : stretches[index].end]:
            # A whole report set in marks: the one who speaks in it did not write it.
            continue
        choices[index] = replace(later, rule="paragraph before")


def _stands_alone(lines: Mapping[int, Line], stretch: Stretch, last: Stretch) -> bool:
    """Whether a quote fills its paragraph, and the paragraph before ends with its speaker."""
    if stretch.paragraph != last.paragraph + 1:
        return False
    here, before = lines[stretch.paragraph].tokens, lines[last.paragraph].tokens
    if not all(fills(here, number) for number in range(len(here.sentences))):
        return False
    return max(before.quotes) < len(before.words) - 2
