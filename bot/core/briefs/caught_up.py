"""One digest for posts that waited too long for messages of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.briefs.brief import DIGEST_QUOTES
from bot.core.briefs.notices import when
from bot.core.briefs.schedule import CATCH_UP
from bot.domain.channels import Destination
from bot.domain.posts import (
    Brief,
    BriefItem,
    BriefKind,
    DesiredPost,
    Post,
    PostKey,
    PostKind,
)

_NOTE = "Nothing could be posted here from {} to {}"
_ELSEWHERE = "This waited for {}, which is not configured any more"
#: Stories and notices in one digest; of more the newest, and how many there were.
_ITEMS, _NOTICES = 300, 10
#: What is told in a digest; an answer is what one person asked for, and comes as it is.
FOLDED = frozenset({PostKind.STORY, PostKind.DIGEST, PostKind.NOTICE})


def caught_up(destination: Destination, posts: Sequence[Post], *, now: datetime) -> DesiredPost:
    """``posts``, the oldest first, as one digest; the newest stories come first in it.

    They are those of ``destination``, or all of another that is not configured any more.
    """
    meant_for = posts[0].key.destination
    items: dict[str, BriefItem] = {}
    for post in reversed(posts):
        for item in (*post.brief.items, *post.brief.also):
            items.setdefault(item.story_id, replace(item, quotes=item.quotes[:DIGEST_QUOTES]))
    notices = [post.brief for post in posts if post.key.kind is PostKind.NOTICE][-_NOTICES:]
    notes = [_NOTE.format(when(posts[0].created), when(now))]
    if meant_for != destination:
        notes = [_ELSEWHERE.format(meant_for)]
    if len(items) > _ITEMS:
        notes.append(f"The newest {_ITEMS} of {len(items):,} stories")
    brief = Brief(
        kind=BriefKind.DIGEST,
        headline=f"Catching up, {now:%A} {now.day} {now:%B %Y}, {now:%H:%M} UTC",
        made=now,
        items=tuple(items.values())[:_ITEMS],
        notes=(*notes, *(f"{when(brief.made)}: {brief.headline}" for brief in notices)),
    )
    slot = f"{CATCH_UP} {now:%H:%M:%S}"
    key = PostKey(
        kind=PostKind.DIGEST, destination=destination, subject=(slot, now.date().isoformat())
    )
    return DesiredPost(key=key, revision=1, brief=brief)


def substance(brief: Brief) -> str:
    """What a message of its own would have to differ in from the digest that told it.

    Titles, corrections and quotes, not who else carries the story.
    """
    said = [
        brief.headline,
        *(part for item in brief.items for part in (item.title, *item.changes)),
        *(quote.text for item in brief.items for quote in item.quotes),
    ]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]
