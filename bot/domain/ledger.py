"""The quote ledger: utterances with all their sources, and what admins corrected about them.

An utterance is what one person said at one time; each outlet's own printing of it is a source.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.quotes import Quote, Speaker
from bot.domain.times import utc

#: Corrections that are remembered, the newest, and for how long.
CORRECTIONS: Final = 1_000
CORRECTIONS_FOR: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteSource:
    """One quote of one stored article, as that outlet printed it."""

    #: Of the article's id and the quote's words; the same in every revision that has the words.
    id: str
    #: As read, whatever was corrected since.
    quote: Quote
    article_id: str
    revision: int
    #: Of the stored record; ``quote.span`` points into its text.
    position: str
    outlet: str
    url: str
    title: str
    published: datetime
    #: What else was said in the same breath, where "she said" parts an utterance.
    parts: tuple[str, ...] = ()
    #: The outlet among the other sources whose report this one copies.
    copy_of: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "published", utc(self.published))


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An admin's word about who said something; it holds for every source of the utterance."""

    #: The id of one of its quotes: the one the correction was made by.
    id: str
    #: The words of the sources it was made for, then those of their other parts, as
    #: ``core.quotes.utterance.words_of`` has them.
    words: tuple[str, ...]
    #: The articles it was made for; short quotes are known again only there.
    articles: tuple[str, ...]
    #: Who was shown as the speaker, as shown and with the role, and is not; empty when nobody was.
    withdrawn: tuple[Speaker, ...] = ()
    #: Who said it instead; None leaves the quote without a name.
    said: str | None = None
    #: When the sources were published, the first and the last.
    since: datetime
    until: datetime
    #: Who corrected it, when, and why.
    by: str
    at: datetime
    note: str = ""

    def __post_init__(self) -> None:
        for name in ("since", "until", "at"):
            object.__setattr__(self, name, utc(getattr(self, name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One entry of the ledger."""

    #: At least one; the earliest published comes first.
    sources: tuple[QuoteSource, ...]
    #: What is in force about who said it.
    correction: Correction | None = None

    @property
    def id(self) -> str:
        """The id of the first source; that of any other names the entry as well."""
        return self.sources[0].id


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerCorrected:
    """A control record on ARTICLES: from here on the fold obeys a correction, or does no more."""

    #: As in ``Correction``.
    id: str
    #: None when it was taken back.
    correction: Correction | None = None
