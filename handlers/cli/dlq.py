"""``dlq list``, ``show``, ``replay`` and ``drop``: what the pipeline gave up."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Sequence

from rich.console import Console

from bot.bootstrap.app import App
from bot.bootstrap.settings import Settings
from bot.domain.dead_letters import DeadLetter
from bot.domain.errors import UsageError
from bot.domain.times import iso
from bot.render.dead_letters import about, letter_text, letters_text
from bot.render.escape import plain
from bot.render.words import count
from handlers.cli.archive import on_app
from handlers.cli.docs import Line, emit

#: More than all streams together ever keep.
_ALL = 100_000


def show_list(settings: Settings, *, limit: int, as_json: bool) -> None:
    """Print the newest ones."""

    async def work(app: App) -> tuple[tuple[DeadLetter, ...], int]:
        return await app.dead_letters.newest(limit), sum((await app.dead_letters.counts()).values())

    letters, number = on_app(settings, work)
    if as_json:
        for letter in letters:
            emit(_line(letter))
    else:
        Console(soft_wrap=True).print(letters_text(letters), end="")
        older = number - len(letters)
        sys.stdout.write(f"and {older:,} older; --limit shows more\n" if older > 0 else "")
        sys.stdout.write("" if letters else "nothing was given up\n")


def show(settings: Settings, name: str, *, as_json: bool) -> None:
    """Print one with everything it holds."""
    letter = on_app(settings, lambda app: _named(app, name))
    if as_json:
        emit({**_line(letter), "fields": dict(letter.fields)})
    else:
        Console(soft_wrap=True).print(letter_text(letter), end="")


def replay(settings: Settings, names: Sequence[str], *, everything: bool, as_json: bool) -> None:
    """Put some back on their streams, each once."""
    _each(settings, names, everything, as_json, "put back", lambda app: app.dead_letters.replay)


def drop(settings: Settings, names: Sequence[str], *, everything: bool, as_json: bool) -> None:
    """Forget some for good."""
    _each(settings, names, everything, as_json, "dropped", lambda app: app.dead_letters.drop)


def _each(
    settings: Settings,
    names: Sequence[str],
    everything: bool,
    as_json: bool,
    done: str,
    deed: Callable[[App], Callable[[DeadLetter], Awaitable[bool]]],
) -> None:
    if everything == bool(names):
        raise UsageError("say which: ids as `nato-brief dlq list` shows them, or --all")

    async def work(app: App) -> tuple[DeadLetter, ...]:
        # The oldest first, in the order in which they came.
        letters = (await app.dead_letters.newest(_ALL))[::-1] if everything else ()
        letters = letters or tuple([await _named(app, name) for name in names])
        return tuple([letter for letter in letters if await deed(app)(letter)])

    letters = on_app(settings, work)
    for letter in letters:
        if as_json:
            emit({**_line(letter), "done": done})
        else:
            sys.stdout.write(f"{done}: {letter.id}  {plain(about(letter))}\n")
    if not as_json:
        sys.stdout.write(f"{count(len(letters), 'dead letter')} {done}\n")


async def _named(app: App, name: str) -> DeadLetter:
    letter = await app.dead_letters.letter(name)
    if letter is None:
        raise UsageError(
            f"there is no dead letter {plain(name)!r}: `nato-brief dlq list` shows those there are;"
            " one that was put back or dropped is gone"
        )
    return letter


def _line(letter: DeadLetter) -> Line:
    return {
        "id": letter.id,
        "stream": letter.stream,
        "at": iso(letter.at),
        "what": about(letter),
        "article": letter.article_id,
        "problem": letter.problem,
    }
