"""Records, members and topics for tests of stories and briefs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.domain.channels import Channel, Configuration, Destination
from bot.domain.news import Record
from bot.domain.quotes import Quote, Span, Speaker
from bot.domain.stories import ChannelState, DeskState, Member, Outcome, Posted, StoryReason
from bot.domain.watch import Evidence, Match
from tests.builders import NOW, make_record

DESK = Destination(platform="slack", workspace="T1", channel="#nato-desk")

#: Three events with a headline and a text of their own, in two wordings each.
EVENTS = (
    (
        (
            "Rutte urges allies to spend five percent",
            (
                "BRUSSELS - NATO chief Mark Rutte urged allies on Friday to spend 5% of output on "
                "defence by 2032, calling the Hague summit a turning point for Europe."
            ),
        ),
        (
            "NATO's Rutte calls for 5% on defence at Hague summit",
            (
                "Allies must spend 5% of output on defence, Mark Rutte told ministers in Brussels, "
                "ahead of the summit in The Hague that he wants to be a turning point."
            ),
        ),
    ),
    (
        (
            "Kharkiv hospital hit by drones overnight",
            (
                "Drones struck a children's hospital in Kharkiv overnight, wounding 14 people, "
                "governor Oleh Syniehubov said as rescuers searched the ruins."
            ),
        ),
        (
            "Fourteen hurt as drones strike hospital in Kharkiv",
            (
                "At least 14 people were wounded when drones hit a hospital for children in "
                "Kharkiv, according to governor Oleh Syniehubov. Rescuers were still searching."
            ),
        ),
    ),
    (
        (
            "Storm Ylva cuts power along Norwegian coast",
            (
                "More than 30,000 homes lost power in Bergen and Stavanger as storm Ylva tore down "
                "lines, grid operator Statnett reported. Ferries stayed in port."
            ),
        ),
        (
            "Norway: 30,000 homes dark after storm Ylva",
            (
                "Storm Ylva left 30,000 homes around Bergen and Stavanger without power, Statnett "
                "reported, after lines were torn down. Ferries were kept in port."
            ),
        ),
    ),
)


def a_match(topic: str = "NATO spending", score: float = 5) -> Match:
    found = Evidence(
        rule="defence spending", field="title", span=Span(start=0, end=7), text="defence spending"
    )
    return Match(topic=topic, score=score, evidence=(found,))


def a_quote(
    words: str, *, name: str | None = "Mark Rutte", confidence: float = 0.9, start: int = 0
) -> Quote:
    return Quote(
        span=Span(start=start, end=start + len(words)),
        text=words,
        speaker=Speaker(text=name, name=name, role="NATO chief") if name else None,
        confidence=confidence,
    )


def a_member(**changes: Any) -> Member:
    values: dict[str, Any] = {
        "article_id": "a1",
        "revision": 1,
        "feed_id": "f1",
        "outlet": "Wire",
        "url": "https://wire.example/a1",
        "title": "Rutte urges allies to spend",
        "lead": "Mark Rutte urged allies to spend more.",
        "published": NOW,
        "stored": NOW,
        "position": "1-0",
        "reason": StoryReason.NEW,
        **changes,
    }
    values.setdefault("origin", values["article_id"])
    return Member(**values)


def a_record(
    article_id: str = "a1",
    *,
    event: int = 0,
    wording: int = 0,
    minutes: float = 0,
    score: float | None = 5,
    **changes: Any,
) -> Record:
    """A report of one of ``EVENTS``, stored so many minutes after noon."""
    title, text = EVENTS[event][wording]
    stored = NOW + timedelta(minutes=minutes)
    values: dict[str, Any] = {
        "id": article_id,
        "feed_id": f"feed of {article_id}",
        "outlet": f"Outlet {article_id}",
        "url": f"https://news.example/{article_id}",
        "title": title,
        "text": text,
        "published": stored,
        "first_seen": stored,
        "matches": () if score is None else (a_match(score=score),),
        **changes,
    }
    return make_record(position=f"{round(stored.timestamp() * 1000)}-0", stored=stored, **values)


def a_config(*channels: Channel) -> Configuration:
    return Configuration(channels=channels)


def of(outcome: Outcome | DeskState, destination: Destination) -> ChannelState:
    """The destination's state in an outcome or a desk state."""
    return next(c for c in outcome.channels if c.destination == destination)


def posted(story_id: str, at: datetime) -> Posted:
    return Posted(story_id=story_id, revision=1, first=at, last=at)
