"""Whole talks of several turns through the real model; the talks are data, in `talks/`.

A turn has one of `say` (words), `tap` (a part of the title of a button that was shown),
`payload` or `location` ([latitude, longitude]), and what must hold of the answer: `intent`;
`first` (in the first message); `contains` (each somewhere in the answer); `lacks`; `buttons`
(each a part of some title); `messages` (how many); `alone` (each alone on a line).
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot import clock
from bot.assistant import answer, last_intent
from bot.messages import Message, payload

TALKS = sorted((Path(__file__).parent / "talks").glob("*.yml"))
LONGEST = 700  # characters; most messages are far shorter, longer texts of cards excepted


def test_there_are_enough_talks() -> None:
    assert len(TALKS) >= 25


@pytest.mark.model
@pytest.mark.parametrize("path", TALKS, ids=lambda path: path.stem)
async def test_talk(path: Path, agent: Any, handle: Any) -> None:
    talk = YAML(typ="safe").load(path)
    clock.set_clock(clock.fixed(datetime.fromisoformat(str(talk["at"]))))
    sender = f"talk-{path.stem}"
    said: list[Message] = []
    try:
        for number, turn in enumerate(talk["turns"], start=1):
            said = await answer(handle, sender, _words(turn, said))
            problems = list(_problems(turn, said, await last_intent(agent, sender)))
            shown = "\n---\n".join(message.text for message in said)
            assert not problems, f"{path.name}, turn {number}: {problems}\n{shown}"
    finally:
        clock.set_clock(clock.brussels_now)


def _words(turn: dict[str, Any], said: list[Message]) -> str:
    if "say" in turn:
        return str(turn["say"])
    if "payload" in turn:
        return str(turn["payload"])
    if "location" in turn:
        latitude, longitude = turn["location"]
        return payload("give_location", position=f"{latitude},{longitude}")
    buttons = [button for message in said for button in message.buttons]
    payloads = [button.payload for button in buttons if turn["tap"] in button.title]
    assert payloads, f"no button {turn['tap']!r} among {[one.title for one in buttons]}"
    return payloads[0]


def _problems(turn: dict[str, Any], said: list[Message], intent: str | None):  # type: ignore[no-untyped-def]
    texts = [message.text for message in said]
    whole = "\n".join(texts)
    titles = [button.title for message in said for button in message.buttons]
    if not said:
        yield "nothing was said"
        return
    if "intent" in turn and intent != turn["intent"]:
        yield f"understood {intent}, not {turn['intent']}"
    yield from (
        f"{part!r} is not in the first message"
        for part in turn.get("first", ())
        if part not in texts[0]
    )
    yield from (f"{part!r} is missing" for part in turn.get("contains", ()) if part not in whole)
    yield from (f"{part!r} is said" for part in turn.get("lacks", ()) if part in whole)
    yield from (
        f"{line!r} is not alone on a line"
        for line in turn.get("alone", ())
        if str(line) not in whole.splitlines()
    )
    yield from (
        f"no button {part!r}"
        for part in turn.get("buttons", ())
        if not any(part in title for title in titles)
    )
    if "messages" in turn and len(said) != turn["messages"]:
        yield f"{len(said)} messages, not {turn['messages']}"
    if not turn.get("long") and max(map(len, texts)) > LONGEST:
        yield f"a message of {max(map(len, texts))} characters"
