"""German reported speech: own passages, what is no speech, and how a text's language is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.core.quotes.extract import find_quotes
from bot.core.quotes.language import is_german
from bot.core.text.prose import Prose

DATA = Path(__file__).parents[3] / "data" / "quotes"
PASSAGES = [json.loads(line) for line in (DATA / "german.jsonl").read_text("utf-8").splitlines()]
EDGE = " ,.!?"


def heard(text):
    return [
        (quote.text.strip(EDGE), quote.speaker and (quote.speaker.name or quote.speaker.text))
        for quote in find_quotes(Prose(text))
        if len(quote.text.split()) > 3
    ]


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: passage["id"])
def test_german_passage_has_its_quotes_and_speakers(passage):
    expected = [
        (quote["text"].strip(EDGE), quote["speaker_name"] or quote["speaker_text"])
        for quote in passage["quotes"]
        if len(quote["text"].split()) > 3
    ]
    found = heard(passage["text"])
    assert [text for text, _ in found] == [text for text, _ in expected]
    assert [who.split()[-1] for _, who in found] == [who.split()[-1] for _, who in expected]


NO_SPEECH = {
    "a novel": "Der Roman „Die lange Nacht der kurzen Messer“ erscheint im Herbst.",
    "a motto": "Unter dem Motto „Frieden schaffen ohne Waffen“ zogen Tausende durch die Stadt.",
    "an exercise": "Die Übung „Standhafter Verteidiger der Ostsee“ beginnt am 3. Mai in Kiel.",
    "a paper": "Das steht in der „Neuen Hallenser Allgemeinen Zeitung“ vom Freitag.",
    "a programme": "Er war im ZDF-„Morgenmagazin am Freitag“ zu Gast.",
    "a sign": "„Wer schweigt, stimmt zu“ stand auf dem Plakat.",
}


@pytest.mark.parametrize("text", NO_SPEECH.values(), ids=NO_SPEECH)
def test_german_titles_and_signs_are_no_quotes(text):
    assert heard(text) == []


SILENT = {
    "a paper says it": "In der Mitteilung heißt es: „Wir bedauern den Vorfall sehr.“",
    "several people": "Anna Falk kam. „Wir sind uns in allem einig“, sagten sie.",
    "a colon after a noun": "Das Fazit: „Es war ein langer und teurer Weg.“",
    "reported by an agency": "„Wir sind sehr nahe dran“, zitierte die Agentur einen Mann.",
}


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_german_quote_nobody_is_named_for_stays_without_speaker(text):
    ((_, who),) = heard(text)
    assert who is None


def test_german_date_does_not_end_the_sentence():
    text = "„Wir sind bereit“, sagte Kai Ruhland am 3. Mai. „Und wir bleiben es auch.“"
    assert [who for _, who in heard(text)] == ["Kai Ruhland"]


def test_german_verb_at_the_end_of_a_perfect_has_its_subject():
    text = "General Kai Ruhland hat im Radio gesagt: „Wir sind bereit für alles.“"
    assert heard(text) == [("Wir sind bereit für alles", "Kai Ruhland")]


def test_german_name_after_a_description_is_the_speaker():
    text = "Der Vorsitzende des Ausschusses, Marcus Fabian (FDP), sagte: „So geht es nicht weiter.“"
    assert heard(text) == [("So geht es nicht weiter", "Marcus Fabian")]


def test_german_noble_name_is_one_name():
    text = "„Wir müssen uns verteidigen“, sagte von der Heide. Ulrike von der Heide kam aus Bonn."
    assert heard(text) == [("Wir müssen uns verteidigen", "Ulrike von der Heide")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wir bleiben, sagte er, und das ist auch gut so.", True),
        ("„Wir bleiben, solange man uns braucht“, said General Uwe Stark.", False),
        ("The minister left in the evening.", False),
        ("", False),
    ],
)
def test_is_german_goes_by_small_words(text, expected):
    assert is_german(text) is expected
