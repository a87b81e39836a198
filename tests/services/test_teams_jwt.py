"""Who may call ``/api/messages``: tokens of an own issuer on loopback, checked by the real SDK."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from typing import Any

import httpx
import jwt
import pytest
from fastapi import FastAPI

from bot.bootstrap.app import App
from bot.bootstrap.settings import Settings, settings_from
from bot.bootstrap.teams import TeamsSettings
from bot.domain.channels import Configuration, Destination
from bot.domain.conversation import Example, Help
from bot.domain.errors import Unavailable, UsageError
from bot.domain.references import Place
from bot.domain.secrets import Secret
from bot.services.converse import EXAMPLES
from handlers.teams import mount_teams
from handlers.teams.host import host
from tests.services.teams_issuer import TENANT, issuer_stub, message
from tests.services.teams_stub import teams_stub

# The SDK makes its own deprecated client for every request.
pytestmark = pytest.mark.filterwarnings("ignore:The bot client is deprecated:DeprecationWarning")

HELP = Help(examples=EXAMPLES[:1], topics=("NATO spending",))
LATEST = Example(line="latest", does="the newest stories")


@pytest.fixture
async def issuer():
    async with issuer_stub() as served:
        yield served


@pytest.fixture
async def connector():
    async with teams_stub() as served:
        yield served


@pytest.fixture
async def app(redis, clock, tag, tmp_path):
    settings = Settings(
        config_dir=tmp_path,
        data_dir=tmp_path,
        tag=tag.strip("{}"),
        teams=TeamsSettings(client_id="app-1", tenant=TENANT, secret=Secret("s")),
    )
    made = App(settings, Configuration(), redis, clock=clock)
    made.asked = []

    async def converse(text: str, *, now: Any) -> Help:
        made.asked.append(text)
        return HELP

    made.__dict__["converse"] = converse
    yield made
    await made.teams_session.close()


@pytest.fixture
async def teams(app, issuer, connector):
    """The endpoint, with its keys fetched."""
    app.connector._tokens._url = f"{connector.url}/login/t/oauth2/v2.0/token"
    web = FastAPI()
    hosted = host(web, app, cloud=issuer.cloud)
    await asyncio.to_thread(hosted.warm)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=web), base_url="http://teams.example"
    ) as client:
        yield client


async def post(client, body, token: str | None):
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return (await client.post("/api/messages", json=body, headers=headers)).status_code


CASES = {
    "good": ({}, 200),
    "wrong audience": ({"aud": "another-app"}, 401),
    "wrong issuer": ({"iss": "https://evil.example"}, 401),
    "service url mismatch": ({"serviceurl": "https://evil.example"}, 401),
    "forged key": ({"name": "theirs"}, 401),
    "unknown kid": ({"kid": "k9"}, 401),
    "expired ten minutes ago": ({"exp": -600}, 401),
    "expired four minutes ago": ({"exp": -240}, 200),
}


@pytest.mark.parametrize(("changes", "status"), CASES.values(), ids=CASES.keys())
async def test_endpoint_takes_only_what_the_issuer_signed_for_us(
    teams, app, issuer, connector, changes, status
):
    changes = {n: v + int(time.time()) if n == "exp" else v for n, v in changes.items()}
    token = issuer.token(connector.service, **changes)
    assert await post(teams, message(connector.service), token) == status
    assert app.asked == (["latest"] if status == 200 else [])


async def test_endpoint_takes_nothing_without_a_token(teams, app, connector):
    assert await post(teams, message(connector.service), None) == 401
    assert app.asked == []


async def test_endpoint_takes_no_token_of_a_directory_user(teams, app, issuer, connector):
    token = issuer.token(
        connector.service,
        iss=f"https://login.microsoftonline.com/{TENANT}/v2.0",
        tid="../../evil",
    )
    assert await post(teams, message(connector.service), token) == 401


async def test_endpoint_fetches_the_keys_ahead_and_outside_of_the_event_loop(
    teams, issuer, connector, monkeypatch
):
    assert issuer.fetched == 1
    threads = []
    fetch = jwt.PyJWKClient.get_jwk_set

    def watched(self, refresh=False):
        threads.append(threading.current_thread())
        return fetch(self, refresh)

    monkeypatch.setattr(jwt.PyJWKClient, "get_jwk_set", watched)
    token = issuer.token(connector.service)
    assert await post(teams, message(connector.service), token) == 200
    assert issuer.fetched == 1
    assert threads
    assert threading.main_thread() not in threads


async def test_endpoint_does_not_ask_the_issuer_for_every_unknown_key(teams, issuer, connector):
    for _ in range(3):
        token = issuer.token(connector.service, kid="k9")
        assert await post(teams, message(connector.service), token) == 401
    assert issuer.fetched == 1


async def test_endpoint_goes_on_while_the_issuer_is_away(teams, issuer, connector):
    issuer.gone = True
    token = issuer.token(connector.service)
    assert await post(teams, message(connector.service), token) == 200


async def test_answer_is_a_card_where_it_was_asked(teams, issuer, connector):
    token = issuer.token(connector.service)
    thread = "19:b@thread.tacv2;messageid=1700000000000"
    body = message(
        connector.service,
        text="<at>NATO brief</at>&nbsp;what did <at>Mark</at> say?",
        entities=[
            {
                "type": "mention",
                "text": "<at>NATO brief</at>",
                "mentioned": {"id": "28:app-1", "name": "NATO brief"},
            }
        ],
        conversation={"id": thread, "conversationType": "channel", "tenantId": TENANT},
    )
    assert await post(teams, body, token) == 200
    [(method, path, sent)] = connector.posted
    assert (method, path) == ("POST", f"/connector/v3/conversations/{thread}/activities")
    assert LATEST.does in json.dumps(sent["attachments"][0]["content"])


async def test_question_in_a_channel_is_asked_without_the_mention(teams, app, issuer, connector):
    await test_answer_is_a_card_where_it_was_asked(teams, issuer, connector)
    assert app.asked == ["what did Mark say?"]


async def test_another_tenant_gets_no_answer(teams, app, issuer, connector):
    token = issuer.token(connector.service)
    elsewhere = {"id": "a:1", "conversationType": "personal", "tenantId": "another"}
    assert await post(teams, message(connector.service, conversation=elsewhere), token) == 200
    assert app.asked == []
    assert connector.calls == []


async def test_failure_is_told_under_a_reference(teams, app, issuer, connector):
    async def fails(text, *, now):
        raise Unavailable("the index is away")

    app.__dict__["converse"] = fails
    assert await post(teams, message(connector.service), issuer.token(connector.service)) == 200
    [(_, _, sent)] = connector.posted
    assert "An admin finds it in the log under" in sent["summary"]
    assert "index" not in json.dumps(sent)


def install(connector, action: str = "add", **changes) -> dict[str, Any]:
    body = {**message(connector.service), "type": "installationUpdate", "action": action}
    del body["text"]
    return {**body, **changes}


TEAM = {
    "conversation": {"id": "19:g@t", "conversationType": "channel", "tenantId": TENANT},
    "channelData": {"tenant": {"id": TENANT}, "team": {"id": "19:g@t", "name": "News Desk"}},
}


async def test_install_in_a_team_keeps_its_channels_and_says_hello(teams, app, issuer, connector):
    token = issuer.token(connector.service)
    assert await post(teams, install(connector, **TEAM), token) == 200
    found = await app.references.of(TENANT, Destination.parse("teams:News Desk/Baltics"))
    assert (found.conversation, found.service_url) == ("19:b@t", connector.service)
    _, path, hello = connector.posted[-1]
    assert path == "/connector/v3/conversations/19:g@t/activities"
    assert "To stop" in json.dumps(hello)


async def test_install_that_cannot_list_the_channels_keeps_its_own(teams, app, issuer, connector):
    token = issuer.token(connector.service)
    connector.answers.append((500, {}, {}))
    assert await post(teams, install(connector, **TEAM), token) == 200
    [kept] = await app.references.all(TENANT)
    assert (kept.conversation, kept.channel_name) == ("19:g@t", "General")


async def test_uninstall_forgets_the_team(teams, app, issuer, connector):
    token = issuer.token(connector.service)
    await post(teams, install(connector, **TEAM), token)
    assert await post(teams, install(connector, "remove", **TEAM), token) == 200
    assert await app.references.all(TENANT) == ()


async def test_bot_taken_out_of_a_team_forgets_it(teams, app, issuer, connector):
    token = issuer.token(connector.service)
    await post(teams, install(connector, **TEAM), token)
    gone = {"type": "conversationUpdate", "membersRemoved": [{"id": "28:app-1"}]}
    body = {k: v for k, v in install(connector, **TEAM).items() if k != "action"} | gone
    assert await post(teams, body, token) == 200
    assert await app.references.all(TENANT) == ()


async def test_install_in_a_chat_keeps_the_person(teams, app, issuer, connector):
    token = issuer.token(connector.service)
    assert await post(teams, install(connector), token) == 200
    [kept] = await app.references.all(TENANT)
    assert (kept.place, kept.user, kept.user_name) == (Place.PERSON, "u-1", "Anna")
    assert await post(teams, install(connector, "remove"), token) == 200
    assert await app.references.all(TENANT) == ()


def test_teams_is_not_there_without_a_registration(app):
    app.settings = Settings(config_dir=app.settings.config_dir, data_dir=app.settings.data_dir)
    web = FastAPI()
    before = len(web.routes)
    mount_teams(web, app)
    assert len(web.routes) == before


SECRETS = {"TEAMS_CLIENT_ID": "a", "TEAMS_CLIENT_SECRET": "hush", "TEAMS_TENANT_ID": "t"}


def test_settings_take_a_whole_registration_and_show_no_secret():
    settings = settings_from(SECRETS)
    assert settings.teams == TeamsSettings(client_id="a", tenant="t", secret=Secret("hush"))
    assert "hush" not in repr(settings)


def test_settings_take_the_names_that_microsofts_tools_write_only_together():
    bare = {name.removeprefix("TEAMS_"): value for name, value in SECRETS.items()}
    assert settings_from(bare).teams == settings_from(SECRETS).teams
    del bare["TENANT_ID"]
    assert settings_from(bare).teams is None


def test_settings_name_what_a_registration_lacks():
    with pytest.raises(UsageError, match="missing: TEAMS_TENANT_ID"):
        settings_from({**SECRETS, "TEAMS_TENANT_ID": " "})


@pytest.mark.parametrize("address", ["0.0.0.0:8080", "192.0.2.1:8080", "desk.example:8080"])
def test_settings_refuse_unchecked_requests_from_other_machines(address):
    with pytest.raises(UsageError, match="bind NATO_BRIEF_LISTEN"):
        settings_from({"NATO_BRIEF_TEAMS_INSECURE": "1", "NATO_BRIEF_LISTEN": address})


@pytest.mark.parametrize("address", ["127.0.0.1:8080", "[::1]:8080", "localhost:8080"])
def test_settings_take_unchecked_requests_from_this_machine(address):
    environment = {**SECRETS, "NATO_BRIEF_TEAMS_INSECURE": "1", "NATO_BRIEF_LISTEN": address}
    teams = settings_from(environment).teams
    assert teams is not None
    assert teams.insecure
    assert teams.secret is None


def test_settings_take_webhook_addresses_over_https_only_and_never_show_them():
    hook = "NATO_BRIEF_WEBHOOK_DESK"
    settings = settings_from({hook: "https://prod.logic.azure.com/workflows/1?sig=hush"})
    assert list(settings.webhooks) == ["DESK"]
    assert "hush" not in repr(settings)
    with pytest.raises(UsageError) as raised:
        settings_from({hook: "http://prod.example/?sig=hush"})
    assert "hush" not in str(raised.value)
