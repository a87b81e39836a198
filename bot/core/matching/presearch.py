"""The presearch: which topics can hold at all, from one pass over the text as it stands.

A topic requires groups of literals, one hit in each group. What it finds is always too much and
never too little: the rules decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from bot.core.matching.spellings import Literal, spellings
from bot.domain.watch import AllOf, AnyOf, AtLeast, InField, Near, Pattern, Phrase, Rule, Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A literal that a rule looks for."""

    literal: Literal
    #: Whether only the title counts.
    in_title: bool = False


#: One of these must be found.
Group = frozenset[Need]


def groups_of(topic: Topic) -> list[Group]:
    """What an article must hold for ``topic``; none if the topic must look at every article.

    ``none`` never takes part.
    """
    groups = [group for rule in topic.all for group in _groups(rule, in_title=False)]
    if topic.any:
        groups += _groups(AnyOf(parts=topic.any), in_title=False)
    if topic.at_least is not None:
        groups += _groups(topic.at_least.of, in_title=False)
    return list(dict.fromkeys(groups))


def _groups(rule: Rule, *, in_title: bool) -> list[Group]:
    """Groups that ``rule`` requires."""
    match rule:
        case Phrase():
            literals = [spelling.literal for spelling in spellings(rule)]
            needs = [Need(literal=each, in_title=in_title) for each in literals if each]
            return [frozenset(needs)] if len(needs) == len(literals) else []
        case Pattern(needs=needs):
            return _groups(AnyOf(parts=needs), in_title=in_title)
        case InField(field=field, part=part):
            return _groups(part, in_title=in_title or field == "title")
        case AtLeast(of=part):
            return _groups(part, in_title=in_title)
        case Near(parts=parts) | AllOf(parts=parts):
            return [group for part in parts for group in _groups(part, in_title=in_title)]
        case AnyOf(parts=parts):
            choices = [_groups(part, in_title=in_title) for part in parts]
            if not all(choices):
                return []
            return [frozenset(need for groups in choices for need in max(groups, key=_rarity))]


def _rarity(group: Group) -> int:
    """Longer is rarer; a group is as common as its shortest literal."""
    return min((len(need.literal.text) for need in group), default=1000)


class Presearch:
    """One automaton over literals."""

    def __init__(self, literals: Iterable[Literal]) -> None:
        by_text: dict[str, list[Literal]] = defaultdict(list)
        for literal in dict.fromkeys(literals):
            by_text[literal.text].append(literal)
        self._automaton = AhoCorasick(list(by_text), store_patterns=False)
        #: By pattern: its literals, and whether a word of the text may go on at its ends.
        self._patterns = [
            (literals, text[0].isalnum(), text[-1].isalnum()) for text, literals in by_text.items()
        ]

    def find(self, folded: str) -> set[Literal]:
        """The literals in ``folded`` text, in any case, whole words where they are closed."""
        text = " ".join(folded.split()).casefold()
        size = len(text)
        found: set[Literal] = set()
        for pattern, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            literals, begins_word, ends_word = self._patterns[pattern]
            begun = begins_word and start > 0 and text[start - 1].isalnum()
            goes_on = ends_word and end < size and text[end].isalnum()
            if not (begun or goes_on):
                found.update(literals)
                continue
            for literal in literals:
                if not ((begun and literal.closed_left) or (goes_on and literal.closed_right)):
                    found.add(literal)
        return found


class Candidates:
    """From literals to the topics that can hold."""

    def __init__(self, required: Sequence[Sequence[Group]]) -> None:
        #: Topics that must look at every article.
        self._always = [topic for topic, groups in enumerate(required) if not groups]
        #: By topic: one bit for each of its groups.
        self._full = [(1 << len(groups)) - 1 for groups in required]
        anywhere: dict[Literal, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        in_title: dict[Literal, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for topic, groups in enumerate(required):
            for number, group in enumerate(groups):
                for need in group:
                    asking = in_title if need.in_title else anywhere
                    asking[need.literal][topic] |= 1 << number
        self._anywhere = {literal: tuple(bits.items()) for literal, bits in anywhere.items()}
        self._in_title = {literal: tuple(bits.items()) for literal, bits in in_title.items()}

    def of(self, title: set[Literal], text: set[Literal]) -> list[int]:
        """Numbers of the topics all of whose groups are found, in order."""
        filled: dict[int, int] = {}
        for asking, found in ((self._anywhere, title | text), (self._in_title, title)):
            for literal in found:
                for topic, bits in asking.get(literal, ()):
                    filled[topic] = filled.get(topic, 0) | bits
        full = self._full
        return sorted(
            [topic for topic, bits in filled.items() if bits == full[topic]] + self._always
        )
