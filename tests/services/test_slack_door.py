"""Who gets in at ``/slack/events``, and what becomes of what is no call of ours."""

from __future__ import annotations

import asyncio
import json
import logging
from random import Random

import httpx
import pytest

from bot.bootstrap.app import App
from bot.bootstrap.settings import Settings
from bot.bootstrap.slack import SlackSettings
from bot.domain.channels import Configuration
from bot.domain.conversation import Help
from bot.domain.secrets import Secret
from bot.services.converse import EXAMPLES
from handlers.slack.host import FOREIGN, Behind
from handlers.web import asgi
from tests.services.broken_bodies import BROKEN, MARK, TYPES, bent
from tests.services.slack_calls import (
    SECRET,
    as_form,
    as_interaction,
    command,
    event,
    press,
    signed,
)
from tests.services.slack_forgeries import AT, NAMES, forgeries, harmful, proof
from tests.services.slack_server import SlackServer

SHARE = {"action_id": "share_reply", "value": json.dumps({"q": "who won?", "at": AT})}


@pytest.fixture
async def slack():
    server = SlackServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def elsewhere():
    """A server that is not Slack's."""
    server = SlackServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def app(redis, clock, tag, tmp_path, slack):
    """A bot that answers every line with its help."""
    settings = Settings(
        config_dir=tmp_path,
        data_dir=tmp_path,
        tag=tag.strip("{}"),
        slack=SlackSettings(
            bot_token=Secret("xoxb-test"), signing_secret=Secret(SECRET), api_url=slack.url
        ),
    )
    made = App(settings, Configuration(), redis, clock=clock)

    async def converse(text, *, now):
        return Help(examples=EXAMPLES[:1])

    made.__dict__["converse"] = converse
    yield made
    if "index" in made.__dict__:
        made.index.close()


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


@pytest.fixture
def log(caplog):
    """Everything that is logged, by whomever."""
    caplog.set_level(logging.DEBUG)
    return caplog


# Without a signature.


@pytest.mark.parametrize("name", NAMES)
async def test_what_is_not_signed_is_refused_unread(client, slack, log, redis, tag, name):
    for body in [*harmful(f"{slack.root}/response"), *BROKEN]:
        forged = dict(forgeries(body))[name]
        for types in TYPES:
            headers = [*forged, *((b"content-type", each) for each in types)]
            answer = await client.post("/slack/events", content=body, headers=headers)
            assert (answer.status_code, answer.text) == (401, "not signed by Slack")
    assert slack.calls == []
    assert await redis.keys(f"{tag}*") == []
    assert MARK not in log.text


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_only_posts_are_taken(client, slack, method):
    body = json.dumps(event("app_mention", MARK))
    answer = await client.request(method, "/slack/events", content=body, headers=signed(body))
    assert answer.status_code == 405
    assert slack.calls == []


async def test_a_refusal_is_logged_without_what_was_refused(client, log):
    for number in range(9):
        body = f"{MARK} {number}"
        await client.post("/slack/events?" + MARK, content=body, headers=signed(body, secret="x"))
    refused = [record.getMessage() for record in log.records if "refused" in record.getMessage()]
    # One text, which the log writes down once a minute.
    assert set(refused) == {"slack.refused status=401 why='not signed by Slack'"}


# With one.


@pytest.mark.parametrize("chunks", [1, 7, 1000])
async def test_a_body_in_pieces_is_the_same_body(client, chunks):
    body = as_form(command("help")).encode()

    async def pieces():
        for at in range(0, len(body), chunks):
            yield body[at : at + chunks]

    answer = await client.post(
        "/slack/events", content=pieces(), headers=signed(body.decode(), **{"content-length": "3"})
    )
    assert "Ask a question" in answer.text


async def test_what_is_too_long_is_not_read_to_its_end(client):
    sent = 0

    async def endless():
        nonlocal sent
        while sent < 64:
            sent += 1
            yield b"x" * 65_536

    answer = await client.post("/slack/events", content=endless(), headers=signed("x"))
    assert (answer.status_code, answer.text) == (413, "too long")
    assert sent < 20


