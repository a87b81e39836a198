"""What a platform refuses waits: nothing is tried there but one post now and then, an admin hears
of it once, and on return everything is shown, singly or in one digest.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.redis import streams
from bot.adapters.redis.article_log import RedisArticleLog
from bot.adapters.redis.bus import Group
from bot.adapters.redis.outbox import RedisOutbox
from bot.adapters.redis.waiting import RedisWaiting
from bot.domain.channels import CONSOLE, PAGE, Channel, Configuration, Destination
from bot.domain.errors import Barred, OutcomeUnknown, Permanent, Recoverable, Uneditable
from bot.domain.posts import BriefKind, DesiredPost, PostKey, PostKind, PostStatus
from bot.services.deliver import POSSIBLY_REPEATED, Deliver
from bot.services.parking import Parking
from tests.builders import make_brief, make_item
from tests.recorders import RecordedSender

DESK = Destination.parse("slack:#nato-desk")
OTHER = Destination.parse("slack:#baltics")
TEAMS = Destination.parse("teams:Baltics")
TOKEN = Barred("invalid_auth", token=True)
ARCHIVED = Barred("is_archived")
HOUR = 3600
CONFIG = Configuration(
    admin_channel=TEAMS, channels=tuple(Channel(to=to) for to in (DESK, OTHER, TEAMS))
)


class Platform(RecordedSender):
    """Every platform at once; refuses what it is told to."""

    def __init__(self, clock) -> None:
        super().__init__(clock)
        #: Destination or platform → what it answers.
        self.refuses: dict[str, Exception] = {}
        #: Where each call went, refused or not.
        self.calls: list[Destination] = []
        #: (destination, brief) of all that stands.
        self.stands: list[tuple[Destination, object]] = []

    async def send(self, key, brief, begin):
        self._refuse(key)
        receipt = await super().send(key, brief, begin)
        self.stands.append((key.destination, brief))
        return receipt

    async def edit(self, key, handle, brief, begin):
        self._refuse(key)
        await super().edit(key, handle, brief, begin)

    def _refuse(self, key):
        self.calls.append(key.destination)
        for name in (str(key.destination), key.destination.platform):
            if name in self.refuses:
                raise self.refuses[name]

    def at(self, destination, kind=None):
        """Headlines of what stands there."""
        return [
            brief.headline
            for to, brief in self.stands
            if to == destination and kind in (None, brief.kind)
        ]


class Room:
    """The deliver stage and the look after what is parked, run by hand."""

    def __init__(self, redis, keys, clock) -> None:
        self.clock = clock
        self.config = CONFIG
        self.platform = Platform(clock)
        self.outbox = RedisOutbox(redis, keys, clock, lease=0.0, grace=0.0)
        self.waiting = RedisWaiting(redis, keys, clock)
        self.parking = Parking(
            config=lambda: self.config,
            outbox=self.outbox,
            waiting=self.waiting,
            clock=clock.now,
        )
        self._deliver = Deliver(
            outbox=self.outbox,
            articles=RedisArticleLog(redis, keys, clock),
            senders=lambda _: self.platform,
            clock=clock.now,
            malformed=self.parking.tell_malformed,
        )
        self._group = Group(redis, keys, clock, streams.DELIVERIES, consumer="w1", idle_ms=0)

    async def want(self, story, to=DESK, *, revision=1, kind=PostKind.STORY, **changes):
        key = PostKey(kind=kind, destination=to, subject=(story,))
        item = make_item(story_id=story, title=f"Story {story}", quotes=(), **changes)
        headline = item.title if not changes.get("changes") else f"{item.title}, corrected"
        brief = make_brief(headline=headline, items=(item,), made=self.clock.now())
        await self.outbox.want(DesiredPost(key=key, revision=revision, brief=brief))
        return key

    async def work(self):
        """Deliver all that is to be delivered now; what is put off is tried in the next round."""
        await self._group.ensure()
        _, again = await self._group.claim_stale(100)
        for delivery in (*again, *await self._group.read(100)):
            try:
                await self._deliver(
                    delivery.claimed, streams.delivery(delivery.claimed.id, delivery.fields)
                )
            except Recoverable:
                continue

    async def pass_time(self, seconds, *, steps=1):
        """Let time pass in ``steps``, each with a look and what comes of it."""
        for _ in range(steps):
            self.clock.advance(seconds / steps)
            await self.look()

    async def look(self):
        await self.parking.look()
        await self.work()

    async def undone(self):
        return (await self._group.backlog()).undone


@pytest.fixture
def room(redis, keys, clock):
    return Room(redis, keys, clock)


@pytest.fixture
def platform(room):
    return room.platform


# Waiting.


async def test_of_a_refused_token_every_channel_waits_and_nothing_is_tried_there(room, platform):
    platform.refuses["slack"] = TOKEN
    keys = [await room.want(f"s{n}", to) for n, to in enumerate([DESK, OTHER, DESK])]
    for _ in range(3):
        await room.work()
    assert len(platform.calls) == 1
    assert await room.undone() == 0
    assert {(await room.outbox.post(key)).status for key in keys} == {PostStatus.READY}
    (parked,) = await room.waiting.parked()
    assert (parked.where, parked.waiting) == (Destination(platform="slack"), 3)
    assert parked.problem == "invalid_auth"


async def test_of_a_refused_channel_the_others_go_on(room, platform):
    platform.refuses[str(DESK)] = ARCHIVED
    await room.want("a", DESK)
    await room.want("b", OTHER)
    await room.work()
    assert platform.at(OTHER) == ["Story b"]
    (parked,) = await room.waiting.parked()
    assert (parked.where, parked.waiting, parked.covers(OTHER)) == (DESK, 1, False)


async def test_what_is_refused_is_tried_by_one_post_at_growing_intervals(room, platform):
    platform.refuses[str(DESK)] = ARCHIVED
    for number in range(5):
        await room.want(f"s{number}")
    await room.work()
    platform.calls.clear()
    await room.pass_time(HOUR, steps=720)
    tries = platform.calls.count(DESK)
    assert 5 <= tries <= 8  # after 30 s, 1, 2, 4, 8 and every 15 minutes
    platform.calls.clear()
    await room.pass_time(HOUR, steps=720)
    assert platform.calls.count(DESK) == 4


async def test_the_newest_is_tried_first(room, platform):
    platform.refuses[str(DESK)] = ARCHIVED
    for number in range(3):
        await room.want(f"s{number}")
        room.clock.advance(1)
    await room.work()
    del platform.refuses[str(DESK)]
    await room.pass_time(31)
    assert platform.at(DESK) == ["Story s2"]
    await room.look()
    assert sorted(platform.at(DESK)) == ["Story s0", "Story s1", "Story s2"]
    assert await room.waiting.parked() == ()


async def test_something_that_happens_there_has_it_tried_soon_but_not_without_end(room, platform):
    platform.refuses["slack"] = TOKEN
    await room.want("a")
    await room.work()
    await room.pass_time(2 * HOUR, steps=100)
    platform.calls.clear()
    for _ in range(20):
        await room.waiting.hasten("teams")
        await room.pass_time(1)
    assert platform.calls == []
    for _ in range(60):
        await room.waiting.hasten("slack")
        await room.pass_time(1)
    assert 8 <= platform.calls.count(DESK) <= 13


async def test_a_clock_that_was_set_back_delays_no_try(room, platform):
    platform.refuses[str(DESK)] = ARCHIVED
    await room.want("a")
    await room.work()
    room.clock.advance(-30 * 86_400)
    del platform.refuses[str(DESK)]
    await room.look()
    assert platform.at(DESK) == ["Story a"]


async def test_a_digest_takes_no_other_ones_place(room, platform):
    platform.refuses[str(DESK)] = ARCHIVED
    keys = [await room.want("a"), await room.want("b")]
    await room.work()
    first, second = [await room.outbox.post(key) for key in keys]
    digest = DesiredPost(
        key=replace(first.key, subject=("d",)), revision=1, brief=make_brief(headline="First")
    )
    assert await room.waiting.fold(DESK, digest, [(first, "x")])
    other = replace(digest, brief=make_brief(headline="Second"))
    assert not await room.waiting.fold(DESK, other, [(second, "x")])
    assert (await room.outbox.post(digest.key)).brief.headline == "First"
    assert (await room.outbox.post(second.key)).status is PostStatus.READY


async def test_a_newer_revision_of_what_waits_is_what_comes(room, platform):
    platform.refuses[str(DESK)] = ARCHIVED
    await room.want("a")
    await room.work()
    await room.want("a", revision=2, changes=("Headline corrected 18:40 UTC",))
    await room.work()
    del platform.refuses[str(DESK)]
    await room.pass_time(31)
    await room.look()
    assert platform.at(DESK) == ["Story a, corrected"]
    assert {brief.kind for _, brief in platform.edited} == {BriefKind.NOTICE}


async def test_where_nothing_waits_any_more_nothing_is_parked(room, platform, redis, keys):
    platform.refuses[str(DESK)] = ARCHIVED
    key = await room.want("a")
    await room.work()
    await redis.delete(keys.post(str(key)))
    await redis.delete(keys.waiting(str(DESK)))
    await room.pass_time(31)
    assert await room.waiting.parked() == ()


# Return.


async def test_on_return_what_is_fresh_comes_singly_and_what_is_old_as_one_digest(room, platform):
    platform.refuses["slack"] = TOKEN
    for number in range(4):
        await room.want(f"old{number}")
    await room.want("else", OTHER)
    await room.work()
    await room.pass_time(3 * HOUR, steps=20)
    await room.want("new1")
    await room.want("new2")
    await room.work()
    del platform.refuses["slack"]
    await room.pass_time(16 * 60, steps=8)
    assert sorted(platform.at(DESK, BriefKind.ALERT)) == ["Story new1", "Story new2"]
    for to, stories in ((DESK, {"old0", "old1", "old2", "old3"}), (OTHER, {"else"})):
        (digest,) = [b for t, b in platform.stands if t == to and b.kind is BriefKind.DIGEST]
        assert {item.story_id for item in digest.items} == stories
        assert digest.notes[0].startswith("Nothing could be posted here from ")
    assert await room.waiting.parked() == ()


async def test_a_story_told_in_the_digest_gets_no_message_for_a_copy_but_for_a_correction(
    room, platform
):
    platform.refuses[str(DESK)] = ARCHIVED
    key = await room.want("a")
    await room.work()
    await room.pass_time(3 * HOUR, steps=10)
    del platform.refuses[str(DESK)]
    await room.pass_time(16 * 60, steps=8)
    assert (await room.outbox.post(key)).status is PostStatus.TOLD
    before = platform.at(DESK)
    await room.want("a", revision=2, origins=2)
    await room.work()
    assert platform.at(DESK) == before
    assert (await room.outbox.post(key)).sent == 2
    await room.want("a", revision=3, changes=("Headline corrected 18:40 UTC",))
    await room.work()
    assert platform.at(DESK) == [*before, "Story a, corrected"]
    await room.want("a", revision=4, origins=3)
    await room.work()
    assert len(platform.edited) == 1


async def test_what_may_be_out_is_looked_up_and_comes_in_no_digest(room, platform):
    platform.failures = [OutcomeUnknown("no answer")]
    platform.arrives = True
    key = await room.want("a")
    await room.work()
    platform.refuses[str(DESK)] = ARCHIVED
    platform.can_look_up = False
    await room.work()
    assert (await room.outbox.post(key)).doubt is True
    await room.pass_time(3 * HOUR, steps=10)
    del platform.refuses[str(DESK)]
    await room.pass_time(16 * 60, steps=8)
    told = [POSSIBLY_REPEATED in brief.notes for _, brief in platform.sent if brief.items]
    assert told == [False, True]
    assert (await room.outbox.post(key)).status is PostStatus.SENT


async def test_an_answer_that_somebody_shared_comes_as_it_is_however_late(room, platform):
    platform.refuses[str(DESK)] = ARCHIVED
    await room.want("r1", kind=PostKind.ANSWER)
    await room.work()
    await room.pass_time(5 * HOUR, steps=10)
    del platform.refuses[str(DESK)]
    await room.pass_time(16 * 60, steps=8)
    assert platform.at(DESK) == ["Story r1"]


async def test_a_digest_that_is_folded_while_a_post_changes_leaves_that_one_for_later(
    room, platform
):
    platform.refuses[str(DESK)] = ARCHIVED
    key = await room.want("a")
    await room.work()
    post = await room.outbox.post(key)
    await room.want("a", revision=2)
    digest = DesiredPost(key=replace(key, subject=("d",)), revision=1, brief=make_brief())
    assert await room.waiting.fold(DESK, digest, [(post, "x")]) is False
    assert await room.outbox.post(digest.key) is None
    assert (await room.outbox.post(key)).status is PostStatus.READY


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("want"), st.sampled_from([DESK, OTHER])),
        st.tuples(st.just("refuse"), st.sampled_from(["slack", str(DESK), str(OTHER)])),
        st.tuples(st.just("mend"), st.sampled_from(["slack", str(DESK), str(OTHER)])),
        st.tuples(st.just("wait"), st.sampled_from([40, 1000, 2 * HOUR])),
        st.tuples(st.just("work"), st.none()),
    ),
    min_size=8,
    max_size=30,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_whatever_is_refused_and_when_each_story_is_shown_once(redis, keys, clock, steps):
    await redis.flushdb()
    room, platform, wanted = Room(redis, keys, clock), None, Counter()
    platform = room.platform
    for number, (what, about) in enumerate(steps):
        if what == "want":
            await room.want(f"s{number}", about)
            wanted[about, f"s{number}"] += 1
        elif what == "refuse":
            platform.refuses[about] = TOKEN if about == "slack" else ARCHIVED
        elif what == "mend":
            platform.refuses.pop(about, None)
        elif what == "wait":
            await room.pass_time(about)
        else:
            await room.work()
    platform.refuses.clear()
    await room.work()
    await room.pass_time(40 * 60, steps=10)
    shown = Counter(
        (to, item.story_id)
        for to, brief in platform.stands
        for item in brief.items
        if to in (DESK, OTHER)
    )
    assert shown == wanted
    assert await room.waiting.parked() == ()
    assert await room.undone() == 0


# Another configuration.


async def test_what_waits_for_a_channel_that_is_taken_away_is_handed_to_the_admins(room, platform):
    platform.refuses[str(DESK)] = Barred("channel_not_found")
    await room.want("a")
    await room.want("b")
    await room.work()
    assert [parked.where for parked in await room.parking.refused()] == [DESK]
    room.config = replace(CONFIG, channels=(Channel(to=OTHER), Channel(to=TEAMS)))
    assert await room.parking.refused() == ()
    await room.pass_time(3 * HOUR, steps=20)
    (digest,) = [b for to, b in platform.stands if to == TEAMS and b.kind is BriefKind.DIGEST]
    assert {item.story_id for item in digest.items} == {"a", "b"}
    said = "This waited for slack:#nato-desk, which is not configured any more"
    assert digest.notes == (said,)
    assert await room.waiting.parked() == ()


async def test_a_process_without_a_configuration_hands_nothing_over(room, platform):
    platform.refuses[str(DESK)] = ARCHIVED
    await room.want("a")
    await room.work()
    room.config = Configuration()
    await room.pass_time(3 * HOUR, steps=20)
    assert set(platform.calls) == {DESK}


async def test_an_answer_shared_where_the_bot_is_not_troubles_nobody_but_waits(room, platform):
    there = Destination.parse("slack:T1/C0000009")
    platform.refuses[str(there)] = Barred("not_in_channel")
    await room.want("r1", there, kind=PostKind.ANSWER)
    await room.work()
    await room.pass_time(600, steps=10)
    assert await room.parking.refused() == ()
    assert platform.at(TEAMS) == []
    platform.refuses.clear()
    await room.pass_time(16 * 60, steps=8)
    assert platform.at(there) == ["Story r1"]


# Who is told.


async def test_the_admins_are_told_once_and_again_when_it_works(room, platform):
    platform.refuses[str(DESK)] = ARCHIVED
    await room.want("a")
    await room.work()
    await room.pass_time(HOUR, steps=60)
    (told,) = platform.at(TEAMS)
    assert told == "slack:#nato-desk takes no posts: is_archived"
    del platform.refuses[str(DESK)]
    await room.pass_time(16 * 60, steps=8)
    assert [brief.headline for _, brief in platform.edited] == [
        "slack:#nato-desk takes posts again"
    ]


async def test_where_the_admins_own_channel_is_refused_the_page_and_the_terminal_tell(
    room, platform
):
    room.config = replace(CONFIG, admin_channel=DESK)
    platform.refuses["slack"] = TOKEN
    await room.want("a")
    await room.work()
    await room.pass_time(HOUR, steps=60)
    for way in (PAGE, CONSOLE):
        assert platform.at(way) == ["slack takes no posts: invalid_auth"]


async def test_what_is_malformed_is_given_up_and_told(room, platform):
    platform.failures = [Permanent("invalid_blocks")]
    key = await room.want("a")
    await room.work()
    await room.work()
    post = await room.outbox.post(key)
    assert (post.status, post.problem) == (PostStatus.DEAD, "invalid_blocks")
    assert platform.at(TEAMS) == ["slack:#nato-desk could not show “Story a”"]
    assert platform.at(DESK) == []
    await room.want("a", revision=2)
    await room.work()
    assert platform.at(DESK) == ["Story a"]


async def test_a_word_about_something_malformed_leads_to_no_further_word(room, platform):
    room.config = replace(CONFIG, admin_channel=DESK)
    platform.failures = [Permanent("invalid_blocks")] * 2
    await room.want("a")
    for _ in range(4):
        await room.work()
    assert platform.failures == []
    assert platform.at(DESK) == []
    assert await room.undone() == 0


async def test_a_message_that_cannot_be_edited_is_left_as_it_is(room, platform):
    key = await room.want("a")
    await room.work()
    platform.failures = [Uneditable("chat.update: message_not_found")]
    await room.want("a", revision=2)
    for _ in range(2):
        await room.work()
    post = await room.outbox.post(key)
    assert (post.status, post.sent) == (PostStatus.SENT, 2)
    assert post.problem == "chat.update: message_not_found"
    assert platform.at(DESK) == ["Story a"]
