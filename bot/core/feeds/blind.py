"""Which feeds are blind: they fail, are held, are silent, or turn over between two polls.

    state, rhythm ─► trouble_of ─► follow: open incidents × troubles × now ─► what is to be told

A failure is told once it has lasted; a silence once it is three times as long as the longest
pause the feed ever made; a gap at once, and it is over after a day without another. Feeds that
go blind together are one incident.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from bot.domain.addresses import shown
from bot.domain.feeds import Feed, FeedState, FeedStatus
from bot.domain.incidents import Incident, Rhythm, Trouble, TroubleKind
from bot.domain.watch import Watchlists

#: A rhythm is known from so many hours with news on, over so long: a weekend has to be in it.
KNOWN_HOURS = 10
KNOWN_OVER = timedelta(days=8)
#: What is said of a feed that is polled no more.
TAKEN_OFF = "taken off the list"
#: A topic depends on the feeds that matched it within so long.
DEPENDS = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindLimits:
    """When a feed counts as blind; times are seconds."""

    #: A failure is told after so long, and so many polls.
    failing: float = 2 * 3600.0
    polls: int = 3
    #: A silence is none before so long, nor before so many times the longest pause.
    silent: float = 12 * 3600.0
    pauses: int = 3
    #: What goes blind within so long of an incident's beginning belongs to it.
    together: float = 900.0
    #: A gap is over once no other has followed for so long.
    gap: float = 24 * 3600.0


DEFAULTS = BlindLimits()


def trouble_of(
    feed: Feed,
    state: FeedState,
    rhythm: Rhythm,
    *,
    now: datetime,
    topics: Sequence[str] = (),
    limits: BlindLimits = DEFAULTS,
) -> Trouble | None:
    """What is wrong with a feed, if it is worth telling."""
    found = (
        _held(state, now)
        or _failing(state, now, limits)
        or _silent(state, rhythm, limits)
        or _gap(feed, state, now, limits)
    )
    if found is None:
        return None
    kind, said, since = found
    return Trouble(
        feed_id=feed.id,
        name=feed.name,
        url=shown(feed.url),
        kind=kind,
        said=said,
        since=since,
        topics=tuple(topics),
    )


def _held(state: FeedState, now: datetime) -> tuple[TroubleKind, str, datetime] | None:
    if state.status is not FeedStatus.HELD and not state.held:
        return None
    said = f"{state.held:,} entries at once are held: accept or drop them"
    return TroubleKind.HELD, said, state.last_success or now


def _failing(
    state: FeedState, now: datetime, limits: BlindLimits
) -> tuple[TroubleKind, str, datetime] | None:
    since = state.failing_since
    if state.problem is None or since is None:
        return None
    long = (now - since).total_seconds() >= limits.failing
    lasting = long and state.failures >= limits.polls
    if not lasting and state.status is not FeedStatus.GONE:
        return None
    return TroubleKind.FAILING, state.problem, since


def cut_off(feed: Feed, *, since: datetime) -> Trouble:
    """What is wrong with a feed while our own network is down for long."""
    said = "nobody has answered since, neither this host nor any other: is it our own network?"
    return Trouble(
        feed_id=feed.id,
        name=feed.name,
        url=shown(feed.url),
        kind=TroubleKind.FAILING,
        said=said,
        since=since,
    )


def may_be_silent(state: FeedState, *, limits: BlindLimits = DEFAULTS) -> bool:
    """Whether a feed's rhythm is worth a look; most feeds had something new lately."""
    answered, last = state.last_success, state.last_entry
    if state.problem or answered is None:
        return False
    return last is None or (answered - last).total_seconds() >= limits.silent


def _silent(
    state: FeedState, rhythm: Rhythm, limits: BlindLimits
) -> tuple[TroubleKind, str, datetime] | None:
    """Judged by the last good answer, so that our own absence is no silence of the feed's."""
    hours, answered = rhythm.hours, state.last_success
    if state.problem or answered is None or len(hours) < KNOWN_HOURS:
        return None
    if hours[-1] - hours[0] < KNOWN_OVER:
        return None
    pause = max(later - earlier for earlier, later in pairwise(hours))
    last = max(hours[-1], state.last_entry or hours[-1])
    if answered - last < max(timedelta(seconds=limits.silent), limits.pauses * pause):
        return None
    said = f"nothing new; its longest pause before was {duration(pause)}"
    return TroubleKind.SILENT, said, last


