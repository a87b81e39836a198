"""The whole of a quote: speaker, role, cue, confidence, group, and what the people list may do."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.quotes.extract import find_quotes
from bot.core.text.prose import Prose
from bot.domain.people import Person
from bot.domain.quotes import SHOW_NAME, QuoteKind, Speaker

MARIN = Person(
    name="Ivo Marin",
    aliases=("Maryn", "the alliance chief"),
    role="alliance secretary general",
    since=date(2024, 10, 1),
)
BEFORE = Person(
    name="Ruth Adler", aliases=("the alliance chief",), until=date(2024, 9, 30), gender="f"
)


def quotes(text, **options):
    return find_quotes(Prose(text), **options)


def names(text, **options):
    return [quote.speaker and quote.speaker.name for quote in quotes(text, **options)]


def test_find_quotes_of_a_text_without_marks_is_empty():
    assert quotes("Nobody spoke.") == ()


def test_find_quotes_gives_speaker_role_cue_and_rule():
    text = "“We sail at dawn,” Prime Minister Petra Lund said."
    (quote,) = quotes(text)
    assert quote.span.of(text) == quote.text == "We sail at dawn,"
    assert quote.kind is QuoteKind.DIRECT
    assert quote.speaker == Speaker(
        text="Prime Minister Petra Lund",
        span=quote.speaker.span,
        name="Petra Lund",
        role="Prime Minister",
    )
    assert quote.speaker.span.of(text) == "Prime Minister Petra Lund"
    assert (quote.cue, quote.rule) == ("said", "quote, name said")
    assert quote.confidence >= SHOW_NAME


def test_find_quotes_takes_the_role_from_anywhere_in_the_text():
    text = "Lund spoke. “We sail at dawn,” Lund said.\n\nCampaign manager Petra Lund is back."
    (quote,) = quotes(text)
    assert (quote.speaker.text, quote.speaker.name) == ("Lund", "Petra Lund")
    assert quote.speaker.role == "Campaign manager"


def test_find_quotes_groups_a_split_quote_and_nothing_else():
    text = (
        "“Yes,” Petra Lund said, “we sail at dawn.” “No,” said Owen Hart, “we do not.” "
        "“Ah,” he said."
    )
    assert [quote.group for quote in quotes(text)] == [0, 0, 1, 1, None]


def test_find_quotes_groups_the_paragraphs_of_one_utterance():
    text = "Petra Lund said: “We sail at dawn.\n\n“We come back at dusk.”"
    assert [quote.group for quote in quotes(text)] == [0, 0]


def test_find_quotes_calls_a_fragment_mixed():
    (quote,) = quotes("Petra Lund called the sea “rough but fair to all.”")
    assert quote.kind is QuoteKind.MIXED


def test_find_quotes_leaves_the_speaker_out_where_nothing_tells():
    (quote,) = quotes("Snow fell. “We sail at dawn, come what may.” Snow fell again.")
    assert (quote.speaker, quote.confidence, quote.rule) == (None, 0.0, "")


def test_find_quotes_trusts_a_pronoun_less_than_a_name():
    text = "Karen Mills came. “We sail at dawn,” she said. Mills left. “We are off,” Mills said."
    first, second = quotes(text)
    assert first.speaker.name == second.speaker.name == "Karen Mills"
    assert SHOW_NAME <= first.confidence < second.confidence


def test_find_quotes_shows_the_pronoun_and_no_name_where_two_fit():
    text = "Karen Mills met Laura Stone. “We sail at dawn,” she said."
    assert names(text) == [None]


def test_people_complete_a_last_name_the_text_leaves_short():
    assert names("“We stay,” Marin said.", people=(MARIN,)) == ["Ivo Marin"]


def test_people_know_an_alias():
    assert names("“We stay,” Maryn said.", people=(MARIN,)) == ["Ivo Marin"]


def test_people_never_override_the_text():
    text = "Clara Marin came. “We stay,” Marin said."
    assert names(text, people=(MARIN,)) == ["Clara Marin"]


def test_people_who_share_a_last_name_complete_nothing():
    other = Person(name="Clara Marin")
    assert names("“We stay,” Marin said.", people=(MARIN, other)) == ["Marin"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2025, 4, 4), "Ivo Marin"), (date(2024, 5, 1), "Ruth Adler"), (None, None)],
)
def test_people_hold_a_role_on_a_day(day, expected):
    text = "“We stay,” the alliance chief said."
    assert names(text, people=(MARIN, BEFORE), day=day) == [expected]


@pytest.mark.parametrize(
    ("printed", "role"),
    [("Sir Ian", None), ("Prime Minister Sir Ian", "Prime Minister"), ("Dr. Ian", None)],
)
def test_a_way_of_address_is_no_role(printed, role):
    (quote,) = quotes(f"“We will sail on Friday,” {printed} Holm said.")
    assert (quote.speaker.name, quote.speaker.role) == ("Ian Holm", role)


def test_a_name_ends_before_a_small_letter_with_an_accent():
    text = "At the harbour Ingrid Holm évalue les ports. “We will sail on Friday,” Holm said."
    assert names(text) == ["Ingrid Holm"]


def test_title_completes_a_name():
    assert names("“We stay,” Marin said.", title="Talks with Ivo Marin end") == ["Ivo Marin"]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            '“ ” " « » said , . ? : Petra Lund he who the minister that told ( ) - ¶'.split()
        ),
        max_size=25,
    )
)
def test_find_quotes_keeps_offsets_and_order_whatever_the_text(pieces):
    text = " ".join(pieces).replace("¶", "\n\n")
    found = quotes(text)
    assert list(found) == sorted(found, key=lambda quote: quote.span)
    for quote in found:
        assert quote.span.of(text) == quote.text
        assert (quote.confidence > 0) == (quote.speaker is not None)
        if quote.speaker is not None:
            assert quote.speaker.span.of(text) == quote.speaker.text


HEARD = {
    "a statement issued in the sentence before": (
        "Senator Petra Lund issued a statement on the closure of the port. “It is a mistake.”",
        ["Petra Lund"],
    ),
    "a misspelt last name": (
        "Lydia Buchmann came. “We sail at dawn,” Ms Buchman said.",
        ["Lydia Buchmann"],
    ),
    "any trade before a first name": (
        "“We sail at dawn,” said welder Karen Mills.",
        ["Karen Mills"],
    ),
    "a kind of person before a name": (
        "Critic Karen Mills said the plan was “a leap in the dark”.",
        ["Karen Mills"],
    ),
    "quoted as saying": (
        "“We sail at dawn,” the agency quoted Petra Lund as saying.",
        ["Petra Lund"],
    ),
    "was quoted as saying": (
        "“We sail at dawn,” Petra Lund was quoted as saying by the agency.",
        ["Petra Lund"],
    ),
    "a comment after the quote is no cue": (
        "Petra Lund added that the vote was “rigged before it began”, a charge the mayor denies.",
        ["Petra Lund"],
    ),
    "a relative clause lends no subject": (
        (
            "Lund was angry at Owen Hart, who said he was owed money, saying, “He did a bad job.” "
            "Petra Lund left."
        ),
        ["Petra Lund"],
    ),
    "an aside is over before the quote": (
        "When Owen Hart suggested a pause, Petra Lund fired back: “If they sue us, they lose.”",
        ["Petra Lund"],
    ),
    "an unclosed quote goes on": (
        (
            "Petra Lund said, “It felt good out there.\n\nWe could have won early.” "
            "After the match, coach Owen Hart said, “We lost to a better team.”"
        ),
        ["Petra Lund", "Petra Lund", "Owen Hart"],
    ),
    "two people of whom one is somebody's": (
        "“We will not be moved,” Petra Lund and her deputy Owen Hart said in a statement.",
        [None],
    ),
    "a nationality before the office": (
        "“Let us be clear,” said the German defence minister, Boris Pohl. “Nobody is leaving.”",
        ["Boris Pohl", "Boris Pohl"],
    ),
    "nobody in the room": ("No one in the room said “yes, I will sign this paper” out loud.", []),
    "with somebody else reporting": (
        "Petra Lund said all was well, with the papers reporting it was “the worst day of all”.",
        [None],
    ),
    "words on a wall": ("“Never again in this town” was painted on the wall of the school.", []),
    "a song after its kind": ("They sang the anthem “A Day Will Come,” she added.", []),
    "an attribute of markup": ('<i title="that is not what she said at all">Snow</i> fell.', []),
}


@pytest.mark.parametrize(("text", "expected"), HEARD.values(), ids=HEARD)
def test_find_quotes_names_the_speaker_of(text, expected):
    assert names(text) == expected
