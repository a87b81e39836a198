"""``feeds.yaml``: the feeds to poll."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field

from bot.core.config.shapes import (
    Auth,
    Country,
    Format,
    Interval,
    Language,
    Many,
    Name,
    Shape,
    Size,
    Tier,
    Url,
    YesNo,
)
from bot.core.config.tree import Mapping, Node, Scalar, Sequence, find, problem_at
from bot.domain.addresses import keys_in
from bot.domain.errors import Problem
from bot.domain.feeds import Feed


class FeedShape(Shape):
    """One feed."""

    url: Url = Field(description="Address of the RSS, Atom or JSON feed.")
    name: Name | None = Field(
        None, description="The outlet's name as readers see it. Default: the host of the address."
    )
    tier: Tier = Field(
        2,
        description="1 agencies and papers of record, 2 other newsrooms and institutions, "
        "3 the rest. Default: 2.",
    )
    language: Language | None = Field(
        None,
        description="Two-letter code. Default: what the feed says, unless a text tells otherwise.",
    )
    country: Country | None = Field(
        None, description="Two-letter code of the outlet's country. Default: none."
    )
    interval: Interval | None = Field(
        None,
        description="Time between polls, as in `15 minutes`. Default: set by how often it changes.",
    )
    identity: Literal["guid", "url"] = Field(
        "guid",
        description="By what entries are known again: `url` for a feed whose identifiers change. "
        "Default: guid.",
    )
    bridge: YesNo = Field(
        False,
        description="`yes` for a feed of a bridge that serves many sites: when the host asks for "
        "quiet, only this feed waits. Default: no.",
    )
    max_size: Size | None = Field(
        None,
        alias="max size",
        description="Largest document, as in `15 MiB`; at most 50 MiB. Default: 5 MiB.",
    )

    auth: Auth | None = Field(
        None,
        description="`env:NAME` for a feed with a login, which stands in the variable NAME as "
        "`basic USER:PASSWORD`, `bearer TOKEN` or `header NAME: VALUE`. Default: none.",
    )

    def value(self) -> Feed:
        """As the domain has it."""
        return Feed(
            id=feed_id(self.url),
            url=self.url,
            name=self.name or _host(self.url),
            tier=self.tier,
            language=self.language,
            country=self.country,
            interval=self.interval,
            by_url=self.identity == "url",
            bridge=self.bridge,
            max_body=self.max_size,
            auth=self.auth,
        )


class FeedsShape(Shape):
    """The whole file."""

    format: Format = Field(description="Version of this file's layout: 1.")
    feeds: Many[FeedShape] = Field(description="The feeds to poll.")

    def value(self) -> tuple[Feed, ...]:
        """As the domain has it."""
        return tuple(feed.value() for feed in self.feeds)


def feed_id(url: str) -> str:
    """The feed's stable short id."""
    return hashlib.sha256(url.encode()).hexdigest()[:12]


def checks(root: Node | None, *, file: str) -> Iterator[Problem]:
    """A feed listed twice."""
    listed = find(root, ("feeds",))
    seen: dict[str, int] = {}
    for feed in listed.items if isinstance(listed, Sequence) else ():
        url = feed.get("url") if isinstance(feed, Mapping) else None
        if not isinstance(url, Scalar):
            continue
        same = _sameness(url.text)
        if same in seen:
            yield problem_at(
                url, f"this feed stands on line {seen[same]} already; remove one", file=file
            )
        seen.setdefault(same, url.line)


def warnings(root: Node | None, *, file: str) -> Iterator[Problem]:
    """Addresses that hold a secret, and logins that anybody on the way can read."""
    listed = find(root, ("feeds",))
    for feed in listed.items if isinstance(listed, Sequence) else ():
        url = feed.get("url") if isinstance(feed, Mapping) else None
        if not isinstance(feed, Mapping) or not isinstance(url, Scalar):
            continue
        if keys := keys_in(url.text):
            yield problem_at(
                url,
                f"`{keys[0]}` in this address looks like a secret, and everybody who reads the "
                "file sees it; where the site takes it in a header, write `auth: env:NAME`",
                file=file,
            )
        if feed.get("auth") is not None and url.text.lower().startswith("http:"):
            yield problem_at(url, "its login goes over http unencrypted: write https", file=file)


def _sameness(url: str) -> str:
    """Equal for addresses that differ in case of the host, scheme or a last slash only."""
    scheme, _, rest = url.strip().partition("://")
    host, slash, path = rest.partition("/")
    return f"{host.lower()}{slash}{path}".rstrip("/") if rest else scheme


def _host(url: str) -> str:
    return (urlsplit(url).hostname or url).removeprefix("www.")
