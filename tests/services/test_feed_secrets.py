"""A feed whose address or login is a secret: it fails, and nobody is shown what opens it."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from threading import Thread

import pytest

from bot.adapters.clock import Clock
from bot.bootstrap.app import App, open_app
from bot.bootstrap.configuration import load_configuration
from bot.bootstrap.examine import examine
from bot.bootstrap.loops import subscribe
from bot.bootstrap.settings import Settings
from bot.core.config.feeds import feed_id
from bot.domain.errors import ConfigError, UsageError
from bot.domain.fetches import Fetched
from bot.domain.logins import logins_in
from bot.domain.secrets import Secret
from bot.services.log import Discreet
from handlers.cli.feed_states import check, decide_held
from handlers.cli.feeds import add
from handlers.cli.setup import check as check_files
from tests.builders import NOW
from tests.recorders import RecordedFetcher

SECRET = "s3cretVALUE99"


@pytest.fixture
def site() -> Iterator[ThreadingHTTPServer]:
    """Redirects for good to an address with the same secret, where nothing is."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers.get("Authorization")))
            moved = self.path.startswith("/rss")
            self.send_response(301 if moved else 404)
            if moved:
                self.send_header("Location", self.path.replace("/rss", "/gone"))
            self.end_headers()

        def log_message(self, *args):
            pass

    asked = []
    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    site.asked = asked
    thread = Thread(target=site.serve_forever)
    thread.start()
    yield site
    site.shutdown()
    thread.join()
    site.server_close()


@pytest.fixture
def settings(server, tag, tmp_path, site):
    url = f"http://127.0.0.1:{site.server_port}/rss?token={SECRET}&page=2"
    (tmp_path / "feeds.yaml").write_text(
        f'format: 1\nfeeds:\n  - {{url: "{url}", name: Wire, auth: "env:WIRE"}}\n'
    )
    return Settings(
        config_dir=tmp_path,
        data_dir=tmp_path,
        redis_url=Secret(server),
        tag=tag.strip("{}"),
        allow=(ip_network("127.0.0.0/8"),),
        logins=logins_in({"WIRE": f"bearer {SECRET}"}),
    )


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, as ``run`` writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Discreet())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


async def polled(app: App, clock: Clock) -> None:
    await subscribe(app)
    for _ in range(5):
        clock.advance(3600 * 24)
        await app.poll.tick()
        await app.poll.drain()
    await app.watch_feeds.look()


async def stored(app: App) -> str:
    """Every value of the deployment, versions of the files apart."""
    found = []
    async for key in app.redis.scan_iter(f"{app.keys.tag}*"):
        if b"version" in key:
            continue
        found.append(await app.redis.dump(key) or b"")
    return b"\n".join(found).decode("latin-1")


def test_a_failing_feed_with_a_secret_gives_it_away_nowhere(settings, server, log, capsys, site):
    async def run() -> list[str]:
        clock = Clock(NOW)
        async with open_app(settings, load_configuration(settings), server, clock=clock) as app:
            await polled(app, clock)
            (state, _) = (await app.feeds.states())[app.config.feeds[0].id]
            posts = await app.outbox.recent(limit=9)
            briefs = [post.brief for post in posts]
            return [
                await stored(app),
                repr(state),
                repr(posts),
                repr(app.settings),
                *map(repr, briefs),
            ]

    shown = asyncio.run(run())
    assert len(site.asked) == 10
    assert all(SECRET in path and proof == f"Bearer {SECRET}" for path, proof in site.asked)
    for as_json in (True, False):
        with pytest.raises(SystemExit):
            check(settings, as_json=as_json)
    check_files(settings, None, as_json=False)
    url = load_configuration(settings).feeds[0].url
    for refused in (
        lambda: decide_held(settings, url, accept=True),
        lambda: add(settings, url, name=None),
    ):
        with pytest.raises(UsageError) as caught:
            refused()
        shown += [str(caught.value), repr(caught.value)]
    written = capsys.readouterr()
    shown += [log.getvalue(), written.out, written.err, repr(examine(settings))]
    assert f"poll.problem feed={feed_id(url)} url=" in log.getvalue()
    assert "No news from Wire: HTTP 404" in shown[2]
    assert "/gone?token=***&page=2" in shown[2]
    assert [text for text in shown if SECRET in text] == []


def test_a_feed_without_its_login_is_not_asked_and_says_which_variable(
    settings, server, site, capsys
):
    settings = replace(settings, logins={})

    async def run() -> str | None:
        clock = Clock(NOW)
        async with open_app(settings, load_configuration(settings), server, clock=clock) as app:
            await polled(app, clock)
            return next(iter((await app.feeds.states()).values()))[0].problem

    problem = asyncio.run(run())
    assert site.asked == []
    assert problem.startswith("no login: set the variable WIRE to `basic USER:PASSWORD`")
    with pytest.raises(ConfigError, match=r"feeds\.yaml:0:0: no login: set the variable WIRE"):
        check_files(settings, None, as_json=False)
    (login,) = [finding for finding in examine(settings) if finding.name == "logins"]
    assert (login.ok, login.said) == (False, problem)


async def test_links_that_are_posted_do_not_open_the_feed(settings, server, clock):
    url = load_configuration(settings).feeds[0].url
    link = f"https://wire.example/a?id=5&token={SECRET}"
    item = f"<item><title>A</title><link>{link.replace('&', '&amp;')}</link></item>"
    rss = f'<rss version="2.0"><channel><title>W</title>{item}</channel></rss>'.encode()
    async with open_app(settings, load_configuration(settings), server, clock=clock) as app:
        app.poll._fetcher = RecordedFetcher({url: Fetched(status=200, url=url, body=rss)})
        await subscribe(app)
        clock.advance(3600)
        await app.poll.tick()
        await app.poll.drain()
        found = await app.redis.xrange(app.keys.stream("entries"))
        assert len(found) == 1
        assert SECRET.encode() not in b"".join(found[0][1].values())
        assert b"https://wire.example/a?id=5" in b"".join(found[0][1].values())
