"""Cards: what they show, that Teams takes them, and that no feed can write on them."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import microsoft_teams.cards
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pydantic.alias_generators import to_camel

from bot.domain.answers import Reply, ReplyOutcome, Searched
from bot.domain.conversation import Example, Help, Latest, Verb
from bot.domain.explanations import Explanation
from bot.domain.posts import BriefKind, Coverage
from bot.domain.quotes import QuoteKind
from bot.render import teams
from bot.render.escape import plain
from bot.render.escape import teams as escaped
from bot.render.teams.limits import ENVELOPE_BYTES, MESSAGE_BYTES, first_fitting, size
from tests.builders import NOW, make_brief, make_hit, make_item, make_quote, make_record

HELP = Help(
    examples=(Example(line="latest", does="the newest stories"),), topics=("NATO spending",)
)
HOSTILE = (
    "<at>Everyone</at> **bold** _it_ [click](https://evil.example) `x` # {{DATE(2025-01-01T0"
    '0:00:00Z)}} &lt;at&gt; "}, {"type": "Image" ![i](http://evil.example/i.png)\n1. \u202egnp'
)


def elements(value: Any) -> list[dict[str, Any]]:
    """Every object with a type inside ``value``."""
    found = [value] if isinstance(value, dict) and "type" in value else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [*found, *(e for part in inner for e in elements(part))]


def texts(card: dict[str, Any]) -> str:
    return "\n".join(e["text"] for e in elements(card) if "text" in e)


@cache
def official() -> dict[str, type]:
    """Type → Microsoft's own model of it, generated from the schema."""
    models = vars(microsoft_teams.cards).values()
    classes = [m for m in models if isinstance(m, type) and hasattr(m, "model_fields")]
    return {
        kind: model
        for model in classes
        if (field := model.model_fields.get("type")) and isinstance(kind := field.default, str)
    }


def broken(card: dict[str, Any]) -> list[str]:
    """What Microsoft's models do not know, or refuse."""
    found = []
    for element in elements(card):
        model = official().get(element["type"])
        if model is None:
            found.append(element["type"])
            continue
        names = {to_camel(name) for name in model.model_fields}
        found += [f"{element['type']}.{n}" for n in element.keys() - names - {"$schema"}]
    microsoft_teams.cards.AdaptiveCard.model_validate(card)
    return found


def rendered(markdown: str) -> str:
    """What a Markdown parser shows of one paragraph; asserts that it is nothing but text."""
    tokens = MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"])
    blocks = tokens.parse(markdown)
    assert [b.type for b in blocks] == ["paragraph_open", "inline", "paragraph_close"]
    inner = blocks[1].children or []
    assert {i.type for i in inner} <= {"text", "text_special"}, [i.type for i in inner]
    return "".join(i.content for i in inner)


SPOKEN = {
    "answer": Reply(
        question="what did Rutte say?",
        outcome=ReplyOutcome.ANSWER,
        answer=(make_hit(),),
        searched=Searched(articles=412, since=NOW),
    ),
    "near miss": Reply(
        question="who won?",
        outcome=ReplyOutcome.NEAR_MISS,
        answer=(make_hit(is_quote=False, speaker=None, role=None),),
        searched=Searched(articles=3),
    ),
    "nothing": Reply(
        question="who won?", outcome=ReplyOutcome.NOTHING, searched=Searched(articles=3)
    ),
    "never seen": Explanation(url="https://wire.example/a9", article_id="a9"),
    "seen": Explanation(url="https://wire.example/a1", article_id="a1", record=make_record()),
    "latest": Latest(items=(make_item(), make_item(quotes=()))),
    "nothing new": Latest(topic="NATO spending"),
    "help": HELP,
    "slip": replace(HELP, typed="qoutes", nearest=Verb.QUOTES),
}


