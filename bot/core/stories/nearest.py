"""The nearest story of an article: its opening compared with what each open story is about.

    margin = cosine of the opening and the story's centroid, both weighted by rarity
           + up to 0.10 for the rarest name or number in common (without one, no story is near)
           - 0.0042 for each hour between the article and the story's other reports
           - 0.05 x ln(independent reports): a large story has words for everything
           - up to 0.20 for other topics: 1 - cosine of their scores, half if one has none
           - 0.17

The story with the highest margin above 0 is the nearest. Rarity is counted over the articles of
the window. The weights were fitted to real reports by logistic regression and rounded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import hypot, log, sqrt

from bot.core.stories.terms import is_name, is_number
from bot.domain.stories import Member

THRESHOLD = 0.17
NAME_BONUS = 0.10
HOUR_COSTS = 0.0042
REPORTS_COST = 0.05
OTHER_TOPICS_COST = 0.2

#: Articles without any of the words, added to those of the window: in a window that has just
#: begun, what two reports share would otherwise look common.
_BACKGROUND = 50
#: Stories compared in full, the most promising first.
_CANDIDATES = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Opening:
    """One member's terms, ready to compare."""

    member: Member
    #: Word → weight, of length 1 as a whole.
    weights: dict[str, float]
    names: frozenset[str]
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """What the members of one story are about together."""

    centroid: dict[str, float]
    length: float
    names: frozenset[str]
    first: datetime
    last: datetime
    reports: int
    #: Topic → sum of the members' scores.
    topics: dict[str, float]


class Nearest:
    """Openings of the members of the window, by story."""

    def __init__(self) -> None:
        self._openings: dict[str, dict[str, _Opening]] = {}
        self._subjects: dict[str, _Subject] = {}
        #: Word → the stories that have it, and the number of articles that have it.
        self._stories_with: dict[str, set[str]] = {}
        self._articles_with: Counter[str] = Counter()
        self._articles = 0

    def put(self, story_id: str, members: Sequence[Member]) -> None:
        """Make ``members`` the ones of a story; none forgets it.

        What a member has here already is not worked out again.
        """
        before = self._openings.pop(story_id, {})
        words_before = self._subjects.pop(story_id).centroid if before else {}
        openings = {
            member.article_id: known
            if (known := before.get(member.article_id)) and known.member is member
            else _opening(member)
            for member in members
        }
        self._count(before, -1, beside=openings)
        self._count(openings, 1, beside=before)
        subject = _subject(openings) if openings else None
        words = subject.centroid if subject else {}
        for word in words_before.keys() - words.keys():
            self._stories_with[word].discard(story_id)
            if not self._stories_with[word]:
                del self._stories_with[word]
        for word in words.keys() - words_before.keys():
            self._stories_with.setdefault(word, set()).add(story_id)
        if subject is not None:
            self._openings[story_id] = openings
            self._subjects[story_id] = subject

    def story(self, member: Member) -> str | None:
        """The story the member belongs to by its opening; None when it starts one."""
        opening = _opening(member)
        scored = [
            (-margin, self._subjects[story_id].first, story_id)
            for story_id in self._candidates(opening)
            if (margin := self._margin(member, opening, self._subjects[story_id])) > 0
        ]
        return min(scored)[2] if scored else None

    def _rarity(self, word: str) -> float:
        """Inverse document frequency, the article asked about counted in."""
        return log((self._articles + _BACKGROUND) / (self._articles_with[word] + 1.5))

    def _candidates(self, opening: _Opening) -> list[str]:
        dots: dict[str, float] = {}
        for word, weight in opening.weights.items():
            stories = self._stories_with.get(word)
            if not stories:
                continue
            value = weight * self._rarity(word) ** 2
            for story_id in stories:
                dots[story_id] = dots.get(story_id, 0.0) + (
                    value * self._subjects[story_id].centroid[word]
                )
        # Lengths without rarity: near enough to choose by, and known beforehand.
        ranked = sorted(
            (-dot / self._subjects[story_id].length, story_id) for story_id, dot in dots.items()
        )
        return [story_id for _, story_id in ranked[:_CANDIDATES]]

    def _margin(self, member: Member, opening: _Opening, subject: _Subject) -> float:
        shared = (
            (opening.names & subject.centroid.keys())
            | (subject.names & opening.weights.keys())
            | (opening.numbers & subject.centroid.keys())
        )
        if not shared:
            return -1.0
        rarest = max(map(self._rarity, shared)) / log(self._articles + _BACKGROUND)
        return (
            self._cosine(opening.weights, subject.centroid)
            + NAME_BONUS * rarest
            - HOUR_COSTS * _hours_outside(member.published, subject)
            - REPORTS_COST * log(subject.reports)
            - OTHER_TOPICS_COST * _other_topics(member, subject)
            - THRESHOLD
        )

    def _cosine(self, a: dict[str, float], b: dict[str, float]) -> float:
        rarity = {word: self._rarity(word) for word in (*a, *b)}
        dot = sum(weight * b[word] * rarity[word] ** 2 for word, weight in a.items() if word in b)
        lengths = sqrt(
            sum((weight * rarity[word]) ** 2 for word, weight in a.items())
            * sum((weight * rarity[word]) ** 2 for word, weight in b.items())
        )
        return dot / lengths if lengths else 0.0

    def _count(
        self, openings: dict[str, _Opening], by: int, *, beside: dict[str, _Opening]
    ) -> None:
        """Count the articles of ``openings`` in or out, except those that are in both."""
        for article_id, opening in openings.items():
            if beside.get(article_id) is opening:
                continue
            self._articles += by
            for word in opening.weights:
                self._articles_with[word] += by
                if not self._articles_with[word]:
                    del self._articles_with[word]


