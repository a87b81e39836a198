"""The group ``quote`` of the command line: what can be typed."""

from __future__ import annotations

from typing import Annotated

import typer

quote = typer.Typer(
    name="quote", help="Find quotes by id or words; correct who said them.", no_args_is_help=True
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
QuoteId = Annotated[str, typer.Argument(metavar="ID", help="As `quote find` lists it.")]
By = Annotated[str | None, typer.Option(metavar="WHO", help="Who says so (default: you).")]


@quote.command("find")
def quote_find(
    context: typer.Context,
    wanted: Annotated[list[str] | None, typer.Argument(metavar="WORDS...")] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Quotes of this person.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="WHEN", help="How far back: 7d, 12h, 2w or a date.")
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=100, help="Entries to show.")] = 10,
    json: Json = False,
) -> None:
    """List quotes with these words: id, speaker, outlets."""
    from handlers.cli.quote import find

    words = " ".join(wanted or ())
    find(context.obj, words, by=by, since=since, limit=limit, as_json=json)


@quote.command("show")
def quote_show(context: typer.Context, name: QuoteId, json: Json = False) -> None:
    """Show a quote with every source, its rule and confidence."""
    from handlers.cli.quote import show

    show(context.obj, name, as_json=json)


@quote.command("wrong")
def quote_wrong(
    context: typer.Context,
    name: QuoteId,
    said: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who said it; else nobody is named.")
    ] = None,
    nobody: Annotated[
        bool, typer.Option("--nobody", help="Withdraw the name (the default).")
    ] = False,
    by: By = None,
    note: Annotated[str, typer.Option(metavar="TEXT", help="Why, in a few words.")] = "",
    as_written: Annotated[
        bool, typer.Option("--as-written", help="Take NAME although it looks like a slip.")
    ] = False,
    json: Json = False,
) -> None:
    """Say that the name beside a quote is wrong.

    It is taken off everywhere: posts that are out are edited.
    """
    from handlers.cli.quote import wrong

    wrong(
        context.obj,
        name,
        said=said,
        nobody=nobody,
        by=by,
        note=note,
        as_written=as_written,
        as_json=json,
    )


@quote.command("right")
def quote_right(context: typer.Context, name: QuoteId, by: By = None, json: Json = False) -> None:
    """Take a correction back."""
    from handlers.cli.quote import right

    right(context.obj, name, by=by, as_json=json)


@quote.command("corrections")
def quote_corrections(context: typer.Context, json: Json = False) -> None:
    """List the corrections in force: who, when, what."""
    from handlers.cli.quote import corrections

    corrections(context.obj, as_json=json)
