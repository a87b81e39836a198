"""Marks as news sets them: own passages, each with all it quotes in four words or more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.core.quotes.extract import find_quotes
from bot.core.text.prose import Prose

DATA = Path(__file__).parents[3] / "data" / "quotes" / "marks.jsonl"
PASSAGES = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]
EDGE = " \u00a0\u202f,.;:!?…—-"


@pytest.mark.parametrize("passage", PASSAGES, ids=[passage["id"] for passage in PASSAGES])
def test_find_quotes_reads(passage):
    # Where nothing is quoted a single word would be a false alarm.
    least = 4 if passage["quotes"] else 1
    found = [quote.text.strip(EDGE) for quote in find_quotes(Prose(passage["text"]))]
    assert [text for text in found if len(text.split()) >= least] == passage["quotes"]
