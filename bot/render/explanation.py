"""``why`` for a person: the way of one article, step by step, newest knowledge last."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from bot.domain.addresses import shown
from bot.domain.dead_letters import DeadLetter
from bot.domain.explanations import Explanation
from bot.domain.ledger import Utterance
from bot.domain.news import Article, EntryReason
from bot.domain.parked import Parked
from bot.domain.posts import Post
from bot.domain.stories import Action, Decision, Reason
from bot.domain.watch import Evidence, Match
from bot.render import words
from bot.render.dead_letters import end
from bot.render.escape import plain
from bot.render.facts import standing
from bot.render.ledger import who

_STATE = {
    "headline": "its headline only",
    "summary": "the feed's summary only",
    "full": "its full text",
}

_POLLED = {
    EntryReason.NEW: "new in its feed",
    EntryReason.EDITED: "edited by its outlet",
    EntryReason.BACKFILL: "already listed when its feed was first fetched, or loaded",
    EntryReason.LATE: "new in its feed, but published long before",
}
_DONE = {
    Action.ALERT: "posted at once",
    Action.MERGE: "its story's post edited",
    Action.DIGEST: "kept for the digest",
    Action.NONE: "nothing",
}
#: Places shown of one clause, and characters of each.
_EVIDENCE, _CHARACTERS = 3, 90


def explanation_text(found: Explanation) -> Text:
    """Everything known about one article, or that it was never seen."""
    out = Text()
    if found.record is None:
        out.append(f"{plain(shown(found.url))}\n", "bold")
        if found.given_up:
            _given_up(out, found.given_up)
            return out
        out.append("Never seen: no polled feed has listed this address, or it was stored too long")
        out.append(" ago.\n`nato-brief check` lists the feeds; an address is compared without")
        out.append(" trackers and fragments, and a doc that was loaded goes by its id.\n")
        return out
    article = found.record.article
    out.append(f"{plain(article.title)}\n", "bold")
    out.append(f"{plain(article.url)}\n", "cyan")
    _fact(out, "Outlet", f"{article.outlet} (tier {article.tier})")
    _fact(out, "Published", words.when(article.published))
    _fact(out, "Polled", f"{words.when(article.first_seen)}, {_POLLED[article.reason]}")
    if found.feed and found.feed.problem:
        _fact(out, "Feed", f"failing now: {found.feed.problem}")
    _fact(
        out,
        "Read",
        f"{words.when(found.record.stored)}, {_STATE[article.state]}, revision"
        f" {article.revision}, {words.count(len(article.quotes), 'quote')}",
    )
    _quotes(out, found.quotes)
    _matches(out, article)
    _decisions(out, found.decisions)
    for post in found.posts:
        _post(out, post, article, found.parked)
    _given_up(out, found.given_up)
    return out


def _given_up(out: Text, letters: tuple[DeadLetter, ...]) -> None:
    for letter in letters:
        _fact(out, "Given up", end(letter))
        _fact(out, "", f"`nato-brief dlq replay {letter.id}` puts it back")


def _quotes(out: Text, quotes: tuple[Utterance, ...]) -> None:
    """Each quote with its id, by which it is corrected."""
    for entry in quotes:
        quote = entry.sources[0].quote
        shown = words.quoted(" ".join(quote.text.split()), quote.kind, _CHARACTERS)
        _fact(out, "Quote", f"{entry.id}  {who(entry.sources[0], entry.correction)}: {shown}")


def _matches(out: Text, article: Article) -> None:
    if not article.matches:
        _fact(out, "Matched", "no topic")
    for match in article.matches:
        points = " + ".join(f"{part.points:g}" for part in match.parts)
        made_of = f" ({points})" if len(match.parts) > 1 else ""
        _fact(out, "Matched", f"{match.topic}, score {match.score:g}{made_of}")
        for clause, evidence in _by_clause(match):
            shown = ", ".join(f"{_found(e)} in the {e.field}" for e in evidence[:_EVIDENCE])
            more = len(evidence) - _EVIDENCE
            rest = f" and {more} more" if more > 0 else ""
            out.append(f"             {plain(clause)}: {plain(shown)}{rest}\n", "dim")


def _by_clause(match: Match) -> list[tuple[str, list[Evidence]]]:
    """Clause of the topic's file → what was found by it, in the order of the article."""
    found: dict[str, list[Evidence]] = {}
    for evidence in match.evidence:
        where = f"{evidence.path}, line {evidence.line}" if evidence.path else evidence.rule
        found.setdefault(where, []).append(evidence)
    return list(found.items())


def _found(evidence: Evidence) -> str:
    return f"“{words.shortened(evidence.text, _CHARACTERS)}”"


def _decisions(out: Text, decisions: tuple[Decision, ...]) -> None:
    for decision in decisions:
        _fact(out, "Decided", f"{words.when(decision.at)} {_decided(decision)}")
    stories = dict.fromkeys(decision.story_id for decision in decisions)
    if stories:
        _fact(out, "Story", ", ".join(stories))


def _decided(decision: Decision) -> str:
    if decision.destination is None and decision.reason is Reason.NOT_WATCHED:
        return "sent nowhere, it touches no topic"
    to = f"{decision.destination}: " if decision.destination else ""
    about = f" ({decision.topic}, score {decision.score:g})" if decision.score else ""
    return f"{to}{_DONE[decision.action]}, {decision.reason}{about}"


def _post(out: Text, post: Post, article: Article, parked: Iterable[Parked]) -> None:
    headline = post.brief.headline
    named = f" “{headline}”" if headline != article.title else ""
    _fact(out, "Post", f"{post.key.destination}{named}: {standing(post, parked)}")


def _fact(out: Text, name: str, value: str) -> None:
    out.append(f"  {name:<10} ", "bold")
    out.append(f"{plain(value)}\n")
