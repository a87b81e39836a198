"""Entries, corrections and corrected names as people read them, in every medium."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.core.quotes.corrections import NONE, Corrections
from bot.core.quotes.ledger import as_entries
from bot.core.quotes.utterance import quote_id
from bot.domain.channels import PAGE
from bot.domain.explanations import Explanation
from bot.domain.ledger import Correction
from bot.domain.posts import Post, PostKey, PostKind
from bot.domain.quotes import Quote, Span, Speaker
from bot.render.atom import atom_feed
from bot.render.explanation import explanation_text
from bot.render.html import page
from bot.render.ledger import correction_line, corrections_text, entries_text, entry_text
from bot.render.slack.brief import brief_message
from bot.render.teams.brief import brief_card
from bot.render.text import brief_text
from tests.builders import NOW, make_brief, make_item, make_quote, make_record

SAID = "We will hold the bridge"
QUOTE = Quote(
    span=Span(start=1, end=1 + len(SAID)),
    text=SAID,
    speaker=Speaker(text="Varga", name="Ivo Varga", role="Foreign Minister"),
    cue="said",
    confidence=0.95,
    rule="quote, name said",
)
RECORD = make_record(text=f"“{SAID}” Varga said.", quotes=(QUOTE,))
CORRECTION = Correction(
    id="fpb45hjj",
    words=(SAID.lower(),),
    articles=("a1",),
    withdrawn=(Speaker(text="Ivo Varga"),),
    said="Jens Holm",
    since=NOW,
    until=NOW,
    by="ada",
    at=NOW,
    note="read out\x1b[2J",
)
NAME = quote_id("a1", SAID)
GIVEN = make_brief(
    items=(make_item(quotes=(make_quote(text=SAID, speaker="Jens Holm", corrected=True),)),)
)
POST = Post(
    key=PostKey(kind=PostKind.STORY, destination=PAGE, subject=("a1",)),
    brief=GIVEN,
    created=NOW,
    sent=1,
)


@pytest.mark.parametrize(
    "shown",
    [
        brief_text(GIVEN).plain,
        page([POST], made=NOW),
        atom_feed([POST], base="https://desk.example"),
        json.dumps(brief_message(GIVEN)),
        json.dumps(brief_card(GIVEN)),
    ],
    ids=["terminal", "page", "feed", "slack", "teams"],
)
def test_a_name_that_an_admin_gave_says_so_in_every_medium(shown):
    assert "Jens Holm (speaker corrected)" in shown


def test_an_entry_is_told_with_its_sources():
    (entry,) = as_entries(RECORD, NONE)
    listed = entries_text([entry]).plain
    assert listed.startswith(f"{NAME}  Ivo Varga, Foreign Minister\n")
    told = entry_text(entry).plain
    assert "Varga = Ivo Varga, Foreign Minister · 0.95 sure · rule “quote, name said”" in told
    assert f"revision 1, characters 1-{1 + len(SAID)}, direct" in told


def test_a_copy_says_whose():
    (entry,) = as_entries(RECORD, NONE)
    copied = replace(entry, sources=(replace(entry.sources[0], copy_of="Agency"),))
    assert "Wire (copy of Agency)" in entry_text(copied).plain


def test_a_correction_says_who_when_and_what_and_moves_no_cursor():
    (entry,) = as_entries(RECORD, Corrections([CORRECTION]))
    assert entries_text([entry]).plain.startswith(f"{NAME}  Jens Holm (speaker corrected)\n")
    line = "Not said by Ivo Varga but by Jens Holm: corrected by ada, Fri 4 Apr 2025, 12:00 UTC"
    for text in (entry_text(entry), corrections_text([CORRECTION])):
        assert line in text.plain
        assert "\x1b" not in text.plain


@pytest.mark.parametrize(
    ("changes", "line"),
    [({"said": None}, "Not said by Ivo Varga: "), ({"withdrawn": ()}, "Said by Jens Holm: ")],
)
def test_a_correction_in_words(changes, line):
    assert correction_line(replace(CORRECTION, **changes)).startswith(line)


def test_why_lists_quotes_with_their_ids():
    corrections = Corrections([replace(CORRECTION, said=None)])
    found = Explanation(
        url="https://wire.example/a1",
        article_id="a1",
        record=RECORD,
        quotes=as_entries(RECORD, corrections),
    )
    assert f"{NAME} Nobody named (speaker corrected): “{SAID}”" in explanation_text(found).plain
