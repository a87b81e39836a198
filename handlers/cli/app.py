"""The command line: what can be typed, and how an error is told."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Annotated

import typer

from bot.bootstrap.environment import environment
from bot.bootstrap.settings import settings_from
from bot.domain.addresses import shown_in
from bot.domain.controls import tame
from bot.domain.errors import BotError, ConfigError, UsageError
from handlers.cli.dlq_group import dlq
from handlers.cli.quote_group import quote
from handlers.logs import log_to_terminal

app = typer.Typer(
    name="nato-brief",
    help="Watches the news for your topics and brings chat the quotes, with who said them.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
feeds = typer.Typer(
    name="feeds",
    help="Check, add, import and export feeds. Decide about held entries, parse stored ones.",
    no_args_is_help=True,
)
app.add_typer(feeds)
watchlist = typer.Typer(
    name="watchlist", help="Versions of the configuration in force.", no_args_is_help=True
)
app.add_typer(watchlist)
app.add_typer(quote)
app.add_typer(dlq)

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


def version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        from importlib.metadata import version as installed

        typer.echo(f"nato-brief {installed('nato-brief')}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Configuration folder (default: ./config, else ours)."),
    ] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Where the embedded server and the index keep their data."
        ),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Log more, as NATO_BRIEF_LOG_LEVEL=debug does.")
    ] = False,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Options that come before every command."""
    settings = settings_from(environment(config), config=config, data=data_dir)
    if verbose:
        settings = replace(settings, log_level=logging.DEBUG)
        log_to_terminal(settings.log_level)
    context.obj = settings


@app.command()
def demo(
    out: Annotated[Path, typer.Option(metavar="FILE", help="The page to write.")] = Path(
        "demo.html"
    ),
) -> None:
    """Show the whole way of an article, offline.

    Feeds, alerts, a digest, a correction, an answer.
    """
    from handlers.demo import demo as run_demo

    run_demo(out)


@app.command()
def run(context: typer.Context) -> None:
    """Start the bot, all roles in one process.

    It brings its own server unless REDIS_URL is set.
    """
    from handlers.roles import start

    start(context.obj, roles=("scheduler", "worker", "web"))


@app.command()
def web(context: typer.Context) -> None:
    """Start pages, health, metrics and chat alone.

    Needs REDIS_URL.
    """
    from handlers.roles import start

    start(context.obj, roles=("web",))


@app.command()
def scheduler(context: typer.Context) -> None:
    """Start polling and digests alone.

    Needs REDIS_URL.
    """
    from handlers.roles import start

    start(context.obj, roles=("scheduler",))


@app.command()
def worker(context: typer.Context) -> None:
    """Start reading and delivering alone.

    Needs REDIS_URL.
    """
    from handlers.roles import start

    start(context.obj, roles=("worker",))


@app.command()
def init(folder: Annotated[Path, typer.Argument(metavar="DIR")]) -> None:
    """Write a starter configuration to DIR.

    Nothing that is there is overwritten.
    """
    from handlers.cli.setup import init as write

    write(folder)


@app.command()
def check(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]")] = None,
    json: Json = False,
) -> None:
    """Check the configuration, say every fix.

    Settings, feeds, channels, people and watchlists: all problems at once.
    """
    from handlers.cli.setup import check as run_check

    run_check(context.obj, folder, as_json=json)


@app.command()
def doctor(context: typer.Context, json: Json = False) -> None:
    """Check what the bot needs to run.

    What is wrong is said with the fix.
    """
    from handlers.cli.setup import doctor as run_doctor

    run_doctor(context.obj, as_json=json)


@feeds.command("parse")
def feeds_parse(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...")],
    url: Annotated[str | None, typer.Option(help="The address the files came from.")] = None,
    content_type: Annotated[str | None, typer.Option(help="As the server sent it.")] = None,
) -> None:
    """Parse stored feeds; one JSON object a line for each file."""
    from handlers.cli.lines import parse_feeds

    parse_feeds(files, url=url, content_type=content_type)


@feeds.command("check")
def feeds_check(context: typer.Context, json: Json = False) -> None:
    """Show how every feed is: state, last success, interval, next poll, how fresh its news is."""
    from handlers.cli.feed_states import check as run_check

    run_check(context.obj, as_json=json)


@feeds.command("accept")
def feeds_accept(
    context: typer.Context, feed: Annotated[str, typer.Argument(metavar="FEED")]
) -> None:
    """Pass on the entries held of a feed (its id, address or name)."""
    from handlers.cli.feed_states import decide_held

    decide_held(context.obj, feed, accept=True)


@feeds.command("drop")
def feeds_drop(
    context: typer.Context, feed: Annotated[str, typer.Argument(metavar="FEED")]
) -> None:
    """Drop the entries held of a feed; they stay known and are never announced."""
    from handlers.cli.feed_states import decide_held

    decide_held(context.obj, feed, accept=False)


@feeds.command("add")
def feeds_add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL")],
    name: Annotated[str | None, typer.Option(help="The outlet's name as readers see it.")] = None,
) -> None:
    """Find the feed behind a site and add it to feeds.yaml."""
    from handlers.cli.feeds import add

    add(context.obj, url, name=name)


@feeds.command("import")
def feeds_import(
    context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE")]
) -> None:
    """Add the feeds of an OPML list to feeds.yaml; those it has are left as they are."""
    from handlers.cli.feeds import import_opml

    import_opml(context.obj, file)


