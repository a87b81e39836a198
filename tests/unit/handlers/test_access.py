"""Who may read the pages, and what every answer says to browsers."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.bootstrap.settings import Settings, settings_from
from bot.domain.errors import UsageError
from bot.domain.secrets import Secret
from bot.render.html import page
from handlers.access import HEADERS, OPEN, Access, Guarded, check_listening
from handlers.roles import start
from tests.builders import NOW

TOKEN = "a-long-random-word-1"
LOCAL = Settings(config_dir=Path(), data_dir=Path())
GUARDED = replace(LOCAL, host="0.0.0.0", web_token=Secret(TOKEN))
BEARER = {"Authorization": f"Bearer {TOKEN}"}
CLOSED = ("/", "/posts/x", "/feed.atom", "/metrics", "/nowhere", "/Healthz", "//healthz")


def caller(
    settings: Settings, *, base: str = "http://127.0.0.1:8080", **options
) -> httpx.AsyncClient:
    async def inside(request):
        if request.url.path == "/broken":
            raise RuntimeError("a bug")
        return PlainTextResponse("inside")

    inner = Starlette(routes=[Route("/{path:path}", inside, methods=["GET", "HEAD", "POST"])])
    transport = httpx.ASGITransport(Guarded(inner, Access(settings)), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=base)


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
async def test_nothing_is_read_without_the_token(path, method):
    async with caller(GUARDED) as client:
        answer = await client.request(method, f"http://127.0.0.1:8080{path}")
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert "inside" not in answer.text
        if method in ("GET", "POST"):
            shown = await client.request(method, f"http://127.0.0.1:8080{path}", headers=BEARER)
            assert shown.text == "inside"


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": TOKEN},
        {"Authorization": "Bearer é".encode()},
        {"Cookie": f"nato_brief={TOKEN}"},
        {"Cookie": "nato_brief="},
        {"Host": "127.0.0.1"},
    ],
)
async def test_nothing_like_the_token_is_taken_for_it(headers):
    async with caller(GUARDED) as client:
        assert (await client.get("/", headers=headers)).status_code == 401


@pytest.mark.parametrize("settings", [LOCAL, GUARDED])
@pytest.mark.parametrize("path", sorted(OPEN))
async def test_health_and_platforms_are_asked_by_anybody(settings, path):
    async with caller(settings, base="http://brief.example") as client:
        assert (await client.get(path)).text == "inside"


async def test_a_token_in_an_address_becomes_a_cookie_that_only_our_pages_send():
    async with caller(GUARDED) as client:
        answer = await client.get(f"/posts/x?token={TOKEN}&a=b%26c")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/posts/x?a=b%26c")
        cookie = answer.headers["Set-Cookie"]
        assert TOKEN not in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "Secure" not in cookie
        assert (await client.get("/posts/x")).text == "inside"
    async with caller(GUARDED, base="https://brief.example") as client:
        assert "Secure" in (await client.get(f"/?token={TOKEN}")).headers["Set-Cookie"]
    async with caller(GUARDED) as client:
        assert (await client.get(f"/?token={TOKEN[:-1]}")).status_code == 401


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "/%2F/evil.example"])
async def test_a_token_in_an_address_leads_to_no_other_host(path):
    async with caller(GUARDED) as client:
        answer = await client.get(f"http://127.0.0.1:8080{path}?token={TOKEN}")
        assert answer.status_code == 303
        assert re.match(r"/[^/\\]", answer.headers["Location"])


async def test_a_feed_reader_has_an_address_that_opens_the_feed_alone():
    feed = Access(GUARDED).feed
    assert TOKEN not in feed
    assert f'href="{feed}"' in page((), made=NOW, feed=feed)
    async with caller(GUARDED) as client:
        assert (await client.get(feed)).text == "inside"
        assert (await client.get(f"/feed.atom?token={TOKEN}")).text == "inside"
        for path in ("/", "/metrics", "/feed.atom"):
            wrong = feed.replace("/feed.atom", path) + ("x" if path == "/feed.atom" else "")
            assert (await client.get(wrong)).status_code == 401
    assert Access(LOCAL).feed == "/feed.atom"


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8080", "localhost", "[::1]:1", "LOCALHOST:80", "127.9.9.9"]
)
async def test_on_this_machine_pages_are_read_by_its_names(host):
    async with caller(replace(LOCAL, host="127.9.9.9")) as client:
        assert (await client.get("/", headers={"Host": host})).text == "inside"


@pytest.mark.parametrize(
    "headers",
    [
        [("Host", "rebound.example:8080")],
        [("Host", "127.0.0.1.rebound.example")],
        [("Host", "localhost@rebound.example")],
        [("Host", "")],
        [("Host", "[::1")],
        [("Host", "localhost"), ("Host", "rebound.example")],
        [("Host", "localhost"), ("X-Forwarded-For", "203.0.113.9")],
        [("Host", "localhost"), ("Forwarded", "for=203.0.113.9")],
    ],
)
@pytest.mark.parametrize("path", CLOSED)
async def test_on_this_machine_a_foreign_name_or_a_proxy_reads_nothing(headers, path):
    async with caller(LOCAL) as client:
        answer = await client.get(f"http://127.0.0.1:8080{path}", headers=headers)
        assert answer.status_code == 403
        assert "NATO_BRIEF_WEB_TOKEN" in answer.text


@pytest.mark.parametrize("path", ["/", "/healthz", "/broken"])
@pytest.mark.parametrize("settings", [LOCAL, GUARDED])
async def test_every_answer_tells_browsers_what_it_may_do(settings, path):
    async with caller(settings) as client:
        for headers in ({}, BEARER):
            told = (await client.get(path, headers=headers)).headers
            assert {name: told[name] for name in HEADERS} == HEADERS


def test_the_style_of_the_page_is_the_one_that_browsers_are_told_to_allow():
    (style,) = re.findall("<style>(.*?)</style>", page((), made=NOW), re.DOTALL)
    allowed = b64encode(sha256(style.encode()).digest()).decode()
    assert f"'sha256-{allowed}'" in HEADERS["Content-Security-Policy"]
    assert " style=" not in page((), made=NOW)


@pytest.mark.parametrize("listen", ["0.0.0.0:80", "[::]:80", "192.168.1.5:80", "brief.example:80"])
def test_listening_to_others_is_refused_without_a_token(listen):
    with pytest.raises(UsageError, match="NATO_BRIEF_WEB_TOKEN"):
        check_listening(settings_from({"NATO_BRIEF_LISTEN": listen}))
    check_listening(settings_from({"NATO_BRIEF_LISTEN": listen, "NATO_BRIEF_WEB_TOKEN": TOKEN}))


@pytest.mark.parametrize("roles", [["web"], ["scheduler", "worker", "web"]])
def test_a_host_for_others_does_not_start_without_a_token(roles):
    settings = replace(GUARDED, web_token=None, redis_url=Secret("redis://127.0.0.1:1"))
    with pytest.raises(UsageError, match="NATO_BRIEF_WEB_TOKEN"):
        start(settings, roles=roles)


@pytest.mark.parametrize(
    "listen", ["127.0.0.1:80", "[::1]:80", "localhost:80", "127.9.9.9:80", ":80"]
)
def test_listening_to_this_machine_needs_none(listen):
    check_listening(settings_from({"NATO_BRIEF_LISTEN": listen}))


@pytest.mark.parametrize("token", ["short", "a long random word 1", "ein-längeres-wort-1"])
def test_a_token_that_is_easily_guessed_or_cannot_be_sent_is_refused(token):
    with pytest.raises(UsageError, match="NATO_BRIEF_WEB_TOKEN") as caught:
        settings_from({"NATO_BRIEF_WEB_TOKEN": token})
    assert token not in str(caught.value)
