"""The desk's lease, its memory and its commits on a real server."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from bot.adapters.redis.desk import RedisDesk
from bot.adapters.redis.keys import SHINGLES_MS
from bot.adapters.redis.outbox import RedisOutbox
from bot.core.text.shingles import packed
from bot.domain.channels import CONSOLE, Destination
from bot.domain.errors import LostOwnership
from bot.domain.posts import Brief, BriefKind, DesiredPost, Post, PostKey, PostKind
from bot.domain.quotes import Quote, Span
from bot.domain.stories import (
    Action,
    ChannelState,
    Decision,
    DeskState,
    Held,
    Member,
    Outcome,
    Posted,
    Reason,
    Story,
    StoryReason,
)
from tests.builders import NOW
from tests.services.claiming import Entries

SLACK = Destination(platform="slack", workspace="T1", channel="#nato-desk")
KEY = PostKey(kind=PostKind.STORY, destination=SLACK, subject=("a1",))
DAY = timedelta(days=1)


@pytest.fixture
def desk(redis, keys, clock):
    return RedisDesk(redis, keys, clock)


@pytest.fixture
def outbox(redis, keys, clock):
    return RedisOutbox(redis, keys, clock)


@pytest.fixture
def entries(redis, keys, clock):
    return Entries(redis, keys, clock)


@pytest.fixture
def commit(desk, entries):
    """Commits as the active desk, an entry each."""

    async def committed(*outcomes):
        for outcome in outcomes:
            token = await desk.lease("active")
            await desk.commit(token, await entries.claim("articles"), outcome)

    return committed


def make_member(article_id="a1", **changes):
    values = {
        "article_id": article_id,
        "revision": 1,
        "feed_id": "f1",
        "outlet": "Wire",
        "url": f"https://wire.example/{article_id}",
        "title": "NATO chief urges more defence spending",
        "published": NOW,
        "stored": NOW,
        "position": "1743768000000-0",
        "origin": article_id,
        "reason": StoryReason.NEW,
        "quotes": (Quote(span=Span(start=2, end=6), text="more"),),
        "packed_shingles": packed((1, 2**32 - 1)),
        "terms": (("NATO", 2), ("spend", 1)),
    }
    return Member(**{**values, **changes})


def make_story(*members, revision=1):
    return Story(id=members[0].article_id, revision=revision, members=members)


def put(story, member):
    return Outcome(story=story, member=member)


def make_brief(headline="NATO chief urges more defence spending"):
    return Brief(kind=BriefKind.ALERT, headline=headline, made=NOW)


def make_decision(article_id="a1", **changes):
    values = {
        "article_id": article_id,
        "revision": 1,
        "story_id": "a1",
        "destination": SLACK,
        "action": Action.ALERT,
        "reason": Reason.FIRST_REPORT,
        "topic": "NATO spending",
        "score": 3.0,
        "at": NOW,
    }
    return Decision(**{**values, **changes})


def everything():
    """An outcome that changes all there is."""
    member = make_member()
    return Outcome(
        story=make_story(member),
        member=member,
        channels=(ChannelState(destination=SLACK, last_digest=NOW),),
        posts=(DesiredPost(key=KEY, revision=1, brief=make_brief()),),
        decisions=(make_decision(),),
    )


# The lease.


async def test_lease_is_one_owners_until_it_is_released(desk):
    first = await desk.lease("one")
    assert first > 0
    assert await desk.lease("two") == 0
    assert await desk.lease("one") == first
    await desk.release("one")
    assert await desk.lease("two") > first


async def test_lease_that_ran_out_goes_to_the_next_with_a_higher_token(redis, keys, clock, desk):
    dead = RedisDesk(redis, keys, clock, lease=0)
    first = await dead.lease("dead")
    second = await desk.lease("standby")
    assert second > first
    assert await dead.lease("dead") == 0


async def test_lease_does_not_run_out_by_the_shifted_clock(desk, clock):
    token = await desk.lease("one")
    clock.advance(3600)
    assert await desk.lease("two") == 0
    assert await desk.lease("one") == token


async def test_lease_of_a_dead_desk_ends_although_the_clock_was_set_back(desk, redis, keys):
    first = await desk.lease("dead")
    await redis.hincrby(keys.desk, "until", 3_600_000)
    assert await desk.lease("standby") > first


async def test_release_by_another_changes_nothing(desk):
    token = await desk.lease("one")
    await desk.release("two")
    assert await desk.lease("one") == token


# Commits that are refused write nothing.


async def assert_nothing_written(desk, entries, outbox, *, pending):
    assert await desk.load(since=NOW - DAY) == DeskState()
    assert await desk.decisions("a1") == ()
    assert await outbox.post(KEY) is None
    assert await outbox.recent(limit=9) == ()
    assert await entries.pending("articles") == pending


async def test_commit_with_an_old_token_is_refused(desk, entries, outbox):
    old = await desk.lease("old")
    await desk.release("old")
    await desk.lease("new")
    with pytest.raises(LostOwnership):
        await desk.commit(old, await entries.claim("articles"), everything())
    await assert_nothing_written(desk, entries, outbox, pending=1)


async def test_commit_without_a_token_is_refused(desk, entries, outbox):
    with pytest.raises(LostOwnership):
        await desk.commit(0, await entries.claim("articles"), everything())
    await assert_nothing_written(desk, entries, outbox, pending=1)


async def test_commit_of_an_entry_somebody_else_took_over_is_refused(desk, entries, outbox):
    token = await desk.lease("one")
    claimed = await entries.claim("articles")
    await entries.steal("articles")
    with pytest.raises(LostOwnership):
        await desk.commit(token, claimed, everything())
    await assert_nothing_written(desk, entries, outbox, pending=1)


async def test_commit_of_one_entry_twice_is_refused(desk, entries):
    token = await desk.lease("one")
    claimed = await entries.claim("articles")
    await desk.commit(token, claimed, everything())
    with pytest.raises(LostOwnership):
        await desk.commit(token, claimed, everything())
    assert await desk.decisions("a1") == everything().decisions
    assert await entries.length("deliveries") == 1


async def test_commit_after_the_lease_ran_out_holds_while_nobody_took_it(
    redis, keys, clock, entries
):
    desk = RedisDesk(redis, keys, clock, lease=0)
    token = await desk.lease("slow")
    await desk.commit(token, await entries.claim("articles"), everything())
    assert await entries.pending("articles") == 0


# The round trip.


async def test_commit_of_everything_is_there_again(desk, entries, outbox, commit):
    outcome = everything()
    await commit(outcome)
    state = DeskState(stories=(outcome.story,), channels=outcome.channels)
    assert await desk.load(since=NOW - DAY) == state
    assert await desk.decisions("a1") == outcome.decisions
    post = await outbox.post(KEY)
    assert post == Post(key=KEY, brief=make_brief(), created=post.created)
    assert await outbox.recent(limit=9) == (post,)
    assert await entries.pending("articles") == 0
    assert (await entries.claim("deliveries", put=False)).id


async def test_commits_one_by_one_load_as_the_state_they_lead_to(desk, commit):
    one, two = make_member("a1"), make_member("a2", origin="a1", reason=StoryReason.COPY)
    other = make_member("b1", stored=NOW - timedelta(hours=1))
    corrected = replace(one, revision=2, title="NATO chief asks for more", also_in=("Post",))
    first = make_story(one)
    second = replace(first, revision=2, members=(one, two))
    third = replace(first, revision=3, members=(corrected, two))
    held = Held(story_id="b1", topic="NATO spending", score=1.5, reason=Reason.LOW_SCORE, since=NOW)
    told = Posted(story_id="a1", revision=2, first=NOW, last=NOW)
    slack = ChannelState(destination=SLACK, posted=(told,), held=(held,), last_digest=NOW)
    console = ChannelState(destination=CONSOLE, last_digest=NOW)
    await commit(
        put(first, one),
        Outcome(channels=(ChannelState(destination=SLACK),)),
        put(second, two),
        put(make_story(other), other),
        replace(put(third, corrected), channels=(slack, console)),
    )
    assert await desk.load(since=NOW - DAY) == DeskState(
        stories=(third, make_story(other)), channels=(console, slack)
    )


async def test_shingles_are_remembered_while_their_story_may_be_open(desk, commit, redis, keys):
    member = make_member()
    await commit(put(make_story(member), member))
    assert 0 < await redis.pttl(keys.shingles("a1")) <= SHINGLES_MS
    await redis.delete(keys.shingles("a1"))

    (story,) = (await desk.load(since=NOW - DAY)).stories
    assert story == make_story(replace(member, packed_shingles=b""))


async def test_load_reads_a_member_written_with_its_shingles(desk, commit, redis, keys):
    member = make_member()
    await commit(put(make_story(member), member))
    old = msgspec.to_builtins(member, enc_hook=str)
    del old["packed_shingles"]
    data = b"\x02" + msgspec.msgpack.encode({**old, "shingles": [1, 2**32 - 1]})
    await redis.hset(keys.story("a1"), "m:a1", data)
    await redis.delete(keys.shingles("a1"))

    assert (await desk.load(since=NOW - DAY)).stories == (make_story(member),)


async def test_load_leaves_out_stories_whose_newest_member_is_too_old(desk, commit):
    old, edge = make_member("old", stored=NOW - 3 * DAY), make_member("edge", stored=NOW - 2 * DAY)
    kept = make_member("kept", stored=NOW - 3 * DAY)
    fresh = make_member("fresh", stored=NOW)
    await commit(
        put(make_story(old), old),
        put(make_story(edge), edge),
        put(make_story(kept), kept),
        put(make_story(kept, fresh, revision=2), fresh),
    )
    state = await desk.load(since=NOW - 2 * DAY)
    assert state.stories == (make_story(kept, fresh, revision=2),)


async def test_load_brings_an_old_story_that_a_channel_holds(desk, commit):
    old = make_member("old", stored=NOW - 9 * DAY)
    held = Held(
        story_id="old", topic="NATO spending", score=1.5, reason=Reason.LOW_SCORE, since=NOW
    )
    forgotten = replace(held, story_id="forgotten")
    channel = ChannelState(destination=SLACK, held=(held, forgotten))
    await commit(replace(put(make_story(old), old), channels=(channel,)))
    assert await desk.load(since=NOW - DAY) == DeskState(
        stories=(make_story(old),), channels=(channel,)
    )


async def test_a_story_opened_again_has_nothing_of_the_one_before(desk, commit, redis, keys):
    one, two, other = make_member("a1"), make_member("a2"), make_member("b1")
    again = make_member("a1", title="Once more")
    await commit(
        put(make_story(one), one),
        put(make_story(one, two, revision=2), two),
        put(make_story(other), other),
        put(make_story(again), again),
    )
    assert (await desk.load(since=NOW - DAY)).stories == (make_story(other), make_story(again))
    assert not await redis.hexists(keys.story("a1"), "m:a2")


async def test_load_brings_stories_in_the_order_they_were_opened(desk, commit):
    members = [make_member(name, stored=NOW) for name in "zaymb"]
    await commit(*(put(make_story(member), member) for member in members))
    opened = [story.id for story in (await desk.load(since=NOW - DAY)).stories]
    assert opened == list("zaymb")


async def test_stories_long_past_are_forgotten(desk, commit, redis, keys, clock):
    old = make_member("old")
    await commit(put(make_story(old), old))
    clock.advance(31 * 24 * 3600)
    new = make_member("new", stored=clock.now())
    await commit(put(make_story(new), new))
    assert await redis.zrange(keys.stories, 0, -1) == [b"new"]
    assert await redis.ttl(keys.story("old")) > 0


# Decisions and posts.


async def test_decisions_are_kept_per_article_oldest_first(desk, commit):
    alert = make_decision()
    other = make_decision("b1", action=Action.NONE, reason=Reason.NOT_WATCHED, destination=None)
    later = make_decision(action=Action.MERGE, reason=Reason.MORE_OF_THE_STORY)
    await commit(Outcome(decisions=(alert, other)), Outcome(decisions=(later,)))
    assert await desk.decisions("a1") == (alert, later)
    assert await desk.decisions("b1") == (other,)


async def test_decisions_of_one_article_are_bounded(desk, commit):
    many = tuple(make_decision(revision=n) for n in range(1, 202))
    await commit(*(Outcome(decisions=many) for _ in range(2)))
    assert await desk.decisions("a1") == (*many[2:], *many)


async def test_a_higher_revision_replaces_the_brief_and_goes_out(outbox, commit, entries):
    def want(revision, headline):
        return Outcome(posts=(DesiredPost(key=KEY, revision=revision, brief=make_brief(headline)),))

    await commit(want(1, "one"), want(3, "three"))
    post = await outbox.post(KEY)
    assert (post.desired, post.brief) == (3, make_brief("three"))
    assert await entries.length("deliveries") == 2


async def test_revisions_rise_even_when_the_desk_forgot_how_far_they_were(outbox, commit, entries):
    for headline in ("one", "two", "three"):
        post = DesiredPost(key=KEY, revision=1, brief=make_brief(headline))
        await commit(Outcome(posts=(post,)))
    post = await outbox.post(KEY)
    assert (post.desired, post.brief) == (3, make_brief("three"))
    assert await entries.length("deliveries") == 3


async def test_several_posts_of_one_commit_are_all_wanted(outbox, commit, entries):
    keys = [replace(KEY, destination=to) for to in (SLACK, CONSOLE)]
    await commit(
        Outcome(posts=tuple(DesiredPost(key=k, revision=1, brief=make_brief()) for k in keys))
    )
    assert {post.key for post in await outbox.recent(limit=9)} == set(keys)
    assert await entries.length("deliveries") == 2


async def test_load_goes_on_without_a_story_that_cannot_be_read(desk, commit, redis, keys):
    first, second = make_story(make_member()), make_story(make_member("a2"))
    await commit(put(first, first.members[0]), put(second, second.members[0]))
    await redis.hset(keys.story(first.id), "order", b"garbage")
    assert (await desk.load(since=NOW - DAY)).stories == (second,)


async def test_a_post_that_cannot_be_read_is_left_out_of_the_recent_ones(
    outbox, commit, redis, keys
):
    other = replace(KEY, subject=("a2",))
    posts = tuple(DesiredPost(key=key, revision=1, brief=make_brief()) for key in (KEY, other))
    await commit(Outcome(posts=posts))
    await redis.hset(keys.post(str(KEY)), "brief", b"garbage")
    assert [post.key for post in await outbox.recent(limit=9)] == [other]
