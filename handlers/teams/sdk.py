"""The one import of Microsoft's SDK, kept from what it does on import.

It builds an object of its own preview API, which warns (``ExperimentalWarning``) although nothing
of it is used here; and it loads the ``.env`` of any parent folder into the environment, where
other names than ours would begin to count. Its log is off: it writes down what it was sent.
"""

from __future__ import annotations

import logging
import os
import warnings

from microsoft_teams.common import ExperimentalWarning

_DOTENV = "PYTHON_DOTENV_DISABLED"
_was = os.environ.get(_DOTENV)
os.environ[_DOTENV] = "1"
try:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        from microsoft_teams.api import ActivityBase, ActivityTypeAdapter, InvokeResponse
        from microsoft_teams.api.activities import ConversationUpdateActivity
        from microsoft_teams.api.activities.install_update import (
            InstalledActivity,
            UninstalledActivity,
        )
        from microsoft_teams.api.activities.message import MessageActivity
        from microsoft_teams.api.auth.cloud_environment import PUBLIC, CloudEnvironment
        from microsoft_teams.apps import ActivityContext
        from microsoft_teams.apps import App as TeamsApp
        from microsoft_teams.apps.auth import InboundActivityTokenValidator, TokenValidator
        from microsoft_teams.apps.events import CoreActivity
        from microsoft_teams.apps.http.adapter import (
            HttpMethod,
            HttpRequest,
            HttpResponse,
            HttpRouteHandler,
        )
finally:
    if _was is None:
        del os.environ[_DOTENV]
    else:
        os.environ[_DOTENV] = _was

logging.getLogger("microsoft_teams").setLevel(logging.CRITICAL)

__all__ = [
    "PUBLIC",
    "ActivityBase",
    "ActivityContext",
    "ActivityTypeAdapter",
    "CloudEnvironment",
    "ConversationUpdateActivity",
    "CoreActivity",
    "HttpMethod",
    "HttpRequest",
    "HttpResponse",
    "HttpRouteHandler",
    "InboundActivityTokenValidator",
    "InstalledActivity",
    "InvokeResponse",
    "MessageActivity",
    "TeamsApp",
    "TokenValidator",
    "UninstalledActivity",
]
