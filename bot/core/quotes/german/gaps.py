"""What only German does: speakers for quotes that the shared rules leave without one.

``fill`` looks into the quote's own sentence; ``settle`` at the sentences around it, once speakers
have been carried over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.quotes.carry import fills, near, sentence_of
from bot.core.quotes.choices import Choice, Line
from bot.core.quotes.clauses import Clause
from bot.core.quotes.german.announced import announced, before_colon, opening_person, people_in
from bot.core.quotes.german.lexicon import JUDGE, SUBJUNCTIVE
from bot.core.quotes.german.mentions import read_right
from bot.core.quotes.marks import Stretch
from bot.core.quotes.mentions import Mention, MentionKind
from bot.core.quotes.tokens import QUOTE, Tokens

#: Words before the colon of a headline, at most.
_LEAD = 6
_EDGE = " .,!?…"
#: Blanks in a quote that is long enough to be known again.
_SHORT = 2
#: Sentences of reported speech between a quote and its speaker's, at most.
_CHAIN = 3
#: Quotes a headline holds at most.
_HEADLINE = 3
_DASHES = ("-", "--")
_CITED = frozenset("zitiert zitierte zitieren zitierten".split())
#: Words of a sentence that is looked through as a whole, at most.
_LONGEST = 200


def fill(row: Line) -> None:
    """Choose for quotes of a paragraph that nothing has been chosen for."""
    tokens = row.tokens
    for place, index in tokens.quotes.items():
        number = sentence_of(tokens, place)
        here = near(row, number, place)
        enclosed = _around(tokens, here, place)
        if enclosed is not None:
            row.choices[index] = enclosed
        if index in row.choices:
            continue
        choice = (
            _verb_after(tokens, here, place)
            or _colon(tokens, number, place)
            or _further_on(tokens, here, place)
            or _dash(tokens, number, place)
            or _after_colon(tokens, number, place)
            or _cited(tokens, number)
        )
        if choice is not None:
            row.choices[index] = choice


def repeat(text: str, stretches: Sequence[Stretch], choices: dict[int, Choice]) -> None:
    """Give a quote in the first paragraph the speaker whose words it is further down.

    Args:
        text: The article.
        stretches: All stretches, in order.
        choices: Index of a stretch → its choice; added to.
    """
    for index, stretch in enumerate(stretches[:_HEADLINE]):
        if stretch.paragraph:
            return
        words = text[stretch.start : stretch.end].strip(_EDGE)
        if index in choices or words.count(" ") < _SHORT:
            continue
        for later, other in enumerate(stretches[index + 1 :], index + 1):
            if later in choices and words in text[other.start : other.end]:
                choices[index] = replace(choices[later], rule="said again", after=None)
                break


def settle(row: Line) -> None:
    """Correct what was carried past another person, and carry reported speech on."""
    tokens = row.tokens
    order = sorted(tokens.quotes)
    numbers = {place: sentence_of(tokens, place) for place in order}
    for before, place in zip([None, *order], order, strict=False):
        index, number = tokens.quotes[place], numbers[place]
        _take_turns(row, before, place)
        prior = row.choices.get(tokens.quotes[before]) if before is not None else None
        last = numbers[before] if before is not None else -1
        choice = row.choices.get(index)
        if choice is not None and choice.rule == "next sentence" and number - last > 1:
            _recheck(row, index, number, last, choice)
        elif choice is None and fills(tokens, number):
            told = _told_before(row, number, place)
            mention = None if told is not None else _opener(tokens, number, last)
            if told is not None:
                row.choices[index] = Choice(tokens, told.subject, "name said. quote", told.verb)
            elif mention is not None:
                row.choices[index] = Choice(tokens, mention, "name. quote")
        elif (
            choice is None
            and prior is not None
            and number - last <= 1
            and _is_reported(tokens, number, prior.mention)
        ):
            row.choices[index] = Choice(tokens, prior.mention, "reported on", prior.verb)
        elif choice is None:
            told = _told_further_back(row, number, last, place)
            if told is not None:
                row.choices[index] = Choice(tokens, told.subject, "reported on", told.verb)


def _take_turns(row: Line, before: int | None, place: int) -> None:
    """Holm nannte das „…“, Falk hingegen „…“: the second quote is Falk's."""
    tokens = row.tokens
    index = tokens.quotes[place]
    choice = row.choices.get(index)
    if before is None or choice is None or choice.rule != "same cue":
        return
    if tokens.words[before + 1 : before + 2] != [","]:
        return
    other = read_right(tokens, before + 2, place)
    if other is not None and other.kind is MentionKind.NAME:
        row.choices[index] = Choice(tokens, other, "name called … quote", choice.verb)


def _recheck(row: Line, index: int, number: int, last: int, choice: Choice) -> None:
    """Drop a speaker carried past a sentence about somebody else, who may speak instead."""
    tokens = row.tokens
    if not any(_is_other(tokens, between, choice.mention) for between in range(last + 1, number)):
        return
    mention = _opener(tokens, number, last)
    if mention is None:
        del row.choices[index]
    else:
        row.choices[index] = Choice(tokens, mention, "name. quote")


def _is_other(tokens: Tokens, number: int, speaker: Mention) -> bool:
    """Whether a sentence is about somebody else than the speaker."""
    mention, somebody = opening_person(tokens, number)
    if mention is not None:
        return mention.name[-1:] != speaker.name[-1:]
    return somebody and not any(
        person.name[-1:] == speaker.name[-1:]
        for person in people_in(tokens, *tokens.sentences[number])
    )