def test_an_address_asked_about_is_shown_without_its_secrets():
    asked = "https://ann:pw5@wire.example/feed?token=abc77"
    found = Explanation(url=asked, article_id="none")
    said = json.dumps([teams.spoken_card(found), teams.spoken_line(found)])
    assert "wire.example/feed?token=" in said
    assert "pw5" not in said
    assert "abc77" not in said


def test_card_of_an_alert_says_what_who_where_and_why():
    shown = texts(teams.brief_card(make_brief()))
    for part in (
        "ALERT · NATO spending",
        "NATO chief urges more defence spending",
        "Wire · {{DATE(2025-04-04T12:00:00Z,SHORT)}} {{TIME(2025-04-04T12:00:00Z)}}",
        "urged allies to spend more.",
        "“need to engage as well”",
        "Mark Rutte, NATO Secretary General",
        'NATO spending: "defence spending" in the title',
    ):
        assert part in shown


def test_card_hides_the_reasons_behind_a_button():
    card = teams.brief_card(make_brief())
    hidden = [e for e in elements(card) if e.get("isVisible") is False]
    assert [e["id"] for e in hidden] == ["why1"]
    assert card["actions"][1]["targetElements"] == ["why1"]


def test_card_of_an_alert_leads_to_the_article():
    card = teams.brief_card(make_brief())
    assert card["actions"][0] == {
        "type": "Action.OpenUrl",
        "title": "Read at Wire",
        "url": "https://wire.example/a1",
    }


def test_card_never_links_to_what_is_no_web_address():
    item = make_item(url="javascript:alert(1)", quotes=(make_quote(url="file:///etc/passwd"),))
    card = teams.brief_card(make_brief(items=(item,)))
    assert "javascript" not in json.dumps(card)
    assert "passwd" not in json.dumps(card)


def test_card_says_what_changed_and_when():
    item = make_item(changes=("Headline corrected 18:40 UTC",))
    shown = texts(teams.brief_card(make_brief(items=(item,))))
    assert "UPDATED ALERT" in shown
    assert "Headline corrected 18:40 UTC" in shown
    assert "Updated {{DATE(" in shown


def test_card_names_other_outlets_with_their_links():
    def report(outlet: str, *, copy: bool) -> Coverage:
        url = f"https://{outlet.lower()}.example/"
        return Coverage(outlet=outlet, url=url, title="x", published=NOW, copy=copy)

    reports = (*make_item().coverage, report("Ledger", copy=False), report("Post", copy=True))
    card = teams.brief_card(make_brief(items=(make_item(coverage=reports, origins=2),)))
    runs = {e["text"]: e for e in elements(card) if e["type"] == "TextRun"}
    assert runs["Ledger"]["selectAction"]["url"] == "https://ledger.example/"
    assert " (same report)" in runs
    assert "3 outlets, 2 origins" in texts(card)


def test_card_of_reported_speech_has_no_quotation_marks():
    said = make_quote(text="allies were late", kind=QuoteKind.INDIRECT, speaker=None, role=None)
    shown = texts(teams.brief_card(make_brief(items=(make_item(quotes=(said,)),))))
    assert "“" not in shown
    assert "Reported: \nSpeaker not named here" in shown


def test_card_of_a_digest_numbers_and_links_its_stories():
    brief = make_brief(
        kind=BriefKind.DIGEST,
        headline="Morning digest",
        items=(make_item(), make_item(title="Second")),
        also=(make_item(title="Third"),),
    )
    shown = texts(teams.brief_card(brief))
    assert "DIGEST · 2 stories" in shown
    assert "2. \nSecond" in shown
    assert "Already alerted here" in shown


def test_card_has_a_fallback_in_plain_words_and_utc():
    fallback = teams.brief_card(make_brief())["fallbackText"]
    assert fallback == (
        "Alert: NATO chief urges more defence spending — “need to engage as well” Mark Rutte,"
        " NATO Secretary General — Wire, Fri 4 Apr 2025, 12:00 UTC"
    )


