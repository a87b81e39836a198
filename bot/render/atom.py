"""Posts as an Atom feed (RFC 4287), for readers who follow the page in a feed reader."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote
from xml.sax.saxutils import escape as _xml

from bot.domain.posts import Brief, Post
from bot.domain.times import iso
from bot.render import words
from bot.render.escape import link, plain


def atom_feed(posts: Sequence[Post], *, base: str, here: str = "", feed: str = "/feed.atom") -> str:
    """The feed document.

    Args:
        posts: The newest first.
        base: Address of the web host in identifiers, without a slash at its end.
        here: The one by which the reader came, which its links begin with; ``base`` by default.
        feed: Path by which the reader comes again.
    """
    here = here or base
    updated = max((post.sent_at or post.created for post in posts), default=None)
    entries = "".join(_entry(post, base=base, here=here) for post in posts)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>nato-brief</title><id>{_xml(base)}/</id>\n"
        f'<link rel="self" href="{_xml(here)}{_xml(feed)}"/><link href="{_xml(here)}/"/>\n'
        f"<updated>{iso(updated) or '1970-01-01T00:00:00Z'}</updated>\n"
        f"{entries}</feed>\n"
    )


def _entry(post: Post, *, base: str, here: str) -> str:
    # Only the page's own posts have a path there; a digest of another destination has its key.
    path = post.handle if post.handle and post.handle.startswith("/") else "/"
    path += f"#{quote(str(post.key))}" if path == "/" else ""
    return (
        f"<entry><title>{_xml(plain(post.brief.headline))}</title>"
        f'<id>{_xml(base + path)}</id><link href="{_xml(here + path)}"/>'
        f"<updated>{iso(post.sent_at or post.created)}</updated>"
        "<author><name>nato-brief</name></author>"
        f"<summary>{_xml(_summary(post.brief))}</summary></entry>\n"
    )


def _summary(brief: Brief) -> str:
    parts: list[str] = []
    for item in brief.items:
        parts.append(plain(item.lead or item.title))
        for said in item.quotes:
            shown = plain(words.uttered(said))
            parts.append(f"{shown} {plain(words.speaker(said))} ({plain(said.outlet)})")
        target = link(item.url)
        if target:
            parts.append(target)
    return " · ".join(parts)
