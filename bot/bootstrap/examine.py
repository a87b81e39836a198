"""What ``doctor`` looks at: configuration, server, clocks, feeds, queues, web address, tokens.

Each check gives a Finding that says what was found and, when it is wrong, the fix. A check never
changes anything, but an embedded server that is not running is started and stopped again.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.bootstrap.app import App, open_app
from bot.bootstrap.configuration import load_configuration, login_problems, quote_model_problem
from bot.bootstrap.loops import backlog
from bot.bootstrap.server import server
from bot.bootstrap.settings import Settings
from bot.bootstrap.slack import SlackSettings
from bot.core.room import figures, is_full
from bot.domain.channels import CONSOLE, Configuration, Destination
from bot.domain.errors import BotError, ConfigError
from bot.domain.posts import PostStatus
from bot.render.facts import refusal

#: Seconds by which our clock and the server's may differ.
_SKEW = 2.0
#: Posts that are looked at.
_POSTS = 1_000
#: What Slack's keys look like; a token that rotates has ``xoxe.`` before it.
_BOT_TOKEN = re.compile(r"(?:xoxe\.)?xoxb-\S+")
_APP_TOKEN = re.compile(r"xapp-\S+")
_SIGNING = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    name: str
    ok: bool
    #: What was found, and the fix when it is wrong.
    said: str


def examine(settings: Settings) -> tuple[Finding, ...]:
    """Look at everything the bot needs; call it from the main thread."""
    try:
        config = load_configuration(settings, check_examples=True)
    except ConfigError as error:
        said = f"{len(error.problems)} problems; `nato-brief check` lists them"
        return (Finding(name="configuration", ok=False, said=said),)
    except BotError as error:
        return (Finding(name="configuration", ok=False, said=str(error)),)
    where = f"{settings.config_dir}{' (as shipped)' if settings.shipped else ''}"
    figures = f"{len(config.feeds)} feeds, {len(config.watchlists.topics)} topics"
    first = [Finding(name="configuration", ok=True, said=f"{where}: {figures}")]
    if any(feed.auth for feed in config.feeds):
        found = login_problems(settings, config.feeds)
        said = "; ".join(one.message for one in found) or "every variable that feeds name is set"
        first.append(Finding(name="logins", ok=not found, said=said))
    if settings.quote_model is not None:
        problem = quote_model_problem(settings)
        said = problem or f"{settings.quote_model} gives a second opinion on speakers"
        first.append(Finding(name="quote model", ok=problem is None, said=said))
    try:
        with server(settings) as url:
            return (*first, *asyncio.run(_on_server(settings, config, url)))
    except BotError as error:
        return (*first, Finding(name="server", ok=False, said=str(error)))


async def _on_server(settings: Settings, config: Configuration, url: str) -> tuple[Finding, ...]:
    async with open_app(settings, config, url, patience=0) as app:
        return tuple([finding async for finding in _findings(app)])


async def _findings(app: App) -> AsyncIterator[Finding]:
    about = await app.redis.info()
    engine = about.get("server_name", "redis")
    version = about.get("valkey_version") or about.get("redis_version")
    kind = "REDIS_URL" if app.settings.redis_url else f"embedded in {app.settings.data_dir}"
    yield Finding(name="server", ok=True, said=f"{engine} {version}, {kind}")
    durable = bool(about.get("aof_enabled"))
    yield Finding(
        name="durability",
        ok=durable,
        said="append-only file is on"
        if durable
        else "append-only file is off: a crash loses posts; set `appendonly yes`",
    )
    room = await app.room.measure()
    policy = about.get("maxmemory_policy", "noeviction")
    evicts = f"; it evicts ({policy}): set `maxmemory-policy noeviction`, or posts are lost"
    yield Finding(
        name="memory",
        ok=policy == "noeviction" and not is_full(room),
        said=figures(room) + ("" if policy == "noeviction" else evicts),
    )
    seconds, micros = await app.redis.time()
    skew = abs(seconds + micros / 1e6 - app.clock.now().timestamp())
    yield Finding(
        name="clocks",
        ok=skew < _SKEW,
        said=f"{skew:.1f} s apart" + ("" if skew < _SKEW else "; synchronise both hosts"),
    )
    yield await _feeds(app)
    for name, undone in (await backlog(app)).items():
        yield Finding(name=f"queue {name}", ok=undone < 10_000, said=f"{undone:,} to do")
    yield await _given_up(app)
    yield await _refused(app)
    for parked in await app.waiting.parked():
        yield Finding(name="parked", ok=parked.works, said=refusal(parked))
    if app.settings.slack is not None:
        for finding in slack_keys(app.settings.slack):
            yield finding
        async for finding in _slack(app):
            yield finding
    if app.settings.teams is not None:
        async for finding in _teams(app, tenant=app.settings.teams.tenant):
            yield finding
    for channel in app.config.channels:
        if channel.to != CONSOLE and app.sender(channel.to) is app.console:
            yield Finding(
                name="channel",
                ok=False,
                said=f"{channel.to}: no token for {channel.to.platform}; shown on the terminal",
            )


async def _given_up(app: App) -> Finding:
    newest = await app.dead_letters.newest(1)
    if not newest:
        return Finding(name="given up", ok=True, said="nothing")
    counts = (await app.dead_letters.counts()).items()
    said = ", ".join(f"{number:,} by {group}" for group, number in counts if number)
    more = "`nato-brief dlq list` shows them, `dlq replay` puts them back"
    return Finding(
        name="given up", ok=False, said=f"{said}; the last: {newest[0].problem} ({more})"
    )


async def _refused(app: App) -> Finding:
    posts = await app.outbox.recent(limit=_POSTS)
    dead = [post for post in posts if post.status is PostStatus.DEAD]
    if not dead:
        return Finding(name="posts", ok=True, said=f"none refused of the last {len(posts)}")
    to, problem = dead[0].key.destination, dead[0].problem
    said = f"{len(dead)} of the last {len(posts)} refused; the last, for {to}: {problem}"
    return Finding(name="posts", ok=False, said=said)


def slack_keys(slack: SlackSettings) -> tuple[Finding, ...]:
    """Whether each of Slack's keys is one of its kind, and whether there is one to be heard by."""
    kinds = (
        ("SLACK_BOT_TOKEN", slack.bot_token, _BOT_TOKEN, "the bot's token, xoxb-…"),
        ("SLACK_APP_TOKEN", slack.app_token, _APP_TOKEN, "the app-level token, xapp-…"),
        ("SLACK_SIGNING_SECRET", slack.signing_secret, _SIGNING, "the 32 hexadecimal digits"),
    )
    wrong = [
        Finding(name="slack keys", ok=False, said=f"{name} looks like something else: set {wanted}")
        for name, key, form, wanted in kinds
        if key is not None and not form.fullmatch(key.reveal())
    ]
    ways = [
        way
        for key, way in ((slack.app_token, "Socket Mode"), (slack.signing_secret, "signed HTTP"))
        if key is not None
    ]
    heard = (
        f"hears by {' and '.join(ways)}"
        if ways
        else "posts only, and answers nobody: set SLACK_APP_TOKEN (Socket Mode) or"
        " SLACK_SIGNING_SECRET (HTTP) to be asked"
    )
    return (*wrong, Finding(name="slack transport", ok=True, said=heard))