def test_card_of_too_many_stories_says_how_many_more():
    long = make_item(lead="so " * 200, quotes=(make_quote(text="word " * 190),) * 3)
    brief = make_brief(kind=BriefKind.DIGEST, items=(long,) * 60)
    card = teams.brief_card(brief)
    assert teams.sendable(card)
    assert " more" in texts(card)


def test_card_shows_of_a_long_quote_an_exact_beginning():
    words = " ".join(f"word{n}" for n in range(900))
    card = teams.brief_card(make_brief(items=(make_item(quotes=(make_quote(text=words),)),)))
    shown = next(e["text"] for e in elements(card) if e.get("text", "").startswith("“"))
    assert shown.endswith("” […]")
    assert shown.removeprefix("“").removesuffix("” […]") in words


@pytest.mark.parametrize("spoken", SPOKEN.values(), ids=SPOKEN.keys())
def test_card_of_what_is_spoken_is_known_to_microsoft(spoken):
    card = teams.spoken_card(spoken)
    assert broken(card) == []
    assert teams.problems(card) == ()


@pytest.mark.parametrize("kind", BriefKind)
def test_card_of_a_brief_is_known_to_microsoft(kind):
    brief = make_brief(kind=kind, also=(make_item(),), notes=("Possibly repeated.",))
    assert broken(teams.brief_card(brief)) == []


def test_card_of_a_reply_cites_each_line():
    shown = texts(teams.spoken_card(SPOKEN["answer"]))
    for part in ("what did Rutte say?", "Mark Rutte, NATO Secretary General", "Wire", "412 art"):
        assert part in shown


def test_card_of_a_near_miss_says_so():
    shown = texts(teams.spoken_card(SPOKEN["near miss"]))
    assert "No direct answer in 3 articles. This comes nearest:" in shown


def test_card_of_a_slip_names_the_nearest_command():
    shown = texts(teams.spoken_card(SPOKEN["slip"]))
    assert "“qoutes” is no command. Did you mean “quotes”?" in shown


@pytest.mark.parametrize("team", [True, False], ids=["team", "person"])
def test_card_of_welcome_says_what_it_does_and_how_to_stop(team):
    card = teams.welcome_card(HELP, team=team)
    assert broken(card) == []
    assert "news feeds" in texts(card)
    assert "To stop" in texts(card)


def test_limits_know_a_card_that_teams_would_refuse():
    good = teams.brief_card(make_brief())
    for change, problem in (
        ({"fallbackText": " "}, "no fallbackText"),
        ({"version": "9.9"}, "not an Adaptive Card 1.5"),
        ({"body": []}, "nothing to show"),
        ({"actions": good["actions"] * 4}, "8 actions"),
        ({"body": [{"type": "Image"}], "actions": []}, "unknown element Image"),
        ({"body": [{"type": "Container", "colour": "red"}], "actions": []}, "Container.colour"),
        ({"body": [{"type": "TextBlock", "text": "x" * 30_000}], "actions": []}, "bytes"),
        ({"body": [{"type": "TextBlock", "text": ""}], "actions": []}, "TextBlock without text"),
        ({"body": [{"type": "Container", "id": "a"}] * 2, "actions": []}, "an id twice"),
        ({"actions": [{"type": "Action.OpenUrl", "title": "x", "url": "file:"}]}, "a link to"),
        ({"actions": [{"type": "Action.OpenUrl", "url": "http://a"}]}, "without a title"),
    ):
        assert any(problem in p for p in teams.problems({**good, **change})), problem


def test_limits_refuse_to_send_what_cannot_be_made_to_fit():
    with pytest.raises(ValueError, match="refuse"):
        first_fitting([dict])


# Laws: whatever a feed or an asker writes.

