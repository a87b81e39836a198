"""The fold obeys corrections of speakers, in the order of the records and in no other way."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.stories.fold import apply, fold, fold_correction, fold_digest
from bot.core.stories.place import Stories
from bot.domain.channels import PAGE, Alerts, Channel, DigestPlan
from bot.domain.ledger import CORRECTIONS, CORRECTIONS_FOR, Correction, SpeakerCorrected
from bot.domain.news import Record
from bot.domain.quotes import Speaker
from bot.domain.stories import DeskState, DigestDue, Reason
from tests.builders import NOW
from tests.unit.core.stories.reports import DESK, a_config, a_quote, a_record

SAID = "We will hold the bridge for as long as it takes"
CONFIG = a_config(Channel(to=DESK, digest=DigestPlan(at=(time(7, 30),))))
LATE = NOW + timedelta(hours=1)


def a_correction(*, said: str | None = None, name: str = "Ivo Varga", **changes) -> Correction:
    values = {
        "id": "fpb45hjj",
        "words": (SAID.lower(),),
        "articles": ("a1",),
        "withdrawn": (Speaker(text=name),),
        "said": said,
        "since": NOW,
        "until": NOW,
        "by": "ada",
        "at": LATE,
        **changes,
    }
    return Correction(**values)


def a_change(**changes) -> SpeakerCorrected:
    correction = a_correction(**changes)
    return SpeakerCorrected(id=correction.id, correction=correction)


BACK = SpeakerCorrected(id="fpb45hjj")


def a_report(name="a1", who="Ivo Varga", **changes) -> Record:
    changes.setdefault("wording", int(name != "a1"))
    return a_record(name, quotes=(a_quote(SAID, name=who),), **changes)


def folded(*values, state=None, config=CONFIG):
    """The state after all of ``values``, and the outcome of each."""
    state = DeskState() if state is None else state
    outcomes = []
    for place, value in enumerate(values):
        stored = LATE + timedelta(minutes=place)
        match value:
            case Record():
                outcome = fold(state, value, config)
            case DigestDue():
                outcome = fold_digest(state, value, stored=stored, config=config)
            case SpeakerCorrected():
                outcome = fold_correction(state, value, stored=stored, config=config)
        outcomes.append(outcome)
        state = apply(state, outcome)
    return state, outcomes


def told(outcome) -> dict[str, list[tuple[str | None, bool]]]:
    """Destination → who stands beside the quotes of its post, and whether by an admin's word."""
    return {
        str(post.key.destination): [
            (quote.speaker, quote.corrected) for item in post.brief.items for quote in item.quotes
        ]
        for post in outcome.posts
    }


def test_a_correction_makes_every_post_of_the_story_anew():
    _, (_, outcome) = folded(a_report(), a_change())
    assert told(outcome) == {str(DESK): [(None, True)], str(PAGE): [(None, True)]}
    assert {post.revision for post in outcome.posts} == {2}
    assert {post.brief.items[0].changes for post in outcome.posts} == {
        ("Speaker corrected 13:00 UTC",)
    }
    assert {(d.article_id, d.reason) for d in outcome.decisions} == {("a1", Reason.SPEAKER)}


def test_a_name_that_was_given_is_marked():
    _, (_, outcome) = folded(a_report(), a_change(said="Jens Holm"))
    assert told(outcome)[str(DESK)] == [("Jens Holm", True)]


def test_what_nobody_sees_changes_no_post():
    _, (_, outcome) = folded(a_report(who="Jens Holm"), a_change())
    assert (outcome.posts, outcome.decisions, outcome.channels) == ((), (), ())
    _, (_, again, twice) = folded(a_report(), a_change(), a_change())
    assert (len(again.posts), twice.posts) == (2, ())


def test_taken_back_the_name_is_there_again():
    _, outcomes = folded(a_report(), a_change(said="Jens Holm"), BACK)
    assert told(outcomes[2]) == told(outcomes[0])
    assert {post.revision for post in outcomes[2].posts} == {3}
    assert outcomes[2].posts[0].brief.items[0].changes == ()


