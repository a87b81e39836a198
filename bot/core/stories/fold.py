"""The fold: one article record and the desk's state in, what changes out.

    record ─► member ─► place ─► story before, story now ─► per destination: verdict ─► Outcome

``now`` is the time the record was stored, never a clock; the same records give the same outcomes.
A digest falling due is folded by ``fold_digest``, a corrected speaker by ``fold_correction``.
``apply`` makes the next state.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core.briefs.brief import seen
from bot.core.briefs.words import topic_words
from bot.core.quotes.corrections import corrections_of
from bot.core.stories.channels import Change, Verdict, destinations, judge
from bot.core.stories.correcting import fold_correction
from bot.core.stories.corrections import corrections
from bot.core.stories.digests import fold_digest
from bot.core.stories.members import member_of
from bot.core.stories.memory import bounded, channel_of, posted_in, with_held, with_posted
from bot.core.stories.place import WINDOW, Stories
from bot.core.stories.showing import Showing
from bot.domain.channels import Channel, Configuration, Destination
from bot.domain.news import EntryReason, Record
from bot.domain.posts import Brief, DesiredPost, PostKey, PostKind
from bot.domain.stories import (
    Action,
    ChannelState,
    Decision,
    DeskState,
    Held,
    Member,
    Outcome,
    Posted,
    Reason,
    Story,
    StoryReason,
)

__all__ = ["WINDOW", "apply", "fold", "fold_correction", "fold_digest"]

_RANK = {Action.ALERT: 0, Action.MERGE: 1, Action.DIGEST: 2, Action.NONE: 3}


def fold(
    state: DeskState, record: Record, config: Configuration, *, stories: Stories | None = None
) -> Outcome:
    """What ``record`` changes.

    Args:
        state: As the records before it left it.
        record: The next of ARTICLES.
        config: In force.
        stories: ``Stories.of(state)`` when it is at hand; building it takes time in proportion
            to the window. Whoever keeps one puts ``Outcome.story`` into it after each commit.
    """
    stories = Stories.of(state) if stories is None else stories
    member = member_of(record)
    placement = stories.place(member)
    before = stories.get(placement.story_id) if placement.story_id else None
    reason = record.article.reason
    if placement.reason is StoryReason.SAME_ARTICLE and before is not None:
        known = _member(before, member.article_id)
        if known.feed_id == member.feed_id and known.revision > member.revision:
            if reason is not EntryReason.NEW:
                return _dropped(record, before, Reason.OLD_REVISION)
            # An edit of it came first and was taken for old news; it is news, in the edit's words.
            overtaken = Change(
                before=before, story=before, member=known, reason=reason, now=record.stored
            )
            return _routed(overtaken, state, config, stories)
        member = _known_again(known, member)
        if member == known:
            return _dropped(record, before, Reason.NOTHING_NEW)
        if known.feed_id != record.article.feed_id:
            # One more feed with the same article is no news, and no old news either.
            reason = EntryReason.EDITED
    else:
        member = replace(member, origin=placement.origin, reason=placement.reason)
        if reason is EntryReason.EDITED:
            # Its earlier revision left the desk with its story: old news, whatever changed. Or it
            # is on its way still; then it will say what it is.
            reason = EntryReason.LATE
    story = _with(before, member)
    change = Change(before=before, story=story, member=member, reason=reason, now=record.stored)
    return _routed(change, state, config, stories)


def apply(state: DeskState, outcome: Outcome) -> DeskState:
    """The state after ``outcome``, without stories that are closed and held nowhere."""
    stories = {story.id: story for story in state.stories}
    if outcome.story is not None:
        stories[outcome.story.id] = outcome.story
    channels = {channel.destination: channel for channel in state.channels}
    channels.update((channel.destination, channel) for channel in outcome.channels)
    now = _time_of(outcome)
    held = {held.story_id for channel in channels.values() for held in channel.held}
    return DeskState(
        stories=tuple(
            story
            for story in stories.values()
            if now is None or story.last_stored + WINDOW > now or story.id in held
        ),
        channels=tuple(channels.values()),
        configuration=outcome.configuration or state.configuration,
        corrections=(state.corrections if outcome.corrections is None else outcome.corrections),
    )


def _routed(change: Change, state: DeskState, config: Configuration, stories: Stories) -> Outcome:
    """The outcome of a story that changed, destination by destination."""
    scores = change.story.scores()
    words = topic_words(config.watchlists, scores)
    showing = Showing(
        topic_words=words,
        said_before=stories.said_before(change.story, now=change.now) if scores else (),
        corrections=corrections_of(state.corrections),
        now=change.now,
    )
    open_stories = {story.id for story in state.stories} | {change.story.id}
    decisions = [] if change.member.matches else [_unwatched(change)]
    channels: list[ChannelState] = []
    posts: list[DesiredPost] = []
    for to, takers in destinations(config, change.story).items():
        known = channel_of(state, to)
        verdict = min(
            (judge(change, channel=taker, state=known) for taker in takers),
            key=lambda verdict: _RANK[verdict.action],
        )
        verdict, now_known, post = _carried_out(change, verdict, to, takers, known, showing)
        if post is not None:
            posts.append(post)
        if now_known != known:
            channels.append(bounded(now_known, open_stories=open_stories, now=change.now))
        if change.member.matches or verdict.action is not Action.NONE:
            decisions.append(_decision(change, to, verdict))
    return Outcome(
        story=change.story,
        member=change.member,
        channels=tuple(channels),
        posts=tuple(posts),
        decisions=tuple(decisions),
    )


def _carried_out(
    change: Change,
    verdict: Verdict,
    to: Destination,
    takers: tuple[Channel, ...],
    known: ChannelState,
    showing: Showing,
) -> tuple[Verdict, ChannelState, DesiredPost | None]:
    """The verdict as it turned out, what is known of the destination then, and the post."""
    story, now = change.story, change.now
    if verdict.action is Action.NONE:
        return verdict, known, None
    if verdict.action is Action.DIGEST:
        held = Held(
            story_id=story.id,
            topic=verdict.topic or "",
            score=verdict.score or 0.0,
            reason=verdict.reason,
            since=now,
        )
        return verdict, with_held(known, held), None

    posted = posted_in(known, story.id) or Posted(
        story_id=story.id, revision=0, first=now, last=now
    )

    def brief_of(version: Story) -> Brief:
        return showing.alert(version, takers, since=posted.first)

    brief = brief_of(story)
    if verdict.action is Action.MERGE:
        if change.before is not None and seen(brief_of(change.before)) == seen(brief):
            nothing = replace(verdict, action=Action.NONE, reason=Reason.NOTHING_NEW)
            return nothing, known, None
        if _corrects(change):
            verdict = replace(verdict, reason=Reason.CORRECTION)
    posted = replace(posted, revision=posted.revision + 1, last=now)
    post = DesiredPost(
        key=PostKey(kind=PostKind.STORY, destination=to, subject=(story.id,)),
        revision=posted.revision,
        brief=brief,
    )
    return verdict, with_posted(known, posted), post


def _known_again(known: Member, member: Member) -> Member:
    """The member in a later revision; else as it was, with one more outlet that carries it."""
    if known.feed_id == member.feed_id:
        if known.revision == member.revision:
            return known
        return replace(
            member,
            origin=known.origin,
            reason=known.reason,
            also_in=known.also_in,
            changes=(*known.changes, *corrections(known, member)),
        )
    if member.outlet == known.outlet or member.outlet in known.also_in:
        return known
    return replace(known, also_in=(*known.also_in, member.outlet))


def _with(before: Story | None, member: Member) -> Story:
    """The story with the member added, or replaced where it stands."""
    if before is None:
        return Story(id=member.article_id, members=(member,))
    members = before.members
    if any(m.article_id == member.article_id for m in members):
        members = tuple(member if m.article_id == member.article_id else m for m in members)
    else:
        members = (*members, member)
    return Story(id=before.id, revision=before.revision + 1, members=members)


def _member(story: Story, article_id: str) -> Member:
    return next(member for member in story.members if member.article_id == article_id)


def _corrects(change: Change) -> bool:
    """Whether the change is a correction that the story did not have before."""
    known = [
        member.changes
        for member in (change.before.members if change.before else ())
        if member.article_id == change.member.article_id
    ]
    return change.member.changes != (known[0] if known else ())


def _dropped(record: Record, story: Story, reason: Reason) -> Outcome:
    """The outcome of a record that says nothing the desk does not know."""
    return Outcome(
        decisions=(
            Decision(
                article_id=record.article.id,
                revision=record.article.revision,
                story_id=story.id,
                action=Action.NONE,
                reason=reason,
                at=record.stored,
            ),
        )
    )


def _unwatched(change: Change) -> Decision:
    return _decision(change, None, Verdict(action=Action.NONE, reason=Reason.NOT_WATCHED))


def _decision(change: Change, to: Destination | None, verdict: Verdict) -> Decision:
    return Decision(
        article_id=change.member.article_id,
        revision=change.member.revision,
        story_id=change.story.id,
        destination=to,
        action=verdict.action,
        reason=verdict.reason,
        topic=verdict.topic,
        score=verdict.score,
        at=change.now,
    )


def _time_of(outcome: Outcome) -> datetime | None:
    """When the record that made ``outcome`` was stored; None when it says nothing at all."""
    times = [decision.at for decision in outcome.decisions]
    times += [channel.last_digest for channel in outcome.channels if channel.last_digest]
    return max(times, default=None)
