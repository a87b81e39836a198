"""The spaCy component, on its own."""

from __future__ import annotations

import importlib

import spacy

from bot.core.quotes import component

TEXT = "“We sail at dawn,” Petra Lund said."


def test_component_fills_the_extension():
    nlp = spacy.blank("en")
    nlp.add_pipe("quotes")
    (quote,) = nlp(TEXT)._.quotes
    assert (quote.text, quote.speaker.name) == ("We sail at dawn,", "Petra Lund")


def test_component_leaves_other_docs_without_quotes():
    assert spacy.blank("en")(TEXT)._.quotes == ()


def test_component_may_be_imported_again():
    importlib.reload(component)
    nlp = spacy.blank("en")
    nlp.add_pipe("quotes")
    assert len(nlp(TEXT)._.quotes) == 1
