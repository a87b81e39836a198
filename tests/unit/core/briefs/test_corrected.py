"""Names that admins withdrew or gave: what a brief and a hit show then, and that it comes back."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.briefs.corrected import corrected_brief, corrected_hit
from bot.core.quotes.corrections import NONE, Corrections
from bot.domain.ledger import Correction
from bot.domain.quotes import Part, Span, Speaker
from bot.render import words
from tests.builders import NOW, make_brief, make_hit, make_item, make_quote

SAID = "We will hold the bridge"


def make_correction(**changes):
    values = {
        "id": "fpb45hjj",
        "words": ("we will hold the bridge",),
        "articles": ("a1",),
        "withdrawn": (Speaker(text="Ivo Varga", role="Foreign Minister"),),
        "since": NOW,
        "until": NOW,
        "by": "ada",
        "at": NOW,
        **changes,
    }
    return Correction(**values)


def shown(brief):
    (item,) = brief.items
    return [(quote.speaker, quote.role, quote.corrected) for quote in item.quotes]


BRIEF = make_brief(
    items=(
        make_item(
            lead="Allies met in Brussels.",
            quotes=(make_quote(text=SAID, speaker="Ivo Varga", role="Foreign Minister"),),
        ),
    )
)


def test_a_withdrawn_name_is_taken_off():
    brief = corrected_brief(BRIEF, Corrections([make_correction()]))
    assert shown(brief) == [(None, None, True)]
    assert words.speaker(brief.items[0].quotes[0]) == "Speaker not named here"


def test_a_name_given_by_an_admin_says_so():
    brief = corrected_brief(BRIEF, Corrections([make_correction(said="Jens Holm")]))
    assert words.speaker(brief.items[0].quotes[0]) == "Jens Holm (speaker corrected)"


def test_an_unnamed_quote_gets_the_name_that_was_given():
    brief = make_brief(items=(make_item(quotes=(make_quote(text=SAID, speaker=None),)),))
    assert shown(corrected_brief(brief, Corrections([make_correction(said="Jens Holm")]))) == [
        ("Jens Holm", None, True)
    ]


def test_a_correction_of_one_part_holds_for_the_utterance():
    parts = tuple(
        Part(text=text, span=Span(start=0, end=len(text))) for text in ("The storm is over,", SAID)
    )
    quote = make_quote(
        text=parts[0].text, parts=parts, speaker="Ivo Varga", role="Foreign Minister"
    )
    brief = make_brief(items=(make_item(quotes=(quote,)),))
    assert shown(corrected_brief(brief, Corrections([make_correction()]))) == [(None, None, True)]


def test_what_was_read_comes_back():
    corrections = Corrections([make_correction(said="Jens Holm")])
    brief = corrected_brief(BRIEF, corrections)
    assert corrected_brief(brief, NONE) == BRIEF


def test_a_lead_that_tells_the_withdrawn_name_with_the_words_is_left_out():
    corrections = Corrections([make_correction()])
    told = make_brief(items=(make_item(lead="“We will hold the bridge,” Varga said on Friday."),))
    untold = make_brief(items=(make_item(lead="“We will hold the bridge,” he said on Friday."),))
    assert [corrected_brief(brief, corrections).items[0].lead for brief in (told, untold)] == [
        "",
        untold.items[0].lead,
    ]


def test_a_passage_stays_the_outlets_own():
    corrections = Corrections([make_correction()])
    passage = make_hit(text=SAID, is_quote=False, speaker=None)
    assert corrected_hit(passage, corrections) == passage
    quote = make_hit(text=SAID, speaker="Varga", role=None)
    assert corrected_hit(quote, corrections).speaker is None


CORRECTIONS = st.lists(
    st.builds(
        make_correction,
        id=st.sampled_from(("a", "b")),
        words=st.sampled_from((("we will hold the bridge",), ("we will hold",))),
        withdrawn=st.sampled_from(((), (Speaker(text="Varga"),), (Speaker(text="Jens Holm"),))),
        said=st.sampled_from((None, "Jens Holm", "Ivo Varga")),
        at=st.sampled_from((NOW, NOW + timedelta(hours=1))),
    ),
    max_size=3,
).map(Corrections)
BRIEFS = st.builds(
    lambda text, speaker: make_brief(
        items=(make_item(quotes=(make_quote(text=text, speaker=speaker, role=None),)),)
    ),
    st.sampled_from((SAID, "We will hold", "Other words said today")),
    st.sampled_from((None, "Ivo Varga", "Varga", "Jens Holm")),
)


@given(BRIEFS, CORRECTIONS, CORRECTIONS)
def test_only_the_last_corrections_count(brief, first, second):
    once = corrected_brief(brief, second)
    assert corrected_brief(corrected_brief(brief, first), second) == once
    assert corrected_brief(once, second) == once
    assert corrected_brief(once, NONE) == brief
