"""Where a ``response_url`` may lead, decided without a call."""

from __future__ import annotations

import pytest
from yarl import URL

from bot.adapters.slack.respond import slacks

SLACK = "https://slack.com/api/"
GOV = "https://slack-gov.com/api/"
GATEWAY = "https://gateway.example/api/"
STUB = "http://127.0.0.1:4510/api/"


@pytest.mark.parametrize(
    ("api", "url"),
    [
        (SLACK, "https://hooks.slack.com/commands/T1/2/abc"),
        (SLACK, "https://hooks.slack.com:443/actions/T1/2/abc"),
        (SLACK, "https://HOOKS.slack.com/actions/T1/2/abc"),
        (GOV, "https://hooks.slack-gov.com/actions/T1/2/abc"),
        (GATEWAY, "https://hooks.slack.com/actions/T1/2/abc"),
        (GATEWAY, "https://gateway.example/response"),
        (STUB, "http://127.0.0.1:4510/response"),
    ],
)
def test_a_response_goes_to_the_slack_in_use(api, url):
    assert slacks(url, URL(api)) == URL(url)


@pytest.mark.parametrize("api", [SLACK, GOV, GATEWAY, STUB])
@pytest.mark.parametrize(
    "url",
    [
        "",
        "/response",
        "//hooks.slack.com/x",
        "https://",
        "https://[",
        "http://hooks.slack.com/x",
        "ftp://hooks.slack.com/x",
        "https://slack.com/x",
        "https://hooks.slack.com:8443/x",
        "https://hooks.slack.com:99999/x",
        "https://hooks.slack.com./x",
        "https://hooks.slack.com.evil.example/x",
        "https://evilhooks.slack.com/x",
        "https://evil.example/hooks.slack.com",
        "https://hooks.slack.com@evil.example/x",
        "https://evil@hooks.slack.com/x",
        "https://evil:pass@hooks.slack.com/x",
        "https://evil.example\\@hooks.slack.com/x",
        "https://evil.example#@hooks.slack.com/x",
        "https://evil.example?@hooks.slack.com/x",
        "https://hооks.slack.com/x",
        "http://127.0.0.1:4511/response",
        "https://127.0.0.1:4510/response",
        "http://localhost:4510/response",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]:4510/response",
    ],
)
def test_a_response_goes_nowhere_else(api, url):
    assert slacks(url, URL(api)) is None


@pytest.mark.parametrize(
    ("api", "url"),
    [
        (SLACK, "https://hooks.slack-gov.com/x"),
        (GOV, "https://hooks.slack.com/x"),
        (STUB, "https://hooks.slack.com/x"),
    ],
)
def test_a_response_stays_in_its_own_slack(api, url):
    assert slacks(url, URL(api)) is None
