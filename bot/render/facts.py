"""An article's way through the system as name and value, for media that show facts in rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.domain.explanations import Explanation
from bot.domain.parked import Parked
from bot.domain.posts import Post
from bot.domain.stories import Action
from bot.render import words
from bot.render.dead_letters import end

#: How much of an article could be read.
STATES = {
    "headline": "its headline only",
    "summary": "the feed's summary only",
    "full": "its full text",
}
NEVER_SEEN = (
    "Never seen: no polled feed has listed this address, or it was stored too long ago."
    " An address is compared without trackers and fragments."
)


def facts(found: Explanation) -> tuple[tuple[str, str], ...]:
    """Rows of (name, value), in the order in which things happened; nothing is escaped."""
    return tuple(_facts(found))


def _facts(found: Explanation) -> Iterator[tuple[str, str]]:
    if found.record is None:
        if not found.given_up:
            yield "Seen", NEVER_SEEN
        yield from _given_up(found)
        return
    article = found.record.article
    yield "Outlet", f"{article.outlet} (tier {article.tier})"
    yield "Published", words.when(article.published)
    yield "Polled", f"{words.when(article.first_seen)}, as {article.reason}"
    if found.feed and found.feed.problem:
        yield "Feed", f"failing now: {found.feed.problem}"
    much = f"{STATES[article.state]}, revision {article.revision}"
    quotes = words.count(len(article.quotes), "quote")
    yield "Read", f"{words.when(found.record.stored)}, {much}, {quotes}"
    if not article.matches:
        yield "Matched", "no topic"
    for match in article.matches:
        places = dict.fromkeys(
            f"“{words.shortened(' '.join(e.text.split()), 80)}” in the {e.field}"
            for e in match.evidence
        )
        shown = ", ".join(list(places)[:4])
        yield "Matched", f"{match.topic}, score {match.score:g}{f': {shown}' if shown else ''}"
    for decision in found.decisions:
        to = f"{decision.destination}: " if decision.destination else ""
        verb = "nothing" if decision.action is Action.NONE else decision.action
        about = f" ({decision.topic}, score {decision.score:g})" if decision.score else ""
        yield "Decided", f"{words.when(decision.at)} {to}{verb}, {decision.reason}{about}"
    for post in found.posts:
        yield "Post", f"{post.key.destination}: {standing(post, found.parked)}"
    yield from _given_up(found)


def _given_up(found: Explanation) -> Iterator[tuple[str, str]]:
    for letter in found.given_up:
        yield "Given up", end(letter)


def standing(post: Post, parked: Iterable[Parked]) -> str:
    """Where a post stands, and why it does not go on."""
    state = f"{post.status}, revision {post.sent} of {post.desired}"
    at = f", {words.when(post.sent_at)}" if post.sent_at else ""
    if post.sent < post.desired:
        for one in parked:
            if one.covers(post.key.destination) and not one.works:
                return f"{state}{at}, parked: {one.problem} since {words.when(one.since)}"
    return f"{state}{at}{f': {post.problem}' if post.problem else ''}"


def refusal(parked: Parked) -> str:
    """What is refused, since when, and what waits for it."""
    waits = words.count(parked.waiting, "post")
    return (
        f"{parked.where} takes no posts since {words.when(parked.since)}: {parked.problem};"
        f" {waits} waiting"
    )
