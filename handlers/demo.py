"""``demo``: one Friday in April 2025, from feed files to alerts, a digest and an answer."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bot.bootstrap.demo import Newsroom, demo_server, newsroom
from bot.bootstrap.settings import Settings
from bot.domain.answers import Reply
from bot.domain.errors import UsageError
from bot.domain.posts import Post
from bot.render.html import page
from bot.render.text import reply_text

QUESTION = "what did Rutte say about Article 5?"

#: 4 April 2025 in UTC; the digest is due at five in Brussels.
_NOON = datetime(2025, 4, 4, 12, 0, tzinfo=UTC)
_AFTERNOON = _NOON.replace(hour=14, minute=20)
_FIVE = _NOON.replace(hour=15, minute=0)
_EVENING = _NOON.replace(hour=15, minute=45)


def demo(out: Path) -> None:
    """Walk the seeds through the whole pipeline and write what was posted to ``out``.

    Raises:
        UsageError: ``out`` cannot be written.
        Unavailable: no server program is there.
    """
    if not out.resolve().parent.is_dir():
        raise UsageError(f"--out {out}: there is no folder {out.parent}")
    logging.basicConfig(level=logging.WARNING, format="  %(message)s")
    console = Console(soft_wrap=True)
    with demo_server() as (settings, url):
        document = asyncio.run(_friday(settings, url, console))
    out.write_text(document, "utf-8")
    console.rule(style="dim")
    console.print(f"The same as a page, with links that open: [bold]{out.resolve()}[/bold]")


async def _friday(settings: Settings, url: str, console: Console) -> str:
    async with newsroom(settings, url, start=_NOON) as room:
        feeds = len(room.app.config.feeds)
        _head(console, f"12:00 UTC  First poll of {feeds} feeds: what they list already is no news")
        await room.poll("before", at=_NOON)
        _head(console, "14:20 UTC  The afternoon's news is out")
        await room.poll("after", at=_AFTERNOON)
        _head(console, "17:00 in Brussels  The digest is due")
        await room.digest(at=_FIVE)
        _head(console, "15:45 UTC  An outlet corrected its story")
        await room.poll("later", at=_EVENING)
        _head(console, f"/nato-brief {QUESTION}")
        reply = await _ask(room)
        console.print(reply_text(reply))
        posts = await room.app.outbox.recent(limit=100)
        return room.lasting(_page(posts, reply))


async def _ask(room: Newsroom) -> Reply:
    await room.app.tail.catch_up()
    return await room.app.ask(QUESTION, now=room.app.clock.now())


def _page(posts: tuple[Post, ...], reply: Reply) -> str:
    shown = [post for post in posts if post.key.destination.platform == "console"]
    return page(
        shown,
        made=_EVENING,
        replies=[reply],
        line="Friday 4 April 2025 · a demonstration; the outlets are invented",
    )


def _head(console: Console, text: str) -> None:
    console.rule(f"[bold]{text}", align="left", style="dim")
