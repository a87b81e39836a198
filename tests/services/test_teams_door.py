"""Who gets in at ``/api/messages``, and what becomes of what is no activity of ours."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from itertools import cycle, islice, product
from random import Random

import httpx
import pytest
from fastapi import FastAPI

from bot.bootstrap.app import App
from bot.bootstrap.settings import Settings
from bot.bootstrap.teams import TeamsSettings
from bot.domain.channels import Configuration
from bot.domain.conversation import Help
from bot.domain.secrets import Secret
from bot.services.converse import EXAMPLES
from handlers.teams.host import host
from handlers.teams.listeners import typed
from handlers.teams.sdk import MessageActivity
from handlers.web import asgi
from tests.services.broken_bodies import BROKEN, MARK, TYPES, bent
from tests.services.teams_issuer import TENANT, issuer_stub, message
from tests.services.teams_stub import teams_stub

# The SDK makes its own deprecated client for every request.
pytestmark = pytest.mark.filterwarnings("ignore:The bot client is deprecated:DeprecationWarning")


@pytest.fixture
async def issuer():
    async with issuer_stub() as served:
        yield served


@pytest.fixture
async def connector():
    async with teams_stub() as served:
        yield served


@pytest.fixture
async def app(redis, clock, tag, tmp_path, connector):
    """A bot that answers every line with its help."""
    settings = Settings(
        config_dir=tmp_path,
        data_dir=tmp_path,
        tag=tag.strip("{}"),
        teams=TeamsSettings(client_id="app-1", tenant=TENANT, secret=Secret("s")),
    )
    made = App(settings, Configuration(), redis, clock=clock)
    made.connector._tokens._url = f"{connector.url}/login/t/oauth2/v2.0/token"
    made.asked = []

    async def converse(text, *, now):
        made.asked.append(text)
        return Help(examples=EXAMPLES[:1])

    made.__dict__["converse"] = converse
    yield made
    await made.teams_session.close()


@pytest.fixture
async def client(app, issuer):
    web = FastAPI()
    hosted = host(web, app, cloud=issuer.cloud)
    await asyncio.to_thread(hosted.warm)
    transport = httpx.ASGITransport(app=web)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as opened:
        yield opened


@pytest.fixture
def tell(client, issuer, connector):
    """Sends what Teams sends; returns the status."""

    async def told(body, **claims):
        token = issuer.token(claims.pop("vouched", connector.service), **claims)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        answer = await client.post("/api/messages", content=content, headers=headers)
        assert MARK not in answer.text
        return answer.status_code

    return told


@pytest.fixture
def log(caplog):
    """Everything that is logged, by whomever."""
    caplog.set_level(logging.DEBUG)
    return caplog


# Without a token.


def forgeries(issuer, service):
    """Values of authorization headers that prove nothing, by name."""
    good = issuer.token(service)
    head, claims, proof = good.split(".")
    now = int(time.time())
    tokens = {
        "empty": "",
        "without its parts": "abc",
        "dots": "..",
        "short": good[:-1],
        "long": good + "x",
        "in two lines": f"{good}\t",
        "very long": f"{head}.{'A' * 20_000}.{proof}",
        "without a signature": f"{head}.{claims}.",
        "signed by nobody": f"eyJhbGciOiJub25lIn0.{claims}.x",
        "with a broken head": f"eyJhbGci.{claims}.{proof}",
        "with a head of another kind": f"WzFd.{claims}.{proof}",
        "for others": issuer.token(service, aud="another-app"),
        "for nobody": issuer.token(service, aud=None),
        "of another issuer": issuer.token(service, iss="https://evil.example"),
        "of another key": issuer.token(service, name="theirs"),
        "of an unknown key": issuer.token(service, kid="k9"),
        "stale": issuer.token(service, exp=now - 600),
        "future": issuer.token(service, nbf=now + 900),
        "without an end": issuer.token(service, exp=None),
        "with an odd end": issuer.token(service, exp="soon"),
        "without a service": issuer.token("", serviceurl=None),
        "with an odd service": issuer.token("", serviceurl=[service]),
    }
    yield "missing", []
    yield "empty header", [b""]
    yield "without a scheme", [good.encode()]
    yield "another scheme", [f"Basic {good}".encode()]
    yield "not ASCII", [b"Bearer \xff.\xff.\xff"]
    yield "doubled", [f"Bearer {good}".encode()] * 2
    yield "two", [b"Bearer a.b.c", f"Bearer {good}".encode()]
    for name, token in tokens.items():
        yield name, [f"Bearer {token}".encode()]


async def test_what_is_not_signed_is_refused_unread(client, app, issuer, connector, log):
    bodies = [json.dumps(message(connector.service, text=MARK)).encode(), *BROKEN]
    pairs = cycle(product(bodies, TYPES))
    for name, values in forgeries(issuer, connector.service):
        # An odd number of pairs for each, so that all of them come up.
        for body, types in islice(pairs, 25):
            headers = [
                *((b"authorization", each) for each in values),
                *((b"content-type", each) for each in types),
            ]
            answer = await client.post("/api/messages", content=body, headers=headers)
            said = (answer.status_code, answer.json())
            assert said == (401, {"error": "not signed for this bot"}), name
    assert app.asked == connector.calls == []
    assert await app.redis.keys(f"{app.keys.tag}*") == []
    assert MARK not in log.text
    assert issuer.fetched == 1


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_only_posts_are_taken(client, app, issuer, connector, method):
    headers = {"authorization": f"Bearer {issuer.token(connector.service)}"}
    body = json.dumps(message(connector.service))
    answer = await client.request(method, "/api/messages", content=body, headers=headers)
    assert answer.status_code == 405
    assert app.asked == []


async def test_answers_go_only_where_the_token_vouches_for(tell, app, connector, log):
    async with teams_stub() as evil:
        for service in (evil.service, None, "", MARK, f"{connector.service}.evil.example"):
            assert await tell(message(service)) == 401
        assert await tell(message(connector.service), vouched=evil.service) == 401
        assert evil.calls == connector.calls == []
    assert app.asked == []
    assert MARK not in log.text


# With one.


@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
async def test_a_broken_body_is_refused(tell, app, connector, log, body):
    assert await tell(body) == 400
    assert app.asked == connector.calls == []
    assert MARK not in log.text


async def test_what_is_too_long_is_not_read_to_its_end(client, issuer, connector):
    sent = 0

    async def endless():
        nonlocal sent
        while sent < 64:
            sent += 1
            yield b"x" * 65_536

    headers = {"authorization": f"Bearer {issuer.token(connector.service)}"}
    answer = await client.post("/api/messages", content=endless(), headers=headers)
    assert (answer.status_code, sent) == (413, 9)


@pytest.mark.parametrize(
    "kind",
    ["typing", "invoke", "event", "messageReaction", "messageUpdate", "endOfConversation", MARK],
)
async def test_a_kind_nobody_listens_to_is_acknowledged_and_not_logged(
    tell, app, connector, log, kind
):
    odd = {"type": kind, "value": MARK, "name": [MARK], "conversation": MARK, "from": 7}
    assert await tell(odd) == 200
    assert await tell({**message(connector.service), **odd}) == 200
    assert app.asked == connector.calls == []
    assert MARK not in log.text


@pytest.mark.parametrize(
    "changes",
    [
        {"conversation": None},
        {"conversation": {}},
        {"conversation": {"id": ""}},
        {"conversation": {"id": 7}},
        {"from": MARK},
        {"recipient": []},
        {"text": {"": MARK}},
        {"channelData": MARK},
        {"entities": {"type": MARK}},
        {"serviceUrl": [MARK]},
        {"id": 7},
        {"type": None},
    ],
)
async def test_an_activity_of_another_shape_is_refused_and_not_logged(
    tell, app, connector, log, changes
):
    assert await tell({**message(connector.service, text=MARK), **changes}) == 400
    assert app.asked == connector.calls == []
    assert MARK not in log.text


async def test_another_chat_platform_of_the_bot_is_left_alone(tell, app, connector):
    for name in ("webchat", "directline", "emulator", None):
        assert await tell(message(connector.service, channelId=name)) == 200
    assert app.asked == connector.calls == []


async def test_bent_activities_get_an_answer_and_none_is_logged(tell, app, connector, log):
    random = Random(7)
    team = {"id": "19:g@t", "name": MARK}
    whole = message(
        connector.service,
        text=f"<at>NATO brief</at> {MARK}",
        entities=[{"type": "mention", "text": "<at>NATO brief</at>", "mentioned": {"id": "28:a"}}],
        channelData={"tenant": {"id": TENANT}, "team": team, "channel": {"id": "x", "name": MARK}},
        membersRemoved=[{"id": "28:app-1"}],
    )
    seen = set()
    for number in range(400):
        kind = random.choice(["message", "installationUpdate", "conversationUpdate"])
        action = random.choice(["add", "remove"])
        body = bent({**whole, "id": f"bent-{number}", "type": kind, "action": action}, random)
        while random.random() < 0.3:
            body = bent(body, random)
        seen.add(await tell(body))
    assert seen == {200, 400, 401}
    assert MARK not in log.text
    assert "teams.failed" not in log.text


# The same again.


async def test_a_message_told_twice_is_answered_once(tell, app, connector):
    body = message(connector.service)
    assert [await tell(body) for _ in range(3)] == [200, 200, 200]
    assert len(connector.posted) == 1
    assert await tell({**body, "id": "another"}) == 200
    elsewhere = {**body["conversation"], "id": "a:2"}
    assert await tell({**body, "conversation": elsewhere}) == 200
    assert len(connector.posted) == 3


async def test_a_message_told_again_while_it_is_answered_is_not_answered_twice(
    tell, app, connector
):
    going, free = asyncio.Event(), asyncio.Event()

    async def slow(text, *, now):
        going.set()
        await free.wait()
        return Help(examples=EXAMPLES[:1])

    app.__dict__["converse"] = slow
    body = message(connector.service)
    first = asyncio.create_task(tell(body))
    await going.wait()
    assert await tell(body) == 503
    free.set()
    assert await first == 200
    assert await tell(body) == 200
    assert len(connector.posted) == 1


async def test_a_message_whose_answer_failed_may_be_answered_again(tell, app, connector):
    converse = app.converse

    async def broken(text, *, now):
        raise ZeroDivisionError

    body = message(connector.service)
    app.__dict__["converse"] = broken
    assert await tell(body) == 200
    app.__dict__["converse"] = converse
    assert await tell(body) == 200
    apology, answer = (sent["summary"] for _, _, sent in connector.posted)
    assert "That went wrong" in apology
    assert "That went wrong" not in answer


# What is typed.


@pytest.mark.parametrize("mark", ["<at", "<at>", "</at", "<at>x</at>"])
def test_a_text_of_marks_takes_no_longer_than_any(mark):
    told = MessageActivity.model_validate(message("https://x.example", text=mark * 50_000))
    before = time.process_time()
    typed(told)
    assert time.process_time() - before < 1


async def test_a_door_without_checks_answers_this_machine_only(redis, clock, tag, tmp_path):
    settings = Settings(
        config_dir=tmp_path,
        data_dir=tmp_path,
        tag=tag.strip("{}"),
        teams=TeamsSettings(client_id="app-1", tenant=TENANT, insecure=True),
    )
    made = App(settings, Configuration(), redis, clock=clock)
    transport = httpx.ASGITransport(app=asgi(made))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        for service in ("http://192.0.2.1/", "https://evil.example/", "", None):
            body = message(service, text="help")
            assert (await client.post("/api/messages", json=body)).status_code == 200
    assert made.teams_session._opened is None
    await made.teams_session.close()
