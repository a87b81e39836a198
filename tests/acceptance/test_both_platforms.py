"""The same lines typed in Slack and in Teams get the same answer, from one bot."""

from __future__ import annotations

import json

import httpx
import pytest

from bot.bootstrap.app import App
from bot.bootstrap.settings import Settings
from bot.bootstrap.slack import SlackSettings
from bot.bootstrap.teams import TeamsSettings
from bot.domain.channels import Configuration
from bot.domain.people import Person
from bot.domain.secrets import Secret
from bot.domain.watch import Phrase, Topic, Watchlists
from handlers.web import asgi
from tests.services.slack_calls import SECRET, as_form, command, signed
from tests.services.slack_server import SlackServer
from tests.services.teams_stub import teams_stub
from tests.services.test_ask import make_said

# The SDK makes its own deprecated client for every request.
pytestmark = pytest.mark.filterwarnings("ignore:The bot client is deprecated:DeprecationWarning")

TENANT = "11111111-1111-1111-1111-111111111111"
QUOTE = "“Article 5 holds for every ally on the map”"
#: What is typed → what the answer shows, and what it must not.
SCENARIOS = {
    "nothing": ("", ["Ask a question", "latest NATO spending"], []),
    "help": ("help", ["Ask a question", "quotes Rutte"], []),
    "a typo": ("latset", ["“latset” is no command. Did you mean “latest”?"], []),
    "a lone verb": ("quotes", ["“quotes” needs something after it."], []),
    "latest": ("latest", ["Nothing was posted yet."], []),
    "latest of a topic": (
        "latest nato spending",
        ["Nothing was posted on NATO spending yet."],
        [],
    ),
    "a question": (
        "what did Rutte say about Article 5?",
        [QUOTE, "Mark Rutte", "Wire", "https://wire.example/a1"],
        ["Nothing found"],
    ),
    "quotes of a person": ("quotes from Rutte", [QUOTE, "Mark Rutte"], []),
    "quotes of somebody silent": ("quotes from Odile Vanterpool", [], [QUOTE]),
    "a question nobody answered": ("who won the regatta?", ["Nothing found in 1 article"], [QUOTE]),
    "an article": ("why https://wire.example/none", ["Never seen"], []),
    "a question that begins like a command": ("why did NATO grow?", [], ["Never seen"]),
}


@pytest.fixture
async def bot(redis, keys, clock, tag, tmp_path):
    """The bot's web host, and both platforms behind it."""
    slack = SlackServer()
    await slack.start()
    settings = Settings(
        config_dir=tmp_path,
        data_dir=tmp_path,
        tag=tag.strip("{}"),
        slack=SlackSettings(
            bot_token=Secret("xoxb-test"), signing_secret=Secret(SECRET), api_url=slack.url
        ),
        teams=TeamsSettings(client_id="app-1", tenant=TENANT, insecure=True),
    )
    topic = Topic(name="NATO spending", any=(Phrase(text="NATO"),))
    config = Configuration(
        people=(Person(name="Mark Rutte"),), watchlists=Watchlists(topics=(topic,))
    )
    app = App(settings, config, redis, clock=clock)
    await app.articles.load(make_said())
    await app.tail.catch_up()
    transport = httpx.ASGITransport(app=asgi(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as people:
        yield people
    app.index.close()
    await app.teams_session.close()
    await slack.stop()


async def in_slack(people, text):
    body = as_form(command(text))
    answer = await people.post("/slack/events", content=body, headers=signed(body))
    assert answer.status_code == 200
    return words(answer.json()["blocks"])


async def in_teams(people, text):
    async with teams_stub() as teams:
        said = {
            "type": "message",
            "id": "1700000000000",
            "text": text,
            "channelId": "msteams",
            "serviceUrl": f"{teams.url}/connector",
            "from": {"id": "29:anna", "name": "Anna", "aadObjectId": "u-1"},
            "recipient": {"id": "28:app-1", "name": "NATO brief"},
            "conversation": {"id": "a:1", "conversationType": "personal", "tenantId": TENANT},
        }
        assert (await people.post("/api/messages", json=said)).status_code == 200
        ((_, _, sent),) = teams.posted
        return words(sent["attachments"][0]["content"])


def words(shown):
    """Everything that is shown, and where it leads, without the marks of either platform."""
    return json.dumps(shown, ensure_ascii=False).replace("\\\\", "").replace("\\n", " ")


@pytest.mark.parametrize("platform", [in_slack, in_teams], ids=["slack", "teams"])
@pytest.mark.parametrize("name", SCENARIOS)
async def test_a_line_gets_the_same_answer_on_both(bot, platform, name):
    text, expected, never = SCENARIOS[name]
    if not text and platform is in_teams:
        text = " "
    shown = await platform(bot, text)
    assert [part for part in expected if part not in shown] == []
    assert [part for part in never if part in shown] == []
