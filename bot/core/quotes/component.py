"""The spaCy component ``quotes``: ``nlp.add_pipe("quotes")`` fills ``doc._.quotes``.

It needs no other component and no model. ``config={"opinion": "en_core_web_sm"}`` names an
installed pipeline with parser and NER whose agreement makes a speaker surer. Importing this
module registers the factory and the extension; importing it again changes nothing.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from bot.core.quotes.extract import find_quotes
from bot.core.quotes.opinion import Parse
from bot.core.quotes.pipeline import installed_pipeline
from bot.core.text.prose import Prose

if not Doc.has_extension("quotes"):
    Doc.set_extension("quotes", default=())


class QuoteFinder:
    """Sets ``doc._.quotes``; spans are characters of ``doc.text``."""

    def __init__(self, opinion: Parse | None = None) -> None:
        self._opinion = opinion

    def __call__(self, doc: Doc) -> Doc:
        """Find the quotes of a whole article, paragraphs apart by a line break."""
        doc._.quotes = find_quotes(Prose(doc.text), opinion=self._opinion)
        return doc


@Language.factory("quotes", assigns=["doc._.quotes"], default_config={"opinion": ""})
def make_quote_finder(nlp: Language, name: str, opinion: str) -> QuoteFinder:
    """The component of one pipeline; spaCy calls this for ``nlp.add_pipe("quotes")``.

    Raises:
        UsageError: ``opinion`` names no pipeline that can give one.
    """
    del nlp, name
    return QuoteFinder(installed_pipeline(opinion) if opinion else None)
