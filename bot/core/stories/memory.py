"""What the desk remembers of a destination: which story is posted there, which is held."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.channels import Destination
from bot.domain.stories import ChannelState, DeskState, Held, Posted

#: After so long, and beyond so many, a post of a story that is not open any more is forgotten.
POSTED_FOR = timedelta(days=30)
POSTED_AT_MOST = 200


def channel_of(state: DeskState, destination: Destination) -> ChannelState:
    """The state of a destination; a blank one for a destination never seen."""
    return next(
        (channel for channel in state.channels if channel.destination == destination),
        ChannelState(destination=destination),
    )


def posted_in(channel: ChannelState, story_id: str) -> Posted | None:
    """The story's post in the channel."""
    return next((posted for posted in channel.posted if posted.story_id == story_id), None)


def held_in(channel: ChannelState, story_id: str) -> Held | None:
    """The story as it is held for the channel."""
    return next((held for held in channel.held if held.story_id == story_id), None)


def with_posted(channel: ChannelState, posted: Posted) -> ChannelState:
    """The channel with a post, new or changed; what is posted is not held any more."""
    others = tuple(p for p in channel.posted if p.story_id != posted.story_id)
    return replace(
        channel,
        posted=(*others, posted),
        held=tuple(held for held in channel.held if held.story_id != posted.story_id),
    )


def with_held(channel: ChannelState, held: Held) -> ChannelState:
    """The channel with a story held; one that is held already keeps its place and time."""
    before = held_in(channel, held.story_id)
    if before is None:
        return replace(channel, held=(*channel.held, held))
    kept = replace(held, since=before.since)
    return replace(
        channel, held=tuple(kept if h.story_id == held.story_id else h for h in channel.held)
    )


def bounded(channel: ChannelState, *, open_stories: Collection[str], now: datetime) -> ChannelState:
    """The channel without posts that are too old, or too many, to matter."""
    spare = len(channel.posted) - POSTED_AT_MOST
    kept = tuple(
        posted
        for place, posted in enumerate(channel.posted)
        if posted.story_id in open_stories or (place >= spare and posted.last > now - POSTED_FOR)
    )
    return channel if len(kept) == len(channel.posted) else replace(channel, posted=kept)
