"""One visible message for each post, whatever dies, is lost or refused on its way.

The table drives the deliver stage, the real outbox and the real senders against a Slack and a
Teams on loopback. Where a platform can be asked, there is exactly one message and it says nothing
of repeats. Where it cannot, a repeat says so; a message that is alone says so only where nobody
can know: the call broke off, or its process died in it, and the message had not landed.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator

import aiohttp
import pytest

from bot.adapters.redis.article_log import RedisArticleLog
from bot.adapters.redis.desk import RedisDesk
from bot.adapters.redis.outbox import RedisOutbox
from bot.adapters.redis.references import RedisReferences
from bot.adapters.redis.waiting import RedisWaiting
from bot.adapters.slack import SlackApi, SlackWorkspace
from bot.adapters.teams import Connector, TeamsSender, WebhookSender
from bot.domain.channels import Configuration, Destination
from bot.domain.errors import Recoverable
from bot.domain.posts import DesiredPost, PostKey, PostKind, PostStatus
from bot.domain.references import Place, Reference
from bot.domain.secrets import Secret
from bot.domain.stories import Outcome
from bot.services.deliver import POSSIBLY_REPEATED, Deliver
from bot.services.parking import Parking
from tests.builders import NOW, make_brief
from tests.recorders import RecordedSender
from tests.services.claiming import Entries
from tests.services.slack_server import Network, SlackServer
from tests.services.teams_stub import teams_stub
from tests.waiting import until

OK, TOO_MANY, REFUSED, LATE = Network.OK, Network.TOO_MANY, Network.REFUSED, Network.LATE
#: What becomes of one call after the other; then all is well.
NETWORKS = [
    (OK,),
    (Network.REPLY_LOST,),
    (Network.REQUEST_LOST,),
    (TOO_MANY,),
    (Network.BROKEN,),
    (Network.BROKEN_BEFORE,),
    (Network.REPLY_LOST, TOO_MANY),
    (Network.REPLY_LOST, TOO_MANY, TOO_MANY),
    (Network.REQUEST_LOST, TOO_MANY),
    (Network.BROKEN, TOO_MANY),
    (TOO_MANY, Network.REPLY_LOST),
    (REFUSED,),
    (REFUSED, REFUSED, Network.REPLY_LOST),
    (Network.REPLY_LOST, REFUSED),
    (Network.REQUEST_LOST, REFUSED, TOO_MANY),
]
#: Seconds: of a call, until a late one lands, of a lease, and of its grace.
TIMEOUT, LANDS, LEASE, GRACE = 0.3, 0.4, 0.4, 0.3


class Crash(BaseException):
    """The process dies here."""


class Dying(RedisOutbox):
    """An outbox whose process dies at one of its steps, the first time it comes there."""

    dies_at = ""

    async def claim(self, key):
        self._perhaps("claim")
        return await super().claim(key)

    async def begin(self, key, token):
        self._perhaps("call")
        begun = await super().begin(key, token)
        self._perhaps("calling")
        return begun

    async def mark_sent(self, key, token, **about):
        self._perhaps("mark")
        return await super().mark_sent(key, token, **about)

    async def settle(self, claimed, key):
        self._perhaps("ack")
        return await super().settle(claimed, key)

    def _perhaps(self, step):
        if self.dies_at == step:
            raise Crash


class OnSlack:
    """A workspace, with or without the scope to read its channel."""

    destination = Destination(platform="slack", channel="#nato-desk")

    def __init__(self, *, reads: bool) -> None:
        self.can_look_up = reads
        self.server = SlackServer()
        if not reads:
            refusal = (200, {}, {"ok": False, "error": "missing_scope"})
            self.server.answers["conversations.history"] = deque([refusal] * 20)

    async def __aenter__(self):
        await self.server.start()
        return self

    async def __aexit__(self, *_):
        await self.server.stop()

    def prepare(self, network, late):
        self.server.network.extend(network)
        self.server.late = late

    def sender(self, timeout):
        api = SlackApi(Secret("xoxb-test"), base_url=self.server.url, timeout=timeout)
        return SlackWorkspace(api, clock=lambda: NOW, pace=0.0).sender(self.destination)

    def shown(self, key):
        return [str(message) for message in self.server.posted(str(key))]


class OnTeams:
    """A channel that a bot posts to, or one that a webhook does."""

    can_look_up = False

    def __init__(self, redis, keys, *, webhook: bool) -> None:
        self.destination = Destination.parse("webhook:news-desk" if webhook else "teams:Baltics")
        self._webhook = webhook
        self._redis, self._keys = redis, keys

    async def __aenter__(self):
        self._stub = teams_stub()
        self.stub = await self._stub.__aenter__()
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))
        return self

    async def __aexit__(self, *about):
        await self._session.close()
        await self._stub.__aexit__(*about)

    def prepare(self, network, late):
        self.stub.network.extend(network)
        self.stub.late = late

    def sender(self, timeout):
        about = {"session": lambda: self._session, "timeout": aiohttp.ClientTimeout(total=timeout)}
        if self._webhook:
            addresses = {"NEWS_DESK": Secret(f"{self.stub.url}/workflows/x?sig=hush")}
            return WebhookSender(
                self._redis, self._keys, addresses=addresses, clock=lambda: NOW, pace=0.0, **about
            )
        references = RedisReferences(self._redis, self._keys)
        connector = Connector(tokens=None, **about)
        return TeamsSender(connector, references, tenant="local", clock=lambda: NOW)

    async def install(self):
        await RedisReferences(self._redis, self._keys).keep(
            Reference(
                tenant="local",
                conversation="19:b@thread.tacv2",
                place=Place.CHANNEL,
                service_url=f"{self.stub.url}/connector",
                team="19:team@thread.tacv2",
                channel_name="Baltics",
            )
        )

    def shown(self, key):
        return [str(card) for card in self.stub.cards]


@pytest.fixture(params=["Slack", "Slack without history", "Teams", "webhook"])
async def platform(request, redis, keys):
    match request.param:
        case "Slack":
            there = OnSlack(reads=True)
        case "Slack without history":
            there = OnSlack(reads=False)
        case kind:
            there = OnTeams(redis, keys, webhook=kind == "webhook")
    async with there:
        if isinstance(there, OnTeams):
            await there.install()
        yield there


@pytest.fixture
def entries(redis, keys, clock):
    return Entries(redis, keys, clock)


@pytest.fixture
def stage(redis, keys, clock):
    """Builds the deliver stage of one process; its leases end at once unless told otherwise."""
    articles = RedisArticleLog(redis, keys, clock)

    def built(sender, *, dies_at="", lease=0.0, grace=0.0):
        outbox = Dying(redis, keys, clock, lease=lease, grace=grace)
        outbox.dies_at = dies_at
        return Deliver(outbox=outbox, articles=articles, senders=lambda _: sender, clock=clock.now)

    return built


@pytest.fixture
def wanted(redis, keys, clock, entries):
    """Wants a post of the desk; its entry on DELIVERIES is then in our hands."""
    desk = RedisDesk(redis, keys, clock)

    async def wanted(destination, revision=1):
        key = PostKey(kind=PostKind.STORY, destination=destination, subject=("a1",))
        post = DesiredPost(key=key, revision=revision, brief=make_brief(items=()))
        token = await desk.lease("active")
        await desk.commit(token, await entries.claim("articles"), Outcome(posts=(post,)))
        return key, await entries.claim("deliveries", put=False)

    return wanted


@pytest.fixture
def see_through(redis, keys, clock, entries):
    """Tries again and again, as the bus and the look after what is parked would, only sooner."""
    outbox, waiting = RedisOutbox(redis, keys, clock), RedisWaiting(redis, keys, clock)
    parking = Parking(config=Configuration, outbox=outbox, waiting=waiting, clock=clock.now)

    async def see_through(deliver, claimed, key):
        while claimed is not None:
            try:
                await deliver(claimed, key)
            except Recoverable:
                await asyncio.sleep(0.01)
                continue
            claimed = await next_try(key)

    async def next_try(key):
        """The entry by which a post that was refused is tried again; None once it is out."""
        while (await outbox.post(key)).status is not PostStatus.SENT:
            clock.advance(1000)
            await parking.look()
            for delivery in await entries.group("deliveries", "first").read(9):
                if delivery.fields[b"k"].decode() == str(key):
                    return delivery.claimed
                await entries.group("deliveries", "first").ack(delivery.claimed)
        return None

    return see_through


def expected(dies_at: str, network: tuple[Network, ...]) -> list[bool]:
    """For each message in turn, whether it says that it may be a repeat; nobody can be asked."""
    calls: Iterator[Network] = iter(network)
    shown: list[bool] = []
    doubt = dies_at == "calling"
    while True:
        outcome = next(calls, OK)
        if outcome.lands:
            shown.append(doubt)
        if outcome is OK and dies_at != "mark":
            return shown
        if outcome is OK:
            dies_at = ""
            doubt = True
        doubt = doubt or outcome.unclear


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: ", then ".join(network))
@pytest.mark.parametrize(
    "dies_at",
    [
        pytest.param("", id="lives"),
        pytest.param("claim", id="dies before the claim"),
        pytest.param("call", id="dies before the call"),
        pytest.param("calling", id="dies in the call"),
        pytest.param("mark", id="dies before the mark"),
        pytest.param("ack", id="dies before the ack"),
    ],
)
async def test_one_message_or_a_repeat_that_says_so(
    platform, stage, wanted, see_through, entries, redis, keys, clock, dies_at, network
):
    key, claimed = await wanted(platform.destination)
    platform.prepare(network, late=0.0)
    try:
        await see_through(stage(platform.sender(10), dies_at=dies_at), claimed, key)
    except Crash:
        again = await entries.steal("deliveries")
        await see_through(stage(platform.sender(10)), again, key)
    shown = [POSSIBLY_REPEATED in message for message in platform.shown(key)]
    assert shown == ([False] if platform.can_look_up else expected(dies_at, network))
    post = await RedisOutbox(redis, keys, clock).post(key)
    assert (post.status, post.sent, post.doubt) == (PostStatus.SENT, 1, False)
    assert await entries.pending("deliveries") == 0


@pytest.mark.parametrize("network", [(LATE,), (LATE, TOO_MANY)], ids=["late", "late, then 429"])
async def test_a_message_that_lands_late_is_waited_for(
    platform, stage, wanted, see_through, network
):
    key, claimed = await wanted(platform.destination)
    platform.prepare(network, late=LANDS)
    deliver = stage(platform.sender(TIMEOUT), lease=LEASE, grace=GRACE)
    await see_through(deliver, claimed, key)
    shown = [POSSIBLY_REPEATED in message for message in platform.shown(key)]
    assert shown == ([False] if platform.can_look_up else [False, True])


async def test_a_look_that_fails_for_now_leads_to_no_second_post(stage, wanted, see_through):
    async with OnSlack(reads=True) as slack:
        key, claimed = await wanted(slack.destination)
        slack.prepare((Network.REPLY_LOST,), late=0.0)
        server = slack.server
        server.refuse("conversations.history", "ratelimited", status=429, **{"Retry-After": "0"})
        server.refuse("conversations.history", "internal_error", status=500)
        await see_through(stage(slack.sender(10)), claimed, key)
        assert len(slack.shown(key)) == 1
        assert len(server.called("conversations.history")) == 3


async def test_a_repeat_says_so_as_long_as_it_stands(stage, wanted, clock):
    sender = RecordedSender(clock, can_look_up=False)
    deliver = stage(sender, dies_at="mark")
    key, claimed = await wanted(Destination.parse("teams:Baltics"))
    with pytest.raises(Crash):
        await deliver(claimed, key)
    await stage(sender)(claimed, key)
    _, again = await wanted(key.destination, revision=2)
    await stage(sender)(again, key)
    told = [POSSIBLY_REPEATED in brief.notes for _, brief in (*sender.sent, *sender.edited)]
    assert told == [False, True, True]


async def test_an_update_that_is_a_message_of_its_own_may_be_a_repeat_too(stage, wanted, clock):
    sender = RecordedSender(clock, can_look_up=False)
    sender.edits_in_place = False
    key, claimed = await wanted(Destination.parse("webhook:news-desk"))
    await stage(sender)(claimed, key)
    _, again = await wanted(key.destination, revision=2)
    with pytest.raises(Crash):
        await stage(sender, dies_at="mark")(again, key)
    await stage(sender)(again, key)
    told = [POSSIBLY_REPEATED in brief.notes for _, brief in sender.edited]
    assert told == [False, True]


async def test_many_that_wait_for_their_turn_are_in_no_doubt_when_the_process_dies(
    redis, keys, clock, stage, wanted
):
    """Only the one whose call had left may be a repeat."""
    async with OnTeams(redis, keys, webhook=False) as teams:
        await teams.install()
        teams.stub.hold = asyncio.Event()
        posts = []
        for number in range(5):
            key = PostKey(
                kind=PostKind.STORY, destination=teams.destination, subject=(f"s{number}",)
            )
            post = DesiredPost(key=key, revision=1, brief=make_brief(items=()))
            await RedisOutbox(redis, keys, clock).want(post)
            posts.append(key)
        sender = teams.sender(300)
        outbox = RedisOutbox(redis, keys, clock, lease=0.0, grace=0.0)
        deliver = stage(sender)
        tasks = [asyncio.create_task(deliver(None, key)) for key in posts]
        await until(lambda: teams.stub.calls)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        doubts = [(await outbox.post(key)).doubt for key in posts]
        assert sorted(doubts) == [False] * 4 + [True]
