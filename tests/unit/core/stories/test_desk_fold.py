"""The fold tells each destination of a story once, and says why it does what it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.stories.fold import WINDOW, apply, fold
from bot.core.stories.place import Stories
from bot.domain.channels import (
    CONSOLE,
    PAGE,
    Alerts,
    Channel,
    Configuration,
    Critical,
    DigestPlan,
    Quiet,
)
from bot.domain.news import EntryReason
from bot.domain.posts import PostKey, PostKind
from bot.domain.stories import Action, DeskState, Posted, Reason, StoryReason
from bot.domain.watch import Only
from tests.builders import NOW
from tests.unit.core.stories.reports import DESK, a_config, a_match, a_quote, a_record, of

MORNING = DigestPlan(at=(time(7, 30),))
CHANNEL = Channel(to=DESK, digest=MORNING)
CONFIG = a_config(CHANNEL)
KEY = PostKey(kind=PostKind.STORY, destination=DESK, subject=("a1",))


def folded(*records, config=CONFIG, state=None):
    """The state after all of ``records``, and the outcome of the last."""
    state = DeskState() if state is None else state
    for record in records:
        outcome = fold(state, record, config)
        state = apply(state, outcome)
    return state, outcome


def decided(outcome, to=DESK):
    return next((d.action, d.reason) for d in outcome.decisions if d.destination == to)


def post_to(outcome, to=DESK):
    return next((post for post in outcome.posts if post.key.destination == to), None)


def test_fold_alerts_the_first_report_at_the_score():
    state, outcome = folded(a_record("a1", score=3))
    assert decided(outcome) == (Action.ALERT, Reason.FIRST_REPORT)
    assert (post_to(outcome).key, post_to(outcome).revision) == (KEY, 1)
    expected = Posted(story_id="a1", revision=1, first=NOW, last=NOW)
    assert of(state, DESK).posted == (expected,)


def test_fold_holds_what_is_below_the_score_for_the_digest():
    state, outcome = folded(a_record("a1", score=2.5))
    assert decided(outcome) == (Action.DIGEST, Reason.LOW_SCORE)
    assert [held.story_id for held in of(state, DESK).held] == ["a1"]
    assert post_to(outcome) is None


def test_fold_drops_what_is_below_the_score_where_no_digest_would_come():
    state, outcome = folded(a_record("a1", score=1), config=a_config(Channel(to=DESK)))
    assert decided(outcome) == (Action.NONE, Reason.LOW_SCORE)
    assert [channel.destination for channel in state.channels] == [PAGE]


def test_fold_gives_the_page_every_story_whatever_its_score():
    _, outcome = folded(a_record("a1", score=0))
    assert decided(outcome, PAGE) == (Action.ALERT, Reason.FIRST_REPORT)


def test_fold_alerts_a_held_story_once_it_reaches_the_score():
    low, high = a_record("a1", score=1), a_record("a2", score=9, wording=1, minutes=9)
    state, outcome = folded(low, high)
    assert decided(outcome) == (Action.ALERT, Reason.FIRST_REPORT)
    assert of(state, DESK).held == ()
    assert post_to(outcome).key == KEY


def test_fold_edits_the_post_when_another_outlet_reports():
    _, outcome = folded(a_record("a1"), a_record("a2", wording=1, minutes=9))
    assert decided(outcome) == (Action.MERGE, Reason.MORE_OF_THE_STORY)
    assert post_to(outcome).revision == 2
    assert [c.outlet for c in post_to(outcome).brief.items[0].coverage] == [
        "Outlet a1",
        "Outlet a2",
    ]
    assert outcome.member.reason is StoryReason.SHARED
    assert outcome.story.revision == 2


def test_fold_edits_the_post_when_an_unmatched_report_joins():
    _, outcome = folded(a_record("a1"), a_record("a2", wording=1, minutes=9, score=None))
    assert decided(outcome, None) == (Action.NONE, Reason.NOT_WATCHED)
    assert decided(outcome) == (Action.MERGE, Reason.MORE_OF_THE_STORY)


def test_fold_says_that_nobody_watches_an_article():
    state, outcome = folded(a_record("a1", score=None))
    assert [(d.destination, d.reason) for d in outcome.decisions] == [(None, Reason.NOT_WATCHED)]
    assert outcome.posts == ()
    assert [story.id for story in state.stories] == ["a1"]


def test_fold_alerts_no_backfill_but_keeps_it_in_its_story():
    for reason, said in ((EntryReason.BACKFILL, Reason.BACKFILL), (EntryReason.LATE, Reason.LATE)):
        state, outcome = folded(a_record("a1", reason=reason))
        assert decided(outcome) == (Action.NONE, said)
        assert outcome.posts == ()
        _, outcome = folded(a_record("a2", wording=1, minutes=9), state=state)
        assert decided(outcome) == (Action.ALERT, Reason.FIRST_REPORT)
        assert outcome.story.id == "a1"


def test_fold_alerts_no_edit_of_a_backfill_that_scores_no_more():
    state, _ = folded(a_record("a1", reason=EntryReason.BACKFILL, score=5))
    edited = {"reason": EntryReason.EDITED, "revision": 2, "minutes": 5}
    _, outcome = folded(a_record("a1", score=5, **edited), state=state)
    assert decided(outcome) == (Action.NONE, Reason.NOTHING_NEW)
    _, outcome = folded(a_record("a1", score=8, **edited), state=state)
    assert decided(outcome) == (Action.ALERT, Reason.FIRST_REPORT)


def test_fold_takes_an_edit_of_a_forgotten_article_for_old_news():
    _, outcome = folded(a_record("a1", reason=EntryReason.EDITED, revision=4))
    assert decided(outcome) == (Action.NONE, Reason.LATE)


def test_fold_drops_a_revision_older_than_one_already_folded():
    state, _ = folded(a_record("a1"), a_record("a1", revision=3, minutes=1))
    older = a_record("a1", revision=2, reason=EntryReason.EDITED, minutes=2)
    again, outcome = folded(older, state=state)
    assert [d.reason for d in outcome.decisions] == [Reason.OLD_REVISION]
    assert again == state


def test_fold_alerts_news_that_its_own_edit_overtook_in_the_edits_words():
    edit = a_record("a1", revision=2, reason=EntryReason.EDITED, title="Rutte corrected")
    state, overtaken = folded(edit)
    assert post_to(overtaken) is None
    state, outcome = folded(a_record("a1", revision=1, minutes=1), state=state)
    assert decided(outcome) == (Action.ALERT, Reason.FIRST_REPORT)
    assert post_to(outcome).brief.headline == "Rutte corrected"
    _, again = folded(a_record("a1", revision=1, minutes=2), state=state)
    assert post_to(again) is None


def test_fold_alerts_no_backfill_that_its_own_edit_overtook():
    state, _ = folded(a_record("a1", revision=2, reason=EntryReason.EDITED))
    first = a_record("a1", revision=1, reason=EntryReason.BACKFILL, minutes=1)
    _, outcome = folded(first, state=state)
    assert [d.reason for d in outcome.decisions] == [Reason.OLD_REVISION]


def test_fold_changes_nothing_for_a_record_it_has_seen():
    state, _ = folded(a_record("a1"))
    again, outcome = folded(a_record("a1"), state=state)
    assert [d.reason for d in outcome.decisions] == [Reason.NOTHING_NEW]
    assert (outcome.posts, again) == ((), state)


def test_fold_replaces_an_article_by_its_revision_and_says_what_was_corrected():
    revised = a_record(
        "a1",
        title="Rutte urges allies to spend four percent",
        reason=EntryReason.EDITED,
        revision=2,
        minutes=400,
    )
    _, outcome = folded(a_record("a1"), revised)
    assert decided(outcome) == (Action.MERGE, Reason.CORRECTION)
    brief = post_to(outcome).brief
    assert brief.headline == "Rutte urges allies to spend four percent"
    assert brief.items[0].changes == (
        "Headline corrected 18:40 UTC: was “Rutte urges allies to spend five percent”",
    )
    assert len(outcome.story.members) == 1


def test_fold_keeps_showing_a_correction_when_more_reports_come():
    title = "Rutte urges allies to spend four percent"
    revised = a_record("a1", title=title, reason=EntryReason.EDITED, revision=2, minutes=4)
    _, outcome = folded(a_record("a1"), revised, a_record("a2", wording=1, minutes=9))
    assert decided(outcome) == (Action.MERGE, Reason.MORE_OF_THE_STORY)
    assert len(post_to(outcome).brief.items[0].changes) == 1


def test_fold_edits_no_post_for_a_revision_whose_change_nobody_sees():
    same = {"published": NOW, "quotes": (a_quote("BRUSSELS - NATO chief Mark Rutte"),)}
    revised = a_record("a1", reason=EntryReason.EDITED, revision=2, minutes=4, **same)
    state, outcome = folded(a_record("a1", **same), revised)
    assert decided(outcome) == (Action.NONE, Reason.NOTHING_NEW)
    assert outcome.posts == ()
    assert outcome.member.revision == 2
    # The next edit of the post takes its quotes from the later record.
    _, outcome = folded(a_record("a2", wording=1, minutes=9), state=state)
    assert post_to(outcome).brief.items[0].quotes[0].revision == 2


def test_fold_lists_another_feed_with_the_same_article_without_a_new_origin():
    again = a_record("a1", feed_id="f2", outlet="Second", minutes=4)
    _, outcome = folded(a_record("a1"), again)
    assert outcome.member.also_in == ("Second",)
    assert outcome.story.origins == 1
    assert outcome.story.outlets == ("Outlet a1",)
    assert decided(outcome) == (Action.NONE, Reason.NOTHING_NEW)


def test_fold_sends_a_topic_that_no_channel_takes_to_the_fallback():
    config = a_config(Channel(to=DESK, topics=("Ukraine ceasefire",)))
    state, outcome = folded(a_record("a1"), config=config)
    assert decided(outcome) == (Action.NONE, Reason.NOT_WATCHED)
    assert decided(outcome, CONSOLE) == (Action.ALERT, Reason.FIRST_REPORT)
    _, outcome = folded(a_record("a2", wording=1, minutes=2), config=config, state=state)
    assert decided(outcome, CONSOLE) == (Action.MERGE, Reason.MORE_OF_THE_STORY)


def test_fold_passes_over_the_fallback_when_a_channel_takes_the_topic():
    _, outcome = folded(a_record("a1"))
    assert CONSOLE not in {d.destination for d in outcome.decisions}


def test_fold_asks_for_the_metadata_a_channel_wants():
    only = Only(languages=frozenset({"en"}), tiers=frozenset({1}))
    config = a_config(replace(CHANNEL, only=only))
    _, outcome = folded(a_record("a1", language="de", tier=1), config=config)
    assert decided(outcome) == (Action.NONE, Reason.OTHER_METADATA)
    _, outcome = folded(a_record("a1", language="en", tier=1), config=config)
    assert decided(outcome) == (Action.ALERT, Reason.FIRST_REPORT)


def test_fold_rolls_what_is_over_the_hours_alerts_into_the_digest():
    config = a_config(replace(CHANNEL, alerts=Alerts(per_hour=1)))
    state, outcome = folded(a_record("a1"), a_record("b1", event=1, minutes=59), config=config)
    assert decided(outcome) == (Action.DIGEST, Reason.OVERFLOW)
    _, outcome = folded(a_record("c1", event=2, minutes=60), config=config, state=state)
    assert decided(outcome) == (Action.ALERT, Reason.FIRST_REPORT)


def test_fold_holds_alerts_in_quiet_hours_unless_they_are_critical():
    quiet = Quiet(start=time(11), end=time(13))
    critical = Critical(topics=("NATO spending",), from_score=8)
    config = a_config(Channel(to=DESK, quiet=quiet, critical=critical))
    state, outcome = folded(a_record("a1", score=7), config=config)
    assert decided(outcome) == (Action.DIGEST, Reason.QUIET_HOURS)
    _, outcome = folded(a_record("b1", event=1, score=8), config=config, state=state)
    assert decided(outcome) == (Action.ALERT, Reason.BROKE_QUIET)


def test_fold_holds_everything_for_a_channel_with_digests_only():
    config = a_config(replace(CHANNEL, alerts=None))
    _, outcome = folded(a_record("a1", score=99), config=config)
    assert decided(outcome) == (Action.DIGEST, Reason.NO_ALERTS)


def test_fold_posts_once_where_two_channels_share_a_destination():
    matches = (a_match("NATO spending", 2), a_match("Ukraine ceasefire", 9))
    config = a_config(
        Channel(to=DESK, topics=("NATO spending",)),
        Channel(to=DESK, topics=("Ukraine ceasefire",)),
    )
    _, outcome = folded(a_record("a1", matches=matches), config=config)
    assert decided(outcome) == (Action.ALERT, Reason.FIRST_REPORT)
    assert [p.key.destination for p in outcome.posts] == [DESK, PAGE]
    assert post_to(outcome).brief.items[0].topics == ("Ukraine ceasefire", "NATO spending")


def test_apply_lets_go_of_closed_stories_that_are_not_held():
    config = a_config(CHANNEL)
    later = WINDOW / timedelta(minutes=1)
    records = (a_record("a1"), a_record("b1", event=1, score=1))
    state, _ = folded(*records, a_record("c1", event=2, minutes=later), config=config)
    assert [story.id for story in state.stories] == ["b1", "c1"]


reports = st.builds(
    a_record,
    st.sampled_from(["a1", "a2", "b1", "b2", "c1"]),
    event=st.integers(0, 2),
    wording=st.integers(0, 1),
    score=st.sampled_from([None, 1, 5, 9]),
    feed_id=st.sampled_from(["f1", "f2"]),
    revision=st.integers(1, 3),
    reason=st.sampled_from(list(EntryReason)),
)
configurations = st.builds(
    lambda alerts, quiet, digest: a_config(
        Channel(to=DESK, alerts=alerts, quiet=quiet, digest=digest)
    ),
    st.none() | st.builds(Alerts, per_hour=st.none() | st.integers(1, 2)),
    st.none() | st.just(Quiet(start=time(12, 20), end=time(12, 50))),
    st.none() | st.just(MORNING),
)


def in_time(records, gaps):
    minutes = 0
    for record, gap in zip(records, gaps, strict=False):
        minutes += gap
        yield replace(record, stored=NOW + timedelta(minutes=minutes))


@settings(max_examples=20, deadline=None)
@given(
    st.lists(reports, max_size=7),
    st.lists(st.integers(0, 50), min_size=7, max_size=7),
    configurations,
)
def test_fold_is_the_same_each_time_and_posts_a_story_once_a_destination(records, gaps, config):
    state, stories = DeskState(), Stories()
    desired: dict[PostKey, int] = {}
    for record in in_time(records, gaps):
        outcome = fold(state, record, config)
        assert outcome == fold(state, record, config, stories=stories)
        for post in outcome.posts:
            # The first is an alert and makes the message; whatever follows edits that message.
            assert post.revision == desired.get(post.key, 0) + 1
            desired[post.key] = post.revision
        alerts = [d for d in outcome.decisions if d.action is Action.ALERT]
        assert len(alerts) == sum(post.revision == 1 for post in outcome.posts)
        state = apply(state, outcome)
        if outcome.story:
            stories.put(outcome.story)
        # At once again: nothing is left to say.
        assert fold(state, record, config).posts == ()
    for channel in state.channels:
        both = {p.story_id for p in channel.posted} & {h.story_id for h in channel.held}
        assert both == set()


def test_fold_of_a_configuration_without_channels_goes_to_the_fallback_and_the_page():
    _, outcome = folded(a_record("a1"), config=Configuration())
    assert [p.key.destination for p in outcome.posts] == [CONSOLE, PAGE]
