"""``feeds add``, ``import`` and ``export``: the list of feeds as files, no server needed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.bootstrap.configuration import load_configuration
from bot.bootstrap.lone import add_feeds, discovery
from bot.bootstrap.settings import Settings
from bot.core.feeds.opml import Outline, opml_text, parse_opml
from bot.domain.addresses import hidden_in, shown_in
from bot.domain.controls import tame
from bot.domain.errors import Unavailable, UsageError
from bot.render.words import count
from bot.services.discover import FoundFeed

#: Larger OPML files are refused, in bytes.
_MOST = 16 * 1024 * 1024


def add(settings: Settings, url: str, *, name: str | None) -> None:
    """Find the feed behind an address and add it to ``feeds.yaml``."""

    async def find() -> tuple[FoundFeed, ...]:
        async with discovery(settings) as discover:
            return await discover(url)

    found = asyncio.run(find())
    if not found:
        raise UsageError(f"no feed behind {url}: neither announced nor at the usual addresses")
    first, *others = found
    outline = Outline(url=first.url, name=name or first.title)
    additions = add_feeds(settings, (outline,))
    said = f"{first.url} ({first.title or 'no title'}, {first.format}, {_entries(first)})"
    if additions.known:
        _say(f"Listed already: {said}")
    else:
        _say(f"Added to {settings.config_dir / 'feeds.yaml'}: {said}")
    for other in others:
        _say(f"Also there: {other.url} ({other.title or 'no title'}, {_entries(other)})")


def import_opml(settings: Settings, file: Path) -> None:
    """Add every feed of an OPML list to ``feeds.yaml``."""
    try:
        with file.open("rb") as opened:
            data = opened.read(_MOST + 1)
    except OSError as error:
        raise Unavailable(f"cannot read {file}: {error.strerror}") from error
    if len(data) > _MOST:
        raise UsageError(f"{file} is larger than {_MOST // 1024**2} MiB")
    outlines = parse_opml(data)
    if isinstance(outlines, str):
        raise UsageError(f"{file}: {outlines}")
    additions = add_feeds(settings, outlines)
    added = count(len(additions.added), "feed")
    _say(f"{added} added, {len(additions.known):,} listed already")


def export_opml(settings: Settings, file: Path | None) -> None:
    """Write the configured feeds as an OPML list, to standard output unless a file is named."""
    feeds = load_configuration(settings).feeds
    secret = [feed.name for feed in feeds if hidden_in(feed.url)]
    if secret:
        _say(f"Pass it on with care, the addresses of these may hold secrets: {', '.join(secret)}")
    text = opml_text(feeds, title="nato-brief")
    if file is None:
        sys.stdout.write(text)
        return
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise Unavailable(f"cannot write {file}: {error.strerror}") from error
    _say(f"{count(len(feeds), 'feed')} written to {file}")


def _entries(feed: FoundFeed) -> str:
    return "1 entry" if feed.entries == 1 else f"{feed.entries:,} entries"


def _say(text: str) -> None:
    sys.stderr.write(f"{tame(shown_in(text))}\n")
