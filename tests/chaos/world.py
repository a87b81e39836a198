"""The outside on loopback: feeds with their pages, Slack's API, Teams' connector, a webhook.

It publishes articles that have nothing in common but the watched words, does to each request what
the plan says at that moment, and keeps what readers see. Slack holds a channel that can be read
back and one that cannot.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import defaultdict
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any
from xml.sax.saxutils import escape

from aiohttp import web

#: What every article is watched for.
WATCHED = "blue ledger"
FEEDS = 6
#: What a corrected headline has more, and the seconds until then.
CORRECTED, CORRECTED_AFTER = "as corrected", 25.0
READABLE, BLIND, NOTICES = "C0000001", "C0000002", "C0000003"
TEAMS, WEBHOOK = "19:desk@thread.tacv2", "DESK"
TEAM = "T0000001"

_SYLLABLES = "ba ce di fo gu ha ki lo mu na pe qui ro su ta ve wi xo yu za bri cla dro fle".split()


@dataclass(frozen=True)
class Written:
    """An article that was published."""

    number: int
    #: A word that stands in its headline and nowhere else.
    code: str
    headline: str
    text: str
    at: float
    #: Whether its feed gives a summary only.
    on_page: bool

    @property
    def corrected(self) -> bool:
        """Whether its outlet corrects the headline after a while."""
        return self.number % 5 == 0

    @property
    def title(self) -> str:
        """The headline as it stands now."""
        late = self.corrected and time.time() > self.at + CORRECTED_AFTER
        return f"{self.headline}, {CORRECTED}" if late else self.headline


@dataclass
class Shown:
    """A message as readers see it now."""

    place: str
    text: str
    #: Every text it ever had, this one included.
    texts: list[str] = field(default_factory=list)
    at: float = 0.0
    payload: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Weather:
    """What may become of a request: kinds of outcomes and how likely any of them is."""

    kinds: tuple[str, ...] = ()
    likely: float = 0.0


FAIR = Weather()

#: What a feed has listed for two days: without it, ten new entries would look like a flood.
_OLD = "".join(
    f"<item><guid>old {n}</guid><title>Old news, number {n}</title>"
    f"<pubDate>{formatdate(time.time() - 2 * 86_400)}</pubDate></item>"
    for n in range(40)
)


class World:
    """Everything outside, in one server."""

    def __init__(self, seed: int) -> None:
        self._words = random.Random(f"words {seed}")
        self._luck = random.Random(f"luck {seed}")
        self.articles: list[Written] = []
        #: Place → weather there: ``slack``, ``teams``, ``webhook``, ``pages``, ``feeds``.
        self.weather: defaultdict[str, Weather] = defaultdict(lambda: FAIR)
        self.messages: dict[str, Shown] = {}
        #: (place, code) → requests that created a message or may have, by what became of them.
        self.tries: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self.outcomes: defaultdict[str, int] = defaultdict(int)
        self._last_ts = 0
        self._late: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        application = web.Application()
        route = application.router.add_route
        route("GET", "/robots.txt", self._robots)
        route("GET", "/feeds/{number}", self._feed)
        route("GET", "/pages/{number}", self._page)
        route("*", "/api/{method}", self._slack)
        route("POST", "/webhook/{name}", self._webhook)
        route("*", "/teams/v3/conversations/{conversation}/activities", self._teams)
        route("*", "/teams/v3/conversations/{conversation}/activities/{name}", self._teams)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        for task in self._late:
            task.cancel()
        await self._runner.cleanup()

    def publish(self) -> Written:
        """Let one more article appear in a feed."""
        number = len(self.articles)
        words = [self._word() for _ in range(160)]
        code = f"{self._word()}{number:04}".capitalize()
        headline = f"{code} {words[0]} {words[1]} and the {WATCHED}"
        sentences = [
            " ".join(words[n : n + 9]).capitalize() + "." for n in range(2, len(words) - 9, 9)
        ]
        sentences.insert(3, f"The {WATCHED} of {words[3]} came with {words[4]}.")
        article = Written(
            number=number,
            code=code,
            headline=headline,
            text="\n\n".join(" ".join(sentences[n : n + 4]) for n in range(0, len(sentences), 4)),
            at=time.time(),
            on_page=number % 2 == 0,
        )
        self.articles.append(article)
        return article

    def _word(self) -> str:
        return "".join(self._words.choices(_SYLLABLES, k=self._words.randint(2, 4)))

    # Feeds and pages.

    async def _robots(self, request: web.Request) -> web.StreamResponse:
        return web.Response(text="User-agent: *\nAllow: /\n")

    async def _feed(self, request: web.Request) -> web.StreamResponse:
        if (bad := await self._disturbed(request, "feeds")) is not None:
            return bad
        number = int(request.match_info["number"])
        own = [a for a in self.articles if a.number % FEEDS == number][-40:]
        items = "".join(self._item(article) for article in reversed(own))
        channel = f"<channel><title>Outlet {number}</title>{items}{_OLD}</channel>"
        return web.Response(
            text=f'<rss version="2.0">{channel}</rss>', content_type="application/rss+xml"
        )

    def _item(self, article: Written) -> str:
        body = article.text[:60] if article.on_page else article.text
        return (
            f"<item><guid>{article.code}</guid><title>{escape(article.title)}</title>"
            f"<link>{self.url}/pages/{article.number}</link>"
            f"<pubDate>{formatdate(article.at)}</pubDate>"
            f"<description>{escape(body)}</description></item>"
        )

    async def _page(self, request: web.Request) -> web.StreamResponse:
        if (bad := await self._disturbed(request, "pages")) is not None:
            return bad
        article = self.articles[int(request.match_info["number"])]
        paragraphs = "".join(f"<p>{escape(part)}</p>" for part in article.text.split("\n\n"))
        return web.Response(
            text=f"<html><head><title>{article.title}</title></head><body><article>"
            f"<h1>{article.title}</h1>{paragraphs}</article></body></html>",
            content_type="text/html",
        )

    async def _disturbed(self, request: web.Request, place: str) -> web.StreamResponse | None:
        match self._fate(place):
            case "slow":
                await asyncio.sleep(6)
            case "hangs up":
                return _hang_up(request)
            case "5xx":
                return web.Response(status=503)
        return None

    # Slack.

    async def _slack(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.content_type == "application/json":
            arguments = await request.json()
        else:
            arguments = {**request.query, **await request.post()}
        if method == "chat.postMessage":
            place = f"slack {arguments['channel']}"
            return await self._post(
                request,
                "slack",
                place,
                arguments,
                good=lambda name: {"ok": True, "channel": arguments["channel"], "ts": name},
            )
        fate = self._fate("slack")
        if method == "auth.test" and fate in {"invalid_auth", "token_revoked", "account_inactive"}:
            return web.json_response({"ok": False, "error": fate})
        if method == "chat.update":
            if fate == "request lost":
                return _hang_up(request)
            if fate == "rate limited":
                return web.json_response(
                    {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"}
                )
            self._edit(arguments["ts"], arguments)
            if fate in {"reply lost", "late"}:
                return _hang_up(request)
            return web.json_response(
                {"ok": True, "channel": arguments["channel"], "ts": arguments["ts"]}
            )
        return web.json_response({"ok": True, **self._slack_read(method, arguments)})

    def _slack_read(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        match method:
            case "auth.test":
                return {
                    "url": "https://desk.slack.example/",
                    "team": "Desk",
                    "team_id": TEAM,
                    "user_id": "U0000BOT",
                    "bot_id": "B0000BOT",
                }
            case "conversations.history" if arguments["channel"] == BLIND:
                return {"ok": False, "error": "missing_scope", "needed": "channels:history"}
            case "conversations.history":
                place = f"slack {arguments['channel']}"
                oldest = float(arguments.get("oldest") or 0)
                found = [
                    {**message.payload, "ts": name}
                    for name, message in reversed(self.messages.items())
                    if message.place == place and float(name) > oldest
                ]
                return {"messages": found[:1000], "response_metadata": {}}
        return {}

    # Teams and the webhook.

    async def _teams(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if request.method == "PUT":
            if (fate := self._fate("teams")) == "request lost":
                return _hang_up(request)
            self._edit(request.match_info["name"], body)
            if fate in {"reply lost", "late"}:
                return _hang_up(request)
            return web.json_response({"id": request.match_info["name"]})
        return await self._post(
            request, "teams", f"teams {TEAMS}", body, good=lambda name: {"id": name}
        )

    async def _webhook(self, request: web.Request) -> web.StreamResponse:
        place = f"webhook {request.match_info['name']}"
        return await self._post(
            request, "webhook", place, await request.json(), good=lambda name: {}
        )

    # What becomes of a message.

    async def _post(
        self, request: web.Request, platform: str, place: str, body: Any, *, good: Any
    ) -> web.StreamResponse:
        fate = self._fate(platform)
        text = json.dumps(body, ensure_ascii=False)
        codes = [article.code for article in self.articles if article.code in text]
        for code in codes:
            self.tries[place, code].append(fate)
        if fate == "late":
            task = asyncio.create_task(self._lands_late(place, body))
            self._late.add(task)
            task.add_done_callback(self._late.discard)
            await asyncio.sleep(3)
            return _hang_up(request)
        if fate in {"good", "reply lost", "5xx after"}:
            name = self._keep(place, body)
            if fate == "reply lost":
                return _hang_up(request)
            if fate == "5xx after":
                return web.Response(status=self._luck.choice((502, 503, 504)), text="gone")
            return web.json_response(good(name), status=201 if platform == "teams" else 200)
        if fate == "request lost":
            return _hang_up(request)
        if fate == "rate limited":
            body = {"ok": False, "error": "ratelimited"}
            return web.json_response(body, status=429, headers={"Retry-After": "1"})
        if fate == "5xx before":
            return web.Response(status=503, text="not now")
        if fate.isdecimal():
            refused = {"error": {"code": "Refused", "message": "not like this"}}
            return web.json_response(refused, status=int(fate))
        return web.json_response({"ok": False, "error": fate})

    async def _lands_late(self, place: str, body: Any) -> None:
        # After the connection broke, inside the grace that the lease leaves (12 s in all).
        await asyncio.sleep(self._luck.uniform(3.5, 7))
        self._keep(place, body)

    def _keep(self, place: str, body: dict[str, Any]) -> str:
        self._last_ts = max(self._last_ts + 1, time.time_ns() // 1000)
        name = f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06}"
        text = json.dumps(body, ensure_ascii=False)
        self.messages[name] = Shown(
            place=place, text=text, texts=[text], at=time.time(), payload=body
        )
        return name

    def _edit(self, name: str, body: dict[str, Any]) -> None:
        message = self.messages[name]
        message.text = json.dumps(body, ensure_ascii=False)
        message.texts.append(message.text)

    def _fate(self, place: str) -> str:
        weather = self.weather[place]
        unlucky = weather.kinds and self._luck.random() < weather.likely
        fate = self._luck.choice(weather.kinds) if unlucky else "good"
        self.outcomes[f"{place}: {fate}"] += 1
        return fate


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:  # the caller may have gone first
        request.transport.abort()
    return web.Response()
