"""Who "he" or "she" is: the one person the words before leave as a candidate, else nobody."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.quotes.lexicon import ORGANISATIONS, PERSONAL, PREPOSITIONS, SPEAKERS
from bot.core.quotes.marks import Stretch
from bot.core.quotes.names import NameBook, strip_suffix
from bot.core.quotes.rules import PRONOUN_BEFORE, PRONOUN_HERE
from bot.core.text.prose import Prose
from bot.domain.quotes import Span

#: A capitalised word, without the 's of an owner.
_CAPITALISED = re.compile(r"(?<![\w-])(?:[ae][a-z]-)?[^\W\d_a-zß-öø-ÿ][\w-]*(?:'(?!s\b)[\w-]+)*")
_ARTICLES = (" the ", " a ", " an ", "The ", "A ", "An ")
#: Words between the start of a clause and a name that is not its subject: "He called Holm".
_NO_SUBJECT = PREPOSITIONS | PERSONAL
_BODIES = SPEAKERS | ORGANISATIONS | {"ally", "loyalist", "backer", "donor", "surrogate"}
_GENDER = {"he": "m", "she": "f"}
_NEXT_WORD = re.compile(r" ([a-z][\w-]*)")
_CLAUSE_START = re.compile(r"[,!?:;]['\")]* +|\.['\")]+ +|(?<=[a-z]{3})\. +|\n")
#: Characters that titles and first names may take between the start of a clause and a name.
_LEAD = 40
#: Mentions that are looked at for one pronoun: the nearest, in an endless paragraph.
_MENTIONS = 100
#: Paragraphs of nothing but quotes that may stand between a pronoun and the person.
_SKIP = 3


@dataclass(frozen=True, slots=True)
class _Seen:
    """A person's name, met outside quotes."""

    at: int
    person: str
    #: Whether it opens its clause, as a subject does.
    opens: bool


@dataclass(frozen=True, slots=True)
class Persons:
    """Every mention of a known name outside quotes, in order."""

    names: NameBook
    spans: Sequence[Span]
    seen: Sequence[_Seen]
    #: The same inside quotes, where people are spoken of.
    inside: Sequence[_Seen]
    #: Full names that are people for sure; other names only compete.
    people: frozenset[str]
    #: Paragraphs that hold nothing but quotes.
    quoted: frozenset[int]

    def resolve(self, pronoun: str, at: int, paragraph: int) -> tuple[str, str] | None:
        """The person and the rule, for a pronoun at character ``at`` of a paragraph.

        Args:
            pronoun: "he" or "she"; anything else resolves to nobody.
            at: Where it stands.
            paragraph: The paragraph it stands in.
        """
        if pronoun not in _GENDER:
            return None
        rule = PRONOUN_HERE
        rivals: list[_Seen] = []
        fitting = self._between(pronoun, self.spans[paragraph].start, at)
        if not fitting:
            back = paragraph - 1
            while back > max(0, paragraph - _SKIP) and back in self.quoted:
                back -= 1
            if back < 0:
                return None
            rule = PRONOUN_BEFORE
            start, end = self.spans[back].start, self.spans[back].end
            fitting = self._between(pronoun, start, end)
            rivals = self._between(pronoun, start, end, self.inside)
        persons = {mention.person for mention in fitting}
        if len(persons) != 1 or not any(mention.opens for mention in fitting):
            return None
        (person,) = persons
        if any(_last(rival.person) != _last(person) for rival in rivals):
            # Whoever is spoken of may be the one who speaks next.
            return None
        return (person, rule) if self._is_person(person) else None

    def _is_person(self, name: str) -> bool:
        """Whether a name is a person's for sure, by what is known of it or a "Mr." before it."""
        return name in self.people or name.lower() in self.names.courtesy

    def only(self, at: int, paragraph: int) -> str | None:
        """The one person named before character ``at`` in its paragraph, if it is just one."""
        seen = self._between("", self.spans[paragraph].start, at)
        persons = {mention.person for mention in seen}
        if len(persons) != 1 or not any(mention.opens for mention in seen):
            return None
        (person,) = persons
        return person if person in self.people else None

    def _between(
        self, pronoun: str, start: int, end: int, seen: Sequence[_Seen] | None = None
    ) -> list[_Seen]:
        """Mentions in ``start..end`` that the pronoun could mean; outside quotes unless given."""
        seen = self.seen if seen is None else seen
        first = bisect_left(seen, start, key=lambda mention: mention.at)
        last = bisect_left(seen, end, key=lambda mention: mention.at)
        return [
            mention
            for mention in seen[max(first, last - _MENTIONS) : last]
            if not pronoun or self.names.gender(mention.person) in (None, _GENDER[pronoun])
        ]


