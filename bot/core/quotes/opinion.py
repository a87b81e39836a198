"""A second opinion: the clauses of a paragraph as a parser with entity recognition sees them.

It is asked only when a pipeline is configured. It never chooses a speaker: where the subject it
finds for a cue is the one a rule chose, that rule is trusted more; where it finds another subject
for the same cue, the name is no longer shown; where it finds none, nothing changes. Both usual
families of labels are read: Universal Dependencies (nsubj, acl:relcl, flat) and ClearNLP (nsubj,
relcl, compound).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from bot.core.quotes.choices import Choice, Line
from bot.core.quotes.clauses import Clause
from bot.core.quotes.lexicon import JUDGE, PRONOUNS, SAY
from bot.core.quotes.marks import Stretch
from bot.core.quotes.mentions import Mention, MentionKind
from bot.core.quotes.proper import proper
from bot.core.quotes.tokens import QUOTE, Tokens
from bot.core.text.prose import Prose

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

#: Makes a parsed Doc of a paragraph; a loaded spaCy pipeline is one.
Parse: TypeAlias = "Callable[[str], Doc]"

_SUBJECTS = frozenset(("nsubj", "nsubjpass", "nsubj:pass", "nsubj:outer"))
_SHARES = frozenset(("conj", "xcomp"))
_RELATIVE = frozenset(("relcl", "acl:relcl"))
_WHO = frozenset(("who", "that", "which"))
_PARTS = frozenset(("flat", "flat:name", "compound", "det", "amod", "nmod:poss", "poss", "nummod"))
_PERSON = frozenset(("PERSON", "PER"))
#: Stands for a quoted word; one long word keeps trees small and offsets right.
_FILLER = "x"
#: How much of the doubt goes when both agree.
_DOUBT_LEFT = 0.5
_SUREST = 0.97
#: How much of the confidence is left when they do not: the surest rule falls below showing a name.
_SURE_LEFT = 0.7
#: Characters of a paragraph, and of an article, that a parser is given: it is slow, and one that
#: reads 5 MB would cost the article its reader.
_LONGEST = 10_000
_MOST = 60_000


class Opinion(Enum):
    """What the parser makes of a choice."""

    AGREES = "parser agrees"
    DISAGREES = "parser disagrees"


def opinions(
    prose: Prose,
    stretches: Sequence[Stretch],
    lines: Mapping[int, Line],
    choices: Mapping[int, Choice],
    parse: Parse,
) -> dict[int, Opinion]:
    """Index of a stretch → whether the parser finds the speaker chosen, where it finds one.

    Args:
        prose: The article.
        stretches: Its quoted stretches.
        lines: Paragraph → its line.
        choices: Index of a stretch → its choice.
        parse: Asked once for each paragraph that holds a quote.
    """
    inside: dict[int, list[Stretch]] = {}
    for stretch in stretches:
        inside.setdefault(stretch.paragraph, []).append(stretch)
    seen: dict[int, list[Clause]] = {}
    left = _MOST
    for number, line in lines.items():
        paragraph = prose.paragraphs[number]
        length = len(paragraph.folded)
        if number not in inside or length > min(_LONGEST, left):
            continue
        left -= length
        text = masked(paragraph.folded, paragraph.span.start, inside[number])
        seen[id(line.tokens)] = parsed_clauses(parse(text), line.tokens, paragraph.span.start)
    found = {
        index: _opinion(choice, seen.get(id(choice.tokens), ()))
        for index, choice in choices.items()
    }
    return {index: opinion for index, opinion in found.items() if opinion is not None}


def weighed(confidence: float, opinion: Opinion) -> float:
    """The confidence of a choice after the parser was heard."""
    if opinion is Opinion.DISAGREES:
        return round(_SURE_LEFT * confidence, 3)
    return max(confidence, round(min(_SUREST, 1 - _DOUBT_LEFT * (1 - confidence)), 3))


def masked(folded: str, offset: int, stretches: Sequence[Stretch]) -> str:
    """A paragraph with each quoted stretch made one word of the same length."""
    parts: list[str] = []
    at = 0
    for stretch in stretches:
        start = max(at, stretch.start - offset)
        end = min(len(folded), max(start, stretch.end - offset))
        parts += (folded[at:start], _FILLER * (end - start))
        at = end
    return "".join((*parts, folded[at:]))


def parsed_clauses(doc: Doc, tokens: Tokens, offset: int) -> list[Clause]:
    """Cue clauses of a parsed paragraph; none when ``doc`` carries no parse.

    Args:
        doc: Of the paragraph; ``token.idx`` counts from its start.
        tokens: The same paragraph, quotes masked.
        offset: Where the paragraph starts in the article.
    """
    if not doc.has_annotation("DEP"):
        return []
    found = []
    for token in doc:
        word = token.lower_
        if word == "according":
            subject, form = _source(token), "according"
        elif word in SAY or word in JUDGE:
            subject, form = _subject(token), "left" if _comes_first(token) else "inverted"
        else:
            continue
        verb = _place(tokens, token.idx + offset)
        if subject is not None and subject.lower_ in _WHO:
            continue  # whom it stands for the parser did not say
        mention = None if subject is None else _mention(subject, tokens, offset)
        if mention is None or verb is None:
            continue
        sentence = bisect_right(tokens.sentences, verb, key=lambda bounds: bounds[0]) - 1
        found.append(Clause(verb, mention, form, sentence, word in SAY or form == "according"))
    return found


def _opinion(choice: Choice, clauses: Iterable[Clause]) -> Opinion | None:
    """Agrees when any clause does; disagrees when those of the same cue name somebody else."""
    here = [c for c in clauses if choice.verb is None or choice.verb == c.verb]
    if any(_overlap(choice.mention, clause.subject) for clause in here):
        return Opinion.AGREES
    return Opinion.DISAGREES if here and choice.verb is not None else None


def _overlap(a: Mention, b: Mention) -> bool:
    return a.first <= b.last and b.first <= a.last


def _subject(verb: Token) -> Token | None:
    """The subject of a verb: its own, one it shares, or what a relative clause is about."""
    own = next((child for child in verb.children if child.dep_ in _SUBJECTS), None)
    if own is not None and own.lower_ in _WHO and verb.dep_ in _RELATIVE:
        return verb.head
    if own is None and verb.dep_ in _SHARES and verb.head is not verb:
        return _subject(verb.head)
    return own


def _source(according: Token) -> Token | None:
    """The noun of "according to": its head in UD, below its "to" in ClearNLP."""
    if according.dep_ in ("case", "mark", "fixed"):
        return according.head
    for to in according.children:
        if to.lower_ == "to":
            return next((child for child in to.children if child.dep_ in ("pobj", "obj")), None)
    return next((child for child in according.children if child.dep_ == "pobj"), None)


def _comes_first(verb: Token) -> bool:
    subject = _subject(verb)
    return subject is None or subject.i < verb.i


def _mention(head: Token, tokens: Tokens, offset: int) -> Mention | None:
    """The subject as a mention: the entity it belongs to, else its nearest words."""
    doc = head.doc
    entity = next((ent for ent in doc.ents if ent.start <= head.i < ent.end), None)
    if entity is not None:
        begin, end = entity.start, entity.end - 1
    else:
        near = [child.i for child in head.children if child.dep_ in _PARTS]
        begin, end = min([head.i, *near]), max([head.i, *near])
    first = _place(tokens, doc[begin].idx + offset)
    last = _place(tokens, doc[end].idx + offset)
    if first is None or last is None or last < first or QUOTE in tokens.words[first : last + 1]:
        return None
    if head.lower_ in PRONOUNS:
        return Mention(first, last, MentionKind.PRONOUN, head=head.lower_)
    if entity is not None and entity.label_ in _PERSON:
        name = proper(tokens.words, first, last)[1]
        return Mention(first, last, MentionKind.NAME, name=name, head=head.lower_)
    kind = MentionKind.ORGANISATION if entity is not None else MentionKind.DESCRIPTION
    return Mention(first, last, kind, head=head.lower_)


def _place(tokens: Tokens, at: int) -> int | None:
    """The token that holds character ``at``."""
    place = bisect_right(tokens.starts, at) - 1
    return place if place >= 0 and at < tokens.ends[place] else None
