from __future__ import annotations

import pytest

from bot.core.feeds.parse import parse
from bot.core.feeds.spoken import language_code

RSS = (
    "<rss version='2.0' {0}><channel><title>W</title>{1}"
    "<item><title>a</title>{2}</item></channel></rss>"
)
ATOM = (
    "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang=\"sv-SE\"><title>W</title>"
    "<entry><title>a</title></entry></feed>"
)
JSON = (
    '{"version": "https://jsonfeed.org/version/1.1", "language": "no-NO", "items": [{"id": "1"}]}'
)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("en-us", "en"),
        ("EN_GB", "en"),
        ("zh-Hant-TW", "zh"),
        ("eng", "en"),
        ("nb-NO", "no"),
        ("ua", "uk"),
        (" uk ", "uk"),
        ("english", None),
        ("mul", None),
        ("", None),
        ("e", None),
    ],
)
def test_language_code_is_what_was_meant(said, code):
    assert language_code(said) == code


@pytest.mark.parametrize(
    ("document", "language"),
    [
        (RSS.format("", "<language>uk-UA</language>", ""), "uk"),
        (RSS.format("", "<language><![CDATA[ fr ]]></language>", ""), "fr"),
        (RSS.format("xmlns:dc='x'", "<dc:language>de-at</dc:language>", ""), "de"),
        (RSS.format("xml:lang='pl'", "", ""), "pl"),
        (RSS.format("xml:lang='pl'", "<language>cs</language>", ""), "cs"),
        (RSS.format("", "", "<language>fr</language>"), None),
        (RSS.format("", "<language></language>", ""), None),
        (ATOM, "sv"),
        (JSON, "no"),
    ],
)
def test_parse_tells_the_language_of_a_document(document, language):
    parsed = parse(document.encode())
    assert (parsed.language, len(parsed.entries)) == (language, 1)


def test_parse_tells_the_language_of_an_entry():
    document = (
        '{"version": "https://jsonfeed.org/version/1.1", "language": "en",'
        ' "items": [{"id": "1", "language": "fr-CA"}, {"id": "2"}]}'
    )
    assert [entry.language for entry in parse(document.encode()).entries] == ["fr", None]
    sitemap = (
        "<urlset xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url>"
        "<loc>https://a.example/1</loc><news:news><news:publication><news:name>A</news:name>"
        "<news:language>ukr</news:language></news:publication><news:title>a</news:title>"
        "</news:news></url></urlset>"
    )
    assert [entry.language for entry in parse(sitemap.encode()).entries] == ["uk"]
