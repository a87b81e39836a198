"""Replies: the right person's words, an honest near miss, or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.answers.question import parse
from bot.core.answers.reply import MAX_RESULTS, reply
from bot.domain.answers import Hit, Question, QuestionKind, Reply, ReplyOutcome, Searched
from bot.domain.quotes import Span
from tests.builders import NOW, make_hit

SEARCHED = Searched(articles=7)
RUTTE = Question(
    text="what did Rutte say about tariffs?",
    kind=QuestionKind.WHO_SAID,
    speaker="Rutte",
    speaker_names=("Mark Rutte",),
    words=("tariffs",),
)
PASSAGE = "Ministers met. The tariffs will hurt trade, Mark Rutte said. Talks go on."


def make_quote_hit(text: str = "Tariffs will not divide the allies at all,", **changes) -> Hit:
    values = {
        "text": text,
        "span": Span(start=10, end=10 + len(text)),
        "score": 0.5,
        "coverage": 1.0,
    }
    return make_hit(**{**values, **changes})


def make_passage(text: str = PASSAGE, **changes) -> Hit:
    values = {"is_quote": False, "speaker": None, "role": None}
    return make_quote_hit(text, **{**values, **changes})


def answer(question: Question, *hits: Hit) -> Reply:
    return reply(question, hits, now=NOW, searched=SEARCHED)


def test_reply_shows_the_quote_of_the_person_asked_about():
    quote = make_quote_hit()
    made = answer(RUTTE, make_passage(article_id="a2"), quote)
    assert made.outcome is ReplyOutcome.ANSWER
    assert (made.answer[0].text, made.answer[0].speaker) == (quote.text, "Mark Rutte")


def test_reply_never_answers_with_a_quote_that_only_mentions_the_person():
    made = answer(RUTTE, make_quote_hit("Mark Rutte and his tariffs are wrong,", speaker="X Y"))
    assert made.outcome is not ReplyOutcome.ANSWER


def test_reply_never_takes_a_namesake():
    made = answer(
        replace(RUTTE, speaker="Anna Rutte", speaker_names=()), make_quote_hit(speaker="Mark Rutte")
    )
    assert made.outcome is not ReplyOutcome.ANSWER


def test_reply_cuts_reported_speech_to_its_sentence():
    made = answer(RUTTE, make_passage())
    assert [hit.text for hit in made.answer] == ["The tariffs will hurt trade, Mark Rutte said."]
    assert made.answer[0].span == Span(start=25, end=70)
    assert [hit.text for hit in made.results] == [PASSAGE]


def test_reply_takes_no_report_out_of_somebody_elses_mouth():
    made = answer(RUTTE, make_passage("“The tariffs, Rutte said, will hurt,” the minister added."))
    assert made.outcome is ReplyOutcome.NEAR_MISS


def test_reply_reads_a_quote_with_the_passage_around_it():
    text = 'Asked about tariffs, he shrugged. "We will stand together as allies," Rutte said.'
    quote = make_quote_hit(
        "We will stand together as allies,", span=Span(start=35, end=68), score=0.0, coverage=0.0
    )
    made = answer(RUTTE, quote, make_passage(text, span=Span(start=0, end=len(text))))
    assert (made.outcome, made.answer[0].text) == (ReplyOutcome.ANSWER, quote.text)
    assert [hit.text for hit in made.results] == [text]


def test_reply_is_nothing_when_too_little_of_the_question_is_met():
    made = answer(RUTTE, make_passage(score=0.05, coverage=0.1))
    assert (made.outcome, made.answer) == (ReplyOutcome.NOTHING, ())
    assert made.searched == SEARCHED


def test_reply_labels_what_comes_near():
    made = answer(RUTTE, make_passage("The tariffs will hurt trade. Ministers met."))
    assert (made.outcome, len(made.answer)) == (ReplyOutcome.NEAR_MISS, 1)
    assert made.confidence < 0.5


def test_reply_prefers_the_sentence_with_a_number_when_asked_how_much():
    text = (
        "Germany will spend more. Its coalition agreed on that late at night, after weeks "
        "of talks that had gone nowhere, as officials of every party were quick to say. "
        "Then came the vote. Germany will spend 90 billion euros. " + "Others follow. " * 40
    )
    question = Question(
        text="how much will Germany spend?", kind=QuestionKind.HOW_MUCH, words=("Germany", "spend")
    )
    assert "90 billion" in answer(question, make_passage(text)).answer[0].text


def test_reply_counts_a_wire_copy_once_as_the_earliest_outlet_had_it():
    first = make_quote_hit(article_id="a1", outlet="Wire", published=NOW - timedelta(hours=5))
    copy = make_quote_hit("Tariffs will not divide the allies at all", article_id="a2", outlet="P")
    made = answer(RUTTE, copy, first)
    assert [hit.outlet for hit in made.answer] == ["Wire"]


def test_reply_puts_the_newest_first_among_equals():
    old = make_quote_hit(
        "Tariffs were fine then, I believe.", article_id="a1", published=NOW - timedelta(days=90)
    )
    new = make_quote_hit("Tariffs are a problem now, I fear.", article_id="a2")
    assert [hit.article_id for hit in answer(RUTTE, old, new).answer] == ["a2", "a1"]


def test_reply_gives_the_latest_of_different_stories_newest_first():
    question = Question(text="ceasefire", kind=QuestionKind.LATEST, words=("ceasefire",))
    lines = [
        "Ceasefire talks opened in the capital on Monday.",
        "The ceasefire broke down along the river, monitors said.",
        "A bank said the ceasefire lifted grain prices.",
    ]
    hits = [
        make_passage(
            text, article_id=f"a{number}", title="", published=NOW - timedelta(hours=number)
        )
        for number, text in enumerate(lines)
    ]
    again = make_passage(
        lines[0].replace("Monday", "Tuesday"),
        article_id="b",
        title="",
        published=NOW - timedelta(hours=9),
    )
    made = answer(question, again, *reversed(hits))
    assert [hit.article_id for hit in made.answer] == ["a0", "a1", "a2"]


HITS = st.lists(
    st.builds(
        make_quote_hit,
        st.sampled_from([PASSAGE, "Tariffs hurt,", "“Odd” marks. ”", "A", "Rutte said tariffs."]),
        article_id=st.sampled_from(["a1", "a2", "a3"]),
        is_quote=st.booleans(),
        speaker=st.sampled_from([None, "Mark Rutte", "he", ""]),
        score=st.floats(0, 2),
        coverage=st.floats(0, 1),
        published=st.integers(-400, 400).map(lambda days: NOW + timedelta(days=days)),
    ),
    max_size=14,
)


@settings(max_examples=40)
@given(
    st.text(max_size=40)
    | st.sampled_from(["what did Rutte say?", "latest on tariffs", "why tariffs?"]),
    HITS,
)
def test_reply_is_total_and_shows_only_verbatim_parts_of_hits(text: str, hits: list[Hit]):
    question = parse(text, now=NOW, people=())
    made = answer(question, *hits)
    assert made == answer(question, *reversed(hits))
    assert 0 <= made.confidence <= 1
    assert len(made.answer) <= 5
    assert len(made.results) <= MAX_RESULTS
    assert (made.answer == ()) == (made.outcome is ReplyOutcome.NOTHING)
    for shown in (*made.answer, *made.results):
        assert any(
            shown.article_id == hit.article_id
            and Span(
                start=shown.span.start - hit.span.start, end=shown.span.end - hit.span.start
            ).of(hit.text)
            == shown.text
            for hit in hits
            if hit.span.start <= shown.span.start and shown.span.end <= hit.span.end
        )
