"""What is remembered of an entry that was seen: enough to know it again, and when to tell edits.

Kept as one line of text per entry key, the article id first:
``<article id> <fingerprint> <title> <edits> <seconds of the last edit>``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_NONE = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """One entry as it was seen last."""

    article: str = ""
    fingerprint: str = ""
    #: Hash of the title; empty for an entry without one.
    title: str = ""
    #: Edits passed on, and when the last was, in seconds since 1970.
    edits: int = 0
    edited: int = 0

    @classmethod
    def read(cls, line: str) -> Memory:
        """A line that ``write`` made; what is missing or damaged counts as nothing."""
        parts = [part if part != _NONE else "" for part in line.split(" ")]
        article, fingerprint, title, edits, edited = (parts + [""] * 5)[:5]
        return cls(
            article=article,
            fingerprint=fingerprint,
            title=title,
            edits=int(edits) if edits.isdecimal() else 0,
            edited=int(edited) if edited.isdecimal() else 0,
        )

    def write(self) -> str:
        """The line."""
        texts = (self.article, self.fingerprint, self.title)
        return " ".join((*(text or _NONE for text in texts), str(self.edits), str(self.edited)))


class Remembered:
    """Entries a feed no longer lists under the key it once gave them, by what they were."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = tuple(lines)
        # Thousands of lines, of which few are asked for: read as little of them as will do.
        self._by_article = {line.partition(" ")[0]: line for line in self._lines}
        self._by_article.pop(_NONE, None)
        self._by_title: dict[str, Memory] | None = None

    @classmethod
    def beyond(cls, lines: Mapping[str, str], listed: Iterable[str]) -> Remembered:
        """Of all that is remembered, what is not among the keys ``listed`` now."""
        keys = frozenset(listed)
        return cls(line for key, line in lines.items() if key not in keys)

    def same(self, article: str, title: str) -> Memory | None:
        """The entry with this article id and this title."""
        found = self._of_article(article)
        return found if found is not None and title and found.title == title else None

    def alike(self, article: str, title: str) -> Memory | None:
        """The entry with this article id or else this title."""
        found = self._of_article(article)
        if found is not None or not title:
            return found
        if self._by_title is None:
            memories = map(Memory.read, self._lines)
            self._by_title = {memory.title: memory for memory in memories if memory.title}
        return self._by_title.get(title)

    def _of_article(self, article: str) -> Memory | None:
        line = self._by_article.get(article) if article else None
        return None if line is None else Memory.read(line)
