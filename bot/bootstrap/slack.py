"""Settings of Slack: the bot's token, and how Slack reaches us."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.errors import UsageError
from bot.domain.secrets import Secret

API = "https://slack.com/api/"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """One app in one workspace; without a secret or an app token it posts and hears nothing."""

    #: ``xoxb-…``.
    bot_token: Secret
    #: Requests over HTTP are signed with it.
    signing_secret: Secret | None = None
    #: ``xapp-…``, for Socket Mode.
    app_token: Secret | None = None
    api_url: str = API


def slack_settings(value: Callable[[str], str | None]) -> SlackSettings | None:
    """The app, or None where Slack is not used.

    Args:
        value: A variable of the environment, None when it is not set.

    Raises:
        UsageError: what is set does not fit together.
    """
    bot, signing, app = map(value, ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"))
    if bot is None:
        if signing or app:
            raise UsageError("Slack needs SLACK_BOT_TOKEN (xoxb-…) to answer and to post")
        return None
    url = value("SLACK_API_URL") or API
    if not re.match(r"https://[^/\s]+/|http://(?:127\.0\.0\.1|localhost)[:/]", url):
        raise UsageError(f"SLACK_API_URL is {url!r}; write an https address, such as {API}")
    return SlackSettings(
        bot_token=Secret(bot),
        signing_secret=Secret(signing) if signing else None,
        app_token=Secret(app) if app else None,
        api_url=url,
    )