@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
async def test_a_broken_body_is_refused_and_not_asked_for_again(client, slack, log, body):
    for types in TYPES:
        headers = [*proof(body), *((b"content-type", each) for each in types)]
        answer = await client.post("/slack/events", content=body, headers=headers)
        assert answer.status_code in {400, 415}
        assert answer.headers["x-slack-no-retry"] == "1"
    assert slack.calls == []
    assert MARK not in log.text


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "view_submission", "view": {"state": {}}},
        {"type": "view_closed"},
        {"type": "shortcut", "callback_id": "x"},
        {"type": "message_action", "callback_id": "x"},
        {"type": "interactive_message", "actions": []},
        {"type": "of_next_year"},
        press({"action_id": "of_another_bot", "value": "{"}, "https://evil.example/"),
        press({"action_id": "a_select"}, "", channel=None),
    ],
    ids=lambda payload: payload["type"],
)
async def test_what_nobody_listens_to_is_acknowledged(tell, slack, payload):
    answer = await tell(as_interaction(payload))
    assert (answer.status_code, answer.content) == (200, b"")
    assert slack.called("chat.postMessage") == slack.called("response") == []


async def test_options_nobody_has_are_none(tell):
    assert (await tell(as_interaction({"type": "block_suggestion"}))).json() == {"options": []}


@pytest.mark.parametrize(
    "told",
    [
        json.dumps({"type": "app_rate_limited"}),
        json.dumps(event("channel_rename", "", channel={"id": "C1"})),
        as_form(command("x", command="/another")),
        "ssl_check=1&token=x",
    ],
)
async def test_other_events_commands_and_checks_are_acknowledged(tell, slack, told):
    answer = await tell(told)
    assert (answer.status_code, answer.content) == (200, b"")
    assert slack.called("chat.postMessage") == []


async def test_slacks_challenge_is_given_back(tell):
    answer = await tell(json.dumps({"type": "url_verification", "challenge": "3eZb"}))
    assert answer.json() == {"challenge": "3eZb"}


@pytest.mark.parametrize(
    "changes",
    [
        {"event": {}},
        {"event": []},
        {"event": None},
        {"event": {"type": "app_mention", "channel": "C1"}},
        {"event": {"type": "app_mention", "ts": "1.5"}},
        {"event": {"type": "message", "channel": {"id": "C1"}, "ts": "1.5"}},
        {"authorizations": {}},
        {"authorizations": [7]},
        {"team_id": 7},
    ],
)
async def test_an_event_of_another_shape_is_refused_and_nothing_posted(tell, slack, changes):
    answer = await tell(json.dumps({**event("app_mention", MARK), **changes}))
    assert answer.status_code == 400
    assert MARK not in answer.text
    assert slack.called("chat.postMessage") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"actions": []},
        {"actions": None},
        {"actions": [{"action_id": "share_reply"}]},
        {"actions": [{**SHARE, "value": "{"}]},
        {"actions": [{**SHARE, "value": '{"q":"x","at":1e400}'}]},
        {"actions": [{**SHARE, "value": '{"q":"x","at":-1}'}]},
        {"actions": [{**SHARE, "value": '{"q":["x"],"at":1}'}]},
        {"channel": None},
        {"user": "U1"},
        {"team": [], "user": {"id": "U1"}},
    ],
)
async def test_a_press_of_another_shape_is_refused_and_nothing_shared(tell, app, slack, changes):
    body = press(SHARE, f"{slack.root}/response", **changes)
    assert (await tell(as_interaction(body))).status_code == 400
    assert slack.called("response") == []
    assert await app.redis.exists(app.keys.stream("jobs")) == 0


async def test_bent_calls_get_an_answer_and_nothing_is_said_but_where_they_were_made(
    tell, slack, log
):
    random = Random(7)
    calls = [
        event("app_mention", "help"),
        event("message", "help", channel_type="im"),
        press(SHARE, f"{slack.root}/response"),
        press({"action_id": "another"}, f"{slack.root}/response"),
        {"type": "url_verification", "challenge": "x"},
    ]
    seen = set()
    for _ in range(500):
        call = bent(random.choice(calls), random)
        while random.random() < 0.3:
            call = bent(call, random)
        body = as_interaction(call) if random.random() < 0.5 else json.dumps(call)
        seen.add((await tell(body)).status_code)
    for _ in range(100):
        form = bent(command("help"), random)
        seen.add((await tell(as_form(form) if isinstance(form, dict) else "x")).status_code)
    assert seen == {200, 400}
    assert {sent["channel"] for sent in slack.called("chat.postMessage")} <= {
        "C0000001",
        "x",
        "é" * 300,
    }
    assert "slack.failed" not in log.text


# Where answers go.


async def test_a_press_is_answered_nowhere_but_at_slack(tell, elsewhere, app, log):
    body = press(SHARE, f"{elsewhere.root}/response")
    assert (await tell(as_interaction(body))).status_code == 200
    assert elsewhere.calls == []
    assert "does not lead to Slack" in log.text
    assert elsewhere.root not in log.text
    assert await app.redis.xlen(app.keys.stream("jobs")) == 1


