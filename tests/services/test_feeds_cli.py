"""``feeds check``, ``accept``, ``drop``, ``add``, ``import`` and ``export``, on the real server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from threading import Thread

import pytest

from bot.adapters.clock import Clock
from bot.adapters.redis.connect import connect
from bot.adapters.redis.feed_log import RedisFeedLog
from bot.adapters.redis.feed_store import RedisFeedStore
from bot.adapters.redis.keys import Keys
from bot.bootstrap.settings import Settings, shipped
from bot.core.config.feeds import feed_id
from bot.domain.errors import Unavailable, UsageError
from bot.domain.feeds import FeedState, FeedStatus, FeedUpdate
from bot.domain.secrets import Secret
from handlers.cli.feed_states import check, decide_held
from handlers.cli.feeds import add, export_opml, import_opml
from tests.builders import make_article, make_entry, make_feed

WIRE, COAST = "https://wire.example/rss", "https://coast.example/rss"
FILE = f"""format: 1
feeds:
  - {{url: "{WIRE}", name: Wire}}  # the agency
  - {{url: "{COAST}", name: Coast}}
"""


@pytest.fixture
def settings(server, tag, tmp_path):
    (tmp_path / "feeds.yaml").write_text(FILE)
    return Settings(
        config_dir=tmp_path, data_dir=tmp_path, redis_url=Secret(server), tag=tag.strip("{}")
    )


@pytest.fixture
def polled(server, tag):
    """Polls of a running bot: the agency's failed, the coast's held forty entries."""

    async def polled() -> None:
        redis, keys, clock = await connect(server), Keys(tag), Clock()
        store = RedisFeedStore(redis, keys, clock)
        feeds = [make_feed(id=feed_id(url), url=url) for url in (WIRE, COAST)]
        await store.subscribe(feeds, first_due={})
        now = datetime.now(UTC)
        states = {
            feed_id(WIRE): FeedState(
                polls=3, failures=2, problem="HTTP 503", status=FeedStatus.FAILING
            ),
            feed_id(COAST): FeedState(polls=3, last_success=now, interval=900.0),
        }
        for claim in await store.claim_due(9):
            held = [make_entry(key=f"k{n}") for n in range(40)]
            update = FeedUpdate(
                feed_id=claim.feed_id,
                state=states[claim.feed_id],
                next_due=now + timedelta(minutes=15),
                held=tuple(held) if claim.feed_id == feed_id(COAST) else (),
            )
            assert await store.settle(claim, update)
        article = make_article(
            feed_id=feed_id(COAST), first_seen=now, published=now - timedelta(minutes=4)
        )
        await RedisFeedLog(redis, keys, clock).was_read(article)
        await redis.aclose()

    return polled


def on_loop(work: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(work())


def test_feeds_check_shows_every_feed_and_fails_when_one_does(settings, polled, capsys):
    on_loop(polled)
    with pytest.raises(SystemExit):
        check(settings, as_json=True)
    wire, coast = map(json.loads, capsys.readouterr().out.splitlines())
    assert (wire["state"], wire["problem"], wire["failures"]) == ("failing", "HTTP 503", 2)
    assert (coast["state"], coast["held"], coast["interval"]) == ("held", 40, 900.0)
    assert coast["seen_after"] == {"p50": 240.0, "p95": 240.0, "measured": 1}
    with pytest.raises(SystemExit):
        check(settings, as_json=False)
    shown = capsys.readouterr().out
    assert "failing: HTTP 503 (2 polls)" in shown
    assert "held: 40 entries" in shown
    assert "2 feeds, 0 fine" in shown


def test_feeds_check_shows_a_feed_whose_host_nobody_is_blamed_for(settings, server, tag, capsys):
    async def polled() -> None:
        redis, keys, clock = await connect(server), Keys(tag), Clock()
        store = RedisFeedStore(redis, keys, clock)
        await store.subscribe([make_feed(id=feed_id(WIRE), url=WIRE)], first_due={})
        (claim,) = await store.claim_due(9)
        now = datetime.now(UTC)
        state = FeedState(doubted=now, doubt="the host name cannot be resolved")
        update = FeedUpdate(feed_id=claim.feed_id, state=state, next_due=now)
        assert await store.settle(claim, update)
        await redis.aclose()

    on_loop(polled)
    with pytest.raises(SystemExit):
        check(settings, as_json=False)
    said = "unreached: the host name cannot be resolved; perhaps it is our own network"
    assert said in " ".join(capsys.readouterr().out.split())


def test_feeds_check_of_feeds_never_polled_is_no_trouble(settings, capsys):
    check(settings, as_json=False)
    assert "waiting" in capsys.readouterr().out


@pytest.mark.parametrize("accept", [True, False])
@pytest.mark.parametrize("named", ["coast", "http://www.coast.example/rss/", feed_id(COAST)])
def test_held_entries_are_decided_about_by_name_address_or_id(
    settings, polled, capsys, accept, named
):
    on_loop(polled)
    decide_held(settings, named, accept=accept)
    done = "passed on" if accept else "dropped"
    assert f"40 entries of Coast {done}" in capsys.readouterr().err
    with pytest.raises(UsageError, match="nothing is held"):
        decide_held(settings, named, accept=accept)


def test_a_feed_nobody_knows_is_told_so(settings):
    with pytest.raises(UsageError, match="no feed 'Nowhere'"):
        decide_held(settings, "Nowhere", accept=True)


def test_opml_goes_in_and_out(settings, tmp_path, capsys):
    theirs = tmp_path / "theirs.opml"
    theirs.write_text(
        f'<opml><body><outline text="Bay" xmlUrl="https://bay.example/rss"/>'
        f'<outline text="W" xmlUrl="{WIRE}"/></body></opml>'
    )
    import_opml(settings, theirs)
    assert "1 feed added, 1 listed already" in capsys.readouterr().err
    assert (tmp_path / "feeds.yaml").read_text().startswith(FILE)
    ours = tmp_path / "ours.opml"
    export_opml(settings, ours)
    export_opml(settings, None)
    assert capsys.readouterr().out == ours.read_text()
    assert 'text="Bay"' in ours.read_text()


def test_what_cannot_be_imported_or_written_is_said(settings, tmp_path):
    with pytest.raises(Unavailable, match="cannot read"):
        import_opml(settings, tmp_path / "none.opml")
    (tmp_path / "bad.opml").write_text("<html/>")
    with pytest.raises(UsageError, match="an HTML page"):
        import_opml(settings, tmp_path / "bad.opml")
    with pytest.raises(Unavailable, match="cannot write"):
        export_opml(settings, tmp_path / "no" / "folder.opml")


def test_feeds_add_finds_the_feed_behind_a_site(settings, tmp_path, capsys):
    feed = b'<rss version="2.0"><channel><title>Bay</title><item><title>x</title></item></channel>'
    pages = {
        "/": b'<link rel=alternate type="application/rss+xml" href="/a">'
        b'<link rel=alternate type="application/rss+xml" href="/b">',
        "/a": feed + b"</rss>",
        "/b": feed + b"</rss>",
    }

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path in pages else 404)
            self.end_headers()
            self.wfile.write(pages.get(self.path, b""))

        def log_message(self, *_said):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as site:
        Thread(target=site.serve_forever, daemon=True).start()
        ours = replace(settings, allow=(ip_network("127.0.0.0/8"),))
        base = f"http://127.0.0.1:{site.server_port}"
        add(ours, base, name="The Bay")
        said = capsys.readouterr().err
        assert f"{base}/a (Bay, rss20, 1 entry)" in said
        assert f"Also there: {base}/b" in said
        add(ours, base, name=None)
        assert "Listed already" in capsys.readouterr().err
        pages["/"] = b"<html>nothing</html>"
        with pytest.raises(UsageError, match="no feed behind"):
            add(ours, base, name=None)
        site.shutdown()
    assert (tmp_path / "feeds.yaml").read_text().endswith(f"{base}/a, name: The Bay}}\n")


def test_a_list_that_is_far_too_large_is_refused(settings, tmp_path):
    with (tmp_path / "huge.opml").open("wb") as file:
        file.truncate(17 * 1024 * 1024)
    with pytest.raises(UsageError, match="larger than 16 MiB"):
        import_opml(settings, tmp_path / "huge.opml")


def test_the_feeds_that_came_with_the_package_are_not_edited(settings, tmp_path):
    ours = replace(settings, config_dir=shipped("config"))
    (tmp_path / "one.opml").write_text('<opml><outline xmlUrl="https://bay.example/rss"/></opml>')
    with pytest.raises(Unavailable, match="nato-brief init"):
        import_opml(ours, tmp_path / "one.opml")


def test_a_name_of_two_feeds_is_asked_for_by_id(settings, tmp_path):
    (tmp_path / "feeds.yaml").write_text(FILE.replace("name: Coast", "name: Wire"))
    with pytest.raises(UsageError, match=f"give an id: {feed_id(WIRE)}"):
        decide_held(settings, "wire", accept=True)


def test_feeds_add_says_why_a_site_cannot_be_had(settings):
    with pytest.raises(UsageError, match="refused: a private address"):
        add(settings, "http://127.0.0.1:9/", name=None)