@feeds.command("export")
def feeds_export(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]")] = None,
) -> None:
    """Write the configured feeds as an OPML list, for any feed reader."""
    from handlers.cli.feeds import export_opml

    export_opml(context.obj, file)


@app.command()
def match(
    context: typer.Context,
    watchlists: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Watchlists to use instead.")
    ] = None,
) -> None:
    """Flag docs with topics, and the evidence.

    Docs are JSONL on standard input.
    """
    from handlers.cli.lines import match as run_match

    run_match(context.obj, watchlists)


@app.command()
def quotes(
    context: typer.Context,
    model: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Installed spaCy pipeline for a second opinion."),
    ] = None,
) -> None:
    """Find quotes of docs and who said them.

    Docs are JSONL on standard input.
    """
    from handlers.cli.lines import quotes as run_quotes

    run_quotes(context.obj, model)


@app.command()
def stories() -> None:
    """Group docs into stories.

    Docs are JSONL on standard input, in time order.
    """
    from handlers.cli.lines import stories as run_stories

    run_stories()


@app.command()
def load(context: typer.Context) -> None:
    """Put docs into the archive.

    Docs are JSONL on standard input; returns when they can be found.
    """
    from handlers.cli.archive import load as run_load

    run_load(context.obj)


@app.command()
def ask(
    context: typer.Context,
    question: Annotated[str | None, typer.Argument(metavar="QUESTION")] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Answer JSONL questions from stdin.")
    ] = False,
    share: Annotated[
        str | None, typer.Option(metavar="TO", help="Also post the answer to a destination.")
    ] = None,
    json: Json = False,
) -> None:
    """Answer a question with cited quotes.

    Verbatim, from the archive.
    """
    from handlers.cli.archive import ask as run_ask

    run_ask(context.obj, question, jsonl=jsonl, share=share, as_json=json)


@app.command()
def why(context: typer.Context, url: str, json: Json = False) -> None:
    """Tell how one article went, and why."""
    from handlers.cli.archive import why as run_why

    run_why(context.obj, url, as_json=json)


@app.command()
def backtest(
    context: typer.Context,
    watchlist: Annotated[Path, typer.Argument(metavar="WATCHLIST")],
    since: Annotated[
        str, typer.Option(metavar="WHEN", help="How far back: 7d, 12h, 2w or a date.")
    ] = "7d",
    show: Annotated[
        int, typer.Option(metavar="N", min=0, help="Articles to show of each kind.")
    ] = 10,
    json: Json = False,
) -> None:
    """Try a watchlist on the archive.

    Alerts a day, articles gained and lost, cost.
    """
    from handlers.cli.backtest import backtest as run_backtest

    run_backtest(context.obj, watchlist, since=since, show=show, as_json=json)


@watchlist.command("history")
def watchlist_history(context: typer.Context, json: Json = False) -> None:
    """List the versions that are stored: who changed what, and when."""
    from handlers.cli.watchlist import history

    history(context.obj, as_json=json)


@watchlist.command("diff")
def watchlist_diff(
    context: typer.Context,
    old: Annotated[int | None, typer.Argument(metavar="[VERSION]")] = None,
    new: Annotated[int | None, typer.Argument(metavar="[VERSION]")] = None,
    json: Json = False,
) -> None:
    """Show how the folder differs from what is in force, or one version from another."""
    from handlers.cli.watchlist import diff

    diff(context.obj, old, new, as_json=json)


@watchlist.command("pull")
def watchlist_pull(context: typer.Context) -> None:
    """Write what is in force to the folder; what was edited there is kept aside."""
    from handlers.cli.watchlist import pull

    pull(context.obj)


@watchlist.command("rollback")
def watchlist_rollback(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="VERSION")],
    file: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only this file: feeds, watchlists/NAME...")
    ] = None,
    json: Json = False,
) -> None:
    """Bring an older version back, as a new one."""
    from handlers.cli.watchlist import rollback

    rollback(context.obj, number, file, as_json=json)


def main() -> None:
    """Run the command line; every error we can explain is told in words, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        # What a terminal cannot show is no error; files and pipes are UTF-8, whatever the locale.
        encoding = None if stream.isatty() else "utf-8"
        stream.reconfigure(encoding=encoding, errors="replace")  # type: ignore[union-attr]
    sys.excepthook = _crashed
    code = _told(app)
    try:
        sys.stdout.flush()
    except OSError:  # nobody reads it any more; Python would complain at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(code)


def _crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A traceback, as Python writes it, without the secrets of addresses in it."""
    sys.stderr.write(tame(shown_in("".join(traceback.format_exception(kind, error, trace)))))


def _told(command: Callable[[], object]) -> int:
    try:
        command()
    except ConfigError as error:
        for problem in error.problems:
            typer.echo(tame(str(problem)), err=True)
        return 1
    except UsageError as error:
        typer.echo(tame(f"nato-brief: {error}"), err=True)
        return 2
    except BotError as error:
        typer.echo(tame(f"nato-brief: {error}"), err=True)
        return 1
    except BrokenPipeError:  # the reader of our output has gone: nothing to tell it
        return 1
    except OSError as error:  # a folder we may not write, a full disk
        where = f"{error.filename}: " if error.filename else ""
        typer.echo(tame(f"nato-brief: {where}{error.strerror or error}"), err=True)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
