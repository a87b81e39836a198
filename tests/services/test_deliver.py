"""deliver on the real server: one post's way from wanted to shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.adapters.redis import streams
from bot.adapters.redis.article_log import RedisArticleLog
from bot.adapters.redis.bus import Group
from bot.adapters.redis.jobs import RedisJobs
from bot.adapters.redis.outbox import RedisOutbox
from bot.domain.answers import Reply, ReplyOutcome, Searched
from bot.domain.channels import CONSOLE
from bot.domain.errors import OutcomeUnknown, Permanent, Recoverable
from bot.domain.jobs import ShareReply
from bot.domain.posts import PostKey, PostKind, PostStatus
from bot.domain.quotes import Span
from bot.services.deliver import POSSIBLY_REPEATED, Deliver
from bot.services.share import Share
from tests.builders import make_article, make_hit
from tests.recorders import RecordedSender

TEXT = "“need to engage as well,” Rutte said."
QUOTE = Span(start=1, end=24)


@pytest.fixture
def outbox(redis, keys, clock):
    return RedisOutbox(redis, keys, clock, lease=0.0, grace=0.0)


@pytest.fixture
def articles(redis, keys, clock):
    return RedisArticleLog(redis, keys, clock)


@pytest.fixture
def sender(clock):
    return RecordedSender(clock)


@pytest.fixture
def deliver(outbox, articles, sender, clock):
    return Deliver(outbox=outbox, articles=articles, senders=lambda _: sender, clock=clock.now)


@pytest.fixture
async def wanted(redis, keys, clock, outbox, articles):
    """Wants a post of one quote through JOBS, as a person's request does; returns its key."""
    await articles.load(make_article(text=TEXT))
    record = await articles.latest("a1")
    hit = make_hit(position=record.position, span=QUOTE, text=QUOTE.of(TEXT))
    group = Group(redis, keys, clock, streams.JOBS, consumer="w1")
    await group.ensure()

    async def wanted(request_id: str, **changes: object) -> PostKey:
        reply = Reply(
            question="what did Rutte say?",
            outcome=ReplyOutcome.ANSWER,
            answer=(replace(hit, **changes),),
            searched=Searched(articles=1),
        )
        request = ShareReply(request_id=request_id, destination=CONSOLE, reply=reply)
        await RedisJobs(redis, keys, clock).submit(request)
        for job in await group.read(1):
            share = Share(outbox=outbox, clock=clock.now)
            await share(job.claimed, streams.job(job.claimed.id, job.fields))
        return PostKey(kind=PostKind.ANSWER, destination=CONSOLE, subject=(request_id,))

    return wanted


@pytest.fixture
async def entry(redis, keys, clock):
    """Takes the next entry of DELIVERIES."""
    group = Group(redis, keys, clock, streams.DELIVERIES, consumer="w1")
    await group.ensure()

    async def entry():
        (delivery,) = await group.read(1)
        return delivery.claimed

    return entry


async def test_deliver_shows_a_wanted_post_once(deliver, outbox, wanted, entry, sender):
    key = await wanted("r1")
    claimed = await entry()
    await deliver(claimed, key)
    post = await outbox.post(key)
    assert [handle for handle, _ in sender.sent] == ["m1"]
    assert (post.status, post.sent, post.handle) == (PostStatus.SENT, 1, "m1")


async def test_same_request_twice_is_one_post(deliver, wanted, entry, sender):
    key = await wanted("r1")
    await deliver(await entry(), key)
    assert await wanted("r1") == key
    assert len(sender.sent) == 1


async def test_deliver_withholds_a_quote_that_does_not_stand_in_its_article(
    deliver, wanted, entry, sender
):
    key = await wanted("r1", text="Allies must spend less,")
    await deliver(await entry(), key)
    ((_, brief),) = sender.sent
    assert [item.quotes for item in brief.items] == [()]


async def test_deliver_tries_again_later_what_was_refused_for_now(
    deliver, outbox, wanted, entry, sender
):
    key = await wanted("r1")
    claimed = await entry()
    sender.failures = [Recoverable("HTTP 429", after=7)]
    with pytest.raises(Recoverable) as refused:
        await deliver(claimed, key)
    assert refused.value.after == 7
    await deliver(claimed, key)
    assert len(sender.sent) == 1
    assert (await outbox.post(key)).problem is None


async def test_deliver_gives_up_what_is_refused_for_good(deliver, outbox, wanted, entry, sender):
    key = await wanted("r1")
    sender.failures = [Permanent("channel_not_found")]
    await deliver(await entry(), key)
    post = await outbox.post(key)
    assert (post.status, post.problem) == (PostStatus.DEAD, "channel_not_found")


@pytest.mark.parametrize("arrives", [True, False], ids=["it had arrived", "it was lost"])
async def test_deliver_looks_up_what_may_have_gone_out(deliver, wanted, entry, sender, arrives):
    key = await wanted("r1")
    claimed = await entry()
    sender.failures, sender.arrives = [OutcomeUnknown("no answer")], arrives
    with pytest.raises(Recoverable):
        await deliver(claimed, key)
    await deliver(claimed, key)
    assert len(sender.sent) == 1


async def test_deliver_marks_a_possible_repeat_where_it_cannot_look_up(
    deliver, wanted, entry, sender
):
    key = await wanted("r1")
    claimed = await entry()
    sender.can_look_up = False
    sender.failures, sender.arrives = [OutcomeUnknown("no answer")], True
    with pytest.raises(Recoverable):
        await deliver(claimed, key)
    await deliver(claimed, key)
    assert [POSSIBLY_REPEATED in brief.notes for _, brief in sender.sent] == [False, True]
