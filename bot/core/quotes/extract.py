"""Quotes of a text with their speakers: marks, masked clauses, choice, names, in that order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.core.quotes.across import across, lead_in
from bot.core.quotes.choices import Choice, Line
from bot.core.quotes.chooser import choose, is_whole
from bot.core.quotes.clauses import clauses
from bot.core.quotes.filters import unspoken
from bot.core.quotes.german.announced import lead_in as german_lead_in
from bot.core.quotes.german.filters import is_german_speech
from bot.core.quotes.german.gaps import repeat
from bot.core.quotes.german.names import reader
from bot.core.quotes.german.persons import GermanPersons
from bot.core.quotes.german.sentences import Sentences
from bot.core.quotes.headlines import is_headline
from bot.core.quotes.indirect import Told, may_report, reported
from bot.core.quotes.language import is_german
from bot.core.quotes.lone import mended
from bot.core.quotes.marks import Stretch, scan
from bot.core.quotes.mentions import MentionKind
from bot.core.quotes.names import NameBook, book
from bot.core.quotes.opinion import Opinion, Parse, opinions, weighed
from bot.core.quotes.pronouns import persons
from bot.core.quotes.signs import HAS_MARK, INVISIBLE
from bot.core.quotes.speakers import Speakers
from bot.core.quotes.tokens import tokens
from bot.core.text.prose import Prose
from bot.domain.people import Person
from bot.domain.quotes import Quote, QuoteKind, Span

#: Characters around a stretch that may tell it is no speech.
_AROUND = 80


def find_quotes(
    prose: Prose,
    *,
    title: str = "",
    people: tuple[Person, ...] = (),
    day: date | None = None,
    opinion: Parse | None = None,
) -> tuple[Quote, ...]:
    """Every quote of ``prose.text``, in order.

    Args:
        prose: The text.
        title: The headline, when it is no part of the text; read for names only.
        people: Who may complete a name the text leaves short; never overrides the text.
        day: When the text was published; decides who held an office.
        opinion: A pipeline with parser and NER; where it agrees, a speaker is surer, where
            it does not, less sure.

    Returns:
        Quotes ordered by ``span.start``; ``span.of(prose.text) == text`` for each.
    """
    headline = len(prose.paragraphs) > 1 and is_headline(prose.paragraphs[0].text)
    marked = HAS_MARK.search(prose.text) is not None
    stretches = _stretches(prose, headline=headline) if marked else []
    german = marked and is_german(prose.text)
    lines = _lines(prose, stretches, headline=headline, german=german)
    told = [] if german else _told(prose, lines, headline=headline)
    if not stretches and not told:
        return ()
    choices = {index: choice for row in lines.values() for index, choice in row.choices.items()}
    _led_in(prose, stretches, choices, german=german)
    across(prose.text, stretches, lines, choices)
    if german:
        repeat(prose.text, stretches, choices)
    names = book(
        [p.folded for p in prose.paragraphs],
        title=title,
        people=people,
        read=reader(choices.values()) if german else None,
    )
    chosen = [choice.mention.name for choice in choices.values()]
    subjects = [clause.subject.name for line in lines.values() for clause in line.clauses]
    if german:
        # GermanPersons tells who they are.
        known = persons(prose, stretches, NameBook(), (), ())
    else:
        known = persons(prose, stretches, names, chosen, subjects)
    speakers = Speakers(
        text=prose.text,
        starts=[p.span.start for p in prose.paragraphs],
        names=names,
        persons=known,
        people=people,
        day=day,
        german=GermanPersons(Sentences(prose, stretches, names)) if german else None,
    )
    # It knows the verbs of English only.
    heard = opinions(prose, stretches, lines, choices, opinion) if opinion and not german else {}
    found = _quotes(prose, stretches, lines, choices, speakers, heard, headline=headline)
    found.extend(_indirect(prose.text, told, speakers))
    return tuple(sorted(found, key=lambda quote: quote.span))


def _stretches(prose: Prose, *, headline: bool) -> list[Stretch]:
    spans = [paragraph.span for paragraph in prose.paragraphs]
    return mended(prose.text, scan(prose.text, spans, headline=headline))


def _lines(
    prose: Prose, stretches: Sequence[Stretch], *, headline: bool, german: bool
) -> dict[int, Line]:
    """Paragraph → its line, for the paragraphs that hold a stretch."""
    inside: dict[int, list[tuple[int, Stretch]]] = {}
    for index, stretch in enumerate(stretches):
        inside.setdefault(stretch.paragraph, []).append((index, stretch))
    lines = {}
    for number, pairs in inside.items():
        paragraph = prose.paragraphs[number]
        contents = {index: prose.text[s.start : s.end] for index, s in pairs}
        words = tokens(paragraph.folded, paragraph.span, pairs, german=german)
        lines[number] = choose(words, contents, headline=headline and number == 0, german=german)
    return lines


def _told(prose: Prose, lines: dict[int, Line], *, headline: bool) -> list[Told]:
    """Reported speech without marks, in paragraphs that hold a cue and "that"."""
    found: list[Told] = []
    for number, paragraph in enumerate(prose.paragraphs):
        if (headline and number == 0) or not may_report(paragraph.folded):
            continue
        line = lines.get(number)
        if line is None:
            words = tokens(paragraph.folded, paragraph.span, ())
            line = Line(words, clauses(words))
        found.extend(reported(line.tokens, line.clauses))
    return found


def _indirect(text: str, told: Sequence[Told], speakers: Speakers) -> list[Quote]:
    """Reported clauses whose speaker is known; the others are left out."""
    found = []
    for one in told:
        speaker, sure, rule = speakers.of(one.choice)
        if speaker is not None and one.choice.verb is not None:
            cue = one.choice.tokens.words[one.choice.verb]
            found.append(
                Quote(
                    span=one.span,
                    text=one.span.of(text),
                    kind=QuoteKind.INDIRECT,
                    speaker=speaker,
                    cue=cue,
                    confidence=sure,
                    rule=rule,
                )
            )
    return found


def _led_in(
    prose: Prose, stretches: Sequence[Stretch], choices: dict[int, Choice], *, german: bool
) -> None:
    """Give the quote that opens a paragraph the speaker announced at the end of the last one."""
    inside: dict[int, list[tuple[int, Stretch]]] = {}
    for index, stretch in enumerate(stretches):
        number = stretch.paragraph
        inside.setdefault(number, []).append((index, stretch))
        opens = stretch.outer_start == prose.paragraphs[number].span.start
        if index in choices or number == 0 or not opens:
            continue
        before = prose.paragraphs[number - 1]
        if before.folded.endswith(":"):
            marked = inside.get(number - 1, [])
            words = tokens(before.folded, before.span, marked, german=german)
            choice = german_lead_in(words) if german else lead_in(words)
            if choice is not None:
                choices[index] = choice


def _quotes(
    prose: Prose,
    stretches: Sequence[Stretch],
    lines: dict[int, Line],
    choices: dict[int, Choice],
    speakers: Speakers,
    heard: Mapping[int, Opinion],
    *,
    headline: bool,
) -> list[Quote]:
    found: list[Quote] = []
    groups = _groups(choices)
    places = {i: p for row in lines.values() for p, i in row.tokens.quotes.items()}
    for index, stretch in enumerate(stretches):
        choice = choices.get(index)
        span = _trimmed(prose.text, stretch)
        content = span.of(prose.text)
        paragraph = prose.paragraphs[stretch.paragraph]
        opens = stretch.outer_start - paragraph.span.start
        closes = stretch.outer_end - paragraph.span.start
        before = paragraph.folded[max(0, opens - _AROUND) : opens]
        after = paragraph.folded[closes : closes + _AROUND]
        if choice is not None and choice.mention.kind is MentionKind.NOBODY:
            continue
        rule = None if choice is None else choice.rule
        german = lines[stretch.paragraph].german
        # German sets no headline in capitals.
        in_headline = headline and stretch.paragraph == 0 and not german
        if unspoken(content, before, after, rule, headline=in_headline, german=german):
            continue
        if german and not is_german_speech(content, before, after, rule):
            continue
        row = lines[stretch.paragraph].tokens
        whole = is_whole(row, places[index], content) or index in groups or stretch.continued
        kind = QuoteKind.DIRECT if whole else QuoteKind.MIXED
        if choice is None:
            found.append(Quote(span=span, text=content, kind=kind))
            continue
        speaker, sure, rule = speakers.of(choice)
        if speaker is not None and index in heard:
            sure, rule = weighed(sure, heard[index]), f"{rule}; {heard[index].value}"
        verb = choice.verb
        found.append(
            Quote(
                span=span,
                text=content,
                kind=kind,
                speaker=speaker,
                cue=None if verb is None or speaker is None else choice.tokens.words[verb],
                confidence=sure,
                rule=rule,
                group=groups.get(index),
            )
        )
    return found


def _groups(choices: dict[int, Choice]) -> dict[int, int]:
    """Index of a stretch → number of the utterance it shares with others."""
    groups: dict[int, int] = {}
    for index in sorted(choices):
        first = choices[index].after
        if first is not None:
            number = groups.setdefault(first, len(set(groups.values())))
            groups[index] = number
    return groups


def _trimmed(text: str, stretch: Stretch) -> Span:
    start, end = stretch.start, stretch.end
    while start < end and (text[start].isspace() or text[start] in INVISIBLE):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in INVISIBLE):
        end -= 1
    return Span(start=start, end=end)
