"""The people an article names: full names, titles, descriptions, and who a short form is."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.core.quotes.first_names import FIRST_NAMES
from bot.core.quotes.lexicon import (
    DETERMINERS,
    INVERTS,
    OPENERS,
    ORGANISATIONS,
    PARTICLES,
    PREPOSITIONS,
    SPEAKERS,
    SUFFIXES,
)
from bot.core.quotes.proper import is_body, is_somebodys, proper, takes_of
from bot.core.quotes.rules import MISSPELT, PEOPLE
from bot.domain.people import Person

_PARTICLE = "|".join(sorted(PARTICLES))
_CAPITAL = r"(?:[ae][dlnrstz]-)?[^\W\d_a-zß-öø-ÿ][\w'-]*(?:(?<=\b[A-Z])\.|(?<=[JS]r)\.)?"
_ABBREVIATED = (
    r"(?:Mr|Mrs|Ms|Dr|Sens?|Reps?|Gov|Gen|Lt|Col|Maj|Capt|Sgt|Cpl|Adm|Prof|Rev|Hon|Sec|Amb)\."
)
#: A full stop ends the name, but for titles and initials: "left Nicosia. Wiese".
_FIRST = rf"(?:{_ABBREVIATED}|(?:[A-Z]\.)+|[^\W\d_a-zß-öø-ÿ][\w'-]*)"
_RUN = re.compile(rf"{_FIRST}(?: (?:(?:of|{_PARTICLE}) ){{0,3}}(?:{_ABBREVIATED}|{_CAPITAL}))+")
_WORDS_BEFORE = re.compile(r"((?:[\w'-]+ ){1,5})$")
_PAUSE_AFTER = re.compile(r"[,.:]| of ")
_ROLE_AFTER = re.compile(r", ((?:the|a|an|his|her) [^,.;:()\"]{3,60})[,.;]")
_COURTESY = {
    "mr": "m",
    "sir": "m",
    "lord": "m",
    "mrs": "f",
    "ms": "f",
    "miss": "f",
    "lady": "f",
    "congressman": "m",
    "congresswoman": "f",
    "chairman": "m",
    "chairwoman": "f",
    "spokesman": "m",
    "spokeswoman": "f",
    "king": "m",
    "queen": "f",
    "prince": "m",
    "princess": "f",
    "pope": "m",
    "councilman": "m",
    "councilwoman": "f",
}
#: Words that stay small in a title.
_SMALL = frozenset(
    "the a an of in on at for to and or by with from as is vs not but nor over into than that his "
    "her its my our your their be are it if so up off out".split()
)
_LETTERS_A_SLIP = 4
#: Slips in one name, at most.
_SLIPS = 4
#: Last names of one shape among which no slip is looked for: none would be the only one near.
_MANY = 200
#: Characters that hold the end of a paragraph.
_TAIL = 8
_ENDS = re.compile(r"[.!?]['\")]*$")


@dataclass(slots=True)
class NameBook:
    """Full names seen, and ways back to them."""

    #: Full name → how often seen.
    full: Counter[str] = field(default_factory=Counter)
    #: Folded last word → full names.
    by_last: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_first: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    #: Full name → titles and descriptions near it.
    roles: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    #: Last word → gender by courtesy title.
    courtesy: dict[str, str] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    #: First and last word, and any earlier word with the folded last word → full names.
    by_ends: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    by_given: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    #: Folded last name of several words, "von der leeuw" → full names.
    by_particles: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    #: First letter and length of last words → last words.
    by_shape: dict[tuple[str, int], list[str]] = field(default_factory=lambda: defaultdict(list))
    #: Folded last word of several people → who is named most, or "".
    most: dict[str, str] = field(default_factory=dict)
    #: Word of a role → who has it; filled when first asked.
    by_role: dict[str, set[str]] | None = None

    def resolve(self, name: tuple[str, ...]) -> tuple[str, str | None]:
        """The one full name that ``name`` stands for, else ``name`` itself.

        The second value is ``PEOPLE`` when the people list settled it, not the article, and
        ``MISSPELT`` when the article's full name is spelt a little otherwise.
        """
        words = strip_suffix(name)
        text = " ".join(words)
        last = words[-1].lower()
        fulls = self.by_last.get(last, set())
        if len(words) > 1:
            if text in self.full:
                return text, None
            # "Von der Leeuw": a last name of several words.
            same = self.by_ends.get((words[0], last)) or self.by_particles.get(text.lower(), [])
            return (same[0] if len(same) == 1 else text), None
        if len(fulls) == 1:
            return next(iter(fulls)), None
        if not fulls:
            firsts = self.by_first.get(last, set())
            if len(firsts) == 1:
                return next(iter(firsts)), None
            if last in self.people:
                return self.people[last].name, PEOPLE
            near = self._near(last)
            if len(near) == 1:
                return near[0], MISSPELT
        return text, None

    def _near(self, last: str) -> list[str]:
        """Full names whose last word is ``last`` but for a slip."""
        slips = min(len(last) // _LETTERS_A_SLIP, _SLIPS)
        others = [
            other
            for length in range(len(last) - slips, len(last) + slips + 1)
            for other in self.by_shape.get((last[0], length), ())
        ]
        if len(others) > _MANY:
            return []
        return [one for other in others if _misspells(last, other) for one in self.by_last[other]]

    def knows(self, name: str | None) -> bool:
        """Whether a resolved name is one the article, or the people list, gives in full."""
        return name is not None and (
            name in self.full
            or name.lower() in self.by_last
            or name.lower() in self.courtesy
            or any(name == person.name for person in self.people.values())
        )

    def meant(self, last: str, before: str) -> str:
        """The person a last name stands for, given the words right before it."""
        words = before.split()
        folded = last.lower()
        if folded in self.most:
            same = self.by_given.get((words[-1], folded), set()) if words else set()
            if len(same) == 1:
                return next(iter(same))
            if self.most[folded]:
                # Of two with one last name the other is the one who is always named in full.
                return self.most[folded]
        return self.resolve((last,))[0]

    def gender(self, name: str) -> str | None:
        """``f``, ``m`` or None for a name as resolved."""
        words = name.lower().split()
        if not words:
            return None
        listed = self.people.get(words[-1])
        if listed is not None and listed.gender and name in (listed.name, listed.surname):
            # not for somebody else of that last name
            return listed.gender
        given = FIRST_NAMES.get(words[0]) or FIRST_NAMES.get(_plain(words[0]))
        if len(words) > 1 and given is not None:
            return given
        return self.courtesy.get(words[-1])

    def role(self, name: str) -> str | None:
        """The first title or description printed near the name."""
        found = self.roles.get(name)
        return found[0] if found else None


def _plain(first: str) -> str:
    """A first name without accents, and the former half of a double one: "Anne-Maë" → "anne"."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", first) if not unicodedata.combining(c))
    return bare if bare in FIRST_NAMES else bare.split("-")[0]


