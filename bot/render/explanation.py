"""``why`` for a person: the way of one article, step by step, newest knowledge last."""

from __future__ import annotations

from rich.text import Text

from bot.domain.explanations import Explanation
from bot.domain.news import Article
from bot.domain.stories import Action, Decision
from bot.render import words
from bot.render.escape import plain

_STATE = {
    "headline": "its headline only",
    "summary": "the feed's summary only",
    "full": "its full text",
}


def explanation_text(found: Explanation) -> Text:
    """Everything known about one article, or that it was never seen."""
    out = Text()
    if found.record is None:
        out.append(f"{plain(found.url)}\n", "bold")
        out.append("Never seen: no polled feed has listed this address, or it was stored too long")
        out.append(" ago.\n`nato-brief check` lists the feeds; an address is compared without")
        out.append(" trackers and fragments.\n")
        return out
    article = found.record.article
    out.append(f"{plain(article.title)}\n", "bold")
    out.append(f"{plain(article.url)}\n", "cyan")
    _fact(out, "Outlet", f"{article.outlet} (tier {article.tier})")
    _fact(out, "Published", words.when(article.published))
    _fact(out, "Polled", f"{words.when(article.first_seen)}, as {article.reason}")
    if found.feed and found.feed.problem:
        _fact(out, "Feed", f"failing now: {found.feed.problem}")
    _fact(
        out,
        "Read",
        f"{words.when(found.record.stored)}, {_STATE[article.state]}, revision"
        f" {article.revision}, {words.count(len(article.quotes), 'quote')}",
    )
    _matches(out, article)
    _decisions(out, found.decisions)
    for post in found.posts:
        state = f"{post.status}, revision {post.sent} of {post.desired}"
        at = f", {words.when(post.sent_at)}" if post.sent_at else ""
        trouble = f": {post.problem}" if post.problem else ""
        _fact(out, "Post", f"{post.key.destination}: {state}{at}{trouble}")
    return out


def _matches(out: Text, article: Article) -> None:
    if not article.matches:
        _fact(out, "Matched", "no topic")
    for match in article.matches:
        _fact(out, "Matched", f"{match.topic}, score {match.score:g}")
        for part in match.parts:
            places = [e for e in match.evidence if e.rule == part.rule]
            shown = ", ".join(f"“{e.text}” in the {e.field}" for e in places[:3])
            out.append(
                f"             {part.points:g} for {plain(part.rule)}: {plain(shown)}\n", "dim"
            )


def _decisions(out: Text, decisions: tuple[Decision, ...]) -> None:
    for decision in decisions:
        to = f"{decision.destination}: " if decision.destination else ""
        verb = "nothing" if decision.action is Action.NONE else decision.action
        about = f" ({decision.topic}, score {decision.score:g})" if decision.score else ""
        _fact(out, "Decided", f"{words.when(decision.at)} {to}{verb}, {decision.reason}{about}")
    stories = dict.fromkeys(decision.story_id for decision in decisions)
    if stories:
        _fact(out, "Story", ", ".join(stories))


def _fact(out: Text, name: str, value: str) -> None:
    out.append(f"  {name:<10} ", "bold")
    out.append(f"{plain(value)}\n")