def test_a_story_that_comes_later_is_not_said_to_be_corrected():
    _, (_, outcome) = folded(a_change(), a_report(minutes=90))
    assert told(outcome)[str(DESK)] == [(None, True)]
    assert outcome.posts[0].brief.items[0].changes == ()


def test_more_of_the_story_keeps_the_line_and_the_silence():
    second = a_report("a2", "Varga", minutes=90)
    _, (*_, outcome) = folded(a_report(), a_change(), second)
    assert told(outcome)[str(DESK)] == [(None, True)]
    assert outcome.posts[0].brief.items[0].changes == ("Speaker corrected 13:00 UTC",)


def test_a_report_that_names_another_speaker_is_shown_instead():
    _, (*_, outcome) = folded(a_report(), a_change(), a_report("a2", "Jens Holm", minutes=90))
    assert told(outcome)[str(DESK)] == [("Jens Holm", False)]
    assert outcome.posts[0].brief.items[0].changes == ("Speaker corrected 13:00 UTC",)


def test_a_digest_obeys():
    config = a_config(Channel(to=DESK, alerts=None, digest=DigestPlan(at=(time(7, 30),))))
    due = DigestDue(destination=DESK, slot="07:30", local_date="2025-04-05")
    _, (*_, outcome) = folded(a_report(), a_change(said="Jens Holm"), due, config=config)
    assert told(outcome)[str(DESK)] == [("Jens Holm", True)]


def test_corrections_are_bounded_in_number_and_age():
    many = tuple(
        a_correction(id=f"c{n}", at=LATE - timedelta(minutes=n)) for n in range(CORRECTIONS)
    )
    old = a_correction(id="old", at=LATE - CORRECTIONS_FOR - timedelta(days=1))
    outcome = fold_correction(
        DeskState(corrections=(old, *many)), a_change(), stored=LATE, config=CONFIG
    )
    assert len(outcome.corrections) == CORRECTIONS
    assert {"old", f"c{CORRECTIONS - 1}"}.isdisjoint(c.id for c in outcome.corrections)


VALUES = st.lists(
    st.sampled_from(
        (
            a_report(),
            a_report("a2", "Varga", minutes=10),
            a_report("a3", "Jens Holm", minutes=20),
            a_report("a4", None, minutes=30),
            a_change(),
            a_change(said="Jens Holm"),
            a_change(said="Ivo Varga", name="Jens Holm"),
            BACK,
        )
    ),
    max_size=7,
)


@settings(max_examples=20)
@given(VALUES)
def test_the_same_records_give_the_same_whoever_folds_them(values):
    """One desk from start to end, and one that is taken over after every record."""
    end, outcomes = folded(*values)
    state = DeskState()
    for place, value in enumerate(values):
        stored = LATE + timedelta(minutes=place)
        stories = Stories.of(state)
        if isinstance(value, Record):
            outcome = fold(state, value, CONFIG, stories=stories)
        else:
            outcome = fold_correction(state, value, stored=stored, config=CONFIG, stories=stories)
        assert outcome == outcomes[place]
        state = apply(replace(state), outcome)
    assert state == end


@settings(max_examples=20)
@given(VALUES)
def test_a_withdrawn_name_is_in_no_post_after_the_correction(values):
    _, (*_, last, outcome) = folded(*values, a_change(), a_report("a5", "Ivo Varga", minutes=40))
    for post in (*last.posts, *outcome.posts):
        assert all(q.speaker != "Ivo Varga" for item in post.brief.items for q in item.quotes)


def test_alerts_of_a_destination_gone_from_the_configuration_still_obey():
    state, _ = folded(a_report())
    config = a_config(Channel(to=PAGE, alerts=Alerts(from_score=0)))
    outcome = fold_correction(state, a_change(), stored=LATE, config=config)
    assert told(outcome) == {str(DESK): [(None, True)], str(PAGE): [(None, True)]}
