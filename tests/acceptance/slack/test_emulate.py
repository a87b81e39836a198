"""The way of an article into a Slack channel, and a question back out of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_network

import httpx
import pytest

from bot.adapters.clock import Clock
from bot.adapters.files import read_folder
from bot.adapters.seed_server import BASE, SeedServer
from bot.bootstrap.app import App, open_app
from bot.bootstrap.demo import Newsroom
from bot.bootstrap.loops import CONSUMERS
from bot.bootstrap.settings import Settings, shipped
from bot.bootstrap.slack import SlackSettings
from bot.core.config import load
from bot.core.feeds.settings import PollSettings
from bot.domain.channels import Alerts, Channel, Configuration, Destination
from bot.domain.secrets import Secret
from bot.render.slack import problems
from bot.services.pages import PageLimits
from handlers.web import asgi
from tests.acceptance.slack.emulator import EMULATE, TOKEN, Emulator, emulator
from tests.hostile import hostile_seeds
from tests.missing import needed
from tests.services.slack_calls import SECRET, as_form, command, signed
from tests.services.slack_server import shown

pytestmark = pytest.mark.slow

NOON = datetime(2025, 4, 4, 12, 0, tzinfo=UTC)
AFTERNOON = datetime(2025, 4, 4, 14, 20, tzinfo=UTC)
EVENING = datetime(2025, 4, 4, 18, 40, tzinfo=UTC)


@pytest.fixture(scope="session")
def script():
    return needed(EMULATE.install)


@pytest.fixture
async def slack(script, tmp_path) -> AsyncIterator[Emulator]:
    async with emulator(script, tmp_path) as running:
        yield running


@asynccontextmanager
async def newsroom(
    slack: Emulator, url: str, settings: Settings
) -> AsyncIterator[tuple[App, Newsroom]]:
    """The seeds' newsroom, whose one channel is in Slack."""
    seeds = SeedServer(hostile_seeds(settings.data_dir))
    base = await seeds.start()
    clock = Clock(NOON)
    stop = asyncio.Event()
    files = {**read_folder(shipped("config")), **read_folder(shipped("seeds") / "config")}
    config = load({n: text.replace(BASE.encode(), base.encode()) for n, text in files.items()})
    try:
        async with open_app(settings, _only(config, slack.channel), url, clock=clock) as app:
            feeds = app.config.feeds
            await app.feeds.subscribe(feeds, first_due={feed.id: NOON for feed in feeds})
            loops = [asyncio.create_task(loop(app, stop)) for loop in CONSUMERS.values()]
            try:
                yield app, Newsroom(app, seeds, clock)
            finally:
                stop.set()
                await asyncio.gather(*loops)
    finally:
        await seeds.stop()


def _only(config: Configuration, channel: str) -> Configuration:
    desk = Destination(platform="slack", channel=channel)
    return replace(config, channels=(Channel(to=desk, alerts=Alerts(from_score=4)),))


async def test_articles_become_messages_that_grow_and_questions_are_answered(
    slack, server, tag, tmp_path
):
    settings = Settings(
        config_dir=tmp_path,
        data_dir=tmp_path,
        tag=tag.strip("{}"),
        allow=(ip_network("127.0.0.0/8"),),
        # One server has all the seeds' feeds and pages, and the story has its own clock.
        pages=PageLimits(spacing=0),
        polling=PollSettings(longest=900.0, longest_tier_1=900.0, per_host=100),
        slack=SlackSettings(
            bot_token=Secret(TOKEN), signing_secret=Secret(SECRET), api_url=slack.url
        ),
    )
    async with newsroom(slack, server, settings) as (app, room):
        await room.poll("before", at=NOON)
        await room.poll("after", at=AFTERNOON)
        posted = {message["ts"]: message for message in await slack.messages()}
        assert len(posted) == 5
        keys = {message["metadata"]["event_payload"]["key"] for message in posted.values()}
        assert len(keys) == 5
        assert [problems(message) for message in posted.values()] == [()] * 5
        (finland,) = [ts for ts, m in posted.items() if "Finland sets" in m["text"]]
        assert "goal of 3.5%" in posted[finland]["text"]

        await room.poll("later", at=EVENING)
        grown = {message["ts"]: message for message in await slack.messages()}
        assert grown.keys() == posted.keys()
        assert "Updated alert: Finland sets defense spending goal of 3%" in grown[finland]["text"]
        assert "Headline corrected" in shown(grown[finland])
        assert [ts for ts in posted if shown(grown[ts]) != shown(posted[ts])] == [finland]

        await app.tail.catch_up()
        await ask(app, await team_of(slack))


async def team_of(slack):
    return (await slack.call("auth.test"))["team_id"]


async def ask(app, team):
    """Signed commands to the bot's web host, and two that nobody may send."""
    body = as_form(command("what did Rutte say about Article 5?", team_id=team))
    transport = httpx.ASGITransport(app=asgi(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as people:

        async def told(**about):
            headers = signed(body, now=app.clock.now(), **about)
            return await people.post("/slack/events", content=body, headers=headers)

        answer = (await told()).json()
        assert answer["response_type"] == "ephemeral"
        assert "the U.S. is fully committed to NATO and to Article 5" in shown(answer)
        assert problems(answer) == ()
        assert (await told(secret="not the secret")).status_code == 401
        assert (await told(age=301)).status_code == 401
