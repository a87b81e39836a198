"""A feed of summaries, its pages, and what becomes of them: from the poll to the stored article."""

from __future__ import annotations

import asyncio

import pytest

from bot.bootstrap.loops import CONSUMERS
from bot.domain.news import EntryReason, TextState
from bot.domain.watch import Phrase, Topic, Watchlists
from tests.acceptance.feeds.documents import item, rss
from tests.acceptance.feeds.feed_server import HOSTS, Answer
from tests.acceptance.feeds.polling import HOUR
from tests.recorders import RecordedSender
from tests.waiting import until

pytestmark = pytest.mark.slow

SHIPS = Watchlists(topics=(Topic(name="Ships", any=(Phrase(text="ferry"),)),), version="ships")


def page(month: str) -> Answer:
    story = "".join(
        f"<p>Paragraph {n} of the story tells how the ferry lies in the ice of the bay.</p>"
        for n in range(8)
    )
    said = f"<p>“The ferry sails in {month},” said Ann Holm, the harbour master of the bay.</p>"
    body = f"<html><body><article><h1>The ferry waits</h1>{said}{story}</article></body></html>"
    return Answer(body=body.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def quoted(readers: RecordedSender) -> set[str]:
    """What is said in the messages as they stand."""
    return {q.text for brief in readers.shown() for item_ in brief.items for q in item_.quotes}


async def test_a_page_behind_a_redirect_is_read_and_its_later_edit_is_told(start, site, feed):
    link = site.url("/ferry", host=HOSTS[2])
    site.answers["/ferry"] = Answer(
        status=301, headers={"Location": site.url("/2025/ferry", host=HOSTS[3])}
    )
    site.answers["/2025/ferry"] = page("May")
    site.answers["/feed"] = rss(
        item("a", title="The ferry waits", link=link, text="The ferry waits for spring.")
    )
    polling = await start(feed(), watchlists=SHIPS)
    app, stop = polling.app, asyncio.Event()
    readers = RecordedSender(app.clock)
    app.sender = lambda _: readers
    loops = [
        asyncio.create_task(CONSUMERS[name](app, stop))
        for name in ("read", "look again", "desk", "deliver")
    ]

    async def article_of(revision: int):
        (entry, *_) = await polling.entries()

        async def found():
            record = await app.articles.latest(entry.article_id)
            return record and record.article.revision == revision and record.article

        return await until(found)

    try:
        await polling.poll()
        first = await article_of(1)
        assert (first.state, first.reason) == (TextState.FULL, EntryReason.NEW)
        assert [quote.text for quote in first.quotes] == ["The ferry sails in May,"]
        await until(lambda: quoted(readers) == {"The ferry sails in May,"})
        site.answers["/2025/ferry"] = page("June")
        app.clock.advance(HOUR + 60)
        edited = await article_of(2)
        assert edited.reason is EntryReason.EDITED
        assert [quote.text for quote in edited.quotes] == ["The ferry sails in June,"]
        await until(lambda: quoted(readers) == {"The ferry sails in June,"})
        assert site.times_asked("/2025/ferry") == 2
        assert site.times_asked("/robots.txt") == 2  # each host's own
    finally:
        stop.set()
        await asyncio.gather(*loops)
