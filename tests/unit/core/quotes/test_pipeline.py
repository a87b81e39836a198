"""The pipeline of the second opinion comes from disk, once, or is refused in words."""

from __future__ import annotations

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from bot.core.articles.read import ReadingRules, read
from bot.core.articles.seconded import read_with
from bot.core.quotes.extract import find_quotes
from bot.core.quotes.pipeline import installed_pipeline
from bot.core.text.prose import Prose
from bot.domain.errors import UsageError
from bot.domain.watch import Watchlists
from tests.builders import make_entry
from tests.small_parser import SAID, write_small_parser

RULES = ReadingRules(version="of the quote model", watchlists=Watchlists())


@Language.component("one_clause")
def one_clause(doc: Doc) -> Doc:
    """Take the last capitalised word for the subject of "said"."""
    verb = next((token for token in doc if token.text == "said"), doc[-1])
    names = [token for token in doc if token.i < verb.i and token.text.istitle()]
    for token in doc:
        token.head, token.dep_ = verb, "dep"
    verb.dep_ = "ROOT"
    if names:
        names[-1].dep_ = "nsubj"
        doc.ents = [Span(doc, names[-1].i, names[-1].i + 1, label="PER")]
    return doc


@pytest.fixture(scope="module")
def small_parser(tmp_path_factory):
    return write_small_parser(tmp_path_factory.mktemp("models") / "small")


def rule_of(text, opinion):
    (quote,) = find_quotes(Prose(text), opinion=opinion)
    return quote.rule


def test_a_trained_parser_from_a_folder_agrees(small_parser):
    assert rule_of(SAID, installed_pipeline(small_parser)) == "quote, name said; parser agrees"


def test_a_pipeline_with_parts_of_ones_own_agrees_and_disagrees(tmp_path):
    made = spacy.blank("en")
    made.add_pipe("one_clause")
    made.to_disk(tmp_path / "own")
    own = installed_pipeline(str(tmp_path / "own"))
    assert rule_of(SAID, own) == "quote, name said; parser agrees"
    aside = "“We sail at dawn,” Lund, a friend of Hart, said."
    assert rule_of(aside, own) == f"{rule_of(aside, None)}; parser disagrees"


def test_a_pipeline_is_loaded_once(small_parser):
    assert installed_pipeline(small_parser) is installed_pipeline(small_parser)


def test_reading_hears_the_opinion(small_parser):
    entry = make_entry(text=SAID)
    (alone,), (both,) = (
        read(entry, None, RULES).quotes,
        read_with(entry, None, RULES, model=small_parser).quotes,
    )
    assert alone.confidence < both.confidence
    assert both.rule == f"{alone.rule}; parser agrees"


def test_reading_goes_on_without_an_opinion_that_cannot_be_had(tmp_path):
    entry = make_entry(text=SAID)
    missing = str(tmp_path / "gone")
    assert read_with(entry, None, RULES, model=missing) == read(entry, None, RULES)


def blank(language, folder):
    spacy.blank(language).to_disk(folder)


def strange(folder):
    """A folder of a pipeline with a part that nobody here knows."""
    blank("en", folder)
    config = (folder / "config.cfg").read_text("utf-8")
    config = config.replace("pipeline = []", 'pipeline = ["oracle"]')
    (folder / "config.cfg").write_text(
        config.replace("[components]", '[components]\n\n[components.oracle]\nfactory = "oracle"'),
        "utf-8",
    )


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (lambda folder: None, "write a folder"),
        (lambda folder: folder.mkdir(), "write a folder"),
        (lambda folder: blank("en", folder), "no parser"),
        (lambda folder: blank("de", folder), "name an English pipeline"),
        (strange, "cannot be loaded by spaCy"),
        (lambda folder: (blank("en", folder), (folder / "meta.json").write_text("{")), "loaded by"),
    ],
    ids=["missing", "empty folder", "no parser", "German", "unknown part", "broken file"],
)
def test_a_pipeline_that_can_give_no_opinion_is_refused_with_the_fix(tmp_path, write, said):
    folder = tmp_path / "model"
    write(folder)
    with pytest.raises(UsageError, match=said) as refused:
        installed_pipeline(str(folder))
    assert "NATO_BRIEF_QUOTE_MODEL" in str(refused.value)


def test_a_package_that_is_not_installed_is_refused_with_the_command_that_installs_it():
    with pytest.raises(UsageError, match="python -m spacy download no_such_model"):
        installed_pipeline("no_such_model")
