"""Routing: which destinations hear of an article's story, and how each of them gets it.

not its topic, or other metadata ─► none
posted there already ─────────────► merge, when a reader would see a difference
backfill or late ─────────────────► none
below the score, digests only ────► digest (none where no digest is planned)
quiet hours, unless critical ─────► digest
over the alerts of an hour ───────► digest
otherwise ────────────────────────► alert
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.briefs.schedule import in_quiet
from bot.core.stories.memory import held_in, posted_in
from bot.domain.channels import PAGE, Alerts, Channel, Configuration, Destination
from bot.domain.news import EntryReason
from bot.domain.stories import Action, ChannelState, Member, Reason, Story
from bot.domain.watch import Only

#: The page carries every post and needs no entry in ``channels.yaml``.
PAGE_CHANNEL = Channel(to=PAGE, alerts=Alerts(from_score=0))

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An article that came to a story, or changed in it."""

    #: The story as it was; None for a new one.
    before: Story | None
    #: As it is now.
    story: Story
    #: The article, as it is in ``story``.
    member: Member
    #: Why the article was passed on.
    reason: EntryReason
    #: When its record was stored.
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one destination gets of one article, and why."""

    action: Action
    reason: Reason
    #: The one with the highest score among those the channel takes.
    topic: str | None = None
    score: float | None = None


def destinations(config: Configuration, story: Story) -> dict[Destination, tuple[Channel, ...]]:
    """Destination → its channels, in the order of the configuration, the page last.

    The fallback is among them for reports of which no channel takes any topic.
    """
    channels = [*config.channels, *_fallback(config, story), PAGE_CHANNEL]
    return {
        to: tuple(channel for channel in channels if channel.to == to)
        for to in dict.fromkeys(channel.to for channel in channels)
    }


def _fallback(config: Configuration, story: Story) -> tuple[Channel, ...]:
    stray: set[str] = set()
    for member in story.members:
        topics = {match.topic for match in member.matches}
        if not any(channel.takes(topic) for channel in config.channels for topic in topics):
            stray |= topics
    return (Channel(to=config.fallback, topics=tuple(sorted(stray))),) if stray else ()


def scores_for(story: Story, channels: tuple[Channel, ...]) -> dict[str, float]:
    """Topic → best score among the reports that one of ``channels`` takes, the highest first."""
    best: dict[str, float] = {}
    for channel in channels:
        for member in story.members:
            for match in member.matches if _passes(member, channel.only) else ():
                if channel.takes(match.topic):
                    best[match.topic] = max(match.score, best.get(match.topic, match.score))
    return dict(sorted(best.items(), key=lambda pair: (-pair[1], pair[0])))


def judge(change: Change, *, channel: Channel, state: ChannelState) -> Verdict:
    """How ``channel`` gets a story after an article came to it or changed in it."""
    scores = scores_for(change.story, (channel,))
    if not scores:
        matches = [match for member in change.story.members for match in member.matches]
        watched = any(channel.takes(match.topic) for match in matches)
        why_not = Reason.OTHER_METADATA if watched else Reason.NOT_WATCHED
        return Verdict(action=Action.NONE, reason=why_not)
    topic, score = next(iter(scores.items()))
    action, reason = _kept_quiet(change, score, channel, state) or _now(
        change, scores, channel, state
    )
    return Verdict(action=action, reason=reason, topic=topic, score=score)


def _kept_quiet(
    change: Change, score: float, channel: Channel, state: ChannelState
) -> tuple[Action, Reason] | None:
    """What a channel gets of an article that is no news to it; None when it may be."""
    if posted_in(state, change.story.id):
        return Action.MERGE, Reason.MORE_OF_THE_STORY
    if not change.reason.announces:
        late = change.reason is EntryReason.LATE
        return Action.NONE, Reason.LATE if late else Reason.BACKFILL
    if held_in(state, change.story.id):
        return None
    if not any(channel.takes(match.topic) for match in change.member.matches):
        return Action.NONE, Reason.NOT_WATCHED
    if change.reason is EntryReason.EDITED and change.before is not None:
        # What was not told when it was new (a backfill, say) is not told for a comma either.
        before = scores_for(change.before, (channel,))
        if score <= max(before.values(), default=-1.0):
            return Action.NONE, Reason.NOTHING_NEW
    return None


def _now(
    change: Change, scores: dict[str, float], channel: Channel, state: ChannelState
) -> tuple[Action, Reason]:
    """Whether a story the channel was not told of is told now or later."""
    alerts, quiet = channel.alerts, channel.quiet
    if alerts is None or max(scores.values()) < alerts.from_score:
        reason = Reason.NO_ALERTS if alerts is None else Reason.LOW_SCORE
        return (Action.DIGEST if channel.digest else Action.NONE), reason
    in_hush = quiet is not None and in_quiet(quiet, change.now)
    if in_hush and not _critical(scores, channel):
        return Action.DIGEST, Reason.QUIET_HOURS
    if alerts.per_hour is not None and _sent_since(state, change.now - _HOUR) >= alerts.per_hour:
        return Action.DIGEST, Reason.OVERFLOW
    return Action.ALERT, Reason.BROKE_QUIET if in_hush else Reason.FIRST_REPORT


def _passes(member: Member, only: Only) -> bool:
    """Whether the report's metadata is what ``only`` asks for; unknown passes an empty set only."""
    return (
        (not only.languages or member.language in only.languages)
        and (not only.countries or member.country in only.countries)
        and (not only.tiers or member.tier in only.tiers)
    )


def _critical(scores: dict[str, float], channel: Channel) -> bool:
    critical = channel.critical
    return critical is not None and any(
        score >= critical.from_score and (not critical.topics or topic in critical.topics)
        for topic, score in scores.items()
    )


def _sent_since(state: ChannelState, moment: datetime) -> int:
    return sum(posted.first > moment for posted in state.posted)
