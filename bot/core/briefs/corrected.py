"""What readers are shown once admins said who did not say it, or who did.

    quote ─► a correction holds for it? ─► without the name, or with the one that was given
    lead  ─► tells the words with the withdrawn name? ─► left out

What was read is kept beside it, so that it comes back when the correction is taken back. Doing it
twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from bot.core.quotes.corrections import Corrections
from bot.core.quotes.utterance import Uttered, words_of
from bot.domain.answers import Hit
from bot.domain.ledger import Correction
from bot.domain.posts import Brief, BriefItem, BriefQuote, DesiredPost, Post, PostStatus
from bot.domain.quotes import Speaker

Said = TypeVar("Said", BriefQuote, Hit)


def corrected_brief(brief: Brief, corrections: Corrections) -> Brief:
    """``brief`` as it is to be shown under ``corrections``."""
    items = tuple(_item(item, corrections) for item in brief.items)
    return brief if items == brief.items else replace(brief, items=items)


def corrected_hit(hit: Hit, corrections: Corrections) -> Hit:
    """``hit`` as it is to be shown; a passage is its outlet's own words and stays as it is."""
    return _told(hit, corrections) if hit.is_quote else hit


def amended(
    posts: Iterable[Post], before: Corrections, after: Corrections
) -> tuple[DesiredPost, ...]:
    """What is shown otherwise after a change of corrections, wanted once more.

    The briefs stay as they are: names are taken off where they are shown.
    """
    return tuple(
        DesiredPost(key=post.key, revision=post.desired + 1, brief=post.brief)
        for post in posts
        if post.status is not PostStatus.DEAD
        and corrected_brief(post.brief, before) != corrected_brief(post.brief, after)
    )


def as_read(said: BriefQuote | Hit) -> Speaker | None:
    """Whom the text was read to name, as shown and with the role; whatever was corrected since."""
    if said.corrected:
        return said.as_read
    return Speaker(text=said.speaker, role=said.role) if said.speaker else None


def correction_of(said: BriefQuote | Hit, corrections: Corrections) -> Correction | None:
    """The correction that holds for what is shown, or for a part of it."""
    if not corrections:
        return None
    found = (
        corrections.of(
            Uttered(
                words=words_of(text),
                speaker=as_read(said),
                published=said.published,
                article_id=said.article_id,
            )
        )
        for text in dict.fromkeys((said.text, *(part.text for part in said.parts)))
    )
    return next((correction for correction in found if correction is not None), None)


def _item(item: BriefItem, corrections: Corrections) -> BriefItem:
    lead = "" if corrections.told_in(item.lead, item.published) else item.lead
    return replace(
        item, lead=lead, quotes=tuple(_told(quote, corrections) for quote in item.quotes)
    )


def _told(said: Said, corrections: Corrections) -> Said:
    read = as_read(said)
    name = read.text if read else None
    correction = correction_of(said, corrections)
    if correction is None or correction.said == name:
        return replace(
            said,
            speaker=name,
            role=read.role if read else said.role,
            corrected=False,
            as_read=None,
        )
    return replace(said, speaker=correction.said, role=None, corrected=True, as_read=read)
