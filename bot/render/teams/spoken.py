"""What an asker gets as an Adaptive Card: a reply, an explanation, the latest stories, the help."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bot.domain.addresses import shown as address
from bot.domain.answers import Hit, Reply
from bot.domain.conversation import Help, Latest, Spoken
from bot.domain.explanations import Explanation
from bot.domain.posts import BriefItem
from bot.render import words
from bot.render.escape import plain, teams
from bot.render.facts import facts
from bot.render.teams.elements import (
    DOT,
    Element,
    box,
    heading,
    line,
    moment,
    moment_run,
    read_at,
    run,
    short,
    small,
    text,
)
from bot.render.teams.limits import Card, first_fitting
from bot.render.teams.message import card
from bot.render.words import shortened

#: Characters shown of a part.
_QUESTION, _FACT, _ROW = 300, 120, 300
#: Rows of an explanation, topics of the help.
_ROWS, _TOPICS = 24, 20
#: (hits, characters of each), the longest reply first.
_REPLIES = ((8, 900), (5, 600), (3, 300), (1, 200))


def spoken_card(spoken: Spoken) -> Card:
    """``spoken`` as a card; always sendable."""
    match spoken:
        case Reply():
            return first_fitting(partial(_reply, spoken, *room) for room in _REPLIES)
        case Explanation():
            return first_fitting(partial(_explanation, spoken, n) for n in (_ROWS, 8, 2))
        case Latest():
            return first_fitting(partial(_latest, spoken, n) for n in (10, 5, 1))
        case Help():
            return first_fitting([partial(_help, spoken, _TOPICS), partial(_help, spoken, 0)])


def spoken_line(spoken: Spoken) -> str:
    """``spoken`` in one line of plain text, for notifications."""
    match spoken:
        case Reply():
            first = next(iter(spoken.answer), None)
            said = f"{_short(first)} ({_fact(first.outlet)})" if first else ""
            parts = (_title(spoken.question), words.verdict(spoken), said)
            return " — ".join(filter(None, parts))
        case Explanation():
            rows = "; ".join(f"{name} {short(value, _ROW)}" for name, value in facts(spoken)[:6])
            return f"{_title(_about(spoken))}: {rows}"
        case Latest():
            names = "; ".join(_fact(item.title) for item in spoken.items)
            return f"{_latest_title(spoken)}{': ' if names else ''}{names}"
        case Help():
            return f"{help_line(spoken)} {'; '.join(e.line for e in spoken.examples)}"


def _short(hit: Hit) -> str:
    """A quote in its marks, an outlet's own words without."""
    if hit.is_quote:
        return words.uttered(hit, most=300, clean=plain)
    return short(hit.text, 300)


def help_rows(found: Help, topics: int) -> Iterator[Element | None]:
    """What can be typed, and the topics that are watched."""
    for example in found.examples:
        yield line(
            run(_fact(example.line), fontType="Monospace"),
            run(f"  {_fact(example.does)}", isSubtle=True),
            spacing="Small",
        )
    shown = [teams(short(topic, 60)) for topic in found.topics[:topics]]
    if shown and len(found.topics) > topics:
        shown.append(f"and {len(found.topics) - topics:,} more")
    if shown:
        yield text("Topics", weight="Bolder", size="Small", spacing="Medium")
        yield small(shown)


def help_line(found: Help) -> str:
    """The sentence over the examples; about a verb that was not understood, if one was typed."""
    first = "Ask a question, or type one of these:"
    typed = short(found.typed, 60)
    if found.nearest is None:
        return first
    if typed.lower() == found.nearest:
        return f"“{typed}” needs something after it. {first}"
    return f"“{typed}” is no command. Did you mean “{found.nearest}”? {first}"


def _reply(reply: Reply, most: int, characters: int) -> Card:
    verdict = words.verdict(reply)
    shown = reply.answer[:most]
    body: list[Element | None] = [
        text("ANSWER", size="Small", weight="Bolder", color="Good"),
        heading(_title(reply.question), spacing="Small"),
        text(teams(verdict), color="Warning") if verdict else None,
        *(_hit(hit, characters) for hit in shown),
    ]
    if len(reply.answer) > len(shown):
        body.append(small([f"and {len(reply.answer) - len(shown):,} more"]))
    if not verdict:
        body.append(small([f"Word for word, from {words.searched(reply.searched)}"]))
    one = {hit.url for hit in shown}
    actions = [read_at(shown[0].url, shown[0].outlet)] if len(one) == 1 else []
    return card(body, fallback=spoken_line(reply), actions=actions)


def _hit(hit: Hit, characters: int) -> Element | None:
    """The words, then who said them, where and when."""
    if hit.is_quote:
        said = words.uttered(hit, most=characters, clean=plain)
    else:
        whole = plain(hit.text[: 8 * characters])
        cut = shortened(whole, characters)
        said = whole if cut == whole else f"{cut.removesuffix('…')} […]"
    return box(
        [
            line(run(said)),
            line(run(_fact(words.speaker(hit)), weight="Bolder"), spacing="Small")
            if hit.is_quote
            else None,
            line(
                run(_fact(hit.outlet) or "source", url=hit.url, size="Small"),
                run(DOT, size="Small", isSubtle=True),
                moment_run(hit.published, size="Small", isSubtle=True),
                spacing="Small",
            ),
        ],
        style="emphasis",
        spacing="Small",
    )


def _explanation(found: Explanation, most: int) -> Card:
    rows = facts(found)
    body: list[Element | None] = [heading(_title(_about(found)))]
    for name, value in rows[:most]:
        body.append(
            line(
                run(f"{name}: ", weight="Bolder"),
                run(short(value, _ROW) or "–"),
                spacing="Small",
            )
        )
    if len(rows) > most:
        body.append(small([f"and {len(rows) - most:,} more"]))
    article = found.record.article if found.record else None
    outlet = article.outlet if article else "the address"
    action = read_at(article.url if article else address(found.url), outlet)
    return card(body, fallback=spoken_line(found), actions=[action])


def _latest(latest: Latest, most: int) -> Card:
    title = _latest_title(latest)
    if not latest.items:
        return card([text(teams(title))], fallback=title)
    return card(
        [heading(title), *(_news(item) for item in latest.items[:most])],
        fallback=spoken_line(latest),
    )


def _news(item: BriefItem) -> Element | None:
    """One story: headline, where and when, its first quote."""
    facts_of = [teams(_fact(item.outlet)), moment(item.published), words.coverage(item)]
    parts = [
        line(run(_title(item.title), url=item.url, weight="Bolder")),
        small(facts_of),
    ]
    parts += [
        line(
            run(words.uttered(said, most=300, clean=plain)),
            run(DOT),
            run(_fact(words.speaker(said)), weight="Bolder"),
            spacing="Small",
        )
        for said in item.quotes[:1]
    ]
    return box(parts, separator=True, spacing="Medium")


def _help(found: Help, topics: int) -> Card:
    body = [text(teams(help_line(found))), *help_rows(found, topics)]
    return card(body, fallback=spoken_line(found))


def _latest_title(latest: Latest) -> str:
    about = f" on {short(latest.topic, 60)}" if latest.topic else ""
    return f"Latest{about}" if latest.items else f"Nothing was posted{about} yet."


def _about(found: Explanation) -> str:
    return found.record.article.title if found.record else address(found.url)


def _title(value: str) -> str:
    return short(value, _QUESTION) or "…"


def _fact(value: str) -> str:
    return short(value, _FACT)
