"""A backtest as a person reads it: topics, alerts a day, what was gained and lost, and why."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.domain.backtests import Backtest, Difference
from bot.render.escape import plain


def backtest_text(found: Backtest, *, shown: int) -> RenderableType:
    """The whole report, with at most ``shown`` articles gained and lost."""
    parts: list[RenderableType] = [
        Text(
            f"{found.articles:,} articles from {found.since:%Y-%m-%d %H:%M}"
            f" to {found.until:%Y-%m-%d %H:%M} UTC\n"
        ),
        _topics(found),
        _alerts(found),
        *_differences("Gained", "green", found.gained, shown),
        *_differences("Lost", "red", found.lost, shown),
        Text(
            f"Cost: {found.cost_before:.2f} ms of CPU an article before,"
            f" {found.cost_after:.2f} ms after."
        ),
    ]
    parts += [Text(plain(str(problem)), "yellow") for problem in found.common]
    return Group(*parts)


def _topics(found: Backtest) -> Table:
    table = _table("topic", "articles before", "after", "difference")
    for topic in found.topics:
        change = topic.after - topic.before
        table.add_row(
            Text(plain(topic.name)), f"{topic.before:,}", f"{topic.after:,}", f"{change:+,}"
        )
    return table


def _alerts(found: Backtest) -> Table:
    table = _table("alerts (all topics)", "before", "after", "difference")
    for day in found.alerts:
        table.add_row(
            f"{day.day:%a %Y-%m-%d}", str(day.before), str(day.after), f"{day.after - day.before:+}"
        )
    days = max(1.0, (found.until - found.since).total_seconds() / 86_400)
    before = sum(day.before for day in found.alerts) / days
    after = sum(day.after for day in found.alerts) / days
    table.add_row("a day", f"{before:.1f}", f"{after:.1f}", f"{after - before:+.1f}")
    return table


def _differences(
    heading: str, colour: str, articles: Sequence[Difference], shown: int
) -> list[RenderableType]:
    lines: list[RenderableType] = [Text(f"{heading}: {len(articles):,}", f"bold {colour}")]
    for each in articles[:shown]:
        lines.append(
            Text.assemble(
                f"  {each.at:%d %b} ",
                (plain(each.title), "bold"),
                f" ({plain(each.outlet)})",
            )
        )
        lines.append(Text(f"         {plain(each.match.topic)}, score {each.match.score:g}"))
        lines += [
            Text(f'         {plain(e.rule)}: "{plain(e.text)}" in the {e.field}')
            for e in each.match.evidence[:3]
        ]
    if len(articles) > shown:
        lines.append(Text(f"  and {len(articles) - shown:,} more: --show N, or --json"))
    lines.append(Text(""))
    return lines


def _table(*headings: str) -> Table:
    table = Table(box=box.SIMPLE, show_edge=False, pad_edge=False)
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number == 0 else "right")
    return table
