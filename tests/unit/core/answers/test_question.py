"""Questions: kind, whose words, topic, phrases and time, from what people type."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.answers.question import parse
from bot.domain.answers import Question, QuestionKind
from bot.domain.people import Person
from tests.builders import NOW

PEOPLE = (
    Person(
        name="Mark Rutte",
        aliases=("the NATO chief",),
        role="NATO Secretary General",
        since=date(2024, 10, 1),
    ),
    Person(name="Jens Stoltenberg", aliases=("the NATO chief",), until=date(2024, 9, 30)),
    Person(name="Volodymyr Zelenskyy", aliases=("Zelensky", "the Ukrainian president")),
)


def ask(text: str) -> Question:
    return parse(text, now=NOW, people=PEOPLE)


def day(month: int, number: int, year: int = 2025) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "speaker", "words"),
    [
        ("what did Rutte say about Article 5?", "Rutte", ("Article", "5")),
        ("What has Mark Rutte said on tariffs", "Mark Rutte", ("tariffs",)),
        ("rutte on article 5", "rutte", ("article", "5")),
        ("Zelenskyy about peace", "Zelenskyy", ("peace",)),
        ("did Rutte say that allies must pay?", "Rutte", ("allies", "must", "pay")),
        ("Rutte's position on defence spending", "Rutte", ("defence", "spending")),
        ("quotes by Rutte about Russia", "Rutte", ("Russia",)),
        ("what does the White House think of tariffs?", "the White House", ("tariffs",)),
        ("what did Mayor Klitschko promise about power cuts", "Mayor Klitschko", ("power", "cuts")),
        ("according to Rutte, who pays for the fleet?", "Rutte", ("pays", "fleet")),
    ],
)
def test_parse_finds_whose_words_about_what(text: str, speaker: str, words: tuple[str, ...]):
    question = ask(text)
    assert (question.kind, question.speaker, question.words) == (
        QuestionKind.WHO_SAID,
        speaker,
        words,
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("what did Rutte say?", ("Mark Rutte",)),
        ("what did Zelensky say?", ("Volodymyr Zelenskyy", "Zelensky")),
        ("what did the NATO chief say?", ("Mark Rutte",)),
        ("what did the NATO chief say in March 2023?", ("Jens Stoltenberg",)),
        ("what did the NATO secretary general say?", ("Mark Rutte",)),
        ("what did Anna Rutte say?", ()),
        ("what did the mayor say?", ()),
    ],
)
def test_parse_resolves_names_and_who_held_the_office(text: str, names: tuple[str, ...]):
    assert ask(text).speaker_names == names


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("latest on the ceasefire", QuestionKind.LATEST),
        ("what's new on the ceasefire?", QuestionKind.LATEST),
        ("New York harbour strike", QuestionKind.LATEST),
        ("ceasefire talks", QuestionKind.LATEST),
        ("how much will Germany spend?", QuestionKind.HOW_MUCH),
        ("when did Finland join?", QuestionKind.WHEN),
        ("why did Poland close the border?", QuestionKind.WHY),
        ("who said the fleet is ready?", QuestionKind.WHO_SAID),
        ("who leads the alliance?", QuestionKind.FACT),
        ("", QuestionKind.FACT),
    ],
)
def test_parse_tells_kinds_apart(text: str, kind: QuestionKind):
    assert ask(text).kind is kind


def test_parse_keeps_new_york_whole():
    assert ask("New York harbour strike").phrases == ("New York",)


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("what did Rutte say about Article 5?", ("Article 5",)),
        ('who said "whatever it takes"?', ("whatever it takes",)),
        ("what did Rutte say about the Black Sea Fleet?", ("Black Sea Fleet",)),
        ("what did Rutte say about tariffs?", ()),
    ],
)
def test_parse_finds_phrases(text: str, phrases: tuple[str, ...]):
    assert ask(text).phrases == phrases


@pytest.mark.parametrize(
    ("when", "since", "until"),
    [
        ("yesterday", day(4, 3), day(4, 4)),
        ("today", day(4, 4), None),
        ("last week", day(3, 24), day(3, 31)),
        ("this week", day(3, 28), None),
        ("since Tuesday", day(4, 1), None),
        ("on Tuesday", day(4, 1), day(4, 2)),
        ("before Tuesday", None, day(4, 1)),
        ("after 1 April", day(4, 2), None),
        ("on 2 April", day(4, 2), day(4, 3)),
        ("on April 2nd, 2024", day(4, 2, 2024), day(4, 3, 2024)),
        ("in March", day(3, 1), day(4, 1)),
        ("in December", day(12, 1, 2024), day(1, 1)),
        ("last month", day(3, 1), day(4, 1)),
        ("on 2025-03-05", day(3, 5), day(3, 6)),
        ("two days ago", day(4, 2), day(4, 3)),
        ("last year", day(1, 1, 2024), day(1, 1)),
        ("on 31 February", None, None),
        ("in 2024", None, None),
    ],
)
def test_parse_reads_the_time_asked_about(
    when: str, since: datetime | None, until: datetime | None
):
    question = ask(f"what did Rutte say about tariffs {when}?")
    assert (question.since, question.until) == (since, until)


def test_parse_counts_days_back_from_now():
    assert ask("latest on tariffs in the past 24 hours").since == day(4, 3).replace(hour=12)


def test_parse_does_not_close_the_window_of_an_event():
    question = ask("how many ships sailed on Tuesday?")
    assert (question.since, question.until) == (day(4, 1), None)


@settings(max_examples=40)
@given(st.text(max_size=120) | st.text(alphabet="what did Rute say on 4 Aprilst?'\"", max_size=80))
def test_parse_takes_any_text(text: str):
    question = ask(text)
    assert question.text == text
    assert question.since is None or question.until is None or question.since < question.until