WRITTEN = st.one_of(
    st.text(max_size=60),
    st.sampled_from([HOSTILE, "x" * 5000, "😀" * 1500, "", " ", "{{" * 40, "\u202e", "1. a"]),
)
URLS = st.sampled_from(
    ["https://wire.example/a", "javascript:x", "", "https://e.example/" + "a" * 3000, "http://[::1"]
)


@st.composite
def items(draw):
    quote = make_quote(
        text=draw(WRITTEN),
        speaker=draw(st.none() | WRITTEN),
        role=draw(st.none() | WRITTEN),
        kind=draw(st.sampled_from(QuoteKind)),
        outlet=draw(WRITTEN),
        url=draw(URLS),
    )
    report = Coverage(outlet=draw(WRITTEN), url=draw(URLS), title=draw(WRITTEN), published=NOW)
    return make_item(
        title=draw(WRITTEN),
        url=draw(URLS),
        outlet=draw(WRITTEN),
        lead=draw(WRITTEN),
        topics=(draw(WRITTEN),),
        quotes=(quote,) * draw(st.integers(0, 9)),
        coverage=(report,) * draw(st.integers(0, 12)),
        why=(draw(WRITTEN),) * draw(st.integers(0, 6)),
        changes=(draw(WRITTEN),) * draw(st.integers(0, 4)),
    )


@settings(max_examples=25, deadline=None)
@given(
    kind=st.sampled_from(BriefKind),
    headline=WRITTEN,
    item=items(),
    number=st.sampled_from([0, 1, 3, 45]),
    notes=st.lists(WRITTEN, max_size=14),
)
def test_card_of_any_brief_can_be_sent_and_not_be_written_on(kind, headline, item, number, notes):
    also = (item,) * min(number, 20)
    card = teams.brief_card(
        make_brief(
            kind=kind, headline=headline, items=(item,) * number, also=also, notes=tuple(notes)
        )
    )
    check(card)


@settings(max_examples=20, deadline=None)
@given(written=WRITTEN, url=URLS, number=st.integers(0, 12), is_quote=st.booleans())
def test_card_of_any_reply_can_be_sent_and_not_be_written_on(written, url, number, is_quote):
    hit = make_hit(
        text=written, speaker=written, role=written, outlet=written, url=url, is_quote=is_quote
    )
    reply = Reply(
        question=written,
        outcome=ReplyOutcome.ANSWER,
        answer=(hit,) * number,
        searched=Searched(articles=1),
    )
    check(teams.spoken_card(reply))
    check(teams.spoken_card(Latest(topic=written, items=(make_item(title=written, url=url),))))
    check(teams.spoken_card(replace(HELP, typed=written, nearest=Verb.WHY, topics=(written,) * 30)))


def check(card):
    assert teams.problems(card) == ()
    message = teams.activity(card, summary=card["fallbackText"])
    assert size(message) == len(teams.dump(message)) <= MESSAGE_BYTES - ENVELOPE_BYTES + 1100
    assert size(teams.webhook_body(card)) <= MESSAGE_BYTES
    ours = {"TextBlock": "text", "AdaptiveCard": "fallbackText"}
    for element in elements(card):
        if (name := ours.get(element["type"])) is not None:
            rendered(element[name])
        for value in (element.get("text", ""), element.get("title", "")):
            assert not value.replace("{{DATE(", "").replace("{{TIME(", "").count("{{")
            assert "\u202e" not in value


@settings(max_examples=100, deadline=None)
@given(st.one_of(WRITTEN, st.text(alphabet="*_[]()#`<>~|\\&;:/.@!-+=1 awt", max_size=40)))
def test_escape_shows_every_text_as_it_was_written(text):
    shown = escaped(text)
    if shown:
        assert rendered(shown).replace("\u2060", "") == plain(text)


def test_escape_leaves_no_mention_no_link_and_no_function():
    shown = escaped(HOSTILE)
    assert "<at>" not in shown
    assert "](" not in shown.replace("\\]", "")
    assert "{{" not in shown
    assert "://" not in shown
