"""Digests tell a channel what was held for it, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.briefs.schedule import next_digests
from bot.core.stories.fold import apply, fold, fold_digest
from bot.core.stories.memory import POSTED_AT_MOST, bounded
from bot.domain.channels import Alerts, Channel, DigestPlan, Quiet
from bot.domain.posts import BriefKind, PostKey, PostKind
from bot.domain.stories import ChannelState, DeskState, DigestDue, Reason
from tests.builders import NOW
from tests.unit.core.stories.reports import DESK, a_config, a_record, of, posted

CHANNEL = Channel(to=DESK, digest=DigestPlan(at=(time(17),)))
CONFIG = a_config(CHANNEL)
DUE = DigestDue(destination=DESK, slot="17:00", local_date="2025-04-04")
FIVE = NOW + timedelta(hours=5)


def folded(*records, config=CONFIG):
    state = DeskState()
    for record in records:
        state = apply(state, fold(state, record, config))
    return state


def test_digest_shows_held_stories_with_the_highest_score_first():
    state = folded(a_record("a1", score=1), a_record("b1", event=1, score=2, minutes=1))
    outcome = fold_digest(state, DUE, stored=FIVE, config=CONFIG)
    (post,) = outcome.posts
    assert post.key == PostKey(
        kind=PostKind.DIGEST, destination=DESK, subject=("17:00", "2025-04-04")
    )
    assert post.brief.kind is BriefKind.DIGEST
    assert post.brief.headline == "Digest, Friday 4 April 2025, 17:00"
    assert [item.story_id for item in post.brief.items] == ["b1", "a1"]
    after = of(apply(state, outcome), DESK)
    assert (after.held, after.last_digest) == ((), FIVE)


def test_digest_names_what_was_alerted_since_the_last_one():
    state = folded(a_record("a1", score=9), a_record("b1", event=1, score=1, minutes=1))
    outcome = fold_digest(state, DUE, stored=FIVE, config=CONFIG)
    assert [item.story_id for item in outcome.posts[0].brief.also] == ["a1"]
    state = apply(state, outcome)
    tomorrow = replace(DUE, local_date="2025-04-05")
    again = fold_digest(state, tomorrow, stored=FIVE + timedelta(days=1), config=CONFIG)
    assert again.posts == ()


def test_digest_with_nothing_to_say_is_not_posted_but_remembered():
    outcome = fold_digest(DeskState(), DUE, stored=FIVE, config=CONFIG)
    assert outcome.posts == ()
    assert of(outcome, DESK).last_digest == FIVE


def test_digest_that_ends_quiet_hours_shows_what_they_held():
    quiet = Quiet(start=time(11), end=time(13))
    config = a_config(replace(CHANNEL, quiet=quiet))
    state = folded(
        a_record("a1", score=9), a_record("b1", event=1, score=1, minutes=1), config=config
    )
    due = replace(DUE, slot="quiet")
    outcome = fold_digest(state, due, stored=NOW + timedelta(hours=1), config=config)
    (post,) = outcome.posts
    assert [item.story_id for item in post.brief.items] == ["a1"]
    assert post.brief.notes == ("Held during quiet hours",)
    assert post.brief.headline == "Digest, Friday 4 April 2025"
    # What is below the score waits for the digest of the day.
    assert [(h.story_id, h.reason) for h in of(outcome, DESK).held] == [("b1", Reason.LOW_SCORE)]


def test_digest_still_shows_a_story_held_beyond_the_window():
    state = folded(a_record("a1", score=1), a_record("b1", event=1, minutes=6000))
    outcome = fold_digest(state, DUE, stored=NOW + timedelta(days=5), config=CONFIG)
    assert [item.story_id for item in outcome.posts[0].brief.items] == ["a1"]


def test_digest_of_a_channel_that_was_taken_off_loses_nothing():
    state = folded(a_record("a1", score=1))
    outcome = fold_digest(state, DUE, stored=FIVE, config=a_config())
    assert [item.story_id for item in outcome.posts[0].brief.items] == ["a1"]


def test_digest_says_when_a_held_story_is_not_known_any_more():
    state = replace(folded(a_record("a1", score=1)), stories=())
    (post,) = fold_digest(state, DUE, stored=FIVE, config=CONFIG).posts
    assert post.brief.notes == ("Held stories that the desk does not know any more: 1",)


def test_memory_keeps_posts_of_open_stories_and_a_bounded_number_of_others():
    many = tuple(posted(f"s{n}", NOW) for n in range(POSTED_AT_MOST + 2))
    old = posted("old", NOW - timedelta(days=31))
    channel = ChannelState(destination=DESK, posted=(*many[:2], old, *many[2:]))
    kept = bounded(channel, open_stories={"s0"}, now=NOW).posted
    assert [p.story_id for p in kept] == ["s0", *(f"s{n}" for n in range(2, POSTED_AT_MOST + 2))]


def test_what_is_over_the_hours_alerts_comes_out_of_a_channel_without_digests():
    channel = Channel(to=DESK, alerts=Alerts(per_hour=1))
    config = a_config(channel)
    state = DeskState()
    for minute in (0, 1):
        outcome = fold(state, a_record(f"r{minute}", event=minute, minutes=minute), config)
        state = apply(state, outcome)
    due, moment = next_digests(channel, after=NOW)[0]
    outcome = fold_digest(state, due, stored=moment, config=config)
    (post,) = outcome.posts
    assert [item.story_id for item in post.brief.items] == ["r1"]
    assert post.brief.also == ()
    again = fold_digest(apply(state, outcome), due, stored=moment, config=config)
    assert again.posts == ()


steps = st.lists(
    st.none() | st.tuples(st.integers(0, 2), st.integers(0, 1), st.sampled_from([None, 1, 5, 9])),
    max_size=10,
)


@settings(max_examples=20, deadline=None)
@given(steps, st.booleans())
def test_digest_never_loses_a_held_story(walk, with_quiet):
    quiet = Quiet(start=time(12, 10), end=time(12, 30)) if with_quiet else None
    config = a_config(replace(CHANNEL, quiet=quiet, alerts=Alerts(per_hour=1)))
    state, ever_held, shown = DeskState(), set(), set()
    for minute, step in enumerate([*walk, None]):
        if step is None:
            due = replace(DUE, slot=f"now:{minute}")
            stored = NOW + timedelta(minutes=10 * minute)
            outcome = fold_digest(state, due, stored=stored, config=config)
        else:
            event, wording, score = step
            record = a_record(
                f"r{minute}", event=event, wording=wording, score=score, minutes=10 * minute
            )
            outcome = fold(state, record, config)
        state = apply(state, outcome)
        shown |= {
            item.story_id
            for post in outcome.posts
            if post.key.destination == DESK
            for item in post.brief.items
        }
        ever_held |= {h.story_id for c in state.channels for h in c.held}
    assert ever_held <= shown
