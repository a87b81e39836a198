"""The page: masthead, alerts in the wide column, answers and digests beside them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from typing import Final

from bot.domain.answers import Reply
from bot.domain.posts import BriefKind, Post
from bot.render import words
from bot.render.escape import html
from bot.render.html.cards import brief_card, reply_card

#: Stands in the page itself, so that a file of it needs nothing else.
STYLE: Final = (files("bot.render.html") / "page.css").read_text("utf-8")


def page(
    posts: Sequence[Post],
    *,
    made: datetime,
    replies: Sequence[Reply] = (),
    line: str = "",
    feed: str = "/feed.atom",
) -> str:
    """A whole HTML document.

    Args:
        posts: What to show, the newest first; one post alone gets the page to itself.
        made: Now, for the masthead.
        replies: Answered questions, shown beside the alerts.
        line: A word under the masthead instead of the default.
        feed: Address of the Atom feed.
    """
    alerts = [post for post in posts if post.brief.kind is BriefKind.ALERT]
    others = [post for post in posts if post.brief.kind is not BriefKind.ALERT]
    main = "".join(brief_card(post.brief) for post in alerts)
    side = _section("Asked", "".join(map(reply_card, replies))) + _section(
        "Digests and notices", "".join(brief_card(post.brief) for post in others)
    )
    if not posts and not replies:
        main = '<p class="empty">Nothing has been posted yet. Posts appear here as they go out.</p>'
    shape = "columns" if main and side else "columns single"
    column = _section("Alerts" if alerts else "", main) if main else ""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="alternate" type="application/atom+xml" href="{html(feed)}">'
        f"<title>nato-brief</title><style>{STYLE}</style></head><body><div class=wrap>"
        '<header class=masthead><a class=name href="/">nato-brief</a>'
        f"<span class=line>{html(line or words.when(made))}</span></header>"
        f"<main class='{shape}'>{column}"
        f"{f'<div class=side>{side}</div>' if side else ''}</main>"
        "<footer class=foot>Quotes are verbatim from the linked article; a name appears only where"
        " the text settles who spoke.</footer></div></body></html>\n"
    )


def _section(title: str, body: str) -> str:
    if not body:
        return ""
    head = f"<h2>{html(title)}</h2>" if title else ""
    return f"<section>{head}{body}</section>"
