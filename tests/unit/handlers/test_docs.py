"""Docs on standard input."""

from __future__ import annotations

import json

import pytest

from handlers.cli.docs import BadLine, InputDoc, parse_doc


def doc(published):
    return parse_doc(json.dumps({"id": "a", "text": "x", "published": published}))


@pytest.mark.parametrize("published", ["yesterday", "9999-12-31T23:59:59Z", "9999-06-01"])
def test_a_time_that_cannot_be_reckoned_with_is_told(published):
    assert doc(published) == BadLine(
        id="a", error=f'"published" is no ISO 8601 time: {published!r}'
    )


@pytest.mark.parametrize("published", ["0001-01-01", "2025-04-04T12:00:00+02:00", "", None])
def test_any_other_time_or_none_is_taken(published):
    assert isinstance(doc(published), InputDoc)