def persons(
    prose: Prose,
    stretches: Sequence[Stretch],
    names: NameBook,
    chosen: Iterable[tuple[str, ...]],
    subjects: Iterable[tuple[str, ...]] = (),
) -> Persons:
    """Find every known name outside quotes.

    Args:
        prose: The article.
        stretches: Its quoted stretches.
        names: Its names.
        chosen: Names that rules have chosen as speakers.
        subjects: Names that are the subject of a cue, chosen or not; they only compete.
    """
    speaking = {names.resolve(name)[0] for name in chosen if name}
    people = speaking | {full for full in names.full if names.gender(full) or names.roles.get(full)}
    known = {
        *names.by_last,
        *names.courtesy,
        *(name.split()[-1].lower() for name in speaking),
        *(strip_suffix(name)[-1].lower() for name in subjects if name),
    }
    seen: list[_Seen] = []
    if known:
        for paragraph in prose.paragraphs:
            seen.extend(_seen(paragraph.folded, paragraph.span.start, known, names))
    starts = [stretch.outer_start for stretch in stretches]
    masked: list[_Seen] = []
    inside: list[_Seen] = []
    for mention in seen:
        (inside if _inside(mention.at, stretches, starts) else masked).append(mention)
    return Persons(
        names=names,
        spans=[paragraph.span for paragraph in prose.paragraphs],
        seen=masked,
        inside=inside,
        people=frozenset(people),
        quoted=frozenset(_only_quotes(prose, stretches)),
    )


def _last(name: str) -> str:
    return name.rsplit(" ", 1)[-1].lower()


def _seen(folded: str, offset: int, known: set[str], names: NameBook) -> list[_Seen]:
    found = []
    for match in _CAPITALISED.finditer(folded):
        word = match.group()
        if word.lower() not in known:
            continue
        following = _NEXT_WORD.match(folded, match.end())
        if following and following.group(1) in _BODIES:
            # "a Holm adviser" is not Holm.
            continue
        if following and folded.endswith(_ARTICLES, 0, match.start()):
            # Nor is "the Holm film".
            continue
        lead = _CLAUSE_START.split(folded[max(0, match.start() - _LEAD - 20) : match.start()])
        opens = (
            len(lead[-1]) < _LEAD
            and (len(lead) > 1 or match.start() < _LEAD)
            and not any(w in _NO_SUBJECT for w in lead[-1].lower().split())
        )
        found.append(_Seen(match.start() + offset, names.meant(word, lead[-1]), opens))
    return found


def _inside(at: int, stretches: Sequence[Stretch], starts: Sequence[int]) -> bool:
    place = bisect_right(starts, at) - 1
    return place >= 0 and at < stretches[place].outer_end


def _only_quotes(prose: Prose, stretches: Sequence[Stretch]) -> list[int]:
    lengths: dict[int, int] = {}
    for stretch in stretches:
        size = stretch.outer_end - stretch.outer_start
        lengths[stretch.paragraph] = lengths.get(stretch.paragraph, 0) + size
    return [
        number
        for number, size in lengths.items()
        if size >= prose.paragraphs[number].span.end - prose.paragraphs[number].span.start - 2
    ]
