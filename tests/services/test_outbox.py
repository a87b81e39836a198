"""Posts on a real server: what each state, crash and race leaves for the next claimer.

A claimer that died is one whose lease has no length: nobody has to wait for it.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.redis.desk import RedisDesk
from bot.adapters.redis.outbox import RedisOutbox
from bot.domain.channels import Destination
from bot.domain.errors import LostOwnership
from bot.domain.posts import (
    Brief,
    BriefKind,
    ClaimAction,
    DesiredPost,
    PostClaim,
    PostKey,
    PostKind,
    PostStatus,
    Receipt,
)
from bot.domain.stories import Outcome
from tests.builders import NOW
from tests.services.claiming import Entries

SLACK = Destination(platform="slack", workspace="T1", channel="#nato-desk")
KEY = PostKey(kind=PostKind.STORY, destination=SLACK, subject=("a1",))
RECEIPT = Receipt(handle="1743768000.000100", at=NOW)


@pytest.fixture
def outbox(redis, keys, clock):
    return RedisOutbox(redis, keys, clock)


@pytest.fixture
def doomed(redis, keys, clock):
    """The outbox of a claimer that dies at once."""
    return RedisOutbox(redis, keys, clock, lease=0)


@pytest.fixture
def entries(redis, keys, clock):
    return Entries(redis, keys, clock)


@pytest.fixture
def want(redis, keys, clock, entries):
    """Wants revisions of the post, as the desk does."""
    desk = RedisDesk(redis, keys, clock)

    async def wanted(revision=1, key=KEY):
        token = await desk.lease("active")
        post = DesiredPost(key=key, revision=revision, brief=make_brief(revision))
        await desk.commit(token, await entries.claim("articles"), Outcome(posts=(post,)))

    return wanted


def make_brief(revision=1):
    return Brief(kind=BriefKind.ALERT, headline=f"As of revision {revision}", made=NOW)


async def call(outbox):
    """Claims the post and calls the platform, whose answer never comes."""
    claimed = await outbox.claim(KEY)
    assert await outbox.begin(KEY, claimed.token)
    return claimed


async def send(outbox, *, revision=1):
    claim = await outbox.claim(KEY)
    assert await outbox.mark_sent(KEY, claim.token, revision=revision, receipt=RECEIPT)
    return claim


# What a claim says.


async def test_claim_of_a_post_nobody_wants_is_settled(outbox):
    assert await outbox.claim(KEY) == PostClaim(action=ClaimAction.SETTLED)


async def test_claim_of_a_new_post_says_send(outbox, want):
    await want()
    claim = await outbox.claim(KEY)
    assert (claim.action, claim.token, claim.first_try) == (ClaimAction.SEND, 1, None)
    assert claim.post.brief == make_brief()


async def test_claim_of_a_post_in_other_hands_says_busy(outbox, want):
    await want()
    await outbox.claim(KEY)
    claim = await outbox.claim(KEY)
    assert (claim.action, claim.token) == (ClaimAction.BUSY, 0)


async def test_a_lease_does_not_run_out_by_the_shifted_clock(outbox, want, clock):
    await want()
    await outbox.claim(KEY)
    clock.advance(3600)
    assert (await outbox.claim(KEY)).action is ClaimAction.BUSY


async def test_a_lease_ends_although_the_clock_was_set_back(outbox, want, redis, keys):
    await want()
    await call(outbox)
    await redis.hincrby(keys.post(str(KEY)), "until", 3_600_000)
    assert (await outbox.claim(KEY)).action is ClaimAction.RECONCILE


async def test_a_late_request_has_its_grace_after_the_lease(redis, keys, clock, want, outbox):
    await want()
    await RedisOutbox(redis, keys, clock, lease=0, grace=60).claim(KEY)
    assert (await outbox.claim(KEY)).action is ClaimAction.BUSY


async def test_claim_of_a_sent_post_is_settled(outbox, want):
    await want()
    await send(outbox)
    claim = await outbox.claim(KEY)
    assert (claim.action, claim.token) == (ClaimAction.SETTLED, 0)
    assert claim.post == await outbox.post(KEY)


async def test_claim_of_a_sent_post_wanted_anew_says_edit(outbox, want):
    await want()
    await send(outbox)
    await want(2)
    claim = await outbox.claim(KEY)
    assert (claim.action, claim.post.handle) == (ClaimAction.EDIT, RECEIPT.handle)
    assert claim.post.brief == make_brief(2)
    assert (await outbox.claim(KEY)).action is ClaimAction.BUSY


async def test_an_edit_that_died_is_simply_repeated(outbox, doomed, want):
    await want()
    await send(outbox)
    await want(2)
    await doomed.claim(KEY)
    assert (await outbox.claim(KEY)).action is ClaimAction.EDIT


# First posts: each point at which a claimer may die.


async def nothing(outbox):
    """Dies before the claim."""


async def claim(outbox):
    """Dies before the call."""
    await outbox.claim(KEY)


async def claim_and_call(outbox):
    """Dies with the message out or not: nobody can tell."""
    await call(outbox)


async def claim_and_mark(outbox):
    """Dies after the mark, before the ack."""
    await send(outbox)


@pytest.mark.parametrize(
    ("died_after", "next_action"),
    [
        pytest.param(nothing, ClaimAction.SEND, id="before the claim"),
        pytest.param(claim, ClaimAction.SEND, id="between claim and call"),
        pytest.param(claim_and_call, ClaimAction.RECONCILE, id="between call and mark"),
        pytest.param(claim_and_mark, ClaimAction.SETTLED, id="between mark and ack"),
    ],
)
async def test_a_crash_leaves_the_right_thing_to_do(
    outbox, doomed, want, entries, died_after, next_action
):
    await want()
    await entries.claim("deliveries", put=False)
    await died_after(doomed)
    redelivered = await entries.steal("deliveries")
    again = await outbox.claim(KEY)
    assert again.action is next_action
    if next_action is not ClaimAction.SETTLED:
        assert await outbox.settle(redelivered, KEY) is False
        assert await outbox.mark_sent(KEY, again.token, revision=1, receipt=RECEIPT)
    assert (await outbox.claim(KEY)).action is ClaimAction.SETTLED
    assert await outbox.settle(redelivered, KEY) is True
    assert await entries.pending("deliveries") == 0


@pytest.mark.parametrize("status", ["sending", "ready"])
async def test_a_call_under_way_before_the_upgrade_is_in_doubt(
    outbox, doomed, want, redis, keys, status
):
    """The first outbox named the first try at each claim, and kept it whatever became of it."""
    await want()
    tried = (await call(doomed)).post.created
    await redis.hset(keys.post(str(KEY)), "status", status)
    await redis.hdel(keys.post(str(KEY)), "doubt")
    claimed = await outbox.claim(KEY)
    assert (claimed.action, claimed.post.doubt) == (ClaimAction.RECONCILE, True)
    assert claimed.first_try - tried < timedelta(seconds=30)


async def test_a_refused_call_leaves_no_first_try_behind(outbox, want, redis, keys):
    await want()
    claimed = await call(outbox)
    await outbox.mark_failed(KEY, claimed.token, problem="rate limited")
    again = await outbox.claim(KEY)
    assert (again.action, again.post.doubt) == (ClaimAction.SEND, False)


async def test_reconcile_names_the_first_try_of_all(outbox, doomed, want):
    await want()
    await call(doomed)
    first = await call(doomed)
    second = await outbox.claim(KEY)
    assert first.action is second.action is ClaimAction.RECONCILE
    assert first.first_try == second.first_try
    # The clock is shifted into the past here; a look-up begins at the earlier of both times.
    assert timedelta() <= first.first_try - first.post.created < timedelta(seconds=30)


async def test_found_by_a_look_up_at_an_unknown_revision_it_is_edited(outbox, doomed, want):
    await want()
    await call(doomed)
    await send(outbox, revision=0)
    assert (await outbox.claim(KEY)).action is ClaimAction.EDIT


async def test_ready_by_the_word_of_another_server_is_looked_up_first(outbox, want, redis, keys):
    """Its last second, receipt and all, may have been lost; after one look our own word counts."""
    await want()
    await redis.hset(keys.post(str(KEY)), "run", "the server before")
    claimed = await outbox.claim(KEY)
    assert (claimed.action, claimed.post.doubt) == (ClaimAction.RECONCILE, False)
    await outbox.mark_failed(KEY, claimed.token, problem="cannot be read now")
    again = await outbox.claim(KEY)
    assert again.action is ClaimAction.RECONCILE
    await outbox.begin(KEY, again.token)
    await outbox.mark_failed(KEY, again.token, problem="rate limited")
    assert (await outbox.claim(KEY)).action is ClaimAction.SEND


# Races.


async def test_of_many_claimers_one_sends(outbox, want):
    await want()
    claims = await asyncio.gather(*(outbox.claim(KEY) for _ in range(8)))
    assert sorted(c.action for c in claims) == [ClaimAction.BUSY] * 7 + [ClaimAction.SEND]


async def test_of_many_that_find_a_dead_claimer_one_looks_it_up(outbox, doomed, want):
    await want()
    await call(doomed)
    claims = await asyncio.gather(*(outbox.claim(KEY) for _ in range(8)))
    assert sorted(c.action for c in claims) == [ClaimAction.BUSY] * 7 + [ClaimAction.RECONCILE]


async def test_a_zombie_records_nothing(outbox, doomed, want):
    await want()
    zombie = await doomed.claim(KEY)
    await outbox.claim(KEY)
    before = await outbox.post(KEY)
    late = Receipt(handle="late", at=NOW)
    assert not await doomed.mark_sent(KEY, zombie.token, revision=1, receipt=late)
    assert not await doomed.mark_dead(KEY, zombie.token, revision=1, problem="late")
    assert not await doomed.begin(KEY, zombie.token)
    assert await outbox.post(KEY) == before


async def test_who_is_only_late_may_still_mark(outbox, doomed, want):
    """Nobody took over, so what it did is what happened."""
    await want()
    await send(doomed)
    assert (await outbox.claim(KEY)).action is ClaimAction.SETTLED


async def test_edits_that_come_while_sending_are_made_in_one(outbox, want, entries):
    await want()
    first = await outbox.claim(KEY)
    await want(2)
    await want(3)
    assert (await outbox.claim(KEY)).action is ClaimAction.BUSY
    await outbox.mark_sent(KEY, first.token, revision=1, receipt=RECEIPT)
    edit = await outbox.claim(KEY)
    assert (edit.action, edit.post.desired) == (ClaimAction.EDIT, 3)
    assert edit.post.brief == make_brief(3)
    await outbox.mark_sent(KEY, edit.token, revision=3, receipt=RECEIPT)
    for _ in range(3):
        assert await outbox.settle(await entries.claim("deliveries", put=False), KEY)


# Leases.


async def test_who_begins_to_call_keeps_others_away(outbox, doomed, want):
    await want()
    claimed = await doomed.claim(KEY)
    assert await outbox.begin(KEY, claimed.token) is True
    assert (await outbox.claim(KEY)).action is ClaimAction.BUSY


async def test_nobody_calls_whose_lease_was_given_back(outbox, want):
    await want()
    claimed = await send(outbox)
    assert await outbox.begin(KEY, claimed.token) is False


async def test_marks_of_a_post_nobody_wants_are_refused(outbox):
    assert not await outbox.mark_sent(KEY, 0, revision=1, receipt=RECEIPT)
    assert not await outbox.mark_dead(KEY, 1, revision=1, problem="none")
    assert not await outbox.begin(KEY, 1)
    assert await outbox.post(KEY) is None


# Failures.


async def test_a_first_post_that_failed_is_ready_again(outbox, want):
    await want()
    claimed = await outbox.claim(KEY)
    assert await outbox.mark_failed(KEY, claimed.token, problem="rate limited")
    assert (await outbox.post(KEY)).status is PostStatus.READY
    again = await outbox.claim(KEY)
    assert (again.action, again.token) == (ClaimAction.SEND, claimed.token + 1)


async def test_a_refusal_ends_no_doubt_about_an_earlier_call(outbox, doomed, want):
    await want()
    await call(doomed)
    claimed = await call(outbox)
    await outbox.mark_failed(KEY, claimed.token, problem="429", doubt=True)
    again = await outbox.claim(KEY)
    assert (again.action, again.post.doubt) == (ClaimAction.RECONCILE, True)


async def test_an_edit_that_failed_is_to_be_edited_again(outbox, want):
    await want()
    await send(outbox)
    await want(2)
    claimed = await outbox.claim(KEY)
    assert await outbox.mark_failed(KEY, claimed.token, problem="rate limited")
    assert (await outbox.post(KEY)).status is PostStatus.SENT
    assert (await outbox.claim(KEY)).action is ClaimAction.EDIT


async def test_a_malformed_revision_is_dead_and_the_next_one_is_tried(outbox, want, entries):
    await want()
    claimed = await outbox.claim(KEY)
    assert await outbox.mark_dead(KEY, claimed.token, revision=1, problem="invalid_blocks")
    assert (await outbox.claim(KEY)).action is ClaimAction.SETTLED
    assert await outbox.settle(await entries.claim("deliveries", put=False), KEY)
    post = await outbox.post(KEY)
    assert (post.status, post.problem) == (PostStatus.DEAD, "invalid_blocks")
    await want(2)
    assert (await outbox.claim(KEY)).action is ClaimAction.SEND
    assert await entries.length("deliveries") == 2


async def test_a_malformed_edit_leaves_the_message_to_the_next_one(outbox, want):
    await want()
    await send(outbox)
    await want(2)
    claimed = await outbox.claim(KEY)
    await outbox.mark_dead(KEY, claimed.token, revision=2, problem="invalid_blocks")
    assert (await outbox.claim(KEY)).action is ClaimAction.SETTLED
    await want(3)
    assert (await outbox.claim(KEY)).action is ClaimAction.EDIT


async def test_what_came_while_a_revision_was_found_malformed_is_tried(outbox, want):
    await want()
    claimed = await outbox.claim(KEY)
    await want(2)
    await outbox.mark_dead(KEY, claimed.token, revision=1, problem="invalid_blocks")
    assert (await outbox.claim(KEY)).action is ClaimAction.SEND


# The record.


async def test_a_sent_post_is_as_its_receipt_says(outbox, want):
    await want()
    wanted = await outbox.post(KEY)
    await send(outbox)
    assert await outbox.post(KEY) == replace(
        wanted, status=PostStatus.SENT, sent=1, handle=RECEIPT.handle, sent_at=RECEIPT.at
    )


async def test_sent_never_goes_back(outbox, want):
    await want(2)
    await send(outbox, revision=2)
    await want(3)
    await send(outbox, revision=1)
    assert (await outbox.post(KEY)).sent == 2


async def test_each_change_makes_a_record_last_thirty_days_more(outbox, want, redis, keys):
    name = keys.post(str(KEY))
    await want()
    days = [await redis.ttl(name) / 86_400]
    await redis.persist(name)
    claimed = await outbox.claim(KEY)
    days.append(await redis.ttl(name) / 86_400)
    await redis.persist(name)
    await outbox.mark_sent(KEY, claimed.token, revision=1, receipt=RECEIPT)
    days.append(await redis.ttl(name) / 86_400)
    assert [round(d) for d in days] == [30, 30, 30]


async def test_recent_names_the_last_change_first(outbox, want, clock):
    one, two, three = (replace(KEY, subject=(name,)) for name in ("one", "two", "three"))
    for key in (one, two, three):
        await want(key=key)
        clock.advance(1)
    claimed = await outbox.claim(one)
    await outbox.mark_sent(one, claimed.token, revision=1, receipt=RECEIPT)
    assert [post.key for post in await outbox.recent(limit=2)] == [one, three]
    assert await outbox.recent(limit=0) == ()


async def test_recent_passes_over_what_was_forgotten(outbox, want, redis, keys):
    gone = replace(KEY, subject=("gone",))
    await want(key=gone)
    await want()
    await redis.delete(keys.post(str(gone)))
    assert [post.key for post in await outbox.recent(limit=9)] == [KEY]


# Ending an entry of DELIVERIES or JOBS.


async def test_settle_leaves_an_entry_that_has_work_left(outbox, want, entries):
    await want()
    entry = await entries.claim("deliveries", put=False)
    assert await outbox.settle(entry, KEY) is False
    await send(outbox)
    await want(2)
    assert await outbox.settle(entry, KEY) is False
    assert await entries.pending("deliveries") == 1


async def test_settle_of_an_entry_somebody_else_took_over_is_refused(outbox, want, entries):
    await want()
    entry = await entries.claim("deliveries", put=False)
    await send(outbox)
    await entries.steal("deliveries")
    with pytest.raises(LostOwnership):
        await outbox.settle(entry, KEY)
    assert await entries.pending("deliveries") == 1


async def test_ask_for_wants_a_post_and_finishes_the_job(outbox, entries):
    answer = replace(KEY, kind=PostKind.ANSWER, subject=("request-1",))
    wanted = DesiredPost(key=answer, revision=1, brief=make_brief())
    await outbox.ask_for(await entries.claim("jobs"), wanted)
    assert (await outbox.claim(answer)).action is ClaimAction.SEND
    assert await entries.pending("jobs") == 0
    assert await outbox.settle(await entries.claim("deliveries", put=False), answer) is False


async def test_ask_for_once_more_changes_nothing(outbox, entries):
    wanted = DesiredPost(key=KEY, revision=1, brief=make_brief())
    for _ in range(2):
        await outbox.ask_for(await entries.claim("jobs"), wanted)
    assert await entries.length("deliveries") == 1
    assert await entries.pending("jobs") == 0


async def test_ask_for_a_job_somebody_else_took_over_is_refused(outbox, entries):
    claimed = await entries.claim("jobs")
    await entries.steal("jobs")
    with pytest.raises(LostOwnership):
        await outbox.ask_for(claimed, DesiredPost(key=KEY, revision=1, brief=make_brief()))
    assert await outbox.post(KEY) is None
    assert await entries.length("deliveries") == 0


# Posts wanted on nobody's behalf.


async def test_a_notice_is_wanted_once_for_each_revision(outbox, redis, keys):
    def desired(revision):
        return DesiredPost(key=KEY, revision=revision, brief=make_brief(revision))

    wanted = [await outbox.want(desired(revision)) for revision in (1, 1, 3, 2)]
    assert wanted == [True, False, True, False]
    assert await redis.xlen(keys.stream("deliveries")) == 2
    post = await outbox.post(KEY)
    assert (post.desired, post.status, post.brief) == (3, PostStatus.READY, make_brief(3))
