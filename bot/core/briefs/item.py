"""One story as an item of a brief: the best report's words, key quotes, coverage and reasons."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from bot.core.briefs.quotes import key_quotes
from bot.core.briefs.why import why_lines
from bot.domain.posts import BriefItem, Coverage
from bot.domain.stories import Member, Story


def item_of(
    story: Story,
    *,
    topics: tuple[str, ...],
    topic_words: Mapping[str, frozenset[str]],
    quotes: int,
    said_before: Collection[str] = (),
    changes: tuple[str, ...] = (),
) -> BriefItem:
    """What a reader is shown of ``story``.

    Args:
        story: With at least one member.
        topics: The topics it is shown for, the highest score first.
        topic_words: Topic → words that make a quote relevant.
        quotes: At most so many.
        said_before: Texts of quotes that are no news, as in ``rank``.
        changes: What to say besides the corrections the members carry.
    """
    best = best_report(story.members)
    words = frozenset().union(*(topic_words.get(topic, frozenset()) for topic in topics))
    return BriefItem(
        story_id=story.id,
        title=best.title or best.lead or best.url,
        url=best.url,
        outlet=best.outlet,
        published=best.published,
        lead=best.lead,
        topics=topics,
        quotes=key_quotes(story.members, most=quotes, topic_words=words, said_before=said_before),
        coverage=tuple(
            Coverage(
                outlet=member.outlet,
                url=member.url,
                title=member.title,
                published=member.published,
                copy=member.origin != member.article_id,
            )
            for member in story.members
        ),
        origins=story.origins,
        why=why_lines(story, topics),
        changes=(*(line for member in story.members for line in member.changes), *changes),
    )


def best_report(members: Iterable[Member]) -> Member:
    """The report to show: of the best tier the first; a report with a lead before one without."""
    return min(members, key=lambda member: (member.tier, not member.lead))
