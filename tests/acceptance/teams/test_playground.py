"""The whole conversation in Teams: install, command, question, posts, an edit, a thread."""

from __future__ import annotations

import pytest

from bot.domain.channels import Destination
from bot.domain.posts import PostKey, PostKind
from tests.builders import make_brief, make_item
from tests.recorders import begin
from tests.services.test_ask import SAID, make_said

pytestmark = [
    pytest.mark.playground,
    pytest.mark.slow,
    # The SDK makes its own deprecated client for every request.
    pytest.mark.filterwarnings("ignore:The bot client is deprecated:DeprecationWarning"),
]

CORRECTED = make_brief(items=(make_item(changes=("Headline corrected 18:40 UTC",)),))


async def test_person_installs_the_bot_and_reads_what_it_does(teams):
    await teams.people.install(teams.people.personal)
    await teams.people.until_sent("I watch news feeds for your topics", "To stop: uninstall")


async def test_person_types_a_command_and_asks_a_question(teams):
    await teams.app.articles.load(make_said())
    await teams.app.tail.catch_up()
    await teams.people.install(teams.people.personal)
    await teams.people.say(teams.people.personal, "help")
    await teams.people.until_sent("Ask a question, or type one of these:")
    await teams.people.say(teams.people.personal, "what did Rutte say about Article 5?")
    await teams.people.until_sent("ANSWER", f"“{SAID.rstrip(',')}”", "Mark Rutte")


async def test_bot_posts_in_a_channel_edits_the_post_and_replies_in_its_thread(teams):
    team = teams.people.team
    await teams.people.install(team["id"])
    await teams.people.until_sent("Mention me in any channel of this team")
    name = team["channels"][1]["name"]
    to = Destination(platform="teams", workspace=team["name"], channel=name)
    key = PostKey(kind=PostKind.STORY, destination=to, subject=("a1",))
    sender = teams.app.sender(to)
    receipt = await sender.send(key, make_brief(), begin)
    posted = await teams.people.until_sent("NATO chief urges more", "Why this was sent")
    assert receipt.handle == f"{posted} {team['channels'][1]['id']}"
    await sender.edit(key, receipt.handle, CORRECTED, begin)
    assert await teams.people.until_sent("UPDATED ALERT", "Headline corrected") == posted
    more = make_brief(headline="More", items=(make_item(title="A reply"),))
    reply = await teams.app.teams.reply(key, receipt.handle, more, begin)
    replied = await teams.people.until_sent("A reply")
    assert replied != posted
    assert reply.handle == f"{replied} {team['channels'][1]['id']};messageid={posted}"
