"""Who "er", "sie", "die Ministerin" or "der Norweger" is in a German article; else nobody.

The nearest sentence that names a person of that gender decides, if it names one only. A person
met without a name on the way ("ein Sprecher") may be meant as well, so nobody is named then.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.core.quotes.german.lexicon import INDEFINITE, OWNED, PARTICLES
from bot.core.quotes.german.mentions import NOBLE
from bot.core.quotes.german.nouns import is_female, is_role, speaks_for_others
from bot.core.quotes.german.sentences import Sentences
from bot.core.quotes.mentions import Mention, MentionKind
from bot.core.quotes.rules import ONLY, PRONOUN_BEFORE, PRONOUN_HERE, ROLE

_GENDER = {"he": "m", "she": "f"}
_DEFINITE = frozenset("der die dieser diese".split())
_PARTIES = frozenset(
    "spd cdu csu fdp afd grüne grünen linke linken bsw svp sp övp spö fpö neos evp".split()
)
#: Heads that say little without what stands before them: SPD-Politikerin, Parteichef.
_VAGUE = frozenset("politiker politikerin chef chefin".split())
#: Sentences looked at before a pronoun, at most.
_BACK = 5
#: Words of a description that names nobody else: "die parteilose Politikerin".
_PLAIN = 4


@dataclass(slots=True)
class GermanPersons:
    """What descriptions and pronouns of one article stand for."""

    sentences: Sentences
    #: Head → where somebody of that kind first stands without a name; the text's length if nowhere.
    _unnamed: dict[str, int] = field(default_factory=dict)
    #: Head and gender → who has that role.
    _holders: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def name_of(self, mention: Mention, printed: str, at: int) -> tuple[str | None, str | None]:
        """The full name behind a mention and how it was found; (None, None) for nobody.

        Args:
            mention: As a rule chose it.
            printed: Its words.
            at: Where it starts in the article.
        """
        if mention.kind is MentionKind.NAME and _is_owner(mention, printed):
            return None, None
        if mention.kind is MentionKind.NAME:
            return self._instead(mention, printed, at) or self._completed(mention.name)
        if mention.kind is MentionKind.PRONOUN:
            return self._nearest(_GENDER.get(mention.head, ""), at) or (None, None)
        if printed.lower() in self.sentences.names.by_last:
            return self.sentences.names.resolve((printed,))
        if mention.kind is MentionKind.DESCRIPTION and " von " in printed:
            # Ministerin von Holm, no minister of Holm
            known = self._completed(("von", *printed.split(" von ", 1)[1].split()))
            if known[0] in self.sentences.names.full:
                return known
        if mention.kind is MentionKind.DESCRIPTION:
            return self._described(printed, mention.head, at) or (None, None)
        return None, None

    def is_nobody(self, mention: Mention, printed: str, at: int) -> bool:
        """Whether a mention without a name is better left out: a pronoun, an unclear description.

        "der Minister" after two people are named is one of them, and which one is not known.
        """
        if mention.kind is MentionKind.PRONOUN:
            return True
        article = printed.split()[0].lower()
        if mention.kind is not MentionKind.DESCRIPTION or article not in ("der", "die"):
            return False
        if mention.last - mention.first >= _PLAIN or speaks_for_others(mention.head):
            return False
        if self._is_unnamed(mention.head, at) or _is_plural(article, mention.head):
            return False
        gender = "m" if article == "der" else "f"
        return any(
            self.sentences.names.gender(seen.person) in (None, gender)
            for sentence in self.sentences.before(at, _BACK)
            for seen in self.sentences.people(sentence)
        )

    def _completed(self, name: tuple[str, ...]) -> tuple[str | None, str | None]:
        """The full name for a name as printed."""
        names = self.sentences.names
        if len(name) == 1 and name[0].endswith("s") and name[0].lower() not in names.by_last:
            # Nach Angaben Holms
            bare = name[0][:-1]
            if bare.lower() in names.by_last:
                return names.resolve((bare,))
        if len(name) > 1 and (name[0].lower() in PARTICLES or name[0] in NOBLE):
            end = " ".join(name)
            fulls = [full for full in names.by_last.get(name[-1].lower(), ()) if full.endswith(end)]
            if len(fulls) == 1:
                return fulls[0], None
        return names.resolve(name)

    def _instead(self, mention: Mention, printed: str, at: int) -> tuple[str, str] | None:
        """Whom "der General Lücken" means in "räumte der General Lücken ein": a general."""
        article = printed.split()[0]
        if len(mention.name) > 1 or not mention.role or article not in ("der", "die"):
            return None
        if mention.name[0].lower() in self.sentences.names.by_last:
            return None
        head = mention.role.split()[-1]
        return self._described(f"{article} {mention.role}", head.lower(), at)

    def _described(self, printed: str, head: str, at: int) -> tuple[str, str] | None:
        words = printed.split()
        article = words[0].lower()
        if article in INDEFINITE | OWNED or _is_plural(article, head):
            return None
        gender = "f" if _is_woman(article, head) else "m"
        fitting = self._of_role(head, gender)
        if len(fitting) == 1:
            return next(iter(fitting)), ROLE
        if fitting or article not in _DEFINITE or len(words) > _PLAIN:
            return None
        if speaks_for_others(head) or self._is_unnamed(head, at):
            return None
        found = self._nearest(gender, at, party=_party(head))
        return None if found is None else (found[0], ONLY)

    def _of_role(self, head: str, gender: str) -> frozenset[str]:
        """The people whose role before or after their name ends like the description."""
        if (head, gender) not in self._holders:
            noun = head.rsplit("-", 1)[-1]
            noun = head if noun in _VAGUE else noun
            names = self.sentences.names
            self._holders[head, gender] = frozenset(
                person
                for person, roles in names.roles.items()
                if any(word.lower().endswith(noun) for role in roles for word in role.split())
                and names.gender(person) in (None, gender)
            )
        return self._holders[head, gender]

    def _is_unnamed(self, head: str, at: int) -> bool:
        """Whether somebody of that kind was met before without a name: "ein Anwalt"."""
        if head not in self._unnamed:
            text = self.sentences.prose.text
            self._unnamed[head] = len(text)
            for found in re.finditer(rf"\b{re.escape(head)}\b", text, re.IGNORECASE):
                after = text[found.end() : found.end() + 2]
                if not (after[:1] == " " and after[1:].isupper()) and not after.startswith(","):
                    self._unnamed[head] = found.start()
                    break
        return self._unnamed[head] < at

    def _nearest(self, gender: str, at: int, *, party: str = "") -> tuple[str, str] | None:
        """The one person of that gender in the nearest sentence that has any."""
        names = self.sentences.names
        home = self.sentences.paragraph_of(at)
        for sentence in self.sentences.before(at, _BACK) if gender else ():
            fitting = [
                seen
                for seen in self.sentences.people(sentence)
                if names.gender(seen.person) in (None, gender)
                and self._may_belong(seen.person, party)
            ]
            if self.sentences.has_unnamed(sentence, gender):
                return None
            people = {seen.person for seen in fitting}
            if not people:
                continue
            if len(people) > 1:
                people = {seen.person for seen in fitting if not seen.oblique}
            if len(people) != 1:
                return None
            (person,) = people
            if person not in names.full or self._rivals(person, gender):
                return None
            return person, PRONOUN_HERE if sentence.paragraph == home else PRONOUN_BEFORE
        return None

    def _may_belong(self, person: str, party: str) -> bool:
        """Whether a person is of that party, or of none the article tells."""
        if not party:
            return True
        roles = self.sentences.names.roles.get(person, ())
        told = {part for role in roles for part in re.split(r"[\s-]", role.lower())}
        return party in told or told.isdisjoint(_PARTIES)

    def _rivals(self, person: str, gender: str) -> bool:
        """Whether a person of unknown gender is not the only one it could be."""
        names = self.sentences.names
        return names.gender(person) is None and any(
            other != person and names.gender(other) in (None, gender) for other in names.full
        )


def _is_owner(mention: Mention, printed: str) -> bool:
    """Whether the name is that of whom somebody belongs to: "ein Vertrauter Jan Holms"."""
    article = printed.split()[0].lower()
    return (
        len(mention.name) > 1
        and article in INDEFINITE
        and mention.name[-1].endswith("s")
        and not is_role(mention.role.split()[-1] if mention.role else "")
    )


def _party(head: str) -> str:
    first = head.split("-", 1)[0]
    return first if "-" in head and first in _PARTIES else ""


def _is_woman(article: str, head: str) -> bool:
    return (is_female(head) and is_role(head)) or article in ("die", "diese")


def _is_plural(article: str, head: str) -> bool:
    """Whether "die Minister" are several: a woman would be "die Ministerin"."""
    if article not in ("die", "diese"):
        return False
    return not head.endswith(("in", "e", "frau")) or head.endswith(("leute", "innen"))
