"""Terms keep what tells stories apart: stems, names and numbers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.stories.members import LEAD_LENGTH, lead
from bot.core.stories.terms import OPENING_WORDS, is_name, is_number, terms


def test_terms_count_the_title_twice_and_mark_names_and_numbers():
    assert dict(terms("Rutte warns allies", "Allies spend 2.1%, Rutte said.")) == {
        "Rutt": 3,
        "warn": 2,
        "ally": 3,
        "spend": 1,
        "2.1": 1,
    }


def test_terms_tell_names_and_numbers_from_words():
    found = [term for term, _ in terms("", "The talks in Riga took 12 hours.")]
    assert [term for term in found if is_name(term)] == ["Riga"]
    assert [term for term in found if is_number(term)] == ["12"]


def test_terms_do_not_take_a_capital_at_the_start_of_a_sentence_for_a_name():
    assert not any(is_name(term) for term, _ in terms("", "Ministers met. “Talks went well.”"))


def test_terms_of_a_headline_alone_take_names_from_the_headline():
    assert [t for t, _ in terms("Talks begin in Riga", "") if is_name(t)] == ["Riga"]


def test_terms_fold_inflections_of_a_word_together():
    assert terms("", "killed kills killing kill") == (("kill", 4),)


def test_terms_see_no_more_than_the_opening():
    assert terms("", "word " * OPENING_WORDS + "latecomer") == (("word", OPENING_WORDS),)


@settings(max_examples=50)
@given(st.text(max_size=80), st.text(max_size=200))
def test_terms_hold_for_any_text(title, text):
    found = terms(title, text)
    assert len({term.lower() for term, _ in found}) == len(found)
    assert all(term and count > 0 for term, count in found)


def test_lead_is_the_first_paragraph():
    assert lead("First paragraph. All of it.\n\nSecond.") == "First paragraph. All of it."


def test_lead_does_not_repeat_the_title():
    assert lead("Rutte’s plea\n\nIn Brussels it began.", title="Rutte's Plea") == (
        "In Brussels it began."
    )
    assert lead("Rutte's plea", title="Rutte's plea") == "Rutte's plea"


@pytest.mark.parametrize(
    "dateline",
    ["BRUSSELS (Some Wire) — ", "KYIV, Ukraine - ", "WASHINGTON, April 4 – ", "THE HAGUE — "],
)
def test_lead_begins_behind_the_dateline(dateline):
    assert lead(f"{dateline}Allies met.\n\nMore.", title="Other") == "Allies met."


def test_lead_keeps_what_only_looks_like_a_dateline():
    assert lead("NATO – and Rutte – will wait.", title="Other") == "NATO – and Rutte – will wait."


def test_lead_ends_with_a_sentence_that_fits():
    first = "A sentence of some length stands here. " * 5
    assert lead(first + "And one more that is far too long to fit, " + "on and on " * 9) == (
        first.strip()
    )


def test_lead_of_one_long_sentence_ends_with_a_word():
    cut = lead("word " * 100)
    assert cut.endswith("word…")
    assert len(cut) <= LEAD_LENGTH + 1


@settings(max_examples=50)
@given(st.text(max_size=400))
def test_lead_holds_for_any_text(text):
    assert len(lead(text)) <= LEAD_LENGTH + 1
