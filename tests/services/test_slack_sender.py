"""Posts to Slack: what its answers mean, and how posts are found again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.slack import SlackApi, SlackWorkspace
from bot.adapters.slack.examine import examine
from bot.domain.channels import Destination
from bot.domain.errors import Barred, OutcomeUnknown, Permanent, Recoverable, Uneditable
from bot.domain.posts import PostKey, PostKind
from bot.domain.secrets import Secret
from tests.builders import NOW, make_brief
from tests.recorders import begin
from tests.services.slack_server import Network, SlackServer

DESK = Destination(platform="slack", channel="#nato-desk")
KEY = PostKey(kind=PostKind.STORY, destination=DESK, subject=("a1",))
#: Seconds, of a call that is never answered.
TIMEOUT = 0.07
#: Slack's codes that refuse a token, and those that refuse a channel, one of them not known to us.
TOKEN = (
    "invalid_auth not_authed account_inactive token_revoked token_expired missing_scope"
    " no_permission org_login_required ekm_access_denied team_access_not_granted"
).split()
CHANNEL = (
    "channel_not_found is_archived restricted_action not_in_channel user_not_found"
    " posting_to_general_channel_denied channel_type_not_supported something_new"
).split()


@pytest.fixture
async def slack():
    server = SlackServer()
    await server.start()
    yield server
    await server.stop()


def workspace_on(slack, *, timeout=300.0, pace=0.0):
    api = SlackApi(Secret("xoxb-test"), base_url=slack.url, timeout=timeout)
    return SlackWorkspace(api, clock=lambda: NOW, pace=pace)


@pytest.fixture
def sender(slack):
    return workspace_on(slack).sender(DESK)


def longest_ago():
    return datetime.now(UTC) - timedelta(minutes=1)


# Posting and editing.


async def test_send_posts_blocks_text_and_the_key_as_metadata(sender, slack):
    receipt = await sender.send(KEY, make_brief(), begin)
    (message,) = slack.messages["C0000001"]
    assert receipt.handle == f"C0000001/{message['ts']}"
    assert message["metadata"] == {
        "event_type": "nato_brief_post",
        "event_payload": {"key": "story|slack:#nato-desk|a1"},
    }
    assert message["blocks"][1]["type"] == "rich_text"
    assert message["text"].startswith("Alert: NATO chief urges")
    assert (message["unfurl_links"], message["unfurl_media"]) == (False, False)


async def test_send_names_the_same_message_the_same_way(sender, slack):
    await sender.send(KEY, make_brief(), begin)
    await sender.send(KEY, make_brief(headline="Other"), begin)
    first, second = slack.called("chat.postMessage")
    assert first["client_msg_id"] == second["client_msg_id"]


async def test_edit_changes_the_message_in_place(sender, slack):
    receipt = await sender.send(KEY, make_brief(), begin)
    await sender.edit(KEY, receipt.handle, make_brief(headline="Corrected"), begin)
    (message,) = slack.messages["C0000001"]
    assert (message["edits"], message["text"].split(" — ")[0]) == (1, "Alert: Corrected")


async def test_a_thread_gets_its_posts_as_replies_and_finds_them(slack):
    thread = Destination(platform="slack", workspace="T0000001", channel="C0000001:17.5")
    key = PostKey(kind=PostKind.ANSWER, destination=thread, subject=("r1",))
    sender = workspace_on(slack).sender(thread)
    receipt = await sender.send(key, make_brief(), begin)
    assert slack.messages["C0000001"][0]["thread_ts"] == "17.5"
    assert (await sender.find(key, since=longest_ago())).handle == receipt.handle
    assert PostKey.parse(str(key)) == key


async def test_a_destination_of_another_workspace_is_refused(slack):
    there = Destination(platform="slack", workspace="Elsewhere", channel="C0000001")
    with pytest.raises(Barred, match="another workspace"):
        await workspace_on(slack).sender(there).send(KEY, make_brief(), begin)
    here = Destination(platform="slack", workspace="desk", channel="C0000001")
    assert await workspace_on(slack).sender(here).send(KEY, make_brief(), begin)


async def test_what_slack_cannot_show_goes_out_plain(sender, slack):
    slack.refuse("chat.postMessage", "invalid_blocks")
    await sender.send(KEY, make_brief(), begin)
    (message,) = slack.messages["C0000001"]
    assert message["blocks"] == []
    assert "<https://wire.example/a1|Wire>" in message["text"]


async def test_messages_to_one_channel_keep_their_pace(slack):
    sender = workspace_on(slack, pace=2.0).sender(DESK)
    await sender.send(KEY, make_brief(), begin)
    turns = [asyncio.create_task(sender.send(KEY, make_brief(), begin)) for _ in range(3)]
    done, waiting = await asyncio.wait(turns, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    (late,) = done
    assert isinstance(late.exception(), Recoverable)
    assert 5 < late.exception().after <= 6
    assert len(slack.called("chat.postMessage")) == 1


# What answers mean.


async def test_too_many_requests_says_when_to_come_back(sender, slack):
    slack.refuse("chat.postMessage", "ratelimited", status=429, **{"Retry-After": "30"})
    with pytest.raises(Recoverable) as told:
        await sender.send(KEY, make_brief(), begin)
    assert told.value.after == 30
    with pytest.raises(Recoverable) as held:
        await sender.send(KEY, make_brief(), begin)
    assert 29 < held.value.after <= 30
    assert len(slack.called("chat.postMessage")) == 1


@pytest.mark.parametrize(
    ("error", "status", "meaning"),
    [
        *((code, 200, "the token") for code in TOKEN),
        *((code, 200, "the channel") for code in CHANNEL),
        ("service_unavailable", 200, Recoverable),
        ("service_unavailable", 503, OutcomeUnknown),
        ("internal_error", 200, OutcomeUnknown),
        ("duplicate_message_not_found", 200, OutcomeUnknown),
        ("channel_not_found", 502, OutcomeUnknown),
    ],
)
async def test_an_answer_is_classified_by_what_may_have_happened(
    sender, slack, error, status, meaning
):
    slack.refuse("chat.postMessage", error, status=status)
    raised = Barred if isinstance(meaning, str) else meaning
    with pytest.raises(raised, match=error) as told:
        await sender.send(KEY, make_brief(), begin)
    if raised is Barred:
        assert told.value.token is (meaning == "the token")
    assert len(slack.called("chat.postMessage")) == 1


@pytest.mark.parametrize(
    "error", ["invalid_blocks", "invalid_blocks_format", "msg_too_long", "no_text"]
)
async def test_what_slack_finds_malformed_in_every_form_is_given_up(sender, slack, error):
    for _ in range(2):
        slack.refuse("chat.postMessage", error)
    with pytest.raises(Permanent, match=error) as told:
        await sender.send(KEY, make_brief(), begin)
    assert not isinstance(told.value, Uneditable)
    assert len(slack.called("chat.postMessage")) == 2


@pytest.mark.parametrize(
    "error", ["message_not_found", "cant_update_message", "edit_window_closed"]
)
async def test_a_message_that_cannot_be_edited_is_told_apart(sender, slack, error):
    receipt = await sender.send(KEY, make_brief(), begin)
    slack.refuse("chat.update", error)
    with pytest.raises(Uneditable, match=error):
        await sender.edit(KEY, receipt.handle, make_brief(), begin)
    slack.refuse("chat.update", "is_archived")
    with pytest.raises(Barred, match="is_archived"):
        await sender.edit(KEY, receipt.handle, make_brief(), begin)


async def test_a_refused_token_says_nothing_about_whether_a_message_is_there(sender, slack):
    slack.refuse("conversations.history", "invalid_auth")
    with pytest.raises(Barred) as told:
        await sender.find(KEY, since=longest_ago())
    assert (told.value.token, sender.can_look_up) == (True, True)


@pytest.mark.parametrize("network", [n for n in Network if n.unclear])
async def test_no_answer_leaves_the_outcome_unknown_and_nothing_is_repeated(slack, network):
    slack.network.append(network)
    sender = workspace_on(slack, timeout=TIMEOUT).sender(DESK)
    with pytest.raises(OutcomeUnknown):
        await sender.send(KEY, make_brief(), begin)
    assert len(slack.called("chat.postMessage")) == 1


async def test_a_slack_that_cannot_be_reached_got_nothing():
    api = SlackApi(Secret("xoxb-test"), base_url="http://127.0.0.1:9/api/")
    sender = SlackWorkspace(api, clock=lambda: NOW).sender(DESK)
    with pytest.raises(Recoverable, match="cannot be reached"):
        await sender.send(KEY, make_brief(), begin)


# Finding what was posted.


async def test_find_reads_pages_back_to_since(sender, slack):
    receipt = await sender.send(KEY, make_brief(), begin)
    for number in range(5):
        other = PostKey(kind=PostKind.STORY, destination=DESK, subject=(f"b{number}",))
        await sender.send(other, make_brief(), begin)
    slack.page = 2
    assert (await sender.find(KEY, since=longest_ago())).handle == receipt.handle
    assert len(slack.called("conversations.history")) == 3


async def test_find_does_not_take_a_message_from_before_since(sender):
    await sender.send(KEY, make_brief(), begin)
    assert await sender.find(KEY, since=datetime.now(UTC) + timedelta(minutes=1)) is None


async def test_many_that_look_at_once_share_a_look(sender, slack):
    await sender.send(KEY, make_brief(), begin)
    found = await asyncio.gather(*(sender.find(KEY, since=longest_ago()) for _ in range(9)))
    assert len(found) == len(list(filter(None, found)))
    assert len(slack.called("conversations.history")) == 2


async def test_a_person_is_found_by_their_direct_messages(slack):
    person = Destination(platform="slack", channel="@U0000002")
    sender = workspace_on(slack).sender(person)
    slack.names["U0000002"] = "D0000002"
    receipt = await sender.send(KEY, make_brief(), begin)
    assert receipt.handle.startswith("D0000002/")
    assert (await sender.find(KEY, since=longest_ago())).handle == receipt.handle


async def test_a_channel_that_may_not_be_read_cannot_be_looked_up(sender, slack):
    slack.refuse("conversations.history", "missing_scope")
    with pytest.raises(OutcomeUnknown):
        await sender.find(KEY, since=longest_ago())
    assert sender.can_look_up is False


async def test_a_look_that_was_put_off_is_no_look(sender, slack):
    slack.refuse("conversations.history", "ratelimited", status=429, **{"Retry-After": "60"})
    for _ in range(2):
        with pytest.raises(OutcomeUnknown):
            await sender.find(KEY, since=longest_ago())
    assert sender.can_look_up is True
    assert len(slack.called("conversations.history")) == 1


# What doctor says.


async def findings(slack):
    api = workspace_on(slack).api
    return [(ok, said) async for _, ok, said in examine(api, [DESK, DESK])]


async def test_doctor_finds_missing_scopes_and_a_channel_that_can_be_read(slack):
    (token, scopes, channel) = await findings(slack)
    assert token == (True, "bot in Desk")
    assert scopes[0] is False
    assert "app_mentions:read (answering mentions)" in scopes[1]
    assert channel == (True, "slack:#nato-desk: can be posted to and read back")


@pytest.mark.parametrize(
    ("error", "ok", "said"),
    [
        ("not_in_channel", False, "/invite @nato-brief"),
        ("missing_scope", True, "cannot be read without channels:history"),
        ("channel_not_found", False, "write the channel's id"),
        ("ratelimited", False, "ratelimited"),
    ],
)
async def test_doctor_says_the_fix_for_a_channel(slack, error, ok, said):
    slack.refuse("conversations.history", error)
    *_, channel = await findings(slack)
    assert channel[0] is ok
    assert said in channel[1]


async def test_doctor_says_that_the_token_is_wrong(slack):
    slack.refuse("auth.test", "invalid_auth")
    assert await findings(slack) == [
        (False, "auth.test: invalid_auth; set SLACK_BOT_TOKEN to the bot's xoxb- token")
    ]
