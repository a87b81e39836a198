"""The index: what is added is found once, by whoever reads; whatever breaks is built again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.index import TantivyIndex
from bot.core.answers.passages import passages
from bot.core.quotes.utterance import quote_id
from bot.domain.answers import Hit, Question, QuestionKind, Searched
from bot.domain.errors import LostOwnership
from bot.domain.news import Record
from bot.domain.quotes import Quote, Span, Speaker
from bot.domain.times import from_ms
from tests.builders import NOW, make_record

TEXT = (
    "Marta Ruhl spoke of money in Brussels on Friday.\n\n"
    "“Every ally must be able to defend its harbours,” he said, pointing at the map."
)
SAID = "Every ally must be able to defend its harbours,"


def make_said(position: str = "1-0", **changes) -> Record:
    start = TEXT.index(SAID)
    quote = Quote(
        span=Span(start=start, end=start + len(SAID)),
        text=SAID,
        speaker=Speaker(text="he", name="Marta Ruhl", role="NATO chief"),
        confidence=0.9,
    )
    return make_record(position, **{"text": TEXT, "quotes": (quote,), **changes})


@pytest.fixture
def index(tmp_path: Path):
    opened = TantivyIndex(tmp_path, passages=passages, quote_id=quote_id)
    yield opened
    opened.close()


def find(index: TantivyIndex, *words: str, **changes) -> tuple[Hit, ...]:
    return index.search(Question(text=" ".join(words), words=words, **changes), limit=20)


def who_said(index: TantivyIndex, speaker: str, *words: str) -> list[str]:
    found = find(index, *words, kind=QuestionKind.WHO_SAID, speaker=speaker)
    return [hit.text for hit in found if hit.is_quote]


def test_index_finds_a_passage_with_everything_a_hit_needs(index: TantivyIndex):
    record = make_said()
    index.add([record], {"articles": "1-0"})
    (hit,) = find(index, "harbour")
    assert hit.span.of(record.article.text) == hit.text
    assert (hit.article_id, hit.position, hit.revision) == ("a1", "1-0", 1)
    assert (hit.outlet, hit.url, hit.published) == ("Wire", "https://wire.example/a1", NOW)
    assert (hit.is_quote, hit.speaker, hit.coverage) == (False, None, 1.0)


def test_index_reads_the_title_with_a_passage(index: TantivyIndex):
    index.add([make_said()], {})
    assert [hit.article_id for hit in find(index, "urges")] == ["a1"]


def test_index_finds_quotes_by_speaker_and_by_what_stands_around(index: TantivyIndex):
    index.add([make_said()], {})
    assert who_said(index, "Ruhl", "harbours") == [SAID]
    assert who_said(index, "Ruhl", "Brussels") == [SAID]
    assert who_said(index, "Ruhl") == [SAID]
    assert who_said(index, "Rubio", "harbours") == []


def test_index_forgives_accents_and_endings(index: TantivyIndex):
    index.add([make_record(title="", text="Erdoğan defended the harbour.")], {})
    assert len(find(index, "Erdogan", "defending")) == 1


def test_index_keeps_to_the_time_and_outlet_asked_for(index: TantivyIndex):
    old = NOW - timedelta(days=10)
    index.add([make_said(), make_said("2-0", id="a2", published=old, outlet="The Post")], {})

    def ids(**changes) -> list[str]:
        return [hit.article_id for hit in find(index, "harbour", **changes)]

    assert ids(since=NOW) == ["a1"]
    assert ids(until=NOW) == ["a2"]
    assert ids(since=old, until=NOW) == ["a2"]
    assert ids(outlet="the post") == ["a2"]


def test_index_gives_the_newest_when_no_word_is_asked_for(index: TantivyIndex):
    records = [
        make_said(f"{n}-0", id=f"a{n}", published=NOW - timedelta(days=n)) for n in (3, 1, 2)
    ]
    index.add(records, {})
    found = index.search(Question(text="latest", kind=QuestionKind.LATEST), limit=2)
    assert sorted(hit.article_id for hit in found) == ["a1", "a2"]


def test_index_added_twice_changes_nothing(index: TantivyIndex):
    index.add([make_said()], {"articles": "1-0"})
    once = (find(index, "harbour"), who_said(index, "Ruhl"), index.extent())
    index.add([make_said(), make_said()], {"articles": "1-0"})
    assert (find(index, "harbour"), who_said(index, "Ruhl"), index.extent()) == once


def test_index_replaces_a_revision_and_ignores_a_lower_one(index: TantivyIndex):
    index.add([make_said()], {})
    index.add([make_record("2-0", revision=2, text="The pier was meant.")], {})
    index.add([make_said("3-0")], {})
    assert find(index, "harbours") == ()
    assert [hit.position for hit in find(index, "pier")] == ["2-0"]


def test_index_forgets_what_both_streams_have_dropped(index: TantivyIndex):
    old, new = (
        make_record(f"{n}-0", id=f"a{n}", text="The harbour is open.", stored=from_ms(n))
        for n in (1, 3)
    )
    shown = replace(
        make_record(id="shown", text="The harbour is open."), stored=from_ms(1), kept=True
    )
    index.add([old, new, shown], {"articles": "3-0"})
    index.forget(articles=from_ms(2), kept=None)
    assert {hit.article_id for hit in find(index, "harbour")} == {"a3", "shown"}
    index.forget(articles=from_ms(4), kept=from_ms(1))
    assert {hit.article_id for hit in find(index, "harbour")} == {"shown"}
    index.forget(articles=None, kept=from_ms(2))
    assert find(index, "harbour") == ()


def test_index_learns_that_a_record_was_kept_later(index: TantivyIndex):
    record = make_record("1-0", text="The harbour is open.", stored=from_ms(1))
    index.add([record], {"articles": "1-0"})
    index.add([replace(record, kept=True)], {"kept": "5-0"})
    index.add([record], {"articles": "1-0"})
    index.forget(articles=from_ms(9), kept=from_ms(1))
    assert len(find(index, "harbour")) == 1


def test_index_takes_the_highest_revision_of_one_batch(index: TantivyIndex):
    index.add([make_record("2-0", revision=2, text="The pier was meant."), make_said()], {})
    assert [hit.revision for hit in find(index, "pier")] == [2]
    assert find(index, "harbours") == ()


def test_index_knows_how_much_it_holds(index: TantivyIndex):
    assert index.extent() == Searched(articles=0)
    old = NOW - timedelta(days=2)
    index.add([make_said(), make_said("2-0", id="a2", published=old)], {})
    assert index.extent() == Searched(articles=2, since=old, until=NOW)


def test_index_is_written_by_one_and_read_by_all(tmp_path: Path, index: TantivyIndex):
    index.add([make_said()], {"articles": "1-0"})
    other = TantivyIndex(tmp_path, passages=passages, quote_id=quote_id)
    assert not other.take_over()
    with pytest.raises(LostOwnership):
        other.add([make_said("2-0", id="a2")], {})
    assert other.checkpoint == {"articles": "1-0"}
    assert len(find(other, "harbour")) == 1
    index.add([make_said("2-0", id="a2")], {"articles": "2-0"})
    assert len(find(other, "harbour")) == 2
    other.close()


def test_index_is_taken_over_when_its_writer_ends(tmp_path: Path, index: TantivyIndex):
    index.add([make_said()], {"articles": "1-0"})
    other = TantivyIndex(tmp_path, passages=passages, quote_id=quote_id)
    assert len(find(other, "harbour")) == 1
    index.close()
    index.close()
    assert other.take_over()
    other.add([make_said("2-0", id="a2")], {"articles": "2-0"})
    assert (other.is_writer, len(find(other, "harbour"))) == (True, 2)
    assert (index.take_over(), find(index, "harbour")) == (False, ())
    other.close()


def test_index_that_is_not_there_yet_finds_nothing(index: TantivyIndex):
    assert (find(index, "harbour"), index.extent(), index.checkpoint) == (
        (),
        Searched(articles=0),
        {},
    )


@pytest.mark.parametrize("broken", ["meta.json", "*.term", "*.store"])
def test_index_that_is_corrupt_is_built_again(tmp_path: Path, index: TantivyIndex, broken: str):
    index.add([make_said()], {"articles": "1-0"})
    index.close()
    for path in tmp_path.rglob(broken):
        path.chmod(0o600)
        path.write_bytes(b"not what tantivy wrote")
    again = TantivyIndex(tmp_path, passages=passages, quote_id=quote_id)
    assert find(again, "harbour") == ()
    assert again.take_over()
    assert again.checkpoint == {}
    again.add([make_said()], {"articles": "1-0"})
    assert len(find(again, "harbour")) == 1
    again.close()


def test_index_forgets_a_checkpoint_that_cannot_be_read(tmp_path: Path, index: TantivyIndex):
    index.add([make_said()], {"articles": "1-0"})
    (sidecar,) = tmp_path.rglob("checkpoint.json")
    for content in ("{", "[]"):
        sidecar.write_text(content)
        assert index.checkpoint == {}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory):
    opened = TantivyIndex(tmp_path_factory.mktemp("index"), passages=passages, quote_id=quote_id)
    opened.add([make_said()], {})
    yield opened
    opened.close()


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(QuestionKind),
    st.lists(st.text(max_size=30) | st.sampled_from(['"', "a:b", "NOT (", "harbour"]), max_size=4),
    st.none() | st.text(max_size=20),
    st.none() | st.sampled_from([NOW, NOW - timedelta(days=900_000 // 24)]),
)
def test_index_searches_whatever_is_asked(filled: TantivyIndex, kind, texts, speaker, when):
    texts = [*texts, "\ud800", "\0"]
    question = Question(
        text="",
        kind=kind,
        words=tuple(texts),
        phrases=tuple(texts),
        speaker=speaker,
        since=when,
        outlet=speaker,
    )
    for hit in filled.search(question, limit=5):
        assert hit.span.of(TEXT) == hit.text


def test_index_takes_texts_that_have_no_utf8(index: TantivyIndex):
    text = "The \ud800 harbour."
    index.add([make_record(title="\ud800", text=text)], {})
    assert [hit.text for hit in find(index, "harbour")] == [text]


def test_index_keeps_a_name_that_is_not_sure_to_itself(index):
    start = TEXT.index(SAID)
    unsure = Quote(
        span=Span(start=start, end=start + len(SAID)),
        text=SAID,
        speaker=Speaker(text="he", name="Marta Ruhl"),
        confidence=0.5,
    )
    index.add([make_said(quotes=(unsure,))], {})
    assert who_said(index, "Ruhl", "harbours") == []
    assert {hit.speaker for hit in find(index, "harbours")} == {None}
