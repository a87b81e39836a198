"""The ledger's entries: quotes of many articles, grouped by the utterance they print.

    quotes, the longest first ─► each joins the longest it is a printing of, or stands for itself
                              ─► a group that names two speakers is parted; the unnamed of such a
                                 group stand apart, since either may have said it

The order in which quotes are given changes nothing. Candidates share two words in a row, so the
work grows with the quotes, not with their pairs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from bot.core.quotes.corrections import NONE, Corrections
from bot.core.quotes.same_speaker import same_speaker
from bot.core.quotes.utterance import (
    FRAGMENT,
    Uttered,
    quote_id,
    same_utterance,
    shown_speaker,
    words_of,
)
from bot.core.stories.copies import CONTAINMENT
from bot.core.text.shingles import containment
from bot.domain.ledger import Correction, QuoteSource, Utterance
from bot.domain.news import Record
from bot.domain.quotes import Speaker

#: Entries that a quote is compared with at most: those with which it shares most.
_COMPARED: Final = 12


def sources_of(record: Record) -> tuple[QuoteSource, ...]:
    """The quotes of a record whose words stand in its text."""
    article = record.article
    return tuple(
        QuoteSource(
            id=quote_id(article.id, quote.text),
            quote=quote,
            article_id=article.id,
            revision=article.revision,
            position=record.position,
            outlet=article.outlet,
            url=article.url,
            title=article.title,
            published=article.published,
            parts=tuple(
                other.text
                for other in article.quotes
                if quote.group is not None and other.group == quote.group and other != quote
            ),
        )
        for quote in article.quotes
        if quote.span.of(article.text) == quote.text
    )


def as_entries(record: Record, corrections: Corrections) -> tuple[Utterance, ...]:
    """The quotes of one record, each as an entry with one source, in the order of the text."""
    return tuple(
        Utterance(sources=(source,), correction=corrections.of(uttered_in(source)))
        for source in sources_of(record)
    )


def uttered_in(source: QuoteSource) -> Uttered:
    """The printing that a source is."""
    return Uttered(
        words=words_of(source.quote.text),
        speaker=shown_speaker(source.quote),
        published=source.published,
        article_id=source.article_id,
    )


def utterances(
    sources: Iterable[QuoteSource], corrections: Corrections = NONE
) -> tuple[Utterance, ...]:
    """``sources`` as entries, the one with the earliest source first."""
    printed = {source: uttered_in(source) for source in sources}
    entries = [
        Utterance(
            sources=tuple(sorted(part, key=_earliest_first)),
            correction=_newest(corrections.of(group[source]) for source in part),
        )
        for group in _by_words(printed)
        for part in _by_speaker(group)
    ]
    return tuple(sorted(entries, key=lambda entry: _earliest_first(entry.sources[0])))


def with_copies(entry: Utterance, shingles: Mapping[str, bytes]) -> Utterance:
    """``entry`` with sources that copy an earlier one's report said to do so.

    Args:
        entry: With its sources in order.
        shingles: Article id → those of its text, packed.
    """
    sources: list[QuoteSource] = []
    for source in entry.sources:
        own = shingles.get(source.article_id, b"")
        copied = (
            other.outlet
            for other in sources
            if other.article_id != source.article_id
            and containment(own, shingles.get(other.article_id, b"")) >= CONTAINMENT
        )
        sources.append(replace(source, copy_of=next(copied, None)))
    return replace(entry, sources=tuple(sources))


def _newest(corrections: Iterable[Correction | None]) -> Correction | None:
    found = [correction for correction in corrections if correction is not None]
    return max(found, key=lambda correction: (correction.at, correction.id), default=None)


def _by_words(printed: Mapping[QuoteSource, Uttered]) -> Iterator[dict[QuoteSource, Uttered]]:
    """Groups around the longest printing of each utterance, whoever is said to have said it."""
    leaders: list[Uttered] = []
    groups: list[dict[QuoteSource, Uttered]] = []
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for source, said in sorted(printed.items(), key=lambda pair: _longest_first(*pair)):
        signs: set[tuple[str, ...]] = {*pairwise(said.words)} or {said.words}
        shared = Counter(number for sign in signs for number in holders.get(sign, ()))
        place = next((n for n in _nearest(shared, leaders, said) if _same(leaders[n], said)), None)
        if place is None:
            place = len(leaders)
            for sign in signs:
                holders[sign].append(place)
            leaders.append(said)
            groups.append({})
        groups[place][source] = said
    yield from groups


def _nearest(shared: Counter[int], leaders: Sequence[Uttered], said: Uttered) -> list[int]:
    """Those that share most, and among them those of the same speaker first."""
    near = sorted(shared, key=lambda number: (-shared[number], number))[:_COMPARED]
    who = said.speaker
    return sorted(
        near,
        key=lambda number: (
            not (who and (other := leaders[number].speaker) and same_speaker(who, other))
        ),
    )


def _same(leader: Uttered, said: Uttered) -> bool:
    # Speakers are told apart afterwards, with all of the group in view.
    return same_utterance(leader, replace(said, speaker=leader.speaker))


def _by_speaker(group: Mapping[QuoteSource, Uttered]) -> Iterable[list[QuoteSource]]:
    """One part a speaker; the unnamed go with the only one, else apart."""
    speakers = _speakers({said.speaker for said in group.values() if said.speaker})
    parts: dict[object, list[QuoteSource]] = defaultdict(list)
    for source, said in group.items():
        if said.speaker is not None:
            parts[speakers[said.speaker]].append(source)
    articles = {key: {source.article_id for source in part} for key, part in parts.items()}
    for source, said in group.items():
        if said.speaker is None:
            # A fragment says too little to be known again in another article without a name.
            fragment = len(said.words) <= FRAGMENT
            near = [key for key in articles if not fragment or source.article_id in articles[key]]
            apart = ("", source.article_id) if fragment else ""
            parts[near[0] if len(near) == 1 else apart].append(source)
    return parts.values()


def _speakers(named: Iterable[Speaker]) -> dict[Speaker, int]:
    """Speaker → number of the person; a last name that two of them bear is a third one."""
    persons: list[list[Speaker]] = []
    for speaker in sorted(named, key=lambda s: (-len(s.text), s.text, s.role or "")):
        near = [one for one in persons if any(same_speaker(speaker, other) for other in one)]
        if len(near) == 1 and all(same_speaker(speaker, other) for other in near[0]):
            near[0].append(speaker)
        else:
            persons.append([speaker])
    return {speaker: number for number, one in enumerate(persons) for speaker in one}


def _longest_first(source: QuoteSource, said: Uttered) -> tuple[object, ...]:
    return (-len(said.words), said.words, said.speaker is None, *_earliest_first(source))


def _earliest_first(source: QuoteSource) -> tuple[object, ...]:
    place = (source.article_id, source.revision, source.quote.span, source.position)
    return (source.published, source.outlet, *place, source.id)
