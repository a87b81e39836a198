"""Copies: members whose text is largely another member's text, found by shared shingles.

A fourth of all shingles is indexed, picked by their hash, so that both texts pick the same ones;
what shares one is a candidate, and the containment of all shingles decides. Shingles that one
outlet repeats in several articles are its standing text and count for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from bot.core.text.shingles import shared_part, unpacked
from bot.domain.stories import Member

#: The shorter text's share that makes a copy.
CONTAINMENT = 0.4
#: Other articles of one outlet that make a shingle its standing text.
STANDING_IN = 3

_SAMPLE = 4


class Copies:
    """Shingles of the members of the window."""

    def __init__(self) -> None:
        self._members: dict[str, Member] = {}
        self._holders: dict[int, list[str]] = {}

    def add(self, member: Member) -> None:
        """Index a member; its article id must not be here."""
        if not member.packed_shingles:
            return
        self._members[member.article_id] = member
        for shingle in _sample(member):
            self._holders.setdefault(shingle, []).append(member.article_id)

    def remove(self, article_id: str) -> None:
        """Forget a member; nothing happens when it is not here."""
        member = self._members.pop(article_id, None)
        if member is None:
            return
        for shingle in _sample(member):
            holders = self._holders[shingle]
            holders.remove(article_id)
            if not holders:
                del self._holders[shingle]

    def original(self, member: Member) -> Member | None:
        """The member whose text ``member`` has most of, the earliest of equals; None if none."""
        candidates = {
            holder for shingle in _sample(member) for holder in self._holders.get(shingle, ())
        } - {member.article_id}
        if not candidates:
            return None
        own = _shingles(member)
        others = {name: _shingles(self._members[name]) for name in candidates}
        standing = self._standing(own, others)
        found = [
            (-part, self._members[name].stored, name)
            for name, theirs in others.items()
            if (part := shared_part(own - standing, theirs - standing)) >= CONTAINMENT
        ]
        return self._members[min(found)[2]] if found else None

    def _standing(
        self, own: frozenset[int], candidates: Mapping[str, frozenset[int]]
    ) -> frozenset[int]:
        """Those of ``own`` that one outlet has in several of the candidates."""
        seen = Counter(
            (self._members[candidate].outlet, shingle)
            for candidate, theirs in candidates.items()
            for shingle in theirs & own
        )
        return frozenset(shingle for (_, shingle), n in seen.items() if n >= STANDING_IN)


def _shingles(member: Member) -> frozenset[int]:
    return frozenset(unpacked(member.packed_shingles))


def _sample(member: Member) -> tuple[int, ...]:
    found = unpacked(member.packed_shingles)
    return tuple(shingle for shingle in found if shingle % _SAMPLE == 0)
