"""From the mention a rule chose to the speaker: full name, role, and how sure that is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.quotes.choices import Choice
from bot.core.quotes.german.persons import GermanPersons
from bot.core.quotes.lexicon import PERSONS
from bot.core.quotes.mentions import MentionKind
from bot.core.quotes.names import NameBook
from bot.core.quotes.pronouns import Persons
from bot.core.quotes.roles import holder, without_honorific
from bot.core.quotes.rules import NEEDS_KNOWN, ONLY, PEOPLE, ROLE, confidence
from bot.domain.people import Person
from bot.domain.quotes import Span, Speaker


@dataclass(frozen=True, slots=True, kw_only=True)
class Speakers:
    """Completes mentions from what one article, and the people list, say."""

    text: str
    #: Starts of the paragraphs.
    starts: Sequence[int]
    names: NameBook
    persons: Persons
    people: tuple[Person, ...] = ()
    day: date | None = None
    #: Who descriptions and pronouns of a German text are.
    german: GermanPersons | None = None

    def of(self, choice: Choice) -> tuple[Speaker | None, float, str]:
        """The speaker, the confidence and the rule; no speaker where the rule is off."""
        mention, tokens = choice.mention, choice.tokens
        span = Span(start=tokens.starts[mention.first], end=tokens.ends[mention.last])
        sure = confidence(choice.rule)
        if not sure:
            return None, 0.0, choice.rule
        printed = span.of(self.text)
        if self.german is None:
            name, how = self._name(choice, span, printed)
        else:
            name, how = self.german.name_of(mention, printed, span.start)
            if name is None and self.german.is_nobody(mention, printed, span.start):
                return None, 0.0, choice.rule
        person = mention.kind in (MentionKind.NAME, MentionKind.PRONOUN)
        if person and choice.rule in NEEDS_KNOWN and not self.names.knows(name):
            return None, 0.0, choice.rule
        speaker = Speaker(text=printed, span=span, name=name, role=self._role(choice, name) or None)
        if how is None:
            return speaker, sure, choice.rule
        return speaker, confidence(choice.rule, how), f"{choice.rule}; {how}"

    def _name(self, choice: Choice, span: Span, printed: str) -> tuple[str | None, str | None]:
        """The full name, and how it was found when not by the mention itself."""
        mention = choice.mention
        if mention.kind is MentionKind.NAME:
            return self.names.resolve(mention.name)
        if mention.kind is MentionKind.PRONOUN:
            paragraph = bisect_right(self.starts, span.start) - 1
            return self.persons.resolve(mention.head, span.start, paragraph) or (None, None)
        if printed.lower() in self.names.by_last:
            # A surname that is a title too: "King said".
            return self.names.resolve((printed,))
        if mention.kind is MentionKind.DESCRIPTION:
            found = holder(printed, mention.head, self.names, self.people, self.day)
            if found is not None:
                return found[0], PEOPLE if found[1] else ROLE
            if printed.lower().startswith("the ") and mention.head in PERSONS:
                paragraph = bisect_right(self.starts, span.start) - 1
                only = self.persons.only(span.start, paragraph)
                if only is not None:
                    return only, ONLY
        return None, None

    def _role(self, choice: Choice, name: str | None) -> str | None:
        if name is None:
            return None
        return without_honorific(choice.mention.role or self.names.role(name) or "")