async def _slack(app: App) -> AsyncIterator[Finding]:
    from bot.adapters.slack.examine import examine as look

    async for name, ok, said in look(app.slack.api, _named(app, "slack")):
        yield Finding(name=name, ok=ok, said=said)


async def _teams(app: App, *, tenant: str) -> AsyncIterator[Finding]:
    from bot.adapters.teams.examine import examine as look

    named = _named(app, "teams")
    async for name, ok, said in look(app.teams_tokens, app.references, named, tenant=tenant):
        yield Finding(name=name, ok=ok, said=said)


def _named(app: App, platform: str) -> list[Destination]:
    """Every destination of a platform that the configuration names."""
    named = [channel.to for channel in app.config.channels]
    named += [to for to in (app.config.fallback, app.config.admin_channel) if to is not None]
    return [to for to in named if to.platform == platform]


async def _feeds(app: App) -> Finding:
    states = await app.feeds.states()
    names = {feed.id: feed.name for feed in app.config.feeds}
    polled = [key for key in names if key in states]
    if not polled:
        return Finding(name="feeds", ok=True, said="none polled yet; `nato-brief run` starts it")
    failing = [names[key] for key in polled if states[key][0].problem]
    said = f"{len(polled) - len(failing)} of {len(polled)} fine"
    if failing:
        shown = ", ".join(failing[:5])
        said += f"; failing: {shown}{' and more' if len(failing) > 5 else ''}"
        said += "; `nato-brief feeds check` lists why"
    return Finding(name="feeds", ok=len(failing) < len(polled), said=said)
