"""Placing puts each article into the story it belongs to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.stories.members import member_of
from bot.core.stories.place import WINDOW, Placement, Stories, place
from bot.core.stories.stream import Placed, StoryStream
from bot.core.text.shingles import shingles
from bot.domain.stories import DeskState, Story, StoryReason
from bot.domain.watch import Match
from tests.builders import NOW
from tests.unit.core.stories.reports import EVENTS, a_record

WIRE = " ".join(f"sentence {n} of the wire report says what happened there." for n in range(40))
OTHER = " ".join(f"paragraph {n} by our own correspondent, who saw it all." for n in range(40))


def a_state(*records):
    return DeskState(
        stories=tuple(Story(id=r.article.id, members=(member_of(r),)) for r in records)
    )


def test_place_starts_a_story_with_the_first_article():
    member = member_of(a_record("a1"))
    assert place(DeskState(), member) == Placement(origin="a1")


def test_place_knows_the_same_article_again():
    later = member_of(a_record("a1", event=2, minutes=5))
    expected = Placement(story_id="a1", reason=StoryReason.SAME_ARTICLE, origin="a1")
    assert place(a_state(a_record("a1")), later) == expected


def test_place_puts_another_report_of_the_event_into_its_story():
    state = a_state(a_record("a1", event=0), a_record("a2", event=1), a_record("a3", event=2))
    for event, story in enumerate(("a1", "a2", "a3")):
        report = member_of(a_record("b", event=event, wording=1, minutes=30))
        expected = Placement(story_id=story, reason=StoryReason.SHARED, origin="b")
        assert place(state, report) == expected


def test_place_keeps_another_event_apart():
    member = member_of(a_record("b", event=2))
    assert place(a_state(a_record("a1", event=0)), member).reason is StoryReason.NEW


def test_place_prefers_the_story_that_was_flagged_for_the_same_topic():
    spending, truce = (
        (Match(topic=topic, score=5),) for topic in ("NATO spending", "Ukraine ceasefire")
    )
    state = a_state(a_record("a1", matches=spending), a_record("a2", minutes=1, matches=truce))
    for matches, story in ((spending, "a1"), (truce, "a2")):
        report = member_of(a_record("b", wording=1, minutes=30, matches=matches))
        assert place(state, report).story_id == story


def test_place_gives_a_copy_the_origin_of_what_it_copies():
    first = a_record("a1", text=WIRE)
    copied = a_record("b", title="Another headline", text="LONDON - " + WIRE[:1200], minutes=9)
    expected = Placement(story_id="a1", reason=StoryReason.COPY, origin="a1")
    assert place(a_state(first), member_of(copied)) == expected


def test_place_does_not_take_an_outlets_standing_text_for_a_copy():
    records = [
        a_record(f"a{n}", event=0, outlet="Letter", title=f"Letter {n}", text=WIRE + f" end{n}")
        for n in range(3)
    ]
    state = DeskState(
        stories=tuple(
            Story(id=r.article.id, members=(replace(member_of(r), terms=()),)) for r in records
        )
    )
    new = member_of(a_record("b", event=1, outlet="Letter", text=WIRE + " " + OTHER))
    assert place(state, new).reason is StoryReason.NEW


def test_place_joins_no_story_on_words_alone():
    one = a_record("a1", title="ministers discuss budget", text="they discuss the budget again")
    two = a_record("b", title="ministers discuss budget", text="they discuss the budget again")
    assert place(a_state(one), member_of(two)).reason is StoryReason.NEW


def test_place_forgets_stories_that_the_window_has_left_behind():
    hours = WINDOW / timedelta(minutes=1)
    state = a_state(a_record("a1"))
    assert place(state, member_of(a_record("a1", minutes=hours - 1))).story_id == "a1"
    assert place(state, member_of(a_record("a1", minutes=hours))).story_id is None


def test_place_compares_with_what_is_inside_the_window_only():
    later = WINDOW / timedelta(minutes=1)
    members = tuple(
        member_of(a_record(doc_id, event=event, minutes=minutes, text=text))
        for doc_id, event, minutes, text in (("a1", 0, 0, WIRE), ("a2", 1, 60, OTHER))
    )
    state = DeskState(stories=(Story(id="a1", members=members),))
    assert place(state, member_of(a_record("b", minutes=later - 1, text=WIRE))).story_id == "a1"
    assert place(state, member_of(a_record("b", minutes=later, text=WIRE))).story_id is None
    assert place(state, member_of(a_record("b", minutes=later, text=OTHER))).story_id == "a1"
    assert place(state, member_of(a_record("a1", minutes=later))).story_id == "a1"


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 2000)), max_size=8))
def test_stories_that_grew_answer_as_ones_built_from_the_state(reports):
    grown, state, minutes = Stories(), DeskState(), 0
    for number, (event, wording, gap) in enumerate(reports):
        minutes += gap
        text = f"{EVENTS[event][wording][1]} {WIRE if number % 2 else OTHER}"
        member = member_of(
            a_record(f"a{number}", event=event, wording=wording, minutes=minutes, text=text)
        )
        placement = grown.place(member)
        assert placement == place(state, member)
        member = replace(member, origin=placement.origin)
        before = grown.get(placement.story_id).members if placement.story_id else ()
        story = Story(id=placement.story_id or member.article_id, members=(*before, member))
        grown.put(story)
        others = tuple(s for s in state.stories if s.id != story.id)
        state = DeskState(stories=(*others, story))


def test_stream_places_docs_and_lets_the_first_decision_stand():
    stream = StoryStream()
    docs = [("a", 0, 0), ("b", 1, 0), ("c", 0, 1), ("d", 1, 1)]
    placed = [
        stream.place(
            doc_id, title=EVENTS[event][wording][0], text=EVENTS[event][wording][1], published=NOW
        )
        for doc_id, event, wording in docs
    ]
    assert placed == [
        Placed(story="a", reason=StoryReason.NEW, origin="a"),
        Placed(story="b", reason=StoryReason.NEW, origin="b"),
        Placed(story="a", reason=StoryReason.SHARED, origin="c"),
        Placed(story="b", reason=StoryReason.SHARED, origin="d"),
    ]


def test_stream_takes_another_id_at_the_same_url_for_the_same_article():
    stream = StoryStream()
    url = "https://wire.example/live"
    stream.place("a", title="Live", text=WIRE, published=NOW, url=url)
    again = stream.place("b", title="Live page", text=OTHER, published=NOW, url=url)
    assert again == Placed(story="a", reason=StoryReason.SAME_ARTICLE, origin="a")


def test_stream_names_the_first_of_the_origin_for_a_copy_of_a_copy():
    stream = StoryStream()
    for number, doc_id in enumerate("abc"):
        placed = stream.place(doc_id, title=f"Headline {number}", text=WIRE, published=NOW)
    assert placed == Placed(story="a", reason=StoryReason.COPY, origin="a")
    assert shingles(WIRE)
