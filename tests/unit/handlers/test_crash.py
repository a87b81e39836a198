"""What nobody foresaw ends in a traceback, and gives nothing away there."""

from __future__ import annotations

from handlers.cli.app import _crashed


def test_a_traceback_holds_no_secret_of_an_address(capsys):
    try:
        raise RuntimeError("https://me:s3cret@x.example/rss?token=s3cret")
    except RuntimeError as error:
        _crashed(type(error), error, error.__traceback__)
    written = capsys.readouterr().err
    assert "RuntimeError: https://x.example/rss?token=***" in written
    assert "s3cret" not in written
