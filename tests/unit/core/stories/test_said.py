"""Words that another story had from the same speaker earlier are no news."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.stories.fold import apply, fold, fold_digest
from bot.core.stories.place import WINDOW, Stories
from bot.domain.channels import Alerts, Channel, DigestPlan
from bot.domain.quotes import Span
from bot.domain.stories import DeskState, DigestDue, Story
from tests.builders import NOW
from tests.unit.core.stories.reports import (
    DESK,
    a_config,
    a_member,
    a_quote,
    a_record,
)

OLD = "We will not sign a paper that nobody has read"
NEW = "Forty ships leave the harbour before the first of June"
LATER = NOW + timedelta(hours=2)


def said_by(who, *texts):
    return tuple(a_quote(text, name=who, start=100 * n) for n, text in enumerate(texts))


def a_story(story_id="a1", *, quotes=(), hours=0.0, **changes):
    moment = NOW + timedelta(hours=hours)
    member = a_member(
        article_id=story_id, quotes=quotes, published=moment, stored=moment, **changes
    )
    return Story(id=story_id, members=(member,))


def old_in(story, *others, now=LATER):
    stories = Stories.of(DeskState(stories=(story, *others)))
    return stories.said_before(story, now=now)


FIRST = a_story("a1", quotes=said_by("Petra Lund", OLD))


def test_said_before_finds_the_words_of_another_story_however_they_are_printed():
    printed = OLD.replace(" not", ", not") + "!"
    again = a_story("b1", quotes=said_by("Petra Lund", printed, NEW), hours=1)
    assert old_in(again, FIRST) == {printed}
    assert old_in(FIRST, again) == frozenset()


def test_said_before_knows_a_story_that_was_not_put_in():
    again = a_story("b1", quotes=said_by("Petra Lund", OLD), hours=1)
    stories = Stories.of(DeskState(stories=(FIRST,)))
    assert stories.said_before(again, now=LATER) == {OLD}


def test_said_before_asks_for_the_same_speaker_and_a_sure_name():
    assert old_in(a_story("b1", quotes=said_by("Owen Hart", OLD), hours=1), FIRST) == frozenset()
    unsure = (a_quote(OLD, name="Petra Lund", confidence=0.5),)
    assert old_in(a_story("b1", quotes=unsure, hours=1), FIRST) == frozenset()


def test_said_before_takes_a_shorter_cut_for_old_and_a_longer_one_for_new():
    start, end = "We will not sign a paper", "a paper that nobody has read"
    longer = f"{OLD}, and {NEW}"
    again = a_story("b1", quotes=said_by("Petra Lund", start, end, longer), hours=1)
    assert old_in(again, FIRST) == {start, end}


def test_said_before_leaves_out_fragments_that_anybody_may_say():
    first = a_story("a1", quotes=said_by("Petra Lund", "come what may"))
    again = a_story("b1", quotes=said_by("Petra Lund", "come what may"), hours=1)
    assert old_in(again, first) == frozenset()


def test_said_before_leaves_out_what_is_as_long_as_a_document():
    long = f"{OLD}. " * 50
    first = a_story("a1", quotes=said_by("Petra Lund", long))
    assert old_in(a_story("b1", quotes=said_by("Petra Lund", long), hours=1), first) == frozenset()


def test_said_before_does_not_look_into_the_story_itself():
    member = a_member(article_id="a2", quotes=said_by("Petra Lund", OLD), published=LATER)
    assert old_in(replace(FIRST, members=(*FIRST.members, member))) == frozenset()


def test_said_before_counts_a_storys_first_report_not_its_copies():
    between = a_story("b1", quotes=said_by("Petra Lund", OLD), hours=1)
    copy = a_member(article_id="a2", quotes=said_by("Petra Lund", OLD), published=LATER)
    both = replace(FIRST, members=(*FIRST.members, copy))
    assert old_in(both, between) == frozenset()
    assert old_in(between, both) == {OLD}


def test_said_before_is_not_moved_by_a_correction():
    again = a_story("b1", quotes=said_by("Petra Lund", OLD), hours=1)
    stories = Stories.of(DeskState(stories=(FIRST, again)))
    corrected = replace(FIRST.members[0], revision=2, stored=LATER)
    now_known = replace(FIRST, revision=2, members=(corrected,))
    stories.put(now_known)
    assert stories.said_before(now_known, now=LATER) == frozenset()
    assert stories.said_before(again, now=LATER) == {OLD}


def test_said_before_forgets_words_that_a_revision_takes_back():
    again = a_story("b1", quotes=said_by("Petra Lund", OLD), hours=1)
    stories = Stories.of(DeskState(stories=(FIRST, again)))
    stories.put(replace(FIRST, members=(replace(FIRST.members[0], quotes=()),)))
    assert stories.said_before(again, now=LATER) == frozenset()


def test_said_before_forgets_a_story_that_the_window_has_left_behind():
    late = NOW + WINDOW + timedelta(hours=1)
    again = a_story("b1", quotes=said_by("Petra Lund", OLD), hours=73)
    assert old_in(again, FIRST, now=late) == frozenset()


WORDS = st.sampled_from([OLD, NEW, OLD[:24], f"{OLD} {NEW}", "come what may"])
MEMBERS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from("xyz"),
        st.lists(st.tuples(st.sampled_from(["Petra Lund", "Owen Hart"]), WORDS), max_size=3),
        st.integers(0, 40),
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(MEMBERS)
def test_stories_that_grew_know_what_was_said_like_ones_built_from_the_state(reports):
    """Whatever was put in, replaced and let go of on the way."""
    grown, state, now = Stories(), {}, NOW
    for story_id, article, quotes, hours in reports:
        now += timedelta(hours=hours)
        member = a_member(
            article_id=story_id + article,
            published=now,
            stored=now,
            quotes=tuple(
                a_quote(text, name=who, start=100 * n) for n, (who, text) in enumerate(quotes)
            ),
        )
        known = state.get(story_id)
        if known is not None and known.last_stored + WINDOW <= now:
            known = None
        others = tuple(
            m for m in (known.members if known else ()) if m.article_id != member.article_id
        )
        state[story_id] = Story(id=story_id, members=(*others, member))
        grown.said_before(state[story_id], now=now)
        grown.put(state[story_id])
    built = Stories.of(DeskState(stories=tuple(state.values())))
    for story in state.values():
        assert built.said_before(story, now=now) == grown.said_before(story, now=now)


def quoting(*quotes):
    """A text of nothing but quotes, and them with their places in it."""
    placed, text = [], ""
    for quote in quotes:
        span = Span(start=len(text), end=len(text) + len(quote.text))
        placed.append(replace(quote, span=span))
        text += quote.text + ". "
    return tuple(placed)


def shown(outcome):
    (post,) = (post for post in outcome.posts if post.key.destination == DESK)
    return [quote.text for item in post.brief.items for quote in item.quotes]


RECYCLED = said_by("Petra Lund", OLD)
BOTH = said_by("Petra Lund", OLD, NEW)


def test_alert_shows_what_is_new_before_what_the_speaker_said_in_another_story():
    config = a_config(Channel(to=DESK, alerts=Alerts(from_score=1)))
    first = a_record("a1", event=0, quotes=quoting(*RECYCLED))
    again = a_record("b1", event=1, minutes=60, quotes=quoting(*BOTH))
    state = DeskState()
    outcome = fold(state, first, config)
    assert shown(outcome) == [OLD]
    outcome = fold(apply(state, outcome), again, config)
    assert shown(outcome) == [NEW, OLD]


def test_digest_shows_what_is_new_before_what_the_speaker_said_in_another_story():
    config = a_config(Channel(to=DESK, digest=DigestPlan(at=())))
    hart = said_by("Owen Hart", "We doubt that any of this will come to pass")
    state = DeskState()
    for record in (
        a_record("a1", event=0, quotes=quoting(*RECYCLED), score=None),
        a_record("b1", event=1, minutes=60, quotes=quoting(*BOTH, *hart), score=1),
    ):
        state = apply(state, fold(state, record, config))
    due = DigestDue(destination=DESK, slot="17:00", local_date="2025-04-04")
    outcome = fold_digest(state, due, stored=NOW + timedelta(hours=5), config=config)
    assert set(shown(outcome)) == {NEW, hart[0].text}
