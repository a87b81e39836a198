"""The command line as scripts and hurried people use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from handlers.cli import main
from tests.small_parser import SAID, write_small_parser

COMMAND = Path(sys.executable).with_name("nato-brief")
TEXT = "“We will pay our share,” said Ann Holm, the Danish envoy to NATO, in Brussels."

pytestmark = pytest.mark.slow


Done = subprocess.CompletedProcess[str]


def jsonl(lines: list[object] | None) -> str:
    return "".join((ln if isinstance(ln, str) else json.dumps(ln)) + "\n" for ln in lines or ())


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder to stand in, with no settings of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("NATO_BRIEF", "REDIS"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NATO_BRIEF_READERS", "1")
    return tmp_path


@pytest.fixture
def run(folder, monkeypatch):
    """Runs a command in this process: importing the libraries costs seconds each time."""

    def run(*arguments: str, lines: list[object] | None = None) -> Done:
        given = TextIOWrapper(BytesIO(jsonl(lines).encode()))
        out, err = (TextIOWrapper(BytesIO()) for _ in range(2))
        command = ["nato-brief", "--data-dir", str(folder / "data"), *arguments]
        with monkeypatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.setattr(sys, "argv", command)
            patch.setattr(sys, "stdin", given)
            with pytest.raises(SystemExit) as ended:
                main()
        shown, told = (_written(stream) for stream in (out, err))
        return Done(command, int(ended.value.code or 0), shown, told)

    return run


def _written(stream: TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


@pytest.fixture
def spawn(folder):
    """Runs a command as people do, in a process of its own."""

    def spawn(*arguments: str, lines: list[object] | None = None) -> Done:
        return subprocess.run(
            [COMMAND, "--data-dir", "data", *arguments],
            input=jsonl(lines),
            capture_output=True,
            text=True,
        )

    return spawn


def objects(done: Done) -> list[dict]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_quotes_are_exact_substrings_with_their_speaker(spawn):
    (line,) = objects(spawn("quotes", lines=[{"id": "1", "text": TEXT}]))
    (quote,) = line["quotes"]
    assert set(quote) == {
        "start",
        "end",
        "text",
        "kind",
        "speaker_text",
        "speaker_start",
        "speaker_end",
        "speaker_name",
        "confidence",
        "rule",
    }
    assert quote["text"] == TEXT[quote["start"] : quote["end"]]
    assert TEXT[quote["speaker_start"] : quote["speaker_end"]] == quote["speaker_text"]
    assert quote["speaker_name"] == "Ann Holm"


def test_quotes_hear_the_opinion_of_a_model_in_a_folder(run, tmp_path):
    model = write_small_parser(tmp_path / "model")
    lines = [{"id": "1", "text": SAID}]
    (alone,), (both,) = (objects(run("quotes", *o, lines=lines)) for o in ([], ["--model", model]))
    (alone,), (both,) = alone["quotes"], both["quotes"]
    assert both["confidence"] > alone["confidence"]
    assert both["rule"] == f"{alone['rule']}; parser agrees"


def test_a_quote_model_that_is_not_there_is_told_at_the_start(run, spawn, monkeypatch):
    fix = "python -m spacy download no_model"
    told = run("quotes", "--model", "no_model")
    assert (told.returncode, fix in told.stderr) == (2, True)
    monkeypatch.setenv("NATO_BRIEF_QUOTE_MODEL", "no_model")
    for command, start, code in (("check", run, 1), ("run", spawn, 2)):
        told = start(command)
        assert (told.returncode, fix in told.stderr) == (code, True)
    found = {row["name"]: row for row in json.loads(run("doctor", "--json").stdout)}
    assert (found["quote model"]["ok"], fix in found["quote model"]["said"]) == (False, True)


def test_a_bad_line_is_reported_and_the_rest_goes_on(run):
    done = run(
        "quotes",
        lines=[
            "{nonsense",
            {"id": "a"},
            [1],
            {"id": "b", "text": TEXT, "published": "soon"},
            {"id": 7, "text": TEXT},
        ],
    )
    lines = objects(done)
    assert [line["id"] for line in lines] == [None, "a", None, "b", "7"]
    assert ["error" in line for line in lines] == [True, True, True, True, False]


@pytest.mark.parametrize("command", ["quotes", "match", "stories", "load"])
def test_broken_unicode_and_impossible_times_cost_nothing_but_themselves(run, command):
    """Half a surrogate pair is read as the replacement character, so that offsets stay."""
    docs = [
        {"id": "half", "text": f"NATO spending \ud800: {TEXT}", "title": "\udfff"},
        {"id": "never", "text": TEXT, "published": "9999-12-31T23:59:59-23:00"},
        {"id": "good", "text": TEXT},
    ]
    done = run(command, lines=docs)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert ("never", True) in [(line["id"], "error" in line) for line in lines]
    if command == "load":
        assert "2 loaded" in done.stderr
    else:
        assert [line["id"] for line in lines] == ["half", "never", "good"]
    if command == "quotes":
        given = docs[0]["text"]
        (quote,) = lines[0]["quotes"]
        assert quote["text"] == given[quote["start"] : quote["end"]]


def test_match_says_rule_place_and_text(run):
    text = "NATO allies agreed to raise defence spending."
    (line,) = objects(run("match", lines=[{"id": "1", "title": "", "text": text}]))
    (match,) = line["matches"]
    assert match["topic"] == "NATO spending"
    evidence = match["evidence"][0]
    assert evidence["text"] == text[evidence["start"] : evidence["end"]]
    assert evidence["in"] == "text"


def test_match_takes_other_watchlists(run, tmp_path):
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "sea.yaml").write_text(
        "format: 1\nwatchlist: Sea\ntopics:\n  Ships:\n    any: [frigate*]\n"
    )
    docs = [{"id": "1", "text": "Two frigates left."}, {"id": "2", "text": "NATO defence budget"}]
    lines = objects(run("match", "--watchlists", "lists", lines=docs))
    assert [[m["topic"] for m in line["matches"]] for line in lines] == [["Ships"], []]


def test_stories_puts_a_copy_into_the_story_of_its_origin(run):
    wire = " ".join(f"Sentence {n} tells of the convoy near Lviv at dawn." for n in range(30))
    docs = [
        {"id": "a", "title": "Convoy at dawn", "text": wire, "published": "2025-04-04"},
        {"id": "b", "title": "What a convoy", "text": "LVIV - " + wire, "published": "2025-04-04"},
    ]
    first, second = objects(run("stories", lines=docs))
    assert first == {"id": "a", "story": "a", "reason": "new", "origin": "a"}
    assert second == {"id": "b", "story": "a", "reason": "copy", "origin": "a"}


def test_feeds_parse_answers_for_every_file(run, tmp_path):
    (tmp_path / "good.xml").write_text(
        '<rss version="2.0"><channel><title>T</title><item><title>A</title>'
        "<link>/a</link></item></channel></rss>"
    )
    (tmp_path / "bad.xml").write_bytes(b"\x00\xff not a feed")
    done = run("feeds", "parse", "good.xml", "bad.xml", "gone.xml", "--url", "https://x.example/")
    good, bad, gone = objects(done)
    assert (good["format"], good["problem"]) == ("rss20", None)
    assert good["entries"][0]["url"] == "https://x.example/a"
    assert set(good) == {"file", "format", "title", "entries", "problem", "ms"}
    assert bad["problem"]
    assert gone["problem"]


def test_loaded_docs_can_be_asked_about_at_once_by_another_process(run, spawn):
    doc = {"id": "d1", "title": "Envoys meet", "source": "Wire", "text": TEXT}
    loaded = spawn("load", lines=[doc, doc])
    assert loaded.returncode == 0
    assert "1 loaded, 1 already there" in loaded.stderr
    question = {"id": "q", "question": "what did Ann Holm say about the share?"}
    (line,) = objects(run("ask", "--jsonl", lines=[question]))
    assert (line["id"], line["outcome"], line["abstain"]) == ("q", "answer", False)
    answer = line["answer"][0]
    assert (answer["doc_id"], answer["speaker"]) == ("d1", "Ann Holm")
    assert answer["text"] == TEXT[answer["start"] : answer["end"]]
    nothing = run("ask", "what did Zorblax say about parsnips?")
    assert nothing.returncode == 1
    assert "1 article" in nothing.stdout


def test_init_writes_a_configuration_that_check_accepts_and_keeps_what_is_there(run, tmp_path):
    assert run("init", "desk").returncode == 0
    assert run("check", "desk").returncode == 0
    (tmp_path / "desk" / "channels.yaml").write_text("format: 1\nchannels:\n  - tow: console\n")
    again = run("init", "desk")
    assert "kept  desk/channels.yaml" in again.stdout
    wrong = run("check", "desk")
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("channels.yaml:3:5: ")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["ask"], 2, "give a question"),
        (["worker"], 2, "set REDIS_URL"),
        (["chekc"], 2, "No such command"),
        (["--config", "nowhere", "check"], 1, "nato-brief init nowhere"),
        (["why", "https://never.example/seen"], 1, "Never seen"),
        (["demo", "--out", "no/such/folder/x.html"], 2, "no/such/folder"),
        (["--data-dir", "/dev/null/data", "ask", "who?"], 2, "/dev/null/data"),
    ],
    ids=[
        "no question",
        "role without server",
        "typo",
        "no folder",
        "unknown",
        "no place",
        "no data",
    ],
)
def test_a_slip_is_told_in_words(run, arguments, code, said):
    done = run(*arguments)
    assert done.returncode == code
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_place_that_holds_no_data_is_told_by_a_bot_that_starts(spawn):
    done = spawn("--data-dir", "/dev/null/data", "run")
    assert (done.returncode, "/dev/null/data" in done.stderr) == (2, True)
    assert "Traceback" not in done.stderr


def test_an_environment_file_that_is_no_text_is_told_in_words(run, tmp_path):
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    done = run("check")
    assert (done.returncode, done.stderr) == (2, f"nato-brief: {tmp_path}/.env is not UTF-8 text\n")


def test_doctor_says_what_it_found(run):
    found = {row["name"]: row for row in json.loads(run("doctor", "--json").stdout)}
    assert found["server"]["ok"]
    assert "append-only" in found["durability"]["said"]
