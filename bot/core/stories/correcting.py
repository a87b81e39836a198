"""The fold of a correction of a speaker: posts that show the quote are made anew.

Every post whose story is in the window is compared as it was and as it is under the correction.
What is folded later obeys it as well, until it is taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.core.briefs.brief import seen
from bot.core.briefs.words import topic_words
from bot.core.quotes.corrections import Corrections, corrections_of
from bot.core.stories.channels import destinations
from bot.core.stories.memory import with_posted
from bot.core.stories.place import Stories
from bot.core.stories.showing import Showing, held_by
from bot.domain.channels import Configuration
from bot.domain.ledger import CORRECTIONS, CORRECTIONS_FOR, Correction, SpeakerCorrected
from bot.domain.posts import DesiredPost, PostKey, PostKind
from bot.domain.stories import (
    Action,
    ChannelState,
    Decision,
    DeskState,
    Outcome,
    Posted,
    Reason,
    Story,
)


def fold_correction(
    state: DeskState,
    change: SpeakerCorrected,
    *,
    stored: datetime,
    config: Configuration,
    stories: Stories | None = None,
) -> Outcome:
    """What a correction, or taking one back, changes; ``stories`` as for ``fold``."""
    after = _changed(state.corrections, change, stored)
    before_and_after = corrections_of(state.corrections), corrections_of(after)
    concerned = {s.id: s for s in state.stories if _concerned(s, *before_and_after)}
    stories = Stories.of(state) if stories is None and concerned else stories
    channels: list[ChannelState] = []
    posts: list[DesiredPost] = []
    decisions: list[Decision] = []
    for channel in state.channels:
        now_known = channel
        for posted in channel.posted:
            story = concerned.get(posted.story_id)
            if story is None or stories is None:
                continue
            post = _made_anew(channel, posted, story, before_and_after, stored, config, stories)
            if post is None:
                continue
            posts.append(post)
            now_known = with_posted(
                now_known,
                Posted(story_id=story.id, revision=post.revision, first=posted.first, last=stored),
            )
            decisions += _decisions(channel, story, before_and_after, stored)
        if now_known != channel:
            channels.append(now_known)
    return Outcome(
        channels=tuple(channels),
        posts=tuple(posts),
        decisions=tuple(sorted(decisions, key=lambda decision: decision.article_id)),
        corrections=after,
    )


def _changed(
    corrections: tuple[Correction, ...], change: SpeakerCorrected, stored: datetime
) -> tuple[Correction, ...]:
    """The corrections in force from here on, the oldest first; bounded in number and age."""
    kept = [c for c in corrections if c.id != change.id and c.at > stored - CORRECTIONS_FOR]
    if change.correction is not None:
        kept.append(change.correction)
    return tuple(sorted(kept, key=lambda c: (c.at, c.id))[-CORRECTIONS:])


def _concerned(story: Story, before: Corrections, after: Corrections) -> bool:
    return any(held_by(m, before) != held_by(m, after) for m in story.members if m.quotes)


def _made_anew(
    channel: ChannelState,
    posted: Posted,
    story: Story,
    before_and_after: tuple[Corrections, Corrections],
    stored: datetime,
    config: Configuration,
    stories: Stories,
) -> DesiredPost | None:
    """The story's post in a channel, if a reader would see a difference."""
    takers = destinations(config, story).get(channel.destination, ())
    words: Mapping[str, frozenset[str]] = topic_words(config.watchlists, story.scores())
    old = stories.said_before(story, now=stored)
    was, brief = (
        Showing(topic_words=words, said_before=old, corrections=each, now=stored).alert(
            story, takers, since=posted.first
        )
        for each in before_and_after
    )
    if seen(was) == seen(brief):
        return None
    return DesiredPost(
        key=PostKey(kind=PostKind.STORY, destination=channel.destination, subject=(story.id,)),
        revision=posted.revision + 1,
        brief=brief,
    )


def _decisions(
    channel: ChannelState,
    story: Story,
    before_and_after: tuple[Corrections, Corrections],
    stored: datetime,
) -> list[Decision]:
    before, after = before_and_after
    return [
        Decision(
            article_id=member.article_id,
            revision=member.revision,
            story_id=story.id,
            destination=channel.destination,
            action=Action.MERGE,
            reason=Reason.SPEAKER,
            at=stored,
        )
        for member in story.members
        if held_by(member, before) != held_by(member, after)
    ]
