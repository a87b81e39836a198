"""correct: an admin says who did not say a quote, or who did; or takes that back.

id ─► entry with all its sources ─► correction ─► in force and before the desk, in one script
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

from bot.core.answers.near_names import near_names
from bot.core.answers.speakers import is_speaker, name_parts, resolve
from bot.core.answers.words import plain
from bot.core.quotes.same_speaker import same_speaker
from bot.core.quotes.utterance import shown_speaker, words_of
from bot.domain.errors import UsageError
from bot.domain.ledger import Correction, Utterance
from bot.domain.people import Person
from bot.domain.quotes import Speaker
from bot.ports.ledger import CorrectionLog
from bot.services.log import line, logger

_log = logger("correct")

#: Wordings of one utterance that are remembered, the longest.
_WORDINGS: Final = 20
#: Corrections that may hold for one utterance.
_AT_ONCE: Final = 10
#: Characters of a name, and of a note.
_NAME, _NOTE = 80, 400


class Correct:
    """Corrects speakers."""

    def __init__(
        self,
        *,
        entry: Callable[[str], Awaitable[Utterance | None]],
        speakers: Callable[[], Awaitable[tuple[str, ...]]],
        corrections: CorrectionLog,
        people: tuple[Person, ...],
        clock: Callable[[], datetime],
    ) -> None:
        """``entry`` finds the entry of an id, ``speakers`` tells whom outlets quoted lately."""
        self._entry = entry
        self._speakers = speakers
        self._corrections = corrections
        self._people = people
        self._clock = clock

    async def wrong(
        self, name: str, *, said: str | None, by: str, note: str = "", as_written: bool = False
    ) -> Utterance:
        """Withdraw the name beside a quote, or put another in its place; returns the entry then.

        Args:
            name: The id of the quote, or of another source of the utterance.
            said: Who said it; None when nobody knows.
            by: Who says so.
            note: Why, in a few words.
            as_written: Take ``said`` even where it looks like a slip.

        Raises:
            UsageError: there is no such quote, or nothing to correct, or the name is no name.
        """
        entry = await self._known(name)
        shown = dict.fromkeys(s for source in entry.sources if (s := shown_speaker(source.quote)))
        given = None if said is None else await self._name(said, as_written=as_written)
        if given is None and not shown:
            raise UsageError(
                f"{name}: no name stands beside this quote; --said NAME says who said it"
            )
        if given is not None and _is_named(given, shown):
            raise UsageError(
                f"{name}: {given} is who the text names; `nato-brief quote right {name}` takes a"
                " correction back"
            )
        published = [source.published for source in entry.sources]
        said_here = _wordings(source.quote.text for source in entry.sources)
        said_with_it = _wordings(part for source in entry.sources for part in source.parts)
        correction = Correction(
            id=entry.correction.id if entry.correction else name,
            words=tuple(dict.fromkeys((*said_here, *said_with_it))),
            articles=tuple(dict.fromkeys(source.article_id for source in entry.sources)),
            withdrawn=tuple(Speaker(text=s.text, role=s.role) for s in shown),
            said=given,
            since=min(published),
            until=max(published),
            by=by,
            at=self._clock(),
            note=" ".join(note.split())[:_NOTE],
        )
        await self._corrections.put(correction)
        _log.info(line("correct.wrong", quote=correction.id, said=given or "", by=by))
        return await self._known(name)

    async def right(self, name: str, *, by: str) -> Correction:
        """Take the correction of a quote back; returns what it was.

        Raises:
            UsageError: there is no such quote, or no correction of it.
        """
        found = [c for c in await self._corrections.in_force() if c.id == name]
        correction = found[0] if found else (await self._known(name)).correction
        if correction is None:
            raise UsageError(f"{name}: nothing was corrected about this quote")
        last = correction
        for _ in range(_AT_ONCE):
            await self._corrections.take_back(last.id)
            _log.info(line("correct.right", quote=last.id, by=by))
            # Two admins may have corrected two sources at the same moment.
            entry = await self._entry(name)
            if entry is None or entry.correction is None:
                break
            last = entry.correction
        return correction

    async def _known(self, name: str) -> Utterance:
        entry = await self._entry(name)
        if entry is None:
            raise UsageError(f"no quote has the id {name}: `nato-brief quote find WORDS` lists ids")
        return entry

    async def _name(self, written: str, *, as_written: bool) -> str:
        """The full name of who is meant; raises UsageError for a slip, or a name of several."""
        name = " ".join(written.split())
        if not any(c.isalpha() for c in name) or len(name) > _NAME or not name.isprintable():
            raise UsageError(f"--said: {name[:_NAME]!r} is no name; --nobody withdraws the name")
        if as_written:
            return name
        day = self._clock().date()
        meant = [person.name for person in self._people if resolve(name, (person,), day=day)]
        known = (*(person.name for person in self._people), *await self._speakers())
        meant = meant or list(dict.fromkeys(n for n in known if is_speaker((name,), n)))
        # A last name alone is completed; of a full name nothing is left out.
        full = [other for other in meant if len(name_parts(other)) >= len(name_parts(name))]
        if len(full) > 1 and name not in full:
            raise UsageError(f"--said {name}: that can be {_listed(full)}; give the full name")
        if full:
            return name if name in full else full[0]
        near = () if meant else near_names(name, known)
        if near:
            raise UsageError(
                f"--said {name}: nobody of that name is known. Did you mean {_listed(near)}?"
                " If the name is right, add --as-written"
            )
        return name


def _is_named(name: str, shown: Iterable[Speaker]) -> bool:
    """Whether the outlets name just this person, one of them in full."""
    person = Speaker(text=name)
    said = list(shown)
    in_full = any(plain(speaker.text) == plain(name) for speaker in said)
    return in_full and all(same_speaker(speaker, person) for speaker in said)


def _wordings(texts: Iterable[str]) -> list[str]:
    """The words of ``texts``, the longest first."""
    found = {" ".join(words_of(text)) for text in texts}
    return sorted(found, key=lambda words: (-len(words), words))[:_WORDINGS]


def _listed(names: Sequence[str]) -> str:
    return " or ".join(names[:3])
