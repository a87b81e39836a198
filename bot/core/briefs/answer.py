"""A Reply as a Brief, for an answer that somebody shares with a channel."""

from __future__ import annotations

from datetime import datetime

from bot.domain.answers import Hit, Reply, ReplyOutcome
from bot.domain.posts import Brief, BriefItem, BriefKind, BriefQuote, Coverage


def answer_brief(reply: Reply, *, requested_by: str, made: datetime) -> Brief:
    """What a channel sees of ``reply``: one item an article, each with its cited words."""
    items: dict[str, list[Hit]] = {}
    for hit in reply.answer:
        items.setdefault(hit.article_id, []).append(hit)
    notes = [f"Shared by {requested_by}"] if requested_by else []
    if reply.outcome is ReplyOutcome.NEAR_MISS:
        notes.insert(0, "No direct answer was found; this comes nearest.")
    if reply.outcome is ReplyOutcome.NOTHING:
        notes.insert(0, f"Nothing was found in {reply.searched.articles} articles.")
    return Brief(
        kind=BriefKind.ANSWER,
        headline=reply.question,
        made=made,
        items=tuple(_item(hits) for hits in items.values()),
        notes=tuple(notes),
    )


def _item(hits: list[Hit]) -> BriefItem:
    """One article's share; a passage is the outlet's own words, so it stands as the lead."""
    first = hits[0]
    passages = [hit.text for hit in hits if not hit.is_quote]
    return BriefItem(
        story_id=first.article_id,
        title=first.title,
        url=first.url,
        outlet=first.outlet,
        published=first.published,
        lead=passages[0] if passages else "",
        quotes=tuple(
            BriefQuote(
                text=hit.text,
                speaker=hit.speaker,
                role=hit.role,
                outlet=hit.outlet,
                url=hit.url,
                published=hit.published,
                article_id=hit.article_id,
                revision=hit.revision,
                position=hit.position,
                span=hit.span,
                parts=hit.parts,
                corrected=hit.corrected,
                as_read=hit.as_read,
            )
            for hit in hits
            if hit.is_quote
        ),
        coverage=(
            Coverage(
                outlet=first.outlet, url=first.url, title=first.title, published=first.published
            ),
        ),
    )
