"""Finishing an entry of ARTICLES or JOBS with what it changes: one script, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from bot.adapters.redis.codec import encode
from bot.adapters.redis.keys import MEMORY_MS, SHINGLES_MS, Keys
from bot.adapters.redis.scripts import Scripts
from bot.domain.jobs import Claimed
from bot.domain.stories import Outcome
from bot.domain.times import to_ms

#: Decisions remembered of one article: many channels times a few revisions.
DECISIONS = 400


async def commit(
    scripts: Scripts,
    keys: Keys,
    claimed: Claimed,
    outcome: Outcome,
    *,
    token: int | None = None,
    memory_ms: int = MEMORY_MS,
) -> bool:
    """Write ``outcome`` and acknowledge ``claimed``; the desk names its fencing token.

    Returns False, and has written nothing, when the token or the entry is not ours any more.
    """
    decisions = [
        (article_id, [encode(decision) for decision in group])
        for article_id, group in groupby(outcome.decisions, lambda d: d.article_id)
    ]
    story = outcome.story
    args: list[str | bytes | int] = [
        claimed.group,
        claimed.consumer,
        claimed.id,
        "" if token is None else token,
        memory_ms,
        DECISIONS,
        *_story_args(outcome),
        outcome.member.packed_shingles if outcome.member else b"",
        SHINGLES_MS,
        len(outcome.channels),
    ]
    for state in outcome.channels:
        args += (str(state.destination), encode(state))
    args.append(len(outcome.posts))
    for post in outcome.posts:
        args += (str(post.key), post.revision, encode(post.brief))
    args.append(len(decisions))
    for _, encoded in decisions:
        args += (len(encoded), *encoded)
    args.append("" if outcome.configuration is None else outcome.configuration)
    args.append("" if outcome.corrections is None else encode(outcome.corrections))
    written: int = await scripts.run(
        "commit",
        [
            keys.stream(claimed.stream),
            keys.desk,
            keys.stories,
            keys.channels,
            keys.stream("deliveries"),
            keys.posts,
            keys.story(story.id if story else ""),
            keys.shingles(outcome.member.article_id if outcome.member else ""),
            *(keys.post(str(post.key)) for post in outcome.posts),
            *(keys.decisions(article_id) for article_id, _ in decisions),
        ],
        args,
    )
    return written == 1


def _story_args(outcome: Outcome) -> Sequence[str | bytes | int]:
    """Only the changed member is written; the order names all of them."""
    story, member = outcome.story, outcome.member
    if story is None:
        return "", 0, 0, 0
    fields: list[str | bytes | int] = [
        "revision",
        story.revision,
        "order",
        encode(tuple(m.article_id for m in story.members)),
    ]
    if member is not None:
        # Its shingles are as much as all the rest, and of use for days only.
        fields += (f"m:{member.article_id}", encode(replace(member, packed_shingles=b"")))
    return story.id, story.revision, to_ms(story.last_stored), len(fields) // 2, *fields