def _gap(
    feed: Feed, state: FeedState, now: datetime, limits: BlindLimits
) -> tuple[TroubleKind, str, datetime] | None:
    """The line says no number, so that the next gap is not one more edit."""
    at = state.gap_at
    if at is None or (now - at).total_seconds() >= limits.gap:
        return None
    said = "nothing in common with the poll before, so entries may have come and gone between"
    remedy = "it is polled more often now" if feed.interval is None else "its interval is too long"
    return TroubleKind.GAP, f"{said}; {remedy}", at


def follow(
    incidents: Sequence[Incident],
    troubles: Mapping[str, Trouble],
    *,
    polled: Collection[str],
    now: datetime,
    limits: BlindLimits = DEFAULTS,
) -> tuple[Incident, ...]:
    """The incidents after a look at every feed, new ones and those just closed among them.

    Args:
        incidents: The open ones.
        troubles: Feed id → what is wrong with it now.
        polled: Feed ids on the list; what is taken off it troubles nobody.
        now: Of this look.
        limits: How close together feeds go blind to be one incident.
    """
    left = dict(troubles)
    followed = [_seen_again(incident, left, polled, now) for incident in incidents]
    since = now - timedelta(seconds=limits.together)
    places = [number for number, incident in enumerate(followed) if incident.is_open]
    recent = next((number for number in places if followed[number].opened > since), None)
    hosts = {_host(t.url): number for number in places for t in followed[number].troubles}
    joining: defaultdict[int | None, list[Trouble]] = defaultdict(list)
    for trouble in sorted(left.values(), key=lambda t: (t.name, t.feed_id)):
        joining[hosts.get(_host(trouble.url), recent)].append(trouble)
    told = {incident.id: incident.revision for incident in incidents}
    for place, added in joining.items():
        if place is None:
            followed.append(_opened(added, now))
        else:
            followed[place] = _joined(followed[place], added, told[followed[place].id])
    return tuple(followed)


def _seen_again(
    incident: Incident, left: dict[str, Trouble], polled: Collection[str], now: datetime
) -> Incident:
    """The incident as its feeds are now; takes them out of ``left``."""
    troubles = []
    for known in incident.troubles:
        found = None if known.fixed else left.pop(known.feed_id, None)
        if found is not None:
            # What it blinds is what it blinded at first: while it is blind nothing can match.
            topics = known.topics or found.topics
            since = known.since if found.kind is known.kind else found.since
            troubles.append(replace(found, since=since, topics=topics))
        elif known.fixed:
            troubles.append(known)
        elif known.feed_id not in polled:
            troubles.append(replace(known, said=TAKEN_OFF, fixed=now))
        else:
            troubles.append(replace(known, fixed=now))
    if tuple(troubles) == incident.troubles:
        return incident
    return replace(incident, troubles=tuple(troubles), revision=incident.revision + 1)


def _joined(incident: Incident, added: Sequence[Trouble], told: int) -> Incident:
    """With more feeds; the revision grows once a look, whatever else has changed."""
    again = {trouble.feed_id for trouble in added}
    others = tuple(t for t in incident.troubles if t.feed_id not in again)
    return replace(incident, troubles=(*others, *added), revision=told + 1)


def _opened(troubles: Sequence[Trouble], now: datetime) -> Incident:
    name = f"{now:%Y%m%dT%H%M%S}-{troubles[0].feed_id[:6]}"
    return Incident(id=name, opened=now, troubles=tuple(troubles))


def named_sources(watchlists: Watchlists, outlet: str) -> tuple[str, ...]:
    """Topics that want an outlet by name."""
    name = outlet.casefold()
    return tuple(
        topic.name
        for topic in watchlists.topics
        if name in {source.casefold() for source in topic.only.sources}
    )


def duration(span: timedelta) -> str:
    """``3 d 4 h``, ``2 h 10 min``, ``5 min``."""
    minutes = max(round(span.total_seconds() / 60), 0)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min"


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()
