"""The group ``dlq`` of the command line: what can be typed."""

from __future__ import annotations

from typing import Annotated

import typer

dlq = typer.Typer(
    name="dlq", help="What was given up: show it, put it back, drop it.", no_args_is_help=True
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
LetterId = Annotated[str, typer.Argument(metavar="ID", help="As `dlq list` shows it.")]
LetterIds = Annotated[list[str] | None, typer.Argument(metavar="[ID...]")]
All = Annotated[bool, typer.Option("--all", help="All there are.")]


@dlq.command("list")
def dlq_list(
    context: typer.Context,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=10_000, help="How many.")] = 50,
    json: Json = False,
) -> None:
    """List what was given up, the newest first: what, when, why."""
    from handlers.cli.dlq import show_list

    show_list(context.obj, limit=limit, as_json=json)


@dlq.command("show")
def dlq_show(context: typer.Context, name: LetterId, json: Json = False) -> None:
    """Show one with everything it holds."""
    from handlers.cli.dlq import show

    show(context.obj, name, as_json=json)


@dlq.command("replay")
def dlq_replay(
    context: typer.Context,
    names: LetterIds = None,
    everything: All = False,
    json: Json = False,
) -> None:
    """Put some back on their streams, each once, as if for the first time."""
    from handlers.cli.dlq import replay

    replay(context.obj, names or (), everything=everything, as_json=json)


@dlq.command("drop")
def dlq_drop(
    context: typer.Context,
    names: LetterIds = None,
    everything: All = False,
    json: Json = False,
) -> None:
    """Forget some for good; says what it dropped."""
    from handlers.cli.dlq import drop

    drop(context.obj, names or (), everything=everything, as_json=json)