def _told_before(row: Line, number: int, place: int) -> Clause | None:
    """The one clause of saying in the sentence right before."""
    told = [clause for clause in near(row, number - 1, place) if clause.says]
    return told[0] if len(told) == 1 and told[0].form in ("left", "inverted") else None


def _told_further_back(row: Line, number: int, last: int, place: int) -> Clause | None:
    """Who is reported on, where no quote stands between: "Holm widersprach. Das sei „…“."."""
    tokens = row.tokens
    for back in range(number, max(last, number - _CHAIN), -1):
        if back == 0 or not _is_subjunctive(tokens, back):
            return None
        told = [clause for clause in near(row, back - 1, place) if clause.says]
        if told:
            return told[0] if len(told) == 1 and told[0].form in ("left", "shared") else None
    return None


def _opener(tokens: Tokens, number: int, last: int) -> Mention | None:
    """The one person that opens the sentence right before, which holds no quote."""
    if number - 1 <= last or number == 0:
        return None
    return opening_person(tokens, number - 1)[0]


def _is_reported(tokens: Tokens, number: int, speaker: Mention) -> bool:
    """Whether a sentence goes on in the subjunctive: "das Land müsse „…“ bleiben"."""
    start, end = tokens.sentences[number]
    if not _is_subjunctive(tokens, number):
        return False
    opening = read_right(tokens, start, end)
    return opening is None or opening.kind is not MentionKind.NAME or not speaker.name


def _is_subjunctive(tokens: Tokens, number: int) -> bool:
    """Whether a sentence is in the subjunctive and names nobody."""
    start, end = tokens.sentences[number]
    if end - start > _LONGEST or SUBJUNCTIVE.isdisjoint(tokens.lower[start:end]):
        return False
    return not people_in(tokens, start, end)


def _around(tokens: Tokens, here: list[Clause], place: int) -> Choice | None:
    """Deren Chef Holm von „…“ sprach; Holm hatte das als „…“ bezeichnet."""
    for clause in here:
        if clause.form == "around" and clause.subject.last < place < clause.verb:
            return Choice(tokens, clause.subject, "name said … quote", clause.verb)
    return None


def _after_colon(tokens: Tokens, number: int, place: int) -> Choice | None:
    """Holm: Das Land ist „…“, as headlines put it."""
    start, _ = tokens.sentences[number]
    lead = tokens.words[start : min(place, start + _LEAD)]
    mention = before_colon(tokens, start + lead.index(":"), start) if ":" in lead else None
    return None if mention is None else Choice(tokens, mention, "subject: quote")


def _verb_after(tokens: Tokens, here: list[Clause], place: int) -> Choice | None:
    """Als „…“ bezeichnete Holm das; mit den Worten „…“ verteidigte Holm das."""
    for clause in here:
        if clause.verb == place + 1 and clause.form == "inverted":
            named = tokens.lower[clause.verb] in JUDGE
            if clause.says or named:
                rule = "name called … quote" if named else "quote, said name"
                return Choice(tokens, clause.subject, rule, clause.verb)
    return None


def _colon(tokens: Tokens, number: int, place: int) -> Choice | None:
    start, _ = tokens.sentences[number]
    if place - 2 < start or tokens.words[place - 1] != ":":
        return None
    mention = before_colon(tokens, place - 1, start) or announced(tokens, place - 1, start)
    return None if mention is None else Choice(tokens, mention, "subject: quote")


def _further_on(tokens: Tokens, here: list[Clause], place: int) -> Choice | None:
    """A clause after a comma, "wie" or "heißt es": …, wie Holm am Montag sagte."""
    for clause in here:
        first = clause.first
        if first <= place or not (clause.says or clause.form == "according"):
            continue
        if tokens.words[place + 1 : place + 2] == [":"]:
            # „…“: So beschreibt es Holm.
            return Choice(tokens, clause.subject, "quote …, name said", clause.verb)
        before = tokens.lower[first - 1]
        if before in (",", *_DASHES) or (before == "wie" and tokens.lower[first - 2] == ","):
            return Choice(tokens, clause.subject, "quote …, name said", clause.verb)
        if clause.form == "according" and tokens.lower[clause.verb] != "so":
            return Choice(tokens, clause.subject, "quote …, name said", clause.verb)
    return None


def _dash(tokens: Tokens, number: int, place: int) -> Choice | None:
    """The name after a dash or bracket: „…“ - Jens Holm, Fischer."""
    start, end = tokens.sentences[number]
    follows = tokens.words[place + 1] if place + 1 < end else ""
    if place != start or follows not in (*_DASHES, "("):
        return None
    named = read_right(tokens, place + 2, end)
    if named is None or named.kind is not MentionKind.NAME or len(named.name) < 2:
        return None
    after = tokens.words[named.last + 1] if named.last + 1 < end else "."
    ends = after in (",", "(", ")", ".", QUOTE, *_DASHES)
    return Choice(tokens, named, "quote - name") if ends else None


def _cited(tokens: Tokens, number: int) -> Choice | None:
    """Die Zeitung zitierte Holm mit den Worten „…“."""
    start, end = tokens.sentences[number]
    if end - start > _LONGEST or _CITED.isdisjoint(tokens.lower[start:end]):
        return None
    people = people_in(tokens, start, end)
    return Choice(tokens, people[0], "quote …, name said") if len(people) == 1 else None
