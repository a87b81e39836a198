"""Metadata a topic asks for: whether an article may match at all, before any text work."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.domain.watch import Only


def allows(
    only: Only,
    *,
    language: str | None = None,
    country: str | None = None,
    tier: int | None = None,
    outlet: str | None = None,
    url: str | None = None,
) -> bool:
    """Whether an article with these metadata may match; what is unknown is in no set."""
    if only.languages:
        languages = {each.lower() for each in only.languages}
        spoken = (language or "").lower()
        if not languages & {spoken, spoken.split("-")[0]}:
            return False
    if only.countries and (country or "").upper() not in {each.upper() for each in only.countries}:
        return False
    if only.tiers and tier not in only.tiers:
        return False
    if only.sources or only.not_sources:
        names = _names(outlet, url)
        if only.sources and not names & {each.casefold() for each in only.sources}:
            return False
        return not names & {each.casefold() for each in only.not_sources}
    return True


def is_long_enough(only: Only, text: str) -> bool:
    """Whether the number of words in ``text`` is between the bounds, if there are any."""
    if only.least_words is None and only.most_words is None:
        return True
    count = len(text.split())
    return (only.least_words or 0) <= count and (
        only.most_words is None or count <= only.most_words
    )


def _names(outlet: str | None, url: str | None) -> set[str]:
    """Every name of a source: its outlet, and its host with all domains above it."""
    names = {outlet.casefold()} if outlet else set()
    try:
        host = (urlsplit(url).hostname if url else None) or ""
    except ValueError:
        host = ""
    labels = host.split(".")
    return names | {".".join(labels[n:]) for n in range(len(labels) - 1)}
