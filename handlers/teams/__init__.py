"""Teams as callers know it: ``/api/messages`` on the one web host.

binding     the route: who calls, size, shape, then the SDK
verify      who calls: the token of each request, checked off the event loop
listeners   what was said → what is answered; one table
places      where the app is installed
sdk         the one import of Microsoft's SDK
"""

from __future__ import annotations

import threading

from fastapi import FastAPI

from bot.bootstrap.app import App
from bot.services.log import line, logger

_log = logger("teams")


def mount_teams(web: FastAPI, app: App) -> None:
    """Serve Teams on ``web``, if it is set up; fetches the signing keys in the background."""
    if app.settings.teams is None:
        return
    # Imported here, because Microsoft's SDK takes most of a second and few need it.
    from handlers.teams.host import host

    teams = host(web, app)
    if app.settings.teams.insecure:
        _log.warning(line("teams.insecure", said="requests are not checked; this machine only"))
    else:
        threading.Thread(target=teams.warm, name="teams-keys", daemon=True).start()
