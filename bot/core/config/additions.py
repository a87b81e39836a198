"""Feeds added to ``feeds.yaml``: its comments, order and layout stay as the admin wrote them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from bot.core.config.loading import FEEDS, load
from bot.core.feeds.opml import Outline, same_feed
from bot.domain.feeds import Feed

#: What a folder without the file begins with.
EMPTY = b"format: 1\nfeeds: []\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Additions:
    """What adding feeds to a file comes to."""

    #: The whole file as it should be.
    content: bytes
    added: tuple[Outline, ...]
    #: Listed already, under this or an equal address.
    known: tuple[Outline, ...]


def with_feeds(content: bytes, outlines: Sequence[Outline]) -> Additions:
    """``content``, a ``feeds.yaml`` without problems, with those of ``outlines`` it lacks.

    Raises:
        ConfigError: the file has problems, or would have some with them; nothing is changed then.
    """
    listed: tuple[Feed, ...] = ()
    if content.strip() != EMPTY.strip():
        listed = load({FEEDS: content}, check_examples=False).feeds
    seen = {same_feed(feed.url) for feed in listed}
    added: list[Outline] = []
    known: list[Outline] = []
    for outline in outlines:
        same = same_feed(outline.url)
        (known if same in seen else added).append(outline)
        seen.add(same)
    if added:
        content = _appended(content, added)
        load({FEEDS: content}, check_examples=False)
    return Additions(content=content, added=tuple(added), known=tuple(known))


def _appended(content: bytes, outlines: Sequence[Outline]) -> bytes:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 100_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    document = yaml.load(content.decode("utf-8-sig"))
    feeds: CommentedSeq = document["feeds"]
    if not feeds:
        feeds = document["feeds"] = CommentedSeq()  # an empty one is written on its line
    for outline in outlines:
        entry = CommentedMap(url=outline.url)
        if outline.name:
            entry["name"] = outline.name[:120]
        entry.fa.set_flow_style()
        feeds.append(entry)
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue().encode()
