"""``quote find``, ``show``, ``wrong``, ``right``, ``corrections``: the ledger, corrected."""

from __future__ import annotations

import re
import sys

from rich.console import Console

from bot.bootstrap.app import App
from bot.bootstrap.ledger import correct_of, ledger_of
from bot.bootstrap.settings import Settings
from bot.core.answers.near_names import near_names
from bot.domain.errors import UsageError
from bot.domain.ledger import Correction, Utterance
from bot.render.ledger import correction_line, corrections_text, entries_text, entry_text
from bot.services.ledger import Ledger
from handlers.cli.archive import on_app
from handlers.cli.backtest import since_time
from handlers.cli.docs import emit
from handlers.cli.quote_lines import correction_json, entry_line
from handlers.cli.who import who

#: Looks like an id: eight letters and digits of this alphabet.
_ID = re.compile(r"[a-z2-7]{8}")
#: What is typed for a letter of the alphabet by people who read it off a screen.
_MISREAD = str.maketrans({"0": "o", "8": "b"})
_EMPTY = (
    "the archive holds no articles yet: `nato-brief run` fills it, or `nato-brief load` with docs"
)


def find(
    settings: Settings,
    wanted: str,
    *,
    by: str | None,
    since: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Print the entries whose quotes have these words."""
    if not wanted.strip() and by is None:
        raise UsageError("say what to look for: words of the quote, or --by NAME")

    async def work(app: App) -> tuple[tuple[Utterance, ...], tuple[str, ...]]:
        ledger = await _ledger(app)
        now = app.clock.now()
        earliest = since_time(since, now=now) if since else None
        entries = await ledger.find(wanted, by=by, since=earliest, now=now, limit=limit)
        near = () if entries or by is None else near_names(by, await ledger.speakers())
        return entries, near

    found, near = on_app(settings, work)
    if as_json:
        emit({"entries": [entry_line(entry) for entry in found]})
    elif found:
        Console(soft_wrap=True).print(entries_text(found), end="")
    else:
        about = f" with “{wanted}”" if wanted.strip() else ""
        meant = f" Did you mean {' or '.join(near)}?" if near and by not in near else ""
        sys.stdout.write(f"No quote{about}{f' by {by}' if by else ''} was found.{meant}\n")
    if not found:
        raise SystemExit(1)


def show(settings: Settings, name: str, *, as_json: bool) -> None:
    """Print one entry with every source."""
    wanted = typed_id(name)

    async def work(app: App) -> Utterance:
        entry = await (await _ledger(app)).entry(wanted)
        if entry is None:
            raise UsageError(_unknown(wanted))
        return entry

    _print_entry(on_app(settings, work), as_json=as_json)


def wrong(
    settings: Settings,
    name: str,
    *,
    said: str | None,
    nobody: bool,
    by: str | None,
    note: str,
    as_written: bool,
    as_json: bool,
) -> None:
    """Withdraw the name beside a quote, or give another."""
    if said is not None and nobody:
        raise UsageError("--said NAME and --nobody exclude each other")
    wanted = typed_id(name)

    async def work(app: App) -> Utterance:
        await _ledger(app)
        return await correct_of(app).wrong(
            wanted, said=said, by=by or who(), note=note, as_written=as_written
        )

    entry = on_app(settings, work)
    _print_entry(entry, as_json=as_json)
    if not as_json:
        sys.stdout.write(
            "\nPosts that show it are edited by the running bot; answers and pages obey at once."
            f"\n`nato-brief quote right {wanted}` takes the correction back.\n"
        )


def right(settings: Settings, name: str, *, by: str | None, as_json: bool) -> None:
    """Take a correction back."""
    wanted = typed_id(name)

    async def work(app: App) -> Correction:
        await _ledger(app)
        return await correct_of(app).right(wanted, by=by or who())

    taken = on_app(settings, work)
    if as_json:
        emit({"taken_back": correction_json(taken)})
    else:
        sys.stdout.write(f"Taken back: {correction_line(taken)}\n")


def corrections(settings: Settings, *, as_json: bool) -> None:
    """Print the corrections in force, the newest first."""
    found = on_app(settings, lambda app: app.corrections.in_force())
    if as_json:
        emit({"corrections": [correction_json(correction) for correction in found]})
    elif found:
        Console(soft_wrap=True).print(corrections_text(found), end="")
    else:
        sys.stdout.write("No speaker has been corrected.\n")


def typed_id(written: str) -> str:
    """The id that was typed, in any case, with what is misread put right.

    Raises:
        UsageError: it cannot be one.
    """
    name = re.sub(r"[\s#-]", "", written).lower().removeprefix("quote").translate(_MISREAD)
    if not _ID.fullmatch(name):
        raise UsageError(
            f"{written!r} is no quote id: eight letters and digits, like k3f7a2bq;"
            " `nato-brief quote find WORDS` lists them"
        )
    return name


async def _ledger(app: App) -> Ledger:
    await app.tail.catch_up()
    ledger = ledger_of(app)
    if ledger.is_empty:
        raise UsageError(_EMPTY)
    return ledger


def _unknown(name: str) -> str:
    return f"no quote has the id {name}: `nato-brief quote find WORDS` lists ids"


def _print_entry(entry: Utterance, *, as_json: bool) -> None:
    if as_json:
        emit(entry_line(entry))
    else:
        Console(soft_wrap=True).print(entry_text(entry), end="")