def _opening(member: Member) -> _Opening:
    weights = {term.lower(): 1 + log(n) for term, n in member.terms if n > 0}
    length = sqrt(sum(weight**2 for weight in weights.values()))
    return _Opening(
        member=member,
        weights={word: weight / length for word, weight in weights.items()},
        names=frozenset(term.lower() for term, _ in member.terms if is_name(term)),
        numbers=frozenset(term for term, _ in member.terms if is_number(term)),
    )


def _subject(openings: dict[str, _Opening]) -> _Subject:
    centroid: dict[str, float] = {}
    # In the order of the members: sums of floats depend on it.
    for opening in openings.values():
        for word, weight in opening.weights.items():
            centroid[word] = centroid.get(word, 0.0) + weight
    members = [opening.member for opening in openings.values()]
    return _Subject(
        centroid=centroid,
        length=sqrt(sum(weight**2 for weight in centroid.values())) or 1.0,
        names=frozenset().union(*(opening.names for opening in openings.values())),
        first=min(member.published for member in members),
        last=max(member.published for member in members),
        reports=len({member.origin for member in members}),
        topics=_topics(members),
    )


def _topics(members: Iterable[Member]) -> dict[str, float]:
    scores: dict[str, float] = {}
    for member in members:
        for match in member.matches:
            scores[match.topic] = scores.get(match.topic, 0.0) + match.score
    return scores


def _other_topics(member: Member, subject: _Subject) -> float:
    """From 0, flagged for the same topics, to 1, flagged for others; half if one is not flagged."""
    mine, theirs = _topics((member,)), subject.topics
    if not mine or not theirs:
        return 0.5 if mine or theirs else 0.0
    both = sum(score * theirs.get(topic, 0.0) for topic, score in mine.items())
    return 1.0 - both / (hypot(*mine.values()) * hypot(*theirs.values()))


def _hours_outside(published: datetime, subject: _Subject) -> float:
    """Hours between ``published`` and the time the story's reports span."""
    outside = max(published - subject.last, subject.first - published)
    return max(0.0, outside.total_seconds() / 3600)
