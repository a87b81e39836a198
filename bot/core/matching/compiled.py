"""Compiled topics: a version of the watchlists, ready to be run on articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import TYPE_CHECKING

from bot.core.matching.headings import is_heading
from bot.core.matching.hits import Place
from bot.core.matching.only import allows, is_long_enough
from bot.core.matching.presearch import Candidates, Presearch, groups_of
from bot.core.matching.rules import Reading, all_phrases_in, rules_of
from bot.core.matching.score import score
from bot.core.matching.spellings import Literal, Spelling, spellings
from bot.core.matching.verdict import Verdict, judge
from bot.core.matching.words import Words
from bot.core.text.fold import fold
from bot.core.text.prose import Paragraph, Prose
from bot.domain.watch import Match, Phrase, Topic, Watchlists

if TYPE_CHECKING:
    from bot.core.matching.phrases import PhraseBook


def compile_topics(watchlists: Watchlists) -> CompiledTopics:
    """Compiles all topics of a version; once for each process and version."""
    return CompiledTopics(watchlists)


class CompiledTopics:
    """All topics of a version. Not for several threads at once."""

    def __init__(self, watchlists: Watchlists) -> None:
        self.topics = watchlists.topics
        self.version = watchlists.version
        #: Paragraphs cut into words so far: those of candidates only.
        self.paragraphs_read = 0
        self._spellings = [_spellings_of(topic) for topic in self.topics]
        self._phrases = _by_spelling(self.topics)
        self._literal_of = {each: each.literal for each in self._phrases}
        self._without_literal = frozenset(s for s, each in self._literal_of.items() if not each)
        self._by_literal: dict[Literal, list[Spelling]] = defaultdict(list)
        for spelling, literal in self._literal_of.items():
            if literal is not None:
                self._by_literal[literal].append(spelling)
        self._presearch = Presearch(self._by_literal)
        self._candidates = Candidates([groups_of(topic) for topic in self.topics])

    def match(
        self,
        title: Prose,
        text: Prose,
        *,
        language: str | None = None,
        country: str | None = None,
        tier: int | None = None,
        outlet: str | None = None,
        url: str | None = None,
        presearch: bool = True,
    ) -> tuple[Match, ...]:
        """Topics that hold for an article, in the order configured.

        ``language`` and ``country`` are codes such as ``en`` and ``GB``, ``url`` is the article's;
        None is unknown.
        Without ``presearch`` every rule is run, with the same result.
        """
        numbers = self.candidates(title, text) if presearch else range(len(self.topics))
        known = {"language": language, "country": country, "outlet": outlet, "url": url}
        numbers = [
            number
            for number in numbers
            if allows(only := self.topics[number].only, tier=tier, **known)
            and is_long_enough(only, text.text)
        ]
        if not numbers:
            return ()
        paragraphs = _places(title, text)
        wanted = self._wanted(paragraphs, self._spellings_of(numbers), presearch=presearch)
        texts = {"title": title.text, "text": text.text}
        with self._book.one_article():
            reading = self._read(paragraphs, texts, wanted)
            verdicts = [
                (self.topics[number], judge(self.topics[number], reading)) for number in numbers
            ]
            return tuple(
                score(topic, verdict, reading.words, texts)
                for topic, verdict in verdicts
                if not verdict.problem
            )

    def candidates(self, title: Prose, text: Prose) -> list[int]:
        """Numbers of the topics, from 0, that an article may match: what the presearch leaves.

        Texts are searched whole here, and not yet cut into paragraphs.
        """
        find = self._presearch.find
        return self._candidates.of(find(fold(title.text)), find(fold(text.text)))

    def phrases_in(self, title: Prose, text: Prose) -> frozenset[Phrase]:
        """Every phrase of any topic that stands in an article, whatever the rules say."""
        paragraphs = _places(title, text)
        wanted = self._wanted(paragraphs, self._literal_of.keys(), presearch=True)
        texts = {"title": title.text, "text": text.text}
        with self._book.one_article():
            return self._read(paragraphs, texts, wanted).phrases

    def judge_plain(self, number: int, text: str) -> Verdict:
        """The verdict on topic ``number`` (from 0) for a text alone, whatever its metadata."""
        paragraphs = _places(Prose(""), Prose(text))
        wanted = self._wanted(paragraphs, self._spellings_of([number]), presearch=False)
        with self._book.one_article():
            reading = self._read(paragraphs, {"title": "", "text": text}, wanted)
            return judge(self.topics[number], reading)

    @cached_property
    def _book(self) -> PhraseBook:
        from bot.core.matching.phrases import PhraseBook  # brings spaCy: most articles never ask

        return PhraseBook(self._phrases)

    def _spellings_of(self, numbers: Iterable[int]) -> AbstractSet[Spelling]:
        return frozenset[Spelling]().union(*(self._spellings[number] for number in numbers))

    def _wanted(
        self, paragraphs: dict[Place, Paragraph], among: AbstractSet[Spelling], *, presearch: bool
    ) -> dict[Place, AbstractSet[Spelling]]:
        """Spellings to look for in each paragraph, compiled: those whose literal stands there."""
        if not presearch:
            self._book.compile(among)
            return dict.fromkeys(paragraphs, among)
        wanted: dict[Place, AbstractSet[Spelling]] = {}
        always = self._without_literal & among
        for place, paragraph in paragraphs.items():
            literals = self._presearch.find(paragraph.folded)
            located = {s for each in literals for s in self._by_literal[each] if s in among}
            if located or always:
                wanted[place] = located | always
                self._book.compile(wanted[place])
        return wanted

    def _read(
        self,
        paragraphs: dict[Place, Paragraph],
        texts: dict[str, str],
        wanted: dict[Place, AbstractSet[Spelling]],
    ) -> Reading:
        """The phrases of the spellings ``wanted`` in each paragraph."""
        reading = Reading()
        for place, among in wanted.items():
            words = Words(paragraphs[place], texts[place.field])
            self.paragraphs_read += 1
            reading.add(place, words, self._book.find(words, among))
        return reading


def _places(title: Prose, text: Prose) -> dict[Place, Paragraph]:
    places = {
        Place(field="title", paragraph=number): paragraph
        for number, paragraph in enumerate(title.paragraphs)
    }
    last = len(text.paragraphs) - 1
    for number, paragraph in enumerate(text.paragraphs):
        heading = number < last and is_heading(paragraph.text)
        places[Place(field="text", paragraph=number, is_heading=heading)] = paragraph
    return places


def _phrases_of(topic: Topic) -> Iterator[Phrase]:
    for rule in (*rules_of(topic), *topic.none):
        yield from all_phrases_in(rule)


def _spellings_of(topic: Topic) -> frozenset[Spelling]:
    return frozenset(each for phrase in _phrases_of(topic) for each in spellings(phrase))


def _by_spelling(topics: Iterable[Topic]) -> dict[Spelling, list[Phrase]]:
    """Each spelling of any topic with the phrases it spells."""
    found: dict[Spelling, list[Phrase]] = defaultdict(list)
    for phrase in dict.fromkeys(phrase for topic in topics for phrase in _phrases_of(topic)):
        for spelling in spellings(phrase):
            found[spelling].append(phrase)
    return found
