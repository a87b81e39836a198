"""Which language a text is read in."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.core.quotes.language import is_german

DATA = Path(__file__).parents[3] / "data" / "quotes"
UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
    | dict.fromkeys("„“”«»", '"')
)
GERMAN = [
    "german",
    "german_first",
    "german_second",
    "german_third",
    "german_fourth",
    "german_fifth",
]


def paragraphs(name, *, lang="de"):
    """Whole texts and each of their paragraphs that holds a quote."""
    for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines():
        passage = json.loads(line)
        if passage.get("lang", lang) == lang:
            yield passage["text"]
            yield from (
                part for part in passage["text"].split("\n\n") if re.search('[„“"«»]', part)
            )


@pytest.mark.parametrize("name", GERMAN)
def test_german_passage_and_each_of_its_paragraphs_is_german(name):
    assert [text for text in paragraphs(name) if not is_german(text)] == []


@pytest.mark.parametrize("name", GERMAN)
def test_german_is_known_without_umlauts_and_german_marks(name):
    plain = (text.translate(UMLAUTS) for text in paragraphs(name))
    assert [text for text in plain if not is_german(text)] == []


def test_english_article_and_each_of_its_paragraphs_is_english():
    texts = [
        json.loads(line)["text"]
        for line in (DATA / "key" / "articles.jsonl").read_text("utf-8").splitlines()
    ]
    parts = [part for text in texts for part in (text, *text.split("\n\n"))]
    assert [part for part in parts if is_german(part)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("„We are not here to be lectured by the press“, sagte Jan Varga.", True),
        ("“Wir sind hier und wir bleiben auch hier,” Jan Varga said.", False),
        ("On her page Ute Varga wrote: „Danke an alle, die uns in der Nacht halfen“.", False),
        ("“We stay,” Petra von der Heide said.", False),
        ("„Wir bleiben“, so Varga.", True),
        ("Varga: “We Stay”", False),
        ("„Zostajemy tu”, powiedział Jan Varga.", False),
        ("„Wer nur Panzer zählt, irrt.“ – General a. D. Jan Varga", True),
        ("« Nous restons », a dit Varga.", False),
    ],
)
def test_language_is_that_of_the_words_outside_quotes(text, expected):
    assert is_german(text) is expected
