"""The fold of a digest that falls due: what is held for a channel, posted and held no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.briefs.brief import DIGEST_QUOTES, STORY_QUOTES, digest, within
from bot.core.briefs.corrected import corrected_brief
from bot.core.briefs.item import item_of
from bot.core.briefs.schedule import CATCH_UP, QUIET_SLOT
from bot.core.briefs.words import topic_words
from bot.core.quotes.corrections import Corrections, corrections_of
from bot.core.stories.channels import PAGE_CHANNEL, scores_for
from bot.core.stories.memory import bounded, channel_of
from bot.core.stories.place import Stories
from bot.core.stories.showing import as_it_was_read, without_withdrawn
from bot.domain.channels import Channel, Configuration
from bot.domain.posts import BriefItem, DesiredPost, PostKey, PostKind
from bot.domain.stories import (
    ChannelState,
    DeskState,
    DigestDue,
    Held,
    Outcome,
    Reason,
    Story,
)

#: How far back the first digest of a channel looks for what was alerted.
_FIRST_LOOKS_BACK = timedelta(days=1)
_LOST = "Held stories that the desk does not know any more: {}"


def fold_digest(
    state: DeskState,
    due: DigestDue,
    *,
    stored: datetime,
    config: Configuration,
    stories: Stories | None = None,
) -> Outcome:
    """What a digest falling due changes.

    Held stories come with the highest score first, then a line for each story alerted since the
    last digest. The end of quiet hours shows what was held for them alone, unless the channel
    has no other digest. A catch-up is of held stories alone. Nothing to say is not posted.
    ``stories`` as for ``fold``.
    """
    known = channel_of(state, due.destination)
    channels = tuple(c for c in config.channels if c.to == due.destination)
    by_id = {story.id: story for story in state.stories}
    corrections = corrections_of(state.corrections)
    topics = {t for h in known.held if h.story_id in by_id for t in by_id[h.story_id].scores()}
    taking = _Taking(
        channels=channels or (replace(PAGE_CHANNEL, to=due.destination),),
        stories=by_id,
        words=topic_words(config.watchlists, topics),
        spoken=Stories.of(state) if stories is None else stories,
        corrections=corrections,
        now=stored,
    )
    most = max((c.digest.quotes or 0 for c in channels if c.digest), default=0)
    quiet_only = due.slot == QUIET_SLOT and any(channel.digest for channel in channels)
    told = [held for held in known.held if not quiet_only or held.reason is Reason.QUIET_HOURS]
    items = tuple(
        item
        for held in sorted(told, key=lambda held: -held.score)
        if (item := taking.held_item(held, quotes=STORY_QUOTES if most else DIGEST_QUOTES))
    )
    if most:
        items = within(items, most)
    also = taking.lines(known, since=known.last_digest or stored - _FIRST_LOOKS_BACK)
    after = bounded(
        replace(
            known, held=tuple(held for held in known.held if held not in told), last_digest=stored
        ),
        open_stories=taking.stories,
        now=stored,
    )
    lost = len(told) - len(items)
    catches_up = due.slot.startswith(CATCH_UP)
    if not told and (due.slot == QUIET_SLOT or catches_up or not also):
        return Outcome(channels=(after,))
    brief = digest(
        items,
        also=() if catches_up else also,
        slot=due.slot,
        local_date=due.local_date,
        made=stored,
        notes=(_LOST.format(lost),) if lost else (),
    )
    post = DesiredPost(
        key=PostKey(
            kind=PostKind.DIGEST,
            destination=due.destination,
            subject=(due.slot, due.local_date),
        ),
        revision=1,
        brief=corrected_brief(brief, corrections),
    )
    return Outcome(channels=(after,), posts=(post,))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taking:
    """What a destination's digest is made with."""

    channels: tuple[Channel, ...]
    stories: Mapping[str, Story]
    words: Mapping[str, frozenset[str]]
    #: The stories in which words may have been said before.
    spoken: Stories
    corrections: Corrections
    now: datetime

    def held_item(self, held: Held, *, quotes: int) -> BriefItem | None:
        """A held story with so many quotes; None when the desk does not know it any more."""
        story = self.stories.get(held.story_id)
        if story is None:
            return None
        topics = tuple(scores_for(story, self.channels)) or (held.topic,)
        item = item_of(
            without_withdrawn(story, self.corrections),
            topics=topics,
            topic_words=self.words,
            quotes=quotes,
            said_before=self.spoken.said_before(story, now=self.now),
        )
        return as_it_was_read(item, story) if self.corrections else item

    def lines(self, known: ChannelState, *, since: datetime) -> tuple[BriefItem, ...]:
        """The stories alerted after ``since``, in the order of their posts."""
        return tuple(
            item_of(story, topics=(), topic_words=self.words, quotes=0)
            for posted in sorted(known.posted, key=lambda posted: posted.first)
            if posted.first > since and (story := self.stories.get(posted.story_id)) is not None
        )
