"""Words to the admins: which feeds are blind and what that keeps from whom, what is short.

And which token or channel is refused, and what could not be shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.core.feeds.blind import TAKEN_OFF, duration
from bot.core.room import EASED, days, figures
from bot.domain.addresses import shown
from bot.domain.feeds import Feed
from bot.domain.incidents import Incident, Trouble, TroubleKind
from bot.domain.parked import Parked
from bot.domain.posts import Brief, BriefKind, Post
from bot.domain.room import Extent, Room, Shortage

#: Feeds told one by one; a list of all is one command away.
_TOLD = 5
_TOPICS = 12
_MORE_MEMORY = (
    "Give the server more memory (`NATO_BRIEF_MEMORY` with the embedded one, `maxmemory` with your"
    " own), or follow fewer feeds"
)


def incident_brief(incident: Incident) -> Brief:
    """An incident as it stands; made at its beginning, so that the same gives the same."""
    blind = [t for t in incident.troubles if t.fixed is None]
    well = [t for t in incident.troubles if t.fixed is not None]
    notes = [_blind(t) for t in blind[:_TOLD]]
    notes += [_well(t) for t in well[: max(_TOLD - len(notes), 1)]]
    if (more := len(incident.troubles) - len(notes)) > 0:
        notes.append(f"And {more:,} more; `nato-brief feeds check` lists all")
    if blind:
        notes.append(_topics(blind))
        notes += _commands(blind)
    return Brief(
        kind=BriefKind.NOTICE,
        headline=_headline(blind, well),
        made=incident.opened,
        notes=tuple(notes),
    )


def note_brief(feed: Feed, notice: str, *, made: datetime) -> Brief:
    """What the admins should know of a feed that works."""
    return Brief(
        kind=BriefKind.NOTICE,
        headline=f"{feed.name}: {notice}",
        made=made,
        notes=(shown(feed.url),),
    )


def room_brief(shortage: Shortage, room: Room, *, since: datetime, lasts: bool) -> Brief:
    """What is short of memory, with figures, or that it has eased."""
    notes = [figures(room)]
    match shortage:
        case Shortage.FULL:
            headline = "The server has room again: feeds are polled"
            if lasts:
                headline = f"The server is {room.part:.0%} full: no feed is polled for now"
                notes += [
                    f"Polling goes on below {EASED:.0%}; alerts, digests and answers go on",
                    _MORE_MEMORY,
                ]
        case Shortage.SHORT:
            headline = "The server has room again for articles of their full time"
            if lasts:
                headline = (
                    f"Articles go before their time: {_days(room.articles, room)} of 30 fit,"
                    f" and {_days(room.kept, room)} of 400 of those that matched or were shown"
                )
                notes += [
                    "No post is lost; questions find what is kept",
                    _MORE_MEMORY,
                ]
    if not lasts:
        notes.append(f"It lasted {duration(room.now - since)}")
    return Brief(kind=BriefKind.NOTICE, headline=headline, made=since, notes=tuple(notes))


def _days(extent: Extent, room: Room) -> str:
    return f"{days(extent, now=room.now):.0f} days"


def _headline(blind: list[Trouble], well: list[Trouble]) -> str:
    match blind:
        case [] if all(t.said == TAKEN_OFF for t in well):
            return f"{_listed(t.name for t in well)}: {TAKEN_OFF}"
        case []:
            names = _listed(t.name for t in well)
            return f"{names} {'is' if len(well) == 1 else 'are'} back"
        case [one]:
            match one.kind:
                case TroubleKind.HELD:
                    return f"{one.name}: {one.said}"
                case TroubleKind.GAP:
                    return f"{one.name} may have had news that nobody saw"
                case TroubleKind.SILENT:
                    return f"{one.name} has gone quiet"
                case _:
                    return f"No news from {one.name}: {one.said}"
        case _ if all(t.kind is TroubleKind.GAP for t in blind):
            names = _listed(t.name for t in blind)
            return f"{len(blind):,} feeds may have had news that nobody saw: {names}"
        case _:
            return f"No news from {len(blind):,} feeds: {_listed(t.name for t in blind)}"


def _blind(trouble: Trouble) -> str:
    return f"{trouble.name}: {trouble.said}, since {when(trouble.since)} ({shown(trouble.url)})"


def _well(trouble: Trouble) -> str:
    assert trouble.fixed is not None  # noqa: S101 - what the caller chose it by
    lasted = duration(trouble.fixed - trouble.since)
    return f"{trouble.name}: well since {when(trouble.fixed)}, after {lasted} ({trouble.said})"


def _topics(blind: list[Trouble]) -> str:
    topics = sorted({topic for trouble in blind for topic in trouble.topics})
    if not topics:
        return "No topic has had a match from there in the last 30 days"
    more = f" and {len(topics) - _TOPICS:,} more" if len(topics) > _TOPICS else ""
    return f"Blind for: {', '.join(topics[:_TOPICS])}{more}"


def _commands(blind: list[Trouble]) -> list[str]:
    held = [t.feed_id for t in blind if t.kind is TroubleKind.HELD]
    return [
        f"`nato-brief feeds accept {feed_id}` passes them on, `feeds drop {feed_id}` does not"
        for feed_id in held[:_TOLD]
    ]


def _listed(names: Iterable[str]) -> str:
    unique = list(dict.fromkeys(names))
    more = f" and {len(unique) - 4:,} more" if len(unique) > 4 else ""
    return ", ".join(unique[:4]) + more


def parked_brief(parked: Parked) -> Brief:
    """What is refused, or that it works again; made at its beginning."""
    if parked.works:
        headline = f"{parked.where} takes posts again"
        notes = [f"Refused since {when(parked.since)}; what waited goes out now"]
    else:
        headline = f"{parked.where} takes no posts: {parked.problem}"
        notes = [
            f"Since {when(parked.since)}. Nothing is lost: posts wait, one is tried now and then",
            "After 2 hours they come as one digest. `nato-brief doctor` says what to mend",
        ]
    return Brief(kind=BriefKind.NOTICE, headline=headline, made=parked.since, notes=tuple(notes))


def malformed_brief(post: Post, problem: str) -> Brief:
    """A post that its platform could not show, not even in its plainest form."""
    return Brief(
        kind=BriefKind.NOTICE,
        headline=f"{post.key.destination} could not show “{post.brief.headline}”",
        made=post.created,
        notes=(problem, *(shown(item.url) for item in post.brief.items[:1])),
    )


def when(moment: datetime) -> str:
    """``Fri 4 Apr, 18:40 UTC``."""
    return f"{moment:%a} {moment.day} {moment:%b}, {moment:%H:%M} UTC"
