"""What an asker gets as a Slack message: a reply, an explanation, the latest stories, the help."""

from __future__ import annotations

from bot.domain.addresses import shown as address
from bot.domain.answers import Hit, Reply
from bot.domain.conversation import Help, Latest, Spoken
from bot.domain.explanations import Explanation
from bot.domain.posts import BriefItem
from bot.render import words
from bot.render.escape import plain, slack
from bot.render.facts import facts
from bot.render.slack.blocks import (
    DOT,
    Block,
    Element,
    bullets,
    button,
    context,
    line,
    link,
    quote,
    rich_date,
    rich_text,
    text,
)
from bot.render.slack.brief import quote_of
from bot.render.slack.limits import Payload
from bot.render.words import shortened

#: The action of the button under a reply.
SHARE = "share_reply"

#: Characters shown of each part, before escaping.
_QUESTION = 300
_LINE = 900
_FACT = 120
_ROW = 300
#: Rows of an explanation; lines to type and topics of the help.
_ROWS = 24
_EXAMPLES = 10
_TOPICS = 20


def spoken_message(spoken: Spoken, *, share: str | None = None, prefix: str = "") -> Payload:
    """``spoken`` as ``text`` and ``blocks``; always sendable.

    Args:
        spoken: What to show.
        share: What the button "Share to channel" under a reply carries; None leaves it out.
        prefix: What a person has to type before a command: ``/nato-brief``.
    """
    match spoken:
        case Reply():
            return _reply(spoken, share)
        case Explanation():
            return _explanation(spoken)
        case Latest():
            return _latest(spoken)
        case Help():
            return _help(spoken, f"{prefix} " if prefix else "")


def _reply(reply: Reply, share: str | None) -> Payload:
    question = shortened(plain(reply.question), _QUESTION) or "…"
    verdict = words.verdict(reply)
    parts = [line(text(question, "bold")), line(text(verdict, "italic"))]
    parts += [_hit(hit) for hit in reply.answer[:8]]
    blocks: list[Block | None] = [rich_text(parts)]
    if not verdict:
        blocks.append(context([f"Word for word, from {words.searched(reply.searched)}"]))
    if reply.answer and share is not None:
        blocks.append(button("Share to channel", action=SHARE, value=share))
    first = next(iter(reply.answer), None)
    said = f"{_said(first, _QUESTION)} ({plain(first.outlet)[:_FACT]})" if first else ""
    return _message(" — ".join(filter(None, (question, verdict, said))), blocks)


def _hit(hit: Hit) -> Element:
    """The words, then who said them, where and when."""
    outlet = shortened(plain(hit.outlet), _FACT) or "source"
    return quote(
        text(f"{_said(hit, _LINE)}\n"),
        text(shortened(plain(words.speaker(hit)), _FACT), "bold") if hit.is_quote else None,
        text(DOT) if hit.is_quote else None,
        link(hit.url, outlet),
        text(DOT),
        rich_date(hit.published),
    )


def _said(hit: Hit, most: int) -> str:
    """A quote in its marks, an outlet's own words without."""
    if hit.is_quote:
        return words.uttered(hit, most=most, clean=plain)
    return shortened(plain(hit.text), most)


def _explanation(found: Explanation) -> Payload:
    url = found.url if found.record else address(found.url)
    title = found.record.article.title if found.record else url
    shown = shortened(plain(title), _QUESTION) or "…"
    rows = facts(found)
    listed = [
        line(text(f"{name}: ", "bold"), text(shortened(plain(value), _ROW)))
        for name, value in rows[:_ROWS]
    ]
    if len(rows) > _ROWS:
        listed.append(line(text(f"and {len(rows) - _ROWS:,} more")))
    block = rich_text([line(link(url, shown, "bold")), bullets(listed)])
    return _message(f"{shown}: {'; '.join(f'{n} {v}' for n, v in rows[:6])}", [block])


def _latest(latest: Latest) -> Payload:
    about = f" on {shortened(plain(latest.topic), 60)}" if latest.topic else ""
    if not latest.items:
        nothing = f"Nothing was posted{about} yet."
        return _message(nothing, [rich_text([line(text(nothing))])])
    title = f"Latest{about}"
    parts: list[Element | None] = [line(text(title, "bold"))]
    for item in latest.items[:10]:
        parts += _news(item)
    names = "; ".join(plain(item.title)[:_FACT] for item in latest.items)
    return _message(f"{title}: {names}", [rich_text(parts)])


def _news(item: BriefItem) -> list[Element | None]:
    """One story in three lines: headline, where and when, its first quote."""
    title = shortened(plain(item.title), _QUESTION) or "Without a headline"
    facts_of = [shortened(plain(item.outlet), _FACT), words.coverage(item)]
    return [
        line(
            text("\n"),
            link(item.url, title, "bold"),
            text(f"\n{DOT.join(filter(None, facts_of))}{DOT}"),
            rich_date(item.published),
        ),
        *(quote_of(said, linked=False) for said in item.quotes[:1]),
    ]


def _help(found: Help, prefix: str) -> Payload:
    typed = shortened(plain(found.typed), 60)
    first = "Ask a question, or type one of these:"
    if found.nearest is not None and typed.lower() == found.nearest:
        first = f"“{typed}” needs something after it. {first}"
    elif found.nearest is not None:
        first = f"“{typed}” is no command. Did you mean “{found.nearest}”? {first}"
    listed = [
        line(
            text(prefix + shortened(plain(example.line), _FACT), "code"),
            text(f"  {shortened(plain(example.does), _FACT)}"),
        )
        for example in found.examples[:_EXAMPLES]
    ]
    topics = [slack(shortened(plain(topic), 60)) for topic in found.topics[:_TOPICS]]
    if len(found.topics) > _TOPICS:
        topics.append(f"and {len(found.topics) - _TOPICS:,} more")
    blocks = [
        rich_text([line(text(first)), bullets(listed)]),
        context([f"*Topics* {DOT.join(topics)}" if topics else ""]),
    ]
    return _message(f"{first} {'; '.join(prefix + e.line for e in found.examples)}", blocks)


def _message(fallback: str, blocks: list[Block | None]) -> Payload:
    return {
        "text": slack(shortened(plain(fallback), 600)),
        "blocks": [block for block in blocks if block is not None],
    }
