"""Slack as callers know it: commands, mentions and messages, over HTTP or Socket Mode.

host        the door of each transport, Bolt behind it, the one handler of unexpected errors
signature   whether Slack signed a request
calls       a request → the body that Bolt gets
listeners   what is heard → what is answered; one table
typed       a message as Slack writes it → the line a person typed
"""

from __future__ import annotations

import asyncio

from fastapi import FastAPI

from bot.bootstrap.app import App


def mount_slack(web: FastAPI, app: App) -> None:
    """Take Slack's signed requests at ``/slack/events``, if there is a signing secret."""
    if app.settings.slack is None or app.settings.slack.signing_secret is None:
        return
    # Imported here, because Bolt takes a good part of a second and not everybody needs it.
    from handlers.slack.host import serve_http

    serve_http(web, app)


async def listen_to_slack(app: App, stop: asyncio.Event) -> None:
    """Listen over Socket Mode until ``stop``, if there is an app token."""
    if app.settings.slack is None or app.settings.slack.app_token is None:
        return
    from handlers.slack.host import serve_socket

    await serve_socket(app, stop)
