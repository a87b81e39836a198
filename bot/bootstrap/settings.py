"""Settings of one process: from the command line and the environment, never from code.

Secrets and addresses come from the environment (or ``.env``); what an admin edits stands in the
configuration folder. Every variable is listed in ``.env.example``.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bot.bootstrap.limits import blind_limits, page_limits
from bot.bootstrap.polling import poll_settings
from bot.bootstrap.slack import SlackSettings, slack_settings
from bot.bootstrap.teams import TeamsSettings, teams_settings, webhook_addresses
from bot.core.feeds.blind import BlindLimits
from bot.core.feeds.settings import DEFAULTS, PollSettings
from bot.domain.errors import UsageError
from bot.domain.hosts import Network
from bot.domain.logins import Login, logins_in
from bot.domain.secrets import Secret
from bot.services.pages import PageLimits

#: Who answers for the requests until an operator says so.
CONTACT = "set NATO_BRIEF_CONTACT"
#: Bytes a process that parses feeds may take beyond what it starts with.
PARSER_MEMORY = 512 * 1024**2
#: Bytes below which the server has room for nothing.
LEAST_MEMORY = 64 * 1024**2
#: Loopback unless told otherwise.
LISTEN = "127.0.0.1:8080"
#: Where data is kept for a user without a home, such as a number in a container.
HOMELESS = Path("/var/lib")
_LOG_LEVELS: Final = MappingProxyType(
    {
        "debug": logging.DEBUG,
        "info": logging.INFO,
        "warning": logging.WARNING,
        "error": logging.ERROR,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leases:
    """Seconds for which work belongs to whoever took it; crash tests scale them down."""

    #: A feed being polled; longer than any poll.
    feed: float = 120.0
    #: A stream entry without a heartbeat.
    entry: float = 60.0
    #: The desk.
    desk: float = 3.0
    #: A post being sent; three times the longest call to a platform.
    post: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What differs from one installation to the next."""

    config_dir: Path
    data_dir: Path
    #: None starts the embedded server in ``data_dir``.
    redis_url: Secret | None = None
    #: A server binary to prefer over the bundled one.
    redis_binary: str | None = None
    #: Bytes the server may take: the embedded one's limit, and ours on one without a lower limit.
    memory: int | None = None
    #: Hash tag of every key; one per deployment on a shared server.
    tag: str = "nb"
    host: str = "127.0.0.1"
    port: int = 8080
    #: What readers of the pages have to show; None leaves them to this machine.
    web_token: Secret | None = None
    #: URL or address that goes into the User-Agent.
    contact: str = CONTACT
    proxy: Secret | None = None
    #: Private networks that may be fetched from: ``10.1.0.0/16``.
    allow: tuple[Network, ...] = ()
    #: How often feeds are polled, and what counts as news.
    polling: PollSettings = DEFAULTS
    pages: PageLimits = field(default_factory=PageLimits)
    blind: BlindLimits = field(default_factory=BlindLimits)
    #: Worker processes that read entries, and that parse feeds.
    readers: int = 2
    #: Two, so that a document that has to be stopped holds up nobody else's.
    parsers: int = 2
    #: Added to the niceness of both; somebody who waits for them wants 0.
    nice: int = 10
    #: An installed spaCy pipeline, or the folder of one, that readers ask for a second opinion on
    #: speakers.
    quote_model: str | None = None
    #: None where Slack is not used.
    slack: SlackSettings | None = None
    #: None where Teams is not used.
    teams: TeamsSettings | None = None
    #: Name of a Workflows webhook → its address.
    webhooks: Mapping[str, Secret] = field(default_factory=dict)
    #: Variable → login of a feed, for those that hold one.
    logins: Mapping[str, Login] = field(default_factory=dict)
    leases: Leases = Leases()
    #: Seconds that a command waits for a server that is away; a role waits as long as it takes.
    patience: float = 10.0
    #: What is written of our own log: a level of ``logging``.
    log_level: int = logging.INFO

    @property
    def web_url(self) -> str:
        """The web host's own address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def shipped(self) -> bool:
        """Whether the configuration is the one that came with the package."""
        return self.config_dir == shipped("config")


def shipped(name: str) -> Path:
    """The folder ``config`` or ``seeds`` that came with the package, or stands beside it."""
    package = Path(__file__).parent.parent
    installed = package / "_data" / name
    return installed if installed.is_dir() else package.parent / name


def settings_from(
    environment: Mapping[str, str], *, config: Path | None = None, data: Path | None = None
) -> Settings:
    """Settings of this process; an option wins over a variable, a variable over the default.

    Raises:
        UsageError: a variable has a value that cannot be meant.
    """

    def value(name: str) -> str | None:
        return environment.get(name, "").strip() or None

    host, port = _address(value("NATO_BRIEF_LISTEN") or LISTEN)
    url, proxy = value("REDIS_URL"), value("NATO_BRIEF_PROXY")
    return Settings(
        config_dir=config_dir(environment, config),
        data_dir=data or _data_dir(value("NATO_BRIEF_DATA_DIR"), environment),
        redis_url=Secret(url) if url else None,
        redis_binary=value("NATO_BRIEF_REDIS_BIN"),
        memory=_size("NATO_BRIEF_MEMORY", value("NATO_BRIEF_MEMORY")),
        tag=value("NATO_BRIEF_TAG") or "nb",
        host=host,
        port=port,
        web_token=_web_token(value("NATO_BRIEF_WEB_TOKEN")),
        contact=value("NATO_BRIEF_CONTACT") or CONTACT,
        proxy=Secret(proxy) if proxy else None,
        allow=_networks(value("NATO_BRIEF_ALLOW_NETWORKS") or ""),
        polling=poll_settings(value),
        pages=page_limits(value),
        blind=blind_limits(value),
        readers=_count("NATO_BRIEF_READERS", value("NATO_BRIEF_READERS"), default=2),
        parsers=_count("NATO_BRIEF_PARSERS", value("NATO_BRIEF_PARSERS"), default=2),
        quote_model=value("NATO_BRIEF_QUOTE_MODEL"),
        slack=slack_settings(value),
        teams=teams_settings(value, host=host),
        webhooks=webhook_addresses(environment),
        log_level=_log_level(value("NATO_BRIEF_LOG_LEVEL") or "info"),
        logins=logins_in(environment),
    )


def config_dir(environment: Mapping[str, str], option: Path | None = None) -> Path:
    """The configuration folder: as an option names it, or a variable, else as it stands here.

    ``./config`` if there is one, so that ``init`` and ``run`` in one folder fit together.
    """
    if option is not None:
        return option
    if named := environment.get("NATO_BRIEF_CONFIG", "").strip():
        return _whole("NATO_BRIEF_CONFIG", named)
    here = Path("config")
    return here if (here / "feeds.yaml").is_file() else shipped("config")


def _data_dir(named: str | None, environment: Mapping[str, str]) -> Path:
    if named:
        return _whole("NATO_BRIEF_DATA_DIR", named)
    try:
        home = Path(environment.get("XDG_DATA_HOME") or "~/.local/share").expanduser()
    except RuntimeError:
        home = HOMELESS
    return home / "nato-brief"


def _whole(name: str, path: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise UsageError(
            f"{name} is {path}, which names no home folder here; write /..."
        ) from error


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or not 0 <= int(port) < 65536:
        raise UsageError(f"NATO_BRIEF_LISTEN is {text!r}; write HOST:PORT, such as {LISTEN}")
    return host.strip("[]") or "127.0.0.1", int(port)


def _log_level(text: str) -> int:
    level = _LOG_LEVELS.get(text.lower())
    if level is None:
        raise UsageError(f"NATO_BRIEF_LOG_LEVEL is {text!r}; write one of {', '.join(_LOG_LEVELS)}")
    return level


def _web_token(text: str | None) -> Secret | None:
    if text is not None and (len(text) < 16 or not text.isascii() or " " in text):
        raise UsageError(
            "NATO_BRIEF_WEB_TOKEN is too easily guessed: write 16 letters and digits or more, such"
            ' as `python -c "import secrets; print(secrets.token_urlsafe())"` gives'
        )
    return Secret(text) if text else None


def _count(name: str, text: str | None, *, default: int) -> int:
    if text is None:
        return default
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise UsageError(f"{name} is {text!r}; write a number from 1 to 64")
    return int(text)


def _size(name: str, text: str | None) -> int | None:
    """Bytes of a size such as ``512mb``."""
    if text is None:
        return None
    found = re.fullmatch(r"(\d{1,6})\s*([mg])i?b", text.lower())
    size = int(found[1]) * 1024 ** (2 if found[2] == "m" else 3) if found else 0
    if size < LEAST_MEMORY:
        raise UsageError(f"{name} is {text!r}; write a size from 64mb, such as 512mb or 2gb")
    return size


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(part) for part in text.replace(",", " ").split())
    except ValueError as error:
        raise UsageError(
            f"NATO_BRIEF_ALLOW_NETWORKS: {error}; write networks such as 10.1.0.0/16"
        ) from error
