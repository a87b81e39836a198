"""Nearness: hits of several parts that stand close together in one paragraph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.matching.hits import Hit, Place
from bot.core.matching.words import Words
from bot.domain.watch import Near


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chain:
    """Parts found so far, one hit each, in reading order."""

    hit: Hit
    part: int
    before: _Chain | None


def near_hits(
    rule: Near, parts: Sequence[Sequence[Hit]], words: Mapping[Place, Words]
) -> list[Hit]:
    """For each last hit the closest group before it that holds ``rule``; ``parts`` in its order."""
    by_place: dict[Place, list[tuple[int, Hit]]] = defaultdict(list)
    for number, hits in enumerate(parts):
        for hit in hits:
            by_place[hit.place].append((number, hit))
    found = []
    for place, numbered in by_place.items():
        if len({number for number, _ in numbered}) == len(parts):
            found += [_whole(rule, chain) for chain in _chains(rule, numbered, words[place])]
    return found


def apart_from(
    refused: Sequence[Hit], hits: Sequence[Hit], rule: Near, words: Mapping[Place, Words]
) -> list[Hit]:
    """Those of ``hits`` that no ``refused`` one comes as close to as the parts of ``rule`` are."""
    by_place: dict[Place, list[Hit]] = defaultdict(list)
    for hit in refused:
        by_place[hit.place].append(hit)
    return [
        hit
        for hit in hits
        if not any(_is_close(rule, hit, bad, words[hit.place]) for bad in by_place[hit.place])
    ]


def _is_close(rule: Near, hit: Hit, other: Hit, words: Words) -> bool:
    """Whether ``other`` overlaps ``hit`` or stands within the distance on either side."""
    if rule.words is None:
        first, last = words.sentence(hit.start), words.sentence(hit.end - 1)
        return rule.within != "sentence" or (
            words.sentence(other.start) <= last and first <= words.sentence(other.end - 1)
        )
    if hit.overlaps(other):
        return True
    before, after = (other, hit) if other.end <= hit.start else (hit, other)
    return words.between(before.end, after.start) <= rule.words


def _chains(rule: Near, numbered: list[tuple[int, Hit]], words: Words) -> Iterator[_Chain]:
    """Chains of all parts.

    Whether a chain can grow depends on its last hit and its set of parts only, so one chain for
    each pair is enough, and the time grows with the text, not with its square.
    """
    full = (1 << len(rule.parts)) - 1
    longest = max(words.between(hit.start, hit.end) for _, hit in numbered)
    chains: dict[int, list[_Chain]] = defaultdict(list)
    for part, hit in sorted(numbered, key=lambda each: each[1].order):
        grown = [(0, _Chain(hit=hit, part=part, before=None))] if _may_follow(rule, 0, part) else []
        for mask, known in chains.items():
            if not mask >> part & 1 and _may_follow(rule, mask, part):
                before = _closest(rule, known, hit, words, longest)
                if before is not None:
                    grown.append((mask, _Chain(hit=hit, part=part, before=before)))
        for mask, chain in grown:
            chains[mask | 1 << part].append(chain)
            if mask | 1 << part == full:
                yield chain


def _may_follow(rule: Near, mask: int, part: int) -> bool:
    return not rule.in_order or mask == (1 << part) - 1


def _closest(
    rule: Near, known: list[_Chain], hit: Hit, words: Words, longest: int
) -> _Chain | None:
    """The last chain that ``hit`` can go on."""
    for chain in reversed(known):
        last = chain.hit
        if rule.words is not None:
            if words.between(last.start, hit.start) > rule.words + longest:
                return None
            if last.end <= hit.start and words.between(last.end, hit.start) <= rule.words:
                return chain
        elif rule.within == "sentence":
            if words.sentence(last.start) != words.sentence(hit.end - 1):
                return None
            if last.end <= hit.start:
                return chain
        elif last.end <= hit.start:
            return chain
    return None


def _whole(rule: Near, last: _Chain) -> Hit:
    """The hit from the first to the last of a chain, naming what was found."""
    held = {last.part: last.hit.rule}
    first = last
    while first.before is not None:
        first = first.before
        held[first.part] = first.hit.rule
    return Hit(
        place=last.hit.place,
        start=first.hit.start,
        end=last.hit.end,
        rule=replace(rule, parts=tuple(held[number] for number in sorted(held))),
    )