async def test_a_failure_is_told_nowhere_but_at_slack(tell, elsewhere, app):
    async def broken(question, *, now):
        raise ZeroDivisionError

    app.__dict__["ask"] = broken
    body = press(SHARE, f"{elsewhere.root}/response")
    assert (await tell(as_interaction(body))).status_code == 200
    assert elsewhere.calls == []


async def test_socket_mode_takes_no_other_address_either(app, elsewhere):
    await Behind(app).take(press(SHARE, f"{elsewhere.root}/response"))
    assert elsewhere.calls == []


async def test_a_failure_is_told_where_it_was_asked_and_nowhere_else(tell, slack, app):
    async def broken(text, *, now):
        raise ZeroDivisionError

    app.__dict__["converse"] = broken
    told = {**event("app_mention", "x"), "channel": "C0000009", "channel_id": "C0000009"}
    assert (await tell(json.dumps(told))).status_code == 200
    assert [sent["channel"] for sent in slack.called("chat.postMessage")] == ["C0000001"]


# Other workspaces.


async def test_another_workspace_is_turned_away_in_our_words(tell, slack):
    answer = await tell(as_form(command("help", team_id="T9999999")))
    assert answer.json()["text"] == FOREIGN
    assert answer.json()["response_type"] == "ephemeral"
    body = press(SHARE, f"{slack.root}/response", team={"id": "T9999999"})
    assert (await tell(as_interaction(body))).content == b""
    assert [said["text"] for said in slack.called("response")] == [FOREIGN]
    told = event("app_mention", "help", team="T9999999")
    assert (await tell(json.dumps(told))).content == b""
    assert slack.called("chat.postMessage") == []


async def test_a_call_that_names_no_workspace_is_not_ours(tell, slack):
    told = {**event("app_mention", "help"), "team_id": None, "authorizations": None}
    assert (await tell(json.dumps(told))).status_code == 200
    assert slack.called("chat.postMessage") == []


async def test_a_guest_in_a_shared_channel_is_answered(tell, slack):
    told = event("app_mention", "help", team="T9999999", user_team="T9999999")
    told["authorizations"] = [{"team_id": "T0000001"}]
    assert (await tell(json.dumps(told))).status_code == 200
    assert len(slack.called("chat.postMessage")) == 1


async def test_what_the_bot_said_itself_is_not_answered(tell, slack):
    told = event("message", "help", channel_type="im", user="U0000BOT")
    assert (await tell(json.dumps(told))).status_code == 200
    assert slack.called("chat.postMessage") == []


# The same again.


async def test_a_command_sent_twice_is_answered_once(tell):
    body = as_form(command("help"))
    assert "Ask a question" in (await tell(body)).text
    again = await tell(body, age=5)
    assert (again.status_code, again.content) == (200, b"")
    assert "Ask a question" in (await tell(as_form(command("help")))).text


@pytest.mark.parametrize("known_by", ["trigger_id", "action_ts"])
async def test_a_press_sent_twice_is_one_share_and_one_word(tell, slack, app, known_by):
    body = press(SHARE, f"{slack.root}/response")
    if known_by == "action_ts":
        del body["trigger_id"]
    for age in (0, 5):
        assert (await tell(as_interaction(body), age=age)).status_code == 200
    assert len(slack.called("response")) == 1
    assert await app.redis.xlen(app.keys.stream("jobs")) == 1


async def test_a_message_told_again_while_it_is_answered_is_asked_for_later(tell, slack, app):
    going, free = asyncio.Event(), asyncio.Event()

    async def slow(text, *, now):
        going.set()
        await free.wait()
        return Help(examples=EXAMPLES[:1])

    app.__dict__["converse"] = slow
    body = json.dumps(event("app_mention", "help"))
    first = asyncio.create_task(tell(body))
    await going.wait()
    retry = {"x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout"}
    assert (await tell(body, **retry)).status_code == 503
    free.set()
    assert (await first).status_code == 200
    assert (await tell(body, **retry)).status_code == 200
    assert len(slack.called("chat.postMessage")) == 1


async def test_a_server_that_is_away_has_the_message_told_again(tell, slack, app):
    async def away(name, work):
        raise ConnectionError

    app.once.do, do = away, app.once.do
    body = json.dumps(event("app_mention", "help"))
    assert (await tell(body)).status_code == 503
    app.once.do = do
    assert (await tell(body)).status_code == 200
    assert len(slack.called("chat.postMessage")) == 1