def _misspells(word: str, right: str) -> bool:
    """Whether two last names differ by a slip: a letter in five, the first one kept."""
    allowed = min(len(word), len(right)) // _LETTERS_A_SLIP
    if (
        not allowed
        or word == right + "s"
        or word[0] != right[0]
        or abs(len(word) - len(right)) > allowed
    ):
        return False
    row = list(range(len(right) + 1))
    for i, letter in enumerate(word, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(right, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (letter != other))
    return row[-1] <= allowed


def strip_suffix(name: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a name without Jr., III and the like."""
    words = tuple(word for word in name if word != ",")
    while len(words) > 1 and words[-1].lower() in SUFFIXES:
        words = words[:-1]
    return words


def book(
    paragraphs: Iterable[str],
    *,
    title: str = "",
    people: tuple[Person, ...] = (),
    read: Callable[[NameBook, str], None] | None = None,
) -> NameBook:
    """Read every full name in the folded paragraphs; headlines only fill gaps.

    Args:
        paragraphs: Of the article.
        title: Its headline.
        people: Who may complete a name.
        read: Adds the names of one text, for another language than English.
    """
    made = NameBook()
    if read is not None:
        for text in (*paragraphs, title):
            read(made, text)
    else:
        _read_all(made, paragraphs, title)
    _merge(made)
    for word, one in _listed(people).items():
        if one is not None:
            made.people[word] = one
    return made


def _read_all(made: NameBook, paragraphs: Iterable[str], title: str) -> None:
    """Add the names of English paragraphs and the headline."""
    headline = []
    for number, text in enumerate(paragraphs):
        ends = _ENDS.search(text[-_TAIL:]) is not None
        if (number == 0 or not ends) and (_is_title_case(text) or (number == 0 and not ends)):
            headline.append(text)
            continue
        _read(made, text)
    if title:
        headline.append(title)
    for text in headline:
        if not _is_title_case(text):
            _read(made, text)


def _listed(people: tuple[Person, ...]) -> dict[str, Person | None]:
    """Last word or one-word alias → the person, or None when two share it."""
    found: dict[str, Person | None] = {}
    for person in people:
        for form in {person.surname, *(a for a in person.aliases if " " not in a)}:
            word = form.lower()
            found[word] = person if word not in found else None
    return found


def _is_title_case(text: str) -> bool:
    """Whether a headline's words start with capitals; all of them, where a full stop ends it."""
    words = [word for word in re.findall(r"[^\W\d_][\w'-]*", text) if word not in _SMALL]
    least = len(words) * (1 if text.endswith(".") else 0.85)
    return len(words) > 3 and sum(word[0].isupper() for word in words) >= least


def _read(made: NameBook, text: str) -> None:
    """Add the names of one paragraph."""
    for found in _RUN.finditer(text):
        words = _without_frame(found.group().split())
        start, name = proper(words, 0, len(words) - 1) if words else (0, ())
        bare = strip_suffix(name)
        if not bare:
            continue
        courtesy = _COURTESY.get(words[0].lower().rstrip("."))
        if courtesy is not None:
            made.courtesy.setdefault(bare[-1].lower(), courtesy)
        if len(bare) < 2 or _is_bodys([word.lower() for word in bare]):
            continue
        full = " ".join(bare)
        made.full[full] += 1
        roles = [" ".join(words[:start])] if start else [_role_before(text, found.start())]
        if not roles[0] and _PAUSE_AFTER.match(text, found.end()):
            # "The paper's editor, Jane Roe, said"
            roles = [_role_before(text, found.start(), comma=True)]
        after = _ROLE_AFTER.match(text, found.end())
        if after:
            roles.append(after.group(1))
        made.roles[full].extend(role for role in roles if role)


def _is_bodys(lowered: list[str]) -> bool:
    """Whether a run of capitals names a body, or has one in it."""
    known = lowered[0] in FIRST_NAMES
    return is_body(lowered) or (not known and any(word in ORGANISATIONS for word in lowered))


def _without_frame(words: list[str]) -> list[str]:
    """A capitalised run without possessives, sentence openers and "of Ohio"."""
    if words[-1].endswith(("'s", "s'")):
        words[-1] = words[-1].rstrip("'").removesuffix("'s")
    for place in range(len(words) - 2, -1, -1):
        if words[place].endswith("'s"):
            words = words[place + 1 :]
            break
    start = next((i for i, word in enumerate(words) if not _opens(word.lower())), len(words))
    words = words[start:]
    for place in range(1, len(words)):
        if words[place] == "of" and is_somebodys(words[place - 1].lower()):
            return words[place + 1 :]
        if words[place] == "of" and not takes_of(words[place - 1].lower()):
            return words[:place]
    return words


def _opens(word: str) -> bool:
    """Whether a capitalised word is one for opening a sentence: "The", "Countered"."""
    return word in OPENERS or word in INVERTS


def _role_before(text: str, at: int, *, comma: bool = False) -> str:
    """The lower-case description right before a name: "campaign manager"; empty if none."""
    around = text[max(0, at - 50) : at]
    if comma:
        around = around.removesuffix(", ") + " " if around.endswith(", ") else ""
    before = _WORDS_BEFORE.search(around)
    if before is None:
        return ""
    words = before.group(1).split()
    if words[-1].lower() not in SPEAKERS:
        return ""
    kept: list[str] = []
    for word in reversed(words):
        if word.lower() in DETERMINERS or word.lower() in PREPOSITIONS:
            break
        kept.insert(0, word)
    return " ".join(kept)


def _from_particles(full: str) -> str:
    """The folded last name from its first particle on; empty without one after the first name."""
    words = full.lower().split()
    start = next((at for at, word in enumerate(words) if at and word in PARTICLES), len(words))
    return " ".join(words[start:])


def _fold_particles(made: NameBook) -> None:
    """Fold "Von der Leeuw" into "Jane von der Leeuw"."""
    short = [full for full in made.full if full.split()[0].lower() in PARTICLES]
    if not short:
        return
    ends: dict[str, list[str]] = defaultdict(list)
    for full in made.full:
        ends[_from_particles(full)].append(full)
    for name in short:
        longer = ends.get(name.lower(), [])
        if len(longer) == 1:
            made.full[longer[0]] += made.full.pop(name)
            made.roles[longer[0]].extend(made.roles.pop(name, []))


def _merge(made: NameBook) -> None:
    """Fold "Jane Mary Roe" into "Jane Roe"; index last and first words."""
    _fold_particles(made)
    by_ends: dict[tuple[str, str], list[str]] = defaultdict(list)
    for full in made.full:
        words = full.split()
        by_ends[(words[0].lower(), words[-1].lower())].append(full)
    for (first, last), fulls in by_ends.items():
        best = max(fulls, key=lambda one: (made.full[one], -len(one)))
        made.by_last[last].add(best)
        made.by_first[first].add(best)
        made.by_ends[best.split()[0], last].append(best)
        for given in best.split()[:-1]:
            made.by_given[given, last].add(best)
        particles = _from_particles(best)
        if particles:
            made.by_particles[particles].append(best)
        for other in fulls:
            if other != best:
                made.roles[best].extend(made.roles.pop(other, []))
    for last, people in made.by_last.items():
        made.by_shape[last[0], len(last)].append(last)
        if len(people) > 1:
            ranked = sorted((made.full[full] for full in people), reverse=True)
            leads = ranked[0] > ranked[1]
            made.most[last] = max(people, key=lambda full: made.full[full]) if leads else ""
