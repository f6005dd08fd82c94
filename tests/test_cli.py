"""The command `passerelle`: JSON lines in and out, and one clear sentence for what is wrong."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot import clock
from bot.cli import main
from bot.directory.loader import DIRECTORY

ROOT = Path(__file__).resolve().parent.parent


def run(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *words: str,
    given: str = "",
) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a command in this process."""
    monkeypatch.setattr(sys, "argv", ["passerelle", *words])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
    with pytest.raises(SystemExit) as stop:
        main()
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out, err


@pytest.fixture(autouse=True)
def _own_clock() -> Any:
    yield
    clock.set_clock(clock.brussels_now)


@pytest.mark.parametrize(
    ("words", "given", "said"),
    [
        (["--nonsense"], "", "nonsense"),
        (["nonsense"], "", "nonsense"),
        (["parse"], "not json\n", "line 1"),
        (["parse"], '{"words": "salut"}\n', "line 1"),
        (["parse"], "[1]\n", "line 1"),
        (["reply"], '{"text": "salut"}\n', "sender"),
        (["reply"], '{"sender": "a"}\n', "line 1"),
        (["reply"], '{"sender": "a", "location": [200, 4]}\n', "location"),
        (["reply", "--at", "tomorrow"], "", "tomorrow"),
        (["evaluate", "/nowhere/at/all.yml"], "", "all.yml"),
        (["directory", "search"], '{"need": "gold"}\n', "gold"),
        (["directory", "search"], '{"need": "food", "commune": "Atlantis"}\n', "Atlantis"),
        (["directory", "search"], '{"need": "food", "at": "soon"}\n', "line 1"),
        (["directory", "search"], '{"need": "food", "colour": "red"}\n', "colour"),
        (["directory", "search"], "{}\n", "need"),
        (["directory", "search"], '{"need": "food", "position": [1]}\n', "position"),
        (["peers", "invite", "Nour"], "", "TELEGRAM_TOKEN"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_with_status_2(
    words: list[str],
    given: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, out, err = run(monkeypatch, capsys, *words, given=given)
    sentence = err.strip().splitlines()[-1]
    assert status == 2
    assert said in sentence
    assert "Traceback" not in err
    assert out == ""


def test_a_later_bad_line_is_named_by_its_number(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = '{"need": "food", "commune": "Ixelles"}\n\n{"need": 3}\n'
    status, out, err = run(monkeypatch, capsys, "directory", "search", given=given)
    assert status == 2
    assert len(out.splitlines()) == 1
    assert "line 3" in err


def test_a_search_answers_with_the_fields_that_are_fixed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    query = {"need": "need_shelter", "commune": "1050", "at": "2026-11-22T21:30", "audience": []}
    status, out, _ = run(monkeypatch, capsys, "directory", "search", given=json.dumps(query) + "\n")
    found = json.loads(out)
    assert status == 0
    assert set(found) == {"results", "loosened"}
    assert set(found["results"][0]) == {
        "name", "phone", "address", "commune", "open", "next_change", "distance_m", "level",
        "verified_on", "conditions",
    }  # fmt: skip
    assert found["results"][0]["phone"] == "0800 99 340"
    assert found["results"][0]["open"] is True


def test_a_search_by_words_finds_a_misspelt_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(monkeypatch, capsys, "directory", "search", given='{"query": "doucheflu"}\n')
    assert json.loads(out)["results"][0]["name"] == "DoucheFLUX"


def test_the_directory_that_ships_has_no_bad_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run(monkeypatch, capsys, "directory", "check")
    lines = len((DIRECTORY / "services.csv").read_text(encoding="utf-8").splitlines()) - 1
    assert status == 0
    assert str(lines) in out


@pytest.mark.model
def test_parse_prints_one_line_for_each_with_the_fields_that_are_fixed() -> None:
    texts = ["jai pa mangé depui hier", "", "je veux plus vivre", "1070", "rdv 2main a ixelles"]
    given = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    done = subprocess.run(
        [sys.executable, "-m", "bot", "parse"],
        input=given, capture_output=True, text=True, cwd=ROOT, timeout=180, check=True,
    )  # fmt: skip
    heard = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["text"] for one in heard] == texts
    for one in heard:
        assert set(one) == {"text", "intent", "confidence", "ranking", "entities", "crisis"}
        assert set(one["crisis"]) == {"flag", "kind", "score"}
        assert all(set(name) == {"name", "confidence"} for name in one["ranking"])
        assert one["ranking"][0]["name"] == one["intent"]
    assert heard[0]["intent"] == "need_food"
    assert heard[2]["crisis"] == {
        "flag": True,
        "kind": "suicide",
        "score": heard[2]["crisis"]["score"],
    }
    assert heard[3]["entities"] == [
        {"entity": "commune", "value": "Anderlecht", "start": 0, "end": 4}
    ]
    assert not any(text and text in done.stderr for text in texts)


@pytest.mark.model
def test_a_program_can_hold_a_talk_through_reply() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "reply", "--at", "2026-11-22T21:30"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    ) as process:  # fmt: skip
        assert process.stdin and process.stdout

        def ask(**record: Any) -> dict[str, Any]:
            assert process.stdin and process.stdout
            process.stdin.write(json.dumps({"sender": "cli-talk", **record}) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        first = ask(text="je cherche où dormir ce soir")
        assert set(first) == {"sender", "intent", "messages"}
        assert first["intent"] == "need_shelter"
        assert first["messages"][0]["buttons"][0] == {
            "title": "📍 Partager ma position", "payload": "/share_position",
        }  # fmt: skip
        second = ask(location=[50.8333, 4.3667])
        assert any("0800 99 340" in message["text"] for message in second["messages"])
        third = ask(payload="/ask_more")
        assert third["messages"]
        process.stdin.close()
        assert process.wait(timeout=30) == 0
