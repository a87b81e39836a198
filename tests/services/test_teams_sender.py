"""Posts to Teams channels and Workflows webhooks, against a Teams on loopback."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import aiohttp
import pytest

from bot.adapters.redis import streams
from bot.adapters.redis.article_log import RedisArticleLog
from bot.adapters.redis.bus import Group
from bot.adapters.redis.jobs import RedisJobs
from bot.adapters.redis.outbox import RedisOutbox
from bot.adapters.redis.references import RedisReferences
from bot.adapters.teams import Connector, TeamsSender, Tokens, WebhookSender
from bot.adapters.teams.examine import examine
from bot.adapters.teams.webhook import PACE, UPDATES
from bot.domain.answers import Reply, ReplyOutcome, Searched
from bot.domain.channels import Destination
from bot.domain.errors import Barred, OutcomeUnknown, Permanent, Recoverable, Uneditable
from bot.domain.jobs import ShareReply
from bot.domain.posts import PostKey, PostKind, PostStatus
from bot.domain.references import Place, Reference
from bot.domain.secrets import Secret
from bot.render.teams import sendable
from bot.services.deliver import POSSIBLY_REPEATED, Deliver
from bot.services.share import Share
from tests.builders import make_brief, make_item
from tests.recorders import begin
from tests.services.teams_stub import teams_stub

TENANT = "tenant-1"
CHANNEL = "19:b@thread.tacv2"
TO = Destination(platform="teams", workspace="News Desk", channel="Baltics")
KEY = PostKey(kind=PostKind.STORY, destination=TO, subject=("a1",))
HOOK = Destination(platform="webhook", channel="news-desk")
CORRECTED = make_brief(items=(make_item(changes=("Headline corrected 18:40 UTC",)),))


def channel(service_url: str = "https://smba.example/teams", **changes) -> Reference:
    values = {
        "tenant": TENANT,
        "conversation": CHANNEL,
        "place": Place.CHANNEL,
        "service_url": service_url,
        "team": "19:team@thread.tacv2",
        "team_name": "News Desk",
        "channel_name": "Baltics",
    }
    return Reference(**{**values, **changes})


@pytest.fixture
async def stub():
    async with teams_stub() as served:
        yield served


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def references(redis, keys):
    return RedisReferences(redis, keys)


@pytest.fixture
def patience():
    """How long a call may take; short where it is never answered."""
    return aiohttp.ClientTimeout(total=300)


@pytest.fixture
def connector(stub, session, patience):
    tokens = Tokens(
        client_id="app-1",
        secret=Secret("app-secret"),
        tenant=TENANT,
        session=lambda: session,
        login=f"{stub.url}/login",
    )
    return Connector(session=lambda: session, tokens=tokens, timeout=patience)


@pytest.fixture
async def sender(stub, connector, references, clock):
    await references.keep(channel(f"{stub.url}/connector"))
    return TeamsSender(connector, references, tenant=TENANT, clock=clock.now)


@pytest.fixture
def webhook(stub, session, redis, keys, clock, patience):
    return WebhookSender(
        redis,
        keys,
        addresses={"NEWS_DESK": Secret(f"{stub.url}/workflows/x?sig=hush")},
        session=lambda: session,
        clock=clock.now,
        timeout=patience,
    )


async def test_teams_posts_a_card_in_the_channel_that_the_names_mean(sender, stub):
    receipt = await sender.send(KEY, make_brief(), begin)
    [(method, path, body)] = stub.posted
    assert (method, path) == ("POST", f"/connector/v3/conversations/{CHANNEL}/activities")
    assert body["type"] == "message"
    assert body["summary"].startswith("Alert: NATO chief urges")
    assert sendable(body["attachments"][0]["content"])
    assert receipt.handle == f"1700000000001 {CHANNEL}"


async def test_teams_calls_with_one_token_until_it_is_refused(sender, stub):
    await sender.send(KEY, make_brief(), begin)
    await sender.send(KEY, make_brief(), begin)
    stub.answers.append((401, {}, {}))
    await sender.send(KEY, make_brief(), begin)
    assert [call[3] for call in stub.calls] == ["Bearer token-1"] * 3 + ["Bearer token-2"]


async def test_teams_edits_in_place(sender, stub):
    receipt = await sender.send(KEY, make_brief(), begin)
    await sender.edit(KEY, receipt.handle, CORRECTED, begin)
    method, path, body = stub.posted[1]
    assert method == "PUT"
    assert path == f"/connector/v3/conversations/{CHANNEL}/activities/1700000000001"
    assert body["id"] == "1700000000001"


async def test_teams_replies_in_the_thread_of_a_channel(sender, stub):
    receipt = await sender.send(KEY, make_brief(), begin)
    reply = await sender.reply(KEY, receipt.handle, CORRECTED, begin)
    thread = f"{CHANNEL};messageid=1700000000001"
    assert stub.posted[1][1] == f"/connector/v3/conversations/{thread}/activities"
    assert reply.handle == f"1700000000002 {thread}"


async def test_teams_replies_in_a_chat_without_a_thread(sender, stub, references):
    person = Destination(platform="teams", channel="@anna")
    key = replace(KEY, destination=person)
    await references.keep(
        channel(
            f"{stub.url}/connector",
            conversation="a:1",
            place=Place.PERSON,
            user_name="Anna",
            team="",
        )
    )
    receipt = await sender.send(key, make_brief(), begin)
    await sender.reply(key, receipt.handle, make_brief(), begin)
    assert {path for _, path, _ in stub.posted} == {"/connector/v3/conversations/a:1/activities"}


@pytest.mark.parametrize("status", [412, 429])
async def test_teams_comes_back_later_when_teams_asks_for_it(sender, stub, status):
    stub.answers.append((status, {"Retry-After": "7"}, {}))
    with pytest.raises(Recoverable, match=str(status)) as raised:
        await sender.send(KEY, make_brief(), begin)
    assert 7 <= (raised.value.after or 0) <= 8


async def test_teams_leaves_the_wait_to_the_queue_where_teams_names_none(sender, stub):
    stub.answers.append((412, {"Retry-After": "soon"}, {}))
    with pytest.raises(Recoverable) as raised:
        await sender.send(KEY, make_brief(), begin)
    assert raised.value.after is None


@pytest.mark.parametrize("kind", ["bot", "webhook"])
@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "ServiceError"),
        (403, "BotNotInConversationRoster"),
        (404, "Gone"),
        (405, ""),
        (410, ""),
    ],
)
async def test_teams_waits_where_the_place_refuses(sender, webhook, stub, kind, status, code):
    to, key = (sender, KEY) if kind == "bot" else (webhook, replace(KEY, destination=HOOK))
    stub.answers.append((status, {}, {"error": {"code": code}}))
    with pytest.raises(Barred, match=f"{status}.*{code}") as raised:
        await to.send(key, make_brief(), begin)
    assert raised.value.token is False


@pytest.mark.parametrize(("status", "code"), [(400, "BadSyntax"), (413, ""), (413, "Too")])
async def test_teams_shows_in_one_line_what_it_finds_fault_with(sender, stub, status, code):
    stub.answers.append((status, {}, {"error": {"code": code}}))
    await sender.send(KEY, make_brief(), begin)
    first, second = (str(body["attachments"]) for _, _, body in stub.posted)
    assert len(second) < len(first)
    assert "NATO chief urges" in second
    assert "https://wire.example/a1" in second


@pytest.mark.parametrize("kind", ["bot", "webhook"])
async def test_teams_gives_up_what_it_finds_malformed_in_every_form(sender, webhook, stub, kind):
    to, key = (sender, KEY) if kind == "bot" else (webhook, replace(KEY, destination=HOOK))
    stub.answers += [(400, {}, {"error": {"code": "BadSyntax"}})] * 2
    with pytest.raises(Permanent, match=r"400 \(BadSyntax\)"):
        await to.send(key, make_brief(), begin)


async def test_teams_waits_when_it_refuses_the_token_twice(sender, stub):
    stub.answers += [(401, {}, {})] * 2
    with pytest.raises(Barred) as raised:
        await sender.send(KEY, make_brief(), begin)
    assert raised.value.token is True


@pytest.mark.parametrize(
    ("code", "meaning"),
    [("ActivityNotFoundInConversation", Uneditable), ("ConversationNotFound", Barred)],
)
async def test_teams_tells_a_deleted_message_from_a_place_that_is_gone(sender, stub, code, meaning):
    receipt = await sender.send(KEY, make_brief(), begin)
    stub.answers.append((404, {}, {"error": {"code": code}}))
    with pytest.raises(meaning):
        await sender.edit(KEY, receipt.handle, make_brief(), begin)


@pytest.mark.parametrize("patience", [aiohttp.ClientTimeout(total=0.2)])
async def test_teams_does_not_know_what_became_of_a_send_without_an_answer(sender, stub):
    stub.hold = asyncio.Event()
    with pytest.raises(OutcomeUnknown, match="timeout"):
        await sender.send(KEY, make_brief(), begin)
    assert len(stub.calls) == 1


@pytest.mark.parametrize("answer", [(500, {}, {}), (200, {}, {"no": "id"})], ids=["500", "no id"])
async def test_teams_does_not_know_what_became_of_a_send_that_broke(sender, stub, answer):
    stub.answers.append(answer)
    with pytest.raises(OutcomeUnknown):
        await sender.send(KEY, make_brief(), begin)


@pytest.mark.parametrize("status", [408, 502, 503, 504])
@pytest.mark.parametrize("kind", ["bot", "webhook"])
async def test_teams_does_not_know_what_stands_behind_a_gateway(
    sender, webhook, stub, kind, status
):
    stub.answers.append((status, {"Retry-After": "7"}, {}))
    to, key = (sender, KEY) if kind == "bot" else (webhook, replace(KEY, destination=HOOK))
    with pytest.raises(OutcomeUnknown, match=str(status)) as raised:
        await to.send(key, make_brief(), begin)
    assert 7 <= raised.value.after <= 8


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_teams_was_sent_nothing_while_no_token_is_to_be_had(sender, stub, status):
    stub.refuse_login = status
    begun = []

    async def begin():
        begun.append(1)

    with pytest.raises(Recoverable, match=str(status)):
        await sender.send(KEY, make_brief(), begin)
    assert (begun, stub.calls) == ([], [])


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_teams_repeats_an_edit_behind_a_gateway(sender, stub, status):
    receipt = await sender.send(KEY, make_brief(), begin)
    stub.answers.append((status, {"Retry-After": "7"}, {}))
    with pytest.raises(Recoverable, match=str(status)):
        await sender.edit(KEY, receipt.handle, make_brief(), begin)


async def test_teams_does_not_know_what_became_of_a_send_that_was_cut_off(sender, stub):
    stub.hang_up = True
    with pytest.raises(OutcomeUnknown):
        await sender.send(KEY, make_brief(), begin)


@pytest.mark.parametrize("patience", [aiohttp.ClientTimeout(total=0.2)])
async def test_teams_repeats_an_edit_freely(sender, stub):
    receipt = await sender.send(KEY, make_brief(), begin)
    stub.answers.append((500, {}, {}))
    with pytest.raises(Recoverable):
        await sender.edit(KEY, receipt.handle, make_brief(), begin)
    stub.hold = asyncio.Event()
    with pytest.raises(Recoverable):
        await sender.edit(KEY, receipt.handle, make_brief(), begin)


async def test_teams_that_cannot_be_reached_was_sent_nothing(connector):
    with pytest.raises(Recoverable, match="cannot be reached"):
        await connector.create("http://127.0.0.1:9", CHANNEL, {}, begin)


async def test_teams_says_which_settings_to_look_at_when_it_refuses_them(sender, stub):
    stub.refuse_login = 401
    with pytest.raises(Barred, match="TEAMS_CLIENT_SECRET") as raised:
        await sender.send(KEY, make_brief(), begin)
    assert "app-secret" not in str(raised.value)
    assert stub.calls == []


async def test_teams_never_sends_its_token_over_the_open_network(connector):
    with pytest.raises(Barred, match="https"):
        await connector.create("http://smba.example", CHANNEL, {}, begin)


async def test_teams_without_credentials_speaks_to_this_machine_only(session):
    connector = Connector(session=lambda: session, tokens=None)
    with pytest.raises(Barred, match="this machine"):
        await connector.create("https://smba.example", CHANNEL, {}, begin)


async def test_teams_post_that_may_be_out_is_sent_again_and_says_so(
    sender, stub, redis, keys, clock
):
    outbox = RedisOutbox(redis, keys, clock, lease=0.0, grace=0.0)
    requests, deliveries = (
        Group(redis, keys, clock, name, consumer="w1")
        for name in (streams.JOBS, streams.DELIVERIES)
    )
    for group in (requests, deliveries):
        await group.ensure()
    reply = Reply(question="?", outcome=ReplyOutcome.NOTHING, searched=Searched(articles=3))
    await RedisJobs(redis, keys, clock).submit(
        ShareReply(request_id="r1", destination=TO, reply=reply)
    )
    [job] = await requests.read(1)
    await Share(outbox=outbox, clock=clock.now)(
        job.claimed, streams.job(job.claimed.id, job.fields)
    )
    [entry] = await deliveries.read(1)
    key = streams.delivery(entry.claimed.id, entry.fields)
    articles = RedisArticleLog(redis, keys, clock)
    deliver = Deliver(outbox=outbox, articles=articles, senders=lambda _: sender, clock=clock.now)
    stub.answers.append((500, {}, {}))
    with pytest.raises(Recoverable):
        await deliver(entry.claimed, key)
    await deliver(entry.claimed, key)
    first, second = (str(body) for _, _, body in stub.posted)
    assert POSSIBLY_REPEATED not in first
    assert POSSIBLY_REPEATED in second
    post = await outbox.post(key)
    assert post is not None
    assert (post.status, post.handle) == (PostStatus.SENT, f"1700000000002 {CHANNEL}")


async def test_teams_cannot_look_up(sender, clock):
    assert sender.can_look_up is False
    assert await sender.find(KEY, since=clock.now()) is None


async def test_teams_lists_the_channels_of_a_team(connector, stub):
    listed = await connector.channels(f"{stub.url}/connector", "19:team@t")
    assert listed == (("19:g@t", "General"), ("19:b@t", "Baltics"))


async def test_references_find_a_channel_by_names_in_any_case_and_by_id(references):
    await references.keep(channel())
    for written in ("teams:news desk/BALTICS", "teams:Baltics", f"teams:{CHANNEL}"):
        assert await references.of(TENANT, Destination.parse(written)) == channel()


async def test_references_find_a_person_by_name_and_id(references):
    anna = channel(conversation="a:1", place=Place.PERSON, user="u-1", user_name="Anna Berg")
    await references.keep(anna)
    for written in ("teams:@anna berg", "teams:@u-1", "teams:a:1"):
        assert await references.of(TENANT, Destination.parse(written)) == anna


async def test_references_say_where_the_app_is_missing(references):
    with pytest.raises(Barred, match="not installed in teams:News Desk/Baltics"):
        await references.of(TENANT, TO)


async def test_references_post_nowhere_when_a_name_means_two_places(references):
    await references.keep(channel())
    await references.keep(channel(conversation="19:other@t", team="19:other@t"))
    with pytest.raises(Barred, match="2 conversations are called"):
        await references.of(TENANT, TO)


async def test_references_of_a_team_are_replaced_and_forgotten_together(references):
    person = channel(conversation="a:1", place=Place.PERSON, team="")
    for reference in (person, channel(), channel(conversation="19:old@t", channel_name="Old")):
        await references.keep(reference)
    renamed = channel(channel_name="Baltic Sea")
    await references.keep_team(TENANT, renamed.team, [renamed])
    assert set(await references.all(TENANT)) == {person, renamed}
    await references.keep_team(TENANT, renamed.team, [])
    await references.forget(TENANT, "a:1")
    assert await references.all(TENANT) == ()


async def test_references_of_tenants_do_not_meet(references):
    await references.keep(channel(tenant="another"))
    assert await references.all(TENANT) == ()


async def test_webhook_takes_the_documented_body(webhook, stub):
    receipt = await webhook.send(replace(KEY, destination=HOOK), make_brief(), begin)
    [(method, path, body)] = stub.posted
    assert (method, path, set(body)) == ("POST", "/workflows/x", {"type", "attachments"})
    [attachment] = body["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert attachment["contentUrl"] is None
    assert sendable(attachment["content"])
    assert receipt.handle == "webhook:news-desk"


async def test_webhook_posts_nothing_for_a_story_that_merely_grew(webhook, stub):
    await webhook.edit(replace(KEY, destination=HOOK), "webhook:news-desk", make_brief(), begin)
    assert stub.calls == []


async def test_webhook_tells_a_change_once_in_a_card_that_says_it_updates(webhook, stub):
    key = replace(KEY, destination=HOOK)
    await webhook.send(key, make_brief(), begin)
    for _ in range(2):
        await webhook.edit(key, "webhook:news-desk", CORRECTED, begin)
    assert len(stub.calls) == 2
    shown = str(stub.calls[1][2])
    assert UPDATES in shown
    assert "UPDATED ALERT" in shown


async def test_webhook_keeps_its_pace_without_holding_up_what_is_posted(webhook, stub):
    key = replace(KEY, destination=HOOK)
    loop = asyncio.get_running_loop()
    posts = [asyncio.create_task(webhook.send(key, make_brief(), begin)) for _ in range(2)]
    done, waiting = await asyncio.wait(posts, return_when=asyncio.FIRST_COMPLETED)
    assert (len(done), len(waiting), len(stub.calls)) == (1, 1, 1)
    began = loop.time()
    await asyncio.wait(waiting)
    assert loop.time() - began >= PACE / 2
    assert len(stub.calls) == 2


async def test_webhook_address_stands_in_no_error(webhook, stub, session, redis, keys, clock):
    key = replace(KEY, destination=HOOK)
    stub.answers.append((403, {}, {"error": {"code": "DirectApiAuthorizationRequired"}}))
    problems = []
    with pytest.raises(Barred) as raised:
        await webhook.send(key, make_brief(), begin)
    problems.append(raised.value)
    stub.hang_up = True
    with pytest.raises(OutcomeUnknown) as cut:
        await webhook.send(key, make_brief(), begin)
    problems.append(cut.value)
    wrong = WebhookSender(
        redis,
        keys,
        addresses={"NEWS_DESK": Secret("ftp://hush.example/sig=hush")},
        session=lambda: session,
        clock=clock.now,
    )
    with pytest.raises(Barred) as invalid:
        await wrong.send(key, make_brief(), begin)
    problems.append(invalid.value)
    for problem in problems:
        assert "hush" not in str(problem)
        assert problem.__cause__ is None
        assert problem.__suppress_context__ or problem.__context__ is None


async def test_webhook_without_an_address_says_which_variable_to_set(webhook):
    other = Destination(platform="webhook", channel="other desk")
    assert webhook.knows(HOOK)
    assert not webhook.knows(other)
    with pytest.raises(Barred, match="NATO_BRIEF_WEBHOOK_OTHER_DESK"):
        await webhook.send(replace(KEY, destination=other), make_brief(), begin)


async def test_webhook_cannot_look_up(webhook, clock):
    assert webhook.can_look_up is False
    assert await webhook.find(KEY, since=clock.now()) is None


async def examined(connector_tokens, references, *destinations: Destination):
    found = examine(connector_tokens, references, destinations, tenant=TENANT)
    return [(name, ok, said) async for name, ok, said in found]


@pytest.fixture
def tokens(stub, session):
    return Tokens(
        client_id="app-1",
        secret=Secret("app-secret"),
        tenant=TENANT,
        session=lambda: session,
        login=f"{stub.url}/login",
    )


async def test_doctor_finds_the_bot_known_and_the_app_installed(tokens, references):
    await references.keep(channel())
    place = Destination(platform="teams", channel=channel().conversation)
    assert [ok for _, ok, _ in await examined(tokens, references, place)] == [True, True]


async def test_doctor_says_what_to_do_about_credentials_and_places(tokens, references, stub):
    stub.refuse_login = 401
    place = Destination(platform="teams", workspace="Desk", channel="Alerts")
    token, missing = await examined(tokens, references, place)
    assert not token[1]
    assert "TEAMS_CLIENT_SECRET" in token[2]
    assert not missing[1]
    assert "add it to the team" in missing[2]


async def test_doctor_needs_no_credentials_where_nothing_is_proven(references):
    assert [ok for _, ok, _ in await examined(None, references)] == [True]
