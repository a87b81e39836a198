"""A story as a brief under the corrections of speakers that were folded so far.

    quotes ─► a withdrawn name counts for nothing ─► key quotes chosen ─► names that admins gave

The story itself stays as it was read, so that a correction taken back leaves no trace.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.briefs.brief import alert
from bot.core.briefs.corrected import as_read, corrected_brief, correction_of
from bot.core.quotes.corrections import Corrections
from bot.core.quotes.utterance import Uttered, shown_speaker, words_of
from bot.core.stories.channels import scores_for
from bot.domain.channels import Channel
from bot.domain.ledger import Correction
from bot.domain.posts import Brief, BriefItem
from bot.domain.quotes import Quote
from bot.domain.stories import Member, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What briefs of a story are made with."""

    #: As in ``item_of``.
    topic_words: Mapping[str, frozenset[str]]
    said_before: Collection[str] = ()
    corrections: Corrections
    now: datetime

    def alert(
        self, story: Story, takers: tuple[Channel, ...], *, since: datetime | None = None
    ) -> Brief:
        """The story for a destination's channels, which have had its post ``since`` then."""
        changes = self._changes(story, takers, since) if self.corrections and since else ()
        brief = self._alert(without_withdrawn(story, self.corrections), takers, changes)
        if self.corrections:
            brief = replace(brief, items=tuple(as_it_was_read(i, story) for i in brief.items))
        return corrected_brief(brief, self.corrections)

    def _alert(
        self, story: Story, takers: tuple[Channel, ...], changes: tuple[str, ...] = ()
    ) -> Brief:
        return alert(
            story,
            topics=tuple(scores_for(story, takers)),
            made=self.now,
            topic_words=self.topic_words,
            said_before=self.said_before,
            changes=changes,
        )

    def _changes(
        self, story: Story, takers: tuple[Channel, ...], since: datetime
    ) -> tuple[str, ...]:
        """A line for each correction of what readers had before them."""
        if without_withdrawn(story, self.corrections) is story:
            return ()
        times = {
            correction.at
            for item in self._alert(story, takers).items
            for quote in item.quotes
            if (read := as_read(quote)) is not None
            and (correction := correction_of(quote, self.corrections)) is not None
            and correction.said != read.text
            and correction.at >= since
        }
        return tuple(dict.fromkeys(f"Speaker corrected {at:%H:%M} UTC" for at in sorted(times)))


def without_withdrawn(story: Story, corrections: Corrections) -> Story:
    """The story with no name beside quotes from which an admin withdrew it; else as it is."""
    if not corrections:
        return story
    members = tuple(_without_withdrawn(member, corrections) for member in story.members)
    return story if members == story.members else replace(story, members=members)


def as_it_was_read(item: BriefItem, story: Story) -> BriefItem:
    """An item made of a story without withdrawn names, with whom its quotes were read to name.

    So a brief that is never made anew has the name to show when a correction is taken back.
    """
    read = {
        (member.article_id, quote.span): quote
        for member in story.members
        for quote in member.quotes
    }
    quotes = []
    for shown in item.quotes:
        quote = read.get((shown.article_id, shown.span))
        speaker = shown_speaker(quote) if quote is not None else None
        if shown.speaker is None and speaker is not None:
            quotes.append(replace(shown, corrected=True, as_read=speaker))
        else:
            quotes.append(shown)
    return replace(item, quotes=tuple(quotes))


def held_by(member: Member, corrections: Corrections) -> frozenset[Correction]:
    """The corrections that hold for what is said in a member."""
    found = (_correction_of(member, quote, corrections) for quote in member.quotes)
    return frozenset(correction for correction in found if correction is not None)


def _without_withdrawn(member: Member, corrections: Corrections) -> Member:
    quotes = tuple(
        replace(quote, confidence=0.0)
        if (correction := _correction_of(member, quote, corrections)) is not None
        and quote.shown_speaker not in (None, correction.said)
        else quote
        for quote in member.quotes
    )
    return member if quotes == member.quotes else replace(member, quotes=quotes)


def _correction_of(member: Member, quote: Quote, corrections: Corrections) -> Correction | None:
    return corrections.of(
        Uttered(
            words=words_of(quote.text),
            speaker=shown_speaker(quote),
            published=member.published,
            article_id=member.article_id,
        )
    )
