"""What people say to the bot in Slack, over signed HTTP, and what they get."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest
from ruamel.yaml import YAML

from bot.adapters.slack.examine import REQUIRED
from bot.bootstrap.app import App
from bot.bootstrap.health import problems
from bot.bootstrap.loops import CONSUMERS, backlog, beat
from bot.bootstrap.settings import Settings, settings_from, shipped
from bot.bootstrap.slack import SlackSettings
from bot.domain.channels import Channel, Configuration, Destination
from bot.domain.errors import UsageError
from bot.domain.people import Person
from bot.domain.posts import DesiredPost, PostKey, PostKind
from bot.domain.secrets import Secret
from bot.domain.watch import Phrase, Topic, Watchlists
from handlers.slack.listeners import LISTENERS
from handlers.slack.typed import typed
from handlers.web import asgi
from tests.builders import make_brief
from tests.services.claiming import Entries
from tests.services.slack_calls import (
    SECRET,
    as_form,
    as_interaction,
    command,
    event,
    press,
    signed,
)
from tests.services.slack_server import SlackServer, shown
from tests.services.test_ask import SAID, make_said

DESK = Destination.parse("slack:#nato-desk")
QUESTION = "what did Rutte say about Article 5?"


@pytest.fixture
async def slack():
    server = SlackServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def app(redis, keys, clock, tmp_path, slack):
    """A bot with one article in its index, its Slack on loopback."""
    settings = Settings(
        config_dir=tmp_path,
        data_dir=tmp_path,
        slack=SlackSettings(
            bot_token=Secret("xoxb-test"), signing_secret=Secret(SECRET), api_url=slack.url
        ),
    )
    topic = Topic(name="NATO spending", any=(Phrase(text="NATO"),))
    config = Configuration(
        channels=(Channel(to=DESK),),
        people=(Person(name="Mark Rutte"),),
        watchlists=Watchlists(topics=(topic,)),
    )
    built = App(settings, config, redis, clock=clock)
    built.keys = keys
    await built.articles.load(make_said())
    await built.tail.catch_up()
    yield built
    built.index.close()


@pytest.fixture
async def client(app):
    transport = httpx.ASGITransport(app=asgi(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as opened:
        yield opened


@pytest.fixture
def tell(client):
    """Sends what Slack sends."""

    async def told(body, **about):
        return await client.post("/slack/events", content=body, headers=signed(body, **about))

    return told


def buttons(message):
    return [
        element
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]


# Commands.


async def test_a_question_is_answered_in_the_acknowledgement(tell, slack):
    answer = (await tell(as_form(command(QUESTION)))).json()
    assert answer["response_type"] == "ephemeral"
    assert f"“{SAID.rstrip(',')}”" in shown(answer)
    assert "Mark Rutte" in shown(answer)
    assert [b["text"]["text"] for b in buttons(answer)] == ["Share to channel"]
    assert slack.called("chat.postMessage") == []


@pytest.mark.parametrize("text", ["", "help", "latset"])
async def test_help_is_told_with_lines_that_can_be_typed(tell, text):
    answer = (await tell(as_form(command(text)))).json()
    assert "/nato-brief latest NATO spending" in shown(answer)
    assert buttons(answer) == []


async def test_why_explains_an_article(tell):
    answer = (await tell(as_form(command("why https://wire.example/none?a=1&b=2")))).json()
    assert "Never seen" in shown(answer)


async def test_quotes_and_latest_are_answered(tell):
    assert "Article 5 holds" in shown((await tell(as_form(command("quotes Rutte")))).json())
    assert "Nothing was posted yet." in shown((await tell(as_form(command("latest")))).json())


async def test_in_direct_messages_there_is_no_channel_to_share_to(tell):
    answer = (await tell(as_form(command(QUESTION, channel_id="D0000001")))).json()
    assert buttons(answer) == []


# Who may call.


async def test_a_wrong_signature_and_an_old_one_are_refused(tell):
    body = as_form(command("help"))
    assert (await tell(body, secret="another")).status_code == 401
    assert (await tell(body, age=301)).status_code == 401
    assert (await tell(body)).status_code == 200


# Mentions and direct messages.


async def test_a_mention_is_answered_in_a_thread_under_it(tell, slack):
    body = json.dumps(event("app_mention", f"<@U0000BOT> {QUESTION}"))
    assert (await tell(body)).status_code == 200
    (message,) = slack.messages["C0000001"]
    assert message["thread_ts"] == "17.5"
    assert "Article 5 holds" in shown(message)


async def test_a_mention_told_again_and_its_message_are_answered_once(tell, slack):
    mention = json.dumps(event("app_mention", QUESTION, channel="D0000001"))
    message = json.dumps(event("message", QUESTION, channel="D0000001", channel_type="im"))
    retry = {"x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout"}
    for body, headers in ((mention, {}), (mention, retry), (message, {}), (message, retry)):
        assert (await tell(body, **headers)).status_code == 200
    assert len(slack.called("chat.postMessage")) == 1


async def test_a_direct_message_is_answered_beside_it(tell, slack):
    body = json.dumps(event("message", "help", channel="D0000001", channel_type="im"))
    await tell(body)
    (message,) = slack.messages["D0000001"]
    assert "thread_ts" not in message
    assert "/nato-brief" not in shown(message)


@pytest.mark.parametrize(
    "changes",
    [
        {"channel_type": "channel"},
        {"channel_type": "im", "subtype": "message_changed"},
        {"channel_type": "im", "bot_id": "B0000002"},
    ],
)
async def test_what_is_not_said_to_the_bot_is_left_alone(tell, slack, changes):
    assert (await tell(json.dumps(event("message", QUESTION, **changes)))).status_code == 200
    assert slack.called("chat.postMessage") == []


async def test_an_answer_that_could_not_be_posted_is_asked_for_again(tell, slack):
    slack.refuse("chat.postMessage", "ratelimited", status=429)
    body = json.dumps(event("app_mention", QUESTION))
    assert (await tell(body)).status_code == 503
    assert (await tell(body)).status_code == 200
    assert len(slack.messages["C0000001"]) == 1


# Sharing.


async def test_share_is_recorded_told_and_posted_once(tell, slack, app):
    answer = (await tell(as_form(command(QUESTION)))).json()
    body = as_interaction(press(buttons(answer)[0], f"{slack.root}/response"))
    for _ in range(2):
        assert (await tell(body)).status_code == 200
    said = slack.called("response")[0]
    assert said["replace_original"] is True
    assert "On it: this will be posted here." in shown(said)
    stop = asyncio.Event()
    loops = [asyncio.create_task(CONSUMERS[name](app, stop)) for name in ("jobs", "deliver")]
    while not slack.messages.get("C0000001") or any((await backlog(app)).values()):
        await asyncio.sleep(0.02)
    stop.set()
    await asyncio.gather(*loops)
    (message,) = slack.messages["C0000001"]
    assert "Article 5 holds" in shown(message)
    assert "Shared by ann" in shown(message)


# Trouble.


async def test_an_unexpected_error_is_logged_and_told_with_its_reference(tell, app, caplog, slack):
    async def broken(text, *, now):
        raise ZeroDivisionError("a bug")

    app.converse = broken
    answer = (await tell(as_form(command(QUESTION)))).json()
    (reference,) = [r for r in caplog.text.split() if r.startswith("reference=")]
    assert f"logged as {reference.removeprefix('reference=')}" in answer["text"]
    assert "a bug" not in answer["text"]
    assert (await tell(json.dumps(event("app_mention", QUESTION)))).status_code == 200
    assert "Something went wrong" in slack.messages["C0000001"][0]["text"]


# What is refused.


@pytest.fixture
async def refused(app, redis, keys, clock, slack):
    """A post waits for a channel that Slack says is archived."""
    key = PostKey(kind=PostKind.STORY, destination=DESK, subject=("a1",))
    await app.outbox.want(DesiredPost(key=key, revision=1, brief=make_brief()))
    slack.refuse("chat.postMessage", "is_archived")
    claimed = await Entries(redis, keys, clock).claim("deliveries", put=False)
    await app.deliver(claimed, key)
    (parked,) = await app.waiting.parked()
    return parked


async def test_health_names_a_channel_that_takes_no_posts(app, refused):
    (problem,) = [said for said in await problems(app) if "slack" in said]
    assert problem.startswith("slack:#nato-desk takes no posts since Fri 4 Apr")
    assert "chat.postMessage: is_archived" in problem
    assert problem.endswith("1 post waiting")


async def test_what_waited_goes_out_once_the_channel_is_open_again(
    app, refused, redis, keys, clock, slack
):
    clock.advance(31)
    await beat(app, "look after parked")
    entries = Entries(redis, keys, clock)
    key = PostKey(kind=PostKind.STORY, destination=DESK, subject=("a1",))
    tried = [d.fields for d in await entries.group("deliveries", "w1").read(9)]
    assert {b"k": str(key).encode()} in tried
    await app.deliver(await entries.claim("deliveries"), key)
    assert len(slack.posted(str(key))) == 1
    await beat(app, "look after parked")
    assert await app.waiting.parked() == ()


@pytest.mark.parametrize(
    "body",
    [
        as_form(command("help")),
        json.dumps(event("message", "hello", channel_type="channel")),
        json.dumps(event("member_joined_channel", "")),
    ],
    ids=["a command", "a message", "an invitation"],
)
async def test_whatever_is_heard_has_what_waits_tried_soon(app, refused, redis, keys, tell, body):
    await redis.hincrby(keys.parked_at("slack:#nato-desk"), "next", 900_000)
    assert (await tell(body)).status_code == 200
    (parked,) = await app.waiting.parked()
    assert parked.next_try <= refused.next_try


# The rest.


def test_the_table_names_every_listener_there_is():
    assert list(LISTENERS) == [
        ("command", "/nato-brief"),
        ("action", "share_reply"),
        ("event", "app_mention"),
        ("event", "message"),
    ]


@pytest.mark.parametrize("transport", ["http", "socket"])
def test_manifest_asks_for_what_the_bot_listens_to_and_no_more_than_it_uses(transport):
    text = (shipped("config") / "slack" / f"manifest-{transport}.yaml").read_text()
    manifest = YAML(typ="safe", pure=True).load(text)
    (command_,) = manifest["features"]["slash_commands"]
    events = set(manifest["settings"]["event_subscriptions"]["bot_events"])
    assert ("command", command_["command"]) in LISTENERS
    assert events == {"app_mention", "message.im", "member_joined_channel"}
    # That the bot joined is reason enough to try what waits; it needs no answer.
    heard = {name for kind, name in LISTENERS if kind == "event"}
    assert {event.partition(".")[0] for event in events} == heard | {"member_joined_channel"}
    history = {"channels:history", "groups:history", "channels:read", "groups:read"}
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == {*REQUIRED, *history}
    assert manifest["settings"]["socket_mode_enabled"] is (transport == "socket")
    assert text.count("https://bot.example.org/slack/events") == (3 if transport == "http" else 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<@U0BOT> what  now?", "what now?"),
        ("why <https://a.example/?b=1&amp;c=2|a.example>", "why https://a.example/?b=1&c=2"),
        ("in <#C1|desk> <!here> a &lt; b", "in #desk a < b"),
    ],
)
def test_typed_gives_the_line_that_was_typed(text, expected):
    assert typed(text) == expected


def test_settings_take_slacks_usual_variables():
    found = settings_from({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}).slack
    assert (found.bot_token, found.app_token) == (Secret("xoxb-1"), Secret("xapp-1"))
    assert "xoxb" not in repr(found)
    assert settings_from({}).slack is None


@pytest.mark.parametrize(
    "environment",
    [
        {"SLACK_SIGNING_SECRET": "x"},
        {"SLACK_BOT_TOKEN": "x", "SLACK_API_URL": "http://elsewhere.example/api/"},
    ],
)
def test_settings_that_do_not_fit_are_told(environment):
    with pytest.raises(UsageError):
        settings_from(environment)


async def test_slack_destinations_have_their_sender_only_with_a_token(app, tmp_path):
    desk = Destination(platform="slack", channel="#desk")
    assert app.sender(desk) is app.sender(desk)
    without = App(
        Settings(config_dir=tmp_path, data_dir=tmp_path),
        Configuration(),
        app.redis,
        clock=app.clock,
    )
    assert without.sender(desk) is without.console
