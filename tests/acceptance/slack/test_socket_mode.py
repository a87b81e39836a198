"""The same listeners over Socket Mode: answers in the ack, no repeat, back after a disconnect."""

from __future__ import annotations

import asyncio

import pytest

from bot.bootstrap.app import App
from bot.bootstrap.settings import Settings
from bot.bootstrap.slack import SlackSettings
from bot.domain.channels import Configuration
from bot.domain.people import Person
from bot.domain.secrets import Secret
from handlers.slack import listen_to_slack
from tests.acceptance.slack.socket_server import SocketServer
from tests.services.slack_calls import command, event, press
from tests.services.slack_server import shown
from tests.services.test_ask import make_said
from tests.waiting import until

QUESTION = "what did Rutte say about Article 5?"


@pytest.fixture
async def slack(redis, keys, clock, tag, tmp_path):
    """Slack's side; the bot listens."""
    server = SocketServer()
    await server.start()
    settings = Settings(
        config_dir=tmp_path,
        data_dir=tmp_path,
        tag=tag.strip("{}"),
        slack=SlackSettings(
            bot_token=Secret("xoxb-test"), app_token=Secret("xapp-test"), api_url=server.url
        ),
    )
    app = App(settings, Configuration(people=(Person(name="Mark Rutte"),)), redis, clock=clock)
    await app.articles.load(make_said())
    await app.tail.catch_up()
    stop = asyncio.Event()
    listening = asyncio.create_task(listen_to_slack(app, stop))
    await server.connected()
    yield server
    stop.set()
    await listening
    app.index.close()
    await server.stop()


async def test_a_command_is_answered_in_the_ack(slack):
    answer = await slack.send("slash_commands", command(QUESTION), accepts_response_payload=True)
    assert answer["payload"]["response_type"] == "ephemeral"
    assert "Article 5 holds for every ally" in shown(answer["payload"])


async def test_a_mention_handed_out_twice_is_answered_once(slack):
    mention = event("app_mention", f"<@U0000BOT> {QUESTION}")
    await slack.send("events_api", mention)
    await slack.send("events_api", mention, retry_attempt=1, retry_reason="timeout")
    (answer,) = slack.called("chat.postMessage")
    assert answer["thread_ts"] == "17.5"


async def test_a_share_is_acknowledged_and_told(slack):
    answer = await slack.send("slash_commands", command(QUESTION), accepts_response_payload=True)
    (button,) = answer["payload"]["blocks"][-1]["elements"]
    await slack.send("interactive", press(button, slack.response_url))
    (told,) = slack.called("response_url")
    assert "On it: this will be posted here." in shown(told)


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("interactive", {"type": "view_submission", "view": 7}),
        ("interactive", {"type": "block_actions", "actions": []}),
        ("slash_commands", {"command": ["/nato-brief"]}),
        ("events_api", {"type": "event_callback", "event": {"type": "app_mention"}}),
        ("events_api", {"type": "event_callback", "event": {"type": "team_join"}}),
        ("events_api", {}),
    ],
)
async def test_what_is_no_call_of_ours_is_acknowledged_and_answered_nowhere(slack, kind, payload):
    answer = await slack.send(kind, payload, accepts_response_payload=True)
    assert not answer.get("payload")
    assert slack.called("chat.postMessage") == slack.called("response_url") == []


async def test_the_bot_comes_back_when_slack_renews_the_connection(slack):
    await slack.refresh()
    await slack.connected(times=2)
    answer = await slack.send("slash_commands", command("help"), accepts_response_payload=True)
    assert "Ask a question" in answer["payload"]["text"]


async def test_it_stops_at_once_where_slack_lets_nobody_in(redis, clock, tag, tmp_path):
    server = SocketServer()
    await server.start()
    server.link = "not an address"
    settings = Settings(
        config_dir=tmp_path,
        data_dir=tmp_path,
        tag=tag.strip("{}"),
        slack=SlackSettings(
            bot_token=Secret("xoxb-test"), app_token=Secret("xapp-test"), api_url=server.url
        ),
    )
    stop = asyncio.Event()
    app = App(settings, Configuration(), redis, clock=clock)
    listening = asyncio.create_task(listen_to_slack(app, stop))
    await until(lambda: bool(server.called("apps.connections.open")))
    stop.set()
    await listening  # the library would try for ever
    await server.stop()
