"""Corrections are what a revision takes back, not what it adds."""

from __future__ import annotations

from bot.core.stories.corrections import corrections
from bot.core.stories.terms import terms
from tests.unit.core.stories.reports import a_member, a_quote


def test_corrections_name_the_headline_that_was():
    before, after = a_member(title="Ten hurt in Riga"), a_member(title="Nine hurt in Riga")
    assert corrections(before, after) == ("Headline corrected 12:00 UTC: was “Ten hurt in Riga”",)


def test_corrections_do_not_see_typography():
    before, after = a_member(title="Rutte's plea"), a_member(title="Rutte’s  plea")
    assert corrections(before, after) == ()


def test_corrections_see_a_quote_that_changed():
    before = a_member(quotes=(a_quote("we will spend"), a_quote("more than ever")))
    after = a_member(quotes=(a_quote("we will spend"), a_quote("more than before")))
    assert corrections(before, after) == ("Quotes corrected 12:00 UTC: 1 changed or withdrawn",)


def test_corrections_see_quotes_withdrawn_altogether():
    before = a_member(quotes=(a_quote("we will spend"),))
    assert corrections(before, a_member()) == ("Quotes withdrawn 12:00 UTC",)


def test_corrections_see_another_speaker():
    before = a_member(quotes=(a_quote("we will spend", name="Mark Rutte"),))
    after = a_member(quotes=(a_quote("we will spend", name="Jens Stoltenberg"),))
    assert corrections(before, after) == ("Speaker corrected 12:00 UTC",)


def test_corrections_see_a_number_that_became_another():
    before, after = a_member(terms=terms("", "40 hurt")), a_member(terms=terms("", "43 hurt"))
    assert corrections(before, after) == ("Number corrected 12:00 UTC: 40 → 43",)


def test_corrections_pass_over_what_is_only_added():
    before = a_member(terms=terms("", "40 hurt"))
    after = a_member(terms=terms("", "40 hurt in 2 towns"), quotes=(a_quote("we will spend"),))
    assert corrections(before, after) == ()
